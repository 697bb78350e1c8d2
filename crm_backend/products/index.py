"""Keeps the terms of products: after an import, and after any change through a session.

What a product is found by is worked out here and nowhere else; `product_terms` can be emptied and made again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, delete, event, exists, insert, select
from sqlalchemy.orm import Session

from crm_backend.database.engine import WriteSession
from crm_backend.products.models import Product, ProductTerm, Variant
from crm_backend.products.other_names import OtherNames, in_force, options_of
from crm_backend.products.terms import head_terms, terms

HEAD = 12
NAME = 8
SKU = 8
CATEGORY = 5
BRAND = 5
OPTION = 4
ATTRIBUTE = 2
DESCRIPTION = 1
"""How much a term weighs by the field that it stands in."""

CHUNK = 400
"""Products that are worked on at a time."""


def index_products(connection: Connection, product_ids: Collection[int], names: OtherNames | None = None) -> None:
    """Make the terms of these products anew, in the connection's transaction.

    With `names` in place of those in force.
    """
    ids = sorted(product_ids)
    if names is None:
        names = in_force(connection) if ids else OtherNames()
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        weights: dict[int, dict[str, int]] = {}
        for row in connection.execute(select(Product.__table__).where(Product.id.in_(some))).mappings():
            weights[row["id"]] = _heaviest(_of_product(row, names)) | _heads(row)
        found = connection.execute(select(Variant.__table__).where(Variant.product_id.in_(some)))
        for row in found.mappings():
            known = weights[row["product_id"]]
            for term, weight in _heaviest(_of_variant(row, names)).items():
                known[term] = max(weight, known.get(term, 0))
        connection.execute(delete(ProductTerm).where(ProductTerm.product_id.in_(some)))
        rows = [
            {"term": term, "product_id": product, "weight": weight}
            for product, known in weights.items()
            for term, weight in known.items()
        ]
        if rows:
            connection.execute(insert(ProductTerm), rows)


def index_missing(engine: Engine) -> None:
    """Index products that have no terms: those of a database from before there was an index."""
    with engine.begin() as connection:
        lacking = select(Product.id).where(
            ~exists(select(ProductTerm.product_id).where(ProductTerm.product_id == Product.id))
        )
        index_products(connection, connection.scalars(lacking).all())


def _heaviest(texts: Iterator[tuple[str | None, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for text, weight in texts:
        for term in terms(text or ""):
            found[term] = max(weight, found.get(term, 0))
    return found


def _heads(row: Mapping[Any, Any]) -> dict[str, int]:
    names = [words.get("name") or "" for words in (row, *_by_language(row))]
    return {term: HEAD for name in names for term in head_terms(name)}


def _of_product(row: Mapping[Any, Any], names: OtherNames) -> Iterator[tuple[str | None, int]]:
    yield row["external_id"], SKU
    yield from ((name, NAME) for name in names.of_product(row["source"], row["external_id"], row["translations"]))
    for words in (row, *_by_language(row)):
        yield words.get("name"), NAME
        yield words.get("category"), CATEGORY
        yield words.get("description"), DESCRIPTION
        yield from ((text, ATTRIBUTE) for text in _texts(words.get("attributes")))
    yield row["brand"], BRAND


def _of_variant(row: Mapping[Any, Any], names: OtherNames) -> Iterator[tuple[str | None, int]]:
    yield row["sku"], SKU
    for options in options_of(row["options"], row["translations"]):
        for option, value in options.items():
            yield value, OPTION
            yield from ((name, OPTION) for name in names.of_value(option, value, row["translations"]))


def _by_language(row: Mapping[Any, Any]) -> list[Mapping[str, Any]]:
    return [words for words in row["translations"].values() if isinstance(words, dict)]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, str):
        yield value


@event.listens_for(WriteSession, "after_flush")
def _follow(session: Session, _context: Any) -> None:
    """Index what a session wrote, at the latest when it commits."""
    waiting: set[int] = session.info.setdefault("products_to_index", set())
    for record in (*session.new, *session.dirty, *session.deleted):
        if isinstance(record, Variant) and record.product_id is not None:
            waiting.add(record.product_id)
        elif isinstance(record, Product) and record not in session.deleted:
            waiting.add(record.id)


@event.listens_for(WriteSession, "before_commit")
def _index_written(session: Session) -> None:
    session.flush()
    if waiting := session.info.pop("products_to_index", None):
        index_products(session.connection(), waiting)


@event.listens_for(WriteSession, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("products_to_index", None)
