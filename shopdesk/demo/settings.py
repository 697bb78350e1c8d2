"""What `data/demo/*.yml` may say, checked when read: a slip is an error that names the file's key."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from shopdesk_schemas.crm import ScanCode

DEFAULT_DIRECTORY = Path(__file__).resolve().parents[2] / "data" / "demo"

Language = Literal["en", "zh"]
PlaceKind = Literal["origin", "hub", "gateway", "depot", "town", "store"]


class _Setting(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Setting):
    """The same in each language of the shop."""

    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)

    def of(self, language: str) -> str:
        """The words in `language`; English where the shop does not speak it."""
        return self.zh if language == "zh" else self.en


class OptionValue(Words):
    """One value of an option and its letters in a SKU."""

    sku: str


class Option(_Setting):
    """Something a variant is chosen by."""

    name: Words
    values: dict[str, OptionValue]


class ProductFacts(_Setting):
    """Keys into `facts.yml`."""

    material: str | None = None
    care: str | None = None
    size_chart: str | None = None


class ProductSetting(_Setting):
    """One product. `price` is in pence, for all variants or by the value of one option."""

    code: str = Field(pattern=r"^[A-Z]{2}\d{3}$")
    name: Words
    about: Words
    category: str
    fit: Literal["women", "men", "unisex"] | None = None
    kind: Literal["item", "gift_voucher"] = "item"
    markets: list[str] | None = Field(default=None, description="Currencies it is sold in; all when not given.")
    price: int | dict[str, dict[str, int]]
    options: dict[str, list[str]] = Field(default_factory=dict)
    facts: ProductFacts
    season: str | None = None
    popularity: int = Field(default=2, ge=1, le=5)
    gift: bool = False
    repeat_days: int | None = Field(default=None, gt=0)
    goes_with: list[str] = Field(default_factory=list)

    def pence(self, choices: dict[str, str]) -> int:
        """The price in pence of the variant with these `choices` (option key to value key)."""
        if isinstance(self.price, int):
            return self.price
        ((option, by_value),) = self.price.items()
        return by_value[choices[option]]


class Facts(_Setting):
    """Shared facts about products."""

    categories: dict[str, Words]
    brands: dict[str, str]
    labels: dict[str, Words]
    material: dict[str, Words]
    care: dict[str, Words]
    size_charts: dict[str, dict[str, dict[str, tuple[int, int]]]]


class PriceRule(_Setting):
    """How pence become a market's price points; see `money.price_point`."""

    per_thousand: int = Field(gt=0)
    step: int = Field(gt=0)
    less: int = Field(ge=0)


class Shipping(_Setting):
    """What shipping costs, in minor units, and from which basket on it is free."""

    fee: int
    free_from: int


class Market(_Setting):
    """A country the shop sells to."""

    share: int
    currency: str
    language: Language
    timezone: str
    price: PriceRule
    shipping: Shipping
    tax_per_mille: int
    promise_days: tuple[int, int]
    plug: str
    carriers: dict[str, int]
    collect_share: int
    methods: dict[str, int]


class Method(_Setting):
    """A way to pay."""

    kind: Literal["card", "wallet", "bank"]
    brand: str


class OrderNumbers(_Setting):
    """How orders are numbered."""

    format: str
    first: int
    numbers_per_day: int


class ShopSetting(_Setting):
    """`shop.yml`."""

    timezone: str
    source: str
    history_days: int
    order_numbers: OrderNumbers
    markets: dict[str, Market]
    methods: dict[str, Method]
    mishaps: dict[str, int]
    source_states: dict[str, str]
    refund_reasons: dict[str, list[str]]


class BuyerKind(_Setting):
    """How one kind of customer buys."""

    share: int
    likes: dict[str, int]
    lines: list[int]
    since_days: tuple[int, int]
    until_days: tuple[int, int] | None = None
    every_days: int | None = None
    repeats: bool = False
    favourites: tuple[int, int] = (0, 0)
    discover_per_mille: int = 0
    only_gifts: bool = False
    orders: int | None = None
    months: dict[int, int] | None = None


class Season(_Setting):
    """When something sells; weights in tenths."""

    months: list[int]
    inside: int
    outside: int


class Behaviour(_Setting):
    """`behaviour.yml`."""

    kinds: dict[str, BuyerKind]
    guests_per_hundred_customers: int
    companion_per_mille: int
    repeat_spread_per_mille: int
    months: dict[int, int]
    seasons: dict[str, Season]


class GivenName(_Setting):
    """A name and how it is written in a mail address."""

    name: str
    mail: str


class Place(_Setting):
    """A city people live in; `postcode` is a pattern."""

    city: str
    region: str
    postcode: str
    weight: int
    district: str | None = None
    timezone: str | None = None


class Country(_Setting):
    """Names, streets and phone shapes of a country."""

    phones: list[str]
    phones_with_code: str | None = None
    name_order: Literal["given-first", "family-first"]
    address_order: Literal["number-first", "street-first", "chinese"]
    female: list[str | GivenName]
    male: list[str | GivenName]
    family: list[str | GivenName]
    streets: list[str]
    extras: list[str]
    places: list[Place]
    labels: dict[str, str]


