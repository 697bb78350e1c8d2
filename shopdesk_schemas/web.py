"""What every HTTP program of ours does the same way: problem documents, health, the service token, logs, request ids.

For programs that use FastAPI (`crm_backend`, `gateway`); nothing else in this package needs FastAPI.

    app = FastAPI(...)
    install(app)                                               # problem documents, request ids, request log
    app.include_router(health_router({"database": ping}))      # /healthz, /readyz
    private = APIRouter(dependencies=[Depends(ServiceToken(settings.service_token))])

Logs are one JSON object a line and carry no personal data: of a request its id, method, route template, status and
duration; of an error its type and where it happened. Never a path with values, a query, a body, a header or an
exception's words, for all of these may hold a shopper's data.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
import re
import secrets
import sys
import time
import traceback
import uuid
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from http import HTTPStatus
from types import TracebackType
from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, SecretStr
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shopdesk_schemas.problems import (
    Conflict,
    FieldProblem,
    Forbidden,
    InvalidInput,
    NotFound,
    Problem,
    ShopdeskError,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
)

PROBLEM_MEDIA_TYPE = "application/problem+json"
REQUEST_ID_HEADER = "X-Request-ID"
READINESS_SECONDS = 3.0
"""How long one readiness check may take before its part counts as missing."""

_REQUEST_ID_SHAPE = re.compile(r"[A-Za-z0-9._-]{8,64}")
_request_id: ContextVar[str | None] = ContextVar("shopdesk_request_id", default=None)
_log = logging.getLogger("shopdesk.web")


# --- Problem documents ------------------------------------------------------------------------------------------


def problem_response(error: ShopdeskError) -> Response:
    """`error` as the response to send.

    A route raises the error when its transaction must roll back, and *returns* this when what it wrote (a counted
    attempt) must be committed though the answer is a refusal. The bytes are the same.
    """
    return _document(error.problem(), error.headers())


def _document(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    content = problem.model_dump_json(exclude_none=True, exclude=None if problem.errors else {"errors"})
    return Response(content, status_code=problem.status, headers=dict(headers or {}), media_type=PROBLEM_MEDIA_TYPE)


_BY_STATUS: dict[int, type[ShopdeskError]] = {
    error.status: error for error in (Unauthenticated, Forbidden, NotFound, Conflict, InvalidInput, Unavailable)
}


def _problem_of_status(status: int) -> Problem:
    if known := _BY_STATUS.get(status):
        return known().problem()
    if status == TooManyRequests.status:
        return Problem(type=TooManyRequests.type, title=TooManyRequests.title, status=status)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return Problem(type="/problems/method-not-allowed", title="This path has no such method", status=status)
    # RFC 9457 section 4.2.1: a problem that means no more than its status.
    return Problem(type="about:blank", title=HTTPStatus(status).phrase, status=status)


async def _answer_shopdesk_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ShopdeskError)  # noqa: S101 - the handler is registered for this class
    return problem_response(error)


async def _answer_http_exception(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    return _document(_problem_of_status(error.status_code), error.headers)


async def _answer_validation_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    return problem_response(InvalidInput(errors=field_problems(error.errors())))


def field_problems(errors: Any) -> list[FieldProblem]:
    """Pydantic's error list as field paths (`body.postcode`) and messages, without the values that were sent."""
    problems = []
    for error in errors:
        # The place of a JSON syntax error is a character offset, not a field.
        location = error["loc"][:1] if error["type"] == "json_invalid" else error["loc"]
        message = str(error["msg"]).removeprefix("Value error, ")
        problems.append(FieldProblem(field=".".join(str(part) for part in location) or "body", message=message))
    return problems


def problems_openapi(*errors: type[ShopdeskError]) -> dict[int | str, dict[str, Any]]:
    """`responses=` of a route or router that may answer with these errors."""
    responses: dict[int | str, dict[str, Any]] = {}
    for error in errors:
        responses |= error.openapi()
    return responses


def ready(answer: BaseModel) -> Response:
    """`answer` as the response of a route whose model it is: as it stands.

    FastAPI checks a plain answer once more, in a thread; what makes its models itself can spare that.
    """
    return Response(answer.model_dump_json(), media_type="application/json")


# --- Request ids and the request log ----------------------------------------------------------------------------


def request_id() -> str | None:
    """The id of the request being worked on, None outside one."""
    return _request_id.get()


def outgoing_headers() -> dict[str, str]:
    """Headers that carry the request's id on to the next program."""
    current = _request_id.get()
    return {REQUEST_ID_HEADER: current} if current else {}


