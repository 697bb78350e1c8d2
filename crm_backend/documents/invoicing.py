"""`invoice.request` and `invoice.correct`: a tax invoice for an order, and another one in its place (红冲后重开)."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, JsonValue, StringConstraints

from crm_backend.changes.kind import ChangeKind, Details, Offer, OrderNumber, Outcome, ProposalVoid, Refusal, Words
from crm_backend.changes.unit import Unit, new_id
from crm_backend.documents import invoices
from crm_backend.documents.models import Invoice
from crm_backend.documents.tax_numbers import cleaned, is_tax_number
from crm_backend.normalise import clean_text
from crm_backend.orders.models import Order
from crm_backend.orders.remaining import lines_of
from crm_backend.policies.changes import ChangeTerms
from crm_backend.policies.documents import Invoices
from shopdesk_schemas.changes import OfferLine
from shopdesk_schemas.problems import FieldProblem, InvalidInput

Email = Annotated[str, StringConstraints(pattern=r"^[^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+$", max_length=254)]
TaxNumber = Annotated[str, StringConstraints(pattern=r"^[^\x00]*\S[^\x00]*$", max_length=40)]

PERSONAL_TITLE = "个人"
"""What an invoice to a private person says in China where the buyer gives no name."""


class InvoiceDetails(Details):
    """To whom it is made out. A company's needs title and tax number."""

    order: OrderNumber
    type: Literal["personal", "company"] = "personal"
    title: Words | None = Field(default=None, description="抬头. A person's own name when not given.")
    tax_number: TaxNumber | None = None
    email: Email | None = Field(default=None, description="Where it goes; the order's own address when not given.")


class CorrectionDetails(Details):
    """What is to be different; what is not given stays."""

    order: OrderNumber
    type: Literal["personal", "company"] | None = None
    title: Words | None = None
    tax_number: TaxNumber | None = None
    email: Email | None = None


class RequestInvoice(ChangeKind[InvoiceDetails]):
    """The first invoice of an order, or the next try after one that failed."""

    name = "invoice.request"
    details = InvoiceDetails
    terms = ChangeTerms(level="order")

    def offer(self, unit: Unit, details: InvoiceDetails) -> Offer:
        """To whom and over how much it would be."""
        rules = unit.policies.invoices
        order = unit.find_order(details.order)
        amount = _check_order(unit, rules, order)
        there = invoices.standing(unit.session, order.id)
        if there is not None:
            issued = there.state != "requested"
            raise Refusal(
                "invoice_exists",
                values={"invoice": there.external_id, "state": there.state, "number": there.number},
                alternatives=[OfferLine(key="correct_invoice" if issued else "wait_for_invoice")],
            )
        given = _checked(
            unit,
            rules,
            order,
            type=details.type,
            title=details.title,
            tax_number=details.tax_number,
            email=details.email,
        )
        return _offer(order, given, amount, email_said=details.email is not None)

    def carry_out(self, unit: Unit, details: InvoiceDetails, offer: Offer) -> Outcome:
        """Note it, and have it issued."""
        order = unit.session.get_one(Order, offer.order_id)
        invoice = _add(unit, order, offer)
        issue(unit, order, invoice)
        unit.touch(order)
        unit.audit("invoice.requested", "invoice", invoice.external_id, {"amount_minor": invoice.amount_minor})
        return Outcome(values={"order": order.number, "invoice": invoice.external_id})


class CorrectInvoice(ChangeKind[CorrectionDetails]):
    """Takes the issued invoice back by a red-letter one, then has another issued."""

    name = "invoice.correct"
    details = CorrectionDetails
    terms = ChangeTerms(level="order")

    def offer(self, unit: Unit, details: CorrectionDetails) -> Offer:
        """What would be different on the new one. What stood on the old one is not told."""
        rules = unit.policies.invoices
        order = unit.find_order(details.order)
        there = invoices.standing(unit.session, order.id)
        if there is None:
            raise Refusal("no_invoice", alternatives=[OfferLine(key="request_invoice")])
        if there.state == "requested":
            raise Refusal("invoice_not_issued_yet", alternatives=[OfferLine(key="wait_for_invoice")])
        if invoices.corrections_of(unit.session, order.id) >= rules.corrections:
            raise Refusal(
                "corrections_used_up", values={"corrections": rules.corrections},
                alternatives=[OfferLine(key="ask_a_person")],
            )  # fmt: skip
        since = there.issued_at or there.requested_at
        if unit.now > since + timedelta(days=rules.correction_days):
            raise Refusal("correction_window_over", values={"days": rules.correction_days})
        amount = _check_order(unit, rules, order, in_window=False)
        kind = details.type or there.type
        same = kind == there.type
        given = _checked(
            unit,
            rules,
            order,
            type=kind,
            # The other kind of buyer is another buyer: nothing of the old one is taken over.
            title=details.title or (there.title if same else None),
            tax_number=details.tax_number or (there.tax_number if same else None),
            email=details.email or there.email,
        )
        before = {"type": there.type, "title": there.title, "tax_number": there.tax_number, "email": there.email}
        if given == before and amount == there.amount_minor:
            raise Refusal("nothing_would_change")
        said = {name for name in ("type", "title", "tax_number", "email") if getattr(details, name) is not None}
        offer = _offer(order, given, amount, email_said="email" in said, unsaid={*given} - said)
        offer.lines.insert(0, OfferLine(key="invoice_voided", values={"number": there.number}))
        offer.values["corrects"] = there.external_id
        return offer.rests_on(there)

    def carry_out(self, unit: Unit, details: CorrectionDetails, offer: Offer) -> Outcome:
        """Ask for the red-letter invoice; the new one follows when that is done."""
        order = unit.session.get_one(Order, offer.order_id)
        old = invoices.find(unit.session, str(offer.values["corrects"]))
        if old is None:
            raise ProposalVoid
        invoice = _add(unit, order, offer, corrects=old.external_id)
        unit.effect(
            invoices.VOID,
            order_id=order.id,
            payload={
                "invoice": old.external_id,
                "number": old.number,
                "amount_minor": old.amount_minor,
                "currency": old.currency,
                "replaced_by": invoice.external_id,
            },
        )
        unit.touch(order, old)
        unit.audit("invoice.correction_requested", "invoice", invoice.external_id, {"corrects": old.external_id})
        return Outcome(values={"order": order.number, "invoice": invoice.external_id, "corrects": old.external_id})


