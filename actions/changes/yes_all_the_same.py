"""A yes behind a moment's doubt, or beside what stays as it is: "no wait, ok do it", 就要这个，电脑不动，确认."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from actions.changes.agreeing import agreement
from actions.changes.plain_yes import is_yes
from actions.resolver import LineCandidate, Wish, resolve_lines

_DOUBT: Final = re.compile(
    r"^\W*(?:(?:no+|nope|nah|hm+|oh|ah|wait|hold on|hang on|actually|sorry|well|not that|等等|等一下|等下|等会儿?|不对|哦|噢|啊)\W+)+",  # noqa: E501
    re.IGNORECASE,
)
_SURE: Final = re.compile(
    r"\b(?:yes|yeah|yep|do it|do that|go (?:on|ahead|for it)|confirm(?:ed)?|proceed)\b|确认|办吧|办理|可以|就这样",
    re.IGNORECASE,
)
_KEPT: Final = re.compile(
    r"(?:(?<=[，,。;；!！\s])|^)(?P<zh>[^，,。;；!！\s]{1,10}?)(?:就|都|先|也)*(?:不动|不变|不用动|不用换|照旧"
    r"|保持不变|保留|留着)(?:了|吧)?(?=[，,。;；!！\s]|$)"
    r"|(?:(?<=[,.;!])|^)\s*(?:and |but )?(?:the|my) (?P<en>[a-z][a-z -]{1,30}?) (?:stays?|remains?)(?: (?:as (?:it|they) (?:is|are)|there|put|unchanged))?(?=\s*[,.;!]|\s*$)"  # noqa: E501
    r"|(?:(?<=[,.;!])|^)\s*(?:and |but )?(?:leave|keep) (?:the|my) (?P<kept>[a-z][a-z -]{1,30}?)(?: (?:as (?:it|they) (?:is|are)|alone|unchanged))?(?=\s*[,.;!]|\s*$)",  # noqa: E501
    re.IGNORECASE,
)


_ENDS_BESIDE: Final = r"(?=[\s，,。.;；!！~]|$)"
_MISBOUGHT: Final = re.compile(
    r"(?:(?<=[\s，,。;；!！])|^)(?:我|因为|是|都|之前)*(?:买|拍|下|订|选|点)(?:错|重复?|多)了?(?:尺码|码|号|颜色"
    r"|款式?|型号|单)?了?"
    rf"{_ENDS_BESIDE}"
    r"|\b(?:(?:because|cos|since|as|sorry) )?(?:i|we)(?: have|['’]ve)?(?: just| accidentally| mistakenly)*"
    r" (?:ordered|bought|got|picked|chose) (?:the wrong (?:size|colou?r|one|model|type)|(?:it |them )?(?:twice"
    r"|by (?:mistake|accident)))"
    rf"{_ENDS_BESIDE}",
    re.IGNORECASE,
)
"""Why it is wanted otherwise."""
_UNWANTED: Final = re.compile(
    r"(?:(?<=[\s，,。;；!！])|^)(?:我|因为|都)*(?:不(?:想|需)?要了|不需要了|用不着了|用不上了?)"
    rf"{_ENDS_BESIDE}"
    r"|\b(?:(?:because|cos|since|as) )?(?:i|we) (?:do ?n['’]?o?t|no longer) (?:need|want) (?:it|them|this"
    r"|that)(?: any ?more| now)?"
    rf"{_ENDS_BESIDE}",
    re.IGNORECASE,
)
"""Why it is to go: of goods that become others it may take the wish back."""
_GO_AGAIN: Final[Mapping[Wish, re.Pattern[str]]] = {
    "cancel": re.compile(
        rf"(?:(?<=[\s，,。;；!！])|^)(?P<all>全部?|都|整单)?取消(?:掉|了)?吧?{_ENDS_BESIDE}"
        rf"|\bcancel (?:it|them|that|(?P<whole>all(?: of (?:it|them))?|everything)){_ENDS_BESIDE}",
        re.IGNORECASE,
    ),
    "return": re.compile(
        rf"(?:(?<=[\s，,。;；!！])|^)(?P<all>全部?|都|整单)?退(?:货|掉)?了?吧?{_ENDS_BESIDE}"
        rf"|\b(?:return|send back) (?:it|them|that|(?P<whole>all(?: of (?:it|them))?|everything)){_ENDS_BESIDE}",
        re.IGNORECASE,
    ),
}
_SAME_PRICE: Final = re.compile(
    r"(?:(?<=[\s，,。;；!！])|^)(?:既然|如果|要是|只要)?(?:(?:价格|价钱)(?:也|都|是|还是)?(?:一样|不变|没变|相同)"
    r"|不(?:用|要)?[加补](?:钱|差价))(?:的话)?"
    rf"(?:(?:那?就|的?那?就)(?P<does>换|改|办|要)?(?:这个)?(?:吧|了)?)?{_ENDS_BESIDE}"
    r"|\b(?:if|as long as|since|as) (?:the price is|it(?:['’]?s| is| costs| stays))(?: really| still"
    r"| exactly)* the same(?: price)?\b(?:,? then)?",
    re.IGNORECASE,
)
"""A condition that what was just told fulfils."""


def without_beside(text: str, wish: Wish | None, *, whole: bool, same_price: bool) -> str:
    """`text` without what says nothing new beside a yes: why, the wish once more, a condition that holds.

    `whole`: all of the order is offered to go, so that "all of it" says no more. `same_price`: what is offered costs
    the same as what was bought.
    """
    left = _MISBOUGHT.sub(", ", text)
    again = _GO_AGAIN.get(wish) if wish is not None else None
    if again is not None:
        left = _UNWANTED.sub(", ", left)
        left = again.sub(lambda said: ", " if whole or not (said["all"] or said["whole"]) else said.group(), left)
    if same_price:
        left = _SAME_PRICE.sub(lambda said: "确认, " if said["does"] else ", ", left)
    return left


def speaks_of_same_price(text: str) -> bool:
    """Whether `text` agrees for the case that the price is the same."""
    return _SAME_PRICE.search(text) is not None


def without_doubt(text: str) -> str:
    """`text` without a doubt in front that a plain yes takes back: "no wait"; as it is where none follows."""
    doubt = _DOUBT.match(text)
    if doubt is None:
        return text
    rest = text[doubt.end() :]
    head = re.split(r"[.!;。！；]", rest, maxsplit=1)[0]
    return rest if _SURE.search(head) and (is_yes(rest) or is_yes(head) or agreement(rest) is not None) else text


def says_yes_all_the_same(text: str) -> bool:
    """Whether `text` reads as a yes once doubt, and whatever is said to stay, is left out."""
    return is_yes(_KEPT.sub(" ", without_doubt(text)))


def agrees_all_the_same(text: str, lines: Sequence[LineCandidate], meant: Sequence[str], *, today: date) -> bool:
    """Whether `text` is a yes once doubt is left out, and what is said to stay: none of the lines that are `meant`."""
    said = without_doubt(text)
    kept = [next(filter(None, found.groups()), "") for found in _KEPT.finditer(said)]
    if said == text and not kept:
        return False
    named = {match.candidate.key for words in kept for match in resolve_lines(words, lines, today=today).matches}
    return not named & set(meant) and is_yes(_KEPT.sub(" ", said))


__all__ = [
    "agrees_all_the_same",
    "says_yes_all_the_same",
    "speaks_of_same_price",
    "without_beside",
    "without_doubt",
]
