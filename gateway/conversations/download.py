"""A conversation as a text file that a shopper may keep."""

from __future__ import annotations

from collections.abc import Sequence

from gateway import locales
from gateway.conversations.models import Message
from gateway.handover.wording import moment


def transcript(messages: Sequence[Message], language: str, timezone: str) -> str:
    """Each message with when (in the IANA zone `timezone`, which is named) and by whom, oldest first."""
    head = locales.text(language, "chat", "transcript_head", timezone=timezone)
    parts = [head]
    for message in messages:
        author = locales.text(language, "chat", f"author_{message.author}")
        words = str(message.content.get("text", "")).strip()
        buttons = [f"  [{button['label']}]" for button in message.content.get("buttons", ())]
        parts.append("\n".join([f"{moment(message.at, timezone, language)} · {author}", words, *buttons]))
    return "\n\n".join(parts) + "\n"
