"""Who buys: customers with accounts and guests, their addresses and saved ways to pay."""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from crm_backend.pipeline.canonical.columns import Record
from crm_backend.pipeline.canonical.customers import ADDRESSES, CUSTOMERS, PAYMENT_METHODS
from shopdesk.demo.patterns import Unique, fill
from shopdesk.demo.settings import Country, DemoSettings, GivenName, Market, Place, StoryPerson

_FOLDED = str.maketrans({"ß": "ss", "ı": "i", "ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "ø": "o", "œ": "oe"})

COMMON_COLOURS = ("navy", "black", "white", "oatmeal", "sage", "forest", "terracotta", "ivory", "mustard", "charcoal")


@dataclass(frozen=True, slots=True)
class SavedMethod:
    """A saved way to pay. `balance` is in minor units, for gift cards."""

    external_id: str
    key: str
    kind: str
    brand: str | None
    last4: str | None
    balance: int | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """An address and where it lies."""

    fields: dict[str, str | None]
    place: Place
    timezone: str
    label: str | None = None


@dataclass(slots=True)
class Person:
    """A buyer. `external_id` is None for a guest. `since` and `until` are days before the business day."""

    key: str
    external_id: str | None
    name: str
    given_name: str
    gender: str | None
    email: str
    phone: str | None
    language: str
    country: str
    market: Market
    homes: list[Home]
    methods: list[SavedMethod]
    kind: str
    sizes: dict[str, str]
    colours: tuple[str, ...]
    birth_date: date | None = None
    registered_at: datetime | None = None
    attributes: dict[str, Any] = field(default_factory=dict)

    @property
    def home(self) -> Home:
        """Where parcels go."""
        return self.homes[0]

    def saved(self, kind: str) -> SavedMethod | None:
        """The first saved method of a kind."""
        return next((method for method in self.methods if method.kind == kind), None)


class Registry:
    """Makes people, each with a mail address and phone number of their own."""

    def __init__(self, settings: DemoSettings) -> None:
        self._settings = settings
        story_people = settings.stories.people.values()
        self._phones = Unique(frozenset(person.phone for person in story_people))
        self._mails: set[str] = set()
        self._mails.update(person.mail for person in story_people)

    def person(self, rng: random.Random, key: str, external_id: str | None, kind: str) -> Person:
        """Someone made up; a guest when `external_id` is None."""
        markets = self._settings.shop.markets
        country = rng.choices(list(markets), [market.share for market in markets.values()])[0]
        market = markets[country]
        people = self._settings.people
        abroad = country == "GB" and rng.randrange(1000) < people.chinese_abroad_per_mille
        names = people.countries["CN" if abroad else country]
        gender = "female" if rng.randrange(100) < 66 else "male"
        given = _named(rng.choice(names.female if gender == "female" else names.male))
        family = _named(rng.choice(names.family))
        person = Person(
            key=key,
            external_id=external_id,
            name=family.name + given.name if names.name_order == "family-first" else f"{given.name} {family.name}",
            given_name=given.name,
            gender=gender if rng.randrange(100) < 78 else None,
            email=self._mail(rng, f"{given.mail}.{family.mail}"),
            phone=self._phone(rng, people.countries[country]),
            language="zh" if abroad else market.language,
            country=country,
            market=market,
            homes=[self._home(rng, country, "home")],
            methods=[],
            kind=kind,
            sizes=_sizes(rng, gender),
            colours=tuple(rng.sample(COMMON_COLOURS, 3)),
        )
        if external_id is not None:
            self._account(rng, person, gender)
        return person

    def story_person(self, rng: random.Random, key: str, external_id: str | None, spec: StoryPerson) -> Person:
        """Someone from `stories.yml`; what the story leaves open is made up."""
        market = self._settings.shop.markets[spec.country]
        place = self._settings.people.countries[spec.country].places[spec.place]
        given = spec.given or spec.name.split(" ")[0]
        person = Person(
            key=key,
            external_id=external_id,
            name=spec.name,
            given_name=given,
            gender=spec.gender,
            email=f"{spec.mail}@{self._settings.people.mail_domains[0]}",
            phone=spec.phone,
            language=spec.language or market.language,
            country=spec.country,
            market=market,
            homes=[
                Home(
                    _address(spec.street, None, place, spec.postcode, spec.country),
                    place,
                    place.timezone or market.timezone,
                    self._settings.people.countries[spec.country].labels["home"],
                )
            ],
            methods=[],
            kind=spec.kind or "once",
            sizes=_sizes(rng, spec.gender or "female"),
            colours=tuple(rng.sample(COMMON_COLOURS, 3)),
        )
        if external_id is not None:
            self._account(rng, person, spec.gender or "female", spec)
        return person

    def _account(self, rng: random.Random, person: Person, gender: str, spec: StoryPerson | None = None) -> None:
        for label in ("work", "family"):
            if rng.randrange(100) < (30 if label == "work" else 12):
                person.homes.append(self._home(rng, person.country, label))
        person.methods = self._methods(rng, person, spec)
        if rng.randrange(100) < 45:
            person.birth_date = date(1950, 1, 1) + timedelta(days=rng.randrange(56 * 365))
        tier = rng.choices(("basic", "silver", "gold"), (70, 22, 8))[0]
        person.attributes = {
            "newsletter": rng.randrange(100) < 48,
            "loyalty_tier": tier,
            "loyalty_points": rng.randrange(0, {"basic": 400, "silver": 1200, "gold": 4000}[tier], 5),
        }
        if rng.randrange(100) < 40:
            person.attributes["usual_sizes"] = {
                "clothes": person.sizes[f"tops-{'women' if gender == 'female' else 'unisex'}"].upper(),
                "shoes": person.sizes["shoes"],
            }

    def _methods(self, rng: random.Random, person: Person, spec: StoryPerson | None) -> list[SavedMethod]:
        known = self._settings.shop.methods
        keys = rng.choices(
            list(person.market.methods), list(person.market.methods.values()), k=rng.choice((1, 1, 2, 2, 3))
        )
        keys = list(dict.fromkeys(keys))
        if spec is not None and spec.card is not None:
            keys = ["visa", *(key for key in keys if key != "visa")]
        methods = []
        for number, key in enumerate(keys, 1):
            last4 = f"{rng.randrange(10000):04d}" if known[key].kind != "wallet" else None
            if spec is not None and spec.card is not None and key == "visa":
                last4 = spec.card
            methods.append(SavedMethod(f"pm-{number}", key, known[key].kind, known[key].brand, last4))
        balance = spec.gift_card if spec is not None else None
        if balance is None and spec is None and rng.randrange(100) < 15:
            balance = rng.choice((0, 500, 750, 1000, 1265, 2000, 2500, 3340, 5000)) * (
                10 if person.market.currency == "CNY" else 1
            )
        if balance is not None:
            last4 = "".join(rng.choice("23456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(4))
            methods.append(SavedMethod(f"pm-{len(methods) + 1}", "gift_card", "gift_card", None, last4, balance))
        return methods

    def _home(self, rng: random.Random, code: str, label: str) -> Home:
        country = self._settings.people.countries[code]
        place = rng.choices(country.places, [place.weight for place in country.places])[0]
        number = rng.randint(1, 199)
        street = rng.choice(country.streets)
        line1 = {
            "number-first": f"{number} {street}",
            "street-first": f"{street} {number}",
            "chinese": f"{street}{number}号",
        }[country.address_order]
        extra = fill(rng, rng.choice(country.extras)) or None
        if country.address_order == "chinese":
            line1, extra = line1 + (extra or ""), None
        fields = _address(line1, extra, place, fill(rng, place.postcode), code)
        market = self._settings.shop.markets[code]
        return Home(fields, place, place.timezone or market.timezone, country.labels[label])

    def _phone(self, rng: random.Random, country: Country) -> str | None:
        phone = self._phones.draw(rng, country.phones)
        if phone is not None and country.phones_with_code is not None and rng.randrange(3) == 0:
            return country.phones_with_code + phone
        return phone

    def _mail(self, rng: random.Random, name: str) -> str:
        local = _mail_name(name)
        candidate = local
        while candidate in self._mails:
            candidate = f"{local}{rng.randint(2, 9999)}"
        self._mails.add(candidate)
        return f"{candidate}@{rng.choice(self._settings.people.mail_domains)}"


def _named(entry: str | GivenName) -> GivenName:
    return entry if isinstance(entry, GivenName) else GivenName(name=entry, mail=entry)


def _mail_name(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name.lower().translate(_FOLDED))
    return re.sub(r"[^a-z0-9.]", "", folded)


def _address(line1: str, line2: str | None, place: Place, postcode: str, country: str) -> dict[str, str | None]:
    return {
        "line1": line1,
        "line2": line2,
        "district": place.district,
        "city": place.city,
        "region": place.region,
        "postcode": postcode,
        "country": country,
    }


def _sizes(rng: random.Random, gender: str) -> dict[str, str]:
    """What fits, by size chart."""
    women = rng.choices(range(5), (1, 3, 4, 3, 1))[0]
    men = rng.choices(range(5), (1, 2, 4, 4, 2))[0]
    return {
        "tops-women": ("xs", "s", "m", "l", "xl")[women],
        "tops-unisex": ("xs", "s", "m", "l", "xl")[women] if gender == "female" else ("s", "m", "l", "xl", "xxl")[men],
        "bottoms-women": ("34", "36", "38", "40", "42")[women],
        "shoes": ("36", "37", "38", "39", "40")[women] if gender == "female" else ("41", "42", "43", "44", "45")[men],
        "children": rng.choice(("age-2-3", "age-4-5", "age-6-7")),
    }


def people_records(settings: DemoSettings, people: list[Person]) -> dict[str, list[Record]]:
    """Customers, addresses and saved payment methods in canonical form. Guests have none."""
    source = settings.shop.source
    customers: list[Record] = []
    addresses: list[Record] = []
    methods: list[Record] = []
    for person in people:
        if person.external_id is None:
            continue
        customers.append(
            CUSTOMERS.record(
                source=source,
                external_id=person.external_id,
                name=person.name,
                given_name=person.given_name,
                email=person.email,
                phone=person.phone,
                language=person.language,
                country=person.country,
                gender=person.gender,
                birth_date=person.birth_date,
                registered_at=person.registered_at.astimezone(UTC) if person.registered_at else None,
                attributes=person.attributes,
            )
        )
        addresses.extend(
            ADDRESSES.record(
                source=source,
                customer_external_id=person.external_id,
                external_id=f"ad-{number}",
                label=home.label,
                phone=person.phone,
                recipient=person.name,
                is_default=number == 1,
                **home.fields,
            )
            for number, home in enumerate(person.homes, 1)
        )
        methods.extend(
            PAYMENT_METHODS.record(
                source=source,
                customer_external_id=person.external_id,
                external_id=method.external_id,
                kind=method.kind,
                brand=method.brand,
                last4=method.last4,
                balance_minor=method.balance,
                currency=person.market.currency if method.balance is not None else None,
                is_default=number == 1,
            )
            for number, method in enumerate(person.methods, 1)
        )
    return {"customers": customers, "addresses": addresses, "payment_methods": methods}
