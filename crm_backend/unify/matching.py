"""Whether two customers are one person: a pure function of what is known of both, with its reasons.

Certain facts come first: an e-mail address that both proved to have, or one phone number and names that fit. All else
adds up to a score. Something that speaks against it (another birth date, another name) never lets the rules alone
join two customers: at most a person is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from crm_backend.normalise import email_key, phone_key, postcode_key
from crm_backend.policies.unify import UnifyRules
from crm_backend.unify.names import NameLikeness, compare_names, name_words

Verdict = Literal["same", "doubtful", "different"]

SHORTEST_EMAIL_NAME = 5
"""Shorter parts before the @ are too common to say anything."""

_ROLE_ADDRESSES = frozenset(
    {"info", "sales", "office", "contact", "admin", "service", "support", "hello", "mail", "noreply", "guest", "test"}
)


@dataclass(frozen=True, slots=True)
class Person:
    """What is compared of a customer. Equal keys mean the same; none means not known."""

    source: str
    external_id: str
    name: str | None = None
    email: str | None = None
    email_verified: bool = False
    phone: str | None = None
    """E.164."""
    birth_date: date | None = None
    addresses: frozenset[tuple[str, str, str]] = frozenset()
    """Country, postcode and street with number, in comparable form; the street may be empty."""

    @property
    def key(self) -> tuple[str, str]:
        """Its name in the shop's systems, by which everything is put in order."""
        return self.source, self.external_id


@dataclass(frozen=True, slots=True)
class Match:
    """What the comparison of two customers says."""

    verdict: Verdict
    score: int
    """0 to 100."""
    reasons: tuple[tuple[str, int], ...]
    """The rules that spoke and what each gave or took; `email_verified` and `phone_and_name` decide by themselves."""
    conflict: bool
    """Something speaks against it."""


def person_of(customer: Any, addresses: Iterable[Any], rules: UnifyRules, *, country: str | None = None) -> Person:
    """The comparable form of a customer (`account.models.Customer` or its like) and their addresses."""
    where = customer.country or country
    email = email_key(customer.email)
    if email is not None and (email.count("@") != 1 or "." not in email.rpartition("@")[2] or _is_role(email)):
        email = None
    phone = phone_key(customer.phone, where)
    attributes: Mapping[str, Any] = customer.attributes or {}
    return Person(
        source=customer.source,
        external_id=customer.external_id,
        name=customer.name or None,
        email=email,
        email_verified=customer.source in rules.verified_email_sources or attributes.get("email_verified") is True,
        phone=phone if phone is not None and phone.startswith("+") and len(set(phone[-6:])) > 1 else None,
        birth_date=customer.birth_date,
        addresses=frozenset(
            found for one in addresses if (found := _place(one.country or where, one.postcode, one.line1)) is not None
        ),
    )


def _is_role(email: str) -> bool:
    return re.sub(r"[^a-z]", "", email.rpartition("@")[0]) in _ROLE_ADDRESSES


def _place(country: str | None, postcode: str | None, line1: str | None) -> tuple[str, str, str] | None:
    code = postcode_key(postcode, country)
    if code is None:
        return None
    street = "".join(character for character in (line1 or "").casefold() if character.isalnum())
    return country or "", code, street


def email_name(email: str | None) -> str | None:
    """The part before the @ where it says something: without what stands behind a plus, long enough."""
    if email is None:
        return None
    name = email.rpartition("@")[0].partition("+")[0].replace(".", "")
    return name if len(name) >= SHORTEST_EMAIL_NAME and name not in _ROLE_ADDRESSES else None


def compare(one: Person, other: Person, rules: UnifyRules) -> Match:
    """Whether they are one person, under the shop's rules. The order of the two does not matter."""
    points = rules.points
    reasons: list[tuple[str, int]] = []
    names = compare_names(one.name, other.name)
    same_email = one.email is not None and one.email == other.email
    same_phone = one.phone is not None and one.phone == other.phone
    if same_email:
        reasons.append(("email_same", points.email_same))
    elif (local := email_name(one.email)) is not None and local == email_name(other.email):
        reasons.append(("email_name_same", points.email_name_same))
    if same_phone:
        reasons.append(("phone_same", points.phone_same))
    if names is NameLikeness.SAME:
        reasons.append(("name_same", points.name_same))
    elif names is NameLikeness.ALIKE:
        reasons.append(("name_alike", points.name_alike))
    if any(street for _country, _code, street in one.addresses & other.addresses):
        reasons.append(("address_same", points.address_same))
    elif {place[:2] for place in one.addresses} & {place[:2] for place in other.addresses}:
        reasons.append(("postcode_same", points.postcode_same))
    conflict = names is NameLikeness.DIFFERENT
    if conflict:
        reasons.append(("name_differs", -points.name_differs))
    if one.birth_date is not None and other.birth_date is not None:
        if one.birth_date == other.birth_date:
            reasons.append(("birth_date_same", points.birth_date_same))
        else:
            conflict = True
            reasons.append(("birth_date_differs", -points.birth_date_differs))
    score = max(0, min(100, sum(given for _rule, given in reasons)))
    certain = None
    if same_email and one.email_verified and other.email_verified:
        certain = "email_verified"
    elif same_phone and names >= NameLikeness.ALIKE:
        certain = "phone_and_name"
    if certain is not None:
        reasons.insert(0, (certain, 0))
        score = score if conflict else 100
    return Match(_verdict(score, certain is not None, conflict, rules), score, tuple(reasons), conflict)


def _verdict(score: int, certain: bool, conflict: bool, rules: UnifyRules) -> Verdict:
    if certain or score >= rules.same_from:
        return "doubtful" if conflict else "same"
    return "doubtful" if score >= rules.doubtful_from else "different"


def contradict(one: Person, other: Person) -> bool:
    """Whether what is known of the two cannot be true of one person."""
    if one.birth_date is not None and other.birth_date is not None and one.birth_date != other.birth_date:
        return True
    return compare_names(one.name, other.name) is NameLikeness.DIFFERENT


def block_keys(person: Person) -> list[str]:
    """The facts by which candidates find each other: only customers who share one are compared at all."""
    keys = []
    if person.email is not None:
        keys.append(f"email\0{person.email}")
        if (local := email_name(person.email)) is not None and (words := name_words(person.name)):
            # Without a name beside it, one local part at two providers is far from enough.
            keys.append(f"local\0{local}\0{words[-1]}")
    if person.phone is not None:
        keys.append(f"phone\0{person.phone}")
    words = name_words(person.name)
    if words:
        name = "\0".join(words)
        keys.extend(f"place\0{name}\0{country}\0{code}" for country, code, _street in person.addresses)
        if person.birth_date is not None:
            keys.append(f"born\0{name}\0{person.birth_date.isoformat()}")
    # Names with a slip of the pen have no key of their own; they meet at home.
    keys.extend(f"home\0{country}\0{code}\0{street}" for country, code, street in person.addresses if street)
    return sorted(set(keys))
