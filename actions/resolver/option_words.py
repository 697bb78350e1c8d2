"""What a message says of the options of one product: values, parts of values, what stays, what is not wanted.

A product's own values come first, in every language the shop has, whole ("hydration compartment") or by a word that only
some of them have ("hydration"); then what people say for them (`vocabulary/values.yml`). An option whose values are yes
and no is spoken of by its name ("waterproof", 不防水), one with a value "none" by denying its name ("no lights").
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from actions.resolver.option_index import Options
from actions.resolver.options import Value, colour_likeness
from actions.resolver.reading import Element
from actions.resolver.resolution import Span
from actions.resolver.selection import MARGIN
from actions.resolver.sets_said import set_words
from actions.resolver.text import Token, distance, fold, stems_of, tokenise
from actions.resolver.vocabulary import read

Values = frozenset[str]
"""Values of one option, as the shop writes them."""

_NEGATES_BEFORE = 3
"""How many words may stand between "not" and what is not wanted: "not the one with a camera pocket"."""
_LEAST_MISSPELT = 6
_BETWEEN = 16
"""How far apart two values may stand that "or" joins."""

_Add = Callable[[Span, Mapping[int, Values]], None]
"""Takes a mention in, where nothing stands there yet."""


@dataclass(frozen=True, slots=True)
class OptionWord:
    """One mention. `meant` are the values it may mean, by the place of their option: "brown" of frame or of lens."""

    span: Span
    meant: Mapping[int, Values]
    negated: bool = False
    keeps: bool = False
    """The option is said to stay as it is."""
    frees: bool = False
    """The option may be anything: "any colour"."""
    named: bool = False
    """Which option is meant was said beside it: "blue lenses"."""


def option_words(text: str, elements: Sequence[Element], options: Options) -> list[OptionWord]:
    """The mentions in a message, in its order. `elements` are the message as it was read against the variants."""
    tokens = tokenise(text)
    folded = fold(text)
    found: list[OptionWord] = []

    def free(span: Span) -> bool:
        return all(span.end <= each.span.start or each.span.end <= span.start for each in found)

    def add(span: Span, meant: Mapping[int, Values]) -> None:
        if meant and free(span):
            found.append(OptionWord(span, meant))

    for written, meant in options.signed.items():
        for hit in re.finditer(rf"(?<![\w.]){re.escape(written)}(?!\w)", folded):
            add(Span(*hit.span()), _frozen(meant))
    for span, meant_by in set_words(folded, options):
        add(span, meant_by)
    _add_whole(tokens, options, add)
    _add_han(folded, options, add)
    for element in elements:
        if _is_in_a_word(element, folded, options):
            continue
        meant_by = _values_of(element, options)
        # A value that is said among longer words of the product is not said by itself.
        if meant_by:
            add(element.span, meant_by)
    _add_parts(tokens, options, add)
    _add_numbers(text, tokens, options, add)
    names = name_spans(folded, tokens, options)
    _add_named(folded, names, options, found, free)
    found = [_beside_its_name(each, names, found, folded) for each in found]
    found = [_with_same(each, folded) for each in found]
    found = [each if each.keeps or each.frees else _with_negation(each, folded, options) for each in found]
    return sorted(found, key=lambda each: each.span.start)


def _frozen(meant: Mapping[int, set[str]]) -> dict[int, Values]:
    return {place: frozenset(values) for place, values in meant.items() if values}


def _add_whole(tokens: Sequence[Token], options: Options, add: _Add) -> None:
    for at in range(len(tokens)):
        run = _run(tokens, at, 5)
        for size in range(len(run), 1, -1):
            meant = options.whole.get(tuple(token.stem for token in run[:size]))
            if meant:
                add(Span(run[0].start, run[size - 1].end), _frozen(meant))
                break


def _run(tokens: Sequence[Token], at: int, most: int) -> list[Token]:
    """The words from here on, hyphens between them left out."""
    run = [tokens[at]] if tokens[at].kind in ("word", "number") else []
    place = at + 1
    while run and place < len(tokens) and len(run) < most:
        token = tokens[place]
        if token.text == "-" and place + 1 < len(tokens) and token.start == tokens[place - 1].end:
            place += 1
            continue
        if token.kind not in ("word", "number"):
            break
        run.append(token)
        place += 1
    return run


def _add_han(folded: str, options: Options, add: _Add) -> None:
    longest = sorted((part for part in options.han if len(part) > 1), key=len, reverse=True)
    for part in longest:
        for hit in re.finditer(re.escape(part), folded):
            add(Span(*hit.span()), _frozen(options.han[part]))
    _add_run_of_han(folded, options, add)
    names = "".join(f"|{re.escape(word)}" for word in options.name_words if not word.isascii())
    for part in options.han:
        if len(part) == 1:
            # One character is a word of its own only before 的, the option's name, its last character and at the end:
            # 铝的, 皮表带, 皮带.
            tails = _last_characters(options, options.han[part])
            for hit in re.finditer(rf"{part}(?=[的款制质版子{tails}]{names}|$|[，。,、\s])", folded):
                add(Span(*hit.span()), _frozen(options.han[part]))


def _last_characters(options: Options, places: Collection[int]) -> str:
    """The characters that the Chinese names of these options end with: 带 of 表带."""
    names = [word for word, of in options.name_words.items() if of & {*places} and len(word) > 1]
    return "".join(sorted({word[-1] for word in names if not word.isascii() and "\u4e00" <= word[-1] <= "\u9fff"}))


def _add_run_of_han(folded: str, options: Options, add: _Add) -> None:
    """Values of one character beside each other, of which any will do: 黑白都行."""
    single = {part[0]: meant for part, meant in options.han.items() if len(part) == 1 or part[1:] == "色"}
    for hit in re.finditer(r"([\u4e00-\u9fff]{2,4})(?:色|的)*(?=都行|都可以|都好|都成|均可|任选|哪[个款种])", folded):
        if all(each in single for each in hit[1]):
            for at, each in enumerate(hit[1], hit.start()):
                add(Span(at, at + 1), _frozen(single[each]))


_ENDS_A_VALUE: Final = re.compile(r"[的款色版质制子，。,、！!；;?？\s]|$")


def _is_in_a_word(element: Element, folded: str, options: Options) -> bool:
    """Whether one character, which begins a longer value, stands within another word: 电 of 充电方式 is no 电池."""
    word = element.words
    if len(word) != 1 or not "\u4e00" <= word <= "\u9fff" or element.colour or word in options.han:
        return False
    behind = _ENDS_A_VALUE.match(folded, element.span.end) is None
    return behind and any(part.startswith(word) for part in options.han)


def _values_of(element: Element, options: Options) -> dict[int, Values]:
    """The values that an element read against the variants means."""
    if element.kind not in ("option", "name", "quantity", "digits", "unknown"):
        return {}
    terms = stems_of(element.words)
    found: dict[int, Values] = {}
    exact: dict[int, Values] = {}
    for place in range(len(options.names)):
        written = frozenset(
            value for value in options.spelt[place] if any(m.terms == terms for m in options.meanings(place, value))
        )
        if written and terms:
            exact[place] = written
        scores: dict[str, float] = {}
        for value in options.spelt[place]:
            for meaning in options.meanings(place, value):
                if element.kind == "name" and meaning.terms != terms and options.names_thing(fold(element.words)):
                    continue
                scores[value] = max(scores.get(value, 0.0), _likeness(element, terms, meaning))
        top = max(scores.values(), default=0.0)
        hits = frozenset(value for value, score in scores.items() if score and score >= top - MARGIN)
        if hits:
            found[place] = hits
    # What is a value of the shop's own is no other that is like it: "pine" is neither oak nor brown.
    return exact or found


def _likeness(element: Element, terms: tuple[str, ...], meaning: Value) -> float:
    if terms and (meaning.terms == terms or (len(meaning.terms) > 1 and meaning.terms[:-1] == terms)):
        return 1.0
    if element.kind != "option":
        return 0.0
    if element.colour and meaning.colour:
        return colour_likeness(element.colour, meaning.colour)
    if element.has("letter") and meaning.letter:
        return float(element.roles["letter"] == meaning.letter)
    if element.has("size") and meaning.number is not None:
        return float(element.roles["size"] == meaning.number)
    measures = element.roles.get("measure") or ([element.measure] if element.measure else [])
    return float(any(measure.equals(other) for measure in measures for other in meaning.measures))


def _add_parts(tokens: Sequence[Token], options: Options, add: _Add) -> None:
    for at in range(len(tokens)):
        run = _run(tokens, at, 4)
        for size in range(len(run), 0, -1):
            stems = tuple(token.stem for token in run[:size])
            meant = options.parts.get(stems)
            if meant is None and size == 1 and not stems[0].isdigit():
                meant = _misspelt(stems[0], options)
            if meant and not (size == 1 and stems[0].isdigit()):
                add(Span(run[0].start, run[size - 1].end), _frozen(meant))
                break


def _misspelt(word: str, options: Options) -> dict[int, set[str]] | None:
    if len(word) < _LEAST_MISSPELT or not word.isalpha():
        return None
    near = [
        terms[0]
        for terms in (*options.parts, *options.whole)
        if len(terms) == 1 and terms[0][0] == word[0] and distance(word, terms[0], 1) <= 1
    ]
    return (options.parts.get((near[0],)) or options.whole.get((near[0],))) if len(set(near)) == 1 else None


_TIMES = frozenset({"x", "倍", "time", "fold"})


def _add_numbers(text: str, tokens: Sequence[Token], options: Options, add: _Add) -> None:
    """Numbers that a value begins with, said with another word for their unit: "22 gears", 10倍, 1000片, "32G"."""
    for at, token in enumerate(tokens):
        if token.kind != "number" or "." in token.text or "," in token.text:
            continue
        if at and (tokens[at - 1].kind == "sign" and tokens[at - 1].text in "$£€¥#.%"):
            continue
        following = tokens[at + 1] if at + 1 < len(tokens) and tokens[at + 1].start - token.end <= 1 else None
        if following is not None and following.text == "-" and at + 2 < len(tokens):
            following = tokens[at + 2]
        meant: dict[int, Values] = {}
        for place in range(len(options.names)):
            hits = {
                value
                for value, said in options.spelt[place].items()
                if any(_begins_with(spelling, token, following, options, place) for spelling in said)
            }
            if hits and len(hits) < len(options.spelt[place]):
                meant[place] = frozenset(hits)
        end = following.end if following is not None and following.text in _TIMES else token.end
        add(Span(token.start, end), meant)


def _begins_with(spelling: str, number: Token, unit: Token | None, options: Options, place: int) -> bool:
    terms = stems_of(spelling)
    if not terms or terms[0] != number.text:
        return False
    own = terms[1] if len(terms) > 1 else ""
    if unit is None:
        return len(number.text) > 1
    if own and (unit.stem == own or own.startswith(unit.stem) or (own in _TIMES and unit.stem in _TIMES)):
        return True
    of_option = any(place in places and unit.stem in word for word, places in options.name_words.items())
    return of_option or (len(number.text) > 2 and unit.kind != "number" and unit.stem not in _COUNTED)


_COUNTED = frozenset({"day", "dollar", "usd", "percent", "buck", "元", "块", "刀", "天", "%", "order", "单"})


def name_spans(folded: str, tokens: Sequence[Token], options: Options) -> list[tuple[Span, set[int]]]:
    """Where the names of options stand."""
    found: list[tuple[Span, set[int]]] = []
    for word, places in sorted(options.name_words.items(), key=lambda each: -len(each[0])):
        if word.isascii():
            hits = [
                Span(run[0].start, run[size - 1].end)
                for at in range(len(tokens))
                for run in [_run(tokens, at, 3)]
                for size in [len(word.split())]
                if len(run) >= size and " ".join(token.stem for token in run[:size]) == word
            ]
        else:
            hits = [Span(*hit.span()) for hit in re.finditer(re.escape(word), folded)]
        for span in hits:
            if all(span.end <= other.start or other.end <= span.start for other, _ in found):
                found.append((span, set(places)))
    return found


@cache
def _same() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = [str(word) for word in read("values")["same"]]
    english = "|".join(sorted((re.escape(w) for w in words if w.isascii()), key=len, reverse=True))
    han = "|".join(sorted((re.escape(w) for w in words if not w.isascii()), key=len, reverse=True))
    # 同码, 同色, and no 不同颜色.
    before = re.compile(rf"(?:\b(?:{english})|(?:{han})|(?<![不相合共如雷])同)(?:\s|的)*(?:[a-z]+ )?$")
    behind = english.replace("same|", "").replace("that|", "")
    stays = r"(?:is |stays |stay )?the same\b|stays\b"
    after = re.compile(rf"^(?:\s|是|也|都|要|还是|和原来|跟原来|保持)*(?:{stays}|(?:{behind})\b|(?:{han}))")
    return before, after


_WITH = re.compile(r"(?:\b(?:with|w/|has|have|having|got|includes?|including)(?: an?| the| some| any)?\s|[带有])$")
_THAT_HAS = re.compile(r"\b(?:that|which) (?:has|have|had|got|comes? with)(?: an?| the| some)? $")
_ANY_BEFORE = re.compile(
    r"(?:\b(?:any|whatever|whichever|which ever|don't mind (?:the|about the|which|what)|don't care (?:about the|which|what))"  # noqa: E501
    r"(?: (?:other|kind of|sort of))?\s|(?:什么|哪种|哪个|任何|任意|随便什么|不管什么|不限))$"
)
_ANY_BEHIND = re.compile(
    r"^(?:s? (?:doesn't|does not|don't|do not) matter|s? (?:is|are) (?:up to you|not important|irrelevant)"
    r"|的?(?:都)?(?:无所谓|随便|随意|都行|都可以|不限|不重要|没关系|不挑))"
)
"""The option may be anything."""


def _add_named(
    folded: str,
    names: Sequence[tuple[Span, set[int]]],
    options: Options,
    found: list[OptionWord],
    free: Callable[[Span], bool],
) -> None:
    """What is said by an option's name: that it stays, that there is to be none of it, or (yes and no) its value."""
    kept = _kept_names(folded, [span for span, _ in names])
    for span, places in names:
        lead, tail = folded[max(0, span.start - 24) : span.start], folded[span.end : span.end + 16]
        if _ANY_BEFORE.search(lead) or _ANY_BEHIND.match(tail):
            found.append(OptionWord(span, {place: frozenset() for place in places}, frees=True))
            continue
        if span in kept and not _THAT_HAS.search(lead):
            found.append(OptionWord(span, {place: frozenset() for place in places}, keeps=True))
            continue
        if not free(span):
            continue
        negated = _negated(folded, span)
        meant: dict[int, Values] = {}
        for place in places:
            having, lacking = options.having(place), options.lacking(place)
            if having is not None and lacking is not None:
                meant[place] = frozenset({lacking if negated else having})
            elif negated and lacking is not None:
                meant[place] = frozenset({lacking})
            elif lacking is not None and _WITH.search(lead):
                meant[place] = frozenset(options.spelt[place]) - {lacking}
        if meant:
            found.append(OptionWord(span, meant, named=True))


