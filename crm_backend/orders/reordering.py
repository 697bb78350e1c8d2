"""`order.reorder`: the same goods once more, at today's prices, to where the order went."""

from __future__ import annotations

from pydantic import Field, JsonValue

from crm_backend.changes.kind import ChangeKind, Details, Offer, Outcome, Refusal
from crm_backend.changes.unit import Unit
from crm_backend.orders import repository
from crm_backend.orders.models import Order
from crm_backend.orders.repository import CataloguedLine
from crm_backend.payments.charging import choose_method, method_move
from crm_backend.payments.repository import GOODS
from crm_backend.policies.changes import ChangeTerms
from crm_backend.products.models import Variant
from crm_backend.products.variants import can_be_sold
from crm_backend.supply.holds import hold
from shopdesk_schemas.changes import OfferLine
from shopdesk_schemas.problems import FieldProblem, InvalidInput

PLACE = "order.place"
"""The kind of effect that has the shop's system place an order; it comes back as any other order does."""


class ReorderedLine(Details):
    """A line of the old order."""

    line_number: int = Field(ge=1, le=1_000_000)
    quantity: int | None = Field(default=None, ge=1, le=10_000, description="As many as before when not given.")


class ReorderDetails(Details):
    """What is wanted again."""

    order: str = Field(min_length=1, max_length=100, description="The old order's number, as typed.")
    lines: list[ReorderedLine] | None = Field(
        default=None, min_length=1, max_length=500, description="All goods that can be had when not given."
    )
    payment_method: str | None = Field(default=None, max_length=200, description="A saved method's external id.")


class Reorder(ChangeKind[ReorderDetails]):
    """The kind."""

    name = "order.reorder"
    details = ReorderDetails
    terms = ChangeTerms(level="customer")

    def offer(self, unit: Unit, details: ReorderDetails) -> Offer:
        """What would be ordered, and what it costs today."""
        order = unit.find_order(details.order)
        goods = {
            one.line.line_number: one
            for one in repository.lines(unit.session, [order.id])
            if one.line.kind in GOODS and one.line.variant_id is not None
        }
        wanted = _wanted(details, goods)
        needed: dict[int, int] = {}
        there: dict[int, tuple[Variant, int]] = {}
        gone: list[OfferLine] = []
        for number, quantity in wanted.items():
            line = goods[number]
            variant = line.variant
            together = needed.get(line.line.variant_id or 0, 0) + quantity
            if variant is None or not can_be_sold(unit, order, variant, together):
                gone.append(
                    OfferLine(
                        key="line_not_to_be_had",
                        values={"line_number": number, "title": line.line.title, "sku": line.line.sku},
                    )
                )
                continue
            needed[variant.id] = together
            there[number] = (variant, quantity)
        if not there or (gone and details.lines is not None):
            rest: list[JsonValue] = list(there)
            alternatives = [OfferLine(key="reorder_lines", values={"line_numbers": rest})] if there else []
            raise Refusal("not_to_be_had", alternatives=[*alternatives, *gone])
        total = sum((variant.price_minor or 0) * quantity for variant, quantity in there.values())
        if total <= 0:
            raise Refusal("order_without_prices", alternatives=[OfferLine(key="ask_a_person")])
        shipping = unit.policies.shipping.charge(order.country, order.currency, total)
        total += shipping or 0
        method = choose_method(unit, order, details.payment_method, total, "charge")
        plan: list[JsonValue] = [
            {
                "variant_id": variant.id,
                "sku": variant.sku,
                "quantity": quantity,
                "unit_price_minor": variant.price_minor,
            }
            for variant, quantity in there.values()
        ]
        return Offer(
            order_id=order.id,
            lines=[_told(goods[number], variant, quantity) for number, (variant, quantity) in there.items()],
            moves=[method_move(order, method, total, "charge")],
            notes=[_postage(shipping, order.currency), OfferLine(key="same_address"), *gone],
            values={"order": order.number, "shipping_minor": shipping},
            plan={"lines": plan, "shipping_minor": shipping},
        ).rests_on(order)

    def carry_out(self, unit: Unit, details: ReorderDetails, offer: Offer) -> Outcome:
        """Put the goods aside and ask the shop's system for the order."""
        order = unit.session.get_one(Order, offer.order_id)
        lines = offer.plan["lines"]
        assert isinstance(lines, list)  # noqa: S101 - as `offer` made it
        needed: dict[int, int] = {}
        told: list[JsonValue] = []
        for line in lines:
            assert isinstance(line, dict)  # noqa: S101
            variant_id, quantity = line["variant_id"], line["quantity"]
            assert isinstance(variant_id, int)  # noqa: S101
            assert isinstance(quantity, int)  # noqa: S101
            needed[variant_id] = needed.get(variant_id, 0) + quantity
            told.append({name: value for name, value in line.items() if name != "variant_id"})
        held = hold(unit, order, needed)
        effect = unit.effect(
            PLACE,
            order_id=order.id,
            payload={
                "like_order": order.number,
                "lines": told,
                "shipping_minor": offer.plan["shipping_minor"],
                "payment": offer.moves[0].model_dump(mode="json", exclude={"direction"}),
            },
        )
        unit.session.flush()
        for goods in held:
            goods.effect_id = effect.id
        unit.audit("order.reordered", "order", str(order.id), {"amount_minor": offer.amount_minor})
        return Outcome(values={"like_order": order.number})


def _postage(shipping: int | None, currency: str) -> OfferLine:
    if shipping is None:
        return OfferLine(key="shipping_added_by_shop")
    if shipping == 0:
        return OfferLine(key="shipping_free")
    return OfferLine(key="shipping_included", values={"shipping_minor": shipping, "currency": currency})


def _wanted(details: ReorderDetails, goods: dict[int, CataloguedLine]) -> dict[int, int]:
    if details.lines is None:
        if not goods:
            raise Refusal("line_not_catalogued", alternatives=[OfferLine(key="ask_a_person")])
        return {number: line.line.quantity for number, line in goods.items()}
    wanted: dict[int, int] = {}
    for index, asked in enumerate(details.lines):
        if asked.line_number not in goods or asked.line_number in wanted:
            raise InvalidInput(
                errors=[
                    FieldProblem(
                        field=f"body.details.lines.{index}.line_number",
                        message="is given twice" if asked.line_number in wanted else "cannot be ordered again",
                    )
                ]
            )
        wanted[asked.line_number] = asked.quantity or goods[asked.line_number].line.quantity
    return wanted


def _told(line: CataloguedLine, variant: Variant, quantity: int) -> OfferLine:
    options: dict[str, JsonValue] = dict(variant.options)
    return OfferLine(
        key="line_ordered_again",
        values={
            "line_number": line.line.line_number,
            "title": line.line.title,
            "sku": variant.sku,
            "options": options,
            "quantity": quantity,
            "unit_price_minor": variant.price_minor,
            "currency": variant.currency,
        },
    )
