"""A message while something of the change itself is asked: an answer, a correction, another wish, or none of them."""

from __future__ import annotations

import copy
import re

from actions.changes.asides import answered_aside, told_of_opened
from actions.changes.basket import adds
from actions.changes.goods_meant import take_rest
from actions.changes.instead import all_of_it, limits
from actions.changes.kind import ChangeKind
from actions.changes.other_pieces import read_other_pieces
from actions.changes.otherwise import KIND as AGAIN
from actions.changes.otherwise import differs
from actions.changes.proposing import ask_what_else, confirm
from actions.changes.queueing import corrects
from actions.changes.request import ChangeRequest
from actions.changes.resizing import resize
from actions.changes.steps.advancing import advanced
from actions.changes.steps.again import ask_again, ask_which, put_again, take_note
from actions.changes.steps.aims import restates
from actions.changes.steps.beginning import begin, begin_anew
from actions.changes.steps.confirming import agrees, do_agreed, goes_on_elsewhere, is_plain_yes, wants_it_back
from actions.changes.steps.joining import answer_first, keeps_address, note_for_afterwards
from actions.changes.steps.moving import moved_otherwise
from actions.changes.steps.of_their_own import invoice_left
from actions.changes.steps.outcome import events_of
from actions.changes.steps.pieces import (
    is_only_a_card,
    names_way_to_pay,
    read_answer,
    read_payment_method,
    sends_money_elsewhere,
)
from actions.changes.steps.questions import (
    ASKED_IN_BETWEEN,
    CORRECTED,
    NO_REQUEST,
    OFFERED,
    WAITS_IN_QUEUE,
    WHICH,
    is_question,
)
from actions.changes.steps.step import Step
from actions.changes.steps.turning import (
    Aim,
    aim_beside_offer,
    aim_of,
    put_off,
    turned_to,
    wants_another_order_too,
    wished,
)
from actions.changes.taking_time import takes_time
from actions.changes.wishes_of_goods import prefers
from actions.desk import Event
from actions.handoff import REQUESTED, hand_over, say_handed_over
from actions.help_pages import PERSON
from actions.resolver.text import fold
from actions.return_follow_ups import says
from actions.tastes import INTENT as TASTE
from actions.tastes import is_aside, note_taste

_CAME = re.compile(
    r"\b(?:it|they|these|this|that|(?:the|my) (?:parcel|package|box|order|delivery))\b[^.?!]{0,24}"
    r"\b(?:came|arrived|got here|turned up|showed up|delivered|landed)\b"
    r"|^\W*(?:(?:i'?ve|i|we'?ve|we|only|just)\s+)*(?:got|received|had) (?:it|them|this|these)\b"
    r"|^\W*(?:just |only )?(?:came|arrived)\b"
    r"|刚(?:刚|才)?(?:收到|到|签收|拿到|送到)"
    r"|(?:今天|今早|昨天|昨晚|前天|上午|下午|(?:上?周|星期|礼拜)[一二三四五六日天末]?|前几天|天前)[^，。？?]{0,4}(?:收到|到货?|签收|拿到|送到)",
    re.IGNORECASE,
)
"""That goods came, and when."""
_NOT_CAME = re.compile(r"[?？吗呢]|没|未|\b(?:not|never|where|when|still|yet|but)\b|n't\b|但|不过|可是", re.IGNORECASE)
"""It is asked, or it did not come, or more is said."""


