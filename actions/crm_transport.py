"""How the actions' calls reach the CRM: one request, one whole answer.

By aiohttp and not by httpx, which takes five times the processor time for a call (decision 040): a turn makes several.
"""

from __future__ import annotations

import asyncio
import json
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode

import aiohttp
import certifi
from yarl import URL

_MOST_CONNECTIONS = 100
_IDLE_SECONDS = 30.0
"""Idle connections go before the CRM closes them (after 75 seconds), so that none is used in that moment."""
_NO_LIMIT = aiohttp.ClientTimeout(total=None, sock_connect=None)
"""aiohttp's own limits are switched off: each call has one for its whole length."""


class TransportError(Exception):
    """There was no answer, or none in time. Named after what happened; it holds nothing of the call."""


@dataclass(frozen=True)
class Reply:
    """An answer, whole. The headers' names may be asked for in any case."""

    status: int
    content: bytes
    headers: Mapping[str, str]


class Transport(Protocol):
    """Sends requests to the CRM."""

    async def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None,
        body: object | None,
        headers: Mapping[str, str],
        seconds: float,
    ) -> Reply:
        """The answer within `seconds`; `body` is sent as JSON. Raises `TransportError`."""

    async def aclose(self) -> None:
        """Closes the connections."""


class HttpTransport:
    """Over the network, to the CRM at `url`. The connections belong to the event loop of the first call."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None,
        body: object | None,
        headers: Mapping[str, str],
        seconds: float,
    ) -> Reply:
        """The answer within `seconds`; `body` is sent as JSON. Raises `TransportError`."""
        url = self._url + path + (f"?{urlencode(_written(query), doseq=True)}" if query else "")
        content = None
        if body is not None:
            content = json.dumps(body, ensure_ascii=False).encode()
            headers = {**headers, "Content-Type": "application/json"}
        try:
            async with (
                asyncio.timeout(seconds),
                self._open().request(
                    method, URL(url, encoded=True), headers=headers, data=content, allow_redirects=False
                ) as response,
            ):
                return Reply(response.status, await response.read(), response.headers)
        except (TimeoutError, aiohttp.ClientError) as error:
            raise TransportError(type(error).__name__) from error

    async def aclose(self) -> None:
        """Closes the connections."""
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                limit=_MOST_CONNECTIONS,
                keepalive_timeout=_IDLE_SECONDS,
                ssl=ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE") or certifi.where()),
            )
            self._session = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar(), timeout=_NO_LIMIT
            )
        return self._session


def _written(query: Mapping[str, Any]) -> dict[str, Any]:
    """Truth values as JSON writes them."""
    return {name: str(value).lower() if isinstance(value, bool) else value for name, value in query.items()}
