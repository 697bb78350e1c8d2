"""A change that a message plainly asks for, though the model did not understand it.

A verb says which kind it is, and an order or goods of the shopper's own say of what: both have to be there, so that
nothing is begun by a word alone. Nothing changes before what is proposed is confirmed.
"""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.executor import CollectingDispatcher

from actions.changes.dialogue import ChangeDialogue
from actions.changes.going_over import gone_over
from actions.changes.lines_told import with_lines_told
from actions.changes.next_piece import advance
from actions.changes.orders_meant import read_orders
from actions.changes.other_pieces import read_other_pieces
from actions.changes.placing_words import shows_an_order
from actions.changes.request import ChangeRequest
from actions.changes.taking_orders import take_orders
from actions.desk import Desk, Event, Turn

_ADDRESS: Final = re.compile(
    r"\b(?:change|switch|swap|correct|update)\b.{0,40}\baddress\b|\bsame address as\b"
    r"|地址[^，。？]{0,8}[改换]|[改换][^，。？]{0,6}地址",
    re.IGNORECASE,
)
"""What is to be different is where the order goes."""
_NO_GOODS: Final = re.compile(
    r"\b(?:phone|number|name|recipient|note|payment|card|e-?mail)\b|电话|手机|收[件货]人|备注|付款|支付|邮箱|发票",
    re.IGNORECASE,
)
"""Other pieces of an order that may be changed: not its goods."""
_VERBS: Final = {
    "return": re.compile(
        r"(?<![a-z])return(?:ing)?(?![a-z])|\bsend(?:ing)?\b.{1,80}\bback\b|退(?:货|掉|了|回)|全退"
        r"|退(?=\s?(?:订单|单号|#|[A-Z]{1,3}-?\d|\d{5}|有[^，。]{1,12}单|(?:这|那)(?:单|个订单)))"
        r"|\b(?:don'?t|do not|no longer) (?:want|need)\b.{0,40}\b(?:any ?more|after all|either|now)\b|不(?:想)?要了",
        re.IGNORECASE,
    ),
    "exchange": re.compile(
        r"(?<![a-z])(?:exchange|swap|switch)(?![a-z])|\bchange (?:the|my|that|this)\b.{1,60}\b(?:to|for|into)\b"
        r"|换(?:成|货)|改成",
        re.IGNORECASE,
    ),
    "cancel": re.compile(r"(?<![a-z])(?:cancel|call off)(?![a-z])|取消", re.IGNORECASE),
}
"""By kind of change, the verbs that ask for it."""
_ASKS_HOW = re.compile(
    r"\b(?:how|when|why|what|which|policy|long|much|did|was|status)\b|怎么|如何|为什么|多久|几天|多少|什么|哪|政策|规则|进度|吗$",
    re.IGNORECASE,
)
"""Questions about changes: none is asked for."""
_WHICHEVER = re.compile(r"哪[个款种件](?:更|最)?[^，。？?哪]{1,4}?(?:就)?(?:要|换|选|给我|来|拿)哪[个款种件]")
"""哪个便宜要哪个 asks nothing."""
_MAY_I = re.compile(r"(?:能不能|可不可以|能|可以)(?P<what>[^，。？]{1,12}?)吗$")
"""How one asks for something to be done: 能取消吗."""


def plain_kind(text: str) -> str | None:
    """The one kind of change whose verb is said; None where there is none, there are several, or it is asked about."""
    if _ASKS_HOW.search(_WHICHEVER.sub("", _MAY_I.sub(r"\g<what>", text.strip(" ?？。.!！~～")))):
        return None
    if shows_an_order(text):
        return "details"
    if _ADDRESS.search(text):
        return "address"
    said = [kind for kind, verbs in _VERBS.items() if verbs.search(text)]
    if said == ["exchange"] and _NO_GOODS.search(text):
        return None
    return said[0] if len(said) == 1 else None


async def plainly_asked(
    desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, *, beginning: bool = False
) -> list[Event] | None:
    """Goes over to the change that is plainly asked for; None where none is, or it is not known who asks.

    `beginning`: a form that is open was begun by this very message.
    """
    kind = None if turn.form and not beginning else plain_kind(turn.text)
    if kind is None:
        return None
    verification = await desk.crm.verification(turn.conversation_id)
    if verification.level == "none":
        return None
    request = ChangeRequest(kind, turn.message_id, turn.text)
    dialogue = ChangeDialogue(desk, turn, dispatcher, request, verification, await desk.crm.policies())
    request.text = await with_lines_told(turn.text, dialogue.kind, dialogue.records)
    await read_other_pieces(dialogue.reader, turn.text)
    read = await read_orders(dialogue.reader, request.text, turn.order_numbers, asked=True)
    if len(read.sure) != 1:
        return None
    await take_orders(dialogue, read.sure)
    if dialogue.request.then:
        # Several things at once, of a message that was not understood: it is asked what is meant.
        return None
    await advance(dialogue)
    return gone_over(turn, dialogue)
