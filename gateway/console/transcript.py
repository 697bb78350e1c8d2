"""Words for the console's pages: times, lengths, and what stands beside a message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.dates import format_datetime

from gateway import locales
from gateway.conversations.models import Message, Turn

_BABEL = {"en": "en_GB", "zh": "zh_Hans_CN"}


@dataclass(frozen=True)
class Line:
    """One message of a transcript, and the turn to show beside it (on the turn's last shopper message only)."""

    message: Message
    turn: Turn | None


def lines(messages: list[Message], turns: dict[str, Turn]) -> list[Line]:
    """A transcript's lines in order."""
    result = []
    for message in messages:
        turn = turns.get(message.turn_id or "") if message.author == "shopper" else None
        result.append(Line(message, turn if turn is not None and turn.last_seq == message.seq else None))
    return result


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
