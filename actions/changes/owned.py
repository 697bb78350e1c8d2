"""What is owned or on order is changed, never bought: "one of the two planters in white".

Words for a purchase look alike; what tells them apart is that the thing is said to be the shopper's already.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from actions.resolver import LineCandidate, resolve_lines

_OWNED: Final = re.compile(
    r"\bon order\b|\b(?:i|we)(?:'ve| have)? (?:already |just )?(?:received|ordered|bought)\b"
    r"|\b(?:one|both|either|all|two|half) of (?:the|my) (?:two|three|four|five|\d)\b"
    r"|\b(?:the|that|those) (?:\w+ ){0,2}\w+ (?:i|we)(?:'ve| have)? (?:already )?(?:have|got|own)\b(?! to)"
    r"|\bin (?:my|today'?s|yesterday'?s|the (?:open|unsent|new|newer|older|last|latest)) order\b"
    r"|\b(?:is|are|was|were|'s) (?:far |way |a bit |much )?too "
    r"(?:big|small|large|heavy|long|short|tight|loose|wide|loud)\b"
    r"|我?(?:之前|上次|昨天|今天|刚刚?|刚才)?(?:买|订|拍|下单?)的(?!时候|话|是)|(?:已经)?收到的|没发货?的|还没发|在途"
    r"|[两三四]\w?(?:里|里面|中)的?(?:一|两)|有点?(?:大|小|长|短|紧|松|重)了|太(?:大|小|长|短|紧|松|重)了?",
    re.IGNORECASE,
)
_BUYS: Final = re.compile(
    r"\b(?:buy(?:ing)?|purchase|another|one more|a second|reorder|again|add(?:ing)? (?:an?|another|one|two|some|the)"
    r"|(?:to|can i|i'd|i'll|let me|could i) order|order (?:an?|another|one|two|some|me)|basket|cart|new one)\b"
    r"|^\W*(?:please )?order\b"
    r"|再(?:买|来|订|下|要)|(?:想|要|我)买(?!的)|另外买|加购|新买|下单(?!的)",
    re.IGNORECASE,
)
_NAMES: Final = frozenset({"name", "near_name", "option"})


def says_owned(text: str) -> bool:
    """Whether words say that a thing is on order or received, and of none that it is to be bought."""
    return _OWNED.search(text) is not None and _BUYS.search(text) is None


def owned_lines(text: str, lines: Sequence[LineCandidate], *, today: date) -> bool:
    """Whether goods of the shopper's orders are named in such words."""
    if not says_owned(text):
        return False
    # What it is to become may be said with it: "the tent on order: one for four".
    said = (text, *re.split(r"[,.:;，。：；]\s*", text))
    found = [match for words in said for match in resolve_lines(words, lines, today=today).matches]
    return any(reason.kind in _NAMES for match in found for reason in match.reasons)
