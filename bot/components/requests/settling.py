"""A ranking of intents without doubt that makes no difference, and without belief that is not earned."""

from __future__ import annotations

import re
from typing import Callable, List, Optional, Tuple

from .intents import BACKGROUND, SAME_STEP, UNCLEAR, Ranking

_ENDING = frozenset({"ask_human", "report_emergency", "insult"})
"""What ends the shopper's errand where it is taken wrongly."""
_FRAGMENT = re.compile(r"\W*(?:[^\W\u4e00-\u9fff]+\W*){1,3}|\W*(?:[\u4e00-\u9fff]\W*){1,4}")
"""A few words, or four Han characters: mostly a name that no example has."""
_SURE_OF_FRAGMENT = 0.9
_DECIDED_BY_THE_ORDER = (
    ("change_items", "exchange_items"),
    ("cancel_order", "cancel_reservation"),
    ("cancel_order", "return_items"),
)
"""Intents between which what the shopper has decides: what was sent is exchanged, what was not is changed."""


def settle(ranking: Ranking, has_identifiers: bool) -> List[Tuple[str, float]]:
    """The ranking without doubt that makes no difference.

    Asking about an order, giving its number and missing it lead to the same step, so their probabilities count
    together; so do those of changing what was not sent and exchanging what was, between which the order decides.
    What is only told around a request is no meaning of a message. A message that has a number and is otherwise not
    understood is taken as giving it.
    """
    scores = dict(ranking)
    # Not shared out among the others: a message that is nothing else is not understood, and asked about.
    scores.pop(BACKGROUND, None)
    for together in (SAME_STEP, *_DECIDED_BY_THE_ORDER):
        first, *others = sorted(together, key=lambda intent: -scores.get(intent, 0.0))
        scores[first] = scores.get(first, 0.0) + sum(scores.pop(intent, 0.0) for intent in others)
    if has_identifiers and max(scores.values()) < UNCLEAR:
        scores["provide_details"] = 1.0 - max(scores.values())
    return sorted(scores.items(), key=lambda each: -each[1])


_EMERGENCY = "report_emergency"
_IN_DANGER = re.compile(
    r"\b(?:caught (?:on )?fire|(?:is|['’]?s|are|was) on fire|went up in flames|burst into flames|electrocuted"
    r"|(?:got|gave|had|get) (?:\w+ ){0,2}an? (?:\w+ )?electric shock)\b"
    r"|\b(?<!ever )(?<!never )(?<!inbox )(?<!price )exploded\b(?! with)"
    r"|着火了|起火了|冒烟了|触电了|爆炸了|被电到|电到[我人孩手]",
    re.IGNORECASE,
)
"""What is said of harm and of nothing else."""
_SURE_OF_DANGER = 0.95


def doubted(text: str, ranking: List[Tuple[str, float]]) -> List[Tuple[str, float]]:
    """The ranking, without belief in a serious meaning of a fragment that is not clear: "the lead" is no emergency.

    A few words that no example has resemble some intent by chance. What calls a person or stops everything needs more.
    Danger told in plain words is believed whatever else is told beside it.
    """
    if _IN_DANGER.search(text) and not (ranking[0][0] == _EMERGENCY and ranking[0][1] >= _SURE_OF_DANGER):
        return [(_EMERGENCY, _SURE_OF_DANGER), *(each for each in ranking if each[0] != _EMERGENCY)]
    intent, confidence = ranking[0]
    if intent not in _ENDING or confidence >= _SURE_OF_FRAGMENT or not _FRAGMENT.fullmatch(text):
        return ranking
    return [(intent, min(confidence, UNCLEAR - 0.01)), *ranking[1:]]


_OPENING = re.compile(r"^\W*(?P<segment>[^,.!?;:，。！？；：~]+)[,.!?;:，。！？；：~]")
_FIRST_WORD = re.compile(r"^\W*(?P<word>[A-Za-z']+)\s")
_OPENING_SURE = 0.8
_YES_OR_NO = re.compile(
    r"(?:yes|yeah|yep|yup|ya|sure|ok|okay|okey|k|fine|right|correct|exactly|perfect|great|good|confirm(?:ed)?|absolutely"
    r"|definitely|please do|go ahead|no|nope|nah|not|never|don't|wrong)\b"
    r"|[好对行嗯是可没确成中不别错否]",
    re.IGNORECASE,
)
"""How a yes or a no begins: "wait", "actually" and "can you" are neither, whatever they resemble."""


def opening(text: str, rank: Callable[[str], Ranking]) -> Optional[str]:
    """`affirm` or `deny` when a longer message begins with a clear yes or no ("no, just the first"); else None."""
    for pattern in (_OPENING, _FIRST_WORD):
        match = pattern.match(text)
        if match is None or match.end() >= len(text.rstrip()) or not _YES_OR_NO.match(match.group(1).strip()):
            continue
        intent, confidence = rank(match.group(1))[0]
        if intent in ("affirm", "deny") and confidence >= _OPENING_SURE:
            return intent
    return None
