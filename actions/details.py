"""Reads the identifiers of a message by what was asked for: which is the order, which is the proof.

The bot hands over candidates with their possible kinds (bot/components/identifiers.py). "4571" answers "which
postcode?", "which last four digits?" and "which order?"; only the question before it tells. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from actions.resolver import Span
from shopdesk_schemas.crm import ProofKind

Asked = Literal["order_reference", "identity_proofs"] | None


@dataclass(frozen=True)
class Proof:
    """One fact that only the buyer knows."""

    kind: ProofKind
    value: str


@dataclass(frozen=True)
class Details:
    """What a message gave: order or tracking numbers in reading order, and proofs; the shopper's own full name."""

    references: list[str] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)
    name: str | None = None

    def __bool__(self) -> bool:
        return bool(self.references or self.proofs or self.name)


@dataclass(frozen=True)
class _Candidate:
    kind: str
    value: str
    alternatives: tuple[str, ...]
    cued: bool
    weak: bool

    @property
    def certain(self) -> bool:
        return self.cued or (not self.alternatives and not self.weak)


def number_key(text: str) -> str:
    """What two spellings of one number have in common: letters and digits, upper case."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())


_ABOUT_NUMBER: Final = re.compile(
    r"\b(?:(?:my|the|an?|its?|it'?s|is|was|that'?s|here|hi|hello|ok|okay|yes|sure|order|number|no|nr|id|tracking|parcel|reference|and|with|of"
    r"|sorry|please|thanks|thank you|i|think|mean|maybe)\b\W*)+|订单|单号|编号"
    r"|号码?|我的?|是|的|这个|那个|就|嗯|好|您?看|尾号|麻烦|谢谢|应该|可能|吧"
    r"|哦|啊",
    re.IGNORECASE,
)
_OTHER_LETTERS: Final = 2


_SIZES: Final = re.compile(r"\d{1,3} ?[/x*×] ?\d{1,3}", re.IGNORECASE)


def _in_passing(entity: Mapping[str, Any]) -> bool:
    """Whether what looks like a number may be none: a short one, or sizes such as a waist and a leg, "32/34"."""
    if entity.get("cued") or entity.get("extractor") == "button":
        return False
    return bool(entity.get("weak")) or _SIZES.fullmatch(str(entity.get("value") or "")) is not None


_CALLED_BEFORE: Final = re.compile(
    r"(?:订单号?|单号|\border(?:s|\s+numbers?|\s+no\.?)?)\s*[:：#是]?\s*$", re.IGNORECASE
)
_CALLED_BEHIND: Final = re.compile(r"\s*(?:这|那)?一?(?:个?订单|单(?!独|位|个))")


def called_order(text: str, entity: Mapping[str, Any]) -> bool:
    """Whether a number that might be a telephone's is called an order's: ten digits behind "order", before 这单."""
    if "order_number" not in (entity.get("alternatives") or ()):
        return False
    value = str(entity.get("value") or "")
    at = text.find(value)
    if at < 0 or not value:
        return False
    return bool(_CALLED_BEFORE.search(text[:at]) or _CALLED_BEHIND.match(text, at + len(value)))


def without_passing(text: str, entities: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Entities without the short numbers of a sentence that says something else: "the cheapest 4K one", 15号前到吗."""
    kept = list(entities)
    weak = [each for each in kept if _in_passing(each)]
    if not weak:
        return kept
    rest = text
    for each in kept:
        rest = rest.replace(str(each.get("value") or ""), " ")
    others = re.findall(r"[a-z]{2,}|[\u4e00-\u9fff]", _ABOUT_NUMBER.sub(" ", rest).casefold())
    return kept if len(others) < _OTHER_LETTERS else [each for each in kept if each not in weak]


def read_details(
    entities: Iterable[Mapping[str, Any]],
    *,
    asked: Asked,
    known_reference: str | None,
    postcode_digits: int | None = None,
    refused: Sequence[Proof] = (),
    claimed: Sequence[Span] = (),
    postcode_awaited: bool = False,
) -> Details:
    """Sorts the entities of one message.

    `known_reference` is the number spoken of so far. `postcode_digits` is how many digits a postcode of the shop's
    country has, where it is of digits only: it decides what four digits are tried as first. `refused` are proofs that
    did not fit the number: then a bare number of another length is more likely a corrected order than a second proof.
    `claimed` are the parts of the message that say something else, such as an amount: a number there is no answer
    unless words beside it name its kind. `postcode_awaited` says that what may be a postcode is one and no number.
    """
    # What a change's button stands for is no number.
    said = [entity for entity in entities if entity.get("entity") != "choice"]
    candidates = [_candidate(entity) for entity in said if not _is_claimed(entity, claimed)]
    references: list[str] = []
    proofs: list[Proof] = []
    undecided: list[_Candidate] = []
    for each in candidates:
        if each.kind == "email":
            proofs.append(Proof("email", each.value))
        elif each.kind in ("phone", "phone_last4") and each.certain:
            proofs.append(Proof("phone_last4", each.value[-4:]))
        elif each.kind == "postcode" and each.certain:
            proofs.append(Proof("postcode", each.value))
        elif each.kind == "order_number" and each.cued:
            references.append(each.value)
        else:
            undecided.append(each)
    if postcode_awaited:
        _as_postcode(undecided, references, proofs)
    elif asked == "identity_proofs" and known_reference:
        _as_proofs(undecided, known_reference, references, proofs, postcode_digits, refused)
    else:
        _as_references(undecided, asked, references, proofs, postcode_digits)
    in_order = [each.value for each in candidates]
    references = sorted(dict.fromkeys(references), key=in_order.index)
    return Details(references, list(dict.fromkeys(proofs)))


