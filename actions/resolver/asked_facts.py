"""What is asked of a product, and what its record says of that: "does it take long to put up?", 搭起来麻烦吗. Pure.

A record is whatever a shop keeps of its goods: attributes under names of the shop's own, options, sentences of a
description. An entry answers where its name is one that shops give to what is asked (`vocabulary/facts.yml`), or where
it has the words of the question itself, which hold for goods that nobody thought of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Literal

from actions.resolver.ages import ages_asked
from actions.resolver.catalogue import stop_words
from actions.resolver.measures import measures_in
from actions.resolver.text import HAN, fold, stems_of, tokenise
from actions.resolver.vocabulary import read

EntryKind = Literal["fact", "option", "sentence"]

_NAMED: Final = 2.0
"""What an entry is worth whose name is a name of what is asked; the words of the question themselves are worth more."""
_IN_NAME: Final = 2.5
_IN_VALUE: Final = 2.25
_LESS: Final = 0.1
"""What a likelier meaning of a word is worth more than the next."""
SURE: Final = 2.0
"""From here an entry answers whatever the message was understood as."""
_ENOUGH: Final = 1.0
_MOST: Final = 2
_FACTS: Final = 4
_COMES_WITH: Final = re.compile(r"(?:附送|附带|带|送|含|配|附)(?P<w>[^，。？?\s带送含配附不]{1,6}?)(?:不|吗|么|嘛|没)")
"""带卡不, 送调音器吗: whether something comes with it."""
_CONTENTS: Final = re.compile(
    r"\bis there (?:any |an? |some )?[^?]{2,40}\b(?:in|with) (?:it|this|that|the)\b"
    r"|(?:套装|礼盒|盒子|箱子|包)里面?(?:有|带|含)"
)
"""It is asked whether something is in it."""
_UNITS: Final[Mapping[str, str | re.Pattern[str]]] = {
    "weight": "mass",
    "noise": re.compile(r"\d\s*(?:db\b|decibels?|分贝)"),
    "warmth": re.compile(r"\d\s*(?:°|℃|℉|度)"),
    "power": "power",
    "voltage": "voltage",
    "persons": "persons",
    "warranty": re.compile(r"\d\s*-?\s*years?\b|\d\s*年|\blifetime\b|\bfor life\b|终身"),
}
"""What amounts of a unit are of, where no name says it."""
_ALSO_IN: Final[Mapping[str, Sequence[str]]] = {
    "weight": ("limit", "capacity", "breed", "dosage", "filling", "calories"),
    "warmth": ("heat", "care", "recline"),
    "warranty": ("shelf_life", "age", "battery", "filter"),
    "power": ("voltage",),
}
"""What else is told in the same unit: what is named so is not meant."""
_END: Final = re.compile(
    r"\b(?:from|to|until|till|up to|min|max|minimum|maximum|least|most|lowest|highest|starts?|ends?)\b"
    r"|[起用]$|用到|最[大小高低多少]|上限|下限|起[用始]|至"
)
"""What a fact is called that is one end of a range."""
_LATIN_WORD: Final = re.compile(r"[a-z0-9]")
_HAN_RUN: Final = re.compile(f"[{HAN}]+")
_SAID_OF: Final = re.compile(r"[能可会是有支多怎哪好要]")
"""What follows goods of which something is asked."""
_SENTENCES: Final = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？；])")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something on record of a product: a fact or an option with its name, or a sentence of the description."""

    name: str
    value: str
    kind: EntryKind = "fact"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a message asks of goods: `concepts` of the vocabulary, by the `words` that say so, and the words `left`.

    Chinese words are runs of characters, English ones stems. What names goods, and what says nothing, is in neither.
    """

    concepts: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    by_word: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The concepts that each of the words may mean; under a key with a star those that no words of theirs say."""

    def __bool__(self) -> bool:
        return bool(self.concepts or self.left)


def sentences_of(text: str) -> list[str]:
    """The sentences of a description."""
    return [each.strip() for each in _SENTENCES.split(text) if each.strip()]


