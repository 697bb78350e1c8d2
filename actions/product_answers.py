"""What the answers about goods share: the goods a message means, and how they are put into words, cards and buttons."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.desk import DeskAction, Event, Turn
from actions.goods import Good, Goods, find_goods, good_named, product_focus, show_goods, within
from actions.goods_in_question import named_product, on_its_shelf
from actions.resolver.value_names import says_only_whether
from actions.shelves import log_clicked
from actions.wording import Wording
from shopdesk_schemas.content import ProductCard, ProductCardsContent
from shopdesk_schemas.products import ProductView, VariantView

CARDS: Final = 6
"""How many goods are shown at once."""


class ProductAction(DeskAction):
    """What the answers about goods share."""

    several: ClassVar[bool] = False
    search: ClassVar[bool] = False
    compares: ClassVar[bool] = False
    """A price that is said is one to compare other goods by, no name of the one spoken of."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Finds the goods meant and answers; asks which where it is not clear."""
        return await self.told(dispatcher, Turn(tracker))

    async def told(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event]:
        """Answers a message, whatever it was understood as."""
        goods = await find_goods(
            self.desk, turn, search=self.search, several=self.several, compared_with_it=self.compares
        )
        answer = Answer(dispatcher, turn, self.desk.wording(turn.language))
        if (goods.nearly or not goods.found) and not turn.entities("sku"):
            # Words that no product has, beside what one is called: that one is meant.
            named = await named_product(self.desk, turn)
            amount = goods.words.amount if self.several else None
            if named is not None and not within(named, amount):
                # "A telescope under 100": what lies beside it may be one, too; what costs more is none.
                beside = await on_its_shelf(self.desk, turn, named)
                fitting = [good_named(self.desk, turn, each) for each in beside if within(each, amount)]
                goods = replace(goods, found=fitting, spoke=True, nearly=False, total=len(fitting))
            elif named is not None:
                goods = replace(goods, found=[good_named(self.desk, turn, named)], spoke=True, nearly=False, total=1)
        if not goods.found:
            return answer.none(goods)
        if not self.several and len(goods.found) > 1:
            return self.which(answer, goods)
        # Who asks about something that was recommended has chosen it. A search shows goods that nobody chose.
        meant = [] if self.search else [each.product.external_id for each in goods.found]
        return [*await self.answer(answer, goods), *await log_clicked(self.desk, turn, meant)]

    def which(self, answer: Answer, goods: Goods) -> list[Event]:
        """Several are called what was named: one question."""
        return answer.which(goods)

    async def answer(self, answer: Answer, goods: Goods) -> list[Event]:
        """Says what is asked."""
        raise NotImplementedError


