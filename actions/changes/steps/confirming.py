"""A yes to what is proposed, and words that want of it all that there is of the order."""

from __future__ import annotations

import re
from typing import Final

from actions.changes.agreeing import (
    Agreement,
    agreement,
    called_off_plainly,
    joins_on,
    returns_more,
    weighed,
    without_verb_again,
)
from actions.changes.buying_let_be import lets_buying_be, without_purchases
from actions.changes.goods_meant import read_goods
from actions.changes.instead import all_of_it, all_that_is_shown, limits
from actions.changes.kinds import BY_INTENT, BY_KEY, is_same_wish
from actions.changes.orders_meant import read_orders
from actions.changes.proposing import confirm
from actions.changes.queueing import said_now
from actions.changes.request import ChangeRequest
from actions.changes.several import before_sending, kind_beside
from actions.changes.steps.advancing import advanced
from actions.changes.steps.aims import names_another_order
from actions.changes.steps.joining import join
from actions.changes.steps.step import Step
from actions.changes.yes_all_the_same import without_doubt
from actions.desk import Event
from actions.details import number_key
from actions.farewells import says_farewell, without_farewell
from actions.resolver import order_words, read_requests, resolve_lines, without_order_words
from actions.resolver.text import fold
from actions.resolver.vocabulary import phrases

_BY_WISH: Final[dict[str | None, str]] = {"return": "return", "cancel": "cancel", "exchange": "exchange"}
_SHORT_YES: Final = 6
"""A yes of so many words (Han characters: twice that) holds nothing else that would have to be read."""
_MORE: Final = re.compile(
    r"\b(?:also|another|other|too|as well|more|second|then)\b|也|再|另|还有|第二|然后", re.IGNORECASE
)
_AGREES = re.compile(
    r"^\W*(?:(?:ok|okay|yes|yeah|sure|fine|great|perfect|good)\b"
    r"|(?:that'?s|that is|all|sounds|looks) (?:fine|good|great|ok|okay|right|perfect|correct)\b"
    r"|(?:那?就)?(?:这样|这么)(?:吧|办|定|可以|行|好)|就(?:这样|这么)了?\W*$|[行好可]|没问题|没毛病)",
    re.IGNORECASE,
)
"""How a yes begins that also ends the talk: "that's fine, thanks", "就这样吧"."""


def agrees(step: Step) -> bool:
    """Whether words that end a talk say yes to what is proposed: "行，就这样" begins no farewell here."""
    turn = step.turn
    if turn.intent not in ("goodbye", "thank", "praise") or not step.dialogue.request.proposals:
        return False
    if says_farewell(turn.text) and without_farewell(turn.text) in {"", *map(fold, phrases("heard"))}:
        # "Ok, bye" takes leave, and asks for nothing to be done.
        return False
    return turn.message.get("opening") == "affirm" or _AGREES.search(turn.text) is not None


async def do_agreed(step: Step) -> list[Event] | None:
    """A yes with something behind it: what was agreed to is done, then the rest; None where it is no such yes."""
    turn, dialogue = step.turn, step.dialogue
    said = without_doubt(turn.text)
    request, agreed = dialogue.request, agreement(without_verb_again(said, dialogue.kind.wish))
    if agreed is None or not request.proposals:
        return None
    if all_that_is_shown(agreed.plain):
        # "Yes, all of them": all that is shown.
        await confirm(dialogue)
        return await advanced(step)
    if not agreed.asks and lets_buying_be(agreed.plain) and without_purchases(request.then) != request.then:
        # "OK, forget the new order then": what was offered beside is not bought.
        request.then = without_purchases(request.then)
        await confirm(dialogue)
        return await advanced(step)
    if await _says_again(step, agreed):
        # "OK, cancel one keyboard", where just that is offered.
        await confirm(dialogue)
        return await advanced(step)
    weight = await weighed(agreed, dialogue)
    other = kind_beside(agreed.plain, turn.intent)
    if agreed.wish == "cancel" and dialogue.kind.swaps:
        # "Yes, and one of the bags can go", whatever that looks like.
        other = before_sending(BY_KEY["cancel"])
    if weight is not None and other is not None and not is_same_wish(other, dialogue.kind):
        beside = await join(step, other, "confirmation", agreed=True, said=called_off_plainly(agreed.plain))
        if beside is not None:
            return beside
    if not agreed.touches and not agreed.asks and await goes_on_elsewhere(step):
        # Of another order: what was agreed to is done, and the same, or what is said, follows there.
        kind = BY_KEY[_BY_WISH[agreed.wish]] if agreed.wish in _BY_WISH else dialogue.kind
        reason = request.reason if kind is dialogue.kind else None
        further = ChangeRequest(kind.key, f"{turn.message_id}:further", agreed.plain, reason=reason)
        request.then.append(further.as_slot())
        await confirm(dialogue)
        return await advanced(step)
    if weight == "both":
        await read_goods(dialogue.reader, agreed.plain, correcting=True, add=True)
        return await advanced(step)
    if weight is None:
        return None
    if weight == "in_turn":
        orders = list(request.orders)
        further = ChangeRequest(request.kind, turn.message_id, agreed.plain, orders=orders, reason=request.reason)
        request.then.insert(0, further.as_slot())
    await confirm(dialogue)
    events = await advanced(step)
    return events if weight == "in_turn" else [*events, said_now(turn, agreed.plain)]


