"""Shelves for a person or a stranger, what goes with what, and what came of showing it.

A person's lists are one row that the last run wrote; what changed since (bought, sent back, not interested, out of
stock, the shop's rules) is applied when they are read.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement

from crm_backend.analytics import published
from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.database.upsert import insert_unless_there
from crm_backend.identity.access import EVERYTHING, Access
from crm_backend.identity.repository import customers_of_external_id
from crm_backend.orders.access import visible_to
from crm_backend.policies.policy import Policies
from crm_backend.products.repository import find_products, find_variant
from crm_backend.products.translations import product_category, product_name
from crm_backend.recommendations import repository
from crm_backend.recommendations.models import STEP, RecommendationDismissal, RecommendationEvent
from crm_backend.recommendations.shelf import DEFAULT, Entry, Good, Personal, arm_of, arrange, reasons, way_of
from crm_backend.recommendations.shop_rules import in_force
from shopdesk_schemas.problems import Conflict, FieldProblem, InvalidInput, NotFound
from shopdesk_schemas.recommendations import (
    ArmResult,
    PersonalShelf,
    PublicKind,
    RecommendationReport,
    Recommendations,
    RecommendationsSeen,
    Recommended,
    ShelfName,
    StaffRecommendations,
)

TIRED_WITHIN = timedelta(days=30)
POPULAR_DAYS = 30


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see. Amounts are minor units of `currency`."""

    language: str | None = None
    limit: int = 10
    category: str | None = None
    country: str | None = None
    looking_at: str | None = None
    """External id or SKU of the product on the visitor's screen."""
    minimum_minor: int | None = None
    maximum_minor: int | None = None
    currency: str | None = None
    store: str | None = None
    segment: str | None = None

    @property
    def narrowed(self) -> bool:
        """Whether only some of a list may be shown, or something comes before it."""
        asked = (self.category, self.looking_at, self.minimum_minor, self.maximum_minor, self.store)
        return any(one is not None for one in asked)


def _run(session: ReadSession) -> repository.Served | None:
    return repository.served(session)


def _with_rules(policies: Policies, run: repository.Served) -> Policies:
    """The policies with what the shop changed of its rules in the console."""
    return policies.model_copy(update={"recommendations": in_force(policies, run.rules)}) if run.rules else policies


@dataclass(frozen=True)
class _Whose:
    """A person by all their customers, or a conversation of somebody unknown."""

    customer_ids: Sequence[int] = ()
    conversation_id: str | None = None

    @property
    def person_id(self) -> int | None:
        """The least of the ids: what a run knows the person by."""
        return self.customer_ids[0] if self.customer_ids else None

    @property
    def subject(self) -> str:
        """What arms are dealt by."""
        return f"person:{self.person_id}" if self.customer_ids else f"conversation:{self.conversation_id}"


def _whose(session: ReadSession, access: Access, conversation_id: str) -> _Whose:
    if access.customer_id is None:
        return _Whose((), conversation_id)
    return _Whose(repository.people_of(session, access.customer_id), conversation_id)


# --- A person's shelves -----------------------------------------------------------------------------------------


def for_shopper(
    session: ReadSession,
    access: Access,
    conversation_id: str,
    shelf: PersonalShelf,
    asked: Asked,
    policies: Policies,
    now: datetime,
) -> Recommendations:
    """A shelf for whoever the conversation is verified as; for somebody unknown by what is known of their visit."""
    found = _shelf(session, _whose(session, access, conversation_id), shelf, asked, policies, now, to_staff=False)
    return Recommendations(**found.model_dump(exclude={"arm"}))


def for_staff(
    session: ReadSession,
    external_id: str,
    source: str | None,
    shelf: PersonalShelf,
    asked: Asked,
    policies: Policies,
    now: datetime,
) -> StaffRecommendations:
    """The same shelf as the customer's, with counts and arm.

    Raises NotFound, and Conflict when several systems have a customer of this id and none is named.
    """
    customers = customers_of_external_id(session, external_id, source)
    if not customers:
        raise NotFound
    if len(customers) > 1:
        raise Conflict("Several systems have a customer of this id; name the source.")
    whose = _Whose(repository.people_of(session, customers[0].id))
    return _shelf(session, whose, shelf, asked, policies, now, to_staff=True)


