"""The CRM as the actions see it: one shared client, typed answers, and an exception for every way it can say no.

    CrmError                    the root; an action that does not catch it fails the turn
    ├── CrmUnavailable          away, too slow, a 5xx, or an answer that is not what it should be
    ├── CrmNotFound             there is no such thing, or it is not this conversation's: nobody can tell which
    ├── CrmTooManyRequests      a limit was reached; `retry_after` in seconds
    └── CrmRefused              the request itself was wrong (401, 403, 409, 422): a fault of ours

Decisions go by the problem document's `type`, never by its words. No exception holds a shopper's data.
"""

from __future__ import annotations

import time
from contextvars import ContextVar
from typing import Any, Literal
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from shopdesk_schemas.crm import OrderList, OrderView, PolicyExplanation, Verification, VerificationRequest
from shopdesk_schemas.problems import NotFound, TooManyRequests

Language = Literal["en", "zh"]

crm_milliseconds: ContextVar[list[float] | None] = ContextVar("shopdesk_crm_milliseconds", default=None)
"""Collects how long each CRM call of the current action took, when somebody set a list."""


class CrmError(Exception):
    """Something about the CRM's answer."""


class CrmUnavailable(CrmError):
    """The CRM cannot be used at the moment."""


class CrmNotFound(CrmError):
    """Not there, or not this conversation's."""


class CrmTooManyRequests(CrmError):
    """A limit was reached; `retry_after` is in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"try again after {retry_after} s")
        self.retry_after = retry_after


class CrmRefused(CrmError):
    """The CRM did not accept the request; `problem` is the problem's type."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class CrmClient:
    """Calls the CRM. `seconds` limits one call as a whole; `transport` stands in for the network in tests."""

    def __init__(
        self, url: str, *, token: str, seconds: float, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._http = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(seconds),
            transport=transport,
            follow_redirects=False,
        )

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.aclose()

    async def ping(self) -> None:
        """Raises `CrmUnavailable` unless the CRM is up."""
        await self._request("GET", "/healthz")

    async def verification(self, conversation_id: str) -> Verification:
        """How the conversation is verified now."""
        return await self._read(Verification, "GET", f"{_shopper(conversation_id)}/verification")

    async def verify(self, conversation_id: str, request: VerificationRequest) -> Verification:
        """Tries a proof. Raises `CrmNotFound` for any mismatch and `CrmTooManyRequests` at the limit."""
        body = request.model_dump(exclude_none=True)
        return await self._read(Verification, "POST", f"{_shopper(conversation_id)}/verification", json=body)

    async def orders(self, conversation_id: str, language: Language) -> OrderList:
        """The shopper's orders, newest first."""
        return await self._read(OrderList, "GET", f"{_shopper(conversation_id)}/orders", params={"language": language})

    async def order(self, conversation_id: str, number: str, language: Language) -> OrderView:
        """One order of the shopper. Raises `CrmNotFound`."""
        path = f"{_shopper(conversation_id)}/orders/{quote(number, safe='')}"
        return await self._read(OrderView, "GET", path, params={"language": language})

    async def policies(self) -> PolicyExplanation:
        """The shop's rules."""
        return await self._read(PolicyExplanation, "GET", "/policies/explain")

    async def _read[M: BaseModel](self, model: type[M], method: str, path: str, **options: Any) -> M:
        response = await self._request(method, path, **options)
        try:
            return model.model_validate_json(response.content)
        except ValidationError as error:
            raise CrmUnavailable(f"the CRM's answer is no {model.__name__}") from error

    async def _request(self, method: str, path: str, **options: Any) -> httpx.Response:
        started = time.perf_counter()
        try:
            response = await self._http.request(method, path, **options)
        except httpx.HTTPError as error:
            raise CrmUnavailable(type(error).__name__) from error
        finally:
            durations = crm_milliseconds.get()
            if durations is not None:
                durations.append((time.perf_counter() - started) * 1000)
        if not response.is_success:
            raise _error(response)
        return response


def _shopper(conversation_id: str) -> str:
    return f"/shopper/{quote(conversation_id, safe='')}"


def _error(response: httpx.Response) -> CrmError:
    try:
        problem = response.json().get("type", "about:blank")
    except (ValueError, AttributeError):
        problem = None
    if problem == NotFound.type:
        return CrmNotFound()
    if problem == TooManyRequests.type:
        after = response.headers.get("Retry-After", "")
        return CrmTooManyRequests(int(after) if after.isdigit() else 60)
    if problem is not None and 400 <= response.status_code < 500:
        return CrmRefused(str(problem))
    return CrmUnavailable(f"the CRM answered {response.status_code}")
