"""What the shop sells: finding it, whether it can be had, what it is like, what it costs and cost.

Anybody may ask; nobody is asked who they are. Every price, option and fact is the CRM's; what is not on record is said
to be so.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.crm_client import ChangeRefused, CrmNotFound, CrmRefused, HigherLevelNeeded
from actions.desk import Desk, DeskAction, Event, Turn
from actions.goods import GONE, Good, Goods, find_goods, product_focus, show_goods
from actions.goods_called import product_titles, words_shared
from actions.listed import Listed
from actions.misfits import without_misfits
from actions.product_answers import CARDS, Answer, ProductAction, button, meant_now
from actions.product_facts import (
    chart_part_names,
    chart_parts,
    colour_not_on_record,
    facts_in_words,
    facts_known,
    fits,
    size_chart,
    spoken_attributes,
    unknown_told,
    unrecorded,
)
from actions.resolver import Amount
from actions.resolver.asked_facts import names_concept, read_asked
from actions.resolver.called_so import last_word, wished_head
from actions.resolver.measures import measures_in
from actions.resolver.products import ProductWords, read_product_words, speaks_of
from actions.whats_sold import answered_what_is_sold
from shopdesk_schemas.products import ProductView, VariantView

_NAMED = 8
_CONSIDERED = 20
"""How many of what is alike are looked at for those within a price."""
_BODY = re.compile(
    r"(?:\b(?:chest|bust|waist|hips?|foot)\b|胸围|腰围|臀围|脚长|肩宽)\s*(?:is|of|:|：|=|是|大概|about)?\s*(\d{2,3})(?![\d.]|\s*(?:in|\"|寸))",
    re.IGNORECASE,
)
"""A measure of the body without its unit: centimetres, as in the charts."""
_ONE_OF_THEM = re.compile(r"\b(?:the|this|that|my|it)\b|[这那]|它", re.IGNORECASE)
_PRICE = re.compile(r"\b(?:how much|price|costs?)\b|多少钱|价格|怎么卖|几块|啥价", re.IGNORECASE)


class ActionSearchProducts(ProductAction):
    """Shows what fits the words, options and prices asked for."""

    several = True
    search = True

    def name(self) -> str:
        """The action's name."""
        return "action_search_products"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Searches; "the cheapest?" after a list means the whole search that brought it, not what fitted the screen."""
        turn = Turn(tracker)
        if (sold := await answered_what_is_sold(self.desk, dispatcher, turn)) is not None:
            return sold
        listed = Listed.of(turn)
        on_screen = product_focus(turn).shown
        if listed is None or listed.action != self.name() or turn.entities("sku") or len(on_screen) < CARDS:
            return await super().run(dispatcher, tracker, domain)
        words = read_product_words(turn.text, currency=(await self.desk.crm.policies()).shop.currency)
        if words.order is None or words.goods or words.options or words.amount:
            return await super().run(dispatcher, tracker, domain)
        goods = await find_goods(self.desk, turn, search=True, several=True, asked=listed.text, order=words.order)
        if not goods.found:
            return await super().run(dispatcher, tracker, domain)
        answer = Answer(dispatcher, turn, self.desk.wording(turn.language))
        return self.show(answer, goods, Listed(self.name(), listed.text))

    async def answer(self, answer: Answer, goods: Goods) -> list[Event]:
        """Names what was found, first what has the options asked for."""
        goods = _called_so(without_misfits(goods, answer.turn.text), answer.turn.text)
        if (cheaper := _cheaper_than(goods, answer.turn.text)) is not None:
            if not cheaper.found:
                answer.utter([answer.say("none_cheaper")])
                return []
            goods = cheaper
        return self.show(answer, goods, Listed(self.name(), answer.turn.text))

    def show(self, answer: Answer, goods: Goods, before: Listed, *, about: str = "ask_product_facts") -> list[Event]:
        """The next of what was found. `before` is what was shown of it already; `about` what each button asks."""
        fitting = [each for each in goods.found if each.absent is None]
        lacking = [each for each in goods.found if each.absent is not None]
        shown = (fitting or lacking)[:CARDS]
        behind = before.skip + 1 + max(place for place, each in enumerate(goods.found) if each in shown)
        listed = answer.wording.listed([answer.priced(each) for each in shown])
        first: str | None
        if not fitting:
            first = answer.say("none_with_option", value=_absent_words(lacking[0]), goods=listed)
        elif goods.nearly:
            first = answer.say("nearly", goods=listed)
        elif len(shown) == 1:
            gone = not shown[0].can_be_had
            first = answer.say("found_one_gone" if gone else "found_one", goods=listed)
        elif goods.words.order is not None:
            first = answer.say(f"sorted_{goods.words.order}", first=answer.priced(shown[0]), goods=listed)
        else:
            first = answer.say("found_more" if before.shown else "found", goods=listed)
        more = goods.total - behind
        sentences = [
            answer.say("other_currency", currency=answer.wording.currency_name(goods.found[0].product.currency or ""))
            if goods.foreign
            else None,
            first,
            answer.say("more", count=more) if more > 0 and fitting and not goods.nearly else None,
            _options_offered(shown[0], answer) if len(shown) == 1 else None,
        ]
        buttons = [
            button(answer.say("button.about", name=answer.title(each.product)), about, _key(each)) for each in shown
        ]
        answer.utter(sentences, shown, buttons)
        ids = [each.product.external_id for each in shown]
        return [
            *show_goods(answer.turn, ids),
            replace(before, shown=[*before.shown, *ids], skip=behind).remembered(),
        ]


def _called_so(goods: Goods, text: str) -> Goods:
    """Only what is called what is asked for, where some is: "kettle for green tea" asks for no tea."""
    head = wished_head(text)
    called = [each for each in goods.found if head and head == last_word(each.product.name or "")]
    if not called or len(called) == len(goods.found):
        return goods
    return replace(goods, found=called, total=len(called))


_CHEAPER_THAN: Final = re.compile(
    r"\b(?:cheaper|less expensive|lower priced)\b[^.?!]{0,60}?\bthan (?:the |your |that |those )?(?P<en>[^.?!,]+)"
    r"|比(?P<zh>[^，。？！]{1,10}?)(?:要|更)?便宜",
    re.IGNORECASE,
)


def _cheaper_than(goods: Goods, text: str) -> Goods | None:
    """What costs less than the one that is named: "a cheaper scarf than the cashmere"; None for other words."""
    said = _CHEAPER_THAN.search(text)
    if said is None:
        return None
    words = said["en"] or said["zh"]
    than = [each for each in goods.found if words_shared(words, product_titles([each.product]))]
    prices = [each.product.price_from_minor for each in than if each.product.price_from_minor is not None]
    if len(than) != 1 or not prices:
        return None
    left = [
        each
        for each in goods.found
        if each.product.price_from_minor is not None and each.product.price_from_minor < prices[0]
    ]
    return replace(goods, found=left, total=len(left))


async def searches_within(desk: Desk, turn: Turn) -> bool:
    """Whether goods are looked for within a price: what they are to be like is a wish, and no question."""
    if turn.intent != "search_products":
        return False
    words = read_product_words(turn.text, currency=(await desk.crm.policies()).shop.currency)
    return bool(words.goods) and words.amount is not None and words.amount.bound != "exact"


class ActionAskAvailability(ProductAction):
    """Whether something can be had, in the options asked for."""

    def name(self) -> str:
        """The action's name."""
        return "action_ask_availability"

    def which(self, answer: Answer, goods: Goods) -> list[Event]:
        """What there is answers "do you have boots?"; "is the lamp in stock?" means one of them."""
        if goods.nearly or _ONE_OF_THEM.search(answer.turn.text):
            return super().which(answer, goods)
        listed = Listed(ActionSearchProducts(self.desk).name(), answer.turn.text)
        return ActionSearchProducts(self.desk).show(answer, goods, listed, about=self.name().removeprefix("action_"))

    async def answer(self, answer: Answer, goods: Goods) -> list[Event]:
        """Yes or no first, then what there is."""
        good = goods.found[0]
        sentences: list[str | None] = [answer.say("nearest", name=answer.title(good.product)) if goods.nearly else None]
        had = good.can_be_had
        buttons: list[dict[str, str]] = []
        if (colour := colour_not_on_record(goods)) is not None:
            known = [
                (name, value)
                for name, value in spoken_attributes(good.product).items()
                if names_concept(name, "colour")
            ]
            sentences.append(facts_in_words(known, good.product, answer) if known else None)
            sentences.append(None if known else answer.say("no_colours", name=answer.title(good.product), value=colour))
            answer.utter([*sentences, _options_offered(good, answer)], [good], further_buttons(good, answer))
            return meant_now(answer.turn, good)
        if unrecorded(goods):
            # "Does it come in a tin?": that there is some in stock answers something else.
            sentences.append(answer.say("fact_unknown", name=answer.title(good.product)))
        if good.absent is not None:
            value = _absent_words(good)
            sentences.append(answer.say("not_in_option", name=answer.title(good.product), value=value))
            sentences.append(_options_offered(good, answer))
        elif good.one is not None:
            state = good.one.availability
            sentences.append(answer.say(f"available.{state}", name=answer.name(good), price=answer.price(good)))
            if state in GONE and good.one.stores_with_stock:
                sentences.append(answer.say("in_stores", count=good.one.stores_with_stock))
            buttons = _buttons_for(good, good.one, answer)
        elif not had:
            sentences.append(answer.say("available.out_of_stock", name=answer.title(good.product), price=""))
            buttons = [button(answer.say("button.alternatives"), "ask_alternatives", good.product.external_id)]
        else:
            gone = [each for each in good.variants if each.availability in GONE]
            key = "some_available" if gone else "all_available"
            sentences.append(answer.say(key, name=answer.title(good.product), price=answer.price(good)))
            sentences.append(_listed_variants("can_be_had", had, good.product, answer))
            sentences.append(_listed_variants("sold_out", gone, good.product, answer) if gone else None)
        answer.utter(sentences, [good], buttons)
        return meant_now(answer.turn, good)


