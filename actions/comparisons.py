"""Goods beside each other: products, or variants of one product."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.bought import lines_bought, speaks_of_bought
from actions.crm_client import CrmNotFound
from actions.desk import Desk, DeskAction, Event, Turn
from actions.fact_questions.told import told_by_measure
from actions.goods import (
    GONE,
    Good,
    Goods,
    find_each,
    find_goods,
    product_focus,
    sides_of,
    variants_named,
    versions_of,
)
from actions.goods_called import called_in_part, product_titles, words_shared
from actions.goods_in_question import beside_it, goods_in_question, of_its_kind
from actions.product_answers import Answer, ProductAction, meant_now
from actions.product_facts import size_chart, unknown_told
from actions.products import ActionAskPriceHistory, ActionAskProductFacts, ActionAskSizeAdvice
from actions.products_compared import tell_compared
from actions.resolver.own_options import options_asked
from actions.resolver.prices_named import prices_named
from actions.resolver.value_names import says_only_whether
from actions.versions_apart import asks_best_value, tell_apart
from shopdesk_schemas.products import ProductView, VariantView

_COMPARES: Final = re.compile(
    r"\b(?:vs?|versus|differen\w+|compared?|than|which is|or)\b"
    r"|差多少|差在|差价|区别|不同|比(?!较)|还是|哪个",
    re.IGNORECASE,
)
"""That two things are held against each other."""
_COMPARED: Final = 4
_CHEAPEST: Final = re.compile(r"\b(?:cheapest|least expensive)\b|最便宜", re.IGNORECASE)
_THE_CHEAP_ONE: Final = re.compile(
    r"\b(?:the|a|your) (?:(?P<low>cheap(?:er|est)?|least expensive|basic)"
    r"|(?:pricier|priciest|dearer|dearest|(?:most |more )?expensive)) (?:ones?|version|model)\b"
    r"|(?:(?P<low_zh>便宜)|贵)(?:的)?(?:[那一](?:款|个|种)|的?(?:和|跟|与))|(?:和|跟|与)最?(?:(?P<low_zh2>便宜)|贵)的",
    re.IGNORECASE,
)
"""A version that is called by costing least or most, beside another."""
_THAN: Final = re.compile(r"\bthan\b|比(?!较|一比)|跟|和|差", re.IGNORECASE)
_BOTH: Final = re.compile(
    r"\b(?:the|your|both(?: the| your)?|these|those) (?:two |2 |both )?(?:[\w-]+ ){0,2}[\w-]{3,}s\b(?<!ss)"
    r"(?! (?:one|version|model|set|and|or|v)\b)"
    r"|\b(?:two|2) (?:[\w-]+ ){1,2}(?:of )?(?:yours|you (?:have|sell))\b"
    r"|[这那]?(?:两|几)[个款种台]|(?:你们|你家|店里|咱家)的?[^，。]{1,8}(?:都有啥|有什么|有啥|有何|的)(?:不同|不一样|区别)",
    re.IGNORECASE,
)
"""Several of a kind are meant: "the two tents"."""
_POINTS: Final = re.compile(r"\b(?:it|this|that|this one|that one)\b|它|[这那刚](?:个|款|种|才)", re.IGNORECASE)
_MORE: Final = re.compile(
    r"\bwhich\b.*\b(?!(?:bigg|small|larg|cheap|pric|dear|long|short|wid|tall|oth|ev|ov|und|aft|numb|nev|col)er\b)"
    r"[a-z]{3,}er\b(?! (?:one|the|a)\b)|哪[款个种][^，。？]{0,6}(?:更|最|比较)(?!便宜|贵|划算|大|小|长|短|宽|好)",
    re.IGNORECASE,
)
"""One of several is asked for by having more of something."""
_STOCK: Final = re.compile(
    r"\b(?:in stock|available|sold out|got (?:it|them|both))\b|有货|现货|缺货|库存", re.IGNORECASE
)


class ActionCompareProducts(ProductAction):
    """Products beside each other."""

    several = True

    def name(self) -> str:
        """The action's name."""
        return "action_compare_products"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """What is named beside each other, and nothing else: products, or variants of one."""
        turn = Turn(tracker)
        answer = Answer(dispatcher, turn, self.desk.wording(turn.language))
        named = _without_mere_values(turn, await find_each(self.desk, turn))
        if len(named) == 1 and compares(turn.text) and len(sides_named(turn, named[0], [])) < 2:
            named = [*named, *await self._beside(turn, named[0])]
        if len(named) > 1:
            return await self._products(answer, named[:_COMPARED])
        kind: Sequence[ProductView] = []
        if named and _BOTH.search(turn.text):
            kind = await self._kind_named(turn, named[0].product, None)
        elif _BOTH.search(turn.text) and (meant := await goods_in_question(self.desk, turn, among=True)) is not None:
            kind = meant.products if meant.how == "kind" and meant.words else []
        if len(kind) > 1:
            return await self._products(answer, [Good(each, each.variants) for each in kind[:_COMPARED]])
        bought = [str(line.sku) for line in await lines_bought(self.desk, turn)] if speaks_of_bought(turn.text) else []
        base = named[0] if named else await spoken_of(self.desk, turn)
        sides = sides_named(turn, base, bought) if base is not None else []
        if base is not None and len(sides) > 1:
            answer.utter(_told_of_sides(base, sides, answer), [base])
            return meant_now(turn, base)
        if not named and not sides and (shown := await self._shown(turn)):
            # "Which one is better for the gym?", of the two that were just told of.
            return await self._products(answer, shown)
        other = await spoken_of(self.desk, turn) if named else None
        if named and (kind := await self._kind_named(turn, named[0].product, other)):
            return await self._products(answer, [Good(each, each.variants) for each in kind[:_COMPARED]])
        if other is not None and other.product.external_id != named[0].product.external_id:
            return await self._products(answer, [other, named[0]])
        if base is not None and not named and not sides and len(product_focus(turn).shown) < 2:
            # "Which one is better?" after one of a kind: the others of that kind, not what was spoken of before it.
            kind = await of_its_kind(self.desk, turn, base.product)
            of_versions = options_asked(turn.text, base.product.variants[0].options) or asks_best_value(turn.text)
            if len(kind) > 1 and not of_versions:
                return await self._products(answer, [Good(each, each.variants) for each in kind[:_COMPARED]])
            if (apart := tell_apart(answer, base)) is not None:
                return apart
            answer.utter([answer.say("compare_with", name=answer.title(base.product))], [base])
            return meant_now(turn, base)
        return await super().run(dispatcher, tracker, domain)

    async def _kind_named(self, turn: Turn, product: ProductView, other: Good | None) -> list[ProductView]:
        """The goods of the kind that is named: "the two sewing machines", after something else was spoken of.

        None where what was spoken of is one of them, or is pointed at.
        """
        if other is not None and (other.product.category == product.category or _POINTS.search(turn.text)):
            return []
        kind = await of_its_kind(self.desk, turn, product) if compares(turn.text) else []
        if len(kind) < 2 and compares(turn.text) and _BOTH.search(turn.text):
            # A machine and a press are "the two espresso makers", too.
            kind = await beside_it(self.desk, turn, product)
        return kind if len(kind) > 1 else []

    async def _beside(self, turn: Turn, named: Good) -> list[Good]:
        """The one of its kind that is called by a part of its name: "the S9 and the Breeze Lite vacuum"."""
        kind = {each.external_id: each for each in await of_its_kind(self.desk, turn, named.product)}
        titles = {key: product_titles([each]) for key, each in kind.items() if key != named.product.external_id}
        called = called_in_part(turn.text, titles, product_titles([named.product]))
        return [Good(kind[called], kind[called].variants)] if called is not None else []

    async def _shown(self, turn: Turn) -> list[Good]:
        """What was told of last, where that was several and no other goods are named."""
        focus = product_focus(turn)
        if len(focus.shown) < 2 or list(focus.products[: len(focus.shown)]) != list(focus.shown):
            return []
        named = await find_goods(self.desk, turn, search=True, several=True)
        if any(words_shared(turn.text, product_titles([each.product])) for each in named.found if not named.guessed):
            return []
        views = [await self.desk.crm.product(each, turn.language) for each in focus.shown[:_COMPARED]]
        products = {each.external_id: each for each in views}
        return [Good(each, each.variants) for each in products.values()] if len(products) > 1 else []

    async def answer(self, answer: Answer, goods: Goods) -> list[Event]:
        """Which is cheaper, then in what they differ."""
        meant = goods.found[:_COMPARED]
        if len(meant) < 2 or goods.nearly:
            if not goods.words.things and (shown := await self._shown(answer.turn)):
                return await self._products(answer, shown)
            said = speaks_of_bought(answer.turn.text)
            bought = [str(line.sku) for line in await lines_bought(self.desk, answer.turn)] if said else []
            sides = sides_named(answer.turn, meant[0], bought)
            unmade = _unmade(meant[0], answer)
            if len(sides) == 1 and unmade:
                # One of the two is not made: the other is told.
                there = Good(meant[0].product, list(sides[0].variants), narrowed=True)
                answer.utter(
                    [*unmade, answer.say("costs", name=answer.name(there), price=answer.price(there))], [there]
                )
            elif len(sides) < 2 and _asks_of_record(answer.turn.text, meant[0]):
                answer.utter(unknown_told(meant[0].product, answer), meant[:1])
            elif len(sides) < 2 and (apart := tell_apart(answer, meant[0])) is not None:
                return apart
            elif len(sides) < 2:
                answer.utter([answer.say("compare_with", name=answer.title(meant[0].product))], meant[:1])
            else:
                answer.utter(_told_of_sides(meant[0], sides, answer), meant[:1])
            return meant_now(answer.turn, meant[0])
        return await self._products(answer, meant)

    async def _products(self, answer: Answer, meant: Sequence[Good]) -> list[Event]:
        """Which is cheaper; then what is asked of them, or in what they differ."""
        return await tell_compared(self.desk, answer, meant)


