"""A message as a row of elements: what speaks of candidates, what limits or counts them, what is asked.

Everything that is known is tried at every place and the longest wins: the vocabulary's phrases, the candidates' own
words (`catalogue`), days, amounts, measures and numbers. Nothing is decided here about what is meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from actions.resolver.amounts import Amount, amounts_in
from actions.resolver.catalogue import Catalogue, Strengths, groups, stop_words
from actions.resolver.dates import DateRange, dates_in
from actions.resolver.measures import Measure, measures_in
from actions.resolver.nouns import counts_no_more, counts_pieces, is_noun, is_value
from actions.resolver.numbers import parse_number
from actions.resolver.options import (
    Colour,
    colour_likeness,
    colour_terms,
    letter_terms,
    material_terms,
    size_words,
)
from actions.resolver.resolution import Span
from actions.resolver.text import Token, distance, fold, is_plural, stems_of, tokenise
from actions.resolver.vocabulary import mapping, phrases


@dataclass(slots=True)
class Element:
    """One or more tokens that say one thing.

    `roles` say what it may do ("wish", "ordinal" …), each with a value; `strengths` whom it speaks of, `having` who could
    have been spoken of so (all that have a colour, for a colour). `kind` is its main role.
    """  # noqa: E501

    kind: str
    span: Span
    words: str
    roles: dict[str, Any] = field(default_factory=dict)
    strengths: Strengths = field(default_factory=dict)
    having: frozenset[int] = frozenset()
    plural: bool = False
    near: bool = False
    colour: Colour | None = None
    measure: Measure | None = None
    determined: bool = False

    def has(self, role: str) -> bool:
        """Whether it may do that."""
        return role in self.roles

    @property
    def names(self) -> bool:
        """Whether it speaks of candidates by their words."""
        return self.kind in ("name", "option")


Trie = Mapping[str, Sequence[tuple[tuple[str, ...], str, Any]]]


@cache
def _function_phrases() -> Trie:
    """By first token: phrases with role and value, the longest first."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}

    def add(words: Sequence[str], role: str, value: Any = True) -> None:
        for word in words:
            for said in {word, word.replace("'", "")}:
                terms = tuple(token.text for token in tokenise(said))
                if terms:
                    found.setdefault(terms, {}).setdefault(role, value)

    def add_all(role: str, *path: str) -> None:
        for value, words in mapping(*path).items():
            add(words, role, value)

    add_all("sup", "superlatives")
    add_all("comp", "comparatives")
    add_all("pronoun", "pronouns")
    add_all("state", "states")
    add_all("wish", "wishes")
    add_all("condition", "conditions")
    for role in (
        "boundary",
        "everything",
        "rest",
        "except",
        "except_end",
        "keep",
        "one_of",
        "each_one",
        "same",
        "not",
        "half",
    ):
        add(phrases(role), role)
    add(phrases("keep"), "wish", "keep")
    for role in ("arrival", "placing", "instead", "because", "nearest"):
        add(phrases(role), role)
    add(phrases("strong_targets"), "target", "strong")
    add(phrases("targets"), "target", "weak")
    add(phrases("different_colour"), "different", "colour")
    add(phrases("different_size"), "different", "size")
    for value, words in mapping("ordinals").items():
        add(words, "ordinal", int(value))
    for value, words in mapping("numbers").items():
        add([word for word in words if word.isascii()], "number", int(value))
    add(phrases("idioms"), "glue")
    add(phrases("stop"), "glue")
    trie: dict[str, list[tuple[tuple[str, ...], str, Any]]] = {}
    for terms, roles in found.items():
        trie.setdefault(terms[0], []).append((terms, "", roles))
    for entries in trie.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return trie


@cache
def _measure_words() -> frozenset[str]:
    return frozenset(phrases("measure_words"))


@cache
def _han_word_starts() -> re.Pattern[str]:
    counted = "".join(sorted(word for word in _measure_words() if len(word) == 1))
    return re.compile(rf"(?P<n>\d+|[一二两俩三四五六七八九十]+)\s?(?P<m>[{counted}])")


