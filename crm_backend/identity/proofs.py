"""Whether what the shopper gave is what the shop's records hold. Pure functions over plain facts.

Every answer takes the same work: all facts are compared, in constant time, and a record with few facts, or none, is
compared with blanks up to the same number.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from crm_backend.normalise import comparable_postcodes, email_key
from shopdesk_schemas.crm import ProofKind, ProofMethod, VerificationRequest

COMPARISONS = 16
"""Comparisons made at least, whatever the record holds."""

PHONE_DIGITS = 4
_EXTENSION = re.compile(r"(?:ext|x|#|分机|转).*$", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Facts:
    """What the records hold of the person behind one order."""

    postcodes: Sequence[tuple[str, str | None]] = ()
    """With the country of each, ISO alpha-2."""
    emails: Sequence[str] = ()
    phones: Sequence[str] = ()


def method_of(request: VerificationRequest) -> ProofMethod:
    """How a request wants to prove."""
    return "name_postcode" if request.name is not None else proof_of(request)[0]


def proof_of(request: VerificationRequest) -> tuple[ProofKind, str]:
    """The one proof a request gives beside a reference or a name."""
    if request.postcode is not None:
        return "postcode", request.postcode
    if request.email is not None:
        return "email", request.email
    return "phone_last4", request.phone_last4 or ""


def proves(kind: ProofKind, given: str, facts: Facts, countries_without_postcode: Collection[str]) -> bool:
    """Whether `given` is one of the facts. An empty value proves nothing."""
    pairs = list(_pairs(kind, given, facts, countries_without_postcode))
    # The padding differs from itself, so it never matches.
    pairs += [("\0", "\1")] * (COMPARISONS - len(pairs))
    matched = False
    for left, right in pairs:
        same = secrets.compare_digest(left.encode(), right.encode())
        matched |= same and bool(left)
    return matched


def _pairs(
    kind: ProofKind, given: str, facts: Facts, countries_without_postcode: Collection[str]
) -> Iterable[tuple[str, str]]:
    if kind == "postcode":
        for stored, country in facts.postcodes:
            if country not in countries_without_postcode:
                yield comparable_postcodes(given, stored, country)
    elif kind == "email":
        for email in facts.emails:
            yield email_key(given) or "", email_key(email) or ""
    else:
        for phone in facts.phones:
            yield last_digits(given), last_digits(phone)


def last_digits(phone: str) -> str:
    """The last four digits of a number, its extension left out; empty when it has fewer."""
    folded = unicodedata.normalize("NFKC", phone)
    known = "".join(re.findall(r"\d", _EXTENSION.sub("", folded)))
    return known[-PHONE_DIGITS:] if len(known) >= PHONE_DIGITS else ""
