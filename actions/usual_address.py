"""Which address of the book is the usual one, where that is asked: "is that my main address now?"."""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.executor import CollectingDispatcher

from actions.account_facts import profile_told
from actions.crm_client import CrmNotFound
from actions.desk import Desk, Event, Turn

_USUAL: Final = r"(?:default|main|usual|primary|standard)(?: home| delivery| shipping)? address"
_ASKS: Final = re.compile(
    rf"^\W*(?:(?:so|and|ok|okay|then|but|wait|great|thanks)\W+)*(?:is|are|was|did)\b[^.?!]{{0,60}}\b(?:{_USUAL}|my home address)\b"  # noqa: E501
    rf"|\b(?:what|which)(?:'s| is)?(?: (?:one|address))?(?: is)?(?: my| the)?(?: (?:now|current))? {_USUAL}\b"
    r"|\b(?:what|which)(?:'s| is| are)?(?: the)? (?:home |delivery )?address(?:es)? (?:is |are |do you have |you have )?(?:on|in) (?:my |the )?(?:account|profile|file|address book)\b"  # noqa: E501
    r"|(?:账[号户]|帐[号户]|资料|档案|地址簿)(?:里面|[里上中])?(?:登记|留|存)?的?(?:家庭|默认|收货)?(?:地址|住址)(?:现在)?(?:是|有)?(?:什么|哪)"
    r"|(?:默认|常用|主要?)(?:收货)?地址[^，。]{0,8}(?:[吗么?？]|哪|什么|了没)|(?:是|成|设为)(?:了)?我?的?(?:默认|常用)(?:收货)?地址(?:了)?(?:[吗么?？]|没)",
    re.IGNORECASE,
)
_WANTS: Final = re.compile(
    r"\b(?:make|set|change|can you|could you|please|want)\b|[设改换](?:成|为|一下)|帮我", re.IGNORECASE
)


def asks_usual_address(text: str) -> bool:
    """Whether a message asks which address is the usual one, and wants nothing of it."""
    return _ASKS.search(text) is not None and _WANTS.search(text) is None


async def answered_usual_address(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    """Tells the addresses of the book and which is usual; None where that is not asked, or it is not known who asks."""
    if not asks_usual_address(turn.text):
        return None
    try:
        book = await desk.crm.addresses(turn.conversation_id)
        zone = (await desk.crm.policies()).shop.timezone
    except CrmNotFound:
        return None
    told = profile_told("addresses", book, zone, desk.wording(turn.language))
    if not told:
        return None
    dispatcher.utter_message(response="utter_account", answer=told)
    return []
