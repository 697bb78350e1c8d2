"""Which order words mean, beside what the resolver reads: what something becomes, where an order goes, what is unknown.

What a thing is to become describes no order: "the sunglasses to silver" is not the order with the silver ones. Pure
functions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from actions.resolver.reading import Element

_BECOMES: Final = re.compile(
    r"\s+(?:(?:should|must|shall|needs? to|has to|have to|could|can|to) (?:be|become)|become|to|into"
    r"|for (?:an?|some|one|ones|the same)\b|with (?:an?|one)\b)\s+"
    r"(?!(?:go|come|get|be sent|send|deliver|ship|my|our|the order|order|home|work|change|swap|exchange|cancel|return"
    r"|have|see|know|keep|switch|replace)\b)[^,.;!?\n]*?"
    r"(?=\s+(?:in|from|of|on) (?:today|yesterday|my|the|that|this|last)\b[^,.;!?\n]*"
    r"\b(?:order|one|delivery)\b"
    r"|\s+and\s+(?:the|my|also|cancel|return)\b|[,.;!?\n]|$)"
    r"|(?<=\s)in\s+(?!(?:the|my|that|this|those|today|yesterday|it|there|order|place|return)\b)"
    r"(?![^,.;!?\n]*\s(?:for|to|into|instead)\s)[^,.;!?\n]*"
    r"|(?:换成|改成|换为|改为|变成|换(?=[成一个]?[^，。；！？\s货]{0,3}(?:色|码|号|的))"
    r"|改(?=[^，。；！？\s地]{0,3}(?:色|码|号|的)))[^，。；,;！!？?\n]*",
    re.IGNORECASE,
)


def without_becoming(text: str) -> str:
    """`text` with blanks for what things are to become: "the boots to size 10", 恒温器换成黑色."""
    return _BECOMES.sub(lambda said: " " * len(said[0]), text)


def before_becoming(text: str) -> str:
    """What stands before the first that something is to become: what stands behind it may tell of that too."""
    said = _BECOMES.search(text)
    return text if said is None else text[: said.start()]


def becoming(text: str) -> str:
    """What things are to become; empty where nothing says it."""
    return " ".join(said[0].strip() for said in _BECOMES.finditer(text))


def goes_to(city: str, text: str) -> bool:
    """Whether `text` tells an order by the city that it goes to: "the one delivered to York", "the York order"."""
    name = re.escape(city)
    if not city.isascii():
        return city in text
    said = rf"\b(?:to|in|for|at)\s+{name}\b|\b{name}\s+(?:orders?|ones?|delivery|parcel)\b"
    return re.search(said, text, re.IGNORECASE) is not None


_NO_GOODS: Final = frozenset(
    [
        "order",
        "orders",
        "purchase",
        "booking",
        "delivery",
        "shipment",
        "parcel",
        "package",
        "transaction",
        "basket",
        "cart",
        "request",
        "subscription",
        "lot",
        "bit",
        "thing",
        "things",
        "stuff",
        "payment",
        "refund",
        "whole",
        "damn",
        "bloody",
        "remaining",
        "previous",
        "current",
    ]
)
"""Words behind "cancel the" that name no goods."""
_BEFORE_OBJECT: Final = frozenset({"the", "my", "that", "those", "these", "this"})


def unknown_object(elements: Sequence[Element]) -> str:
    """The word for what is to be called off, where it names nothing that is known: "cancel the gizmo"; else empty."""
    for place, element in enumerate(elements[:-2]):
        if element.roles.get("wish") != "cancel" or not element.words.isascii():
            continue
        determiner, named = elements[place + 1 : place + 3]
        if determiner.words.lower() in _BEFORE_OBJECT and named.kind == "unknown" and len(named.words) > 2:
            return "" if named.words.lower() in _NO_GOODS else named.words
    return ""


_BARE_AMOUNT: Final = re.compile(r"(?<![\w.,$£€¥￥-])(?=\d+\.\d{2}(?![\d.]))")


def with_currency(text: str, currency: str) -> str:
    """`text` with the currency before amounts that are said without one: "the order that was 48.20"."""
    return _BARE_AMOUNT.sub(f"{currency} ", text)
