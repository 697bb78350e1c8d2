"""Accounts on messaging platforms: verified once, known again, until somebody asks to be forgotten.

The platform vouches that it is the same account, and the shopper proved once whose it is. The account itself is not
kept, only its keyed hash. What a linked account opens and for how long is the shop's policy.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.identity import repository
from crm_backend.identity.access import is_verified
from crm_backend.identity.models import ChatAccount, Conversation
from crm_backend.policies.policy import Policies

METHOD = "chat_account"


def of(session: ReadSession, conversation: Conversation) -> ChatAccount | None:
    """The link of the account that a conversation is held on."""
    if conversation.chat_account_key is None:
        return None
    return session.scalars(
        select(ChatAccount).where(ChatAccount.account_key == conversation.chat_account_key)
    ).one_or_none()


def link(session: WriteSession, conversation: Conversation, policies: Policies, now: datetime) -> None:
    """Remember whose the account is, after a proof that opened a customer's record. The newest proof holds."""
    if not policies.verification.chat_account_days or conversation.chat_account_key is None:
        return
    if conversation.level != "customer" or conversation.customer_id is None:
        return
    found = of(session, conversation)
    if found is None:
        found = ChatAccount(account_key=conversation.chat_account_key, channel=conversation.chat_channel or "")
        session.add(found)
    found.customer_id = conversation.customer_id
    found.method = conversation.method or ""
    found.linked_at = now
    session.flush()


def recall(session: WriteSession, conversation: Conversation, policies: Policies, now: datetime) -> None:
    """Open the record of a linked account's customer to a conversation that nothing opens (any more)."""
    if is_verified(conversation, now):
        return
    found = of(session, conversation)
    days = policies.verification.chat_account_days
    if found is None or found.linked_at + timedelta(days=days) <= now:
        return
    conversation.level = "customer"
    conversation.method = METHOD
    conversation.customer_id = found.customer_id
    conversation.order_id = None
    conversation.verified_at = now
    conversation.expires_at = now + timedelta(minutes=policies.verification.expires_after_minutes)
    repository.remember_person(session, conversation, now)


def unlink(session: WriteSession, conversation: Conversation) -> bool:
    """Forget whose the account is; whether it was known. Other conversations of it are closed with it."""
    if conversation.chat_account_key is None:
        return False
    removed = session.execute(
        delete(ChatAccount).where(ChatAccount.account_key == conversation.chat_account_key).returning(ChatAccount.id)
    ).first()
    for other in session.scalars(
        select(Conversation).where(
            Conversation.chat_account_key == conversation.chat_account_key, Conversation.level != "none"
        )
    ):
        close(other)
    return removed is not None


def close(conversation: Conversation) -> None:
    """End a conversation's verification."""
    conversation.level = "none"
    conversation.method = None
    conversation.customer_id = None
    conversation.order_id = None
    conversation.verified_at = None
    conversation.expires_at = None
