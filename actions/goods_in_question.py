"""Which goods a question is asked of: one product, those of a kind ("your tents"), or those on the screen.

Who names none goes on about the one spoken of last. What only shares a word with a name that is not what the thing is
called ("sensitive skin" with "Skin Serum") is not named by it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from actions.crm_client import CrmNotFound
from actions.desk import Desk, Turn, last_response
from actions.goods import product_focus
from actions.goods_called import other_names_of
from actions.resolver.asked_facts import (
    is_question_word,
    read_asked,
    runs_shared,
    says_word,
    telling_words,
    without_questions,
)
from actions.resolver.called_so import last_word
from actions.resolver.catalogue import SYNONYM, groups, title_terms
from actions.resolver.goods_words import goods_words
from actions.resolver.options import colour_of, materials_of
from actions.resolver.points_back import asks_other, called_one, only_passing, other_of, points_back
from actions.resolver.ranked_facts import extreme_asked, extreme_word
from actions.resolver.text import HAN, fold, stems_of
from shopdesk_schemas.products import ProductView

How = Literal["named", "kind", "screen", "spoken"]

_QUERIES: Final = 6
_FOUND: Final = 24
_CONSIDERED: Final = 12
"""How many of a kind are looked into."""
_HAN_CHARACTER: Final = re.compile(f"[{HAN}]")
_AMONG: Final = re.compile(
    r"\b(?:which|what)(?: one| ones)?\b|\b(?:any|all|both|none|either|each) of (?:them|those|these)\b"
    r"|\b(?:those|these|them|they)\b"
    r"|哪[个款种些一]|这些|那些|这几|那几|它们|都",
    re.IGNORECASE,
)
_SEVERAL: Final = re.compile(
    r"\bwhich (?:of (?:your|the|these|those) )?(?:[a-z-]+ ){0,2}[a-z]+s\b(?! (?:is|does|has|would)\b)|哪些|哪几",
    re.IGNORECASE,
)
_POINTS: Final = re.compile(
    r"\b(?:it|its|it's|that|this|that one|this one|they|them)\b|它|这个|那个|这款|那款|这种|该", re.IGNORECASE
)
_ITS_OWN: Final = re.compile(
    r"\b(?:does|do|is|are) (?:it|this|that|they)(?: one| ones)? (?:also )?(?:come|comes|available|made|sold)\b",
    re.IGNORECASE,
)
"""Another version of what was spoken of is asked for, and nothing beside it: "does it come in a smaller one"."""


@dataclass(frozen=True)
class InQuestion:
    """The goods, and how they are meant. `words` are those of the message that name them."""

    products: Sequence[ProductView]
    how: How
    words: Sequence[str] = ()
    by: Literal["name", "word"] = "name"
    """Whether they are called what they are, or one word of a name is said."""

    @property
    def one(self) -> ProductView | None:
        """The product, where it is only one."""
        return self.products[0] if len(self.products) == 1 else None


async def goods_in_question(desk: Desk, turn: Turn, *, among: bool, of_kind: bool = False) -> InQuestion | None:
    """The goods of the question in `turn`; None where none are meant. `among`: one of several is looked for.

    `of_kind`: the most of a kind is asked for, so that a name that is no more than the kind's means all of it.
    """
    named = await _named(desk, turn)
    spoken = await _spoken(desk, turn)
    if (other := _other_one(turn, spoken) or await _other_of_kind(desk, turn, spoken)) is not None:
        return InQuestion([other], "spoken")
    if named is not None and spoken and _goes_on(turn) and _of_spoken(turn.text, named, spoken[0]):
        named = None
    first = spoken[0].external_id if spoken else None
    again = named is not None and [each.external_id for each in named.products] == [first]
    if (named is None or again) and spoken and (called := await _called_beside(desk, turn, spoken[0])) is not None:
        return called
    named = _told_apart(turn.text, named)
    if named is not None and (one := named.one) is not None:
        if among and one.category and (_SEVERAL.search(turn.text) or (of_kind and len(named.words) == 1)):
            # "Which pans work on induction?", where one is called so: the wok on the same shelf, too.
            kind = await _alike_on_shelf(desk, turn, one)
            return InQuestion(
                [one, *(each for each in kind if each.external_id != one.external_id)], "kind", named.words
            )
        return named
    if named is not None:
        own = [each for each in named.products if spoken and each.external_id == spoken[0].external_id]
        listed = [each for each in named.products if each.external_id in product_focus(turn).shown]
        if own and not among and not _AMONG.search(turn.text):
            return InQuestion(own, "named", named.words)
        if len(listed) > 1 and among and re.search(r"\b(?:those|these)\b|[这那](?:些|几)", turn.text):
            return InQuestion(listed, "screen", named.words)
        return named
    if (told := _told_by_name(turn.text, spoken)) is not None:
        return told
    if not spoken or not _goes_on(turn):
        return await _described(desk, turn)
    focus = product_focus(turn)
    if _ITS_OWN.search(turn.text):
        return InQuestion(spoken[:1], "spoken")
    if among and len(focus.shown) > 1:
        listed = [each for each in spoken if each.external_id in focus.shown]
        if len(listed) > 1:
            return InQuestion(listed, "screen")
    if among and spoken[0].category:
        alike = await of_its_kind(desk, turn, spoken[0])
        return InQuestion(alike if len(alike) > 1 else await _alike_on_shelf(desk, turn, spoken[0]), "kind")
    return InQuestion(spoken[:1], "spoken")


async def with_spoken(desk: Desk, turn: Turn, meant: InQuestion) -> InQuestion:
    """The goods in question with the product that was spoken of before them: "on it and on the mat"."""
    spoken = (await _spoken(desk, turn))[:1]
    others = [each for each in spoken if each.external_id not in {one.external_id for one in meant.products}]
    return InQuestion([*others, *meant.products], "named", meant.words)


async def named_product(desk: Desk, turn: Turn) -> ProductView | None:
    """The one product that a message calls by what the thing is called; None where it calls none or several."""
    named = await _named(desk, turn)
    return named.one if named is not None and named.how == "named" else None


async def of_its_kind(desk: Desk, turn: Turn, product: ProductView) -> list[ProductView]:
    """What lies on a product's shelf and is called so, the product first: the other tents."""
    if not product.category:
        return [product]
    kind = await _of_category(desk, turn, product)
    others = [each for each in kind if each.external_id != product.external_id and _head(each) == _head(product)]
    return [product, *others]


