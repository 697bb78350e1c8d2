"""A message while a question stands: what answers any question first, then what answers this one."""

from __future__ import annotations

import copy
import re
from typing import Final

from actions.changes.answering import pressed_by_words, wants_no_person
from actions.changes.choices import choose
from actions.changes.shipments import remedy_in
from actions.changes.steps.advancing import advanced
from actions.changes.steps.again import put_again
from actions.changes.steps.answers import answer
from actions.changes.steps.codes import answer_code, answer_contact_code
from actions.changes.steps.denying import fault_denied
from actions.changes.steps.leaving import not_wanted, turned_from_buying
from actions.changes.steps.outcome import events_of
from actions.changes.steps.pieces import read_answer
from actions.changes.steps.portions import take_portion
from actions.changes.steps.proving import answer_identity
from actions.changes.steps.step import Step
from actions.desk import Event
from actions.identity import PROOFS, REFERENCE

_NO_PICTURE_EN: Final = (
    r"\b(?:no|not|don'?t|didn'?t|can'?t|cannot|haven'?t|without)\b.{0,20}\b(?:photos?|pictures?|pics?|images?|camera)\b"
)
_NO_PHOTO = re.compile(rf"{_NO_PICTURE_EN}|没(?:有)?(?:拍|照|图)|[拍发]不了|没法拍|不方便拍", re.IGNORECASE)
_NO_PHOTO_AT_ALL = re.compile(
    rf"{_NO_PICTURE_EN}|没(?:有)?拍?(?:照片?|图片?)|没(?:有)?拍\W*$|拍不了(?:照|图)|没法拍照", re.IGNORECASE
)
"""The same where pictures are no evidence: 没拍这件 says that it was not ordered."""
_WAITS = re.compile(
    r"\b(?:wait|give it (?:till|until|a|another|some)|hold (?:on|off)|see if it)\b|(?:再|先)等|等等看|等吧|等几天",
    re.IGNORECASE,
)
"""The parcel may come yet."""


async def go_on(step: Step, asked: str) -> list[Event] | None:
    """A message while `asked` is the question; None leaves it to a rule."""
    step.before = copy.deepcopy(step.dialogue.request.pieces())
    turn, dialogue = step.turn, step.dialogue
    choice = next(iter(turn.entities("choice")), None) or pressed_by_words(dialogue.request, turn.text)
    if choice:
        await choose(dialogue, str(choice))
        return await advanced(step)
    if turn.intent in ("ask_human", "stop", "deny") and wants_no_person(turn.text):
        put_again(step)
        return events_of(step)
    if (dropped := await fault_denied(step)) is not None:
        return dropped
    if (taken := await take_portion(step, asked)) is not None:
        return taken
    if (turned := await not_wanted(step, asked)) is not None:
        return turned
    if asked == "photo" and turn.metadata.get("images"):
        return await advanced(step)
    waits = turn.message.get("opening") == "deny" or _WAITS.search(turn.text) or turn.intent in ("thank", "goodbye")
    if asked == "resolution" and waits and remedy_in(turn.text) is None:
        # "I'd rather wait": neither of what is offered for it.
        await dialogue.leave()
        return await advanced(step)
    no_photo = _NO_PHOTO if dialogue.kind.photos else _NO_PHOTO_AT_ALL if dialogue.kind.goes_back else None
    if no_photo is not None and no_photo.search(turn.text) and not turn.metadata.get("images"):
        return await _without_photo(step, asked)
    if asked in (REFERENCE, PROOFS):
        return await answer_identity(step, REFERENCE if asked == REFERENCE else PROOFS)
    if asked in ("code_recipient", "one_time_code"):
        return await answer_code(step, asked)
    if asked == "contact_code":
        return await answer_contact_code(step)
    if asked == "place_product" and (other := await turned_from_buying(step)) is not None:
        return other
    return await answer(step, asked)


async def _without_photo(step: Step, asked: str) -> list[Event]:
    """There is no picture: where the shop's rules want one a person decides, else it goes on without."""
    dialogue, words = step.dialogue, step.dialogue.wording
    if asked == "photo" or dialogue.kind.needs_photo(step.policies):
        dialogue.say("utter_change_refused", why=words.say("changes.no_photo"))
        dialogue.offers_person = True
        dialogue.finish()
    else:
        dialogue.say("utter_returns", answer=words.say("changes.photo_not_needed"))
        before = copy.deepcopy(dialogue.request.pieces())
        await read_answer(step, asked)
        if dialogue.request.pieces() != before:
            # "No picture, just give me the money": what is wanted, beside it.
            return await advanced(step)
        put_again(step)
    return events_of(step)
