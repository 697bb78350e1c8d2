"""Which values of a product's options a question names, and which variants have them all. Pure.

An option of yes or no is named by its own name ("the waterproof ones", 防水的), a value of several words by the one
that no other value has ("Google" of "Google Assistant"). "Left handed" is left-handed, and of "polarised" and
"non-polarised" the longer one is read first.
"""  # noqa: E501, RUF100

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from actions.resolver.aligning import places_of
from actions.resolver.value_names import has_or_not, is_no, own_words, plain, ways
from actions.resolver.vocabulary import read

_NOT: Final = re.compile(
    r"(?:\b(?:not|non|no|without|isn'?t|aren'?t|except|but not|other than|instead of|minus|don'?t (?:need|want))"
    r"(?: (?:the|a|an|any|in))?[ -]|不要?是?|非|没有?|无|除了|不[带含需用]要?)$"
)
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_LETTER: Final = r"[^\W\u4e00-\u9fff]"
"""A letter or digit that goes on with a Latin word; a Han character does not."""
_COUNTED: Final = (
    r"(?!\s*(?:%|people|ppl|persons?|days?|weeks?|months?|years?|yrs?|yo\b|y/o|hours?|hrs?|mins?|minutes?|dollars?"
    r"|bucks|pounds?|euros?|times|stars?|percent|or more|of (?:them|these|those)))"
)
"""What a number alone stands before that counts something, and names no value."""
Saying = tuple[str, str, frozenset[str]]
"""A way to say values: the words, the option, and which of its values they may be."""


@dataclass(frozen=True)
class Named:
    """The values that a question names, by option as the first language calls it: wanted, and not wanted."""

    wanted: Mapping[str, frozenset[str]] = field(default_factory=dict)
    refused: Mapping[str, frozenset[str]] = field(default_factory=dict)
    rest: str = ""
    """The question without them."""

    def __bool__(self) -> bool:
        return bool(self.wanted or self.refused)

    def fits(self, options: Mapping[str, str]) -> bool:
        """Whether a variant has one of the values wanted of every option, and none of those refused."""
        return all(options.get(name) in values for name, values in self.wanted.items()) and not any(
            options.get(name) in values for name, values in self.refused.items()
        )

    def share(self, options: Mapping[str, str]) -> int:
        """How many of the options named a variant has as they are wanted."""
        return sum(options.get(name) in values for name, values in self.wanted.items())


def named_values(
    text: str,
    variants: Sequence[Mapping[str, str]],
    others: Sequence[Mapping[str, str]] = (),
    titles: Iterable[str] = (),
) -> Named:
    """What `text` names of the options of `variants`.

    `others` are the same variants' options in another language, in the same order. Words of `titles` name no value.
    """
    rest = plain(text).replace("有没有", "\0")
    sayings = _sayings(variants, _in_order(variants, others))
    for brand, latin in _brands().items():
        if not any(brand in said for said, _, _ in sayings):
            rest = rest.replace(brand, f" {latin} ")
    for title in sorted(titles, key=len, reverse=True):
        rest = _without_title(rest, title)
    wanted: dict[str, set[str]] = {}
    refused: dict[str, set[str]] = {}
    for said, name, values in sayings:
        found = re.search(_pattern(said), rest)
        if found is None:
            continue
        against = _NOT.search(rest[: found.start()]) is not None
        opposite = _opposite(name, values, variants) if against else frozenset()
        if opposite:
            wanted.setdefault(name, set()).update(opposite)
        elif len(values) > 1 and not against and name in wanted:
            # "The 65 W wired one": what may be several values is of no use where one of them is said.
            pass
        else:
            (refused if against else wanted).setdefault(name, set()).update(values)
        rest = rest[: found.start()] + "\0" + rest[found.end() :]
    return Named(
        {name: frozenset(values) for name, values in wanted.items()},
        {name: frozenset(values) for name, values in refused.items()},
        rest.replace("\0", " "),
    )


@dataclass(frozen=True)
class NamedAt:
    """A value that a text names, with its place there; `against`: it is said not to be wanted."""

    start: int
    option: str
    value: str
    against: bool