def _candidate(entity: Mapping[str, Any]) -> _Candidate:
    # An entity of a button carries nothing but its kind and value: it is what it says.
    pressed = entity.get("extractor") == "button"
    return _Candidate(
        kind=str(entity.get("entity")),
        value=str(entity.get("value") or "").strip(),
        alternatives=() if pressed else tuple(entity.get("alternatives") or ()),
        cued=pressed or bool(entity.get("cued")),
        weak=not pressed and bool(entity.get("weak")),
    )


def _is_claimed(entity: Mapping[str, Any], claimed: Sequence[Span]) -> bool:
    start, end = entity.get("start"), entity.get("end")
    if entity.get("cued") or entity.get("extractor") == "button" or start is None or end is None:
        return False
    return any(span.start <= int(start) and int(end) <= span.end for span in claimed)


def _as_postcode(undecided: Sequence[_Candidate], references: list[str], proofs: list[Proof]) -> None:
    """A postcode is awaited beside a name: what cannot be one is a number after all."""
    for each in undecided:
        postcodes = [proof for proof in _possible_proofs(each, None) if proof.kind == "postcode"]
        if postcodes:
            proofs += postcodes
        elif not each.weak:
            references.append(each.value)


def _as_proofs(
    undecided: Sequence[_Candidate],
    known_reference: str,
    references: list[str],
    proofs: list[Proof],
    postcode_digits: int | None,
    refused: Sequence[Proof],
) -> None:
    """A proof is awaited: numbers are proofs unless they correct the number spoken of or cannot be a proof."""
    for each in undecided:
        as_proof = _possible_proofs(each, postcode_digits)
        other_shape = len(each.value) > 5 and all(_shape(each.value) != _shape(proof.value) for proof in refused)
        if resembles(each.value, known_reference) or not as_proof or (refused and other_shape):
            if not each.weak:
                references.append(each.value)
        else:
            proofs += as_proof


def _as_references(
    undecided: Sequence[_Candidate],
    asked: Asked,
    references: list[str],
    proofs: list[Proof],
    postcode_digits: int | None,
) -> None:
    """An order is awaited or nothing is: the number most like one is the order, what else could be a proof is one."""
    usable = [each for each in undecided if not each.weak or (asked == "order_reference" and len(each.value) > 1)]
    if not references and usable:
        best = max(usable, key=lambda each: (not each.weak, each.kind == "order_number", len(each.value)))
        references.append(best.value)
        usable = [each for each in usable if each is not best]
    proven = bool(proofs)
    for each in usable:
        if each.weak:
            continue
        as_proof = _possible_proofs(each, postcode_digits)
        same_shape = any(_shape(each.value) == _shape(reference) for reference in references)
        code = each.kind == "order_number" and not each.value.isdigit()
        # With a proof at hand ("489434 and SD-10023, zip 90210") further numbers are further orders.
        if as_proof and not (same_shape or code or proven):
            proofs += as_proof
        else:
            references.append(each.value)


def _possible_proofs(each: _Candidate, postcode_digits: int | None) -> list[Proof]:
    kinds = {each.kind, *each.alternatives}
    digits = re.sub(r"\D", "", each.value)
    if "phone" in kinds and len(digits) >= 9:
        return [Proof("phone_last4", digits[-4:])]
    possible: list[Proof] = []
    if "phone_last4" in kinds and len(digits) == 4:
        possible.append(Proof("phone_last4", digits))
    if "postcode" in kinds:
        # "TX 73301" is a state and its ZIP code.
        possible.append(Proof("postcode", re.sub(r"^[A-Z]{2} (?=\d{5}$)", "", each.value)))
    if len(possible) == 2 and postcode_digits == 4:
        possible.reverse()
    return possible


def resembles(value: str, reference: str) -> bool:
    """Whether `value` is `reference` again, or a correction of it: the same shape and at most two places changed."""
    one, other = number_key(value), number_key(reference)
    if one == other:
        return True
    if _shape(one) != _shape(other):
        return len(one) >= 5 and _one_edit(one, other)
    if len(one) < 5:
        return False
    if len(one) >= 7 or any(c.isalpha() for c in one):
        return True
    return sum(a != b for a, b in zip(one, other, strict=True)) <= 2


def _shape(text: str) -> str:
    return "".join("0" if c.isdigit() else "A" for c in number_key(text))


def _one_edit(one: str, other: str) -> bool:
    """Whether one is the other with a single character left out."""
    shorter, longer = sorted((one, other), key=len)
    if len(longer) - len(shorter) != 1:
        return False
    return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))
