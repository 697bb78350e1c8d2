"""One piece of a line of several, spoken of as "the second kettle": that is no place in a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from actions.resolver.candidates import LineCandidate
from actions.resolver.lines import resolve_lines

_SECOND: Final = re.compile(
    r"\b(?:the|my|that) (?:second|2nd|spare|extra|duplicate|surplus) "
    r"(?P<thing>(?!orders?\b)[a-z][a-z'-]+(?: (?!orders?\b)[a-z][a-z'-]+)?)(?! orders?\b)",
    re.IGNORECASE,
)
_SECOND_HAN: Final = re.compile(
    r"(?:第二|多(?:出来)?的那|多余的那?|重复的那?)[个件条双只台块套把张副盏支辆本](?P<thing>[\u4e00-\u9fff]{1,6}?)(?=[，。,.;；!！?？取退不也都和跟及、]|$)"
)


def second_piece_as_one(text: str, lines: Sequence[LineCandidate], *, today: date) -> str:
    """`text` with "one kettle" for "the second kettle", where one of `lines` is called so and has several pieces."""

    def one(said: re.Match[str]) -> str:
        thing = said["thing"]
        found = resolve_lines(thing, lines, today=today)
        if len(found.matches) != 1 or found.matches[0].candidate.changeable < 2:
            return said.group()
        return f"one {thing}" if thing.isascii() else f"一个{thing}"

    return _SECOND_HAN.sub(one, _SECOND.sub(one, text))
