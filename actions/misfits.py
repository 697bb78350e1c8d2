"""Goods of a search that are not as they are wanted, by what their record says: no waterproof gloves that are not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from actions.goods import Goods
from actions.product_facts import spoken_attributes
from actions.resolver.asked_facts import Entry, read_asked, says_word
from actions.resolver.fact_filters import fit_of
from actions.resolver.text import fold
from shopdesk_schemas.products import ProductView

_NONE: Final = re.compile(r"\W*(?:no|not|none|zero|0|without)(?![a-z\d.])|\W*(?:否|无|不|没|非|零|免)")
_BARE_NO: Final = r"\W*(?:no|not supported|not possible|否|不支持|不可以?|不能|不行)\W*"
_MORE: Final = re.compile(
    r"(?!(?:safe|proof|resistan\w+|suitable|compatible|for|in|the|of|use|is|can|be|as)\b)\b[a-z]{2,}|(?![是否可以能支持适用于的])[\u4e00-\u9fff]"
)
"""That a fact is of more than the very thing: of "Battery included: no" the battery is not denied."""
_LESS: Final = re.compile(
    r"\bfree\b|\bzero\b|\bun(?!der|til|i)[a-z]{3,}|\b(?:anti|hypo|decaf)\w*|\b(?:seam|odou?r|smoke|noise|scent)less\b|\blow(?:er)?\b|\b(?:quiet|silent|easy|friendly)\b"
    r"|零|免|低|静音|防过敏|脱|去"
)
"""What is wanted is that there be little or nothing of something: a no on record is what is wished for."""
_DENIES: Final = re.compile(r"\b(?:not|no|non|without|isn['’]?t|don['’]?t|doesn['’]?t)\b|不|非|无(?!线)|没有?(?!有)")


def without_misfits(goods: Goods, text: str) -> Goods:
    """The goods without those whose record denies what is wanted; where it does of all, they are only the nearest."""
    left = [each for each in goods.found if not _denied(each.product, text)]
    if len(left) == len(goods.found):
        return goods
    if not left:
        return replace(goods, nearly=True)
    return replace(goods, found=left, total=max(goods.total - (len(goods.found) - len(left)), len(left)))


def _denied(product: ProductView, text: str) -> bool:
    titles = [each for each in (product.name, *product.other_names) if each]
    return denied_by([Entry(name, value) for name, value in spoken_attributes(product).items()], text, titles)


def denied_by(entries: Sequence[Entry], text: str, titles: Sequence[str] = ()) -> bool:
    """Whether a record says of the very thing that is wanted that there is none: "Waterproof: no"."""
    asked = read_asked(text, list(titles))
    folded = fold(text)
    if not asked.concepts or _DENIES.search(folded):
        return False
    fit = fit_of(asked, text, entries)
    if fit is not None and not fit.yes and not _NONE.match(fold(fit.entry.value)):
        # It is for other ages or holds less, or has what is wanted without.
        return True
    if _LESS.search(folded):
        return False
    return any(_denies(each, word) for each in entries for word in asked.by_word)


def _denies(entry: Entry, word: str) -> bool:
    name = fold(entry.name.replace("_", " "))
    if not says_word(name, word) or _MORE.search(name.replace(word, " ")):
        return False
    return re.fullmatch(rf"{_BARE_NO}|\W*(?:not |不){re.escape(word)}\W*", fold(entry.value)) is not None


__all__ = ["denied_by", "without_misfits"]
