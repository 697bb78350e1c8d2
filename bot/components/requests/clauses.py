"""Where the clauses of a message begin and end."""

from __future__ import annotations

import re
from typing import Iterator, List, Tuple

from .wording import DOES, MONEY, WAY, names_more

_TURNING = (
    r"(?:\b(?:oh|and|also|just|so)[, ]+)*\b(?:by the way|btw|incidentally|while (?:i'?m|we'?re) (?:at it|here)"
    r"|(?:one|another) (?:more |other |quick |last )?(?:thing|question))\b[:,]?"
    r"|(?<![\u4e00-\u9fff])[哦噢啊]?对了(?=[\s，,。!！~～]|[\u4e00-\u9fff])|(?:[哦噢]|还有|另外)+[一]?(?:个|件)(?:事儿?|问题)(?:想问)?"
    r"|(?:顺便|顺带|另外)(?:再|我?想|也)*(?:问|咨询|打听|了解)(?:一下|下|一句|句|个问题|问)?|再(?:问|咨询)(?:一下|下|一句|句|个问题)"
)
"""What people say before they come to something else."""
TURNS = re.compile(_TURNING, re.IGNORECASE)
_SEPARATORS = re.compile(
    _TURNING + r"|(?:(?<!\bno)[.?!;\n。？！；]+|(?<=\bno)\.(?!\s*\d))(?=\s|$|[^\d\w])"
    r"|(?<=[\u4e00-\u9fff])[.?!;\n。？！；，,~～]+|[？！。；，]+"
    r"|,?\s+(?:and also|and then|but also|but|also|plus|besides|and)\s+|,\s+"
    r"|另外(?![一那][个张笔]?订?单|[一那][双台条只块把盒瓶套副张款支辆对]|[一那]件(?!事))|还有就是|还有(?=我|想|能|可)|顺便|然后|而且"
    r"|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])",
    re.IGNORECASE,
)
"""What stands between clauses. In Chinese many write a space for a comma, and others one inside a clause."""
HAN_SPACE = re.compile(r"(?<=[\u4e00-\u9fff])\s(?=[\u4e00-\u9fff])")
_MINIMUM_LENGTH = 4
_CONNECTS = re.compile(
    r"(?:and|also|oh|plus|and also|one more thing|another thing"
    r"|(?:just )?(?:a few|a couple of|two|three|several) things"
    r"|还有|还有就是|还有一[点个件]事?|另外|此外|然后|再就是|再有|[两三几]件事|有[两三几][件个]事)",
    re.IGNORECASE,
)
"""What leads over to another request, and is none: 还有，…"""
_CONNECTED = re.compile(rf"^\W*{_CONNECTS.pattern}\s*[,，:：、。]\s*(?=\S)", re.IGNORECASE)
_WRITTEN_ADDRESS = re.compile(
    r"(?<!\d)\d{1,5}[A-Za-z]? [A-Z][\w'’ ]+?(?:, ?[A-Z][\w'’ ]*?){0,3},? ?\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"
)
"""A street's number, what follows it, and a British postcode: the commas inside divide nothing."""
_COORDINATES = re.compile(r",?\s+(?:and|plus)\s+|,\s+", re.IGNORECASE)
"""What stands between requests, and as often between the things that one request is about."""


def _goes_on(before: str, after: str) -> bool:
    """Whether what stands behind an "and" or a comma is one more thing that the clause before it is about."""
    pays = MONEY.match(after) is not None or WAY.match(after) is not None
    return DOES.search(before) is not None and names_more(after) and not pays


def clause_spans(text: str) -> Iterator[Tuple[int, int]]:
    """Where the clauses of `text` begin and end."""
    start = 0
    addresses = [match.span() for match in _WRITTEN_ADDRESS.finditer(text)]
    separators = [
        each
        for each in _SEPARATORS.finditer(text)
        if not any(begins < each.start() and each.end() < ends for begins, ends in addresses)
    ]
    for place, separator in enumerate([*separators, None]):
        end = separator.start() if separator else len(text)
        if separator is not None and _COORDINATES.fullmatch(separator.group()):
            following = separators[place + 1].start() if place + 1 < len(separators) else len(text)
            if _goes_on(text[start:end], text[separator.end() : following]):
                continue
        if _length(text[start:end]) >= _MINIMUM_LENGTH and not _CONNECTS.fullmatch(text[start:end].strip()):
            yield start, end
        start = separator.end() if separator else end


def without_connective(text: str) -> str:
    """`text` without words that only lead over to what it asks ("还有，…"); as it is when nothing else is there."""
    match = _CONNECTED.match(text)
    return text[match.end() :] if match is not None else text


def parts(text: str) -> List[str]:
    """The clauses of `text` that are long enough to mean something."""
    return [text[start:end].strip() for start, end in clause_spans(text)]


def _length(part: str) -> int:
    """Characters, a Han character counting double."""
    return sum(2 if "\u4e00" <= character <= "\u9fff" else 1 for character in part.strip())
