"""One JSON call to a program behind the gateway, its failures sorted into `gateway.errors`.

By aiohttp and not by httpx, which takes five times the processor time for a call: each turn waits for one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ssl import SSLContext
from urllib.parse import urlencode

import aiohttp
from pydantic import BaseModel, SecretStr, ValidationError
from yarl import URL

from gateway.errors import UpstreamFailed, UpstreamRejected, UpstreamSlow, UpstreamUnavailable
from shopdesk_schemas.changes import RefusalProblem
from shopdesk_schemas.problems import Problem
from shopdesk_schemas.web import outgoing_headers

_HEALTH_SECONDS = 2.0
_NO_LIMIT = aiohttp.ClientTimeout(total=None, sock_connect=None)
"""aiohttp's own limits are switched off: each call has one for its whole length."""


@dataclass(frozen=True)
class Answer:
    """A successful response, whole."""

    content: bytes
    headers: Mapping[str, str]
    """Their names in any case."""


class Connections:
    """Connections to the programs behind the gateway, kept while they are used; the first opens with the first call.

    `most` at once, each closed when nothing was asked on it for `idle_seconds`.
    """

    def __init__(self, *, most: int, idle_seconds: float, trusted: SSLContext) -> None:
        self._most = most
        self._idle_seconds = idle_seconds
        self._trusted = trusted
        self._session: aiohttp.ClientSession | None = None

    def session(self) -> aiohttp.ClientSession:
        """What calls are made with; for a running event loop."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self._most, keepalive_timeout=self._idle_seconds, ssl=self._trusted
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=_NO_LIMIT,
            )
        return self._session

    async def aclose(self) -> None:
        """Close all of them."""
        if self._session is not None:
            await self._session.close()


class Upstream:
    """A program at `base_url`, called with the service token over shared connections."""

    def __init__(self, connections: Connections, base_url: str, token: SecretStr) -> None:
        self._connections = connections
        self._base_url = base_url.rstrip("/")
        self._authorization = {"Authorization": f"Bearer {token.get_secret_value()}"}

    async def call(
        self,
        method: str,
        path: str,
        *,
        body: BaseModel | bytes | None = None,
        query: Mapping[str, str | int | Sequence[str]] | None = None,
        headers: Mapping[str, str] | None = None,
        seconds: float,
    ) -> Answer:
        """The successful response, whole, within `seconds`.

        A `body` of bytes is JSON already; `headers` are more than those of every call.
        Raises `UpstreamUnavailable` (`UpstreamSlow` when the time is up), `UpstreamRejected` or `UpstreamFailed`.
        """
        sent = {**(headers or {}), **self._authorization, **outgoing_headers()}
        content: bytes | None = None
        if body is not None:
            sent["Content-Type"] = "application/json"
            content = body if isinstance(body, bytes) else body.model_dump_json().encode()
        url = self._base_url + path + (f"?{urlencode(query, doseq=True)}" if query else "")
        try:
            async with (
                asyncio.timeout(seconds),
                self._connections.session().request(
                    method, URL(url, encoded=True), headers=sent, data=content, allow_redirects=False
                ) as response,
            ):
                answer = Answer(await response.read(), response.headers)
        except TimeoutError as error:
            raise UpstreamSlow(f"{seconds} s") from error
        except aiohttp.ClientError as error:
            raise UpstreamUnavailable(type(error).__name__) from error
        status = response.status
        if 200 <= status < 300:
            return answer
        if status in {503, 504}:
            raise UpstreamUnavailable(str(status))
        if 400 <= status < 500:
            retry_after = answer.headers.get("retry-after", "")
            problem = _problem(answer)
            raise UpstreamRejected(
                status,
                problem.type if problem else None,
                int(retry_after) if retry_after.isdigit() else None,
                problem.errors if problem else (),
                rule=problem.rule if isinstance(problem, RefusalProblem) else None,
                values=problem.values if isinstance(problem, RefusalProblem) else None,
            )
        raise UpstreamFailed(str(status))

    async def is_up(self) -> bool:
        """Whether the program answers its own `/healthz`."""
        try:
            async with (
                asyncio.timeout(_HEALTH_SECONDS),
                self._connections.session().get(self._base_url + "/healthz", allow_redirects=False) as response,
            ):
                return 200 <= response.status < 300
        except (aiohttp.ClientError, TimeoutError):
            return False


def parse[T: BaseModel](shape: type[T], response: Answer) -> T:
    """The response's body as `shape`; `UpstreamFailed` when it is not one."""
    try:
        return shape.model_validate_json(response.content)
    except ValidationError as error:
        # The words of the error may quote what a shopper wrote; places and kinds do not.
        places = sorted({f"{'.'.join(map(str, item['loc']))}: {item['type']}" for item in error.errors()})
        raise UpstreamFailed(f"not a {shape.__name__}: {'; '.join(places)[:500]}") from None


def _problem(response: Answer) -> Problem | None:
    for shape in (RefusalProblem, Problem):
        try:
            return shape.model_validate_json(response.content)
        except ValidationError:
            continue
    return None
