"""A yes behind a moment's doubt, or beside what stays as it is: "no wait, ok do it", 就要这个，电脑不动，确认."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from actions.changes.agreeing import agreement
from actions.changes.plain_yes import is_yes
from actions.resolver import LineCandidate, resolve_lines

_DOUBT: Final = re.compile(
    r"^\W*(?:(?:no+|nope|nah|hm+|oh|ah|wait|hold on|hang on|actually|sorry|well|not that|等等|等一下|等下|等会儿?|不对|哦|噢|啊)\W+)+",  # noqa: E501
    re.IGNORECASE,
)
_SURE: Final = re.compile(
    r"\b(?:yes|yeah|yep|do it|do that|go (?:on|ahead|for it)|confirm(?:ed)?|proceed)\b|确认|办吧|办理|可以|就这样",
    re.IGNORECASE,
)
_KEPT: Final = re.compile(
    r"(?:(?<=[，,。;；!！\s])|^)(?P<zh>[^，,。;；!！\s]{1,10}?)(?:就|都|先|也)*(?:不动|不变|不用动|不用换|照旧|保持不变|保留|留着)(?:了|吧)?(?=[，,。;；!！\s]|$)"
    r"|(?:(?<=[,.;!])|^)\s*(?:and |but )?(?:the|my) (?P<en>[a-z][a-z -]{1,30}?) (?:stays?|remains?)(?: (?:as (?:it|they) (?:is|are)|there|put|unchanged))?(?=\s*[,.;!]|\s*$)"  # noqa: E501
    r"|(?:(?<=[,.;!])|^)\s*(?:and |but )?(?:leave|keep) (?:the|my) (?P<kept>[a-z][a-z -]{1,30}?)(?: (?:as (?:it|they) (?:is|are)|alone|unchanged))?(?=\s*[,.;!]|\s*$)",  # noqa: E501
    re.IGNORECASE,
)


def without_doubt(text: str) -> str:
    """`text` without a doubt in front that a plain yes takes back: "no wait"; as it is where none follows."""
    doubt = _DOUBT.match(text)
    if doubt is None:
        return text
    rest = text[doubt.end() :]
    head = re.split(r"[.!;。！；]", rest, maxsplit=1)[0]
    return rest if _SURE.search(head) and (is_yes(rest) or is_yes(head) or agreement(rest) is not None) else text


def says_yes_all_the_same(text: str) -> bool:
    """Whether `text` reads as a yes once doubt, and whatever is said to stay, is left out."""
    return is_yes(_KEPT.sub(" ", without_doubt(text)))


def agrees_all_the_same(text: str, lines: Sequence[LineCandidate], meant: Sequence[str], *, today: date) -> bool:
    """Whether `text` is a yes once doubt is left out, and what is said to stay: none of the lines that are `meant`."""
    said = without_doubt(text)
    kept = [next(filter(None, found.groups()), "") for found in _KEPT.finditer(said)]
    if said == text and not kept:
        return False
    named = {match.candidate.key for words in kept for match in resolve_lines(words, lines, today=today).matches}
    return not named & set(meant) and is_yes(_KEPT.sub(" ", said))


__all__ = ["agrees_all_the_same", "says_yes_all_the_same", "without_doubt"]
