"""Whether goods might be sent back some day, asked while nothing is wrong with them: told, and nothing is begun."""

from __future__ import annotations

from typing import Final

from rasa_sdk.executor import CollectingDispatcher

from actions.changes.records import Records
from actions.crm_client import CrmNotFound
from actions.desk import Desk, Event, Turn, last_response
from actions.returns import ActionAskRefundTime, ActionAskReturnPolicy, own_lines
from actions.returns_asked import asks_bare_cost, asks_bare_returns, asks_in_case, asks_when_paid, may_ask_in_case

_MISTAKEN: Final = frozenset(
    {
        "return_items", "not_interested", "report_defect", "cancel_return", "ask_how_to_return", "nlu_fallback", "stop",
        "ask_size_advice", "ask_alternatives", "search_products", "out_of_scope", "ask_availability",
    }
)  # fmt: skip
"""What such questions are mistaken for."""
_RULES: Final = frozenset({"utter_returns", "utter_returns_offer_person"})
_HERE: Final = frozenset({"delivered", "returned", "cancelled"})


async def answered_return_in_case(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    """Answers that question; None where none is asked. No form was open before the message."""
    if asks_bare_cost(turn.text) and last_response(turn) == "utter_returns":
        # Of what was told just now, and of no goods.
        return await ActionAskReturnPolicy(desk).told(dispatcher, turn)
    of_rules = last_response(turn) in _RULES and not turn.order_numbers and asks_when_paid(turn.text)
    if of_rules and (await desk.verification(turn)).level == "none":
        # A guest goes on with the rules: no order is asked for.
        return await ActionAskRefundTime(desk).told(dispatcher, turn)
    if asks_bare_returns(turn.text):
        return await ActionAskReturnPolicy(desk).told(dispatcher, turn)
    if turn.intent not in _MISTAKEN:
        return None
    if not asks_in_case(turn.text) and not (may_ask_in_case(turn.text) and await _not_here(desk, turn)):
        return None
    return await ActionAskReturnPolicy(desk).told(dispatcher, turn)


async def _not_here(desk: Desk, turn: Turn) -> bool:
    """Whether the order that is meant has not arrived yet."""
    try:
        own = await own_lines(turn, Records(desk, turn, await desk.crm.policies()))
    except CrmNotFound:
        return False
    return own is not None and own[0].state not in _HERE


__all__ = ["answered_return_in_case"]
