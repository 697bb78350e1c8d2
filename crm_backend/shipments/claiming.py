"""`shipment.claim` and `shipment.chase`: a parcel that is late, lost, damaged or incomplete, and asking the carrier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, JsonValue
from sqlalchemy import select

from crm_backend.changes.kind import ChangeKind, Details, Offer, Outcome, Refusal
from crm_backend.changes.unit import Unit, new_id
from crm_backend.normalise import tracking_key
from crm_backend.orders.models import Order
from crm_backend.orders.remaining import lines_of
from crm_backend.payments.refunding import refund_moves
from crm_backend.policies.changes import ChangeTerms
from crm_backend.policies.claims import ClaimKind, ClaimRule, Resolution
from crm_backend.returns.standing import Standing, standing
from crm_backend.shipments.claim_models import Chase, ShipmentClaim
from crm_backend.shipments.granting import claim_worth, grant
from crm_backend.shipments.models import Shipment, ShipmentLine
from crm_backend.shipments.repository import Parcel, parcels_of
from shopdesk_schemas.changes import MoneyMove, OfferLine
from shopdesk_schemas.problems import FieldProblem, InvalidInput, NotFound

TRACE = "carrier.trace"
"""Effect: have the carrier look for it; a person waits for the answer."""

CHASE = "carrier.chase"
"""Effect: remind the carrier of it."""

CHASE_DISPATCH = "warehouse.chase"
"""Effect: remind the warehouse of an order that was not sent yet."""

OVERDUE_CASE = "dispatch_overdue"
"""The kind of case for an order that should have been sent by now."""

_NO_PARCEL = ""
"""In place of a parcel's external id: the warehouse was asked."""

_WITH_THE_SHOP = frozenset({"approved", "invoiced", "processing"})
"""States in which sending is the warehouse's to do."""

_ASK_A_PERSON = OfferLine(key="ask_a_person")
_AFTER_DELIVERY: frozenset[ClaimKind] = frozenset({"damaged", "missing_item", "wrong_item", "not_received"})


class ClaimedLine(Details):
    """A line, or some of it."""

    line_number: int = Field(ge=1, le=1_000_000)
    quantity: int | None = Field(default=None, ge=1, le=1_000_000, description="All of it when not given.")


class ClaimDetails(Details):
    """What is wrong, with what, and what the shopper would like."""

    order: str = Field(min_length=1, max_length=100, description="The order's number, or a parcel's, as typed.")
    problem: ClaimKind
    tracking_number: str | None = Field(
        default=None, max_length=100, description="Which parcel, where the order has several."
    )
    lines: list[ClaimedLine] | None = Field(
        default=None, min_length=1, max_length=500, description="What is damaged or missing; all when not given."
    )
    resolution: Resolution | None = Field(default=None, description="The shop's first when not given.")
    refund_target: Literal["original", "gift_card"] | None = None
    description: str | None = Field(default=None, max_length=2000, description="In the shopper's words.")
    part: str | None = Field(
        default=None,
        max_length=200,
        description="What is missing of the goods that came, a screw or a charger: a person then sees to it.",
    )
    photos: list[str] = Field(default_factory=list, max_length=10, description="Ids of images in the conversation.")


