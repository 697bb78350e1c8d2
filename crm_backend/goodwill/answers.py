"""A voucher or points are the customer's once the shop's systems have made them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from crm_backend.account.models import LoyaltyEntry, Voucher
from crm_backend.effects.kind import EffectKind
from crm_backend.effects.models import Effect
from crm_backend.goodwill import following
from crm_backend.goodwill.giving import POINTS, VOUCHER
from crm_backend.orders.models import Order

if TYPE_CHECKING:
    from crm_backend.changes.unit import Unit


class _Answers(EffectKind):
    def on_failed(self, unit: Unit, effect: Effect) -> None:
        """It is still owed."""
        following.follow(unit, effect)

    def on_retry(self, unit: Unit, effect: Effect) -> None:
        """Asked for again."""
        following.again(unit, effect)


class VoucherAnswers(_Answers):
    """The voucher."""

    name = VOUCHER

    def on_done(self, unit: Unit, effect: Effect) -> None:
        """It is good. Under the shop's own code, where it answered with one."""
        given = following.of_effect(unit, effect)
        if given is None or given.customer_id is None:
            return
        payload = effect.payload
        unit.session.add(
            Voucher(
                customer_id=given.customer_id,
                external_id=given.public_id,
                code=effect.reference or payload["code"],
                kind="amount",
                percent=None,
                amount_minor=given.worth_minor,
                currency=given.currency,
                valid_from=unit.now,
                valid_until=datetime.fromisoformat(payload["valid_until"]),
                state="active",
            )
        )
        following.follow(unit, effect)


class PointsAnswers(_Answers):
    """The points."""

    name = POINTS

    def on_done(self, unit: Unit, effect: Effect) -> None:
        """They are booked."""
        given = following.of_effect(unit, effect)
        if given is None or given.customer_id is None:
            return
        unit.session.add(
            LoyaltyEntry(
                customer_id=given.customer_id,
                external_id=given.public_id,
                kind="adjusted",
                points=given.points or 0,
                at=unit.now,
                order_number=unit.session.get_one(Order, given.order_id).number,
                note=None,
            )
        )
        following.follow(unit, effect)
