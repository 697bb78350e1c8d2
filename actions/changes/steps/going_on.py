"""A message while a question stands: what answers any question first, then what answers this one."""

from __future__ import annotations

import copy
import re
from typing import Final

from actions.changes.address_corrections import state_of
from actions.changes.agreeing import agreement
from actions.changes.answering import pressed_by_words, wants_no_person
from actions.changes.asides import costs_the_same
from actions.changes.choices import choose
from actions.changes.conditions_held import remember_condition
from actions.changes.one_change import without_taken
from actions.changes.plain_yes import is_yes, is_yes_and_all
from actions.changes.proposing import confirm
from actions.changes.queueing import drops_offer, is_all, only_says_all, only_takes_back, said_now, taken_back, waiting
from actions.changes.several import Beside
from actions.changes.shipments import remedy_in
from actions.changes.split_payment import told_of_split
from actions.changes.steps.advancing import advanced
from actions.changes.steps.again import asks_for_a_moment, give_time, put_again
from actions.changes.steps.answers import answer
from actions.changes.steps.codes import answer_code, answer_contact_code
from actions.changes.steps.confirming import do_agreed
from actions.changes.steps.denying import fault_denied
from actions.changes.steps.done_already import done_already
from actions.changes.steps.each_told import each_told
from actions.changes.steps.every_order import every_order
from actions.changes.steps.follows_next import follows_next
from actions.changes.steps.goods_left import goods_left
from actions.changes.steps.in_case import decided_already, falls_back
from actions.changes.steps.leaving import not_wanted, turned_from_buying
from actions.changes.steps.missed import asked_after
from actions.changes.steps.mistaken import taken_for_another
from actions.changes.steps.of_each import of_each
from actions.changes.steps.off_place import off_place
from actions.changes.steps.only_asked import answer_in_between, only_asks_now, told_only, yes_beside_question
from actions.changes.steps.order_called import order_called
from actions.changes.steps.others_than_kept import others_called_off
from actions.changes.steps.outcome import events_of
from actions.changes.steps.part_missing import part_missing
from actions.changes.steps.pieces import read_answer
from actions.changes.steps.portions import counts_only, take_portion
from actions.changes.steps.prices import price_limit
from actions.changes.steps.proving import answer_identity
from actions.changes.steps.questions import ENDED_BY, OFFERED
from actions.changes.steps.reason_said import reason_said
from actions.changes.steps.shown_again import says_version_shown
from actions.changes.steps.step import Step
from actions.changes.steps.swapped_apart import swapped_apart
from actions.changes.steps.that_one import line_meant_instead, not_bought
from actions.changes.steps.together import all_together
from actions.changes.steps.way_said import way_said
from actions.changes.yes_all_the_same import (
    agrees_all_the_same,
    speaks_of_same_price,
    without_beside,
    without_doubt,
)
from actions.desk import Event
from actions.proofs import PROOFS, REFERENCE