def issue(unit: Unit, order: Order, invoice: Invoice) -> None:
    """Have the provider, or the shop's own system, issue it."""
    lines: list[JsonValue] = [
        {
            "line_number": line.line_number,
            "kind": line.kind,
            "sku": line.sku,
            "title": line.title,
            "quantity": line.quantity - line.cancelled_quantity - line.returned_quantity,
            "unit_price_minor": line.unit_price_minor,
        }
        for line in lines_of(unit.session, order.id)
        if line.quantity > line.cancelled_quantity + line.returned_quantity
    ]
    unit.effect(
        invoices.ISSUE,
        order_id=order.id,
        payload={
            "invoice": invoice.external_id,
            "type": invoice.type,
            "title": invoice.title,
            "tax_number": invoice.tax_number,
            "amount_minor": invoice.amount_minor,
            "currency": invoice.currency,
            "lines": lines,
            "corrects": invoice.corrects,
        },
    )


def _check_order(unit: Unit, rules: Invoices, order: Order, *, in_window: bool = True) -> int:
    """What the invoice would be over. Raises Refusal where the shop issues none for this order."""
    if not rules.offered:
        raise Refusal("invoices_not_offered", alternatives=[OfferLine(key="receipt")])
    if order.state not in rules.order_states:
        raise Refusal("state_not_invoiceable", values={"state": order.state})
    zone = ZoneInfo(order.timezone)
    age = unit.now.astimezone(zone).date() - order.placed_at.astimezone(zone).date()
    if in_window and age.days > rules.window_days:
        raise Refusal("invoice_window_over", values={"days": rules.window_days})
    amount = invoices.due_minor(unit.session, order, rules)
    if amount is None:
        raise Refusal("order_without_prices", alternatives=[OfferLine(key="ask_a_person")])
    least = rules.minimum_minor.get(order.currency, 1)
    if amount == 0:
        raise Refusal("nothing_to_invoice")
    if amount < least:
        raise Refusal("invoice_below_minimum", values={"minimum_minor": least, "currency": order.currency})
    return amount


def _checked(
    unit: Unit,
    rules: Invoices,
    order: Order,
    *,
    type: str,  # noqa: A002 - as the contract calls it
    title: str | None,
    tax_number: str | None,
    email: str | None,
) -> dict[str, str | None]:
    """The fields of the invoice. Raises Refusal for a type that the shop does not issue, InvalidInput naming fields."""
    if type not in rules.types:
        offered: list[JsonValue] = [*rules.types]
        raise Refusal("invoice_type_not_offered", values={"type": type, "types": offered})
    problems = []
    number = cleaned(tax_number) if tax_number else None
    country = rules.country or unit.policies.shop.country
    name = clean_text(title)
    if type == "company":
        if name is None:
            problems.append(FieldProblem(field="body.details.title", message="a company's invoice needs its name"))
        if number is None:
            problems.append(FieldProblem(field="body.details.tax_number", message="a company's invoice needs it"))
        elif not is_tax_number(number, country):
            problems.append(
                FieldProblem(
                    field="body.details.tax_number", message=f"is no tax number of {country}; check the digits"
                )
            )
    else:
        number = None
        name = name or clean_text(order.contact_name) or PERSONAL_TITLE
    to = email or order.contact_email
    if to is None:
        problems.append(FieldProblem(field="body.details.email", message="is needed: the order has no e-mail address"))
    if problems:
        raise InvalidInput(errors=problems)
    return {"type": type, "title": name, "tax_number": number, "email": to}


def _offer(
    order: Order,
    given: dict[str, str | None],
    amount: int,
    *,
    email_said: bool,
    unsaid: set[str] | frozenset[str] = frozenset(),
) -> Offer:
    """What the caller typed is told back; what the records had is not: one proved order does not open them."""
    told: dict[str, JsonValue] = {name: value for name, value in given.items() if name not in unsaid}
    if not email_said:
        told["email"] = None
    plan: dict[str, JsonValue] = dict(given)
    return Offer(
        order_id=order.id,
        lines=[OfferLine(key="invoice_requested", values={**told, "amount_minor": amount, "currency": order.currency})],
        notes=[] if email_said else [OfferLine(key="invoice_to_known_address")],
        values={"order": order.number, "invoice_minor": amount, "currency": order.currency},
        plan={**plan, "amount_minor": amount},
    ).rests_on(order)


def _add(unit: Unit, order: Order, offer: Offer, corrects: str | None = None) -> Invoice:
    plan = offer.plan
    amount = plan["amount_minor"]
    assert isinstance(amount, int)  # noqa: S101 - as `offer` made it

    def text(name: str) -> str | None:
        value = plan[name]
        return None if value is None else str(value)

    invoice = Invoice(
        external_id=new_id("inv"),
        order_id=order.id,
        type=str(plan["type"]),
        title=text("title"),
        tax_number=text("tax_number"),
        email=text("email"),
        state="requested",
        amount_minor=amount,
        currency=order.currency,
        corrects=corrects,
        requested_at=unit.now,
    )
    unit.session.add(invoice)
    unit.session.flush()
    return invoice
