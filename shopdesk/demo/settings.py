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
        }
    )
