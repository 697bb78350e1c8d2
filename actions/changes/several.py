"""Several changes of one order: what leaves it open comes before the change of its items, which may close it.

A shop may allow one change of an order's items and nothing after it. Where it goes, who receives it, how it is paid
and what is called off are therefore done first, whether they were said in one message, noted for afterwards, or said
while the change of the items waits for its yes.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from actions.changes.asked_beside import only_asks
from actions.changes.goods_meant import read_goods, take_only_choice
from actions.changes.kind import ChangeKind
from actions.changes.kinds import BY_INTENT, BY_KEY
from actions.changes.lines_told import with_lines_told
from actions.changes.on_file import changed_on_file
from actions.changes.one_by_one import KIND as ONE_BY_ONE
from actions.changes.orders_meant import read_orders
from actions.changes.other_piece_off import other_pieces_off
from actions.changes.other_pieces import read_other_pieces
from actions.changes.profile import BookAddress, is_default, keeps_in_book, moved_house
from actions.changes.reading import Reader
from actions.changes.request import ChangeRequest
from actions.resolver import (
    clauses_apart,
    names_saved_address,
    parse_address,
    read_apart,
    read_recipient,
    read_requests,
    where_said,
)
from actions.resolver.other_orders import without_other_orders
from actions.resolver.plain_wishes import plain_wishes
from actions.resolver.said_plainly import keeping_first
from shopdesk_schemas.changes import ProposalView

if TYPE_CHECKING:
    from actions.changes.dialogue import ChangeDialogue

ITEMS: Final = "change_items"
PLACE: Final = frozenset({"address", "recipient"})
_FAMILY: Final = frozenset({ITEMS, "cancel", "payment", *PLACE})
"""Changes that one order can have beside each other while it was not sent."""
_INSTEAD: Final = re.compile(
    r"\b(?:instead(?! of)|rather|never ?mind|forget|actually no|scrap that|not that)\b|算了|还是别|不[换改退]了|先不"
    r"|改成退",
    re.IGNORECASE,
)
"""What is wanted takes the place of what was."""
_WHERE_ASKED: Final = re.compile(
    r"\b(?:what|how) about (?:the |my )?(?:[\w']+ )?(?:address|home|work|office)\b"
    r"|\b(?:and|plus|also) (?:the |my )?(?:[\w']+ )?address\b"
    r"|(?:那|还有)?(?:收货|新)?地址(?:呢|还没|没改|也要)|(?:公司|家里?|父母家)(?:那个|的)?地址",
    re.IGNORECASE,
)
_MORE_TOO: Final = re.compile(r"\b(?:also|too|as well|and)\b|也|还有|一起|顺便", re.IGNORECASE)
_TOGETHER: Final = re.compile(r"[\s，,]*(?:一起|一块儿?|一并|\btogether)(?:吧|了|啊)?\W*$", re.IGNORECASE)
"""Behind what is named: it comes to the rest, and is not all of it."""
_OFF: Final = re.compile(r"\b(?:cancel|drop|remove|take out)\w*\b|取消|不要|删|去掉", re.IGNORECASE)
_OFF_PLAINLY: Final = re.compile(
    r"\b(?:cancel|drop|remov|delet|scratch|get rid)\w*\b|\b(?:take|leave|knock|strike|cut) (?:off|out)\b"
    r"|\b(?:take|leave|knock|strike|cut)\b[^.,;!?]{1,40}\b(?:off|out)\b|取消|不要|删|去掉|拿掉|撤掉",
    re.IGNORECASE,
)
_WHO_SAID: Final = re.compile(
    r"\b(?:recipient|addressee|receiver|name|phone|mobile|number|note|driver|courier)\b|收件|收货人|电话|手机|备注|留言|名字",
    re.IGNORECASE,
)


@dataclass
class Beside:
    """What is to be done of an order beside a change of it that was agreed to."""

    first: list[ChangeRequest] = field(default_factory=list)
    """Before the change of its items."""
    after: list[ChangeRequest] = field(default_factory=list)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    """What else was noted, and stays noted."""


def terms_of(offers: Sequence[ProposalView]) -> list[str]:
    """What offers would do, to tell whether another offer does the same."""
    return [
        json.dumps(
            [offer.kind, [each.model_dump() for each in offer.lines], [each.model_dump() for each in offer.moves]],
            sort_keys=True,
            default=str,
        )
        for offer in offers
    ]


def asks_where(text: str) -> bool:
    """Whether the address is asked after while an order's change waits: "and the office address?", 地址呢."""
    return _WHERE_ASKED.search(text) is not None


