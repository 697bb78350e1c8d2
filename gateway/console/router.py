"""The console's pages. Cookies: `SameSite=Strict`, `HttpOnly`; every form carries a token of its session."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import FileResponse, Response

from gateway import locales
from gateway.clients.staff import StaffMember
from gateway.console import customer, repository, transcript
from gateway.console.access import WRITERS
from gateway.console.administration import administration_router
from gateway.console.cases import cases_router
from gateway.console.desk import desk_router
from gateway.console.goodwill import goodwill_router
from gateway.console.help_pages import help_pages_router
from gateway.console.insight import insight_router
from gateway.console.linked import linked_router
from gateway.console.live import conversation_version, inbox_version, live_router
from gateway.console.models import Agent
from gateway.console.other_names import other_names_router
from gateway.console.policies import policies_router
from gateway.console.quality import quality_router
from gateway.console.recommendations import recommendations_router
from gateway.console.rendering import LANGUAGE_COOKIE, ConsolePages, Visitor, see_other
from gateway.console.repository import ConversationFilter, Cursor
from gateway.console.review import review_router
from gateway.console.search import search_router
from gateway.console.segments import segments_router
from gateway.console.signing_in import Cookies, SessionCookie, signing_in_router
from gateway.console.supply import supply_router
from gateway.console.wording import wording_router
from gateway.conversations.models import Conversation, Message
from gateway.database.engine import ReadSession
from gateway.desk.alerts import alerts
from gateway.desk.models import Label
from gateway.desk.service import (
    NoteView,
    all_labels,
    known_segments,
    labels_of,
    mentions_of,
    merged_into,
    notes_of,
)
from gateway.handover.availability import available_agents
from gateway.handover.repository import colleagues, held_by, holder_name, preferences
from gateway.services import Services
from shopdesk_schemas.problems import NotFound
from shopdesk_schemas.turn import Language

_HERE = Path(__file__).parent
_STATIC = {"console.css": "text/css", "icon.svg": "image/svg+xml"}


def console_router(services: Services) -> APIRouter:
    """The console's routes. Its limits live as long as the program."""
    router = APIRouter(prefix="/console", tags=["console"], include_in_schema=False)
    pages = ConsolePages(services)
    cookies = Cookies(services)

    def page(
        template: str, request: Request, agent: Agent | None, token: str, status: int = 200, **values: Any
    ) -> Response:
        visitor = Visitor(agent, token) if agent is not None else None
        return pages.page(template, request, visitor, status=status, token=token, **values)

    async def signed_in(token: str | None) -> Agent | None:
        if token is None:
            return None
        async with services.database.read() as session:
            return await services.accounts.signed_in(session, token)

    @router.get("/language/{language}")
    async def choose_language(
        request: Request, language: Language, back: Annotated[str, Query(max_length=500)] = "/console"
    ) -> Response:
        # Only back into the console: an open redirect would lend our name to any page.
        target = back if back.startswith("/console") and "\\" not in back and back.isprintable() else "/console"
        response = see_other(target)
        cookies.set(response, request, LANGUAGE_COOKIE, language, 365 * 24 * 3600)
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
        assignee: Annotated[str | None, Query(max_length=20)] = None,
        label: Annotated[str | None, Query(max_length=20)] = None,
        segment: Annotated[str | None, Query(max_length=64)] = None,
        intent: Annotated[str | None, Query(max_length=200)] = None,
        before: Annotated[str | None, Query(max_length=200)] = None,
    ) -> Response:
        agent = await signed_in(session_token)
        if agent is None or session_token is None:
            return see_other("/console/login")
        # A form sends an empty value for "any".
        given = {
            "language": language, "channel": channel, "state": state, "attention": attention,
            "assignee": assignee, "intent": (intent or "").replace("\0", ""), "label": label,
            "segment": (segment or "").replace("\0", ""),
        }  # fmt: skip
        query = {name: value for name, value in given.items() if value}
        chosen = ConversationFilter(
            language=language or None,
            channel=channel or None,
            state=state or None,
            attention=attention or None,
            holder_id=agent.id if assignee == "me" else _number(assignee),
            intent=query.get("intent"),
            label_id=_number(label),
            segment=query.get("segment"),
        )
        now = services.clock.wall()
        async with services.database.read() as session:
            known = await inbox_version(session)
            rows, more = await repository.list_conversations(session, chosen, _read_cursor(before), now)
            waiting = [] if query or before else await repository.waiting(session, repository.QUEUE_SHOWN)
            intents = await repository.intents(session)
            labels = await all_labels(session)
            segments = await known_segments(session)
            labelled = await labels_of(session, [conversation.id for conversation, _ in rows])
            mentions = await mentions_of(session, agent.id)
            others = await colleagues(session, agent.id)
            holding = await held_by(session, agent.id)
            there = await available_agents(session, now)
            wrong = await alerts(session, now, timedelta(minutes=services.settings.alert_wait_minutes))
            preferred = await preferences(session, [conversation.id for conversation, _ in waiting])
        return page(
            "conversations.html",
            request,
            agent,
            session_token,
            rows=rows,
            waiting=waiting,
            minutes=lambda since: int((now - since).total_seconds() // 60),
            channels=("web", *services.channels),
            intents=intents,
            labels=labels,
            segments=segments,
            labelled=labelled,
            mentions=mentions,
            colleagues=others,
            holding=holding,
            there=there,
            alerts=[*wrong, *services.cases.alerts()],
            own_cases=services.cases.owned_by(StaffMember.of(agent.id, agent.username, agent.role).id),
            preferred=preferred,
            may_write=agent.role in WRITERS,
            chosen={name: query.get(name) for name in given},
            known=known,
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
                unsent = await repository.unsent(session, conversation_id)
                holder = await holder_name(session, found[0]) if found else None
                annotations = await _annotations(session, found[0], services.clock.wall()) if found else None
                others = await colleagues(session, agent.id)
        if found is None:
            return page("message.html", request, agent, session_token, 404, title="not_found_title", words="not_found")
        conversation, messages, turns = found
        language = pages.language(request)
        texts = locales.texts(language, "console")
        asked, proposals = customer.summary(messages, turns, services.settings.low_confidence)
        staff = StaffMember.of(agent.id, agent.username, agent.role)
        panel = await customer.panel(services.staff, staff, conversation_id, asked, proposals, language)
        past = [one.conversation_id for one in panel.customer.conversations] if panel.customer is not None else []
        async with services.database.read() as session:
            channels = await repository.channels_of(session, past)
        async with services.database.write() as session:
            await services.annotations.seen(session, conversation_id, agent)
            if panel.customer is not None and panel.customer.insight is not None:
                keys = [one.key for one in panel.customer.insight.segments]
                await services.annotations.segments(session, conversation_id, keys)
        return page(
            "transcript.html",
            request,
            agent,
            session_token,
            conversation=conversation,
            known=conversation_version(conversation),
            lines=transcript.lines(list(messages), dict(turns)),
            low_confidence=services.settings.low_confidence,
            holder=holder,
            unsent={seq: (kind, transcript.reason(error, language)) for seq, (kind, error) in unsent.items()},
            past_channels=channels,
            panel=panel,
            shown_orders=customer.open_first(panel.customer) if panel.customer else [],
            state=lambda kind, state: customer.state_in_words(kind, state, language),
            annotations=annotations,
            colleagues=[{"name": one.username, "words": one.display_name} for one in others],
            may_write=agent.role in WRITERS,
            lease_seconds=services.settings.agent_lease_seconds,
            desk_words={key: words for key, words in texts.items() if key.startswith("desk")},
        )

    router.include_router(signing_in_router(services, pages))
    router.include_router(administration_router(services, pages))
    router.include_router(desk_router(services, pages))
    router.include_router(live_router(services))
    router.include_router(search_router(services, pages))
    router.include_router(segments_router(services, pages))
    router.include_router(recommendations_router(services, pages))
    router.include_router(supply_router(services, pages))
    router.include_router(cases_router(services, pages))
    router.include_router(goodwill_router(services, pages))
    router.include_router(linked_router(services, pages))
    router.include_router(quality_router(services, pages))
    router.include_router(review_router(services, pages))
    router.include_router(help_pages_router(services, pages))
    router.include_router(wording_router(services, pages))
    router.include_router(other_names_router(services, pages))
    router.include_router(policies_router(services, pages))
    router.include_router(insight_router(services, pages))

    @router.get("/static/{name}")
    async def static(name: str) -> Response:
        if name not in _STATIC:
            raise NotFound
        return FileResponse(
            _HERE / "static" / name, media_type=_STATIC[name], headers={"Cache-Control": "public, max-age=300"}
        )

    return router


@dataclass(frozen=True)
class _Annotations:
    """What agents wrote on a conversation, for its page."""

    labels: list[Label]
    all_labels: Sequence[Label]
    notes: list[NoteView]
    merged: list[tuple[Conversation, Sequence[Message]]]
    snoozed: bool


async def _annotations(session: ReadSession, conversation: Conversation, now: datetime) -> _Annotations:
    return _Annotations(
        labels=(await labels_of(session, [conversation.id])).get(conversation.id, []),
        all_labels=await all_labels(session),
        notes=await notes_of(session, conversation.id),
        merged=await merged_into(session, conversation.id),
        snoozed=conversation.is_snoozed(now),
    )


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdecimal() and len(value) < 10 else None


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
