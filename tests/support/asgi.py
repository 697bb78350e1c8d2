"""Calling an ASGI application in process and in plain synchronous tests, from several threads where a test wants."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette.types import ASGIApp

from actions.crm_transport import Call, Reply


class Caller:
    """Sends requests to the application; each returns the whole response."""

    def __init__(self, portal: BlockingPortal, client: httpx.AsyncClient) -> None:
        self._portal = portal
        self._client = client

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Any method; `options` are httpx's."""
        return self._portal.call(partial(self._client.request, method, path, **options))

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.request("POST", path, **options)

    def put(self, path: str, **options: Any) -> httpx.Response:
        return self.request("PUT", path, **options)

    def delete(self, path: str, **options: Any) -> httpx.Response:
        return self.request("DELETE", path, **options)


@contextmanager
def calling(app: ASGIApp, headers: dict[str, str] | None = None) -> Iterator[Caller]:
    """A `Caller` whose requests carry `headers`. An error that the application lets out is raised here."""
    transport = httpx.ASGITransport(app=app)
    client = httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=headers)
    with start_blocking_portal() as portal:
        try:
            yield Caller(portal, client)
        finally:
            portal.call(client.aclose)


class AsgiTransport:
    """The actions' way to the CRM, in process: what they send, the application answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://crm")
        self.asked: list[str] = []
        """Each call so far: its method and the last part of its path."""

    async def send(self, call: Call) -> Reply:
        """The application's answer."""
        self.asked.append(f"{call.method} {call.path.rsplit('/', 1)[-1]}")
        answer = await self._client.request(
            call.method,
            call.path,
            params=dict(call.query) if call.query is not None else None,
            json=call.body,
            headers=dict(call.headers),
            timeout=call.seconds,
        )
        return Reply(answer.status_code, answer.content, answer.headers)

    async def aclose(self) -> None:
        """Nothing is open."""
        await self._client.aclose()
