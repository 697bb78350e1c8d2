"""Another variant of the same product: which is meant, whether it can be had, and what it costs within an order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import JsonValue
from sqlalchemy import select

from crm_backend.changes.kind import Refusal
from crm_backend.changes.unit import Unit
from crm_backend.normalise import sku_key
from crm_backend.orders.models import Order
from crm_backend.orders.repository import CataloguedLine
from crm_backend.products.models import Variant
from crm_backend.supply.holds import can_have
from shopdesk_schemas.changes import OfferLine

ALTERNATIVES = 10
"""How many other variants a refusal names."""


def other_variant(unit: Unit, order: Order, line: CataloguedLine, sku: str, quantity: int) -> Variant:
    """The variant with this SKU, of the line's own product, that the shop can send `quantity` of.

    Raises Refusal: same_variant, other_product, variant_without_price, variant_not_available, line_not_catalogued.
    """
    values: dict[str, JsonValue] = {"line_number": line.line.line_number, "sku": sku}
    if line.product is None:
        raise Refusal("line_not_catalogued", values=values, alternatives=[OfferLine(key="ask_a_person")])
    siblings = unit.session.scalars(
        select(Variant).where(Variant.product_id == line.product.id).order_by(Variant.id)
    ).all()
    others = [one for one in siblings if one.id != line.line.variant_id and can_be_sold(unit, order, one, quantity)]
    alternatives = [choice(one) for one in others[:ALTERNATIVES]] or [OfferLine(key="ask_a_person")]
    wanted = next((one for one in siblings if one.sku_key == sku_key(sku)), None)
    if wanted is None:
        raise Refusal("other_product", values=values, alternatives=alternatives)
    if wanted.id == line.line.variant_id:
        raise Refusal("same_variant", values=values, alternatives=alternatives)
    if wanted.price_minor is None or wanted.currency != order.currency:
        raise Refusal("variant_without_price", values=values, alternatives=alternatives)
    if not can_have(unit.session, unit.policies.fulfilment, order, wanted, quantity):
        raise Refusal("variant_not_available", values=values, alternatives=alternatives)
    return wanted


def can_be_sold(unit: Unit, order: Order, variant: Variant, quantity: int) -> bool:
    """Whether it has a price in the order's currency and is there."""
    return (
        variant.price_minor is not None
        and variant.currency == order.currency
        and can_have(unit.session, unit.policies.fulfilment, order, variant, quantity)
    )


def check_together(unit: Unit, order: Order, wanted: Mapping[int, int], variants: Sequence[Variant]) -> None:
    """Raises Refusal when lines that want the same variant want more than there is together."""
    for variant in variants:
        if not can_have(unit.session, unit.policies.fulfilment, order, variant, wanted[variant.id]):
            raise Refusal(
                "variant_not_available",
                values={"sku": variant.sku, "quantity": wanted[variant.id]},
                alternatives=[OfferLine(key="ask_a_person")],
            )


def choice(variant: Variant) -> OfferLine:
    """A variant that could be chosen instead."""
    options: dict[str, JsonValue] = dict(variant.options)
    return OfferLine(
        key="choose_variant",
        values={
            "sku": variant.sku,
            "options": options,
            "price_minor": variant.price_minor,
            "currency": variant.currency,
        },
    )


def price_of(variant: Variant, quantity: int, *, paid_minor: int, listed_minor: int, keeps_discount: bool) -> int:
    """What `quantity` of the variant cost, minor units: its price, or that less the discount that the old ones had.

    `paid_minor` was paid for the old ones, which were listed at `listed_minor`. Half a unit is rounded up.
    """
    price = (variant.price_minor or 0) * quantity
    return reduced(price, paid_minor=paid_minor, listed_minor=listed_minor) if keeps_discount else price


def reduced(price_minor: int, *, paid_minor: int, listed_minor: int) -> int:
    """A price less the discount of goods that were listed at `listed_minor` and for which `paid_minor` was paid."""
    if listed_minor <= 0 or paid_minor >= listed_minor:
        return price_minor
    return (2 * price_minor * paid_minor + listed_minor) // (2 * listed_minor)
