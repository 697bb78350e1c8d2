"""Goods beside each other: products, or variants of one product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from actions.desk import DeskAction, Event
from actions.goods import GONE, Good, Goods, find_each, show_goods, variants_named
from actions.products import Answer, ProductAction, can_be_said, fact_name, fact_value, meant_now
from shopdesk_schemas.products import VariantView

_COMPARED: Final = 4


class ActionCompareProducts(ProductAction):
    """Products beside each other."""

    several = True

    def name(self) -> str:
        """The action's name."""
        return "action_compare_products"

    async def answer(self, answer: Answer, goods: Goods) -> list[Event]:
        """Which is cheaper, then in what they differ."""
        named = await find_each(self.desk, answer.turn)
        meant = (named if len(named) > 1 else goods.found)[:_COMPARED]
        if len(meant) < 2:
            sides = [_Side(each, meant[0].product.variants) for each in variants_named(answer.turn.text, meant[0])]
            if len(sides) < 2:
                answer.utter([answer.say("compare_with", name=answer.title(meant[0].product))], meant)
            else:
                answer.utter(_variants_compared(meant[0], sides[:_COMPARED], answer), meant)
            return meant_now(answer.turn, meant[0])
        ids = [each.product.external_id for each in meant]
        compared = await self.desk.crm.comparison(ids, answer.turn.language)
        names = {each.external_id: answer.title(each) for each in compared.products}
        prices = [answer.priced(Good(each, each.variants)) for each in compared.products]
        first = answer.say("prices", goods=answer.wording.listed(prices))
        if compared.cheapest:
            cheapest = answer.wording.listed([names[each] for each in compared.cheapest])
            first = answer.wording.sentences(answer.say("cheapest", name=cheapest), first)
        differing = [each for each in compared.facts if not each.same and can_be_said(each)]
        sentences: list[str | None] = [first]
        for fact in differing:
            told = [
                answer.say("fact_of", name=name, value=fact_value(value, answer) or answer.say("not_recorded"))
                for name, value in zip(names.values(), fact.values, strict=True)
            ]
            separator = answer.say("row_separator")
            sentences.append(answer.say("differ", fact=fact_name(fact.name, answer), values=separator.join(told)))
        if not differing:
            sentences.append(answer.say("no_difference"))
        answer.utter(sentences, meant)
        return show_goods(answer.turn, ids)


@dataclass(frozen=True)
class _Side:
    """The variants that one of the things compared means, out of `every` of the product."""

    variants: Sequence[VariantView]
    every: Sequence[VariantView]

    def label(self, answer: Answer) -> str:
        """The values of options that they share, and that not all have."""
        shared = self.options
        own = [value for name, value in shared.items() if any(each.options.get(name) != value for each in self.every)]
        return answer.wording.listed(own or list(shared.values()))

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
        return min((each.price_minor for each in self.variants if each.price_minor is not None), default=None)

    @property
    def gone(self) -> bool:
        """Whether none can be had now."""
        return all(each.availability in GONE for each in self.variants)


def _variants_compared(good: Good, sides: Sequence[_Side], answer: Answer) -> list[str | None]:
    """In which options they differ, what each costs and how much more the dearest is, and which is sold out."""
    names = [side.label(answer) for side in sides]
    options = list(dict.fromkeys(name for side in sides for name in side.options))
    differing = [name for name in options if len({side.options.get(name) for side in sides}) > 1]
    sentences: list[str | None] = [
        answer.say(
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
            answer.say("priced", name=name, price=answer.money(price, currency))
            for name, price in zip(names, prices, strict=True)
        ]
        more = answer.money(max(prices) - min(prices), currency)
        sentences.append(answer.say("variants_cost", goods=answer.wording.listed(told), more=more))
    gone = [name for name, side in zip(names, sides, strict=True) if side.gone]
    if gone:
        sentences.append(answer.say("variants_gone", values=answer.wording.listed(gone)))
    return sentences


ACTIONS: tuple[type[DeskAction], ...] = (ActionCompareProducts,)
