"""What answers of platforms mean: whether there was success, and what may be tried again."""

from __future__ import annotations

from typing import Any, Final

import httpx

from gateway.channels.port import SendLater, SendRefused

_MOST_PATIENCE: Final = 3600.0


def check_status(response: httpx.Response, reason: str = "") -> None:
    """Raises `SendLater` for a 429 or an error of the server, `SendRefused` for any other that is no success."""
    if response.is_success:
        return
    said = f"{response.status_code} {reason}".strip()
    if response.status_code == 429 or response.status_code >= 500:
        raise SendLater(said, retry_after(response))
    raise SendRefused(said)


def retry_after(response: httpx.Response) -> float | None:
    """Seconds that the platform asks to wait; None when it does not say."""
    try:
        return min(max(float(response.headers.get("retry-after", "")), 0.0), _MOST_PATIENCE)
    except ValueError:
        return None


def body_of(response: httpx.Response) -> dict[str, Any]:
    """The JSON object of a response; empty where it is none."""
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
