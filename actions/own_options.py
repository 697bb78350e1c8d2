"""Answers what the shopper's own goods are like: whether they have an option, which of them have it, which has more.

What is told is what the order says of its lines; nothing is chosen, changed or begun by such a question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from actions.changes.kinds import BY_KEY
from actions.orders import line_name
from actions.own_meant import OwnMeant
from actions.own_pieces import Piece, Told, is_among
from actions.resolver import VariantCandidate
from actions.resolver.option_values import Named, named_values
from actions.resolver.own_options import (
    amount_of,
    asks_extreme,
    asks_nothing_else,
    asks_of_own_options,
    asks_which,
    by_size,
    means_the_other,
    options_asked,
    points_at,
    speaks_of_own,
)
from actions.resolver.own_questions import OwnQuestion, among, sentences
from actions.wording import Wording
from shopdesk_schemas.crm import OrderView

_SHOWN: Final = 4
_PRODUCTS: Final = 8
"""How many different goods of the shopper are looked at, where none is named."""


@dataclass(frozen=True)
class _Asked:
    """A line, and what is asked of its options."""

    piece: Piece
    named: Named
    options: Sequence[str]
    """Options named without a value of theirs."""


def read_option_question(text: str) -> OwnQuestion | None:
    """The question of a message about what goods are like; None where it asks none."""
    if not any(map(asks_of_own_options, sentences(text))) or not (speaks_of_own(text) or points_at(text)):
        return None
    # "Ordered today - are those polarised?", "I ordered two laptops. Which has more memory?"
    return OwnQuestion("options", among(text), text.strip(), asks_which(text)) if asks_nothing_else(text) else None


async def answer_options(own: OwnMeant, views: Sequence[OrderView]) -> Told | None:
    """What is asked of the shopper's goods, by their options; None where none of them has such an option."""
    text = own.asked.text
    becomes = await _of_targets(own, views)
    if becomes is not None:
        return becomes
    pool, tight = await _pool(own, views)
    asked = [each for each in [await _asked(own, piece) for piece in pool] if each is not None]
    products = {each.piece.line.product or each.piece.line.sku for each in asked}
    if not asked or (len(products) > 1 and not tight):
        return None
    if own.asked.several and len(asked) == 1:
        alike = own.alike(views, [asked[0].piece])
        asked = [each for each in [await _asked(own, piece) for piece in alike] if each is not None]
    extreme = asks_extreme(text)
    if own.asked.several and extreme is not None:
        return _extreme(own, asked, most=extreme)
    fitting = [each for each in asked if each.named and each.named.fits(each.piece.shown.options)]
    if fitting and all(each.options for each in asked):
        # "What size are the waterproof ones?"
        return _told(own, [replace(each, named=Named()) for each in fitting], None)
    if own.asked.several and asked[0].named:
        told = fitting or asked
        if len(fitting) == 1:
            return _told(own, told, None, it=True)
        return _told(own, told, None if fitting else own.say("option_none"))
    first = None
    if len(asked) == 1 and asked[0].named and _of_one_option(asked[0].named):
        first = own.say("option_yes" if fitting else "option_no")
    return _told(own, asked, first)


def _of_one_option(named: Named) -> bool:
    """Whether one value is asked about: of "clicky or tactile?" neither yes nor no is the answer."""
    values = [value for each in (*named.wanted.values(), *named.refused.values()) for value in each]
    return len(values) == 1


def _told(own: OwnMeant, asked: Sequence[_Asked], first: str | None, *, it: bool = False) -> Told:
    """Each line with what was asked of it; the first is said to be the one that was looked for where `it` is."""
    lines: list[str] = []
    for each in asked[:_SHOWN]:
        options = _options_of(each.piece.shown.options, each, own.wording)
        name = line_name(each.piece.shown, own.wording)
        key = "option_it" if it and not lines else "option_told"
        lines.append(own.say(key, name=name, order=each.piece.view.number, options=options))
    return Told(
        own.wording.sentences(first, *lines),
        list(dict.fromkeys(each.piece.view.number for each in asked)),
        [each.piece.line.key for each in asked],
    )


def _options_of(options: dict[str, str], asked: _Asked, wording: Wording) -> str:
    names = list(dict.fromkeys([*asked.named.wanted, *asked.named.refused, *asked.options]))
    return wording.listed(
        [wording.say("orders.own.option", name=each, value=options[each]) for each in names if each in options]
    )


def _extreme(own: OwnMeant, asked: Sequence[_Asked], *, most: bool) -> Told | None:
    """The line with the most or the least of the option that is asked about, else of the first that has an order."""
    if len(asked) < 2:
        return None
    options = list(dict.fromkeys([name for each in asked for name in each.options]))
    options += by_size([name for name in asked[0].piece.shown.options if name not in options])
    for name in options:
        amounts = [amount_of(each.piece.shown.options.get(name, "")) for each in asked]
        known = [amount for amount in amounts if amount is not None]
        if len(known) < len(asked):
            continue
        if len(set(known)) == 1:
            if name in asked[0].options:
                return _told(
                    own, [replace(each, options=[name], named=Named()) for each in asked], own.say("option_same")
                )
            continue
        best = max(known) if most else min(known)
        ranked = sorted(zip(known, asked, strict=True), key=lambda each: each[0], reverse=most)
        told = [replace(each, options=[name], named=Named()) for _, each in ranked]
        return _told(own, told, None, it=known.count(best) == 1)
    return None