def calls_off_more(text: str) -> bool:
    """Whether something besides is not wanted any more: 围巾也不要了, "and drop the scarf too"."""
    return _OFF.search(text) is not None and _MORE_TOO.search(text) is not None


def before_sending(kind: ChangeKind) -> ChangeKind:
    """The kind that does the same while an order was not sent: an exchange is a change of its items then."""
    return BY_KEY[ITEMS] if kind.swaps else BY_KEY["cancel"] if kind.wish == "return" else kind


def joins(one: ChangeKind, other: ChangeKind, text: str) -> bool:
    """Whether another kind is wanted beside one that is being made, and not in its place."""
    families = [PLACE if kind.key in PLACE else {kind.key} for kind in (one, other)]
    within = one.key in _FAMILY and other.key in _FAMILY and families[0] != families[1]
    return within and _INSTEAD.search(text) is None


async def read_beside(dialogue: ChangeDialogue, kind: ChangeKind, text: str, place: int = 0) -> ChangeRequest | None:
    """The change of this kind that `text` asks of the dialogue's order; None where it does not plainly ask for one."""
    order = dialogue.request.orders[0]
    origin = f"{dialogue.turn.message_id}:beside{place}"
    request = ChangeRequest(kind.begun_as(text), origin, text, orders=[order], together=True)
    if request.kind not in _FAMILY:
        return None
    reader = Reader(dialogue.records, request, dialogue.focus)
    await dialogue.records.orders([order])
    if request.kind == ITEMS:
        await read_goods(reader, text)
        take_only_choice(reader)
        return request if request.lines and (request.targets or kind.key == ITEMS) else None
    if request.kind == "cancel":
        request.lines = await _called_off(dialogue, text)
        return request if request.lines else None
    await read_other_pieces(reader, text)
    if request.kind == "payment":
        return request if request.payment_method else None
    told = request.address or request.extras.keys() - {"part"}
    return request if told or reader.address_choices or asks_where(text) else None


async def _called_off(dialogue: ChangeDialogue, text: str) -> dict[str, int | None]:
    """The lines that are to be cancelled in so many words, where others stay."""
    order = await dialogue.records.order(dialogue.request.orders[0])
    lines = dialogue.records.lines(order.number)
    text = without_other_orders(text, dialogue.records.read(), [order.number], today=dialogue.records.today)
    text = clauses_apart(_TOGETHER.sub("", plain_wishes(keeping_first(text), lines, today=dialogue.records.today)))
    gone: dict[str, int | None] = {}
    if dialogue.request.kind == ITEMS:
        gone, text = other_pieces_off(dialogue.request, lines, text, today=dialogue.records.today)
    wishes = read_requests(text, lines, focus=dialogue.focus, today=dialogue.records.today) if text.strip() else []
    for wish in wishes:
        if wish.wish == "cancel" and wish.lines.status in ("one", "many"):
            gone |= {
                match.candidate.key: match.quantity if match.quantity is not None else wish.quantity
                for match in wish.lines.matches
            }
    return gone if len(gone) < len(lines) or any(gone.values()) else {}