_SLICE = re.compile(
    r"(?P<edge>first|last|top|latest|前|最后|后|头)\s?(?P<n>two|three|four|five|six|2|3|4|5|6|[两二三四五六])"
    r"(?![\d天日周年月])\s?(?:个|件|条|双|单|款|样|只|本|笔|张|家)?"
)
_ORDER_NUMBER = re.compile(r"(?<![A-Za-z0-9])#?[A-Za-z]{0,4}[-_/]?\d[\dA-Za-z]*(?:[-_/][\dA-Za-z]+)*(?![A-Za-z0-9])")

_TIMES = re.compile(r"\d{1,2}\s?[x×](?=\s+(?:the\s+|my\s+)?[a-z]{3}|\s*[\u4e00-\u9fff])")
_SENTENCE_END = frozenset(".;!?。；！？\n")
_TOO = frozenset(("too", "so", "bit", "little", "very", "太", "有点", "偏", "runs", "comes", "slightly"))
_BEFORE_LETTER = frozenset(["in", "a", "an", "size", "to", "for", "the", "into", "or", "like", "is"])
_DETERMINERS = frozenset(["the", "my", "that", "this", "those", "these", "a", "an", "your", "our", "any"])


class Reader[T]:
    """Reads messages against one catalogue."""

    def __init__(
        self,
        catalogue: Catalogue[Any] | None,
        *,
        numbers: Mapping[str, int] | None = None,
        today: date | None = None,
        currency: str = "",
        size_expected: bool = False,
    ) -> None:
        self.catalogue: Catalogue[Any] = Catalogue([]) if catalogue is None else catalogue
        self.numbers = numbers or {}
        self.today = today
        self.currency = currency
        self.size_expected = size_expected
        self._materials: list[frozenset[int]] | None = None

    def read(self, text: str) -> list[Element]:
        """The elements of `text`, in its order."""
        text = self.catalogue.with_bare_values(text)
        tokens = tokenise(text)
        marks = self._marks(text)
        elements: list[Element] = []
        position = 0
        while position < len(tokens):
            token = tokens[position]
            mark = next((m for m in marks if m.span.start <= token.start < m.span.end), None)
            if mark is not None:
                elements.append(mark)
                while position < len(tokens) and tokens[position].start < mark.span.end:
                    position += 1
                continue
            element, size = self._at(text, tokens, position)
            element.determined = position > 0 and tokens[position - 1].text in _DETERMINERS
            elements.append(element)
            position += size
        return elements

    # What stands out by its shape

    def _marks(self, text: str) -> list[Element]:
        found: list[Element] = []

        def free(span: Span) -> bool:
            return all(span.end <= mark.span.start or mark.span.end <= span.start for mark in found)

        def add(kind: str, span: Span, **roles: Any) -> Element | None:
            if not free(span):
                return None
            element = Element(kind, span, span.of(text), roles)
            found.append(element)
            return element

        folded = fold(text)
        for number in _ORDER_NUMBER.finditer(folded):
            position = self.numbers.get(_plain(number.group()))
            if position is not None:
                element = add("order_number", Span(*number.span()), order_number=position)
                if element:
                    element.strengths = {position: 1.0}
        if self.today:
            for days, span in dates_in(text, today=self.today, direction="past"):
                add("date", span, date=days)
        by_span: dict[tuple[int, int], list[Measure]] = {}
        for measure in measures_in(text):
            by_span.setdefault((measure.span.start, measure.span.end), []).append(measure)
        for (start, end), measures in by_span.items():
            matched, having = self._measure_strengths(measures)
            if matched or having:
                element = add("option", Span(start, end), measure=measures)
                if element:
                    element.strengths, element.having, element.measure = matched, having, measures[0]
        if self.currency:
            for amount, span in amounts_in(text, currency=self.currency):
                if not counts_pieces(text, span.end):
                    add("amount", span, amount=amount)
        for piece in _SLICE.finditer(folded):
            count = int(parse_number(piece["n"]) or 0)
            from_end = piece["edge"] in ("last", "最后", "后", "latest")
            if not (piece["edge"] == "后" and folded[piece.end() : piece.end() + 1] == "天"):
                add("slice", Span(*piece.span()), slice=(-count if from_end else count))
        return found

    def _measure_strengths(self, measures: Sequence[Measure]) -> tuple[Strengths, frozenset[int]]:
        strengths: Strengths = {}
        having = set()
        for position, values in enumerate(self.catalogue.item_values):
            known = [m for _, _, value in values for m in value.measures]
            known += [m for title in self.catalogue.items[position].titles for m in measures_in(title)]
            for measure in measures:
                for other in known:
                    if other.dimension == measure.dimension:
                        having.add(position)
                        if measure.equals(other):
                            strengths[position] = 1.0
                        elif len(measure.amounts) == 1 and any(
                            abs(measure.amounts[0] - side) <= 0.01 * side for side in other.amounts
                        ):
                            strengths[position] = max(strengths.get(position, 0), 0.8)
        return strengths, frozenset(having)

    # One place

    def _at(self, text: str, tokens: Sequence[Token], at: int) -> tuple[Element, int]:
        token = tokens[at]
        if token.kind == "sign":
            end = token.text in _SENTENCE_END and not (token.text == "." and _inside_number(tokens, at))
            kind = "end" if end else "comma" if token.text in ",，、/+&" else "sign"
            roles: dict[str, Any] = {"boundary": True} if token.text in "、+&" else {}
            return Element(kind, Span(token.start, token.end), token.text, roles), 1
        counted = self._counted(text, tokens, at)
        roles, size = _function(tokens, at)
        if "sup" in roles and size > 1 and tokens[at + size - 1].text == "one" and _indefinite(tokens, at):
            # "A new one" is any, "the new one" the newest.
            roles, size = _function(tokens, at, shorter_than=size)
        if size == 2 and counts_no_more(tokens, at) and self._named(text, tokens, at + 1)[1] > 1:
            # 那箱子 is the suitcase, and no box of something.
            roles, size = _function(tokens, at, shorter_than=size)
        named, named_size = self._named(text, tokens, at)
        if named and named.has("letter") and named.strengths and "sup" in roles and not token.text.endswith("st"):
            # "The large one" is size L where there are such sizes, and the biggest where there are none.
            return named, named_size
        if named and "sup" in roles and named_size > 1 and named.kind == "option" and _is_value(named):
            # 深色的 is the shade of that name where there is one, and the darkest where there is none.
            return named, named_size
        if counted and counted[1] >= max(size, 1) and not (named and named_size > counted[1]):
            return counted
        if named and (
            named_size > size
            or (
                named_size == size
                and (set(roles) <= {"glue", "number", "target", "condition", "not"} or _strong(named, token))
            )
        ):
            named.roles = {
                **({key: value for key, value in roles.items() if key != "glue"} if named_size == size else {}),
                **named.roles,
            }
            return named, named_size
        if size:
            span = Span(token.start, tokens[at + size - 1].end)
            kind = next((role for role in _MAIN if role in roles), "glue")
            return Element(kind, span, span.of(text), roles), size
        return self._unknown(text, tokens, at)

    def _counted(self, text: str, tokens: Sequence[Token], at: int) -> tuple[Element, int] | None:
        """两个, 2件; a bare digit; the sizes among the numbers."""
        token = tokens[at]
        folded = fold(text)
        if token.kind == "han" or token.kind == "number":
            match = _han_word_starts().match(folded, token.start)
            if match and (at == 0 or tokens[at - 1].text not in ("第", "这", "那", "另", "每", "周", "月")):
                value = parse_number(match["n"].replace("俩", "二"))
                if value and value <= 200 and match["m"] not in "码号":
                    size = sum(1 for t in tokens[at:] if t.start < match.end())
                    if is_value(tokens, at, size, int(value), self.catalogue.values):
                        return None
                    return Element("quantity", Span(*match.span()), match.group(), {"quantity": int(value)}), size
        if token.kind != "number":
            return None
        value = parse_number(token.text)
        if value is None:
            return None
        times = _TIMES.match(folded, token.start)
        if times and value == int(value):
            # "2 x office chair" is no size.
            size = sum(1 for t in tokens[at:] if t.start < times.end())
            return Element("quantity", Span(*times.span()), times.group(), {"quantity": int(value)}), size
        span = Span(token.start, token.end)
        before = tokens[at - 1].text if at else ""
        after = tokens[at + 1].text if at + 1 < len(tokens) else ""
        sized = (before,) in size_words() or (after,) in size_words() or before in ("eu", "uk", "us")
        strengths: Strengths = {}
        having: set[int] = set()
        if self.catalogue:
            for position, values in enumerate(self.catalogue.item_values):
                for _, _, meaning in values:
                    if meaning.number is not None:
                        having.add(position)
                        if meaning.number == value:
                            strengths[position] = 1.0
            exact = self.catalogue.values.get((token.stem,), {})
            having |= self._having(exact)
            strengths.update(dict.fromkeys(exact, 1.0))
            for position, strength in self.catalogue.words.get(token.text, {}).items():
                strengths.setdefault(position, strength * 0.8)
        small_count = (
            value <= 20
            and not sized
            and at + 1 < len(tokens)
            and (after == "of" or self._names_something(tokens[at + 1]) or after in _measure_words())
        )
        if strengths and not small_count:
            size = 2 if (after,) in size_words() else 1
            return Element("option", span, span.of(text), {"size": value}, strengths, frozenset(having)), size
        if (sized or (value >= 20 and (before in _BEFORE_LETTER or self.size_expected))) and (having or sized):
            return Element("option", span, span.of(text), {"size": value}, {}, frozenset(having)), 1
        if value == int(value) and value <= 50:
            return Element("quantity", span, span.of(text), {"quantity": int(value)}), 1
        return Element("digits", span, span.of(text), {"digits": token.text}), 1

    def _names_something(self, token: Token) -> bool:
        if token.stem in self.catalogue.words or token.text in self.catalogue.han:
            return True
        return (token.stem,) in groups()[0]

    def _named(self, text: str, tokens: Sequence[Token], at: int) -> tuple[Element | None, int]:
        """What the candidates' own words and the general ones for goods, colours and sizes say here."""
        catalogue = self.catalogue
        token = tokens[at]
        best: Element | None = None
        best_size = 0

        def offer(
            kind: str, size: int, strengths: Strengths, having: frozenset[int] = frozenset(), **more: Any
        ) -> None:
            nonlocal best, best_size
            if size < best_size:
                return
            span = Span(token.start, tokens[at + size - 1].end)
            if size > best_size or best is None:
                best = Element(kind, span, span.of(text), {}, dict(strengths), having)
                best_size = size
            elif (
                kind == "name"
                and best.kind == "option"
                and "material" in best.roles
                and "goods" in more.get("roles", {})
            ):
                # "The fleece" is a garment first, as a fleece blanket is no fleece.
                best.kind, best.having = "name", frozenset()
                best.strengths = {position: strength * 0.6 for position, strength in best.strengths.items()} | strengths
                best.roles.pop("material", None)
            elif kind == "name" and best.kind == "option" and best.strengths and _of_one(tokens, at + size):
                # "The camera one" of bags is the bag for a camera, not the camera.
                return
            elif (
                kind == "name"
                and best.kind == "option"
                and max(strengths.values(), default=0) > max(best.strengths.values(), default=0)
            ):
                # "Coffee" and "honey" are colours too, but not where goods are called so.
                best.kind, best.strengths, best.having, best.colour = "name", dict(strengths), frozenset(), None
                best.roles.pop("colour", None)
            elif (
                kind == "name"
                and best.kind == "option"
                and (
                    max(strengths.values(), default=0) >= 1.0 or ("goods" in more.get("roles", {}) and not best.colour)
                )
                and not set(strengths) <= set(best.strengths)
                and best.strengths
            ):
                # The granola with honey is not "the honey", where there is a jar of that.
                valued = {position: strength * 0.6 for position, strength in best.strengths.items()}
                best.kind, best.having, best.colour = "name", frozenset(), None
                best.strengths = {**valued, **strengths}
                best.roles.pop("colour", None)
            else:
                for position, strength in strengths.items():
                    best.strengths[position] = max(best.strengths.get(position, 0), strength)
                best.having |= having
                if kind == "option":
                    best.kind = "option"
            best.colour = more.get("colour", best.colour)
            best.plural = best.plural or bool(more.get("plural"))
            best.near = bool(more.get("near")) and not best.strengths
            best.roles.update(more.get("roles", {}))

        run = _run(tokens, at)
        stems = tuple(t.stem for t in run[:5])
        # Option values word by word
        for size in range(len(stems), 0, -1):
            said = catalogue.values.get(stems[:size])
            if (
                said
                and not (size == 1 and _is_loose_letter(tokens, at))
                and not (size == 1 and token.stem in stop_words() and len(token.stem) < 3)
            ):
                if size == 1 and _after_too(tokens, at) and not token.capital:
                    break
                offer("option", size, said, self._having(said))
                break
        for size in range(min(3, len(stems)), 0, -1):
            letter = letter_terms().get(stems[:size])
            if letter and not (
                size == 1 and (_is_loose_letter(tokens, at) or (_after_too(tokens, at) and not token.capital))
            ):
                strengths, having = self._letters(letter)
                if strengths or (
                    having
                    and (
                        size > 1
                        or token.text in ("xs", "s", "m", "l", "xl", "xxl", "xxxl")
                        or self.size_expected
                        or token.kind == "han"
                    )
                ):
                    offer("option", size, strengths, having, roles={"letter": letter})
                    break
        for size in range(min(4, len(stems)), 0, -1):
            colour = colour_terms().get(stems[:size])
            if colour and not (size == 1 and token.kind == "han" and _inside_word(tokens, at, catalogue)):
                strengths, having = self._colours(colour, stems[:size])
                offer("option", size, strengths, having, colour=colour, roles={"colour": colour.family})
                break
        for size in range(min(2, len(stems)), 0, -1):
            material = material_terms().get(stems[:size])
            if material is not None and (size > 1 or token.kind != "han"):
                strengths, having = self._material_strengths(material)
                if strengths:
                    offer("option", size, strengths, having, roles={"material": material})
                    break
        # Names
        if token.kind == "han":
            characters = "".join(t.text for t in _han_run(tokens, at)[:8])
            for size in range(len(characters), 0, -1):
                found = catalogue.run(characters[:size])
                if found and (size > 1 or not _is_function(tokens, at)):
                    offer("name", size, found)
                    break
        else:
            plural = is_plural(token.text)
            found = catalogue.words.get(token.stem)
            if (
                found
                and (token.stem not in stop_words() or max(found.values()) >= 1.0)
                and token.kind == "word"
                and len(token.stem) > 1
            ):
                offer("name", 1, found, plural=plural)
            if at + 1 < len(tokens) and tokens[at + 1].kind in ("word", "number") and len(run) > 1:
                joined = catalogue.words.get(token.stem + run[1].stem)
                size = list(tokens[at:]).index(run[1]) + 1
                if joined and not (token.stem in stop_words() and run[1].stem in stop_words()):
                    offer("name", size, joined, plural=is_plural(run[1].text))
        self._general(tokens, at, run, offer)
        return best, best_size

    def _general(self, tokens: Sequence[Token], at: int, run: Sequence[Token], offer: Any) -> None:
        by_terms, wider = groups()
        stems = tuple(t.stem for t in run[:6])
        for size in range(len(stems), 0, -1):
            terms = stems[:size]
            numbers = [*by_terms.get(terms, ()), *wider.get("".join(terms), ())]
            if not numbers or (
                size == 1 and (terms[0] in stop_words() or (tokens[at].kind == "han" and _is_function(tokens, at)))
            ):
                continue
            strengths = self.catalogue.group_strengths(numbers)
            width = list(tokens[at:]).index(run[size - 1]) + 1
            offer("name", width, strengths, plural=is_plural(run[size - 1].text), roles={"goods": True})
            return

    def _having(self, said: Strengths) -> frozenset[int]:
        """Everyone who has one of the options by which those are told apart."""
        names = {name for position in said for name, _, _ in self.catalogue.item_values[position]}
        return frozenset(
            position
            for position, values in enumerate(self.catalogue.item_values)
            if any(name in names for name, _, _ in values)
        )

    def _letters(self, letter: str) -> tuple[Strengths, frozenset[int]]:
        strengths: Strengths = {}
        having = set()
        for position, values in enumerate(self.catalogue.item_values):
            for _, _, value in values:
                if value.letter:
                    having.add(position)
                    if value.letter == letter:
                        strengths[position] = 1.0
        return strengths, frozenset(having)

    def _colours(self, colour: Colour, terms: tuple[str, ...]) -> tuple[Strengths, frozenset[int]]:
        strengths: Strengths = {}
        having = set()
        for position, values in enumerate(self.catalogue.item_values):
            for _, _, value in values:
                if value.colour:
                    having.add(position)
                    same = value.terms == terms or value.terms[:-1] == terms
                    likeness = 1.0 if same else colour_likeness(colour, value.colour)
                    if likeness > strengths.get(position, 0):
                        strengths[position] = likeness
        return strengths, frozenset(having)

    def _material_strengths(self, material: int) -> tuple[Strengths, frozenset[int]]:
        if self._materials is None:
            self._materials = self.catalogue.material
        strengths = {position: 0.8 for position, found in enumerate(self._materials) if material in found}
        return strengths, frozenset(position for position, found in enumerate(self._materials) if found)

    def _unknown(self, text: str, tokens: Sequence[Token], at: int) -> tuple[Element, int]:
        token = tokens[at]
        span = Span(token.start, token.end)
        if token.kind == "word" and (token.stem,) not in groups()[0]:
            near = self.catalogue.near(token.stem)
            if near:
                return Element(
                    "name", span, span.of(text), {"near": near[0]}, near[1], near=True, plural=is_plural(token.text)
                ), 1
            phrase = _near_function(token)
            if phrase:
                return Element(next((r for r in _MAIN if r in phrase), "glue"), span, span.of(text), dict(phrase)), 1
        return Element("unknown", span, span.of(text)), 1


