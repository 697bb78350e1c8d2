"""What a question about the shopper's own orders means: which lines, how many of them, and which orders."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from actions.changes.dialogue import conversation_focus
from actions.changes.records import Records
from actions.changes.request import ChangeRequest
from actions.desk import Desk, Turn
from actions.details import number_key
from actions.goods import find_goods
from actions.goods_called import words_shared
from actions.own_pieces import Piece
from actions.resolver import NO_FOCUS, resolve_lines, resolve_orders
from actions.resolver.lines import line_pool, read_lines
from actions.resolver.own_options import speaks_of_own
from actions.resolver.own_questions import OwnQuestion
from actions.wording import Wording
from shopdesk_schemas.crm import OrderSummary, OrderView

_BY_NAME: Final = frozenset({"name", "near_name", "category", "number"})
_BY_OPTION: Final = frozenset({"option"})
_ONE: Final = re.compile(
    r"\b(?:just |only )?one of (?:it|them|those|these)\b|\b(?:just|only) one\b"
    r"|一[个台件双只条副张款部块辆盏把套瓶本]",
    re.IGNORECASE,
)
_ORDER_SAID: Final = re.compile(r"\borders?\b|\bordered (?!by\b)|单", re.IGNORECASE)
_IF_I: Final = re.compile(
    r"\b(?:if|when|should|suppose|supposing) (?:i|we)(?: were to)?\b|如果|要是|假如|的话", re.IGNORECASE
)
"""What makes a wish one that is only thought of."""

_CAME: Final = re.compile(
    r"\b(?:(?:that|which|i|we)\s+)?(?:(?:was|were|is|has|have|had|got|been|just|already)\s+)*(?:delivered|arrived)\b",
    re.IGNORECASE,
)


class OwnMeant:
    """One question of one shopper, and what it is about."""

    def __init__(
        self,
        desk: Desk,
        turn: Turn,
        records: Records,
        wording: Wording,
        question: OwnQuestion,
        request: ChangeRequest | None,
    ) -> None:
        self.desk = desk
        self.turn = turn
        self.records = records
        self.wording = wording
        self.asked = question
        self.request = request
        self.focus = conversation_focus(turn)

    def say(self, key: str, /, **values: object) -> str:
        """A sentence about the shopper's own orders."""
        return self.wording.say(f"orders.own.{key}", **values)

    def money(self, minor: int, view: OrderView | OrderSummary) -> str:
        """An amount in minor units of an order's currency, in words."""
        return self.wording.money(minor, view.currency).text

    # What is meant

    async def names_other_goods(self) -> bool:
        """Whether the question names goods of the shop that the shopper has not bought."""
        goods = await find_goods(self.desk, self.turn, search=True, several=True, words=self.asked.text)
        if not goods.words.goods or goods.guessed:
            return False
        return any(
            words_shared(goods.words.goods, [each.product.name or "", *each.product.other_names])
            for each in goods.found
        )

    def pieces(self, views: Sequence[OrderView]) -> list[Piece]:
        """The lines that the question names; with it points at those spoken of, or that a change is about."""
        by_name = self.named(views, pointed=False)
        if by_name:
            return by_name
        keys = list(self.request.lines) if self.request is not None else []
        keys = keys or [each for each in self.focus.lines if self.focus.orders[:1] == (each.rpartition("/")[0],)]
        by_key = {each.line.key: each for each in self.all_of(views)}
        current = [by_key[each] for each in keys if each in by_key]
        if not current:
            return self.named(views)
        # "And one of them?"
        found = resolve_lines(
            self.asked.text, [each.line for each in current], focus=self.focus, today=self.records.today
        )
        said = {each.candidate.key: each.quantity for each in found.matches}
        one = 1 if len(current) == 1 and _ONE.search(self.asked.text) else None
        return [replace(each, quantity=said.get(each.line.key) or one or each.quantity) for each in current]

    def named(
        self, views: Sequence[OrderView], text: str | None = None, *, by_option: bool = True, pointed: bool = True
    ) -> list[Piece]:
        """The lines that the question, or a text, names; none that it only describes by an option.

        "The over-ear one that I got" names none, and means the one line that has that option.
        """
        pieces = self.all_of(self.of_numbers(views))
        # 是 of a question is no value of an option that is yes or no.
        said = _IF_I.sub(" ", text or self.asked.text).replace("是不是", " ").replace("是", " ")
        if self.asked.what in ("paid", "count") and self.asked.among == "delivered":
            # Which orders have come is known: "the kettle I got delivered" is the kettle of one of those.
            said = _CAME.sub(" ", said)
        found = resolve_lines(said, [each.line for each in pieces], focus=self.focus, today=self.records.today)
        by_key = {each.line.key: each for each in pieces}

        def of_kinds(kinds: frozenset[str]) -> list[Piece]:
            return [
                replace(by_key[match.candidate.key], quantity=match.quantity or by_key[match.candidate.key].quantity)
                for match in found.matches
                if any(why.kind in kinds for why in match.reasons)
            ]

        described = by_option and found.status in ("one", "many") and speaks_of_own(said)
        kinds = _BY_NAME | {"pronoun"} if pointed else _BY_NAME
        return of_kinds(kinds) or (of_kinds(_BY_OPTION) if described else [])

    def of_numbers(self, views: Sequence[OrderView]) -> list[OrderView]:
        """The orders whose numbers are said; all where none is."""
        said = {number_key(str(each)) for each in self.turn.entities("order_number")}
        return [each for each in views if number_key(each.number) in said] or list(views)

    def says_order(self) -> bool:
        """Whether the question speaks of orders at all."""
        return _ORDER_SAID.search(self.asked.text) is not None

    def names_others(self, views: Sequence[OrderView]) -> bool:
        """Whether the question calls goods by what none of the shopper's are called."""
        pool = line_pool([each.line for each in self.all_of(views)], NO_FOCUS)
        read = read_lines(self.asked.text, pool, self.records.today)
        called = [each for each in read if each.kind == "name" and each.has("goods")]
        return bool(called) and not any(each.strengths for each in read if each.kind == "name")

    def all_of(self, views: Iterable[OrderView]) -> list[Piece]:
        """Every line of orders, with as many of it as can still be changed."""
        return [Piece(line, view, line.changeable) for view in views for line in self.records.lines(view.number)]

    def alike(self, views: Sequence[OrderView], pieces: Sequence[Piece]) -> list[Piece]:
        """All lines with the same goods as those named: "which of the two was dearer" names one by its price."""
        titles = {each.line.titles[0] for each in pieces if each.line.titles}
        return [each for each in self.all_of(views) if each.line.titles and each.line.titles[0] in titles]

    async def orders_meant(self, views: Sequence[OrderView], text: str | None = None) -> list[OrderView]:
        """The orders that the question names or points at; none where it does neither."""
        by_number = {each.number: each for each in views}
        of_numbers = self.of_numbers(views)
        if len(of_numbers) < len(views):
            return of_numbers
        candidates = await self.records.order_candidates(list(by_number))
        found = resolve_orders(text or self.asked.text, candidates, focus=self.focus, today=self.records.today)
        if found.status in ("one", "many") and not self.asked.several:
            return [by_number[each.number] for each in found.candidates if each.number in by_number]
        if self.asked.several:
            return []
        here = self.request.orders if self.request is not None else ()
        numbers = list(here) or [each for each in self.focus.orders[:1] if each in by_number]
        return [by_number[each] for each in numbers if each in by_number]


__all__ = ["OwnMeant"]
