"""What comes next with a change: a question for what is missing, the proposal, its confirmation or its end."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions.changes import basket
from actions.changes.address_corrections import missing_of
from actions.changes.kind import ChangeKind
from actions.changes.kinds import BY_KEY
from actions.changes.orders import speaks_of_place
from actions.changes.reading import Reader
from actions.changes.records import Records, address_candidate
from actions.changes.request import ChangeRequest, Remark, ShownProposal
from actions.changes.resizing import resize
from actions.changes.sent_anew import claimed_instead
from actions.changes.several import ITEMS, Beside, noted_beside, terms_of, what_follows
from actions.changes.wording import ChangeWording
from actions.crm_client import (
    ChangeRefused,
    CrmNotFound,
    CrmRefused,
    CrmTooManyRequests,
    HigherLevelNeeded,
    ProposalIsVoid,
)
from actions.desk import Desk, Turn
from actions.farewells import says_farewell, says_thanks
from actions.orders import line_name, order_choice
from actions.resolver import NO_FOCUS, Focus, VariantCandidate
from actions.wording import Wording
from shopdesk_schemas.changes import OfferLine, ProposalView
from shopdesk_schemas.crm import OrderSummary, OrderView, PolicyExplanation, Verification

_BUTTONS = 10
_PERSON = "/ask_human"
_PHOTOS = 10
"""As many as the CRM takes with a claim, the last ones."""
_ORDERS_WITHOUT_ANY_FITTING = 4
"""How many of the newest are offered when the change is usual for none."""
_WHO = frozenset({"recipient", "phone", "note"})
"""Parts of an address that are no place."""
_ASKED_BY_RULE = {
    "payment_method_needed": "payment_method",
    "payment_method_unknown": "payment_method",
    "gift_card_balance_too_low": "payment_method",
    "reason_needed": "reason",
    "reason_unknown": "reason",
    "photo_needed": "photo",
}
"""Refusals that are questions: what the CRM wants to know besides."""


@dataclass
class Question:
    """What is asked: for which piece, in which words, with which buttons."""

    slot: str
    text: str
    buttons: list[dict[str, str]] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    """Keys behind the buttons, in their order."""
    subject: str | None = None
    """The line that is asked about."""
    content: dict[str, Any] | None = None
    again: str | None = None
    """How to put it after a digression; as before when None."""
    response: str | None = None
    """A response of the bot's files in place of `text` (identity), filled with `values`."""
    values: dict[str, str] = field(default_factory=dict)
    any_words: bool = False
    """Whatever is said is the answer: the channel takes such a message whole."""

    def as_json(self) -> dict[str, Any]:
        """As the request keeps it."""
        return {name: value for name, value in self.__dict__.items() if value not in (None, [], {}, False)}