async def beside_it(desk: Desk, turn: Turn, product: ProductView) -> list[ProductView]:
    """What lies beside a product and has a word of its name that is said, whatever it is called; the product first."""
    if not product.category:
        return [product]
    said = _words_of_name(_with_other_names(turn.text), product)
    others = [each for each in await _of_category(desk, turn, product) if each.external_id != product.external_id]
    return [product, *(each for each in others if said & _words_of_name(_with_other_names(turn.text), each))]


async def on_its_shelf(desk: Desk, turn: Turn, product: ProductView) -> list[ProductView]:
    """What lies beside a product and is said on record to be what is asked for, though it is not called so."""
    if not product.category:
        return []
    said = _stems(product.name or "") & set(stems_of(turn.text))
    han = [run for name in _names(product) for run in _han_said(fold(turn.text), name)]
    beside = [each for each in await _of_category(desk, turn, product) if each.external_id != product.external_id]
    told = {each.external_id: " ".join([*_names(each), each.description or ""]) for each in beside}
    return [
        each
        for each in beside
        if said & set(stems_of(told[each.external_id])) or any(run in fold(told[each.external_id]) for run in han)
    ]


def _other_one(turn: Turn, spoken: Sequence[ProductView]) -> ProductView | None:
    """The other one of those that were told of last."""
    focus = product_focus(turn)
    first = next(iter(focus.products), None)
    key = other_of(turn.text, focus.shown, first)
    if key is None and spoken and first in focus.shown and asks_other(turn.text):
        # Of three the one that is called otherwise, where the third has the name of the first.
        others = [each for each in spoken if each.external_id in focus.shown and each.name != spoken[0].name]
        return others[0] if len(others) == 1 else None
    return next((each for each in spoken if each.external_id == key), None)


