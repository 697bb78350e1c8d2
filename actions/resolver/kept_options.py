"""Which options of one product are to stay, or to be others, by a question: "any other colour, same size", 长度一样."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from actions.resolver.candidates import VariantCandidate
from actions.resolver.option_index import options_of
from actions.resolver.option_words import name_spans, option_words
from actions.resolver.text import fold, tokenise

_OTHER: Final = re.compile(r"(?:\b(?:other|another|different)\s+|(?:别的|其他|其它|另外)的?)$")
_REST: Final = re.compile(
    r"\b(?:rest|everything else|all else|otherwise) (?:is |stays |being )?(?:the same|as it is|unchanged)"
    r"|\botherwise the same\b|\bsame (?:one|model|thing)\b|其[他它](?:都)?(?:不变|一样|照旧|不动)|同款",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Beside:
    """Options by name: those that stay as they are, those that are to be others; `rest` of all that are not named."""

    kept: frozenset[str] = frozenset()
    other: frozenset[str] = frozenset()
    rest: bool = False

    def __bool__(self) -> bool:
        return bool(self.kept or self.other or self.rest)

    def fits(self, options: Mapping[str, str], own: Mapping[str, str], named: Collection[str]) -> bool:
        """Whether a variant has what stays as one's own has it. `named` are the options of which a value was said."""
        stays = {name for name in own if name not in named and name not in self.other} if self.rest else self.kept
        return all(options.get(name) == own.get(name) for name in stays) and all(
            options.get(name) != own.get(name) for name in self.other
        )


def said_beside(text: str, options: Sequence[Mapping[str, str]], others: Sequence[Mapping[str, str]]) -> Beside:
    """What `text` says of the options of one product beside values. `others` are the same in another language."""
    variants = [
        VariantCandidate(str(at), [], options=own, other_options=[other] if other != own else [])
        for at, (own, other) in enumerate(zip(options, others, strict=True))
    ]
    if not variants:
        return Beside()
    found = options_of(variants)
    folded = fold(text)
    kept = {place for word in option_words(text, (), found) if word.keeps for place in word.meant}
    other: set[int] = set()
    for span, places in name_spans(folded, tokenise(text), found):
        if _OTHER.search(folded[: span.start]):
            other |= places
    names = found.names
    return Beside(
        frozenset(names[place] for place in kept - other),
        frozenset(names[place] for place in other),
        _REST.search(text) is not None,
    )


__all__ = ["Beside", "said_beside"]
