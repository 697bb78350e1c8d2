"""Which goods of the orders a message means, how many of each, and which of them stay."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from actions.changes.as_bought import says_as_bought, without_as_bought
from actions.changes.as_told import lines_of_told
from actions.changes.asked_beside import question_apart
from actions.changes.each_order import leave_untold, wishes_of_each
from actions.changes.every_piece import every_piece
from actions.changes.fallbacks import fallback_in
from actions.changes.goods_apart import take_elsewhere, tell_reasons_apart
from actions.changes.goods_beside import stays_beside
from actions.changes.goods_compared import compared_lines, without_choice_of_targets
from actions.changes.kind import NOT_SENT, ChangeKind
from actions.changes.kinds import BY_KEY
from actions.changes.only_told import only_told
from actions.changes.orders_left import all_meant, settle_orders
from actions.changes.part_corrected import corrects_a_part
from actions.changes.plainly_swaps import plainly_swaps
from actions.changes.portions import Part, apart_meant, limit_to, part_meant, take_apart
from actions.changes.reading import MORE, Reader
from actions.changes.request import Remark, all_left
from actions.changes.sentences_apart import without_sentences_of_others
from actions.changes.swapped_beside import without_swapped
from actions.changes.targets_meant import leave_too_dear, open_targets, remark_missed, take_by_target, variants_of
from actions.changes.turned_down import calls_off_plainly
from actions.changes.unless_dear import swaps_unless_dear
from actions.changes.version_refused import allowed, without_refused_version
from actions.changes.what_about import without_what_about
from actions.changes.which_order import unknown_object
from actions.changes.wished_so_far import without_values_wanted
from actions.changes.words_of_goods import goods_words
from actions.resolver import (
    ConditionKind,
    Focus,
    LineCandidate,
    LineRequest,
    Match,
    Reason,
    Resolution,
    TooDear,
    bare_rest,
    fewer,
    named_apart,
    order_words,
    read_apart,
    read_requests,
    resolve_lines,
    settle_requests,
    swaps_said,
    too_dear,
    without_order_words,
    without_where,
)
from actions.resolver.apposed_all import without_apposed_all
from actions.resolver.denied import affirmed
from actions.resolver.kept_apart import tells_what_stays
from actions.resolver.lines import line_pool, read_lines
from actions.resolver.one_of_each import pieces_of_each
from actions.resolver.part_by_part import read_part_by_part, unclear_between
from actions.resolver.portions import portions_apart

_BY_NAME: Final = frozenset({"name", "near_name"})
_WHOLE: Final = re.compile(r"\b(?:whole|entire|complete|full) (?=(?:[\w-]+ ){1,3}?order\b)", re.IGNORECASE)
"""Says nothing of which goods: "the whole bigger order, but keep the lamp"."""
_ORDERS_NUMBER: Final = re.compile(r"#?[A-Z]{0,3}-?\d{5,}")


async def read_goods(
    reader: Reader, text: str, *, correcting: bool = False, begins: bool = False, add: bool = False
) -> None:
    """Lines and targets, once the order is known.

    `add`: what is named comes to what was named before, whatever words join it. `begins`: these are the words that
    began the request; where they plainly want another kind, `rather` says which and nothing is taken.
    """
    request = reader.request
    if reader.kind.lines == "none" or not request.orders:
        return
    await reader.records.orders(request.orders)
    lines = [line for number in request.orders for line in reader.records.lines(number)]
    if not lines:
        return
    text = without_apposed_all(text, lines, today=reader.records.today)
    said = text
    if each := wishes_of_each(reader, text, _line_focus(reader, correcting=correcting)):
        reader.said_of = (said, lines)
        _take(reader, each, lines, add=add, correcting=correcting)
        _leave_orders(reader, lines)
        tell_reasons_apart(reader)
        return
    if not (reader.kind.swaps or correcting) and (
        gone := pieces_of_each(text, lines, request.lines, today=reader.records.today)
    ):
        request.lines, request.whole, reader.said_of = {**gone}, False, (said, lines)
        _leave_orders(reader, lines)
        return
    if begins:
        text = without_sentences_of_others(reader, text, lines)
    text = text if correcting else affirmed(_WHOLE.sub("", text))
    text = await without_refused_version(reader, text, lines)
    text = without_what_about(text) if correcting and not reader.kind.swaps else text
    compared = await compared_lines(reader, text, lines)
    # Another order has what it was compared with.
    lines = compared or lines
    if reader.kind.swaps and not correcting:
        text, asked = question_apart(text, lines, today=reader.records.today)
        reader.asked_beside = asked or reader.asked_beside
    text = goods_words(reader, text, lines)
    dear: TooDear | None = None
    taken_off = begins and reader.kind.wish in ("cancel", "return")
    if begins and not reader.kind.swaps and swaps_unless_dear(text, reader.kind.wish):
        reader.rather = BY_KEY["exchange"]
        return
    if taken_off and await plainly_swaps(reader, said, lines):
        reader.rather = BY_KEY["exchange"]
        return
    alike = next((each for each in (text, said) if says_as_bought(each)), "") if reader.kind.swaps else ""
    if reader.kind.swaps:
        text = without_as_bought(text)
        dear, text = too_dear(without_where(text))
    focus = _line_focus(reader, correcting=correcting)
    if reader.kind.swaps and await _take_apart(reader, text, lines, focus):
        return
    # "Keep this one, both of the others go": how many of the others there are is no part of them.
    others = bool(compared) and tells_what_stays(said)
    every_one = every_piece(text, lines, request, today=reader.records.today) if reader.kind.swaps else None
    if every_one is not None:
        text = every_one.text
        if every_one.alone and correcting:
            request.lines[every_one.key], request.whole, reader.restated = None, False, True
            request.also.pop(every_one.key, None)
            return
    part = part_meant(text, lines, request, focus=focus, today=reader.records.today, correcting=correcting)
    part = None if others or every_one is not None else part
    if part is not None:
        text = part.text
        if part.portion.alone:
            _limit_to(reader, part)
            reader.restated = True
            return
    own = without_choice_of_targets(text) if reader.kind.swaps else text
    wishes = read_requests(own, lines, focus=focus, today=reader.records.today)
    wishes = [_of_everything(wish, lines) for wish in wishes]
    if reader.meant_as is not None:
        wishes = [replace(each, wish=reader.kind.wish) if each.wish == reader.meant_as else each for each in wishes]
    if reader.kind.swaps:
        skus = [line.sku for line in lines if line.sku]
        variants = await variants_of(reader, wishes, lines)
        variants = {sku: allowed(found, reader.refused) for sku, found in variants.items()}
        if variants:
            wishes = read_requests(own, lines, variants=variants, focus=focus, today=reader.records.today)
        if len(lines) > 1 and any(wish.target is None or wish.target.status != "one" for wish in wishes):
            every = {sku: allowed(await reader.records.variants(sku), reader.refused) for sku in skus}
            apart = read_apart(text, lines, variants=every, focus=focus, today=reader.records.today)
            if not apart and unclear_between(wishes):
                apart = read_part_by_part(text, lines, variants=every, focus=focus, today=reader.records.today)
            wishes = apart or wishes
        every = {sku: allowed(await reader.records.variants(sku), reader.refused) for sku in skus}
        wishes = swaps_said(text, wishes, lines, variants=every, focus=focus, today=reader.records.today)
        before, wishes = wishes, settle_requests(wishes, failing=_too_late(reader, lines))
        _remark_kept(reader, before, wishes)
    elif reader.kind.wish == "cancel":
        sent = _too_late(reader, lines)
        if not sent and not any(each.wish == "cancel" or each.conditions for each in wishes):
            # "I don't want it, refund me", of what was not sent: calling it off is how the money comes back.
            wishes = [replace(each, wish="cancel") if each.wish == "return" else each for each in wishes]
        wishes = settle_requests(wishes, failing=sent)
    if reader.kind.wish in ("cancel", "return"):
        wishes = await without_swapped(reader, text, wishes, lines)
    reader.rather = _rather(reader, wishes, text) if begins else None
    if reader.rather is not None:
        return
    if compared and not reader.kind.swaps:
        matches = tuple(Match(line, 0.95, (Reason("comparative"),)) for line in compared)
        found = Resolution("one" if len(matches) == 1 else "many", matches, text)
        wishes = [LineRequest(wish=reader.kind.wish, lines=found)]
    if not wishes:
        found = resolve_lines(text, lines, focus=focus, today=reader.records.today)
        if found.status != "none" or found.asked_but_absent:
            wishes = [LineRequest(wish=None, lines=found)]
    if correcting and reader.kind.swaps:
        wishes = await without_values_wanted(reader, text, wishes)
    if told_of := only_told(text, wishes):
        wishes = [wish for wish in wishes if not {line.key for line in wish.lines.candidates} & told_of]
    if correcting:
        wishes = [wish for wish in wishes if wish.wish == "keep" or wish.target is not None or _names_goods(wish)]
    reader.said_of = (said, lines)
    offered = dict(request.targets) if correcting else {}
    beside = correcting and (MORE.search(text) is not None or corrects_a_part(request, wishes, text))
    _take(reader, wishes, lines, add=add or beside, correcting=correcting)
    if reader.kind.lines == "some" and not correcting:
        settle_orders(reader)
    if not correcting and not reader.line_choices:
        leave_untold(reader, said)
    tell_reasons_apart(reader)
    if reader.kind.lines == "some" and not request.lines and not reader.line_choices:
        _take_a_part(reader, text, lines)
    told = request.lines or request.whole or reader.line_choices or reader.line_absent
    if reader.kind.lines == "some" and reader.kind.wish == "cancel" and not (told or correcting) and len(lines) > 1:
        # What names nothing that is known is not all of the order.
        reader.line_absent = unknown_object(read_lines(text, line_pool(lines, focus), reader.records.today))
        if not reader.line_absent and fallback_in(said) is not None:
            # "… if you have it, otherwise cancel it" calls one thing off, whichever it is.
            reader.line_choices = [line.key for line in lines]
    if reader.kind.swaps and not correcting and not request.lines and len(lines) == 1:
        request.lines = {lines[0].key: None}
    if (
        reader.kind.swaps
        and not correcting
        and not request.lines
        and not reader.line_choices
        and not reader.line_absent
        and not reader.nothing_left
    ):
        pointed = await lines_of_told(reader, said, lines)
        if len(pointed) == 1:
            request.lines = {pointed[0].key: None}
        else:
            await take_by_target(reader, text, lines)
    if part is not None:
        _limit_to(reader, part)
    if every_one is not None and every_one.key in request.lines:
        request.lines[every_one.key] = None
    if reader.kind.swaps:
        await open_targets(reader, alike or text, wishes, correcting=correcting, offered=offered)
        if dear is not None:
            await leave_too_dear(reader, dear, text)


async def _take_apart(reader: Reader, text: str, lines: Sequence[LineCandidate], focus: Focus) -> bool:
    """Takes a variant for each piece of a line where the words want that: "a white one and a red one"."""
    request, today = reader.request, reader.records.today
    if not any(line.changeable > 1 for line in lines) or not portions_apart(text):
        return False
    every = {line.sku: await reader.records.variants(line.sku) for line in lines if line.sku}
    apart = apart_meant(text, lines, request, every, focus=focus, today=today)
    if apart is None:
        return False
    # One exchange takes a line once, one change of an order that was not sent as often as it has pieces.
    take_apart(apart, request, together=not reader.kind.goes_back)
    reader.targets.pop(apart.key, None)
    reader.restated = True
    return True


def _limit_to(reader: Reader, part: Part) -> None:
    """No more pieces of a line than were meant; the others are done with as was said of them."""
    line = reader.records.line(part.key)
    if line is None:
        return
    for each in reader.request.then:
        if part.key not in reader.request.lines and each["lines"].get(part.key, 0) is None:
            # "Cancel one of the two vacuums, and the kettle in glass": the pieces are those that go.
            each["lines"][part.key] = all_left(line, part.pieces)
            return
    view = reader.records.known(line.order)
    unsent = view is not None and view.state in NOT_SENT
    limit_to(
        part,
        reader.request,
        line,
        kind_of_rest="cancel" if unsent else "return",
        swapped_as="change_items" if unsent else "exchange",
    )


def take_only_choice(reader: Reader) -> None:
    """What words may have meant, as the answer to which: the one line, or each one that has words of its own."""
    if reader.line_choices and (len(reader.line_choices) == 1 or reader.named_apart) and not reader.request.lines:
        reader.request.lines, reader.request.whole = dict.fromkeys(reader.line_choices, None), False
        reader.line_choices = []


async def take_rest(reader: Reader, text: str) -> bool:
    """Takes the other lines, where a message names them and nothing else: those named before stay taken."""
    request = reader.request
    await reader.records.orders(request.orders)
    lines = [line for number in request.orders for line in reader.records.lines(number)]
    if reader.kind.lines == "none" or reader.kind.swaps or request.whole:
        return False
    if not bare_rest(without_order_words(text), lines, today=reader.records.today):
        return False
    spoken = [line.key for line in lines if line.key in reader.focus.lines] if not request.lines else []
    left = [line for line in lines if line.key not in spoken] or lines
    request.lines = {**{line.key: None for line in left}, **request.lines}
    return True


def _line_focus(reader: Reader, *, correcting: bool) -> Focus:
    request = reader.request
    shown = request.shown or list(request.lines)
    lines = list(request.lines)
    if reader.kind.lines == "ask" and not correcting:
        # Of an order as a whole "it" is the order.
        lines += [key for key in reader.focus.lines if key not in request.lines]
    return replace(reader.focus, orders=[*request.orders, *reader.focus.orders], lines=lines, shown=shown)


def _rather(reader: Reader, wishes: Sequence[LineRequest], text: str) -> ChangeKind | None:
    """The other kind that is plainly wanted of every line named: sent back, called off, or swapped for others."""
    if (
        not reader.kind.swaps
        and reader.kind.wish is not None
        and any(wish.wish in (None, "exchange") and wish.otherwise == reader.kind.wish for wish in wishes)
    ):
        # "The bookcase in brown, or else cancel it"
        return BY_KEY["exchange"]
    wished = {wish.wish for wish in wishes} - {"keep"}
    if reader.kind.any_wish or reader.kind.wish is None or len(wished) != 1:
        return None
    only = wished.pop()
    if (
        reader.kind.swaps
        and only in ("return", "cancel")
        and not any(wish.target is not None or wish.conditions for wish in wishes)
        and (any(wish.lines.matches for wish in wishes) or calls_off_plainly(text))
    ):
        return BY_KEY[only]
    if (
        not reader.kind.swaps
        and only == "exchange"
        and all(wish.target is not None for wish in wishes if wish.wish != "keep")
    ):
        return BY_KEY["exchange"]
    return None


def _too_late(reader: Reader, lines: Sequence[LineCandidate]) -> dict[str, ConditionKind]:
    """The lines that were sent already: "cancel it, or send it back if it's too late"."""
    if reader.kind.states and not reader.kind.states <= NOT_SENT:
        return {}
    views = {number: reader.records.known(number) for number in reader.request.orders}
    sent = {number for number, view in views.items() if view is not None and view.state in ("shipped", "delivered")}
    return {line.key: "too_late" for line in lines if line.key.rpartition("/")[0] in sent}


def _take(
    reader: Reader, wishes: Sequence[LineRequest], lines: Sequence[LineCandidate], *, add: bool, correcting: bool
) -> None:
    """Writes into the request which lines are meant by `wishes` and how many of each; what is in doubt is noted."""
    request = reader.request
    picked: dict[str, int | None] = {}
    kept: set[str] = set()
    stays: set[str] = set()
    told: set[str] = set()
    """Lines of which something was said without a wish."""
    everything = False
    for wish in wishes:
        if wish.wish == "keep":
            stays |= {line.key for line in wish.lines.candidates}
            kept |= stays
        elif not (reader.kind.any_wish or wish.wish in (None, reader.kind.wish) or _new_for_broken(reader, wish)):
            take_elsewhere(reader, wish)
            kept |= {line.key for line in wish.lines.candidates}
        elif wish.lines.sure:
            everything = everything or wish.lines.status == "all"
            said = request.quantity if len(wish.lines.matches) == 1 and not correcting else None
            for match in wish.lines.matches:
                quantity = match.quantity if match.quantity is not None else wish.quantity
                quantity = said if quantity is None else quantity
                if quantity is None and correcting:
                    # "The dear one" says which, and leaves how many of it as it was.
                    quantity = request.lines.get(match.candidate.key)
                stated = wish.wish is None and wish.target is None
                if stated and quantity is None and match.candidate.key in picked:
                    # "Two of the mugs go back. The mugs are chipped"
                    continue
                picked[match.candidate.key] = all_left(match.candidate, quantity)
                if stated:
                    told.add(match.candidate.key)
        elif (
            wish.lines.status == "unclear"
            and (reader.kind.any_wish or reader.kind.swaps or reader.kind.names_parts)
            and len(wish.lines.candidates) == 1
        ):
            # "Opened the box and the lamp is broken": beside it only things that are not the order's are named.
            # What something is swapped for is asked next, and the question names it.
            match = wish.lines.matches[0]
            picked[match.candidate.key] = all_left(match.candidate, match.quantity)
        elif wish.lines.status == "unclear" and _one_likely(reader, wish, lines, correcting=correcting):
            # "Drop one suitcase" of the one thing that is in the order; 其实就取消表 of all that was to be cancelled.
            match = wish.lines.matches[0]
            quantity = match.quantity if match.quantity is not None else wish.quantity
            picked[match.candidate.key] = all_left(match.candidate, quantity)
        elif correcting and len(request.orders) > 1 and _all_meant(reader, wish):
            # "Only the trainers", of both orders' trainers that are offered.
            picked |= {line.key: request.lines[line.key] for line in wish.lines.candidates}
        elif wish.lines.status == "unclear" and not (correcting and (request.lines or request.whole)):
            # Where nothing is taken yet, what is named makes nothing of all of the order.
            reader.line_choices += [line.key for line in wish.lines.candidates]
            reader.named_apart = len(wishes) == 1 and named_apart(wish.lines)
            counts = {match.quantity for match in wish.lines.matches} - {None}
            request.quantity = counts.pop() if len(counts) == 1 else request.quantity
        if wish.lines.asked_but_absent and not wish.lines.matches and not correcting:
            reader.line_absent = wish.lines.asked_but_absent[0].words
    # "My lamps came. Swap the red ones"
    wider = _wider_than_wished(wishes)
    picked = {key: quantity for key, quantity in picked.items() if key not in wider}
    for key in kept & told & picked.keys():
        # "Don't cancel the watch. The watch is lovely"
        del picked[key]
    if everything and not kept and all(quantity is None for quantity in picked.values()):
        request.whole, request.lines = True, dict.fromkeys((line.key for line in lines), None)
        if reader.kind.lines == "some":
            request.lines = {}
        return
    reader.restated = bool(picked)
    if picked:
        # "Keep one of the mugs" says nothing of the other lines: they stay as they were.
        partly = correcting and all(wish.kept_partly for wish in wishes if wish.wish != "keep")
        before = request.lines or (
            dict.fromkeys((line.key for line in lines), None) if request.whole or reader.kind.lines == "some" else {}
        )
        base = {key: quantity for key, quantity in before.items() if key not in kept} if partly else request.lines
        beside = correcting and stays_beside(reader, picked, kept)
        request.lines = {**base, **picked} if add or partly or beside else picked
        request.whole = False
    elif stays and not correcting and not reader.line_choices and _says_which_order(reader):
        # "Cancel the order but keep the lamps"
        request.lines = {line.key: None for line in lines if line.key not in kept}
        reader.restated = bool(request.lines)
    elif kept and correcting:
        before = all_meant(reader)
        left = {key: quantity for key, quantity in before.items() if key not in kept}
        reader.nothing_left = not left or not any(_names_goods(wish) for wish in wishes)
        if not reader.nothing_left:
            request.lines, request.whole = left, False
    if correcting:
        _leave_orders(reader, lines)
        # What other pieces become stays as it was where nothing is said of their line.
        request.also = {
            k: v for k, v in request.also.items() if k in request.lines and k not in picked and k not in kept
        }
    request.targets = {key: sku for key, sku in request.targets.items() if key in request.lines}
    for wish in wishes:
        if wish.target is not None and wish.target.status == "one" and wish.target.first.available:
            for line in wish.lines.candidates:
                if line.key in request.lines:
                    request.targets[line.key] = wish.target.first.sku
                    remark_missed(reader, line.key, wish.target)


def _new_for_broken(reader: Reader, wish: LineRequest) -> bool:
    """Whether what broke is to be exchanged for nothing else: how the fault is settled, and no change of its own."""
    return reader.kind.names_parts and wish.wish == "exchange" and wish.target is None and not wish.otherwise


def _one_likely(reader: Reader, wish: LineRequest, lines: Sequence[LineCandidate], *, correcting: bool) -> bool:
    """Whether words that may mean one line mean it: nothing else is there, or it is less than what is proposed."""
    if len(wish.lines.candidates) != 1 or wish.wish is None or wish.wish != reader.kind.wish:
        return False
    match, request = wish.lines.matches[0], reader.request
    if not correcting:
        return len(lines) == 1 and (match.quantity or wish.quantity) is not None
    within = request.whole or (match.candidate.key in request.lines and len(request.lines) > 1)
    return within and not request.targets and any(reason.kind in _BY_NAME for reason in match.reasons)


def _all_meant(reader: Reader, wish: LineRequest) -> bool:
    """Whether what a name may mean are the same goods of several orders, and all meant already."""
    lines = wish.lines.candidates
    same = len({line.titles[0] for line in lines if line.titles}) == 1
    named = all(reason.kind in _BY_NAME for match in wish.lines.matches for reason in match.reasons)
    return (
        same
        and named
        and len({line.order for line in lines}) == len(lines)
        and ({line.key for line in lines} <= reader.request.lines.keys())
    )


def _wider_than_wished(wishes: Sequence[LineRequest]) -> set[str]:
    """Lines of which something was said by their name alone, where a wish then names some of the same goods."""
    wanted = [wish for wish in wishes if wish.wish is not None or wish.target is not None]
    named = [line for wish in wanted if wish.lines.sure for line in wish.lines.candidates]
    titles = {title for line in named for title in line.titles[:1]}
    by_name = any(_names_goods(wish) and wish.lines.status != "all" for wish in wanted if wish.lines.sure)
    # "Both my orders haven't been sent. Cancel the two bikes": of everything nothing is wanted.
    every = {
        match.candidate.key
        for wish in wishes
        if wish not in wanted and by_name
        for match in wish.lines.matches
        if {reason.kind for reason in match.reasons} == {"everything"}
    } - {line.key for line in named}
    return every | {
        match.candidate.key
        for wish in wishes
        if wish not in wanted
        for match in wish.lines.matches
        if {reason.kind for reason in match.reasons} <= _BY_NAME and titles & set(match.candidate.titles[:1])
    } - {line.key for line in named}


def _says_which_order(reader: Reader) -> bool:
    """Whether an order was said to go, and not some of its goods."""
    text = _WHOLE.sub("", reader.request.text)
    said = order_words(text) or _ORDERS_NUMBER.search(text)
    return bool(said) and not reader.kind.swaps and not reader.kind.any_wish


def _take_a_part(reader: Reader, text: str, lines: Sequence[LineCandidate]) -> None:
    """Fewer pieces of something: of the line that has several, or of one that is asked for; never all of it."""
    part = fewer(text)
    if part is None or reader.request.whole:
        return
    several = [line for line in lines if line.changeable > 1 and part.of(line.changeable)]
    meant = several or list(lines)
    if len(several) == 1 or len(lines) == 1:
        reader.request.lines = {meant[0].key: all_left(meant[0], part.of(meant[0].changeable) or None)}
        return
    reader.line_choices = [line.key for line in meant]
    wanted = {part.of(line.changeable) for line in meant}
    reader.request.quantity = wanted.pop() if len(wanted) == 1 else None


def _leave_orders(reader: Reader, lines: Sequence[LineCandidate]) -> None:
    """Lets go of the orders of which no line is meant any more; of one that is meant whole nothing is listed."""
    request = reader.request
    if len(request.orders) < 2 or not request.lines:
        return
    request.orders = [number for number in request.orders if request.lines_of(number)]
    every = {line.key for line in lines if line.order in request.orders}
    if reader.kind.lines == "some" and request.lines.keys() == every and not any(request.lines.values()):
        request.whole, request.lines = True, {}


def _remark_kept(reader: Reader, before: Sequence[LineRequest], after: Sequence[LineRequest]) -> None:
    """Says of what stays because its condition holds why it stays; nothing is left where that is all."""
    decided = [new for old, new in zip(before, after, strict=True) if old.wish != "keep" and new.wish == "keep"]
    stays = {line.key for wish in decided for line in wish.lines.candidates}
    goes = {line.key for wish in after if wish.wish in ("cancel", "return") for line in wish.lines.candidates}
    for wish in before:
        if wish.wish not in ("cancel", "return") and wish.target is not None and wish.conditions:
            wanted = next((each.value for each in wish.target.asked_but_absent if each.value), wish.wanted)
            wanted = " / ".join(wish.target.first.options.values()) if wish.target.sure else wanted
            reader.failed |= dict.fromkeys(goes.intersection(line.key for line in wish.lines.candidates), wanted)
        absent = wish.target.asked_but_absent if wish.target is not None else ()
        wanted = next((each.value or each.words for each in absent), wish.wanted)
        if wish.wish != "keep" and wanted:
            for key in stays.intersection(line.key for line in wish.lines.candidates):
                reader.request.remarks.append(Remark("left", {"line": key, "wanted": wanted}))
    reader.nothing_left = bool(decided) and all(wish.wish == "keep" for wish in after)


def _of_everything(wish: LineRequest, lines: Sequence[LineCandidate]) -> LineRequest:
    """A wish with a condition that names no line is about all of them: "cancel it if it hasn't shipped, else …"."""
    nothing_named = wish.lines.status == "none" and not wish.lines.asked_but_absent
    if not wish.conditions or not nothing_named or wish.target is not None:
        return wish
    everything = tuple(Match(line, 0.85, (Reason("everything"),), None) for line in lines)
    return replace(wish, lines=replace(wish.lines, status="all", matches=everything))


def _names_goods(wish: LineRequest) -> bool:
    """Whether more than a pronoun says which lines: their names, options, numbers, or all of them."""
    return wish.lines.status == "all" or any(
        match.quantity is not None or any(reason.kind not in ("pronoun", "only") for reason in match.reasons)
        for match in wish.lines.matches
    )
