"""Answers to questions about a product's variants: which have what is asked for, how many there are, the cheapest of
them, and whether one is cheaper than the shopper's own.

Options are facts: what has them is listed with its price. In the middle of a change nothing is chosen by such a
question.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, cast

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.bought import calls_it_own, lines_bought
from actions.changes.dialogue import conversation_focus
from actions.changes.records import Records
from actions.changes.request import ChangeRequest
from actions.crm_client import CrmNotFound
from actions.desk import Desk, Event, Turn, last_question, last_words
from actions.fact_questions.asked import wants_price
from actions.goods import GONE, Good, Goods, find_goods, good_named, product_focus, said_before, versions_of
from actions.goods_called import words_shared
from actions.option_questions import asks_all, asks_values, options_listed
from actions.product_answers import Answer, button, meant_now
from actions.reservations import ActionAskStoreStock
from actions.resolver.asked_facts import names_concept, names_only, read_asked
from actions.resolver.goods_words import goods_words
from actions.resolver.kept_options import Beside, said_beside
from actions.resolver.option_values import Named
from actions.resolver.products import read_product_words
from actions.resolver.versions import Versions, extreme_option
from actions.versions_of_each import answered_of_each
from actions.versions_told import list_values, versions_told
from actions.wording import LANGUAGES
from shopdesk_schemas.crm import OrderLineView
from shopdesk_schemas.products import ProductView, VariantView

_SHORT: Final = 60
"""Longer messages say more than a version."""
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
_BARE_KINDS: Final = re.compile(
    r"^\W*(?:(?:and|so|ok|okay)\W+)*(?:(?:what|which)(?: other| different)?|whats?(?: are)?(?: the| ur| your)?)"
    r" (?:kinds?|types?|sorts?|versions?|variants?|options?|styles?|flavou?rs?|scents?|models?|designs?|patterns?"
    r"|colou?rs?|sizes?)(?: (?:(?:are|is) there|do (?:you|u|ya) (?:have|got|do|carry|sell)"
    r"|(?:have )?(?:you|u|ya) (?:have|got)|(?:does|do) (?:it|they|that|this) come in|(?:does|do) (?:it|they) have"
    r"|can i (?:get|have|choose)|available))?\W*$"
    r"|^\W*(?:都|一共)?有(?:哪几|哪些|几|什么|啥)(?:种|款|口味|味道|版本|型号|规格|样式|颜色|尺码|尺寸|码|选择|可选)"
    r"的?(?:可以)?(?:选|可选)?[呢啊呀吗]?\W*$"
    r"|^\W*(?:哪几|哪些|什么|啥)(?:种|款|口味|味道|版本|型号|规格|样式)[呢啊呀]?\W*$",
    re.IGNORECASE,
)
"""It is asked which versions there are, and of what goods is not said."""
_ASKS: Final = re.compile(
    r"\b(?:is|are) there\b|\bdo (?:you|u|ya) (?:have|stock|sell|do|carry)\b|\bhave you(?: got)?\b"
    r"|\b(?:got )?any\b|\bwhich\b|\bcan i (?:get|have)\b|\bcheap(?:er|est)\b"
    r"|有没有|有[^，。？?]{0,20}[吗么嘛]|还有|哪些|哪款|哪种|哪个|哪几|便宜|没有(?:啊|吗|呢|了|吧)?\W*$"
    r"|都[^，。？?]{1,10}[吗么嘛]"
    r"|\b(?:are|is|do) (?:they|these|those|the [\w ]{2,30}?)? ?(?:all|both)\b|\bany other\b",
    re.IGNORECASE,
)
_PRICE: Final = re.compile(
    r"\bhow much\b|\bcosts?\b|\bprices?\b|\bpriced\b"
    r"|多少钱|什么价|啥价|价格|怎么卖|几块|几多钱|多少(?=\W*$)",
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
_TO_BE_HAD: Final = re.compile(
    r"\bin stock\b|\bavailable\b|\b(?:do )?(?:you|u|ya) (?:have|got|carry|stock)\b|有货|现货|能买到|买得到",
    re.IGNORECASE,
)
"""That it is asked for what can be had, and not for whether it can."""
_THE_EXTREME_ONE: Final = re.compile(
    r"\b(?:biggest|largest|longest|tallest|widest|smallest|shortest|narrowest)(?: (?:one|ones|size|version))?"
    r"(?= (?:(?:that )?(?:you|u|ya)(?: guys)? (?:have|got|sell|carry|stock|do)"
    r"|in stock|available|there|costs?|is|how)\b|\W*$)"
    r"|(?:^|(?<=[\s，。？?、的有要问买那]))最[大小长短高矮宽窄]的?(?:那?[个款种]|是|多少|有|还|$|[\s，。？?])",
    re.IGNORECASE,
)
"""The one that is most of something, named by no more than that."""
_COSTS: Final = re.compile(r"\bcosts?\b", re.IGNORECASE)
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

    @cached_property
    def to_be_had(self) -> Versions:
        """Which of those that can be had are meant, where any is: "the biggest in stock" is no sold-out one.

        What was said before holds on no longer where that is sold out: "the cheapest in stock" after a black one.
        """
        every = self.product.variants
        there = [place for place, each in enumerate(every) if each.availability not in GONE]
        if len(there) == len(every) or not there:
            return self.versions
        skus = {every[place].sku for place in there}
        views = [
            view.model_copy(update={"variants": [each for each in view.variants if each.sku in skus]})
            for view in (self.product, self.other)
        ]
        chosen = self.chosen if self.chosen is not None and self.chosen.sku in skus else None
        found = versions_of(views, self.text, before=self.before if chosen or not self.chosen else "", chosen=chosen)
        if self.named and not found.places:
            return self.versions
        return replace(found, places=[there[place] for place in found.places])

    @property
    def says_versions(self) -> bool:
        """Whether the question itself says which versions it is about."""
        return bool(self.named) or self.asks_extreme

    @property
    def asks_extreme(self) -> bool:
        """Whether the most or the least of an option is asked for."""
        return extreme_option(self.text, [each.options for each in self.product.variants], self.named) is not None


def asks_kinds(text: str) -> bool:
    """Whether a message asks how many of something there are to choose from."""
    return _KINDS.search(text) is not None or _BARE_KINDS.search(text) is not None


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
    if request is None and (stock := await _chosen_for_store(desk, dispatcher, turn)) is not None:
        return stock
    price = _PRICE.search(text) is not None
    asks = price or any(each.search(text) for each in (_STOCK, _ASKS, _KINDS, _BARE_KINDS))
    if not (asks or asks_values(text)) or _ELSEWHERE.search(text) or turn.entities("sku") or turn.order_numbers:
        return None
    if request is None and not whatever and turn.intent not in _ABOUT_GOODS:
        return None
    if request is None and (told_each := await answered_of_each(desk, dispatcher, turn, price=price)) is not None:
        return told_each
    meant = await _meant(desk, turn, request)
    if meant is None or len(meant.product.variants) < 2:
        return None
    product = meant.product
    kinds, cheapest, cheaper = (pattern.search(text) for pattern in (_KINDS, _CHEAPEST, _CHEAPER))
    kinds = kinds or _BARE_KINDS.search(text)
    if cheapest and meant.named:
        # "The cheapest in 10" after a black one in 9 is not the black one in 10.
        meant = replace(meant, chosen=None)
    named, versions = meant.named, meant.versions
    compared = meant.own is not None and (cheaper is not None or bool(meant.beside))
    answer = Answer(dispatcher, turn, desk.wording(turn.language))
    listed = options_listed(text, product) if not (cheapest or cheaper or compared or named.refused) else []
    listed = [each for each in listed if each not in named.wanted]
    if listed and not named and request is None:
        versions = _shaded(desk, turn, meant, listed) or versions
    if listed and (not named or request is None):
        return list_values(answer, product, versions, listed, chosen=request is None)
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
    if cheapest or (meant.asks_extreme and _TO_BE_HAD.search(text)):
        versions = meant.to_be_had
    fitting = [product.variants[place] for place in versions.places]
    fitting = fitting if meant.says_versions or fitting else list(product.variants)
    if cheapest:
        # What is sold out costs nobody anything.
        fitting = [each for each in fitting if each.availability not in GONE] or fitting
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
    told = versions_told(answer, product, fitting, versions, own_price if cheaper else None, key=key, price=price)
    if kinds and cheapest:
        # "How many kinds are there, and which is the cheapest in L?": both.
        every_one = sorted(product.variants, key=lambda each: (each.availability in GONE, each.price_minor or 0))
        told = [*versions_told(answer, product, every_one, Versions(), None, key="kinds"), *told]
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


async def answered_plain_version(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    """What a version costs that is named by its options, or the biggest one of what was spoken of; None for others.

    "How much is the one with a window in 8 qt?", "what's the biggest one you have in stock?": neither asks what the
    record says of the window, or which of all goods is the biggest.
    """
    text = turn.text
    extreme = _THE_EXTREME_ONE.search(text)
    if turn.pressed or turn.entities("sku") or turn.order_numbers or _ELSEWHERE.search(text):
        return None
    if not (extreme or wants_price(text) or _COSTS.search(text) or _PRICE.search(text)):
        return None
    meant = await _meant(desk, turn, None)
    if meant is None or len(meant.product.variants) < 2 or not meant.says_versions:
        return None
    options = {name for each in meant.product.variants for name in each.options}
    titles = [each for each in (meant.product.name, *meant.product.other_names) if each]
    about_goods = turn.intent in _ABOUT_GOODS and (extreme or wants_price(text) or _COSTS.search(text))
    if not about_goods and not _says_only_a_version(text, meant.product, titles):
        return None
    asked = read_asked(meant.named.rest, titles).concepts
    if extreme is None and not all(any(names_concept(name, of) for name in options) for of in asked):
        return None
    if extreme is not None and (not meant.asks_extreme or goods_words(text)):
        return None
    return await answered_variant_question(desk, dispatcher, turn, whatever=not about_goods)


def _says_only_a_version(text: str, product: ProductView, titles: Sequence[str]) -> bool:
    """Whether a message says no more than a version and that its price is asked for: "price with the table"."""
    options = [part for each in product.variants for pair in each.options.items() for part in pair]
    return names_only(_PRICE.sub(" ", text), [*titles, *options])


async def answered_versions_said(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    """Whether what a message names can be had, where it says no more than a version of the product spoken of.

    "The blue one in L", after the price of a jacket: None where anything else is said.
    """
    key = next(iter(product_focus(turn).products), None)
    meant = await _read(desk, turn, key, [], compared=False) if key is not None and not turn.pressed else None
    if meant is None or not meant.named or not meant.versions.places:
        return None
    words = read_product_words(meant.named.rest, currency=meant.product.currency or "")
    if words.goods or words.facts or words.amount or words.order or len(turn.text) > _SHORT:
        return None
    product = meant.product
    fitting = [product.variants[place] for place in meant.versions.places]
    answer = Answer(dispatcher, turn, desk.wording(turn.language))
    good = Good(product, fitting, narrowed=len(fitting) < len(product.variants))
    fitting = sorted(fitting, key=lambda each: (each.availability in GONE, each.price_minor or 0))
    answer.utter(versions_told(answer, product, fitting, meant.versions, None, key="found"), [good])
    return meant_now(turn, good)


def _shaded(desk: Desk, turn: Turn, meant: _Meant, listed: Sequence[str]) -> Versions | None:
    """The versions that a word covers which is no value of theirs: of "which sizes in blue" the cobalt ones."""
    good = good_named(desk, turn, meant.product)
    if not good.narrowed or good.absent is not None:
        return None
    names = [each for each in good.variants[0].options if each not in listed]
    wanted = {name: frozenset(each.options.get(name, "") for each in good.variants) for name in names}
    every = {name: {each.options.get(name, "") for each in meant.product.variants} for name in names}
    wanted = {name: values for name, values in wanted.items() if values != every[name]}
    places = [place for place, each in enumerate(meant.product.variants) if each in good.variants]
    return Versions(places, Named(wanted)) if wanted else None


async def _chosen_for_store(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    """The stores that have the version which is named, where it was asked which version is meant."""
    asks = f"/{ActionAskStoreStock(desk).name().removeprefix('action_')}"
    payloads = [str(each.get("payload")).partition("{") for each in last_question(turn)]
    if turn.pressed or not payloads or any(intent != asks for intent, _, _ in payloads):
        return None
    offered = json.loads(payloads[0][1] + payloads[0][2] or "{}")
    try:
        product = await desk.crm.product(str(offered.get("sku") or ""), turn.language)
    except CrmNotFound:
        return None
    versions = versions_of([product], turn.text, before=last_words(turn))
    if not versions.named or len(versions.places) != 1:
        return None
    entities = [{"entity": "sku", "value": product.variants[versions.places[0]].sku}]
    entities += [{"entity": "store", "value": offered["store"]}] if offered.get("store") else []
    chosen, domain = copy(turn.tracker), cast("DomainDict", {})
    chosen.latest_message = {**turn.message, "entities": entities}
    return list(await ActionAskStoreStock(desk).run(dispatcher, chosen, domain))


async def _meant(desk: Desk, turn: Turn, request: ChangeRequest | None) -> _Meant | None:
    """The one product that the question names, else the one that a change or the talk is about.

    Where its options are not what is asked for, the one of the shopper's own goods that has such.
    """
    own = await _own_lines(desk, turn, request)
    reference = await _spoken_of(desk, turn, request)
    spoken = await _read(desk, turn, reference, own, compared=True) if reference is not None else None
    if spoken is not None and _BARE_KINDS.search(turn.text):
        return spoken
    goods = await find_goods(desk, turn, search=True, several=True)
    if spoken is not None and spoken.says_versions and not _called(spoken.named.rest, goods):
        # "Is there an electric one?" of the grill means no electric toothbrush.
        return spoken
    if _CHEAPEST.search(turn.text) and _only_of_kind(turn.text, goods):
        # The cheapest suitcase of several is none of the versions of the one that is called so.
        return None
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
    focus = product_focus(turn)
    opened = len(focus.shown) <= 1 or list(focus.products[: len(focus.shown)]) != list(focus.shown)
    of_it = _CHEAPEST.search(turn.text) and request is None and opened
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


def _only_of_kind(text: str, goods: Goods) -> bool:
    """Whether several were found, and no more of a name is said than what such goods are called in general."""
    general = goods_words(text)
    if not general or len(goods.found) < 2 or goods.nearly:
        return False
    said = max(words_shared(text, [each.product.name or ""]) for each in goods.found)
    return said <= max(len(each) if not each.isascii() else len(each.split()) for each in general)


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


__all__ = ["answered_plain_version", "answered_variant_question", "answered_versions_said", "asks_kinds"]
