"""Names of stores in the reader's language, where the shop has written them."""

from __future__ import annotations

from crm_backend.stores.models import Store


def store_name(store: Store, language: str | None) -> str:
    """The store's name, in the shop's default language where `language` has none."""
    words = store.translations.get(language) if language else None
    translated = words.get("name") if isinstance(words, dict) else None
    return str(translated) if translated else store.name


def names_in_all_languages(store: Store) -> list[str]:
    """Everything the store, or its city, is called."""
    found = [store.name, store.city or ""]
    for words in store.translations.values():
        if isinstance(words, dict):
            found += [str(words.get("name") or ""), str(words.get("city") or "")]
    return [name for name in found if name]