_NAMES_JOINED = re.compile(r"\s*(?:,|、|和|跟|与|及|还有|\band\b|&)?\s*(?:the\s|its\s|their\s)?")
_NAME_ENDS = re.compile(r"s?\s*(?:$|[,.;!?，。；！？、]|please|pls|though|but\b|and\b|as\b|so\b|if\b|with\b)")


def _kept_names(folded: str, names: Sequence[Span]) -> set[Span]:
    """The names of options that are said to stay: "same colour and sole", 颜色鞋底都不变."""
    before, after = _same()
    ordered = sorted(names, key=lambda each: each.start)
    ahead = {each for each in ordered if before.search(folded[max(0, each.start - 24) : each.start])}
    behind = {each for each in ordered if after.search(folded[each.end : each.end + 16])}
    for one, other in pairwise(ordered):
        joined = _NAMES_JOINED.fullmatch(folded[one.end : other.start]) is not None
        if one in ahead and joined and _NAME_ENDS.match(folded[other.end :]):
            ahead.add(other)
    for one, other in reversed(list(pairwise(ordered))):
        between = folded[one.end : other.start]
        if other in behind and "," not in between and _NAMES_JOINED.fullmatch(between):
            behind.add(one)
    return ahead | behind


_SAME_SIZE = re.compile(r"(?:同样|一样|相同|跟原来一样|\bsame)的?\s*$")
_SIZED = re.compile(r"^[大小中]?[号码]$|^[大小]$")