class ClaimParcel(ChangeKind[ClaimDetails]):
    """The kind."""

    name = "shipment.claim"
    details = ClaimDetails
    terms = ChangeTerms(level="order")

    def offer(self, unit: Unit, details: ClaimDetails) -> Offer:
        """What is claimed, and what happens then: at once, or when a person has looked at it."""
        rules = unit.policies.claims.rule(details.problem)
        order = unit.find_order(details.order)
        if order.state == "cancelled":
            raise Refusal("already_cancelled")
        here = standing(unit.session, unit.policies, order)
        parcel = _parcel(unit, order, details)
        _check_time(unit, order, parcel, details.problem, rules)
        claims = claims_of(unit, order)
        _check_new(claims, parcel, details.problem)
        if rules.evidence == "photo" and not details.photos:
            raise Refusal("photo_needed", values={"kind": details.problem})
        resolution = _resolution(details, rules)
        quantities = _quantities(unit, details, here, parcel, claims)
        offered = unit.policies.claims.refund_targets
        target = details.refund_target or offered[0]
        if target not in offered:
            raise Refusal(
                "refund_target_not_offered",
                values={"target": target},
                alternatives=[OfferLine(key=f"refund_to_{other}") for other in offered],
            )
        worth, _ = claim_worth(unit, here, quantities)
        # Which part it is, and what that is worth, no rule can say.
        automatic = (
            not details.part
            and resolution != "trace"
            and (not rules.by_person or worth <= rules.automatic_up_to_minor.get(order.currency, -1))
        )
        moves: list[MoneyMove] = []
        if resolution == "refund" and automatic and here.ledger:
            moves = refund_moves(unit.session, order, here.ledger, worth, target)
        told: dict[str, JsonValue] = {str(number): quantity for number, quantity in quantities.items()}
        return Offer(
            order_id=order.id,
            lines=[
                OfferLine(
                    key="claim_missing_part" if details.part else f"claim_{details.problem}",
                    values={
                        "order": order.number,
                        "part": details.part,
                        "carrier": parcel.shipment.carrier if parcel else None,
                        "tracking_number": parcel.shipment.tracking_number if parcel else None,
                        "quantities": told,
                        "worth_minor": None if details.part else worth,
                        "currency": order.currency,
                    },
                ),
                OfferLine(key="resolve_part_by_resend" if details.part else f"resolve_by_{resolution}"),
            ],
            moves=moves,
            notes=_notes(unit, order, rules, details.problem, resolution, automatic=automatic),
            values={"order": order.number, "resolution": resolution, "automatic": automatic},
            plan={
                "shipment": parcel.shipment.external_id if parcel else None,
                "quantities": told,
                "worth_minor": 0 if details.part else worth,
                "automatic": automatic,
                "resolution": resolution,
                "target": target,
            },
        ).rests_on(order)

    def carry_out(self, unit: Unit, details: ClaimDetails, offer: Offer) -> Outcome:
        """Note the claim; carry it out, or hand it to a person."""
        order = unit.session.get_one(Order, offer.order_id)
        plan = offer.plan
        claim = ShipmentClaim(
            public_id=new_id("claim"),
            order_id=order.id,
            shipment_external_id=plan["shipment"],
            kind=details.problem,
            state="open",
            resolution=plan["resolution"],
            quantities=plan["quantities"],
            evidence={
                "description": details.description,
                "photos": details.photos,
                **({"part": details.part} if details.part else {}),
            },
            refund_minor=plan["worth_minor"] if plan["resolution"] == "refund" else 0,
            currency=order.currency,
            target=plan["target"],
            created_at=unit.now,
        )
        unit.session.add(claim)
        unit.session.flush()
        unit.audit("claim.made", "claim", claim.public_id, {"kind": claim.kind, "order": order.id})
        if plan["automatic"]:
            grant(unit, order, claim)
        else:
            case = unit.open_case(
                f"claim_{details.problem}",
                order_id=order.id,
                customer_id=order.customer_id,
                details={
                    "claim": claim.public_id,
                    "resolution": claim.resolution,
                    **(
                        {"part": details.part}
                        if details.part
                        else {"worth_minor": plan["worth_minor"], "currency": order.currency}
                    ),
                },
                links=[
                    ("claim", claim.public_id),
                    *((("shipment", str(plan["shipment"])),) if plan["shipment"] else ()),
                ],
            )
            claim.case_id = case.id
            if claim.resolution == "trace" and claim.shipment_external_id is not None:
                unit.effect(
                    TRACE,
                    order_id=order.id,
                    payload={"shipment": claim.shipment_external_id, "kind": claim.kind, "claim": claim.public_id},
                )
        unit.touch(order)
        return Outcome(values={"claim": claim.public_id, "state": claim.state})


class ChaseDetails(Details):
    """Which parcel."""

    order: str = Field(min_length=1, max_length=100, description="The order's number, or a parcel's, as typed.")
    tracking_number: str | None = Field(default=None, max_length=100)


