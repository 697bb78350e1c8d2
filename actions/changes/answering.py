"""Words that answer any question of the form: a button's in other words, a wish for a person, or for none of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from actions.changes.request import ChangeRequest

_FILLER_EN: Final = re.compile(
    r"\b(?:it|them|that|this|the|an?|please|pls|just|i'?d|i|would|like|want|to|you|can|could|me|my|then|ok|okay|for|one|s)\b|\W",
    re.IGNORECASE,
)
_FILLER_ZH: Final = re.compile(r"[请就那吧了的啊呀哦嗯呢我要想帮给您你]|一下|麻烦|\W")
_PERSON: Final = re.compile(
    r"\b(?:talk|speak|chat|transfer me|connect me|put me through|hand me over) (?:to|with) (?:an? |the |some ?)?"
    r"(?:real |live |human )*(?:human|person|agent|someone|somebody|representative|rep|operator|colleague|manager|being)\b"  # noqa: E501
    r"|\b(?:can|could|would|will|may) (?:an? |some ?)?(?:real |live |human )*(?:person|human|colleague) (?:please )?(?:have a look|take a look|look (?:at|into)|check)\b"  # noqa: E501
    r"|(?:让|叫|找)个?(?:人|真人|同事)来?(?:帮我)?(?:看一?下|看看|查一?下|查查|核实)"
    r"|\b(?:get|give) me (?:an? |the )?(?:real |live |human )*(?:human|person|agent|representative|manager)\b"
    r"|^\W*(?:agent|human|representative|operator|real person)(?: please| pls)?\W*$"
    r"|转(?:接)?(?:到)?人工|人工客服|^\W*人工\W*$|[找要换](?:个)?(?:真人|人工)",
    re.IGNORECASE,
)
_NO_PERSON: Final = re.compile(
    r"\b(?:no|not|don['’]?t|dont|without|rather not)\b[^.,;!?]{0,24}\b(?:human|person|agent|representative|colleague)\b"
    r"|(?:不用|不要|别|不想|先不|不必|不)(?:再|给我|帮我|想)?(?:转|找)(?:接)?(?:到)?(?:人工|真人)?",
    re.IGNORECASE,
)
_STARTS_OVER: Final = re.compile(
    r"\b(?:start (?:over|again|from scratch|afresh)|forget (?:it all|all (?:of )?(?:it|that)|everything|the whole thing))\b"  # noqa: E501
    r"|\b(?:cancel|stop|drop|forget|scrap) (?:the|this|that) (?:\w+ )?(?:thing|stuff|request|form)\b"
    r"|重新(?:来|开始)|从头(?:来|开始)|都不[要弄办]了",
    re.IGNORECASE,
)
_POSITION: Final = re.compile(r"(?:no\.?|number|#|第)?\s*(\d{1,2})\s*(?:个|件|单|\.|\))?")
"""The number of a button, as it is typed."""
_LISTED: Final = frozenset({"order", "line", "target", "address", "reason", "refund", "payment"})
"""Choices out of a list, which a number picks; what else there is to press stands behind them."""


def pressed_by_words(request: ChangeRequest, text: str) -> str | None:
    """The choice of the button whose words, or whose number on the screen, were typed instead of pressing it."""
    buttons = request.question.get("buttons") or []
    typed = text.strip().strip(".!。！\"“”'").casefold()
    position = _POSITION.fullmatch(typed)
    # At an offer a number counts pieces: the goods are shown, and the buttons are yes and no.
    listed = request.question.get("slot") != "confirmation"
    for number, button in enumerate(buttons, start=1):
        payload = str(button["payload"]).removeprefix("/provide_details")
        named = typed == str(button["title"]).casefold() or near(typed, str(button["title"]))
        if not payload.startswith("{"):
            continue
        choice = str(json.loads(payload)["choice"])
        counted = number <= len(request.shown) or choice.partition("=")[0] in _LISTED
        # Of versions in numbers, "8" is the one called so.
        listed = listed and not (choice.startswith("target=") and position and _says(position[1], buttons))
        if named or (listed and counted and position is not None and int(position[1]) == number):
            return choice
    return None


def _says(number: str, buttons: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a number stands in the words of a button."""
    return any(re.search(rf"(?<![\d.,]){number}(?![\d.,]*\d)", str(button["title"])) for button in buttons)


def near(typed: str, title: str) -> bool:
    """Whether typed words are a button's but for fillers: "send again" of "Send it again", 请快递查一下."""
    for filler in (_FILLER_EN, _FILLER_ZH):
        left, wanted = (filler.sub("", each.casefold()) for each in (typed, title))
        if left and left == wanted:
            return True
    return False


def wants_person(text: str) -> bool:
    """Whether a person is asked for, whatever else is said."""
    return _PERSON.search(text) is not None and not wants_no_person(text)


def wants_no_person(text: str) -> bool:
    """Whether a person is not wanted: 不用转人工."""
    return _NO_PERSON.search(text) is not None


def starts_over(text: str) -> bool:
    """Whether all of what is open is to be forgotten."""
    return _STARTS_OVER.search(text) is not None