class ChangeDialogue:
    """One message's step of one request. What it says goes to the dispatcher; `question` is what waits then."""

    def __init__(
        self,
        desk: Desk,
        turn: Turn,
        dispatcher: CollectingDispatcher,
        request: ChangeRequest,
        verification: Verification,
        policies: PolicyExplanation,
        records: Records | None = None,
    ) -> None:
        self._desk = desk
        self._turn = turn
        self._dispatcher = dispatcher
        self.request = request
        self.verification = verification
        self._policies = policies
        # What was read for this message already is not asked for again.
        self.records = records or Records(desk, turn, policies)
        self._wording: Wording = desk.wording(turn.language)
        self.focus = NO_FOCUS if turn.metadata.get("begun") else conversation_focus(turn)
        self.reader = Reader(self.records, request, self.focus)
        self.question: Question | None = None
        self.finished = False
        self.offers_person = False
        self.farewell = False
        """The shopper took leave: what waits besides is not taken up."""
        self.beside: Beside | None = None
        """What else is to be done of the order, once something of it was agreed to."""
        self.done: dict[str, str] = {}
        """What was carried out, for questions about it: see `just_done`."""
        self.touched: list[str] = []
        """Orders that were changed: what "it" means next."""

    @property
    def kind(self) -> ChangeKind:
        """The request's."""
        return BY_KEY[self.request.kind]

    @property
    def waits(self) -> bool:
        """Whether there is nothing more to do with this message."""
        return self.question is not None or self.finished

    # Reading

    async def read_first(self, numbers: Sequence[str]) -> None:
        """Reads the words that began the request."""
        await self.reader.other_pieces(self.request.text)
        read = await self.reader.orders(self.request.text, numbers, asked=False)
        if not (read.sure or read.absent or read.thing) and self.kind.means_all(self.request.text):
            read.sure = read.choices
        await self.take_orders(read.sure, read.choices, read.absent, read.thing)

    async def take_orders(
        self, sure: Sequence[str], choices: Sequence[str] = (), absent: str | None = None, thing: str = ""
    ) -> None:
        """Goes on with the orders meant, or asks which."""
        if sure:
            self.request.orders = list(sure)
            meant = self.kind.wish
            await self._suit()
            self.reader.meant_as = meant if meant != self.kind.wish else None
            if meant == "return" and self.kind.wish == "cancel" and await self._all_shipped():
                self.request.remarks.append(Remark("not_arrived"))
            if await resize(self, self.request.text):
                return
            await self.reader.order_pieces(self.request.text, begins=True)
            if self.reader.rather is not None:
                # What was understood as one kind says plainly of every line that another is wanted.
                self.request.kind, self.reader.meant_as = self.reader.rather.key, None
                await self._suit()
                await self.reader.order_pieces(self.request.text)
            if self.reader.elsewhere and self.kind.wish == "cancel" and not self.request.lines:
                # All of it is wanted otherwise, by its condition: what was sent is sent back.
                self.finished = True
        else:
            self.request.orders = []
            await self._ask_order(choices, absent, thing)

    async def _all_shipped(self) -> bool:
        views = {each.number: each for each in await self.records.summaries()}
        return all(views[number].state == "shipped" for number in self.request.orders if number in views)

    async def _suit(self) -> None:
        """The kind that does what is wanted in the orders' state."""
        views: dict[str, OrderSummary | OrderView] = {each.number: each for each in await self.records.summaries()}
        for number in self.request.orders:
            if number not in views and (view := await self._opened(number)) is not None:
                # Of who proved one order and no more there is no list.
                views[number] = view
        text = self.request.text
        suited = {self.kind.suited_to(views[number], text) for number in self.request.orders if number in views}
        if len(suited) == 1 and suited != {self.request.kind}:
            self.request.kind = suited.pop()
            if self.request.reason is None:
                # The kind that was asked for may have had no reasons to look for.
                self.reader.reason(text)

    async def _opened(self, number: str) -> OrderView | None:
        try:
            return await self.records.order(number)
        except CrmNotFound:
            return None

    async def re_aim(self, kind: ChangeKind) -> None:
        """Another kind of change of the same things is wanted."""
        await self.drop_proposals()
        request = self.request
        kept = dict(request.extras) if request.kind in kind.goes_on_from else {}
        request.kind, request.targets, request.extras = kind.key, {}, kept
        if request.reason not in kind.reasons(self._policies):
            request.reason = None
        request.question, request.remarks = {}, []
        await self._suit()
        if self.kind.lines == "ask" and not request.lines and request.whole:
            views = await self.records.orders(request.orders)
            request.lines = {line.key: None for view in views for line in self.records.lines(view.number)}
        await self.reader.other_pieces(f"{request.text}\n{self._turn.text}")

    # Going on

    async def advance(self) -> None:
        """Asks for what is missing, or proposes."""
        if self.waits:
            return
        if self.kind.about == "customer":
            await self._advance_account()
            return
        if not self.request.orders:
            put = self.request.question
            offered = put.get("shown") if put.get("slot") == "order" else None
            await self.take_orders([], offered or [each.number for each in await self.records.summaries()])
            return
        await self.records.orders(self.request.orders)
        for ask in (
            self._ask_lines,
            self._ask_target,
            self._ask_address,
            self._ask_reason,
            self._ask_own,
            self._propose,
        ):
            if not self.waits:
                await ask()

    async def _advance_account(self) -> None:
        """The same where no order is meant: who asks comes first."""
        if self.kind.asks_who_first and self.verification.level != "customer":
            self._ask_who()
            return
        await self._ask_own()
        if not self.waits:
            await self._propose_account()

    async def _ask_own(self) -> None:
        await self.kind.ask(self)

    def ask(self, slot: str, key: str, choices: Mapping[str, str], **values: str) -> None:
        """Puts a question of the kind's own: the words at `changes.ask.key`, buttons by what pressing them means."""
        buttons = [{"title": title[:200], "payload": choice_payload(choice)} for choice, title in choices.items()]
        text = self._words(f"ask.{key}", **values)
        self.question = Question(slot, text, buttons[:_BUTTONS], any_words=slot in self.kind.any_words)

    def say(self, response: str, **values: Any) -> None:
        """Says something beside the questions."""
        self._dispatcher.utter_message(response=response, **values)

    def finish(self) -> None:
        """There is nothing more to do with this request."""
        self.finished = True

    def names_of(self, lines: Iterable[str]) -> list[str]:
        """Lines as they are named, by their keys."""
        return [name for key in lines if (name := self._name_of(key))]

    @property
    def told(self) -> str:
        """What is proposed just now, in words; empty where nothing is."""
        return self.request.told if self.request.proposals else ""

    @property
    def wording(self) -> Wording:
        """The reader's language."""
        return self._wording

    @property
    def policies(self) -> PolicyExplanation:
        """The shop's rules."""
        return self._policies

    @property
    def desk(self) -> Desk:
        """The CRM and the clock."""
        return self._desk

    @property
    def chosen(self) -> str | None:
        """What a button beside the request means."""
        return next((str(each) for each in self._turn.entities("choice")), None)

    @property
    def turn(self) -> Turn:
        """The message."""
        return self._turn

    async def _ask_order(self, choices: Sequence[str], absent: str | None, thing: str = "") -> None:
        summaries = {each.number: each for each in await self.records.summaries()}
        if not summaries:
            self._dispatcher.utter_message(response="utter_no_orders")
            self.finished = True
            return
        meant = [summaries[number] for number in choices if number in summaries] or list(summaries.values())
        zone = self._policies.shop.timezone
        fit = await self.reader.any_fits(list(summaries.values()))
        if not fit and not absent:
            meant = meant[:_ORDERS_WITHOUT_ANY_FITTING]
        key = "not_yours" if absent else "order" if fit else "no_order_fits"
        self.request.absent_told += [thing] if thing else []
        self.question = Question(
            "order",
            self._wording.sentences(
                self._words("ask.no_such_thing", words=thing) if thing else None, self._say(key, order=absent or "")
            ),
            [_choice(order_choice(each, zone, self._wording), order=each.number) for each in meant[:_BUTTONS]],
            [each.number for each in meant[:_BUTTONS]],
            again=self._say(key, order=absent or ""),
        )

    async def _ask_lines(self) -> None:
        request = self.request
        put = request.question
        if put.get("slot") == "lines" and not (request.lines or request.whole or self.reader.line_choices):
            # What names none of the things that were asked about is never all of the order.
            self.reader.line_choices = list(put.get("shown") or [])
        else:
            self.reader.take_only_choice()
        if self.kind.lines == "none" or request.lines:
            return
        views = await self.records.orders(request.orders)
        lines = [line for view in views for line in self.records.lines(view.number)]
        chosen = [line for line in lines if line.key in self.reader.line_choices] or lines
        if self.kind.lines == "some" and not self.reader.line_choices and not self.reader.line_absent:
            # The whole order is meant.
            return
        if self.kind.lines == "ask" and (request.whole or len(lines) == 1):
            request.lines = {line.key: None for line in lines}
            return
        if not lines:
            # The CRM says why nothing can be done.
            return
        names = {key: name for view in views for key, name in self._names(view).items()}
        buttons = [_choice(names[line.key], line=line.key) for line in chosen[: _BUTTONS - 1]]
        if len(chosen) == len(lines) > 1 and not self.kind.swaps:
            buttons.append(_choice(self._words("everything"), line="all"))
        absent = self.reader.line_absent if self.reader.line_absent not in self.request.absent_told else ""
        key = "line_absent" if absent else "lines"
        text = self._say(key, words=absent, order=self._listed_orders())
        none = self._words("ask.fits_none", wanted=self.reader.fits_none) if self.reader.fits_none else None
        shown = [line.key for line in chosen]
        self.question = Question("lines", self._wording.sentences(none, text), buttons, shown, again=text)

    async def _ask_target(self) -> None:
        request = self.request
        if not self.kind.swaps or (request.lines and await claimed_instead(self)):
            return
        for key in request.lines:
            if key in request.targets:
                continue
            line = self.records.line(key)
            if line is None:
                continue
            variants = [each for each in await self.records.variants(line.sku) if each.available]
            others = [each for each in variants if each.sku != line.sku]
            read = self.reader.targets.get(key)
            fit = [each for each in others if read and each.sku in read.choices] or others
            name = self._name_of(key)
            if not others:
                self._dispatcher.utter_message(
                    response="utter_change_refused", why=self._words("nothing_instead", name=name)
                )
                self.finished = True
                return
            edge = f"target_edge.{read.edge}" if read and read.edge else ""
            asked = (
                "target_current"
                if read and read.current
                else edge or "target_absent"
                if read and read.wanted
                else "target_unclear"
                if read and read.choices
                else "target"
            )
            self.question = Question(
                "target",
                self._words(f"ask.{asked}", name=name, wanted=read.wanted if read else ""),
                [_choice(self._variant_words(each, line.unit_price_minor), target=each.sku) for each in fit[:_BUTTONS]],
                [each.sku for each in fit[:_BUTTONS]],
                subject=key,
            )
            return

    async def _ask_address(self) -> None:
        place = self.request.address
        where = place.keys() - _WHO
        if not self.kind.moves or (where and not ("line1" in place and missing_of(place))):
            return
        if place and not where and not speaks_of_place(f"{self.request.text}\n{self._turn.text}"):
            # Only who receives it was said, and nothing of where it goes.
            return
        if where:
            self.ask("address", f"place.{missing_of(place)}", {}, street=place["line1"])
            return
        if await self.reader.address_of_order(self._turn.text) or await self.reader.address_of_order(self.request.text):
            return
        if self.request.saved_address and self.verification.level != "customer" and self._policies.verification.codes:
            # The address book opens to who proves to be the customer; an address written out needs no more.
            self._ask_who("place")
            return
        book = await self.records.addresses()
        choices = [each for each in book if each.id in self.reader.address_choices] or book
        self.question = Question(
            "address",
            self._say("where" if choices else "where_typed", order=self._listed_orders()),
            [_choice(_address_words(address_candidate(each)), address=each.id) for each in choices[:_BUTTONS]],
            [each.id for each in choices[:_BUTTONS]],
        )

    async def _ask_reason(self) -> None:
        if not self.kind.reason_needed(self._policies) or self.request.reason is not None:
            return
        self._question_reason()

    def _question_reason(self) -> None:
        words = ChangeWording(self._wording, self._policies.shop.timezone)
        reasons = list(self.kind.reasons(self._policies))
        self.question = Question(
            "reason",
            self._say("reason"),
            [_choice(words.code("reason", reason), reason=reason) for reason in reasons[:_BUTTONS]],
            reasons[:_BUTTONS],
            again=self._words("ask.reason"),
        )

    # Proposing

    async def _propose(self) -> None:
        await self.drop_proposals()
        request = self.request
        request.rounds += 1
        offers: list[tuple[ProposalView, OrderView]] = []
        refusals: list[tuple[ChangeRefused, OrderView]] = []
        for number in request.orders:
            view = await self.records.order(number)
            try:
                offers.append(
                    (
                        await self._desk.crm.propose(
                            self._turn.conversation_id,
                            self.kind.name,
                            {**self.kind.details(request, number), **self._evidence()},
                            key=f"{request.key}:{number}"[:200],
                        ),
                        view,
                    )
                )
            except ChangeRefused as refusal:
                refusals.append((refusal, view))
            except HigherLevelNeeded as needed:
                self._step_up(needed)
                return
            except (CrmRefused, CrmNotFound):
                # Read wrongly: what the CRM cannot take is asked for anew.
                if self.kind.read_wrongly(self):
                    return
                self._dispatcher.utter_message(response="utter_change_not_possible")
                self.finished = True
                return
        for refused, view in refusals:
            self._refused(refused, view, alone=not offers and len(refusals) == 1)
        told = [(offer, view) for offer, view in offers if offer.state == "open" and self.kind.only_tells(offer)]
        for offer, view in told:
            await self._tell(offer, view)
        offers = [each for each in offers if each not in told]
        if not offers and self.question is None:
            self.finished = True
        if offers and self.question is None:
            await self._offer([(await self._carried_out(offer, view), view) for offer, view in offers])

    async def _propose_account(self) -> None:
        await self.drop_proposals()
        self.request.rounds += 1
        offers: list[tuple[ProposalView, OrderView | None]] = []
        for place, asked in enumerate(await self.kind.proposals(self)):
            key = f"{self.request.key}:{asked.name}:{place}"[:200]
            try:
                offer = await self._desk.crm.propose(self._turn.conversation_id, asked.name, asked.details, key=key)
            except ChangeRefused as refusal:
                self._refused(refusal, None, alone=True)
                return
            except HigherLevelNeeded:
                self._ask_who()
                return
            except (CrmRefused, CrmNotFound):
                self._dispatcher.utter_message(response="utter_change_not_possible")
                self.finished = True
                return
            offers.append((offer, None))
        await self._offer(offers)

    async def _tell(self, offer: ProposalView, view: OrderView) -> None:
        """Says what an offer explains, and leaves it."""
        words = await self._change_words(view)
        self._dispatcher.utter_message(response="utter_change_done", done=words.told_only(offer))
        key = f"{self._turn.message_id}:-{offer.id}"[:200]
        await self._desk.crm.decline(self._turn.conversation_id, offer.id, key=key)
        self.touched.append(view.number)

    async def _carried_out(self, offer: ProposalView, view: OrderView) -> ProposalView:
        """The offer, confirmed where the kind need not ask."""
        if offer.state != "open" or not self.kind.at_once(offer):
            return offer
        key = f"{self._turn.message_id}:{offer.id}"[:200]
        return await self._desk.crm.confirm(self._turn.conversation_id, offer.id, key=key)

    def _evidence(self) -> dict[str, Any]:
        """The pictures that the shopper sent, where they count."""
        images = self._turn.tracker.get_slot("images") if self.kind.photos else None
        return {"photos": [str(each) for each in images][-_PHOTOS:]} if images else {}

    async def _offer(self, offers: Sequence[tuple[ProposalView, OrderView | None]]) -> None:
        request = self.request
        at_once = [(offer, view) for offer, view in offers if offer.state == "confirmed"]
        self.touched += [view.number for _, view in at_once if view is not None]
        for offers_done in [[each] for each in at_once] if self.kind.about == "order" else [at_once]:
            # What is decided of an account is one thing to the shopper, however many records it takes.
            told = [(await self._change_words(view)).done(offer) for offer, view in offers_done]
            if told:
                told.append(await self.kind.told_after(self))
                done = "\n".join(dict.fromkeys(filter(None, told)))
                self._dispatcher.utter_message(response="utter_change_done", done=done)
                self.done = self.kind.noted(self.request, [offer for offer, _ in offers_done])
        waiting = [(offer, view) for offer, view in offers if offer.state == "open"]
        if not waiting:
            self._end_well()
            return
        request.proposals = [ShownProposal(offer.id, view.number if view else "") for offer, view in waiting]
        request.terms = terms_of([offer for offer, _ in waiting])
        if request.agreed and request.agreed == request.terms:
            await self.confirm()
            return
        request.agreed = []
        remarks = [
            self._words(f"remark.{each.key}", **{**each.values, "name": self._name_of(each.values.get("line", ""))})
            for each in request.remarks
        ]
        remarks += [self._words(f"remark.{key}") for key in what_follows(request)]
        for position, (offer, view) in enumerate(waiting, start=1):
            last, several = position == len(waiting), len(waiting) > 1 and view is not None
            words = await self._change_words(view)
            ask = self._words("confirm.all" if len(waiting) > 1 else "confirm.one") if last else ""
            text, content = words.proposal(offer, remarks if last else (), ask, one_of_several=several)
            request.told = f"{request.told} {words.parts(offer)}".strip() if position > 1 else words.parts(offer)
            if not last:
                self._dispatcher.utter_message(response="utter_change_proposal", json_message=content, proposal=text)
                continue
            self.question = Question(
                "confirmation",
                text,
                self.confirmation_buttons(),
                list(request.lines) or [view.number for _, view in waiting if view is not None],
                content=content,
                again=self._words("confirm.again"),
            )

    def confirmation_buttons(self) -> list[dict[str, str]]:
        """Yes, something else, or none of it."""
        ids = ",".join(each.id for each in self.request.proposals)
        return [
            _choice(self._words("button.confirm"), confirm=ids),
            _choice(self._words("button.change"), revise=ids),
            _choice(self._words("button.leave"), leave=ids),
        ]

    def _refused(self, refusal: ChangeRefused, view: OrderView | None, *, alone: bool) -> None:
        words = ChangeWording(self._wording, self._policies.shop.timezone, view)
        asked = _ASKED_BY_RULE.get(refusal.rule)
        if alone and asked == "reason":
            self._question_reason()
            return
        why = words.rule(refusal.rule, {"order": view.number if view else "", **refusal.values})
        if alone and asked == "photo":
            again = self._words("ask.photo")
            self.question = Question("photo", self._wording.sentences(why, again), again=again)
            return
        said: list[str] = []
        buttons: list[dict[str, str]] = []
        for each in refusal.alternatives:
            action = alternative_action(each)
            label = words.told("alternative", each)
            if action is not None and alone:
                buttons.append({"title": label[:200], "payload": action})
            elif words.knows("possible", each.key):
                said.append(words.told("possible", each))
        text = self._wording.sentences(why, *said)
        choices = [each for each in buttons if each["payload"] != _PERSON or view is None]
        if not alone or not choices:
            # Nothing to choose: the refusal ends the request, and a person is offered once. What is about no order yet
            # may be wanted otherwise: fewer of it, another way to pay.
            self._dispatcher.utter_message(response="utter_change_refused", why=text)
            if alone:
                self.finished = self.offers_person = True
            return
        self.question = Question(
            asked or "alternative",
            text,
            buttons[:_BUTTONS],
            again=None if asked else self._words("ask.alternative_again"),
        )

    def _step_up(self, needed: HigherLevelNeeded) -> None:
        if self.verification.level == "customer" or needed.level != "customer":
            self._dispatcher.utter_message(response="utter_change_sign_in")
            self.finished = True
            return
        self._ask_who()

    def _ask_who(self, what_for: str = "ask") -> None:
        """Asks for where a one-time code goes; where the shop sends none, or it did not help, to sign in."""
        channels = self._policies.verification.codes
        if self.verification.level == "customer" or not channels:
            self._dispatcher.utter_message(response="utter_change_sign_in")
            self.finished = True
            return
        self.question = Question("code_recipient", self._words(f"one_time.{what_for}_{channels[0]}"))

    # Ending

    async def confirm(self) -> None:
        """Carries out what was shown last. What does not stand any more is offered anew.

        A change of items waits where something else of the order is to come first (`beside`).
        """
        request = self.request
        if self.kind.about == "order" and not request.agreed:
            self.beside = await noted_beside(self)
            if request.kind == ITEMS and (self.beside.first or self.beside.after):
                return
            request.then += [each.as_slot() for each in self.beside.after]
        void = False
        code_sent: str | None = None
        for shown in list(request.proposals):
            # As it was: what happened is told of the order as the shopper knew it.
            view = await self.records.order(shown.order) if shown.order else None
            try:
                done = await self._desk.crm.confirm(
                    self._turn.conversation_id, shown.id, key=f"{self._turn.message_id}:{shown.id}"[:200]
                )
            except HigherLevelNeeded as needed:
                self._step_up(needed)
                return
            except (ProposalIsVoid, CrmNotFound):
                void = True
                continue
            except CrmTooManyRequests as limit:
                wait = self._wording.wait(limit.retry_after)
                self._dispatcher.utter_message(response="utter_verification_limited", wait=wait)
                self.finished = True
                return
            request.proposals.remove(shown)
            if number := shown.order or str((done.outcome.values if done.outcome else {}).get("order") or ""):
                self.touched.append(number)
            if shown.order in request.orders:
                request.orders.remove(shown.order)
            if done.outcome is not None and done.outcome.values.get("promise") == "code":
                code_sent = self._of_code("sent_to_new", done)
                continue
            await self._say_done(done, view)
        if void:
            request.proposals = []
            self._dispatcher.utter_message(response="utter_change_void")
            await (self._propose_account() if self.kind.about == "customer" else self._propose())
            return
        if code_sent is not None:
            self.ask_contact_code(code_sent)
            return
        self._end_well()

    def ask_contact_code(self, text: str) -> None:
        """Asks for the code that went to a new e-mail address or phone number."""
        self.question = Question("contact_code", text, again=self._words("one_time.again"))

    def _of_code(self, key: str, done: ProposalView) -> str:
        to = next((str(line.values["value"]) for line in done.lines if "value" in line.values), "")
        digits = done.outcome.values.get("digits") if done.outcome is not None else None
        return self._words(f"one_time.{key}", to=to, digits=str(digits or ""))

    async def _say_done(self, done: ProposalView, view: OrderView | None) -> None:
        words = await self._change_words(view)
        self._dispatcher.utter_message(response="utter_change_done", done=words.done(done))
        self.done = self.kind.noted(self.request, [done])

    def _end_well(self) -> None:
        self.finished = True

    async def leave(self) -> None:
        """Nothing is changed: what was offered is turned down."""
        await self.drop_proposals()
        self.request.then = [{**each, "agreed": []} for each in self.request.then]
        self._dispatcher.utter_message(response="utter_change_left")
        if says_farewell(self._turn.text) or says_thanks(self._turn.text):
            self._dispatcher.utter_message(response="utter_goodbye")
            self.farewell = True
        self.finished = True

    async def drop_proposals(self) -> None:
        """Turns down what was shown: another offer comes, or none."""
        for shown in self.request.proposals:
            await self._desk.crm.decline(
                self._turn.conversation_id, shown.id, key=f"{self._turn.message_id}:-{shown.id}"[:200]
            )
        self.request.proposals = []

    # Words

    def ask_what_else(self) -> None:
        """After "change something" or "no": what should be different."""
        self.question = Question(
            "revision",
            self._words("ask.revision"),
            [_choice(self._words("button.leave"), leave="-")],
            again=self._words("ask.revision_again"),
        )

    def _say(self, piece: str, **values: str) -> str:
        """The question for a piece, in the kind's own words where there are some."""
        own = f"ask.{self.kind.key}.{piece}"
        return self._words(own if self._wording.has(f"changes.{own}") else f"ask.{piece}", **values)

    def _words(self, key: str, **values: str) -> str:
        return self._wording.say(f"changes.{key}", **values)

    async def _change_words(self, view: OrderView | None) -> ChangeWording:
        """The words about changes of an order, with what its lines become in the reader's language."""
        variants: dict[str, str] = {}
        for key in self.request.targets:
            line = self.records.line(key)
            for each in await self.records.variants(line.sku) if line is not None else []:
                variants[each.sku] = self._wording.listed(list(each.options.values())) or each.sku
        title = "" if view is not None else self.request.extras.get("title", "")
        titles: dict[str, str] = {}
        for item in basket.chosen(self.request.extras) if view is None else []:
            titles[item.sku] = item.title
            for each in await self.records.variants(item.product):
                variants[each.sku] = self._wording.listed(list(each.options.values())) or each.sku
        return ChangeWording(self._wording, self._policies.shop.timezone, view, variants, title, titles)

    def _listed_orders(self) -> str:
        return self._wording.listed(self.request.orders)

    def _names(self, view: OrderView) -> dict[str, str]:
        return {f"{view.number}/{line.line_number}": line_name(line, self._wording) for line in view.lines}

    def _name_of(self, key: str) -> str:
        view = self.records.known(key.rpartition("/")[0])
        return self._names(view).get(key, "") if view else ""

    def _variant_words(self, variant: VariantCandidate, before_minor: int | None) -> str:
        options = self._wording.listed(list(variant.options.values())) or variant.sku
        view = self.records.known(self.request.orders[0])
        if view is None or variant.price_minor is None or variant.price_minor == before_minor:
            return options
        return self._words(
            "variant_priced", options=options, price=self._wording.money(variant.price_minor, view.currency).text
        )


