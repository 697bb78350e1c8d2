"""Answers to questions about the shopper's own orders, at any time: what would come back for something, what another
variant would cost more or less, what open orders come to, which of one's own was dearer, how many there are, what an
order still has, and where orders go.

Nothing is begun and nothing is changed by them: what a return or a cancellation would bring is the CRM's own figure, of
an offer that is turned down again as soon as it was read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

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
from actions.desk import Desk, Event, Turn, last_response, last_words
from actions.order_facts import place_of
from actions.orders import OPEN_STATES, line_name, total_now
from actions.own_going_on import goes_on, names_pieces
from actions.own_meant import OwnMeant
from actions.own_options import answer_options, read_option_question
from actions.own_pieces import (
    Piece,
    Told,
    by_wish,
    going_off,
    is_among,
    of_one_product,
    of_quantity,
    thought_of_without,
    total_without,
)
from actions.own_targets import asked_of, beside_the_target, named_in, on_the_screen
from actions.resolver import (
    VariantCandidate,
    resolve_reason,
)
from actions.resolver.own_questions import OwnQuestion, asks_contents, read_own_question
from actions.return_terms import mind_reason
from shopdesk_schemas.changes import ProposalView
from shopdesk_schemas.crm import OrderSummary, OrderView

ANSWERED: Final = "utter_returns"
"""The response that the answers are given with."""
GIVES_BACK: Final = "give_back:"
"""What the slot `offer` begins with where a return or a cancellation was offered."""
_ANYWHERE: Final = frozenset({"total", "refund", "compared", "paid", "without"})
"""Questions that are about the shopper's orders in the middle of what is about none of them, too."""
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
    if question is None and not _MONEY.search(turn.text):
        question = read_option_question(turn.text)
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
    if told is None and question.what == "options" and request is not None and request.proposals and request.told:
        # What such a question asks may not be known: nothing else is proposed because of it.
        told = Told(request.told)
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
_MONEY: Final = re.compile(r"\bcomes? to\b|\bcosts?\b|\btotal\b|\bhow much\b|多少钱|一共|总共", re.IGNORECASE)
"""What things come to is no question of what they are like."""
_IN_ALL: Final = re.compile(r"\bin (?:all|total)\b|\baltogether\b|一共|总共|加起来", re.IGNORECASE)
"""What an order comes to is asked for too."""


def _goes_on(turn: Turn) -> OwnQuestion | None:
    return goes_on(turn, ANSWERED, gives_back=_offer_before(turn).startswith(GIVES_BACK))


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
    offer = offer_made(turn)
    if offer is None or (turn.intent != "affirm" and bare_wish(turn.text) != BY_KEY[offer.kind].wish):
        return None
    return offer


def offer_made(turn: Turn) -> ChangeRequest | None:
    """The return or cancellation that was offered just before this message; None where none was."""
    offer = _offer_before(turn)
    if not offer.startswith(GIVES_BACK) or last_response(turn) != ANSWERED:
        return None
    meant = json.loads(offer.removeprefix(GIVES_BACK))
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


_IN_ORDER: Final = re.compile(
    r"\b(?:in|on|of) (?:that|this|the|my) (?:[\w'-]+ ){0,3}?(?:order|one)\b"
    r"|(?:[这那](?:一|个|张|笔)?(?:订)?单|订单)(?:子)?(?:里|中|现在|一共|总共)",
    re.IGNORECASE,
)
"""Goods of one order are asked about."""
_POINTS: Final = re.compile(r"\b(?:that|this)\b|[这那]", re.IGNORECASE)


