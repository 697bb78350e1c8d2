"""The step `recommendations`: chooses, fits, and writes the lists of people, products and parts of the shop."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Select, cast, select
from sqlalchemy import String as Text

from crm_backend.analytics.frames import LINES, ORDERS, VARIANTS, Frame, Scope
from crm_backend.analytics.recommenders.base import CHUNK_PEOPLE, top
from crm_backend.analytics.recommenders.evaluation import SHELVES, lists
from crm_backend.analytics.recommenders.fitting import FittedShop, fit_purchases
from crm_backend.analytics.recommenders.history import LATELY_DAYS, History, Ints, ItemFacts
from crm_backend.analytics.recommenders.models import Rhythm, rhythm_of
from crm_backend.analytics.recommenders.purchases import net
from crm_backend.analytics.recommenders.relations import CHUNK_ITEMS
from crm_backend.analytics.segments.models import SegmentMember
from crm_backend.analytics.steps import Rows, Step, Work
from crm_backend.policies.policy import Policies
from crm_backend.products.models import Product
from crm_backend.recommendations.models import (
    STEP,
    PersonRecommendations,
    PopularRecommendations,
    ProductRecommendations,
    RecommendationEvent,
)

LISTED = 40
"""Entries of a list: what rules take out has to be made up for."""
LONGEST_WAIT_DAYS = 3650
"""Who buys once in a blue moon has no day that says anything."""
LISTED_OF_PRODUCT = 20
LISTED_POPULAR = 60
UNDONE = ("cancelled", "unavailable")
WORDS = 400
"""Characters of each field that are read."""
CLICK_DAYS = 90
LOG_DAYS = 365
"""Of the log of what was shown; what the earliest split looks at lies within it."""


def _product_words(_scope: Scope) -> Select[Any]:
    attributes: ColumnElement[Any] = cast(Product.attributes, Text).label("attributes")
    columns: list[Any] = [Product.id.label("product_id"), Product.name, Product.description, Product.category]
    found: Select[Any] = select(*columns, Product.brand, attributes).order_by(Product.id)
    return found


PRODUCT_WORDS = Frame(
    "product_words",
    {
        "product_id": "int",
        "name": "text",
        "description": "text",
        "category": "label",
        "brand": "label",
        "attributes": "json",
    },
    _product_words,
)
"""What is said of each product."""


def _log(scope: Scope) -> Select[Any]:
    event = RecommendationEvent
    conversation = event.conversation_id.label("conversation")
    columns: list[Any] = [event.id.label("event_id"), event.product_id.label("item"), event.kind, event.shelf]
    found: Select[Any] = select(*columns, event.position, conversation, event.at)
    since = scope.until - timedelta(days=LOG_DAYS)
    return found.where(event.at <= scope.until, event.at > since).order_by(event.id)


LOG = Frame(
    "recommendation_log",
    {
        "event_id": "int",
        "item": "int",
        "kind": "label",
        "shelf": "label",
        "position": "int",
        "conversation": "text",
        "at": "time",
    },
    _log,
)
"""What was shown and clicked where it was recommended."""


class Recommendations(Step):
    """Everything that is shown, worked out beforehand."""

    name = STEP
    reads = (ORDERS, LINES, VARIANTS, PRODUCT_WORDS, LOG)
    after = ("segments",)
    writes = (PersonRecommendations, ProductRecommendations, PopularRecommendations)

    def rules(self, policies: Policies) -> Any:
        """How many of a category may be shown is decided when serving; only the wanted variety is in the rows."""
        return [policies.recommendations.wanted_coverage_percent, policies.shop.timezone]

    def compute(self, work: Work) -> Rows:
        """Choose and fit on all purchases up to the run's instant."""
        lines = goods_lines(work[ORDERS], work[LINES], work[VARIANTS])
        facts = item_facts(work[PRODUCT_WORDS])
        shop = fit_purchases(
            net(lines),
            as_of=work.as_of,
            facts=facts,
            log=plain_log(work[LOG]),
            wanted_coverage=work.policies.recommendations.wanted_coverage_percent / 100,
            note=work.note,
        )
        work.card.update(shop.card())
        work.note("lists of people")
        people = _people(shop, _sent_back(lines))
        work.note("lists of products")
        products = _products(shop)
        popular = _popular(shop, _clicked(work[LOG], work), work)
        return {PersonRecommendations: people, ProductRecommendations: products, PopularRecommendations: popular}