async def _says_again(step: Step, agreed: Agreement) -> bool:
    """Whether what stands behind a yes only says once more what is offered: the same verb, goods and number."""
    dialogue, request = step.dialogue, step.dialogue.request
    if dialogue.kind.swaps or not request.lines or agreed.asks or agreed.touches or _MORE.search(agreed.plain):
        return False
    await dialogue.records.orders(request.orders)
    lines = [line for number in request.orders for line in dialogue.records.lines(number)]
    wishes = read_requests(agreed.plain, lines, focus=dialogue.focus, today=dialogue.records.today)
    if not wishes or any(wish.wish != dialogue.kind.wish or wish.target is not None for wish in wishes):
        return False
    for wish in wishes:
        for line in wish.lines.candidates:
            taken = request.lines.get(line.key, 0)
            if taken == 0 or (wish.quantity is not None and wish.quantity != (taken or line.changeable)):
                return False
    return {line.key for wish in wishes for line in wish.lines.candidates} == request.lines.keys()


async def goes_on_elsewhere(step: Step) -> bool:
    """Whether a yes goes on with goods of another order, or with some that go back: their money is not this one's."""
    agreed = agreement(step.turn.text)
    if agreed is None or agreed.touches or not joins_on(agreed):
        return False
    return returns_more(agreed, step.dialogue.kind) or await _names_goods_elsewhere(step)


async def _names_goods_elsewhere(step: Step) -> bool:
    """Whether goods are named that another order has, and this one's orders have not."""
    dialogue = step.dialogue
    if dialogue.kind.about != "order" or dialogue.kind.lines == "none" or not dialogue.request.orders:
        return False
    return await names_another_order(step, dialogue.kind)


def wants_it_back(step: Step) -> bool:
    """Whether "yes, refund me" is said where money is what is offered: no goods are to be sent back."""
    kind, request = step.dialogue.kind, step.dialogue.request
    about_money = kind.name.startswith("payment.") or request.extras.get("resolution") == "refund"
    if step.turn.message.get("opening") == "deny":
        # "No, I just want to send it back" is no yes.
        return False
    return about_money and step.turn.intent == "return_items" and bool(step.dialogue.request.proposals)


async def widened(step: Step) -> bool:
    """Takes all of the orders' lines where the request is about fewer; False where it is about all of them."""
    request, dialogue = step.dialogue.request, step.dialogue
    if dialogue.kind.lines == "none" or dialogue.kind.swaps or not request.lines:
        return False
    await dialogue.records.orders(request.orders)
    every: dict[str, int | None] = {
        line.key: None for number in request.orders for line in dialogue.records.lines(number)
    }
    if request.lines == every:
        return False
    request.whole, request.lines = True, every if dialogue.kind.lines == "ask" else {}
    return True


async def names_whole_order(step: Step) -> bool:
    """Whether what is offered for a part is wanted of the order as such: "no, I want to call off order 1234"."""
    request, turn = step.dialogue.request, step.turn
    if BY_INTENT.get(turn.intent) is not step.dialogue.kind or not step.is_request() or len(request.orders) != 1:
        return False
    lines = step.dialogue.records.lines(request.orders[0])
    if limits(order_words(turn.text)) or resolve_lines(
        without_order_words(turn.text), lines, today=step.dialogue.records.today
    ).status not in ("none", "all"):
        return False
    if any(number_key(each) == number_key(request.orders[0]) for each in step.turn.order_numbers):
        return True
    if not order_words(turn.text):
        return False
    read = await read_orders(step.dialogue.reader, turn.text, [], asked=True)
    return read.sure == request.orders


def is_plain_yes(step: Step) -> bool:
    """Whether the message is a yes, short enough to hold nothing else, and of all that is proposed."""
    if limits(step.turn.text) and not all_of_it(step.turn.text):
        return False
    length = sum(0.5 if "\u4e00" <= character <= "\u9fff" else 0 for character in step.turn.text)
    return step.says("affirm") and length + len(re.findall(r"[A-Za-z']+", step.turn.text)) <= _SHORT_YES / 2