def _shelf(
    session: ReadSession,
    whose: _Whose,
    shelf: PersonalShelf,
    asked: Asked,
    policies: Policies,
    now: datetime,
    *,
    to_staff: bool,
) -> StaffRecommendations:
    arm = arm_of(whose.subject, policies.recommendations)
    run = _run(session)
    if run is None:
        return StaffRecommendations(shelf=shelf, personal=False, as_of=None, items=[], arm=arm)
    policies = _with_rules(policies, run)
    rules = policies.recommendations
    lists = None if whose.person_id is None else repository.person_lists(session, run.id, whose.person_id)
    since = repository.bought_since(session, whose.customer_ids, run.as_of) if whose.customer_ids else set()
    dismissed = repository.dismissed(session, whose.customer_ids, whose.conversation_id)
    never = dismissed | since
    if rules.forget_returned and lists is not None:
        never |= set(lists["returned"])
    entries: list[Entry] = []
    way = way_of(arm, rules)
    personal = lists is not None and (shelf == "buy_again" or way != "popular")
    if lists is not None and personal:
        entries = _own_entries(lists, shelf, way)
    tired = (
        repository.tired_of(session, whose.customer_ids, whose.conversation_id, now - TIRED_WITHIN, rules.tired_after)
        if shelf != "buy_again"
        else frozenset()
    )

    def shown(from_entries: Sequence[Entry]) -> list[Recommended]:
        return _items(
            session,
            from_entries,
            asked,
            policies,
            personal=Personal(never, tired),
            free_of_caps=shelf == "buy_again",
            to_staff=to_staff,
        )

    items: list[Recommended] = []
    # The person's own list nearly always fills the shelf; all that could follow is looked up only where it does not.
    if not asked.narrowed:
        items = shown(entries[: asked.limit * 2])
    if len(items) < asked.limit and shelf != "buy_again":
        strangers = _for_strangers(session, run, whose, asked, policies)
        never |= strangers.looked_at
        # What is looked at says more than a list made yesterday.
        entries = [*strangers.near, *entries, *strangers.general]
        if lists is not None and shelf == "discover":
            own = {row[0] for row in lists["buy_again"]}
            entries = [entry for entry in entries if entry.product_id not in own]
        items = shown(entries)
    elif len(items) < asked.limit:
        items = shown(entries)
    return StaffRecommendations(shelf=shelf, personal=personal, as_of=run.as_of, items=items, arm=arm)


def _own_entries(lists: Mapping[str, Any], shelf: PersonalShelf, way: str) -> list[Entry]:
    again = [
        Entry(
            product,
            "bought_before",
            {"times": times, "last_on": last, "due_on": due if times > 1 else None, "every_days": every},
        )
        for product, times, last, due, every in lists["buy_again"]
    ]
    new = [
        Entry(product, "often_bought_together", {"with": other, "both": both, "of": of, "counted": "people"}, both)
        if other is not None
        else Entry(product)
        for product, other, both, of in lists["discover"]
    ]
    if shelf == "buy_again":
        return again
    if shelf == "discover":
        return new
    if way == "frequent":
        return [*again, *new]
    known = {entry.product_id: entry for entry in (*new, *again)}
    return [known.get(product, Entry(product)) for product in lists["for_you"]]


@dataclass(frozen=True)
class _Strangers:
    near: list[Entry]
    """From what is looked at and asked for."""
    general: list[Entry]
    looked_at: set[int]


def _for_strangers(
    session: ReadSession, run: repository.Served, whose: _Whose, asked: Asked, policies: Policies
) -> _Strangers:
    near: list[Entry] = []
    looked: list[int] = []
    if asked.looking_at is not None:
        looked = [product.id for product in find_products(session, [asked.looking_at])]
        near += _going_with(repository.product_lists(session, run.id, looked), looked)
    country = asked.country
    if country is None and whose.person_id is not None:
        country = repository.country_of(session, whose.person_id)
    country = country or policies.shop.country
    categories = repository.categories_like(session, run.id, asked.category) if asked.category else ()
    found = repository.popular_lists(
        session,
        run.id,
        [("starters", country), ("starters", ""), ("popular", ""), *(("category", key) for key in categories)],
    )
    inside = [
        _popular(product, buyers, "category", key)
        for key in categories
        for product, buyers in found.get(("category", key), [])
    ]
    inside.sort(key=lambda entry: -entry.facts["buyers"])
    starters = found.get(("starters", country)) or found.get(("starters", ""), [])
    general = [_popular(product, buyers, "shop", "") for product, buyers in starters]
    general += [_popular(product, buyers, "shop", "") for product, buyers in found.get(("popular", ""), [])]
    return _Strangers(near, [*inside, *general], set(looked))


