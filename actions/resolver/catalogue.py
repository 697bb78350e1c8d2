"""The catalogue's vocabulary, indexed from the candidates at run time: which words speak of which of them, how strongly.

Titles, option values, categories and facts become terms. An English title's head ("lamp" of "Arc floor lamp, brass")
counts more than what stands before it; a Chinese title is found by any two or more neighbouring characters, and its last
ones are its head. What each text contributes is worked out once and kept, so that indexing a few hundred candidates is
little more than filling a dictionary.
"""  # noqa: E501

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Final, Protocol

from actions.resolver.options import Value, colour_of, materials_of, value_in
from actions.resolver.text import Token, distance, stems_of, tokenise
from actions.resolver.vocabulary import phrases, read

Strengths = dict[int, float]
"""By the candidate's position: how strongly words speak of it, from 0 to 1."""

HEAD, MODIFIER, CATEGORY, SYNONYM, FACT = 1.0, 0.75, 0.6, 0.8, 0.5
_LONGEST_HAN = 8


class Named(Protocol):
    """What has the words of a product."""

    @property
    def titles(self) -> Sequence[str]:
        """Its names in every language."""
        ...

    @property
    def options(self) -> Mapping[str, str]:
        """Chosen options, name to value."""
        ...

    @property
    def other_options(self) -> Sequence[Mapping[str, str]]:
        """The same in the other languages."""
        ...

    @property
    def categories(self) -> Sequence[str]:
        """Names of its categories."""
        ...

    @property
    def facts(self) -> Mapping[str, str]:
        """Other things known of it, name to value."""
        ...

    @property
    def sku(self) -> str | None:
        """Its stock code."""
        ...


@dataclass(frozen=True, slots=True)
class TitleTerms:
    """What one title contributes: words with strengths, runs of Han characters, groups of general names, and pairs."""

    words: tuple[tuple[str, float], ...]
    han: tuple[tuple[str, float], ...]
    groups: tuple[tuple[int, float], ...]
    joined_by_and: tuple[tuple[str, str], ...]


_CONTAINERS = frozenset(
    ["set", "pack", "pair", "box", "bundle", "case", "bag", "tin", "jar", "bottle", "piece", "roll"]
)
_HAN_CONTAINER = re.compile(r"(?<=..)(?:礼盒|套装|套组|礼包|组合|礼袋|盒装|瓶装|袋装|罐装)$")
_CUT = re.compile(r"\s+[-–—|/]\s+|,|\(|\s(?:with|for|in|by|from|without|featuring|w/)\s|:", re.IGNORECASE)


@cache
def stop_words() -> frozenset[str]:
    """Function words, which name nothing even where a title has them."""
    return frozenset(term for word in phrases("stop") for term in stems_of(word) if word.isascii())


_NEVER_HEADS = frozenset(
    [
        "one",
        "two",
        "three",
        "set",
        "pack",
        "size",
        "item",
        "pair",
        "new",
        "the",
        "of",
        "it",
        "all",
        "for",
        "that",
        "this",
    ]
)


_COUNTS: Final = frozenset(
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "both"]
)
"""They count what is meant ("my two orders"): with the next word of a name they are one, alone none: "two-seater"."""


@cache
def groups() -> tuple[dict[tuple[str, ...], tuple[int, ...]], dict[str, tuple[int, ...]]]:
    """General names of goods: by terms the numbers of their groups, and wider words with the groups they cover."""
    content = read("goods")
    by_terms: dict[tuple[str, ...], list[int]] = {}
    for number, group in enumerate(content["groups"]):
        for word in group:
            by_terms.setdefault(stems_of(str(word)), []).append(number)
    wider = {}
    for word, members in content["wider"].items():
        covered = [number for member in members for number in by_terms.get(stems_of(member), ())]
        wider["".join(stems_of(word))] = tuple(covered)
    return {terms: tuple(numbers) for terms, numbers in by_terms.items()}, wider


