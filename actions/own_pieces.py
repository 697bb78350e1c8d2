"""Lines of the shopper's orders that a question is about, what they cost, and which of them it means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from actions.changes.kind import NOT_SENT
from actions.changes.records import left_of
from actions.changes.request import ChangeRequest
from actions.orders import OPEN_STATES, total_now
from actions.resolver import LineCandidate
from actions.resolver.own_questions import Among
from shopdesk_schemas.crm import OrderLineView, OrderSummary, OrderView

_CALLS_OFF: Final = re.compile(r"\bcancel\w*|\bcall\w* off\b|取消", re.IGNORECASE)
_SENDS_BACK: Final = re.compile(
    r"\breturn\w*|\b(?:sen[dt]|sending|g[ai]ve|giving|br[io]ng\w*) .{0,40}back\b|退货|寄回", re.IGNORECASE
)
_LEFT_OUT: Final = re.compile(
    r"\b(?:without|minus|less the|excluding|except(?: for)?|leaving out|(?:dropped|drop|took|take|leave|left|removed?|skip\w*))\b"  # noqa: E501
    r"|不(?:要|算|买|含|带)|去掉|除去|除了|减去|扣掉|扣除|没有|刨去|拿掉|去了",
    re.IGNORECASE,
)
"""What comes before the goods that are left out of a sum."""

_THE_REST: Final = re.compile(
    r"\b(?:the rest|what['’]?s left|what is left|remaining|then|after that|left over|new total)\b|剩|其余|余下|那样|之后|取消后|到时",  # noqa: E501
    re.IGNORECASE,
)
_BOTH: Final = re.compile(r"\b(?:two|both|pair of)\b|两|俩", re.IGNORECASE)
_TWO: Final = 2


@dataclass(frozen=True)
class Told:
    """An answer, and what is spoken of from now on."""

    text: str
    orders: Sequence[str] = ()
    lines: Sequence[str] = ()
    offer: str | None = None


@dataclass(frozen=True)
class Piece:
    """A line of an order that is asked about, and how many of it."""

    line: LineCandidate
    view: OrderView
    quantity: int

    @property
    def shown(self) -> OrderLineView:
        """As the order has it, in the reader's language."""
        return next(each for each in self.view.lines if each.line_number == self.line.line_number)

    @property
    def worth_minor(self) -> int | None:
        """What so many of it cost, before what was taken off the order as a whole."""
        price = self.line.unit_price_minor
        return None if price is None else price * self.quantity


def thought_of_without(text: str) -> str:
    """The words of a question for goods that are left out of a sum: what comes after "without"."""
    found = list(_LEFT_OUT.finditer(text))
    after = text[found[-1].end() :] if found else ""
    # 吸尘器不要的话: the goods come first.
    return after if re.search(r"[A-Za-z]{3}|[\u4e00-\u9fff]{2}", after) and not after.startswith("的话") else text


def total_without(view: OrderView, pieces: Sequence[Piece]) -> int | None:
    """What an order comes to without some of its lines, by its own figures and in minor units; None where unknown."""
    gone = {each.line.line_number: each.quantity for each in pieces}
    lines = [
        line.model_copy(
            update={"cancelled_quantity": line.cancelled_quantity + min(gone[line.line_number], left_of(line))}
        )
        if line.line_number in gone
        else line
        for line in view.lines
    ]
    return total_now(view.model_copy(update={"lines": lines}))


def is_among(order: OrderSummary | OrderView, among: Among | None) -> bool:
    """Whether an order is as far as is asked; of no state in particular none is cancelled."""
    if among == "unsent":
        return order.state in NOT_SENT
    if among == "on_the_way":
        return order.state == "shipped"
    if among == "delivered":
        return order.state == "delivered"
    return order.state in OPEN_STATES


def going_off(request: ChangeRequest | None, text: str, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces that an offer would call off, where it is asked what the rest comes to then; else none."""
    if request is None or request.kind != "cancel" or not request.proposals or not _THE_REST.search(text):
        return []
    meant = [each for each in pieces if each.line.key in request.lines]
    return [replace(each, quantity=request.lines[each.line.key] or each.quantity) for each in meant]


def by_wish(text: str, pieces: Sequence[Piece]) -> list[Piece]:
    """Those that can be called off, or that came, where that is what is thought of; all where none is."""
    off, back = _CALLS_OFF.search(text), _SENDS_BACK.search(text)
    if bool(off) == bool(back):
        return list(pieces)
    fitting = [each for each in pieces if (each.view.state in NOT_SENT) == bool(off)]
    return fitting or list(pieces)


def of_quantity(text: str, pieces: Sequence[Piece]) -> list[Piece]:
    """The one line of two among lines of the same goods, where two or both are said."""
    twice = [each for each in pieces if each.line.changeable == _TWO]
    alike = len({each.line.titles[0] for each in pieces if each.line.titles}) == 1
    return twice if alike and len(twice) == 1 and _BOTH.search(text) else list(pieces)


def of_one_product(found: Sequence[tuple[Piece, list[Any]]]) -> list[tuple[Piece, Any]]:
    """Those of the one product that is meant, what can still be changed first; none where several products fit."""
    titles = {base.line.titles[0] for base, _ in found if base.line.titles}
    if len(titles) != 1:
        return []
    return sorted(found, key=lambda each: each[0].view.state not in NOT_SENT)


__all__ = [
    "Piece",
    "Told",
    "by_wish",
    "going_off",
    "is_among",
    "of_one_product",
    "of_quantity",
    "thought_of_without",
    "total_without",
]
