"""The same goods once more with a difference: "the same lamp again but in black, to my office", 算错了 要两个.

The shop repeats an order as it was. What differs from it is ordered as goods of their own, so that what is offered is
what was asked for, and never the old order over again.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from actions.changes import basket
from actions.changes.placing_words import bare_number, place_said, quantity_said
from actions.changes.records import address_candidate, address_details, address_of
from actions.changes.request import ChangeRequest
from actions.resolver import (
    LineCandidate,
    clauses_apart,
    parse_address,
    resolve_address,
    resolve_lines,
    resolve_variant,
    without_address,
    without_where,
)

if TYPE_CHECKING:
    from actions.changes.dialogue import ChangeDialogue

KIND: Final = "reorder"
_BUT: Final = re.compile(
    r"\bbut (?:(?:in|with|make it|this time|only|as|the)\s+)*"
    r"(?P<en>(?!(?:i|it|not|to)\b|send|ship|deliver)[a-z][\w-]*(?: [\w-]+)?)"
    r"|(?:但是?|不过|只是|就是)(?:这次)?(?:我?要|换成?|改成?)(?P<zh>[^，。,\s]{1,8})",
    re.IGNORECASE,
)
"""What is to be different, in so many words."""
_TAIL: Final = re.compile(r"\s+(?:if|please|pls|one|ones|this|and|n)\b.*$|(?:的|版|款)+$", re.IGNORECASE)
_PART: Final = re.compile(r"[,;，；。]\s*|\s+(?:and|n|&)\s+|还有|然后", re.IGNORECASE)
_PLACES_TOLD: Final = re.compile(r"\b(?:to|at|and)\b|[寄送发到去]", re.IGNORECASE)
_LAST_TIME: Final = re.compile(
    r"\b(?:last|same|previous) (?:\d+|two|three) \w+\b|\b\d+ (?:days?|weeks?|months?) ago\b", re.IGNORECASE
)


@dataclass
class Difference:
    """What is wanted otherwise than in the order: pieces, variants and absent options by line, and where to."""

    quantities: dict[str, int] = field(default_factory=dict)
    skus: dict[str, str] = field(default_factory=dict)
    absent: dict[str, str] = field(default_factory=dict)
    address: dict[str, str] = field(default_factory=dict)
    """As `extras` of an order that is placed: `address`, the key of one of the book, or `ship_to`."""

    def add(self, other: Difference) -> None:
        """What was said besides."""
        self.quantities |= other.quantities
        self.skus |= other.skus
        self.absent |= other.absent
        self.address = other.address or self.address

    def __bool__(self) -> bool:
        return bool(self.quantities or self.skus or self.absent or self.address)


async def differs(dialogue: ChangeDialogue, text: str, *, correcting: bool = False) -> Difference:
    """What `text` wants otherwise than the order of a re-order has it. `correcting`: beside what is offered."""
    request, found = dialogue.request, Difference()
    number = request.orders[0]
    await dialogue.records.orders([number])
    lines = _meant(dialogue)
    goods = without_where(clauses_apart(without_address(place_said(text))))
    for part in _PART.split(goods) if len(lines) > 1 else [goods]:
        line = _line_of(dialogue, part, lines)
        if line is None:
            continue
        counted = quantity_said(_LAST_TIME.sub(" ", part))
        pieces = counted or (bare_number(part) if correcting else None)
        if pieces is not None and pieces != (request.lines.get(line.key) or line.quantity):
            found.quantities[line.key] = pieces
        await _other_variant(dialogue, part, line, found)
    await _elsewhere(dialogue, text, found, correcting=correcting)
    return found


def _meant(dialogue: ChangeDialogue) -> list[LineCandidate]:
    request = dialogue.request
    return [
        line for line in dialogue.records.lines(request.orders[0]) if not request.lines or line.key in request.lines
    ]


def _line_of(dialogue: ChangeDialogue, part: str, lines: list[LineCandidate]) -> LineCandidate | None:
    if len(lines) == 1:
        return lines[0]
    named = resolve_lines(part, lines, focus=dialogue.focus, today=dialogue.records.today)
    plain = named.status == "one" and any(each.kind not in ("pronoun", "only") for each in named.matches[0].reasons)
    return named.first if plain else None


async def _other_variant(dialogue: ChangeDialogue, part: str, line: LineCandidate, found: Difference) -> None:
    variants = await dialogue.records.variants(line.sku)
    if not variants:
        return
    but = _BUT.search(part)
    wanted = _TAIL.sub("", next(filter(None, but.groups())).strip()) if but else ""
    read = resolve_variant(wanted or part, variants, current=line)
    by_option = [match.candidate for match in read.matches if any(reason.kind == "option" for reason in match.reasons)]
    others = [each for each in by_option if each.sku != line.sku]
    if read.status == "one" and len(others) == 1 and others[0].available:
        found.skus[line.key] = others[0].sku
    elif len(others) == 1 and len(by_option) == 1:
        found.absent[line.key] = " / ".join(others[0].options.values())
    elif wanted and not by_option:
        found.absent[line.key] = wanted


async def _elsewhere(dialogue: ChangeDialogue, text: str, found: Difference, *, correcting: bool) -> None:
    if not (basket.sends(text) or (correcting and _PLACES_TOLD.search(text))):
        return
    typed = parse_address(text, country=dialogue.policies.shop.country)
    if typed is not None and typed.lines and typed.city:
        found.address = {"ship_to": json.dumps(address_details(typed), ensure_ascii=False)}
        return
    book = [address_candidate(each) for each in await dialogue.records.addresses()]
    said = resolve_address(place_said(text), book, today=dialogue.records.today)
    if said.status == "one" and any(reason.kind in ("label", "name") for reason in said.matches[0].reasons):
        now = address_of(await dialogue.records.order(dialogue.request.orders[0]))
        if not now or said.first.lines[:1] != [now.get("line1", "")]:
            found.address = {"address": said.first.key}


async def ordered_otherwise(dialogue: ChangeDialogue, difference: Difference) -> ChangeRequest | None:
    """The order to be placed in the stead of a re-order; None where its goods are not in the catalogue."""
    request = dialogue.request
    view = await dialogue.records.order(request.orders[0])
    items: list[tuple[basket.Item, str]] = []
    for line in _meant(dialogue):
        variants = {each.sku: each for each in await dialogue.records.variants(line.sku)}
        variant = variants.get(difference.skus.get(line.key, line.sku or ""))
        if variant is None or not (variant.available or line.key in difference.absent):
            return None
        pieces = difference.quantities.get(line.key) or request.lines.get(line.key) or line.quantity
        item = basket.Item(variant.product or variant.sku, variant.sku, next(iter(variant.titles), ""), pieces)
        items.append((item, difference.absent.get(line.key, "")))
    if not items:
        return None
    # What cannot be had as wanted is asked about, so it comes last.
    items.sort(key=lambda each: bool(each[1]))
    placed = ChangeRequest("place", f"{request.origin}:otherwise{request.rounds}", request.text)
    placed.payment_method = request.payment_method
    basket.take_up(placed.extras, [item for item, _ in items])
    if absent := items[-1][1]:
        placed.extras.pop("sku")
        placed.extras["wanted"] = absent
    if difference.address:
        placed.extras |= difference.address
    elif place := address_of(view):
        same = [each.id for each in await dialogue.records.addresses() if (each.line1 or "") == place.get("line1")]
        placed.extras |= {"address": same[0]} if same else {"ship_to": json.dumps(place, ensure_ascii=False)}
    return placed
