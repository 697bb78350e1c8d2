"""The bot's one channel: the gateway asks for a turn and gets replies and what was understood.

    POST /turns     TurnRequest → TurnResponse (shopdesk_schemas/turn.py), with the service token
    GET  /intents   what the model tells apart, with the service token
    GET  /responses what is said by the repository, with the service token
    GET  /healthz   I am up
    GET  /readyz    I can work: 200, or 503 naming what is missing

It is registered at the root, without Rasa's `/webhooks/gateway` prefix. Logs name status and time, never words.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import time
from typing import Any, Awaitable, Callable, Dict, List, Mapping, Optional

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, HTTPResponse, Request, Sanic
from sanic.exceptions import InvalidUsage, MethodNotSupported, NotFound, PayloadTooLarge, SanicException

from channels.problems import MEDIA_TYPE, InvalidTurn, TurnProblem, Unauthenticated
from channels.turn_request import TurnRequest, read_turn_request

READINESS_SECONDS = 3.0
"""How long one readiness check may take before its part counts as missing."""

Turn = Callable[[TurnRequest], Awaitable[Dict[str, Any]]]
Topics = Mapping[str, Optional[str]]
"""Intents, each with its topic if it has one."""
Check = Callable[[], Awaitable[None]]

_log = logging.getLogger(__name__)


class GatewayChannel(InputChannel):
    """Serves `run_turn` to whoever has the token; `checks` are tried for `/readyz`, by the part's name."""

    def __init__(
        self,
        run_turn: Turn,
        *,
        token: str,
        checks: Mapping[str, Check],
        intents: Callable[[], Topics],
        responses: Callable[[], Any] = dict,
    ) -> None:
        self._run_turn = run_turn
        self._expected = f"Bearer {token}".encode()
        self._checks = checks
        self._intents = intents
        self._responses = responses

    @classmethod
    def name(cls) -> str:
        """The channel's name in trackers."""
        return "gateway"

    def url_prefix(self) -> str:
        """The root."""
        return "/"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes. Rasa's `on_new_message` is not used: a turn here has a result."""
        routes = Blueprint("gateway")

        @routes.post("/turns")
        async def turns(request: Request) -> HTTPResponse:
            return await self._answer(request)

        @routes.get("/intents")
        async def intents(request: Request) -> HTTPResponse:
            try:
                self._authenticate(request.headers.get("Authorization"))
            except TurnProblem as problem:
                return problem_response(problem)
            topics = self._intents()
            return _json({"intents": sorted(topics), "topics": {name: one for name, one in topics.items() if one}})

        @routes.get("/responses")
        async def responses(request: Request) -> HTTPResponse:
            try:
                self._authenticate(request.headers.get("Authorization"))
            except TurnProblem as problem:
                return problem_response(problem)
            return _json({"responses": self._responses()})

        @routes.get("/healthz")
        async def healthz(_request: Request) -> HTTPResponse:
            return _json({"status": "ok"})

        @routes.get("/readyz")
        async def readyz(_request: Request) -> HTTPResponse:
            missing = await self._missing()
            return _json({"status": "unavailable", "missing": missing}, 503) if missing else _json({"status": "ok"})

        return routes

    async def _answer(self, request: Request) -> HTTPResponse:
        started = time.perf_counter()
        try:
            self._authenticate(request.headers.get("Authorization"))
            response = await self._run_turn(read_turn_request(_body(request)))
        except TurnProblem as problem:
            answer = problem_response(problem)
        else:
            answer = _json(response, headers={"Server-Timing": _server_timing(response["timings_ms"])})
        _log.info("turn answered %d in %.0f ms", answer.status, (time.perf_counter() - started) * 1000)
        return answer

    def _authenticate(self, authorization: Optional[str]) -> None:
        if not hmac.compare_digest((authorization or "").encode(), self._expected):
            raise Unauthenticated()

    async def _missing(self) -> List[str]:
        async def works(check: Check) -> bool:
            try:
                await asyncio.wait_for(check(), READINESS_SECONDS)
            except Exception:
                return False
            return True

        results = await asyncio.gather(*(works(check) for check in self._checks.values()))
        return [name for name, working in zip(self._checks, results, strict=True) if not working]


def answer_errors_with_problems(app: Sanic) -> None:
    """Every error of the server is a problem document, also for paths and methods that do not exist."""

    @app.exception(Exception)
    async def answer(_request: Request, error: Exception) -> HTTPResponse:
        if isinstance(error, NotFound):
            return problem_response(_problem(404, "/problems/not-found", "There is no such thing here"))
        if isinstance(error, MethodNotSupported):
            return problem_response(_problem(405, "/problems/method-not-allowed", "This path has no such method"))
        if isinstance(error, PayloadTooLarge):
            return problem_response(_problem(413, "about:blank", "The request is too large"))
        if isinstance(error, SanicException) and 400 <= error.status_code < 500:
            return problem_response(_problem(error.status_code, "about:blank", "The request cannot be read"))
        _log.error("request failed: %s", type(error).__name__, exc_info=_log.isEnabledFor(logging.DEBUG))
        return problem_response(TurnProblem())


def problem_response(problem: TurnProblem) -> HTTPResponse:
    """`problem` as the response to send."""
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == Unauthenticated.status else None
    return _json(problem.document(), problem.status, headers, MEDIA_TYPE)


def _problem(status: int, type_: str, title: str) -> TurnProblem:
    problem = TurnProblem()
    problem.status, problem.type, problem.title = status, type_, title
    return problem


def _body(request: Request) -> Any:
    try:
        return json.loads(request.body)
    except (ValueError, InvalidUsage):
        raise InvalidTurn(errors=[{"field": "body", "message": "is not valid JSON"}]) from None


def _json(
    content: Any, status: int = 200, headers: Optional[Dict[str, str]] = None, media_type: str = "application/json"
) -> HTTPResponse:
    body = json.dumps(content, ensure_ascii=False, allow_nan=False)
    return HTTPResponse(body, status=status, headers=headers, content_type=media_type)


def _server_timing(timings_ms: Mapping[str, float]) -> str:
    return ", ".join(f"{part};dur={milliseconds:.2f}" for part, milliseconds in timings_ms.items())
