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
from actions.fact_questions.asked import (
    about_goods,
    about_own_orders,
    asks,
    asks_barely,
    asks_of_one,
    asks_whether,
    compares,
    looks_for_one,
    may_be_asked,
    of_it,
    of_it_too,
    of_several,
    of_versions,
    one_of_several,
    points_elsewhere,
    wants_price,
)
from actions.goods import GONE, Good, show_goods
from actions.goods_in_question import How, InQuestion, general_names, goods_in_question, with_spoken
from actions.product_answers import CARDS, Answer, meant_now
from actions.product_facts import description_told, fact_name, facts_in_words, spoken_attributes, unknown_told
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
    telling_words,
    tells_of,
    unanswered,
    with_ends,
)
from actions.resolver.fact_filters import Fit, fit_of
from actions.resolver.measures import measures_in
from actions.resolver.options import colour_of
from actions.resolver.process_questions import asks_price
from actions.resolver.ranked_facts import Degree, Extreme, amount_on_record, extreme_asked, ranked
from actions.resolver.text import fold
from shopdesk_schemas.products import ProductView

_EACH: Final = 6
_COLD: Final = re.compile(r"\b(?:cold|cool|chilled|iced?)\b|[冷冰凉]", re.IGNORECASE)
"""How long something keeps is asked of what is warm, unless it is said of what is cold."""
_ITS_LIMIT: Final = re.compile(
    r"最(?:大|多|高|重|小|低|近|远|长|快|少)(?:能|可以|可|支持|承)"
    r"|\b(?:most|max(?:imum)?|heaviest|biggest|largest|longest|highest|furthest|closest|least|smallest)\b"
    r".*\b(?:it|this one|that one)\b"
    r"(?! (?:the|is|of)\b)",
    re.IGNORECASE,
)
"""How far one thing goes, and not which of several goes farthest."""
_RANGE: Final = re.compile(r"\d\s*(?:-|–|—|~|～|to|到|至)\s*\d", re.IGNORECASE)
_DESCRIBES: Final = frozenset({"material", "colour"})
"""What stands before goods to tell which: a wool throw."""
_SURE_OF_OTHER: Final = 0.7
"""From this probability on, a question about something else than goods is none about what was only spoken of."""
_UNCLEAR: Final = frozenset({"ask_product_facts", "nlu_fallback"})
"""What a question is understood as, about goods or about nothing that is known, when the record itself is shown."""
_UNKNOWN: Final = "nlu_fallback"
_BEARS: Final = "limit"
_UNRECORDED: Final = frozenset({"warranty", "length", "packaging", "use", "colour"})
"""Of these the shop's rules, its versions or its pages may tell what the product's record does not."""