class ChaseParcel(ChangeKind[ChaseDetails]):
    """Asking the carrier where it is, or the warehouse to send it. Harmless: not confirmed, but not every hour."""

    name = "shipment.chase"
    details = ChaseDetails
    terms = ChangeTerms(level="order", no_confirmation=True)

    def offer(self, unit: Unit, details: ChaseDetails) -> Offer:
        """The parcel that the carrier is asked about."""
        order = unit.find_order(details.order)
        moving = [
            parcel.shipment
            for parcel in parcels_of(unit.session, order.id)
            if parcel.shipment.state not in {"delivered", "returned"} and parcel.shipment.delivered_at is None
        ]
        if details.tracking_number is not None:
            named = _named(parcels_of(unit.session, order.id), details.tracking_number)
            moving = [shipment for shipment in moving if shipment.id == named.shipment.id]
        if not moving:
            if order.state == "delivered" or details.tracking_number is not None:
                raise Refusal("already_delivered", alternatives=[OfferLine(key="claim_not_received")])
            if order.state in _WITH_THE_SHOP:
                return self._to_the_warehouse(unit, order)
            if order.state == "cancelled":
                raise Refusal("already_cancelled")
            raise Refusal("not_sent_yet", values={"state": order.state}, alternatives=[_ASK_A_PERSON])
        hours = unit.policies.claims.chase_every_hours
        asked = _asked_lately(unit, order)
        waiting = [shipment for shipment in moving if shipment.external_id not in asked]
        if not waiting:
            last = max(asked[shipment.external_id] for shipment in moving)
            raise Refusal(
                "already_chased",
                values={"asked_at": last.isoformat(), "hours": hours},
                alternatives=[OfferLine(key="claim_parcel")],
            )
        parcels: list[JsonValue] = [shipment.external_id for shipment in waiting]
        return Offer(
            order_id=order.id,
            lines=[
                OfferLine(
                    key="carrier_asked",
                    values={"carrier": shipment.carrier, "tracking_number": shipment.tracking_number},
                )
                for shipment in waiting
            ],
            values={"order": order.number},
            plan={"parcels": parcels},
        ).rests_on(order)

    def _to_the_warehouse(self, unit: Unit, order: Order) -> Offer:
        """Why it was not sent yet, by when it should be, and that the warehouse is asked."""
        last = _asked_lately(unit, order).get(_NO_PARCEL)
        if last is not None:
            raise Refusal(
                "already_chased",
                values={"asked_at": last.isoformat(), "hours": unit.policies.claims.chase_every_hours},
                alternatives=[_ASK_A_PERSON],
            )
        promises = [
            line.ship_by
            for line in lines_of(unit.session, order.id)
            if line.ship_by is not None and line.cancelled_quantity < line.quantity
        ]
        ship_by = min(promises) if promises else None
        overdue = ship_by is not None and ship_by < unit.now
        values: dict[str, JsonValue] = {
            "order": order.number,
            "state": order.state,
            "ship_by": ship_by.isoformat() if ship_by else None,
        }
        hours = unit.policies.cases.hours(OVERDUE_CASE)
        return Offer(
            order_id=order.id,
            lines=[OfferLine(key="warehouse_asked", values=values)],
            notes=[OfferLine(key="person_looks", values={"hours": hours})] if overdue else [],
            values=values,
            plan={"warehouse": True, "overdue": overdue, "ship_by": values["ship_by"], "state": order.state},
        ).rests_on(order)

    def carry_out(self, unit: Unit, details: ChaseDetails, offer: Offer) -> Outcome:
        """Ask."""
        order = unit.session.get_one(Order, offer.order_id)
        if offer.plan.get("warehouse"):
            return self._ask_warehouse(unit, order, offer)
        parcels = offer.plan["parcels"]
        assert isinstance(parcels, list)  # noqa: S101 - as `offer` made it
        for parcel in parcels:
            unit.session.add(Chase(order_id=order.id, shipment_external_id=str(parcel), asked_at=unit.now))
            unit.effect(CHASE, order_id=order.id, payload={"shipment": parcel})
        unit.touch(order)
        return Outcome(values={"order": order.number, "parcels": len(parcels)})

    def _ask_warehouse(self, unit: Unit, order: Order, offer: Offer) -> Outcome:
        ship_by, overdue = offer.plan["ship_by"], bool(offer.plan["overdue"])
        unit.session.add(Chase(order_id=order.id, shipment_external_id=_NO_PARCEL, asked_at=unit.now))
        unit.effect(CHASE_DISPATCH, order_id=order.id, payload={"order": order.number, "ship_by": ship_by})
        if overdue:
            unit.open_case(
                OVERDUE_CASE,
                order_id=order.id,
                customer_id=order.customer_id,
                details={"ship_by": ship_by, "state": order.state},
            )
        unit.touch(order)
        promise = "overdue" if overdue else "promised" if ship_by else "unpromised"
        return Outcome(values={"order": order.number, "promise": promise})


