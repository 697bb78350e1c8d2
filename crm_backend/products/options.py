"""The options that tell a product's variants apart, and finding variants by what somebody says of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crm_backend.products.models import Variant
from crm_backend.products.other_names import OtherNames, in_every_language
from crm_backend.products.terms import fold


def choices(options: Iterable[dict[str, str]]) -> list[tuple[str, list[str]]]:
    """Each option with its values, in the order in which the variants bring them."""
    found: dict[str, list[str]] = {}
    for chosen in options:
        for name, value in chosen.items():
            values = found.setdefault(name, [])
            if value not in values:
                values.append(value)
    return list(found.items())


def has_options(variant: Variant, wanted: Sequence[str], names: OtherNames) -> bool:
    """Whether the variant has every wanted option: a value, or `name:value`, in any language the shop has it in, or by
    another name.
    """
    said: set[str] = set()
    for options in in_every_language(variant):
        for name, value in options.items():
            for called in (value, *names.of_value(name, value, variant.translations)):
                said |= {fold(called), f"{fold(name)}:{fold(called)}"}
    return all(_plain(one) in said for one in wanted)


def _plain(wanted: str) -> str:
    name, colon, value = wanted.partition(":")
    return f"{fold(name.strip())}:{fold(value.strip())}" if colon else fold(wanted.strip())
