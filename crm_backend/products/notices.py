"""`product.notify`: being told when something can be bought again. The consent is the notice, and is kept as such."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from sqlalchemy import select

from crm_backend.account.access import customer_of
from crm_backend.account.changing import contact_of, note_consent
from crm_backend.account.models import Customer
from crm_backend.changes.kind import ChangeKind, Details, Offer, Outcome, Refusal
from crm_backend.changes.unit import Unit, new_id
from crm_backend.policies.changes import ChangeTerms
from crm_backend.products import repository
from crm_backend.products.models import StockNotice, Variant
from shopdesk_schemas.changes import OfferLine
from shopdesk_schemas.problems import NotFound

NOTIFY = "customer.notify_back_in_stock"
PURPOSE = "stock_notice"
AT_ONCE = 200


class NotifyDetails(Details):
    """Of what, and how."""

    sku: str = Field(min_length=1, max_length=100)
    channel: Literal["email", "sms"] = "email"
    order: str | None = Field(default=None, min_length=1, max_length=100, description="Whose, for agents: an order.")


class NotifyBackInStock(ChangeKind[NotifyDetails]):
    """The kind."""

    name = "product.notify"
    details = NotifyDetails
    terms = ChangeTerms(level="customer", no_confirmation=True)

    def offer(self, unit: Unit, details: NotifyDetails) -> Offer:
        """For what cannot be bought now; once for each variant and channel."""
        customer = customer_of(unit, details.order)
        sold = repository.find_variant(unit.session, details.sku)
        if sold is None:
            raise NotFound
        if sold.variant.availability == "discontinued":
            raise Refusal("will_not_come_back", alternatives=[OfferLine(key="see_alternatives")])
        if sold.variant.availability not in repository.GONE:
            raise Refusal("can_be_bought_now", values={"availability": sold.variant.availability})
        contact_of(customer, details.channel)
        return Offer(
            lines=[OfferLine(key="notice_of_stock", values={"sku": sold.variant.sku, "channel": details.channel})],
            plan={"customer_id": customer.id, "variant_id": sold.variant.id},
        )

    def carry_out(self, unit: Unit, details: NotifyDetails, offer: Offer) -> Outcome:
        """Note it, unless it is noted already."""
        held = select(Customer).where(Customer.id == offer.plan["customer_id"]).with_for_update()
        customer = unit.session.scalars(held).one()
        variant = unit.session.get_one(Variant, offer.plan["variant_id"])
        notice = unit.session.scalars(
            select(StockNotice).where(
                StockNotice.customer_id == customer.id,
                StockNotice.variant_id == variant.id,
                StockNotice.channel == details.channel,
                StockNotice.state == "waiting",
            )
        ).first()
        if notice is None:
            notice = StockNotice(
                public_id=new_id("notice"),
                variant_id=variant.id,
                customer_id=customer.id,
                channel=details.channel,
                state="waiting",
                consented_at=unit.now,
            )
            unit.session.add(notice)
            note_consent(unit, customer, PURPOSE, details.channel, granted=True)
            unit.audit("product.notice_set", "notice", notice.public_id, {"sku": variant.sku})
        return Outcome(values={"notice": notice.public_id, "sku": variant.sku})


def request_due(unit: Unit) -> int:
    """Ask the shop's systems to send the notices whose goods can be bought again; how many. Called by a job."""
    rows = unit.session.execute(
        select(StockNotice, Variant, Customer)
        .join(Variant, Variant.id == StockNotice.variant_id)
        .join(Customer, Customer.id == StockNotice.customer_id)
        .where(StockNotice.state == "waiting", Variant.availability.in_(("in_stock", "preorder")))
        .order_by(StockNotice.id)
        .limit(AT_ONCE)
        .with_for_update(of=StockNotice, skip_locked=True)
    ).all()
    for notice, variant, customer in rows:
        notice.state = "requested"
        notice.requested_at = unit.now
        unit.effect(
            NOTIFY,
            payload={
                "notice": notice.public_id,
                "source": customer.source,
                "customer": customer.external_id,
                "channel": notice.channel,
                "sku": variant.sku,
            },
        )
    return len(rows)
