"""The shop's rules about money in words, from the policies. Pure functions."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from actions.resolver.text import fold
from actions.resolver.vocabulary import mapping
from actions.wording import Wording
from shopdesk_schemas.crm import PolicyExplanation


@cache
def _brands() -> dict[str, str]:
    """Every name of a brand, folded, with its key in the vocabulary."""
    return {fold(name): key for key, names in mapping("brands").items() for name in (key, *names)}


def brand_name(brand: str, wording: Wording) -> str:
    """What a brand is called in the reader's language; as the shop has it where no other name is known."""
    key = _brands().get(fold(brand.strip()))
    words = f"payments.brand.{key.replace(' ', '_')}" if key else ""
    return wording.say(words) if key and wording.has(words) else brand


def accepted_ways(policies: PolicyExplanation, wording: Wording, *, without: Collection[str] = ()) -> str:
    """The ways to pay, each with its brands; empty where the shop does not say. `without`: kinds left out."""
    accepted = policies.payments.accepted if policies.payments else {}
    told = []
    for way, brands in accepted.items():
        if way in without:
            continue
        name = wording.say(f"payments.way.{way}")
        # A shop's own gift cards bear its name alone: the word says enough.
        named = brands and way != "gift_card"
        told.append(
            wording.say(
                "payments.way.branded", way=name, brands=wording.listed([brand_name(each, wording) for each in brands])
            )
            if named
            else name
        )
    return wording.listed(told)


def price_terms(policies: PolicyExplanation, wording: Wording) -> str:
    """Whether, how long and against which price a lower one is made good."""
    rules = policies.payments.price_protection if policies.payments else None
    if rules is None or not rules.enabled:
        return wording.say("payments.price.not_offered")
    return wording.sentences(
        wording.say(f"payments.price.terms_{rules.window_start}", days=rules.window_days),
        wording.say(f"payments.price.compared_{rules.price}"),
        wording.say("payments.price.excluded", categories=wording.listed(rules.excluded_categories))
        if rules.excluded_categories
        else None,
    )


def voucher_terms(policies: PolicyExplanation, wording: Wording) -> str:
    """Why a code may not count, and what can be done about an order that went through without it."""
    rules = policies.payments.vouchers if policies.payments else None
    afterwards = None
    if rules is not None:
        afterwards = wording.say(f"payments.voucher.afterwards_{rules.apply_afterwards}", days=rules.apply_within_days)
    return wording.sentences(wording.say("payments.voucher.conditions"), afterwards)