@lru_cache(maxsize=16384)
def title_terms(title: str) -> TitleTerms:
    """What a title contributes to the index."""
    tokens = [token for token in tokenise(title) if token.kind != "sign"]
    cut = _CUT.search(title)
    head_end = cut.start() if cut and cut.start() > 2 else len(title)
    of = re.search(r"\sof\s", title, re.IGNORECASE)
    if of and of.start() < head_end:
        before = [token for token in tokens if token.end <= of.start()]
        if before and before[-1].stem not in _CONTAINERS:
            head_end = of.start()
    latin = [token for token in tokens if token.kind != "han" and token.end <= head_end]
    head = next((token for token in reversed(latin) if token.kind == "word" and len(token.text) > 1), None)
    words: dict[str, float] = {}
    for token in tokens:
        if token.kind == "han":
            continue
        if token is head and token.stem not in _NEVER_HEADS:
            words[token.stem] = HEAD
        elif token.stem in _COUNTS and len(latin) > 1:
            continue
        elif token.stem not in stop_words() and (len(token.stem) > 1 or token.kind == "number"):
            words.setdefault(token.stem, MODIFIER)
    if head is not None:
        for general in _compounded(head.stem):
            words.setdefault(general, SYNONYM * 0.9)
    sequence = [token.stem for token in tokens if token.kind != "han"]
    for left, right in itertools.pairwise(sequence):
        strength = HEAD if head and right == head.stem else MODIFIER
        words.setdefault(left + right, strength)
    ands = tuple(
        (a, c) for a, b, c in zip(sequence, sequence[1:], sequence[2:], strict=False) if b == "and" and a and c
    ) + tuple(itertools.pairwise(sequence)) * ("&" in title)
    han: dict[str, float] = {}
    found_groups: dict[int, float] = {}
    for run in re.findall(r"[\u3400-\u4dbf\u4e00-\u9fff]+", "".join(_folded_han(title))):
        wrapped = _HAN_CONTAINER.search(run)
        ends = {len(run), wrapped.start() if wrapped else len(run)}
        for size in range(2, min(_LONGEST_HAN, len(run)) + 1):
            for start in range(len(run) - size + 1):
                at_end = start + size in ends
                part = run[start : start + size]
                han[part] = max(han.get(part, 0), HEAD if at_end else MODIFIER)
        han.setdefault(run, HEAD)
        han.setdefault(run[-1], 0.7)
        _han_groups(run, ends, found_groups)
    _word_groups(sequence, head.stem if head else "", found_groups)
    return TitleTerms(tuple(words.items()), tuple(han.items()), tuple(found_groups.items()), ands)


def _compounded(word: str) -> list[str]:
    """The general names of goods that an English compound ends in: a smartwatch is a watch too."""
    by_terms, _ = groups()
    starts = range(3, len(word) - 3)
    return [word[start:] for start in starts if (word[start:],) in by_terms and word[start:] not in _LOOSE_ENDS]


_LOOSE_ENDS = frozenset({"phone", "board"})
"""Names of goods at the end of words that are none of them: headphones, keyboards."""


def _folded_han(title: str) -> list[str]:
    return [token.text if token.kind == "han" else " " for token in tokenise(title)]


def _han_groups(run: str, ends: set[int], found: dict[int, float]) -> None:
    """The general names of goods in a Chinese title: at its ends, inside, and what a name inside is a sort of.

    保温杯 in the middle of a marketplace's long title makes it a cup (杯, 杯子) as well.
    """
    by_terms, _ = groups()
    named = {
        start + size
        for size in range(2, min(6, len(run)) + 1)
        for start in range(len(run) - size + 1)
        if tuple(run[start : start + size]) in by_terms
    }
    for size in range(1, min(6, len(run)) + 1):
        for start in range(len(run) - size + 1):
            numbers = by_terms.get(tuple(run[start : start + size]))
            at_end = start + size in ends
            if numbers and (at_end or size > 1 or start + size in named):
                for number in numbers:
                    found[number] = max(found.get(number, 0), SYNONYM if at_end else SYNONYM * 0.6)


def _word_groups(sequence: list[str], head: str, found: dict[int, float]) -> None:
    by_terms, _ = groups()
    for size in (1, 2, 3):
        for start in range(len(sequence) - size + 1):
            part = tuple(sequence[start : start + size])
            numbers = by_terms.get(part)
            if numbers:
                at_head = part[-1] == head
                for number in numbers:
                    found[number] = max(found.get(number, 0), SYNONYM if at_head else SYNONYM * 0.6)


@lru_cache(maxsize=16384)
def _value_terms(value: str) -> tuple[tuple[str, ...], ...]:
    """The ways a value is said: itself, and a Chinese colour without its 色."""
    terms = stems_of(value)
    if len(terms) > 1 and terms[-1] in ("色", "码", "号", "款"):
        return terms, terms[:-1]
    return (terms,)


_HAS: Final = re.compile(r"with(?:out)? [a-z]", re.IGNORECASE)
"""A value that says whether something belongs to it: "with lid"."""


