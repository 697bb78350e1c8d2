"""Goods of one unsent order that are called off, changed or left beside what is asked or offered of others.

The shop changes an order's items once. So everything agreed so far stays in that one change, what comes to it is added
before anything is made, and what is called off comes before it.
"""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from typing import Any, Final

from actions.changes.agreeing import agreement
from actions.changes.goods_meant import read_goods
from actions.changes.reading import Reader
from actions.changes.request import ChangeRequest, all_left
from actions.changes.said_of_each import SaidOfEach, names_goods, said_of_each, without_bare_denials
from actions.changes.several import ITEMS
from actions.changes.steps.advancing import advanced
from actions.changes.steps.again import take_note
from actions.changes.steps.aims import names_another_order
from actions.changes.steps.elsewhere import order_meant_instead
from actions.changes.steps.questions import CORRECTED
from actions.changes.steps.step import Step
from actions.changes.turned_down import clauses_of
from actions.changes.words_of_goods import goods_words
from actions.desk import Event
from actions.resolver import resolve_variant

_ASKS: Final = re.compile(
    r"[?？吗]|\b(?:how much|what(?:['’]?s| is| are| does| do| would| will)|which|when|where|why|would it"
    r"|does it)\b|多少|几时|为什么|怎么",
    re.IGNORECASE,
)
_REQUESTS: Final = re.compile(
    r"\b(?:can|could|would) (?:you|i|we)\b|能不能|可以[^，。]*吗|能[^，。]*吗|[行好可以]吗", re.IGNORECASE
)
"""A question that wants something done."""
_SWAPS: Final = re.compile(r"\b(?:swap|chang|exchang|switch|replac)\w*\b|换|改", re.IGNORECASE)
_COMPANY: Final = re.compile(
    r"[，,\s]*(?:跟|和|同|与|随)[^，。；！？,]{1,12}?(?:一起|一块儿?|一并)(?:弄|办|处理|做|搞|提交|改)(?:了|吧|掉)?(?=$|[，。；！？,;!?.])"
    r"|[,\s]*\b(?:together|along|at the same time as|in one go) (?:with |as )?(?:the|my) [\w' -]{2,30}?(?=$|[,;.!?])",
    re.IGNORECASE,
)
"""What is done goes with something else, which is done as was said of it."""
_WHAT_ABOUT: Final = re.compile(r"\b(?:what|how) about\b(?:[^?.!,]{0,40}\?)?", re.IGNORECASE)

_FORGOTTEN: Final = re.compile(
    r"^\W*(?:(?:no|but|hey|oh|wait|and|sorry)\W+)*(?:you(?:['’]ve| have)? (?:forgot|forgotten|missed|left out)|(?:and )?don['’]?t forget)"  # noqa: E501
    r"(?: about)? (?=(?:the|my) )|^\W*(?:(?:不|哎|诶)[，, ]*)?你?(?:们)?(?:忘了|漏了|漏掉了?|别忘了?|忘记了?)(?=[\u4e00-\u9fff])",  # noqa: E501
    re.IGNORECASE,
)
"""What something is said with that should have been in the offer."""


async def each_told(step: Step, asked: str) -> list[Event] | None:
    """Takes what is said of each of several goods; None where a message says that of none, or of one and no other."""
    turn, dialogue = step.turn, step.dialogue
    request = dialogue.request
    if (
        request.kind not in (ITEMS, "cancel", "exchange")
        or len(request.orders) != 1
        or turn.pressed
        or turn.order_numbers
    ):
        return None
    if asked not in CORRECTED | {"target", "lines"} or agreement(turn.text) is not None:
        return None
    if _ASKS.search(_WHAT_ABOUT.sub(" ", turn.text)) and not _REQUESTS.search(turn.text):
        return None
    await dialogue.records.orders(request.orders)
    lines = dialogue.records.lines(request.orders[0])
    today = dialogue.records.today
    words = goods_words(dialogue.reader, _without_company(step, turn.text), lines)
    changing = [line.key for line in lines] if dialogue.kind.swaps else _changed_after(request)
    told = said_of_each(words, lines, focus=dialogue.focus, today=today, changing=changing)
    if told is not None and dialogue.kind.swaps:
        told = await _with_values_told(step, told)
    if told is not None and _only_others_stay(request, told):
        # What is asked or offered is of none of these.
        return take_note(step)
    if told is not None and asked == "confirmation" and _says_again(request, told, turn.text):
        await read_goods(dialogue.reader, told.swaps or turn.text, correcting=True, add=True)
        return await advanced(step)
    if told is None or not _concerns(request, told):
        return None
    if told.gone and request.kind == "exchange":
        return None
    if await names_another_order(step, dialogue.kind) or await order_meant_instead(step, asked) is not None:
        return None
    if asked == "payment_method":
        # "On the card, and the camera with a CF card": how it is paid is said apart from goods.
        apart = [clause for clause, _ in clauses_of(turn.text) if not names_goods(clause, lines, today=today)]
        await dialogue.reader.payment_method(" ".join(apart))
    return await (_beside_cancelling(step, told) if request.kind == "cancel" else _beside_items(step, told, asked))