async def _other_of_kind(desk: Desk, turn: Turn, spoken: Sequence[ProductView]) -> ProductView | None:
    """The only other one of its kind that there is, where the other one is asked for after one was told of."""
    if not spoken or not asks_other(turn.text) or not _goes_on(turn) or len(product_focus(turn).shown) > 1:
        return None
    others = (await of_its_kind(desk, turn, spoken[0]))[1:]
    return others[0] if len(others) == 1 else None


async def _called_beside(desk: Desk, turn: Turn, spoken: ProductView) -> InQuestion | None:
    """What lies beside what was spoken of and is called by a word of its name: "what about the wall one?"."""
    words = called_one(turn.text)
    if not words or not spoken.category or not _goes_on(turn):
        return None
    folded = fold(words)
    if any(says_word(fold(each), folded) for each in _told_of(spoken)):
        return None
    beside = [each for each in await _of_category(desk, turn, spoken) if each.external_id != spoken.external_id]
    called = [each for each in beside if any(says_word(fold(name), folded) for name in _names(each))]
    if not called:
        # "The glass bowl one": a version of it.
        called = [each for each in beside if any(says_word(folded, fold(value)) for value in _values_of(each))]
    return InQuestion(called, "named", [folded]) if len(called) == 1 else None


def _told_apart(text: str, named: InQuestion | None) -> InQuestion | None:
    """Of several that are named the one that is called so beside its kind: 无线的那个饮水机."""
    words = called_one(text)
    if named is None or len(named.products) < 2 or not words:
        return named
    called = [each for each in named.products if any(says_word(fold(name), words) for name in _names(each))]
    return InQuestion(called, "named", named.words) if len(called) == 1 else named


def _values_of(product: ProductView) -> list[str]:
    return [value for each in product.options for value in each.values]


def _told_of(product: ProductView) -> list[str]:
    """What is on record of a product."""
    facts = [str(part) for pair in product.attributes.items() for part in pair]
    return [*_names(product), product.description or "", *facts, *_values_of(product)]


def _of_spoken(text: str, named: InQuestion, spoken: ProductView) -> bool:
    """Whether what seems to name other goods is said of the one that was spoken of.

    "How heavy a cat can it take?", "how many heads come with it?": a single word of another one's name, beside an "it"
    or in the record of the one spoken of.
    """
    if spoken.external_id in {each.external_id for each in named.products} or _SEVERAL.search(text):
        return False
    if points_back(text, named.words) or only_passing(text, named.words):
        return True
    if all(materials_of(each) or colour_of(each) for each in named.words):
        # 不锈钢的吗 asks what it is made of.
        return True
    if len(named.words) != 1 or (named.by == "name" and any(_head(each) in named.words for each in named.products)):
        return False
    options = [each.name for each in spoken.options]
    return says_word(fold(" ".join([*_told_of(spoken), *options])), named.words[0])


def _goes_on(turn: Turn) -> bool:
    """Whether goods were spoken of just now, or are pointed at."""
    said = last_response(turn) or ""
    return (
        said.startswith(("utter_products", "utter_recommend", "utter_clarify", "utter_out_of_scope"))
        or _POINTS.search(turn.text) is not None
    )


async def _named(desk: Desk, turn: Turn) -> InQuestion | None:
    found = await _found(desk, turn)
    text = _with_other_names(turn.text)
    heads = {each.external_id: _head_said(text, each) for each in found}
    called = [each for each in found if heads[each.external_id]]
    if not called:
        return _told_by_one_word(turn.text, found)
    shares = {each.external_id: _words_of_name(text, each) for each in called}
    most = max(map(_size, shares.values()))
    best = [each for each in called if _size(shares[each.external_id]) == most]
    words = list(dict.fromkeys(word for each in called for word in shares[each.external_id]))
    if len(best) == 1:
        # The names of two things beside each other: each is meant.
        told = "".join(shares[best[0].external_id])
        others = [each for each in called if any(word not in told for word in shares[each.external_id])]
        if others:
            return InQuestion([best[0], *others][:_CONSIDERED], "named", words)
        return InQuestion(best, "named", words)
    return InQuestion(best[:_CONSIDERED], "kind", words)


