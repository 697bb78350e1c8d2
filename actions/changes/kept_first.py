"""What stays is said first and what goes after it: "keep the one with the lamp. Cancel the other".

Both are one request, whose second half alone would not say which one goes.
"""

from __future__ import annotations

import re
from typing import Final

from actions.desk import Turn, last_words

_KEEPS: Final = re.compile(
    r"(?:\b(?:keep|hold on to|stay with)(?:ing)? (?:the|my|only|just|that|those)\b[^;!?]*"
    r"|(?:留着|留下|保留)[^，。；！？,;]{2,}|[^，。；！？,;]{2,40}(?:留着|留下|保留))\W*$",
    re.IGNORECASE,
)
_OTHER_WISH: Final = re.compile(
    r"\b(?:cancel|return|send|swap|change|exchange|refund|replace|remove|drop|get rid)\b|取消|退|换|改|不要|删",
    re.IGNORECASE,
)
_OTHER_GOES: Final = re.compile(
    r"^\W*(?:(?:and|then|please|so|i|want|to|can|you|but|just)\W+)*"
    r"(?:cancel|return|send back|give back|get rid of|drop|remove|refund|take back)\s+(?:the |all the |both )?"
    r"(?:other(?:s| one| ones| pair| \w+)?|rest)(?: back)?(?: please| then)?\W*$"
    r"|^\W*(?:把|那)?(?:另外?(?:那|一|的)?[^，。；！？,;]{0,4}|其[他它余]的?|剩下的?|别的)(?:都|全部?|就|给我|帮我)*(?:取消|退掉?|不要)[了吧]*\W*$"
    r"|^\W*(?:取消|退掉?|不要)(?:另外?(?:那|一)[^，。；！？,;]{0,4}|其[他它余]的?)[了吧]*\W*$",
    re.IGNORECASE,
)


def only_keeps(text: str) -> bool:
    """Whether words say what stays, and nothing of what goes."""
    return _KEEPS.search(text) is not None and _OTHER_WISH.search(text) is None


def with_what_stays(turn: Turn) -> str:
    """The words that begin a request; with those just before them where these told what stays, and the other goes."""
    before = last_words(turn)
    if turn.pressed or not _OTHER_GOES.match(turn.text) or not only_keeps(before):
        return turn.text
    return f"{before.strip().rstrip('.,;!。，；！')}, {turn.text.strip()}"
