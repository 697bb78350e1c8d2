"""A change that was done just now, said otherwise: "oh no, it's number 17", "电话是13800138000".

Such words alone name no order and no wish; behind "done" they are about what was done.
"""

from __future__ import annotations

import re

from rasa_sdk.executor import CollectingDispatcher

from actions.changes.address_corrections import corrected
from actions.changes.dialogue import ChangeDialogue, conversation_focus
from actions.changes.going_over import gone_over
from actions.changes.just_done import last_done
from actions.changes.kinds import BY_KEY
from actions.changes.next_piece import advance
from actions.changes.orders import ChangeAddress, ChangeRecipient
from actions.changes.records import Records, address_of
from actions.changes.request import ChangeRequest
from actions.desk import Desk, Event, Turn, last_response
from actions.resolver import read_recipient
from shopdesk_schemas.crm import Verification

_DONE = "utter_change_done"
_OF_PLACES = re.compile(
    r"\b(?:address|house|street|st|road|rd|avenue|ave|lane|zip|post ?code|postal|city|town|state|door|apartment|apt|flat|unit)\b"  # noqa: E501
    r"|地址|门牌|街|路|号楼|邮编|城市|州",
    re.IGNORECASE,
)
"""Words of an address: behind another change, a bare number or name is of what was changed."""


async def corrected_afterwards(
    desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, verification: Verification
) -> list[Event] | None:
    """Goes over to changing again what was just changed; None where the message corrects nothing of it."""
    order = next(iter(conversation_focus(turn).orders), None)
    if last_response(turn) != _DONE or order is None or verification.level != "customer":
        return None
    policies = await desk.crm.policies()
    records = Records(desk, turn, policies)
    if order not in {each.number for each in await records.summaries()}:
        return None
    kind_done = BY_KEY.get(last_done(turn).get("kind", ""))
    moved = kind_done is None or kind_done.moves or kind_done.key == "place"
    said_of_place = moved or _OF_PLACES.search(turn.text) is not None
    place = corrected(address_of(await records.order(order)), turn.text) if said_of_place else None
    phone = read_recipient(turn.text).phone or next((str(each) for each in turn.entities("phone")), "")
    if place is None and not phone:
        return None
    kind = ChangeAddress.key if place is not None else ChangeRecipient.key
    request = ChangeRequest(kind, turn.message_id, turn.text, orders=[order], address=place or {})
    dialogue = ChangeDialogue(desk, turn, dispatcher, request, verification, policies, records)
    if place is None:
        request.extras["phone"] = phone
    await advance(dialogue)
    return gone_over(turn, dialogue)
