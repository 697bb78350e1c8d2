"""Answers to questions about the shopper's own orders, at any time: what would come back for something, what another
variant would cost more or less, what open orders come to, which of one's own was dearer, how many there are, what an
order still has, and where orders go.

Nothing is begun and nothing is changed by them: what a return or a cancellation would bring is the CRM's own figure, of
an offer that is turned down again as soon as it was read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.changes.dialogue import conversation_focus
from actions.changes.instead import bare_wish
from actions.changes.kind import NOT_SENT
from actions.changes.kinds import BY_KEY
from actions.changes.records import ORDERS_READ, Records, left_of
from actions.changes.request import ChangeRequest
from actions.changes.wording import ChangeWording
from actions.crm_client import ChangeRefused, CrmNotFound, CrmRefused, HigherLevelNeeded
from actions.desk import Desk, Event, Turn, last_response
from actions.details import number_key
from actions.goods import find_goods, words_shared
from actions.order_facts import place_of
from actions.orders import OPEN_STATES, line_name, total_now
from actions.resolver import (
    LineCandidate,
    VariantCandidate,
    resolve_lines,
    resolve_orders,
    resolve_reason,
    resolve_variant,
)
from actions.resolver.own_questions import Among, OwnQuestion, read_own_question
from actions.return_terms import mind_reason
from actions.wording import Wording
from shopdesk_schemas.crm import OrderLineView, OrderSummary, OrderView

ANSWERED: Final = "utter_returns"
"""The response that the answers are given with."""
GIVES_BACK: Final = "give_back:"
"""What the slot `offer` begins with where a return or a cancellation was offered."""
_ANYWHERE: Final = frozenset({"total", "refund", "compared"})
"""Questions that are about the shopper's orders in the middle of what is about none of them, too."""
_BY_NAME: Final = frozenset({"name", "near_name", "category", "number"})
_SHOWN: Final = 6
_SHORT: Final = 40
"""Characters of a message that only turns down what was offered."""


async def answered_own_question(
    desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, request: ChangeRequest | None = None
) -> list[Event] | None:
    """Answers a question about the shopper's own orders; None where a message asks none, or it cannot be told here.

    `request`: the change that is open, which stays as it is.
    """
    question = read_own_question(turn.text) or _goes_on(turn)
    if request is not None and BY_KEY[request.kind].about != "order" and question and question.what not in _ANYWHERE:
        # "Where does it go?" is asked of what is being bought.
        return None
    if question is None or (await desk.verification(turn)).level == "none":
        return None
    records = Records(desk, turn, await desk.crm.policies())
    own = _Own(desk, turn, records, desk.wording(turn.language), question, request)
    try:
        told = await own.answer()
    except CrmNotFound:
        return None
    if told is None:
        return None
    if told.text not in _said_just_now(turn):
        # "What is left, and what does it come to?" is two questions with one answer.
        dispatcher.utter_message(response=ANSWERED, answer=told.text)
    events: list[Event] = [] if request is not None else [SlotSet("offer", told.offer)]
    if told.lines or told.orders:
        focus = conversation_focus(turn).on_orders(list(reversed(told.orders))).as_slot()
        focus["lines"] = told.lines or focus["lines"]
        events.append(SlotSet("focus", focus))
    return events


def _said_just_now(turn: Turn) -> list[str]:
    """What was said to the part of the message before this one, where it has several."""
    if int(turn.metadata.get("request") or 1) < 2:
        return []
    return [str(each.get("text") or "") for each in turn.tracker.events if each.get("event") == "bot"]


