"""The options of one product as they are found in messages: values whole and in part, their names, what stands for them.

Every language the shop has speaks of the same values: the option at the same place is the same option. A word that all
values of an option have tells none of them; what people say for a value (`vocabulary/values.yml`) counts only where no
value of the product has that word itself.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from actions.resolver.aligning import places_of
from actions.resolver.candidates import VariantCandidate
from actions.resolver.options import Value, value_in, value_of
from actions.resolver.text import HAN, fold, stems_of
from actions.resolver.vocabulary import phrases, read

_HAN_RUN = re.compile(rf"[{HAN}]+")
_SUFFIXES = frozenset({"色", "款", "型", "码", "号", "式", "味"})
"""What a value may be said without: 黑 for 黑色."""


@dataclass(slots=True)
class Options:
    """The options of one product, ready to be found in messages."""

    names: tuple[str, ...]
    spelt: list[dict[str, tuple[str, ...]]]
    """By option: each value with its spellings in every language."""
    name_words: dict[str, set[int]] = field(default_factory=dict)
    whole: dict[tuple[str, ...], dict[int, set[str]]] = field(default_factory=dict)
    parts: dict[tuple[str, ...], dict[int, set[str]]] = field(default_factory=dict)
    han: dict[str, dict[int, set[str]]] = field(default_factory=dict)
    signed: dict[str, dict[int, set[str]]] = field(default_factory=dict)
    """Values with signs in them, as they are written: "80%"."""
    called: tuple[str, ...] = ()
    """What the product and its categories are called, folded."""

    def names_thing(self, part: str) -> bool:
        """Whether Chinese words call the product, so that they are no part of a value: 咖啡 is no 咖啡豆."""
        return any(part in title for title in self.called)

    def meanings(self, place: int, value: str) -> list[Value]:
        """What the spellings of a value mean."""
        return [value_in(self.names[place], spelling) for spelling in self.spelt[place][value]]

    def ranks(self, place: int) -> dict[str, float]:
        """The values of an option in their order, where they have one."""
        return _ranks(tuple(self.spelt[place].items()))

    def is_ordered(self, place: int) -> bool:
        """Whether all values of an option have an order that is no colours'."""
        return len(self.ranks(place)) == len(self.spelt[place]) > 1 and not self._any(place, "colour")

    def measures(self, place: int, dimension: str) -> bool:
        """Whether values of an option are measures of a dimension ("length")."""
        return any(
            measure.dimension == dimension
            for value in self.spelt[place]
            for meaning in self.meanings(place, value)
            for measure in meaning.measures
        )

    def size_place(self) -> int | None:
        """The option that says how big it is: called so, else a length or volume, else small to large, else ordered."""
        ordered = [place for place in range(len(self.names)) if self.is_ordered(place)]
        called = [place for word in _called_size() for place in sorted(self.name_words.get(word, ()))]

        def telling(place: int) -> int:
            if place in called:
                return called.index(place)
            if self.measures(place, "length") or self.measures(place, "volume"):
                return len(called)
            return len(called) + (1 if self._any(place, "letter") or _is_level(self, place) else 2)

        return min(ordered, key=telling, default=None)

    def _any(self, place: int, kind: str) -> bool:
        values = (m for value in self.spelt[place] for m in self.meanings(place, value))
        return any(getattr(meaning, kind) for meaning in values)

    def lacking(self, place: int) -> str | None:
        """The value that says there is none of it, or "no"."""
        return next((v for v, said in self.spelt[place].items() if any(fold(s) in _no() for s in said)), None)

    def having(self, place: int) -> str | None:
        """The value "yes" of an option that is yes or no."""
        if self.lacking(place) is None or len(self.spelt[place]) > 2:
            return None
        return next((v for v, said in self.spelt[place].items() if any(fold(s) in _yes() for s in said)), None)


@cache
def _called_size() -> tuple[str, ...]:
    return tuple(map(str, read("values")["called_size"]))


def _is_level(options: Options, place: int) -> bool:
    """Whether its values are small, medium and large."""
    sizes = {fold(str(word)) for word in read("values")["small_to_large"]}
    return all(any(fold(each) in sizes for each in said) for said in options.spelt[place].values())