def goods_lines(orders: pd.DataFrame, lines: pd.DataFrame, variants: pd.DataFrame) -> pd.DataFrame:
    """Invoice lines as recommenders read them: goods of the catalogue in orders that came to something.

    What was cancelled or returned of a line is not in its quantity; postage, fees and adjustments are no goods.
    """
    real = orders[~orders["state"].isin(UNDONE)]
    place = pd.Index(real["order_id"]).get_indexer(lines["order_id"])
    keep = (place >= 0) & (lines["kind"] == "item").to_numpy() & lines["variant_id"].notna().to_numpy()
    chosen, place = lines[keep], place[keep]
    product = pd.Series(variants["product_id"].to_numpy(), index=variants["variant_id"].to_numpy())
    found = pd.DataFrame(
        {
            "basket": chosen["order_id"].to_numpy(),
            "person": real["person_id"].array[place],
            "item": product.reindex(chosen["variant_id"].to_numpy(dtype=np.int64)).to_numpy(),
            "at": real["placed_at"].array[place],
            "quantity": (chosen["quantity"] - chosen["cancelled_quantity"] - chosen["returned_quantity"]).to_numpy(),
            "credit": (real["kind"] == "credit_note").to_numpy()[place],
            "country": real["country"].astype(object).array[place],
            "sent_back": chosen["returned_quantity"].to_numpy(),
        }
    )
    found = found[found["item"].notna()]
    found["item"] = found["item"].astype(np.int64)
    return found.reset_index(drop=True)


def plain_log(log: pd.DataFrame) -> pd.DataFrame:
    """The log as `exposure` reads it: its labels as plain texts, of which groups are only those that occur."""
    return log.assign(kind=log["kind"].astype(object), shelf=log["shelf"].astype(object))


def item_facts(words: pd.DataFrame) -> dict[int, ItemFacts]:
    """By product what is said of it."""
    found = {}
    for product, name, description, category, brand, attributes in words.itertuples(index=False):
        if not isinstance(name, str):
            # Nothing that has no name can be shown.
            continue
        said = [name, category, brand, _attribute_words(attributes), description]
        text = " ".join(part[:WORDS] for part in said if isinstance(part, str))
        found[int(product)] = ItemFacts(text, category if isinstance(category, str) else None)
    return found


def _attribute_words(document: Any) -> str:
    try:
        attributes = json.loads(document) if isinstance(document, str) else {}
    except ValueError:
        return ""
    if not isinstance(attributes, dict):
        return ""
    return " ".join(f"{name}_{value}" for name, value in sorted(attributes.items()) if isinstance(value, str | int))


def _sent_back(lines: pd.DataFrame) -> Mapping[int, list[int]]:
    """By person the products of which they sent something back."""
    back = lines[(lines["credit"] | (lines["sent_back"] > 0)) & lines["person"].notna()]
    pairs = back[["person", "item"]].drop_duplicates().sort_values(["person", "item"])
    found: dict[int, list[int]] = {}
    for person, item in pairs.itertuples(index=False):
        found.setdefault(int(person), []).append(int(item))
    return found