def _popular(product: int, buyers: int, scope: str, key: str) -> Entry:
    facts = {"scope": scope, "key": key or None, "days": POPULAR_DAYS, "buyers": buyers}
    return Entry(product, "popular_now", facts, buyers)


def _going_with(lists: Mapping[int, Mapping[str, Any]], products: Sequence[int]) -> list[Entry]:
    """What goes with these together, the likeliest first; then what is like them."""
    scored: defaultdict[int, float] = defaultdict(float)
    why: dict[int, tuple[float, Entry]] = {}
    similar: dict[int, tuple[int, Entry]] = {}
    for product in products:
        found = lists.get(product, {"together": [], "similar": []})
        for place, (other, both, of) in enumerate(found["together"]):
            # The order is by likeness, which counts more than the bare share does.
            share = both / (of + 10) / (1 + place / 10)
            scored[other] += share
            facts = {"with": product, "both": both, "of": of, "counted": "baskets"}
            entry = Entry(other, "often_bought_together", facts, both)
            if other not in why or share > why[other][0]:
                why[other] = (share, entry)
        for other, likeness in found["similar"]:
            if other not in similar or likeness > similar[other][0]:
                similar[other] = (likeness, Entry(other, "similar_to", {"with": product}))
    ranked = sorted(scored, key=lambda other: (-scored[other], other))
    alike = sorted(similar, key=lambda other: (-similar[other][0], other))
    entries = [why[other][1] for other in ranked] + [similar[other][1] for other in alike if other not in scored]
    return [entry for entry in entries if entry.product_id not in products]


# --- Without a person -------------------------------------------------------------------------------------------


def public(
    session: ReadSession, kind: PublicKind, product: str | None, asked: Asked, policies: Policies
) -> Recommendations:
    """What anybody may be shown. Raises InvalidInput without the product that a kind needs, and NotFound."""
    run = _run(session)
    if kind == "popular":
        return _answer(session, "popular", run, _popular_entries(session, run, asked) if run else [], asked, policies)
    if product is None:
        raise InvalidInput(errors=[FieldProblem(field="query.product", message="is missing")])
    found = find_products(session, [product])
    if not found:
        raise NotFound
    about = found[0].id
    lists = repository.product_lists(session, run.id, [about]) if run else {}
    entries = _going_with(lists, [about])
    if kind == "bought_together":
        entries = [entry for entry in entries if entry.kind == "often_bought_together"]
    else:
        named = lists.get(about, {"similar": []})["similar"]
        entries = [Entry(other, "similar_to", {"with": about}) for other, _likeness in named]
    if kind == "alternatives":
        if (category := found[0].category) is not None:
            # What the same people buy goes with it; in its place comes what is of its kind.
            alike = repository.of_a_kind(session, [entry.product_id for entry in entries], category)
            entries = [entry for entry in entries if entry.product_id in alike]
        asked = _near_in_price(session, product, asked, policies)
    return _answer(session, kind, run, entries, asked, policies)


def _near_in_price(session: ReadSession, product: str, asked: Asked, policies: Policies) -> Asked:
    """Something much dearer is no answer to what was wanted: the same band as for alternatives in a category."""
    sold = find_variant(session, product)
    if sold is None or sold.variant.price_minor is None or asked.maximum_minor is not None:
        return asked
    band = sold.variant.price_minor * policies.products.alternatives.price_band_percent // 100
    return replace(
        asked,
        minimum_minor=max(sold.variant.price_minor - band, 0),
        maximum_minor=sold.variant.price_minor + band,
        currency=sold.variant.currency,
    )