class ActionAskProductFacts(ProductAction):
    """What a product is like and costs: the fact asked for, or what is on record."""

    def name(self) -> str:
        """The action's name."""
        return "action_ask_product_facts"

    async def answer(self, answer: Answer, goods: Goods) -> list[Event]:
        """The fact asked for first."""
        good = goods.found[0]
        product = good.product
        known = spoken_attributes(product)
        costs = _PRICE.search(answer.turn.text) is not None
        asked = {} if costs else facts_known(goods)
        sentences: list[str | None] = [answer.say("nearest", name=answer.title(product)) if goods.nearly else None]
        if asked:
            sentences.append(facts_in_words(list(asked.items()), product, answer))
        said = product.description and any(speaks_of(fact, product.description) for fact in goods.words.facts)
        titles = [each for each in (product.name, *product.other_names) if each]
        plain = good.absent is None and not good.narrowed
        particular = plain and bool(read_asked(answer.turn.text, titles)) and not answer.turn.entities("sku")
        unknown = not asked and not said and not costs and (goods.words.facts or goods.unread or particular)
        if unknown:
            # What nobody knows is said of this product, and nothing else told in its place.
            sentences += unknown_told(product, answer)
        if good.absent is not None:
            sentences.append(answer.say("not_in_option", name=answer.title(product), value=_absent_words(good)))
        if not asked and not unknown and said and not costs:
            sentences.append(product.description)
        elif not asked and not unknown:
            price = answer.price(good)
            sentences.append(answer.say("costs", name=answer.name(good), price=price) if price else None)
            if not costs:
                sentences.append(product.description)
                sentences.append(facts_in_words(list(known.items()), product, answer))
            sentences.append(_options_offered(good, answer))
        elif asked and said:
            sentences.append(product.description)
        one = good.one
        answer.utter(
            sentences, [good], _buttons_for(good, one, answer) if one is not None else further_buttons(good, answer)
        )
        return meant_now(answer.turn, good)


