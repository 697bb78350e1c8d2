"""A change that is made of one order at a time, wanted of several: 两单都改成礼品卡付, "both orders on my gift card".

The first is made at once, and each of the others follows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from actions.changes.request import ChangeRequest

KIND: Final = "payment"
_ALL: Final = re.compile(
    r"\b(?:both|all)(?: (?:two|three|of (?:them|those|these|the)|of)?)?(?: ?(?:my|the|open|unsent|pending|these|those))* ?(?:orders|of them|ones|please|too)\b"  # noqa: E501
    r"|\b(?:the|my) (?:two|three) (?:open |unsent |pending )?orders\b"
    r"|(?<!第)(?<!\d)[两俩2二三3](?:个|张|笔)?(?:订?单|订单)(?![^，。；！？,;]{0,6}(?:里|中|其中|哪))|(?:所有|全部)(?:的)?(?:订单|单子?)",
    re.IGNORECASE,
)
_ANSWERS: Final = re.compile(
    r"\W*(?:(?:ok|yes|please|for|i want|i['’]?d like|do)\s+)*(?:both|all)(?: of (?:them|those|these))?(?: orders)?(?: please| too| then)?\W*"  # noqa: E501
    r"|\W*(?:对|嗯|是的?|好的?|我)?\W*(?:[两俩2二三3](?:个|张|笔)?(?:订?单|订单|个)?|全部|所有|它们)?(?:订单|单)?都"
    r"(?:要|改|换|是|一起|用|想)*(?:改|换)?(?:的|了|吧|哦|啊|呀)?\W*",
    re.IGNORECASE,
)
_COUNTS: Final = {
    2: re.compile(r"[两俩2二]|\b(?:both|two)\b", re.IGNORECASE),
    3: re.compile(r"[3三]|\bthree\b", re.IGNORECASE),
}
_ONE: Final = re.compile(
    r"\bone of\b|\bnot (?:both|all)\b|\bonly\b|\bneither\b|其中|[哪只]|之一|一[个张笔]?单|不(?:用|要|是)?都|都不|都没"
    r"|\beither\b"
    r"|\bthe (?:(?:earl|lat|old|new|bigg|small|larg|cheap|dear|prici)(?:i?er|i?est)|more \w+|first|second|third|last)\b"
    r"|一个的|第[一二三123]|那[个张笔]?单"
    r"|[早晚贵大小新旧]的(?:那|一)|便宜的(?:那|一)",
    re.IGNORECASE,
)


_HAS: Final = re.compile(
    r"\b(?:i|we)(?:['’]ve| have)?(?: got| have| made| placed)\b|(?:有|下了|买了|订了)(?=[两俩2二三3])", re.IGNORECASE
)
"""That there are several says nothing yet of what is wanted of them."""
_TOGETHER: Final = re.compile(r"\b(?:both|all|them)\b|都|一起|全部", re.IGNORECASE)


def means_each(text: str, orders: int) -> bool:
    """Whether a message speaks of so many orders together, and of no one of them."""
    said = _ALL.search(text)
    if said is None or _ONE.search(text) is not None:
        return False
    if _HAS.search(text) is not None and _TOGETHER.search(text, said.end()) is None:
        return False
    count = next((number for number, words in _COUNTS.items() if words.search(said[0])), orders)
    return count == orders


def answers_each(text: str) -> bool:
    """Whether a message says, where it is asked which order, that all of those are meant, and nothing else."""
    return _ANSWERS.fullmatch(text) is not None and _ONE.search(text) is None


def take_one_by_one(request: ChangeRequest, numbers: Sequence[str]) -> None:
    """The first of `numbers` is the order of the request; the same of each of the others follows."""
    first, *others = numbers
    request.orders = [first]
    for place, number in enumerate(others, 1):
        after = ChangeRequest(request.kind, f"{request.origin}:{place}", "", orders=[number], together=True)
        after.payment_method = request.payment_method
        request.then.append(after.as_slot())


__all__ = ["KIND", "answers_each", "means_each", "take_one_by_one"]
