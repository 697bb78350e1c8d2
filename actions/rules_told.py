"""The shop's rules for faults, exchanges, refunds and invoices in words, for a question about no order. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from actions.resolver.process_questions import Process
from actions.return_terms import Terms, mind_reason, terms_for, terms_in_words
from actions.returns_asked import asks_what_it_costs
from actions.wording import Wording
from shopdesk_schemas.crm import PolicyExplanation
from shopdesk_schemas.rules import ClaimRules

_YEAR: Final = 365
_TIME: Final = re.compile(
    r"\b(?:how (?:long|soon|fast|quick\w*|many days)|when)\b|多久|多长时间|几天|什么时候|啥时候", re.IGNORECASE
)


def exchange_told(text: str, policies: PolicyExplanation, wording: Wording) -> list[str | None]:
    """Whether and how goods are exchanged; what is asked of it, its cost or how long it takes, comes first."""
    rules = policies.returns
    if rules is None:
        return [wording.say("returns.unknown")]
    if rules.terms.exchangeable is False:
        return [_say(wording, "exchange_not")]
    terms = _terms(policies, mind_reason(policies))
    cost = [
        _freight(terms, policies, wording),
        _say(wording, "exchange_new_free"),
        _say(wording, "exchange_difference"),
    ]
    sent = wording.say(f"changes.note.new_sent_{rules.exchange.ship}")
    whether = wording.say(f"help.shop.exchange_{terms.window_start}", days=terms.window_days)
    condition = wording.say(f"returns.condition.{terms.condition}") if terms.condition != "any" else None
    fault = _fault_terms(policies)
    ours = _say(wording, "exchange_fault") if fault and fault.freight == "shop" and terms.freight != "shop" else None
    start = _say(wording, "exchange_start")
    if asks_what_it_costs(text):
        return [*cost, ours, start]
    if _TIME.search(text):
        return [sent, whether, start]
    return [whether, condition, *cost, ours, sent, start]


def claim_told(kind: str, text: str, policies: PolicyExplanation, wording: Wording) -> list[str | None]:
    """What is done when something arrives `damaged`, wrong or not in full, until when to say so, and what is needed."""
    claims, fault = policies.claims, _fault_terms(policies)
    of_kind: Mapping[str, list[ClaimRules]] = (
        {"damaged": [claims.damaged], "wrong_or_missing": [claims.wrong_item, claims.missing_item]} if claims else {}
    )
    rules = of_kind.get(kind, [])
    told: list[str | None] = []
    ways = list(dict.fromkeys(way for each in rules for way in each.resolutions if way != "trace"))
    if ways:
        told.append(_say(wording, kind, ways=wording.any_of([wording.say(f"help.shop.lost_{way}") for way in ways])))
        days = min(each.within_days for each in rules)
        photo = any(each.evidence == "photo" for each in rules)
        told.append(_say(wording, "claim_within_photo" if photo else "claim_within", days=days))
    if fault is not None and fault.returnable:
        back = _say(wording, f"claim_back_{fault.freight}", days=fault.window_days)
        told = [back, *told] if asks_what_it_costs(text) else [*told, back]
    return [*told, _say(wording, "lost_then")] if told else [_say(wording, "fault_unknown")]


def breaks_told(policies: PolicyExplanation, wording: Wording, warranty: str | None = None) -> list[str | None]:
    """What is done about goods that break later; `warranty` is what is on record of the article that is spoken of."""
    fault, rules = _fault_terms(policies), policies.returns
    told: list[str | None] = [warranty]
    if fault is not None and fault.returnable:
        told.append(_say(wording, f"breaks_{fault.freight}", days=fault.window_days))
    days = rules.warranty.days if rules else 0
    if days and warranty is None:
        years, rest = divmod(days, _YEAR)
        key = "breaks_repair" if rest else "breaks_repair_year" if years == 1 else "breaks_repair_years"
        told.append(_say(wording, key, days=days, years=years))
    return [*told, _say(wording, "breaks_then")] if any(told) else [_say(wording, "fault_unknown")]


def refund_way_told(policies: PolicyExplanation, wording: Wording) -> list[str | None]:
    """How money goes back."""
    targets = policies.returns.refund_targets if policies.returns else []
    if not targets:
        return [_say(wording, "refund_way_unknown")]
    key = "both" if {"original", "gift_card"} <= set(targets) else targets[0]
    return [_say(wording, f"refund_way_{key}") if wording.has(f"help.shop.refund_way_{key}") else None]


def refund_postage_told(policies: PolicyExplanation, wording: Wording) -> list[str | None]:
    """Whether the postage that was paid comes back with the money for the goods."""
    terms = policies.returns.terms.refund_shipping if policies.returns else None
    return [_say(wording, f"refund_postage_{terms or 'unknown'}")]


def invoice_names_told(policies: PolicyExplanation, wording: Wording) -> list[str | None]:
    """Whether another name can be put on an invoice, and what is needed for one."""
    rules = policies.invoices
    if rules is None or not rules.offered:
        return [wording.say("changes.rule.invoices_not_offered")]
    needs = [_say(wording, f"invoice_needs_{each}") for each in rules.types]
    if not rules.corrections:
        return [*needs, _say(wording, "invoice_fixed")]
    return [*needs, _say(wording, "invoice_corrected", days=rules.correction_days)]


def process_told(process: Process, policies: PolicyExplanation, wording: Wording, *, sent: bool = False) -> str:
    """How that goes, by the shop's rules, `sent`: once a parcel has left; empty where they do not say."""
    if process == "invoice":
        rules = policies.invoices
        if rules is None or not rules.offered:
            return wording.say("changes.rule.invoices_not_offered") if rules is not None else ""
        kinds = wording.listed([wording.say(f"help.process.invoice_{each}") for each in rules.types])
        return wording.say("help.process.invoice", kinds=kinds, days=rules.window_days)
    if process == "change":
        key = "change_sent" if sent else "change"
        return wording.say(f"help.process.{key}") if policies.modification is not None else ""
    if process == "cancel":
        cancellation = policies.cancellation
        if cancellation is None:
            return ""
        hours = cancellation.within_hours
        first = "cancel_within" if hours else "cancel_until_sent"
        after = f"cancel_after_{cancellation.after_dispatch}"
        until = None if sent else wording.say(f"help.process.{first}", hours=hours or "")
        return wording.sentences(until, wording.say(f"help.process.{after}"))
    returns = policies.returns
    if returns is None:
        return ""
    fault = next((each for each in returns.faults if each in returns.reasons), None)
    reason = fault if process == "fault" and fault is not None else mind_reason(policies)
    terms = terms_for(returns, policies.shop.country, frozenset(), reason)
    if process == "fault":
        told = terms_in_words(terms, policies, wording)
        settled = policies.claims.damaged.resolutions if policies.claims is not None else []
        ways = wording.any_of([wording.say(f"help.process.fault_{each}") for each in settled if each != "trace"])
        settled_by = wording.say("help.process.fault_ways", ways=ways) if ways else None
        return wording.sentences(settled_by, wording.say("help.process.fault"), told[0], told[-1])
    return wording.sentences(wording.say("help.process.gift"), *terms_in_words(terms, policies, wording))


def _say(wording: Wording, key: str, /, **values: object) -> str:
    return wording.say(f"help.shop.{key}", **values)


def _terms(policies: PolicyExplanation, reason: str) -> Terms:
    assert policies.returns is not None  # noqa: S101 - looked at before
    return terms_for(policies.returns, policies.shop.country, frozenset(), reason)


def _fault_terms(policies: PolicyExplanation) -> Terms | None:
    rules = policies.returns
    fault = next((each for each in rules.faults if each in rules.reasons), None) if rules else None
    return _terms(policies, fault) if fault is not None else None


def _freight(terms: Terms, policies: PolicyExplanation, wording: Wording) -> str:
    amount = terms.freight_minor.get(policies.shop.currency)
    if terms.freight == "shopper" and amount:
        return _say(wording, "exchange_freight", amount=wording.money(amount, policies.shop.currency).text)
    return wording.say(f"returns.freight.{terms.freight}")


__all__ = [
    "breaks_told",
    "claim_told",
    "exchange_told",
    "invoice_names_told",
    "process_told",
    "refund_postage_told",
    "refund_way_told",
]
