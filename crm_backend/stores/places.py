"""Where somebody is, from what they say, and which stores are near. Pure functions; there is no geocoder.

A city or postcode is placed by what the shop knows itself: its stores' coordinates and, for a town without a store,
which postcode and region the shop's own addresses of that town have.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from crm_backend.normalise import postcode_key
from crm_backend.products.terms import fold
from crm_backend.stores.models import Store
from crm_backend.stores.names import names_in_all_languages

EARTH_RADIUS_KM = 6371.0088
"""The mean radius (IUGG)."""

Basis = Literal["coordinates", "postcode", "city", "region", "country", "unknown"]


@dataclass(frozen=True)
class Point:
    """A place on the globe, WGS 84 degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Whereabouts:
    """What somebody says of where they are. Any of it may be missing."""

    point: Point | None = None
    postcode: str | None = None
    city: str | None = None
    region: str | None = None
    country: str | None = None


@dataclass(frozen=True)
class Near:
    """Stores by nearness, and what it was judged by."""

    stores: Sequence[tuple[Store, float | None]]
    """With the distance in kilometres where it can be told."""
    basis: Basis


def distance_km(one: Point, other: Point) -> float:
    """As the crow flies (haversine)."""
    lat1, lat2 = math.radians(one.latitude), math.radians(other.latitude)
    half_lat = (lat2 - lat1) / 2
    half_lon = math.radians(other.longitude - one.longitude) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, chord)))


def point_of(store: Store) -> Point | None:
    """Where the store is, if the shop says so."""
    if store.latitude is None or store.longitude is None:
        return None
    return Point(store.latitude, store.longitude)


def nearest(stores: Sequence[Store], where: Whereabouts) -> Near:
    """All the stores, the nearest first.

    Tried in this order: coordinates; a store in the same postcode district or city, whose place stands for the
    shopper's; the same region; the same country. Stores of which nothing can be told come last, by name.
    """
    if where.point is not None:
        return Near(_by_distance(stores, where.point), "coordinates")
    in_postcode = _same_postcode(stores, where.postcode, where.country)
    if in_postcode:
        return Near(_around(stores, in_postcode), "postcode")
    in_city = [store for store in stores if where.city and _is_in(store, where.city)]
    if in_city:
        return Near(_around(stores, in_city), "city")
    for basis, first in (
        ("region", [store for store in stores if _same(store.region, where.region) and _may_be(store, where.country)]),
        ("country", [store for store in stores if _same(store.country, where.country)]),
    ):
        if first:
            ordered = [*_by_name(first), *_by_name([store for store in stores if store not in first])]
            return Near([(store, None) for store in ordered], "region" if basis == "region" else "country")
    return Near([(store, None) for store in _by_name(stores)], "unknown")


def _by_name(stores: Sequence[Store]) -> list[Store]:
    return sorted(stores, key=lambda store: (fold(store.name), store.id))


def _by_distance(stores: Sequence[Store], origin: Point) -> list[tuple[Store, float | None]]:
    placed = []
    for store in stores:
        point = point_of(store)
        placed.append((store, None if point is None else distance_km(origin, point)))
    return sorted(placed, key=lambda pair: (pair[1] is None, pair[1] or 0.0, fold(pair[0].name), pair[0].id))


def _around(stores: Sequence[Store], there: Sequence[Store]) -> list[tuple[Store, float | None]]:
    """Those that are there first, by name, then the others by their distance from the middle of those."""
    points = [point for store in there if (point := point_of(store)) is not None]
    others = [store for store in stores if store not in there]
    if not points:
        return [(store, None) for store in (*_by_name(there), *_by_name(others))]
    middle = Point(
        sum(point.latitude for point in points) / len(points), sum(point.longitude for point in points) / len(points)
    )
    # How far the shopper is from a store in their own town nobody knows.
    return [*((store, None) for store in _by_name(there)), *_by_distance(others, middle)]


def _same(one: str | None, other: str | None) -> bool:
    return bool(one and other) and fold(one or "") == fold(other or "")


def _may_be(store: Store, country: str | None) -> bool:
    return country is None or store.country is None or store.country == country


def _is_in(store: Store, city: str) -> bool:
    """Whether the store is in this city, or called after it: 伦敦 is in 伦敦马里波恩店."""
    wanted = fold(city).removesuffix("市")
    if not wanted:
        return False
    if store.city is not None and fold(store.city).removesuffix("市") == wanted:
        return True
    han = any("\u4e00" <= character <= "\u9fff" for character in wanted)
    return han and len(wanted) >= 2 and any(fold(name).startswith(wanted) for name in names_in_all_languages(store))


def _same_postcode(stores: Sequence[Store], postcode: str | None, country: str | None) -> list[Store]:
    """The stores whose postcodes begin most like this one, where they share the part that names a district."""
    found: list[tuple[int, Store]] = []
    for store in stores:
        if not _may_be(store, country):
            continue
        mine = postcode_key(store.postcode, store.country)
        theirs = postcode_key(postcode, country or store.country)
        if mine and theirs and (shared := _shared_district(mine, theirs, store.country)):
            found.append((shared, store))
    best = max((shared for shared, _store in found), default=0)
    return [store for shared, store in found if shared == best]


def _shared_district(one: str, other: str, country: str | None) -> int:
    """How many characters two postcodes begin with in common; 0 when that is too few to mean anything."""
    if country == "GB":
        # The letters name the area (EH), the digits behind them the district (EH3); EH3 is not EH30.
        areas = [_area(code) for code in (one, other)]
        if areas[0] != areas[1]:
            return 0
        districts = [_outward(code) for code in (one, other)]
        return len(districts[0]) if districts[0] == districts[1] else len(areas[0])
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    # Two digits are a region of some towns nearly everywhere that codes are digits; in China four are a city.
    return shared if shared >= (4 if country == "CN" else 2) else 0


def _area(code: str) -> str:
    letters = ""
    for character in code:
        if not character.isalpha():
            break
        letters += character
    return letters


def _outward(code: str) -> str:
    """The first half of a British postcode: all but its last three characters, or a half that was given alone."""
    return code[:-3] if len(code) > 4 else code