def read_asked(text: str, names: Iterable[str] = ()) -> Asked:
    """What `text` asks, without the words of `names`, which are those of the goods it is asked of."""
    folded = fold(text)
    without = rest = without_names(folded, names)
    found: dict[str, tuple[str, ...]] = {}
    for match in _pattern().finditer(folded):
        if not without[match.start() : match.end()].strip():
            # "Rain" of the rain jacket asks nothing; "heavy rain" does.
            continue
        found.setdefault(_key(match.group()), _concepts_of()[_key(match.group())])
        rest = rest[: match.start()] + " " * len(match.group()) + rest[match.end() :]
    for measure in measures_in(folded):
        if measure.dimension != "persons":
            # An ounce of what somebody wants is none of what the thing weighs.
            start, end = measure.span.start, measure.span.end
            rest = rest[:start] + " " * (end - start) + rest[end:]
    along = [each for each in (next(filter(None, said.groups()), "") for said in _COMES_WITH.finditer(rest)) if each]
    if along:
        found.setdefault("*included", ("included",))
    if _CONTENTS.search(folded):
        found.setdefault("*included", ("included",))
    if any(each.dimension == "persons" for each in measures_in(folded)):
        found.setdefault("*persons", ("persons",))
    if ages_asked(folded) and not found:
        # "5个月能坐吗"; two years of warranty are no age.
        found.setdefault("*age", ("age",))
    asked = {phrase: concepts for phrase, concepts in found.items() if not phrase.startswith("*")}
    every = [concept for concepts in found.values() for concept in concepts]
    left = [*along, *(each for each in telling_words(rest) if not any(one in each for one in along))]
    return Asked(tuple(dict.fromkeys(every)), tuple(asked), tuple(left), found)


def telling_words(text: str) -> list[str]:
    """The words of a text that say something: stems of English ones, runs of Chinese characters between empty ones."""
    rest = _said_nothing().sub(lambda said: " " * len(said[0]), fold(text))
    latin = [each.stem for each in tokenise(rest) if each.kind in ("word", "number")]
    han = [run for run in _HAN_RUN.findall(rest) if len(run) > 1]
    empty = stop_words() | _empty_words()
    return list(dict.fromkeys([*(each for each in latin if each not in empty and len(each) > 1), *han]))


def without_names(folded: str, names: Iterable[str]) -> str:
    """A folded text with blanks for the words that name goods: their stems, and the longest Chinese run of a name."""
    told = list(names)
    stems = {stem for name in told for stem in stems_of(name) if stem.isascii() and len(stem) > 1}
    for token in tokenise(folded):
        if token.kind == "word" and token.stem in stems:
            folded = folded[: token.start] + " " * (token.end - token.start) + folded[token.end :]
    for name in told:
        run = longest_run(fold(name), folded)
        if run:
            folded = folded.replace(run, " " * len(run))
    return folded


