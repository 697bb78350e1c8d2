"""What segments of a message say of things without asking for anything: how they are, that they are wanted still.

"The tea's ok" keeps the tea, 台灯要 the lamp; what is said of a thing may name it later: "the coat leaks, the boots
pinch: swap the leaky one" means the coat.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from actions.resolver.reading import Element
from actions.resolver.text import fold, stem
from actions.resolver.vocabulary import mapping, phrases

Segment = tuple[list[Element], bool]
"""Elements between pauses, and whether a sentence ended before them."""

_VERBS: Final = frozenset(
    [
        "is",
        "are",
        "was",
        "were",
        "am",
        "has",
        "have",
        "had",
        "came",
        "arrived",
        "looks",
        "look",
        "looked",
        "seems",
        "seem",
        "doesn't",
        "doesnt",
        "don't",
        "dont",
        "isn't",
        "isnt",
        "aren't",
        "arent",
        "wasn't",
        "wasnt",
        "won't",
        "wont",
        "didn't",
        "didnt",
        "too",
        "turned",
        "keeps",
        "kept",
    ]
)
"""Words behind a name that begin what is said of it."""
_LIKENED: Final = frozenset(
    {
        "是",
        "像",
        "和",
        "跟",
        "with",
        "of",
        "like",
        "to",
        "as",
        "than",
        "my",
        "match",
        "for",
        "ordered",
        "bought",
        "wanted",
    }
)
"""What stands before things that are only compared with, or told of."""
_TOGETHER: Final = frozenset({"一起", "一并"})
_ALL_NAMED: Final = frozenset({*_TOGETHER, "都", "全都", "all", "all of them", "all of those", "all of these"})
_OF_NO_CONTENT: Final = frozenset("的了我给换退要不都个一这那就吧帮把是")
_BEFORE_STILL: Final = frozenset("也就没有")
_END_PARTICLES: Final = frozenset({"的", "哦", "啊", "呢", "哈", "呀", "噢", "用"})


def says_fine(segment: Sequence[Element]) -> bool:
    """Whether it says of goods that nothing is wrong with them: "tea's ok", 手机壳还行."""
    return _fine().search(fold(joined(segment))) is not None


@cache
def _fine() -> re.Pattern[str]:
    words = sorted((fold(word) for word in phrases("fine")), key=len, reverse=True)
    english = "|".join(re.escape(word) for word in words if word.isascii())
    han = "|".join(re.escape(word) for word in words if not word.isascii())
    verbs = r"(?:'s|\b(?:is|are|was|were|look|looks|seem|seems|arrived|came))"
    adverbs = r"(?:(?:all|just|perfectly|totally|absolutely|really|both|still|quite|completely) )*"
    return re.compile(rf"{verbs} {adverbs}(?:{english})(?![a-z])(?! (?:to|for))|(?<!不是)(?<![不没])(?:{han})")


def still_wanted(segment: Sequence[Element]) -> bool:
    """Whether it ends by saying that what it names is wanted: 台灯要, 台灯还要用."""
    words = list(segment)
    while words and words[-1].words in _END_PARTICLES:
        words.pop()
    if len(words) < 2 or words[-1].words not in ("要", "还要", "仍要"):
        return False
    before = words[-2]
    names = any(each.kind == "name" or each.has("rest") for each in words[:-1])
    return names and before.words[-1:] not in _BEFORE_STILL


_MONEY: Final = re.compile(r"\b(?:money|refund\w*|cash)\b|钱|款")
_ASKING: Final = re.compile(r"\b(?:where|how|when|which)\b|哪|多久|几天|几号|什么时候|啥时候|怎么|吗|多少")


def together(segment: Sequence[Element]) -> bool:
    """Whether it says that what was named is done at once: 一起吧."""
    return any(each.words in _TOGETHER for each in segment) and not any(each.names for each in segment)


def asks_of_money(segment: Sequence[Element]) -> bool:
    """Whether it asks where money goes, or when: it sends nothing back: 钱退哪里."""
    said = fold(joined(segment))
    return _MONEY.search(said) is not None and _ASKING.search(said) is not None


def leaves_out(segment: Sequence[Element]) -> bool:
    """Whether it is "no cable", which takes the cable out, as the end of a list of wishes does."""
    if len(segment) != 2 or segment[0].words.lower() != "no":
        return False
    name = segment[1]
    return name.kind == "name" and bool(name.strengths) and name.span.start - segment[0].span.end == 1


def is_statement(segment: Sequence[Element]) -> bool:
    """Whether something is said of what it names: "the jumper is too big", 杯子漏水."""
    return _predicate_at(segment) is not None


def corrects(segment: Sequence[Element]) -> bool:
    """Whether it takes back what was named just before, and does nothing else: "no wait", 不对."""
    return fold(joined(segment)).strip() in _corrections()


def begins_correction(segment: Sequence[Element]) -> bool:
    """Whether it begins so and goes on: "no sorry i meant the jumper", 不是毛衣 is none of that."""
    words = [each.words.lower() for each in segment[:5]]
    return any(" ".join(words[:size]) in _corrections() for size in range(2, len(words) + 1)) or words[:1] == ["meant"]


@cache
def _corrections() -> frozenset[str]:
    return frozenset(fold(word) for word in phrases("correcting"))


def subject_of(segment: Sequence[Element]) -> list[Element]:
    """What a statement is about, with the numbers and values in it: 意面 of 意面全是油."""
    at = _predicate_at(segment)
    if at is None:
        return list(segment)
    found = list(segment[:at])
    for place in range(at, len(segment)):
        each = segment[place]
        if each.kind != "name":
            found.append(each)
        elif each.strengths and not any(before.words.lower() in _LIKENED for before in segment[place - 2 : place]):
            # "The honey leaked all over the granola": both are spoken of.
            found += [replace(each, kind="comma", words=",", strengths={}, roles={"boundary": True}), each]
    return found


def _predicate_at(segment: Sequence[Element]) -> int | None:
    """Where what is said of the goods that are named first begins."""
    first = next((i for i, each in enumerate(segment) if each.kind == "name" and each.strengths), None)
    if first is None:
        return None
    for place in range(first + 1, len(segment)):
        each = segment[place]
        if (
            each.words.lower() in _VERBS
            or (each.kind == "unknown" and (len(each.words) > 3 or not each.words.isascii()))
            or begins_predicate(segment[place:])
        ):
            return place
    return None


def sums_up(segment: Sequence[Element]) -> bool:
    """Whether it wants something of all that was named just before: "return both", 都要赔."""
    if any(each.kind in ("name", "option") for each in segment):
        return False
    return any(
        (each.words.lower() in _ALL_NAMED and each.has("everything")) or each.roles.get("pronoun") == "both"
        for each in segment
    )


@cache
def _predicates() -> frozenset[str]:
    return frozenset(phrases("predicates"))


@cache
def _reason_phrases() -> tuple[str, ...]:
    return tuple({fold(word) for words in mapping("reasons").values() for word in words if not word.isascii()})


def begins_predicate(elements: Sequence[Element]) -> bool:
    """Whether what is said of a thing begins there, in Chinese: 破了, 太大."""
    if not elements or elements[0].words.isascii():
        return False
    if elements[0].words in _predicates():
        return True
    following = fold("".join(each.words for each in elements[:4]))
    return following.startswith((*_reason_phrases(), *_han_parts()))


@cache
def _han_parts() -> tuple[str, ...]:
    return tuple(word for word in phrases("parts") if not word.isascii())


def said_of_goods(elements: list[Element], text: str) -> list[Element]:
    """`elements` where no single character of a fault is taken for goods: 漏水 names no water, 起球 no ball."""
    folded = fold(text)
    spans = [(found.start(), found.end()) for found in _faults().finditer(folded)]
    if not spans:
        return elements
    return [
        replace(each, kind="unknown", strengths={}, roles={})
        if each.kind == "name"
        and len(each.words) == 1
        and any(start <= each.span.start and each.span.end <= end for start, end in spans)
        else each
        for each in elements
    ]


@cache
def _faults() -> re.Pattern[str]:
    words = sorted((word for word in _reason_phrases() if len(word) > 1), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


def named_by_statements(segments: list[Segment]) -> list[Segment]:
    """The segments, in which "the leaky one" and 漏水的 are the things of which that was said before."""
    found: list[Segment] = []
    for segment, ended in segments:
        if not _points(segment):
            found.append((segment, ended))
            continue
        own = _content(segment)
        meant = [names for before, _ in found if (names := _goods_of(before)) and own & _content(before)]
        if not own or not meant:
            found.append((segment, ended))
            continue
        pause = replace(meant[0][0], kind="comma", words=",", strengths={}, roles={"boundary": True})
        names = [each for at, group in enumerate(meant) for each in ([pause] if at else []) + group]
        rest = [
            each
            for each in segment
            if not (each.kind in ("unknown", "name", "state", "comp") or each.words in ("one", "ones", "的"))
        ]
        found.append(([*names, *rest], ended))
    return found


def _points(segment: Sequence[Element]) -> bool:
    """Whether a wish is said of something that only its looks or faults name."""
    if not any(each.has("wish") and not each.names for each in segment):
        return False
    if any(each.kind == "name" and each.strengths for each in segment):
        return False
    words = [each.words for each in segment]
    return any(word.endswith("的") for word in words) or any(word in ("one", "ones") for word in words)


def _goods_of(segment: Sequence[Element]) -> list[Element]:
    return [each for each in segment if each.kind == "name" and each.strengths]


def _content(segment: Sequence[Element]) -> set[str]:
    """What is said, in pairs of Han characters and beginnings of English words."""
    joined = fold("".join(each.words for each in segment if not each.words.isascii() and each.kind != "comma"))
    pairs = {joined[at : at + 2] for at in range(len(joined) - 1)}
    said = {pair for pair in pairs if not set(pair) & _OF_NO_CONTENT}
    english = [
        stem(word)
        for each in segment
        if each.words.isascii() and not (each.kind == "name" and each.strengths) and not each.has("wish")
        for word in each.words.lower().split()
    ]
    return said | {word[:4] for word in english if len(word) > 3 and word not in _VERBS}


def joined(segment: Sequence[Element]) -> str:
    """The words of a segment, Chinese ones without spaces."""
    text = ""
    for each in segment:
        text += (" " if text and (each.words.isascii() and each.words[:1] != "'") else "") + each.words
    return text


__all__ = [
    "Segment",
    "asks_of_money",
    "begins_correction",
    "begins_predicate",
    "corrects",
    "is_statement",
    "joined",
    "leaves_out",
    "named_by_statements",
    "said_of_goods",
    "says_fine",
    "still_wanted",
    "subject_of",
    "sums_up",
    "together",
]
