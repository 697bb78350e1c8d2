"""Going on with a request until something is asked or all is done.

Other changes of the same order that were asked for with it come before or after it; what was noted of a purchase goes
into it.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from actions.changes.basket import sends as sends_it
from actions.changes.dialogue import ChangeDialogue
from actions.changes.going_back_too import gather_returns
from actions.changes.goods_meant import read_goods
from actions.changes.kinds import BY_INTENT, BY_KEY
from actions.changes.money_of_goods import with_money_of
from actions.changes.next_piece import advance
from actions.changes.one_change import fold_following, gather_items
from actions.changes.otherwise import KIND as AGAIN
from actions.changes.otherwise import Difference, differs, ordered_otherwise
from actions.changes.placing import send_to
from actions.changes.queueing import waiting
from actions.changes.request import ChangeRequest
from actions.changes.settled import forget_settled, is_settled
from actions.changes.several import ITEMS, Beside, chained, said_together, takes_items
from actions.changes.steps.outcome import events_of
from actions.changes.steps.questions import OTHER_ORDER, WAITS_IN_QUEUE
from actions.changes.steps.step import Step
from actions.changes.taking_orders import read_first
from actions.desk import Event


async def advanced(step: Step, *, noted: bool = False) -> list[Event]:
    """Goes on until something is asked or all is done, those requests included that follow from this one.

    `noted`: what was said is no answer to the question that stands, but was taken in: that is said before it.
    """
    await _take_together(step)
    await _order_otherwise(step)
    dialogue = step.dialogue
    if (sooner := _cancels_sooner(dialogue)) is not None and not dialogue.waits:
        await dialogue.drop_proposals()
        dialogue = step.read_afresh(sooner)
    if (beside := dialogue.beside) is not None:
        dialogue.beside = None
        dialogue = await _take_beside(step, beside)
    asked = dialogue.request.question.get("slot")
    await _gather(step, dialogue)
    await advance(dialogue)
    if noted and dialogue.question is not None and dialogue.question.slot == asked:
        said = step.dialogue.wording.say("changes.noted", question=dialogue.question.text)
        dialogue.question.again = dialogue.question.again or dialogue.question.text
        dialogue.question.text = said
    while dialogue.finished and dialogue.request.then:
        first, *rest = dialogue.request.then
        if is_settled(first, step.done):
            dialogue.request.then = rest
            continue
        if not dialogue.touched:
            # What was agreed to together is put once more where the first of it came to nothing.
            first, *rest = ({**each, "agreed": []} for each in (first, *rest))
        request = ChangeRequest.from_slot({**with_money_of(dialogue.request, first), "then": rest})
        assert request is not None  # noqa: S101 - `first` is one
        dialogue = step.read_afresh(request)
        if request.text and dialogue.kind.about == "order" and not request.orders:
            await read_first(dialogue, [])
        elif request.text and dialogue.kind.swaps and not request.targets:
            meant = dict(request.lines)
            await read_goods(dialogue.reader, request.text)
            if meant.keys() & request.lines.keys():
                # What else its words name was done before this.
                request.lines = {key: request.lines.get(key, count) for key, count in meant.items()}
                request.targets = {key: sku for key, sku in request.targets.items() if key in meant}
            # What else its words ask for was taken apart before: it is done, or waits already.
            dialogue.request.then = list(rest)
            if forget_settled(dialogue.request, step.done):
                dialogue.finish()
        await advance(dialogue)
    return events_of(step)


async def _gather(step: Step, dialogue: ChangeDialogue) -> None:
    """All that was asked of the order's items goes into their one change."""
    if dialogue.waits or dialogue.request.agreed:
        return
    noted = waiting(step.turn) if step.waiting is None else step.waiting
    left = await gather_returns(dialogue, await gather_items(dialogue, noted))
    if len(left) != len(noted):
        step.waiting = left
    await fold_following(dialogue)


async def _take_together(step: Step) -> None:
    """What the words that begin a request ask for of its order besides: before the items, or after this."""
    dialogue = step.dialogue
    if dialogue.waits or dialogue.request.together or not dialogue.request.orders:
        return
    dialogue.request.together = True
    await dialogue.records.orders(dialogue.request.orders)
    beside = await said_together(dialogue)
    dialogue.request.then += [each.as_slot() for each in beside.after]
    if beside.first:
        step.go_on_with(chained(beside.first, dialogue.request))