def _with_same(word: OptionWord, folded: str) -> OptionWord:
    """同样大码 keeps the size that it has, whichever that is."""
    if (
        word.keeps
        or word.frees
        or not _SIZED.match(word.span.of(folded))
        or not _SAME_SIZE.search(folded[: word.span.start])
    ):
        return word
    return OptionWord(word.span, dict.fromkeys(word.meant, frozenset()), keeps=True)


def _beside_its_name(
    word: OptionWord, names: Sequence[tuple[Span, set[int]]], found: Sequence[OptionWord], folded: str
) -> OptionWord:
    """The mention with only the option that is named right beside it, where it may be of several: "blue lenses"."""
    if len(word.meant) < 2 or word.keeps or word.frees:
        return word
    for behind in (True, False):
        for span, places in names:
            between = folded[word.span.end : span.start] if behind else folded[span.end : word.span.start]
            near = (0 <= span.start - word.span.end <= 2) if behind else (0 <= word.span.start - span.end <= 6)
            of_another = any(
                other is not word
                and (word.span.end <= other.span.start < span.start or span.end <= other.span.start < word.span.start)
                for other in found
            )
            if near and not of_another and not re.search(r"[,，。;；.、]", between):
                meant = {place: values for place, values in word.meant.items() if place in places}
                if meant:
                    return OptionWord(word.span, meant, word.negated, word.keeps, named=True)
    return word


