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


@dataclass(frozen=True)
class Call:
    """One request to the CRM."""

    method: str
    path: str
    headers: Mapping[str, str]
    seconds: float
    """How long the whole of it may take."""
    query: Mapping[str, Any] | None = None
    body: object | None = None
    """Sent as JSON."""


class Transport(Protocol):
    """Sends requests to the CRM."""

    async def send(self, call: Call) -> Reply:
        """The whole answer, within the call's time. Raises `TransportError`."""

    async def aclose(self) -> None:
        """Closes the connections."""


class HttpTransport:
    """Over the network, to the CRM at `url`. The connections belong to the event loop of the first call."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def send(self, call: Call) -> Reply:
        """The whole answer, within the call's time. Raises `TransportError`."""
        url = self._url + call.path + (f"?{urlencode(_written(call.query), doseq=True)}" if call.query else "")
        headers, content = call.headers, None
        if call.body is not None:
            headers = {**headers, "Content-Type": "application/json"}
            content = json.dumps(call.body, ensure_ascii=False).encode()
        try:
            async with (
                asyncio.timeout(call.seconds),
                self._open().request(
                    call.method, URL(url, encoded=True), headers=headers, data=content, allow_redirects=False
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
