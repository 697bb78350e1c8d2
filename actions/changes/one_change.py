"""All that is asked of the items of one order goes into its one change, or its one exchange, allowed once perhaps.

Whether it was said in one message or in several before the yes: each thing that is named with what it is to become is
taken in, and what it becomes is asked for where that is not plain. Nothing of it is left for after the change, when it
could not be done any more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from actions.changes.as_bought import as_bought, says_as_bought, without_as_bought
from actions.changes.asked_beside import only_asks
from actions.changes.conditions_held import price_limit_of, remember_condition
from actions.changes.dialogue import ChangeDialogue
from actions.changes.fallbacks import fallback_in
from actions.changes.goods_meant import read_goods
from actions.changes.kinds import BY_INTENT, BY_KEY
from actions.changes.reading import Reader
from actions.changes.request import ChangeRequest, all_left
from actions.changes.several import ITEMS, before_sending, is_of_its_order
from actions.changes.targets_meant import aim
from actions.resolver import LineCandidate, read_requests, resolve_lines, resolve_variant, without_order_words
from actions.resolver.other_orders import without_other_orders

GATHERED: Final = (ITEMS, "exchange")
"""Changes that a shop makes once: of the items before they are sent, of those that came with one postage for all."""
_CLAUSE: Final = re.compile(
    r"(?:(?!\s(?:and|plus)\s(?:the|my|both|also)\b|,\s|[.](?:\s|$))[^，。；;！!？?\n])+[？?]?", re.IGNORECASE
)
_NAMES: Final = ("name", "near_name", "category")
_BECOMES: Final = re.compile(
    r"\b(?:swap|chang|exchang|switch|replac|instead|becom|should be|to be|make)\w*\b|换|改|要(?!不要)", re.IGNORECASE
)
_SWAPS: Final = re.compile(r"\b(?:swap|chang|exchang|switch|replac)\w*\b|换|改(?!天)", re.IGNORECASE)
"""Another is wanted, whatever of: it is asked for where that is not understood."""
_STAYS: Final = re.compile(
    r"\b(?:without (?:any )?changes?|no changes?|(?:don['’]?t|do not|not to be) (?:change|touch|swap|exchange)\w*"
    r"|stays?|keep|keeping|leave|unchanged|untouched|fine|okay|as (?:it|they) (?:is|are))\b"
    r"|不[动变换改]|别[动换改]|留着|保留|照旧|照发|没问题",
    re.IGNORECASE,
)
_ELSEWHERE: Final = re.compile(
    r"\b(?:other|another|second|previous|older|earlier|delivered|arrived|last) (?:\w+ )?order\b|另一?[个张]?(?:订单|单)"
    r"|另外[那一]?[个张]?(?:订单|单)|其[他它]订单|[上前]一单",
    re.IGNORECASE,
)
"""It is said of another order."""
_SEARCHES: Final = frozenset({"search_products", "ask_availability", "inform", "nlu_fallback", "provide_details"})
"""What words that only name goods, and what they are to be like, read as."""


async def gather_items(dialogue: ChangeDialogue, noted: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Takes into a change of items what else was said of its order; what of `noted` is left to be done after it."""
    request = dialogue.request
    if request.kind not in GATHERED or len(request.orders) != 1 or not request.lines:
        return list(noted)
    await dialogue.records.orders(request.orders)
    whole = dialogue.turn.metadata.get("whole")
    said = str(whole.get("text") or "") if isinstance(whole, dict) else ""
    first = not request.gathered
    if said and said not in request.gathered and said.startswith(dialogue.turn.text):
        await _read_on(dialogue, said[len(dialogue.turn.text) :], first=first)
    for text in dict.fromkeys([said, request.text] if first else [said]):
        if text and text not in request.gathered:
            await _take_more(dialogue, text)
            request.gathered.append(text)
    left = []
    for each in without_taken(dialogue, noted):
        text = str(each["text"])
        of_its_own = each.get("said_now") or any(text in other for other in request.gathered)
        if of_its_own or not (
            _may_be_items(each)
            and await is_of_its_order(dialogue, BY_KEY[request.kind], text)
            and await _take_more(dialogue, text)
        ):
            left.append(each)
    return left