_OF_SIZE: Final = ("fit", "fits_with", "height", "measures")
"""Facts that tell for whom a thing is, where there is no chart of its sizes."""


class ActionAskSizeAdvice(ProductAction):
    """Which size to take: by the product's own chart and the measures given, never by a guess."""

    def name(self) -> str:
        """The action's name."""
        return "action_ask_size_advice"

    async def answer(self, answer: Answer, goods: Goods) -> list[Event]:
        """The size that the chart gives for the measures, else the chart."""
        good = goods.found[0]
        product = good.product
        name = answer.title(product)
        chart = size_chart(product)
        given = [measure.amounts[0] / 10 for measure in measures_in(answer.turn.text) if measure.dimension == "length"]
        given = given or [float(said) for said in _BODY.findall(answer.turn.text)]
        sizes = [size for size, parts in chart.items() if fits(parts, given)]
        sentences: list[str | None] = []
        if sizes:
            sentences.append(answer.say("size_by_chart", name=name, sizes=answer.wording.any_of(sizes)))
        elif given and chart:
            sentences.append(answer.say("size_not_by_chart", name=name))
        elif not chart:
            told = [
                (fact, value)
                for fact, value in spoken_attributes(product).items()
                if any(names_concept(fact, each) for each in _OF_SIZE)
            ]
            sentences.append(facts_in_words(told, product, answer) if told else answer.say("no_chart", name=name))
            # How a model wears it, or how much it weighs, may be all that helps.
            sentences += [_options_offered(good, answer)] if told else unknown_told(product, answer)
        if chart:
            rows = [
                answer.say("chart_row", size=size, measures=answer.wording.listed(chart_parts(parts, answer)))
                for size, parts in chart.items()
            ]
            sentences.append(answer.say("chart", name=name, rows=answer.say("row_separator").join(rows)))
            if not sizes:
                sentences.append(
                    answer.say("chart_measure", parts=answer.wording.listed(chart_part_names(chart, answer)))
                )
        answer.utter(sentences, [good], further_buttons(good, answer))
        return meant_now(answer.turn, good)


