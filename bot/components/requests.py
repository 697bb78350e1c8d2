"""Splits a message into what it asks for, and says which request leads.

Shoppers put several things into one message ("hi, where's 489434? also I want to return the mug"). The whole message
and its parts are classified; the part that must not be missed leads: a wish for a person, then a question about an
order, then the rest. What leads is the message's intent, what else was clearly asked is kept beside it.
"""

from __future__ import annotations

import re
from typing import Callable, List, Sequence, Tuple

Ranking = Sequence[Tuple[str, float]]

_SEPARATORS = re.compile(
    r"[.?!;\n。？！；]+(?=\s|$|[^\d\w])|(?<=[\u4e00-\u9fff])[.?!;\n。？！；，,~～]+|[？！。；，]+"
    r"|,?\s+(?:and also|and then|but also|but|also|plus|besides|and)\s+|,\s+"
    r"|另外|还有就是|还有(?=我|想|能|可)|顺便|然后|而且"
)
_REQUESTS = ("ask_human", "report_not_received", "ask_refund", "track_order", "ask_contact", "out_of_scope")
"""The intents that are requests, in the order in which they lead."""
_CLEAR = {
    "ask_human": 0.8,
    "report_not_received": 0.75,
    "ask_refund": 0.75,
    "track_order": 0.75,
    "ask_contact": 0.75,
    "out_of_scope": 0.75,
}
_MINIMUM_LENGTH = 4
SAME_STEP = ("track_order", "provide_details", "report_not_received")
"""Intents that lead to the same step: between them there is nothing to clarify."""
UNCLEAR = 0.4


def settle(ranking: Ranking, has_identifiers: bool) -> List[Tuple[str, float]]:
    """The ranking without doubt that makes no difference.

    Asking about an order, giving its number and missing it lead to the same step, so their probabilities count
    together. A message that has a number and is otherwise not understood is taken as giving it.
    """
    scores = dict(ranking)
    first, *others = sorted(SAME_STEP, key=lambda intent: -scores.get(intent, 0.0))
    scores[first] = scores.get(first, 0.0) + sum(scores.pop(intent, 0.0) for intent in others)
    if has_identifiers and max(scores.values()) < UNCLEAR:
        scores["provide_details"] = 1.0 - max(scores.values())
    return sorted(scores.items(), key=lambda each: -each[1])


def parts(text: str) -> List[str]:
    """The clauses of `text` that are long enough to mean something."""
    return [part.strip() for part in _SEPARATORS.split(text) if part and _length(part) >= _MINIMUM_LENGTH]


def _length(part: str) -> int:
    """Characters, a Han character counting double."""
    return sum(2 if "\u4e00" <= character <= "\u9fff" else 1 for character in part.strip())


def lead(text: str, rank: Callable[[str], Ranking]) -> Tuple[List[Tuple[str, float]], List[str]]:
    """The ranking for the whole message with the leading request first, and what else was clearly asked."""
    whole = list(rank(text))
    clauses = parts(text)
    if len(clauses) < 2:
        return whole, []
    clear = {}
    for clause in clauses:
        intent, confidence = rank(clause)[0]
        if confidence >= _CLEAR.get(intent, 1.1):
            clear[intent] = max(confidence, clear.get(intent, 0.0))
    if whole[0][0] in _REQUESTS and whole[0][1] >= _CLEAR[whole[0][0]]:
        clear[whole[0][0]] = max(whole[0][1], clear.get(whole[0][0], 0.0))
    asked = [intent for intent in _REQUESTS if intent in clear]
    if not asked:
        return whole, []
    leading = asked[0]
    if whole[0][0] not in _REQUESTS and whole[0][1] >= 0.9 and clear[leading] < 0.9:
        return whole, asked
    rest = [(intent, confidence) for intent, confidence in whole if intent != leading]
    # Still probabilities: what the leading request does not take is shared out among the others as before.
    share = (1.0 - clear[leading]) / max(sum(confidence for _, confidence in rest), 1e-9)
    return [(leading, clear[leading]), *((intent, confidence * share) for intent, confidence in rest)], asked[1:]
