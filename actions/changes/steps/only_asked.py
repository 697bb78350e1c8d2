"""A question of fact while something is offered: it is answered, and what is offered stays as it is."""

from __future__ import annotations

import copy
import re
from typing import Final

from actions.changes.asides import answered_aside, aspect_of
from actions.changes.goods_meant import read_goods
from actions.changes.just_done import last_done
from actions.changes.kind import ChangeKind
from actions.changes.other_pieces import read_other_pieces
from actions.changes.plain_yes import begins_with_yes, is_sure_yes
from actions.changes.proposing import confirm
from actions.changes.questions_apart import (
    asks_price_of_version,
    asks_rest_price,
    fact_questions_apart,
    is_fact_question,
)
from actions.changes.queueing import said_now
from actions.changes.reading import Reader
from actions.changes.steps.advancing import advanced
from actions.changes.steps.again import ask_again, put_again
from actions.changes.steps.joining import note_for_afterwards
from actions.changes.steps.outcome import events_of
from actions.changes.steps.questions import ASKED_IN_BETWEEN, NO_REQUEST, WAITS_IN_QUEUE
from actions.changes.steps.step import Step
from actions.changes.turned_down import clauses_of, says_nothing
from actions.desk import Event
from actions.orders import order_status
from actions.resolver import resolve_variant
from actions.resolver.done_said import only_wants_to_know

_OFFERED: Final = ("confirmation", "payment_method")
_FIRST: Final = ("freight", "price", "target")
"""What has to be known before a yes counts: what it costs, and where the money goes."""
_OF_THE_OFFER: Final = re.compile(
    r"\bhow much\b|\b(?:refund\w*|charg\w+|costs?|pay\w*|money|fees?|full amount|get back)\b|\b(?:is|are|was|will) (?:it|that|this|they|those|these|i|we)\b"  # noqa: E501
    r"|\b(?:right|correct|sure)\s*\?|多少|退款|退[到回]|扣|收费|要钱|花钱|是不是|对[吧吗]|[是会]\w{0,8}吗",
    re.IGNORECASE,
)
"""A question of what is offered itself: the yes before it waits for the answer."""


def yes_before_question(text: str, kind: ChangeKind) -> bool:
    """Whether it is agreed to, and then something is asked: "Yep. What's the other one worth?"."""
    rest, asks = fact_questions_apart(text, swaps=kind.swaps)
    if not asks or not is_sure_yes(rest):
        return False
    if _OF_THE_OFFER.search(asks):
        return False
    return aspect_of(asks, "", 0.0, goes_back=kind.goes_back, swaps=kind.swaps) not in _FIRST


def only_asks_now(step: Step, asked: str) -> bool:
    """Whether the message only asks something while what would be done is offered."""
    turn, dialogue = step.turn, step.dialogue
    if asked not in _OFFERED or turn.pressed or dialogue.kind.about != "order" or not dialogue.request.orders:
        return False
    if dialogue.kind.lines == "none":
        return False
    swaps = dialogue.kind.swaps
    if not is_fact_question(turn.text, swaps=swaps):
        return False
    # "Why both? Just the lamp.": what stands beside the question is none.
    rest, _ = fact_questions_apart(turn.text, swaps=swaps)
    if yes_before_question(turn.text, dialogue.kind):
        return False
    return rest in ("", turn.text) or all(says_nothing(each) for each, _ in clauses_of(rest))


async def answer_in_between(step: Step) -> list[Event] | None:
    """Answers it where the offer knows; None leaves it to the rule for it. The offer comes back unchanged."""
    turn, dialogue = step.turn, step.dialogue
    told = await _rest_price(step) or await _price_of_version(step)
    if told:
        dialogue.say("utter_returns", answer=told)
        put_again(step)
        return events_of(step)
    if await answered_aside(dialogue):
        put_again(step)
        return events_of(step)
    if turn.intent in ASKED_IN_BETWEEN:
        return None
    if turn.intent in WAITS_IN_QUEUE and step.is_request():
        return note_for_afterwards(step)
    return None if turn.intent not in NO_REQUEST else ask_again(step)


async def yes_beside_question(step: Step, asked: str) -> list[Event] | None:
    """A yes beside what is only asked back, that says nothing otherwise than it is offered; else None."""
    turn, dialogue = step.turn, step.dialogue
    request = dialogue.request
    if asked not in _OFFERED or turn.pressed or dialogue.kind.about != "order" or not request.proposals:
        return None
    rest, to_answer = fact_questions_apart(turn.text, swaps=dialogue.kind.swaps)
    if not rest or rest == turn.text or not begins_with_yes(rest):
        return None
    tried = copy.deepcopy(request)
    reader = Reader(dialogue.records, tried, dialogue.focus)
    await read_goods(reader, rest, correcting=True)
    await read_other_pieces(reader, rest)
    if tried.pieces() != request.pieces():
        return None
    await confirm(dialogue)
    events = await advanced(step)
    return [*events, said_now(turn, to_answer)] if to_answer else events


async def told_only(step: Step, asked: str) -> list[Event] | None:
    """Takes back what was proposed to somebody who only asked, and tells what was done before, or how it stands."""
    turn, dialogue = step.turn, step.dialogue
    if asked != "confirmation" or turn.pressed or not only_wants_to_know(turn.text):
        return None
    orders, wording = list(dialogue.request.orders), dialogue.wording
    await dialogue.leave()
    done = last_done(turn)
    if done.get("told") and done.get("order") in orders:
        told = [wording.say("account.done_before", told=done["told"])]
        told += [wording.say("account.done_rest_stays")] * (not done.get("whole"))
    else:
        told = [order_status(view, wording) for view in await dialogue.records.orders(orders)]
    dialogue.say("utter_account", answer=wording.sentences(*told))
    return await advanced(step)


async def _rest_price(step: Step) -> str:
    """What stays of the order costs, once what is offered to go has gone; empty where that is not asked."""
    dialogue, request = step.dialogue, step.dialogue.request
    if not asks_rest_price(step.turn.text) or request.kind != "cancel" or len(request.orders) != 1 or not request.lines:
        return ""
    number = request.orders[0]
    view = await dialogue.records.order(number)
    left = 0
    for line in dialogue.records.lines(number):
        gone = request.lines.get(line.key, 0)
        pieces = 0 if gone is None else line.changeable - gone
        if pieces and line.unit_price_minor is None:
            return ""
        left += pieces * (line.unit_price_minor or 0)
    return dialogue.words("rest_price", amount=dialogue.wording.money(left, view.currency).text)


async def _price_of_version(step: Step) -> str:
    """How much more or less another version costs than the one that is offered; empty where that is not asked."""
    dialogue, request = step.dialogue, step.dialogue.request
    if not asks_price_of_version(step.turn.text) or len(request.targets) != 1:
        return ""
    key, sku = next(iter(request.targets.items()))
    view = await dialogue.records.order(key.rpartition("/")[0])
    line = dialogue.records.line(key)
    variants = await dialogue.records.variants(line.sku) if line is not None else []
    offered = next((each for each in variants if each.sku == sku), None)
    if offered is None or offered.price_minor is None:
        return ""
    found = resolve_variant(step.turn.text, variants, current=offered)
    if found.status != "one" or found.first.sku == sku or found.first.price_minor is None:
        return ""
    more = found.first.price_minor - offered.price_minor
    amount = dialogue.wording.money(abs(more), view.currency).text
    which = "more" if more > 0 else "less" if more < 0 else "same"
    name = dialogue.wording.listed(list(found.first.options.values()))
    return dialogue.words(f"version_price.{which}", name=name, amount=amount)
