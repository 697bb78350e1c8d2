"""What all pages of the console share: who looks, in which language, and the frame around the page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from starlette.responses import RedirectResponse, Response

from gateway import locales
from gateway.audit.service import note
from gateway.clients.staff import StaffMember
from gateway.console import figures, transcript
from gateway.console.access import SESSION_COOKIE, WRITERS, form_token, is_form_token
from gateway.console.models import Agent
from gateway.dependencies import services_of
from gateway.errors import UpstreamError, UpstreamRejected
from gateway.network import is_https
from gateway.services import Services
from gateway.templates import Pages
from shopdesk_schemas.turn import Language

LANGUAGE_COOKIE = "shopdesk_console_language"

HTMX: Final[dict[str, Any]] = {
    "prefix": "",
    "extensions": "sse",
    "history": "reload",
    "includeIndicatorCSS": False,
    # A refusal or a fault never replaces what the page shows; an element may say otherwise (`hx-status:409`).
    "noSwap": [204, 304, "4xx", "5xx"],
    # What somebody has opened stays open when the page is drawn anew.
    "morphIgnore": ["data-htmx-powered", "open"],
    "sse": {"reconnectMaxDelay": 10_000},
}
"""What the pages tell htmx (docs/decisions/035)."""

_pages = Pages(Path(__file__).parent / "templates")


@dataclass(frozen=True)
class Visitor:
    """A signed-in agent at a page, with the session's token."""

    agent: Agent
    token: str

    @property
    def staff(self) -> StaffMember:
        """As the CRM is told."""
        return StaffMember.of(self.agent.id, self.agent.username, self.agent.role)

    @property
    def may_write(self) -> bool:
        """Whether the role may change anything."""
        return self.agent.role in WRITERS

    @property
    def leads(self) -> bool:
        """Whether the role may define segments and take lists of customers away."""
        return self.agent.role in {"lead", "admin"}


