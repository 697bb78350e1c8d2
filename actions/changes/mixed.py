"""Several variants of one product in one wish, each with its number: 绿色一个蓝色两个, "one green and two blue"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from actions.resolver import VariantCandidate

_NUMBERS: Final = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "一": 1, "两": 2, "俩": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6,
}  # fmt: skip
_COUNT: Final = r"(?P<count>\d{1,2}|an?|one|two|three|four|five|six|[一两俩二三四五六])"
_MEASURE: Final = r"(?:\s*(?:[个件条只双套盏张把块瓶盒份支本顶台副床包袋罐枚束幅根卷杯碗]|x|×))?"


def counted_variants(
    text: str, variants: Sequence[VariantCandidate], current: VariantCandidate | None
) -> Mapping[str, int]:
    """How many of which variants, by SKU, where the words count at least two of them; else empty.

    What was not said of a variant, its size where colours are counted, stays as `current` has it.
    """
    ways = [_counted(text, variants, current, way) for way in ("after", "before")]
    counted = max(ways, key=len)
    return counted if len(counted) > 1 else {}


def _counted(
    text: str, variants: Sequence[VariantCandidate], current: VariantCandidate | None, way: str
) -> dict[str, int]:
    """The same where numbers stand before, or after, what they count."""
    counted: dict[str, int] = {}
    for variant in variants:
        if not variant.available or (current is not None and not _close(variant, current)):
            continue
        telling = [value for value in _values(variant) if current is None or _tells(value, variants, current)]
        number = next((number for value in telling if (number := _number_beside(value, text, way)) is not None), None)
        if number is not None:
            counted[variant.sku] = number
    return counted


def _close(one: VariantCandidate, other: VariantCandidate) -> bool:
    """Whether two variants differ in one option at most."""
    return sum(one.options.get(name) != value for name, value in other.options.items()) <= 1


def _tells(value: str, variants: Sequence[VariantCandidate], current: VariantCandidate) -> bool:
    """Whether a value tells close variants apart."""
    close = [each for each in variants if _close(each, current)]
    having = [each for each in close if value in _values(each)]
    return len(having) < len(close) or len(close) == 1


def _values(variant: VariantCandidate) -> set[str]:
    return {*variant.options.values(), *(value for other in variant.other_options for value in other.values())}


def _number_beside(value: str, text: str, way: str) -> int | None:
    han = any("\u4e00" <= each <= "\u9fff" for each in value)
    name = re.escape(value.removesuffix("色") if han else value)
    word = rf"{name}色?(?:的|款)?" if han else rf"\b{name}(?:\s+ones?)?\b"
    if way == "after":
        between = r"\s*(?:要|来|各)?\s*" if han else r"\s*(?:x|×)\s*"
        pattern = rf"{word}{between}{_COUNT}{_MEASURE if han else ''}(?!\d)"
    else:
        between = rf"{_MEASURE}\s*" if han else r"\s*(?:x|×|of the|of)?\s*"
        pattern = rf"(?<!\d){_COUNT}{between}{word}" if han else rf"(?<!\w){_COUNT}{between}{word}"
    found = re.search(pattern, text, re.IGNORECASE)
    if found is None:
        return None
    said = found["count"].casefold()
    return _NUMBERS.get(said) or int(said)