async def answer(step: Step, asked: str) -> list[Event] | None:
    """An answer to `asked`, a correction beside it, another wish, or none of these; None leaves it to a rule.

    The order of what is tried is the order of how plainly it is said.
    """
    turn, dialogue = step.turn, step.dialogue
    if asked == "confirmation" and dialogue.request.proposals and not turn.pressed and takes_time(turn.text):
        put_again(step)
        return events_of(step)
    if (taken := await _taken_at_once(step, asked)) is not None:
        return taken
    asks = turn.intent in ASKED_IN_BETWEEN and not (asked == "target" and prefers(turn.text))
    if asks and step.is_request() and not await names_way_to_pay(step):
        return None
    if (done := await wished(step, asked)) is not None:
        return done
    aim = await aim_of(step, asked)
    if await wants_another_order_too(step, asked, aim):
        if corrects(turn.text) and asked != "reason":
            return await begin_anew(step, aim.kind or dialogue.kind)
        return note_for_afterwards(step)
    aim = aim_beside_offer(step, asked, aim)
    if (turned := await turned_to(step, asked, aim)) is not None:
        return turned
    came = _CAME.search(turn.text) is not None and not _NOT_CAME.search(turn.text)
    opened = dialogue.kind.goes_back and says("opened", fold(turn.text)) and not step.gives_reason()
    if (later := put_off(step, asked, told=came or opened)) is not None:
        return later
    if asked == "confirmation" and (is_plain_yes(step) or wants_it_back(step) or agrees(step)):
        await confirm(dialogue)
        return await advanced(step)
    early = asked in ("target", "lines") and dialogue.kind.swaps and is_only_a_card(turn.text)
    if early and await dialogue.reader.payment_method(turn.text):
        # How it is paid may be said before it is asked.
        return take_note(step)
    if (read := await _read(step, asked)) is not None:
        return read
    if aim.kind is not None and not aim.other and restates(step, asked):
        return await begin_anew(step, aim.kind)
    if asked == "confirmation" and (weighed := await _yes_or_no(step, aim.kind)) is not None:
        return weighed
    if turn.intent == "affirm" and turn.tracker.get_slot("offer") == PERSON and not takes_time(turn.text):
        await say_handed_over(step.form, step.dispatcher, turn)
        return hand_over(REQUESTED)
    if (instead := await _another_instead(step, aim)) is not None:
        return instead
    if came:
        return take_note(step)
    if opened and await told_of_opened(dialogue):
        put_again(step)
        return events_of(step)
    if asked == "order" and turn.intent in WAITS_IN_QUEUE and step.is_request():
        return note_for_afterwards(step) if dialogue.request.orders else answer_first(step)
    if aim.waits_for(dialogue.kind):
        return note_for_afterwards(step)
    if asked in WHICH and turn.intent in ("affirm", "deny"):
        # A bare yes or no chooses nothing: the question comes back, shorter.
        return ask_which(step)
    if turn.intent not in NO_REQUEST and step.is_request():
        return None
    return ask_again(step)


async def _taken_at_once(step: Step, asked: str) -> list[Event] | None:
    """What is plainly said of this change, whatever intent it looks like; None where nothing is."""
    turn, dialogue = step.turn, step.dialogue
    request = dialogue.request
    if (left := invoice_left(step, asked)) is not None:
        return left
    if asked in dialogue.kind.questions and await dialogue.kind.takes(dialogue, asked):
        return await advanced(step)
    if request.kind == AGAIN and asked in OFFERED and len(request.orders) == 1 and not is_question(turn.text):
        await dialogue.records.orders(request.orders)
        if await differs(dialogue, turn.text, correcting=True):
            return await advanced(step)
    if (moved := await moved_otherwise(step, asked)) is not None:
        return moved
    if (
        dialogue.kind.moves
        and dialogue.kind.about == "order"
        and (kept := await keeps_address(step, asked)) is not None
    ):
        return kept
    if dialogue.kind.swaps and asked in CORRECTED | WHICH and await resize(dialogue, turn.text):
        return await advanced(step)
    taste = turn.intent == TASTE and step.is_request()
    if taste and (is_aside(turn.text) or asked not in dialogue.kind.questions):
        return await _note_taste(step, asked)
    if asked == "confirmation" and await goes_on_elsewhere(step) and (agreed := await do_agreed(step)) is not None:
        return agreed
    if asked in (CORRECTED | WHICH) - {"payment_method"} and sends_money_elsewhere(step):
        await read_other_pieces(dialogue.reader, turn.text)
        return await advanced(step, noted=asked not in OFFERED)
    if asked == "confirmation" and (agreed := await do_agreed(step)) is not None:
        return agreed
    if asked in ("lines", "reason", "confirmation") and await take_rest(dialogue.reader, turn.text):
        return await advanced(step, noted=True)
    if asked == "payment_method" and not is_question(turn.text) and await read_payment_method(step):
        if request.kind == "place" and adds(turn.text):
            # "Visa, and add a scarf": the goods beside the way to pay.
            await dialogue.kind.takes(dialogue, asked)
        return await advanced(step)
    may_be_aside = asked not in dialogue.kind.questions or dialogue.kind.name == "shipment.claim"
    if may_be_aside and await answered_aside(dialogue):
        put_again(step)
        return events_of(step)
    return None


