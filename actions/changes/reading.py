"""Words into the pieces of a change: which orders, which lines of them, what they become, where to, why.

Every function reads what a message says and writes what it is sure of into the request; what is in doubt comes back
for a question. Nothing here asks or answers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from actions.changes.address_corrections import completed, corrected, missing_of
from actions.changes.kind import NOT_SENT, ChangeKind
from actions.changes.kinds import BY_KEY, KINDS
from actions.changes.reasons_apart import words_about
from actions.changes.records import (
    ORDERS_READ,
    Records,
    address_candidate,
    address_details,
    address_of,
    method_candidate,
)
from actions.changes.request import ChangeRequest, Remark, all_left
from actions.changes.windows import left_out, still_possible
from actions.crm_client import CrmNotFound
from actions.details import number_key
from actions.resolver import (
    AddressCandidate,
    ConditionKind,
    Focus,
    LineCandidate,
    LineRequest,
    Match,
    Reason,
    Resolution,
    Span,
    VariantCandidate,
    Wish,
    address_of_order,
    bare_rest,
    clauses_apart,
    compared,
    fewer,
    names_saved_address,
    order_words,
    parse_address,
    read_apart,
    read_recipient,
    read_requests,
    resolve_address,
    resolve_lines,
    resolve_orders,
    resolve_payment_method,
    resolve_reason,
    resolve_refund_target,
    resolve_variant,
    settle_requests,
    without_order_words,
    without_price_reason,
    without_where,
)
from shopdesk_schemas.crm import OrderSummary

MORE = re.compile(
    r"\b(?:also|too|as well|in addition|add|plus|while (?:you'?re|we'?re|i'?m) at it)\b"
    r"|也|还有|再加|加上|一起|另外|顺便|顺带|顺手",
    re.IGNORECASE,
)
"""What is named now comes to what was named before."""
_MONEY_VERB = re.compile(r"(?:(?:钱|款)?(?:退款?|返|打|转|放|充)(?:回|到|进|至|在|给)?(?:我的?)?)?$")
"""What is done with money before where it goes: the return of no goods."""
_POINTS = frozenset({"comparative", "pronoun", "only", "ordinal", "exclusion", "everything"})
"""Reasons for an order that its goods, its day or its state have no part in."""
_SHORTEST_NUMBER: Final = 3
"""Shorter numbers count pieces."""
_SIZE_FOR: Final = {"too_small": "a size up", "too_large": "a size down"}
"""What people want who find a thing too small or too large, as the resolver reads it."""
_MONEY_BACK: Final = re.compile(
    r"\b(?:give|get|send|pay|have|want)\s+(?:me\s+)?(?:all\s+)?(?:of\s+)?(?:my|the) (?:money|cash)(?:\s+back)?\b"
    r"|(?:把|将)?(?:我的?)?(?:钱|款)(?:都|全部?)?(?:还|退|返)(?:给|回)?我",
    re.IGNORECASE,
)
"""What is wanted of the money sends no goods back: "cancel it and give me my money back"."""
_DIFFERENCE = re.compile(
    r"[^,.;，。；\n]*(?:\b(?:price )?difference\b|\bpay (?:any )?(?:extra|more)\b|差价|差额|补钱|补的钱)[^.;。；\n]*",
    re.IGNORECASE,
)
"""Where what is paid on top comes from."""


@dataclass
class OrdersRead:
    """Which orders a message means. `choices` are to be chosen from; `absent` is a number that is not the shopper's."""

    sure: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    absent: str | None = None
    thing: str = ""
    """Words for goods that none of the orders has."""
    pointed: bool = False
    """Only pointed at or compared, not named: something named elsewhere in the message is meant before it."""
    mismatched: bool = False
    """The goods are there, though not as they were described: another order may have just those."""


@dataclass
class TargetRead:
    """Why a line has no target yet: nothing was said, several fit (`choices`), or there is none (`wanted`)."""

    choices: list[str] = field(default_factory=list)
    wanted: str = ""
    instead: list[str] = field(default_factory=list)
    edge: str = ""
    """Which end was reached, where it is the last on that side: `size_max` of the largest."""
    current: bool = False
    """What was named is what the shopper has."""