def _told_by_one_word(text: str, found: Sequence[ProductView]) -> InQuestion | None:
    """The one product whose name has a word of the message that asks nothing of goods: "the matcha set"."""
    words = {
        each
        for each in telling_words(text)
        if not is_question_word(each) and not each.isdigit() and each not in " ".join(read_asked(text).words)
    }
    sharing = [(each, words & _stems(" ".join(_names(each)))) for each in found]
    sharing = [(each, shared) for each, shared in sharing if shared]
    return InQuestion([sharing[0][0]], "named", sorted(sharing[0][1]), "word") if len(sharing) == 1 else None


def _told_by_name(text: str, spoken: Sequence[ProductView]) -> InQuestion | None:
    """The one of several on the screen that a word of its name tells from the others: "the mesh one", 通勤那个."""
    shares = {each.external_id: _words_of_name(fold(text), each) for each in spoken}
    apart = {
        key: {
            word
            for word in words
            if not is_question_word(word) and not any(word in shares[other] for other in shares if other != key)
        }
        for key, words in shares.items()
    }
    told = [each for each in spoken if apart[each.external_id]]
    if len(spoken) < 2 or len(told) != 1:
        return None
    return InQuestion(told, "named", sorted(apart[told[0].external_id]))


async def _described(desk: Desk, turn: Turn) -> InQuestion | None:
    """Several that have all words of a short description, though none is called so: "your lightest carry on"."""
    asked = read_asked(turn.text)
    query = " ".join(each for each in (*asked.words, *asked.left) if not extreme_word(each))
    if not query or not extreme_asked(turn.text):
        return None
    page = await desk.crm.catalogue(turn.language, q=query[:100], limit=_CONSIDERED)
    if page.matched != "all" or page.corrected:
        return None
    return InQuestion(await _views(desk, turn, [each.external_id for each in page.products]), "kind")


async def _found(desk: Desk, turn: Turn) -> list[ProductView]:
    """Products that a word of the message may name."""
    queries = [each for each in telling_words(turn.text) if not each.isdigit()]
    single = [each for each in fold(turn.text) if _HAN_CHARACTER.match(each) and (each,) in groups()[0]]
    general = [name for word in general_names(turn.text) for name in (word, *other_names_of(word)[:2])]
    queries = list(dict.fromkeys([*general, *queries, *single]))[:_QUERIES]
    pages = await asyncio.gather(*(desk.crm.catalogue(turn.language, q=each[:60], limit=_FOUND) for each in queries))
    text = _with_other_names(turn.text)
    keys = [
        each.external_id for page in pages if not page.corrected for each in page.products if _shares(text, each.name)
    ]
    return await _views(desk, turn, list(dict.fromkeys(keys))[:_FOUND])


def general_names(text: str) -> list[str]:
    """The general names of goods that a text says, without words that ask something of goods ("waterproof")."""
    folded = fold(text)
    return [
        each
        for each in goods_words(text)
        if not is_question_word(each) and (each in without_questions(folded, each) or each.isascii())
    ]


def _with_other_names(text: str) -> str:
    """A folded text with the other general names of the goods that it says: a 充电宝 is a 移动电源."""
    others = [name for word in general_names(text) for name in other_names_of(word)]
    return " ".join([fold(text), *(fold(each) for each in others)])


def _shares(text: str, name: str) -> bool:
    return bool(_han_said(text, name)) or bool(_stems(name) & set(stems_of(text)))


def _stems(name: str) -> set[str]:
    # "10x25" is not named by a bottle of 25 ounces.
    return {each for each in stems_of(name) if each.isascii() and len(each) > 1 and not each.isdigit()}


def _names(product: ProductView) -> list[str]:
    return [each for each in (product.name, *product.other_names) if each]


