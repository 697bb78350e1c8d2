"""What something should be instead of what it is: "it's 15, not 5", "5 should be 15", 是15号 不是88.

Which field of an address is meant follows from what is there now.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from actions.resolver import names_saved_address

_EN: Final = r"(?:\d{1,6}(?:-\d{1,4}|[a-z])?(?![\w])|[a-z][\w'.-]*(?: (?!not\b|but\b|and\b|instead\b|rather\b|should\b)[\w'.-]+){0,3})"  # noqa: E501
_NUMBER: Final = r"(?:\d{1,6}(?:-\d{1,4})?[A-Za-z]?)"
_BE: Final = r"(?:it'?s|it is|its|that'?s|should (?:be|say|read)|is|was|to|i meant?|make it|number|no\.|zip|street|the)"
_PAIRS: Final = (
    re.compile(rf"(?:\b{_BE} )*(?P<new>{_EN})[,;]? (?:and |but )?not (?:{_BE} )*(?P<old>{_EN})(?=\W|$)", re.IGNORECASE),
    re.compile(
        rf"\bnot (?:{_BE} )*(?P<old>{_EN})[,;.]? (?:but |it'?s |its |that'?s |should be |{_BE} )*(?P<new>{_EN})(?=\W*$)",  # noqa: E501
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<old>{_EN}) (?:should (?:be|read|say)|needs to be|must be|has to be|instead should be|->) (?P<new>{_EN})(?=\W|$)",  # noqa: E501
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?P<new>{_EN}),? (?:instead of|rather than) (?P<old>{_EN})(?=\W|$)", re.IGNORECASE),
    re.compile(
        rf"(?P<new>{_NUMBER})号?(?:才对)?[，,。、\s]*(?:而)?不是(?:门牌|邮编|号码)?\s*(?P<old>{_NUMBER})", re.IGNORECASE
    ),
    re.compile(
        rf"(?:不是|不要)\s*(?P<old>{_NUMBER})号?[，,。、\s]*(?:了|啊|呀)?[，,。、\s]*(?:应该|是|写|要)+\s*(?P<new>{_NUMBER})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?P<old>{_NUMBER})号?(?:写|填|打)?(?:错了?|应该|要|得)*(?:改成|改为|换成|是|写成)\s*(?P<new>{_NUMBER})",
        re.IGNORECASE,
    ),
)
_CHANGED_TO: Final = re.compile(
    r"^(?:(?:please|can|could|you) )*(?:change|make|set|correct|put|update|fix) (?:it|that|this|the \w+|my \w+) (?:to|as|into|say) |^(?:it['’]?s|it is|that['’]?s|no,?) ",  # noqa: E501
    re.IGNORECASE,
)
_NO_PLACE: Final = re.compile(
    r"\b(?:to|my|it|at|the|a|an|me|us|our|your|i|we|you|they|them|please|this|that|these|those|ones?|there|here|for|with"
    r"|from|of|send|sent|ship|deliver|want|need|have|keep|get|go|goes|put|use|take|order|parcel|rather|would|can|could"
    r"|will|is|are|was|be|just|only|both|home|work|office|please|thanks)\b|['’]d\b",
    re.IGNORECASE,
)
"""Words of a sentence that stand in no name of a street or town."""
_NUMBERED: Final = re.compile(r"(?P<number>\d{1,5}[A-Za-z]?)\s+(?P<street>\S.*)")
_FIELDS: Final = ("line1", "line2", "postcode", "city", "region")


def pairs_said(text: str) -> Iterator[tuple[str, str]]:
    """What should be, with what it should be instead of, in the order of how plainly it is said."""
    for pattern in _PAIRS:
        for found in pattern.finditer(text):
            yield found["new"].strip(), found["old"].strip()


def mended(address: Mapping[str, str], text: str) -> dict[str, str] | None:
    """`address` with one of its words, or numbers, as `text` says it should be; None where it corrects none of it."""
    if (numbered := _same_street(address, text)) is not None:
        return numbered
    named = names_saved_address(text)
    for said, told in pairs_said(text):
        new = _CHANGED_TO.sub("", said)
        if not new[:1].isdigit() and (named or _NO_PLACE.search(new)):
            continue
        for old in _shorter(told):
            for name in _FIELDS:
                if (now := _put(address.get(name, ""), old, new)) is not None:
                    return {**address, name: now}
    return None


def _same_street(address: Mapping[str, str], text: str) -> dict[str, str] | None:
    """`address` with another house number, where its street is said with one: "15 Pine Road"."""
    line = _NUMBERED.fullmatch(address.get("line1", ""))
    if line is None:
        return None
    numbers = re.findall(rf"(?<![\w])(\d{{1,5}}[A-Za-z]?)\s+{re.escape(line['street'])}(?![\w])", text, re.IGNORECASE)
    other = [each for each in numbers if each.casefold() != line["number"].casefold()]
    return {**address, "line1": f"{other[-1]} {line['street']}"} if other else None


def _put(said: str, old: str, new: str) -> str | None:
    """`said` with `new` in the place of `old`; None where it does not stand there, or is none of its sort."""
    stands = re.search(rf"(?<!\w){re.escape(old)}(?!\w)", said, re.IGNORECASE)
    if stands is None or new.casefold() == old.casefold() or (old[:1].isdigit() and not new[:1].isdigit()):
        return None
    if not _is_of_its_sort(said, new):
        return None
    shown, behind = new if new[:1].isdigit() else _as_name(new), said[stands.end() :]
    last = f" {shown.split()[-1]}"
    if behind.casefold().startswith(last.casefold()):
        # "Oak Road, not Pine" of Pine Road.
        behind = behind[len(last) :]
    return said[: stands.start()] + shown + behind


def _is_of_its_sort(said: str, new: str) -> bool:
    """Whether words may stand in a field: a state's two letters for two letters, and no more words than a name has."""
    words = new.split()
    if len(said) == 2 and said.isalpha():
        return len(new) == 2 and new.isalpha()
    names = 2 if all(word[:1].isupper() for word in words) else 1
    return len(words) <= max(len(said.split()), names)


def _shorter(words: str) -> list[str]:
    """A phrase, then the same with fewer words at its end."""
    parts = words.split()
    return [" ".join(parts[:count]) for count in range(len(parts), 0, -1)]


def _as_name(words: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in words.split())