class Answer:
    """Puts goods into words and cards."""

    def __init__(self, dispatcher: CollectingDispatcher, turn: Turn, wording: Wording) -> None:
        self._dispatcher = dispatcher
        self.turn = turn
        self.wording = wording

    def say(self, key: str, /, **values: object) -> str:
        """The words at `products.key`."""
        return self.wording.say(f"products.{key}", **values)

    def utter(
        self,
        sentences: Sequence[str | None],
        goods: Sequence[Good] = (),
        buttons: Sequence[dict[str, str]] = (),
        response: str = "utter_products",
    ) -> None:
        """The answer, with a card for each of `goods`."""
        text = self.wording.sentences(*sentences)
        cards = [self._card(each) for each in goods[:CARDS]]
        content: dict[str, Any] | None = None
        if cards:
            whole: ProductCardsContent[Any] = ProductCardsContent(text="", products=cards)
            content = whole.model_dump(mode="json", exclude={"text", "buttons"})
        self._dispatcher.utter_message(
            response=response, json_message=content, buttons=list(buttons) or None, answer=text
        )

    def none(self, goods: Goods) -> list[Event]:
        """Nothing was named, or nothing was found."""
        if not goods.spoke:
            self.utter([self.say("which_product")])
        elif goods.words.amount is not None and not goods.foreign:
            self.utter([self.say("none_in_range", words=goods.words.goods or self.say("anything"))])
        else:
            self.utter([self.say("none", words=" ".join(part for part in (goods.words.goods,) if part))])
        return []

    def which(self, goods: Goods) -> list[Event]:
        """Several are called that: one question, with a button each."""
        shown = goods.found[:CARDS]
        intent = self.turn.intent
        buttons = [button(self.title(each.product), intent, each.product.external_id) for each in shown]
        self.utter([self.say("nearly_which" if goods.nearly else "which")], shown, buttons)
        return show_goods(self.turn, [each.product.external_id for each in shown])

    def title(self, product: ProductView) -> str:
        """Its name."""
        return product.name or product.external_id

    def name(self, good: Good) -> str:
        """Its name, with the options where one variant is meant."""
        one = good.one
        return self.variant_name(good.product, one) if one is not None else self.title(good.product)

    def variant_name(self, product: ProductView, variant: VariantView) -> str:
        """The product's name and the variant's options."""
        if not variant.options:
            return self.title(product)
        options = self.wording.listed(self._told_values(variant))
        return self.say("variant", name=self.title(product), options=options)

    def options_told(self, variant: VariantView) -> str:
        """A variant by its options alone."""
        return " / ".join(self._told_values(variant))

    def _told_values(self, variant: VariantView) -> list[str]:
        return self.values_told(variant.options)

    def values_told(self, options: Mapping[str, str]) -> list[str]:
        """The values of options; one that only says yes or no with what it is said of."""
        return [
            self.say("option", name=name, values=value) if says_only_whether(value) else value
            for name, value in options.items()
        ]

    def money(self, minor: int | None, currency: str | None) -> str:
        """An amount in words; empty when it is not on record."""
        return "" if minor is None or currency is None else self.wording.money(minor, currency).text

    def price(self, good: Good) -> str:
        """What it costs: one price, or from the lowest."""
        prices = [each.price_minor for each in good.can_be_had or good.variants if each.price_minor is not None]
        currency = good.product.currency
        if not prices or currency is None:
            return ""
        lowest = self.money(min(prices), currency)
        return lowest if min(prices) == max(prices) else self.say("price_from", price=lowest)

    def priced(self, good: Good) -> str:
        """Its name with what it costs."""
        price = self.price(good)
        return self.say("priced", name=self.name(good), price=price) if price else self.name(good)

    def availability(self, variants: Sequence[VariantView]) -> str:
        """One word for several variants: that of the best."""
        for state in ("in_stock", "preorder", "unknown", "out_of_stock", "discontinued"):
            if any(each.availability == state for each in variants):
                return self.say(f"state.{state}")
        return self.say("state.unknown")

    def _card(self, good: Good) -> ProductCard:
        prices = [each.price_minor for each in good.can_be_had or good.variants if each.price_minor is not None]
        currency = good.product.currency
        return ProductCard(
            sku=good.one.sku if good.one is not None else good.product.external_id,
            title=self.name(good),
            price=self.wording.money(min(prices), currency) if prices and currency else None,
            availability_text=self.availability(good.variants),
            image_url=good.product.image_url,
            url=good.product.url,
        )


def button(title: str, intent: str, sku: str, **more: str) -> dict[str, str]:
    """A button that asks `intent` of a product or variant."""
    return {"title": title[:200], "payload": f"/{intent}" + json.dumps({"sku": sku, **more}, ensure_ascii=False)}


def _chosen(good: Good) -> str | None:
    return good.one.sku if good.one is not None and good.narrowed else None


def meant_now(turn: Turn, good: Good) -> list[Event]:
    """What "it" means from now on."""
    # Of several variants that were asked for the next option chooses: "the 240 ml ones" — "the blue one then".
    some = good.narrowed and 1 < len(good.can_be_had) < len(good.product.variants)
    key = good.product.external_id
    listed = list(product_focus(turn).shown)
    if not some and len(listed) > 1 and key in listed:
        # One of a list was opened: "the second" still counts from the list.
        return [*show_goods(turn, listed, key, _chosen(good)), SlotSet("offer", None)]
    shown = [each.sku for each in good.can_be_had] if some else [key]
    events = show_goods(turn, shown, key if some else _chosen(good))
    return [*events, SlotSet("offer", None)]
