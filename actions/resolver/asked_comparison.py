"""A comparison that is only asked after, before another is wanted: "which of my kettles is bigger? Return the smaller one".

The kettles are what is spoken of; that one is bigger chooses none of them. Pure.
"""  # noqa: E501

from __future__ import annotations

import re
from typing import Final

_DEGREE: Final = (
    r"(?:(?:more|most|less|least) \w+|bigg(?:er|est)|small(?:er|est)|larg(?:er|est)|cheap(?:er|est)|dear(?:er|est)"
    r"|pric(?:ier|iest)|old(?:er|est)|new(?:er|est)|long(?:er|est)|short(?:er|est)|heav(?:ier|iest)|light(?:er|est)"
    r"|tall(?:er|est)|wid(?:er|est)|thick(?:er|est)|thinn?(?:er|est)|fast(?:er|est)|slow(?:er|est)|bright(?:er|est)"
    r"|strong(?:er|est)|weak(?:er|est)|cost(?:s)? (?:more|less|most|least))"
)
_ASKED: Final = re.compile(
    rf"\b(?:which|what)(?: (?:one|ones))?(?: of)? (?P<goods>[^.?!;,]{{0,60}}?)\s*(?:\b(?:is|are|was|were|has|have|did|do|does)\b|['’]s)?"  # noqa: E501
    rf"\s*(?:i \w+ )?(?:the )?{_DEGREE}(?P<rest>[^.?!;,]{{0,60}})(?P<end>[.?!;,]+\s*|\s+and\s+)(?=\S)",
    re.IGNORECASE,
)
_ASKED_HAN: Final = re.compile(
    r"(?P<goods>[^，。！？,!?；;]{1,16}?)(?:里面?|当中|中)?(?:哪|那)(?:一)?[个件台块条双只套把张副盏支本部辆款](?:更|最|比较|要)?"
    r"(?:大|小|贵|便宜|长|短|重|轻|新|旧|早|晚|高|低|厚|薄|亮)(?:一?[点些])?(?:呢|呀|啊)?[，。！？,!?；;\s]+(?=\S)"
)
_COMPARES_HAN: Final = re.compile(r"[大小贵长短重轻新旧早晚高低厚薄亮]|便宜")
_COMPARES: Final = re.compile(rf"\b{_DEGREE}\b|\bother\b", re.IGNORECASE)


def without_asked_comparison(text: str) -> str:
    """`text` with no more of such a question than what it compares, where another comparison follows it."""
    asked = _ASKED.search(text)
    if asked is not None and asked["goods"].strip() and _COMPARES.search(text, asked.end()):
        return f"{text[: asked.start()]}{asked['goods'].strip()}, {text[asked.end() :]}"
    asked = _ASKED_HAN.search(text)
    if asked is not None and asked["goods"].strip() and _COMPARES_HAN.search(text, asked.end()):
        return f"{text[: asked.start()]}{asked['goods'].strip()}，{text[asked.end() :]}"
    return text


__all__ = ["without_asked_comparison"]
