"""Carrying out what a claim asks for, at once or when a person said so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

from pydantic import JsonValue

from crm_backend.changes.unit import Unit
from crm_backend.orders.models import Order
from crm_backend.orders.remaining import lines_of
from crm_backend.payments.books import book
from crm_backend.payments.ledger import Taken
from crm_backend.payments.refunding import GIFT_CARD, refund_moves, request_refunds
from crm_backend.policies.claims import ClaimKind
from crm_backend.returns.standing import Standing, standing
from crm_backend.shipments.claim_models import ShipmentClaim
from shopdesk_schemas.problems import Conflict

RESEND = "shipment.resend"
"""Effect: send the goods once more."""

CREDIT = "credit.issue"
"""Effect: a credit for the trouble; it is no refund of what was paid."""


def grant(unit: Unit, order: Order, claim: ShipmentClaim) -> None:
    """Refund or send again, and credit what the policy gives. Raises Conflict when less is left than was claimed,
    or money is to come back for a part of goods: that would be the whole piece's.
    """
    lines = {line.line_number: line for line in lines_of(unit.session, order.id)}
    quantities = {int(number): int(quantity) for number, quantity in claim.quantities.items()}
    here = standing(unit.session, unit.policies, order)
    for number, quantity in quantities.items():
        facts = here.facts[number]
        if quantity > facts.ordered - facts.cancelled - facts.returned - facts.coming_back:
            raise Conflict("less of the order is left than was claimed")
    part = claim.evidence.get("part")
    if claim.resolution == "refund":
        if part:
            raise Conflict(
                "a part is missing, and the goods are not: it can be sent; money for it is given as goodwill"
            )
        worth, taken = claim_worth(unit, here, quantities)
        money = here.ledger
        target: Literal["original", "gift_card"] = "gift_card" if claim.target == GIFT_CARD else "original"
        moves = refund_moves(unit.session, order, money, worth, target) if money else []
        for number, quantity in quantities.items():
            # They never came, or not so that they could be used: they are not the shopper's to return.
            lines[number].cancelled_quantity += quantity
        if taken is not None and money is not None:
            book(order, list(lines.values()), money, taken.goods, taken.shipping_minor)
        claim.refund_minor = worth
        unit.session.flush()
        request_refunds(unit, order, moves, f"claim_{claim.kind}")
    elif claim.resolution == "resend":
        goods: list[JsonValue] = [
            {"line_number": number, "sku": lines[number].sku, "quantity": quantity}
            for number, quantity in quantities.items()
        ]
        unit.effect(
            RESEND,
            order_id=order.id,
            payload={
                "claim": claim.public_id,
                # Of goods that came only the part is sent.
                **({"lines": [], "part": part, "part_of": goods} if part else {"lines": goods}),
                "instead_of": claim.shipment_external_id,
            },
        )
    amount = unit.policies.claims.rule(_kind(claim)).compensation_minor.get(order.currency)
    if amount is not None:
        unit.effect(
            CREDIT,
            order_id=order.id,
            payload={"claim": claim.public_id, "amount_minor": amount, "currency": order.currency},
        )
    claim.state = "granted"
    claim.settled_at = unit.now
    unit.touch(claim, order)
    unit.audit("claim.granted", "claim", claim.public_id, {"refund_minor": claim.refund_minor})


def claim_worth(unit: Unit, here: Standing, quantities: Mapping[int, int]) -> tuple[int, Taken | None]:
    """What a claim of so many of each line brings (minor units), and what leaves the order's worth with it.

    The postage goes with what is claimed last of an order, where the policy says so: what never came, or came broken,
    was not delivered. While other goods are on their way back it waits for them.
    """
    if here.money is None:
        return 0, None
    rule = "never" if here.others_open else unit.policies.claims.refund_shipping
    return here.money.refund_for(quantities, rule), here.money.take(quantities, rule)


def refuse(unit: Unit, order: Order, claim: ShipmentClaim) -> None:
    """A person said no."""
    claim.state = "refused"
    claim.settled_at = unit.now
    unit.touch(claim, order)
    unit.audit("claim.refused", "claim", claim.public_id)


def _kind(claim: ShipmentClaim) -> ClaimKind:
    return cast(ClaimKind, claim.kind)
