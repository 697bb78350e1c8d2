"""An invoice's state follows the effects that issue it, send it and take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from crm_backend.documents import invoices
from crm_backend.documents.invoicing import issue
from crm_backend.documents.models import Invoice
from crm_backend.effects.kind import EffectKind
from crm_backend.effects.models import Effect
from crm_backend.orders.models import Order
from shopdesk_schemas.problems import Conflict

if TYPE_CHECKING:
    from crm_backend.changes.unit import Unit


class IssueAnswers(EffectKind):
    """Issued, or not. Once it is, it is sent."""

    name = invoices.ISSUE

    def on_done(self, unit: Unit, effect: Effect) -> None:
        """It has a number."""
        invoice = _invoice(unit, effect)
        if invoice is None or invoice.state not in ("requested", "failed"):
            return
        invoice.state, invoice.number, invoice.error = "issued", effect.reference, None
        invoice.issued_at = unit.now
        unit.touch(invoice)
        if invoice.email is not None:
            unit.effect(
                invoices.SEND,
                order_id=invoice.order_id,
                payload={"invoice": invoice.external_id, "number": invoice.number, "email": invoice.email},
            )

    def on_failed(self, unit: Unit, effect: Effect) -> None:
        """The provider cannot; another one may be asked for."""
        _failed(unit, _invoice(unit, effect), effect)

    def on_retry(self, unit: Unit, effect: Effect) -> None:
        """Asked for again. Raises Conflict where another one was meanwhile."""
        _again(unit, _invoice(unit, effect))


class SendAnswers(EffectKind):
    """It went to the buyer."""

    name = invoices.SEND

    def on_done(self, unit: Unit, effect: Effect) -> None:
        """It is in the mail."""
        invoice = _invoice(unit, effect)
        if invoice is not None and invoice.state == "issued":
            invoice.state, invoice.sent_at = "sent", unit.now
            unit.touch(invoice)


class VoidAnswers(EffectKind):
    """The red-letter invoice takes the old one back; only then is the new one issued."""

    name = invoices.VOID

    def on_done(self, unit: Unit, effect: Effect) -> None:
        """The old one is void."""
        old = _invoice(unit, effect)
        if old is None or old.state == "voided":
            return
        old.state, old.credit_number, old.voided_at = "voided", effect.reference, unit.now
        unit.touch(old)
        new = _invoice(unit, effect, "replaced_by")
        if new is not None:
            new.state, new.error = "requested", None
            issue(unit, unit.session.get_one(Order, new.order_id), new)

    def on_failed(self, unit: Unit, effect: Effect) -> None:
        """The old one stays good, and the new one does not come."""
        _failed(unit, _invoice(unit, effect, "replaced_by"), effect)

    def on_retry(self, unit: Unit, effect: Effect) -> None:
        """The new one is on its way again."""
        new = _invoice(unit, effect, "replaced_by")
        if new is not None and new.state == "failed":
            new.state, new.error = "requested", None
            unit.touch(new)


def _invoice(unit: Unit, effect: Effect, name: str = "invoice") -> Invoice | None:
    """The one that the effect is about; None once its payload was erased."""
    named = effect.payload.get(name)
    return None if named is None else invoices.find(unit.session, str(named))


def _failed(unit: Unit, invoice: Invoice | None, effect: Effect) -> None:
    if invoice is not None and invoice.state == "requested":
        invoice.state, invoice.error = "failed", effect.last_error
        unit.touch(invoice)


def _again(unit: Unit, invoice: Invoice | None) -> None:
    if invoice is None or invoice.state != "failed":
        return
    # Whoever asked for another one held the order; so the two cannot both come to stand.
    unit.session.scalars(select(Order.id).where(Order.id == invoice.order_id).with_for_update()).one()
    if invoices.standing(unit.session, invoice.order_id) is not None:
        raise Conflict("another invoice of this order was asked for")
    invoice.state, invoice.error = "requested", None
    unit.touch(invoice)
