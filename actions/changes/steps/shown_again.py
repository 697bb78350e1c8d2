"""The one version that is offered, said once more by what it is."""

from __future__ import annotations

import re
from typing import Final

from actions.changes.steps.step import Step
from actions.resolver.text import fold

_FILLS: Final = re.compile(
    r"\b(?:the|a|an|one|please|pls|then|that|in|ok|okay|yes|it|i['’]?ll|take|want|have)\b"
    r"|[那就要选拿个款吧好了的]|[^\w\u4e00-\u9fff]+"
)


def says_version_shown(step: Step) -> bool:
    """Whether a message says nothing but values of the one version offered: "medium", of medium, 11 speed, carbon."""
    request = step.dialogue.request
    if len(request.shown) != 1 or step.turn.pressed or re.search(r"[?？吗呢]", step.turn.text):
        return False
    titles = [str(button["title"]) for button in request.question.get("buttons") or []]
    words = {word for title in titles[:1] for word in re.split(r"[\s,、，/]+", fold(title))}
    said = _FILLS.sub(" ", fold(step.turn.text)).split()
    return bool(said) and set(said) <= words
