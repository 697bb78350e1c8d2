"""Another number of the same in an order: fewer are cancelled in part, more become an order of their own.

"4 mugs instead of 2" changes nothing that was ordered: shops add nothing to an order that is placed, and say so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from rasa_sdk.executor import CollectingDispatcher

from actions.changes.kind import NOT_SENT
from actions.changes.request import ChangeRequest, all_left
from actions.desk import Desk, Turn
from actions.resolver import LineCandidate, read_requests, resolve_lines, too_dear, without_order_words
from actions.resolver.plain_wishes import plain_wishes
from actions.resolver.prices_said import prices_said
from actions.resolver.resizing import Resized, resized

if TYPE_CHECKING:
    from actions.changes.dialogue import ChangeDialogue

_PIECES: Final = re.compile(
    r"(?<!\d)[.](?!\d)|[,;!?，。；！？\n]|\b(?:and|also|but|then|plus)\b|然后|还有|另外|顺便|并且|和"
)
_CALLS_OFF: Final = re.compile(
    r"\b(?:cancel|drop|remove|delete|scrap|take|return|refund)\w*\b|\bsend\w* (?:\w+ ){0,3}back\b|取消|去掉|删|退",
    re.IGNORECASE,
)
"""The number beside it is one of what is called off."""
_MORE_OF_IT: Final = re.compile(
    r"\b(?:more|another|second|one|two|three|\d{1,2}) of (?:them|those|these|it|that)\b(?! (?:is|are|was|were"
    r"|has|have|had|came|arrived|broke|\w+ing)\b)"
    r"|\b(?:add|put in|throw in) (?:another|one more|a second)(?: one)?(?: (?:too|as well|please|pls|for me))*\W*$"
    r"|再加[一两二三四五六1-9]?[个件条双只套台把张](?:一样的|同款的?|相同的|这个|这款)?(?:吧|好了|行吗|可以吗|行不行"
    r"|可以不)?\W*$",
    re.IGNORECASE,
)
"""More of the goods themselves, and no other thing, question or day more."""
_LEADING: Final = re.compile(r"\d+(?=\D|$)")
_LEAST_MEASURE: Final = 3
"""A smaller number in front of a unit counts pieces as well."""


async def resize(dialogue: ChangeDialogue, text: str) -> bool:
    """Takes another number of a line where `text` asks for it; whether it did.

    Fewer: the request becomes the cancellation, or of what was delivered the return, of those that are too many. More: what cannot be done is said, and the
    request becomes an order of what is missing. What else `text` wants of other lines comes with it, or after it.
    """  # noqa: E501
    request = dialogue.request
    if dialogue.kind.wish not in ("exchange", "cancel", "return") or not request.orders:
        return False
    views = await dialogue.records.orders(request.orders)
    lines = [line for view in views for line in dialogue.records.lines(view.number)]
    unsent = {view.number for view in views if view.state in NOT_SENT}
    sizes = await _sizes(dialogue, text, lines)
    # "If it is over $5 more" wants no five more.
    text = prices_said(too_dear(text)[1]).rest
    part, rest = _parted(text, sizes)
    wished = resized(part, sizes=sizes)
    goes = dialogue.kind.wish in ("cancel", "return")
    if wished is None or (goes and wished.more is None and _CALLS_OFF.search(part)):
        return False
    line = _meant(dialogue, part, lines, wished)
    if line is not None and rest.strip() and plain_wishes(text, lines, today=dialogue.records.today) != text:
        others_named = resolve_lines(rest, lines, today=dialogue.records.today).candidates
        if any(each.titles[:1] != line.titles[:1] for each in others_named):
            # "One is enough" is read as what goes, beside what is wanted of other goods.
            return False
    if line is None or wished.of(line.changeable) == line.changeable:
        return False
    wanted = wished.of(line.changeable)
    if wanted > line.changeable and request.targets:
        # What is offered stays: more of it is an order of its own, which is said and not begun.
        dialogue.say("utter_returns", answer=dialogue.wording.say("changes.place_not_added"))
        return True
    delivered = {view.number for view in views if view.state == "delivered"}
    if wanted < line.changeable and line.order not in unsent | delivered:
        return False
    others = read_requests(rest, lines, focus=dialogue.focus, today=dialogue.records.today) if rest.strip() else []
    dropped = {
        match.candidate.key: all_left(match.candidate, match.quantity)
        for each in others
        if each.wish == "cancel" and each.lines.sure
        for match in each.lines.matches
        if match.candidate.key != line.key
    }
    later: list[ChangeRequest] = []
    if any(each.wish == "exchange" for each in others):
        later.append(ChangeRequest("change_items", f"{request.origin}:resized", rest, orders=[line.order]))
    if wanted < line.changeable:
        dropped[line.key] = line.changeable - wanted
    else:
        dialogue.say("utter_returns", answer=dialogue.wording.say("changes.place_not_added"))
        later.insert(0, _order_of(request, line, wanted - line.changeable))
    if not dropped:
        first, *later = later
        request.kind, request.text = first.kind, first.text
        request.orders, request.lines, request.extras = first.orders, {}, first.extras
    else:
        request.kind, request.lines = "return" if line.order in delivered else "cancel", dropped
    request.targets, request.whole, request.quantity, request.question = {}, False, None, {}
    request.then = [*request.then, *(each.as_slot() for each in later)]
    return True


def more_of_done(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, done: Mapping[str, str]) -> bool:
    """Says that nothing is added to an order, where right after a change more of the same is wanted; else False."""
    if done.get("kind") not in ("change_items", "cancel") or not done.get("order") or not wants_more_of_it(turn.text):
        return False
    answer = desk.wording(turn.language).say("changes.place_not_added")
    dispatcher.utter_message(response="utter_account", answer=answer)
    return True


def wants_more_of_it(text: str) -> bool:
    """Whether a message wants more of what was just spoken of, by pointing: "add two more of them", 再加一个一样的."""
    wished = resized(text)
    return (
        wished is not None
        and bool(wished.more)
        and _MORE_OF_IT.search(text) is not None
        and not _CALLS_OFF.search(text)
    )


async def _sizes(dialogue: ChangeDialogue, text: str, lines: Sequence[LineCandidate]) -> set[str]:
    """The numbers that are values of the goods spoken of: "change the boots to a 9", "the 12 instead of the 8"."""
    words = re.sub(r"\d+", " ", without_order_words(text))
    named = resolve_lines(words, lines, focus=dialogue.focus, today=dialogue.records.today).candidates or lines
    values = {value.strip() for line in named for value in line.options.values()}
    for line in named:
        for each in await dialogue.records.variants(line.sku):
            values |= {value.strip() for value in each.options.values()}
    leading = {found.group() for value in values if (found := _LEADING.match(value)) is not None}
    return values | {number for number in leading if int(number) >= _LEAST_MEASURE}


def _parted(text: str, sizes: set[str]) -> tuple[str, str]:
    """The part of a message that wants another number, and the rest of it."""
    parts = [part for part in _PIECES.split(text) if part and part.strip()]
    sized = [part for part in parts if resized(part, sizes=sizes) is not None]
    if not sized or len(parts) == 1:
        return text, ""
    at = parts.index(sized[0])
    if (
        at
        and (told := f"{parts[at - 1]}, {sized[0]}")
        and (both := resized(told, sizes=sizes))
        and both.was is not None
    ):
        # "Two bikes, I only need one": of what was named just before.
        return told, ", ".join([*parts[: at - 1], *parts[at + 1 :]])
    return sized[0], ", ".join(part for part in parts if part is not sized[0])


def _meant(
    dialogue: ChangeDialogue, part: str, lines: Sequence[LineCandidate], wished: Resized
) -> LineCandidate | None:
    """The line of which there is to be another number; None where it is not plain which."""
    words = re.sub(r"[一二两三四五六七八九十\d]+[个件台块条双只套把张副盏支本部辆]|\d+", " ", without_order_words(part))
    found = resolve_lines(words, lines, focus=dialogue.focus, today=dialogue.records.today)
    named = (
        {line.key: line for line in found.candidates} if len(found.candidates) < len(lines) or len(lines) == 1 else {}
    )
    if not named:
        named = {line.key: line for line in lines if line.key in dialogue.request.lines}
    meant = list(named.values()) or list(lines)
    for narrowed in (
        [line for line in meant if line.changeable == wished.was],
        [line for line in meant if line.changeable > 1],
    ):
        meant = narrowed if len(meant) > 1 and narrowed else meant
    return meant[0] if len(meant) == 1 else None


def _order_of(request: ChangeRequest, line: LineCandidate, pieces: int) -> ChangeRequest:
    """An order of its own of more of a line's goods."""
    sku = line.sku or ""
    extras = {"product": line.product or sku, "sku": sku, "quantity": str(pieces)}
    extras |= {"title": line.titles[0]} if line.titles else {}
    return ChangeRequest("place", f"{request.origin}:more", "", extras=extras)
