"""ASGI middleware of every response: security headers, the origin rule of the chat API, and body limits."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.errors import PayloadTooLarge
from gateway.network import origin_allowed
from shopdesk_schemas.problems import Forbidden
from shopdesk_schemas.web import problem_response

CHAT_PATH = "/api/chat/"
MAX_BODY_BYTES = 64 * 1024
"""More than any chat message or form of ours needs."""

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The Content-Security-Policy of HTML pages: nothing inline, nothing from elsewhere."""

_API_POLICY = "default-src 'none'; frame-ancestors 'none'"


class SecurityHeaders:
    """Adds what every response carries; a route that sets one of them itself keeps its own."""

    def __init__(self, app: ASGIApp, *, production: bool) -> None:
        self._app = app
        self._headers = {
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "strict-origin-when-cross-origin",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Content-Security-Policy": _API_POLICY,
            "Cache-Control": "no-store",
        }
        if production:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class ChatOrigins:
    """Lets browsers use the chat API from the shop's own origins only (CORS), and answers their preflights.

    Callers that send no Origin are not browsers on foreign pages; they are let through. The WebSocket is checked by
    its own route, which can say why before it closes.
    """

    def __init__(self, app: ASGIApp, *, allowed: Collection[str]) -> None:
        self._app = app
        self._allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or not scope["path"].startswith(CHAT_PATH):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is None:
            await self._app(scope, receive, send)
            return
        if not origin_allowed(origin, headers.get("host", ""), self._allowed):
            refusal = problem_response(Forbidden("This page's origin is not on the shop's list."))
            refusal.headers["Vary"] = "Origin"
            await refusal(scope, receive, send)
            return
        shared = {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Expose-Headers": "Retry-After",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Vary": "Origin",
        }
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            shared |= {
                "Access-Control-Allow-Methods": "GET, POST",
                "Access-Control-Allow-Headers": "Authorization, Content-Type",
                "Access-Control-Max-Age": "600",
            }
            await Response(status_code=204, headers=shared)(scope, receive, send)
            return

        async def send_shared(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(shared)
            await send(message)

        await self._app(scope, receive, send_shared)


class BodyLimit:
    """Refuses request bodies over the limit with a 413 problem, whether or not their length was declared."""

    def __init__(self, app: ASGIApp, *, limit: int = MAX_BODY_BYTES, larger: Mapping[str, int] | None = None) -> None:
        self._app = app
        self._limit = limit
        self._larger = larger or {}
        """By path: what takes larger bodies."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request. Small bodies are read here whole, so that nothing has run when one turns out too large."""
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await self._app(scope, receive, send)
            return
        limit = self._larger.get(scope["path"], self._limit)
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdigit() and int(declared) > limit:
            await problem_response(PayloadTooLarge())(scope, receive, send)
            return
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > limit:
                await problem_response(PayloadTooLarge())(scope, receive, send)
                return
        replayed = False

        async def receive_again() -> Message:
            nonlocal replayed
            if replayed:
                return await receive()
            replayed = True
            return {"type": "http.request", "body": bytes(body), "more_body": False}

        await self._app(scope, receive_again, send)
