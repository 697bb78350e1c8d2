"""The CRM's answers as the resolver's candidates: each thing asked for once a message, what is independent together."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from actions.crm_client import CrmNotFound, Language
from actions.desk import Desk, Turn
from actions.goods_called import product_titles
from actions.resolver import (
    AddressCandidate,
    LineCandidate,
    OrderCandidate,
    OrderState,
    PaymentKind,
    PaymentMethodCandidate,
    VariantCandidate,
)
from shopdesk_schemas.account import AddressView, PaymentMethodView
from shopdesk_schemas.crm import OrderLineView, OrderSummary, OrderView, PolicyExplanation
from shopdesk_schemas.products import ProductView, VariantView
from shopdesk_schemas.returns import Returnable, ReturnView

ORDERS_READ = 12
"""How many orders are looked into, newest first, to find out which is meant."""

_GOODS = frozenset({"item", "sample", "gift_voucher"})
_STATES: dict[str, OrderState] = {"shipped": "shipped", "delivered": "delivered"}
_CLOSED = frozenset({"cancelled", "unavailable"})
_LATIN_WORD = re.compile(r"[A-Za-z]{3,}")
_GONE = frozenset({"out_of_stock", "discontinued"})
_PAYMENT_KINDS: dict[str, PaymentKind] = {"bank": "bank_transfer"}


class Records:
    """What the shopper may see, as far as it was needed for this message."""

    def __init__(self, desk: Desk, turn: Turn, policies: PolicyExplanation) -> None:
        self._crm = desk.crm
        self._conversation = turn.conversation_id
        self.policies = policies
        self.today: date = desk.clock.now().astimezone(ZoneInfo(policies.shop.timezone)).date()
        self._languages: tuple[Language, ...] = (turn.language,)
        if turn.language == "zh" and _LATIN_WORD.search(turn.text):
            # Products are often called by their English names in a Chinese sentence.
            self._languages = ("zh", "en")
        self._summaries: list[OrderSummary] | None = None
        self._orders: dict[str, tuple[OrderView, ...]] = {}
        self._products: dict[str, tuple[ProductView, ...]] = {}
        self._addresses: list[AddressView] | None = None
        self._methods: list[PaymentMethodView] | None = None
        self._returns: list[ReturnView] | None = None
        self._returnable: dict[str, Returnable] = {}

    async def summaries(self) -> list[OrderSummary]:
        """The shopper's orders, newest first."""
        if self._summaries is None:
            self._summaries = (await self._crm.orders(self._conversation, self._languages[0])).orders
        return self._summaries

    async def currency(self, spoken: Sequence[str] = ()) -> str:
        """What the shopper pays in: of the order `spoken` of, else of the newest, else the shop's."""
        summaries = await self.summaries()
        own = next((each for each in summaries if each.number in spoken[:1]), None) or next(iter(summaries), None)
        return own.currency if own is not None else self.policies.shop.currency

    async def order(self, number: str) -> OrderView:
        """An order by its or a parcel's number. Raises `CrmNotFound`."""
        if number not in self._orders:
            views = await asyncio.gather(
                *(self._crm.order(self._conversation, number, language) for language in self._languages)
            )
            self._orders[number] = self._orders[views[0].number] = tuple(views)
        return self._orders[number][0]

    def known(self, number: str) -> OrderView | None:
        """An order that was read already."""
        return self._orders[number][0] if number in self._orders else None

    async def orders(self, numbers: Iterable[str]) -> list[OrderView]:
        """Several orders."""
        return list(await asyncio.gather(*(self.order(number) for number in numbers)))

    async def order_candidates(self, numbers: Sequence[str]) -> list[OrderCandidate]:
        """Orders with their lines."""
        await self.orders(numbers)
        return [self._order_candidate(number) for number in numbers]

    def read(self) -> list[OrderCandidate]:
        """All orders that were read so far, with their lines."""
        return [self._order_candidate(number) for number in self._orders]

    def lines(self, number: str, *, gone: bool = False) -> list[LineCandidate]:
        """The lines with goods of an order that was read, of which something is left; with `gone` the others too."""
        views = self._orders[number]
        delivered = _delivered_on(views[0])
        return [
            LineCandidate(
                order=views[0].number,
                line_number=line.line_number,
                titles=_titles(views, index),
                sku=line.sku,
                options=line.options,
                other_options=[*(view.lines[index].options for view in views[1:]), *line.other_options],
                quantity=line.quantity,
                open_quantity=left_of(line),
                unit_price_minor=line.unit_price_minor,
                delivered_on=delivered,
                categories=[name for view in views if (name := view.lines[index].category)],
            )
            for index, line in enumerate(views[0].lines)
            if line.kind in _GOODS and (gone or left_of(line) > 0)
        ]

    def line(self, key: str) -> LineCandidate | None:
        """A line of an order that was read, by its key."""
        number = key.rpartition("/")[0]
        if number not in self._orders:
            return None
        return next((line for line in self.lines(number) if line.key == key), None)

    async def variants(self, sku: str | None) -> list[VariantCandidate]:
        """What a line with this SKU could become: the variants of its product; none where it is not catalogued."""
        if sku is None:
            return []
        if sku not in self._products:
            try:
                self._products[sku] = tuple(
                    await asyncio.gather(*(self._crm.product(sku, language) for language in self._languages))
                )
            except CrmNotFound:
                self._products[sku] = ()
        products = self._products[sku]
        if not products:
            return []
        by_sku = [{variant.sku: variant for variant in product.variants} for product in products]
        titles = product_titles(products)
        return [_variant(variant, products[0], by_sku[1:], titles) for variant in products[0].variants]

    async def addresses(self) -> list[AddressView]:
        """The address book; empty for who is not known as a customer."""
        if self._addresses is None:
            try:
                self._addresses = (await self._crm.addresses(self._conversation)).addresses
            except CrmNotFound:
                self._addresses = []
        return self._addresses

    async def returns(self) -> list[ReturnView]:
        """The shopper's returns, newest first."""
        if self._returns is None:
            self._returns = (await self._crm.returns(self._conversation, self._languages[0])).returns
        return self._returns

    async def returnable(self, number: str) -> Returnable:
        """What of an order may come back, by the CRM."""
        if number not in self._returnable:
            self._returnable[number] = await self._crm.returnable(self._conversation, number, self._languages[0])
        return self._returnable[number]

    async def methods(self) -> list[PaymentMethodView]:
        """The saved ways to pay; empty for who is not known as a customer."""
        if self._methods is None:
            try:
                self._methods = (await self._crm.payment_methods(self._conversation)).payment_methods
            except CrmNotFound:
                self._methods = []
        return self._methods

    def _order_candidate(self, number: str) -> OrderCandidate:
        view = self._orders[number][0]
        return OrderCandidate(
            number=view.number,
            placed_on=view.placed_at.astimezone(ZoneInfo(view.timezone)).date(),
            state="cancelled" if view.state in _CLOSED else _STATES.get(view.state, "open"),
            total_minor=view.total_minor or 0,
            currency=view.currency,
            lines=self.lines(number),
            delivered_on=_delivered_on(view),
        )