async def answered_fact_question(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    """Answers a question about what goods are like; None where a message asks none, or no record speaks of it."""
    text = turn.text
    intent = turn.intent or ""
    if turn.pressed or turn.entities("sku") or turn.order_numbers or not may_be_asked(text, intent):
        return None
    if speaks_of_bought(text):
        return None
    asked = read_asked(text)
    extreme = extreme_asked(text, asked.concepts)
    limit = _ITS_LIMIT.search(text) is not None and not one_of_several(text)
    if limit and extreme is not None:
        asked = asked if asked.concepts else replace(asked, concepts=extreme.concepts[:1])
        extreme = None
    of_record = about_own_orders(intent) and asks_whether(text) and of_it(text)
    if not asked.concepts and extreme is None and not about_goods(intent) and not of_record:
        return None
    if not asked and extreme is None and not measures_in(text) and not (intent == _UNKNOWN and asks_of_one(text)):
        return None
    if not asked.concepts and extreme is None and (of_versions(text) or asks_price(text)):
        return None
    among = extreme is not None or looks_for_one(text) or (of_several(text) and bool(general_names(text)))
    meant = await goods_in_question(desk, turn, among=among, of_kind=extreme is not None)
    if meant is not None and meant.how == "named" and of_it_too(text):
        meant = await with_spoken(desk, turn, meant)
    if meant is None:
        return None
    if about_own_orders(intent) and meant.how not in ("named", "kind") and not _record_says(meant, text):
        return None
    one = meant.one
    names = meant.words if one is None else [each for each in (one.name, *one.other_names) if each]
    if meant.how == "named":
        names = [*names, *general_names(text)]
    asked = read_asked(text, names)
    extreme = None if limit else extreme_asked(text, asked.concepts)
    if extreme is not None and extreme.concepts[0] == _BEARS:
        # "Which can take more weight?" asks nothing of what it weighs.
        asked = replace(asked, concepts=extreme.concepts, words=(), by_word={"*": extreme.concepts})
    answer = Answer(dispatcher, turn, desk.wording(turn.language))
    if one is not None:
        if wants_price(text) and _DESCRIBES.issuperset(asked.concepts):
            return None
        return _told_of_one(one, asked, extreme, meant.how, answer)
    if extreme is not None and (told := _told_ranked(meant, extreme, answer)) is not None:
        return told
    if wants_price(text):
        return None
    if of_several(text) and not compares(text) and (told := _told_fitting(meant, asked, answer)) is not None:
        return told
    return _told_of_each(meant, asked, answer)


def _record_says(meant: InQuestion, text: str) -> bool:
    """Whether "can it …?" is asked of what was spoken of, whose record has a word of it: cards that are shredded."""
    if meant.one is None or not asks_whether(text) or not of_it(text):
        return False
    words = [each for each in telling_words(text) if not each.isdigit()]
    return any(says_word(fold(each.value), word) for each in entries_of(meant.one) for word in words)


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
    entries = entries_of(product)
    fit = fit_of(asked, answer.turn.text, entries) if measures_in(answer.turn.text) else None
    if fit is not None and (told := _told_in_range(product, fit, asked, answer)) is not None:
        return told
    found = answering(asked, entries)
    if fit is not None and fit.entry.kind == "fact":
        # Whatever else has the same words: the limit is what a weight is held against.
        found = [(fit.entry, SURE), *(each for each in found if each[0].kind == "sentence")]
    found = with_ends(found, entries)
    good = Good(product, product.variants)
    if found and found[0][0].kind == "option":
        option = found[0][0]
        said = any(says_word(fold(option.value), each) for each in (*asked.words, *asked.left))
        if said and not (how == "spoken" and asks_whether(answer.turn.text) and not of_versions(answer.turn.text)):
            # A value of it is said: which versions have it is another question, but for "does it come with a pump?".
            return None
        found = [each for each in found if each[0] is option or each[0].kind != "option"]
    else:
        found = [each for each in found if each[0].kind != "option"]
    if found and (found[0][1] >= SURE or found[0][0].kind == "sentence" or answer.turn.intent == "ask_product_facts"):
        facts = [(each.name, each.value) for each, _ in found if each.kind == "fact"]
        others: list[str | None] = [_in_words(each, product, answer) for each, _ in found if each.kind != "fact"]
        if len(asked.by_word) > 1 and unanswered(asked, found):
            described = description_told(product, answer)
            others = [each for each in others if each and each not in described]
            others += unknown_told(product, answer, told=[name for name, _ in facts])
        answer.utter(
            [facts_in_words(facts, product, answer), *others, _price_asked(good, answer)],
            [good],
            further_buttons(good, answer),
        )
        return meant_now(answer.turn, good)
    text = answer.turn.text
    if how == "spoken" and not about_goods(answer.turn.intent or "") and answer.turn.confidence >= _SURE_OF_OTHER:
        # "Do you do no-questions returns?", after a product was shown, is asked of the shop.
        return None
    if (how == "spoken" or of_it(text) or not of_several(text)) and (
        (asked.concepts and _UNRECORDED.isdisjoint(asked.concepts)) or _asks_of_it(how, asked, answer)
    ):
        answer.utter(
            [*unknown_told(product, answer), _price_asked(good, answer)], [good], further_buttons(good, answer)
        )
        return meant_now(answer.turn, good)
    return None


def told_by_measure(product: ProductView, answer: Answer) -> list[Event] | None:
    """The versions that a measure in the message is for, where an option gives ranges; None where none does."""
    asked = read_asked(answer.turn.text, [each for each in (product.name, *product.other_names) if each])
    options = [each for each in entries_of(product) if each.kind == "option"]
    fit = fit_of(replace(asked, concepts=(), words=(), left=()), answer.turn.text, options)
    return _told_in_range(product, fit, asked, answer) if fit is not None else None


def _told_in_range(product: ProductView, fit: Fit, asked: Asked, answer: Answer) -> list[Event] | None:
    """The versions for a measure: a chest of 25 inches is for the harness of 22 to 28."""
    if not fit.yes or fit.entry.kind != "option" or _RANGE.search(fit.entry.value) is None:
        return None
    there, value = _versions(product, fit, asked, answer)
    fitting = answer.say("fitting_one", goods=_fit_in_words(there, value, fit, answer))
    answer.utter([fitting], [there], further_buttons(there, answer))
    return meant_now(answer.turn, there)


def _asks_of_it(how: How, asked: Asked, answer: Answer) -> bool:
    """Whether it is asked of what was spoken of whether it is so: "does it kink?"."""
    text = answer.turn.text
    if how != "spoken" or of_versions(text) or points_elsewhere(text):
        return False
    if not asked.left:
        # "How much does it take?" in words that nobody knows: its record may say it.
        return answer.turn.intent == _UNKNOWN and asks_of_one(text)
    if any(map(colour_of, asked.left)):
        return False
    if answer.turn.intent == "out_of_scope" and asks_barely(text):
        return True
    unclear = answer.turn.intent in _UNCLEAR and asks(text) and not of_several(text)
    return unclear or (asks_whether(text) and about_goods(answer.turn.intent or ""))


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
    price = answer.price(good) if wants_price(text) else ""
    return answer.say("costs", name=answer.name(good), price=price) if price else None


def _in_words(entry: Entry, product: ProductView, answer: Answer) -> str:
    """A sentence of the description with those around it, where they are few; an option by its values."""
    if entry.kind == "sentence":
        return description_told(product, answer) or entry.value
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
        values = _comparable(meant.products, concept, extreme.degree, answer.turn.text)
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


def _speaking(entries: list[Entry], text: str) -> list[Entry]:
    """Those whose names have a word of the message, where some have: how long it keeps hot, and not cold."""
    said = [word for word in telling_words(text) if not word.isdigit()]
    if _COLD.search(text) is None:
        entries = [each for each in entries if _COLD.search(each.name) is None] or entries
    return [each for each in entries if any(says_word(fold(each.name), word) for word in said)] or entries


def _comparable(products: Sequence[ProductView], concept: str, degree: Degree, text: str) -> dict[str, Entry]:
    """By product the entry that tells of a concept: of several the one in the unit that most products have.

    Lumens are held against lumens, and not against a colour temperature.
    """
    of = {each.external_id: _speaking(_of_concept(each, concept), text) for each in products}
    kinds: dict[str, set[str]] = {}
    for product, entries in of.items():
        for entry in entries:
            amount = amount_on_record(entry.value, concept, degree)
            if amount is not None:
                kinds.setdefault(amount[0], set()).add(product)
    common = max(kinds, key=lambda kind: len(kinds[kind]), default=None)
    chosen: dict[str, Entry] = {}
    for product, entries in of.items():
        fitting = [
            each
            for each in entries
            if (amount := amount_on_record(each.value, concept, degree)) is not None and amount[0] == common
        ]
        if fitting and len(kinds[str(common)]) > 1:
            order = ranked({str(place): each.value for place, each in enumerate(fitting)}, concept, degree)
            chosen[product] = fitting[int(order[0])] if order else fitting[0]
        elif entries and (common is None or len(kinds[common]) < 2):
            chosen[product] = entries[0]
    return chosen


def _of_concept(product: ProductView, concept: str) -> list[Entry]:
    """What is on record of a concept: facts before options."""
    entries = [each for each in entries_of(product) if each.kind != "sentence"]
    found = [each for each in entries if names_concept(each.name, concept)]
    found = found or [each for each in entries if tells_of(each, concept)]
    return [each for each in found if each.kind == "fact"] or found


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
    told, goods, first = [], [], list[Entry]()
    for product in meant.products:
        found = [
            each
            for each, score in answering(asked, entries_of(product))
            if (each.kind == "fact" and score >= SURE) or (each.kind == "sentence" and meant.how == "kind")
        ]
        if found:
            alike = not first or _of_one_thing(first[0], found[0], asked)
            first.append(found[0])
            told.append(_value_of(product, found[0] if alike else _labelled(found[0], answer), answer))
            goods.append(Good(product, product.variants))
    if not told or (all(each.kind == "sentence" for each in first) and len(meant.products) > _EACH):
        return None
    rows = answer.say("row_separator").join(told[:_EACH])
    name = next((fact_name(each.name, answer) for each in first if each.name), "")
    said = answer.say("differ", fact=name, values=rows) if name else answer.say("record_rows", rows=rows)
    return _shown(goods[:_EACH], [said], answer)


def _of_one_thing(one: Entry, other: Entry, asked: Asked) -> bool:
    """Whether two facts tell of the same, so that one name stands for both: a depth when shut is no length."""
    if one.name == other.name:
        return True
    return any(names_concept(one.name, each) and names_concept(other.name, each) for each in asked.concepts)


def _labelled(entry: Entry, answer: Answer) -> Entry:
    return replace(entry, value=answer.say("fact_said", fact=fact_name(entry.name, answer), value=entry.value))


def _shown(goods: Sequence[Good], sentences: Sequence[str | None], answer: Answer) -> list[Event]:
    answer.utter(sentences, goods)
    return show_goods(answer.turn, [each.product.external_id for each in goods])


__all__ = ["answered_fact_question", "entries_of", "told_by_measure"]
