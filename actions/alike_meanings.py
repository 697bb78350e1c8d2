"""Meanings that are nearly one: a message torn between them is answered by what they have in common. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from actions.resolver.shop_questions import asks_of_shop, tells_own

ASKED_OF_RETURNS: Final = "ask_return_policy"
_RETURNS: Final = frozenset({"ask_return_policy", "ask_how_to_return", "return_in_store"})
_ABSENT: Final = frozenset({"report_not_received", "report_missing_item"})
_TOGETHER: Final = 0.8
"""So probable they have to be together."""
_BACK: Final = re.compile(r"\b(?:return\w*|sen[dt]|take[n]?|bring|brought|give[n]?)\b|退|换货", re.IGNORECASE)
_IN_STORE: Final = re.compile(r"\b(?:stores?|shops?|branch\w*|in person|counter)\b|店|柜", re.IGNORECASE)
_IN_GENERAL: Final = re.compile(r"\b(?:polic\w+|rules?|conditions?)\b|政策|规[则定]|条件|流程", re.IGNORECASE)
_WISHES: Final = re.compile(
    r"\b(?:i|we) (?:\w+ )?(?:sent|returned|took|brought|gave|shipped|posted|mailed)\b"
    r"|\b(?:i want|i need|i['’]d like|i would like|i wanna|please|pls)\b"
    r"|我[要想](?:要)?[退换]|我[已都]?经?退了|退了|进度|帮我|给我|申请了",
    re.IGNORECASE,
)
"""Something is to be done, or was done."""
_EMPTY: Final = re.compile(
    r"\b(?:box(?:es)?|parcels?|packages?|envelopes?|bags?|cartons?|packets?|packaging|it|they|one|both|all|arrived|came)\b"
    r"[^.?!,;]{0,20}\bempty\b|\bempty (?:box|parcel|package|envelope|bag|carton|packet|packaging|inside)"
    r"|^\W*(?:totally |completely )?empty\b"
    r"|\b(?:nothing|nowt) (?:was |is |at all )?(?:inside|in it|in there"
    r"|in the (?:box|parcel|package|envelope|bag|carton|packet))\b"
    r"|空[包盒箱袋]|(?:[盒箱包袋]子?|包裹|快递|里[面边头]?|打开|拆开)[^，。？]{0,6}空|^\W*(?:全?是?)?空的"
    r"|(?:[盒箱包袋]子?|包裹|打开|拆开|^\W*)(?:的)?[里內内]?[面边头]?(?:什么|啥|东西)?(?:都|也)?没(?:有)?(?:东西|货|\W*$)"
    r"|没有?东西",
    re.IGNORECASE,
)
"""A parcel came, with nothing in it."""
_ELSEWHERE: Final = re.compile(
    r"\b(?:mail ?box|letter ?box|post ?box|porch|lockers?|door\w*|lobby|hallway|front desk|tracking|page|app|site"
    r"|screen|inbox|cart|basket|account)\b|\bnever (?:came|arrived)\b"
    r"|柜|信箱|邮箱|门口|前台|驿站|楼下|物流|信息|页面|更新|购物车|一直没|没到|没收到",
    re.IGNORECASE,
)
"""It is not the parcel that is empty, or none came."""


def alike_meaning(text: str, ranked: Sequence[tuple[str, float]]) -> str | None:
    """The one intent that a message is answered by, whichever of its two likeliest it has; None where they differ.

    `ranked` are intents and their probabilities, the likeliest first.
    """
    first = ranked[:2]
    names = {name for name, _ in first}
    if len(first) < 2 or sum(probability for _, probability in first) < _TOGETHER:
        return None
    if names <= _RETURNS and _BACK.search(text) and not _IN_STORE.search(text):
        asks = (asks_of_shop(text) or _IN_GENERAL.search(text)) and not tells_own(text)
        return ASKED_OF_RETURNS if asks and not _WISHES.search(text) else None
    if names <= _ABSENT and _EMPTY.search(text) and not _ELSEWHERE.search(text):
        return "report_missing_item"
    return None


__all__ = ["ASKED_OF_RETURNS", "alike_meaning"]
