"""Another wish while something is asked: another kind of change, another order, or a request that has to wait."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from actions.changes.fallbacks import without_fallback
from actions.changes.faults import begins_claim
from actions.changes.goods_meant import read_goods
from actions.changes.instead import all_of_it, bare_wish, wish_instead
from actions.changes.kind import ChangeKind
from actions.changes.kinds import BY_INTENT, BY_KEY, is_same_wish
from actions.changes.orders_meant import read_orders
from actions.changes.proposing import confirm
from actions.changes.queueing import corrects
from actions.changes.reading import MORE
from actions.changes.said_of_each import names_goods
from actions.changes.several import PLACE, asks_where, before_sending, calls_off_more, joins
from actions.changes.steps.advancing import advanced
from actions.changes.steps.aims import kind_of, names_another_order, only_mentions, wants_none_of_them
from actions.changes.steps.beginning import begin_anew
from actions.changes.steps.confirming import names_whole_order, wants_it_back, widened
from actions.changes.steps.joining import answer_first, join, note_for_afterwards
from actions.changes.steps.pieces import tells_own
from actions.changes.steps.questions import CORRECTED, OFFERED, WAITS_IN_QUEUE, WHICH
from actions.changes.steps.step import Step
from actions.changes.taking_orders import re_aim, take_orders
from actions.changes.turned_down import calls_off_plainly, turned_down, turns_down
from actions.changes.wishes_of_goods import wishes_of_goods
from actions.desk import Event
from actions.resolver import without_order_words

_ASKS: Final = re.compile(
    r"[?？吗呢哪]|\b(?:where|when|why|how|has|have|is|isn't|did|didn't|will|still)\b|什么时候|啥时候|几时|几号|多久|怎么|还没|没有?收",
    re.IGNORECASE,
)
"""A question about an order, not its description: "the parcel that came last week"."""


@dataclass(frozen=True)
class Aim:
    """The kind of change that a message asks for by its intent, and how it stands to the one that is being made."""

    kind: ChangeKind | None
    """None where it asks for no change, or does nothing but name goods."""
    other: bool
    """It is surely another wish than the one that is open."""
    takes_over: bool
    """It may take the open one's place: both are about an order, or both about the account."""

    @property
    def leads_away(self) -> bool:
        """Whether it leads away from what is open, or may."""
        return self.kind is not None and (self.other or self.takes_over)

    def waits_for(self, kind: ChangeKind) -> bool:
        """Whether it is another wish that cannot take the place of `kind`."""
        if self.kind is None or not self.other:
            return False
        return not (self.kind.takes_over(kind) and self.kind.about == kind.about)


_YES_FIRST: Final = re.compile(
    r"^\W*(?:对的?|是的?|好的?|嗯+|行|可以|yes|yep|yeah|ok(?:ay)?|sure|right)[\s,，。.!！]+", re.IGNORECASE
)
"""对，取消: the verb alone, behind a yes."""


async def wished(step: Step, asked: str) -> list[Event] | None:
    """All of the order wanted, or a verb of another change alone; None where neither is said.

    The verb of what is proposed, and nothing else, is a yes.
    """
    turn, dialogue = step.turn, step.dialogue
    whole = asked == "confirmation" and (all_of_it(turn.text) or await names_whole_order(step))
    if whole and await widened(step):
        return await advanced(step)
    wish = bare_wish(turn.text) or bare_wish(_YES_FIRST.sub("", turn.text)) or wish_instead(turn.text)
    meant = dialogue.kind.wish or dialogue.kind.verb
    if wish is not None and asked == "confirmation" and wish == meant and dialogue.request.proposals:
        # "Cancel it then": the verb of what is proposed, and nothing else, is a yes.
        await confirm(dialogue)
        return await advanced(step)
    if wish is None and asked == "target":
        wish = await wants_none_of_them(step)
    kind = await kind_of(step, wish) if wish is not None else None
    bare = bare_wish(turn.text) is not None and not step.gives_reason()
    if kind is not None and kind is not dialogue.kind and (asked != "reason" or bare):
        await re_aim(dialogue, kind)
        return await advanced(step)
    return None


async def aim_of(step: Step, asked: str) -> Aim:
    """What the message is aimed at by its intent, while `asked` is the question."""
    turn, dialogue = step.turn, step.dialogue
    kind = BY_INTENT.get(turn.intent)
    if kind is not None and not turn.pressed and not begins_claim(kind, turn.text, turn.confidence):
        # Nothing is said to be wrong with anything.
        kind = None
    if kind is not None and kind is not dialogue.kind and not turn.pressed and turns_down(turned_down(turn.text), kind):
        # "I'm not cancelling! Send back the one that came": the verb behind a "not" is no wish.
        kind = None
    if kind is not dialogue.kind and await only_mentions(step):
        # Naming goods answers which are meant; it is no request, whatever it resembles.
        kind = None
    if kind is not None and kind.wish == "cancel" and dialogue.kind.moves and _of_an_address(turn.text):
        # "Don't drop the state" is said of the address, and calls nothing off.
        kind = None
    if kind is not None and dialogue.kind.takes_in(kind, turn.text):
        kind = dialogue.kind
    version = dialogue.kind.swaps and asked in {*OFFERED, "target"}
    if (
        version
        and kind is not None
        and kind.wish in ("cancel", "return")
        and not calls_off_plainly(without_fallback(turn.text))
    ):
        # A version is refused, not the thing.
        kind = None if await wants_none_of_them(step) is None else kind
    other = kind is not None and not is_same_wish(kind, dialogue.kind) and step.is_request()
    takes_over = kind is not None and other and kind.takes_over(dialogue.kind) and not wants_it_back(step)
    # What the account is about and what an order is about have nothing to take over from each other.
    takes_over = takes_over and kind is not None and kind.about == dialogue.kind.about
    if asked in ("order", "lines", "target") and step.gives_reason():
        # "The scarf, I don't want it any more": which one, and why.
        takes_over = False
    return Aim(kind, other, takes_over)


