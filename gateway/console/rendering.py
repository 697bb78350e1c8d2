"""What all pages of the console share: who looks, in which language, and the frame around the page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from gateway import locales
from gateway.clients.staff import StaffMember
from gateway.console import figures, transcript
from gateway.console.access import SESSION_COOKIE, WRITERS, form_token, is_form_token
from gateway.console.models import Agent
from gateway.errors import UpstreamError, UpstreamRejected
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

_TEMPLATES = Path(__file__).parent / "templates"


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


class ConsolePages:
    """Renders the console's templates."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._pages = Pages(_TEMPLATES, shown=services.images.shown)

    async def visitor(self, request: Request) -> Visitor | None:
        """Who is signed in, by the session's cookie."""
        token = request.cookies.get(SESSION_COOKIE)
        if token is None or len(token) > 200:
            return None
        async with self._services.database.read() as session:
            agent = await self._services.accounts.signed_in(session, token)
        return Visitor(agent, token) if agent is not None else None

    def form_is_ours(self, visitor: Visitor, csrf: str) -> bool:
        """Whether a form that came back is of this session."""
        return is_form_token(self._services.tokens, visitor.token, csrf)

    def language(self, request: Request) -> Language:
        """As chosen, else as the browser prefers."""
        chosen = locales.known(request.cookies.get(LANGUAGE_COOKIE))
        return chosen or locales.preferred_language(
            request.headers.get("accept-language"), self._services.settings.default_language
        )

    def page(
        self,
        template: str,
        request: Request,
        visitor: Visitor | None,
        *,
        status: int = 200,
        token: str = "",
        **values: Any,
    ) -> Response:
        """A page for the visitor; `token` binds the forms of one who is not signed in."""
        language = self.language(request)
        return self._pages.render(
            template,
            language=language,
            status=status,
            # Who was signed out meanwhile goes to the sign-in page whole, not into a part of the page that asked.
            headers={} if visitor is not None else {"HX-Redirect": "/console/login"},
            t=locales.texts(language, "console"),
            agent=visitor.agent if visitor else None,
            csrf=form_token(self._services.tokens, visitor.token if visitor else token),
            htmx=HTMX,
            here=str(request.url.path) + (f"?{request.url.query}" if request.url.query else ""),
            path=request.url.path,
            languages=locales.LANGUAGES,
            when=lambda at: transcript.when(at, language),
            day=lambda at: figures.day(at, language),
            money=lambda minor, currency: figures.money(minor, currency, language),
            number=lambda value, digits=0: figures.number(value, language, digits),
            share=lambda value: figures.share(value, language),
            percent=transcript.percent,
            entity_value=transcript.entity_value,
            excerpt=transcript.excerpt,
            **values,
        )

    def message(self, request: Request, visitor: Visitor | None, status: int, title: str, words: str) -> Response:
        """A page that only says something; `title` and `words` are keys of the locale file."""
        return self.page("message.html", request, visitor, status=status, title=title, words=words)

    def forbidden(self, request: Request, visitor: Visitor) -> Response:
        """The role does not allow it."""
        return self.message(request, visitor, 403, "forbidden_title", "forbidden")

    def form_expired(self, request: Request, visitor: Visitor | None) -> Response:
        """The form is not of this session."""
        return self.message(request, visitor, 403, "form_expired_title", "form_expired")

    def without_crm(self, request: Request, visitor: Visitor, error: UpstreamError) -> Response:
        """The CRM did not give what the page needs: 404 where there is no such thing, 403, else 503."""
        if isinstance(error, UpstreamRejected):
            if error.status == 403:
                return self.forbidden(request, visitor)
            if error.status in {404, 422}:
                return self.message(request, visitor, 404, "not_found_title", "not_found_here")
        return self.message(request, visitor, 503, "crm_away_title", "crm_away")


def see_other(path: str) -> RedirectResponse:
    """A redirect after a form, or to the sign-in page."""
    return RedirectResponse(path, status_code=303)
