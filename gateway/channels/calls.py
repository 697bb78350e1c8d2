"""Calling a platform's API: one place for time limits, and for telling what may be tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import httpx

from gateway.channels.port import SendLater, SendRefused
from gateway.images.service import MAX_UPLOAD_BYTES

_MOST_PATIENCE: Final = 3600.0


class PlatformApi:
    """A platform's HTTP API, over the program's connection pool. `seconds` limits each call as a whole."""

    def __init__(self, http: httpx.AsyncClient, base_url: str, seconds: float) -> None:
        self._http = http
        self._base_url = base_url.rstrip("/")
        self._seconds = seconds

    async def call(
        self, method: str, path: str, *, json: Any = None, headers: Mapping[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        """The response, whatever its status. Raises `SendLater` when there is none in time."""
        try:
            async with asyncio.timeout(self._seconds):
                return await self._http.request(
                    method, self._base_url + path, json=json, headers=headers, timeout=None, **more
                )
        except TimeoutError as error:
            raise SendLater(f"the platform did not answer within {self._seconds:g} s") from error
        except httpx.HTTPError as error:
            raise SendLater(f"the platform cannot be reached ({type(error).__name__})") from error

    async def download(self, url: str, headers: Mapping[str, str] | None = None) -> bytes:
        """A file of at most the size of an upload. Raises `SendLater`, `SendRefused`."""
        try:
            async with (
                asyncio.timeout(self._seconds),
                self._http.stream("GET", url, headers=headers, timeout=None) as response,
            ):
                check_status(response)
                content = bytearray()
                async for chunk in response.aiter_bytes():
                    content += chunk
                    if len(content) > MAX_UPLOAD_BYTES:
                        raise SendRefused("the file is too large")
                return bytes(content)
        except TimeoutError as error:
            raise SendLater("the file did not come in time") from error
        except httpx.HTTPError as error:
            raise SendLater(f"the file cannot be fetched ({type(error).__name__})") from error

    def address(self, path: str) -> str:
        """The whole address of a path."""
        return self._base_url + path


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
