"""Wishes that are told as what is enough or not needed: "one is enough", 一双就够了, "the mat is no longer needed".

They are put into the words that say the same outright, so that all else is read as it is of those.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from actions.resolver.candidates import LineCandidate
from actions.resolver.lines import resolve_lines
from actions.resolver.resolution import Match

_COUNT: Final = r"(?P<count>one|two|three|four|1|2|3|4)"
_ENOUGH: Final = re.compile(
    rf"(?<!not )\b(?:just |only )?{_COUNT}"
    r"(?P<of>(?: of (?:them|(?:those|these|the|my)(?: [\w-]+){0,2}))?|(?: each)|(?: [\w-]+){1,2}?)"
    r" (?:(?:is|are|['’]s|will be|would be) (?:really |quite |more than |just |already |perfectly )?"
    r"(?:enough|plenty|sufficient|all (?:i|we) need)|(?:will|would|['’]ll) (?:do|suffice)|suffices?)\b"
    r"(?P<other>[\s,;.!-]+(?:(?:and|so|please|then|you can|just)\s+)*(?:(?:cancel|drop|remove|take off|call off|return|send back)"  # noqa: E501
    r" the (?:other|second|spare|extra)(?: (?:one|ones|piece|pair))?|the (?:other|second|spare|extra)(?: (?:one|piece|pair))? (?:can go|goes))\b)?",  # noqa: E501
    re.IGNORECASE,
)
_ONLY_NEEDED: Final = re.compile(
    rf"\b(?:only|just) {_COUNT}(?P<of> of (?:them|those|these|the|my)(?: [\w-]+){{0,2}}?|(?: [\w-]+){{0,2}}?)"
    r" (?:is|are) (?:really |actually )?(?:needed|wanted|required|necessary)\b",
    re.IGNORECASE,
)
_HAN_ENOUGH: Final = re.compile(
    r"(?<![取消退换改要留买送撤寄下拍])(?P<count>[一二两三四1-4][双个台件条把只副盏块套张支辆本顶瓶])(?:就)?(?:足?够|行|好|可以)(?:了|啦|的)?"
    r"(?P<other>[，,。；;\s]+(?:把)?(?:另外?|多)(?:的|出来的|余的)?(?:那|一)?[一1]?[双个台件条把只副盏块套张支辆本顶瓶](?:给我|就|帮我|可以|都)*(?:取消|退|不要|去)(?:掉|了|吧)*)?"
    r"(?=\s*(?:$|[，。；！,;!.]))"
)
_NOT_NEEDED: Final = re.compile(
    r"(?P<start>^|[.;,!?]\s*(?:(?:and|also|but|then|oh)\s+)?|\band\s+)"
    r"(?P<thing>(?:(?:the|my|both|that|those) )?(?!(?:it|they|that|this|one|i|we|you)\b)[a-z][\w-]*(?: [\w-]+){0,3}?)"
    r"(?: (?:is|are)|['’]s)?"
    r" (?:no longer (?:needed|wanted|required|necessary)|not (?:needed|wanted|required|necessary)(?: any ?more)?"
    r"|(?:is|are)n['’]?t (?:needed|wanted|required|necessary)(?: any ?more)?)\b",
    re.IGNORECASE,
)
_SEVERAL: Final = re.compile(r"[.;,!?，。；！？]\s*\S|\band\b")


_NUMBERS: Final = {"one": 1, "two": 2, "three": 3, "four": 4, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4}
_CLAUSE: Final = re.compile(r"[,.;!?:，。；！？：\n]|\band\b")
_WORDS: Final = {1: "one", 2: "two", 3: "three", 4: "four"}


def plain_wishes(text: str, lines: Sequence[LineCandidate], *, today: date) -> str:
    """`text` with "cancel one" for "one is enough" of two of a line, and beside other wishes "cancel the mat" for a mat
    that is not needed.
    """
    text = _ONLY_NEEDED.sub(lambda said: f"{said['count']}{said['of']} is enough", text)
    text = _ENOUGH.sub(lambda said: _fewer(said, text, lines, today), text)
    text = _HAN_ENOUGH.sub(lambda said: _fewer(said, text, lines, today), text)
    if _SEVERAL.search(text):
        text = _NOT_NEEDED.sub(lambda said: f"{said['start']}cancel {said['thing']}", text)
    return text


def _fewer(said: re.Match[str], text: str, lines: Sequence[LineCandidate], today: date) -> str:
    """Words that call off what is more than enough of the goods named there, or last before; the same where none is."""
    count = said["count"]
    of = said["of"] if said.re is _ENOUGH else count[1:]
    number = count.lower() if said.re is _ENOUGH else count[:1]
    wanted = _NUMBERS.get(number) or int(number)
    for words in (said[0] if of else "", *reversed(_CLAUSE.split(text[: said.start()]))):
        named = [match for match in resolve_lines(words, lines, today=today).matches if _by_name(match)]
        if named:
            break
    else:
        return said[0]
    line = named[0].candidate
    more = line.changeable - wanted
    if len(named) > 1 or more not in _WORDS:
        return said[0]
    english = said.re is _ENOUGH
    title = next((each for each in line.titles if each.isascii() == english), line.titles[0])
    if english:
        return f"cancel {_WORDS[more]} {title}"
    return f"{'' if text[: said.start()].endswith(words) and words.strip() else title}取消{more}{of}"


def _by_name(match: Match[LineCandidate]) -> bool:
    return any(reason.kind in ("name", "near_name") for reason in match.reasons)


__all__ = ["plain_wishes"]
