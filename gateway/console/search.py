"""`/console/search`: what was said, found by its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from sqlalchemy import select
from starlette.responses import Response

from gateway.console.forms import line
from gateway.console.rendering import ConsoleRequest
from gateway.console.repository import readable
from gateway.conversations.models import Conversation, Message
from gateway.database.engine import ReadSession
from gateway.search.index import SearchIndex
from gateway.search.terms import Piece, query_phrases, snippet

MESSAGES_PER_PAGE = 60
SHOWN_PER_CONVERSATION = 3


@dataclass(frozen=True)
class Hit:
    """One message that was found."""

    message: Message
    pieces: Sequence[Piece]


@dataclass
class Found:
    """A conversation with what was found in it, newest message first."""

    conversation: Conversation
    hits: list[Hit] = field(default_factory=list)
    more: int = 0
    """Messages that were found too and are not shown."""


async def search(
    session: ReadSession, index: SearchIndex, words: str, before: int | None
) -> tuple[list[Found], int | None]:
    """Conversations with messages that have every word of the query, newest first; and where the next page begins."""
    ids = list(await index.find(session, query_phrases(words), limit=MESSAGES_PER_PAGE + 1, before=before))
    more = len(ids) > MESSAGES_PER_PAGE
    ids = ids[:MESSAGES_PER_PAGE]
    query = readable(
        select(Conversation, Message)
        .join(Message, Message.conversation_id == Conversation.id)
        .where(Message.id.in_(ids))
        .order_by(Message.id.desc())
    )
    found: dict[str, Found] = {}
    for conversation, message in (await session.execute(query)).all():
        one = found.setdefault(conversation.id, Found(conversation))
        if len(one.hits) < SHOWN_PER_CONVERSATION:
            said = str(message.content.get("text", ""))
            one.hits.append(Hit(message, snippet(said, words)))
        else:
            one.more += 1
    return list(found.values()), ids[-1] if more else None


router = APIRouter(prefix="/search")


@router.get("")
async def show(
    console: ConsoleRequest,
    q: Annotated[str, Query(max_length=200)] = "",
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
) -> Response:
    """Conversations in which all words of `q` were said."""
    visitor = await console.signed_in()
    words = line(q)
    async with console.services.database.read() as session:
        found, more = await search(session, console.services.search, words, before)
    return console.page(
        "search.html",
        visitor,
        words=words,
        found=found,
        next_page="/console/search?" + urlencode({"q": words, "before": more}) if more else None,
        first_page="/console/search?" + urlencode({"q": words}) if before else None,
    )
