"""The words that begin a request: which one that is, whatever the model took them for, or that they begin none."""

from __future__ import annotations

from typing import Final

from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.changes.account import ChangeConsent
from actions.changes.agreeing import SURE_REQUEST
from actions.changes.buying_let_be import buys_nothing
from actions.changes.compared_before import with_goods_before
from actions.changes.consents import speaks_of_consents
from actions.changes.faults import OWN_MISTAKE, begins_claim, instead_of_claim, only_goes_back, wanted_instead
from actions.changes.kept_first import only_keeps, with_what_stays
from actions.changes.kinds import BY_INTENT, BY_KEY
from actions.changes.left_alone import left_alone, may_leave
from actions.changes.mentions import (
    ask_what_is_wanted,
    begun_return,
    mentioned,
    return_taken_up,
    with_goods_mentioned,
)
from actions.changes.only_calls_off import only_calls_off
from actions.changes.only_why import only_tells_why, tells_what_was_bought
from actions.changes.orders import CancelOrder, ChangeItems
from actions.changes.owned import owned_lines, says_owned
from actions.changes.placing import PlaceOrder
from actions.changes.placing_words import shows_an_order
from actions.changes.profile import BookAddress, removes_one_told
from actions.changes.queueing import said_now
from actions.changes.records import ORDERS_READ, Records
from actions.changes.request import ChangeRequest
from actions.changes.shipments import ChaseDispatch, InstructDelivery, remedy_in, wants_hurry, wants_in_one
from actions.changes.still_there import asks_if_still_there
from actions.changes.topic_first import wish_of_topic
from actions.changes.turned_down import asks_plainly, begins_nothing, turned_down
from actions.changes.whole_clauses import with_its_clause
from actions.crm_client import CrmNotFound
from actions.desk import Desk, Event, Turn, last_action, last_response, last_words
from actions.resolver import Focus, resolve_lines
from actions.resolver.asked_comparison import without_asked_comparison
from actions.resolver.kept_alone import keeps_alone
from actions.resolver.kept_apart import others_than_kept
from shopdesk_schemas.crm import Verification

_ABOUT_AN_ORDER: Final = frozenset({"ask_order_details", "ask_total", "ask_receipt", "ask_invoice"})
"""Questions that show an order, or something of it."""


_ASKED_MEANING: Final = frozenset({"utter_clarify", "utter_clarify_offer_person", "utter_policy_or_meaning"})
"""What asks what was meant."""


async def begun(
    desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, verification: Verification, records: Records
) -> ChangeRequest | list[Event]:
    """The request that a message begins; where it begins none, the events to leave with after what was said to it.

    The message's intent is one of a kind of change.
    """
    if only_tells_why(turn) or (turn.intent in PlaceOrder.intents and tells_what_was_bought(turn)):
        return []
    request = _plainly_begun(turn)
    if request is None and (topic := wish_of_topic(turn)) is not None:
        request = ChangeRequest(topic[0], turn.message_id, topic[1])
    if request is None and not turn.pressed:
        request = await return_taken_up(desk, turn)
    if request is None:
        kind = BY_INTENT[turn.intent]
        if kind.wish == "cancel" and not turn.pressed and buys_nothing(turn.text):
            dispatcher.utter_message(response="utter_change_left")
            return []
        down = turned_down(turn.text) if not turn.pressed and keeps_alone(turn.text) is None else None
        if down is not None and (nothing := begins_nothing(down, kind)) is not None:
            if not (nothing and asks_plainly(nothing)):
                dispatcher.utter_message(response="utter_change_left")
            return [said_now(turn, nothing)] if nothing else []
        if kind.about == "order" and kind.name and not turn.pressed:
            named = await mentioned(turn, records, known=verification.level == "customer")
            request = begun_return(turn, named) if named is not None else None
            if named is not None and request is None:
                return await ask_what_is_wanted(desk, dispatcher, turn, records, named)
    if request is None and verification.level == "customer" and await _only_leaves(turn, records):
        dispatcher.utter_message(response="utter_change_left")
        return []
    if await removes_one_told(desk, turn):
        return ChangeRequest(BookAddress.key, turn.message_id, turn.text)
    if request is None:
        kind = BY_INTENT[turn.intent]
        alone = kind.wish in ("cancel", "return") and await _others_go(turn.text, verification, records)
        if not (turn.pressed or alone) and kind.about == "order" and kind.lines != "none" and only_keeps(turn.text):
            dispatcher.utter_message(response="utter_change_left")
            return []
        said = (keeps_alone(turn.text) if alone and not turn.pressed else None) or with_what_stays(turn)
        if said == turn.text and kind.lines != "none" and not turn.pressed:
            told_whole = turn.metadata.get("whole")
            said = with_its_clause(said, str(told_whole.get("text") or "") if isinstance(told_whole, dict) else "")
        if said == turn.text:
            said = await with_goods_mentioned(turn, records, await _with_what_was_unclear(turn, records))
            said = without_asked_comparison(await with_goods_before(turn, records, said))
        shown = turn.pressed or bool(turn.metadata.get("images"))
        if not shown and not begins_claim(kind, said, turn.confidence):
            wanted = instead_of_claim(said)
            whole = turn.metadata.get("whole")
            told = str(whole.get("text") or "") if isinstance(whole, dict) else ""
            if OWN_MISTAKE.search(said) and told.startswith(turn.text) and (then := wanted_instead(told)) is not None:
                # "I ordered the wrong headset, change it to the white one"
                wanted, said = then, told
            if wanted is None:
                return await _ask_of_no_fault(desk, dispatcher, turn, verification, records)
            kind = BY_KEY[wanted]
        key = InstructDelivery.key if wants_in_one(said) else kind.begun_as(said)
        if key == ChangeItems.key and not turn.pressed and turn.confidence < SURE_REQUEST and only_calls_off(said):
            key = CancelOrder.key
        if key == PlaceOrder.key and only_goes_back(said):
            key = "return"
        if key == PlaceOrder.key and verification.level == "customer":
            owned = await owned_in(turn, said, records)
            key, said = (ChangeItems.key, owned) if owned else (key, said)
        request = ChangeRequest(key, turn.message_id, said)
    return request


