"""What the present conversation may see: the ownership dependency of every `/shopper` route.

It comes from the conversation's verification in the CRM and from nothing that the shopper says. Topics turn it into
a condition on their rows in one function each (`orders/access.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool

from crm_backend.database.engine import ReadSession
from crm_backend.dependencies import ConversationId, Reading, Writing, held_by
from crm_backend.identity import repository
from crm_backend.identity.models import Conversation
from shopdesk_schemas.crm import VerificationLevel
from shopdesk_schemas.turn import Language


@dataclass(frozen=True)
class Access:
    """The customer whose record is open, the one order that is open, both, or neither."""

    customer_id: int | None = None
    order_id: int | None = None
    language: Language | None = None
    all_records: bool = False
    """An agent of the shop, or the shop itself: never a shopper."""

    @property
    def level(self) -> VerificationLevel:
        """What is open, as verification has it."""
        if self.all_records or self.customer_id is not None:
            return "customer"
        return "order" if self.order_id is not None else "none"


EVERYTHING = Access(all_records=True)
"""For callers that are not shoppers; their routes check what they may do."""


def is_verified(conversation: Conversation, at: datetime) -> bool:
    """Whether the conversation's verification still holds."""
    return conversation.level != "none" and conversation.expires_at is not None and conversation.expires_at > at


def access_of(session: ReadSession, conversation_id: str, at: datetime) -> Access:
    """What the conversation may see at the machine's time `at`. An unknown or expired one sees nothing."""
    return access_for(repository.find_conversation(session, conversation_id), at)


def access_for(conversation: Conversation | None, at: datetime) -> Access:
    """The same of a conversation that was read."""
    if conversation is None:
        return Access()
    language = _language(conversation)
    if not is_verified(conversation, at):
        return Access(language=language)
    return Access(
        customer_id=conversation.customer_id if conversation.level == "customer" else None,
        order_id=conversation.order_id,
        language=language,
    )


def _language(conversation: Conversation) -> Language | None:
    known: dict[str | None, Language] = {"en": "en", "zh": "zh"}
    return known.get(conversation.language)


async def current_access(session: Reading, conversation_id: ConversationId, request: Request) -> Access:
    """The dependency itself."""
    held = held_by(request)
    if held.database.is_sqlite:
        # A row by its key, which waits for nobody there: sooner read than handed to a thread.
        return access_of(session, conversation_id, held.clock.wall())
    return await run_in_threadpool(access_of, session, conversation_id, held.clock.wall())


def current_access_to_write(session: Writing, conversation_id: ConversationId, request: Request) -> Access:
    """The dependency of routes that write: it reads in their one transaction."""
    return access_of(session, conversation_id, held_by(request).clock.wall())


async def own_conversation(conversation_id: ConversationId) -> str:
    """The conversation itself, for routes that say something about it and open nobody's record (identity only)."""
    return conversation_id


ShopperAccess = Annotated[Access, Depends(current_access)]
ShopperWriteAccess = Annotated[Access, Depends(current_access_to_write)]
OwnConversation = Annotated[str, Depends(own_conversation)]
