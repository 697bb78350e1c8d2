"""Claims as shoppers and agents see them, and how agents settle them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, select

from crm_backend.cases.models import Case
from crm_backend.changes.unit import Unit
from crm_backend.database.engine import ReadSession
from crm_backend.identity.access import Access
from crm_backend.orders.access import visible_to
from crm_backend.orders.models import Order
from crm_backend.shipments import granting
from crm_backend.shipments.claim_models import ShipmentClaim
from crm_backend.shipments.models import Shipment
from shopdesk_schemas.claims import ClaimGrant, ClaimList, ClaimView, StaffClaimList, StaffClaimView
from shopdesk_schemas.problems import Conflict, NotFound

LIST_LIMIT = 200


def list_claims(session: ReadSession, access: Access) -> ClaimList:
    """The shopper's claims, newest first."""
    rows = session.execute(_query(visible_to(access)).order_by(ShipmentClaim.id.desc()).limit(LIST_LIMIT))
    return ClaimList(
        claims=[ClaimView.model_validate(_view(claim, order, shipment)) for claim, order, shipment, _ in rows]
    )


def list_for_staff(session: ReadSession, state: str, limit: int) -> StaffClaimList:
    """Claims in a state, the oldest first."""
    rows = session.execute(_query(ShipmentClaim.state == state).order_by(ShipmentClaim.id).limit(limit))
    return StaffClaimList(claims=[_staff_view(*row) for row in rows])


def grant_claim(unit: Unit, public_id: str, decision: ClaimGrant) -> StaffClaimView:
    """Carry it out. Raises NotFound and Conflict."""
    order, claim = _locked(unit, public_id)
    if decision.resolution is not None:
        claim.resolution = decision.resolution
    elif claim.resolution == "trace":
        raise Conflict("the carrier was asked: say whether to refund or to send again")
    granting.grant(unit, order, claim)
    return _one(unit.session, public_id)


def refuse_claim(unit: Unit, public_id: str) -> StaffClaimView:
    """Turn it down. Raises NotFound and Conflict."""
    order, claim = _locked(unit, public_id)
    granting.refuse(unit, order, claim)
    return _one(unit.session, public_id)


def _locked(unit: Unit, public_id: str) -> tuple[Order, ShipmentClaim]:
    claim = unit.session.scalars(select(ShipmentClaim).where(ShipmentClaim.public_id == public_id)).first()
    if claim is None:
        raise NotFound
    order = unit.session.get_one(Order, claim.order_id)
    # The order first, as confirmations lock.
    unit.session.refresh(order, with_for_update=True)
    unit.session.refresh(claim, with_for_update=True)
    if claim.state != "open":
        raise Conflict(f"the claim is {claim.state}")
    return order, claim


def _query(condition: ColumnElement[bool]) -> Select[ShipmentClaim, Order, Shipment, Case]:
    return (
        select(ShipmentClaim, Order, Shipment, Case)
        .join(Order, Order.id == ShipmentClaim.order_id)
        .outerjoin(
            Shipment,
            (Shipment.order_id == ShipmentClaim.order_id)
            & (Shipment.external_id == ShipmentClaim.shipment_external_id),
        )
        .outerjoin(Case, Case.id == ShipmentClaim.case_id)
        .where(condition)
    )


def _one(session: ReadSession, public_id: str) -> StaffClaimView:
    return _staff_view(*session.execute(_query(ShipmentClaim.public_id == public_id)).one())


def _staff_view(claim: ShipmentClaim, order: Order, shipment: Shipment | None, case: Case | None) -> StaffClaimView:
    return StaffClaimView.model_validate(
        {**_view(claim, order, shipment), "evidence": claim.evidence, "case": case.public_id if case else None}
    )


def _view(claim: ShipmentClaim, order: Order, shipment: Shipment | None) -> dict[str, object]:
    return {
        "id": claim.public_id,
        "order_number": order.number,
        "tracking_number": shipment.tracking_number if shipment else None,
        "kind": claim.kind,
        "state": claim.state,
        "resolution": claim.resolution,
        "quantities": claim.quantities,
        "refund_minor": claim.refund_minor,
        "currency": claim.currency,
        "created_at": claim.created_at,
        "settled_at": claim.settled_at,
    }