_IF_I: Final = re.compile(
    r"\b(?:if|when|should|suppose|supposing) (?:i|we)(?: were to)?\b|如果|要是|假如|的话", re.IGNORECASE
)
"""What makes a wish one that is only thought of."""
_OF_ORDERS: Final = re.compile(r"\borders?\b|\b(?:total|altogether)\b|订单|单|一共|总共", re.IGNORECASE)
_HOW_MANY: Final = re.compile(
    r"\bhow many (?:of (?:it|them|those|these)|did|do|have|are)\b|[几多少](?:个|台|件|双|只|条|副|张|款|部|块|辆|盏|把|套|瓶|本)",  # noqa: E501
    re.IGNORECASE,
)
"""How many of what was spoken of."""
_WHOLE: Final = re.compile(
    r"\b(?:whole|entire|complete|all of (?:it|that|the)|everything|it all|the lot)\b|\b(?:the|that|this) order\b"
    r"|整单|整个|全部|全都|这单|那单|这个订单|那个订单|都退",
    re.IGNORECASE,
)
"""All of an order, and not what was spoken of last."""
_CALLS_OFF: Final = re.compile(r"\bcancel\w*|\bcall\w* off\b|取消", re.IGNORECASE)
_SENDS_BACK: Final = re.compile(
    r"\breturn\w*|\b(?:sen[dt]|sending|g[ai]ve|giving|br[io]ng\w*) .{0,40}back\b|退货|寄回", re.IGNORECASE
)
_GOES_ON: Final = re.compile(
    r"^\W*(?:and|what about|how about|or|so)\b(?: what| how)?(?: about| if| for| with)?\b.{2,60}\W*$"
    r"|^\W*(?:那|如果|要是|还有|只).{1,30}(?:呢|退).{0,6}\W*$",
    re.IGNORECASE,
)


def _goes_on(turn: Turn) -> OwnQuestion | None:
    """The question of what would come back once more, of other goods or another number: "and for one of them?"."""
    told = _offer_before(turn).startswith(GIVES_BACK) and last_response(turn) == ANSWERED
    asks = turn.text.rstrip().endswith(("?", "？", "呢"))
    return OwnQuestion("refund", text=turn.text) if told and asks and _GOES_ON.search(turn.text) else None


def _offer_before(turn: Turn) -> str:
    """What the reply before this message offered: the slot is empty again once something else than a yes is said."""
    before = False
    for event in reversed(turn.tracker.events):
        before = before or event.get("event") == "user"
        if before and event.get("event") == "slot" and event.get("name") == "offer":
            return str(event.get("value") or "")
    return ""


def offered(turn: Turn) -> ChangeRequest | None:
    """The return or cancellation that was offered just now and that a message takes up; None where it takes up none."""
    offer = _offer_before(turn)
    if not offer.startswith(GIVES_BACK) or last_response(turn) != ANSWERED:
        return None
    meant = json.loads(offer.removeprefix(GIVES_BACK))
    wish = bare_wish(turn.text)
    if turn.intent != "affirm" and wish != BY_KEY[meant["kind"]].wish:
        return None
    return ChangeRequest(meant["kind"], turn.message_id, turn.text, orders=[meant["order"]], lines=meant["lines"])


