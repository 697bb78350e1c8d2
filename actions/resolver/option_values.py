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
from actions.resolver.text import fold
from actions.resolver.vocabulary import read

_YES: Final = frozenset({"yes", "true", "y", "是", "有"})
_NO: Final = frozenset({"no", "false", "n", "否", "无", "没有"})
_NOT: Final = re.compile(
    r"(?:\b(?:not|non|no|without|isn'?t|aren'?t|except|but not|other than|instead of)(?: (?:the|a|an|any|in))?[ -]|不要?是?|非|没有?|无|除了)$"  # noqa: E501
)
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_SUFFIXES: Final = ("色", "码", "号", "款", "式", "型")
_LEAST_WORD: Final = 4
_LETTER: Final = r"[^\W\u4e00-\u9fff]"
"""A letter or digit that goes on with a Latin word; a Han character does not."""


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
    rest = _plain(text).replace("有没有", "\0")
    sayings = _sayings(variants, _in_order(variants, others))
    for brand, latin in _brands().items():
        if not any(brand in said for said, _, _ in sayings):
            rest = rest.replace(brand, f" {latin} ")
    for title in sorted(titles, key=len, reverse=True):
        rest = _without_title(rest, title)
    wanted: dict[str, set[str]] = {}
    refused: dict[str, set[str]] = {}
    for said, name, value in sayings:
        found = re.search(_pattern(said), rest)
        if found is None:
            continue
        against = _NOT.search(rest[: found.start()]) is not None
        opposite = _opposite(name, value, variants) if against else None
        if opposite is not None:
            wanted.setdefault(name, set()).add(opposite)
        else:
            (refused if against else wanted).setdefault(name, set()).add(value)
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
    rest = _plain(text)
    for title in sorted(titles, key=len, reverse=True):
        rest = _without_title(rest, title)
    called = [_sayings(variants, _in_order(variants, other)) for other in (variants, *others)]
    sayings = dict.fromkeys(each for ways in called for each in ways)
    found: list[NamedAt] = []
    for said, option, value in sorted(sayings, key=lambda each: -len(each[0])):
        for place in re.finditer(_pattern(said), rest):
            against = _NOT.search(rest[: place.start()]) is not None
            found.append(NamedAt(place.start(), option, value, against))
            rest = rest[: place.start()] + "\0" * len(place[0]) + rest[place.end() :]
    return sorted(found, key=lambda each: each.start)


def _without_title(rest: str, title: str) -> str:
    """`rest` with blanks for a name of goods, its plural too: the S of "T-shirts" is no size."""
    plain = _plain(title).strip()
    if not plain:
        return rest
    return re.sub(rf"{re.escape(plain)}(?:e?s(?!{_LETTER}))?", lambda said: "\0" * len(said[0]), rest)


def _pattern(said: str) -> str:
    """Where a value stands in a question: 30MP的相机 has it, "230MP" has not."""
    if _HAN.search(said):
        return rf"(?<!\d){re.escape(said)}" if said[0].isdigit() else re.escape(said)
    return rf"(?<!{_LETTER})(?<!\.){re.escape(said)}(?!{_LETTER}|\.\d)"


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


@cache
def _units_said() -> dict[str, list[str]]:
    """How people say a unit that a value is written with."""
    said: dict[str, list[str]] = read("units_said")["said"]
    return said


def _plain(text: str) -> str:
    return re.sub(r"(?<=[a-z])[-‑](?=[a-z])", " ", fold(text))


def _sayings(variants: Sequence[Mapping[str, str]], others: Sequence[Mapping[str, str]]) -> list[tuple[str, str, str]]:
    """Every way to say a value, with its option and itself in the first language; the longest first."""
    found: dict[tuple[str, str, str], None] = {}
    for translated in (variants, others):
        by_option: dict[str, set[str]] = {}
        called: dict[str, str] = {}
        for own, other in zip(variants, translated, strict=False):
            for (name, value), (as_said, said) in zip(own.items(), other.items(), strict=False):
                called[name] = as_said
                by_option.setdefault(name, set()).add(said)
                for way in _ways(said, as_said):
                    found[way, name, value] = None
        for own, other in zip(variants, translated, strict=False):
            for (name, value), said in zip(own.items(), other.values(), strict=False):
                for word in _own_words(said, by_option[name]):
                    found[word, name, value] = None
    return sorted(found, key=lambda each: -len(each[0]))


def _ways(value: str, name: str) -> list[str]:
    plain, option = _plain(value).strip(), _plain(name).strip()
    if plain in _YES:
        return [option]
    if plain in _NO or not plain:
        return []
    ways = [plain]
    if _HAN.search(plain) and len(plain) > 2 and plain.endswith(_SUFFIXES):
        ways.append(plain[:-1])
    elif _HAN.search(plain) and plain.endswith("色") and len(plain) == 2:
        # 白的, and of a dial 白盘.
        ways += [f"{plain[0]}的", f"{plain[0]}{option[-1:]}"]
    if plain.isdigit():
        # A number alone counts pieces: of a size it is said with a word for it, or as "a 9".
        ways = [
            f"size {plain}",
            f"{plain}码",
            f"{plain}号",
            f"a {plain}",
            f"an {plain}",
            f"in {plain}",
            f"{plain}s",
            plain,
        ]
    if measured := re.fullmatch(r"(\d+(?:\.\d+)?)[ -]?([a-z]+|[\u4e00-\u9fff]+)", plain):
        ways += [f"{measured[1]} {measured[2]}", f"{measured[1]}{measured[2]}"]
        ways += [f"{measured[1]}{unit}" for unit in _units_said().get(measured[2], ())]
    return ways


def _own_words(value: str, values: set[str]) -> list[str]:
    """The words of a value that no other value of its option has."""
    words = _plain(value).split()
    if len(words) < 2:
        return []
    rest = {word for other in values if other != value for word in _plain(other).split()}
    short = {fold(word) for word in value.split() if word.isupper()}
    return [word for word in words if (len(word) >= _LEAST_WORD or word in short) and word not in rest]


def _opposite(name: str, value: str, variants: Sequence[Mapping[str, str]]) -> str | None:
    """The other value of an option of yes or no."""
    values = {each.get(name, "") for each in variants}
    if fold(value) not in _YES or not all(fold(each) in _YES | _NO for each in values if each):
        return None
    return next((each for each in values if fold(each) in _NO), None)


__all__ = ["Named", "NamedAt", "named_values", "values_in_place"]
