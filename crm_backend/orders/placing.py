"""`order.place`: an order taken in the chat, paid by a saved method and sent to an address of the book.

The order is the desk's own record from then on: it can be listed, changed and cancelled like any other. The shop's
systems get it as an effect with number and external id, and report on it under that id.
"""

from __future__ import annotations

import secrets
from typing import Annotated, Self

from pydantic import Field, JsonValue, StringConstraints, model_validator
from sqlalchemy import select

from crm_backend.account import repository as accounts
from crm_backend.account.access import customer_of
from crm_backend.account.changing import Country, Words
from crm_backend.account.models import Address, Customer
from crm_backend.changes.kind import ChangeKind, Details, Offer, Outcome, ProposalVoid, Refusal
from crm_backend.changes.unit import Unit
from crm_backend.normalise import clean_text, number_key, restore_postcode
from crm_backend.orders.models import Order
from crm_backend.orders.replacing import add_line
from crm_backend.payments.charging import choose_method, method_move, request_charge
from crm_backend.policies.changes import ChangeTerms
from crm_backend.products import repository as products
from crm_backend.products.models import Product, Variant
from crm_backend.products.variants import can_be_sold
from crm_backend.supply.holds import hold
from shopdesk_schemas.changes import OfferLine
from shopdesk_schemas.problems import NotFound

CREATE = "order.create"
"""The kind of effect that tells the shop's systems of the order, the warehouse's among them."""

CHANNEL = "chat"
"""Where such an order was bought."""

_PLACE = ("recipient", "line1", "line2", "district", "city", "region", "postcode", "country")
_NUMBERS = 10**8


class PlacedLine(Details):
    """An article and how many of it."""

    sku: str = Field(min_length=1, max_length=100)
    quantity: int = Field(default=1, ge=1, le=10_000)


class ShipTo(Details):
    """A place written out: at least street and town. Without a recipient it goes to the customer."""

    recipient: Words | None = None
    phone: Annotated[str, StringConstraints(min_length=3, max_length=40, pattern=r"^[^\x00-\x1f]*$")] | None = None
    line1: Words
    line2: Words | None = None
    district: Words | None = None
    city: Words
    region: Words | None = None
    postcode: Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=r"^[^\x00-\x1f]*$")] | None = None
    country: Country | None = None


class PlaceDetails(Details):
    """What is wanted, where to and how it is paid."""

    lines: list[PlacedLine] = Field(min_length=1, max_length=50)
    address: str | None = Field(
        default=None, max_length=200, description="An address of the book by its id; the default one when not given."
    )
    ship_to: ShipTo | None = Field(default=None, description="A place that is not in the book; not kept there.")
    payment_method: str | None = Field(default=None, max_length=200, description="A saved method's external id.")
    order: str | None = Field(default=None, min_length=1, max_length=100, description="Whose, for agents: an order.")

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if self.address is not None and self.ship_to is not None:
            raise ValueError("give address or ship_to, not both")
        return self