def _without_company(step: Step, text: str) -> str:
    """`text` without what its wish only comes together with: "… along with the lamp", of a lamp that is changed."""
    dialogue = step.dialogue
    if dialogue.request.kind != ITEMS:
        return text
    text = _FORGOTTEN.sub("", text, count=1)
    lines = [line for key in dialogue.request.lines if (line := dialogue.records.line(key)) is not None]
    for found in _COMPANY.finditer(text):
        if names_goods(found[0], lines, today=dialogue.records.today):
            return text[: found.start()] + text[found.end() :]
    return text


def _says_again(request: ChangeRequest, told: SaidOfEach, text: str) -> bool:
    """Whether goods that are offered as others are said not to be called off, which they are not."""
    off = {key for each in request.then if each["kind"] == "cancel" for key in each["lines"]}
    offered = request.lines.keys() - off
    others = told.gone or told.kept or told.unswapped or told.becomes - request.lines.keys()
    meant = told.uncancelled | told.becomes
    denied = bool(told.uncancelled) or without_bare_denials(text) != text
    return request.kind == ITEMS and denied and bool(meant) and meant <= offered and not others


def _changed_after(request: ChangeRequest) -> list[str]:
    """The lines of the same order that become other versions after this request."""
    after = (each for each in request.then if each["kind"] == ITEMS and each["orders"] == request.orders)
    return [key for each in after for key in each["lines"] if key not in request.lines]


async def _with_values_told(step: Step, told: SaidOfEach) -> SaidOfEach:
    """`told` without further goods that are only named: what they become is said of those that come to the change."""
    dialogue = step.dialogue
    plain = set(told.becomes)
    for key in told.becomes - dialogue.request.lines.keys() if not _SWAPS.search(told.swaps) else ():
        line = dialogue.records.line(key)
        variants = await dialogue.records.variants(line.sku) if line is not None else []
        if line is None or resolve_variant(told.swaps, variants, current=line).said_nothing:
            plain.discard(key)
    return replace(told, becomes=frozenset(plain), swaps=told.swaps if plain else "")


def _concerns(request: ChangeRequest, told: SaidOfEach) -> bool:
    """Whether more is told than which goods of the one thing that is done are meant."""
    if request.kind == ITEMS:
        off = {key for each in request.then if each["kind"] == "cancel" for key in each["lines"]}
        return bool(told.gone) or bool(told.uncancelled & off) or _comes_to_it(request, told)
    if request.kind == "exchange":
        return _comes_to_it(request, told)
    return bool(told.swaps) or bool(told.gone.keys() - request.lines.keys() and request.lines)


def _only_others_stay(request: ChangeRequest, told: SaidOfEach) -> bool:
    """Whether nothing is said but that goods stay which the request has nothing to do with."""
    stays = told.kept | told.uncancelled | told.unswapped
    meant = {*request.lines, *(key for each in request.then for key in each["lines"])}
    return bool(stays and request.lines) and not (stays & meant or told.gone or told.swaps)


def _comes_to_it(request: ChangeRequest, told: SaidOfEach) -> bool:
    """Whether further goods are to become other versions, and those of before are not taken back."""
    return bool(told.becomes - request.lines.keys()) and bool(request.lines) and not told.corrects