class People(_Setting):
    """`people.yml`."""

    mail_domains: list[str]
    countries: dict[str, Country]
    chinese_abroad_per_mille: int


class ScanStep(_Setting):
    """One scan of a normal journey; `between` is local time of its place."""

    code: ScanCode
    place: PlaceKind
    between: tuple[str, str]
    days: int = 0


class Carrier(_Setting):
    """Who carries parcels, and how."""

    name: str
    service: str
    tracking: str | None
    language: Language
    origin: str
    sundays: bool
    hub: str
    gateway: str | None = None
    depot: str
    promise_extra: int = 0
    scans: list[ScanStep]


class Origin(_Setting):
    """Where parcels start."""

    place: str
    timezone: str


class CarrierWords(_Setting):
    """`carrier-words.yml`."""

    origins: dict[str, Origin]
    words: dict[Language, dict[ScanCode, str]]
    notes: dict[str, Words]


class StoreSetting(_Setting):
    """One store; `holidays` are month-day to hours, `stocks` the share of products it keeps, in per cent."""

    id: str
    name: Words
    line1: str
    city: str
    region: str
    postcode: str
    country: str
    latitude: float
    longitude: float
    phone: str
    timezone: str
    hours: dict[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], list[str]]
    holidays: dict[str, list[str]]
    stocks: int


class StoryPerson(_Setting):
    """Someone with a fixed name and address; `place` is the index of the city in the country's list."""

    name: str
    country: str
    mail: str
    phone: str
    place: int
    street: str
    postcode: str
    given: str | None = None
    gender: Literal["female", "male"] | None = None
    language: Language | None = None
    guest: bool = False
    kind: str | None = None
    card: str | None = Field(default=None, pattern=r"^\d{4}$")
    gift_card: int | None = Field(default=None, description="Balance in minor units of the market's currency.")


class StoryParcel(_Setting):
    """A parcel: day, local time, scan, place, and the key of a note in `carrier-words.yml`."""

    carrier: str
    lines: list[int]
    scans: list[tuple[int, str, ScanCode, PlaceKind] | tuple[int, str, ScanCode, PlaceKind, str]]
    store: str | None = None


class StoryRefund(_Setting):
    """A refund: of everything, or of some `lines`."""

    state: Literal["requested", "pending", "paid"]
    reason: str
    target: Literal["original", "gift_card"]
    lines: list[int] | None = None


class StoryOrder(_Setting):
    """One fixed order; days count from the business day."""

    key: str
    person: str
    placed: tuple[int, str]
    state: Literal["created", "approved", "invoiced", "processing", "shipped", "delivered", "unavailable", "cancelled"]
    promised: int
    lines: list[tuple[str, dict[str, str], int]]
    parcels: list[StoryParcel] = Field(default_factory=list)
    cancelled: tuple[int, str] | None = None
    payment: Literal["failed"] | None = None
    gift_card_part: int = 0
    refund: StoryRefund | None = None
    on_card: Words | None = None


class Stories(_Setting):
    """`stories.yml`."""

    people: dict[str, StoryPerson]
    orders: list[StoryOrder]


Moment = tuple[int, str]
"""Days from the business day, and a local time."""


ReturnStep = Literal["requested", "approved", "sent", "received", "inspected", "settled", "closed"]


class DeskReturn(_Setting):
    """A return of a story's order. `reached` says when it came to each step; `wanted` are an exchange's new choices."""

    order: str
    kind: Literal["refund", "exchange"]
    reason: str
    lines: list[tuple[int, int]]
    method: Literal["label", "pickup", "own"]
    reached: dict[ReturnStep, Moment]
    state: str
    target: Literal["original", "gift_card"] = "original"
    wanted: dict[str, str] | None = None
    kept_in: str | None = Field(default=None, description="The store that put the new variant aside.")
    carrier: str | None = None
    tracking_number: str | None = None


class DeskClaim(_Setting):
    """A claim about a story's first parcel."""

    order: str
    kind: Literal["late", "lost", "damaged", "missing_item", "wrong_item", "not_received"]
    resolution: Literal["trace", "refund", "resend"]
    lines: list[tuple[int, int]]
    words: str
    made: Moment
    settled: Moment | None = None
    state: Literal["open", "granted", "refused"]


class DeskChase(_Setting):
    """That the carrier of a story's first parcel was asked."""

    order: str
    at: Moment


class DeskInvoice(_Setting):
    """A tax invoice for a story's order; the buyer's own name where no title is given."""

    order: str
    type: Literal["personal", "company"]
    state: Literal["requested", "issued", "sent"]
    requested: Moment
    title: str | None = None
    tax_number: str | None = None
    number: str | None = None
    issued: Moment | None = None
    sent: Moment | None = None


class DeskReservation(_Setting):
    """Goods that a store keeps for one of the stories' people."""

    person: str
    store: str
    item: tuple[str, dict[str, str]]
    quantity: int
    state: Literal["reserved", "ready", "collected", "expired", "cancelled"]
    made: Moment
    hold_days: int
    settled: Moment | None = None


