"""How the island of a conversation's page reads on: earlier lines, and what is new or changed since."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from gateway.console import repository
from gateway.console.access import ConversationId, SignedInAgent
from gateway.console.rendering import ConsoleRequest
from gateway.console.transcript import PAGE_LINES, TranscriptView
from gateway.conversations.models import Conversation
from gateway.conversations.schemas import MAX_SEQ
from gateway.desk.service import merged_into
from shopdesk_schemas.problems import NotFound

Seq = Annotated[int | None, Query(ge=0, le=MAX_SEQ)]

router = APIRouter(prefix="/api")


@router.get("/conversations/{conversation_id}/lines")
async def lines(
    console: ConsoleRequest, _agent: SignedInAgent, conversation_id: ConversationId, first: Seq = None,
    before: Seq = None,
) -> TranscriptView:  # fmt: skip
    """A page of the transcript: from the number `first` on, just before the number `before`, or the newest lines."""
    async with console.services.database.read() as session:
        if await session.get(Conversation, conversation_id) is None:
            raise NotFound
        messages, more = await repository.page_of_messages(
            session, conversation_id, PAGE_LINES, first=first, before=before
        )
        turns = await repository.turns_of(session, messages)
        unsent = await repository.unsent(session, conversation_id)
        merged = await merged_into(session, conversation_id)
    drawing = console.drawing
    return TranscriptView(
        lines=drawing.lines(messages, turns, unsent),
        merged=drawing.merged(merged),
        earlier=more and first is None,
        later=more and first is not None,
    )