@cache
def _negations() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = [str(word) for word in read("values")["negations"]]
    english = "|".join(sorted((re.escape(w) for w in words if w.isascii()), key=len, reverse=True))
    han = "|".join(sorted((re.escape(w) for w in words if not w.isascii()), key=len, reverse=True))
    small = "the|a|an|one|ones|in|of|with|for|want|wanting|that|is|any|it|to be|have|my"
    between = rf"(?:[\s-]+(?:{small})\b){{0,{_NEGATES_BEFORE}}}"
    before = re.compile(rf"(?:\b(?:{english}){between}[\s-]*|(?:{han})(?:那?个?|[放带有用要的能是]|那种|这种){{0,2}})$")
    gone = "|".join(re.escape(str(word)) for word in read("values")["dismissed"])
    after = re.compile(rf"^(?:的|色|色的|款|那个|那款)*(?:我)?(?:{gone})")
    return before, after


_ASKING = re.compile(
    r"有没有|是不是|要不要|能不能|可不可以"
    r"|没有?(?=[^，。,;；\s]{1,14}?(?:的话)?[,，]?那?就(?:算|取消|退|不|别|换|帮|给|拿|要))"
    r"|\bif (?:there(?:'s| is| are|s)?|you(?: have| got|'ve got)?|they(?: have|'ve got)?|it(?:'s| is)?)(?: just)? "
    r"(?:no|not)(?: (?:an?|any))?\b"
)
"""Asks whether, or says in which case, and denies nothing."""


