"""Names and options of products in the reader's language, where the shop has written them."""

from __future__ import annotations

from typing import Any

from crm_backend.products.models import Product, Variant


def _translated(record: Product | Variant | None, language: str | None, key: str) -> object:
    if record is None or language is None:
        return None
    words = record.translations.get(language)
    return words.get(key) if isinstance(words, dict) else None


def product_name(product: Product | None, language: str | None) -> str | None:
    """The product's name, in the shop's default language where `language` has none; None where it has no name."""
    translated = _translated(product, language, "name")
    return str(translated) if translated else (product.name if product else None)


def product_category(product: Product | None, language: str | None) -> str | None:
    """The product's category, likewise."""
    translated = _translated(product, language, "category")
    return str(translated) if translated else (product.category if product else None)


def product_description(product: Product | None, language: str | None) -> str | None:
    """The product's description, likewise."""
    translated = _translated(product, language, "description")
    return str(translated) if translated else (product.description if product else None)


def product_attributes(product: Product, language: str | None) -> dict[str, Any]:
    """The product's facts, likewise. Translated ones stand in place of those in words; tables and marks are for all.

    Where a shop translates names of facts too (`{"重量": "1.2 公斤"}` for `{"Weight": "1.2 kg"}`), nothing tells which
    is which: then its translation is all that is told in words. Where it keeps the names, each stands for its own.
    """
    translated = _translated(product, language, "attributes")
    if not isinstance(translated, dict) or not translated:
        return product.attributes
    if translated.keys() & product.attributes.keys():
        return {**product.attributes, **translated}
    return {**translated, **{name: value for name, value in product.attributes.items() if not isinstance(value, str)}}


def ordered_options(ordered: dict[str, str], variant: Variant | None, language: str | None) -> dict[str, str]:
    """The options that were ordered, in `language` where they are still those of the variant."""
    if variant is None or (ordered and ordered != variant.options):
        return ordered
    translated = _translated(variant, language, "options")
    if isinstance(translated, dict) and translated:
        return {str(name): str(value) for name, value in translated.items()}
    return ordered or variant.options
