"""Words that ask for a moment: "wait", "let me think", 等一下, 我想想. They agree to nothing. Pure."""

from __future__ import annotations

import re
from typing import Final

_MOMENT: Final = (
    r"(?:please |just ){0,2}(?:wait(?: up)?|hold (?:on|it|off|up)|hang on|(?:give|gimme) me|one|just|a|half a"
    r"|not yet|not now|later"
    r"|let me (?:think|see|check|have a look|ask|look|read)(?: about (?:it|that)| it over| (?:it|that) through)?"
    r"|i(?:['’]ll| will| need to| have to| want to|['’]d like to| must)? (?:need to )?"
    r"(?:think|check|ask|see|look)(?: about (?:it|that)| it over)?"
    r"|(?:a )?(?:moment|minute|min|sec(?:ond)?|bit)s?|for)"
)
_EN: Final = re.compile(
    r"^\W{0,4}(?:(?:ok(?:ay)?|oh|no|yes|yeah|um+|hmm+|er+|please|pls|sorry|well|actually|thanks?)\W{1,4}){0,3}"
    rf"{_MOMENT}(?:\W{{1,4}}(?:{_MOMENT}|please|pls|thanks?|first|(?:with )?my \w+|a (?:bit|while)|until \w+)){{0,6}}"
    r"\W{0,4}$",
    re.IGNORECASE,
)
_HAN: Final = re.compile(
    r"^(?![\W_]*我?不(?:想|用|要)?再?等(?!等|一下|下))[\W_]{0,4}(?:(?:好的?|行|哦|嗯|那|呃|额|诶|哎|不|我|你|您|先|再|请|麻烦|让我|容我|给我)[\W_]{0,2}){0,5}"
    r"(?:稍?等(?:一?[等下会])?儿?|等我(?![^，。！？]*(?:取消|退|再?[发送寄]))[^，。！？]{0,6}|慢着|慢点|别急|别着急|稍候|稍后|缓一?缓"
    r"|再?(?:想一?想|考虑(?:一?下|考虑)?|看一?看|看一?下|问一?问|问一?下|商量(?:一?下|商量)?|比较一?下|琢磨琢磨))"
    r"(?:先|再说|吧|啊|呀|哈|哦|了|一?下|谢谢|回头|晚点|再|说|告诉你|回复你|[\W_]){0,6}$"
)
_CORE: Final = re.compile(
    r"\b(?:wait|hold|hang|moment|minute|min|secs?|seconds?|think|check|see|ask|look|not (?:yet|now)|later|a bit)\b",
    re.IGNORECASE,
)
_OPENS: Final = re.compile(
    r"^\W{0,4}(?:(?:ok(?:ay)?|oh|no|um+|hmm+|er+|sorry)\W{1,4}){0,3}"
    r"(?:wait|hold on|hang on|just a (?:moment|minute|sec(?:ond)?)|let me (?:think|check|see|ask)|not yet)\b"
    r"|^[\W_]{0,4}(?:好的?|哦|嗯|诶|哎|不)?[\W_]{0,4}"
    r"(?:先?等(?:等|一下|下|一等|会)|稍等|慢着|先别|我?(?:再)?(?:想想|考虑))",
    re.IGNORECASE,
)


def takes_time(text: str) -> bool:
    """Whether a message does nothing but ask for a moment, or to think it over."""
    if _HAN.fullmatch(text) is not None:
        return True
    return _CORE.search(text) is not None and _EN.fullmatch(text) is not None


def opens_with_waiting(text: str) -> bool:
    """Whether a message begins by asking for a moment, whatever comes then."""
    return _OPENS.match(text) is not None or takes_time(text)


__all__ = ["opens_with_waiting", "takes_time"]