def without_taken(dialogue: ChangeDialogue, noted: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """`noted` without parts of messages that were read whole, which ask for nothing but what is in the change."""
    request = dialogue.request
    if request.kind not in GATHERED or len(request.orders) != 1 or not request.lines:
        return list(noted)
    return [
        each
        for each in noted
        if each.get("said_now")
        or not any(str(each["text"]) in other for other in request.gathered)
        or not _is_taken(dialogue, str(each["text"]), str(each.get("intent") or ""))
    ]


async def fold_following(dialogue: ChangeDialogue) -> None:
    """Takes into a change of items what was to follow it and is of the same items: it could not follow."""
    request = dialogue.request
    if request.kind not in GATHERED or len(request.orders) != 1:
        return
    await dialogue.records.orders(request.orders)
    same = [each for each in request.then if each["kind"] == request.kind and each["orders"] == request.orders]
    folded = [each for each in same if await _folded(dialogue, each)]
    request.then = [each for each in request.then if each not in folded]


async def _folded(dialogue: ChangeDialogue, following: dict[str, Any]) -> bool:
    request = dialogue.request
    further = ChangeRequest.from_slot(following)
    assert further is not None  # noqa: S101 - it is one
    if not further.targets and further.text:
        further.then = []
        reader = Reader(dialogue.records, further, dialogue.focus)
        wanted, further.lines = dict(further.lines), {}
        await read_goods(reader, further.text)
        further.lines = {key: wanted.get(key, pieces) for key, pieces in further.lines.items()} or wanted
    if not further.lines or further.lines.keys() - further.targets.keys():
        return False
    for key, sku in further.targets.items():
        line = dialogue.records.line(key)
        if line is None:
            return False
        pieces = request.lines.get(key)
        if key not in request.lines:
            request.lines[key], request.targets[key] = further.lines[key], sku
        elif pieces is not None and pieces < line.changeable and request.targets.get(key) != sku:
            left = line.changeable - pieces - sum(request.also.get(key, {}).values())
            if left > 0:
                request.also[key] = {**request.also.get(key, {}), sku: min(further.lines[key] or left, left)}
    return True


async def _read_on(dialogue: ChangeDialogue, rest: str, *, first: bool) -> None:
    """Reads what a message goes on to say of the one thing that it began with, or of the one that is still open."""
    request, reader = dialogue.request, dialogue.reader
    waiting = list(request.lines) if first else [key for key in request.lines if key not in request.targets]
    if len(waiting) != 1 or request.also or not rest.strip(" ,，.。"):
        return
    key = waiting[0]
    line = dialogue.records.line(key)
    if line is None:
        return
    said = ""
    for clause in _clauses(rest):
        if set(_named(dialogue, clause)) - {key}:
            break
        said = f"{said}, {clause}" if clause.isascii() else f"{said}，{clause}"
    variants = await dialogue.records.variants(line.sku)
    told = bool(said) and not resolve_variant(said, variants, current=line, focus=dialogue.focus).said_nothing
    conditions = fallback_in(said) is not None or price_limit_of(said)[0] is not None
    if not said or not (told or conditions) or _wishes(said, [line], dialogue) & {"return"}:
        return
    whole = f"{request.text}{said}" if first else said
    if first and not told:
        request.text = whole
        return
    found = resolve_variant(whole, variants, current=line, focus=dialogue.focus)
    if found.matches or found.asked_but_absent:
        request.text = whole if first else request.text
        request.targets.pop(key, None)
        reader.targets.pop(key, None)
        aim(reader, key, found)


async def reopen_targets(dialogue: ChangeDialogue) -> None:
    """Reads once more what was said of lines that were not asked about yet and are open still."""
    request, reader = dialogue.request, dialogue.reader
    if not dialogue.kind.swaps or len(request.orders) != 1:
        return
    asked = request.question.get("subject") if request.question.get("slot") == "target" else None
    for key in request.lines:
        known = key in request.targets or key in request.also or key in reader.targets or key == asked
        line = None if known else dialogue.records.line(key)
        if line is None:
            continue
        texts = request.gathered or [request.text]
        words = next((said[key] for text in reversed(texts) if key in (said := _words_of_each(dialogue, text))), "")
        if words:
            variants = await dialogue.records.variants(line.sku)
            found = resolve_variant(words, variants, current=line, focus=dialogue.focus)
            if found.matches:
                aim(reader, key, found)


def _words_of_each(dialogue: ChangeDialogue, text: str) -> dict[str, str]:
    """By line of the order: the clauses of `text` that name it alone, each with those behind it that name none."""
    number = dialogue.request.orders[0]
    if not says_as_bought(text):
        text = without_other_orders(text, dialogue.records.read(), [number], today=dialogue.records.today)
    said: dict[str, list[str]] = {}
    latest = ""
    for clause in _clauses(text):
        named = _named(dialogue, clause)
        if _ELSEWHERE.search(without_as_bought(clause)):
            latest = ""
        elif len(named) == 1:
            latest = named[0]
        elif named:
            latest = ""
        if latest:
            said.setdefault(latest, []).append(clause)
    return {
        key: ("，" if any("\u4e00" <= each <= "\u9fff" for each in clauses[0]) else ", ").join(clauses)
        for key, clauses in said.items()
    }


async def _take_more(dialogue: ChangeDialogue, text: str) -> bool:
    """Takes in the things of the order that `text` names with what they become; whether all it names is taken."""
    request = dialogue.request
    said = _words_of_each(dialogue, text)
    taken = bool(said)
    for key, words in said.items():
        line = dialogue.records.line(key)
        if line is None or key in request.lines or _is_seen_to(request, key):
            continue
        taken = await _take(dialogue, line, words) and taken
    return taken


async def _take(dialogue: ChangeDialogue, line: LineCandidate, words: str) -> bool:
    """Takes a thing in with what its words say that it becomes; whether they want it to become another."""
    request, reader = dialogue.request, dialogue.reader
    told, (dear, words) = words, price_limit_of(words)
    wishes = read_requests(words, [line], today=dialogue.records.today)
    wished = {wish.wish for wish in wishes}
    rest = _STAYS.sub(" ", words)
    if wished - {None, "exchange"} or only_asks(words) or (rest != words and not _BECOMES.search(rest)):
        return False
    variants = await dialogue.records.variants(line.sku)
    found = await as_bought(reader, words, line)
    found = found or resolve_variant(words, variants, current=line, focus=dialogue.focus)
    other = [each for each in found.asked_but_absent if each.kind != "current"]
    if not found.matches and not other and (found.asked_but_absent or not _SWAPS.search(rest)):
        return False
    counts = {match.quantity for wish in wishes for match in wish.lines.matches if match.candidate.key == line.key}
    quantity = next(iter(counts - {None}), None)
    request.lines[line.key] = all_left(line, quantity)
    if dear is not None:
        remember_condition(request, told)
    aim(reader, line.key, found)
    return True


def _is_seen_to(request: ChangeRequest, key: str) -> bool:
    """Whether a line stays for a reason that is told, or something else is done with it."""
    return any(each.values.get("line") == key for each in request.remarks) or any(
        key in each["lines"] or (each["kind"] == "cancel" and each["orders"] == request.orders and not each["lines"])
        for each in request.then
    )


def _is_taken(dialogue: ChangeDialogue, text: str, intent: str) -> bool:
    """Whether what was noted of a message that was read whole asks for nothing but what is in the change."""
    kind = BY_INTENT.get(intent)
    other = kind is not None and before_sending(kind).key not in (ITEMS, "cancel")
    if other or dialogue.request.kind not in GATHERED:
        return False
    named = {key for clause in _clauses(text) for key in _named(dialogue, clause)}
    lines = [line for key in (named or dialogue.request.lines) if (line := dialogue.records.line(key)) is not None]
    wished = _wishes(text, lines, dialogue)
    conditions = fallback_in(text) is not None or price_limit_of(text)[0] is not None
    return named <= dialogue.request.lines.keys() and (conditions or not wished & {"cancel", "return"})


def _wishes(text: str, lines: Sequence[LineCandidate], dialogue: ChangeDialogue) -> set[str]:
    """What words want of lines."""
    return {str(wish.wish) for wish in read_requests(text, lines, today=dialogue.records.today) if wish.wish}


def _may_be_items(noted: dict[str, Any]) -> bool:
    text, intent = str(noted["text"]), str(noted.get("intent") or "")
    kind = BY_INTENT.get(intent)
    if only_asks(text):
        return False
    return before_sending(kind).key == ITEMS if kind is not None else intent in _SEARCHES


def _clauses(text: str) -> list[str]:
    return [said for each in _CLAUSE.finditer(text) if (said := each[0].strip(" ,，"))]


def _named(dialogue: ChangeDialogue, clause: str) -> list[str]:
    """The lines of the order that a clause calls by name."""
    lines = dialogue.records.lines(dialogue.request.orders[0])
    found = resolve_lines(without_order_words(clause), lines, today=dialogue.records.today)
    return [m.candidate.key for m in found.matches if any(reason.kind in _NAMES for reason in m.reasons)]


__all__ = ["fold_following", "gather_items", "reopen_targets", "without_taken"]