class Answered(Exception):
    """The request is answered already: its visitor may not have what it asks for."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


@dataclass
class Console:
    """One request to the console: the program's parts, and who asks.

    A route asks the CRM without more ado: an `UpstreamError` that it lets go is answered by `without_crm`.
    """

    request: Request
    services: Services
    asks: Visitor | None = field(default=None, init=False)
    """Who `signed_in` let through."""

    async def visitor(self) -> Visitor | None:
        """Who is signed in, by the session's cookie."""
        token = self.request.cookies.get(SESSION_COOKIE)
        if token is None or len(token) > 200:
            return None
        async with self.services.database.read() as session:
            agent = await self.services.accounts.signed_in(session, token)
        return Visitor(agent, token) if agent is not None else None

    async def signed_in(self, csrf: str | None = None) -> Visitor:
        """Who asks; with `csrf`, by a form of their session. Raises `Answered` for everybody else.

        A route calls it itself: as a dependency it would answer before FastAPI has looked at what was sent.
        """
        visitor = await self.visitor()
        if visitor is None:
            raise Answered(see_other("/console/login"))
        if csrf is not None and not is_form_token(self.services.tokens, visitor.token, csrf):
            raise Answered(self.form_expired(visitor))
        self.asks = visitor
        return visitor

    async def writer(self, csrf: str | None = None) -> Visitor:
        """As `signed_in`, for roles that may change something."""
        visitor = await self.signed_in(csrf)
        return self._allowed(visitor, visitor.may_write)

    async def lead(self, csrf: str | None = None) -> Visitor:
        """As `signed_in`, for leads and administrators."""
        visitor = await self.signed_in(csrf)
        return self._allowed(visitor, visitor.leads)

    async def admin(self, csrf: str | None = None) -> Visitor:
        """As `signed_in`, for administrators."""
        visitor = await self.signed_in(csrf)
        return self._allowed(visitor, visitor.agent.role == "admin")

    def _allowed(self, visitor: Visitor, may: bool) -> Visitor:
        if not may:
            raise Answered(self.forbidden(visitor))
        return visitor

    async def audit(
        self, visitor: Visitor, action: str, *, conversation_id: str | None = None, turn_id: str = "", **details: Any
    ) -> None:
        """Note what the visitor did, in a transaction of its own; `turn_id` is the reviewed message that led to it."""
        if turn_id:
            details["turn"] = turn_id
        async with self.services.database.write() as session:
            note(
                session, self.services.clock, agent_id=visitor.agent.id, action=action,
                conversation_id=conversation_id, **details,
            )  # fmt: skip

    @property
    def language(self) -> Language:
        """As chosen, else as the browser prefers."""
        chosen = locales.known(self.request.cookies.get(LANGUAGE_COOKIE))
        return chosen or locales.preferred_language(
            self.request.headers.get("accept-language"), self.services.settings.default_language
        )

    def set_cookie(self, response: Response, name: str, value: str, seconds: int | None, *, lax: bool = False) -> None:
        """A cookie of the console's, always with the same attributes.

        `seconds` None: until the browser is closed; `lax`: it has to come along when another site sends the browser
        back here.
        """
        settings = self.services.settings
        response.set_cookie(
            name, value, max_age=seconds, path="/console", httponly=True, samesite="lax" if lax else "strict",
            secure=settings.environment == "production" or is_https(self.request, settings.trusted_proxies),
        )  # fmt: skip

    @property
    def reads_again(self) -> bool:
        """Whether htmx asks for a page that is open already."""
        return self.request.headers.get("HX-Request") == "true"

    @property
    def drawing(self) -> transcript.Drawing:
        """Puts transcripts into words for the visitor."""
        return transcript.Drawing(self.language, self.services.settings.low_confidence, self.services.images.shown)

    def texts(self, topic: str) -> dict[str, Any]:
        """The words of a locale file, in the visitor's language."""
        return locales.texts(self.language, topic)

    def page(
        self, template: str, visitor: Visitor | None, *, status: int = 200, token: str = "", **values: Any
    ) -> Response:
        """A page for the visitor; `token` binds the forms of one who is not signed in."""
        language, url = self.language, self.request.url
        return _pages.render(
            template,
            language=language,
            status=status,
            # Who was signed out meanwhile goes to the sign-in page whole, not into a part of the page that asked.
            headers={} if visitor is not None else {"HX-Redirect": "/console/login"},
            t=locales.texts(language, "console"),
            agent=visitor.agent if visitor else None,
            csrf=form_token(self.services.tokens, visitor.token if visitor else token),
            htmx=HTMX,
            here=str(url.path) + (f"?{url.query}" if url.query else ""),
            path=url.path,
            languages=locales.LANGUAGES,
            when=lambda at: transcript.when(at, language),
            day=lambda at: figures.day(at, language),
            money=lambda minor, currency: figures.money(minor, currency, language),
            number=lambda value, digits=0: figures.number(value, language, digits),
            share=lambda value: figures.share(value, language),
            percent=transcript.percent,
            excerpt=transcript.excerpt,
            **values,
        )

    def message(self, visitor: Visitor | None, status: int, title: str, words: str) -> Response:
        """A page that only says something; `title` and `words` are keys of the locale file."""
        return self.page("message.html", visitor, status=status, title=title, words=words)

    def not_found(self, visitor: Visitor) -> Response:
        """There is no such thing."""
        return self.message(visitor, 404, "not_found_title", "not_found_here")

    def forbidden(self, visitor: Visitor) -> Response:
        """The role does not allow it."""
        return self.message(visitor, 403, "forbidden_title", "forbidden")

    def form_expired(self, visitor: Visitor | None) -> Response:
        """The form is not of this session."""
        return self.message(visitor, 403, "form_expired_title", "form_expired")

    def without_crm(self, visitor: Visitor, error: UpstreamError) -> Response:
        """The CRM did not give what the page needs: 404 where there is no such thing, 403, else 503."""
        if isinstance(error, UpstreamRejected):
            if error.status == 403:
                return self.forbidden(visitor)
            if error.status in {404, 422}:
                return self.not_found(visitor)
        return self.message(visitor, 503, "crm_away_title", "crm_away")


async def _console(request: Request) -> AsyncIterator[Console]:
    console = Console(request, services_of(request))
    try:
        yield console
    except UpstreamError as error:
        if console.asks is None:
            raise
        raise Answered(console.without_crm(console.asks, error)) from error


# Of the function's scope: it ends with the route, not with a stream that the route answers with.
ConsoleRequest = Annotated[Console, Depends(_console, scope="function")]


async def give_answer(_request: Request, error: Exception) -> Response:
    """The response that `Answered` carries."""
    assert isinstance(error, Answered)  # noqa: S101 - the handler is registered for this class
    return error.response


def see_other(path: str) -> RedirectResponse:
    """A redirect after a form, or to the sign-in page."""
    return RedirectResponse(path, status_code=303)
