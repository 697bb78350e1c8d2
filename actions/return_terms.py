"""The shop's return terms for a market, a category and a reason, as the CRM puts them together, and in words.

Later rules come before earlier ones, setting by setting; a list that is empty stands for all. Pure functions.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from actions.wording import Wording
from shopdesk_schemas.crm import PolicyExplanation
from shopdesk_schemas.rules import Amounts, ReturnRules, ReturnTermsView


@dataclass(frozen=True)
class Terms:
    """Terms with nothing left open."""

    returnable: bool
    window_days: int
    window_start: str
    condition: str
    freight: str
    freight_minor: Amounts
    methods: list[str]
    law: str | None


def terms_for(rules: ReturnRules, market: str, categories: Collection[str], reason: str) -> Terms:
    """What holds there. `categories` are the names of one category, in lower case; empty: of none that is named."""
    values = _given(rules.terms)
    for rule in rules.rules:
        fits_market = not rule.markets or market in rule.markets
        fits_category = not rule.categories or any(each.strip().casefold() in categories for each in rule.categories)
        if fits_market and fits_category and (not rule.reasons or reason in rule.reasons):
            values |= _given(rule.terms)
    return Terms(
        returnable=bool(values.get("returnable", True)),
        window_days=int(values.get("window_days", 0)),
        window_start=str(values.get("window_start", "delivered")),
        condition=str(values.get("condition", "any")),
        freight=str(values.get("freight", "shopper")),
        freight_minor=values.get("freight_minor") or {},
        methods=list(values.get("methods") or []),
        law=values.get("law"),
    )


def _given(terms: ReturnTermsView) -> dict[str, Any]:
    return {name: value for name, value in terms.model_dump().items() if value is not None}


def terms_in_words(
    terms: Terms,
    policies: PolicyExplanation,
    wording: Wording,
    *,
    freight_only: bool = False,
    currency: str | None = None,
) -> list[str]:
    """The window first, then the condition and who pays for the way back.

    `currency` is that of the order it is about, the shop's when None; where the terms name no amount in it none is told.
    """  # noqa: E501
    currency = currency or policies.shop.currency
    amount = terms.freight_minor.get(currency)
    if terms.freight == "shop":
        freight = wording.say("returns.freight.shop")
    elif amount:
        freight = wording.say("returns.freight.amount", amount=wording.money(amount, currency).text)
    else:
        freight = wording.say("returns.freight.shopper")
    if freight_only:
        return [freight]
    if not terms.returnable:
        return [wording.say("returns.not_returnable")]
    return [
        wording.say(f"returns.window.{terms.window_start}", days=terms.window_days),
        *([wording.say(f"returns.condition.{terms.condition}")] if terms.condition != "any" else []),
        freight,
    ]


def mind_reason(policies: PolicyExplanation) -> str:
    """The shop's reason for goods that are all right."""
    rules = policies.returns
    reasons = rules.reasons if rules else []
    return next((each for each in ("changed_mind", *reasons) if each in reasons), "other")


def freight_in_words(
    policies: PolicyExplanation, wording: Wording, *, reason: str | None = None, currency: str | None = None
) -> list[str]:
    """Who pays for the way back: for `reason`; without one for goods that are all right, and then for faults.

    `currency`: see `terms_in_words`.
    """
    rules = policies.returns
    if rules is None:
        return []
    market = policies.shop.country
    usual = terms_for(rules, market, frozenset(), reason or mind_reason(policies))
    told = terms_in_words(usual, policies, wording, freight_only=True, currency=currency)
    return told if reason is not None else [*told, *fault_in_words(usual, policies, wording)]


def fault_in_words(usual: Terms, policies: PolicyExplanation, wording: Wording) -> list[str]:
    """Who pays for the way back of what is faulty, and within which days; empty where that is as for all goods."""
    rules = policies.returns
    fault = next((each for each in rules.faults if each in rules.reasons), None) if rules else None
    if rules is None or fault is None:
        return []
    terms = terms_for(rules, policies.shop.country, frozenset(), fault)
    if terms.freight == usual.freight:
        return []
    return [wording.say(f"returns.fault_{terms.freight}", days=terms.window_days)]


def insurance_in_words(policies: PolicyExplanation, wording: Wording) -> list[str]:
    """What return insurance covers, and where it holds; that there is none where the rules know none."""
    assert policies.returns is not None  # noqa: S101 - looked at before
    rules = policies.returns
    held = [((), rules.terms), *((rule.markets, rule.terms) for rule in rules.rules)]
    told = []
    for markets, terms in held:
        for currency, minor in (terms.freight_insured_minor or {}).items():
            where = wording.listed([wording.country(each) for each in markets])
            key = "insured_in" if where else "insured"
            told.append(wording.say(f"returns.{key}", amount=wording.money(minor, currency).text, countries=where))
    return list(dict.fromkeys(told)) or [wording.say("returns.not_insured")]
