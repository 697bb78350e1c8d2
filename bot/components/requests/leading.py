"""Which of the things that a message asks for is its intent, and what else was clearly asked.

Shoppers put several things into one message. The whole message and its parts are classified; the part that must not be
missed leads: a wish for a person, then a question about an order, then the rest.
"""

from __future__ import annotations

import re
from typing import Callable, Dict, List, Optional, Sequence, Tuple

from .clauses import HAN_SPACE, clause_spans, parts, without_connective
from .intents import (
    ABOUT_ORDERS,
    BACKGROUND,
    CLEAR,
    CLEAR_PROBLEM,
    COMPLETES_PURCHASE,
    CONVERSATION,
    PAID,
    PLACING,
    PROBLEMS,
    SURE,
    UNCLEAR,
    UNCLEAR_WHOLE,
    Ranking,
    likeliest_wish,
)
from .introductions import introduction_end, only_names
from .relations import about_goods, changes_an_order, completes_purchase
from .wording import CONDITION, CONTINUES, MONEY, MONEY_BACK, ONLY_MONEY, PAYS, WAY_BACK, asks

_REQUESTS = ("ask_human", "report_not_received", "ask_refund", "track_order", "ask_contact", "out_of_scope")
"""The intents that are requests, in the order in which they lead."""
_LEAD_OVER_TRACKING = PROBLEMS | {"chase_dispatch"}
"""What is wrong is more than where the parcel is: "it came today and the lamp is smashed"."""
_SUPPOSED = frozenset({"ask_delivery_options", "ask_delivery_cost"})
"""What is asked of an order that is only thought of: "if I ordered tonight, when would it come?"."""


def clear_in(clauses: Sequence[str], rank: Callable[[str], Ranking]) -> Dict[str, float]:
    """What clauses clearly ask for, whatever it is, with how sure that is."""
    found: Dict[str, float] = {}
    for clause in clauses:
        intent, confidence = rank(clause)[0]
        if confidence >= CLEAR_PROBLEM:
            found[intent] = max(confidence, found.get(intent, 0.0))
    return found


def _clearest(
    whole: List[Tuple[str, float]], clauses: Sequence[str], rank: Callable[[str], Ranking]
) -> List[Tuple[str, float]]:
    """The ranking of the clause that says more clearly what the whole says too, where no other clause disagrees.

    What people add ("… , I changed my mind") belongs to no intent and only blurs the one there is.
    """
    rankings = [list(rank(clause)) for clause in clauses]
    asking = [each for each in rankings if each[0][0] not in CONVERSATION and each[0][1] >= SURE]
    if whole[0][0] == BACKGROUND and asking:
        return max(asking, key=lambda each: each[0][1])
    if whole[0][1] < UNCLEAR_WHOLE or whole[0][0] in _OUTBURSTS:
        asked = [tail for tail in (_tail_question(clause, rank) for clause in clauses) if tail is not None]
        if len({tail[0][0] for tail in asked}) == 1:
            return asked[0]
    if whole[0][1] < UNCLEAR_WHOLE:
        clear = [
            each
            for each in rankings
            if each[0][0] not in CONVERSATION and each[0][0] != "out_of_scope" and each[0][1] >= CLEAR_PROBLEM
        ]
        if len({each[0][0] for each in clear}) == 1:
            return max(clear, key=lambda each: each[0][1])
    placing = [each for each in rankings if each[0][0] == PLACING and each[0][1] >= CLEAR_PROBLEM]
    if (
        placing
        and whole[0][0] in COMPLETES_PURCHASE
        and all(
            each in placing or each[0][0] in CONVERSATION or completes_purchase(clause, each[0][0])
            for clause, each in zip(clauses, rankings, strict=True)
        )
    ):
        return max(placing, key=lambda each: each[0][1])
    same = [each for each in rankings if each[0][0] == whole[0][0] and each[0][1] > whole[0][1]]
    others = [each for each in rankings if each[0][0] != whole[0][0] and each[0][0] not in CONVERSATION]
    if not same or any(each[0][1] >= CLEAR_PROBLEM for each in others):
        return whole
    return max(same, key=lambda each: each[0][1])


_OUTBURSTS = frozenset({"insult", "complain", "praise"})
_QUESTION_WITHIN = re.compile(
    r"(?<=\w)\s+(?=(?:where|when|why|what)"
    r"(?:'?s|'?re| the| is| are| has| have| did| does| do| will| would)?\s+(?!i\b))",
    re.IGNORECASE,
)
_LEADS_TO_QUESTION = re.compile(
    r"\b(?:know|me|see|check|idea|sure|ask|asked|asking|wonder|wondering|tell|told|find|understand|on|to|about|of|at|in"
    r"|from|for|and|or|that|like|explain|say|said|says)$",
    re.IGNORECASE,
)
"""After such a word a question is part of the sentence: "I want to know where it is"."""


def _tail_question(clause: str, rank: Callable[[str], Ranking]) -> Optional[List[Tuple[str, float]]]:
    """What a question asks that follows an outburst without a stop: "this is a joke where is my parcel"."""
    for match in _QUESTION_WITHIN.finditer(clause):
        if _LEADS_TO_QUESTION.search(clause[: match.start()]):
            continue
        ranking = list(rank(clause[match.end() :]))
        if ranking[0][0] not in CONVERSATION and ranking[0][1] >= CLEAR_PROBLEM:
            return ranking
    return None


