"""Goods that are to become others in words that were taken for calling them off: "can one be changed?", "blue is enough"."""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from actions.changes.reading import Reader
from actions.resolver import LineCandidate, resolve_lines, resolve_variant

_SWAPS: Final = re.compile(
    r"(?<!\bthe )(?<!\ba )(?<!\ban )(?<!\bits )(?<!\bno )(?<!power )(?<!light )"
    r"\b(?:swap(?:ped|ping)?|exchang(?:e|ed|ing)|chang(?:e|ed|ing)|switch(?:ed|ing)?|replac(?:e|ed|ing))\b"
    r"(?! (?:my|our|your|his|her) (?:mind|address)| of (?:plans?|heart|address)|d? (?:the )?(?:address|payment|card))"
    r"|[换](?:成|个|一|为)|改成(?!礼品卡|信用卡)",
    re.IGNORECASE,
)
_CALLS_OFF: Final = re.compile(
    r"\b(?:cancel\w*|return\w*|refund\w*|send\w* (?:\w+ ){0,4}back|drop\w*|remov\w*|delet\w*|get rid|take (?:\w+ ){1,4}off|call\w* off"  # noqa: E501
    r"|(?:don['’]?t|do not|no longer|not) (?:want|need)\w*|can go|too (?:many|much)|money back|stop|void|scrap|abort)\b"
    r"|n['’]t (?:be )?(?:want|need|going)\w*"
    r"|取消|退|不要|不需要|撤|删|去掉|多了|多余",
    re.IGNORECASE,
)
_MONEY: Final = re.compile(
    r"\b(?:refund|return|send|put|give)\w*(?: me)?(?: (?:the |any )?(?:difference|rest|money|balance))?(?: back)? (?:to|on|onto) "  # noqa: E501
    r"(?:my |the |a )?(?:gift ?card|card|credit card|mastercard|visa|paypal|account)\b"
    r"|(?:差价|多的钱|钱|多出来的)?退(?:到|回|给)(?:我的?)?(?:礼品卡|购物卡|信用卡|卡|原卡|余额|账户)(?:里|上)?",
    re.IGNORECASE,
)
"""Where money goes: nothing is called off by that."""
_ENOUGH: Final = re.compile(
    r"\b(?:is|are|['’]s|would be|will be) (?:quite |really |perfectly )?(?:enough|plenty|sufficient|fine)\b"
    r"|\b(?:would|will|['’]ll) (?:do|suffice)\b|就?(?:足?够|行|可以|好)了?",
    re.IGNORECASE,
)


_LIFE: Final = re.compile(
    r"\b(?:plans?|things?|circumstances?|situation|jobs?|minds?|size|it|that|price|fabric)"
    r"(?: (?:has|have|had))? changed\b"
    r"|\bchanged (?:my )?(?:plans?|circumstances|jobs?|phones?|minds?)\b"
    r"|\b(?:switched|switching) (?:jobs?|shops?|suppliers?|phones?"
    r"|to (?:another|a different|a new) (?:shop|store|phone|brand|job|supplier))\b",
    re.IGNORECASE,
)
"""What changed in a shopper's life changes no goods."""


def says_swap(text: str) -> bool:
    """Whether `text` wants goods changed by a verb for it, and calls nothing off."""
    text = _LIFE.sub(" ", text)
    return _SWAPS.search(text) is not None and _CALLS_OFF.search(_MONEY.sub(" ", text)) is None


async def plainly_swaps(reader: Reader, text: str, lines: Sequence[LineCandidate]) -> bool:
    """Whether words taken for a cancellation or a return want other versions, by a verb or by what would be enough."""
    if says_swap(text):
        return True
    bare = _MONEY.sub(" ", text)
    if _ENOUGH.search(bare) is None or _CALLS_OFF.search(bare):
        return False
    found = resolve_lines(bare, lines, today=reader.records.today)
    named = [each for each in found.matches if any(why.kind in ("name", "near_name") for why in each.reasons)]
    if len(named) != 1:
        return False
    line = named[0].candidate
    target = resolve_variant(bare, await reader.records.variants(line.sku), current=line) if line.sku else None
    return target is not None and target.status == "one" and target.first.sku != line.sku


__all__ = ["plainly_swaps", "says_swap"]
