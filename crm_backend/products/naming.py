"""Giving products and values of options other names, version by version, and trying what words would find with them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select

from crm_backend.audit import service as audit
from crm_backend.callers import Staff
from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.database.locks import take_turns
from crm_backend.products import repository
from crm_backend.products.index import index_products
from crm_backend.products.models import OtherNamesVersion, Product, ProductTerm, Variant
from crm_backend.products.other_names import (
    Key,
    OtherNames,
    flat,
    in_every_language,
    in_force,
    option_key,
    product_key,
)
from crm_backend.products.search import search
from crm_backend.products.terms import terms
from crm_backend.products.translations import product_name
from shopdesk_schemas.other_names import (
    NameableProduct,
    Named,
    NameMatch,
    NamesByLanguage,
    NameTrial,
    NameTrialOutcome,
    OptionValue,
    OtherNamesChange,
    OtherNamesEntry,
    OtherNamesList,
    OtherNamesSaved,
    OtherNamesView,
)
from shopdesk_schemas.problems import Conflict, NotFound

_SHOWN = 8
"""Products that a trial shows."""


def entries(session: ReadSession) -> OtherNamesList:
    """Everything that has other names, the last changed first."""
    newest = select(func.max(OtherNamesVersion.id)).group_by(
        OtherNamesVersion.kind, OtherNamesVersion.source, OtherNamesVersion.name, OtherNamesVersion.value
    )
    query = select(OtherNamesVersion).where(OtherNamesVersion.id.in_(newest)).order_by(OtherNamesVersion.id.desc())
    return OtherNamesList(
        entries=[
            OtherNamesEntry(
                named=_named(row), label=row.label, names=NamesByLanguage.model_validate(row.names),
                saved_by=row.saved_by, saved_at=row.saved_at,
            )
            for row in session.scalars(query)
            if flat(row.names)
        ]
    )  # fmt: skip


def nameable(session: ReadSession, reference: str, source: str | None, language: str | None) -> NameableProduct:
    """A product by its external id or a SKU, with the values of its options in every language. Raises NotFound."""
    found = repository.find_products(session, [reference], source)
    if not found:
        raise NotFound
    product = found[0]
    names = in_force(session)
    values: dict[Key, OptionValue] = {}
    for variant in repository.variants(session, [product.id]):
        for options in in_every_language(variant):
            for option, value in options.items():
                said = OptionValue(
                    option=option, value=value, names=names.of_value(option, value, variant.translations)
                )
                values.setdefault(option_key(option, value), said)
    return NameableProduct(
        source=product.source,
        external_id=product.external_id,
        name=product_name(product, language) or product.external_id,
        names=names.of_product(product.source, product.external_id, product.translations),
        options=sorted(values.values(), key=lambda one: (one.option.casefold(), one.value.casefold())),
    )


def view(session: ReadSession, named: Named) -> OtherNamesView:
    """The names of one thing. Raises NotFound where the catalogue has no such thing and nobody ever named one."""
    saved = _versions(session, named)
    label = _label(session, named)
    if label is None and not saved:
        raise NotFound
    newest = saved[0] if saved else None
    return OtherNamesView(
        named=named,
        label=label or saved[0].label,
        names=NamesByLanguage.model_validate(newest.names) if newest else NamesByLanguage(),
        version=newest.version if newest else 0,
        saved=[
            OtherNamesSaved(
                version=one.version, names=NamesByLanguage.model_validate(one.names),
                saved_by=one.saved_by, saved_at=one.saved_at,
            )
            for one in saved
        ],
    )  # fmt: skip


def save(session: WriteSession, agent: Staff, wanted: OtherNamesChange, now: datetime) -> None:
    """Let the names hold: what is asked next finds by them. Raises Conflict when they were changed meanwhile, and
    NotFound for what the catalogue does not have.
    """
    take_turns(session, ["other_names_versions"])
    saved = _versions(session, wanted.named)
    label = _label(session, wanted.named)
    if label is None and not saved:
        raise NotFound
    if wanted.version != (saved[0].version if saved else 0):
        raise Conflict("Somebody changed the names meanwhile.")
    kind, source, name, value = _key(wanted.named)
    row = OtherNamesVersion(
        kind=kind, source=source, name=name, value=value, version=wanted.version + 1,
        label=label or saved[0].label, names=wanted.names.model_dump(), saved_by=agent.id, saved_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    index_products(session.connection(), _concerned(session, wanted.named))
    subject = f"{kind}/{source}/{name}" if kind == "product" else f"{kind}/{name}/{value}"
    details = {"version": wanted.version + 1}
    audit.note(session, agent.actor, now, "other_names.saved", ("other_names", subject), details)


def trial(session: WriteSession, wanted: NameTrial) -> NameTrialOutcome:
    """What the words find now, and what they would find with other names. Nothing of it stays."""
    names = in_force(session)
    before = _matches(session, wanted, names)
    if wanted.named is None or wanted.names is None:
        return NameTrialOutcome(before=before, after=before)
    with_draft = OtherNames({**names.by_key, _key(wanted.named): flat(wanted.names.model_dump())})
    savepoint = session.begin_nested()
    try:
        index_products(session.connection(), _concerned(session, wanted.named), with_draft)
        after = _matches(session, wanted, with_draft)
    finally:
        savepoint.rollback()
    return NameTrialOutcome(before=before, after=after)


def _matches(session: ReadSession, wanted: NameTrial, names: OtherNames) -> list[NameMatch]:
    found = search(session, wanted.words)
    shown = found.product_ids[:_SHOWN]
    products = {one.id: one for one in session.scalars(select(Product).where(Product.id.in_(shown)))}
    said = terms(wanted.words)
    variants = repository.variants(session, shown)
    return [
        NameMatch(
            source=products[number].source,
            external_id=products[number].external_id,
            name=product_name(products[number], wanted.language) or products[number].external_id,
            options=_said(said, [one for one in variants if one.product_id == number], names),
            whole=found.matched == "all",
        )
        for number in shown
        if number in products
    ]


def _said(said: Collection[str], variants: Sequence[Variant], names: OtherNames) -> list[str]:
    """Values of options whose own or other name is among the terms said."""
    found: dict[str, None] = {}
    for variant in variants:
        for options in in_every_language(variant):
            for option, value in options.items():
                called = [terms(one) for one in (value, *names.of_value(option, value, variant.translations))]
                if any(one and one <= set(said) for one in called):
                    found.setdefault(f"{option}: {value}")
    return list(found)


def _concerned(session: ReadSession, named: Named) -> list[int]:
    """The products that are found by the thing's names."""
    if named.kind == "product":
        return [one.id for one in (_product(session, named),) if one is not None]
    key = option_key(named.name, named.value)
    return sorted({variant.product_id for variant in _having(session, named) if key in _keys(variant)})


