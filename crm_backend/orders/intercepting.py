"""What follows when a carrier was asked to stop a parcel: the cancellation that waited for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from crm_backend.changes.kind import Offer, ProposalVoid
from crm_backend.changes.models import Proposal
from crm_backend.effects.kind import EffectKind
from crm_backend.effects.models import Effect
from crm_backend.orders.cancelling import INTERCEPT, CancelOrder, apply_cancellation
from crm_backend.orders.models import Order

if TYPE_CHECKING:
    from crm_backend.changes.unit import Unit


class Intercepted(EffectKind):
    """The order is cancelled when the last of its parcels was stopped; when one was not, a person sees to it."""

    name = INTERCEPT

    def on_done(self, unit: Unit, effect: Effect) -> None:
        """Cancel what was offered, unless another parcel is still to be stopped."""
        proposal = unit.session.get(Proposal, effect.proposal_id) if effect.proposal_id is not None else None
        if proposal is None or proposal.kind != CancelOrder.name:
            return
        order = unit.session.scalars(select(Order).where(Order.id == effect.order_id).with_for_update()).one()
        asked = select(Effect).where(
            Effect.proposal_id == proposal.id, Effect.kind == INTERCEPT, Effect.id != effect.id
        )
        if any(other.state != "done" for other in unit.session.scalars(asked)):
            return
        unit.proposal = proposal
        reason = proposal.details.get("reason")
        try:
            apply_cancellation(unit, order, Offer.model_validate(proposal.offer), reason)
        except ProposalVoid:
            # Something else took from the order meanwhile: the parcel comes back and somebody has to see what is owed.
            unit.open_case(
                "stopped_parcel_not_cancelled", order_id=order.id, customer_id=order.customer_id,
                details={"effect": effect.public_id}, links=[("effect", effect.public_id)],
            )  # fmt: skip
