"""What is to change named behind its verb, put the plain way round: 换的是行李箱，蓝色的, "it's the lamp I want changed". Pure."""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_STOP: Final = "，。；！？,;!?"
_HAN: Final = re.compile(
    rf"(?:^|(?<=[{_STOP}\s]))(?P<lead>(?:我?(?:是)?(?:要|想要?|需要|说)|是)?(?P<verb>换|改|退|取消)的是)"
    rf"(?P<thing>[^{_STOP}\s什哪谁]{{1,12}})(?P<comma>[，,]\s*(?=(?![^{_STOP}]*(?:不动|照旧|不变|留着|不用))[^{_STOP}换改退取消呢吗]{{1,24}}(?:[{_STOP}]|$)))?"
)
_HAN_ONLY: Final = re.compile(
    rf"(?:^|(?<=[{_STOP}\s]))(?P<lead>(?:那|我)?(?:就|只|仅|光)(?:要|想|需要)?)(?P<verb>换|改)(?P<thing>[^{_STOP}\s成为到给的掉]{{1,10}}?)"
    rf"(?P<tail>[吧了啊就行可以]*)(?=[{_STOP}]|$)"
)
"""只换水壶, behind another thing that stays: the bottle changes, and nothing becomes a bottle."""
_ENGLISH: Final = re.compile(
    r"\b(?:it['’]?s|it is) (?P<thing>(?:the|my) (?:[\w-]+ ){1,3}?)(?:that |which )?"
    r"(?:i|we)(?:['’]d like| want| wanted| need)(?: to)? "
    r"(?:have )?(?P<verb>change|swap|return|cancel|exchange)(?:d|ped|ed|led)?\b(?P<comma>,? (?:to|into|for) )?",
    re.IGNORECASE,
)


def put_plainly(text: str, names: Callable[[str], bool]) -> str:
    """`text`, of the same length, with the verb at the thing where `names` says that the thing is one of the goods."""

    def han(said: re.Match[str]) -> str:
        if not names(said["thing"]):
            return said[0]
        becomes = said["comma"] and said["verb"] in "换改"
        plain = f"{said['thing']}{said['verb']}" + ("成" if becomes else said["comma"] or "")
        return plain.rjust(len(said[0]))

    def only(said: re.Match[str]) -> str:
        return f"{said['thing']}{said['verb']}{said['tail']}".rjust(len(said[0])) if names(said["thing"]) else said[0]

    def english(said: re.Match[str]) -> str:
        if not names(said["thing"]):
            return said[0]
        tail = " to " if said["comma"] else ""
        return f"{said['verb']} {said['thing'].strip()}{tail}".rjust(len(said[0]))

    return _ENGLISH.sub(english, _HAN_ONLY.sub(only, _HAN.sub(han, text)))


__all__ = ["put_plainly"]
