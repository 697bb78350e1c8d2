"""Names and options of products in the reader's language, where the shop has written them."""

from __future__ import annotations

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


def ordered_options(ordered: dict[str, str], variant: Variant | None, language: str | None) -> dict[str, str]:
    """The options that were ordered, in `language` where they are still those of the variant."""
    if variant is None or (ordered and ordered != variant.options):
        return ordered
    translated = _translated(variant, language, "options")
    if isinstance(translated, dict) and translated:
        return {str(name): str(value) for name, value in translated.items()}
    return ordered or variant.options