async def _order_otherwise(step: Step) -> None:
    """The same goods again with a difference are ordered as goods of their own."""
    dialogue = step.dialogue
    request = dialogue.request
    if request.kind == "place" and step.before is not None:
        await _send_where_noted(step)
        return
    if request.kind != AGAIN or len(request.orders) != 1 or dialogue.waits:
        return
    noted = waiting(step.turn)
    said = [(request.text, False)] if step.before is None or not request.question else [(step.turn.text, True)]
    difference, used = Difference(), list[str]()
    for text, correcting in [*said, *((str(each["text"]), False) for each in noted if _may_differ(each))]:
        found = await differs(dialogue, text, correcting=correcting)
        difference.add(found)
        used += [text] if found else []
    placed = await ordered_otherwise(dialogue, difference) if difference else None
    if placed is None:
        return
    await dialogue.drop_proposals()
    if step.waiting is None:
        step.waiting = [each for each in noted if str(each["text"]) not in used]
    await dialogue.reader.payment_method(BY_KEY["place"].way_words(step.turn.text))
    placed.payment_method = request.payment_method
    placed.then = request.then
    step.go_on_with(placed)


async def _send_where_noted(step: Step) -> None:
    """Where a purchase goes, which was noted as a request of its own: "send it to my office"."""
    dialogue = step.dialogue
    noted = waiting(step.turn)
    for each in noted:
        text = str(each["text"])
        if each.get("intent") == "place_order" or not sends_it(text) or OTHER_ORDER.search(text):
            continue
        before = dict(dialogue.request.extras)
        await send_to(dialogue, text)
        if dialogue.request.extras != before:
            step.waiting = [other for other in step.waiting or noted if other is not each]


async def _take_beside(step: Step, beside: Beside) -> ChangeDialogue:
    """What was noted of the order, once its change was agreed to: the items last, and all of them at once."""
    dialogue = step.dialogue
    request = dialogue.request
    step.waiting = beside.waiting
    if request.kind != ITEMS or not (beside.first or beside.after):
        return dialogue
    await dialogue.drop_proposals()
    for each in beside.after:
        takes_items(request, each)
    if not beside.first:
        request.question = {}
        return dialogue
    agreed = [] if beside.after else request.terms
    dialogue.say("utter_returns", answer=dialogue.wording.say("changes.first_this"))
    return step.go_on_with(chained(beside.first, request, agreed=agreed))


def _may_differ(noted: Mapping[str, Any]) -> bool:
    """Whether words that were noted may tell what is wanted otherwise: nothing that is done to an order does."""
    kind = BY_INTENT.get(str(noted.get("intent") or ""))
    return noted.get("intent") not in WAITS_IN_QUEUE and (
        kind is None or kind.key in ("address", "place", "change_items", "exchange", AGAIN)
    )


def _cancels_sooner(dialogue: ChangeDialogue) -> ChangeRequest | None:
    """The part to be cancelled of an order whose other lines are to be changed, with that change after it; else None.

    Shops allow one change of an order's items and nothing after it.
    """
    request = dialogue.request
    first = next((each for each in request.then if each["kind"] == "cancel" and each["orders"] == request.orders), None)
    if first is None or request.kind != "change_items" or _is_being_asked(request):
        return None
    later = copy.deepcopy(request)
    later.then, later.question, later.proposals, later.shown = [], {}, [], []
    others = [each for each in request.then if each is not first]
    # All that was to change may be called off by its condition.
    left = [] if dialogue.reader.nothing_left and not request.lines else [later.as_slot()]
    return ChangeRequest.from_slot({**first, "then": [*left, *others]})


def _is_being_asked(request: ChangeRequest) -> bool:
    """Whether a question of the items stands that is not answered yet: what is said next answers that first."""
    slot = request.question.get("slot")
    if slot == "payment_method":
        return request.payment_method is None
    told = {*request.targets, *request.also}
    return (slot == "lines" and not request.lines) or (slot == "target" and bool(request.lines.keys() - told))
