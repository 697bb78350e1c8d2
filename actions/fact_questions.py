"""Questions about what goods are like, answered from their records whatever they were understood as.

A shop's facts have names that no training data knows: "does it take long to put up?" is asked of a tent with a "Setup
time". Where a message asks what the record of the goods in question says, it is answered by that; of several goods
which of them are as wanted, or which has the most of it; and nothing is said that no record says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from rasa_sdk.executor import CollectingDispatcher

from actions.bought import speaks_of_bought
from actions.desk import Desk, Event, Turn
from actions.goods import GONE, Good, show_goods
from actions.goods_in_question import How, InQuestion, general_names, goods_in_question
from actions.product_answers import CARDS, Answer, meant_now
from actions.product_facts import fact_name, facts_in_words, spoken_attributes, unknown_told
from actions.products import further_buttons
from actions.resolver.ages import ages_asked
from actions.resolver.asked_facts import (
    SURE,
    Asked,
    Entry,
    answering,
    names_concept,
    read_asked,
    says_word,
    sentences_of,
    unanswered,
)
from actions.resolver.fact_filters import Fit, fit_of
from actions.resolver.measures import measures_in
from actions.resolver.options import colour_of
from actions.resolver.process_questions import asks_price
from actions.resolver.ranked_facts import Extreme, extreme_asked, ranked
from actions.resolver.text import fold
from shopdesk_schemas.products import ProductView

_MOST: Final = 200
_ABOUT_GOODS: Final = frozenset(
    {
        "ask_product_facts",
        "ask_availability",
        "search_products",
        "compare_products",
        "ask_size_advice",
        "ask_alternatives",
        "nlu_fallback",
        "out_of_scope",
    }
)
_TALK: Final = frozenset(
    {"affirm", "deny", "stop", "ask_human", "greet", "goodbye", "thank", "ask_bot", "report_emergency"}
)
_NEVER: Final = re.compile(
    r"^(?:report|cancel|return|exchange|change|complain|chase|delete|export|buy_again|reorder|register|sign_in|manage|write_review|insult)"
)
"""What is wanted or reported, and no question about goods, whatever stands beside it."""
_OF_OWN_ORDERS: Final = frozenset(
    {
        "track_order", "track_another", "provide_details", "lack_details", "ask_order_details", "list_orders",
        "ask_total", "ask_delivery_cost", "ask_delivery_options", "ask_payment_methods", "ask_points", "ask_vouchers",
        "ask_gift_card_balance", "ask_refund", "ask_refund_time", "ask_return_status", "ask_receipt", "ask_invoice",
        "ask_profile", "ask_reservation",
    }
)  # fmt: skip
"""Of these a question is one about goods only where it names them."""
_HARM: Final = re.compile(
    r"\b(?:chok\w+|swallow\w*|poison(?:ed|ing)|bleeding|burn(?:t|ed|s|ing)|ate (?:it|some)|rash|reaction"
    r"|swollen|swelling|breathe|hives|on fire|smok\w+|shock\w*|hurt\w*|pain\w*|hospital|faint\w*|dizzy|sick)\b"
    r"|误食|吞|中毒|窒息|烫伤|流血|起疹|救|着火|起火|冒烟|触电|漏电|受伤|[疼痛肿晕]|医院",
    re.IGNORECASE,
)
_FOR_SO_MANY: Final = re.compile(
    r"\b(?:one|two|three|four|single|\d+)[- ]?(?:persons?|people|ppl)\b|[一二两三四五六七八九十\d]个?人(?!工|客)",
    re.IGNORECASE,
)
"""A person who is counted is none who is called."""
_CARES: Final = re.compile(
    r"\b(?:allerg\w+|toxic|chemicals?|safe|coating|fireproof|flame|stove)\b|过敏|有没有毒|有毒[吗么不没]|毒不毒|安全|涂层|明火|上火",
    re.IGNORECASE,
)
_OF_ORDERS: Final = re.compile(
    r"\b(?:orders?|ordered|parcels?|packages?|deliver\w*|shipping|shipped|refund\w*|return\w*|cancel\w*|exchang\w*|swap\w*"
    r"|invoice|receipt|bought|purchased|arrived|arrive|my (?:card|account|address)|pay|paid|payment|stores?"
    r"|coupon|voucher|discount|tracking|packed yet|it packed|in now|gift cards?|points|klarna|afterpay"
    r"|by (?:mon|tues|wednes|thurs|fri|satur|sun)day|how (?:fast|soon|quick\w*) (?:can|will|do) (?:i|you|it))\b"
    r"|花呗|分期|积分|多快能|几天能|师傅|微信支付|支付宝"
    r"|订单|单号|下单|包裹|快递|物流|发货|收到|退|换|取消|发票|运费|付款|支付|门店|买过|买的|优惠|到货",
    re.IGNORECASE,
)
"""What is asked is about an order, its way or its money."""
_ASKS: Final = re.compile(
    r"\?|？|^\W*(?:(?:and|so|but|ok|okay|also|hey|hi|yes|yeah|oh|cool|great|thx|thanks|hm+)\W+)*"
    r"(?:is|are|does|do|can|could|will|would|what|whats|how|hows|which|who|any|got|has|have|did|should|anything)\b"
    r"|\b(?:is it|are they|does it|do they|can i|can you|can it"
    r"|how (?:much|many|long|big|heavy|well|thick|wide|tall|loud|hard|often)|what (?:is|are|kind|sort|about)"
    r"|what's|which (?:one|of)|wondering|want to know"
    r"|tell me|(?:ok|okay|safe|suitable|good|fine|enough) (?:for|to|with|in|on)|allergic|allergy)\b|过敏"
    r"|[吗么呢]|[不没]\W*$|多[少大长高重久厚宽深远]|[几]|怎|哪|啥|什么|有没有|(?P<c>.)不(?P=c)|能|可以|会|适合|是.*还是",
    re.IGNORECASE,
)
_OF_SEVERAL: Final = re.compile(
    r"\b(?:which|any|anything|something|some|do you have|do you sell|have you|got|are there|is there|need"
    r"|looking for|want)\b"
    r"|哪|有没有|有.{0,12}[吗么]|有啥|有什么|求|想要|想买|想找|推荐",
    re.IGNORECASE,
)
_EACH: Final = 6
_OF_VERSIONS: Final = re.compile(
    r"\b(?:in stock|available|sold out|comes? in|colou?rs?|sizes|cheap\w*|expensive|pric\w+|dearer)\b"
    r"|有货|现货|缺货|没货|[贵价色码]|便宜",
    re.IGNORECASE,
)
"""It is asked which versions there are, whether they can be had or what they cost."""
_BETTER: Final = re.compile(
    r"\bwhich (?:one )?(?:is|are|would be|works?) (?:\w+ )?(?:better|best|easier|easiest|nicer)\b"
    r"|哪[个款种].{0,3}(?:好|更|比较)",
    re.IGNORECASE,
)
_DESCRIBES: Final = frozenset({"material", "colour"})
"""What stands before goods to tell which: a wool throw."""
_IS_IT_SO: Final = re.compile(
    r"^\W*(?:(?:and|so|but|ok|okay|also)\W+)*(?:does|do|is|are|can|will|has|have|r)"
    r" (?:it|they|these|those|this|that|i|you|u)\b"
    r"|(?:能|可以|会|会不会|能不能)[^，。]{1,8}(?:吗|么|不|嘛)\W*$",
    re.IGNORECASE,
)
_OTHERWISE_MUCH: Final = re.compile(r"\bhow much (?:does|do|can|will|would|did)\b(?!.*\bcosts?\b)", re.IGNORECASE)
"""How much it weighs or holds."""
_OF_IT: Final = re.compile(
    r"\b(?:it|its|it's|that|this|they|them|these|those)\b|它|这个|那个|这款|那款|^\W*(?:那|那么)?(?:能|可以|会|适合|有没有|支持|需要|要不要|好不好|多)",
    re.IGNORECASE,
)
_UNRECORDED: Final = frozenset({"warranty", "length", "packaging", "use", "colour"})
"""Of these the shop's rules, its versions or its pages may tell what the product's record does not."""


async def answered_fact_question(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    """Answers a question about what goods are like; None where a message asks none, or no record speaks of it."""
    text = turn.text
    if turn.pressed or turn.entities("sku") or turn.order_numbers or len(text) > _MOST:
        return None
    if _HARM.search(text) or not _may_be_asked(turn):
        return None
    if _OF_ORDERS.search(text) or speaks_of_bought(text) or not (turn.intent in _ABOUT_GOODS or _ASKS.search(text)):
        return None
    asked = read_asked(text)
    extreme = extreme_asked(text, asked.concepts)
    if not asked.concepts and extreme is None and turn.intent not in _ABOUT_GOODS:
        return None
    if not asked and extreme is None and not measures_in(text):
        return None
    if not asked.concepts and extreme is None and (_OF_VERSIONS.search(text) or asks_price(text)):
        return None
    among = extreme is not None or _OF_SEVERAL.search(text) is not None
    meant = await goods_in_question(desk, turn, among=among, of_kind=extreme is not None)
    if meant is None or (turn.intent in _OF_OWN_ORDERS and meant.how not in ("named", "kind")):
        return None
    one = meant.one
    names = meant.words if one is None else [each for each in (one.name, *one.other_names) if each]
    if meant.how == "named":
        names = [*names, *general_names(text)]
    asked = read_asked(text, names)
    extreme = extreme_asked(text, asked.concepts)
    answer = Answer(dispatcher, turn, desk.wording(turn.language))
    if one is not None:
        if asks_price(text) and not _OTHERWISE_MUCH.search(text) and _DESCRIBES.issuperset(asked.concepts):
            return None
        return _told_of_one(one, asked, extreme, meant.how, answer)
    if extreme is not None and (told := _told_ranked(meant, extreme, answer)) is not None:
        return told
    if asks_price(text) and not _OTHERWISE_MUCH.search(text):
        return None
    if (
        _OF_SEVERAL.search(text)
        and not _BETTER.search(text)
        and (told := _told_fitting(meant, asked, answer)) is not None
    ):
        return told
    return _told_of_each(meant, asked, answer)


def _may_be_asked(turn: Turn) -> bool:
    """Whether what a message was understood as leaves it a question about goods."""
    if turn.intent == "ask_human":
        return _FOR_SO_MANY.search(turn.text) is not None
    if turn.intent == "report_emergency":
        # "Is the coating toxic?", "she's allergic to nickel": nobody is hurt.
        return _CARES.search(turn.text) is not None
    return turn.intent not in _TALK and _NEVER.match(turn.intent or "") is None


def entries_of(product: ProductView) -> list[Entry]:
    """All that is on record of a product: its facts, its options, the sentences of its description."""
    facts = [Entry(name, value) for name, value in spoken_attributes(product).items()]
    options = [Entry(each.name, " / ".join(each.values), "option") for each in product.options]
    return [*facts, *options, *(Entry("", each, "sentence") for each in sentences_of(product.description or ""))]


def _told_of_one(
    product: ProductView, asked: Asked, extreme: Extreme | None, how: How, answer: Answer
) -> list[Event] | None:
    """What the record says of it, where it surely speaks of what is asked; or that it says nothing of "it"."""
    if extreme is not None:
        if (told := _told_farthest(product, extreme, answer)) is not None:
            return told
        asked = asked if asked else replace(asked, concepts=extreme.concepts[:1], by_word={"*": extreme.concepts[:1]})
    found = answering(asked, entries_of(product))
    good = Good(product, product.variants)
    if found and found[0][0].kind == "option":
        option = found[0][0]
        if any(says_word(fold(option.value), each) for each in (*asked.words, *asked.left)):
            # A value of it is said: which versions have it is another question.
            return None
        found = [each for each in found if each[0] is option or each[0].kind != "option"]
    else:
        found = [each for each in found if each[0].kind != "option"]
    if found and (found[0][1] >= SURE or found[0][0].kind == "sentence" or answer.turn.intent == "ask_product_facts"):
        facts = [(each.name, each.value) for each, _ in found if each.kind == "fact"]
        others = [_in_words(each, product, answer) for each, _ in found if each.kind != "fact"]
        if len(asked.by_word) > 1 and unanswered(asked, found):
            others.append(answer.say("facts_not_all"))
        answer.utter(
            [facts_in_words(facts, product, answer), *others, _price_asked(good, answer)],
            [good],
            further_buttons(good, answer),
        )
        return meant_now(answer.turn, good)
    text = answer.turn.text
    of_it = how == "spoken" or _OF_IT.search(text) or not _OF_SEVERAL.search(text)
    if of_it and ((asked.concepts and _UNRECORDED.isdisjoint(asked.concepts)) or _asks_of_it(how, asked, answer)):
        answer.utter(
            [*unknown_told(product, answer), _price_asked(good, answer)], [good], further_buttons(good, answer)
        )
        return meant_now(answer.turn, good)
    return None


def _asks_of_it(how: How, asked: Asked, answer: Answer) -> bool:
    """Whether it is asked of what was spoken of whether it is so: "does it kink?"."""
    text = answer.turn.text
    asks = _IS_IT_SO.search(text) is not None and answer.turn.intent in _ABOUT_GOODS
    if any(colour_of(each) is not None for each in asked.left) or _OF_VERSIONS.search(text):
        return False
    return how == "spoken" and bool(asked.left) and asks


def _told_farthest(product: ProductView, extreme: Extreme, answer: Answer) -> list[Event] | None:
    """The version of one product that has the most or the least of something, with its price: "the warmest one"."""
    options = [(of, each) for of in extreme.concepts for each in product.options if names_concept(each.name, of)]
    for concept, option in options:
        order = ranked({value: value for value in option.values}, concept, extreme.degree)
        if len(order) < 2:
            continue
        variants = [each for each in product.variants if each.options.get(option.name) == order[0]]
        there = [each for each in variants if each.availability not in GONE]
        good = Good(product, there or variants, narrowed=True)
        degree = _degree(concept, extreme, answer)
        first = answer.say(
            "ranked_first", degree=degree, name=answer.say("value_of", name=answer.title(product), value=order[0])
        )
        state = None if there else answer.say("available.out_of_stock", name=order[0])
        price = answer.price(good)
        cost = answer.say("costs", name=answer.name(good), price=price) if price else None
        answer.utter([first, cost, state], [good], further_buttons(good, answer))
        return meant_now(answer.turn, good)
    return None


def _price_asked(good: Good, answer: Answer) -> str | None:
    """What it costs, where that is asked beside."""
    text = answer.turn.text
    price = answer.price(good) if asks_price(text) and not _OTHERWISE_MUCH.search(text) else ""
    return answer.say("costs", name=answer.name(good), price=price) if price else None


def _in_words(entry: Entry, product: ProductView, answer: Answer) -> str:
    """A sentence of the description as it is, an option by its values."""
    if entry.kind == "sentence":
        return entry.value
    values = answer.say("row_separator").join(_values_priced(product, entry.name, answer))
    return answer.say("variants.values", name=answer.title(product), option=entry.name, values=values)


def _values_priced(product: ProductView, option: str, answer: Answer) -> list[str]:
    """The values of an option, each with what it costs from, or that it is sold out."""
    told = []
    for value in next((each.values for each in product.options if each.name == option), []):
        variants = [each for each in product.variants if each.options.get(option) == value]
        there = [each for each in variants if each.availability not in GONE]
        price = answer.price(Good(product, there or variants))
        priced = answer.say("priced", name=value, price=price) if price else value
        told.append(priced if there else answer.say("variants.gone", variant=priced))
    return told


def _told_ranked(meant: InQuestion, extreme: Extreme, answer: Answer) -> list[Event] | None:
    """Which has the most or the least of it, then the others in order; texts that say no amount as they are."""
    for concept in extreme.concepts:
        values = {
            each.external_id: entry for each in meant.products if (entry := _of_concept(each, concept)) is not None
        }
        if len(values) < 2:
            continue
        order = ranked({key: entry.value for key, entry in values.items()}, concept, extreme.degree)
        by_id = {each.external_id: each for each in meant.products}
        keys = (order or list(values))[:_EACH]
        told = [_value_of(by_id[key], values[key], answer) for key in keys]
        goods = [Good(by_id[key], by_id[key].variants) for key in keys]
        if order:
            first = answer.say("ranked_first", degree=_degree(concept, extreme, answer), name=told[0])
            others = answer.say("ranked_others", goods=answer.say("row_separator").join(told[1:]))
            sentences: list[str | None] = [first, others]
        else:
            name = fact_name(values[keys[0]].name, answer)
            sentences = [answer.say("differ", fact=name, values=answer.say("row_separator").join(told))]
        lacking = [answer.title(each) for each in meant.products if each.external_id not in values]
        if lacking:
            sentences.append(answer.say("ranked_unknown", names=answer.wording.listed(lacking[:_EACH])))
        return _shown(goods, sentences, answer)
    return None


def _degree(concept: str, extreme: Extreme, answer: Answer) -> str:
    key = f"degrees.{concept}_{extreme.degree}"
    return answer.say(key) if answer.wording.has(f"products.{key}") else answer.say(f"degrees.{extreme.degree}")


def _value_of(product: ProductView, entry: Entry, answer: Answer) -> str:
    return answer.say("value_of", name=answer.title(product), value=entry.value.rstrip(".。"))


def _of_concept(product: ProductView, concept: str) -> Entry | None:
    """What is on record of a concept: a fact before an option."""
    return next(
        (each for each in entries_of(product) if each.kind != "sentence" and names_concept(each.name, concept)), None
    )


def _told_fitting(meant: InQuestion, asked: Asked, answer: Answer) -> list[Event] | None:
    """Those that are as wanted, each with what says so; None where no record says so of any."""
    fits = [(each, fit_of(asked, answer.turn.text, entries_of(each))) for each in meant.products]
    fitting = [(*_versions(product, fit, asked, answer), fit) for product, fit in fits if fit is not None and fit.yes]
    counted = bool(measures_in(answer.turn.text) or ages_asked(answer.turn.text) or "persons" in asked.concepts)
    if not fitting or (not counted and all(fit.entry.kind == "option" for _, _, fit in fitting)):
        # Versions that have what is named are found by the search.
        return None
    told = [_fit_in_words(good, value, fit, answer) for good, value, fit in fitting[:CARDS]]
    key = "fitting_one" if len(told) == 1 else "fitting"
    sentences = [answer.say(key, goods=answer.say("row_separator").join(told))]
    return _shown([good for good, _, _ in fitting[:CARDS]], sentences, answer)


def _versions(product: ProductView, fit: Fit, asked: Asked, answer: Answer) -> tuple[Good, str]:
    """The versions that are as wanted, where an option says so, and what it says."""
    option = fit.entry
    if option.kind != "option":
        return Good(product, product.variants), option.value.rstrip(".。")
    values = list(dict.fromkeys(each.options.get(option.name, "") for each in product.variants))
    said = {value: fit_of(asked, answer.turn.text, [replace(option, value=value)]) for value in values if value}
    wanted = [value for value, of in said.items() if of is not None and of.yes]
    variants = [each for each in product.variants if each.options.get(option.name) in wanted]
    there = [each for each in variants if each.availability not in GONE]
    good = Good(product, there or variants or product.variants, narrowed=bool(variants))
    return good, " / ".join(wanted) or option.value


def _fit_in_words(good: Good, value: str, fit: Fit, answer: Answer) -> str:
    why = value
    if fit.entry.kind != "sentence":
        why = answer.say("fact_said", fact=fact_name(fit.entry.name, answer), value=value)
    price = answer.price(good)
    title = answer.title(good.product)
    priced = answer.say("priced", name=title, price=price) if price else title
    gone = all(each.availability in GONE for each in good.variants)
    told = answer.say("fitting_with", good=priced, why=why)
    return answer.say("variants.gone", variant=told) if gone else told


def _told_of_each(meant: InQuestion, asked: Asked, answer: Answer) -> list[Event] | None:
    """What is asked of several, of each of them."""
    if not asked.concepts:
        return None
    told, goods = [], []
    name = ""
    for product in meant.products:
        found = [each for each, score in answering(asked, entries_of(product)) if each.kind == "fact" and score >= SURE]
        if found:
            name = name or fact_name(found[0].name, answer)
            told.append(_value_of(product, found[0], answer))
            goods.append(Good(product, product.variants))
    if not told:
        return None
    rows = answer.say("row_separator").join(told[:_EACH])
    return _shown(goods[:_EACH], [answer.say("differ", fact=name, values=rows)], answer)


def _shown(goods: Sequence[Good], sentences: Sequence[str | None], answer: Answer) -> list[Event]:
    answer.utter(sentences, goods)
    return show_goods(answer.turn, [each.product.external_id for each in goods])


__all__ = ["answered_fact_question", "entries_of"]
