"""`service.report`: a shopper complains, or tells of something dangerous; a person of the shop sees to it.

Anybody may: a complaint needs no proof. One conversation has one open case of a kind, however often it is said. The
words stay in the conversation, which the case is linked to.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue, StringConstraints
from sqlalchemy import select

from crm_backend.cases.models import Case, CaseLink
from crm_backend.changes.kind import ChangeKind, Details, Offer, Outcome
from crm_backend.changes.unit import Unit
from crm_backend.policies.changes import ChangeTerms
from shopdesk_schemas.changes import OfferLine


class ReportDetails(Details):
    """What it is about."""

    matter: Literal["complaint", "emergency"]
    about: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")] | None = Field(
        default=None, description="staff, delivery, quality, no_answer, price …"
    )
    order: str | None = Field(default=None, min_length=1, max_length=100, description="An order it is about.")


class Report(ChangeKind[ReportDetails]):
    """The kind."""

    name = "service.report"
    details = ReportDetails
    terms = ChangeTerms(level="none", no_confirmation=True)

    def offer(self, unit: Unit, details: ReportDetails) -> Offer:
        """That it is passed on."""
        order = unit.find_order(details.order) if details.order else None
        return Offer(
            order_id=order.id if order else None,
            lines=[OfferLine(key=f"reported_{details.matter}")],
            plan={"customer_id": order.customer_id if order else unit.access.customer_id},
        )

    def carry_out(self, unit: Unit, details: ReportDetails, offer: Offer) -> Outcome:
        """Open the case, or find the one that is open."""
        case = _open_one(unit, details.matter)
        customer = offer.plan["customer_id"]
        if case is None:
            about: dict[str, JsonValue] = {"about": details.about} if details.about else {}
            case = unit.open_case(
                details.matter,
                order_id=offer.order_id,
                customer_id=customer if isinstance(customer, int) else None,
                details=about,
            )
        return Outcome(values={"case": case.public_id, "due_at": case.due_at.isoformat()})


def _open_one(unit: Unit, kind: str) -> Case | None:
    if unit.actor.conversation_id is None:
        return None
    query = (
        select(Case)
        .join(CaseLink, CaseLink.case_id == Case.id)
        .where(
            Case.kind == kind,
            Case.state != "closed",
            CaseLink.kind == "conversation",
            CaseLink.reference == unit.actor.conversation_id,
        )
        .order_by(Case.id)
        .limit(1)
    )
    return unit.session.scalars(query).first()
