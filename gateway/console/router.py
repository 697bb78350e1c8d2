"""The console's pages. Cookies: `SameSite=Strict`, `HttpOnly`; every form carries a token of its session."""

from __future__ import annotations

import base64
import binascii
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Cookie, Form, Query, Request
from starlette.responses import FileResponse, Response

from gateway import locales
from gateway.clients.staff import StaffMember
from gateway.console import customer, repository, transcript
from gateway.console.access import SESSION_COOKIE, WRITERS, is_form_token
from gateway.console.cases import cases_router
from gateway.console.models import Agent
from gateway.console.quality import quality_router
from gateway.console.rendering import LANGUAGE_COOKIE, ConsolePages, Visitor, see_other
from gateway.console.repository import ConversationFilter, Cursor
from gateway.console.search import search_router
from gateway.console.segments import segments_router
from gateway.dependencies import ClientAddress
from gateway.handover.repository import holder_name
from gateway.limits import RateLimit
from gateway.network import is_https
from gateway.services import Services
from shopdesk_schemas.problems import NotFound
from shopdesk_schemas.turn import Language

FORM_COOKIE = "shopdesk_console_form"
"""A random value of a browser that is not signed in, to which the sign-in form's token is bound."""

_HERE = Path(__file__).parent
_STATIC = {"console.css": "text/css", "console.js": "text/javascript", "icon.svg": "image/svg+xml"}
_log = logging.getLogger("shopdesk.console")

SessionCookie = Annotated[str | None, Cookie(alias=SESSION_COOKIE, max_length=200)]