class ActionAskAlternatives(ProductAction):
    """What can be had in place of something."""

    compares = True

    def name(self) -> str:
        """The action's name."""
        return "action_ask_alternatives"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Of the product meant; "anything cheaper?" after a search means the search."""
        turn = Turn(tracker)
        cheaper = await self._searched_cheaper(turn)
        if cheaper is None:
            return await super().run(dispatcher, tracker, domain)
        answer = Answer(dispatcher, turn, self.desk.wording(turn.language))
        goods, words = cheaper
        if not goods.found:
            answer.utter([answer.say("none_cheaper")])
            return []
        return ActionSearchProducts(self.desk).show(answer, goods, Listed("action_search_products", words))

    async def _searched_cheaper(self, turn: Turn) -> tuple[Goods, str] | None:
        """The search shown last again, below the cheapest shown; None where something else is compared with."""
        listed = Listed.of(turn)
        if listed is None or listed.action != "action_search_products" or list(turn.entities("sku")):
            return None
        below = await self.cheapest_shown(turn)
        if below is None:
            return None
        found = await find_goods(self.desk, turn, search=True, several=True, asked=listed.text, below_minor=below)
        return found, listed.text

    async def cheapest_shown(self, turn: Turn) -> int | None:
        """What the cheapest of a list on the screen costs, in minor units, where something cheaper is all that is
        asked for; None where one of them, or something else, is compared with.
        """
        focus = product_focus(turn)
        if len(focus.shown) < 2 or list(focus.products[: len(focus.shown)]) != list(focus.shown):
            return None
        currency = (await self.desk.crm.policies()).shop.currency
        words = read_product_words(turn.text, currency=currency)
        if words.compared != "price_asc" or words.goods or words.points:
            return None
        views = [await self.desk.crm.product(each, turn.language) for each in focus.shown]
        return min((each.price_from_minor for each in views if each.price_from_minor is not None), default=None)

    async def answer(self, answer: Answer, goods: Goods) -> list[Event]:
        """The most alike first."""
        return await self.show(answer, goods.found[0], goods.words, Listed(self.name(), answer.turn.text))

    async def show(self, answer: Answer, good: Good, words: ProductWords, before: Listed) -> list[Event]:
        """The next ones that come in its place, within the prices that are said."""
        sku = (good.one or good.variants[0]).sku if good.variants else None
        found = (await self.desk.crm.alternatives(sku, answer.turn.language)).alternatives if sku else []
        others = [each for each in found if each.product != good.product.external_id]
        chosen = [each.sku for each in (others if good.one is None else others or found)]
        name = answer.name(good)
        within = Within.of(words, [each.price_minor for each in good.variants])
        if not chosen or within or before.shown:
            near = await self.desk.crm.public_recommendations(
                "alternatives", answer.turn.language, product=good.product.external_id, limit=_CONSIDERED
            )
            chosen = list(dict.fromkeys([*chosen, *(each.sku for each in near.items)]))[:_CONSIDERED]
        views = await asyncio.gather(*(self.desk.crm.product(sku, answer.turn.language) for sku in chosen))
        shown = [
            Good(view, [each for each in view.variants if each.sku == sku])
            for view, sku in zip(views, chosen, strict=True)
            if view.external_id not in before.shown
        ]
        shown = [each for each in shown if within.holds([one.price_minor for one in each.variants])][:CARDS]
        if not shown:
            key = "no_more" if before.shown else "no_alternatives_within" if within else "no_alternatives"
            answer.utter([answer.say(key, name=name)], [])
            return meant_now(answer.turn, good)
        listed = answer.wording.listed([answer.priced(each) for each in shown])
        buttons = [
            button(answer.say("button.about", name=answer.title(each.product)), "ask_product_facts", _key(each))
            for each in shown
        ]
        answer.utter([answer.say("alternatives", name=name, goods=listed)], shown, buttons)
        ids = [each.product.external_id for each in shown]
        anchor = good.one.sku if good.one is not None else good.product.external_id
        kept = replace(before, shown=[*before.shown, *ids], anchor=anchor)
        return [*show_goods(answer.turn, ids), kept.remembered()]


@dataclass(frozen=True)
class Within:
    """What other goods may cost: less or more than what they are compared with, and what bounds were said."""

    below: int | None = None
    above: int | None = None
    amount: Amount | None = None

    def __bool__(self) -> bool:
        return any(each is not None for each in (self.below, self.above, self.amount))

    @classmethod
    def of(cls, words: ProductWords, prices: Sequence[int | None]) -> Self:
        """As `words` say it of something that has `prices`."""
        known = [each for each in prices if each is not None]
        cheaper, dearer = words.compared == "price_asc", words.compared == "price_desc"
        amount = words.amount if words.amount is not None and words.amount.bound != "exact" else None
        return cls(
            min(known) if cheaper and known else None,
            max(known) if dearer and known else None,
            amount,
        )

    def holds(self, prices: Sequence[int | None]) -> bool:
        """Whether one of `prices` is within."""
        return not self or any(
            (self.below is None or each < self.below)
            and (self.above is None or each > self.above)
            and (self.amount is None or self.amount.fits(each))
            for each in prices
            if each is not None
        )


_WHEN: Final = re.compile(r"\bwhen (?:do|will|would|can|should|am|is|are)\b|什么时候|啥时候|何时|多久", re.IGNORECASE)
_TELL_ME: Final = re.compile(
    r"\b(?:let|tell|notify|e-?mail|message|text|ping|remind|alert|inform|drop|send|write|notification)\b"
    r"|通知|告诉|提醒|说一声|说声|叫我|消息|邮件|短信|联系|登记|订阅",
    re.IGNORECASE,
)


def _asks_when(text: str) -> bool:
    """Whether a message asks when something is, and for no message: a question registers nothing."""
    return _WHEN.search(text) is not None and _TELL_ME.search(text) is None


class ActionNotifyBackInStock(ProductAction):
    """Has a message sent when something can be bought again."""

    def name(self) -> str:
        """The action's name."""
        return "action_notify_back_in_stock"

    async def answer(self, answer: Answer, goods: Goods) -> list[Event]:
        """At once, for one variant that is sold out."""
        if _asks_when(answer.turn.text):
            return [FollowupAction("action_clarify")]
        good = goods.found[0]
        gone = [each for each in good.variants if each.availability in GONE]
        if good.absent is not None or not gone:
            sentences = [answer.say("notify.here", name=answer.name(good))]
            if good.absent is not None:
                name, value = answer.title(good.product), _absent_words(good)
                sentences = [answer.say("not_in_option", name=name, value=value)]
            answer.utter(sentences, [good])
            return meant_now(answer.turn, good)
        if len(gone) > 1:
            buttons = [
                button(answer.wording.listed(list(each.options.values())) or each.sku, answer.turn.intent, each.sku)
                for each in gone[:10]
            ]
            answer.utter([answer.say("notify.which", name=answer.title(good.product))], [], buttons)
            return meant_now(answer.turn, good)
        name = answer.variant_name(good.product, gone[0])
        try:
            key = f"{answer.turn.message_id}:notify"[:200]
            await self.desk.crm.propose(answer.turn.conversation_id, "product.notify", {"sku": gone[0].sku}, key=key)
        except HigherLevelNeeded:
            answer.utter([answer.say("notify.sign_in", name=name)])
            return meant_now(answer.turn, good)
        except ChangeRefused as refused:
            known = refused.rule if answer.wording.has(f"products.notify.{refused.rule}") else "refused"
            answer.utter([answer.say(f"notify.{known}", name=name)])
            return meant_now(answer.turn, good)
        except (CrmRefused, CrmNotFound):
            answer.utter([answer.say("notify.refused", name=name)])
            return meant_now(answer.turn, good)
        answer.utter([answer.say("notify.done", name=name)])
        return meant_now(answer.turn, good)


