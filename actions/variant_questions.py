"""Answers to questions about a product's variants: which have what is asked for, how many there are, the cheapest of
them, and whether one is cheaper than the shopper's own.

Options are facts: what has them is listed with its price. In the middle of a change nothing is chosen by such a
question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from rasa_sdk.executor import CollectingDispatcher

from actions.bought import calls_it_own, lines_bought
from actions.changes.dialogue import conversation_focus
from actions.changes.records import Records
from actions.changes.request import ChangeRequest
from actions.crm_client import CrmNotFound
from actions.desk import Desk, Event, Turn
from actions.goods import GONE, Good, Goods, find_goods, product_focus, said_before, versions_of, words_shared
from actions.option_questions import asks_all, asks_values, options_listed, values_in_stock
from actions.product_answers import Answer, button, meant_now
from actions.resolver.goods_words import goods_words
from actions.resolver.kept_options import Beside, said_beside
from actions.resolver.option_values import Named
from actions.resolver.versions import Versions, extreme_option
from actions.wording import LANGUAGES
from shopdesk_schemas.crm import OrderLineView
from shopdesk_schemas.products import ProductView, VariantView

_SHOWN: Final = 8
_NEAR: Final = 4
"""How many versions are told that come nearest to one that there is not."""
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
    r"\bhow much\b|\bcosts?\b|\bprices?\b|\bpriced\b|多少钱|什么价|啥价|价格|怎么卖|几块|几多钱|多少(?=\W*$)",
    re.IGNORECASE,
)
_STOCK: Final = re.compile(
    r"\bin stock\b|\bavailable\b|\bsold out\b|\bout of stock\b|\b(?:have|got|get|left|stock|sell)\b|\bcome in\b"
    r"|有货|现货|缺货|没货|有[吗么嘛没]|还有|有没有|卖完",
    re.IGNORECASE,
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


@dataclass(frozen=True, eq=False)
class _Meant:
    """A product in both languages, the reader's first, and the shopper's own line of it, if any."""

    product: ProductView
    other: ProductView
    own: OrderLineView | None
    text: str
    before: str = ""
    """What the shopper said of it just before."""
    chosen: VariantView | None = None
    """The version that was spoken of last."""

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
        return self.versions.named

    @cached_property
    def versions(self) -> Versions:
        """Which of its versions are meant."""
        views = [self.product, self.other]
        return versions_of(views, self.text, before=self.before, chosen=self.chosen)

    @property
    def says_versions(self) -> bool:
        """Whether the question itself says which versions it is about."""
        values = [each.options for each in self.product.variants]
        return bool(self.named) or extreme_option(self.text, values, self.named) is not None


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
    price = _PRICE.search(text) is not None
    asks = price or _STOCK.search(text) or _ASKS.search(text) or _KINDS.search(text)
    if not (asks or asks_values(text)) or _ELSEWHERE.search(text) or turn.entities("sku") or turn.order_numbers:
        return None
    if request is None and not whatever and turn.intent not in _ABOUT_GOODS:
        return None
    meant = await _meant(desk, turn, request)
    if meant is None or len(meant.product.variants) < 2:
        return None
    product = meant.product
    named, versions = meant.named, meant.versions
    kinds, cheapest, cheaper = (pattern.search(text) for pattern in (_KINDS, _CHEAPEST, _CHEAPER))
    compared = meant.own is not None and (cheaper is not None or bool(meant.beside))
    answer = Answer(dispatcher, turn, desk.wording(turn.language))
    listed = options_listed(text, product) if not (cheapest or cheaper or compared or named.refused) else []
    listed = [each for each in listed if each not in named.wanted]
    if listed and (not named or request is None):
        return _list_values(answer, meant, listed, chosen=request is None)
    if not asks:
        return None
    if not meant.says_versions and not kinds and not compared and not cheapest and not (price and request is not None):
        return None
    if price and not meant.says_versions and not kinds and not cheapest:
        # "Yes, but what do the trainers cost then?": the shopper's own, else what they cost from.
        mine = [each for each in product.variants if meant.own is not None and each.sku == meant.own.sku]
        good = Good(product, mine or product.variants, narrowed=bool(mine))
        answer.utter([answer.say("costs", name=answer.name(good), price=answer.price(good))])
        return []
    fitting = [product.variants[place] for place in versions.places]
    fitting = fitting if meant.says_versions or fitting else list(product.variants)
    fitting = meant.like_own(fitting)
    own_price = meant.own.unit_price_minor if meant.own is not None else None
    if cheaper and own_price is not None:
        fitting = [each for each in fitting if each.price_minor is not None and each.price_minor < own_price]
    every = asks_all(text, named, [each.options for each in product.variants])
    fitting = sorted(fitting, key=lambda each: (each.availability in GONE, each.price_minor or 0))
    if request is not None:
        # What is sold out can't be chosen: it is only told where nothing else fits.
        fitting = [each for each in fitting if each.availability not in GONE] or fitting
    key = "cheapest" if cheapest else "kinds" if kinds and not named else "found"
    told = _told(answer, product, fitting, versions, own_price if cheaper else None, key=key, price=price)
    if kinds and cheapest:
        # "How many kinds are there, and which is the cheapest in L?": both.
        every_one = sorted(product.variants, key=lambda each: (each.availability in GONE, each.price_minor or 0))
        told = [*_told(answer, product, every_one, Versions(), None, key="kinds"), *told]
    if every is not None and fitting:
        told = [answer.say(f"variants.{'all' if every else 'not_all'}"), *told]
    if request is not None:
        answer.utter(told)
        return []
    good = Good(product, fitting or product.variants, narrowed=bool(fitting) and len(fitting) < len(product.variants))
    buttons = []
    if len(fitting) == 1 and fitting[0].availability == "out_of_stock":
        buttons = [button(answer.say("button.notify"), "notify_back_in_stock", fitting[0].sku)]
    answer.utter(told, [good], buttons)
    return meant_now(turn, good)


def _list_values(answer: Answer, meant: _Meant, options: Sequence[str], *, chosen: bool) -> list[Event]:
    """What there is of some options, in the versions that are meant: the colours of a jacket in L."""
    product = meant.product
    wanted = {name: values for name, values in meant.versions.wanted.items() if name not in options}
    fits = Named(wanted)
    within = [each for each in product.variants if fits.fits(each.options)] if wanted else list(product.variants)
    if meant.says_versions and not meant.named.wanted.keys() & {*options}:
        within = [product.variants[place] for place in meant.versions.places]
    within = within or list(product.variants)
    there = product.model_copy(update={"variants": within})
    name = answer.title(product)
    if wanted and len(within) < len(product.variants):
        settled = [" / ".join(sorted(values)) for values in wanted.values()]
        name = answer.say("variant", name=name, options=answer.wording.listed(settled))
    told: list[str | None] = []
    for option in options[:3]:
        values = values_in_stock(there, option)
        told.append(answer.say("variants.values", name=name, option=option, values=answer.wording.listed(values)))
        every = dict.fromkeys(each.options[option] for each in within if option in each.options)
        if wanted and (gone := [each for each in every if each not in values]):
            told.append(answer.say("sold_out", variants=answer.wording.listed(gone)))
    good = Good(product, within, narrowed=bool(wanted) and len(within) < len(product.variants))
    answer.utter(told, [good] if chosen else [])
    return meant_now(answer.turn, good) if chosen else []


def _told(
    answer: Answer,
    product: ProductView,
    fitting: Sequence[VariantView],
    versions: Versions,
    below: int | None,
    *,
    key: str,
    price: bool = False,
) -> list[str | None]:
    """The number first, then each with its price; where nothing fits or is left, what comes nearest."""
    name = answer.title(product)
    if not fitting and below is not None:
        return [answer.say("variants.none_cheaper", name=name, price=answer.money(below, product.currency))]
    if not fitting:
        near = _nearest(product.variants, versions)
        return [
            answer.say("variants.none", name=name, values=_values(answer, versions.named)),
            answer.say("variants.nearest", variants=_listed(answer, near)) if near else None,
        ]
    if len(fitting) == 1 and key != "cheapest":
        return _one_told(answer, product, fitting[0], versions, price=price)
    if below is not None:
        key = "cheaper"
    more = len(fitting) - _SHOWN
    if key == "cheapest":
        first = answer.say(
            "priced",
            name=answer.variant_name(product, fitting[0]),
            price=answer.money(fitting[0].price_minor, product.currency),
        )
        if len(fitting) == 1:
            return [answer.say("variants.cheapest_only", first=first)]
        return [answer.say("variants.cheapest", first=first, variants=_listed(answer, fitting[1:4]))]
    return [
        answer.say(f"variants.{key}", count=len(fitting), name=name, variants=_listed(answer, fitting)),
        answer.say("more", count=more) if more > 0 else None,
    ]


def _one_told(
    answer: Answer, product: ProductView, one: VariantView, versions: Versions, *, price: bool
) -> list[str | None]:
    """Whether a version can be had, and what it costs; of one that is sold out also what comes nearest."""
    name, costs = answer.variant_name(product, one), answer.money(one.price_minor, product.currency)
    if one.availability not in GONE:
        return [answer.say(f"available.{one.availability}", name=name, price=costs)]
    near = [each for each in _nearest(product.variants, versions) if each.sku != one.sku]
    near = [each for each in near if each.availability not in GONE]
    told = f"available.{one.availability}"
    return [
        answer.say("variants.costs_gone", name=name, price=costs) if price and costs else answer.say(told, name=name),
        answer.say("variants.nearest", variants=_listed(answer, near)) if near and versions.wanted else None,
    ]


def _nearest(variants: Sequence[VariantView], versions: Versions) -> list[VariantView]:
    """The versions that share the most with what is wanted, those that can be had first."""
    wanted = Named(versions.wanted)
    open_to = [each for each in variants if each.availability not in GONE] or list(variants)
    best = max((wanted.share(each.options) for each in open_to), default=0)
    near = [each for each in open_to if best and wanted.share(each.options) == best]
    return sorted(near, key=lambda each: each.price_minor or 0)[:_NEAR]


def _listed(answer: Answer, variants: Sequence[VariantView]) -> str:
    told = []
    for each in variants[:_SHOWN]:
        priced = answer.say(
            "priced", name=answer.options_told(each), price=answer.money(each.price_minor, each.currency)
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
    if spoken is not None and spoken.says_versions and not _called(spoken.named.rest, goods):
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
    of_it = _CHEAPEST.search(turn.text) and request is None and len(product_focus(turn).shown) <= 1
    if spoken is not None and not goods.words.goods and (_KINDS.search(turn.text) or own_price or of_it):
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
    before, chosen = said_before(turn, product)
    return _Meant(product, other, line, turn.text, before, chosen)


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
