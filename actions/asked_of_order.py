"""What exactly is asked of an order: who carries it, its tracking number, the day, whether it has left. Pure."""

from __future__ import annotations

import re
from typing import Final, Literal

from actions.orders import OPEN_STATES
from actions.wording import Wording
from shopdesk_schemas.crm import OrderView

Aspect = Literal["carrier", "tracking", "sent", "when"]

_ASKED: Final[dict[Aspect, re.Pattern[str]]] = {
    "carrier": re.compile(
        r"\bwho(?:['’]?s| is| are|['’]?ll| will| does)? (?:\w+ )?"
        r"(?:carry|deliver|bring|ship|transport|handl|send|mail)\w*\b"
        r"|\b(?:which|what|whats|name of the) (?:\w+ )?(?:carrier|courier"
        r"|(?:delivery|shipping) (?:company|service))\b"
        r"|\b(?:who|what)(?:['’]?s| is) (?:the|my|its) (?:carrier|courier)\b"
        r"|(?:哪家|什么|哪个|啥)(?:的)?(?:快递|物流)|(?:快递|物流)(?:公司)?是(?:哪|什么|谁)|谁(?:来|在)?(?:送|派|配送|寄|承运)(?!的)",
        re.IGNORECASE,
    ),
    "tracking": re.compile(
        r"\b(?:tracking|track) ?(?:number|no|nr|num|code|id|link|#)|\btracking\?|\bis there (?:a )?tracking\b"
        r"|(?:快递|运|物流)单?号(?:是)?(?:多少|什么|啥|呢|发|给|有)|(?:有|查|要|给).{0,4}(?:快递|运|物流)单号",
        re.IGNORECASE,
    ),
    "sent": re.compile(
        r"\b(?:is|are|has|have|did)\b(?:(?!\bwhen\b)[^?.!]){0,40}"
        r"\b(?:on (?:the|its|their|a) way|shipped|ship|sent|dispatched|gone out"
        r"|(?<!any )(?<!\bthing )left(?! (?:to|in stock|over)\b))\b"
        r"|(?:发货|发|寄出|寄|发出|出库|出发|在路上)(?:来|走)?了?(?:吗|没有?|么|不)",
        re.IGNORECASE,
    ),
    "when": re.compile(
        r"\bwhen(?:['’]?s|['’]?ll)?\b|\bhow (?:long|soon|many days)\b|\bwhat day\b|什么时候|啥时候|几号|哪天"
        r"|多久|几天|何时",
        re.IGNORECASE,
    ),
}
_ELSE: Final = re.compile(
    r"\bwhere\b|\bstatus\b|\bwhat(?:['’]?s| is) (?:in|happening)\b"
    r"|\bwhen (?:did|was|were|i|it (?:was|left|shipped))\b|到哪|哪里|状态|进度"
)
"""More than one fact is asked for, or what has been."""
_OTHER: Final = re.compile(
    r"\b(?:refund\w*|money|credit\w*|invoices?|receipts?|codes?|e-?mails?|warrant\w*|guarantee\w*|return\w*|exchang\w*"
    r"|case|complaint|claim|ticket|stock|restock\w*|left to"
    r"|any(?:thing)? (?:\w+ )?left|pay|charged?|charges|sale|open|close)\b"
    r"|退|换|发票|验证码|邮件|短信|质保|保修|库存|补货|扣款|付款|客服|开门|营业|礼物",
    re.IGNORECASE,
)
"""Not the order is spoken of: money, papers, a code, goods that go back."""


def aspects_asked(text: str) -> list[Aspect]:
    """The facts that a question asks for by name; empty where it asks how the order stands."""
    if _ELSE.search(text.casefold()) or _OTHER.search(text):
        return []
    found = [aspect for aspect, words in _ASKED.items() if words.search(text)]
    return [each for each in found if each != "when" or "sent" not in found]


def aspects_told(order: OrderView, asked: list[Aspect], wording: Wording) -> list[str]:
    """Each of these facts in a sentence, where one alone answers it; else nothing."""
    told: list[str] = []
    for aspect in asked:
        told += _told(order, aspect, wording)
    return told


def _told(order: OrderView, aspect: Aspect, wording: Wording) -> list[str]:
    def say(key: str, **values: object) -> str:
        return wording.say(f"orders.asked.{key}", order=order.number, **values)

    if aspect == "when":
        promised = next((each.promised_on for each in order.shipments if each.promised_on), order.promised_on)
        late = order.late or any(each.late for each in order.shipments)
        if order.state not in OPEN_STATES or promised is None or late or len(order.shipments) > 1:
            return []
        not_yet = say("not_sent") if order.state != "shipped" and not order.shipments else None
        return [wording.sentences(say("when", promised=wording.day(promised, order.timezone)), not_yet)]
    if order.state in ("cancelled", "unavailable"):
        return []
    sent = bool(order.shipments) or order.state in ("shipped", "delivered")
    if aspect == "sent":
        if order.state == "delivered":
            return []
        return [say("sent_yes" if sent else "sent_no")]
    if not sent:
        return [say(f"{aspect}_not_yet")]
    if aspect == "carrier":
        carriers = list(dict.fromkeys(each.carrier for each in order.shipments if each.carrier))
        return [say("carrier", carrier=wording.listed(carriers)) if carriers else say("carrier_unknown")]
    parcels = [
        say("parcel", carrier=each.carrier, number=each.tracking_number) if each.carrier else str(each.tracking_number)
        for each in order.shipments
        if each.tracking_number
    ]
    return [say("tracking", parcels=wording.listed(parcels)) if parcels else say("tracking_none")]


__all__ = ["Aspect", "aspects_asked", "aspects_told"]