@cache
def _yes() -> frozenset[str]:
    return frozenset(map(str, read("values")["yes"]))


@cache
def _no() -> frozenset[str]:
    return frozenset(map(str, read("values")["no"]))


@cache
def _never_alone() -> frozenset[str]:
    alone = {stem for word in read("values")["never_alone"] for stem in stems_of(str(word))}
    return frozenset(alone | {str(word) for word in read("values")["never_alone"]} | set(phrases("stop")))


@cache
def _alike() -> dict[tuple[str, ...], frozenset[tuple[str, ...]]]:
    """By the terms of a word: those that stand for it."""
    found: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for group in read("values")["alike"]:
        terms = [stems_of(str(word)) for word in group]
        for each in terms:
            found.setdefault(each, set()).update(other for other in terms if other != each)
    return {terms: frozenset(others) for terms, others in found.items()}


def alike_to(terms: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    """What stands for these terms among values: robotic for robot."""
    return _alike().get(terms, frozenset())


@lru_cache(maxsize=4096)
def _ranks(values: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, float]:
    spelt = [{fold(each) for each in said} for _, said in values]
    for level in read("values")["levels"]:
        words = [fold(str(word)) for word in level]
        places = [next((i for i, word in enumerate(words) if word in said), None) for said in spelt]
        if len(values) > 1 and None not in places and len(set(places)) == len(places):
            return {value: float(place or 0) for (value, _), place in zip(values, places, strict=True)}
    ranks = {value: value_of(value).rank for value, _ in values}
    measured = {value: _leading(value) for value, _ in values}
    known = measured if None in ranks.values() and None not in measured.values() else ranks
    return {value: rank for value, rank in known.items() if rank is not None}


def _leading(value: str) -> float | None:
    """The number that a value begins with: 12 of "12 cups"."""
    found = re.match(r"\d+(?:\.\d+)?", value)
    return float(found.group()) if found else None


def options_of(variants: Sequence[VariantCandidate]) -> Options:
    """The options by which the variants of one product differ."""
    return _options_of(
        tuple(
            (tuple(each.options.items()), tuple(tuple(other.items()) for other in each.other_options))
            for each in variants
        ),
        tuple(dict.fromkeys(title for each in variants for title in (*each.titles, *each.categories))),
    )


_Pairs = tuple[tuple[str, str], ...]


@lru_cache(maxsize=256)
def _options_of(variants: tuple[tuple[_Pairs, tuple[_Pairs, ...]], ...], titles: tuple[str, ...]) -> Options:
    names = tuple(dict.fromkeys(name for options, _ in variants for name, _ in options))
    spelt: list[dict[str, dict[str, None]]] = [{} for _ in names]
    said_of: list[dict[str, None]] = [{name: None} for name in names]
    for options, _ in variants:
        for name, value in options:
            spelt[names.index(name)].setdefault(value, {})[value] = None
    for alike in _by_names(variants):
        places = places_of([([dict(options).get(name, "") for name in names], dict(other)) for options, other in alike])
        for options, other in alike:
            own = dict(options)
            for said, spelling in other:
                name = said if said in own else names[places[said]] if places[said] < len(names) else ""
                if name in own:
                    said_of[names.index(name)][said] = None
                    spelt[names.index(name)][own[name]][spelling] = None
    found = Options(names, [{value: tuple(said) for value, said in each.items()} for each in spelt])
    found.called = tuple(fold(title) for title in titles)
    for place, said_names in enumerate(said_of):
        for name in said_names:
            _add_name(found, place, name)
    title_words = {stem for title in titles for stem in stems_of(title)}
    for place, values in enumerate(found.spelt):
        for value, ways in values.items():
            for spelling in ways:
                _add_value(found, place, value, spelling, title_words)
    _drop_common(found)
    _add_alike(found)
    _call_size(found)
    return found


def _call_size(options: Options) -> None:
    """Where nothing is called so, "size" is what says how big the product is: the volume of a kettle."""
    place = options.size_place()
    if place is not None and not any(word in options.name_words for word in ("size", "尺码", "尺寸")):
        for word in ("size", "大小", "尺寸"):
            options.name_words.setdefault(word, set()).add(place)


def _by_names(variants: tuple[tuple[_Pairs, tuple[_Pairs, ...]], ...]) -> list[list[tuple[_Pairs, _Pairs]]]:
    """Options with the same in another language, those of one language together."""
    found: dict[frozenset[str], list[tuple[_Pairs, _Pairs]]] = {}
    for options, others in variants:
        for other in others:
            found.setdefault(frozenset(name for name, _ in other), []).append((options, other))
    return list(found.values())


def _add_name(options: Options, place: int, name: str) -> None:
    words = {stem for stem in stems_of(name) if stem.isascii() and len(stem) > 2 and stem not in _never_alone()}
    words |= {"colour"} & {stem.replace("color", "colour") for stem in words}
    for run in _HAN_RUN.findall(fold(name)):
        words.add(run)
        if len(run) > 2 and run.endswith("颜色"):
            words.add(run.removesuffix("颜色"))
    for word in [*words, name.casefold()]:
        terms = stems_of(word)
        alike = {"".join(each) if not "".join(each).isascii() else " ".join(each) for each in _alike().get(terms, ())}
        for each in {word, *alike}:
            options.name_words.setdefault(each, set()).add(place)
    size = {"size", "尺码", "尺寸", "码", "号"}
    if size & words:
        for each in (*size, "大小", "号码", "码数"):
            options.name_words.setdefault(each, set()).add(place)


def _add_value(options: Options, place: int, value: str, spelling: str, title_words: set[str]) -> None:
    folded = fold(spelling).strip()
    if re.search(r"[^\w\s\-/.,]", folded) and re.search(r"\w", folded):
        options.signed.setdefault(folded, {}).setdefault(place, set()).add(value)
    if folded in _yes() | _no():
        return
    terms = stems_of(spelling)
    latin = tuple(term for term in terms if term.isascii())
    if terms and terms == latin:
        options.whole.setdefault(terms, {}).setdefault(place, set()).add(value)
    for term in latin:
        telling = len(term) > 1 and term not in _never_alone() and term not in title_words
        if len(terms) == 1 or (telling and len(latin) > 1):
            options.parts.setdefault((term,), {}).setdefault(place, set()).add(value)
    if re.match(r"\d+[a-z]", folded):
        options.parts.setdefault((terms[0],), {}).setdefault(place, set()).add(value)
    for run in _HAN_RUN.findall(folded):
        for size in range(1 if run == folded else 2, len(run) + 1):
            for start in range(len(run) - size + 1):
                part = run[start : start + size]
                bare = run.startswith(part) and run[size:] in _SUFFIXES
                naming = not bare and options.names_thing(part)
                if part != run and (size == 1 or part in _never_alone() or naming):
                    continue
                options.han.setdefault(part, {}).setdefault(place, set()).add(value)


def _drop_common(options: Options) -> None:
    """What all values of an option have tells none of them."""
    for meant in (*options.parts.values(), *options.han.values()):
        for place in list(meant):
            if len(meant[place]) == len(options.spelt[place]) > 1:
                del meant[place]
    options.parts = {terms: meant for terms, meant in options.parts.items() if meant}
    options.han = {part: meant for part, meant in options.han.items() if meant}


def _add_alike(options: Options) -> None:
    """What people say for a value or a word of it, where no value of the product has that word itself."""
    own = {**options.whole, **options.parts, **{tuple(word): meant for word, meant in options.han.items()}}
    added: dict[tuple[str, ...], dict[int, set[str]]] = {}
    for terms, meant in own.items():
        for other in _alike().get(terms, ()):
            if other in own:
                continue
            for place, values in meant.items():
                added.setdefault(other, {}).setdefault(place, set()).update(values)
    for terms, meant in added.items():
        if all(not term.isascii() for term in terms):
            options.han.setdefault("".join(terms), {}).update(meant)
        else:
            options.parts.setdefault(terms, {}).update(meant)
    _drop_common(options)


__all__ = ["Options", "options_of"]
