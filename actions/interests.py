"""What somebody likes, as it is told beside a wish for a gift: "she loves gardening", 喜欢喝茶的.

Only what a shop's own catalogue knows counts: the words are looked for among its goods and their categories.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any, Final

from actions.desk import Desk
from actions.goods_called import covered_by, is_one
from actions.resolver.ages import age_range, ages_said
from actions.resolver.products import read_product_words
from actions.resolver.text import stems_of
from actions.resolver.vocabulary import phrases, read
from shopdesk_schemas.products import ProductView
from shopdesk_schemas.turn import Language

_LIKES: Final = re.compile(
    r"\b(?:likes?|loves?|enjoys?|into|(?:keen|big) on|fan of|mad about|crazy about"
    r"|obsessed with"
    r"|interested in|passionate about|to do with|who (?:does|has|keeps|plays))\s+(?P<en>[^,.;!?\d£$€]{3,60})"
    r"|(?:喜欢|爱好是?|热爱|迷上了?|对|酷爱|爱)(?P<zh>[\u4e00-\u9fff]{1,8})",
    re.IGNORECASE,
)
_CHILD: Final = re.compile(
    r"\b(?:kid|kiddo|child|children|toddler|baby|babies|newborn|little (?:boy|girl|one)|boy|girl)s?\b"
    r"|孩子|小朋友|宝宝|儿童|小孩|娃|男孩|女孩|婴儿|满月",
    re.IGNORECASE,
)
_OLDEST_CHILD: Final = 13 * 12
_BABY: Final = re.compile(
    r"\b(?:baby|babies|newborns?|infants?|expecting|mum-to-be|mom-to-be)\b|宝宝|婴儿|新生儿|满月|百日", re.IGNORECASE
)
_BABY_MONTHS: Final = 6
"""How old a baby is taken to be of whom no age is told."""
_OLDEST_BABY: Final = 18
_AGE_FACT: Final = re.compile(r"\bages?\b|年龄|月龄|岁", re.IGNORECASE)
_LOOKED_AT: Final = 12
"""Products whose ages are looked at."""
_SUFFIX: Final = re.compile(r"(?:ing|ers?|ed|y|s)$")
_SHORTEST: Final = 3
_WORDS: Final = 4
_FOUND: Final = 40
_NAMED: Final = 5
_COVERED: Final = 12
"""How many of the kinds that a wider word covers are looked for."""
_COMPOUND: Final = 7
"""So long is a word written in one that a shelf may write in two: skincare."""


def interests_in(text: str) -> list[str]:
    """The words that say what somebody likes, each so that its other forms are found too."""
    words: list[str] = []
    for said in _LIKES.finditer(text):
        if said["zh"]:
            words.append(re.sub(r"^[喝吃玩用穿做看打养种弄搞]|(?:感兴趣|的|啊|吧|呢|了|和|东西)+.*$", "", said["zh"]))
        else:
            stems = [each for each in stems_of(said["en"]) if each.isascii()]
            words += [_SUFFIX.sub("", each) if len(each) > 7 else each for each in stems]
    return [each for each in words if not each.isascii() or len(each) >= _SHORTEST][:_WORDS]


async def products_for_children(desk: Desk, text: str, language: Language, **wanted: Any) -> list[str]:
    """Products for children, where the one who is to have it is said to be a child."""
    if not is_for_child(text):
        return []
    months = ages_said(text) or ([_BABY_MONTHS] if _BABY.search(text) else [])
    words = list(read("products")["children"][language])
    if months and min(months) <= _OLDEST_BABY:
        words = [*read("products")["babies"][language], *words]
    found: list[str] = []
    for word in words:
        page = await desk.crm.catalogue(language, q=word, limit=_FOUND, **wanted)
        found += [each.external_id for each in page.products if page.matched == "all" and not page.corrected]
    found = list(dict.fromkeys(found))
    if not months or not found:
        return found
    views = await asyncio.gather(*(desk.crm.product(each, language) for each in found[:_LOOKED_AT]))
    return [each.external_id for each in views if _suits_age(each, months[0])] + found[_LOOKED_AT:]


def _suits_age(product: ProductView, months: int) -> bool:
    """Whether nothing on record says that a product is for another age."""
    told = [str(value) for name, value in product.attributes.items() if _AGE_FACT.search(name)]
    ranges = [each for value in told if (each := age_range(value)) is not None]
    return all(low <= months <= high for low, high in ranges)


def is_for_child(text: str) -> bool:
    """Whether a wish for a gift names a child, by a word or an age."""
    ages = ages_said(text)
    return any(age <= _OLDEST_CHILD for age in ages) if ages else _CHILD.search(text) is not None


async def products_named(desk: Desk, text: str, language: Language, **wanted: Any) -> list[str]:
    """Products that a wish for a gift calls by name or category: "a mug for my colleague", best first."""
    found: list[str] = []
    for word in read_product_words(text, currency="").goods.split()[:_NAMED]:
        if (word.isascii() and len(word) < _SHORTEST) or word in phrases("gift_words"):
            continue
        page = await desk.crm.catalogue(language, q=root_of(word), limit=_FOUND, **wanted)
        called = [each.external_id for each in page.products if _calls(word, each.name, each.category or "")]
        called = [] if page.corrected else called
        found += called or await _covered(desk, word, language, **wanted)
    return list(dict.fromkeys(found))


async def _covered(desk: Desk, word: str, language: Language, **wanted: Any) -> list[str]:
    """What a wider word covers, where nothing is called so itself: the earrings of "some jewelry"."""
    kinds = covered_by(word)[:_COVERED]
    pages = await asyncio.gather(*(desk.crm.catalogue(language, q=names[0], limit=_FOUND, **wanted) for names in kinds))
    return [
        each.external_id
        for names, page in zip(kinds, pages, strict=True)
        if not page.corrected
        for each in page.products
        if is_one(names, each.name or "")
    ]


def _calls(word: str, *names: str) -> bool:
    """Whether a word is one of a product's names, whatever its form; Chinese ones end with what a thing is."""
    if word.isascii():
        root = root_of(word)
        stems = {stem for name in names for stem in stems_of(name)}
        joined = [name.casefold().replace(" ", "") for name in names]
        whole = len(root) > _SHORTEST and any(root in name for name in joined) and not stems & set(stems_of(word))
        return (
            bool(stems & set(stems_of(word)))
            or any(root_of(stem) == root for stem in stems)
            or (whole and len(root) >= _COMPOUND)
        )
    return any(len(name) > 1 and (name[-2:] in word or word in name) for name in names)


def root_of(word: str) -> str:
    """What a word for somebody or for what they do has in common with goods: the garden of a gardener."""
    root = _SUFFIX.sub("", word) if word.isascii() else word
    return root if len(root) > _SHORTEST else word


async def products_of_interest(desk: Desk, text: str, language: Language, **wanted: Any) -> list[str]:
    """Products that have one of the interests told wholly among their words, best first."""
    found: list[str] = []
    for word in interests_in(text):
        page = await desk.crm.catalogue(language, q=word, limit=_FOUND, **wanted)
        if page.matched == "all" and not page.corrected:
            found += [each.external_id for each in page.products]
    return list(dict.fromkeys(found))