class Catalogue[T: Named]:
    """The words of some candidates."""

    def __init__(self, items: Sequence[T]) -> None:
        self.items = items
        self.words: dict[str, Strengths] = {}
        self.han: dict[str, Strengths] = {}
        self.groups: dict[int, Strengths] = {}
        self.values: dict[tuple[str, ...], Strengths] = {}
        self.joined_by_and: set[tuple[str, str]] = set()
        self.item_values: list[list[tuple[str, str, Value]]] = []
        """By candidate: each option's name, value and meaning, in every language."""
        self._titles: dict[tuple[str, ...], TitleTerms] = {}
        self._whole: dict[str, set[int]] = {}
        """By Chinese title: whom it names in full."""
        for position, item in enumerate(items):
            self._add(position, item)
        self._by_first: dict[str, list[str]] | None = None

    def _add(self, position: int, item: T) -> None:
        for title in item.titles:
            terms = title_terms(title)
            self._whole.setdefault(title.strip(), set()).add(position)
            for word, strength in terms.words:
                _raise(self.words, word, position, strength)
            for run, strength in terms.han:
                _raise(self.han, run, position, strength)
            for group, strength in terms.groups:
                _raise(self.groups, group, position, strength)
            self.joined_by_and.update(terms.joined_by_and)
        for category in item.categories:
            terms = title_terms(category)
            for word, strength in terms.words:
                _raise(self.words, word, position, strength * CATEGORY)
            for run, strength in terms.han:
                if len(run) > 1:
                    _raise(self.han, run, position, strength * CATEGORY)
            for group, strength in terms.groups:
                _raise(self.groups, group, position, strength * CATEGORY)
        values = []
        for options in (item.options, *item.other_options):
            for name, value in options.items():
                values.append((name, value, value_in(name, value)))
                for said in _value_terms(value):
                    if said:
                        _raise(self.values, said, position, 1.0)
        for name, value in item.facts.items():
            meaning = value_in(name, value)
            values.append((name, value, meaning))
            if len(meaning.terms) <= 3:
                _raise(self.values, meaning.terms, position, FACT + 0.2)
        self.item_values.append(values)

    @cached_property
    def _with_articles(self) -> re.Pattern[str] | None:
        values = [said.casefold() for each in self.item_values for _, said, _ in each]
        said = {value.split(" ", 1)[1] for value in values if _HAS.match(value)}
        things = "|".join(re.escape(each) for each in sorted(said, key=len, reverse=True))
        return (
            re.compile(rf"\b(with(?:out)?) (?:the|an?|its|my|that|this) ({things})\b", re.IGNORECASE)
            if things
            else None
        )

    def with_bare_values(self, text: str) -> str:
        """`text` with "with the lid" as the catalogue has it, "with lid"; every other letter stays in its place."""
        if (pattern := self._with_articles) is None:
            return text
        return pattern.sub(lambda said: f"{said[1]} {said[2]}".ljust(len(said[0])), text)

    def word(self, token: Token) -> Strengths | None:
        """Whom an English word speaks of by name."""
        return self.words.get(token.stem)

    def run(self, characters: str) -> Strengths | None:
        """Whom Chinese characters speak of by name: who is called just so, before those in whose name they stand."""
        found = self.han.get(characters)
        whole = self._whole.get(characters)
        return {place: found[place] for place in found if place in whole} if found and whole else found

    def near(self, word: str) -> tuple[str, Strengths] | None:
        """The catalogue's word that `word` is most likely a misspelling of, if it is one of none else."""
        if len(word) < 4 or not word.isascii():
            return None
        limit = 1 if len(word) < 7 else 2
        if self._by_first is None:
            self._by_first = {}
            for known in self.words:
                if len(known) > 3 and known.isascii() and known.isalpha():
                    self._by_first.setdefault(known[0], []).append(known)
        best: list[str] = []
        least = limit
        for known in self._by_first.get(word[0], ()):
            apart = distance(word, known, least)
            if apart < least:
                best, least = [known], apart
            elif apart == least and apart <= limit:
                best.append(known)
        if not best and len(word) >= 5:  # the first letter itself may be wrong or swapped with the second
            best = [k for k in self._by_first.get(word[1], ()) if distance(word, k, 1) <= 1]
        if not best:
            return None
        strengths: Strengths = {}
        for known in best:
            for position, strength in self.words[known].items():
                strengths[position] = max(strengths.get(position, 0), strength * (0.85 if len(word) < 6 else 0.95))
        return best[0], strengths

    def group_strengths(self, numbers: Sequence[int]) -> Strengths:
        """Whom general names of goods speak of."""
        found: Strengths = {}
        for number in numbers:
            for position, strength in self.groups.get(number, {}).items():
                found[position] = max(found.get(position, 0), strength)
        return found

    @property
    def material(self) -> list[frozenset[int]]:
        """By candidate: the groups of materials its words name."""
        return [
            frozenset().union(
                *(materials_of(title) for title in item.titles),
                *(materials_of(value) for _, value, _ in self.item_values[position]),
            )
            for position, item in enumerate(self.items)
        ]

    def lightness(self, position: int) -> float | None:
        """The lightness of a candidate's colour, from its options or, without one, its titles."""
        for _, _, value in self.item_values[position]:
            if value.colour:
                return value.colour.lightness
        for title in self.items[position].titles:
            colour = colour_of(title)
            if colour:
                return colour.lightness
        return None


def _raise[K](index: dict[K, Strengths], key: K, position: int, strength: float) -> None:
    strengths = index.get(key)
    if strengths is None:
        index[key] = {position: strength}
    elif strengths.get(position, 0.0) < strength:
        strengths[position] = strength