class Reader:
    """Reads messages into one request."""

    def __init__(self, records: Records, request: ChangeRequest, focus: Focus) -> None:
        self._records = records
        self._request = request
        self._focus = focus
        self.line_choices: list[str] = []
        """Lines that may have been meant."""
        self.named_apart = False
        """Whether each of `line_choices` was named by words of its own, though not surely."""
        self.line_absent: str = ""
        """Words for a line that is not there."""
        self.rather: ChangeKind | None = None
        """The kind that everything said of the lines asks for, where it is another one than was understood."""
        self.restated = False
        """Whether lines or targets were named, whatever they were before."""
        self.fits_none: str = ""
        """Words for what is wanted instead that no line of the order comes in."""
        self.targets: dict[str, TargetRead] = {}
        """By line, why its target is open."""
        self.address_choices: list[str] = []
        self.elsewhere = False
        """Lines are wanted for a request of their own, by their condition."""
        self.nothing_left = False
        """Everything that was to change is to stay as it is."""
        self.meant_as: Wish | None = None
        """What was said for what this kind does: "send it back" of what has not arrived."""
        self._said_of: tuple[str, Sequence[LineCandidate]] = ("", ())
        """The words that were read last for lines, and the lines."""
        self._expected: str | None = None
        """The order spoken of just now, where another kind does what is wanted of it."""
        self._spoken: dict[str, str] = {}
        """Messages without the words for where money goes, which name no goods."""

    @property
    def kind(self) -> ChangeKind:
        """The request's."""
        return BY_KEY[self._request.kind]

    # Orders

    async def orders(self, text: str, numbers: Sequence[str], *, asked: bool) -> OrdersRead:
        """The orders that a message means. `numbers` are those it names; `asked`: which order was the question."""
        summaries = await self._records.summaries()
        text = self._spoken.get(text, text)
        numbers = [number for number in numbers if not self.kind.names_no_order(text, number)]
        if numbers:
            read = await self._numbered(await self.kind.named(numbers, self._records), summaries)
            if read.sure or read.absent:
                return read
        text = self.kind.order_words(text)
        fit = await self._fitting(summaries)
        self._expected = None
        first = next((each for each in summaries if each.number in self._focus.orders[:1]), None)
        listed = len({each.number for each in summaries} & {*self._focus.shown}) > 1
        # The first of a list that was shown is not spoken of by that alone.
        if first is not None and not (asked or listed) and self.kind.suited(first) != self.kind.key:
            # What was just spoken of is meant, though another kind does it: "I don't want it any more, refund me".
            self._expected = first.number
        meant = (fit or summaries)[:ORDERS_READ]
        if not meant:
            return OrdersRead()
        refused = self._refused_focus(summaries, meant) if not asked else None
        if len(meant) > 1 or asked or self._expected is not None or refused is not None:
            told = await self._told(text, meant)
            if (told is None or told.thing or told.pointed or told.mismatched) and len(meant) < len(summaries):
                # What is named out loud is meant, though it is not usual: the CRM says what is possible.
                others = await self._told(text, summaries[:ORDERS_READ], out_loud=True)
                named = others is not None and len(others.sure) == 1 and not others.mismatched
                told = others if named else told
            if (told is None or told.pointed) and (described := await self._described(text, meant, summaries)):
                return described
            if told is not None:
                return told
        else:
            # The one order for which it is possible, unless another is named by its goods: "call off the bottle's".
            others = await self._told(text, summaries[:ORDERS_READ], out_loud=True) if len(summaries) > 1 else None
            if others is not None and len(others.sure) == 1:
                return others
            if described := await self._described(text, meant, summaries):
                return described
        if asked:
            return OrdersRead()
        if self._expected is not None:
            return OrdersRead([self._expected])
        if refused is not None:
            # What was just spoken of does not allow it: the CRM says why. Another order is never taken silently.
            return OrdersRead([refused])
        if len(meant) == 1:
            return OrdersRead([meant[0].number])
        known = {each.number for each in meant}
        spoken = next((number for number in self._focus.orders if number in known), None)
        return OrdersRead([spoken]) if spoken else OrdersRead(choices=[each.number for each in meant])

    def _refused_focus(self, summaries: Sequence[OrderSummary], meant: Sequence[OrderSummary]) -> str | None:
        """The order just spoken of, where it is none of those that allow it, and not cancelled."""
        first = next((each for each in summaries if each.number in self._focus.orders[:1]), None)
        if first is None or first.state == "cancelled":
            return None
        return None if any(each.number in self._focus.orders for each in meant) else first.number

    async def _described(
        self, text: str, meant: Sequence[OrderSummary], summaries: Sequence[OrderSummary]
    ) -> OrdersRead | None:
        """The order described by goods ("the sofa order") that none of the usual ones has: no other stands in for it.

        The one that had them, cancelled goods included, so that the CRM says why it is past changing; else nobody's.
        """
        described = order_words(text)
        if not described:
            return None
        await self._records.orders([each.number for each in summaries[:ORDERS_READ]])
        lines = [line for each in summaries[:ORDERS_READ] for line in self._records.lines(each.number, gone=True)]
        named = resolve_lines(described, lines, focus=self._focus, today=self._records.today)
        inside = {match.candidate.order for match in named.matches if not _only_points(match)}
        if inside:
            return OrdersRead([*inside]) if len(inside) == 1 and named.sure else None
        thing = next((absent.words for absent in named.asked_but_absent if absent.kind == "thing"), "")
        return OrdersRead(choices=[each.number for each in meant], thing=thing) if thing else None

    async def _fitting(self, summaries: Sequence[OrderSummary]) -> list[OrderSummary]:
        possible = await self.kind.candidates(self._records)
        if possible is not None:
            return [each for each in summaries if each.number in possible]
        fit = [each for each in summaries if self.fits(each)]
        if fit:
            return await still_possible(self.kind, fit, self._records)
        return [each for each in summaries if each.state in self.kind.else_states]

    async def any_fits(self, summaries: Sequence[OrderSummary]) -> bool:
        """Whether there is an order of which this kind is usual."""
        return bool(await self._fitting(summaries))

    def fits(self, order: OrderSummary) -> bool:
        """Whether an order is in a state in which this kind, or the one that does the same there, is usual."""
        wish = self.kind.wish
        if self.kind.swaps:
            return any(order.state in kind.states for kind in KINDS if kind.wish == wish)
        return order.state in self.kind.states

    async def _numbered(self, numbers: Sequence[str], summaries: Sequence[OrderSummary]) -> OrdersRead:
        by_key = {number_key(each.number): each.number for each in summaries}
        read = OrdersRead()
        for number in numbers:
            known = by_key.get(number_key(number))
            if known is None:
                try:
                    known = (await self._records.order(number)).number
                except CrmNotFound:
                    # A house's number is none of an order, nor is "order 4 mugs".
                    no_order = self.kind.moves or len(number_key(number)) < _SHORTEST_NUMBER
                    read.absent = read.absent or (None if no_order else number)
                    continue
            if known not in read.sure:
                read.sure.append(known)
        if read.sure:
            read.absent = None
        return read

    async def _told(self, text: str, meant: Sequence[OrderSummary], *, out_loud: bool = False) -> OrdersRead | None:
        """What the words say of `meant`. `out_loud`: by goods, days or states only, not by comparing and pointing."""
        candidates = await self._records.order_candidates([each.number for each in meant])
        if self.kind.lines != "none" and (kept := left_out(text)):
            # "All but the scarf" is said of the order that has the scarf.
            lines = [line for each in candidates for line in each.lines]
            held = resolve_lines(kept, lines, focus=self._focus, today=self._records.today)
            inside = list(dict.fromkeys(match.candidate.order for match in held.matches))
            if held.status != "none" and inside:
                return OrdersRead(inside) if len(inside) == 1 else OrdersRead(choices=inside)
        shown = self._request.shown or self._focus.shown
        focus = replace(self._focus, shown=shown)
        found = resolve_orders(text, candidates, focus=focus, today=self._records.today)
        pointed = bool(found.matches) and _only_points(found.matches[0])
        if found.sure and not (out_loud and pointed):
            numbers = [each.number for each in found.candidates]
            if len(numbers) == 1 or self.kind.several_orders:
                return OrdersRead(numbers, pointed=pointed)
            return OrdersRead(choices=numbers)
        lines = [line for each in candidates for line in each.lines]
        named = resolve_lines(text, lines, focus=focus, today=self._records.today)
        inside = list(dict.fromkeys(match.candidate.order for match in named.matches))
        if out_loud and all(each.kind in _POINTS for match in named.matches for each in match.reasons):
            # "The last order": of lines it tells as little.
            inside = []
        if named.status in ("one", "many", "unclear") and inside:
            if len(inside) == 1:
                other = named.status == "unclear" and any(each.kind == "value" for each in named.asked_but_absent)
                return OrdersRead(inside, pointed=all(map(_only_points, named.matches)), mismatched=other)
            return OrdersRead(choices=inside)
        if found.status == "unclear":
            return OrdersRead(choices=[each.number for each in found.candidates])
        thing = next((absent.words for absent in named.asked_but_absent if absent.kind == "thing"), "")
        if thing and not named.matches:
            return OrdersRead(choices=[each.number for each in meant], thing=thing)
        return None

    # Lines and what they become

    async def order_pieces(
        self, text: str, *, correcting: bool = False, begins: bool = False, add: bool = False
    ) -> None:
        """Lines and targets, once the order is known.

        `add`: what is named comes to what was named before, whatever words join it. `begins`: these are the words that
        began the request; where they plainly want another kind, `rather` says which and nothing is taken.
        """
        request = self._request
        if self.kind.lines == "none" or not request.orders:
            return
        await self._records.orders(request.orders)
        lines = [line for number in request.orders for line in self._records.lines(number)]
        if not lines:
            return
        said = text
        text = without_price_reason(without_order_words(self.kind.goods_words(self._spoken.get(text, text))))
        text = clauses_apart(_MONEY_BACK.sub(" ", text))
        if self.kind.swaps:
            text = without_where(text)
        focus = self._line_focus(correcting=correcting)
        wishes = read_requests(text, lines, focus=focus, today=self._records.today)
        wishes = [_of_everything(wish, lines) for wish in wishes]
        if self.meant_as is not None:
            wishes = [replace(each, wish=self.kind.wish) if each.wish == self.meant_as else each for each in wishes]
        if self.kind.swaps:
            variants = await self._variants_of(wishes, lines)
            if variants:
                wishes = read_requests(text, lines, variants=variants, focus=focus, today=self._records.today)
            if len(lines) > 1 and any(wish.target is None or wish.target.status != "one" for wish in wishes):
                every = {line.sku: await self._records.variants(line.sku) for line in lines if line.sku}
                apart = read_apart(text, lines, variants=every, focus=focus, today=self._records.today)
                wishes = apart or wishes
            before, wishes = wishes, settle_requests(wishes, failing=self._too_late(lines))
            self._remark_kept(before, wishes)
        elif self.kind.wish == "cancel":
            sent = self._too_late(lines)
            if not sent and not any(each.wish == "cancel" or each.conditions for each in wishes):
                # "I don't want it, refund me", of what was not sent: calling it off is how the money comes back.
                wishes = [replace(each, wish="cancel") if each.wish == "return" else each for each in wishes]
            wishes = settle_requests(wishes, failing=sent)
        self.rather = self._rather(wishes) if begins else None
        if self.rather is not None:
            return
        if not wishes:
            found = resolve_lines(text, lines, focus=focus, today=self._records.today)
            if found.status != "none" or found.asked_but_absent:
                wishes = [LineRequest(wish=None, lines=found)]
        if correcting:
            wishes = [wish for wish in wishes if wish.wish == "keep" or wish.target is not None or _names_goods(wish)]
        self._said_of = (said, lines)
        self._take(wishes, lines, add=add or (correcting and MORE.search(text) is not None), correcting=correcting)
        self._tell_reasons_apart()
        if self.kind.lines == "some" and not request.lines and not self.line_choices:
            self._take_a_part(text, lines)
        if self.kind.swaps and not correcting and not request.lines and len(lines) == 1:
            request.lines = {lines[0].key: None}
        if self.kind.swaps and not correcting and not request.lines and not self.line_choices and not self.line_absent:
            await self._take_by_target(text, lines)
        if self.kind.swaps:
            await self._open_targets(text, wishes, correcting=correcting)

    def _rather(self, wishes: Sequence[LineRequest]) -> ChangeKind | None:
        """The other kind that is plainly wanted of every line named: sent back, called off, or swapped for others."""
        wished = {wish.wish for wish in wishes} - {"keep"}
        if self.kind.any_wish or self.kind.wish is None or len(wished) != 1:
            return None
        only = wished.pop()
        if (
            self.kind.swaps
            and only in ("return", "cancel")
            and not any(wish.target is not None or wish.conditions for wish in wishes)
        ):
            return BY_KEY[only]
        if (
            not self.kind.swaps
            and only == "exchange"
            and all(wish.target is not None for wish in wishes if wish.wish != "keep")
        ):
            return BY_KEY["exchange"]
        return None

    def take_only_choice(self) -> None:
        """What words may have meant, as the answer to which: the one line, or each one that has words of its own."""
        if self.line_choices and (len(self.line_choices) == 1 or self.named_apart) and not self._request.lines:
            self._request.lines, self._request.whole = dict.fromkeys(self.line_choices, None), False
            self.line_choices = []

    async def _take_by_target(self, text: str, lines: Sequence[LineCandidate]) -> None:
        """Takes the only line that there is in what is wanted instead: "the thing I got, for the longer one"."""
        fit: list[str] = []
        wanted = ""
        for line in lines:
            found = resolve_variant(text, await self._records.variants(line.sku), current=line, focus=self._focus)
            if found.status in ("one", "many", "unclear"):
                fit.append(line.key)
            elif found.asked_but_absent:
                wanted = wanted or found.asked_but_absent[0].words
        if len(fit) == 1:
            self._request.lines = {fit[0]: None}
        elif not fit:
            self.fits_none = wanted or compared(text)

    async def take_rest(self, text: str) -> bool:
        """Takes the other lines, where a message names them and nothing else: those named before stay taken."""
        request = self._request
        await self._records.orders(request.orders)
        lines = [line for number in request.orders for line in self._records.lines(number)]
        if self.kind.lines == "none" or self.kind.swaps or request.whole:
            return False
        if not bare_rest(without_order_words(text), lines, today=self._records.today):
            return False
        spoken = [line.key for line in lines if line.key in self._focus.lines] if not request.lines else []
        left = [line for line in lines if line.key not in spoken] or lines
        request.lines = {**{line.key: None for line in left}, **request.lines}
        return True

    def _take_a_part(self, text: str, lines: Sequence[LineCandidate]) -> None:
        """Fewer pieces of something: of the line that has several, or of one that is asked for; never all of it."""
        part = fewer(text)
        if part is None or self._request.whole:
            return
        several = [line for line in lines if line.changeable > 1 and part.of(line.changeable)]
        meant = several or list(lines)
        if len(several) == 1 or len(lines) == 1:
            self._request.lines = {meant[0].key: all_left(meant[0], part.of(meant[0].changeable) or None)}
            return
        self.line_choices = [line.key for line in meant]
        wanted = {part.of(line.changeable) for line in meant}
        self._request.quantity = wanted.pop() if len(wanted) == 1 else None

    def _too_late(self, lines: Sequence[LineCandidate]) -> dict[str, ConditionKind]:
        """The lines that were sent already: "cancel it, or send it back if it's too late"."""
        if self.kind.states and not self.kind.states <= NOT_SENT:
            return {}
        views = {number: self._records.known(number) for number in self._request.orders}
        sent = {number for number, view in views.items() if view is not None and view.state in ("shipped", "delivered")}
        return {line.key: "too_late" for line in lines if line.key.rpartition("/")[0] in sent}

    def _line_focus(self, *, correcting: bool) -> Focus:
        request = self._request
        shown = request.shown or list(request.lines)
        lines = list(request.lines)
        if self.kind.lines == "ask" and not correcting:
            # Of an order as a whole "it" is the order.
            lines += [key for key in self._focus.lines if key not in request.lines]
        return replace(self._focus, orders=[*request.orders, *self._focus.orders], lines=lines, shown=shown)

    async def _variants_of(
        self, wishes: Sequence[LineRequest], lines: Sequence[LineCandidate]
    ) -> dict[str, list[VariantCandidate]]:
        meant = [line for wish in wishes for line in wish.lines.candidates] or list(
            lines[:1] if len(lines) == 1 else []
        )
        skus = list(dict.fromkeys(line.sku for line in meant if line.sku))
        return {sku: await self._records.variants(sku) for sku in skus}

    def _take(
        self, wishes: Sequence[LineRequest], lines: Sequence[LineCandidate], *, add: bool, correcting: bool
    ) -> None:
        request = self._request
        picked: dict[str, int | None] = {}
        kept: set[str] = set()
        told: set[str] = set()
        """Lines of which something was said without a wish."""
        everything = False
        for wish in wishes:
            if wish.wish == "keep":
                kept |= {line.key for line in wish.lines.candidates}
            elif not self.kind.any_wish and wish.wish not in (None, self.kind.wish):
                self._take_elsewhere(wish)
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
                and (self.kind.any_wish or self.kind.swaps or self.kind.names_parts)
                and len(wish.lines.candidates) == 1
            ):
                # "Opened the box and the lamp is broken": beside it only things that are not the order's are named.
                # What something is swapped for is asked next, and the question names it.
                match = wish.lines.matches[0]
                picked[match.candidate.key] = all_left(match.candidate, match.quantity)
            elif wish.lines.status == "unclear" and not correcting:
                self.line_choices += [line.key for line in wish.lines.candidates]
                self.named_apart = len(wishes) == 1 and _named_apart(wish.lines)
                counts = {match.quantity for match in wish.lines.matches} - {None}
                request.quantity = counts.pop() if len(counts) == 1 else request.quantity
            if wish.lines.asked_but_absent and not wish.lines.matches and not correcting:
                self.line_absent = wish.lines.asked_but_absent[0].words
        for key in kept & told:
            # "Don't cancel the watch. The watch is lovely"
            del picked[key]
        if everything and not kept and all(quantity is None for quantity in picked.values()):
            request.whole, request.lines = True, dict.fromkeys((line.key for line in lines), None)
            if self.kind.lines == "some":
                request.lines = {}
            return
        self.restated = bool(picked)
        if picked:
            # "Keep one of the mugs" says nothing of the other lines: they stay as they were.
            partly = correcting and all(wish.kept_partly for wish in wishes if wish.wish != "keep")
            before = request.lines or (
                dict.fromkeys((line.key for line in lines), None) if request.whole or self.kind.lines == "some" else {}
            )
            base = {key: quantity for key, quantity in before.items() if key not in kept} if partly else request.lines
            request.lines = {**base, **picked} if add or partly else picked
            request.whole = False
        elif kept and correcting:
            before = request.lines or dict.fromkeys((line.key for line in lines), None)
            left = {key: quantity for key, quantity in before.items() if key not in kept}
            self.nothing_left = not left or not any(_names_goods(wish) for wish in wishes)
            if not self.nothing_left:
                request.lines, request.whole = left, False
        if correcting:
            self._leave_orders(lines)
        request.targets = {key: sku for key, sku in request.targets.items() if key in request.lines}
        for wish in wishes:
            if wish.target is not None and wish.target.status == "one" and wish.target.first.available:
                for line in wish.lines.candidates:
                    if line.key in request.lines:
                        request.targets[line.key] = wish.target.first.sku

    def _reason_for(self, keys: Collection[str], kind: ChangeKind) -> str | None:
        """Why, by what was said of these lines; what the request has where nothing else was spoken of."""
        text, lines = self._said_of
        offered, known = kind.reasons(self._records.policies), self._request.reason
        whole = resolve_reason(text, offered)
        about = words_about(text, keys, lines, today=self._records.today) if whole.matches else None
        if about is None:
            return known if known in offered else None
        why = resolve_reason(about, offered)
        if why.status == "one":
            return why.first
        of_others = whole.status == "one" and whole.first == known
        return None if of_others or known not in offered else known

    def _tell_reasons_apart(self) -> None:
        """Each thing has its own reason, which decides who pays; things of another one go back by themselves."""
        request = self._request
        if not request.lines or request.whole or not self.kind.reasons(self._records.policies):
            return
        reasons = {key: self._reason_for({key}, self.kind) for key in request.lines}
        if self.kind.key != "return" or len(request.lines) < 2 or None in reasons.values():
            request.reason = self._reason_for(request.lines, self.kind)
            return
        first = next(iter(reasons.values()))
        for reason in dict.fromkeys(each for each in reasons.values() if each != first):
            lines = {key: request.lines[key] for key, why in reasons.items() if why == reason}
            further = ChangeRequest(
                kind=self.kind.key,
                origin=f"{request.origin}:{len(request.then) + 1}",
                text="",
                orders=[next(iter(lines)).rpartition("/")[0]],
                lines=lines,
                reason=reason,
                refund_target=request.refund_target,
            )
            request.then.append(further.as_slot())
        request.lines = {key: quantity for key, quantity in request.lines.items() if reasons[key] == first}
        request.reason = first

    def _leave_orders(self, lines: Sequence[LineCandidate]) -> None:
        """Lets go of the orders of which no line is meant any more; of one that is meant whole nothing is listed."""
        request = self._request
        if len(request.orders) < 2 or not request.lines:
            return
        request.orders = [number for number in request.orders if request.lines_of(number)]
        every = {line.key for line in lines if line.order in request.orders}
        if self.kind.lines == "some" and request.lines.keys() == every and not any(request.lines.values()):
            request.whole, request.lines = True, {}

    def _remark_kept(self, before: Sequence[LineRequest], after: Sequence[LineRequest]) -> None:
        """Says of what stays because its condition holds why it stays."""
        stays = {line.key for wish in after if wish.wish == "keep" for line in wish.lines.candidates}
        for wish in before:
            if wish.wish != "keep" and wish.wanted:
                for key in stays.intersection(line.key for line in wish.lines.candidates):
                    self._request.remarks.append(Remark("left", {"line": key, "wanted": wish.wanted}))

    def _take_elsewhere(self, wish: LineRequest) -> None:
        """A line that another kind is wanted for by its condition: a request of its own, afterwards."""
        kind = next((kind for kind in KINDS if kind.wish == wish.wish), None)
        lines = {line.key: None for line in wish.lines.candidates}
        if kind is None or not lines or not wish.lines.sure:
            return
        number = next(iter(lines)).rpartition("/")[0]
        further = ChangeRequest(
            kind=kind.key,
            origin=f"{self._request.origin}:{len(self._request.then) + 1}",
            # What the lines become was not read for this kind.
            text=self._request.text if kind.swaps and not self.kind.swaps else "",
            orders=[number],
            lines=dict(lines),
            reason=self._reason_for(lines, kind),
            refund_target=self._request.refund_target,
        )
        self._request.then.append(further.as_slot())
        self.elsewhere = True

    async def _open_targets(self, text: str, wishes: Sequence[LineRequest], *, correcting: bool) -> None:
        request = self._request
        spoken = {line.key: wish for wish in wishes for line in wish.lines.candidates}
        for key in request.lines:
            line = self._records.line(key)
            if line is None or (key in request.targets and not correcting):
                continue
            wish = spoken.get(key)
            target = wish.target if wish is not None else None
            if target is None and len(request.lines) == 1:
                variants = await self._records.variants(line.sku)
                target = resolve_variant(text, variants, current=line, focus=self._focus)
            if target is not None:
                self._aim(key, target)
                if key not in request.targets and self.kind.swaps:
                    await self._offer_what_fits(text, key)

    def _aim(self, key: str, target: Resolution[VariantCandidate]) -> None:
        """Takes the target of a line, or notes why it is open."""
        request = self._request
        self.restated = self.restated or target.status == "one"
        if target.status == "one" and target.first.available:
            request.targets[key] = target.first.sku
            self.targets.pop(key, None)
            return
        absent = target.asked_but_absent[0] if target.asked_but_absent else None
        if target.status == "one":
            request.targets.pop(key, None)
            self.targets[key] = TargetRead(wanted=options_in_words(target.first))
        elif target.status in ("unclear", "many"):
            self.targets[key] = TargetRead([each.sku for each in target.candidates if each.available])
        elif absent is not None:
            request.targets.pop(key, None)
            self.targets[key] = TargetRead(
                wanted=absent.value or absent.words,
                instead=list(absent.instead),
                edge=absent.edge,
                current=absent.kind == "current",
            )

    async def _offer_what_fits(self, text: str, key: str) -> None:
        """Offers the next size where the line is said to be too small or too large, and no other is named."""
        read, line = self.targets.get(key), self._records.line(key)
        if line is None or (read is not None and not read.current):
            return
        why = resolve_reason(text, tuple(_SIZE_FOR))
        if why.status != "one":
            return
        variants = await self._records.variants(line.sku)
        found = resolve_variant(_SIZE_FOR[why.first], variants, current=line, focus=self._focus)
        if found.status in ("one", "unclear") and (fit := [each.sku for each in found.candidates if each.available]):
            self.targets[key] = TargetRead(fit)

    async def target(self, text: str, key: str) -> bool:
        """The answer to "what shall this line become?"; whether it was one."""
        line = self._records.line(key)
        if line is None:
            return False
        variants = await self._records.variants(line.sku)
        focus = replace(self._focus, shown=self._request.shown or self._focus.shown)
        found = resolve_variant(text, variants, current=line, focus=focus)
        if found.said_nothing:
            return False
        self._aim(key, found)
        return key in self._request.targets

    # What does not depend on the order

    def reason(self, text: str) -> None:
        """The one reason that the words give, where the kind has any."""
        if reasons := self.kind.reasons(self._records.policies):
            why = resolve_reason(text, reasons)
            if why.status == "one":
                self._request.reason = why.first

    async def other_pieces(self, text: str) -> None:
        """Reason, refund target, way to pay and address, where the kind has them and the words name them."""
        request, policies = self._request, self._records.policies
        self.kind.read(text, request, self._records)
        self.reason(text)
        spoken = text
        if pays := _DIFFERENCE.search(text):
            if self.kind.swaps:
                await self.payment_method(pays.group())
            self._spoken[text] = spoken = text[: pays.start()] + " " * len(pays.group()) + text[pays.end() :]
        if offered := self.kind.refund_targets(policies):
            where = resolve_refund_target(spoken, offered)
            if where.status == "one":
                request.refund_target = where.first
                request.payment_method = None
                for span in where.spans:
                    start = _MONEY_VERB.search(spoken[: span.start]).start()  # type: ignore[union-attr]
                    spoken = spoken[:start] + " " * (span.end - start) + spoken[span.end :]
                self._spoken[text] = spoken
        if self.kind.pays:
            await self.payment_method(self.kind.way_words(text))
        if self.kind.moves:
            await self._address(text)

    async def payment_method(self, text: str) -> bool:
        """The answer to "which way to pay?"; whether it was one."""
        methods = [method_candidate(each) for each in await self._records.methods()]
        focus = replace(self._focus, shown=self._request.shown or self._focus.shown)
        found = resolve_payment_method(text, methods, focus=focus, today=self._records.today)
        if found.status != "one":
            return False
        self._request.payment_method = found.first.key
        return True

    async def usual_payment_method(self) -> bool:
        """Takes the saved way to pay that comes first, for who agrees without naming one; whether there is one."""
        methods = await self._records.methods()
        usual = next((each for each in methods if each.is_default), methods[0] if len(methods) == 1 else None)
        if usual is None or usual.kind == "gift_card":
            return False
        self._request.payment_method = usual.id
        return True

    async def address_of_order(self, text: str) -> bool:
        """Takes the address of another order where the words mean one ("the one on my other order"); whether they did.

        Orders that go where these go already are not meant.
        """
        said, request = address_of_order(text), self._request
        if said is None:
            return False
        numbers = [each.number for each in await self._records.summaries() if each.number not in request.orders]
        orders = await self._records.order_candidates(numbers[:ORDERS_READ])
        here = [address_of(view) for view in await self._records.orders(request.orders)]
        places: list[tuple[dict[str, str], list[str]]] = []
        for view in await self._records.orders([each.number for each in orders]):
            place = address_of(view)
            same = next((going for known, going in places if known == place), None)
            if same is not None:
                same.append(view.number)
            elif place and place not in here:
                places.append((place, [view.number]))
        addresses = [
            AddressCandidate(key=str(position), orders=going, source="order")
            for position, (_, going) in enumerate(places)
        ]
        found = resolve_address(said.words, addresses, orders=orders, focus=self._focus, today=self._records.today)
        if found.status != "one":
            return False
        request.address = dict(places[int(found.first.key)][0])
        return True

    async def _address(self, text: str) -> None:
        request = self._request
        if (of_order := address_of_order(text)) is not None:
            # "The same as my work order": neither its words nor its number are an address.
            text = of_order.rest
        typed = parse_address(text)
        whole = typed is not None and bool(typed.lines and typed.city)
        asked = request.question.get("slot") == "address" and bool(request.address.get("line1"))
        complete = completed if asked and missing_of(request.address) else corrected
        if request.address and not whole and (now := complete(request.address, text)) is not None:
            request.address = now
            return
        book = [address_candidate(each) for each in await self._records.addresses()]
        focus = replace(self._focus, shown=request.shown or self._focus.shown)
        country = self._records.policies.shop.country
        found = resolve_address(text, book, country=country, focus=focus, today=self._records.today)
        written = found.first if found.matches and found.first.source == "typed" else None
        if found.status == "one" or (written is not None and written.lines and written.city):
            request.address = address_details(found.first)
        elif found.status in ("unclear", "many"):
            self.address_choices = [each.key for each in found.candidates]
        elif not book and typed is None and names_saved_address(text):
            request.saved_address = text
        recipient = read_recipient(text)
        if recipient.name:
            request.address["recipient"] = recipient.name
        if recipient.phone:
            request.address["phone"] = recipient.phone
        if recipient.note:
            request.address["note"] = recipient.note


