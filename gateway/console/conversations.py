"""`/console` and `/console/conversations/…`: the inbox, and the page of one conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import Response

from gateway.console import customer, places, repository
from gateway.console.live import conversation_version, inbox_version
from gateway.console.rendering import Console, ConsoleRequest
from gateway.console.repository import ConversationFilter, Cursor
from gateway.console.transcript import PAGE_LINES, TranscriptView, island_words
from gateway.conversations.models import Conversation, Message, Turn
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

router = APIRouter()


@router.get("")
@router.get("/")
async def list_conversations(
    console: ConsoleRequest,
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
    """The inbox: who waits, and the conversations of the filter."""
    visitor = await console.signed_in()
    agent = visitor.agent
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
    now = console.services.clock.wall()
    begins = places.read(before, places.moment)
    async with console.services.database.read() as session:
        known = await inbox_version(session)
        rows, more = await repository.list_conversations(session, chosen, Cursor(*begins) if begins else None, now)
        waiting = [] if query or before else await repository.waiting(session, repository.QUEUE_SHOWN)
        intents = await repository.intents(session)
        labels = await all_labels(session)
        segments = await known_segments(session)
        labelled = await labels_of(session, [conversation.id for conversation, _ in rows])
        mentions = await mentions_of(session, agent.id)
        others = await colleagues(session, agent.id)
        holding = await held_by(session, agent.id)
        there = await available_agents(session, now)
        wrong = await alerts(session, now, timedelta(minutes=console.services.settings.alert_wait_minutes))
        preferred = await preferences(session, [conversation.id for conversation, _ in waiting])
    beyond = places.write(more.at.isoformat(), more.id) if more else None
    return console.page(
        "conversations.html",
        visitor,
        rows=rows,
        waiting=waiting,
        minutes=lambda since: int((now - since).total_seconds() // 60),
        channels=("web", *console.services.channels),
        intents=intents,
        labels=labels,
        segments=segments,
        labelled=labelled,
        mentions=mentions,
        colleagues=others,
        holding=holding,
        there=there,
        alerts=[*wrong, *console.services.cases.alerts()],
        own_cases=console.services.cases.owned_by(visitor.staff.id),
        preferred=preferred,
        may_write=visitor.may_write,
        chosen={name: query.get(name) for name in given},
        known=known,
        next_page="/console?" + urlencode(query | {"before": beyond}) if beyond else None,
        first_page="/console?" + urlencode(query) if before else None,
    )


@router.get("/conversations/{conversation_id}")
async def show_conversation(console: ConsoleRequest, conversation_id: str) -> Response:
    """One conversation with its customer."""
    visitor = await console.signed_in()
    agent = visitor.agent
    found = None
    if "\0" not in conversation_id and len(conversation_id) <= 64:
        async with console.services.database.read() as session:
            found = await repository.transcript(session, conversation_id)
            unsent = await repository.unsent(session, conversation_id)
            holder = await holder_name(session, found[0]) if found else None
            annotations = await _annotations(session, found[0], console.services.clock.wall()) if found else None
            others = await colleagues(session, agent.id)
    if found is None or annotations is None:
        return console.message(visitor, 404, "not_found_title", "not_found")
    conversation, messages, turns = found
    language = console.language
    asked, proposals = customer.summary(messages, turns, console.services.settings.low_confidence)
    staff = visitor.staff
    panel = await customer.panel(console.services.staff, staff, conversation_id, asked, proposals, language)
    past = [one.conversation_id for one in panel.customer.conversations] if panel.customer is not None else []
    async with console.services.database.read() as session:
        channels = await repository.channels_of(session, past)
    async with console.services.database.write() as session:
        await console.services.annotations.seen(session, conversation_id, agent)
        if panel.customer is not None and panel.customer.insight is not None:
            keys = [one.key for one in panel.customer.insight.segments]
            await console.services.annotations.segments(session, conversation_id, keys)
    return console.page(
        "transcript.html",
        visitor,
        conversation=conversation,
        known=conversation_version(conversation),
        # Read again for what stands around the island, which has its lines and asks for new ones itself.
        transcript=None if console.reads_again else _first_page(console, messages, turns, unsent, annotations),
        holder=holder,
        past_channels=channels,
        panel=panel,
        shown_orders=customer.open_first(panel.customer) if panel.customer else [],
        state=lambda kind, state: customer.state_in_words(kind, state, language),
        annotations=annotations,
        colleagues=[{"name": one.username, "words": one.display_name} for one in others],
        may_write=visitor.may_write,
        lease_seconds=console.services.settings.agent_lease_seconds,
        words=island_words(console.texts("console")),
    )


@dataclass(frozen=True)
class _Annotations:
    """What agents wrote on a conversation, for its page."""

    labels: list[Label]
    all_labels: Sequence[Label]
    notes: list[NoteView]
    merged: Sequence[Conversation]
    snoozed: bool


def _first_page(
    console: Console,
    messages: Sequence[Message],
    turns: Mapping[str, Turn],
    unsent: Mapping[int, tuple[str, str]],
    annotations: _Annotations,
) -> dict[str, Any]:
    """What the island begins with: the newest lines."""
    newest = messages[-PAGE_LINES:]
    return TranscriptView(
        lines=console.drawing.lines(newest, turns, unsent),
        merged=console.drawing.merged(annotations.merged),
        earlier=len(messages) > len(newest),
        later=False,
    ).model_dump(mode="json")


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