def _head_said(text: str, product: ProductView) -> bool:
    """Whether a text says what the thing is called: the last word of its name, the last characters of a Chinese one."""
    said = set(stems_of(text))
    for name in _names(product):
        if _HAN_CHARACTER.search(name):
            han = "".join(re.findall(f"[{HAN}]+", fold(name)))
            if any(han.endswith(run) or len(run) > 2 for run in _han_said(text, han)) or _compounded(text, han):
                return True
            continue
        if last_word(name) in said:
            return True
        if len(_stems(name) & said) > 1:
            return True
    return False


def _compounded(text: str, han: str) -> bool:
    """Whether a text says a name's last character behind one that is near it in the name: 充电线, 快充线."""
    last, before = han[-1:], han[-4:-1]
    places = [at for at, each in enumerate(text) if each == last]
    return any(set(text[max(0, at - 2) : at]) & set(before) for at in places if last and (last,) in groups()[0])


def _head(product: ProductView) -> str:
    """What it is called in general: the last word of its name, the last two characters of a Chinese one."""
    name = fold(product.name or "")
    if _HAN_CHARACTER.search(name):
        return "".join(re.findall(f"[{HAN}]+", name))[-2:]
    return last_word(product.name or "")


def _words_of_name(text: str, product: ProductView) -> set[str]:
    """The words of its names that a text says; of a Chinese one its runs of characters."""
    said = set(stems_of(text))
    words: set[str] = set()
    for name in _names(product):
        words |= set(_han_said(text, name))
        words |= _stems(name) & said
    return words


def _size(words: set[str]) -> int:
    """How much of a name was said: words, as two Chinese characters."""
    return sum(len(each) if _HAN_CHARACTER.match(each) else 2 for each in words)


def _han_said(text: str, name: str) -> list[str]:
    """The characters of a Chinese name that a text says: two and more in a row, or the one by which such are called."""
    # 咖啡 of 咖啡因 names no coffee.
    runs = [each for each in runs_shared(fold(name), text) if each in without_questions(text, each)]
    last = fold(name)[-1:]
    rest = without_questions(text, last)
    for run in runs:
        # 床边床 says what it is once more behind 床边.
        rest = rest.replace(run, " ", 1)
    called = _HAN_CHARACTER.match(last) and (last,) in groups()[0] and last in rest
    return [*runs, last] if called and not any(each.endswith(last) for each in runs) else runs


async def _spoken(desk: Desk, turn: Turn) -> list[ProductView]:
    """The products spoken of and shown last, the latest first."""
    focus = product_focus(turn)
    return await _views(desk, turn, list(dict.fromkeys([*focus.products, *focus.shown]))[:_CONSIDERED])


async def _of_category(desk: Desk, turn: Turn, product: ProductView) -> list[ProductView]:
    page = await desk.crm.catalogue(turn.language, category=product.category, limit=_CONSIDERED)
    return await _views(desk, turn, [each.external_id for each in page.products])


async def _alike_on_shelf(desk: Desk, turn: Turn, product: ProductView) -> list[ProductView]:
    """What lies on its shelf; where some are of the same sort by a general name, only these: shoes, and no poles."""
    shelf = await _of_category(desk, turn, product)
    sorts = _sorts(product)
    alike = [each for each in shelf if each.external_id == product.external_id or _sorts(each) & sorts]
    return alike if len(alike) > 1 else shelf


def _sorts(product: ProductView) -> set[int]:
    return {number for name in _names(product) for number, strength in title_terms(name).groups if strength >= SYNONYM}


async def _views(desk: Desk, turn: Turn, keys: Sequence[str]) -> list[ProductView]:
    async def view(key: str) -> ProductView | None:
        try:
            return await desk.crm.product(key, turn.language)
        except CrmNotFound:
            return None

    found = [each for each in await asyncio.gather(*map(view, keys)) if each is not None]
    return list({each.external_id: each for each in found}.values())


__all__ = [
    "How",
    "InQuestion",
    "beside_it",
    "general_names",
    "goods_in_question",
    "named_product",
    "of_its_kind",
    "on_its_shelf",
    "with_spoken",
]