def _asks_of_record(text: str, good: Good) -> bool:
    """Whether it is asked which is more of something that no option says: "which towel is softer", 哪款毛巾更厚."""
    if not _MORE.search(text) or asks_best_value(text):
        return False
    return not options_asked(text, good.product.variants[0].options if good.product.variants else {})


def _without_mere_values(turn: Turn, named: list[Good]) -> list[Good]:
    """Without goods that are called so by no more than another one's versions: 机械表和石英表 names no keyboard."""
    for good in named if len(named) > 1 else ():
        if len(sides_named(turn, good, [])) < 2:
            continue
        rest = versions_of([good.product], turn.text).named.rest
        kept = [each for each in named if each is good or words_shared(rest, product_titles([each.product])) > 0]
        if len(kept) < len(named):
            return kept
    return named


def compares(text: str) -> bool:
    """Whether a message holds things against each other."""
    return _COMPARES.search(text) is not None


async def spoken_of(desk: Desk, turn: Turn) -> Good | None:
    """The product that was spoken of last, with the variant that was chosen of it; None where there is none."""
    key = next(iter(product_focus(turn).products), None)
    if key is None:
        return None
    try:
        view = await desk.crm.product(key, turn.language)
    except CrmNotFound:
        return None
    chosen = [each for each in view.variants if each.sku == key]
    return Good(view, chosen or view.variants, narrowed=bool(chosen))