def claims_of(unit: Unit, order: Order) -> Sequence[ShipmentClaim]:
    """The claims of an order that the caller may see."""
    return unit.session.scalars(
        select(ShipmentClaim).where(ShipmentClaim.order_id == order.id).order_by(ShipmentClaim.id)
    ).all()


def _asked_lately(unit: Unit, order: Order) -> dict[str, datetime]:
    """By parcel, when the carrier was asked last within the shop's time between two askings."""
    since = unit.now - timedelta(hours=unit.policies.claims.chase_every_hours)
    chases = select(Chase).where(Chase.order_id == order.id, Chase.asked_at > since).order_by(Chase.asked_at)
    return {chase.shipment_external_id: chase.asked_at for chase in unit.session.scalars(chases)}


def _named(parcels: Sequence[Parcel], tracking_number: str) -> Parcel:
    key = tracking_key(tracking_number)
    found = next((parcel for parcel in parcels if parcel.shipment.tracking_key == key), None)
    if found is None:
        raise NotFound
    return found


def _parcel(unit: Unit, order: Order, details: ClaimDetails) -> Parcel | None:
    """The parcel that is meant; None where nothing was sent, which only a late order can be claimed for."""
    parcels = parcels_of(unit.session, order.id)
    if details.tracking_number is not None:
        return _named(parcels, details.tracking_number)
    delivered = details.problem in _AFTER_DELIVERY
    fit = [parcel for parcel in parcels if _is_delivered(parcel.shipment) == delivered] or list(parcels)
    if len(fit) > 1:
        raise Refusal(
            "which_parcel",
            alternatives=[
                OfferLine(
                    key="name_parcel",
                    values={"carrier": one.shipment.carrier, "tracking_number": one.shipment.tracking_number},
                )
                for one in fit
            ],
        )
    if not fit and details.problem != "late" and order.state not in {"shipped", "delivered"}:
        raise Refusal("not_sent_yet", values={"state": order.state}, alternatives=[OfferLine(key="cancel_order")])
    return fit[0] if fit else None


def _resolution(details: ClaimDetails, rules: ClaimRule) -> Resolution:
    """How it is settled. A part can only be sent: what it is worth, and whether money comes back, a person says."""
    offered = [way for way in rules.resolutions if way == "resend"] if details.part else rules.resolutions
    resolution = details.resolution or (offered[0] if offered else rules.resolutions[0])
    if resolution not in offered:
        of_part = [*(OfferLine(key="resolve_part_by_resend") for _ in offered), _ASK_A_PERSON]
        raise Refusal(
            "resolution_not_offered",
            values={"resolution": resolution},
            alternatives=of_part if details.part else [OfferLine(key=f"resolve_by_{way}") for way in offered],
        )
    return resolution


def _is_delivered(shipment: Shipment) -> bool:
    return shipment.state == "delivered" or shipment.delivered_at is not None


def _check_time(unit: Unit, order: Order, parcel: Parcel | None, kind: ClaimKind, rules: ClaimRule) -> None:
    """Raises Refusal when the parcel did not arrive, or has, or when it is too early or too late to claim."""
    zone = ZoneInfo(order.timezone)
    today = unit.now.astimezone(zone).date()
    delivered = _is_delivered(parcel.shipment) if parcel else order.state == "delivered"
    if kind in _AFTER_DELIVERY:
        if not delivered:
            raise Refusal("not_delivered_yet", alternatives=[OfferLine(key="chase_parcel")])
        at = parcel.shipment.delivered_at if parcel else None
        since = at.astimezone(zone).date() if at else None
    else:
        if delivered:
            raise Refusal("already_delivered", alternatives=[OfferLine(key="claim_not_received")])
        since = (parcel.shipment.promised_on if parcel else None) or order.promised_on
        if since is None and parcel is not None and parcel.shipment.handed_over_at is not None:
            since = parcel.shipment.handed_over_at.astimezone(zone).date()
    if since is None:
        # Nobody knows since when: a person does, and the claim goes to one.
        return
    earliest = since + timedelta(days=rules.after_days + (0 if kind in _AFTER_DELIVERY else 1))
    if today < earliest:
        raise Refusal(
            "not_late_yet" if kind not in _AFTER_DELIVERY else "too_early",
            values=_days(since, earliest),
            alternatives=[OfferLine(key="chase_parcel")] if kind not in _AFTER_DELIVERY else [],
        )
    last = since + timedelta(days=rules.within_days)
    if today > last:
        raise Refusal("claim_window_over", values=_days(since, last), alternatives=[_ASK_A_PERSON])