def _popular_entries(session: ReadSession, run: repository.Served, asked: Asked) -> list[Entry]:
    if asked.category is not None:
        wanted = [("category", key) for key in repository.categories_like(session, run.id, asked.category)]
    elif asked.segment is not None:
        wanted = [("segment", asked.segment)]
    elif asked.country is not None:
        wanted = [("country", asked.country)]
    else:
        wanted = [("popular", "")]
    found = repository.popular_lists(session, run.id, wanted) if wanted else {}
    entries = [
        _popular(product, buyers, "shop" if scope == "popular" else scope, key)
        for (scope, key) in wanted
        for product, buyers in found.get((scope, key), [])
    ]
    # Several categories under one name: the most bought of all of them first.
    return sorted(entries, key=lambda entry: -entry.facts["buyers"]) if len(wanted) > 1 else entries


def with_order(
    session: ReadSession, access: Access, conversation_id: str, number: str, asked: Asked, policies: Policies
) -> Recommendations:
    """What goes with an order of the shopper's. Raises NotFound."""
    whose = _whose(session, access, conversation_id)
    never = repository.dismissed(session, whose.customer_ids, conversation_id)
    return _with_order(session, visible_to(access), number, asked, policies, never)


def with_order_for_staff(session: ReadSession, number: str, asked: Asked, policies: Policies) -> Recommendations:
    """What goes with any order, with counts. Raises NotFound."""
    return _with_order(session, visible_to(EVERYTHING), number, asked, policies, frozenset(), to_staff=True)


def _with_order(
    session: ReadSession,
    visible: ColumnElement[bool],
    number: str,
    asked: Asked,
    policies: Policies,
    never: Collection[int],
    *,
    to_staff: bool = False,
) -> Recommendations:
    products = repository.order_products(session, visible, number)
    if products is None:
        raise NotFound
    run = _run(session)
    entries = _going_with(repository.product_lists(session, run.id, products), products) if run else []
    return _answer(session, "with_order", run, entries, asked, policies, Personal(never), to_staff=to_staff)


def _answer(
    session: ReadSession,
    shelf: ShelfName,
    run: repository.Served | None,
    entries: Sequence[Entry],
    asked: Asked,
    policies: Policies,
    personal: Personal = Personal(),
    *,
    to_staff: bool = False,
) -> Recommendations:
    if run is not None:
        policies = _with_rules(policies, run)
    free = shelf in {"similar", "bought_together", "alternatives"}
    items = _items(session, entries, asked, policies, personal=personal, free_of_caps=free, to_staff=to_staff)
    return Recommendations(shelf=shelf, personal=False, as_of=run.as_of if run else None, items=items)


def _items(
    session: ReadSession,
    entries: Sequence[Entry],
    asked: Asked,
    policies: Policies,
    *,
    personal: Personal,
    free_of_caps: bool,
    to_staff: bool,
) -> list[Recommended]:
    rules = policies.recommendations
    if rules.pin and not free_of_caps:
        pinned = repository.ids_of(session, rules.pin)
        there = {entry.product_id for entry in entries}
        entries = [*entries, *(Entry(product) for product in pinned.values() if product not in there)]
    rows = repository.goods(
        session,
        {entry.product_id for entry in entries},
        currency=asked.currency or policies.shop.currency,
        minimum_minor=asked.minimum_minor,
        maximum_minor=asked.maximum_minor,
        store=asked.store,
    )
    goods = {product: Good(product, row.external_id, row.category, row.brand) for product, row in rows.items()}
    if asked.category is not None:
        goods = {product: good for product, good in goods.items() if _in_category(good, rows[product], asked.category)}
    chosen = arrange(entries, goods, rules, asked.limit, personal=personal, free_of_caps=free_of_caps)
    spoken_of = {entry.facts["with"] for entry in chosen if "with" in entry.facts}
    named = {
        row.id: (row.external_id, name)
        for row in (repository.products_named(session, spoken_of) if spoken_of else ())
        if (name := product_name(row, asked.language)) is not None
    }
    return [
        Recommended(
            product=row.external_id,
            name=product_name(row, asked.language) or row.name,
            category=product_category(row, asked.language),
            brand=row.brand,
            sku=row.sku,
            price_minor=row.price_minor,
            currency=row.currency,
            image_url=row.image_url,
            url=row.url,
            reasons=reasons(entry, named, rules, to_staff=to_staff),
        )
        for entry in chosen
        for row in (rows[entry.product_id],)
    ]


