"""Calls of the action server: one kept-open session, our own time limit, and a record of what failed.

With a form's validation the action server may send what the action after it comes to (`actions/ahead.py`): the turn's
next call, if it is that one, is answered with it.

Rasa's `EndpointConfig` opens a new session for every call, waits up to 300 seconds, and some of Rasa's own callers
swallow what went wrong. Each failure is therefore noted on the turn as well as raised, and the turn looks there.
"""

from __future__ import annotations

import asyncio
import re
import time
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Dict, Iterator, List, Optional, Tuple

import aiohttp
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

_REJECTED = 400
"""How rasa-sdk says that an action declined to run (`ActionExecutionRejection`): part of the dialogue, no failure."""
_TIMING = re.compile(r"(?P<name>[\w-]+)\s*;\s*dur=(?P<milliseconds>\d+(?:\.\d+)?)")


class ActionCallFailed(RasaException):
    """The action server could not be reached, answered with an error, or answered nonsense."""


class ActionTimedOut(ActionCallFailed):
    """The action server did not answer within the limit."""


@dataclass
class ActionCalls:
    """What the calls of one turn came to: failures in order, and milliseconds by part."""

    failures: List[ActionCallFailed] = field(default_factory=list)
    timings_ms: Dict[str, float] = field(default_factory=dict)
    ahead: Optional[Tuple[Tuple[Any, ...], Dict[str, Any]]] = None
    """What the action server answered ahead, for the very next call: which call that is, and the answer."""

    def add_time(self, part: str, milliseconds: float) -> None:
        """Adds to a part's time."""
        self.timings_ms[part] = self.timings_ms.get(part, 0.0) + milliseconds


_calls: ContextVar[Optional[ActionCalls]] = ContextVar("shopdesk_action_calls", default=None)


@contextmanager
def recorded_calls() -> Iterator[ActionCalls]:
    """Collects the action calls made inside, also those of tasks started inside."""
    calls = ActionCalls()
    token = _calls.set(calls)
    try:
        yield calls
    finally:
        _calls.reset(token)


def server_timings(header: str) -> Dict[str, float]:
    """Milliseconds by name from a `Server-Timing` header."""
    return {found["name"]: float(found["milliseconds"]) for found in _TIMING.finditer(header)}


def _asked(body: Any, action: Optional[str] = None) -> Tuple[Any, ...]:
    """What tells a call from any other of its turn: the action, and the message or the part of it that is answered."""
    call = body if isinstance(body, dict) else {}
    tracker = call.get("tracker") or {}
    message = tracker.get("latest_message") or {}
    part = (message.get("metadata") or {}).get("request")
    return action or call.get("next_action"), tracker.get("sender_id"), message.get("message_id"), part


class ActionEndpoint(EndpointConfig):
    """The action server at `url`; a call may take `seconds`."""

    def __init__(self, url: str, *, token: str, seconds: float) -> None:
        super().__init__(url=url)
        self._authorization = {"Authorization": f"Bearer {token}"}
        self._timeout = aiohttp.ClientTimeout(total=seconds)
        self._seconds = seconds
        self._session: Optional[aiohttp.ClientSession] = None

    def session(self) -> aiohttp.ClientSession:
        """The kept session, opened at the first call (it belongs to the running event loop)."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                headers=self._authorization,
                timeout=self._timeout,
                # Many conversations run at once; the limit of one turn at a time per conversation is the lock's.
                connector=aiohttp.TCPConnector(limit=64, keepalive_timeout=30),
            )
        return self._session

    async def close(self) -> None:
        """Closes the session."""
        if self._session is not None:
            await self._session.close()

    async def request(
        self,
        method: str = "post",
        subpath: Optional[str] = None,
        content_type: Optional[str] = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Calls an action and returns its JSON. Rasa's own time limit in `kwargs` is replaced by ours.

        Raises `ActionTimedOut`, `ActionCallFailed`, or Rasa's `ClientResponseError` when the action declined to run.
        """
        started = time.perf_counter()
        calls = _calls.get() or ActionCalls()
        body = kwargs.get("json")
        (known, answer), calls.ahead = calls.ahead or ((), {}), None
        if known and known == _asked(body):
            return answer
        try:
            answer = await self._request(body, calls)
            ahead = answer.pop("ahead", None)
            if isinstance(ahead, dict):
                calls.ahead = _asked(body, ahead.pop("action", None)), ahead
            return answer
        except ActionCallFailed as failure:
            calls.failures.append(failure)
            raise
        finally:
            calls.add_time("actions", (time.perf_counter() - started) * 1000)

    async def _request(self, body: Any, calls: ActionCalls) -> Any:
        action = body.get("next_action", "an action") if isinstance(body, dict) else "an action"
        try:
            async with self.session().post(self.url, json=body, timeout=self._timeout) as response:
                for part, milliseconds in server_timings(response.headers.get("Server-Timing", "")).items():
                    calls.add_time(part, milliseconds)
                if response.status == _REJECTED:
                    raise ClientResponseError(response.status, response.reason, await response.text())
                # Not only 4xx and 5xx: Rasa lets 449 and redirects pass and then finds no body.
                if response.status != 200:
                    raise ActionCallFailed(f"{action}: the action server answered {response.status}")
                answer = await response.json(content_type=None)
        except asyncio.TimeoutError as error:
            raise ActionTimedOut(f"{action}: no answer within {self._seconds:g} s") from error
        except aiohttp.ClientError as error:
            raise ActionCallFailed(f"{action}: {type(error).__name__} while calling the action server") from error
        except ValueError as error:
            raise ActionCallFailed(f"{action}: the action server's answer is no JSON") from error
        if not isinstance(answer, dict):
            raise ActionCallFailed(f"{action}: the action server's answer is no JSON object")
        return answer
