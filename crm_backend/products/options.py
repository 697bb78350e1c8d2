"""The options that tell a product's variants apart, and finding variants by what somebody says of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crm_backend.products.models import Variant
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


def has_options(variant: Variant, wanted: Sequence[str]) -> bool:
    """Whether the variant has every wanted option: a value, or `name:value`, in any language the shop has it in."""
    said: set[str] = set()
    for options in (variant.options, *_translated(variant)):
        for name, value in options.items():
            said |= {fold(value), f"{fold(name)}:{fold(value)}"}
    return all(_plain(one) in said for one in wanted)


def _plain(wanted: str) -> str:
    name, colon, value = wanted.partition(":")
    return f"{fold(name.strip())}:{fold(value.strip())}" if colon else fold(wanted.strip())


def _translated(variant: Variant) -> Iterable[dict[str, str]]:
    for words in variant.translations.values():
        options = words.get("options") if isinstance(words, dict) else None
        if isinstance(options, dict):
            yield {str(name): str(value) for name, value in options.items()}