def _days(since: date, until: date) -> dict[str, JsonValue]:
    return {"since": since.isoformat(), "until": until.isoformat()}


def _check_new(claims: Sequence[ShipmentClaim], parcel: Parcel | None, kind: ClaimKind) -> None:
    named = parcel.shipment.external_id if parcel else None
    for claim in claims:
        if claim.shipment_external_id == named and claim.state == "open" and claim.kind == kind:
            raise Refusal("already_claimed", values={"claim": claim.public_id, "at": claim.created_at.isoformat()})


def _quantities(
    unit: Unit, details: ClaimDetails, here: Standing, parcel: Parcel | None, claims: Sequence[ShipmentClaim]
) -> dict[int, int]:
    """How many of each line are claimed: no more than the parcel held, are left of the order and were not claimed."""
    left: dict[int, int] = {}
    inside = _content(unit, parcel)
    for number, facts in here.facts.items():
        claimed = sum(
            int(claim.quantities.get(str(number), 0))
            for claim in claims
            # What was refunded is cancelled already.
            if claim.state == "open" or (claim.state == "granted" and claim.resolution == "resend")
        )
        there = facts.ordered - facts.cancelled - facts.returned - facts.coming_back - claimed
        held = inside.get(number, 0) if inside else there
        if min(there, held) > 0:
            left[number] = min(there, held)
    if not left:
        raise Refusal("nothing_left_to_claim", alternatives=[_ASK_A_PERSON])
    if details.lines is None:
        if details.problem in ("missing_item", "wrong_item") and len(left) > 1:
            numbers: list[JsonValue] = list(left)
            raise Refusal("which_line", alternatives=[OfferLine(key="name_lines", values={"line_numbers": numbers})])
        return left
    quantities: dict[int, int] = {}
    for index, line in enumerate(details.lines):
        if line.line_number not in here.facts or line.line_number in quantities:
            message = "is given twice" if line.line_number in quantities else "the order has no such line of goods"
            raise InvalidInput(errors=[FieldProblem(field=f"body.details.lines.{index}.line_number", message=message)])
        there = left.get(line.line_number, 0)
        quantity = there if line.quantity is None else line.quantity
        if quantity > there or quantity == 0:
            raise Refusal(
                "more_than_was_sent",
                values={"line_number": line.line_number, "quantity": quantity, "available": there},
            )
        quantities[line.line_number] = quantity
    return quantities


def _content(unit: Unit, parcel: Parcel | None) -> Mapping[int, int]:
    if parcel is None:
        return {}
    rows = unit.session.scalars(select(ShipmentLine).where(ShipmentLine.shipment_id == parcel.shipment.id))
    return {row.line_number: row.quantity for row in rows}


def _notes(
    unit: Unit, order: Order, rules: ClaimRule, kind: ClaimKind, resolution: Resolution, *, automatic: bool
) -> list[OfferLine]:
    notes = []
    if not automatic:
        hours = unit.policies.cases.hours(f"claim_{kind}")
        notes.append(OfferLine(key="person_decides", values={"hours": hours}))
    elif resolution == "refund":
        notes.append(OfferLine(key="refund_takes_days", values={"days": unit.policies.returns.refund_days}))
    amount = rules.compensation_minor.get(order.currency)
    if amount is not None:
        values: dict[str, JsonValue] = {"amount_minor": amount, "currency": order.currency}
        notes.append(OfferLine(key="compensation", values=values))
    return notes