def _people(shop: FittedShop, sent_back: Mapping[int, list[int]]) -> pd.DataFrame:
    history, relations = shop.history, shop.relations
    items = history.items
    habits = _Habits.of(history)
    rhythm = habits.rhythm
    starts = np.searchsorted(rhythm.person, np.arange(len(history.people) + 1))
    rows = []
    for start in range(0, len(history.people), CHUNK_PEOPLE):
        part = np.arange(start, min(start + CHUNK_PEOPLE, len(history.people)))
        best = {shelf: lists(shop.scorer(shelf), history, part, shelf, LISTED)[0] for shelf in SHELVES}
        for at, person in enumerate(part.tolist()):
            mine = slice(starts[person], starts[person + 1])
            new = best["discover"][at]
            new = new[new >= 0]
            because = relations.because(rhythm.item[mine], new)
            document = {
                "for_you": [items[item] for item in best["for_you"][at].tolist() if item >= 0],
                "discover": [
                    [items[item], *((items[why[0]], why[1], why[2]) if why else (None, 0, 0))]
                    for item, why in zip(new.tolist(), because, strict=True)
                ],
                "buy_again": _again(items, habits, mine, best["buy_again"][at]),
                "returned": sent_back.get(int(history.people[person]), []),
            }
            rows.append((int(history.people[person]), document))
    return pd.DataFrame(rows, columns=["customer_id", "lists"])


@dataclass(frozen=True)
class _Habits:
    """The rhythm of what people bought, as it is told: days as texts, all at once, for there are very many."""

    rhythm: Rhythm
    last: list[str]
    due: list[str]
    every_days: list[int]

    @classmethod
    def of(cls, history: History) -> _Habits:
        rhythm = rhythm_of(history)
        now = np.datetime64(history.as_of.astimezone(UTC).replace(tzinfo=None), "s")
        seconds = (rhythm.last_age.astype(np.float64) * 86_400).astype(np.int64)
        last = now - seconds.astype("timedelta64[s]")
        wait = np.minimum(rhythm.interval_days, LONGEST_WAIT_DAYS).astype(np.float64) * 86_400
        due = last + wait.astype(np.int64).astype("timedelta64[s]")
        return cls(
            rhythm,
            np.datetime_as_string(last, unit="D").tolist(),
            np.datetime_as_string(due, unit="D").tolist(),
            np.rint(rhythm.interval_days).astype(np.int64).tolist(),
        )


def _again(items: Sequence[Any], habits: _Habits, mine: slice, best: Ints) -> list[list[Any]]:
    """[product, times, last day, due day, days between] of what a person buys again; `mine` are their rows."""
    chosen = best[best >= 0]
    # The rows of a person are sorted by item.
    rows = (mine.start + np.searchsorted(habits.rhythm.item[mine], chosen)).tolist()
    times = habits.rhythm.times
    return [
        [items[item], int(times[row]), habits.last[row], habits.due[row], habits.every_days[row]]
        for item, row in zip(chosen.tolist(), rows, strict=True)
    ]


def _products(shop: FittedShop) -> pd.DataFrame:
    """What goes with each product: together by counts, similar by people and words."""
    history, relations = shop.history, shop.relations
    items = history.items
    rows: dict[int, dict[str, Any]] = {}
    for start in range(0, len(items), CHUNK_ITEMS):
        part = np.arange(start, min(start + CHUNK_ITEMS, len(items)))
        alike = relations.alike(part)
        best = top(alike, LISTED_OF_PRODUCT)
        places = relations.place[part]
        sold = np.flatnonzero(places >= 0)
        together = relations.bought_together(places[sold])
        best_together = top(together, LISTED_OF_PRODUCT)
        both = np.asarray(relations.baskets_with_both[places[sold]].toarray())
        for at, item in enumerate(part.tolist()):
            similar = [
                [items[other], _permille(alike[at, other])] for other in best[at].tolist() if alike[at, other] > 0
            ]
            rows[item] = {"similar": similar, "together": []}
        for at, row in enumerate(sold):
            rows[int(part[row])]["together"] = [
                [items[int(relations.columns[other])], int(both[at, other]), int(relations.baskets_with[places[row]])]
                for other in best_together[at]
                if both[at, other] > 0
            ]
    kept = [(items[item], found) for item, found in rows.items() if found["similar"] or found["together"]]
    return pd.DataFrame(kept, columns=["product_id", "lists"])