async def _beside_items(step: Step, told: SaidOfEach, asked: str) -> list[Event]:
    """Calls off what is told to go, beside the change of the items, and keeps that change."""
    dialogue = step.dialogue
    request = dialogue.request
    before = _cancelled(request)
    same = (dict(request.lines), dict(request.targets))
    gone = _called_off(step, before, told)
    await dialogue.drop_proposals()
    for key in set(request.lines) & ({*told.gone} | told.kept | told.unswapped):
        line = dialogue.records.line(key)
        left = line.changeable - (gone[key] or line.changeable) if line is not None and key in gone else 0
        if left and (key in request.targets or key in request.also) and key not in told.unswapped | told.kept:
            # Some pieces go, the others become what was said of them.
            known = request.lines[key]
            request.lines[key] = min(known or left, left)
            continue
        del request.lines[key]
        request.targets.pop(key, None)
        request.also.pop(key, None)
    request.then = [each for each in request.then if not _is_cancelling(each, request)]
    further = _cancelling(step, gone)
    if told.swaps:
        await read_goods(dialogue.reader, told.swaps, correcting=True, add=True)
        request.then = [each for each in request.then if not _is_cancelling(each, request)]
    if not request.lines and not dialogue.reader.line_choices and asked != "lines" and further is not None:
        further.then = request.then
        step.go_on_with(further)
        return await advanced(step)
    if further is not None:
        request.then.append(further.as_slot())
    if asked in ("target", "lines", "payment_method") and not (asked == "payment_method" and request.payment_method):
        subject = request.question.get("subject") if asked == "target" else None
        stands = same == (request.lines, request.targets) or _only_asked(request, subject)
        return take_note(step) if stands else await advanced(step, noted=True)
    if further is not None:
        dialogue.say("utter_returns", answer=dialogue.wording.say("changes.first_this"))
    return await advanced(step)


async def _beside_cancelling(step: Step, told: SaidOfEach) -> list[Event]:
    """Changes what becomes another version, beside what is called off; that one is called off no more."""
    dialogue = step.dialogue
    request = dialogue.request
    number = request.orders[0]
    every = {line.key: None for line in dialogue.records.lines(number)}
    items = next((each for each in request.then if each["kind"] == ITEMS and each["orders"] == request.orders), None)
    changed = ChangeRequest.from_slot(copy.deepcopy(items))
    await dialogue.drop_proposals()
    if told.swaps:
        origin = f"{step.turn.message_id}:items"
        changed = changed or ChangeRequest(ITEMS, origin, told.swaps, orders=[number], together=True)
        reader = Reader(dialogue.records, changed, dialogue.focus)
        if items is not None and not changed.lines and changed.text:
            # What follows was not read yet: its goods stay beside those told now.
            await read_goods(reader, changed.text)
        await read_goods(reader, told.swaps, correcting=bool(changed.lines), add=True)
        changed.text = changed.text if changed.targets else told.swaps
        changed.then = [each for each in changed.then if not _is_cancelling(each, changed)]
    before = request.lines or (every if request.whole and not told.gone else {})
    before = {key: count for key, count in before.items() if key not in told.becomes}
    gone = _called_off(step, before, told)
    if changed is not None:
        for key in told.gone.keys() & changed.lines.keys() - told.becomes:
            del changed.lines[key]
            changed.targets.pop(key, None)
        changed = changed if changed.lines else None
    others = [each for each in request.then if each is not items]
    if not gone and changed is not None:
        changed.then = [*others, *changed.then]
        step.go_on_with(changed)
        return await advanced(step)
    request.then = [*([changed.as_slot()] if changed is not None else []), *others]
    request.whole = gone.keys() == every.keys() and not any(gone.values())
    request.lines = {} if request.whole else gone
    return await advanced(step)


def _only_asked(request: ChangeRequest, subject: str | None) -> bool:
    """Whether nothing but what was asked already is to be told yet."""
    return request.lines.keys() - {*request.targets, *request.also} == {subject}


def _called_off(step: Step, before: dict[str, int | None], told: SaidOfEach) -> dict[str, int | None]:
    """What is called off now: what was before, unless it stays or something else is said in its place, and what is new."""  # noqa: E501
    stays = told.kept | told.uncancelled
    kept = {} if told.corrects and told.gone else {key: n for key, n in before.items() if key not in stays}
    gone = {**kept}
    for key, pieces in told.gone.items():
        line = step.dialogue.records.line(key)
        if line is not None:
            gone[key] = all_left(line, pieces)
    return gone


def _cancelled(request: ChangeRequest) -> dict[str, int | None]:
    """What is called off after this request, of the same order."""
    return {key: n for each in request.then if _is_cancelling(each, request) for key, n in each["lines"].items()}


def _is_cancelling(each: dict[str, Any], request: ChangeRequest) -> bool:
    return bool(each["kind"] == "cancel" and each["orders"] == request.orders)


def _cancelling(step: Step, gone: dict[str, int | None]) -> ChangeRequest | None:
    """The request that calls these lines off; None where there are none."""
    if not gone:
        return None
    dialogue, turn = step.dialogue, step.turn
    number = dialogue.request.orders[0]
    every = {line.key for line in dialogue.records.lines(number)}
    whole = gone.keys() == every and not any(gone.values())
    origin = f"{turn.message_id}:gone"
    return ChangeRequest(
        "cancel", origin, turn.text, orders=[number], lines={} if whole else dict(gone), whole=whole, together=True
    )
