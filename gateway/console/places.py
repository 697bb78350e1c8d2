"""Where a page of a list begins, as the link to it says: after the row with this value of the order, and this id."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime


def write(value: str, key: str) -> str:
    """For a link; `value` has no space."""
    return base64.urlsafe_b64encode(f"{value} {key}".encode()).decode()


def read[Value](link: str | None, of: Callable[[str], Value]) -> tuple[Value, str] | None:
    """A place from a link of ours; anything else begins at the first page. `of` raises ValueError for no value."""
    if not link:
        return None
    try:
        value, _, key = base64.urlsafe_b64decode(link).decode().partition(" ")
        return of(value), key.replace("\0", "")
    except ValueError:
        return None


def moment(value: str) -> datetime:
    """A time as links give it, UTC where it names no zone. Raises ValueError."""
    found = datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
