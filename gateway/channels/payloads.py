"""Reading what platforms send: of any field that is not what it should be, nothing is made."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from shopdesk_schemas.problems import FieldProblem, InvalidInput


def json_object(body: bytes) -> dict[str, Any]:
    """The body as a JSON object. Raises `InvalidInput`."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _invalid("is not JSON") from error
    if not isinstance(value, dict):
        raise _invalid("is not a JSON object")
    return value


def as_object(value: Any) -> dict[str, Any]:
    """`value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """`value` if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def as_text(value: Any) -> str:
    """`value` if it is text or a whole number, as text; else empty. What no database stores is left out."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).replace("\0", "").encode("utf-8", "ignore").decode()


def as_moment(value: Any, *, per_second: int = 1) -> datetime | None:
    """Seconds (or `per_second` parts of them) since 1970, as text or a number, as an instant; None where it is none."""
    try:
        seconds = int(value) / per_second
    except (TypeError, ValueError, OverflowError):
        return None
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < 2**33 else None


def _invalid(message: str) -> InvalidInput:
    return InvalidInput(errors=[FieldProblem(field="body", message=message)])
