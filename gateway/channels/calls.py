"""Calling a platform's API: one place for time limits."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx

from gateway.channels.downloads import Downloads
from gateway.channels.port import SendLater


class PlatformApi:
    """A platform's HTTP API, over the program's connection pool. `seconds` limits each call as a whole."""

    def __init__(self, http: httpx.AsyncClient, base_url: str, seconds: float, downloads: Downloads) -> None:
        self._http = http
        self._downloads = downloads
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
        """A file whose address a message had, of at most the size of an upload. Raises `SendLater`, `SendRefused`."""
        return await self._downloads.get(url, headers)

    def address(self, path: str) -> str:
        """The whole address of a path."""
        return self._base_url + path
