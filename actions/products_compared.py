"""Products beside each other, in words: which is cheaper, what is asked of them, in what they differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from actions.desk import Desk, Event
from actions.goods import Good, show_goods
from actions.product_answers import Answer
from actions.product_facts import (
    can_be_said,
    fact_name,
    fact_value,
    facts_in_words,
    quoted,
    spoken_attributes,
    unknown_told,
)
from actions.resolver.asked_facts import names_concept, read_asked, says_word, sentences_of
from actions.resolver.facts_aligned import Row, aligned
from actions.resolver.products import read_product_words
from actions.resolver.ranked_facts import extreme_asked
from actions.resolver.text import fold, stems_of, tokenise
from shopdesk_schemas.products import ComparedFact, Comparison, ProductView

_PRICE_ONLY: Final = re.compile(
    r"\b(?:cheap\w*|expensive|dearer|dearest|pricier|costs? (?:more|less|most|least)|lower price)\b"
    r"|便宜|[更最]贵|哪[个款种]贵|价格|差价",
    re.IGNORECASE,
)
"""That no more than their prices are held against each other."""
_SAYS_LITTLE: Final = frozenset({"category", "brand"})
"""Facts in which goods differ without its helping anybody to choose."""


async def tell_compared(desk: Desk, answer: Answer, meant: Sequence[Good]) -> list[Event]:
    """Tells of two or more products which is cheaper, and what is asked of them, or in what they differ."""
    ids = [each.product.external_id for each in meant]
    compared = await desk.crm.comparison(ids, answer.turn.language)
    currency = (await desk.crm.policies()).shop.currency
    plain = _without_names(answer.turn.text, meant)
    read = read_asked(plain)
    extreme = extreme_asked(plain, read.concepts)
    asked = {*read_product_words(plain, currency=currency).facts, *read.concepts}
    asked |= {*(extreme.concepts if extreme is not None and not asked else ())}
    rows = _rows(compared, answer)
    cost = _cost(compared, answer)
    if asked and (told := [each for each in rows if any(names_concept(each.name, fact) for fact in asked)]):
        sentences = [*_facts(told, compared.products, answer), *_records_of_others(told, compared, answer), cost]
    elif asked:
        # What is asked is on record under no name that is known: what there is of each may tell it.
        told = [each for each in rows if not _same(each)]
        sentences = [*_facts(told, compared.products, answer), None if told else answer.say("compared_fact_unknown")]
        sentences.append(cost)
    elif _PRICE_ONLY.search(plain):
        sentences = [cost]
    else:
        speaking = _speaking_of(plain, meant)
        told = [] if speaking else [each for each in rows if not _same(each)]
        sentences = [*speaking, cost, *_facts(told, compared.products, answer)]
        if not told and not speaking:
            sentences.append(answer.say("no_difference"))
    answer.utter(sentences, meant)
    return show_goods(answer.turn, ids)


def _cost(compared: Comparison, answer: Answer) -> str:
    names = {each.external_id: answer.title(each) for each in compared.products}
    prices = [answer.priced(Good(each, each.variants)) for each in compared.products]
    told = answer.say("prices", goods=answer.wording.listed(prices))
    if not compared.cheapest:
        return told
    cheapest = answer.wording.listed([names[each] for each in compared.cheapest])
    return answer.wording.sentences(answer.say("cheapest", name=cheapest), told)


def _rows(compared: Comparison, answer: Answer) -> list[Row]:
    """What is on record of the products that can be said, the same things beside each other whatever they are called.

    An option that only one has says nothing of the others.
    """
    facts = [each for each in compared.facts if can_be_said(each) and each.name not in _SAYS_LITTLE]
    of_options = [_row(each, answer) for each in facts if each.kind == "option" and sum(map(bool, each.values)) > 1]
    return [*of_options, *aligned([_row(each, answer) for each in facts if each.kind != "option"])]


def _row(fact: ComparedFact, answer: Answer) -> Row:
    return Row(fact.name, tuple(fact_value(each, answer) or None for each in fact.values))


def _same(row: Row) -> bool:
    return len(set(row.values)) == 1


def _facts(rows: Sequence[Row], products: Sequence[ProductView], answer: Answer) -> list[str | None]:
    """What several have, beside each other; then of each what only it has under such a name."""
    names = [answer.title(each) for each in products]
    told: list[str | None] = [_fact(each, names, answer) for each in rows if each.shared]
    own = [each for each in rows if not each.shared]
    for place, product in enumerate(products):
        known = [(each.name, value) for each in own if (value := each.values[place])]
        told.append(facts_in_words(known, product, answer))
    return told


def _fact(row: Row, names: Sequence[str], answer: Answer) -> str:
    """One fact of those that have it. That another one has nothing so called on record says nothing of it."""
    told = [
        answer.say("fact_of", name=name, value=value)
        for name, value in zip(names, row.values, strict=True)
        if value is not None
    ]
    key = "differ_quoted" if any(quoted(value or "", answer) for value in row.values) else "differ"
    return answer.say(key, fact=fact_name(row.name, answer), values=answer.say("row_separator").join(told))


def _records_of_others(told: Sequence[Row], compared: Comparison, answer: Answer) -> list[str | None]:
    """All that is on record of those of which no row tells what is asked: other words may tell it."""
    lacking = [
        product for place, product in enumerate(compared.products) if not any(each.values[place] for each in told)
    ]
    records = [part for each in lacking if spoken_attributes(each) for part in unknown_told(each, answer)[:2]]
    unknown = [answer.say("fact_unknown", name=answer.title(each)) for each in lacking if not spoken_attributes(each)]
    return [*records, *unknown]


def _speaking_of(text: str, goods: Sequence[Good]) -> list[str]:
    """What records say of what something is wanted for: the gym of "which is better for the gym?"."""
    words = read_asked(text).left
    return [
        sentence
        for good in goods
        for sentence in sentences_of(good.product.description or "")
        if any(says_word(fold(sentence), word) for word in words)
    ]


def _without_names(text: str, goods: Sequence[Good]) -> str:
    """A message without the words of the names of goods: "the wool rug" asks nothing about wool."""
    titles = {word for each in goods for word in stems_of(each.product.name or "")}
    return "".join(
        " " if token.stem in titles else text[token.start : token.end] + " " * (token.kind != "han")
        for token in tokenise(text)
    )


__all__ = ["tell_compared"]