class ActionAskPriceHistory(ProductAction):
    """What something costs and cost."""

    def name(self) -> str:
        """The action's name."""
        return "action_ask_price_history"

    async def answer(self, answer: Answer, goods: Goods) -> list[Event]:
        """Today's price and the lowest of 30 days, then earlier ones."""
        good = goods.found[0]
        variant = good.one or next(iter(good.can_be_had or good.variants), None)
        name = answer.name(good)
        if variant is None:
            answer.utter([answer.say("price_unknown", name=name)], [good])
            return meant_now(answer.turn, good)
        prices = await self.desk.crm.prices(variant.sku, answer.turn.language)
        zone = (await self.desk.crm.policies()).shop.timezone
        now = answer.money(prices.price_minor, prices.currency)
        sentences: list[str | None]
        if not now:
            sentences = [answer.say("price_unknown", name=name)]
        elif prices.lowest_30_days_minor is None or prices.lowest_30_days_minor == prices.price_minor:
            sentences = [answer.say("price_lowest_now", name=name, price=now)]
        else:
            lowest = answer.money(prices.lowest_30_days_minor, prices.currency)
            sentences = [answer.say("price_was_lower", name=name, price=now, lowest=lowest)]
        earlier = [
            answer.say(
                "price_until",
                price=answer.money(each.price_minor, each.currency),
                day=answer.wording.day_of(each.ended_at, zone),
            )
            for each in prices.history[:5]
        ]
        sentences.append(
            answer.say("price_history", prices=answer.wording.listed(earlier))
            if earlier
            else answer.say("no_price_history")
        )
        answer.utter(sentences, [good])
        return meant_now(answer.turn, good)