def _permille(likeness: Any) -> int:
    return round(min(float(likeness), 1.0) * 1000)


def _clicked(log: pd.DataFrame, work: Work) -> Mapping[int, int]:
    """By product how often it was clicked lately where it was recommended: a wish, if a weaker one than a purchase."""
    recent = log[(log["kind"] == "clicked") & (log["at"] > pd.Timestamp(work.as_of) - pd.Timedelta(days=CLICK_DAYS))]
    counts = np.unique(recent["item"].to_numpy(), return_counts=True)
    return dict(zip(counts[0].tolist(), counts[1].tolist(), strict=True))


CLICK_WORTH = 0.2
"""Of a buyer."""


def _popular(shop: FittedShop, clicked: Mapping[int, int], work: Work) -> pd.DataFrame:
    """What strangers begin with, and what is bought now: by all, country and category."""
    history = shop.history
    items = history.items
    place = {item: at for at, item in enumerate(items)}
    now = history.decayed_buyers(np.inf, LATELY_DAYS)
    wished = np.zeros(len(items), dtype=np.float32)
    for product, count in clicked.items():
        if product in place:
            wished[place[product]] = count * CLICK_WORTH
    # Of two that were clicked as often, the one that had to be shown less often for it is wanted more.
    wished *= history.exposure.appeal
    rows: list[tuple[str, str, dict[str, Any]]] = []

    def listed(scope: str, key: str, chosen: Iterable[int]) -> None:
        rows.append((scope, key, {"items": [[items[item], int(now[item])] for item in chosen]}))

    for country, order in shop.starters.items():
        listed("starters", country, order.tolist())
    ever = history.decayed_buyers(np.inf)
    # Who sells nothing lately has yet something that sold: of equal counts the one that more bought ever.
    scored = now + wished + ever / (ever.max(initial=0) + 1) * np.float32(0.5)
    listed("popular", "", _best(scored))
    categories = np.array([fact.category or "" for fact in history.facts], dtype=object)
    for category in sorted(set(categories.tolist()) - {""}):
        listed("category", category, _best(np.where(categories == category, scored, 0)))
    countries = history.basket_country[history.basket]
    for country in sorted({one for one in history.basket_country if isinstance(one, str)}):
        there = history.counted & (countries == country) & (history.age < LATELY_DAYS)
        buyers = pd.DataFrame({"buyer": history.buyer[there], "item": history.item[there]}).drop_duplicates()
        there_now = np.bincount(buyers["item"], minlength=len(items)).astype(np.float32)
        # Drawn towards the whole shop's taste: two buyers in a small country are no fashion.
        total = max(float(now.sum()), 1.0)
        best = _best(there_now + scored / total * np.float32(20))
        rows.append(("country", country, {"items": [[items[item], int(there_now[item])] for item in best]}))
    members = work.rows(SegmentMember)
    numbers = pd.Index(history.people, dtype="int64").get_indexer(pd.Index(members["customer_id"], dtype="int64"))
    keys = members["key"].astype(str).to_numpy()
    lately = history.known & (history.age < LATELY_DAYS)
    for key in sorted(set(keys.tolist())):
        inside = np.zeros(len(history.people), dtype=bool)
        inside[numbers[(keys == key) & (numbers >= 0)]] = True
        among = lately.copy()
        among[lately] = inside[history.person[lately]]
        pairs = np.unique(history.person[among] * len(items) + history.item[among])
        theirs = np.bincount(pairs % len(items), minlength=len(items)).astype(np.float32)
        rows.append(("segment", key, {"items": [[items[item], int(theirs[item])] for item in _best(theirs)]}))
    return pd.DataFrame(rows, columns=["scope", "key", "lists"])


def _best(scores: Any) -> list[int]:
    row = np.asarray(scores, dtype=np.float32)
    return [int(item) for item in top(row[None, :], LISTED_POPULAR)[0] if row[item] > 0]
