"""Goods that are named and nothing else: "hm, the scarf". That is no claim and no change: it is asked what is wanted.

After an answer about returning, which offers to begin one, naming the thing begins it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.changes.dialogue import conversation_focus
from actions.changes.kind import NOT_SENT
from actions.changes.records import ORDERS_READ, Records
from actions.changes.request import ChangeRequest
from actions.crm_client import CrmNotFound
from actions.desk import Desk, Event, Turn, last_question, last_words
from actions.orders import line_name
from actions.resolver import Focus, LineCandidate, Resolution, bare_mention, resolve_lines, without_order_words

_RETURN: Final = "/return_items"
_NAMES: Final = frozenset({"name", "near_name", "option"})
_OFFERED: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "not_sent": (("cancel", "/cancel_order"), ("change", "/change_items"), ("track", "/track_order")),
    "shipped": (("track", "/track_order"), ("cancel", "/cancel_order")),
    "delivered": (("return", _RETURN), ("exchange", "/exchange_items"), ("problem", "/report_damaged")),
}
"""What can be wanted of goods, by how far their order is: words and intents of buttons."""


async def mentioned(turn: Turn, records: Records, *, known: bool) -> Resolution[LineCandidate] | None:
    """The lines of the shopper's that a message names and does nothing else; None where it does more.

    `known`: whose orders may be read.
    """
    lines: list[LineCandidate] = []
    if known:
        numbers = [each.number for each in (await records.summaries())[:ORDERS_READ]]
        await records.orders(numbers)
        lines = [line for number in numbers for line in records.lines(number)]
    focus = conversation_focus(turn)
    found = bare_mention(turn.text, lines, focus=focus, today=records.today)
    return _spoken_of(found, focus) if found is not None else None


def _spoken_of(found: Resolution[LineCandidate], focus: Focus) -> Resolution[LineCandidate]:
    """Of several lines that may be named, the one spoken of before, else the one of the order spoken of."""
    for spoken in (focus.lines, focus.orders[:1]):
        among = [each for each in found.matches if spoken and {each.candidate.key, each.candidate.order} & {*spoken}]
        if found.status == "unclear" and len(among) == 1:
            return replace(found, status="one", matches=tuple(among))
    return found


def begun_return(turn: Turn, found: Resolution[LineCandidate]) -> ChangeRequest | None:
    """The return of what is named in answer to the offer of one; None where none was offered, or it is not clear."""
    offered = [str(each.get("payload")) for each in last_question(turn)]
    if offered != [_RETURN] or found.status not in ("one", "many"):
        return None
    orders = list(dict.fromkeys(line.order for line in found.candidates))
    lines = {match.candidate.key: match.quantity for match in found.matches}
    return ChangeRequest("return", turn.message_id, turn.text, orders=orders, lines=lines) if len(orders) == 1 else None


async def return_taken_up(desk: Desk, turn: Turn) -> ChangeRequest | None:
    """The return of goods that are named, not very clearly, in answer to the offer of one; None without an offer."""
    if [str(each.get("payload")) for each in last_question(turn)] != [_RETURN] or turn.form:
        return None
    records = Records(desk, turn, await desk.crm.policies())
    known = (await desk.crm.verification(turn.conversation_id)).level == "customer"
    found = await mentioned(turn, records, known=known)
    return begun_return(turn, found) if found is not None else None


async def with_goods_mentioned(turn: Turn, records: Records, text: str) -> str:
    """`text` behind the goods of which it was asked what is wanted, where it names none itself; else as it is."""
    asked = [str(each.get("payload")) for each in last_question(turn)]
    before = last_words(turn)
    if not before or before.startswith("/"):
        return text
    if asked not in [[intent for _, intent in offered] for offered in _OFFERED.values()]:
        return text
    said = "" if turn.pressed else text
    try:
        numbers = [each.number for each in (await records.summaries())[:ORDERS_READ]]
    except CrmNotFound:
        return text
    await records.orders(numbers)
    lines = [line for number in numbers for line in records.lines(number)]
    if bare_mention(before, lines, today=records.today) is None:
        return text
    named = resolve_lines(without_order_words(said), lines, today=records.today) if said else None
    if named is not None and any(why.kind in _NAMES for match in named.matches for why in match.reasons):
        return text
    return f"{before}\n{said}".strip()


async def ask_what_is_wanted(
    desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, records: Records, found: Resolution[LineCandidate]
) -> list[Event]:
    """Asks what is wanted of what is named, which is "it" from now on."""
    wording = desk.wording(turn.language)
    line = found.candidates[0] if len(found.candidates) == 1 else None
    name, state = wording.say("changes.mention.thing"), "delivered"
    if line is not None:
        view = await records.order(line.order)
        state = view.state
        name = next(line_name(each, wording) for each in view.lines if each.line_number == line.line_number)
    offered = _OFFERED["not_sent" if state in NOT_SENT else "shipped" if state == "shipped" else "delivered"]
    dispatcher.utter_message(
        response="utter_change_question",
        question=wording.say("changes.mention.what", names=name),
        buttons=[{"title": wording.say(f"changes.mention.{words}"), "payload": intent} for words, intent in offered],
    )
    if line is None:
        return []
    focus = conversation_focus(turn).on_orders([line.order]).as_slot()
    focus["lines"] = [line.key]
    return [SlotSet("focus", focus)]
