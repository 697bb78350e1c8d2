"""Goods that are named first, and what is wanted of them in the clause behind: "the two mugs from today, cancel one of them".

A message is divided there where neither part says it all: the first one only names its goods, the second only points.
"""  # noqa: E501

from __future__ import annotations

import re
from typing import Final

from actions.changes.plainly import plain_kind
from actions.desk import Turn

_TOPIC: Final = re.compile(
    r"(?:[\w' ]{0,24}[.!?]\s*)?\W*(?:(?:and|also|ok|okay|oh|so|then|now|about|regarding|as for|for)\W+)*"
    r"(?P<topic>(?:the|my|those|these|both(?: of)? (?:the|my)) [\w'’ -]{3,80})\W*",
    re.IGNORECASE,
)
"""A sentence that only names something, after a courtesy at most."""
_NO_GOODS: Final = re.compile(
    r"\b(?:wrapping|account|newsletter|subscription|appointment|pick-?up|collection|reservation|insurance|note|delivery"
    r"|shipping|membership|e-?mails?|messages?|profile|address)\b",
    re.IGNORECASE,
)
_VERBS: Final = re.compile(
    r"\b(?:cancel\w*|return\w*|send\w*|sent|swap\w*|chang\w*|exchang\w*|switch\w*|replac\w*|want\w*|need\w*|like[sd]?|make"
    r"|have|has|had|is|are|was|were|do|does|did|can|could|would|will|should|get|got|came|comes?|arriv\w+|order(?:ed|ing)"
    r"|keep\w*|kept|stay\w*|leave\w*|bought|fits?|broke\w*|please|pls|isn['’]t|aren['’]t|don['’]t|too|not|no|go(?:es)?)\b",
    re.IGNORECASE,
)
"""Something is said of what is named."""
_WISH: Final = re.compile(
    r"\s*[,:;–—-]+\s*(?P<wish>(?:(?:can|could|would|will) (?:you|i|we) |please |pls |i['’]d (?:rather |like to )|i want to"  # noqa: E501
    r" |i would like to |just )*(?P<verb>cancel|call off|return|send back|send)"
    r" (?:just |only )*(?:(?P<count>one|two|three|[123]|both|all)(?: of (?:them|those|these))?|them|those|these|it)"
    r"(?: back)?(?: (?:please|pls|for me|only|then))*)\s*(?:[.!?;]|$)",
    re.IGNORECASE,
)
"""What is done with it, by words that only point, up to the end of the sentence."""


def wish_of_topic(turn: Turn) -> tuple[str, str] | None:
    """The kind of change that a clause wants of the goods that stand before it, and both in one, the verb first.

    None where no clause does.
    """
    whole = turn.metadata.get("whole")
    told = str(whole.get("text") or "") if isinstance(whole, dict) else ""
    said = str(turn.message.get("text") or "")
    if turn.pressed or not said:
        return None
    if (place := told.find(said)) >= 0 and (found := wish_of_topic_in(said, told[place + len(said) :])) is not None:
        return found
    apart = re.search(r"(?<=\w)\s*[,:;–—]\s", said)
    return wish_of_topic_in(said[: apart.start()], said[apart.start() :], alone=True) if apart is not None else None


def wish_of_topic_in(said: str, behind: str, *, alone: bool = False) -> tuple[str, str] | None:
    """The same of what was said, and what stands `behind` it in the message; `alone`: nothing else may stand there."""
    topic = _TOPIC.fullmatch(said)
    if topic is None or _VERBS.search(topic["topic"]) or _NO_GOODS.search(topic["topic"]):
        return None
    wished = _WISH.match(behind) or _WISH.match(f",{behind}")
    kind = plain_kind(wished["wish"]) if wished is not None else None
    if wished is None or kind not in ("cancel", "return") or (alone and re.search(r"\w", behind[wished.end() :])):
        return None
    verb, count = wished["verb"], (wished["count"] or "").casefold()
    verb = "send back" if verb.casefold() == "send" else verb
    of = f"{count} of " if count not in ("", "both", "all") else ""
    return kind, f"{verb} {of}{topic['topic'].strip()}"


__all__ = ["wish_of_topic", "wish_of_topic_in"]