def values_in_place(
    text: str,
    variants: Sequence[Mapping[str, str]],
    others: Sequence[Sequence[Mapping[str, str]]] = (),
    titles: Iterable[str] = (),
) -> list[NamedAt]:
    """Each value of `variants` that `text` names, as often as it does, in the text's order.

    `others` are the same variants' options by other names, each in the order of `variants`.
    """
    rest = plain(text)
    for title in sorted(titles, key=len, reverse=True):
        rest = _without_title(rest, title)
    called = [_sayings(variants, _in_order(variants, other)) for other in (variants, *others)]
    sayings = dict.fromkeys(each for ways in called for each in ways)
    found: list[NamedAt] = []
    for said, option, values in sorted(sayings, key=lambda each: -len(each[0])):
        if len(values) != 1:
            continue
        value = next(iter(values))
        for place in re.finditer(_pattern(said), rest):
            against = _NOT.search(rest[: place.start()]) is not None
            found.append(NamedAt(place.start(), option, value, against))
            rest = rest[: place.start()] + "\0" * len(place[0]) + rest[place.end() :]
    return sorted(found, key=lambda each: each.start)


def _without_title(rest: str, title: str) -> str:
    """`rest` with blanks for a name of goods, its plural too: the S of "T-shirts" is no size."""
    name = plain(title).strip()
    if not name:
        return rest
    return re.sub(rf"{re.escape(name)}(?:e?s(?!{_LETTER}))?", lambda said: "\0" * len(said[0]), rest)


def _pattern(said: str) -> str:
    """Where a value stands in a question: 30MP的相机 has it, "230MP" has not."""
    if _HAN.search(said):
        return rf"(?<!\d){re.escape(said)}" if said[0].isdigit() else re.escape(said)
    counted = _COUNTED if said[-1].isdigit() else ""
    return rf"(?<!{_LETTER})(?<![.$£€¥]){re.escape(said)}(?!{_LETTER}|\.\d){counted}"


def _in_order(
    variants: Sequence[Mapping[str, str]], others: Sequence[Mapping[str, str]]
) -> Sequence[Mapping[str, str]]:
    """`others` with their options in the order of those of `variants`."""
    places = places_of([(list(own.values()), other) for own, other in zip(variants, others, strict=False)])
    return [dict(sorted(each.items(), key=lambda pair: places[pair[0]])) for each in others]


@cache
def _brands() -> dict[str, str]:
    """Makers and services that values name in Latin letters, by what they are called in Chinese."""
    return {str(said): str(latin) for said, latin in read("brands")["latin"].items()}


def _sayings(variants: Sequence[Mapping[str, str]], others: Sequence[Mapping[str, str]]) -> list[Saying]:
    """Every way to say a value, with its option and itself in the first language; the longest first."""
    found: dict[tuple[str, str], set[str]] = {}
    for translated in (variants, others):
        by_option: dict[str, set[str]] = {}
        pairs: dict[tuple[str, str, str, str], None] = {}
        for own, other in zip(variants, translated, strict=False):
            for (name, value), (as_said, said) in zip(own.items(), other.items(), strict=False):
                by_option.setdefault(name, set()).add(said)
                pairs[name, value, as_said, said] = None
        for name, value, as_said, said in pairs:
            for way in ways(said, as_said, by_option[name]):
                found.setdefault((way, name), set()).add(value)
            for word in own_words(said, by_option[name]):
                found.setdefault((word, name), set()).add(value)
    sayings = [(way, name, frozenset(values)) for (way, name), values in found.items() if way.strip()]
    return sorted(sayings, key=lambda each: -len(each[0]))


def _opposite(name: str, values: frozenset[str], variants: Sequence[Mapping[str, str]]) -> frozenset[str]:
    """The values of an option of having or not that say the opposite."""
    every = {each[name] for each in variants if each.get(name)}
    if not has_or_not(every) or any(is_no(value) for value in values):
        return frozenset()
    lacking = frozenset(value for value in every if is_no(value))
    return lacking if values == every - lacking else frozenset()


__all__ = ["Named", "NamedAt", "named_values", "values_in_place"]
