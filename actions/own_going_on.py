"""Questions that go on with the one before: "and the headset?", 耳机呢, "and for one of them?"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from actions.desk import Turn
from actions.own_options import read_option_question
from actions.resolver.goods_words import goods_words
from actions.resolver.own_questions import OwnQuestion, among, read_own_question

_BACK: Final = 4
"""So many messages before may be such questions themselves."""
_MOST: Final = 60
_NAMES_ONLY: Final = re.compile(
    r"^\W*(?:(?:and|or|so|then|ok|okay|what about|how about)\b\W*)*(?:for |with |without )?(?:the|my|one|both|all|just|only|two|either)\b"  # noqa: E501
    r"[^.?!]{0,50}\?\W*$"
    r"|^\W*(?:and|what about|how about)\b[^.?!]{2,50}\?\W*$"
    r"|^\W*(?:那|还有|那么|如果|要是)?[^，。？?]{1,16}呢\W*$",
    re.IGNORECASE,
)
_IF: Final = re.compile(
    r"^\W*(?:and|what about|how about|or|so)\b(?: what| how)?(?: about| if| for| with)?\b.{2,60}\W*$"
    r"|^\W*(?:那|如果|要是|还有|只).{1,30}(?:呢|退).{0,6}\W*$",
    re.IGNORECASE,
)
"""The same of what would come back: "and if I sent the scarf back?"."""
_DOES: Final = re.compile(
    r"\b(?:can|could|please|cancel\w*|chang\w*|swap\w*|exchang\w*|return\w*|send|make|want|need|when|where|why|how|is|are|do|does)\b"
    r"|取消|换|改|退|要|什么时候|怎么|能|可以",
    re.IGNORECASE,
)
_PIECES: Final = re.compile(
    r"\b(?:one|two|three|both|all|each|just|only|either|delivered|open|other|older|newer|first|second)\b|一|两|都|全部|只|其中|另",
    re.IGNORECASE,
)
_EVERY: Final = re.compile(r"\b(?:all|both|each)\b|都|全部", re.IGNORECASE)


def goes_on(turn: Turn, answered_with: str, *, gives_back: bool = False) -> OwnQuestion | None:
    """The question asked before once more, of other goods or another number; None where a message is none.

    `answered_with`: the response that such questions are answered with. `gives_back`: what giving goods back would
    bring was told last, however long ago the question was put that way.
    """
    text = turn.text
    if len(text) > _MOST or not _answered_just_now(turn, answered_with):
        return None
    if not (_NAMES_ONLY.search(text) and not _DOES.search(text)) and not (_IF.search(text) and _asks(text)):
        return None
    said = [str(each.get("text") or "") for each in turn.tracker.events if each.get("event") == "user"][:-1]
    for before in list(reversed(said))[:_BACK]:
        asked = read_own_question(before) or read_option_question(before)
        if asked is not None:
            return _once_more(asked, text)
        if not (_NAMES_ONLY.search(before) or _IF.search(before)):
            return None
    return _once_more(OwnQuestion("refund"), text) if gives_back else None


def _once_more(asked: OwnQuestion, text: str) -> OwnQuestion | None:
    if asked.what != "refund" and _DOES.search(text):
        return None
    said = text
    if asked.what == "options":
        rest = asked.text
        for word in goods_words(rest):
            rest = re.sub(re.escape(word) + r"(?:e?s)?", " ", rest, flags=re.IGNORECASE)
        said = f"{text} {rest}"
    several = _EVERY.search(text) is not None
    return replace(asked, among=among(text) or asked.among, text=said, several=several, continued=True)


def names_pieces(text: str) -> bool:
    """Whether a message that goes on with a question names other pieces of the same goods: "and for one of them?"."""
    return _PIECES.search(text) is not None


def _asks(text: str) -> bool:
    return text.rstrip().endswith(("?", "？", "呢"))


def _answered_just_now(turn: Turn, answered_with: str) -> bool:
    """Whether the reply before this message had such an answer, if a change's question came after it."""
    before = False
    for event in reversed(turn.tracker.events):
        if event.get("event") == "user":
            if before:
                return False
            before = True
        if before and (event.get("metadata") or {}).get("utter_action") == answered_with:
            return True
    return False


__all__ = ["goes_on", "names_pieces"]
