"""An answer read into the pieces of the request: its order, its goods, the reason, the way to pay."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence

from actions.changes.goods_meant import read_goods, take_only_choice
from actions.changes.instead import bare_wish
from actions.changes.money_of_goods import names_other_goods
from actions.changes.orders_meant import read_orders
from actions.changes.other_pieces import read_other_pieces
from actions.changes.queueing import corrects
from actions.changes.request import ChangeRequest
from actions.changes.steps.again import put_again
from actions.changes.steps.elsewhere import go_over_to, order_meant_instead
from actions.changes.steps.questions import CORRECTED, NAMES_GOODS, NO_REQUEST, OFFERED, OTHER_ORDER, is_question
from actions.changes.steps.step import Step
from actions.changes.taking_orders import take_orders
from actions.changes.targets_meant import read_target
from actions.changes.ways_apart import Of, refund_way
from actions.resolver import parse_address
from actions.resolver.text import fold
from actions.return_follow_ups import says

_SAYS_NOTHING = frozenset({"affirm", "deny", "thank", "greet", "goodbye", "insult"})
"""No reason, however often it is said."""
_ASKS_ONLY = re.compile(
    r"\b(?:tell me|asked|asking|know|see)\b[^.;!?,]{0,20}\b(?:what|how|when|where|which|why)\b"
    r"|^\W*(?:and |so |but |ok )*(?:what|how|when|where|why)\b|多少|几时|什么时候|为什么",
    re.IGNORECASE,
)
"""What an order is spoken of for is a question."""
_ONLY_A_CARD = re.compile(
    r"\W*(?:(?:ok|okay|yes|just|please|pay|i['’]?ll pay|put it|charge|use|on|with|by|to) )*"
    r"(?:the |my )?(?:same |credit |debit |bank )?"
    r"(?:gift card|card|visa|mastercard|amex)(?:['’]?s)?(?: please| is fine| fine| ok(?:ay)?| then| will do| works)?\W*"
    r"|\W*(?:就|那)?(?:用|刷|走|从)?(?:我的)?(?:信用|银行|储蓄|礼品)?卡(?:付|支付|扣|上|就行|吧)*\W*",
    re.IGNORECASE,
)
_ASKS_TOTAL = re.compile(
    r"\b(?:what|how much)\b[^.;!?,]{0,40}\b(?:comes? to|total|add up|adds up|amount|cost)\b"
    r"|(?:一共|总共|总价|合计)[^，。]{0,6}多少",
    re.IGNORECASE,
)
_SWAPS = re.compile(r"\b(?:swap\w*|chang(?:e|ed|ing)|exchang\w*|switch\w*|replac\w*)\b|换|改成", re.IGNORECASE)
_SENDS_BACK = re.compile(r"\b(?:send(?:ing)?|sent|return(?:ing)?|bring(?:ing)?)\b|退货|退掉|寄回|退回去", re.IGNORECASE)
"""Goods go back, not only money."""


_SHORT = 30


async def read_answer(step: Step, asked: str) -> None:
    """Reads the message, said while `asked` is the question, into the request; it may ask, or say, something itself."""
    turn, dialogue = step.turn, step.dialogue
    request, reader = dialogue.request, dialogue.reader
    if dialogue.kind.about == "customer":
        await _read_own(step, asked)
        return
    numbers = [] if asked in dialogue.kind.names else step.turn.order_numbers
    if asked == "target" and not numbers and _is_choice(step) and await _read_target(step, _subject(request)):
        # A version by its price or its values is no order that comes to as much.
        return
    if asked != "order" and not numbers and (other := await order_meant_instead(step, asked)) is not None:
        await go_over_to(step, other)
        await read_other_pieces(reader, turn.text)
        return
    if asked == "order" or numbers or (OTHER_ORDER.search(turn.text) and not _ASKS_ONLY.search(turn.text)):
        read = await read_orders(reader, turn.text, numbers, asked=True)
        if asked == "order" or (read.sure and read.sure != request.orders):
            if read.sure or read.absent:
                request.forget_order()
                await take_orders(dialogue, read.sure, read.choices, read.absent, read.thing)
            if read.sure and dialogue.kind.lines == "ask" and not (request.lines or request.whole):
                # "Which order?" — "the scarf": what names the order names the goods too.
                await read_goods(reader, step.without_reason() or turn.text)
            elif read.sure and dialogue.kind.swaps and request.lines and _SWAPS.search(turn.text):
                # "Which order?" — "and the rug in cream": what tells the order is to be changed as well.
                await read_goods(reader, turn.text, correcting=True, add=True)
            await read_other_pieces(reader, turn.text)
            return
        if read.thing and not read.sure:
            # Named, and in none of the orders: what is offered of another one stays as it is.
            dialogue.say("utter_returns", answer=dialogue.wording.say("changes.ask.no_such_thing", words=read.thing))
            put_again(step)
            return
    if asked == "payment_method" and await read_payment_method(step):
        return
    if asked in OFFERED and _ASKS_TOTAL.search(turn.text):
        # "What does it come to without the lamp?" wants nothing of the lamp, nor of the others.
        return
    if asked == "target" and _subject(request) and await _read_target(step, _subject(request)):
        return
    await _read_own(step, asked)
    await dialogue.records.orders(request.orders)
    if asked == "lines":
        # "The scarf, I don't want it any more": why, beside which.
        await read_goods(reader, step.without_reason() or turn.text)
        await _look_elsewhere(step, numbers)
    elif asked in CORRECTED or asked == "target":
        # "It's a bit large" says why, and names no large one.
        said = (step.without_reason() if asked == "reason" else None) or turn.text
        await read_goods(reader, said, correcting=True)
    words = turn.intent not in _SAYS_NOTHING and not says("opened", fold(turn.text)) and not is_question(turn.text)
    if asked == "reason" and request.reason is None and request.in_vain and words:
        # Said twice in words of their own: that is a reason too.
        request.reason = "other" if "other" in dialogue.kind.reasons(step.policies) else None


async def read_payment_method(step: Step) -> bool:
    """The way to pay that is named; for a bare yes, or what is wanted said again, the one that comes first."""
    turn, dialogue = step.turn, step.dialogue
    if await dialogue.reader.payment_method(turn.text):
        return True
    wish = bare_wish(turn.text)
    agrees = step.says("affirm") or (wish is not None and wish == dialogue.kind.wish)
    return agrees and await dialogue.reader.usual_payment_method()


async def names_way_to_pay(step: Step) -> bool:
    """Whether a saved way to pay is named for a change that is paid, and not asked about: "rather with my Visa"."""
    dialogue, request = step.dialogue, step.dialogue.request
    if not dialogue.kind.pays or is_question(step.turn.text):
        return False
    before = request.payment_method
    named = await dialogue.reader.payment_method(dialogue.kind.way_words(step.turn.text))
    request.payment_method = before
    return named


def is_only_a_card(text: str) -> bool:
    """Whether a message says how it is paid, and nothing else."""
    return _ONLY_A_CARD.fullmatch(text) is not None


def sends_money_elsewhere(step: Step) -> bool:
    """Whether the message only says where money is to go, another way than so far."""
    dialogue = step.dialogue
    offered = dialogue.kind.refund_targets(step.policies)
    if not offered or _SENDS_BACK.search(step.turn.text):
        return False
    way: Of = "return" if dialogue.kind.goes_back else "change"
    reader = dialogue.reader
    found = refund_way(step.turn.text, offered, way, elsewhere=lambda clause: names_other_goods(reader, clause))
    return found.status == "one" and found.first != (dialogue.request.refund_target or "original")


def tells_own(step: Step, asked: str) -> bool:
    """Whether the message answers, or corrects, what this kind alone asks for."""
    dialogue = step.dialogue
    if asked == "address" and parse_address(step.turn.text) is not None:
        return True
    if not dialogue.kind.questions:
        return False
    if asked not in {*dialogue.kind.questions, "order", "lines", "confirmation", "revision"}:
        return False
    tried = copy.deepcopy(dialogue.request)
    dialogue.kind.read(step.turn.text, tried, dialogue.records)
    return tried.extras != dialogue.request.extras


async def _read_own(step: Step, asked: str) -> None:
    """The pieces that do not depend on an order, and the bare words where they are the answer."""
    dialogue, request = step.dialogue, step.dialogue.request
    before = dict(request.extras)
    await read_other_pieces(dialogue.reader, step.turn.text)
    if dialogue.kind.about == "customer" and asked in OFFERED:
        await dialogue.kind.takes(dialogue, asked)
    if asked in dialogue.kind.questions and request.extras == before and _may_be_bare(step):
        dialogue.kind.answered(step.turn.text, request)


def _may_be_bare(step: Step) -> bool:
    """Whether the message asks for nothing of its own: a name or a note alone looks like nothing a shop knows."""
    if step.turn.intent in ("affirm", "deny", "stop"):
        return False
    return step.turn.intent in {*NO_REQUEST, "out_of_scope"} or not step.is_request()


def _subject(request: ChangeRequest) -> str:
    """The line that is asked about."""
    return str(request.question.get("subject") or "")


def _is_choice(step: Step) -> bool:
    """Whether a message may be nothing but a choice: it neither corrects nor speaks of an order, nor asks."""
    text, request = step.turn.text, step.dialogue.request
    plain = not (OTHER_ORDER.search(text) or corrects(text) or is_question(text))
    return plain and bool(_subject(request)) and len(text) <= _SHORT


async def _read_target(step: Step, subject: str) -> bool:
    """What the line `subject` becomes; False where that is not told."""
    dialogue = step.dialogue
    await dialogue.records.orders(dialogue.request.orders)
    return await read_target(dialogue.reader, step.turn.text, subject)


async def _look_elsewhere(step: Step, numbers: Sequence[str]) -> None:
    """Goods named that the order does not have: "no, the scarf" is in another order, and that is said."""
    turn, dialogue = step.turn, step.dialogue
    request, reader = dialogue.request, dialogue.reader
    take_only_choice(reader)
    if request.lines or request.whole or reader.line_choices or not (reader.line_absent or _names_things(step)):
        return
    read = await read_orders(reader, turn.text, numbers, asked=True)
    if len(read.sure) != 1 or set(read.sure) & set(request.orders):
        return
    reader.line_absent = ""
    request.forget_order()
    await take_orders(dialogue, read.sure)
    await read_goods(reader, step.without_reason() or turn.text)
    take_only_choice(reader)
    view = await dialogue.records.order(read.sure[0])
    words = dialogue.wording
    names = words.listed(dialogue.names_of(request.lines)) or words.say("changes.that")
    state = words.say(f"orders.state.{view.state}")
    dialogue.say(
        "utter_returns", answer=words.say("changes.in_other_order", names=names, order=view.number, state=state)
    )


def _names_things(step: Step) -> bool:
    """Whether the message may be nothing but a name of goods, as the answer to which of them."""
    turn = step.turn
    if is_question(turn.text):
        return False
    names = {*NO_REQUEST, *NAMES_GOODS} - {"affirm", "deny", "stop"}
    return turn.intent in names or not step.is_request()
