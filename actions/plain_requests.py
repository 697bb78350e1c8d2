"""A change of an order that is asked for outright, whatever the model took the message for.

"Send back the scarf from order 4711" names an order and says with its first verb what shall be done with it: that is
neither a question where the order is, nor a comparison, nor a search.
"""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.executor import CollectingDispatcher

from actions.changes.plainly import plain_kind, plainly_asked
from actions.changes.queueing import asks_for_money
from actions.changes.topic_first import wish_of_topic
from actions.desk import Desk, Event, Turn
from actions.resolver import order_words
from actions.resolver.asked_comparison import without_asked_comparison

_MISTAKEN: Final = frozenset(
    {
        "track_order", "track_another", "list_orders", "ask_order_details", "compare_products", "ask_availability",
        "ask_size_advice", "search_products", "ask_product_facts", "change_recipient", "place_order", "provide_details",
        "tell_background", "praise",
    }
)  # fmt: skip
"""What such requests are mistaken for."""
_BEFORE_HAN: Final = (
    r"你好|您好|请|麻烦|帮我|帮忙|帮|给我|我想|我要|我还要|我|想要|想|要|需要"
    r"|能不能|可不可以|可以|能|还有|另外|再|就|先"
)
_DEMANDS: Final = re.compile(
    r"(?:^|[.!;]\s*|,\s*)(?:(?:hi|hey|hello|and|also|so|ok|okay|please|pls|then|now|just|i|we|you|['’]d|would|could|can"
    r"|like|want|wanna|need|still|to|have|get|do|help|me|kindly|d)\W+)*"
    r"(?:return|send|exchange|swap|switch|change|cancel|call off|take|give)\b"
    rf"|(?:^|[，。！,.!;；～~]\s*)(?:(?:{_BEFORE_HAN})[，, ]*)*(?:把|将|给|退|取消|换|#?[A-Z]{{0,3}}-?\d)",
    re.IGNORECASE,
)
_DONE: Final = re.compile(
    r"已经?(?:被)?(?:取消|退|换)|(?:取消|退货|退款|退掉|换货)(?:了(?!吧|我)|过|成功|失败)|被取消"
    r"|\b(?:already|(?:has|have|had) been|was (?:cancell?ed|returned|exchanged))\b",
    re.IGNORECASE,
)
"""It happened already: told, and not asked for."""
_LAST: Final = re.compile(r"[.!?;,。！？；，]\s*(?P<last>[^.!?;,。！？；，]*\w[^.!?;,。！？；，]*)[\s.!?。！？]*\Z")
"""The last clause of a message."""


def demands(text: str) -> bool:
    """Whether words want something done, with its verb at their beginning, that was not done already."""
    return _DEMANDS.search(text) is not None and _DONE.search(text) is None


def is_plain_request(turn: Turn) -> bool:
    """Whether a message names an order and demands, with one plain verb, that something is done with it."""
    named = bool(turn.order_numbers or order_words(turn.text))
    return named and plain_kind(turn.text) is not None and demands(turn.text)


def wanted_by_comparison(turn: Turn) -> tuple[str, str] | None:
    """The kind of change that is wanted behind a comparison that is asked after, and the message without that question.

    "Which of my mugs is bigger? Return the smaller one" compares no product with another. None where none is wanted.
    """
    text = without_asked_comparison(turn.text) if turn.intent in _MISTAKEN else turn.text
    kind = plain_kind(text) if text != turn.text and demands(text) else None
    return (kind, text) if kind in ("return", "exchange", "cancel") else None


def wanted_beside_its_money(text: str) -> tuple[str, str] | None:
    """The kind of change that is plainly wanted before it is asked what comes back, and the message without that.

    "I want to send back the lamp. How much would that be?" is answered by what is proposed. None where it is no such.
    """
    behind = _LAST.search(text)
    if behind is None or not asks_for_money(behind["last"]):
        return None
    wish = text[: behind.start("last")].strip(" ,，")
    if wish.endswith(("?", "？")) or not demands(wish):
        return None
    kind = plain_kind(wish)
    return (kind, wish) if kind in ("return", "exchange", "cancel") else None


def wanted_outright(turn: Turn) -> tuple[str, str] | None:
    """The kind of change that is wanted beside a question that it answers, or of goods that are named first, in words
    that say no more than that; None where none is.
    """
    return wanted_by_comparison(turn) or wanted_beside_its_money(turn.text) or wish_of_topic(turn)


async def answered_plain_request(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    """Begins the change of a named order that is plainly asked for; None where none is.

    No form was open before the message.
    """
    if turn.intent not in _MISTAKEN or not is_plain_request(turn):
        return None
    return await plainly_asked(desk, dispatcher, turn, beginning=True)


__all__ = [
    "answered_plain_request", "demands", "is_plain_request", "wanted_beside_its_money", "wanted_by_comparison",
    "wanted_outright",
]  # fmt: skip
