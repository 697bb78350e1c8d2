"""One JSON call to a program behind the gateway, its failures sorted into `gateway.errors`."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import httpx
from pydantic import BaseModel, SecretStr, ValidationError

from gateway.errors import UpstreamFailed, UpstreamRejected, UpstreamSlow, UpstreamUnavailable
from shopdesk_schemas.changes import RefusalProblem
from shopdesk_schemas.problems import Problem
from shopdesk_schemas.web import outgoing_headers


class Upstream:
    """A program at `base_url`, called with the service token over a shared connection pool."""

    def __init__(self, http: httpx.AsyncClient, base_url: str, token: SecretStr) -> None:
        self._http = http
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
    ) -> httpx.Response:
        """The successful response, whole, within `seconds`.

        A `body` of bytes is JSON already; `headers` are more than those of every call.
        Raises `UpstreamUnavailable` (`UpstreamSlow` when the time is up), `UpstreamRejected` or `UpstreamFailed`.
        """
        sent = {**(headers or {}), **self._authorization, **outgoing_headers()}
        content: bytes | None = None
        if body is not None:
            sent["Content-Type"] = "application/json"
            content = body if isinstance(body, bytes) else body.model_dump_json().encode()
        try:
            # httpx's own limits are per read and write; this one is for the whole call.
            async with asyncio.timeout(seconds):
                response = await self._http.request(
                    method, self._base_url + path, headers=sent, content=content, params=query, timeout=None
                )
        except TimeoutError as error:
            raise UpstreamSlow(f"{seconds} s") from error
        except httpx.HTTPError as error:
            raise UpstreamUnavailable(type(error).__name__) from error
        if response.is_success:
            return response
        if response.status_code in {503, 504}:
            raise UpstreamUnavailable(str(response.status_code))
        if response.is_client_error:
            retry_after = response.headers.get("retry-after", "")
            problem = _problem(response)
            raise UpstreamRejected(
                response.status_code,
                problem.type if problem else None,
                int(retry_after) if retry_after.isdigit() else None,
                problem.errors if problem else (),
                rule=problem.rule if isinstance(problem, RefusalProblem) else None,
                values=problem.values if isinstance(problem, RefusalProblem) else None,
            )
        raise UpstreamFailed(str(response.status_code))

    async def is_up(self) -> bool:
        """Whether the program answers its own `/healthz`."""
        try:
            return (await self._http.get(self._base_url + "/healthz", timeout=2.0)).is_success
        except httpx.HTTPError:
            return False


def parse[T: BaseModel](shape: type[T], response: httpx.Response) -> T:
    """The response's body as `shape`; `UpstreamFailed` when it is not one."""
    try:
        return shape.model_validate_json(response.content)
    except ValidationError as error:
        # The words of the error may quote what a shopper wrote; places and kinds do not.
        places = sorted({f"{'.'.join(map(str, item['loc']))}: {item['type']}" for item in error.errors()})
        raise UpstreamFailed(f"not a {shape.__name__}: {'; '.join(places)[:500]}") from None


def _problem(response: httpx.Response) -> Problem | None:
    for shape in (RefusalProblem, Problem):
        try:
            return shape.model_validate_json(response.content)
        except ValidationError:
            continue
    return None
