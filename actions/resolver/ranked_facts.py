"""Which of several goods has the most or the least of something: "the lightest", 哪个续航最长. Pure.

What is on record is text; it is compared where every text has an amount of the same kind, and never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from actions.resolver.asked_facts import concepts, phrases_pattern
from actions.resolver.measures import Measure, measures_in
from actions.resolver.text import fold

Degree = Literal["most", "least"]

_MINUTES: Final[Mapping[str, float]] = {
    "second": 1 / 60,
    "minute": 1,
    "min": 1,
    "hour": 60,
    "hr": 60,
    "h": 60,
    "day": 1440,
    "week": 10080,
    "month": 43200,
    "year": 525600,
    "秒": 1 / 60,
    "分钟": 1,
    "小时": 60,
    "钟头": 60,
    "天": 1440,
    "周": 10080,
    "星期": 10080,
    "个月": 43200,
    "年": 525600,
}
_DURATION: Final = re.compile(
    r"(?<![\d.])(?P<number>\d+(?:\.\d+)?)\s*-?\s*"
    r"(?P<unit>seconds?|minutes?|mins?|hours?|hrs?|h(?![a-z])|days?|weeks?|months?|years?"
    r"|秒|分钟|小时|钟头|天|周|星期|个月|年)"
)
_NUMBER: Final = re.compile(
    r"(?<![\d.,])(?P<number>-?\d+(?:[.,]\d+)?)\s*-?\s*(?P<unit>%|°\s*[cf]?|℃|℉|[a-z]+|[\u4e00-\u9fff]{1,2})?"
)
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_SCORE: Final = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s*分?\s*(?:/|of|out of|（?满分)\s*10(?!\d)")
"""So many of ten."""
_LIFELONG: Final = re.compile(r"\blifetime\b|终身")
_NOT_WANTED: Final = re.compile(
    r"\b(?:not|n't want|don't want|without|isn't) (?:the |too |your )?\w*(?:est|er)\b|不要|别给|不想要"
)
_WHICH_IS: Final = re.compile(
    r"(?P<before>哪[个款种把张条件只台双][^，。？?最更]{0,10}?)"
    r"(?P<adjective>[轻重吵静亮暗暖厚薄快慢高矮长短宽窄]|安静|静音|声音小|声音大|承重大|省电|防水|暖和|保暖|大|小)"
    r"(?![小号码合适要]|一?[点些])(?=[^\u4e00-\u9fff]|[啊呀呢吗么]|$)"
)
"""哪个头盔轻 asks for the lighter one."""
_ADJECTIVE: Final = r"\b(?:\w+(?:er|est)|most \w+|best)"
_OTHER_SENSES: Final = re.compile(
    rf"{_ADJECTIVE}[\s-](?:possible )?(?:shades?|roasts?|colou?rs?|tones?|tints?|delivery|shipping|postage|courier"
    r"|refunds?|repl(?:y|ies)"
    r"|response|service|discounts?|savings?|offers?|problems?|issues?|complaints?|worry|difference|orders?|dogs?|cats?"
    r"|pets?|looking|rated|ratings?|reviews?|reviewed|smell\w*|scents?|scented|flavou?rs?|tast\w+|duty|fluid|fuel|selling)\b"
    r"|\b(?:warm|cool|soft)(?:er|est) (?:light|white|glow)\b"
    r"|\blight(?:er|est) (?:gr[ae]y|blue|green|pink|brown|purple|wood|finish|wash)\b"
    r"|\b(?:no|any) longer\b|\b(?:my|our|his|her|their) \w+est\b"
    r"|\ban? (?:lighter|warmer)(?= for\b)|\b(?:lighters|warmers)\b|\b(?:cigarette|candle|gas|stove|grill) lighter\b"
    r"|\b(?:hand|coffee|mug|cup|bottle|leg|arm|neck|towel|food|plate|wax|foot|bed|body) warmer\b"
    r"|\bsmells? (?:the )?strong(?:er|est)\b"
    r"|\b(?:fast|quick)(?:er|est) (?:way )?to (?:deliver|ship|arrive|refund|pay|return)\b"
    r"|最重(?:要|视|点)|最轻松|最大的?(?:问题|优惠|折扣|区别|不同|差别|好处|优点|缺点|订单|狗|猫)"
    r"|[最更][^，。？?]{1,2}的?(?:颜色|色调|味道|香味|气味|评分|评价|快递|物流|配送|退款)"
    r"|最[高低长晚多快久][^，。？?]{0,6}(?:退|换货|到货|发货|送到|收到|寄|赔|优惠|打折)"
    r"|哪[个种款]?(?:颜色|色号|味道|香味|口味)[^，。？?]{0,4}[轻重深浅强暖]"
)
"""The most or the least of what no goods are ranked by: a shade, the way of a parcel, what is thought of them."""
_KEEPS: Final = re.compile(
    r"\b(?:keep|stay)s?\b[^.?!,]{0,30}?\b(?:hot|cold|warm|cool|ice)\b[^.?!,]{0,12}?\b(?P<words>longe(?:st|r))\b"
    r"|保[温冷][^，。？?]{0,6}?(?P<han>[最更]?(?:久|长))"
)
_CARRIES: Final = re.compile(
    r"\b(?:take|hold|carry|support|bear|handle|lift)s?\b(?:(?! than\b)[^.?!,]){0,24}?"
    r"\b(?P<words>more|most|heavier|heaviest)\b(?=[^.?!,]{0,12}\b(?:weight|pounds?|lbs?|kilos?|kg|load)\b)"
)
"""The most that something bears is none of what it weighs."""
_OF_PRICE: Final = re.compile(r"\b(?:price|priced|cost|cheap\w*|expensive)\b|价|便宜|贵")
"""What costs most or least is another question (`products.py`)."""
_GENERAL: Final[Mapping[Degree, str]] = {
    "most": r"\b(?:most|highest|longest|greatest|biggest|largest|best)\b|最[高长大多好强久]",
    "least": r"\b(?:least|lowest|shortest|fewest|smallest)\b|最[低短小少弱]",
}
_OF_TIME: Final = frozenset({"setup", "battery", "charging", "warranty", "shelf_life", "keeps"})
"""What is measured in time; elsewhere a year may be an age."""
_COLD: Final = frozenset({"warmth"})
"""What keeps warmer is made for a lower temperature."""


_SIZES: Final = re.compile(
    r"\b(?:x{0,3}[sml]|xx?l|small|medium|large|twin|full|queen|king|single|double|persons?|people|sizes?|about|around|approx"
    r"|up|to|or|and|from|between|over|under|in|the|an?|roughly|circa)\b|[大中小特加超]+[号码]|[码号寸人款]|约|大约|左右|至|到|和|或"
)
"""Words beside several amounts that tell of sizes or of a range, and of no state."""
_LABEL: Final = re.compile(r"[a-z]{2,}|[\u4e00-\u9fff]")
_PER: Final = re.compile(
    r"(?P<each>\b(?:each|apiece|per (?:shoe|piece|item|unit|side))\b|[每单][只个件块片])"
    r"|\b(?:per|a) (?:pair|set)\b|[每一整][双对套]"
)


@dataclass(frozen=True, slots=True)
class Extreme:
    """The most or the least of one of `concepts`, the likeliest first. `words` say so. `of_two`: "lighter", 更轻."""

    degree: Degree
    concepts: tuple[str, ...]
    words: str
    of_two: bool = False


def extreme_asked(text: str, asked: Sequence[str] = ()) -> Extreme | None:
    """Of what `text` wants the most or the least; None where it wants neither. `asked` are concepts that it names."""
    folded = _WHICH_IS.sub(r"\g<before>更\g<adjective>", without_other_extremes(fold(text)))
    if _NOT_WANTED.search(folded) or _OF_PRICE.search(folded):
        return None
    if (kept := _KEEPS.search(folded)) is not None:
        words = kept["words"] or kept["han"]
        return Extreme("most", ("keeps",), words, _of_two(words))
    if (carried := _CARRIES.search(folded)) is not None:
        words = carried["words"]
        return Extreme("most", ("limit", "capacity"), words, _of_two(words) or words == "more")
    best: Extreme | None = None
    for degree, pattern in _adjectives():
        for match in pattern.finditer(folded):
            meant = _concepts_of()[degree, re.sub(r"[\s-]+", " ", match.group())]
            named = [each for each in asked if each in meant]
            found = Extreme(
                degree, (*named, *(each for each in meant if each not in named)), match.group(), _of_two(match.group())
            )
            if best is None or len(found.words) > len(best.words):
                best = found
    if best is not None and not (asked and best.concepts[0] not in asked and _general(best.words)):
        return best
    for degree, general in _GENERAL.items():
        said = re.search(general, folded)
        if said is not None and asked:
            return Extreme(degree, tuple(asked), said.group())
    return None


def without_other_extremes(text: str) -> str:
    """A folded text without the most or the least of other things than goods: "the biggest discount", 最重要."""
    return _OTHER_SENSES.sub(" ", text)


def extreme_word(word: str) -> bool:
    """Whether a word says that the most or the least of something is wanted."""
    return any(pattern.fullmatch(fold(word)) for _, pattern in _adjectives())


def amount_on_record(value: str, concept: str, degree: Degree) -> tuple[str, float] | None:
    """The kind and size of the amount that a text tells of a concept: of several the largest for the most of it."""
    found = _amounts(fold(value), concept)
    if not found:
        return None
    kind = found[0][0]
    sizes = [size for of, size in found if of == kind]
    return kind, (max if degree == "most" else min)(sizes)


def ranked(values: Mapping[str, str], concept: str, degree: Degree) -> list[str]:
    """The keys of `values`, which are texts on record, in order; empty where they cannot be compared.

    What tells amounts of several states or parts ("52 dB at full, 20 idle") is no single amount beside others.
    """
    if len({_apart(value, concept) for value in values.values()}) > 1:
        return []
    if len({_each_or_all(value) for value in values.values()}) > 1:
        return []
    if concept in _COLD:
        degree = "least" if degree == "most" else "most"
    amounts = {key: amount_on_record(value, concept, degree) for key, value in values.items()}
    known = {key: each for key, each in amounts.items() if each is not None}
    if len(known) < len(values) or len({kind for kind, _ in known.values()}) > 1:
        return []
    return sorted(values, key=lambda key: known[key][1] * (-1 if degree == "most" else 1))


def _apart(value: str, concept: str) -> bool:
    """Whether a text tells several amounts of one kind, each of a state or a part; those of sizes are none."""
    folded = fold(value)
    found = _amounts(folded, concept)
    if sum(kind == found[0][0] for kind, _ in found) < 2 if found else True:
        return False
    rest = _SIZES.sub(" ", _NUMBER.sub(" ", _DURATION.sub(" ", _without_measures(folded))))
    return _LABEL.search(rest) is not None


def _without_measures(text: str) -> str:
    for measure in sorted(measures_in(text), key=lambda each: -each.span.start):
        text = f"{text[: measure.span.start]} {text[measure.span.end :]}"
    return text


def _each_or_all(value: str) -> str:
    """Of what one amount is told: of each, of a pair or set; nothing where it does not say."""
    said = _PER.search(fold(value))
    return "" if said is None else "each" if said["each"] else "all"


def _amounts(text: str, concept: str) -> list[tuple[str, float]]:
    text = _THOUSANDS.sub("", text).replace("零下", "-").replace("minus ", "-")
    if scores := _SCORE.findall(text):
        return [("score", float(each)) for each in scores]
    if concept in _OF_TIME and _LIFELONG.search(text):
        return [("time", float("inf"))]
    durations = [("time", float(m["number"]) * _MINUTES[_unit(m["unit"])]) for m in _DURATION.finditer(text)]
    if durations and concept in _OF_TIME:
        return durations
    measured = _added_up(measures_in(text))
    if measured:
        return measured
    if durations:
        return durations
    return [
        (match["unit"].rstrip("s") if match["unit"] else "number", float(match["number"].replace(",", ".")))
        for match in _NUMBER.finditer(text)
    ]


def _unit(word: str) -> str:
    return word if word in _MINUTES else word.rstrip("s")


def _added_up(measures: Sequence[Measure]) -> list[tuple[str, float]]:
    """Amounts by kind; what stands together is one: "4 lb 6 oz"."""
    found: list[tuple[str, float]] = []
    before: Measure | None = None
    for measure in sorted(measures, key=lambda each: each.span.start):
        if before is not None and measure.span.start < before.span.end:
            continue
        near = (
            before is not None and measure.dimension == before.dimension and measure.span.start - before.span.end <= 1
        )
        if near and len(measure.amounts) == 1 and found[-1][1] > measure.extent:
            found[-1] = (measure.dimension, found[-1][1] + measure.extent)
        else:
            found.append((measure.dimension, measure.extent))
        before = measure
    return found


def _of_two(words: str) -> bool:
    return words.endswith(("er", "一点", "点", "些")) or words.startswith(("more ", "更"))


def _general(words: str) -> bool:
    return any(re.fullmatch(pattern, words) for pattern in _GENERAL.values())


@cache
def _concepts_of() -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], list[str]] = {}
    for key, words in concepts().items():
        for degree in ("most", "least"):
            for phrase in words.get(degree, ()):
                found.setdefault((degree, fold(str(phrase))), []).append(key)
    return {of: tuple(keys) for of, keys in found.items()}


@cache
def _adjectives() -> tuple[tuple[Degree, re.Pattern[str]], ...]:
    by_degree: dict[Degree, list[str]] = {"most": [], "least": []}
    for degree, phrase in _concepts_of():
        by_degree[degree].append(phrase)  # type: ignore[index]
    return tuple((degree, phrases_pattern(words)) for degree, words in by_degree.items())


__all__ = [
    "Degree",
    "Extreme",
    "amount_on_record",
    "extreme_asked",
    "extreme_word",
    "ranked",
    "without_other_extremes",
]