def console_router(services: Services) -> APIRouter:
    """The console's routes. Its limits live as long as the program."""
    router = APIRouter(prefix="/console", tags=["console"], include_in_schema=False)
    pages = ConsolePages(services)
    attempts = services.settings.login_attempts
    failures_by_name = RateLimit(attempts, 900.0)
    failures_by_address = RateLimit(attempts, 900.0)

    def page(
        template: str, request: Request, agent: Agent | None, token: str, status: int = 200, **values: Any
    ) -> Response:
        visitor = Visitor(agent, token) if agent is not None else None
        return pages.page(template, request, visitor, status=status, token=token, **values)

    def form_is_ours(token: str, csrf: str) -> bool:
        return is_form_token(services.tokens, token, csrf)

    async def signed_in(token: str | None) -> Agent | None:
        if token is None:
            return None
        async with services.database.read() as session:
            return await services.accounts.signed_in(session, token)

    def set_cookie(response: Response, request: Request, name: str, value: str, seconds: int | None) -> None:
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path="/console",
            httponly=True,
            samesite="strict",
            secure=services.settings.environment == "production"
            or is_https(request, services.settings.trusted_proxies),
        )

    def login_page(
        request: Request,
        form_token: str | None,
        *,
        status: int = 200,
        problem: str | None = None,
        retry_after: int | None = None,
        username: str = "",
    ) -> Response:
        token = form_token or services.tokens.make()[0]
        response = page("login.html", request, None, token, status, problem=problem, username=username)
        set_cookie(response, request, FORM_COOKIE, token, None)
        if retry_after is not None:
            response.headers["Retry-After"] = str(retry_after)
        return response

    @router.get("/login")
    async def show_login(
        request: Request,
        session_token: SessionCookie = None,
        form_token: Annotated[str | None, Cookie(alias=FORM_COOKIE, max_length=200)] = None,
    ) -> Response:
        if await signed_in(session_token):
            return see_other("/console")
        return login_page(request, form_token)

    @router.post("/login")
    async def login(
        request: Request,
        address: ClientAddress,
        username: Annotated[str, Form(max_length=200)] = "",
        password: Annotated[str, Form(max_length=1000)] = "",
        csrf: Annotated[str, Form(max_length=200)] = "",
        form_token: Annotated[str | None, Cookie(alias=FORM_COOKIE, max_length=200)] = None,
    ) -> Response:
        if form_token is None or not form_is_ours(form_token, csrf):
            return login_page(request, None, status=403, problem="form_expired", username=username)
        name = services.tokens.keyed("login name", username.strip().lower())
        origin = address or "unknown"
        wait = max(failures_by_name.wait(name), failures_by_address.wait(origin))
        if wait:
            return login_page(
                request, form_token, status=429, problem="too_many_attempts", retry_after=wait, username=username
            )
        # Counted before the password is checked, so that parallel tries cannot slip past the limit.
        failures_by_name.take(name)
        failures_by_address.take(origin)
        async with services.database.read() as session:
            agent = await services.accounts.check(session, username, password)
        if agent is None:
            _log.warning("sign-in refused")
            return login_page(request, form_token, status=401, problem="wrong_credentials", username=username)
        failures_by_name.forget(name)
        failures_by_address.forget(origin)
        async with services.database.write() as session:
            token = await services.accounts.sign_in(session, agent)
        _log.info("signed in", extra={"fields": {"agent": agent.id}})
        response = see_other("/console")
        set_cookie(response, request, SESSION_COOKIE, token, int(services.settings.console_session_hours * 3600))
        response.delete_cookie(FORM_COOKIE, path="/console")
        return response

    @router.post("/logout")
    async def logout(
        request: Request, csrf: Annotated[str, Form(max_length=200)] = "", session_token: SessionCookie = None
    ) -> Response:
        if session_token is None or not form_is_ours(session_token, csrf):
            return page(
                "message.html",
                request,
                await signed_in(session_token),
                session_token or "",
                403,
                title="form_expired_title",
                words="form_expired",
            )
        async with services.database.write() as session:
            await services.accounts.sign_out(session, session_token)
        response = see_other("/console/login")
        response.delete_cookie(SESSION_COOKIE, path="/console")
        return response

    @router.get("/language/{language}")
    async def choose_language(
        request: Request, language: Language, back: Annotated[str, Query(max_length=500)] = "/console"
    ) -> Response:
        # Only back into the console: an open redirect would lend our name to any page.
        target = back if back.startswith("/console") and "\\" not in back and back.isprintable() else "/console"
        response = see_other(target)
        set_cookie(response, request, LANGUAGE_COOKIE, language, 365 * 24 * 3600)
        return response

    @router.get("")
    @router.get("/")
    async def list_conversations(
        request: Request,
        session_token: SessionCookie = None,
        language: Annotated[str | None, Query(max_length=20)] = None,
        channel: Annotated[str | None, Query(max_length=40)] = None,
        state: Annotated[str | None, Query(max_length=20)] = None,
        attention: Annotated[str | None, Query(max_length=20)] = None,
        assignee: Annotated[str | None, Query(max_length=10)] = None,
        intent: Annotated[str | None, Query(max_length=200)] = None,
        before: Annotated[str | None, Query(max_length=200)] = None,
    ) -> Response:
        agent = await signed_in(session_token)
        if agent is None or session_token is None:
            return see_other("/console/login")
        # A form sends an empty value for "any".
        given = {
            "language": language, "channel": channel, "state": state, "attention": attention,
            "assignee": assignee, "intent": (intent or "").replace("\0", ""),
        }  # fmt: skip
        query = {name: value for name, value in given.items() if value}
        chosen = ConversationFilter(
            language=language or None,
            channel=channel or None,
            state=state or None,
            attention=attention or None,
            holder_id=agent.id if assignee == "me" else None,
            intent=query.get("intent"),
        )
        async with services.database.read() as session:
            rows, more = await repository.list_conversations(session, chosen, _read_cursor(before))
            waiting = [] if query or before else await repository.waiting(session, repository.QUEUE_SHOWN)
            intents = await repository.intents(session)
        now = services.clock.wall()
        return page(
            "conversations.html",
            request,
            agent,
            session_token,
            rows=rows,
            waiting=waiting,
            minutes=lambda since: int((now - since).total_seconds() // 60),
            intents=intents,
            chosen={name: query.get(name) for name in given},
            next_page="/console?" + urlencode(query | {"before": _write_cursor(more)}) if more else None,
            first_page="/console?" + urlencode(query) if before else None,
        )

    @router.get("/conversations/{conversation_id}")
    async def show_conversation(
        request: Request, conversation_id: str, session_token: SessionCookie = None
    ) -> Response:
        agent = await signed_in(session_token)
        if agent is None or session_token is None:
            return see_other("/console/login")
        found = None
        if "\0" not in conversation_id and len(conversation_id) <= 64:
            async with services.database.read() as session:
                found = await repository.transcript(session, conversation_id)
                holder = await holder_name(session, found[0]) if found else None
        if found is None:
            return page("message.html", request, agent, session_token, 404, title="not_found_title", words="not_found")
        conversation, messages, turns = found
        language = pages.language(request)
        texts = locales.texts(language, "console")
        asked, proposals = customer.summary(messages, turns, services.settings.low_confidence)
        staff = StaffMember.of(agent.id, agent.username, agent.role)
        panel = await customer.panel(services.staff, staff, conversation_id, asked, proposals, language)
        return page(
            "transcript.html",
            request,
            agent,
            session_token,
            conversation=conversation,
            lines=transcript.lines(list(messages), dict(turns)),
            low_confidence=services.settings.low_confidence,
            holder=holder,
            panel=panel,
            shown_orders=customer.open_first(panel.customer) if panel.customer else [],
            state=lambda kind, state: customer.state_in_words(kind, state, language),
            may_write=agent.role in WRITERS,
            lease_seconds=services.settings.agent_lease_seconds,
            desk_words={key: words for key, words in texts.items() if key.startswith("desk")},
        )

    router.include_router(search_router(services, pages))
    router.include_router(segments_router(services, pages))
    router.include_router(cases_router(services, pages))
    router.include_router(quality_router(services, pages))

    @router.get("/static/{name}")
    async def static(name: str) -> Response:
        if name not in _STATIC:
            raise NotFound
        return FileResponse(
            _HERE / "static" / name, media_type=_STATIC[name], headers={"Cache-Control": "public, max-age=300"}
        )

    return router


def _write_cursor(cursor: Cursor) -> str:
    return base64.urlsafe_b64encode(f"{cursor.at.isoformat()} {cursor.id}".encode()).decode()


def _read_cursor(value: str | None) -> Cursor | None:
    """A cursor from a link of ours; anything else begins at the first page."""
    if not value:
        return None
    try:
        at, _, conversation_id = base64.urlsafe_b64decode(value).decode().partition(" ")
        moment = datetime.fromisoformat(at)
    except (ValueError, binascii.Error):
        return None
    return Cursor(moment if moment.tzinfo else moment.replace(tzinfo=UTC), conversation_id.replace("\0", ""))
