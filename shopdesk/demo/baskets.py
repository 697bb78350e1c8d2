"""What a person puts into a basket: liked categories, the season, what goes together, the right size."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass

from shopdesk.demo.catalogue import Catalogue, Item
from shopdesk.demo.people import Person
from shopdesk.demo.settings import BuyerKind, DemoSettings, ProductSetting

RECENT_DAYS = 30
"""Orders younger than this hold only what can still be bought."""

_SEVERAL = frozenset({"tea-coffee", "bath-candles", "stationery", "kitchen"})
"""Categories of which people buy two or three at a time."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An item and how many of it."""

    item: Item
    quantity: int


class Baskets:
    """Fills baskets from a catalogue."""

    def __init__(self, settings: DemoSettings, catalogue: Catalogue) -> None:
        self._settings = settings
        self._catalogue = catalogue
        self._shelves: dict[tuple[str, str, int, str | None], tuple[list[ProductSetting], list[int]]] = {}

    def size(self, rng: random.Random, kind: BuyerKind) -> int:
        """How many lines."""
        return rng.choices(range(1, len(kind.lines) + 1), kind.lines)[0]

    def fill(
        self, rng: random.Random, person: Person, month: int, days_ago: int, lines: int, begun: Sequence[Item] = ()
    ) -> list[Choice]:
        """A basket of up to `lines` lines; `begun` is in it already."""
        chosen: list[Item] = list(begun)
        for _ in range(lines * 3):
            if len(chosen) >= lines:
                break
            product = self._companion(rng, person, chosen) or self.product(rng, person, month)
            if any(item.product.code == product.code for item in chosen):
                continue
            item = self.variant(rng, person, product, days_ago)
            if item is not None:
                chosen.append(item)
        return [Choice(item, self._quantity(rng, item)) for item in chosen]

    def product(self, rng: random.Random, person: Person, month: int) -> ProductSetting:
        """One product this person may like in this month."""
        products, cumulative = self._shelf(person, month)
        return rng.choices(products, cum_weights=cumulative)[0]

    def variant(self, rng: random.Random, person: Person, product: ProductSetting, days_ago: int) -> Item | None:
        """The variant this person would take: usual size, favourite colour, the plug of the country; None when none."""
        wanted = person.sizes.get(product.facts.size_chart or "")
        items, weights = [], []
        for item in self._catalogue.items[product.code]:
            if person.country not in item.prices or (days_ago <= RECENT_DAYS and not item.can_be_bought):
                continue
            if item.choices.get("plug", person.market.plug) != person.market.plug:
                continue
            weight = 1
            if wanted is not None and item.choices.get("size") == wanted:
                weight *= 24
            if item.choices.get("colour") in person.colours:
                weight *= 4
            items.append(item)
            weights.append(weight)
        return rng.choices(items, weights)[0] if items else None

    def favourites(self, rng: random.Random, person: Person, kind: BuyerKind) -> list[Item]:
        """Consumables that a regular keeps buying, always the same variant."""
        products = [
            product
            for product in self._catalogue.products.values()
            if product.repeat_days is not None and product.category in kind.likes
        ]
        weights = [product.popularity * kind.likes[product.category] for product in products]
        found: list[Item] = []
        count = rng.randint(*kind.favourites)
        for _ in range(count * 5):
            product = rng.choices(products, weights)[0]
            item = self.variant(rng, person, product, 0)
            if item is not None and all(other.product.code != product.code for other in found):
                found.append(item)
            if len(found) == count:
                break
        return found

    def _companion(self, rng: random.Random, person: Person, chosen: Sequence[Item]) -> ProductSetting | None:
        if not chosen or rng.randrange(1000) >= self._settings.behaviour.companion_per_mille:
            return None
        codes = chosen[-1].product.goes_with
        if not codes:
            return None
        product = self._catalogue.products[rng.choice(codes)]
        return product if _fits(product, person) else None

    def _shelf(self, person: Person, month: int) -> tuple[list[ProductSetting], list[int]]:
        key = (person.kind, person.country, month, person.gender)
        if key not in self._shelves:
            kind = self._settings.behaviour.kinds[person.kind]
            products, weights = [], []
            for product in self._catalogue.products.values():
                sold = product.markets is None or person.market.currency in product.markets
                if not sold or (kind.only_gifts and not product.gift) or not _fits(product, person):
                    continue
                weight = kind.likes.get(product.category, 0) * product.popularity**2 * self._season(product, month)
                if weight:
                    products.append(product)
                    weights.append(weight)
            self._shelves[key] = (products, list(itertools.accumulate(weights)))
        return self._shelves[key]

    def _season(self, product: ProductSetting, month: int) -> int:
        if product.season is None:
            return 10
        season = self._settings.behaviour.seasons[product.season]
        return season.inside if month in season.months else season.outside

    def _quantity(self, rng: random.Random, item: Item) -> int:
        if item.product.category in _SEVERAL and rng.randrange(100) < 22:
            return rng.choice((2, 2, 2, 3, 4))
        return 1


def _fits(product: ProductSetting, person: Person) -> bool:
    """Clothes cut for someone else are left to gifts, which are small things here."""
    return not (
        (product.fit == "women" and person.gender == "male") or (product.fit == "men" and person.gender == "female")
    )
