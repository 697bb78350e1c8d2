"""Whether goods may come back, until when, and which rule forbids it. Pure: rows and policy in, verdicts out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from crm_backend.policies.returns import Returns, ReturnTerms
from crm_backend.products.models import Product

Wish = Literal["refund", "exchange", "repair"]


@dataclass(frozen=True)
class LineFacts:
    """What the rules look at of one line. Times are aware."""

    line_number: int
    ordered: int
    cancelled: int
    returned: int
    coming_back: int
    """In returns that are open."""
    arrived: int
    delivered_at: datetime | None
    handed_over_at: datetime | None
    placed_at: datetime
    zone: ZoneInfo
    market: str | None
    categories: frozenset[str]
    """The names of its category in all languages, in lower case."""

    @property
    def available(self) -> int:
        """How many the shopper has and is not giving back already."""
        return max(0, min(self.arrived, self.ordered - self.cancelled) - self.returned - self.coming_back)


@dataclass(frozen=True)
class Verdict:
    """What the rules say. `rule` names the one that forbids it; None when it is allowed."""

    rule: str | None
    terms: ReturnTerms
    until: datetime | None = None
    """The end of the window, whether it is open or over; None where there is none."""
    values: Mapping[str, JsonValue] = field(default_factory=dict)
    repair_until: datetime | None = None
    """Where goods that broke are past their window, but under warranty."""

    @property
    def allowed(self) -> bool:
        """Whether they may come back."""
        return self.rule is None


def category_names(product: Product | None) -> frozenset[str]:
    """The names of a product's category in every language, as rules are compared with them."""
    if product is None:
        return frozenset()
    names = [product.category]
    names += [words.get("category") for words in product.translations.values() if isinstance(words, dict)]
    return frozenset(name.strip().casefold() for name in names if name)


def end_of_window(start: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The last moment of the `days`th day after the day of `start`: days are counted whole, as laws count them."""
    after = start.astimezone(zone).date() + timedelta(days=days + 1)
    return datetime.combine(after, time.min, zone)


def judge(policy: Returns, facts: LineFacts, reason: str, wish: Wish, now: datetime, *, goodwill: bool) -> Verdict:
    """Whether some of this line may come back now. `goodwill` of an agent leaves windows and categories aside."""
    terms = policy.terms_for(facts.market, facts.categories, reason)
    start = _start(terms, facts)
    until = end_of_window(start, terms.window_days, facts.zone) if start else None
    covered = _covered_until(policy, facts, reason)

    def no(rule: str, **values: JsonValue) -> Verdict:
        repairable = covered if covered is not None and now < covered and facts.available else None
        return Verdict(rule, terms, until, values, repairable)

    if facts.available == 0:
        return no(_why_none(facts))
    if wish == "repair":
        return _judge_repair(policy, facts, reason, now, covered, terms, goodwill=goodwill)
    if goodwill:
        return Verdict(None, terms, until)
    if not terms.returnable:
        return no("category_not_returnable", law=terms.law)
    if wish == "exchange" and not terms.exchangeable:
        return no("category_not_exchangeable")
    if until is None:
        return no("delivery_date_unknown")
    if now >= until:
        return no("window_over", days=terms.window_days, start=terms.window_start, until=until.isoformat())
    return Verdict(None, terms, until)


def _judge_repair(
    policy: Returns,
    facts: LineFacts,
    reason: str,
    now: datetime,
    covered: datetime | None,
    terms: ReturnTerms,
    *,
    goodwill: bool,
) -> Verdict:
    if reason not in policy.warranty.reasons:
        return Verdict("not_a_fault", terms, covered, {"reasons": list(policy.warranty.reasons)})
    if goodwill:
        return Verdict(None, terms, covered)
    if covered is None:
        return Verdict("delivery_date_unknown", terms)
    if now >= covered:
        days = policy.warranty.days_of(facts.categories)
        return Verdict("warranty_over", terms, covered, {"days": days, "until": covered.isoformat()})
    return Verdict(None, terms, covered)


def _start(terms: ReturnTerms, facts: LineFacts) -> datetime | None:
    if terms.window_start == "placed":
        return facts.placed_at
    return facts.handed_over_at if terms.window_start == "handed_over" else facts.delivered_at


def _covered_until(policy: Returns, facts: LineFacts, reason: str) -> datetime | None:
    if reason not in policy.warranty.reasons or facts.delivered_at is None:
        return None
    return end_of_window(facts.delivered_at, policy.warranty.days_of(facts.categories), facts.zone)


def _why_none(facts: LineFacts) -> str:
    if facts.coming_back:
        return "already_coming_back"
    if facts.returned:
        return "already_returned"
    if facts.cancelled >= facts.ordered:
        return "already_cancelled"
    return "not_delivered_yet"


def strictest(conditions: Collection[str]) -> str:
    """Of the conditions of several lines that share a parcel."""
    order = ("any", "as_new", "unopened")
    return max(conditions, key=order.index)