def _without_asides(text: str, rank: Callable[[str], Ranking]) -> str:
    """`text` without what is said around a change of an order: the story before it, where money goes, the postage."""
    spans = list(clause_spans(text))
    plain = text
    for start, end in reversed(spans[1:]):
        clause = text[start:end]
        money = MONEY.match(clause) and (ONLY_MONEY.fullmatch(clause) or not changes_an_order(clause, rank))
        postage = asks(text, start, end) and WAY_BACK.search(clause)
        money = money or (MONEY_BACK.fullmatch(clause) and changes_an_order(text[:start], rank))
        if money or postage or PAYS.match(clause):
            plain = plain[:start] + plain[end:]
    if plain != text and (
        changes_an_order(plain, rank) or likeliest_wish(rank(plain))[0] in PAID | {"ask_return_policy"}
    ):
        text = plain
        spans = list(clause_spans(text))
    changes = [place for place, (start, end) in enumerate(spans) if about_goods(text[start:end], rank)]
    if not changes or len(spans) < 2:
        return text
    kept = text
    for place, (start, end) in reversed(list(enumerate(spans))):
        clause = text[start:end]
        story = place < changes[-1] and rank(clause)[0][0] in ABOUT_ORDERS and not asks(text, start, end)
        money = place > changes[0] and place not in changes and MONEY.match(clause) is not None
        if story or money:
            kept = kept[:start] + kept[end:]
    return kept.strip() or text


_TAKES_BACK = re.compile(
    r"^\W*(?:(?:oh |no |ok |well )?(?:never ?mind|forget (?:it|that)|scrap that|on second thoughts?|no wait)(?: then)?"
    r"|算了|不对|等等|等一下)"
    r"(?:[\s,，。.!！;；~]+|(?=还是|改成|换成|我还是|直接))(?=\S)",
    re.IGNORECASE,
)
"""How a message begins that takes back what was said before and goes on with something else."""


def _instead(text: str, rank: Callable[[str], Ranking]) -> str:
    """`text` without taking back what was said before, where it goes on with a request."""
    taken_back = _TAKES_BACK.match(text)
    if taken_back is None:
        return text
    rest = text[taken_back.end() :]
    intent, confidence = likeliest_wish(rank(rest))
    return rest if intent not in CONVERSATION and confidence >= SURE else text


def lead(text: str, rank: Callable[[str], Ranking]) -> Tuple[List[Tuple[str, float]], List[str]]:
    """The ranking for the whole message with the leading request first, and what else was clearly asked."""
    text = _without_asides(_instead(without_connective(text[introduction_end(text) :]), rank), rank)
    clauses = parts(text)
    whole = _clearest(list(rank(text)), clauses, rank)
    if len(clauses) < 2:
        return whole, []
    clear = {}
    spaced = HAN_SPACE.search(text) is not None
    for clause in clauses:
        intent, confidence = rank(clause)[0]
        if intent in ABOUT_ORDERS and CONTINUES.match(clause):
            # "It's in my latest order" says where to find what is asked for before it.
            continue
        if intent == "out_of_scope" and (spaced or only_names(clause)):
            # Half of what was said is not enough to send somebody away.
            continue
        if confidence >= CLEAR.get(intent, 1.1):
            clear[intent] = max(confidence, clear.get(intent, 0.0))
    if whole[0][0] in _REQUESTS and whole[0][1] >= CLEAR[whole[0][0]]:
        clear[whole[0][0]] = max(whole[0][1], clear.get(whole[0][0], 0.0))
    asked = [intent for intent in _REQUESTS if intent in clear]
    if not asked:
        return whole, []
    leading = asked[0]
    if spaced and leading != "ask_human" and whole[0][0] not in CONVERSATION and whole[0][1] >= UNCLEAR_WHOLE:
        # The whole is understood: what a piece of it alone resembles does not lead.
        return whole, asked
    if leading in ABOUT_ORDERS and whole[0][0] in _SUPPOSED and any(map(CONDITION.search, clauses)):
        return whole, asked
    if leading in ABOUT_ORDERS and whole[0][0] in _LEAD_OVER_TRACKING and whole[0][1] >= UNCLEAR:
        return whole, asked
    told = {intent: sure for intent, sure in clear_in(clauses, rank).items() if intent in _LEAD_OVER_TRACKING}
    if leading in ("track_order", "out_of_scope") and told:
        leading = max(told, key=lambda intent: told[intent])
        clear[leading] = told[leading]
    if whole[0][0] not in _REQUESTS and whole[0][1] >= 0.9 and clear[leading] < 0.9:
        return whole, asked
    rest = [(intent, confidence) for intent, confidence in whole if intent != leading]
    # Still probabilities: what the leading request does not take is shared out among the others as before.
    share = (1.0 - clear[leading]) / max(sum(confidence for _, confidence in rest), 1e-9)
    return [(leading, clear[leading]), *((intent, confidence * share) for intent, confidence in rest)], asked[1:]