_MAIN = (
    "except", "each_one", "one_of", "half", "everything", "rest", "ordinal", "pronoun", "sup", "comp", "different",
    "state", "wish", "keep", "condition", "because", "target", "number", "same", "instead", "boundary", "nearest", "except_end", "arrival", "placing", "not", "glue",  # noqa: E501
)  # fmt: skip


_EXACTLY = 0.999


def _is_value(named: Element) -> bool:
    """Whether an option's value is said as it is called."""
    return max(named.strengths.values(), default=0.0) >= _EXACTLY


def _of_one(tokens: Sequence[Token], at: int) -> bool:
    """Whether "one" stands there for what was named before: what stands before it tells which."""
    return at < len(tokens) and tokens[at].text in ("one", "ones")


def _indefinite(tokens: Sequence[Token], at: int) -> bool:
    return at > 0 and tokens[at - 1].text in ("a", "an", "any", "another", "brand", "some")


def _function(tokens: Sequence[Token], at: int, *, shorter_than: int = 99) -> tuple[dict[str, Any], int]:
    for terms, _, roles in _function_phrases().get(tokens[at].text, ()):
        if (
            len(terms) < shorter_than
            and at + len(terms) <= len(tokens)
            and all(tokens[at + offset].text == term for offset, term in enumerate(terms))
        ):
            return roles, len(terms)
    return {}, 0