class _Own(OwnMeant):
    """One question of one shopper."""

    async def answer(self) -> Told | None:
        """What is asked; None where it cannot be told."""
        summaries = (await self.records.summaries())[:ORDERS_READ]
        if not summaries:
            return None
        views = await self.records.orders([each.number for each in summaries])
        views = [each for each in views if each.state not in ("cancelled", "unavailable")]
        if self.asked.continued and not self.named(views, pointed=False) and not names_pieces(self.turn.text):
            return None
        if self.asked.what == "total":
            # "What is the lamp that hasn't been sent yet?" asks for no order's sum.
            of_goods = bool(self.named(views)) and not self.says_order()
            return await (self._paid(views) if of_goods else self._total(summaries))
        if not views:
            return None
        if not self.named(views) and await self.names_other_goods():
            return Told(self.say("refund_which")) if self.asked.what == "refund" and self.request is None else None
        by_kind = {
            "refund": self._refund, "difference": self._difference, "paid": self._paid, "compared": self._compared,
            "count": self._count, "left": self._left, "goes_to": self._goes_to, "without": self._without,
            "options": self._options,
        }  # fmt: skip
        return await by_kind[self.asked.what](views)

    # The answers

    async def _total(self, summaries: Sequence[OrderSummary]) -> Told:
        meant = [each for each in summaries if is_among(each, self.asked.among)]
        views = await self.records.orders([each.number for each in meant])
        priced = [(view, now) for view in views if (now := total_now(view)) is not None]
        if not priced:
            return Told(self.say(f"none.{self.asked.among}"))
        sums: dict[str, int] = {}
        for view, now in priced:
            sums[view.currency] = sums.get(view.currency, 0) + now
        total = self.wording.listed([self.wording.money(minor, code).text for code, minor in sums.items()])
        if len(priced) == 1:
            view = priced[0][0]
            text = self.say(f"total_one.{self.asked.among}", order=view.number, total=total)
            return Told(text, [view.number])
        each_of = [self.say("each", order=view.number, amount=self.money(now, view)) for view, now in priced]
        text = self.say(f"total.{self.asked.among}", count=len(priced), total=total)
        listed = self.say("one_by_one", orders=self.wording.listed(each_of))
        return Told(self.wording.sentences(text, listed), [view.number for view, _ in priced])

    async def _paid(self, views: Sequence[OrderView]) -> Told | None:
        if not self.named(views) and _OF_ORDERS.search(self.asked.text):
            return None
        within = [each for each in views if self.asked.among is None or is_among(each, self.asked.among)]
        pieces = (self.named(within) if within else []) or self.pieces(views)
        if self.says_order():
            # "The keyboard in the old order": of several, the one that is in it.
            orders = {each.number for each in await self.orders_meant(views)}
            pieces = [each for each in pieces if each.view.number in orders] or pieces
        pieces = of_quantity(self.asked.text, pieces)
        if self.asked.several:
            pieces = self.alike(within or views, pieces)
        pieces = [each for each in pieces if each.line.unit_price_minor is not None]
        if not pieces:
            return None
        return Told(
            self.wording.sentences(*(self._paid_for(each) for each in pieces[:_SHOWN]), self._together(pieces)),
            list(dict.fromkeys(each.view.number for each in pieces)),
            [each.line.key for each in pieces],
        )

    def _together(self, pieces: Sequence[Piece]) -> str | None:
        """The sum of what is told line by line, where one is asked for."""
        if len(pieces) < 2 or not self.asked.together or len({each.view.currency for each in pieces}) > 1:
            return None
        total = sum(each.worth_minor or 0 for each in pieces)
        return self.say("paid_together", total=self.money(total, pieces[0].view))

    def _paid_for(self, piece: Piece) -> str:
        price = self.money(piece.line.unit_price_minor or 0, piece.view)
        values = {"name": line_name(piece.shown, self.wording), "order": piece.view.number, "price": price}
        if piece.quantity < 2:
            return self.say("paid", **values)
        return self.say(
            "paid_each", count=piece.quantity, total=self.money(piece.worth_minor or 0, piece.view), **values
        )

    async def _compared(self, views: Sequence[OrderView]) -> Told | None:
        goods_shown = bool(self.focus.shown) and not {view.number for view in views} & set(self.focus.shown)
        named = self.named(views)
        if not named and self.request is None and goods_shown and not any("/" in each for each in self.focus.shown):
            # "Which is cheaper?", of goods of the shop on the screen.
            return None
        pieces = self.alike(self.of_numbers(views), named or self.pieces(views))
        pieces = [each for each in pieces if each.line.unit_price_minor is not None]
        if len(pieces) < 2:
            return self._orders_compared(views) if not pieces else None
        if len({each.view.currency for each in pieces}) > 1:
            return None
        pieces.sort(key=lambda each: each.line.unit_price_minor or 0, reverse=True)
        dearest, cheapest = pieces[0], pieces[-1]
        apart = (dearest.line.unit_price_minor or 0) - (cheapest.line.unit_price_minor or 0)
        amount = self.money(apart, dearest.view)
        first = (
            self.say("same_price")
            if not apart
            else self.say(
                "dearer" if len(pieces) == 2 else "dearest",
                name=line_name(dearest.shown, self.wording), order=dearest.view.number, amount=amount,
            )
        )  # fmt: skip
        told = [self._paid_for(each) for each in pieces[:_SHOWN]]
        return Told(
            self.wording.sentences(first, *told),
            list(dict.fromkeys(each.view.number for each in pieces)),
            [each.line.key for each in pieces],
        )

    def _orders_compared(self, views: Sequence[OrderView]) -> Told | None:
        """The orders on the screen, by what they come to."""
        shown = self.focus.shown
        if self.request is not None and self.request.shown:
            shown = self.request.shown
        known = [(view, now) for view in views if view.number in shown and (now := total_now(view)) is not None]
        if len(known) < 2 or len({view.currency for view, _ in known}) > 1:
            return None
        known.sort(key=lambda each: each[1], reverse=True)
        apart = self.money(known[0][1] - known[-1][1], known[0][0])
        first = self.say("dearer_order", order=known[0][0].number, amount=apart)
        each_of = [self.say("each", order=view.number, amount=self.money(now, view)) for view, now in known]
        return Told(self.wording.sentences(first, self.say("one_by_one", orders=self.wording.listed(each_of))))

    async def _count(self, views: Sequence[OrderView]) -> Told | None:
        among = self.asked.among
        if (said := _IN_ORDER.search(self.asked.text)) is not None:
            # "How many lamps do I have in that order now?": of that one, however far it is.
            meant = await self.orders_meant(views)
            spoken = [
                each for each in views if [each.number] == list(self.focus.orders[:1]) and _POINTS.search(said[0])
            ]
            one = meant if len(meant) == 1 else spoken
            views, among = (one, None) if one else (views, among)
        within = [each for each in views if among is None or is_among(each, among)]
        bare = not self.named(views) and _HOW_MANY.search(self.asked.text)
        pieces = self.named(within) or (self.pieces(within) if bare else [])
        pieces = self.alike(within, pieces)
        if not pieces:
            named = self.alike(views, self.named(views))
            return Told(self.say("count_none", name=self._title(named[0]))) if named else None
        count = sum(each.quantity for each in pieces)
        told = [
            self.say("count_line", count=each.quantity, name=line_name(each.shown, self.wording),
                      order=each.view.number, state=self.wording.say(f"orders.state.{each.view.state}"))
            for each in pieces[: _SHOWN + 2]
        ]  # fmt: skip
        first = self.say("count", count=count, name=self._title(pieces[0]))
        return Told(
            self.wording.sentences(first, self.say("count_lines", lines=self.wording.listed(told))),
            list(dict.fromkeys(each.view.number for each in pieces)),
        )

    def _title(self, piece: Piece) -> str:
        return piece.shown.title or line_name(piece.shown, self.wording)

    async def _left(self, views: Sequence[OrderView]) -> Told | None:
        if going := going_off(self.request, self.asked.text, self.all_of(views)):
            return await self._told_without(views, going)
        orders = await self.orders_meant(views)
        if self.asked.among in ("open", "unsent", "on_the_way") and len(of := self.of_numbers(views)) == len(views):
            # "What have I left on order?"
            orders = [each for each in of if is_among(each, self.asked.among)]
        elif named := self.named(views):
            # "Did the lamp stay?": the order that still has it.
            of_them = [each for each in views if each.number in {one.view.number for one in named}]
            orders = [each for each in of_them if each in orders or each.state in OPEN_STATES] or of_them[:1]
        elif len(orders) != 1 and self.asked.several and asks_contents(self.asked.text):
            # "What is in all of my orders now?": those that are still to come.
            orders = [each for each in views if each.state in OPEN_STATES]
        elif len(orders) != 1:
            return None
        told = [(view.number, text) for view in orders[:_SHOWN] if (text := self._has_still(view))]
        return Told("\n".join(text for _, text in told), [number for number, _ in told]) if told else None

    def _has_still(self, view: OrderView) -> str | None:
        names = [
            self.say("left_line", count=left_of(line), name=line_name(line, self.wording))
            for line in view.lines
            if line.kind == "item" and left_of(line) > 0
        ]
        now = total_now(view)
        if not names or now is None:
            return None
        text = self.say("left", order=view.number, lines=self.wording.listed(names))
        return self.wording.sentences(text, self.say("left_total", total=self.money(now, view)))

    async def _options(self, views: Sequence[OrderView]) -> Told | None:
        return await answer_options(self, views)

    async def _without(self, views: Sequence[OrderView]) -> Told | None:
        """What an order would come to: the CRM's figure for calling off its goods, taken off what it comes to now."""
        said = thought_of_without(self.asked.text)
        pieces = self.named(views, said) or self.named(views) or self.pieces(views)
        here = list(self.request.orders) if self.request is not None else []
        meant = [
            [each for each in pieces if each.view.number in here],
            [each for each in pieces if each.view.state in NOT_SENT and each.view.number in self.focus.orders[:1]],
            [each for each in pieces if each.view.state in NOT_SENT],
            [each for each in pieces if each.view.state in OPEN_STATES],
        ]
        return await self._told_without(views, next((each for each in meant if each), pieces))

    async def _told_without(self, views: Sequence[OrderView], pieces: Sequence[Piece]) -> Told | None:
        """What the orders of `pieces` would come to without these."""
        told: list[str] = []
        for view in views:
            own = [each for each in pieces if each.view is view]
            now, then = total_now(view), total_without(view, own)
            if not own or now is None or then is None:
                continue
            quote = await self._proposed(view, own) if view.state in NOT_SENT else None
            if quote is not None and not isinstance(quote, ChangeRefused) and quote[0].direction == "refund":
                then = now - (quote[0].amount_minor or 0)
            names = self.wording.listed([self._counted(each) for each in own])
            amounts = {"total": self.money(then, view), "now": self.money(now, view)}
            told.append(self.say("without", names=names, order=view.number, **amounts))
        if not told:
            return None
        orders = list(dict.fromkeys(each.view.number for each in pieces))
        unchanged = self.say("unchanged") if self.request is None else None
        return Told(self.wording.sentences(*told, unchanged), orders, [each.line.key for each in pieces])

    async def _goes_to(self, views: Sequence[OrderView]) -> Told | None:
        if self.request is not None and BY_KEY[self.request.kind].goes_back:
            return None
        orders = await self.orders_meant(views)
        if not orders:
            orders = [
                each for each in views if each.state in OPEN_STATES and is_among(each, self.asked.among or "open")
            ]
        orders = orders or list(views[:1])
        told = [(view, place) for view in orders[:_SHOWN] if (place := place_of(view))]
        if not told:
            return None
        sentences = [self._goes(view, place) for view, place in told]
        if asks_contents(self.turn.text):
            # "What is in it, and where does it go?"
            sentences += [has for view, _ in told if (has := self._has_still(view))]
        return Told("\n".join(sentences), [view.number for view, _ in told])

    def _goes(self, view: OrderView, place: str) -> str:
        title = next((line.title for line in view.lines if line.kind == "item" and line.title and left_of(line)), "")
        key = "went_to" if view.state == "delivered" else "goes_to"
        return self.say(key, order=view.number, place=place, name=title or view.number)

    # What something would bring

    async def _refund(self, views: Sequence[OrderView]) -> Told | None:
        if self.request is None and not self.named(views) and await self._comes_back_already(views):
            return None
        pieces = self.named(views) if _WHOLE.search(self.asked.text) else self.pieces(views)
        if not pieces:
            orders = await self.orders_meant(views)
            pieces = self.all_of(orders) if len(orders) == 1 or self.asked.several else []
        elif self.asked.several and len(pieces) == 1:
            pieces = self.alike(views, pieces)
        pieces = of_quantity(self.asked.text, by_wish(self.asked.text, pieces))
        if self.request is not None and not BY_KEY[self.request.kind].swaps and self.request.proposals:
            same = {each.line.key for each in pieces} <= set(self.request.lines or [each.line.key for each in pieces])
            if same and self.request.told and not _IN_ALL.search(self.turn.text):
                return Told(self.request.told)
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
            return Told(self.say("refund_which")) if self.request is None else None
        numbers = [number for number, own in by_order.items() if own]
        offer = offers[0] if len(offers) == 1 == len(told) and self.request is None else None
        asks = None
        if offer is not None:
            kind = json.loads(offer.removeprefix(GIVES_BACK))["kind"]
            asks = self.say(f"offer.{kind}")
        return Told(self.wording.sentences(*told, asks), numbers, [each.line.key for each in pieces], offer)

    async def _comes_back_already(self, views: Sequence[OrderView]) -> bool:
        """Whether something of the order spoken of comes back already: then it is that money that is asked about."""
        spoken = self.focus.orders[:1]
        if any(view.refunds for view in views if view.number in spoken):
            return True
        return any(each.order_number in spoken for each in await self.records.returns())

    async def _proposed(
        self, view: OrderView, pieces: Sequence[Piece]
    ) -> tuple[ProposalView, ChangeRequest] | ChangeRefused | None:
        """What the CRM would do for giving lines of one order back, turned down again; None where it cannot be told."""
        kind = BY_KEY["cancel" if view.state in NOT_SENT else "return"]
        lines = {each.line.key: each.quantity for each in pieces}
        request = ChangeRequest(kind.key, self.turn.message_id, self.asked.text, orders=[view.number])
        every = {each.key: each.changeable for each in self.records.lines(view.number)}
        request.lines = {} if kind.key == "cancel" and every == lines else dict(lines)
        if kind.key == "return":
            why = resolve_reason(self.asked.text, kind.reasons(self.records.policies))
            request.reason = why.first if why.status == "one" else mind_reason(self.records.policies)
        conversation, key = self.turn.conversation_id, f"{self.turn.message_id}:quote:{view.number}"[:200]
        try:
            quote = await self.desk.crm.propose(conversation, kind.name, kind.details(request, view.number), key=key)
        except ChangeRefused as refused:
            return refused
        except (CrmRefused, HigherLevelNeeded):
            return None
        await self.desk.crm.decline(conversation, quote.id, key=f"{key[:190]}:-")
        return quote, request

    async def _quoted(self, view: OrderView, pieces: Sequence[Piece]) -> tuple[str, str | None] | None:
        """What giving lines of one order back would bring, in words, and how that is offered."""
        names = self.wording.listed([self._counted(each) for each in pieces])
        worth = sum(each.worth_minor or 0 for each in pieces)
        if view.state == "shipped":
            return self.say("refund_on_the_way", names=names, worth=self.money(worth, view)), None
        words = ChangeWording(self.wording, view.timezone, view)
        proposed = await self._proposed(view, pieces)
        if isinstance(proposed, ChangeRefused):
            rule = words.rule(proposed.rule, {**proposed.values, "order": view.number})
            return self.wording.sentences(self.say("refund_not", names=names), rule), None
        if proposed is None:
            return None
        quote, request = proposed
        amount = quote.amount_minor if quote.direction == "refund" and quote.amount_minor is not None else 0
        currency = quote.currency or view.currency
        less = self.wording.money(abs(worth - amount), currency).text
        notes = [
            words.told("note", note)
            for note in quote.notes
            if words.knows("note", note.key) and any(name.endswith("_minor") for name in note.values)
        ]
        text = self.wording.sentences(
            self.say("refund", names=names, amount=self.wording.money(amount, currency).text),
            self.say("refund_less", worth=self.money(worth, view), less=less)
            if 0 < amount < worth and not notes
            else None,
            *notes,
        )
        offer = {"kind": request.kind, "order": view.number, "lines": request.lines}
        return text, GIVES_BACK + json.dumps(offer) if amount else None

    def _counted(self, piece: Piece) -> str:
        return self.say("left_line", count=piece.quantity, name=line_name(piece.shown, self.wording))

    # What another variant would cost

    async def _difference(self, views: Sequence[OrderView]) -> Told | None:
        bases = [each for each in self.named(views) if each.line.unit_price_minor is not None] or self.pieces(views)
        if not bases and self.names_others(views):
            # "And the suitcase in black?" of who has none: no price of other things of theirs.
            return None
        bases = bases or self.all_of([each for each in views if each.number in self.focus.orders[:1]])
        bases = of_quantity(self.asked.text, asked_of(self.request, bases or self.all_of(views)))
        found: list[tuple[Piece, list[VariantCandidate]]] = []
        for base in bases:
            if base.line.sku is None or base.line.unit_price_minor is None:
                continue
            targets = await self._targets(base)
            if targets:
                found.append((base, targets))
        told_of = of_one_product(found)
        if not told_of and self.request is not None and found and not self.named(views):
            # "What's the difference?", where several things become others.
            told_of = [each for each in found if each[0].line.key in self.request.targets]
            texts = [self._apart(self._as_changed(base), targets[0]) for base, targets in told_of[:_SHOWN]]
            orders = list(dict.fromkeys(base.view.number for base, _ in told_of))
            return (
                Told(self.wording.sentences(*texts), orders, [base.line.key for base, _ in told_of]) if texts else None
            )
        if not told_of:
            return None
        base, targets = told_of[0]
        base = self._as_changed(base)
        product = await self.desk.crm.product(base.line.sku or "", self.turn.language)
        if product.currency != base.view.currency:
            return None
        told = [self._apart(base, each) for each in targets[:_SHOWN]]
        return Told(self.wording.sentences(*told), [base.view.number], [base.line.key])

    def _as_changed(self, base: Piece) -> Piece:
        """The same, of as many pieces as the open change is about."""
        pieces = self.request.lines.get(base.line.key) if self.request is not None else None
        return replace(base, quantity=pieces or base.quantity)

    async def _targets(self, base: Piece) -> list[VariantCandidate]:
        """The variants in the place of a line that the question means: by their options, else those it becomes."""
        variants = await self.records.variants(base.line.sku)
        by_words = on_the_screen(self.request, base.line, variants, self.turn.text)
        by_words = by_words or beside_the_target(self.request, base.line, variants, self.asked.text)
        by_words = by_words or self._having(self.asked.text, variants, base)
        before = read_own_question(last_words(self.turn))
        if not by_words and before is not None and before.what == "difference":
            # "I meant the two blue ones, what would come back for them?": what they would become was said before.
            by_words = self._having(before.text, variants, base)
        if not by_words and self.request is not None:
            chosen = self.request.targets.get(base.line.key)
            by_words = [each for each in variants if each.sku == chosen]
        return [each for each in by_words if each.price_minor is not None and each.sku != base.line.sku]

    @staticmethod
    def _having(text: str, variants: Sequence[VariantCandidate], base: Piece) -> list[VariantCandidate]:
        """Those that options in a text name."""
        return named_in(text, variants, base.line)

    def _apart(self, base: Piece, target: VariantCandidate) -> str:
        paid, now = base.line.unit_price_minor or 0, target.price_minor or 0
        options = self.wording.listed(list(target.options.values()))
        key = "more" if now > paid else "less" if now < paid else "alike"
        own = line_name(base.shown, self.wording)
        apart = abs(now - paid)
        text = self.say(
            f"difference.{key}", options=options, price=self.money(now, base.view), paid=self.money(paid, base.view),
            amount=self.money(apart, base.view), own=own,
        )  # fmt: skip
        gone = None if target.available else self.say("difference.gone")
        count = base.quantity
        for_all = None
        if count > 1 and apart:
            for_all = self.say(f"difference.all_{key}", count=count, amount=self.money(apart * count, base.view))
        return self.wording.sentences(text, for_all, gone)


__all__ = ["ANSWERED", "GIVES_BACK", "answered_own_question", "is_among", "offered", "turned_down"]