async def said_together(dialogue: ChangeDialogue) -> Beside:
    """What the words that began a request ask for of the same order beside it."""
    request = dialogue.request
    beside = Beside()
    if request.kind == "address" and request.address.get("line1") and (kept := kept_too(request, request.text)):
        beside.after.append(kept)
    if len(request.orders) != 1 or request.kind not in _FAMILY or not request.text:
        return beside
    text = request.text
    if request.kind in PLACE:
        if gone := await _called_off_plainly(dialogue, text):
            beside.after.append(_further(dialogue, "cancel", text, lines=gone))
        if (items := await _swapped(dialogue, text)) is not None:
            beside.after.append(items)
        return beside
    if request.kind == "payment" or (request.kind == "cancel" and not request.lines):
        return beside
    where = where_said(text)
    typed = parse_address(text)
    whole = typed is not None and bool(typed.lines and typed.city)
    who = read_recipient(text)
    if (
        whole
        or (where and names_saved_address(where))
        or ((who.name or who.phone or who.note) and _WHO_SAID.search(text))
    ):
        read = await read_beside(dialogue, BY_KEY["address"], text if whole or not where else f"{where}\n{_who(text)}")
        if read is not None:
            (beside.first if request.kind == ITEMS else beside.after).append(read)
    return beside


def kept_too(request: ChangeRequest, text: str) -> ChangeRequest | None:
    """The address of a request as one to be kept in the address book too, where `text` asks for that; else None."""
    if not (moved_house(text) or keeps_in_book(text)) or not request.address.get("line1"):
        return None
    book = ChangeRequest(BookAddress.key, f"{request.origin}:book", text, address=dict(request.address))
    book.extras["do"] = "replace" if changed_on_file(text) else "add"
    if moved_house(text) or is_default(text):
        book.extras["is_default"] = "yes"
    return book


def _who(text: str) -> str:
    """The clauses of a message that say who receives it, under which number, with which note."""
    return "\n".join(part for part in re.split(r"[\n,，;；。]", text) if _WHO_SAID.search(part))


async def _called_off_plainly(dialogue: ChangeDialogue, text: str) -> dict[str, int | None]:
    return await _called_off(dialogue, text) if _OFF_PLAINLY.search(text) else {}


async def _swapped(dialogue: ChangeDialogue, text: str) -> ChangeRequest | None:
    """The items that become others in a message about something else, each with what it becomes."""
    order = dialogue.request.orders[0]
    request = _further(dialogue, ITEMS, text, lines={})
    await dialogue.records.orders([order])
    lines = dialogue.records.lines(order)
    variants = {line.sku: await dialogue.records.variants(line.sku) for line in lines if line.sku}
    goods = "，".join(
        part for part in re.split(r"[\n,，;；。]", clauses_apart(text).replace(where_said(text) or "\0", "")) if part
    )
    reading: dict[str, Any] = {"variants": variants, "focus": dialogue.focus, "today": dialogue.records.today}
    wishes = read_apart(goods, lines, **reading) or read_requests(goods, lines, **reading)
    for wish in wishes:
        if wish.wish == "exchange" and wish.lines.status == "one" and wish.target and wish.target.status == "one":
            line, becomes = wish.lines.first, wish.target.first
            named = any(reason.kind not in ("pronoun", "only") for reason in wish.lines.matches[0].reasons)
            if becomes.available and becomes.sku != line.sku and named:
                request.lines[line.key], request.targets[line.key] = wish.quantity, becomes.sku
    return request if request.lines else None


def _further(dialogue: ChangeDialogue, kind: str, text: str, *, lines: dict[str, int | None]) -> ChangeRequest:
    number = dialogue.request.orders[0]
    origin = f"{dialogue.turn.message_id}:{kind}"
    return ChangeRequest(kind, origin, text, orders=[number], lines=lines, together=True)


