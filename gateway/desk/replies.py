"""Canned replies: words with placeholders, and which of them fit what a shopper has just asked.

A placeholder is filled from the conversation, the agent and the shop's policy as the CRM explains it, so that a reply
says what is in force. One whose value is not known stays as it is, in braces, for the agent to see.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import delete, select

from gateway import locales
from gateway.audit.service import note as audit
from gateway.console.models import Agent
from gateway.conversations.models import Turn
from gateway.database.engine import AnySession, WriteSession
from gateway.desk.models import CannedReply
from gateway.search.terms import document_terms, normalise
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.crm import PolicyExplanation
from shopdesk_schemas.problems import FieldProblem, InvalidInput

PLACEHOLDERS: Final = (
    "agent", "shop", "customer", "order", "support_email", "support_phone",
    "return_days", "refund_days", "send_within_days",
)  # fmt: skip
"""What a reply may name in braces."""

SHOWN: Final = 8

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_NO_WORDS = frozenset(
    {"the", "a", "an", "is", "my", "to", "of", "and", "in", "it", "you", "i", "we", "your", "for", "的", "了"}
)


@dataclass(frozen=True)
class Suggestion:
    """A reply that may fit, its placeholders filled."""

    title: str
    words: str
    source: Literal["canned", "policy", "assistant"]
    """`canned`: the agents' own · `policy`: comes with the program, says what the shop's policy says ·
    `assistant`: what the assistant would have said had no person taken over."""


class Replies:
    """Keeps canned replies."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def save(
        self, session: WriteSession, reply_id: int | None, title: str, language: str, words: str, intents: str,
        agent: Agent,
    ) -> CannedReply:  # fmt: skip
        """A new reply, or one changed. Raises `InvalidInput` naming what is wrong."""
        problems = []
        title, words = " ".join(title.split()), words.replace("\0", "").strip()
        if not 1 <= len(title) <= 80 or not title.isprintable():
            problems.append(FieldProblem(field="title", message="must be 1 to 80 characters"))
        if not 1 <= len(words) <= 4000:
            problems.append(FieldProblem(field="words", message="must be 1 to 4000 characters"))
        if unknown := sorted(set(_PLACEHOLDER.findall(words)) - set(PLACEHOLDERS)):
            problems.append(FieldProblem(field="words", message=f"unknown placeholder: {', '.join(unknown)}"))
        if language not in locales.LANGUAGES:
            problems.append(FieldProblem(field="language", message="must be en or zh"))
        named = ",".join(re.findall(r"\w+", intents))
        if len(named) > 400:
            problems.append(FieldProblem(field="intents", message="must be shorter"))
        if problems:
            raise InvalidInput(errors=problems)
        reply = await session.get(CannedReply, reply_id) if reply_id is not None else None
        if reply is None:
            reply = CannedReply(title=title, language=language, words=words, changed_at=self._clock.wall())
            session.add(reply)
        reply.title, reply.language, reply.words, reply.intents = title, language, words, named
        reply.agent_id, reply.changed_at = agent.id, self._clock.wall()
        await session.flush()
        audit(session, self._clock, agent_id=agent.id, action="reply.save", reply=reply.id)
        return reply

    async def remove(self, session: WriteSession, reply_id: int, agent: Agent) -> None:
        """Drop a reply."""
        await session.execute(delete(CannedReply).where(CannedReply.id == reply_id))
        audit(session, self._clock, agent_id=agent.id, action="reply.remove", reply=reply_id)


async def all_replies(session: AnySession, language: str | None = None) -> Sequence[CannedReply]:
    """Replies by language and title."""
    query = select(CannedReply).order_by(CannedReply.language, CannedReply.title)
    if language is not None:
        query = query.where(CannedReply.language == language)
    return (await session.execute(query)).scalars().all()


def facts(policy: PolicyExplanation | None, language: str, **known: str | None) -> dict[str, str]:
    """Values of placeholders: what is `known` of the conversation, and the policy's."""
    found = {name: value for name, value in known.items() if value}
    if policy is None:
        return found
    shop = policy.shop
    said: dict[str, Any] = {
        "shop": shop.name.get(language) or next(iter(shop.name.values()), None),
        "support_email": shop.support_email,
        "support_phone": shop.support_phone,
    }
    if policy.returns is not None:
        said |= {
            "return_days": policy.returns.terms.window_days,
            "refund_days": policy.returns.refund_days,
            "send_within_days": policy.returns.send_within_days,
        }
    return {name: str(value) for name, value in said.items() if value is not None} | found


def filled(words: str, values: Mapping[str, str]) -> str:
    """The words with what is known in the place of placeholders."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), words)


def suggest(
    replies: Sequence[CannedReply], turn: Turn | None, asked: str, language: str, values: Mapping[str, str]
) -> list[Suggestion]:
    """Replies that may fit, the likeliest first: by the intent that was understood, then by words in common.

    With nothing in common they come by title: an agent may look through them all.
    """
    ranked: list[tuple[float, int, Suggestion]] = []
    wanted = set(document_terms(asked)) - _NO_WORDS
    intent = turn.intent if turn is not None else None
    for content in (turn.unsent or []) if turn is not None else []:
        if words := str(content.get("text", "")).strip():
            ranked.append((-100.0, len(ranked), Suggestion("", words, "assistant")))
    for reply in replies:
        if reply.language == language:
            fit = _fit(reply.title, reply.words, reply.intents.split(","), wanted, intent)
            ranked.append((-fit, len(ranked), Suggestion(reply.title, filled(reply.words, values), "canned")))
    for known in locales.texts(language, "replies").values():
        fit = _fit(known["title"], known["words"], known["intents"], wanted, intent) - 0.01
        words = filled(known["words"], values)
        # A sentence of the policy is only said where the policy says something.
        if fit > 0.5 and not _PLACEHOLDER.search(words):
            ranked.append((-fit, len(ranked), Suggestion(known["title"], words, "policy")))
    return [suggestion for _, _, suggestion in sorted(ranked, key=lambda one: one[:2])][:SHOWN]


def _fit(title: str, words: str, intents: Sequence[str], wanted: set[str], intent: str | None) -> float:
    own = set(document_terms(f"{normalise(title)} {words}")) - _NO_WORDS
    shared = len(own & wanted) / max(1, len(wanted))
    return (2.0 if intent is not None and intent in intents else 0.0) + shared
