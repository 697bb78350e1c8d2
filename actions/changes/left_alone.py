"""Goods that are to stay as they are, in so many words: "forget the kettle", "I don't want another kettle", 别换水壶.

A "not" beside a name of goods is said of leaving them, whatever verb stands between: it never asks for the opposite,
nor for another change of theirs. The verbs are put into "leave the …" and …留着, which the resolver reads.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from actions.changes.turned_down import clauses_of, says_nothing, turned_down
from actions.resolver import NO_FOCUS, Focus, LineCandidate, LineRequest, read_requests

_CONDITION: Final = re.compile(
    r"\b(?:if|unless|otherwise|in case|else)\b|要是|如果|假如|万一|的话|没有?[^，。,.]*就|否则|不然", re.IGNORECASE
)
"""What follows is wanted in that case only."""
_ENDS: Final = re.compile(r"[.。!！?？\n]")
_MAY_LEAVE: Final = re.compile(
    r"\b(?:leave|keep|stays?|forget|not|neither|still)\b|留|保留|不[换退改动取]|别|算了", re.IGNORECASE
)
_NOT_LEFT: Final = re.compile(
    r"(?:\bnot|n['’]t|\bdont|\bcant|\bcannot|\bnever|\bno longer)\b[^,.;!?]*\b(?:keep|keeping|leave|leaving|forget)\b"
    r"|\b(?:is|are|was|were|it['’]?s|that['’]?s|this['’]?s) not\b|\b(?:is|are|was|were)n['’]?t (?!asking)"
    r"|^\W*(?:why|did|is|was|does|do you|don['’]?t you|what|how|which)\b"
    r"|[不别](?:想|要|用|能)?留|忘|不是我(?:想?要|订|买|拍|点)的|为什么|怎么",
    re.IGNORECASE,
)
"""No word of leaving goods: "it's not the lamp I ordered", "don't forget the lamp", "I don't want to keep it"."""
_FOR_NOW: Final = re.compile(r"先|\b(?:for now|first|yet|later|for the moment)\b", re.IGNORECASE)
_DO: Final = r"(?:(?:chang|cancel|swapp?|return|exchang|replac|switch|touch|remov|refund)\w*|send(?:ing)? back)"
_DONT: Final = (
    r"(?:do ?n['’]?t|do not|(?:who|nobody|no one)(?: the hell)? (?:said|says|asked|wants|wanted|told you)|did(?:n['’]?t| not)(?= (?:ask|say|mean|want))|never|no need to|wo ?n['’]?t|was(?:n['’]?t| not)|not)"  # noqa: E501
    r"(?: (?:want|wanted|meant|intended|wish|need|like|ask|asking|asked|mean|say|said|going|plan|planning|you|to|be|have|for|please|even|actually))*"  # noqa: E501
)
_THE: Final = r"(?:the|my|this|that|these|those|any)"
_EN: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), put)
    for pattern, put in (
        # "I don't want another kettle": the one that there is stays.
        (
            rf"\b(?:i |we )?{_DONT} (?:{_DO} )?(?:another|an?y? (?:new|different|other|second|extra)|any other|any more"
            r"|an extra|new|different|other) ",
            "leave the ",
        ),
        # "I don't want the kettle cancelled".
        (
            rf"\b(?:i |we )?{_DONT} (?:{_THE} )?(?!(?:it|them|that|this|those|these|any\w*|the|my|to)\b)"
            r"(?P<name>[a-z][\w' -]{1,40}?) (?:to be |being )?"
            r"(?:chang|cancel|swapp|return|exchang|replac|switch|touch|remov|refund)\w*(?:ed|led)\b",
            r"leave the \g<name>",
        ),
        (rf"\b(?:i |we )?{_DONT} (?:{_DO}|(?:bother|worry)(?: (?:with|about))?) (?:back )?{_THE} ", "leave the "),
        (
            rf"\bi(?:['’]d)? still (?:want|need|like) (?={_THE} )(?![^,.;!?]*\b(?:in|to|\w+ed|sent)\b)",
            "leave ",
        ),
        (rf"\bneither (?={_THE} )", "leave "),
        (rf"\b(?:never ?mind|forget(?: about)?|skip|ignore|(?:don['’]?t|do not) bother with) (?={_THE} )", "leave "),
    )
)
_OUT_OF_IT: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), put)
    for pattern, put in (
        (
            rf"\b(?:take|drop|remove|leave|get) {_THE} (?P<name>[\w' -]{{2,40}}?) (?:out of|off|from) "
            r"(?:(?:it|that|this|there)\b(?! order)"
            r"|the (?:change|list|request|proposal|cancellation|return|exchange)\b)",
            r"leave the \g<name>",
        ),
    )
)
_ZH_DO: Final = r"(?:管|动|碰|换|改|退|取消|理|弄|处理)"
_ZH_NAME: Final = (
    r"(?P<name>(?![了吧啊呢掉钱款货的地址])[^，。,.!！？?；;、\s]{1,16}?)(?=了?(?:[，。,.!！？?；;、\s]|$))"
)
_ZH: Final = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        (
            rf"(?:我|先)*(?:别|甭|不要|不用|不必|不想|不是要?|没说要?|没要|谁(?:说|要|让你?|叫你?)|不)(?:先|再|急着|去|想|要|帮我|给我)*{_ZH_DO}(?:掉|了)?{_ZH_NAME}",
            r"\g<name>留着",
        ),
        (
            rf"(?:我)?(?:不要|不想要|不用)(?:另外?|别的|新的?|再来)(?:一?[台个件双条只把套])?的?{_ZH_NAME}",
            r"\g<name>留着",
        ),
        (r"(?:先)?(?:不用管|不要动|先?别管|不管|先放(?:着|一放|一边)|不去管|不要管)(?:它|了)?", "留着"),
    )
)


def as_left(text: str, *, proposed: bool = True) -> str:
    """`text` with what is said not to be done with goods put as leaving them; what stands in a condition stays.

    `proposed`: something is proposed, so that "take it out" is said of that, and not of an order.
    """
    patterns = (*_EN, *(_OUT_OF_IT if proposed else ()), *_ZH)
    parts: list[str] = []
    conditional = False
    for clause, between in clauses_of(text):
        conditional = conditional or _CONDITION.search(clause) is not None
        said = clause
        if not conditional:
            for pattern, put in patterns:
                said = pattern.sub(put, said)
        conditional = conditional and not _ENDS.search(between)
        parts.append(said + between)
    return "".join(parts)


def may_leave(text: str) -> bool:
    """Whether `text` has words that goods may be left by."""
    return _MAY_LEAVE.search(text) is not None or as_left(text, proposed=False) != text


@dataclass(frozen=True)
class LeftAlone:
    """The lines that are said to stay as they are, by their keys, and what is said beside that."""

    kept: frozenset[str]
    rest: str
    for_now: bool
    """They may have their turn later: 先别管键盘."""


def left_alone(
    text: str, lines: Sequence[LineCandidate], *, focus: Focus = NO_FOCUS, today: date, proposed: bool = True
) -> LeftAlone | None:
    """What is to stay of `lines`, by names said in `text`; None where nothing is, or only some pieces of a line.

    `proposed`: as for `as_left`.
    """
    kept: set[str] = set()
    rest: list[str] = []
    conditional = for_now = False
    for clause, between in clauses_of(text):
        conditional = conditional or _CONDITION.search(clause) is not None
        other = conditional or _NOT_LEFT.search(clause) is not None
        read = () if other else read_requests(as_left(clause, proposed=proposed), lines, focus=focus, today=today)
        stays = [wish for wish in read if wish.wish == "keep"]
        if any(_partly(wish) for wish in stays):
            return None
        named = {line.key for wish in stays if wish.lines.sure and _named(wish) for line in wish.lines.candidates}
        goes = any(wish.wish != "keep" and wish.lines.matches for wish in read)
        conditional = conditional and not _ENDS.search(between)
        if named and not goes:
            kept |= named
            for_now = for_now or _FOR_NOW.search(clause) is not None
        elif other or not (says_nothing(clause) or _only_turns_down(clause)):
            rest.append((clause + between).strip())
    return LeftAlone(frozenset(kept), " ".join(each for each in rest if each), for_now) if kept else None


def _only_turns_down(clause: str) -> bool:
    down = turned_down(clause)
    return down is not None and down.alone


def _named(wish: LineRequest) -> bool:
    return all(
        any(reason.kind not in ("pronoun", "only", "everything") for reason in match.reasons)
        for match in wish.lines.matches
    )


def _partly(wish: LineRequest) -> bool:
    return (
        wish.kept_partly or wish.quantity is not None or any(match.quantity is not None for match in wish.lines.matches)
    )
