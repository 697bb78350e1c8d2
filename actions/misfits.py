"""Goods of a search that are not as they are wanted, by what their record says: no waterproof gloves that are not."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from actions.goods import Goods
from actions.product_facts import spoken_attributes
from actions.resolver.asked_facts import Asked, Entry, names_concept, read_asked
from actions.resolver.fact_filters import fit_of
from actions.resolver.text import fold
from shopdesk_schemas.products import ProductView

_NO: Final = re.compile(r"\W*(?:no|none|not [a-z]+)(?![a-z])|\W*(?:否|无|不[防可能含带支是]|没有)")
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
    entries = [Entry(name, value) for name, value in spoken_attributes(product).items()]
    asked = read_asked(text, titles)
    if not asked.concepts or _DENIES.search(fold(text)):
        return False
    if any(
        _NO.match(fold(each.value)) for each in entries if any(names_concept(each.name, of) for of in _plain(asked))
    ):
        return True
    fit = fit_of(asked, text, entries)
    return fit is not None and not fit.yes


def _plain(asked: Asked) -> list[str]:
    """What is asked by a word that can ask nothing else."""
    return [each[0] for each in asked.by_word.values() if len(each) == 1]


__all__ = ["without_misfits"]