def _is_function(tokens: Sequence[Token], at: int) -> bool:
    return _function(tokens, at)[1] > 0 and not is_noun(tokens, at)


@cache
def _long_words() -> dict[str, dict[str, Any]]:
    return {
        entry[0][0]: entry[2]
        for entries in _function_phrases().values()
        for entry in entries
        if len(entry[0]) == 1 and len(entry[0][0]) >= 5 and entry[0][0].isascii()
    }


@cache
def _near_function_word(word: str) -> str | None:
    near = [known for known in _long_words() if known[0] == word[0] and distance(word, known, 1) <= 1]
    return near[0] if len(near) == 1 else None


@cache
def _fault_words() -> frozenset[str]:
    """Words that say what is wrong with goods: "snapped" is no "swapped"."""
    return frozenset(word for said in mapping("reasons").values() for each in said for word in each.split())


def _near_function(token: Token) -> dict[str, Any] | None:
    """The roles of a misspelt function word: "retrun", "secound", "evrything"."""
    if len(token.text) < 5 or token.text in _fault_words():
        return None
    near = _near_function_word(token.text)
    return _long_words()[near] if near else None


def _run(tokens: Sequence[Token], at: int) -> list[Token]:
    """The tokens from here that may be one phrase: hyphens between words are passed over."""
    found = [tokens[at]]
    position = at + 1
    while position < len(tokens) and len(found) < 6:
        token = tokens[position]
        if (
            token.text in "-/"
            and position + 1 < len(tokens)
            and tokens[position - 1].end == token.start == tokens[position + 1].start - 1
        ):
            position += 1
            continue
        if token.kind == "sign":
            break
        found.append(token)
        position += 1
    return found