def _negated(folded: str, span: Span) -> bool:
    before, after = _negations()
    lead = re.split(r"[,，。;；!?！？]", _ASKING.sub(lambda said: " " * len(said.group()), folded[: span.start]))[-1]
    return before.search(lead) is not None or after.search(folded[span.end :]) is not None


def _with_negation(word: OptionWord, folded: str, options: Options) -> OptionWord:
    if word.named and any(v in (options.lacking(p), options.having(p)) for p, vs in word.meant.items() for v in vs):
        return word
    if not _negated(folded, word.span):
        return word
    return OptionWord(word.span, word.meant, True, word.keeps, word.named)


_ANY_OF_THEM = re.compile(r"^[的色款号码\s]*(?:都行|都可以|都好|都成|均可|都要得|任选|哪[个款种])")


def either(folded: str, words: Sequence[OptionWord]) -> set[int]:
    """The places in `words` that are joined to the one before: "blue or black", "the S and the L"."""
    joined: set[int] = set()
    for place, (one, other) in enumerate(pairwise(words), start=1):
        between = folded[one.span.end : other.span.start]
        chosen = re.search(r"\bor\b|或|还是|要么|、|/", between) is not None and len(between) < _BETWEEN
        if re.fullmatch(r"[的色款号码\s]*", between) and _ANY_OF_THEM.match(folded[other.span.end :]):
            # 黑的白的都行, 黑白都可以.
            chosen = True
        # "The S and the L", beside each other.
        both = re.fullmatch(r"(?:码|号|色|的|\s)*(?:and|和|跟|与)(?:\s(?:the|a|an))?\s*", between)
        if chosen or both:
            joined.add(place)
    return joined


__all__ = ["OptionWord", "Values", "either", "name_spans", "option_words"]
