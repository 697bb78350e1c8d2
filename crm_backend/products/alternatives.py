"""What can be had in place of a variant. Pure functions: the same facts give the same proposals, with their reasons."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from crm_backend.policies.products import AlternativeRules
from crm_backend.products.repository import SoldVariant
from shopdesk_schemas.products import Reason

SAME_PRODUCT, SAME_CATEGORY, SAME_BRAND, SAME_OPTION, SIMILAR_PRICE, IN_STORE = 100, 20, 5, 8, 10, 6
"""How much each likeness counts: another size of the same thing comes before anything else."""


@dataclass(frozen=True)
class Proposed:
    """A variant and why."""

    sold: SoldVariant
    score: int
    reasons: list[Reason] = field(default_factory=list)


def rank(
    wanted: SoldVariant,
    candidates: Sequence[SoldVariant],
    rules: AlternativeRules,
    *,
    in_stores: Mapping[str, Collection[str]] | None = None,
) -> list[Proposed]:
    """The candidates worth proposing, the most alike first, one of each other product.

    `in_stores` names stores by the SKU (in its compared form) that lies there.
    """
    scored = []
    for candidate in candidates:
        if candidate.variant.id == wanted.variant.id:
            continue
        proposed = _weigh(wanted, candidate, rules, in_stores or {})
        if proposed is not None:
            scored.append(proposed)
    scored.sort(key=lambda one: (-one.score, _price_gap(wanted, one.sold), one.sold.variant.id))
    chosen: list[Proposed] = []
    others: set[int] = set()
    for proposed in scored:
        product = proposed.sold.product.id
        if product != wanted.product.id:
            if product in others:
                continue
            others.add(product)
        chosen.append(proposed)
        if len(chosen) == rules.maximum:
            break
    return chosen


def _weigh(
    wanted: SoldVariant, candidate: SoldVariant, rules: AlternativeRules, in_stores: Mapping[str, Collection[str]]
) -> Proposed | None:
    reasons: list[Reason] = []
    score = 0
    same_product = candidate.product.id == wanted.product.id
    mine, theirs = wanted.variant.options, candidate.variant.options
    shared = [name for name, value in mine.items() if theirs.get(name) == value]
    if same_product:
        differing = {name: value for name, value in theirs.items() if mine.get(name) != value}
        reasons.append(Reason(key="same_product", values={"differs_in": differing}))
        score += SAME_PRODUCT
    elif wanted.product.category is not None and candidate.product.category == wanted.product.category:
        reasons.append(Reason(key="same_category", values={"category": wanted.product.category}))
        score += SAME_CATEGORY
    else:
        return None
    similar = _similar_price(wanted, candidate, rules.price_band_percent)
    if not same_product and similar is False:
        # Something much dearer is no answer to what was wanted.
        return None
    if not same_product and wanted.product.brand is not None and candidate.product.brand == wanted.product.brand:
        reasons.append(Reason(key="same_brand", values={"brand": wanted.product.brand}))
        score += SAME_BRAND
    for name in shared:
        reasons.append(Reason(key="same_option", values={"name": name, "value": mine[name]}))
        score += SAME_OPTION
    if similar:
        reasons.append(Reason(key="similar_price", values={}))
        score += SIMILAR_PRICE
    if stores := in_stores.get(candidate.variant.sku_key):
        reasons.append(Reason(key="in_store", values={"stores": sorted(stores)}))
        score += IN_STORE
    return Proposed(candidate, score, reasons)


def _similar_price(wanted: SoldVariant, candidate: SoldVariant, percent: int) -> bool | None:
    """Whether the prices are so near; None where they cannot be compared."""
    one, other = wanted.variant, candidate.variant
    if one.price_minor is None or other.price_minor is None or one.currency != other.currency:
        return None
    return abs(other.price_minor - one.price_minor) * 100 <= one.price_minor * percent


def _price_gap(wanted: SoldVariant, candidate: SoldVariant) -> int:
    one, other = wanted.variant, candidate.variant
    if one.price_minor is None or other.price_minor is None or one.currency != other.currency:
        return 0
    return abs(other.price_minor - one.price_minor)
