"""Which orders are left by what is said beside the goods: how far they are, their day, what else is in them. Pure.

"The sunglasses I ordered today, in black" leaves today's orders, whatever else is black; "the one with the watch" is
said of the order that has the watch, and nothing is wanted of the watch.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from actions.resolver.candidates import LineCandidate, OrderCandidate
from actions.resolver.dates import dates_in
from actions.resolver.lines import resolve_lines
from actions.resolver.resolution import Match

_OPEN: Final = re.compile(
    r"\bon order\b|\b(?:have|had)(?:n'?t| not) (?:yet )?(?:been )?(?:sent|shipped|dispatched|left)\b"
    r"|\b(?:has|is|are|was|were)(?:n'?t| not) (?:yet )?(?:been )?(?:sent|shipped|dispatched|left|gone out)\b"
    r"|\bnot (?:yet )?(?:been )?(?:sent|shipped|dispatched)\b|\bun(?:sent|shipped|dispatched)\b"
    r"|\b(?:open|pending|unsent|current) order\b|\bstill (?:to come|coming|open|pending|on order)\b"
    r"|\bjust (?:now )?ordered\b"
    r"|(?:还|尚)?(?:没有?|未)(?:发货?|寄出?|出库|发出)(?!票)|待发货|刚(?:刚|才)?(?:下单?|订|买|拍)的",
    re.IGNORECASE,
)
_DELIVERED: Final = re.compile(
    r"\b(?:that|which|the \w+|it|they|these|those|my \w+(?: \w+)?|one|ones|pair|pairs|set|and|,) (?:have |has |'ve )?"
    r"(?:already |just )?(?:arrived|came|turned up|been delivered|got here)\b"
    r"|\b(?:that|which|one|ones|pair|pairs|set|sets|(?:the|my|those) (?:\w+ )?\w+) (?:i|we)(?:'ve| have)? "
    r"(?:already |just )?"
    r"(?:received|got|own|have)\b(?! (?:on order|order|coming|placed|open|pending|to|had|not|no))"
    r"|\b(?:i|we)(?:'ve| have)? (?:already |just )?received\b|\bdelivered (?:one|ones|order|pair|set|\w+s)\b"
    r"|(?:已经?|早就)?(?:收到|到手|签收)(?:的|了)|到货的|送到了?的|(?:已经|都)到了",
    re.IGNORECASE,
)
_BEFORE_BACK: Final = re.compile(
    r"退(?:货|掉|了|回)?(?:我)?(?:之前|以前|上次|上回|先前|早先)(?:买|收到?)?的?那(?:一)?[台件个双条把只块辆副套张本盏瓶盒款]"
    r"|(?:把)?(?:之前|以前|上次|上回|先前|早先)(?:买|收到?)?的?那(?:一)?[台件个双条把只块辆副套张本盏瓶盒款][^，。；！？,;]{0,8}退"
    r"|\b(?:return|send back|give back) the (?:earlier|previous|old|older|first|former) (?:one|pair|set)\b(?! (?:of|in|from))"  # noqa: E501
    r"|\b(?:return|send back) the (?:one|pair|set)(?: (?:from|i had|i got|i bought))? (?:before|earlier|previously)\b",
    re.IGNORECASE,
)
"""Only what came can go back: the one of before, beside one that is still to come."""
_NO_STATE: Final = re.compile(
    r"\b(?:once|when|after|until|before|unless|if|in case|as soon as)\b[^.;!?]*|(?:如果|要是|万一|等)[^。；！？]*",
    re.IGNORECASE,
)
"""What may come to pass says nothing of how far an order is."""
_PLACED: Final = re.compile(
    r"\b(?:ordered|bought|purchased|placed)\b[^.,;:!?\n]*$|\b(?:order|one|ones|\w+s|purchase) (?:from|of)\s+(?:the )?$"
    r"|\bfrom $|(?:订单|单子|单|买|订|拍|下)[^，。；！？,;]{0,4}$",
    re.IGNORECASE,
)
_PLACED_BEHIND: Final = re.compile(
    r"^(?:'s|’s)? (?:orders?|purchase)\b|^(?:'s|’s) \w+|^[^.,;:!?\n]{0,12}\b(?:ordered|bought|purchased)\b|^[^，。；！？,;取退换改]{0,4}[下订买拍单]",  # noqa: E501
    re.IGNORECASE,
)
_ARRIVED: Final = re.compile(r"\b(?:arriv\w*|came|received|delivered)\b|到|收", re.IGNORECASE)
_COMPARED: Final = re.compile(
    r"\b(?:small|bigg?|larg|cheap|dear|pric|expens)\w* (?:\w+ )?(?:of (?:my|the) (?:\w+ )?)?orders?\b"
    r"|(?:金额|总价|价格)?[小大贵低高少多宜]的?那[个一]?(?:张|笔|个)?(?:订?单)",
    re.IGNORECASE,
)
"""An order told by what it comes to: of the only one of a day there would be nothing to compare."""
_ALONE: Final = re.compile(
    r"单独(?:的|下的?|买的?|一件的?)?(?:那|这)?(?:一|个|张|笔)?(?:订)?单"
    r"|(?:只有|就只有|仅有|只买了?|只下了?)[^，。；！？,;]{0,10}?(?:的)?(?:那|这)(?:一|个|张|笔)?(?:订)?单"
    r"|\b(?:order|one) (?:(?:that|which) )?(?:(?:has|had|contains|is|was|with) )+(?:only|just|nothing but)\b"
    r"|\b(?:order|one) with nothing else\b|\border (?:(?:that|which) )?(?:is |was )?(?:on its own|by itself)\b"
    r"|\b(?:order|one) (?:that|which)['’]s (?:only|just|nothing but)\b|\bthe (?:single|lone) (?:one|order)\b"
    r"|\b(?:single|one)[- ]item order\b",
    re.IGNORECASE,
)
"""An order told by that there is nothing else in it."""
_WHILE: Final = re.compile(
    r"^[^，。；！？,;]{0,4}(?:下单|买|订|拍)的?时候|^[^.,;!?]{0,20}\bwhen i (?:ordered|bought)\b", re.IGNORECASE
)
_REACH: Final = 14
"""How far from a day what arrived on it may stand."""

_WITH: Final = re.compile(
    r"\b(?P<head>one|ones|other one|other"
    r"|\w+(?=(?: (?:which|that) (?:came|was ordered|i (?:ordered|bought|got))| i (?:ordered|bought|got)"
    r"| (?:ordered|bought))(?: together| along)? (?:with|alongside)\b))"
    r"(?: (?:which|that)(?: came| was| were| is| are)?)?(?: (?:i|we))?(?: ordered| bought| got)?"
    r"(?: together| along)? (?:with|alongside) (?:the|my|an?|two|three|some) "
    r"(?P<goods>[\w'-]+(?: [\w'-]+){0,2}?(?: and (?:the|my|an?) [\w'-]+)?)"
    r"(?=$|[,.;:?!]| (?:please|to|into|and|for|in|back|can|could|should|is|was|i|i'd|which|that|not|instead)\b)"
    r"|(?:有|带|跟|和|与|同)(?P<han>[^，。；！？,;的]{1,8}?)(?:(?:在?一起|一块儿?|同时)(?:买|下单?|订|拍)?|(?:在)?(?:同)?一(?:个订|张订)?单)"
    r"(?:里|里面|中)?的",
    re.IGNORECASE,
)
_TITLES: Final = frozenset({"name", "near_name"})


def companions_in(text: str, lines: Sequence[LineCandidate], *, today: date) -> list[tuple[int, int, set[str]]]:
    """Where `text` says what else is in an order ("the one with the watch"), and the orders that have it."""
    found = []
    for said in _WITH.finditer(text):
        group = "goods" if said["goods"] else "han"
        named = resolve_lines(f"the {said[group]}" if group == "goods" else said[group], lines, today=today)
        if not named.matches or named.asked_but_absent or not all(map(_by_title, named.matches)):
            continue
        start = said.start(group)
        begins = said.end("head") if group == "goods" else said.start()
        ends = said.end(group) if group == "goods" else said.end()
        if begins <= start:
            found.append((begins, ends, {match.candidate.order for match in named.matches}))
    return found


def without_companions(text: str, lines: Sequence[LineCandidate], *, today: date) -> str:
    """`text` with blanks for what is only named to tell the order by: "the brown one [with the watch]"."""
    for begins, ends, _ in companions_in(text, lines, today=today):
        text = text[:begins] + " " * (ends - begins) + text[ends:]
    return text


def narrowed(text: str, orders: Sequence[OrderCandidate], *, today: date) -> list[OrderCandidate]:
    """The orders that are left by state, day and companions; all of `orders` where those tell nothing, or none fits.

    Nor are they told where what is named is only in others: "the kettle I ordered today" of one that came last week.
    """
    left = list(orders)
    lines = [line for order in orders for line in order.lines]
    for among in (
        _of_state(text, orders),
        orders_of_days(text, orders, today),
        {order.number for order in orders if len(order.lines) == 1} if tells_alone(text) else None,
        *(orders_with for _, _, orders_with in companions_in(text, lines, today=today)),
    ):
        kept = [order for order in left if order.number in among] if among is not None else left
        left = kept or left
    if len(left) == len(orders):
        return left
    named = resolve_lines(text, lines, today=today)
    held = {match.candidate.order for match in named.matches if _by_title(match)}
    return left if not held or held & {order.number for order in left} else list(orders)


def tells_alone(text: str) -> bool:
    """Whether `text` tells an order by that there is nothing else in it: "the one with just the watch", 单独那单."""
    return _ALONE.search(text) is not None


def _of_state(text: str, orders: Sequence[OrderCandidate]) -> set[str] | None:
    said = _NO_STATE.sub(" ", text)
    unsent, came = _OPEN.search(said) is not None, (_DELIVERED.search(said) or _BEFORE_BACK.search(said)) is not None
    if unsent == came:
        return None
    return {order.number for order in orders if order.state == ("open" if unsent else "delivered")}


def orders_of_days(text: str, orders: Sequence[OrderCandidate], today: date) -> set[str] | None:
    """The orders of the days on which `text` says that they were placed; None where it says no such day."""
    told: set[str] | None = None
    for days, span in dates_in(text, today=today, direction="past"):
        around = text[max(0, span.start - _REACH) : span.end + _REACH]
        placed = _PLACED.search(text[: span.start]) or _PLACED_BEHIND.search(text[span.end :])
        if days.last > today or not placed or _ARRIVED.search(around):
            continue
        among = {order.number for order in orders if days.contains(order.placed_on)}
        if _WHILE.match(text[span.end :]) or (len(among) == 1 and _COMPARED.search(text)):
            continue
        # Two days are two orders.
        told = among if told is None else told | among
    return told


def _by_title(match: Match[LineCandidate]) -> bool:
    return any(reason.kind in _TITLES for reason in match.reasons)


__all__ = ["companions_in", "narrowed", "orders_of_days", "tells_alone", "without_companions"]
