"""Answers to questions about a product's variants: which have what is asked for, how many there are, the cheapest of
them, and whether one is cheaper than the shopper's own.

Options are facts: what has them is listed with its price. In the middle of a change nothing is chosen by such a
question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rasa_sdk.executor import CollectingDispatcher

from actions.bought import calls_it_own, lines_bought
from actions.changes.dialogue import conversation_focus
from actions.changes.records import Records
from actions.changes.request import ChangeRequest
from actions.crm_client import CrmNotFound
from actions.desk import Desk, Event, Turn
from actions.goods import GONE, Good, Goods, find_goods, product_focus, words_shared
from actions.option_questions import asks_all, asks_values, options_listed, values_in_stock
from actions.product_answers import Answer, button, meant_now
from actions.resolver.goods_words import goods_words
from actions.resolver.kept_options import Beside, said_beside
from actions.resolver.option_values import Named, named_values
from actions.wording import LANGUAGES
from shopdesk_schemas.crm import OrderLineView
from shopdesk_schemas.products import ProductView, VariantView

_SHOWN: Final = 8
_OWN: Final = 6
"""How many of the shopper's own goods are looked at for options that are named."""
_TELLING: Final = 2
"""So many options named tell which goods are meant."""
_ABOUT_GOODS: Final = frozenset(
    {
        "search_products", "ask_availability", "ask_product_facts", "ask_alternatives", "compare_products",
        "ask_size_advice", "recommend_for_me", "recommend_similar", "recommend_with_order", "recommend_gift",
        "ask_price_history", "nlu_fallback", "out_of_scope", "ask_more", "ask_capabilities", "tell_background",
    }
)  # fmt: skip
"""What a question about variants is understood as, rightly or not, where nothing is to be done."""
_KINDS: Final = re.compile(
    r"\bhow many (?:different |other |kinds|types|sorts|variants|versions|models|options|colou?rs|sizes|designs|styles)"
    r"|\bhow many (?:[\w-]+ ){1,3}(?:are there|do you (?:have|offer|sell|stock|carry)) (?:in total|altogether|in all)\b"
    r"|(?:有)?(?:几|多少)(?:种|款|个款|个颜色|个尺码|个型号)",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(
    r"\b(?:is|are) there\b|\bdo you (?:have|stock|sell|do|carry)\b|\bhave you(?: got)?\b|\b(?:got )?any\b|\bwhich\b"
    r"|\bcan i (?:get|have)\b|\bcheap(?:er|est)\b"
    r"|有没有|有[^，。？?]{0,20}[吗么嘛]|还有|哪些|哪款|哪种|哪个|哪几|便宜|没有(?:啊|吗|呢|了|吧)?\W*$|都[^，。？?]{1,10}[吗么嘛]"
    r"|\b(?:are|is|do) (?:they|these|those|the [\w ]{2,30}?)? ?(?:all|both)\b|\bany other\b",
    re.IGNORECASE,
)
_PRICE: Final = re.compile(
    r"\bhow much (?:do|does|are|is|would)\b|\bwhat (?:do|does)\b[^.?!]{0,40}\bcost\b|多少钱|什么价", re.IGNORECASE
)
_CHEAPEST: Final = re.compile(r"\bcheapest\b|\bleast expensive\b|\blowest price\b|最便宜|最低价", re.IGNORECASE)
_CHEAPER: Final = re.compile(
    r"\bcheaper\b|\bless expensive\b|更便宜|便宜(?:点|些|一点|一些)|比[^，。？?]{1,12}便宜", re.IGNORECASE
)
_CHEAP: Final = re.compile(f"{_CHEAPEST.pattern}|{_CHEAPER.pattern}", re.IGNORECASE)
_ELSEWHERE: Final = re.compile(
    r"\b(?:or|vs|versus|difference|differ|should i|take|fits?|wear|tall|recommend|suit)\b|\bwhich (?:one )?(?:is|costs) (?:the )?(?:dearer|cheaper|more|less)\b|哪[个款种条件]?(?:更|比较)?贵|[跟和与].{1,12}哪|还是|区别|差别|适合|该[选穿]|穿|脚长|体重|厘米|公分|身高|推荐|"  # noqa: E501
    r"\b(?:store|stores|shop|branch|back in stock|restock\w*|swap|exchange|change|return|cancel|refund|deliver\w*|warranty|fit me|cm)\b"  # noqa: E501
    r"|门店|实体店|到货|补货|退|换|取消|送到|保修|\bwhy\b|为什么|怎么",
    re.IGNORECASE,
)
"""It is asked where, when or how; or something is to be done."""


@dataclass(frozen=True)
class _Meant:
    """A product in both languages, the reader's first, and the shopper's own line of it, if any."""

    product: ProductView
    other: ProductView
    own: OrderLineView | None
    text: str

    @property
    def beside(self) -> Beside:
        """What the question says of options beside values: "same size"."""
        by_sku = {each.sku: each.options for each in self.other.variants}
        own = [each.options for each in self.product.variants]
        return said_beside(self.text, own, [by_sku.get(each.sku, each.options) for each in self.product.variants])

    def like_own(self, variants: Sequence[VariantView]) -> list[VariantView]:
        """Those that have what is to stay as the shopper's own has it, without that one."""
        own = next((each for each in self.product.variants if self.own is not None and each.sku == self.own.sku), None)
        beside = self.beside
        if own is None or not beside:
            return list(variants)
        named = self.named.wanted.keys()
        return [each for each in variants if each.sku != own.sku and beside.fits(each.options, own.options, named)]

    @property
    def named(self) -> Named:
        """What the question names of its options."""
        by_sku = {each.sku: each.options for each in self.other.variants}
        return named_values(
            self.text,
            [each.options for each in self.product.variants],
            [by_sku.get(each.sku, each.options) for each in self.product.variants],
            [each for each in (self.product.name, self.other.name, *self.product.other_names) if each],
        )


def asks_kinds(text: str) -> bool:
    """Whether a message asks how many of something there are to choose from."""
    return _KINDS.search(text) is not None


async def answered_variant_question(
    desk: Desk,
    dispatcher: CollectingDispatcher,
    turn: Turn,
    request: ChangeRequest | None = None,
    *,
    whatever: bool = False,
) -> list[Event] | None:
    """Answers which variants have what is asked for; None where a message asks no such thing.

    `request`: the change that is open, which stays as it is. `whatever`: it does not matter what the message is
    understood as.
    """
    text = turn.text
    price = request is not None and _PRICE.search(text) is not None
    asks = price or _ASKS.search(text) or _KINDS.search(text)
    if not (asks or asks_values(text)) or _ELSEWHERE.search(text) or turn.entities("sku") or turn.order_numbers:
        return None
    if request is None and not whatever and turn.intent not in _ABOUT_GOODS:
        return None
    meant = await _meant(desk, turn, request)
    if meant is None or len(meant.product.variants) < 2:
        return None
    product = meant.product
    named = meant.named
    kinds, cheapest, cheaper = (pattern.search(text) for pattern in (_KINDS, _CHEAPEST, _CHEAPER))
    compared = meant.own is not None and (cheaper is not None or bool(meant.beside))
    listed = options_listed(text, product) if not (named or cheapest or cheaper or compared) else []
    if listed:
        answer = Answer(dispatcher, turn, desk.wording(turn.language))
        told: list[str | None] = []
        for option in listed[:3]:
            values = answer.wording.listed(values_in_stock(product, option))
            told.append(answer.say("variants.values", name=answer.title(product), option=option, values=values))
        good = Good(product, product.variants)
        answer.utter(told, [good] if request is None else [])
        return meant_now(turn, good) if request is None else []
    if not asks:
        return None
    if not named and not kinds and not compared and not cheapest and not price:
        return None
    answer = Answer(dispatcher, turn, desk.wording(turn.language))
    if price and not named and not kinds and not cheapest:
        # "Yes, but what do the trainers cost then?": the shopper's own, else what they cost from.
        mine = [each for each in product.variants if meant.own is not None and each.sku == meant.own.sku]
        good = Good(product, mine or product.variants, narrowed=bool(mine))
        answer.utter([answer.say("costs", name=answer.name(good), price=answer.price(good))])
        return []
    fitting = [each for each in product.variants if named.fits(each.options)]
    fitting = meant.like_own(fitting)
    own_price = meant.own.unit_price_minor if meant.own is not None else None
    if cheaper and own_price is not None:
        fitting = [each for each in fitting if each.price_minor is not None and each.price_minor < own_price]
    every = asks_all(text, named, [each.options for each in product.variants])
    fitting = sorted(fitting, key=lambda each: (each.availability in GONE, each.price_minor or 0))
    key = "cheapest" if cheapest else "kinds" if kinds and not named else "found"
    told = _told(answer, product, fitting, named, own_price if cheaper else None, key=key)
    if kinds and cheapest:
        # "How many kinds are there, and which is the cheapest in L?": both.
        every_one = sorted(product.variants, key=lambda each: (each.availability in GONE, each.price_minor or 0))
        told = [*_told(answer, product, every_one, Named(), None, key="kinds"), *told]
    if every is not None and fitting:
        told = [answer.say(f"variants.{'all' if every else 'not_all'}"), *told]
    if request is not None:
        answer.utter(told)
        return []
    shown = [each for each in fitting if each.availability not in GONE] or fitting
    good = Good(product, shown or product.variants, narrowed=bool(shown) and len(shown) < len(product.variants))
    buttons = []
    if len(fitting) == 1 and fitting[0].availability == "out_of_stock":
        buttons = [button(answer.say("button.notify"), "notify_back_in_stock", fitting[0].sku)]
    answer.utter(told, [good], buttons)
    return meant_now(turn, good)


def _told(
    answer: Answer,
    product: ProductView,
    fitting: Sequence[VariantView],
    named: Named,
    below: int | None,
    *,
    key: str,
) -> list[str | None]:
    """The number first, then each with its price; where nothing fits, what comes nearest."""
    name = answer.title(product)
    if not fitting:
        if below is not None:
            return [answer.say("variants.none_cheaper", name=name, price=answer.money(below, product.currency))]
        best = max((named.share(each.options) for each in product.variants), default=0)
        near = [each for each in product.variants if best and named.share(each.options) == best]
        listed = _listed(answer, sorted(near, key=lambda each: each.price_minor or 0))
        return [
            answer.say("variants.none", name=name, values=_values(answer, named)),
            answer.say("variants.nearest", variants=listed) if near else None,
        ]
    if len(fitting) == 1:
        one = fitting[0]
        price = answer.money(one.price_minor, product.currency)
        return [answer.say(f"available.{one.availability}", name=answer.variant_name(product, one), price=price)]
    if below is not None:
        key = "cheaper"
    there = [each for each in fitting if each.availability not in GONE]
    if there and key in ("found", "cheaper", "cheapest"):
        # What is sold out is only told where nothing else fits.
        fitting = there
    if len(fitting) == 1 and key != "cheapest":
        one = fitting[0]
        price = answer.money(one.price_minor, product.currency)
        return [answer.say(f"available.{one.availability}", name=answer.variant_name(product, one), price=price)]
    more = len(fitting) - _SHOWN
    if key == "cheapest":
        first = answer.say(
            "priced",
            name=answer.variant_name(product, fitting[0]),
            price=answer.money(fitting[0].price_minor, product.currency),
        )
        return [answer.say("variants.cheapest", first=first, variants=_listed(answer, fitting[1:4]))]
    return [
        answer.say(f"variants.{key}", count=len(fitting), name=name, variants=_listed(answer, fitting)),
        answer.say("more", count=more) if more > 0 else None,
    ]


def _listed(answer: Answer, variants: Sequence[VariantView]) -> str:
    told = []
    for each in variants[:_SHOWN]:
        priced = answer.say(
            "priced", name=" / ".join(each.options.values()), price=answer.money(each.price_minor, each.currency)
        )
        told.append(answer.say("variants.gone", variant=priced) if each.availability in GONE else priced)
    return answer.say("row_separator").join(told)


def _values(answer: Answer, named: Named) -> str:
    return answer.wording.listed([" / ".join(sorted(values)) for values in named.wanted.values()])


async def _meant(desk: Desk, turn: Turn, request: ChangeRequest | None) -> _Meant | None:
    """The one product that the question names, else the one that a change or the talk is about.

    Where its options are not what is asked for, the one of the shopper's own goods that has such.
    """
    goods = await find_goods(desk, turn, search=True, several=True)
    own = await _own_lines(desk, turn, request)
    reference = await _spoken_of(desk, turn, request)
    spoken = await _read(desk, turn, reference, own, compared=True) if reference is not None else None
    if spoken is not None and spoken.named and not _called(spoken.named.rest, goods):
        # "Is there an electric one?" of the grill means no electric toothbrush.
        return spoken
    named = _called(turn.text, goods) or await _called_generally(desk, turn)
    if len(named) > 1:
        # Of several that are called so, the one that the shopper has.
        mine = {line.sku for line in own}
        named = [each for each in named if any(one.sku in mine for one in each.variants)]
        if len(named) != 1:
            return None
    if named:
        compared = calls_it_own(turn.text) or request is not None
        return await _read(desk, turn, named[0].external_id, own, compared=compared)
    own_price = _CHEAP.search(turn.text) and (request is not None or calls_it_own(turn.text))
    if spoken is not None and not goods.words.goods and (_KINDS.search(turn.text) or own_price):
        return spoken
    if spoken is not None and not goods_words(turn.text) and options_listed(turn.text, spoken.product):
        return spoken
    if request is not None:
        return None
    found = [each.product.external_id for each in goods.found[:1]] if len(goods.found) == 1 and not goods.nearly else []
    skus = found or list(dict.fromkeys(str(line.sku) for line in own))[:_OWN]
    others = [each for sku in skus if (each := await _read(desk, turn, sku, own, compared=True)) is not None]
    having = {each.product.external_id: each for each in others if len(each.named.wanted) >= _TELLING}
    return having.popitem()[1] if len(having) == 1 else None


def _called(text: str, goods: Goods) -> list[ProductView]:
    """Those of the goods found whose names share the most words with a text, and any at all."""
    shared = {
        each.product.external_id: words_shared(text, [each.product.name or "", *each.product.other_names])
        for each in goods.found
    }
    most = max(shared.values(), default=0)
    return [each.product for each in goods.found if most and shared[each.product.external_id] == most]


async def _called_generally(desk: Desk, turn: Turn) -> list[ProductView]:
    """The one product that a general word for goods means beside words that no product has: 墨镜偏光的有几款."""
    for word in goods_words(turn.text)[:2]:
        goods = await find_goods(desk, turn, search=True, several=True, words=word)
        if len(goods.found) == 1 and not goods.nearly and not goods.guessed:
            return [goods.found[0].product]
    return []


async def _read(
    desk: Desk, turn: Turn, reference: str, own: Sequence[OrderLineView], *, compared: bool
) -> _Meant | None:
    """A product in both languages, with the shopper's line of it where that is what it is `compared` with."""
    try:
        views = {code: await desk.crm.product(reference, code) for code in LANGUAGES}
    except CrmNotFound:
        return None
    product = views[turn.language]
    other = next(view for code, view in views.items() if code != turn.language)
    skus = {each.sku for each in product.variants}
    line = next((each for each in own if each.sku in skus), None) if compared else None
    return _Meant(product, other, line, turn.text)


async def _own_lines(desk: Desk, turn: Turn, request: ChangeRequest | None) -> list[OrderLineView]:
    """The shopper's lines, those that a change is about before all others."""
    lines = await lines_bought(desk, turn)
    if request is None or not request.lines:
        return lines
    about = []
    for key in request.lines:
        number, _, line_number = key.rpartition("/")
        view = await desk.crm.order(turn.conversation_id, number, turn.language)
        about += [each for each in view.lines if str(each.line_number) == line_number]
    return [*about, *lines]


async def _spoken_of(desk: Desk, turn: Turn, request: ChangeRequest | None) -> str | None:
    """The product of the line that a change is about, of the goods or of the line spoken of last."""
    focus = conversation_focus(turn)
    keys = list(request.lines) if request is not None else []
    if not keys and request is None and (key := next(iter(product_focus(turn).products), None)) is not None:
        return key
    keys = keys or list(focus.lines[:1])
    if len(keys) != 1:
        return None
    records = Records(desk, turn, await desk.crm.policies())
    try:
        await records.order(keys[0].rpartition("/")[0])
    except CrmNotFound:
        return None
    line = records.line(keys[0])
    return line.sku if line is not None else None


__all__ = ["answered_variant_question", "asks_kinds"]