def _having(session: ReadSession, named: Named) -> Sequence[Variant]:
    """Variants that may have the value: those of products which are found by all its terms."""
    query = select(Variant)
    for term in terms(named.value):
        query = query.where(Variant.product_id.in_(select(ProductTerm.product_id).where(ProductTerm.term == term)))
    return session.scalars(query.order_by(Variant.id)).all()


def _keys(variant: Variant) -> set[Key]:
    return {option_key(*pair) for options in in_every_language(variant) for pair in options.items()}


def _label(session: ReadSession, named: Named) -> str | None:
    """As the catalogue has it; None where it does not."""
    if named.kind == "product":
        product = _product(session, named)
        return (product.name or product.external_id) if product is not None else None
    key = option_key(named.name, named.value)
    pairs = (
        pair for variant in _having(session, named) for options in in_every_language(variant)
        for pair in options.items()
    )  # fmt: skip
    return next((f"{option}: {value}" for option, value in pairs if option_key(option, value) == key), None)


def _product(session: ReadSession, named: Named) -> Product | None:
    query = select(Product).where(Product.source == named.source, Product.external_id == named.name)
    return session.scalars(query).one_or_none()


def _key(named: Named) -> Key:
    if named.kind == "product":
        return product_key(named.source, named.name)
    return option_key(named.name, named.value)


def _named(row: OtherNamesVersion) -> Named:
    return Named(
        kind="product" if row.kind == "product" else "option", source=row.source, name=row.name, value=row.value
    )


def _versions(session: ReadSession, named: Named) -> list[OtherNamesVersion]:
    kind, source, name, value = _key(named)
    query = select(OtherNamesVersion).where(
        OtherNamesVersion.kind == kind,
        OtherNamesVersion.source == source,
        OtherNamesVersion.name == name,
        OtherNamesVersion.value == value,
    )
    return list(session.scalars(query.order_by(OtherNamesVersion.version.desc())))