class PlaceOrder(ChangeKind[PlaceDetails]):
    """The kind."""

    name = "order.place"
    details = PlaceDetails
    terms = ChangeTerms(level="none")
    """The shop's checkout is open to everybody; what is charged to a saved method asks who it is (`customer_of`)."""

    def offer(self, unit: Unit, details: PlaceDetails) -> Offer:
        """What would be ordered, where it goes, and what it costs with postage."""
        rules = unit.policies.ordering
        variants = [(_variant(unit, line.sku), line.quantity) for line in details.lines]
        if rules.mode == "off":
            raise Refusal("ordering_not_offered", alternatives=[OfferLine(key="ask_a_person")])
        guest = unit.access.customer_id is None and not unit.access.all_records
        if rules.mode == "checkout_link" or (guest and rules.checkout_url):
            variant, quantity = variants[0]
            link = (rules.checkout_url or "").replace("{sku}", variant.sku).replace("{quantity}", str(quantity))
            raise Refusal("order_at_checkout", values={"url": link})
        for variant, quantity in variants:
            if quantity > rules.maximum_quantity:
                raise Refusal(
                    "too_many_to_order",
                    values={"maximum": rules.maximum_quantity, "sku": variant.sku},
                    alternatives=[OfferLine(key="ask_a_person")],
                )
        customer = customer_of(unit, details.order)
        address = _typed(unit, customer, details.ship_to) or _address(unit, customer, details.address)
        currency = variants[0][0].currency
        draft = _draft(unit, customer, address, currency or unit.policies.shop.currency)
        needed: dict[int, int] = {}
        for variant, quantity in variants:
            needed[variant.id] = needed.get(variant.id, 0) + quantity
        for variant, _ in variants:
            if not can_be_sold(unit, draft, variant, needed[variant.id]):
                raise Refusal(
                    "variant_not_available",
                    values={"sku": variant.sku},
                    alternatives=[OfferLine(key="see_alternatives")],
                )
        goods = sum((variant.price_minor or 0) * quantity for variant, quantity in variants)
        shipping = unit.policies.shipping.charge(draft.country, draft.currency, goods)
        total = goods + (shipping or 0)
        method = choose_method(unit, draft, details.payment_method, total, "charge")
        plan: list[JsonValue] = [
            {"variant_id": variant.id, "quantity": quantity, "price_minor": variant.price_minor}
            for variant, quantity in variants
        ]
        where: dict[str, JsonValue] = {name: getattr(address, name) for name in _PLACE if getattr(address, name)}
        return Offer(
            lines=[_told(unit, variant, quantity) for variant, quantity in variants],
            moves=[method_move(draft, method, total, "charge")],
            notes=[_postage(shipping, draft.currency), OfferLine(key="sent_to", values=where)],
            values={"total_minor": total, "shipping_minor": shipping, "currency": draft.currency},
            plan={
                "customer_id": customer.id,
                "address_id": address.id,
                "ship_to": {name: getattr(address, name) for name in (*_PLACE, "phone")} if details.ship_to else None,
                "lines": plan,
                "goods_minor": goods,
                "shipping_minor": shipping,
            },
        )

    def carry_out(self, unit: Unit, details: PlaceDetails, offer: Offer) -> Outcome:
        """Write the order, put the goods aside, have the money taken and the shop's systems told."""
        plan = offer.plan
        query = select(Customer).where(Customer.id == plan["customer_id"]).with_for_update()
        customer = unit.session.scalars(query).first()
        ship_to = plan["ship_to"]
        address = Address(**ship_to) if isinstance(ship_to, dict) else unit.session.get(Address, plan["address_id"])
        if customer is None or address is None:
            raise ProposalVoid
        lines = plan["lines"]
        assert isinstance(lines, list)  # noqa: S101 - as `offer` made it
        shipping = plan["shipping_minor"]
        order = _draft(unit, customer, address, str(offer.values["currency"]))
        order.shipping_minor = shipping if isinstance(shipping, int) else None
        order.total_minor = order.shipping_minor or 0
        unit.session.add(order)
        unit.session.flush()
        needed: dict[int, int] = {}
        told: list[JsonValue] = []
        for line in lines:
            assert isinstance(line, dict)  # noqa: S101
            variant = unit.session.get(Variant, line["variant_id"])
            quantity, price = line["quantity"], line["price_minor"]
            assert isinstance(quantity, int)  # noqa: S101
            if variant is None or variant.price_minor != price:
                raise ProposalVoid
            cost = (variant.price_minor or 0) * quantity
            add_line(unit.session, order, variant, quantity, cost)
            needed[variant.id] = needed.get(variant.id, 0) + quantity
            told.append({"sku": variant.sku, "quantity": quantity, "unit_price_minor": variant.price_minor})
        held = hold(unit, order, needed)
        request_charge(unit, order, offer.moves[0], self.name)
        effect = unit.effect(
            CREATE,
            order_id=order.id,
            payload={
                "customer": customer.external_id,
                "lines": told,
                "shipping_minor": order.shipping_minor,
                "total_minor": order.total_minor,
                "currency": order.currency,
                **{name: getattr(order, name) for name in _PLACE},
            },
        )
        for goods in held:
            goods.effect_id = effect.id
        unit.audit("order.placed", "order", str(order.id), {"amount_minor": offer.amount_minor})
        return Outcome(values={"order": order.number})


def _variant(unit: Unit, sku: str) -> Variant:
    sold = products.find_variant(unit.session, sku)
    if sold is None:
        raise NotFound
    return sold.variant


def _typed(unit: Unit, customer: Customer, given: ShipTo | None) -> Address | None:
    """The place that was written out, as an address that is not stored."""
    if given is None:
        return None
    country = given.country or customer.country or unit.policies.shop.country
    parts = {name: clean_text(getattr(given, name)) for name in (*_PLACE, "phone")}
    parts |= {"country": country, "postcode": restore_postcode(given.postcode, country)}
    return Address(**{**parts, "recipient": parts["recipient"] or customer.name})


def _address(unit: Unit, customer: Customer, asked: str | None) -> Address:
    book = accounts.addresses(unit.session, customer.id)
    if asked is not None:
        address = next((one for one in book if one.external_id == asked), None)
        if address is None:
            raise NotFound
        return address
    if not book:
        raise Refusal("address_needed", alternatives=[OfferLine(key="ask_a_person")])
    return book[0]


def _draft(unit: Unit, customer: Customer, address: Address, currency: str) -> Order:
    """The order as it would be, without its lines: not stored."""
    number = _free_number(unit)
    return Order(
        source=customer.source,
        external_id=f"desk-{secrets.token_hex(8)}",
        number=number,
        number_key=number_key(number),
        customer_id=customer.id,
        kind="sale",
        sales_channel=CHANNEL,
        state="created",
        placed_at=unit.now,
        timezone=unit.policies.shop.timezone,
        currency=currency,
        subtotal_minor=0,
        discount_minor=0,
        total_minor=0,
        contact_name=customer.name,
        contact_email=customer.email,
        contact_phone=address.phone or customer.phone,
        **{name: getattr(address, name) for name in _PLACE},
    )


def _free_number(unit: Unit) -> str:
    """A number that no order has: shoppers are known by order numbers, so none may stand for two."""
    while True:
        number = f"C{secrets.randbelow(_NUMBERS):08d}"
        if (
            unit.session.scalars(select(Order.id).where(Order.number_key == number_key(number)).limit(1)).first()
            is None
        ):
            return number


def _postage(shipping: int | None, currency: str) -> OfferLine:
    if shipping is None:
        return OfferLine(key="shipping_added_by_shop")
    if shipping == 0:
        return OfferLine(key="shipping_free")
    return OfferLine(key="shipping_included", values={"shipping_minor": shipping, "currency": currency})


def _told(unit: Unit, variant: Variant, quantity: int) -> OfferLine:
    product = unit.session.get(Product, variant.product_id)
    options: dict[str, JsonValue] = dict(variant.options)
    return OfferLine(
        key="line_ordered",
        values={
            "title": product.name if product else None,
            "sku": variant.sku,
            "options": options,
            "quantity": quantity,
            "unit_price_minor": variant.price_minor,
            "currency": variant.currency,
        },
    )
