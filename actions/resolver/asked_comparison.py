"""A comparison that is only asked after, before something is wanted: "which kettle is bigger? Return the smaller one".

The kettles are what is spoken of; that one is bigger chooses none of them, unless what is wanted points at it: "which
has more memory? Keep that one and cancel the other". Pure.
"""

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
    rf"\b(?:which|what)(?: (?:one|ones))?(?: of)? (?P<goods>[^.?!;,]{{0,60}}?)\s*(?:\b(?P<verb>is|are|was|were|has|have|did|do|does)\b|['’]s)?"  # noqa: E501
    rf"\s*(?:i \w+ )?(?:the )?(?P<degree>{_DEGREE})(?P<rest>[^.?!;,]{{0,60}})(?P<end>[.?!;,]+\s*|\s+and\s+)(?=\S)",
    re.IGNORECASE,
)
_ASKED_HAN: Final = re.compile(
    r"(?P<goods>[^，。！？,!?；;]{1,16}?)(?:里面?|当中|中)?(?:哪|那)(?:一)?(?P<piece>[个件台块条双只套把张副盏支本部辆款])"
    r"(?P<what>[^，。！？,!?；;]{0,6}?)(?:更|最|比较|要)?(?P<degree>大|小|贵|便宜|长|短|重|轻|新|旧|早|晚|高|低|厚|薄|亮|多|少)"
    r"(?:一?[点些])?(?:呢|呀|啊)?[，。！？,!?；;\s]+(?=\S)"
)
_COMPARES_HAN: Final = re.compile(r"[大小贵长短重轻新旧早晚高低厚薄亮多少]|便宜")
_COMPARES: Final = re.compile(rf"\b{_DEGREE}\b", re.IGNORECASE)
_POINTS: Final = re.compile(r"\b(?:that one|this one|that|it)\b", re.IGNORECASE)
_POINTS_HAN: Final = re.compile(r"(?:那|这|它|那一|这一)[个件台块条双只套把张副盏支本部辆款]|它")
_KEEPS: Final = re.compile(r"\bkeep(?:ing)?\b|留", re.IGNORECASE)


def without_asked_comparison(text: str) -> str:
    """`text` with no more of such a question than what it compares, and with the answer's name where it is pointed at."""  # noqa: E501
    asked = _ASKED.search(text)
    if asked is not None and asked["goods"].strip():
        behind, goods = text[asked.end() :], asked["goods"].strip()
        if _COMPARES.search(behind):
            return f"{text[: asked.start()]}{goods}, {behind}"
        if _KEEPS.search(behind) and _POINTS.search(behind):
            return f"{text[: asked.start()]}{goods}, {_POINTS.sub(_named(asked), behind, count=1)}"
        return text
    asked = _ASKED_HAN.search(text)
    if asked is None or not asked["goods"].strip():
        return text
    behind, goods = text[asked.end() :], asked["goods"].strip()
    if _COMPARES_HAN.search(behind):
        return f"{text[: asked.start()]}{goods}，{behind}"
    if _KEEPS.search(behind) and _POINTS_HAN.search(behind):
        named = f"{asked['what']}{asked['degree']}的那{asked['piece']}"
        return f"{text[: asked.start()]}{goods}，{_POINTS_HAN.sub(named, behind, count=1)}"
    return text


def _named(asked: re.Match[str]) -> str:
    """What the answer to the question is called: "the one with more memory", "the bigger one"."""
    degree = asked["degree"].lower()
    if (asked["verb"] or "").lower() in ("has", "have"):
        return f"the one with {degree}{asked['rest'].rstrip()}"
    if degree.startswith("cost"):
        return "the pricier one" if degree.endswith(("more", "most")) else "the cheaper one"
    return f"the {degree} one"


__all__ = ["without_asked_comparison"]