def alternative_action(alternative: OfferLine) -> str | None:
    """The payload of a button that takes an alternative up; None for what can only be said."""
    values = alternative.values
    key = alternative.key
    if key == "ask_a_person":
        return _PERSON
    simple = {
        "return_order": {"kind": "return"},
        "exchange_items": {"kind": "exchange"},
        "cancel_order": {"kind": "cancel"},
        "cancel_and_order_anew": {"kind": "cancel"},
        "cancel_whole_order": {"line": "all"},
        "repair_under_warranty": {"extra": "wish:repair"},
        "chase_parcel": {"kind": "chase"},
        "claim_not_received": {"kind": "claim_not_received"},
        "claim_parcel": {"kind": "claim_lost"},
        "return_instead": {"kind": "return"},
        "receipt": {"kind": "receipt"},
        "request_invoice": {"kind": "invoice"},
        "correct_invoice": {"kind": "correct_invoice"},
    }
    if key in simple:
        return _payload(**simple[key])
    if key.startswith("refund_to_"):
        return _payload(refund=key.removeprefix("refund_to_"))
    if key.startswith("resolve_by_"):
        return _payload(extra=f"resolution:{key.removeprefix('resolve_by_')}")
    if key == "name_parcel" and values.get("tracking_number"):
        return _payload(extra=f"tracking_number:{values['tracking_number']}")
    if key.startswith("send_by_"):
        return _payload(extra=f"method:{key.removeprefix('send_by_')}")
    if key in ("cancel_lines_not_sent", "return_other_lines", "reorder_lines"):
        numbers = values.get("line_numbers")
        return _payload(lines=json.dumps(numbers)) if numbers else None
    if key in ("cancel_quantity", "return_quantity") and values.get("quantity"):
        return _payload(quantity=f"{values['line_number']}:{values['quantity']}")
    if key == "choose_variant":
        return _payload(target=str(values["sku"]))
    if key == "use_saved_method":
        return _payload(payment=str(values["method"]))
    return None


def conversation_focus(turn: Turn) -> Focus:
    """The focus of the conversation, with what the shopper looks at on the page first."""
    focus = Focus.from_slot(turn.tracker.get_slot("focus"))
    page = turn.metadata.get("page") or {}
    orders = [page["order"], *focus.orders] if page.get("order") else focus.orders
    products = [page["sku"], *focus.products] if page.get("sku") else focus.products
    return replace(focus, orders=orders, products=products)


def _choice(title: str, **choice: str) -> dict[str, str]:
    return {"title": title[:200], "payload": _payload(**choice)}


def _payload(**choice: str) -> str:
    (name, value), *_ = choice.items()
    return choice_payload(f"{name}={value}")


def choice_payload(choice: str) -> str:
    """The payload of a button that means `name=value`."""
    return "/provide_details" + json.dumps({"choice": choice}, ensure_ascii=False)


def _address_words(address: Any) -> str:
    parts = [address.label, *address.lines, address.district, address.city, address.postcode]
    return ", ".join(part for part in parts if part)