def names_only(text: str, names: Iterable[str]) -> bool:
    """Whether `text` says no more than goods and their options, whose words are `names`: "linen shirt in L, navy"."""
    told = sorted({fold(name) for name in names}, key=len, reverse=True)
    whole = fold(text)
    if len(whole) > _LONGEST:
        return False
    rest = without_names(whole, told)
    for name in told:
        if name.isascii():
            rest = re.sub(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", " ", rest)
            continue
        for size in range(min(len(name), len(rest)), 1, -1):
            parts = {name[start : start + size] for start in range(len(name) - size + 1)}
            for part in sorted(each for each in parts if each in rest and each.strip() == each):
                rest = rest.replace(part, " ")
    return rest != whole and re.search(r"[^\W_]", _BESIDE_NAMES.sub(" ", rest)) is None


_LONGEST: Final = 80
_BESIDE_NAMES: Final = re.compile(
    r"\b(?:hi|hey|hello|ok|okay|so|and|or|in|the|an?|with|size|colou?r|one|s|x{0,3}[sml]|[2-5]xl|small|medium|large|please|pls"
    r"|what about|how about|i(?:['’]m| am)? (?:want|need|after|looking for)|looking for"
    r"|i(?:['’]d| would) like|to buy|to get|buy|do (?:you|u) have|have (?:you|u) got|got any|any|for)\b"
    r"|你好|请问|我?[想要]+买?|有没有|一[件个条双只台款]|[小中大加]+[号码]|[有码号色款的和呢吗么在]|x{0,3}[sml]"
)


def longest_run(name: str, text: str) -> str:
    """The longest run of at least two Chinese characters that a name and a text share."""
    best = ""
    for whole in _HAN_RUN.findall(name):
        for start in range(len(whole)):
            for end in range(len(whole), start + max(1, len(best)), -1):
                if whole[start:end] in text:
                    best = whole[start:end]
                    break
    return best if len(best) > 1 else ""


def runs_shared(name: str, text: str) -> list[str]:
    """The runs of at least two Chinese characters that a name and a text share, the longest first."""
    found = []
    while run := longest_run(name, text):
        found.append(run)
        name = name.replace(run, " ")
    return found


def names_concept(name: str, concept: str) -> bool:
    """Whether an attribute's or option's name is one that shops give to a concept of the vocabulary."""
    folded = fold(name.replace("_", " "))
    if concept == "weight" and _names_of("limit").search(folded):
        # What it carries is not what it weighs.
        return False
    if concept == "battery" and _names_of("filter").search(folded):
        # How long a filter is good for is not how long a charge lasts.
        return False
    return _names_of(concept).search(folded) is not None


def tells_of(entry: Entry, concept: str) -> bool:
    """Whether an entry says something of a concept: by its name, else by the unit of its value.

    "On the scale: 9 oz" is a weight whatever it is called, unless its name is one of something else that is weighed.
    """
    return names_concept(entry.name, concept) or _by_unit(entry, concept)


def _by_unit(entry: Entry, concept: str) -> bool:
    unit = _UNITS.get(concept)
    if unit is None or entry.kind != "fact":
        return False
    if isinstance(unit, str):
        measured = measures_in(entry.value)
        speaks = bool(measured) and all(each.dimension == unit for each in measured)
    else:
        speaks = unit.search(fold(entry.value)) is not None
    return speaks and not any(names_concept(entry.name, other) for other in _ALSO_IN.get(concept, ()))


def answering(asked: Asked, entries: Sequence[Entry]) -> list[tuple[Entry, float]]:
    """The entries that say something of what is asked with how surely, the surest of each thing that is asked.

    A sentence of the description answers what no fact does, or says more of it.
    """
    questions = [*asked.by_word.items(), *((word, ()) for word in asked.left)]
    best: dict[Entry, float] = {}
    unanswered: list[tuple[str, tuple[str, ...]]] = []
    for word, meant in questions:
        scored = {entry: _score(word, meant, entry) for entry in entries if entry.kind != "sentence"}
        most = max(scored.values(), default=0.0)
        if most < _ENOUGH and meant and (by_unit := [each for each in scored if _by_unit(each, meant[0])]):
            scored = dict.fromkeys(by_unit[:1] if len(by_unit) > _MOST else by_unit, _NAMED)
            most = _NAMED
        if most < _ENOUGH and "measures" in meant[:1]:
            # A "Case" of 42 mm tells how big a watch is.
            sized = [each for each in scored if any(one.dimension == "length" for one in measures_in(each.value))]
            scored = dict.fromkeys(sized[:1], _NAMED)
            most = max(scored.values(), default=0.0)
        if most < _ENOUGH:
            unanswered.append((word, meant))
            continue
        for entry in [each for each, score in scored.items() if score == most][:_MOST]:
            best[entry] = best.get(entry, 0.0) + most
    facts = sorted(best.items(), key=lambda each: -each[1])[:_FACTS]
    told = {entry: _told_in(entry, unanswered, questions) for entry in entries if entry.kind == "sentence"}
    sentence = max(told.items(), key=lambda each: each[1], default=None)
    if sentence is not None and sentence[1] >= (_ENOUGH if not facts or unanswered else 2 * _ENOUGH):
        return [*facts, sentence]
    return facts


def with_ends(found: Sequence[tuple[Entry, float]], entries: Sequence[Entry]) -> list[tuple[Entry, float]]:
    """With the other end of a range whose ends are two facts: "Baby from: 7 lb" goes with "Baby to: 45 lb"."""
    told = {entry for entry, _ in found}
    whole: list[tuple[Entry, float]] = []
    for entry, score in found:
        whole.append((entry, score))
        if entry.kind != "fact" or not _END.search(fold(entry.name)):
            continue
        units = {each.dimension for each in measures_in(entry.value)}
        ends = [each for each in entries if each.kind == "fact" and each not in told and _END.search(fold(each.name))]
        other = [each for each in ends if units and units == {one.dimension for one in measures_in(each.value)}]
        told |= set(other[:1])
        whole += [(each, score) for each in other[:1]]
    return whole


def unanswered(asked: Asked, found: Sequence[tuple[Entry, float]]) -> bool:
    """Whether one of several things that are asked has no part in what was found."""
    told = [entry for entry, _ in found]
    return any(
        all(_score(word, meant, entry) < _ENOUGH and not _told_in(entry, [(word, meant)], []) for entry in told)
        for word, meant in asked.by_word.items()
    )


def _score(word: str, meant: Sequence[str], entry: Entry) -> float:
    value, name = fold(entry.value), fold(entry.name.replace("_", " "))
    if word.isdigit() and entry.kind != "option":
        # A cat of 17 pounds is none of 17 inches.
        return 0.0
    place = next((at for at, each in enumerate(meant) if names_concept(entry.name, each)), None)
    named = 0.0 if place is None else _NAMED - place * _LESS
    # 烟点多少 says the name of a fact and asks how much.
    spelt = len(name) > 1 and _HAN_RUN.fullmatch(name) is not None and name in word
    in_name = _IN_NAME if word and (spelt or says_word(name, word)) else 0.0
    in_value = _IN_VALUE if word and says_word(value, word) else 0.0
    return named + in_name + in_value


def _told_in(
    entry: Entry, unanswered: Sequence[tuple[str, Sequence[str]]], asked: Sequence[tuple[str, Sequence[str]]]
) -> float:
    """How much of what no fact answers a sentence says, by its words, else by those of the same concept."""
    value = fold(entry.value)
    said = sum(_ENOUGH for word, _ in asked if word and says_word(value, word))
    akin = sum(
        _ENOUGH
        for word, meant in unanswered
        if not (word and says_word(value, word)) and any(_asks_of(each).search(value) for each in meant[:1])
    )
    return said + akin


def says_word(text: str, word: str) -> bool:
    """Whether a folded text has a word: all stems of an English phrase, most characters in a row of a Chinese one."""
    if word.startswith("*"):
        return False
    if _LATIN_WORD.search(word):
        # "Wi-Fi" is wifi.
        stems = {*stems_of(text), *stems_of(text.replace("-", ""))}
        return all(stem in stems for stem in stems_of(word)) or all(
            stem in stems for stem in stems_of(word.replace("-", ""))
        )
    if len(word) < 3:
        return word in text
    # A run of characters is several words: more than half of it in a row is what it says.
    return len(longest_run(word, text)) > len(word) / 2


def without_questions(folded: str, inside: str) -> str:
    """A folded text with blanks for phrases that ask something and hold `inside` as a part: 咖啡 in 咖啡因."""
    for match in _pattern().finditer(folded):
        if match.start() == 0 and match.group().endswith(inside) and _SAID_OF.match(folded, match.end()):
            # 充电线能接显示器吗 asks something of a cable, and not whether one comes with it.
            continue
        if inside in match.group() and inside != match.group():
            folded = folded[: match.start()] + " " * len(match.group()) + folded[match.end() :]
    return folded


def is_question_word(word: str) -> bool:
    """Whether a word by itself asks something of goods: "waterproof", which some also call a coat."""
    return _key(fold(word)) in _concepts_of()


def concepts() -> dict[str, Any]:
    """The concepts of the vocabulary by key."""
    return read("facts")


def phrases_pattern(words: Iterable[str], *, endings: str = "") -> re.Pattern[str]:
    """A pattern of phrases in folded text, the longest first; English ones as whole words, with spaces or hyphens."""
    every = sorted({fold(str(each)) for each in words}, key=len, reverse=True)
    latin = [re.escape(each).replace(r"\ ", r"[\s-]+") for each in every if _LATIN_WORD.search(each)]
    han = [re.escape(each) for each in every if not _LATIN_WORD.search(each)]
    parts = [rf"(?<![a-z0-9])(?:{'|'.join(latin)}){endings}(?![a-z0-9])"] if latin else []
    return re.compile("|".join([*parts, *han]) or r"(?!)")


def _key(phrase: str) -> str:
    return re.sub(r"[\s-]+", " ", phrase)


@cache
def _concepts_of() -> dict[str, tuple[str, ...]]:
    """By a phrase of questions the concepts that it asks about."""
    found: dict[str, list[str]] = {}
    for key, words in concepts().items():
        for phrase in words["asked"]:
            found.setdefault(_key(fold(str(phrase))), []).append(key)
    return {phrase: tuple(keys) for phrase, keys in found.items()}


@cache
def _pattern() -> re.Pattern[str]:
    return phrases_pattern(_concepts_of())


@cache
def _asks_of(concept: str) -> re.Pattern[str]:
    return phrases_pattern(str(each) for each in concepts()[concept]["asked"])


@cache
def _names_of(concept: str) -> re.Pattern[str]:
    return phrases_pattern((str(each) for each in concepts()[concept]["names"]), endings="(?:e?s|ing|ed)?")


@cache
def _said_nothing() -> re.Pattern[str]:
    return phrases_pattern([*read("products")["asking"], *read("products")["empty"]])


@cache
def _empty_words() -> frozenset[str]:
    words = [fold(str(each)) for each in [*read("products")["asking"], *read("products")["empty"]]]
    return frozenset(stem for each in words if " " not in each for stem in stems_of(each))


__all__ = [
    "SURE",
    "Asked",
    "Entry",
    "answering",
    "concepts",
    "is_question_word",
    "longest_run",
    "names_concept",
    "names_only",
    "phrases_pattern",
    "read_asked",
    "runs_shared",
    "says_word",
    "sentences_of",
    "telling_words",
    "tells_of",
    "unanswered",
    "with_ends",
    "without_names",
    "without_questions",
]