def sides_named(turn: Turn, good: Good, bought: Sequence[str]) -> list[_Side]:
    """The variants of a product that a message compares; one that is named alone is held against the one before it.

    `bought` are stock codes of what the shopper bought, where the message speaks of that.
    """
    every = good.product.variants
    named = [_Side(each, every) for each in variants_named(turn.text, good)]
    if _CHEAPEST.search(turn.text):
        named = [_Side(_cheapest(each.variants), every) for each in named]
    if len(named) < 2 and len(priced := _priced_sides(turn.text, every)) > 1:
        return [_Side(each, every) for each in priced]
    own = [each for each in every if each.sku in bought]
    before = own or ([good.one] if good.one is not None and good.narrowed else [])
    if len(named) == 1 and before and not set(map(_sku, before)) & set(map(_sku, named[0].variants)):
        named.append(_Side(before[:1], every))
    elif len(named) == 1 and _THAN.search(turn.text):
        # "Cheaper than the red one?": all others.
        rest = [each for each in every if each.sku not in set(map(_sku, named[0].variants))]
        named += [_Side(rest, every, rest=True)] if rest else []
    return named


def _priced_sides(text: str, every: Sequence[VariantView]) -> list[Sequence[VariantView]]:
    """The versions that are called by what they cost, one beside the other."""
    prices = prices_named(text, [each.price_minor for each in every])
    if not prices:
        return []
    for said in _THE_CHEAP_ONE.finditer(text):
        low = any(said[group] for group in ("low", "low_zh", "low_zh2"))
        known = [each.price_minor for each in every if each.price_minor is not None]
        prices = list(dict.fromkeys([*prices, min(known) if low else max(known)]))
    if len(prices) == 1 and not _THAN.search(text):
        return []
    sides: list[Sequence[VariantView]] = [[each for each in every if each.price_minor == price] for price in prices]
    return sides


