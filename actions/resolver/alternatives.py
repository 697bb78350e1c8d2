"""What is wanted of a product's options in the order in which it is preferred: "black, else blue", "HEPA if there's no
pet-hair one", "blue if possible", 不是全拉链也行.

What is wanted first is what the words say as a whole; what is said for the case that there is none of it comes after,
and so does what is fine as well. The condition itself says what is wanted first: who takes silver if there is no red
wants red.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from actions.resolver.option_words import OptionWord
from actions.resolver.resolution import Span
from actions.resolver.text import fold


@dataclass(frozen=True, slots=True)
class Alternative:
    """Words that are wanted together. `after`: what was wanted before stays as far as these do not say otherwise."""

    words: Sequence[OptionWord]
    segment: Span
    after: bool = False
    frees: frozenset[int] = frozenset()
    """Options that may be anything now, whatever was wanted of them before."""


_NONE_EN = (
    r"if (?:there(?:'s| is| are|s)?|that(?:'s| is|s)?|it(?:'s| is|s)?|they(?:'re| are)?|you|the|they|none|no|un|sold"
    r"|out|neither|not|[a-z0-9%-]+(?: [a-z0-9%-]+)?(?= (?:isn't|isnt|is not|aren't|is gone|is out|is sold|is unavailable|can't|cannot)))"  # noqa: E501
    r"\b[^,;.]*?\b(?:no|none|not|n't|nt|isn't|isnt|aren't|don't|doesn't|gone|out|unavailable|without|cannot"
    r"|can't|impossible)\b[^,;.]*?(?=$|[,;.]|\bthen\b)"
)
_IT_IS_GONE = (
    r"if (?:that|it|this|they|those|these|one)(?:'s|s|'re| is| are)? (?:one |ones )?(?:is |are )?(?:gone|sold out"
    r"|out of stock|out|unavailable|not (?:available|in stock|there|possible))(?=\s+(?!of\b)\w)"
)
"""Behind that stands what is wanted then, without a sign between: "leather, or if that's gone silicone"."""
_NONE_HAN = (
    r"(?<!有)(?:没有?货|没有|缺货|没了|卖完|不行|买不到|断货|要没有|没)(?!有)"
    r"[^，,。；;就]{0,10}?(?:的话|了)?[，,]?\s*(?=就|那就|则|换|要|给|的话|也行|也可以)"
)
_HAN_LEAD = r"(?:如果|要是|假如|万一)"
_IF_NONE = re.compile(
    rf"[,;.]?\s*\b(?:(?:or|and|but)\s+)?(?:or else|(?<!anything )(?<!something )(?<!everything )(?<!nothing )(?<!what )"
    rf"(?<!all )(?<!who )else(?! (?:is|the|in|on|of|stays?|should|as)\b)|otherwise|failing (?:that|which)|if not\b|{_IT_IS_GONE}|{_NONE_EN})"  # noqa: E501
    rf"|(?P<han>[，,。；;]?{_HAN_LEAD}?[^，,。；;\s]{{0,10}}?{_NONE_HAN}|(?P<bare>[，,。；;\s]\s*(?:不然|否则|不行就)))"
)
"""Where it is said what holds if there is none of what was wanted."""


def alternatives(text: str, words: Sequence[OptionWord]) -> list[Alternative]:
    """The alternatives of a message, the one that is wanted first before the others. `words` are its mentions."""
    folded = fold(text)
    masked = folded.replace("有没有", "有  ")
    found: list[Alternative] = []
    start = 0

    def within(span: Span) -> list[OptionWord]:
        return [each for each in words if span.start <= each.span.start < span.end]

    for hit in _IF_NONE.finditer(masked):
        if hit.start() < start:
            continue
        told = [replace(each, negated=False, keeps=False) for each in within(Span(*hit.span())) if not each.keeps]
        before = Span(start, hit.start())
        tail = re.split(r"[.;。；]", folded[hit.end() :], maxsplit=1)[0]
        lead = folded[before.start : before.end]
        either_or = None
        if hit["han"] is None and not re.search(r"\w", tail.removeprefix("then")):
            either_or = re.search(r"(?:,\s*)?\bor\b(?!.*\bor\b)", lead)
        if either_or is not None:
            # "Red, or silver if there's no red": the second stands before the condition.
            first = Span(before.start, before.start + either_or.start())
            second = Span(before.start + either_or.end(), before.end)
            found.append(_first(within(first), told, first, bool(found)))
            found.append(Alternative(within(second), second, after=True))
        elif told and not re.search(r"\w", tail) and _differ(within(before), told):
            # "HEPA if there's no pet-hair one": what there may be none of is wanted first.
            found.append(Alternative([*within(before), *told], before, bool(found)))
            found.append(Alternative(within(before), before, after=True))
        elif told or re.search(r"\w", lead):
            found.append(_first(within(before), told, before, bool(found)))
        start = hit.end()
    last = Span(start, len(text))
    if last.end > last.start or not found:
        found.append(Alternative(within(last), last, after=bool(found)))
    return _with_what_is_fine_too(folded, found)


def _first(own: Sequence[OptionWord], told: Sequence[OptionWord], segment: Span, after: bool) -> Alternative:
    """What is wanted where the condition that follows names more of it."""
    places = {place for each in own for place in each.meant if not each.keeps}
    more = [each for each in told if not places & each.meant.keys()]
    return Alternative([*own, *more], segment, after)


def _differ(own: Sequence[OptionWord], told: Sequence[OptionWord]) -> bool:
    """Whether the condition speaks of another value of the same option."""
    return any(
        one.meant[place].isdisjoint(other.meant[place])
        for one in own
        for other in told
        for place in one.meant.keys() & other.meant.keys()
        if not one.keeps
    )


_FINE_TOO = re.compile(
    r"^(?:\s|的|色|码|号|那?[个款种]|'s|也可以的)*(?:也行|也可以?|也ok|也好|也成|也能接受|也没关系|也无所谓)"
    r"|^(?: [a-z-]+){0,2}?(?: (?:is|are|would be|will be)|'s)(?: (?:fine|ok|okay|good|alright|all right|acceptable)"
    r"(?: with me)? (?:too|as well|also)| also (?:fine|ok|okay|good|alright)| no problem (?:either|too))"
    r"|^(?: [a-z-]+){0,2}? (?:would|will) (?:do|work)(?: too| as well| also)"
)
_IF_POSSIBLE = re.compile(
    r"^(?: [a-z-]+){0,2}?,? (?:if (?:at all )?possible|if you (?:can|have it|have one|have any|have that)|if there is one|for preference)"  # noqa: E501
    r"|^(?:的|色|那?[个款种])*(?:优先|最好)"
)
_PREFERABLY = re.compile(
    r"(?:\b(?:ideally|preferably|rather)(?: (?:in|a|the|an|with))*\s*|(?:最好|尽量)(?:是|要|能|带|有)?)$"
)
_NEED_NOT = re.compile(
    r"(?:\b(?:doesn't|doesnt|does not|needn't|need not|don't|do not)(?: (?:have|need))?(?: to)? be(?: [a-z]+)?\s|不一定(?:要|非要|得)?(?:是)?"  # noqa: E501
    r"|\bnot necessarily(?: in| a| the)?\s)$"
)
_ANY = re.compile(
    r"\bor (?:whatever|anything|any|whichever)(?: (?:one|ones|other|else|colour|color|size))?(?: (?:you|there|is|that|in|have|it)\b| *$|[,.])"  # noqa: E501
)


def _with_what_is_fine_too(folded: str, found: Sequence[Alternative]) -> list[Alternative]:
    """The alternatives with others for what is fine as well, or wanted only where it can be had."""
    every: list[Alternative] = []
    last_resort: list[Alternative] = []
    for place, each in enumerate(found):
        if place:
            every.append(each)
            continue
        fine = [w for w in each.words if not w.keeps and _FINE_TOO.match(folded[w.span.end :])]
        need_not = [w for w in each.words if not w.keeps and _NEED_NOT.search(folded[: w.span.start])]
        wished = [
            w
            for w in each.words
            if not w.keeps and (_PREFERABLY.search(folded[: w.span.start]) or _IF_POSSIBLE.match(folded[w.span.end :]))
        ]
        rest = [w for w in each.words if w not in fine and w not in need_not]
        plain = [w for w in rest if w not in wished]
        every.append(replace(each, words=rest))
        if wished and plain:
            last_resort.append(replace(each, words=plain, after=False))
        if fine:
            every.append(Alternative(fine, each.segment, after=True))
        if need_not:
            freed = frozenset(p for w in need_not for p in w.meant)
            every.append(Alternative([], each.segment, after=True, frees=freed))
        anything = _ANY.search(folded, each.segment.start, each.segment.end)
        last = [w for w in rest if anything and w.span.end <= anything.start()]
        if last:
            every.append(Alternative([], each.segment, after=True, frees=frozenset(last[-1].meant)))
    return [*every, *last_resort]


__all__ = ["Alternative", "alternatives"]
