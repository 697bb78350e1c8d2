"""What shoppers call products and values of options besides: the names in force, for search and for views.

They come from the console (`naming.py`) and from the shop's own records, beside the translations of names:
`{"en": {"other_names": [...]}}` of a product, `{"en": {"other_options": {"colour": [...]}}}` of a variant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, select

from crm_backend.database.engine import ReadSession
from crm_backend.database.memo import read_once
from crm_backend.products.models import OtherNamesVersion, Product, Variant
from crm_backend.products.terms import fold

Key = tuple[str, str, str, str]
"""Kind, source, name and value; an option and its value folded."""


def product_key(source: str, external_id: str) -> Key:
    """A product's."""
    return "product", source, external_id, ""


def option_key(option: str, value: str) -> Key:
    """That of an option's value."""
    return "option", "", fold(option.strip()), fold(value.strip())


@dataclass(frozen=True)
class OtherNames:
    """Names by what they are names of, in every language."""

    by_key: Mapping[Key, Sequence[str]] = field(default_factory=dict)

    def of_product(self, source: str, external_id: str, translations: Mapping[str, Any]) -> list[str]:
        """What a product is called besides."""
        said = self.by_key.get(product_key(source, external_id), ())
        return list(dict.fromkeys([*said, *_texts(words.get("other_names") for words in _by_language(translations))]))

    def of_value(self, option: str, value: str, translations: Mapping[str, Any]) -> list[str]:
        """What the value that a variant has of an option is called besides."""
        said = self.by_key.get(option_key(option, value), ())
        by_option = (words.get("other_options") for words in _by_language(translations))
        own = (names.get(option) for names in by_option if isinstance(names, dict))
        return list(dict.fromkeys([*said, *_texts(own)]))

    def of_options(self, options: Iterable[Mapping[str, str]], translations: Mapping[str, Any]) -> list[dict[str, str]]:
        """The same options once more for each other name of one of their values. `options` are one variant's, once for
        each language.
        """
        return [
            {**chosen, option: name}
            for chosen in options
            for option, value in chosen.items()
            for name in self.of_value(option, value, translations)
        ]


def _by_language(translations: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [words for words in translations.values() if isinstance(words, dict)]


def _texts(lists: Iterable[Any]) -> Iterator[str]:
    """Of lists that a file brought: it may have anything in their place."""
    for one in lists:
        yield from (name for name in one if isinstance(name, str) and name) if isinstance(one, list) else ()


def in_every_language(variant: Variant | None) -> Iterator[dict[str, str]]:
    """A variant's options in each of the languages that the shop has written them in."""
    if variant is None:
        return
    yield from options_of(variant.options, variant.translations)


def options_of(options: Mapping[str, Any], translations: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """The same from the columns."""
    for chosen in (options, *(words.get("options") for words in _by_language(translations))):
        if isinstance(chosen, dict):
            yield {str(option): str(value) for option, value in chosen.items()}


_NEWEST = select(func.max(OtherNamesVersion.id)).group_by(
    OtherNamesVersion.kind, OtherNamesVersion.source, OtherNamesVersion.name, OtherNamesVersion.value
)
_IN_FORCE = select(
    OtherNamesVersion.__table__.c.kind,
    OtherNamesVersion.__table__.c.source,
    OtherNamesVersion.__table__.c.name,
    OtherNamesVersion.__table__.c.value,
    OtherNamesVersion.__table__.c.names,
).where(OtherNamesVersion.__table__.c.id.in_(_NEWEST))


def in_force(connection: Connection | ReadSession) -> OtherNames:
    """The names that hold now. There are as many as people wrote: they are read whole."""
    rows = connection.execute(_IN_FORCE)
    return OtherNames(
        {(kind, source, name, value): found for kind, source, name, value, names in rows if (found := flat(names))}
    )


def names_of(session: ReadSession) -> OtherNames:
    """The same, read once in a transaction."""
    return read_once(session, "other_names", lambda: in_force(session))


def flat(names: Mapping[str, Sequence[str]]) -> list[str]:
    """Names of all languages, each once."""
    return list(dict.fromkeys(name for language in sorted(names) for name in names[language]))


def other_titles(session: ReadSession, product: Product | None) -> list[str]:
    """What a product is called besides."""
    if product is None:
        return []
    return names_of(session).of_product(product.source, product.external_id, product.translations)


def other_options(session: ReadSession, shown: Mapping[str, str], variant: Variant | None) -> list[dict[str, str]]:
    """A variant's or an order line's options with other names of their values. `shown` is what is shown of them."""
    names = names_of(session)
    every: list[Mapping[str, str]] = [shown]
    translations: Mapping[str, Any] = {}
    if variant is not None and (shown == variant.options or any(shown == one for one in in_every_language(variant))):
        every += [one for one in in_every_language(variant) if one != shown]
        translations = variant.translations
    return names.of_options(every, translations)