ACTIONS: tuple[type[DeskAction], ...] = (ActionNotifyBackInStock,)


def _absent_words(good: Good) -> str:
    return (good.absent.value or good.absent.words) if good.absent is not None else ""


def _options_offered(good: Good, answer: Answer) -> str | None:
    """The options of what can be had."""
    values = _values(good.can_be_had or good.product.variants, good.product)
    if not values or all(len(each) == 1 for each in values.values()):
        return None
    told = [answer.say("option", name=name, values=answer.wording.listed(each)) for name, each in values.items()]
    return answer.say("options", options=answer.say("row_separator").join(told))


def _values(variants: Sequence[VariantView], product: ProductView) -> dict[str, list[str]]:
    """By option the values that some of the variants have, in the product's order."""
    having = {(name, value) for variant in variants for name, value in variant.options.items()}
    values = {
        option.name: [value for value in option.values if (option.name, value) in having] for option in product.options
    }
    return {name: known for name, known in values.items() if known}


def _listed_variants(key: str, variants: Sequence[VariantView], product: ProductView, answer: Answer) -> str | None:
    if len(variants) < 2 and not (variants and variants[0].options):
        return None
    if len(variants) <= _NAMED:
        named = [answer.say("options_of", options=answer.options_told(each)) for each in variants]
        return answer.say(key, variants=answer.wording.listed(named))
    values = _values(variants, product)
    told = [answer.say("option", name=name, values=answer.wording.listed(each)) for name, each in values.items()]
    return answer.say(key, variants=answer.say("row_separator").join(told))


def _buttons_for(good: Good, variant: VariantView, answer: Answer) -> list[dict[str, str]]:
    if variant.availability not in GONE:
        return (
            [button(answer.say("button.stores"), "ask_store_stock", variant.sku)] if variant.stores_with_stock else []
        )
    buttons = []
    if variant.availability == "out_of_stock":
        buttons.append(button(answer.say("button.notify"), "notify_back_in_stock", variant.sku))
    if variant.stores_with_stock:
        buttons.append(button(answer.say("button.stores"), "ask_store_stock", variant.sku))
    buttons.append(button(answer.say("button.alternatives"), "ask_alternatives", variant.sku))
    return buttons


def further_buttons(good: Good, answer: Answer) -> list[dict[str, str]]:
    """Buttons for what else may be asked of a product."""
    key = good.product.external_id
    buttons = [button(answer.say("button.available"), "ask_availability", key)]
    if size_chart(good.product) and answer.turn.intent != "ask_size_advice":
        buttons.append(button(answer.say("button.size"), "ask_size_advice", key))
    return buttons


def _key(good: Good) -> str:
    return good.one.sku if good.one is not None else good.product.external_id