async def _ask_of_no_fault(
    desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, verification: Verification, records: Records
) -> list[Event]:
    """Asks what is wanted of goods that are spoken of, where nothing is said to be wrong with them."""
    lines = []
    if verification.level == "customer":
        numbers = [each.number for each in (await records.summaries())[:ORDERS_READ]]
        await records.orders(numbers)
        lines = [line for number in numbers for line in records.lines(number)]
    found = resolve_lines(turn.text, lines, today=records.today) if lines else None
    if found is not None and found.status == "one":
        return await ask_what_is_wanted(desk, dispatcher, turn, records, found)
    return [FollowupAction("action_clarify")]


def missing_parcel(turn: Turn) -> str | None:
    """The order whose parcel was just said to be recorded as delivered, where the message asks to make it good."""
    order = turn.tracker.get_slot("not_received")
    if not order or last_action(turn) != "action_track_order" or turn.entities("order_number"):
        return None
    return str(order) if remedy_in(turn.text) is not None else None


def misread_as_consent(turn: Turn) -> bool:
    """Whether a message was understood as one about consents and speaks of none.

    No consent changes by a message that does not plainly ask for it.
    """
    return turn.intent in ChangeConsent.intents and not turn.pressed and not speaks_of_consents(turn.text)


def _plainly_begun(turn: Turn) -> ChangeRequest | None:
    """The request that the words alone begin, whatever intent they look like; None where they do not."""
    if (missing := missing_parcel(turn)) is not None:
        return ChangeRequest("claim_not_received", turn.message_id, turn.text, orders=[missing])
    if not turn.pressed and turn.intent not in _ABOUT_AN_ORDER and shows_an_order(turn.text):
        return ChangeRequest("details", turn.message_id, turn.text)
    if not turn.pressed and BY_INTENT[turn.intent].lines != "none" and asks_if_still_there(turn.text):
        return ChangeRequest("details", turn.message_id, turn.text)
    if misread_as_consent(turn) and wants_hurry(turn.text):
        return ChangeRequest(ChaseDispatch.key, turn.message_id, turn.text)
    return None


async def _others_go(text: str, verification: Verification, records: Records) -> bool:
    """Whether words that say what stays alone tell which of the same goods go: "keep just the cheapest pair"."""
    if keeps_alone(text) is None or verification.level != "customer":
        return False
    numbers = [each.number for each in (await records.summaries())[:ORDERS_READ]]
    return bool(others_than_kept(text, await records.order_candidates(numbers), today=records.today))


async def _only_leaves(turn: Turn, records: Records) -> bool:
    """Whether a message says of goods of the orders that they stay as they are, and nothing else."""
    kind = BY_INTENT[turn.intent]
    if turn.pressed or kind.about != "order" or kind.lines == "none" or not may_leave(turn.text):
        return False
    numbers = [each.number for each in (await records.summaries())[:ORDERS_READ]]
    await records.orders(numbers)
    lines = [line for number in numbers for line in records.lines(number)]
    focus = Focus.from_slot(turn.tracker.get_slot("focus"))
    left = left_alone(turn.text, lines, focus=focus, today=records.today, proposed=False)
    return left is not None and not left.rest


async def owned_in(turn: Turn, text: str, records: Records) -> str:
    """The words that mean goods on order, or that came: those are changed, not bought. Empty where they mean none.

    What was said first in the same message may tell it: "The tent is too small. I want the one for four".
    """
    further = int(turn.metadata.get("request") or 1) > 1
    told = [text, *([f"{last_words(turn).rstrip('.。 ')}. {text}"] if further else [])]
    if not any(map(says_owned, told)):
        return ""
    numbers = [each.number for each in (await records.summaries())[:ORDERS_READ]]
    await records.orders(numbers)
    lines = [line for number in numbers for line in records.lines(number)]
    return next((words for words in told if owned_lines(words, lines, today=records.today)), "")


async def _with_what_was_unclear(turn: Turn, records: Records) -> str:
    """The words that begin a request: with those before them where it was asked what these meant, and they name goods.

    "Four mugs came, two broken" — "did it arrive damaged?" — "I want new ones".
    """
    before = last_words(turn)
    if last_response(turn) not in _ASKED_MEANING or not before or before.startswith("/"):
        return turn.text
    said = "" if turn.pressed else turn.text
    try:
        numbers = [each.number for each in (await records.summaries())[:ORDERS_READ]]
    except CrmNotFound:
        return turn.text
    await records.orders(numbers)
    lines = [line for number in numbers for line in records.lines(number)]
    if not lines or (said and resolve_lines(said, lines, today=records.today).matches):
        return turn.text
    return f"{before}\n{said}".strip() if resolve_lines(before, lines, today=records.today).matches else turn.text
