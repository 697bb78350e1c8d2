"""Cover days and what to order again, for every article and place, each with the numbers it follows from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from crm_backend.database.engine import ReadSession
from crm_backend.policies.policy import Policies
from crm_backend.policies.supply import SupplyRules
from crm_backend.stores.models import Stock, Store
from crm_backend.supply import demand_repository as repository
from crm_backend.supply.demand_repository import Lead
from crm_backend.supply.reordering import Demand, LeadTime, suggest
from shopdesk_schemas.supply import LeadTimeView, ReorderList, ReorderSuggestion

LEAD_TIME_YEARS = 2
"""Older purchase orders say little of a supplier of today."""

DELIVERIES_AT_LEAST = 3
"""Of fewer a spread is a guess."""


def reorder(
    session: ReadSession, policies: Policies, now: datetime, *, sku: str | None, store: str | None, due_only: bool
) -> ReorderList:
    """All suggestions, the most urgent first: those due, by the days that the stock still lasts."""
    rules = policies.supply
    since = now - timedelta(days=rules.demand_days)
    found = list(_suggestions(session, policies, since, now))
    wanted = [
        one
        for one in found
        if (sku is None or one.sku.upper() == sku.upper())
        and (store is None or one.store == store)
        and (one.due or not due_only)
    ]
    wanted.sort(
        key=lambda one: (not one.due, one.cover_days if one.cover_days is not None else 1e9, one.sku, one.store)
    )
    return ReorderList(since=since, until=now, service_level=rules.service_level, suggestions=wanted)


def _suggestions(
    session: ReadSession, policies: Policies, since: datetime, now: datetime
) -> Sequence[ReorderSuggestion]:
    rules = policies.supply
    by_sku: defaultdict[str, list[tuple[Stock, Store]]] = defaultdict(list)
    for held, place in repository.stock(session):
        by_sku[held.sku_key or held.sku.upper()].append((held, place))
    ordered = repository.ordered(session, since, now)
    reserved = repository.reserved_in_stores(session, since, now)
    coming = repository.on_order(session)
    leads = _Leads.of(repository.leads(session, now - timedelta(days=365 * LEAD_TIME_YEARS)))
    told = []
    for key, places in by_sku.items():
        sender = _sender(places, policies.fulfilment.stores)
        lead_time, origin, supplier = leads.of_sku(key, rules)
        for held, place in places:
            days = [*reserved.get((place.id, key), ()), *(ordered.get(key, ()) if place.id == sender else ())]
            demand = Demand.of(days, rules.demand_days)
            arriving = coming.get((key, place.external_id), 0)
            if place.id == sender:
                arriving += coming.get((key, None), 0)
            available = max(held.quantity - held.reserved, 0)
            advice = suggest(
                demand,
                lead_time,
                available=available,
                on_order=arriving,
                review_days=rules.review_days,
                service_level=rules.service_level,
            )
            told.append(
                ReorderSuggestion(
                    sku=held.sku,
                    store=place.external_id,
                    store_name=place.name,
                    available=available,
                    on_order=arriving,
                    demand_per_day=round(demand.mean, 4),
                    demand_spread=round(demand.spread, 4),
                    demand_days=demand.days,
                    cover_days=round(advice.cover_days, 1) if advice.cover_days is not None else None,
                    lead_time=LeadTimeView(
                        days=round(lead_time.mean, 2),
                        spread_days=round(lead_time.spread, 2),
                        known_from=origin,
                        deliveries=lead_time.deliveries,
                    ),
                    supplier=supplier,
                    safety_stock=advice.safety_stock,
                    reorder_point=advice.reorder_point,
                    order_up_to=advice.order_up_to,
                    due=advice.quantity > 0,
                    quantity=advice.quantity,
                    order_on=(now + timedelta(days=min(advice.days_left, 3650))).date()
                    if advice.days_left is not None
                    else None,
                )
            )
    return told


def _sender(places: Sequence[tuple[Stock, Store]], fulfilment: Sequence[str]) -> int:
    """The place (its id) that orders are sent from: the first that the shop's policy names, else where most lies."""
    named = [(fulfilment.index(place.external_id), place.id) for _, place in places if place.external_id in fulfilment]
    if named:
        return min(named)[1]
    return max(places, key=lambda one: (one[0].quantity, -one[1].id))[1].id


Origin = Literal["sku", "supplier", "promise", "policy"]


@dataclass
class _Leads:
    """What purchase orders tell of lead times."""

    of_skus: dict[str, list[float]] = field(default_factory=dict)
    of_suppliers: dict[str, list[float]] = field(default_factory=dict)
    supplier_of: dict[str, tuple[str, int | None]] = field(default_factory=dict)
    """By SKU its latest supplier and what that one promises."""

    @classmethod
    def of(cls, leads: Sequence[Lead]) -> _Leads:
        found = cls()
        for lead in leads:
            if lead.supplier is not None:
                found.supplier_of.setdefault(lead.sku_key, (lead.supplier, lead.promised_days))
            if lead.received_at is None or lead.received_at < lead.placed_at:
                continue
            days = (lead.received_at - lead.placed_at).total_seconds() / 86_400
            found.of_skus.setdefault(lead.sku_key, []).append(days)
            if lead.supplier is not None:
                found.of_suppliers.setdefault(lead.supplier, []).append(days)
        return found

    def of_sku(self, key: str, rules: SupplyRules) -> tuple[LeadTime, Origin, str | None]:
        """The lead time by the nearest thing that is known, what that was, and the supplier."""
        supplier, promised = self.supplier_of.get(key, (None, None))
        known: Mapping[Origin, Sequence[float]] = {
            "sku": self.of_skus.get(key, []),
            "supplier": self.of_suppliers.get(supplier or "", []),
        }
        for origin, days in known.items():
            if len(days) >= DELIVERIES_AT_LEAST:
                return LeadTime.of(days), origin, supplier
        if promised is not None:
            return LeadTime(promised, rules.lead_time_spread_days, 0), "promise", supplier
        return LeadTime(rules.lead_time_days, rules.lead_time_spread_days, 0), "policy", supplier