def left_of(line: OrderLineView) -> int:
    """How many of a line were neither cancelled nor given back."""
    return line.quantity - line.cancelled_quantity - line.returned_quantity


def address_candidate(address: AddressView) -> AddressCandidate:
    """An address of the book."""
    return AddressCandidate(
        key=address.id,
        lines=[line for line in (address.line1, address.line2) if line],
        city=address.city or "",
        district=address.district or "",
        region=address.region or "",
        postcode=address.postcode or "",
        country=address.country or "",
        recipient=address.recipient or "",
        phone=address.phone or "",
        label=address.label or "",
        is_default=address.is_default,
    )


def address_details(address: AddressCandidate) -> dict[str, str]:
    """The fields of the CRM's address."""
    fields = {
        "recipient": address.recipient,
        "phone": address.phone,
        "line1": address.lines[0] if address.lines else "",
        "line2": ", ".join(address.lines[1:]),
        "district": address.district,
        "city": address.city,
        "region": address.region,
        "postcode": address.postcode,
        "country": address.country,
    }
    return {name: value for name, value in fields.items() if value}


def address_of(order: OrderView) -> dict[str, str]:
    """Where an order goes, as fields of the CRM's address, without whom to; empty where that is not open."""
    if order.delivery is None:
        return {}
    names = ("line1", "line2", "district", "city", "region", "postcode", "country")
    return {name: value for name in names if (value := getattr(order.delivery, name))}


def method_candidate(method: PaymentMethodView) -> PaymentMethodCandidate:
    """A saved way to pay."""
    kinds: dict[str, PaymentKind] = {"card": "card", "wallet": "wallet", "gift_card": "gift_card", **_PAYMENT_KINDS}
    return PaymentMethodCandidate(
        key=method.id,
        kind=kinds[method.kind],
        brand=method.brand or "",
        last4=method.last4 or "",
        is_default=method.is_default,
    )


def _titles(views: Sequence[OrderView], index: int) -> list[str]:
    own = [title for view in views if (title := view.lines[index].title)]
    return list(dict.fromkeys([*own, *views[0].lines[index].other_titles]))


def _delivered_on(view: OrderView) -> date | None:
    zone = ZoneInfo(view.timezone)
    days = [each.delivered_at.astimezone(zone).date() for each in view.shipments if each.delivered_at is not None]
    return max(days) if days else None


def _variant(
    variant: VariantView, product: ProductView, others: Sequence[dict[str, VariantView]], titles: Sequence[str]
) -> VariantCandidate:
    return VariantCandidate(
        sku=variant.sku,
        titles=titles,
        product=product.external_id,
        options=variant.options,
        other_options=[
            *(other[variant.sku].options for other in others if variant.sku in other),
            *variant.other_options,
        ],
        price_minor=variant.price_minor,
        available=variant.availability not in _GONE,
        facts={name: str(value) for name, value in product.attributes.items() if isinstance(value, str | int | float)},
    )