async def noted_beside(dialogue: ChangeDialogue) -> Beside:
    """What was noted for afterwards and is about the order of this request."""
    request, beside = dialogue.request, Beside()
    noted = list(dialogue.turn.tracker.get_slot("queue") or [])
    if dialogue.beside is not None:
        # Some of it is in this request already.
        noted = [each for each in noted if each in dialogue.beside.waiting]
    if len(request.orders) != 1 or request.kind not in _FAMILY:
        return Beside(waiting=noted)
    for place, each in enumerate(noted, start=1):
        text = str(each["text"])
        kind = kind_beside(text, str(each.get("intent") or ""))
        kind = None if only_asks(text) else kind
        read = None
        text = text if kind is None else await with_lines_told(text, kind, dialogue.records)
        if kind is not None and await is_of_its_order(dialogue, kind, text):
            read = await read_beside(dialogue, kind, text, place)
        if read is None or (read.kind == request.kind and read.kind != ITEMS):
            beside.waiting.append(each)
        elif request.kind == ITEMS and read.kind == ITEMS:
            # What is offered already has the word that came last of the same goods.
            if not read.lines.keys() <= request.lines.keys():
                beside.after.append(read)
        elif request.kind == ITEMS:
            _merge(beside.first, read)
        else:
            _merge(beside.after, read)
    return beside


def kind_beside(text: str, intent: str) -> ChangeKind | None:
    """The kind of change of an unsent order that a message beside another one asks for; None where for none."""
    kind = BY_INTENT.get(intent)
    if kind is not None and before_sending(kind).key in _FAMILY:
        return before_sending(kind)
    where = where_said(text)
    if asks_where(text) or (where and names_saved_address(where)):
        return BY_KEY["address"]
    return None


async def is_of_its_order(dialogue: ChangeDialogue, kind: ChangeKind, text: str) -> bool:
    """Whether no other order is named in what was noted."""
    tried = ChangeRequest(kind.key, dialogue.request.origin, text)
    read = await read_orders(Reader(dialogue.records, tried, dialogue.focus), text, [], asked=True)
    return not read.sure or read.sure == dialogue.request.orders


def _merge(requests: list[ChangeRequest], more: ChangeRequest) -> None:
    """Where it goes and who receives it are one change."""
    same = next((each for each in requests if each.kind in PLACE and more.kind in PLACE), None)
    if same is None:
        requests.append(more)
        return
    same.kind = "address" if "address" in (same.kind, more.kind) else same.kind
    same.address.update(more.address)
    same.extras.update(more.extras)
    same.text = f"{same.text}\n{more.text}"


def chained(first: Sequence[ChangeRequest], last: ChangeRequest, *, agreed: Sequence[str] = ()) -> ChangeRequest:
    """The first of `first`, after which the others and then `last` follow. `agreed`: what it was agreed `last` does."""
    later = copy.deepcopy(last)
    following, later.then = list(later.then), []
    later.question, later.proposals, later.shown, later.agreed = {}, [], [], list(agreed)
    chain = [*(each.as_slot() for each in first[1:]), later.as_slot(), *following]
    begun = ChangeRequest.from_slot({**first[0].as_slot(), "then": [*first[0].then, *chain]})
    assert begun is not None  # noqa: S101 - it is one
    return begun


def takes_items(request: ChangeRequest, more: ChangeRequest) -> None:
    """Other items of the same order that change become part of the one change of its items."""
    request.lines |= more.lines
    request.targets |= more.targets


def what_follows(request: ChangeRequest) -> list[str]:
    """What follows a change of an order, as keys under `changes.remark`."""
    beside = any(each["kind"] in _FAMILY and each["orders"] == request.orders for each in request.then)
    kept = any(each["kind"] == BookAddress.key for each in request.then)
    moved = request.kind == BookAddress.key and any(each["kind"] == "address" for each in request.then)
    on_file = request.kind == BookAddress.key and request.extras.get("do") == "replace"
    others = any(
        each["kind"] == request.kind == ONE_BY_ONE and each["orders"] != request.orders for each in request.then
    )
    told = (
        ("on_file", on_file),
        ("others_follow", others),
        ("comes_after", beside),
        ("kept_after", kept),
        ("moved_after", moved),
    )
    return [key for key, follows in told if follows]
