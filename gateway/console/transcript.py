"""A transcript as the console's island draws it, and words for the console's pages: times, lengths, shares.

The island has the one drawing of a message (gateway/widget/src/console/line.tsx); here is what it draws from. Whatever
depends on the reader's language or on the shop's settings is put into words here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from babel.dates import format_datetime

from gateway import locales
from gateway.conversations.models import OPEN_TURN_STATES, Conversation, Message, Turn
from shopdesk_schemas.content import Schema

_BABEL = {"en": "en_GB", "zh": "zh_Hans_CN"}

PAGE_LINES: Final = 200
"""So many lines are sent at once; the island fetches the others by itself."""

_GUESSES: Final = 10

_WORD_GROUPS: Final = ("author_", "desk", "failure_", "timing_", "turn_")
_WORDS: Final = frozenset({
    "actions", "attempts", "buttons_offered", "delivered", "entities", "image", "intent", "merged_from", "messages",
    "model", "no_intent", "order", "parcel", "promised", "ranking", "review_this", "show", "timings", "total",
    "understood", "unsent", "unsent_failed", "unsent_pending",
})  # fmt: skip


class Guess(Schema):
    """An intent or an action with how sure the assistant was, in words; null: it is not rated."""

    name: str
    percent: str | None


class Named(Schema):
    """An entity or a time under its name, as text."""

    name: str
    value: str


class TurnView(Schema):
    """What was understood and done, beside the last of the shopper's messages that are answered together."""

    id: str
    seq: int
    state: str
    failure: str | None
    attempts: int
    intent: str | None
    percent: str
    understood: bool
    unsure: bool
    entities: list[Named]
    actions: list[Guess]
    timings: list[Named]
    ranking: list[Guess]
    model: str | None
    unsent: list[dict[str, Any]]
    """Replies that were not sent, as contents."""


class Unsent(Schema):
    """That a message has not gone out to its platform, and why."""

    kind: Literal["pending", "failed"]
    why: str


class LineView(Schema):
    """One message of a transcript."""

    seq: int
    author: str
    at: datetime
    at_text: str
    content: dict[str, Any]
    reply_to: int | None
    delivered: bool
    unsent: Unsent | None
    turn: TurnView | None
    settled: bool
    """Nothing of it changes any more: no answer and no delivery is awaited."""


class MergedView(Schema):
    """Another conversation that is read in this one."""

    id: str
    opened_text: str


class TranscriptView(Schema):
    """Some of a transcript's lines in order; whether there are `earlier` ones, or `later` than were asked for."""

    lines: list[LineView]
    merged: list[MergedView]
    earlier: bool
    later: bool


@dataclass(frozen=True)
class Drawing:
    """For whom lines are put into words."""

    language: str
    low_confidence: float
    shown: Callable[[dict[str, Any]], dict[str, Any]]
    """A stored content as a reader gets it: pictures with links that open."""

    def lines(
        self, messages: Sequence[Message], turns: Mapping[str, Turn], unsent: Mapping[int, tuple[str, str]]
    ) -> list[LineView]:
        """`messages` as lines. `turns` by id; `unsent` has the outbox's state and reason by message id."""
        return [self._line(message, turns.get(message.turn_id or ""), unsent.get(message.id)) for message in messages]

    def merged(self, conversations: Sequence[Conversation]) -> list[MergedView]:
        """Other conversations that are read in one, named by when they were opened."""
        return [MergedView(id=one.id, opened_text=when(one.created_at, self.language)) for one in conversations]

    def _line(self, message: Message, turn: Turn | None, unsent: tuple[str, str] | None) -> LineView:
        own = turn if message.author == "shopper" else None
        return LineView(
            seq=message.seq,
            author=message.author,
            at=message.at,
            at_text=when(message.at, self.language),
            content=self.shown(message.content),
            reply_to=message.reply_to,
            delivered=message.delivered_at is not None,
            unsent=_unsent(*unsent, self.language) if unsent is not None else None,
            turn=self._turn(own) if own is not None and own.last_seq == message.seq else None,
            settled=(own is None or own.state not in OPEN_TURN_STATES)
            and (message.author == "shopper" or message.delivered_at is not None),
        )

    def _turn(self, turn: Turn) -> TurnView:
        understanding = turn.understanding or {}
        return TurnView(
            id=turn.id,
            seq=turn.last_seq,
            state=turn.state,
            failure=turn.failure,
            attempts=turn.attempts,
            intent=turn.intent,
            percent=percent(turn.confidence),
            understood=bool(understanding),
            unsure=turn.confidence is None or turn.confidence < self.low_confidence,
            entities=[
                Named(name=one["entity"], value=entity_value(one["value"])) for one in understanding.get("entities", [])
            ],
            actions=[_guess(one) for one in turn.actions or []],
            timings=[Named(name=part, value=f"{value:.0f} ms") for part, value in (turn.timings_ms or {}).items()],
            ranking=[_guess(one) for one in understanding.get("ranking", [])[:_GUESSES]],
            model=turn.model,
            unsent=[self.shown(content) for content in turn.unsent or []],
        )


def _unsent(state: str, error: str, language: str) -> Unsent:
    return Unsent(kind="failed" if state == "failed" else "pending", why=reason(error, language))


def _guess(one: Mapping[str, Any]) -> Guess:
    sure = one.get("confidence")
    return Guess(name=one["name"], percent=None if sure is None else percent(sure))


def island_words(texts: Mapping[str, Any]) -> dict[str, str]:
    """Of the console's words those which the island says."""
    return {key: words for key, words in texts.items() if key in _WORDS or key.startswith(_WORD_GROUPS)}


def when(at: datetime, language: str) -> str:
    """A time for agents: day and minute, UTC, as the page says."""
    return format_datetime(
        at, "d MMM y, HH:mm:ss" if language == "en" else "y年M月d日 HH:mm:ss", locale=_BABEL[language]
    )


def percent(value: float | None) -> str:
    """A confidence: '97 %'; a dash when there is none."""
    return "–" if value is None else f"{value * 100:.0f} %"


def entity_value(value: Any) -> str:
    """An entity's value as text."""
    return value if isinstance(value, str) else repr(value)


def excerpt(message: Message | None, length: int = 120) -> str:
    """The beginning of what a message says."""
    words = str(message.content.get("text", "")) if message is not None else ""
    return words if len(words) <= length else words[: length - 1] + "…"


def reason(error: str, language: str) -> str:
    """Why a message did not go out: our own reasons in the agent's language, a platform's as it gave them."""
    return str(locales.texts(language, "console").get(f"unsent_{error}", error))