def _han_run(tokens: Sequence[Token], at: int) -> list[Token]:
    found: list[Token] = []
    for token in tokens[at:]:
        if token.kind != "han" or (found and found[-1].end != token.start):
            break
        found.append(token)
    return found


def _inside_word(tokens: Sequence[Token], at: int, catalogue: Catalogue[Any]) -> bool:
    """Whether one Chinese character that could be a colour is rather the start of a longer name: 红茶, 白酒."""
    characters = "".join(t.text for t in _han_run(tokens, at)[:2])
    return len(characters) == 2 and (characters in catalogue.han or tuple(characters) in groups()[0])


def _is_loose_letter(tokens: Sequence[Token], at: int) -> bool:
    """Whether a single s, m or l is no size here."""
    token = tokens[at]
    if len(token.text) > 1 or token.kind != "word":
        return False
    before = tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if token.capital or len(tokens) == 1 or (after and (after.text,) in size_words()):
        return False
    return not ((before and (before.text in _BEFORE_LETTER or before.kind == "han")) or (after and after.kind == "han"))


def _after_too(tokens: Sequence[Token], at: int) -> bool:
    """Whether "small" or "large" is a complaint here ("a bit small"), not a size asked for."""
    return at > 0 and tokens[at - 1].text in _TOO


def _strong(named: Element, token: Token) -> bool:
    """Whether the candidates' word beats a function word of the same length: a title's head, an option's value."""
    return token.kind == "han" and len(named.words) > 1 and max(named.strengths.values(), default=0) >= 1.0


def _inside_number(tokens: Sequence[Token], at: int) -> bool:
    return 0 < at < len(tokens) - 1 and tokens[at - 1].end == tokens[at].start == tokens[at + 1].start - 1


def _plain(number: str) -> str:
    return re.sub(r"[^a-z0-9]", "", number.lower())


def number_index(numbers: Sequence[str]) -> dict[str, int]:
    """Order numbers as they may be typed: without signs, and by their end where that is enough to know them by."""
    index = {_plain(fold(number)): position for position, number in enumerate(numbers)}
    ends: dict[str, set[int]] = {}
    for number, position in list(index.items()):
        digits = re.sub(r"^[a-z]+", "", number)
        for end in {digits, digits.lstrip("0"), *(number[-size:] for size in range(4, len(number)))}:
            if len(end) >= 4:
                ends.setdefault(end, set()).add(position)
    for end, positions in ends.items():
        if len(positions) == 1:
            index.setdefault(end, next(iter(positions)))
    return index


__all__ = ["Amount", "DateRange", "Element", "Reader", "number_index", "stems_of"]