def _of_everything(wish: LineRequest, lines: Sequence[LineCandidate]) -> LineRequest:
    """A wish with a condition that names no line is about all of them: "cancel it if it hasn't shipped, else …"."""
    nothing_named = wish.lines.status == "none" and not wish.lines.asked_but_absent
    if not wish.conditions or not nothing_named or wish.target is not None:
        return wish
    everything = tuple(Match(line, 0.85, (Reason("everything"),), None) for line in lines)
    return replace(wish, lines=replace(wish.lines, status="all", matches=everything))


def _only_points(match: Match[Any]) -> bool:
    """Whether nothing but pointing and comparing says that it is meant."""
    return all(reason.kind in _POINTS for reason in match.reasons)


def _names_goods(wish: LineRequest) -> bool:
    """Whether more than a pronoun says which lines: their names, options, numbers, or all of them."""
    return wish.lines.status == "all" or any(
        match.quantity is not None or any(reason.kind not in ("pronoun", "only") for reason in match.reasons)
        for match in wish.lines.matches
    )


def _named_apart(found: Resolution[LineCandidate]) -> bool:
    """Whether no two of the lines found share the words that speak of them, and all of them are there."""
    spans = [{reason.span for reason in match.reasons if reason.span} for match in found.matches]
    together: set[Span] = set().union(*spans)
    return all(spans) and sum(map(len, spans)) == len(together) and not found.asked_but_absent


def options_in_words(variant: VariantCandidate) -> str:
    """The values of a variant's options, as the shop writes them."""
    return " / ".join(variant.options.values())
