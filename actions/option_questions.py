"""Answers to questions about an option of a product as a whole: which sizes there are, whether all are waterproof."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from actions.goods import GONE
from actions.resolver.option_values import Named
from actions.resolver.own_options import SIZED, amount_of, options_asked
from shopdesk_schemas.products import ProductView

_WHAT: Final = re.compile(
    r"\b(?:what|which)\b|\bhow (?:long|tall|big|many|large|high|heavy|thick)\b"
    r"|什么|哪些|哪几|多[长高大重厚少]|几[码寸升片速杯种]|啥",
    re.IGNORECASE,
)
_ALL: Final = re.compile(r"\b(?:all|every|both|each)\b|都|全部|每", re.IGNORECASE)
_SIZE: Final = re.compile(
    r"\bsizes?\b|\bmeasurements?\b|\bdimensions?\b|\bhow (?:big|large)\b|尺寸|尺码|大小|多大|规格", re.IGNORECASE
)


def options_listed(text: str, product: ProductView) -> list[str]:
    """The options whose values a question asks for: "what sizes are there?", of a board by its length."""
    if not _WHAT.search(text) or any(each.isdigit() for each in text):
        # "Which colours are there in 120 × 170?" asks of some of the variants.
        return []
    options = dict.fromkeys(name for each in product.variants for name in each.options)
    asked = options_asked(text, dict.fromkeys(options, ""))
    if not asked and _SIZE.search(text):
        asked = [name for name in options if any(word in name.casefold() for word in SIZED)][:1]
    return asked


def asks_values(text: str) -> bool:
    """Whether a question asks what there is of an option, whichever."""
    return _WHAT.search(text) is not None


def values_in_stock(product: ProductView, option: str) -> list[str]:
    """The values of an option that can be had, in their order; all where none can."""
    there = [each for each in product.variants if each.availability not in GONE] or product.variants
    values = list(dict.fromkeys(each.options[option] for each in there if option in each.options))
    known = {value: amount for value in values if (amount := amount_of(value)) is not None}
    return sorted(values, key=lambda each: known[each]) if len(known) == len(values) else values


def asks_all(text: str, named: Named, variants: Sequence[Mapping[str, str]]) -> bool | None:
    """Whether all variants have what "are they all waterproof?" names; None where that is not asked."""
    if not _ALL.search(text) or not named.wanted:
        return None
    return all(named.fits(each) for each in variants)


__all__ = ["asks_all", "asks_values", "options_listed", "values_in_stock"]