async def _pool(own: OwnMeant, views: Sequence[OrderView]) -> tuple[list[Piece], bool]:
    """The lines that a question can be about, and whether its words say which: by name, order or pointing."""
    text = own.asked.text
    wanted = own.asked.among
    within = [each for each in views if wanted is None or is_among(each, wanted)]
    own_said = speaks_of_own(text)
    current = _current(own, views)
    named = own.named(within, by_option=False, pointed=False)
    if means_the_other(text) and current:
        here = {each.line.key for each in current}
        others = named or own.alike(views, current)
        return [each for each in others if each.line.key not in here], True
    order_words = _without_values(text, own.all_of(views))
    if named and (own_said or wanted is not None or (own.request is None and not _of_the_shop(own))):
        orders = {each.number for each in await own.orders_meant(within, order_words)} if own.says_order() else set()
        return [each for each in named if each.view.number in orders] or named, True
    if named and own.request is not None:
        here = {each.line.key for each in current}
        return [each for each in named if each.line.key in here] or named, True
    if not own_said or (points_at(text) and wanted is None and not own.says_order() and current):
        return current if points_at(text) else [], True
    if own.says_order() and (orders_named := await own.orders_meant(within, order_words)):
        return own.all_of(orders_named), True
    if wanted is not None:
        return own.all_of(within), False
    return own.all_of(within)[:_PRODUCTS], False


def _without_values(text: str, pieces: Sequence[Piece]) -> str:
    """A question without the options of the goods in it: "ordered today - are those polarised?" means today's order."""
    values = {
        value
        for each in pieces
        for options in (each.line.options, *each.line.other_options)
        for value in options.values()
        if len(value) > 1
    }
    for value in sorted(values, key=len, reverse=True):
        text = re.sub(re.escape(value), " ", text, flags=re.IGNORECASE)
    return text


def _of_the_shop(own: OwnMeant) -> bool:
    """Whether the talk is about goods of the shop: "are the boots waterproof?" asks no order then."""
    if own.focus.lines or own.focus.orders:
        return False
    return bool(own.focus.products) or not points_at(own.asked.text)


def _current(own: OwnMeant, views: Sequence[OrderView]) -> list[Piece]:
    """The lines that a change, else the talk, is about."""
    keys = list(own.request.lines) if own.request is not None else []
    keys = keys or list(own.focus.lines)
    by_key = {each.line.key: each for each in own.all_of(views)}
    return [by_key[each] for each in keys if each in by_key]


async def _asked(own: OwnMeant, piece: Piece) -> _Asked | None:
    """What the question names of a line's options; None where that is nothing."""
    variants = await own.records.variants(piece.line.sku)
    named = _named(own.asked.text, variants, piece)
    options = [each for each in options_asked(own.asked.text, piece.shown.options) if each not in named.wanted]
    ranked = own.asked.several and asks_extreme(own.asked.text) is not None
    return _Asked(piece, named, options) if named or options or ranked else None


def _named(text: str, variants: Sequence[VariantCandidate], piece: Piece) -> Named:
    if not variants:
        return Named()
    others = [each.other_options[0] if each.other_options else each.options for each in variants]
    return named_values(text, [each.options for each in variants], others, piece.line.titles)


async def _of_targets(own: OwnMeant, views: Sequence[OrderView]) -> Told | None:
    """What something that is to come in a line's place is like: "is it waterproof?", of what is proposed."""
    request = own.request
    if request is None or not BY_KEY[request.kind].swaps or speaks_of_own(own.asked.text) or not request.targets:
        return None
    if means_the_other(own.asked.text):
        return None
    by_key = {each.line.key: each for each in own.all_of(views)}
    told = []
    for key, sku in request.targets.items():
        piece = by_key.get(key)
        variants = await own.records.variants(piece.line.sku) if piece is not None else []
        target = next((each for each in variants if each.sku == sku), None)
        asked = await _asked(own, piece) if piece is not None and target is not None else None
        if asked is None or target is None:
            continue
        name = " / ".join(target.options.values())
        first = None
        if asked.named and _of_one_option(asked.named):
            first = own.say("option_yes" if asked.named.fits(target.options) else "option_no")
        options = _options_of(dict(target.options), asked, own.wording)
        told.append(own.wording.sentences(first, own.say("option_becomes", name=name, options=options)))
    return Told(own.wording.sentences(*told)) if told else None


__all__ = ["answer_options", "read_option_question"]