async def _read(step: Step, asked: str) -> list[Event] | None:
    """Reads the message into the request and goes on with what it told; None where it told nothing."""
    turn, dialogue = step.turn, step.dialogue
    request, reader = dialogue.request, dialogue.reader
    before = copy.deepcopy(request.pieces())
    await read_answer(step, asked)
    same = request.pieces() == before
    if asked == "lines" and dialogue.question is None and same and reader.line_choices:
        return await _ask_among(step)
    if turn.intent == "stop" or reader.nothing_left:
        if same:
            await dialogue.leave()
        return await advanced(step)
    subject = str(request.question.get("subject") or "")
    absent = asked == "target" and (read := reader.targets.get(subject)) is not None and bool(read.wanted)
    if dialogue.question is not None or not same or (absent and turn.intent not in ("affirm", "deny", "stop")):
        goods_same = before["orders"] == request.orders and before["lines"] == request.lines
        return await advanced(step, noted=(asked in ("order", "lines") and goods_same) or asked == "recipient")
    return None


async def _yes_or_no(step: Step, kind: ChangeKind | None) -> list[Event] | None:
    """A yes or a no to what is proposed that told nothing besides, or the same asked for once more; else None.

    `kind` is what the message asks for.
    """
    turn, dialogue = step.turn, step.dialogue
    if dialogue.reader.restated and not step.says("affirm") and not step.says("deny"):
        # What is offered is said once more: it is shown once more.
        return await advanced(step)
    if step.says("affirm") and (all_of_it(turn.text) or not limits(turn.text)):
        await confirm(dialogue)
        return await advanced(step)
    if step.says("deny"):
        await dialogue.drop_proposals()
        ask_what_else(dialogue)
        return events_of(step)
    if kind is dialogue.kind and dialogue.request.proposals and step.is_request():
        # Asked for again, in other words: it is what is offered.
        put_again(step)
        return events_of(step)
    return None


async def _another_instead(step: Step, aim: Aim) -> list[Event] | None:
    """Another request in place of this one, where nothing of it would be lost; else None."""
    turn, dialogue = step.turn, step.dialogue
    if turn.intent == "cancel_return" and aim.other and dialogue.kind.wish in ("return", "exchange"):
        # Not wanting the return that is being asked for is leaving it.
        await dialogue.leave()
        return await advanced(step)
    request = dialogue.request
    nothing_told = not (request.orders or request.proposals or request.address)
    if aim.kind is not None and aim.waits_for(dialogue.kind) and step.is_request() and nothing_told:
        dialogue.say("utter_request_instead", request=turn.text)
        step.read_afresh(ChangeRequest(aim.kind.key, turn.message_id, turn.text))
        return await begin(step)
    return None


async def _ask_among(step: Step) -> list[Event]:
    """Several lines fit what was said: they are asked about; all of them: the question comes back."""
    dialogue = step.dialogue
    every = [line.key for number in dialogue.request.orders for line in dialogue.records.lines(number)]
    if set(every) <= set(dialogue.reader.line_choices):
        return ask_which(step)
    return await advanced(step)


async def _note_taste(step: Step, asked: str) -> list[Event]:
    """A size or a taste told in the middle: kept at once. It may be the answer too: "I take a 40"."""
    before = copy.deepcopy(step.dialogue.request.pieces())
    await note_taste(step.desk, step.dispatcher, step.turn)
    if not is_aside(step.turn.text):
        await read_answer(step, asked)
    if step.dialogue.question is not None or step.dialogue.request.pieces() != before:
        return await advanced(step)
    put_again(step)
    return events_of(step)
