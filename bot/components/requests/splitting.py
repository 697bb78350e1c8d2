"""Splits a message into the requests that it holds, in the order in which they are answered.

Shoppers put several things into one message ("hi, where's 489434? also I want to return the mug").
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Callable, FrozenSet, Iterator, List, Optional, Sequence

from .clauses import HAN_SPACE, TURNS, clause_spans
from .intents import (
    ABOUT_ORDERS,
    BUYING,
    CLEAR,
    CONVERSATION,
    GOODS,
    NEEDS_A_THING,
    ORDERS_CHANGED,
    PAID,
    PLACING,
    PROBLEMS,
    SERIOUS,
    SURE,
    TASTE,
    WHO_AND_WHERE,
    Ranking,
    likeliest_wish,
    likely_wishes,
    same_family,
)
from .introductions import introduction_end
from .relations import (
    about_goods,
    belongs,
    completes_purchase,
    is_courtesy,
    of_another,
    only_names,
    only_says_what_to_do,
    only_says_why,
    stands_alone,
)
from .wording import (
    ALL_OF_IT,
    BARE_QUESTION,
    CONDITION,
    CONTINUES,
    DELIVERY_NOTE,
    DOES,
    IN_ORDERS,
    INTRODUCES,
    KEEPS,
    MONEY,
    MONEY_BACK,
    NOT_WANTED,
    ONES,
    ONLY_MONEY,
    OTHERWISE,
    PAYS,
    STAYS,
    TELLS_OF_GOODS,
    THE_SAME,
    TWO_WORDS,
    WISHED,
    asks,
    names_more,
    says_price,
)

Numbers = Callable[[str], FrozenSet[str]]
_SURE_SPACED = 0.9
"""The same where only a space stands before it."""
_SURE_TURNED = 0.2
"""The same of a question after words that turn to something else ("by the way …"): it is a request, whichever."""
_TOGETHER = ("ask_contact", "ask_opening_hours", "ask_location", "out_of_scope", *CONVERSATION)
"""Answered in passing beside a question about an order (`also_asked`): no reason to split a message."""
_SURE_OF_TASTE = 0.9
"""A name is taken for a taste ("I'm Thomas"), though never as surely as "I'm vegan" is."""
_PLACES_NAMED = frozenset({"find_store", "ask_location"})
"""What a town reads as alone: behind a street it is the rest of the address, unless something is asked."""


@dataclass(frozen=True)
class Request:
    """One thing that a message asks for: its words, and what they were understood as on their own.

    `ahead`: it is a question that was said after what it is answered before.
    """

    text: str
    intent: str
    ahead: bool = False


@dataclass(frozen=True)
class _Clause:
    """A clause of a message: where it stands, what it was taken for, and what its form tells."""

    text: str
    start: int
    end: int
    intent: str
    confidence: float
    sure: bool
    """Sure enough of it to be a request of its own."""
    numbers: FrozenSet[str]
    asks: bool
    marked: str
    """The mark behind it."""
    spaced: bool
    """Only a space of a Chinese message stands before it."""
    turned: bool
    """It asks, after words that come to something else ("by the way …")."""


@dataclass(frozen=True)
class _Group:
    """Clauses that make one request; without an intent what stands before the first."""

    intent: str
    start: int
    end: int
    numbers: FrozenSet[str]
    turned: bool = False

    def with_clause(self, clause: _Clause, intent: Optional[str] = None, start: Optional[int] = None) -> "_Group":
        return replace(
            self,
            intent=self.intent if intent is None else intent,
            start=self.start if start is None else start,
            end=clause.end,
            numbers=self.numbers | clause.numbers,
            turned=self.turned or (start is not None and clause.turned),
        )


def split_requests(text: str, rank: Callable[[str], Ranking], numbers_in: Numbers) -> List[Request]:
    """The requests of `text` in the order in which they are to be answered; empty when it is to be taken whole.

    Clauses that continue a request stay with it: the same kind of change of the same order, conditions ("if there is
    none, leave it"), preferences ("money onto my card"), what is neither. A wish for a person is never split off.
    `numbers_in` gives the order numbers of a clause.
    """
    clauses = _with_what_is_kept(list(_read_clauses(text, rank, numbers_in)))
    if any(each.intent == "ask_human" and each.confidence >= CLEAR["ask_human"] for each in clauses):
        return []
    if any(IN_ORDERS.search(one.text) and NOT_WANTED.fullmatch(after.text) for one, after in pairwise(clauses)):
        # 两单里都有口红，都不要了: what is named and that it goes are one request.
        return []
    about_goods_at = [each.start for each in clauses if about_goods(each.text, rank)]
    groups: List[_Group] = []
    told = conditional = False
    for clause in clauses:
        told = _tells_on(clause, told)
        story = bool(about_goods_at) and clause.start < about_goods_at[-1] and _is_story(clause, told)
        before = groups[-1].intent if groups else None
        starts = _may_start(clause) and not conditional and not story and not (groups and _goes_on(clause, before))
        conditional = CONDITION.search(clause.text) is not None
        _take(groups, clause, starts, text, rank)
    intents = {each.intent for each in groups}
    if len(groups) < 2 or intents <= ABOUT_ORDERS.union(_TOGETHER):
        return []
    return _in_order(groups, text)


def _with_what_is_kept(clauses: Sequence[_Clause]) -> List[_Clause]:
    """What is kept, said right before what goes, is a part of that: 留贵的那个，便宜的取消."""
    read = list(clauses)
    for place, (clause, after) in enumerate(pairwise(clauses)):
        if KEEPS.match(clause.text) and after.intent in _GOES:
            read[place] = replace(clause, intent=after.intent, sure=True)
    return read


_GOES = frozenset({"cancel_order", "return_items"})


def _read_clauses(text: str, rank: Callable[[str], Ranking], numbers_in: Numbers) -> Iterator[_Clause]:
    behind, introduced = 0, introduction_end(text)
    for start, end in clause_spans(text):
        clause = text[start:end]
        turns, behind = TURNS.search(text[behind:start]) is not None, end
        intent, confidence = likeliest_wish(rank(clause))
        asked = asks(text, start, end)
        sure = confidence >= (CLEAR[intent] if intent in SERIOUS else SURE)
        spaced = start > 0 and HAN_SPACE.match(text, start - 1) is not None
        if spaced:
            wishes = WISHED.search(clause) is not None or asked
            sure = confidence >= _SURE_SPACED and wishes and not MONEY_BACK.fullmatch(clause)
        if (intent == "out_of_scope" and HAN_SPACE.search(text)) or end <= introduced:
            sure = False
        if turns and asked:
            intent, confidence = next(
                (each for each in likely_wishes(rank(clause)) if each[0] not in CONVERSATION), (intent, confidence)
            )
            sure = sure or (confidence >= _SURE_TURNED and intent not in SERIOUS)
        marked, turned = text[end : end + 1], turns and asked
        yield _Clause(clause, start, end, intent, confidence, sure, numbers_in(clause), asked, marked, spaced, turned)


def _may_start(clause: _Clause) -> bool:
    """Whether a clause may be a request of its own, whatever stands before it."""
    if clause.intent in CONVERSATION or not clause.sure or CONTINUES.match(clause.text):
        return False
    return not (INTRODUCES.fullmatch(clause.text) and clause.confidence < _SURE_OF_TASTE)


def _tells_on(clause: _Clause, told: bool) -> bool:
    """Whether a clause tells what came or was bought, or goes on `told`, what was told before it."""
    tells = TELLS_OF_GOODS.match(clause.text)
    if clause.asks or WISHED.search(clause.text[tells.end() if tells else 0 :]):
        return False
    return tells is not None or (told and clause.intent in BUYING)


def _is_story(clause: _Clause, told: bool) -> bool:
    """Whether a clause before what is wanted of goods only leads up to it."""
    return told or (clause.intent in ABOUT_ORDERS and not clause.asks)


def _goes_on(clause: _Clause, before: Optional[str]) -> bool:
    """Whether a clause belongs to the request before it (`before`, empty where none began yet)."""
    text, of_goods = clause.text, before in GOODS | PROBLEMS
    if says_price(text) or BARE_QUESTION.fullmatch(text):
        return True
    if of_goods and names_more(text) and not DOES.search(text):
        return True
    if TWO_WORDS.fullmatch(text) and not clause.asks and not WISHED.search(text):
        return True
    if before in ORDERS_CHANGED and OTHERWISE.match(text):
        return True
    if of_goods and (THE_SAME.fullmatch(text) or STAYS.match(text) or MONEY_BACK.fullmatch(text)):
        return True
    if of_goods and MONEY.match(text) and (clause.intent not in GOODS or ONLY_MONEY.fullmatch(text)):
        return True
    if before is not None and (ALL_OF_IT.fullmatch(text) or (MONEY.match(text) and ONLY_MONEY.fullmatch(text))):
        return True
    if before in _GOES and ONES.fullmatch(text):
        return True
    if before in PAID and PAYS.match(text):
        return True
    if before in WHO_AND_WHERE and (DELIVERY_NOTE.match(text) or (clause.intent in _PLACES_NAMED and not clause.asks)):
        return True
    if before == PLACING and completes_purchase(text, clause.intent, asked=clause.marked):
        return True
    return before is not None and not clause.turned and belongs(before, text, asked=clause.asks)


def _take(groups: List[_Group], clause: _Clause, starts: bool, text: str, rank: Callable[[str], Ranking]) -> None:
    """Adds `clause` to the last of `groups`, or as a group of its own."""
    if not groups:
        groups.append(_Group(clause.intent if starts else "", clause.start, clause.end, clause.numbers, clause.turned))
        return
    last = groups[-1]
    before, named = last.intent, text[last.start : clause.start]
    if not before and starts:
        # What stood before the first request belongs to it, unless it was a greeting alone.
        alone = not last.numbers and is_courtesy(named, rank)
        groups[-1] = last.with_clause(clause, clause.intent, clause.start if alone else None)
    elif starts and _completes(before, named, clause):
        groups[-1] = last.with_clause(clause, clause.intent)
    elif not starts or _same_request(last, clause):
        groups[-1] = last.with_clause(clause)
    else:
        groups.append(_Group(clause.intent, clause.start, clause.end, clause.numbers, clause.turned))


def _completes(before: str, named: str, clause: _Clause) -> bool:
    """Whether a clause says what is wanted, and what was said before it only named or explained that."""
    if before == "not_interested" and clause.intent in GOODS:
        # Why comes first: not to my liking, may it go back?
        return True
    if (clause.spaced or clause.intent in NEEDS_A_THING) and only_names(before, named):
        return True
    if _says_why_of(before, clause):
        return False
    wanted = clause.intent in GOODS | {"return_in_store"} and only_says_why(before, named)
    return wanted or only_says_what_to_do(before, named, clause.intent, clause.text)


def _says_why_of(before: str, clause: _Clause) -> bool:
    return before in GOODS | {"return_in_store"} and only_says_why(clause.intent, clause.text)


def _same_request(last: _Group, clause: _Clause) -> bool:
    """Whether a clause that could stand alone asks for what the group before it asks for, of the same order."""
    if _says_why_of(last.intent, clause):
        return True
    other = bool(clause.numbers and last.numbers and not clause.numbers & last.numbers)
    if not same_family(last.intent, clause.intent) or (other and clause.intent not in ABOUT_ORDERS):
        return False
    return not of_another(last.intent, clause.intent, clause.text)


def _in_order(groups: Sequence[_Group], text: str) -> List[Request]:
    """What is told in passing first, then the questions, and the rest as it was said."""
    changed = any(each.intent in ORDERS_CHANGED for each in groups)

    def rank_of(group: _Group) -> int:
        if group.intent == TASTE:
            return 0
        # "Who pays for the postage?" is about what is sent back, unless it turns to something else.
        about_it = group.intent == "ask_delivery_cost" and changed and not group.turned
        return 1 if not about_it and stands_alone(group.intent, text, group.start, group.end) else 2

    order = sorted(groups, key=rank_of)
    return [
        Request(
            text[each.start : each.end].strip(), each.intent, ahead=rank_of(each) == 1 and place < groups.index(each)
        )
        for place, each in enumerate(order)
    ]
