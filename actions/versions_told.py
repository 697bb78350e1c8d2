"""Versions of a product in words: how many fit, each with its price, those that are sold out and what comes nearest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from actions.desk import Event
from actions.goods import GONE, Good
from actions.option_questions import values_in_stock
from actions.product_answers import Answer, meant_now
from actions.resolver.option_values import Named
from actions.resolver.versions import Versions
from shopdesk_schemas.products import ProductView, VariantView

SHOWN: Final = 8
_NEAR: Final = 4
"""How many versions are told that come nearest to one that there is not."""


def list_values(
    answer: Answer, product: ProductView, versions: Versions, options: Sequence[str], *, chosen: bool
) -> list[Event]:
    """What there is of some options, in the versions that are meant: the colours of a jacket in L."""
    wanted = {name: values for name, values in versions.wanted.items() if name not in options}
    fits = Named(wanted)
    within = [each for each in product.variants if fits.fits(each.options)] if wanted else list(product.variants)
    if versions.places and not versions.named.wanted.keys() & {*options}:
        within = [product.variants[place] for place in versions.places]
    within = within or list(product.variants)
    there = product.model_copy(update={"variants": within})
    name = answer.title(product)
    if wanted and len(within) < len(product.variants):
        settled = [" / ".join(sorted(values)) for values in wanted.values()]
        name = answer.say("variant", name=name, options=answer.wording.listed(settled))
    told: list[str | None] = []
    for option in options[:3]:
        values = values_in_stock(there, option)
        told.append(answer.say("variants.values", name=name, option=option, values=answer.wording.listed(values)))
        every = dict.fromkeys(each.options[option] for each in within if option in each.options)
        if wanted and (gone := [each for each in every if each not in values]):
            told.append(answer.say("sold_out", variants=answer.wording.listed(gone)))
    good = Good(product, within, narrowed=bool(wanted) and len(within) < len(product.variants))
    answer.utter(told, [good] if chosen else [])
    return meant_now(answer.turn, good) if chosen else []


def versions_told(
    answer: Answer,
    product: ProductView,
    fitting: Sequence[VariantView],
    versions: Versions,
    below: int | None,
    *,
    key: str,
    price: bool = False,
) -> list[str | None]:
    """The number first, then each with its price; where nothing fits or is left, what comes nearest."""
    name = answer.title(product)
    if not fitting and below is not None:
        return [answer.say("variants.none_cheaper", name=name, price=answer.money(below, product.currency))]
    if not fitting:
        near = _nearest(product.variants, versions)
        return [
            answer.say("variants.none", name=name, values=_values(answer, versions.named)),
            answer.say("variants.nearest", variants=_listed(answer, near)) if near else None,
        ]
    if len(fitting) == 1 and key != "cheapest":
        return _one_told(answer, product, fitting[0], versions, price=price)
    if below is not None:
        key = "cheaper"
    more = len(fitting) - SHOWN
    if key == "cheapest":
        first = answer.say(
            "priced",
            name=answer.variant_name(product, fitting[0]),
            price=answer.money(fitting[0].price_minor, product.currency),
        )
        if len(fitting) == 1:
            return [answer.say("variants.cheapest_only", first=first)]
        return [answer.say("variants.cheapest", first=first, variants=_listed(answer, fitting[1:4]))]
    return [
        answer.say(f"variants.{key}", count=len(fitting), name=name, variants=_listed(answer, fitting)),
        answer.say("more", count=more) if more > 0 else None,
    ]


def _one_told(
    answer: Answer, product: ProductView, one: VariantView, versions: Versions, *, price: bool
) -> list[str | None]:
    """Whether a version can be had, and what it costs; of one that is sold out also what comes nearest."""
    name, costs = answer.variant_name(product, one), answer.money(one.price_minor, product.currency)
    if one.availability not in GONE:
        return [answer.say(f"available.{one.availability}", name=name, price=costs)]
    near = [each for each in _nearest(product.variants, versions) if each.sku != one.sku]
    near = [each for each in near if each.availability not in GONE]
    told = f"available.{one.availability}"
    return [
        answer.say("variants.costs_gone", name=name, price=costs) if price and costs else answer.say(told, name=name),
        answer.say("variants.nearest", variants=_listed(answer, near)) if near and versions.wanted else None,
    ]


def _nearest(variants: Sequence[VariantView], versions: Versions) -> list[VariantView]:
    """The versions that share the most with what is wanted, those that can be had first."""
    wanted = Named(versions.wanted)
    open_to = [each for each in variants if each.availability not in GONE] or list(variants)
    best = max((wanted.share(each.options) for each in open_to), default=0)
    near = [each for each in open_to if best and wanted.share(each.options) == best]
    return sorted(near, key=lambda each: each.price_minor or 0)[:_NEAR]


def _listed(answer: Answer, variants: Sequence[VariantView]) -> str:
    told = []
    for each in variants[:SHOWN]:
        priced = answer.say(
            "priced", name=answer.options_told(each), price=answer.money(each.price_minor, each.currency)
        )
        told.append(answer.say("variants.gone", variant=priced) if each.availability in GONE else priced)
    return answer.say("row_separator").join(told)


def _values(answer: Answer, named: Named) -> str:
    return answer.wording.listed([" / ".join(sorted(values)) for values in named.wanted.values()])


__all__ = ["list_values", "versions_told"]