_PART_OF_ADDRESS: Final = re.compile(
    r"\b(?:states?|region|post ?code|zip(?: ?code)?|street|house number|city|town)\b|州|省份|邮编|门牌|街道|城市",
    re.IGNORECASE,
)


def _of_an_address(text: str) -> bool:
    return _PART_OF_ADDRESS.search(text) is not None and not calls_off_plainly(text)


_IN_ANOTHER = re.compile(
    r"^\W*(?:(?:ok|okay|yes|oh|then)\W+)*(?:and|also|plus|then)\b[^.;!?]*\border\b|^\W*(?:还有|另外|然后|再就是|对了)[^。；！？]*(?:单|订单)",
    re.IGNORECASE,
)
"""What is wanted of another order comes to what is being done."""


async def wants_another_order_too(step: Step, asked: str, aim: Aim) -> bool:
    """Whether the same, or another change, is wanted of another order besides."""
    turn, dialogue = step.turn, step.dialogue
    more = MORE.search(turn.text) or (aim.kind is not None and step.is_request())
    if asked == "reason" and more and await names_another_order(step, aim.kind or dialogue.kind):
        # "And the lamp, I don't want that either", of another order: no reason for sending these back.
        return True
    if (
        asked in ("target", "payment_method", "confirmation")
        and dialogue.request.lines
        and (_IN_ANOTHER.search(turn.text) or wishes_of_goods(turn.text))
        and not corrects(turn.text)
        and await names_another_order(step, dialogue.kind)
    ):
        return True
    besides = aim.kind is dialogue.kind and dialogue.request.proposals and MORE.search(turn.text) and step.is_request()
    # "And the rug's order too", beside what is offered of another one.
    return bool(besides) and await names_another_order(step, dialogue.kind)


def aim_beside_offer(step: Step, asked: str, aim: Aim) -> Aim:
    """`aim`, or what the words beside an offer are aimed at, whatever the model took them for."""
    text, kind = step.turn.text, step.dialogue.kind
    if asked in OFFERED and asks_where(text) and kind.about == "order" and not kind.moves:
        return Aim(BY_KEY["address"], other=True, takes_over=True)
    if asked in OFFERED and calls_off_more(text):
        return Aim(BY_KEY["cancel"], other=kind.key != "cancel", takes_over=aim.takes_over)
    return aim


async def turned_to(step: Step, asked: str, aim: Aim) -> list[Event] | None:
    """Goes over to what is wanted besides or instead; None where that is nothing, or has to wait."""
    turn, dialogue = step.turn, step.dialogue
    request, kind = dialogue.request, aim.kind
    if kind is not None and aim.leads_away and asked in (CORRECTED | WHICH) - {"order", "reason"}:
        joined = await join(step, kind, asked)
        if joined is not None:
            return joined
    if kind is None or not aim.takes_over or asked == "reason" or tells_own(step, asked):
        return None
    if await names_another_order(step, kind):
        anew = asked in ("revision", "alternative") or corrects(turn.text)
        return await begin_anew(step, kind) if anew else note_for_afterwards(step)
    if await _comes_to_place(step, kind):
        # Where it goes is offered, and something of its goods is wanted besides: neither is lost.
        return note_for_afterwards(step)
    await re_aim(dialogue, kind)
    if kind.about == "order" and not request.orders:
        # "Cancel the lamp's order": which one is said with it.
        read = await read_orders(dialogue.reader, turn.text, turn.order_numbers, asked=True)
        request.text = turn.text
        await take_orders(dialogue, read.sure, read.choices, read.absent, read.thing)
        return await advanced(step)
    await read_goods(dialogue.reader, turn.text, correcting=True)
    return await advanced(step)


async def _comes_to_place(step: Step, kind: ChangeKind) -> bool:
    """Whether some goods of an order are named for another change while it is offered where the order goes."""
    dialogue, request = step.dialogue, step.dialogue.request
    if (
        not request.proposals
        or request.kind not in PLACE
        or not joins(dialogue.kind, before_sending(kind), step.turn.text)
    ):
        return False
    await dialogue.records.orders(request.orders)
    lines = [line for number in request.orders for line in dialogue.records.lines(number)]
    return bool(names_goods(without_order_words(step.turn.text), lines, today=dialogue.records.today))


def put_off(step: Step, asked: str, *, told: bool) -> list[Event] | None:
    """A request with a form of its own: kept for afterwards, or answered first while no order was told; else None.

    `told`: the message tells of the goods, and looks like such a request for that alone.
    """
    turn = step.turn
    if turn.intent not in WAITS_IN_QUEUE or not step.is_request():
        return None
    if corrects(turn.text) and _ASKS.search(turn.text) is None:
        # "Not the delivered ones, the order I placed today": which is meant, and no question of where it is.
        return None
    if asked != "order" and not told and not tells_own(step, asked):
        return note_for_afterwards(step)
    if asked == "order" and not step.dialogue.request.orders and _ASKS.search(turn.text) is not None:
        return answer_first(step)
    return None