def _cheapest(variants: Sequence[VariantView]) -> list[VariantView]:
    """The one of variants that costs least, of what can be had where anything can; all where no price is known."""
    priced = [each for each in variants if each.price_minor is not None]
    there = [each for each in priced if each.availability not in GONE] or priced
    return sorted(there, key=lambda each: each.price_minor or 0)[:1] or list(variants)


def _sku(variant: VariantView) -> str:
    return variant.sku


@dataclass(frozen=True)
class _Side:
    """The variants that one of the things compared means, out of `every` of the product."""

    variants: Sequence[VariantView]
    every: Sequence[VariantView]
    rest: bool = False
    """Whether they are all that the other side is not."""

    def label(self, answer: Answer) -> str:
        """The values of options that they share, and that not all have."""
        if self.rest and len(self.variants) > 1:
            return answer.say("variants_others")
        shared = self.options
        own = [value for name, value in shared.items() if any(each.options.get(name) != value for each in self.every)]
        values = [value for each in self.variants for value in each.options.values()]
        return " / ".join(own or list(shared.values()) or list(dict.fromkeys(values)))

    def told(self, answer: Answer, differing: Sequence[str]) -> str:
        """What it has of the options in which it differs, where it has all of them; else as `label` says it."""
        if self.rest or not all(name in self.options for name in differing):
            return self.label(answer)
        values = {name: self.options[name] for name in differing}
        return " / ".join(answer.values_told(values)) or self.label(answer)

    @property
    def options(self) -> dict[str, str]:
        """The options that are the same in all of them."""
        first = self.variants[0].options
        return {
            name: value
            for name, value in first.items()
            if all(each.options.get(name) == value for each in self.variants)
        }

    @property
    def lowest_minor(self) -> int | None:
        """What the cheapest of them costs, in minor units."""
        there = [each for each in self.variants if each.availability not in GONE] or self.variants
        return min((each.price_minor for each in there if each.price_minor is not None), default=None)

    @property
    def gone(self) -> bool:
        """Whether none can be had now."""
        return all(each.availability in GONE for each in self.variants)