def turned_down(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    """Leaves the return or cancellation that was offered just now: 不退了 calls off no return that there is."""
    offer = _offer_before(turn)
    if not offer.startswith(GIVES_BACK) or last_response(turn) != ANSWERED:
        return None
    if turn.intent not in ("cancel_return", "stop", "deny") or len(turn.text) > _SHORT or turn.order_numbers:
        return None
    text = desk.wording(turn.language).say("orders.own.not_begun")
    dispatcher.utter_message(response=ANSWERED, answer=text)
    return []


@dataclass(frozen=True)
class _Told:
    """An answer, and what is spoken of from now on."""

    text: str
    orders: Sequence[str] = ()
    lines: Sequence[str] = ()
    offer: str | None = None


@dataclass(frozen=True)
class _Piece:
    """A line of an order that is asked about, and how many of it."""

    line: LineCandidate
    view: OrderView
    quantity: int

    @property
    def shown(self) -> OrderLineView:
        """As the order has it, in the reader's language."""
        return next(each for each in self.view.lines if each.line_number == self.line.line_number)

    @property
    def worth_minor(self) -> int | None:
        """What so many of it cost, before what was taken off the order as a whole."""
        price = self.line.unit_price_minor
        return None if price is None else price * self.quantity


class _Own:
    """One question of one shopper."""

    def __init__(
        self,
        desk: Desk,
        turn: Turn,
        records: Records,
        wording: Wording,
        question: OwnQuestion,
        request: ChangeRequest | None,
    ) -> None:
        self._desk = desk
        self._turn = turn
        self._records = records
        self._wording = wording
        self._asked = question
        self._request = request
        self._focus = conversation_focus(turn)

    async def answer(self) -> _Told | None:
        """What is asked; None where it cannot be told."""
        summaries = (await self._records.summaries())[:ORDERS_READ]
        if not summaries:
            return None
        if self._asked.what == "total":
            return await self._total(summaries)
        views = await self._records.orders([each.number for each in summaries])
        views = [each for each in views if each.state not in ("cancelled", "unavailable")]
        if not views:
            return None
        if not self._named(views) and await self._names_other_goods():
            return _Told(self._say("refund_which")) if self._asked.what == "refund" and self._request is None else None
        by_kind = {
            "refund": self._refund, "difference": self._difference, "paid": self._paid, "compared": self._compared,
            "count": self._count, "left": self._left, "goes_to": self._goes_to,
        }  # fmt: skip
        return await by_kind[self._asked.what](views)

    def _say(self, key: str, /, **values: object) -> str:
        return self._wording.say(f"orders.own.{key}", **values)

    def _money(self, minor: int, view: OrderView | OrderSummary) -> str:
        return self._wording.money(minor, view.currency).text

    # What is meant

    async def _names_other_goods(self) -> bool:
        """Whether the question names goods of the shop that the shopper has not bought."""
        goods = await find_goods(self._desk, self._turn, search=True, several=True, words=self._asked.text)
        if not goods.words.goods or goods.guessed:
            return False
        return any(
            words_shared(goods.words.goods, [each.product.name or "", *each.product.other_names])
            for each in goods.found
        )

    def _pieces(self, views: Sequence[OrderView]) -> list[_Piece]:
        """The lines that the question names; with it points at those spoken of, or that a change is about."""
        named = self._named(views)
        if named:
            return named
        keys = list(self._request.lines) if self._request is not None else []
        keys = keys or [each for each in self._focus.lines if self._focus.orders[:1] == (each.rpartition("/")[0],)]
        by_key = {each.line.key: each for each in self._all(views)}
        return [by_key[each] for each in keys if each in by_key]

    def _named(self, views: Sequence[OrderView], text: str | None = None) -> list[_Piece]:
        pieces = self._all(self._of_numbers(views))
        said = _IF_I.sub(" ", text or self._asked.text)
        found = resolve_lines(said, [each.line for each in pieces], focus=self._focus, today=self._records.today)
        by_key = {each.line.key: each for each in pieces}
        return [
            replace(by_key[match.candidate.key], quantity=match.quantity or by_key[match.candidate.key].quantity)
            for match in found.matches
            if any(why.kind in _BY_NAME or why.kind == "pronoun" for why in match.reasons)
        ]

    def _of_numbers(self, views: Sequence[OrderView]) -> list[OrderView]:
        """The orders whose numbers are said; all where none is."""
        said = {number_key(str(each)) for each in self._turn.entities("order_number")}
        return [each for each in views if number_key(each.number) in said] or list(views)

    def _all(self, views: Iterable[OrderView]) -> list[_Piece]:
        return [_Piece(line, view, line.changeable) for view in views for line in self._records.lines(view.number)]

    def _alike(self, views: Sequence[OrderView], pieces: Sequence[_Piece]) -> list[_Piece]:
        """All lines with the same goods as those named: "which of the two was dearer" names one by its price."""
        titles = {each.line.titles[0] for each in pieces if each.line.titles}
        return [each for each in self._all(views) if each.line.titles and each.line.titles[0] in titles]

    async def _orders(self, views: Sequence[OrderView]) -> list[OrderView]:
        """The orders that the question names or points at; none where it does neither."""
        by_number = {each.number: each for each in views}
        of_numbers = self._of_numbers(views)
        if len(of_numbers) < len(views):
            return of_numbers
        candidates = await self._records.order_candidates(list(by_number))
        found = resolve_orders(self._asked.text, candidates, focus=self._focus, today=self._records.today)
        if found.status in ("one", "many") and not self._asked.several:
            return [by_number[each.number] for each in found.candidates if each.number in by_number]
        if self._asked.several:
            return []
        here = self._request.orders if self._request is not None else ()
        numbers = list(here) or [each for each in self._focus.orders[:1] if each in by_number]
        return [by_number[each] for each in numbers if each in by_number]

    # The answers

    async def _total(self, summaries: Sequence[OrderSummary]) -> _Told:
        meant = [each for each in summaries if is_among(each, self._asked.among)]
        views = await self._records.orders([each.number for each in meant])
        priced = [(view, now) for view in views if (now := total_now(view)) is not None]
        if not priced:
            return _Told(self._say(f"none.{self._asked.among}"))
        sums: dict[str, int] = {}
        for view, now in priced:
            sums[view.currency] = sums.get(view.currency, 0) + now
        total = self._wording.listed([self._wording.money(minor, code).text for code, minor in sums.items()])
        if len(priced) == 1:
            view = priced[0][0]
            text = self._say(f"total_one.{self._asked.among}", order=view.number, total=total)
            return _Told(text, [view.number])
        each_of = [self._say("each", order=view.number, amount=self._money(now, view)) for view, now in priced]
        text = self._say(f"total.{self._asked.among}", count=len(priced), total=total)
        listed = self._say("one_by_one", orders=self._wording.listed(each_of))
        return _Told(self._wording.sentences(text, listed), [view.number for view, _ in priced])

    async def _paid(self, views: Sequence[OrderView]) -> _Told | None:
        if not self._named(views) and _OF_ORDERS.search(self._asked.text):
            return None
        pieces = self._pieces(views)
        named = self._alike(views, pieces) if self._asked.several and len(pieces) == 1 else pieces
        pieces = [each for each in named or pieces if each.line.unit_price_minor is not None][:_SHOWN]
        if not pieces:
            return None
        return _Told(
            self._wording.sentences(*(self._paid_for(each) for each in pieces)),
            list(dict.fromkeys(each.view.number for each in pieces)),
            [each.line.key for each in pieces],
        )

    def _paid_for(self, piece: _Piece) -> str:
        price = self._money(piece.line.unit_price_minor or 0, piece.view)
        values = {"name": line_name(piece.shown, self._wording), "order": piece.view.number, "price": price}
        if piece.quantity < 2:
            return self._say("paid", **values)
        return self._say(
            "paid_each", count=piece.quantity, total=self._money(piece.worth_minor or 0, piece.view), **values
        )

    async def _compared(self, views: Sequence[OrderView]) -> _Told | None:
        goods_shown = bool(self._focus.shown) and not {view.number for view in views} & set(self._focus.shown)
        named = self._named(views)
        if not named and self._request is None and goods_shown and not any("/" in each for each in self._focus.shown):
            # "Which is cheaper?", of goods of the shop on the screen.
            return None
        pieces = self._alike(self._of_numbers(views), named or self._pieces(views))
        pieces = [each for each in pieces if each.line.unit_price_minor is not None]
        if len(pieces) < 2:
            return self._orders_compared(views) if not pieces else None
        if len({each.view.currency for each in pieces}) > 1:
            return None
        pieces.sort(key=lambda each: each.line.unit_price_minor or 0, reverse=True)
        dearest, cheapest = pieces[0], pieces[-1]
        apart = (dearest.line.unit_price_minor or 0) - (cheapest.line.unit_price_minor or 0)
        amount = self._money(apart, dearest.view)
        first = (
            self._say("same_price")
            if not apart
            else self._say(
                "dearer" if len(pieces) == 2 else "dearest",
                name=line_name(dearest.shown, self._wording), order=dearest.view.number, amount=amount,
            )
        )  # fmt: skip
        told = [self._paid_for(each) for each in pieces[:_SHOWN]]
        return _Told(
            self._wording.sentences(first, *told),
            list(dict.fromkeys(each.view.number for each in pieces)),
            [each.line.key for each in pieces],
        )

    def _orders_compared(self, views: Sequence[OrderView]) -> _Told | None:
        """The orders on the screen, by what they come to."""
        shown = self._focus.shown
        if self._request is not None and self._request.shown:
            shown = self._request.shown
        known = [(view, now) for view in views if view.number in shown and (now := total_now(view)) is not None]
        if len(known) < 2 or len({view.currency for view, _ in known}) > 1:
            return None
        known.sort(key=lambda each: each[1], reverse=True)
        apart = self._money(known[0][1] - known[-1][1], known[0][0])
        first = self._say("dearer_order", order=known[0][0].number, amount=apart)
        each_of = [self._say("each", order=view.number, amount=self._money(now, view)) for view, now in known]
        return _Told(self._wording.sentences(first, self._say("one_by_one", orders=self._wording.listed(each_of))))

    async def _count(self, views: Sequence[OrderView]) -> _Told | None:
        among = self._asked.among
        within = [each for each in views if among is None or is_among(each, among)]
        bare = not self._named(views) and _HOW_MANY.search(self._asked.text)
        pieces = self._named(within) or (self._pieces(within) if bare else [])
        pieces = self._alike(within, pieces)
        if not pieces:
            named = self._alike(views, self._named(views))
            return _Told(self._say("count_none", name=self._title(named[0]))) if named else None
        count = sum(each.quantity for each in pieces)
        told = [
            self._say("count_line", count=each.quantity, name=line_name(each.shown, self._wording),
                      order=each.view.number, state=self._wording.say(f"orders.state.{each.view.state}"))
            for each in pieces[: _SHOWN + 2]
        ]  # fmt: skip
        first = self._say("count", count=count, name=self._title(pieces[0]))
        return _Told(
            self._wording.sentences(first, self._say("count_lines", lines=self._wording.listed(told))),
            list(dict.fromkeys(each.view.number for each in pieces)),
        )

    def _title(self, piece: _Piece) -> str:
        return piece.shown.title or line_name(piece.shown, self._wording)

    async def _left(self, views: Sequence[OrderView]) -> _Told | None:
        orders = await self._orders(views)
        if len(orders) != 1:
            return None
        view = orders[0]
        names = [
            self._say("left_line", count=left_of(line), name=line_name(line, self._wording))
            for line in view.lines
            if line.kind == "item" and left_of(line) > 0
        ]
        now = total_now(view)
        if not names or now is None:
            return None
        text = self._say("left", order=view.number, lines=self._wording.listed(names))
        return _Told(
            self._wording.sentences(text, self._say("left_total", total=self._money(now, view))), [view.number]
        )

    async def _goes_to(self, views: Sequence[OrderView]) -> _Told | None:
        if self._request is not None and BY_KEY[self._request.kind].goes_back:
            return None
        orders = await self._orders(views)
        if not orders:
            orders = [
                each for each in views if each.state in OPEN_STATES and is_among(each, self._asked.among or "open")
            ]
        orders = orders or list(views[:1])
        told = [(view, place) for view in orders[:_SHOWN] if (place := place_of(view))]
        if not told:
            return None
        sentences = [self._goes(view, place) for view, place in told]
        return _Told("\n".join(sentences), [view.number for view, _ in told])

    def _goes(self, view: OrderView, place: str) -> str:
        title = next((line.title for line in view.lines if line.kind == "item" and line.title and left_of(line)), "")
        key = "went_to" if view.state == "delivered" else "goes_to"
        return self._say(key, order=view.number, place=place, name=title or view.number)

    # What something would bring

    async def _refund(self, views: Sequence[OrderView]) -> _Told | None:
        if self._request is None and not self._named(views) and await self._comes_back_already(views):
            return None
        pieces = self._named(views) if _WHOLE.search(self._asked.text) else self._pieces(views)
        if not pieces:
            orders = await self._orders(views)
            pieces = self._all(orders) if len(orders) == 1 or self._asked.several else []
        elif self._asked.several and len(pieces) == 1:
            pieces = self._alike(views, pieces)
        pieces = _by_wish(self._asked.text, pieces)
        if self._request is not None and not BY_KEY[self._request.kind].swaps and self._request.proposals:
            same = {each.line.key for each in pieces} <= set(self._request.lines or [each.line.key for each in pieces])
            if same and self._request.told:
                return _Told(self._request.told)
        told: list[str] = []
        offers: list[str] = []
        by_order = {view.number: [each for each in pieces if each.view is view] for view in views}
        for own in by_order.values():
            if own:
                quote = await self._quoted(own[0].view, own)
                if quote is None:
                    return None
                told.append(quote[0])
                offers += [quote[1]] if quote[1] else []
        if not told:
            return _Told(self._say("refund_which")) if self._request is None else None
        numbers = [number for number, own in by_order.items() if own]
        offer = offers[0] if len(offers) == 1 == len(told) and self._request is None else None
        asks = None
        if offer is not None:
            kind = json.loads(offer.removeprefix(GIVES_BACK))["kind"]
            asks = self._say(f"offer.{kind}")
        return _Told(self._wording.sentences(*told, asks), numbers, [each.line.key for each in pieces], offer)

    async def _comes_back_already(self, views: Sequence[OrderView]) -> bool:
        """Whether something of the order spoken of comes back already: then it is that money that is asked about."""
        spoken = self._focus.orders[:1]
        if any(view.refunds for view in views if view.number in spoken):
            return True
        return any(each.order_number in spoken for each in await self._records.returns())

    async def _quoted(self, view: OrderView, pieces: Sequence[_Piece]) -> tuple[str, str | None] | None:
        """What giving lines of one order back would bring, in words, and how that is offered."""
        names = self._wording.listed([self._counted(each) for each in pieces])
        worth = sum(each.worth_minor or 0 for each in pieces)
        if view.state == "shipped":
            return self._say("refund_on_the_way", names=names, worth=self._money(worth, view)), None
        kind = BY_KEY["cancel" if view.state in NOT_SENT else "return"]
        lines = {each.line.key: each.quantity for each in pieces}
        request = ChangeRequest(kind.key, self._turn.message_id, self._asked.text, orders=[view.number])
        every = {each.key: each.changeable for each in self._records.lines(view.number)}
        request.lines = {} if kind.key == "cancel" and every == lines else dict(lines)
        if kind.key == "return":
            why = resolve_reason(self._asked.text, kind.reasons(self._records.policies))
            request.reason = why.first if why.status == "one" else mind_reason(self._records.policies)
        words = ChangeWording(self._wording, view.timezone, view)
        conversation, key = self._turn.conversation_id, f"{self._turn.message_id}:quote:{view.number}"[:200]
        try:
            quote = await self._desk.crm.propose(conversation, kind.name, kind.details(request, view.number), key=key)
        except ChangeRefused as refused:
            rule = words.rule(refused.rule, {**refused.values, "order": view.number})
            return self._wording.sentences(self._say("refund_not", names=names), rule), None
        except (CrmRefused, HigherLevelNeeded):
            return None
        await self._desk.crm.decline(conversation, quote.id, key=f"{key[:190]}:-")
        amount = quote.amount_minor if quote.direction == "refund" and quote.amount_minor is not None else 0
        currency = quote.currency or view.currency
        less = self._wording.money(abs(worth - amount), currency).text
        notes = [
            words.told("note", note)
            for note in quote.notes
            if words.knows("note", note.key) and any(name.endswith("_minor") for name in note.values)
        ]
        text = self._wording.sentences(
            self._say("refund", names=names, amount=self._wording.money(amount, currency).text),
            self._say("refund_less", worth=self._money(worth, view), less=less)
            if 0 < amount < worth and not notes
            else None,
            *notes,
        )
        offer = {"kind": kind.key, "order": view.number, "lines": request.lines}
        return text, GIVES_BACK + json.dumps(offer) if amount else None

    def _counted(self, piece: _Piece) -> str:
        return self._say("left_line", count=piece.quantity, name=line_name(piece.shown, self._wording))

    # What another variant would cost

    async def _difference(self, views: Sequence[OrderView]) -> _Told | None:
        bases = [each for each in self._named(views) if each.line.unit_price_minor is not None] or self._pieces(views)
        bases = bases or self._all([each for each in views if each.number in self._focus.orders[:1]])
        bases = bases or self._all(views)
        found: list[tuple[_Piece, list[VariantCandidate]]] = []
        for base in bases:
            if base.line.sku is None or base.line.unit_price_minor is None:
                continue
            targets = await self._targets(base)
            if targets:
                found.append((base, targets))
        found = _of_one_product(found)
        if not found:
            return None
        base, targets = found[0]
        pieces = self._request.lines.get(base.line.key) if self._request is not None else None
        base = replace(base, quantity=pieces or base.quantity)
        product = await self._desk.crm.product(base.line.sku or "", self._turn.language)
        if product.currency != base.view.currency:
            return None
        told = [self._apart(base, each) for each in targets[:_SHOWN]]
        return _Told(self._wording.sentences(*told), [base.view.number], [base.line.key])

    async def _targets(self, base: _Piece) -> list[VariantCandidate]:
        """The variants in the place of a line that the question means: by their options, else those it becomes."""
        variants = await self._records.variants(base.line.sku)
        meant = resolve_variant(self._asked.text, variants, current=base.line)
        by_words = [each.candidate for each in meant.matches if any(why.kind not in _BY_NAME for why in each.reasons)]
        if not by_words and self._request is not None:
            chosen = self._request.targets.get(base.line.key)
            by_words = [each for each in variants if each.sku == chosen]
        return [each for each in by_words if each.price_minor is not None and each.sku != base.line.sku]

    def _apart(self, base: _Piece, target: VariantCandidate) -> str:
        paid, now = base.line.unit_price_minor or 0, target.price_minor or 0
        options = self._wording.listed(list(target.options.values()))
        key = "more" if now > paid else "less" if now < paid else "alike"
        own = line_name(base.shown, self._wording)
        apart = abs(now - paid)
        text = self._say(
            f"difference.{key}", options=options, price=self._money(now, base.view), paid=self._money(paid, base.view),
            amount=self._money(apart, base.view), own=own,
        )  # fmt: skip
        gone = None if target.available else self._say("difference.gone")
        count = base.quantity
        for_all = None
        if count > 1 and apart:
            for_all = self._say(f"difference.all_{key}", count=count, amount=self._money(apart * count, base.view))
        return self._wording.sentences(text, for_all, gone)


def is_among(order: OrderSummary | OrderView, among: Among | None) -> bool:
    """Whether an order is as far as is asked; of no state in particular none is cancelled."""
    if among == "unsent":
        return order.state in NOT_SENT
    if among == "on_the_way":
        return order.state == "shipped"
    if among == "delivered":
        return order.state == "delivered"
    return order.state in OPEN_STATES


def _by_wish(text: str, pieces: Sequence[_Piece]) -> list[_Piece]:
    """Those that can be called off, or that came, where that is what is thought of; all where none is."""
    off, back = _CALLS_OFF.search(text), _SENDS_BACK.search(text)
    if bool(off) == bool(back):
        return list(pieces)
    fitting = [each for each in pieces if (each.view.state in NOT_SENT) == bool(off)]
    return fitting or list(pieces)


def _of_one_product(found: Sequence[tuple[_Piece, list[VariantCandidate]]]) -> list[tuple[_Piece, Any]]:
    """Those of the one product that is meant, what can still be changed first; none where several products fit."""
    titles = {base.line.titles[0] for base, _ in found if base.line.titles}
    if len(titles) != 1:
        return []
    return sorted(found, key=lambda each: each[0].view.state not in NOT_SENT)


__all__ = ["ANSWERED", "GIVES_BACK", "answered_own_question", "is_among", "offered", "turned_down"]
