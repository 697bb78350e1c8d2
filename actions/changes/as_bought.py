"""What a line is to become, said by what the shopper has: "the same as in my other order", 跟之前买的一样."""

from __future__ import annotations

import re
from typing import Final

from actions.changes.reading import Reader
from actions.changes.records import ORDERS_READ
from actions.resolver import LineCandidate, Match, Reason, Resolution, VariantCandidate, resolve_variant

_AS_BOUGHT: Final = re.compile(
    r"(?:to be |be )?(?:exactly )?\b(?:the )?(?:same|identical|like|match(?:es|ing)?)(?: (?:variant|version|colou?r|size))? "  # noqa: E501
    r"(?:(?:one |ones |kind |model |variant )?(?:as|to) )?(?:the )?(?:[a-z]+ ){0,2}?(?:that |which )?"
    r"(?:i(?:'ve| have| had)? (?:already |previously |once |just )?(?:bought|got|ordered|own|have|received)\b(?: already| before)?"  # noqa: E501
    r"|(?:in|from|on) (?:my|the) (?:other|last|previous|earlier|first|old|delivered|older|newer) (?:order|one|delivery)\b)"  # noqa: E501
    r"|\b(?:same|like) (?:as )?(?:my|the) (?:other|old|previous|last|first) (?:one|order|pair|[a-z]+)"
    r"|(?:换成|改成|就)?(?:跟|和|与|同|像)我?(?:之前|以前|上次|原来|早先|另一|另外|前面|上一|已经|收到|手上|买过|那个收到)"
    r"[^，。,;；]{0,16}?(?:一样|相同|同款|一模一样)(?:的|就行|就好|就可以)*",
    re.IGNORECASE,
)
"""That another thing is meant that was bought once."""


def says_as_bought(text: str) -> bool:
    """Whether a thing is to become what another order has."""
    return _AS_BOUGHT.search(text) is not None


def without_as_bought(text: str) -> str:
    """`text` with blanks for the words that point at the other order: they name neither order nor thing meant."""
    return _AS_BOUGHT.sub(lambda said: " " * len(said.group()), text)


async def as_bought(reader: Reader, text: str, line: LineCandidate) -> Resolution[VariantCandidate] | None:
    """The variant of the line's product that another order has, where the words mean it; None where they do not."""
    if not _AS_BOUGHT.search(text):
        return None
    variants = {each.sku: each for each in await reader.records.variants(line.sku)}
    numbers = [each.number for each in await reader.records.summaries()][:ORDERS_READ]
    await reader.records.orders(numbers)
    bought = [
        variants[other.sku]
        for number in numbers
        if number not in reader.request.orders
        for other in reader.records.lines(number, gone=True)
        if other.sku in variants and other.sku != line.sku
    ]
    meant = list({each.sku: each for each in bought}.values())
    if len(meant) > 1:
        told = resolve_variant(text, meant)
        meant = told.candidates if told.status == "one" else meant
    if not meant:
        return None
    matches = tuple(Match(each, 0.9, (Reason("same_as"),)) for each in meant)
    return Resolution("one" if len(meant) == 1 else "unclear", matches, text)