def _variants_compared(good: Good, sides: Sequence[_Side], answer: Answer) -> list[str | None]:
    """In which options they differ, what each costs and how much more the dearest is, and which is sold out."""
    options = list(dict.fromkeys(name for side in sides for name in side.options))
    differing = [name for name in options if len({side.options.get(name) for side in sides}) > 1]
    # "6-piece" in two colours and "8-piece" in one are not held against each other for their colour.
    differing = [name for name in differing if all(name in side.options for side in sides)] or differing
    names = [side.told(answer, differing) for side in sides]
    only_whether = len(differing) == 1 and all(says_only_whether(side.options.get(differing[0], "")) for side in sides)
    sentences: list[str | None] = [
        None
        if only_whether
        else answer.say(
            "variants_differ", name=answer.title(good.product), options=answer.wording.listed(differing),
            values=answer.wording.listed(names),
        )
    ]  # fmt: skip
    currency = good.product.currency
    prices = [price for side in sides if (price := side.lowest_minor) is not None]
    if currency is None or len(prices) < len(sides):
        sentences.append(answer.say("price_unknown", name=answer.title(good.product)))
    elif len(set(prices)) == 1:
        sentences.append(answer.say("variants_cost_the_same", price=answer.money(prices[0], currency)))
    else:
        told = [
            answer.say("priced", name=name, price=answer.price(Good(good.product, list(side.variants))))
            for name, side in zip(names, sides, strict=True)
        ]
        more = answer.money(max(prices) - min(prices), currency)
        sentences.append(answer.say("variants_cost", goods=answer.wording.listed(told), more=more))
    gone = [name for name, side in zip(names, sides, strict=True) if side.gone]
    if gone:
        sentences.append(answer.say("variants_gone", values=answer.wording.listed(gone)))
    if len(gone) < len(sides) and (gone or _STOCK.search(answer.turn.text)):
        there = [name for name, side in zip(names, sides, strict=True) if not side.gone]
        sentences.append(answer.say("variants_there", values=answer.wording.listed(there)))
    return sentences


def _told_of_sides(good: Good, sides: Sequence[_Side], answer: Answer) -> list[str | None]:
    """Sides beside each other, after what is said of a side that no variant is."""
    return [*_unmade(good, answer), *_variants_compared(good, sides[:_COMPARED], answer)]


def _unmade(good: Good, answer: Answer) -> list[str | None]:
    """That what a side says is on no variant."""
    unmade = [" / ".join(side.values()) for side, there in sides_of(answer.turn.text, good) if not there]
    name = answer.title(good.product)
    return [answer.say("variants.none", name=name, values=values) for values in unmade]


class _OrCompares(ProductAction):
    """A question about one product, unless it holds two of its variants against each other: "small v large?"."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """The comparison first."""
        turn = Turn(tracker)
        good = await spoken_of(self.desk, turn) if compares(turn.text) and not turn.entities("sku") else None
        if good is not None and not await find_each(self.desk, turn) and len(sides_named(turn, good, [])) > 1:
            return await ActionCompareProducts(self.desk).run(dispatcher, tracker, domain)
        return await super().run(dispatcher, tracker, domain)


class ActionAskFactsOrCompare(_OrCompares, ActionAskProductFacts):
    """What a product is like and costs, or in what two of its variants differ."""


class ActionAskSizeOrCompare(_OrCompares, ActionAskSizeAdvice):
    """Which size to take, or in what two sizes differ."""

    async def answer(self, answer: Answer, goods: Goods) -> list[Event]:
        """By the chart; where there is none, by an option whose values are ranges: 22 to 28 inches around the chest."""
        product = goods.found[0].product
        told = told_by_measure(product, answer) if not size_chart(product) else None
        return told if told is not None else await super().answer(answer, goods)


class ActionAskPriceHistoryOrCompare(_OrCompares, ActionAskPriceHistory):
    """What something costs and cost, or which of two variants costs less."""


ACTIONS: tuple[type[DeskAction], ...] = (
    ActionCompareProducts,
    ActionAskFactsOrCompare,
    ActionAskSizeOrCompare,
    ActionAskPriceHistoryOrCompare,
)