class RequestLog:
    """ASGI middleware: gives each request an id, logs it, and turns what nobody caught into a plain 500 problem.

    An id that the caller sent is kept when it has the shape of one. Unexpected errors are answered here and not in
    Starlette's own handler, which raises them again for the server to print with their words.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or socket."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        sent = Headers(scope=scope).get(REQUEST_ID_HEADER, "")
        current = sent if _REQUEST_ID_SHAPE.fullmatch(sent) else uuid.uuid4().hex
        token = _request_id.set(current)
        try:
            if scope["type"] == "http":
                await self._answer(scope, receive, send, current)
            else:
                await self._app(scope, receive, send)
        finally:
            _request_id.reset(token)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, current: str) -> None:
        status = 0
        started = time.perf_counter()

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID_HEADER] = current
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except Exception:
            _log.exception("unexpected error")
            if status:  # The head is out: nothing true can be said any more, so the connection is cut short.
                raise
            await _document(ShopdeskError().problem())(scope, receive, send_with_id)
        finally:
            route = getattr(scope.get("route"), "path", None)
            _log.log(
                logging.DEBUG if route in {"/healthz", "/readyz"} else logging.INFO,
                "request",
                extra={
                    "fields": {
                        "method": scope["method"],
                        "route": route,
                        "status": status,
                        "milliseconds": round((time.perf_counter() - started) * 1000, 1),
                    }
                },
            )


def install(app: FastAPI) -> None:
    """Give `app` our problem documents, request ids and request log. Call once, before it serves."""
    app.add_exception_handler(ShopdeskError, _answer_shopdesk_error)
    app.add_exception_handler(HTTPException, _answer_http_exception)
    app.add_exception_handler(RequestValidationError, _answer_validation_error)
    app.add_middleware(RequestLog)


# --- Health -----------------------------------------------------------------------------------------------------

Check = Callable[[], "bool | Awaitable[bool | None] | None"]
"""A readiness check: returns False or raises when its part is missing. May be async; a sync one runs in a thread."""


class Health(BaseModel):
    """The program is up, or can work."""

    status: Literal["ok"] = "ok"


class NotReady(BaseModel):
    """The parts that a program lacks, by name."""

    missing: list[str]


async def _is_missing(check: Check) -> bool:
    try:
        async with asyncio.timeout(READINESS_SECONDS):
            if inspect.iscoroutinefunction(check):
                outcome = await check()
            else:
                # Left behind when it takes too long: the answer "missing" must not wait for what is missing.
                outcome = await to_thread.run_sync(check, abandon_on_cancel=True)
                if inspect.isawaitable(outcome):
                    outcome = await outcome
    except Exception as error:
        _log.warning("readiness check failed", extra={"fields": {"error": type(error).__qualname__}})
        return True
    return outcome is False


def health_router(checks: Mapping[str, Check] | None = None) -> APIRouter:
    """`GET /healthz` (I am up) and `GET /readyz` (200, or 503 with `{"missing": [names]}`). Neither needs a token."""
    router = APIRouter(tags=["health"])
    named = dict(checks or {})

    @router.get("/healthz", summary="The program is up")
    async def healthz() -> Health:
        return Health()

    @router.get("/readyz", summary="The program can work", responses={503: {"model": NotReady}})
    async def readyz() -> Health:
        verdicts = await asyncio.gather(*(_is_missing(check) for check in named.values()))
        missing = [name for name, verdict in zip(named, verdicts, strict=True) if verdict]
        if missing:
            return JSONResponse(NotReady(missing=missing).model_dump(), status_code=503)  # type: ignore[return-value]
        return Health()

    return router


# --- The service token ------------------------------------------------------------------------------------------

bearer = HTTPBearer(auto_error=False, description="The service token (`SHOPDESK_SERVICE_TOKEN`).")


class ServiceToken:
    """FastAPI dependency: only callers that know the service token get in, others a 401 problem."""

    def __init__(self, expected: SecretStr) -> None:
        self._expected = expected.get_secret_value().encode()

    async def __call__(self, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> None:
        """Compares in constant time."""
        given = credentials.credentials.encode() if credentials else b""
        if not secrets.compare_digest(given, self._expected):
            raise Unauthenticated


# --- Logging ----------------------------------------------------------------------------------------------------

_QUIET = ("httpx", "httpcore", "uvicorn.access", "sqlalchemy", "aiosqlite", "alembic")
"""Their INFO lines hold URLs with conversation ids, or statements."""

_ErrorTriple = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class JsonFormatter(logging.Formatter):
    """One JSON object a line. `extra={"fields": {...}}` adds members."""

    def __init__(self, program: str) -> None:
        super().__init__()
        self._program = program

    def format(self, record: logging.LogRecord) -> str:
        """The line, without a line break."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "program": self._program,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if current := _request_id.get():
            line["request_id"] = current
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["error"] = _error_without_words(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def _error_without_words(triple: _ErrorTriple) -> list[dict[str, Any]]:
    """An error and its causes: types and places only, as messages often quote what they choked on."""
    chain: list[dict[str, Any]] = []
    error: BaseException | None = triple[1]
    while error is not None and len(chain) < 5:
        frames = traceback.extract_tb(error.__traceback__)
        kind = type(error)
        chain.append(
            {
                "type": f"{kind.__module__}.{kind.__qualname__}",
                "frames": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]],
            }
        )
        error = error.__cause__ or error.__context__
    return chain


def configure_logging(program: str, level: str = "INFO") -> None:
    """Send everything the process logs to standard error as JSON lines. Call once, from `__main__`.

    Start uvicorn with `log_config=None, access_log=False`, so that it uses this.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(program))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
