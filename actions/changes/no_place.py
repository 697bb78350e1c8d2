"""Where an order goes is not what is meant: "forget the address! change the laptop", 不是说地址，改平板.

A name and a postcode that say who asks are taken for a new address, though nothing is to be sent elsewhere.
"""

from __future__ import annotations

import re
from typing import Final

from actions.changes.reading import Reader
from actions.changes.turned_down import clauses_of, says_nothing
from actions.resolver import order_words, parse_address, resolve_lines

_PLACE: Final = (
    r"(?:(?:delivery |shipping |mailing |new )?address(?:es)?|delivery|recipient|where it (?:goes|is going))"
)
_DENIED_EN: Final = (
    r"\W*(?:(?:no|nope|but|wait|please|stop|i said|ok|okay|just|and|oh|you can|let['’]?s|hey|sorry|actually)\b\W*)*"
    r"(?:(?:forget(?: about)?|leave|never ?mind(?: about)?|skip|drop|ignore|scrap|enough (?:of|about|with)"
    r"|keep)(?: (?:the|my|that|this|about))* "
    + _PLACE
    + r"(?: (?:alone|as (?:it is|is)|then|please|for now|out of it))*"
    r"|(?:i['’]?m|i am|we['’]?re|i was|i do|i did)?\W*"
    r"(?:not|n['’]?t|never)(?: (?:talking|asking|speaking|about|to|want|change|mean|said|say|anything|the|my|a|an|any|new))* "  # noqa: E501
    + _PLACE
    + r"|(?:i )?(?:do ?n['’]?t|do not|did ?n['’]?t|never)(?: (?:want|need|mean|say|said|ask|asked|to|change|about|for|talk|any|the|my|a|new|another))* "  # noqa: E501
    + _PLACE
    + r"|(?:the |my )?"
    + _PLACE
    + r" (?:is|stays|can stay|was) (?:fine|ok(?:ay)?|right|correct|good|the same|as it is|not the (?:point|question|issue|problem)))\W*"  # noqa: E501
)
_DENIED_HAN: Final = (
    r"\W*(?:我|都|说了|哎|喂|不对|算了|先|这个)*(?:(?:别|不用|不要|甭|先不|不)(?:去)?(?:管|改|动|说|问|提|换)?(?:什么|我的|收货)*地址"
    r"|(?:我)?(?:不是|没|没有|不)(?:在|要|想)?(?:说|问|改|讲|让你改|叫你改)?(?:的是|的)?(?:收货)?地址|(?:收货)?地址(?:不用|别|不要|没)[动改管问变]?(?:了)?"
    r"|(?:收货)?地址(?:没问题|不变|是对的|没错))(?:了|啊|呀|的事|吧|的)*\W*"
)
_DENIED: Final = re.compile(rf"\A(?:{_DENIED_EN}|{_DENIED_HAN})\Z", re.IGNORECASE)
_OF_PLACES: Final = re.compile(
    r"\b(?:address\w*|deliver\w*|ship\w*|sen[dt]|mail\w*|post(?:ed)?|redirect\w*|reroute\w*|mov(?:e|ed|ing)|go(?:es|ing)? to"  # noqa: E501
    r"|home|work|office|house|street|st|road|rd|avenue|ave|lane|drive|blvd|apartment|apt|flat|unit|recipient|neighbou?r"
    r"|pick\w* up|collect|store|door|destination|where|elsewhere|parcel|to my|at my|there)\b"
    r"|地址|寄|送|发[到去往]|收货|收件|家|公司|单位|邮编|[路街弄巷号楼室]|快递|搬|门|转到|改到",
    re.IGNORECASE,
)
_WANTS_ANOTHER: Final = re.compile(
    r"\b(?:i(?:['’]?d)? (?:want|need|like|prefer|would (?:like|prefer|rather))|(?:could|can|may) i (?:have|get))"
    r" (?:the|an?|one|mine)\b|\bshould (?:be|have)\b|(?:想要|我要|换成?|改成|要)[^，。]{0,12}[款个的]",
    re.IGNORECASE,
)


def denies_place(text: str) -> str | None:
    """What a message says beside that no address is to change; None where it says nothing of the kind."""
    parts = clauses_of(text)
    left = [said + between for said, between in parts if not _DENIED.fullmatch(said.strip())]
    if len(left) == len(parts):
        return None
    rest = "".join(left).strip(" ,，")
    return "" if says_nothing(rest) else rest


def means_no_place(text: str) -> bool:
    """Whether a message that was taken for a change of address speaks of none, and wants something else to be."""
    return _OF_PLACES.search(text) is None and _WANTS_ANOTHER.search(text) is not None


async def means_goods(reader: Reader, text: str) -> bool:
    """Whether a message that was taken for a change of address wants goods of the order to be others."""
    if not reader.kind.moves or not means_no_place(text):
        return False
    if order_words(text) or ((typed := parse_address(text)) is not None and typed.lines):
        return False
    await reader.records.orders(reader.request.orders)
    lines = [line for number in reader.request.orders for line in reader.records.lines(number)]
    found = resolve_lines(text, lines, today=reader.records.today)
    return any(reason.kind in _NAMED for match in found.matches for reason in match.reasons)


_NAMED: Final = frozenset({"name", "near_name", "category"})

__all__ = ["denies_place", "means_goods", "means_no_place"]
