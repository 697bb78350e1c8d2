"""A shopper's own account as they see it. Nothing of it is told to a conversation that proved one order only."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime

from crm_backend.account import repository
from crm_backend.account.models import Address, Consent, Customer, Voucher
from crm_backend.account.preferences import of_customer
from crm_backend.database.engine import ReadSession
from crm_backend.identity.access import Access
from crm_backend.policies.loyalty import LoyaltyRules, Tier
from shopdesk_schemas.account import (
    AddressBook,
    AddressView,
    Consents,
    ConsentView,
    Loyalty,
    LoyaltyEntryView,
    PaymentMethodList,
    PaymentMethodView,
    PreferenceList,
    PreferenceView,
    Profile,
    TierView,
    VoucherList,
    VoucherView,
)
from shopdesk_schemas.problems import NotFound

_END = datetime.max.replace(tzinfo=UTC)


def _own(session: ReadSession, access: Access) -> Customer:
    customer = repository.own_customer(session, access)
    if customer is None:
        raise NotFound
    return customer


def profile(session: ReadSession, access: Access) -> Profile:
    """Who the shopper is. Raises NotFound for a conversation that is not verified as a customer, as all here do."""
    customer = _own(session, access)
    return Profile.model_validate({name: getattr(customer, name) for name in Profile.model_fields})


def address_book(session: ReadSession, access: Access) -> AddressBook:
    """Raises NotFound."""
    found = repository.addresses(session, _own(session, access).id)
    return AddressBook(addresses=[_address(address) for address in found])


def _address(address: Address) -> AddressView:
    fields = {name: getattr(address, name) for name in AddressView.model_fields if name != "id"}
    return AddressView.model_validate({"id": address.external_id, **fields})


def payment_methods(session: ReadSession, access: Access) -> PaymentMethodList:
    """Raises NotFound."""
    return PaymentMethodList(
        payment_methods=[
            PaymentMethodView.model_validate(
                {
                    "id": method.external_id,
                    "kind": method.kind,
                    "brand": method.brand,
                    "last4": method.last4,
                    "balance_minor": method.balance_minor,
                    "currency": method.currency,
                    "is_default": method.is_default,
                }
            )
            for method in repository.payment_methods(session, _own(session, access).id)
        ]
    )


def preferences(session: ReadSession, access: Access) -> PreferenceList:
    """Raises NotFound."""
    said = of_customer(session, _own(session, access).id)
    return PreferenceList(
        preferences=[
            PreferenceView.model_validate({"topic": one.topic, "words": one.words, "at": one.at}) for one in said
        ]
    )


def consents(session: ReadSession, access: Access) -> Consents:
    """Raises NotFound."""
    history = repository.consents(session, _own(session, access).id)
    present: dict[tuple[str, str | None], Consent] = {}
    for said in history:
        present.setdefault((said.purpose, said.channel), said)
    return Consents(
        present=[_consent(present[key]) for key in sorted(present, key=lambda key: (key[0], key[1] or ""))],
        history=[_consent(said) for said in history],
    )


def _consent(said: Consent) -> ConsentView:
    return ConsentView(purpose=said.purpose, channel=said.channel, granted=said.granted, at=said.at, origin=said.origin)


# --- Points and vouchers ----------------------------------------------------------------------------------------


def loyalty(session: ReadSession, access: Access, rules: LoyaltyRules, now: datetime) -> Loyalty:
    """At the business time `now`. Raises NotFound."""
    customer = _own(session, access)
    counted = repository.earned(session, customer.id, months_before(now, rules.counted_months), now)
    tier, following = tiers(rules, counted)
    return Loyalty(
        balance=repository.balance(session, customer.id, now),
        counted=counted,
        tier=_tier(tier),
        next_tier=_tier(following),
        points_to_next=following.from_points - counted if following is not None else None,
        entries=[
            LoyaltyEntryView.model_validate(
                {
                    "kind": entry.kind,
                    "points": entry.points,
                    "at": entry.at,
                    "order_number": entry.order_number,
                    "note": entry.note,
                }
            )
            for entry in repository.loyalty_entries(session, customer.id)
        ],
    )


def tiers(rules: LoyaltyRules, points: int) -> tuple[Tier | None, Tier | None]:
    """The tier that so many points reach, and the one after it."""
    reached = [tier for tier in rules.tiers if tier.from_points <= points]
    above = [tier for tier in rules.tiers if tier.from_points > points]
    return (reached[-1] if reached else None), (above[0] if above else None)


def _tier(tier: Tier | None) -> TierView | None:
    return None if tier is None else TierView(key=tier.key, name=dict(tier.name), from_points=tier.from_points)


def months_before(now: datetime, months: int) -> datetime:
    """The same day and time so many months earlier; the month's last day where it has no such day."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, calendar.monthrange(year, month + 1)[1]))


def vouchers(session: ReadSession, access: Access, now: datetime) -> VoucherList:
    """At the business time `now`. Raises NotFound."""
    views = [_voucher(voucher, now) for voucher in repository.vouchers(session, _own(session, access).id)]
    views.sort(key=lambda view: (not view.usable, view.valid_until or _END))
    return VoucherList(vouchers=views)


def _voucher(voucher: Voucher, now: datetime) -> VoucherView:
    reason = None
    if voucher.state != "active":
        reason = voucher.state
    elif voucher.valid_until is not None and voucher.valid_until < now:
        reason = "expired"
    elif voucher.valid_from is not None and voucher.valid_from > now:
        reason = "not_yet_valid"
    return VoucherView.model_validate(
        {
            "code": voucher.code,
            "kind": voucher.kind,
            "percent": voucher.percent,
            "amount_minor": voucher.amount_minor,
            "currency": voucher.currency,
            "minimum_order_minor": voucher.minimum_order_minor,
            "categories": [part for part in (voucher.categories or "").split(" | ") if part],
            "valid_from": voucher.valid_from,
            "valid_until": voucher.valid_until,
            "usable": reason is None,
            "reason": reason,
            "used_at": voucher.used_at,
            "order_number": voucher.order_number,
        }
    )