_NO_PICTURE_EN: Final = (
    r"(?:\b(?:no|not|don'?t|didn'?t|can'?t|cannot|haven'?t|without)\b.{0,20}\b(?:photos?|pictures?|pics?|images?)\b"
    r"|\b(?:no|without|don'?t have|haven'?t(?: got)?)(?: a| any)?(?: working)? camera\b)"
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
_SAYS_NO = re.compile(r"\W*(?:no+|nope|nah|not now)\b|\W*(?:不|算了)", re.IGNORECASE)
_SAYS_YES = re.compile(r"\W*(?:yes|yeah|yep|yup|sure|ok|okay|fine)\b|\W*(?:好|行|可以|对|嗯|是的|确认)", re.IGNORECASE)
_TAKES_CHEAPEST = re.compile(
    r"^\W*(?:(?:ok|okay|yes|fine|well|just|then|the|i['’]?ll (?:take|have)|give me|whichever is) ?)*"
    r"(?:cheapest|least expensive)(?: one| you have| you['’]ve got)?"
    r"(?: (?:is|will be|would be|then|that['’]s|please|pls|fine|ok|okay|good|great))*[^\w?]*$"
    r"|^\W*(?:那|就|要|给我|选|拿)*最便宜的?(?:那个|那款|那种|的)?(?:就)?(?:好|行|可以|吧|了)*[^\w?？]*$",
    re.IGNORECASE,
)
"""That the cheapest is wanted, which the only one that is offered is."""
_WANTS = re.compile(
    r"\W*(?:(?:first|so|and|but|please|just|i|we|['’]?d|would|want|like|to|can|could|you|rather)\W+)*"
    r"(?:cancel|return|send|exchange|swap|change|replace|where|when|what|how)\b"
    r"|\W*(?:先|请|就|我|想|要|帮我|给我|麻烦|把[^，。]{1,16})*(?:取消|退|换|改|查)",
    re.IGNORECASE,
)
"""How a sentence begins that wants something of its own."""


async def go_on(step: Step, asked: str) -> list[Event] | None:
    """A message while `asked` is the question; None leaves it to a rule."""
    step.before = copy.deepcopy(step.dialogue.request.pieces())
    turn, dialogue = step.turn, step.dialogue
    await _forget_taken(step)
    choice = next(iter(turn.entities("choice")), None) or pressed_by_words(dialogue.request, turn.text)
    if choice:
        await choose(dialogue, str(choice))
        return await advanced(step)
    if (mistaken := await taken_for_another(step)) is not None:
        return mistaken
    if (called := await order_called(step, asked)) is not None:
        return called
    if dialogue.kind.swaps and not turn.pressed:
        remember_condition(dialogue.request, turn.text)
    if told_of_split(dialogue, asked):
        put_again(step)
        return events_of(step)
    if turn.intent in ("ask_human", "stop", "deny") and wants_no_person(turn.text):
        put_again(step)
        return events_of(step)
    if (way := await way_said(step, asked)) is not None:
        return way
    if only_asks_now(step, asked):
        return await answer_in_between(step)
    if (agreed := await yes_beside_question(step, asked)) is not None:
        return agreed
    if (counted := await counts_only(step, asked)) is not None:
        return counted
    if (limited := await price_limit(step)) is not None:
        return limited
    if (agreed := await _agreed_to(step, asked)) is not None:
        return agreed
    if (part := await part_missing(step, asked)) is not None:
        return part
    if (off := await off_place(step)) is not None:
        return off
    stops = "cancel" in (dialogue.kind.wish, dialogue.kind.verb)
    back = dialogue.kind.goes_back
    if asked in OFFERED and not turn.pressed and drops_offer(turn.text, stops=stops, goes_back=back):
        await dialogue.leave()
        return await advanced(step)
    if (unwanted := await _never_minds(step)) is not None:
        return unwanted
    if (told := await told_only(step, asked)) is not None:
        return told
    if (done := await done_already(step, asked)) is not None:
        return done
    if asked in ENDED_BY and only_says_all(turn.text) and not (step.says("affirm") or _SAYS_YES.match(turn.text)):
        if asked == "confirmation" and not (step.says("deny") or _SAYS_NO.match(turn.text)):
            # "That's all" of what is proposed is no yes, and never means all of the order.
            put_again(step)
            return events_of(step)
        await dialogue.leave()
        return await advanced(step)
    if (fault := await reason_said(step, asked)) is not None:
        return fault
    if (dropped := await fault_denied(step)) is not None:
        return dropped
    if (other := await falls_back(step, asked)) is not None:
        return other
    if (decided := decided_already(step, asked)) is not None:
        return decided
    if (each := await of_each(step, asked)) is not None:
        return each
    if (every := await every_order(step, asked)) is not None:
        return every
    if (others := await others_called_off(step, asked)) is not None:
        return others
    if (together := await all_together(step, asked)) is not None:
        return together
    if (next_one := await follows_next(step, asked)) is not None:
        return next_one
    if (missed := await asked_after(step, asked)) is not None:
        return missed
    if (apart := await swapped_apart(step, asked)) is not None:
        return apart
    if (told := await each_told(step, asked)) is not None:
        return told
    if (taken := await take_portion(step, asked)) is not None:
        return taken
    if (owned := await not_bought(step)) is not None:
        return owned
    if (that_one := await line_meant_instead(step, asked)) is not None:
        return that_one
    if asked != "confirmation" and asks_for_a_moment(step):
        return give_time(step)
    if (left := await goods_left(step, asked)) is not None:
        return left
    if (turned := await not_wanted(step, asked)) is not None:
        return turned
    if asked == "photo" and turn.metadata.get("images"):
        return await advanced(step)
    waits = turn.message.get("opening") == "deny" or _WAITS.search(turn.text) or turn.intent in ("thank", "goodbye")
    if asked == "resolution" and waits and remedy_in(turn.text) is None:
        # "I'd rather wait": neither of what is offered for it.
        await dialogue.leave()
        events, rest = await advanced(step), _after_first(turn.text)
        return [*events, said_now(turn, rest)] if rest else events
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


async def _forget_taken(step: Step) -> None:
    """Parts of the message that began a change of items are no requests of their own where it has them."""
    dialogue, noted = step.dialogue, waiting(step.turn)
    if not dialogue.request.gathered or not noted or not dialogue.request.orders:
        return
    await dialogue.records.orders(dialogue.request.orders)
    left = without_taken(dialogue, noted)
    if len(left) < len(noted):
        step.waiting, dialogue.beside = left, Beside(waiting=left)


def _after_first(text: str) -> str:
    """What a message wants after its first words: "no, nothing else came. First please cancel the mat"."""
    for stop in re.finditer(r"[.!。！;；，]\s*|,\s+", text):
        if _WANTS.match(text, stop.end()):
            return text[stop.end() :]
    return ""


async def _never_minds(step: Step) -> list[Event] | None:
    """What waits is no longer wanted, and nothing else is said; None where something of this request may be meant."""
    queue, text = waiting(step.turn), step.turn.text
    if is_all(text) or not only_takes_back(text):
        return None
    request, back = step.dialogue.request, taken_back(queue, text)
    if taken_back([{"text": request.text}], text):
        # "Forget the boots", which this is about.
        alone = len(request.lines) <= 1 and not request.then and len(request.proposals) <= 1
        if not alone or re.search(r"\b(?:leave|keep)\b|留", text):
            return None
        await step.dialogue.leave()
        return await advanced(step)
    if not back:
        return None
    step.waiting = [each for each in queue if each not in back]
    put_again(step)
    if (question := step.dialogue.question) is not None:
        question.text = step.dialogue.wording.say("changes.noted_dropped", question=question.text)
    return events_of(step)


async def _agreed_to(step: Step, asked: str) -> list[Event] | None:
    """A yes that says nothing else: what is proposed is done, the one thing offered is taken; else None."""
    dialogue, request = step.dialogue, step.dialogue.request
    if asked == "confirmation" and request.proposals and (is_yes(step.turn.text) or _says_state_again(step)):
        await confirm(dialogue)
        return await advanced(step)
    plainly = is_yes(step.turn.text) or (asked == "confirmation" and is_yes_and_all(step.turn.text))
    if not plainly and (request.proposals or request.shown) and dialogue.kind.about == "order":
        await dialogue.records.orders(request.orders)
        lines = [line for number in request.orders for line in dialogue.records.lines(number)]
        meant = [str(request.question.get("subject") or ""), *request.lines]
        plainly = agrees_all_the_same(step.turn.text, lines, meant, today=dialogue.records.today)
    if not plainly and asked == "confirmation" and request.proposals:
        plainly = await _agrees_with_why(step)
    if plainly and asked == "confirmation" and request.proposals:
        await confirm(dialogue)
        return await advanced(step)
    if asked == "confirmation" and request.proposals and without_doubt(step.turn.text) != step.turn.text:
        return await do_agreed(step)
    if asked == "target" and not plainly:
        plainly = _TAKES_CHEAPEST.search(step.turn.text) is not None or says_version_shown(step)
    if not plainly:
        return None
    if asked == "target" and len(request.shown) == 1:
        await choose(dialogue, f"target={request.shown[0]}")
        return await advanced(step)
    return None


async def _agrees_with_why(step: Step) -> bool:
    """A yes beside why, the wish said once more, or a condition that what is offered fulfils."""
    dialogue, request, text = step.dialogue, step.dialogue.request, step.turn.text
    if dialogue.kind.about != "order":
        return False
    await dialogue.records.orders(request.orders)
    lines = [line for number in request.orders for line in dialogue.records.lines(number)]
    whole = request.whole or all(request.lines.get(line.key, 0) in (None, line.changeable) for line in lines)
    same_price = dialogue.kind.swaps and speaks_of_same_price(text) and await costs_the_same(dialogue)
    said = without_beside(text, dialogue.kind.wish, whole=whole, same_price=same_price)
    return said != text and is_yes(said)


def _says_state_again(step: Step) -> bool:
    """Whether a yes says the state of the address that is proposed once more: "yes, but it's Oregon, OR"."""
    region = step.dialogue.request.address.get("region")
    opens = agreement(step.turn.text) is not None or step.turn.message.get("opening") == "affirm"
    return step.dialogue.kind.moves and region is not None and opens and state_of(step.turn.text) == region


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
