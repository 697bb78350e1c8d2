"""`account.export` and `account.erasure`: a customer asks for their data, or for their erasure; a lead carries it out.

Both open a case whose id is the receipt. Nothing is told or erased by a conversation alone: who leads the desk looks
at what is open, and at who asked (`privacy/router.py`, `shopdesk erase-person`).
"""

from __future__ import annotations

from datetime import timedelta

from pydantic import JsonValue
from sqlalchemy import select

from crm_backend.account.access import customer_of
from crm_backend.account.changing import OfAccount
from crm_backend.account.models import Customer
from crm_backend.cases.models import Case
from crm_backend.changes.kind import ChangeKind, Offer, Outcome, ProposalVoid
from crm_backend.changes.unit import Unit
from crm_backend.policies.changes import ChangeTerms
from shopdesk_schemas.changes import OfferLine

EXPORT, ERASURE = "export_request", "erasure_request"
"""Kinds of case."""


class _Asked(ChangeKind[OfAccount]):
    details = OfAccount
    case: str
    key: str

    def offer(self, unit: Unit, details: OfAccount) -> Offer:
        """What is asked for, and until when it is answered."""
        customer = customer_of(unit, details.order)
        days: dict[str, JsonValue] = {"days": unit.policies.privacy.answer_days}
        return Offer(
            lines=[OfferLine(key=self.key)],
            notes=[OfferLine(key="answered_within", values=days)],
            values=days,
            plan={"customer_id": customer.id},
        )

    def carry_out(self, unit: Unit, details: OfAccount, offer: Offer) -> Outcome:
        """A case for a lead; the one that is open already is given again."""
        held = select(Customer).where(Customer.id == offer.plan["customer_id"]).with_for_update()
        customer = unit.session.scalars(held).first()
        if customer is None:
            raise ProposalVoid
        query = select(Case).where(
            Case.customer_id == customer.id, Case.kind == self.case, Case.state.in_(("open", "waiting"))
        )
        case = unit.session.scalars(query.order_by(Case.id).limit(1)).first()
        if case is None:
            case = unit.open_case(
                self.case,
                customer_id=customer.id,
                details={"customer": customer.external_id, "source": customer.source},
                due_after=timedelta(days=unit.policies.privacy.answer_days),
            )
        return Outcome(values={"receipt": case.public_id, "due_at": case.due_at.isoformat()})


class AskForExport(_Asked):
    """A copy of all that is known of them."""

    name = "account.export"
    terms = ChangeTerms(level="customer", no_confirmation=True)
    case = EXPORT
    key = "data_export"


class AskForErasure(_Asked):
    """That all of it is erased, the account with it."""

    name = "account.erasure"
    terms = ChangeTerms(level="customer")
    case = ERASURE
    key = "data_erasure"