class Desk(_Setting):
    """`desk.yml`."""

    returns: list[DeskReturn]
    claims: list[DeskClaim]
    chases: list[DeskChase]
    invoices: list[DeskInvoice]
    reservations: list[DeskReservation]
    points_per_thousand: dict[str, int]


class SupplierSetting(_Setting):
    """Somebody who sells to the shop."""

    id: str
    name: str
    email: str
    phone: str | None = None
    country: str
    lead_time_days: int


class PurchaseSetting(_Setting):
    """An order with a supplier; days count from the business day."""

    id: str
    number: str
    supplier: str
    state: Literal["placed", "confirmed", "shipped", "partly_received", "received"]
    placed: int
    promised: int
    received: int | None = None
    lines: list[tuple[str, int, int]]


class Repriced(_Setting):
    """How many of a hundred variants once cost something else, and what, in thousandths of today's price."""

    share: int
    per_mille: list[int]


class Supply(_Setting):
    """`supply.yml`."""

    suppliers: list[SupplierSetting]
    purchase_orders: list[PurchaseSetting]
    cost_per_mille: int
    repriced: Repriced


class DemoSettings(_Setting):
    """All of `data/demo`."""

    shop: ShopSetting
    options: dict[str, Option]
    facts: Facts
    products: list[ProductSetting]
    behaviour: Behaviour
    people: People
    carriers: dict[str, Carrier]
    tracking_pages: CarrierWords
    stores: list[StoreSetting]
    stories: Stories
    desk: Desk
    supply: Supply

    @model_validator(mode="after")
    def _references_resolve(self) -> DemoSettings:
        missing = sorted(set(self._unresolved()))
        if missing:
            raise ValueError("these names are used and not defined: " + ", ".join(missing))
        return self

    def _unresolved(self) -> Iterator[str]:
        codes = {product.code for product in self.products}
        for product in self.products:
            yield from (f"{product.code} goes_with {code}" for code in product.goes_with if code not in codes)
            if product.category not in self.facts.categories:
                yield f"{product.code} category {product.category}"
            if product.season is not None and product.season not in self.behaviour.seasons:
                yield f"{product.code} season {product.season}"
            for name, values in product.options.items():
                known = self.options[name].values if name in self.options else {}
                yield from (f"{product.code} {name} {value}" for value in values if value not in known)
            for name, table in (
                ("material", self.facts.material),
                ("care", self.facts.care),
                ("size_chart", self.facts.size_charts),
            ):
                key = getattr(product.facts, name)
                if key is not None and key not in table:
                    yield f"{product.code} {name} {key}"
        for country, market in self.shop.markets.items():
            yield from (f"{country} carrier {name}" for name in market.carriers if name not in self.carriers)
            yield from (f"{country} method {name}" for name in market.methods if name not in self.shop.methods)
            if country not in self.people.countries:
                yield f"people of {country}"
        stores = {store.id for store in self.stores}
        for order in self.stories.orders:
            if order.person not in self.stories.people:
                yield f"{order.key} person {order.person}"
            for parcel in order.parcels:
                if parcel.carrier not in self.carriers:
                    yield f"{order.key} carrier {parcel.carrier}"
                if parcel.store is not None and parcel.store not in stores:
                    yield f"{order.key} store {parcel.store}"
        told = {order.key for order in self.stories.orders}
        desk = self.desk
        named = [spec.order for group in (desk.returns, desk.claims, desk.chases, desk.invoices) for spec in group]
        yield from (f"desk order {order}" for order in named if order not in told)
        for kept in desk.reservations:
            if kept.person not in self.stories.people:
                yield f"desk person {kept.person}"
            if kept.item[0] not in codes:
                yield f"desk item {kept.item[0]}"
        suppliers = {supplier.id for supplier in self.supply.suppliers}
        for purchase in self.supply.purchase_orders:
            if purchase.supplier not in suppliers:
                yield f"{purchase.number} supplier {purchase.supplier}"
            yield from (f"{purchase.number} item {code}" for code, _, _ in purchase.lines if code not in codes)


def _read(path: Path) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with path.open(encoding="utf-8") as file:
        return yaml.load(file, Loader=loader)  # noqa: S506 - a safe loader, the C one where it is built


@cache
def load_settings(directory: Path = DEFAULT_DIRECTORY) -> DemoSettings:
    """The settings in `directory`.

    Raises pydantic.ValidationError naming the key that is wrong, OSError when a file is missing.
    """
    return DemoSettings.model_validate(
        {
            "shop": _read(directory / "shop.yml"),
            "options": _read(directory / "options.yml"),
            "facts": _read(directory / "facts.yml"),
            "products": [
                product for path in sorted((directory / "catalogue").glob("*.yml")) for product in _read(path)
            ],
            "behaviour": _read(directory / "behaviour.yml"),
            "people": _read(directory / "people.yml"),
            "carriers": _read(directory / "carriers.yml"),
            "tracking_pages": _read(directory / "carrier-words.yml"),
            "stores": _read(directory / "stores.yml"),
            "stories": _read(directory / "stories.yml"),
            "desk": _read(directory / "desk.yml"),
            "supply": _read(directory / "supply.yml"),
        }
    )