def _in_category(good: Good, row: Any, wanted: str) -> bool:
    named = wanted.casefold()
    said = [good.category, *(one.get("category") for one in row.translations.values() if isinstance(one, dict))]
    return any(named == text.casefold() or named in text.casefold().split(" > ") for text in said if text)


# --- What came of it --------------------------------------------------------------------------------------------


def saw(
    session: WriteSession,
    access: Access,
    conversation_id: str,
    seen: RecommendationsSeen,
    policies: Policies,
    now: datetime,
) -> None:
    """Write to the log what was shown or clicked. Products that are not there are left out."""
    whose = _whose(session, access, conversation_id)
    ids = repository.ids_of(session, seen.products)
    arm = arm_of(whose.subject, policies.recommendations)
    repository.add_events(
        session,
        [
            RecommendationEvent(
                at=now,
                kind=seen.kind,
                conversation_id=conversation_id,
                customer_id=whose.person_id,
                product_id=ids[product],
                shelf=seen.shelf,
                arm=arm,
                position=place,
            )
            for place, product in enumerate(seen.products, start=seen.first_position)
            if product in ids
        ],
    )


def dismiss(session: WriteSession, access: Access, conversation_id: str, product: str, now: datetime) -> None:
    """Never show it again to the person, or in the conversation of somebody unknown. Raises NotFound."""
    product_id = repository.ids_of(session, [product]).get(product)
    if product_id is None:
        raise NotFound
    whose = _whose(session, access, conversation_id)
    insert_unless_there(
        session,
        RecommendationDismissal,
        customer_id=whose.person_id,
        conversation_id=None if whose.person_id is not None else conversation_id,
        product_id=product_id,
        at=now,
    )


def undismiss(session: WriteSession, access: Access, conversation_id: str, product: str) -> None:
    """Show it again. Raises NotFound for a product that is not there."""
    product_id = repository.ids_of(session, [product]).get(product)
    if product_id is None:
        raise NotFound
    whose = _whose(session, access, conversation_id)
    repository.undismiss(session, whose.customer_ids, conversation_id, product_id)


def report(session: ReadSession, since: datetime) -> RecommendationReport:
    """By arm what was shown, clicked and bought since then, and the model card."""
    shown: Counter[str] = Counter()
    clicked: Counter[str] = Counter()
    people: defaultdict[str, set[Any]] = defaultdict(set)
    showings: dict[tuple[int, int], list[tuple[datetime, str]]] = defaultdict(list)
    for row in repository.events_since(session, since):
        (shown if row.kind == "shown" else clicked)[row.arm] += 1
        people[row.arm].add(row.customer_id if row.customer_id is not None else row.conversation_id)
        if row.kind == "shown" and row.customer_id is not None:
            showings[row.customer_id, row.product_id].append((row.at, row.arm))
    bought = _bought(session, showings, since)
    step = published.step(session, STEP)
    return RecommendationReport(
        since=since,
        arms=[
            ArmResult(
                arm=arm,
                people=len(people[arm]),
                shown=shown[arm],
                clicked=clicked[arm],
                click_rate=clicked[arm] / shown[arm] if shown[arm] else None,
                bought=bought[arm],
                conversion_rate=bought[arm] / shown[arm] if shown[arm] else None,
            )
            for arm in sorted(people, key=lambda arm: (arm != DEFAULT, arm))
        ],
        model_card=step.card if step is not None else {},
        fitted_at=step.finished_at if step is not None else None,
    )


def _bought(
    session: ReadSession, showings: Mapping[tuple[int, int], Sequence[tuple[datetime, str]]], since: datetime
) -> Counter[str]:
    """By arm the purchases of something within seven days after it was shown, each counted for the last showing."""
    counts: Counter[str] = Counter()
    person_of: dict[int, int] = {}
    for person in sorted({person for person, _product in showings}):
        for customer in repository.people_of(session, person):
            person_of[customer] = person
    for customer_id, product, at in repository.purchases_of(session, list(person_of), since) if person_of else ():
        key = (person_of[cast(int, customer_id)], product)
        before = [(when, arm) for when, arm in showings.get(key, ()) if when <= at <= when + repository.CONVERSION]
        if before:
            counts[max(before)[1]] += 1
    return counts


def days_before(now: datetime, days: int) -> datetime:
    """The instant so many days ago, UTC."""
    return now.astimezone(UTC) - timedelta(days=days)
