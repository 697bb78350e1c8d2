"""The same for further goods, right after it was done for some: "and the backpack", 还有围巾.

"Cancel the mug" — "Done" — "and the lamp too" names no wish of its own: what was done is wanted of the lamp as well.
"""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.executor import CollectingDispatcher

from actions.changes.going_over import take_up
from actions.changes.just_done import last_done
from actions.changes.kind import NOT_SENT
from actions.changes.records import ORDERS_READ, Records
from actions.changes.request import ChangeRequest, all_left
from actions.crm_client import CrmNotFound
from actions.desk import Desk, Event, Turn, last_response
from actions.resolver import bare_mention

_DONE: Final = "utter_change_done"
_STATES: Final = {"cancel": NOT_SENT, "return": frozenset({"delivered"})}
"""By what was done, the orders in which it can be done."""
_LEADS: Final = re.compile(
    r"^\W*(?:(?:oh|ok(?:ay)?|great|thanks?|thank you|perfect|good|now|so|yes)\b[\s,.!]*)*"
    r"(?:(?:and|also|plus|then|as well as)\b[\s,]*)+"
    r"|^\W*(?:(?:好的?|谢谢|对了)[，,！!\s]*)?(?:还有|再加上?|另外|以及)[，,\s]*",
    re.IGNORECASE,
)
_THANKS: Final = re.compile(r"^\W*(?:好的?|谢谢|对了|thanks?|thank you|great)[，,。.！!\s]+", re.IGNORECASE)
_BEHIND: Final = re.compile(
    r"[\s,]*\b(?:too|as well|also|likewise|same (?:for|with) (?:it|that|this))\b(?:[\s,]*please)?[\s.!]*$"
    r"|[，,\s]*(?:也要?|也是|也一样|也一起|一样|同样)(?:吧|的|哦|啊)?[\s。！!]*$",
    re.IGNORECASE,
)
_SAME: Final = re.compile(
    r"^\W*(?:and )?(?:the )?same (?:for|with|goes for)\b\s*|^\W*同样(?:的)?[，,\s]*", re.IGNORECASE
)


def more_of_it(text: str) -> str:
    """The goods that a message adds to what was done, without the words that add them; empty where none do."""
    said = _THANKS.sub("", text)
    left = _BEHIND.sub("", _SAME.sub("", _LEADS.sub("", said)))
    return left.strip() if left != said and "?" not in text and "？" not in text else ""


async def done_likewise(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    """Goes over to doing the same to what is named; None where nothing was done just before, or no goods are named."""
    kind, said = last_done(turn).get("kind", ""), more_of_it(turn.text)
    if kind not in _STATES or not said or last_response(turn) != _DONE:
        return None
    records = Records(desk, turn, await desk.crm.policies())
    try:
        summaries = (await records.summaries())[:ORDERS_READ]
    except CrmNotFound:
        return None
    numbers = [each.number for each in summaries if each.state in _STATES[kind]]
    await records.orders(numbers)
    lines = [line for number in numbers for line in records.lines(number)]
    found = bare_mention(said, lines, today=records.today) if lines else None
    if found is None or found.status not in ("one", "many") or found.asked_but_absent:
        return None
    orders = list(dict.fromkeys(line.order for line in found.candidates))
    if len(orders) != 1:
        return None
    meant = {match.candidate.key: all_left(match.candidate, match.quantity) for match in found.matches}
    return await take_up(
        desk, dispatcher, turn, ChangeRequest(kind, turn.message_id, turn.text, orders=orders, lines=meant)
    )


__all__ = ["done_likewise", "more_of_it"]
