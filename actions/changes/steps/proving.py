"""Who asks: numbers and proofs taken in while the request waits for them, and other requests meanwhile."""

from __future__ import annotations

import re

from rasa_sdk.events import SlotSet

from actions.changes.goods_meant import read_goods
from actions.changes.kinds import BY_INTENT
from actions.changes.other_pieces import read_other_pieces
from actions.changes.question import Question
from actions.changes.steps.advancing import advanced
from actions.changes.steps.again import put_again
from actions.changes.steps.joining import note_for_afterwards
from actions.changes.steps.outcome import events_of
from actions.changes.steps.questions import NO_REQUEST, WAITS_IN_QUEUE
from actions.changes.steps.step import Step
from actions.changes.taking_orders import re_aim, read_first, take_orders
from actions.desk import Event
from actions.details import Asked, Details
from actions.full_names import without_identity
from actions.proofs import NAME, PROOFS, REFERENCE, Identified

_NEEDS_CUSTOMER = frozenset({"ask_profile", "ask_points", "ask_vouchers"})
"""Questions that are answered once it is known who asks."""
_SEVERAL = 2
_PHONE_DIGITS = re.compile(
    r"(?:我的?)?(?:手机|电话)号?码?的?(?:尾号|后四位|末四位|最后四位)(?:数字?)?(?:是|为|：|:)?\s*\d{4}"
    r"|\b(?:(?:and|with|the|my) )*(?:phone|mobile|cell)(?: number)?(?:'s|’s)? "
    r"(?:(?:that )?ends?(?:ing)? (?:in|with)|last (?:four|4)"
    r"(?: digits)?(?: (?:is|are))?)\W{0,2}\d{4}",
    re.IGNORECASE,
)


async def answer_identity(step: Step, asked: Asked) -> list[Event] | None:
    """A message while a number or a proof is asked for; None where it gives none and a rule answers it."""
    details = _details(step, asked)
    if not details and (found := await wants_else(step)) is not None:
        return found
    if not details and step.turn.intent not in NO_REQUEST and step.is_request():
        return None
    return await identify(step, asked)


async def wants_else(step: Step) -> list[Event] | None:
    """Another request while it is not known yet who asks: it takes the place of this one, or waits for its end."""
    turn, dialogue = step.turn, step.dialogue
    kind = BY_INTENT.get(turn.intent)
    if not step.is_request():
        return None
    if kind is dialogue.kind:
        if kind.about == "order":
            return None
        put_again(step)
        return events_of(step)
    if kind is not None and kind.takes_over(dialogue.kind) and kind.about == dialogue.kind.about:
        request = dialogue.request
        if request.orders:
            await re_aim(dialogue, kind)
            await read_goods(dialogue.reader, turn.text, correcting=True)
            return await advanced(step)
        request.text, request.origin, request.lines = turn.text, turn.message_id, {}
        await re_aim(dialogue, kind)
        dialogue.say("utter_request_instead", request=turn.text)
        if kind.about == "customer":
            return await advanced(step)
        return await identify(step, None)
    if kind is not None or turn.intent in WAITS_IN_QUEUE or turn.intent in _NEEDS_CUSTOMER:
        return note_for_afterwards(step)
    return None


async def identify(step: Step, asked: Asked, *, name: str | None = None) -> list[Event]:
    """Finds out who asks by what the message gives, and goes on; else asks for what is missing, or hands over.

    `asked` is what was asked for; None where nothing was yet. `name` was given before, for where the message has none.
    """
    dialogue, turn = step.dialogue, step.turn
    details = _details(step, asked)
    if name and not details.name and not details.references:
        details = Details([], details.proofs, name)
    if asked is None and not details.name and (new := dialogue.kind.proves_nothing):
        # The postcode of the new address proves nothing of the old one.
        details = Details(details.references, [each for each in details.proofs if each.kind not in new])
    found = await step.form.identify(step.dispatcher, turn, asked, details, step.verification, step.policies)
    if isinstance(found, Identified):
        forget = [SlotSet(name, None) for name in (REFERENCE, PROOFS, NAME, "refused_proofs")]
        dialogue.request.question = {}
        # What follows in the same message is as open as the proof made it.
        step.verification = dialogue.verification = await step.desk.verification(turn)
        if details.name and dialogue.request.text == turn.text:
            # Who asks says nothing of what is asked for: a name is no recipient's, a postcode no size.
            dialogue.request.text = without_identity(turn.text, details.name, [each.value for each in details.proofs])
        if found.proofs and dialogue.request.text == turn.text:
            # A phone's last digits say who asks, and name no phone that was ordered.
            dialogue.request.text = _PHONE_DIGITS.sub(" ", turn.text)
        await read_other_pieces(dialogue.reader, dialogue.request.text)
        first = next(iter(found.references), "")
        by_number = bool(details.references or found.proofs)
        if by_number or not await _read_among_all(step, first):
            await take_orders(dialogue, found.references[:1])
        return [*forget, *await advanced(step)]
    slots = {event["name"]: event["value"] for event in found if event.get("event") == "slot"}
    if any(event.get("event") == "active_loop" for event in found):
        return found
    slot = PROOFS if slots.get(REFERENCE) else REFERENCE
    dialogue.question = Question(slot, "", response=f"utter_ask_{slot}_{slots.get('question_variant') or 'first'}")
    return [*found, *events_of(step)]


async def _read_among_all(step: Step, found: str) -> bool:
    """Reads which order is meant among all that whoever gave their name has; whether there are several.

    `found` is just the newest that went to that postcode: it is meant where the words tell none, no goods are to be
    named, and no other that it could be goes there.
    """
    dialogue = step.dialogue
    if dialogue.kind.about != "order" or len(await dialogue.records.summaries()) < _SEVERAL:
        return False
    # A postcode that proved who it is looks like a number too.
    await read_first(dialogue, [])
    question = dialogue.question
    offered = question.shown if question is not None and question.slot == "order" else []
    if dialogue.kind.lines == "none" and found in offered and not dialogue.request.absent_told:
        views = await dialogue.records.orders(offered)
        places = {view.number: view.delivery.postcode if view.delivery is not None else None for view in views}
        if [number for number, place in places.items() if place == places[found]] == [found]:
            dialogue.question = None
            await take_orders(dialogue, [found])
    return True


def _details(step: Step, asked: Asked) -> Details:
    """What the message says of who asks; a number of something else, as a tax number is, says nothing of it."""
    details, kind = step.form.read(step.turn, asked, step.policies), step.dialogue.kind
    named = [each for each in details.references if not kind.names_no_order(step.turn.text, each)]
    return Details(named, details.proofs, details.name)
