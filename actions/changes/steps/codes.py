"""One-time codes: the one that opens the customer's record, and the one that proves a new e-mail address or phone."""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.events import SlotSet

from actions.changes.asking import SHOPPING
from actions.changes.other_pieces import read_other_pieces
from actions.changes.profile import contacts_of
from actions.changes.proposing import ask_contact_code
from actions.changes.question import Question
from actions.changes.steps.advancing import advanced
from actions.changes.steps.again import ask_again
from actions.changes.steps.outcome import events_of
from actions.changes.steps.proving import wants_else
from actions.changes.steps.questions import NO_REQUEST
from actions.changes.steps.step import Step
from actions.crm_client import CrmNotFound, CrmTooManyRequests
from actions.desk import Event, leave_form
from actions.help_pages import PERSON
from actions.resolver import parse_address

_RESEND: Final = re.compile(
    r"\b(?:re-?send|send (?:it|the code|me|one|another|a new)|again|another (?:one|code)|new code|not (?:get|got"
    r"|received?|come|arrived?))\b"
    r"|n.t (?:get|got|received?|come|arrive)|重新?发|再发|没(?:有)?收到|新的?验证码|重发",
    re.IGNORECASE,
)
_LOOKS_AT_GOODS: Final = 0.5
"""From this probability on, a question about goods is one in the middle of proving who somebody is."""
_CODE: Final = re.compile(r"(?<!\d)\d{4,10}(?!\d)")


async def answer_code(step: Step, asked: str) -> list[Event] | None:
    """The one-time code that opens the customer's record: first where to send it, then the code.

    None leaves the message to a rule.
    """
    turn, dialogue = step.turn, step.dialogue
    words = dialogue.wording
    address = next(iter(turn.entities("email")), None)
    code = _CODE.search(turn.text)
    written = parse_address(turn.text) if dialogue.kind.moves and address is None else None
    if written is not None and written.lines and written.city:
        # The address itself, in place of proof of whose address book it would be in.
        dialogue.request.question = {}
        await read_other_pieces(dialogue.reader, turn.text)
        return await advanced(step)
    try:
        if address is not None:
            return await _send_code(step, str(address))
        if asked == "one_time_code" and dialogue.request.code_sent_to and _RESEND.search(turn.text):
            return await _send_code(step, dialogue.request.code_sent_to)
        if asked == "one_time_code" and code is not None:
            verified = await step.desk.crm.confirm_code(turn.conversation_id, code.group())
            step.verification = dialogue.verification = verified
            dialogue.request.question = {}
            if dialogue.request.saved_address:
                await read_other_pieces(dialogue.reader, dialogue.request.saved_address)
            return await advanced(step)
    except CrmNotFound:
        dialogue.question = Question("one_time_code", words.say("changes.one_time.wrong"))
        return events_of(step)
    except CrmTooManyRequests as limit:
        wait = words.wait(limit.retry_after)
        step.dispatcher.utter_message(response="utter_verification_limited", wait=wait)
        return [*leave_form(), SlotSet("offer", PERSON)]
    if (found := await wants_else(step)) is not None:
        return found
    if turn.intent in SHOPPING and turn.confidence >= _LOOKS_AT_GOODS:
        return None
    return ask_again(step) if turn.intent in NO_REQUEST or not step.is_request() else None


async def answer_contact_code(step: Step) -> list[Event] | None:
    """The code that went to a new contact lets it take effect; a contact given anew gets a new one.

    None leaves the message to a rule.
    """
    turn, dialogue = step.turn, step.dialogue
    request, words = dialogue.request, dialogue.wording
    code = _CODE.search(turn.text)
    contacts = contacts_of(request.extras)
    if code is not None:
        try:
            key = f"{turn.message_id}:contact"[:200]
            proven = await step.desk.crm.prove_contact(turn.conversation_id, code.group(), key=key)
        except CrmNotFound:
            ask_contact_code(dialogue, words.say("changes.one_time.wrong_contact"))
            return events_of(step)
        done = {name: contacts.pop(name) for name in proven.fields if name in contacts}
        told = [words.say(f"changes.line.{name}_changed", value=value) for name, value in done.items()]
        text = words.say("changes.done.account_contact", changes=words.say("changes.separator").join(told))
        step.dispatcher.utter_message(response="utter_change_done", done=text)
        request.question, request.extras = {}, dict(contacts)
        if not contacts:
            dialogue.finish()
        return await advanced(step)
    before = dict(request.extras)
    dialogue.kind.read(turn.text, request, dialogue.records)
    if contacts_of(request.extras) != contacts_of(before) or turn.entities("email"):
        request.question = {}
        return await advanced(step)
    request.extras = before
    if (found := await wants_else(step)) is not None:
        return found
    return ask_again(step) if turn.intent in NO_REQUEST or not step.is_request() else None


async def _send_code(step: Step, to: str) -> list[Event]:
    """Sends a code to an e-mail address and asks for it. Raises `CrmNotFound` and `CrmTooManyRequests`."""
    dialogue = step.dialogue
    sent = await step.desk.crm.send_code(step.turn.conversation_id, "email", to)
    dialogue.request.code_sent_to = to
    text = dialogue.wording.say("changes.one_time.sent", to=to, digits=sent.digits)
    dialogue.question = Question("one_time_code", text, again=dialogue.wording.say("changes.one_time.again"))
    return events_of(step)
