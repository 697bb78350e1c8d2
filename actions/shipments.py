"""Where is my order: which one, whether the shopper may see it, and the answer.

The form asks for a number and a proof. Its validation reads each message once, tries the proof with the CRM and
ends the form when an order may be shown; the CRM alone decides that. A wrong combination gets the same words whether
or not there is such an order. When the CRM is away nothing is caught: the turn fails and the gateway tells the shopper.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, cast

from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.crm_client import CrmNotFound, CrmTooManyRequests
from actions.desk import Desk, DeskAction, Event, Turn, forget_details, leave_form
from actions.details import Asked, Details, Proof, number_key, read_details
from actions.handoff import NOT_UNDERSTOOD, REQUESTED, hand_over, say_handed_over
from actions.help import PERSON, say_contact
from actions.orders import (
    OPEN_STATES,
    delivery_records,
    is_recorded_delivered,
    order_card,
    order_choice,
    order_status,
    refund_status,
)
from actions.parcels import shipment_timeline
from actions.wording import Wording
from shopdesk_schemas.crm import OrderSummary, OrderView, PolicyExplanation, Verification, VerificationRequest

FORM = "track_order_form"
REFERENCE: Final = "order_reference"
PROOFS: Final = "identity_proofs"

About = Literal["not_received", "refund"] | None
"""What the shopper wants to know of an order; None: where it is."""

_ABOUT: dict[str, About] = {"report_not_received": "not_received", "ask_refund": "refund"}
_INTENTS = {None: "track_order", **{about: intent for intent, about in _ABOUT.items()}}
_LEAVES_THE_FORM = frozenset({"ask_human", "stop"})
_ANSWERED_BY_RULES = frozenset(
    {
        "greet",
        "goodbye",
        "thank",
        "ask_bot",
        "ask_capabilities",
        "insult",
        "out_of_scope",
        "ask_why_details",
        "ask_contact",
        "ask_opening_hours",
        "ask_location",
    }
)
"""A message of these, without usable details, is answered by its rule; then the form asks again."""
_QUESTIONS_BEFORE_HANDOVER = 2
_PROOFS_TRIED_PER_MESSAGE = 2
_BUTTONS = 10

# Countries whose postcodes are four digits: there four bare digits are tried as a postcode first.
_FOUR_DIGIT_POSTCODES = frozenset({"AT", "AU", "BE", "BG", "CH", "CY", "DK", "HU", "LU", "NO", "NZ", "PH", "SI", "ZA"})


@dataclass(frozen=True)
class _Given:
    """What is on the table after this message."""

    references: list[str]
    proofs: list[Proof]


class ValidateTrackOrderForm(DeskAction):
    """Reads a message's details, verifies, and decides what is asked next."""

    def name(self) -> str:
        """The action's name."""
        return f"validate_{FORM}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Slots that say how it goes on; nothing when the message is for another rule."""
        turn = Turn(tracker)
        if tracker.get_slot("details_message") == turn.message_id:
            return []
        asked = _asked(tracker)
        if asked and turn.intent in _LEAVES_THE_FORM:
            return []
        policies = await self.desk.crm.policies()
        details = self._details(turn, asked, policies)
        if asked and turn.intent in _ANSWERED_BY_RULES and (not details or turn.intent == "out_of_scope"):
            return []
        read = [
            SlotSet("details_message", turn.message_id),
            SlotSet("asked_about", self._about(turn, asked, details)),
        ]
        verification = await self.desk.crm.verification(turn.conversation_id)
        if verification.level == "customer":
            return [*read, *self._ready(details.references)]
        return [*read, *await self._guest(dispatcher, turn, asked, details, verification, policies)]

    @staticmethod
    def _about(turn: Turn, asked: Asked, details: Details) -> About:
        """What is asked of the order. A number or proof for the form's question does not change it."""
        if turn.intent in _ABOUT:
            return _ABOUT[turn.intent]
        if asked and (details or turn.intent != "track_order"):
            return cast("About", turn.tracker.get_slot("asked_about"))
        return None

    def _details(self, turn: Turn, asked: Asked, policies: PolicyExplanation) -> Details:
        # After too many tries what comes next is most likely one more proof for the same number.
        limited = None if asked else turn.tracker.get_slot("limited_reference")
        details = read_details(
            turn.message.get("entities") or [],
            asked=PROOFS if limited else asked,
            known_reference=limited or turn.tracker.get_slot(REFERENCE),
            postcode_digits=4 if policies.shop.country in _FOUR_DIGIT_POSTCODES else None,
            refused=_read(turn.tracker.get_slot("refused_proofs")),
        )
        if not details.references and turn.page_order and not (turn.tracker.get_slot(REFERENCE) or asked or limited):
            return Details([turn.page_order], details.proofs)
        return details

    @staticmethod
    def _ready(references: Sequence[str], proofs: Sequence[Proof] = ()) -> list[Event]:
        """Ends the form: `references` (none: the shopper's own open orders) may be shown."""
        return [
            SlotSet(REFERENCE, references[0] if references else None),
            SlotSet("queue", list(references[1:])),
            SlotSet(PROOFS, _stored(proofs) if len(references) > 1 else None),
            SlotSet("refused_proofs", None),
            SlotSet("limited_reference", None),
            SlotSet("tracking_step", "answer"),
            SlotSet("requested_slot", None),
        ]

    async def _guest(
        self,
        dispatcher: CollectingDispatcher,
        turn: Turn,
        asked: Asked,
        details: Details,
        verification: Verification,
        policies: PolicyExplanation,
    ) -> list[Event]:
        tracker = turn.tracker
        if verification.level == "order" and verification.order_number and not tracker.get_slot("another_order"):
            opened = await self._opened(turn, asked, details, verification.order_number)
            if opened is not None:
                return opened
        accepted = policies.verification.proofs
        usable = [proof for proof in details.proofs if proof.kind in accepted]
        refused_kind = bool(details.proofs) and not usable
        known = None if turn.intent == "track_another" and not details.references else tracker.get_slot(REFERENCE)
        if details.proofs and not asked:
            known = known or tracker.get_slot("limited_reference")
        references = details.references or ([known, *(tracker.get_slot("queue") or [])] if known else [])
        proofs = usable or _read(tracker.get_slot(PROOFS))
        corrected = bool(details.references and known and number_key(details.references[0]) != number_key(known))
        if not proofs and corrected:
            # Only the number was wrong: what was given with it is tried again.
            proofs = _read(tracker.get_slot("refused_proofs"))
        given = _Given(references, _in_order(proofs, accepted))
        if references and proofs:
            return await self._verify(dispatcher, turn, given)
        if asked and turn.intent == "affirm" and not details and tracker.get_slot("offer") == PERSON:
            await say_handed_over(self, dispatcher, turn)
            return hand_over(REQUESTED)
        return await self._ask(dispatcher, turn, asked, given, progress=bool(details), refused_kind=refused_kind)

    async def _opened(self, turn: Turn, asked: Asked, details: Details, opened: str) -> list[Event] | None:
        """Ends the form when the message is about the order that is already open."""
        if asked and not details.references:
            return None
        if not details.references:
            return self._ready([opened])
        first = number_key(details.references[0])
        if first != number_key(opened):
            try:
                order = await self.desk.crm.order(turn.conversation_id, opened, turn.language)
            except CrmNotFound:
                return None
            if first not in {number_key(each.tracking_number or "") for each in order.shipments}:
                return None
        return self._ready([opened, *details.references[1:]], details.proofs)

    async def _verify(self, dispatcher: CollectingDispatcher, turn: Turn, given: _Given) -> list[Event]:
        reference = given.references[0]
        for proof in given.proofs[:_PROOFS_TRIED_PER_MESSAGE]:
            try:
                verified = await try_proof(self.desk, turn, reference, proof)
            except CrmTooManyRequests as limit:
                wait = self.desk.wording(turn.language).wait(limit.retry_after)
                dispatcher.utter_message(response="utter_verification_limited", wait=wait)
                return [*leave_form(), SlotSet("offer", PERSON), SlotSet("limited_reference", reference)]
            if verified is not None:
                return self._ready([verified.order_number or reference, *given.references[1:]], given.proofs)
        failures = turn.count("verification_failures") + 1
        return [
            SlotSet(REFERENCE, reference),
            SlotSet("queue", given.references[1:]),
            SlotSet(PROOFS, None),
            SlotSet("refused_proofs", _stored(given.proofs)),
            SlotSet("verification_failures", failures),
            SlotSet("questions_in_vain", 0),
            SlotSet("question_variant", "failed" if failures == 1 else "failed_again"),
            SlotSet("offer", None if failures == 1 else PERSON),
            SlotSet("tracking_step", "ask"),
        ]

    async def _ask(
        self,
        dispatcher: CollectingDispatcher,
        turn: Turn,
        asked: Asked,
        given: _Given,
        *,
        progress: bool,
        refused_kind: bool,
    ) -> list[Event]:
        waits = turn.intent == "affirm" and turn.tracker.get_slot("question_variant") != "waiting"
        in_vain = 0 if progress or not asked else turn.count("questions_in_vain") + (0 if waits else 1)
        if in_vain > _QUESTIONS_BEFORE_HANDOVER:
            dispatcher.utter_message(response="utter_handoff_misunderstood")
            return hand_over(NOT_UNDERSTOOD)
        if "out_of_scope" in turn.also_asked:
            # Where an order is shown at once, this comes after it (`ActionTrackOrder`).
            dispatcher.utter_message(response="utter_out_of_scope_in_passing")
        next_question: Asked = PROOFS if given.references else REFERENCE
        variant = self._variant(turn, asked, given, next_question, in_vain, refused_kind)
        return [
            SlotSet(REFERENCE, given.references[0] if given.references else None),
            SlotSet("queue", given.references[1:] or turn.tracker.get_slot("queue") or []),
            SlotSet(PROOFS, _stored(given.proofs) or None),
            SlotSet("questions_in_vain", in_vain),
            SlotSet("question_variant", variant),
            SlotSet("offer", PERSON if variant in {"help", "lack_again"} else None),
            SlotSet("tracking_step", "ask"),
        ]

    @staticmethod
    def _variant(turn: Turn, asked: Asked, given: _Given, question: Asked, in_vain: int, refused_kind: bool) -> str:
        """How to put the question: never twice in a row the same way."""
        last = turn.tracker.get_slot("question_variant") if asked else None
        if refused_kind:
            return "not_accepted" if question == PROOFS else "first"
        if turn.intent == "lack_details":
            return "lack_again" if last == "lack" else "lack"
        if turn.intent == "track_another" or (turn.tracker.get_slot("another_order") and not asked):
            return "another" if question == REFERENCE else "first"
        if asked and turn.intent == "affirm" and last != "waiting":
            return "waiting"
        if in_vain == 0 or asked != question:
            if question == REFERENCE and given.proofs:
                return "with_proof"
            return "changed" if asked == PROOFS and question == PROOFS else "first"
        return "again" if in_vain == 1 and last != "again" else "help"


class _AskAction(DeskAction):
    """Puts a question of the form. After an answered digression the question comes back in short."""

    slot: Literal["order_reference", "identity_proofs"]

    def name(self) -> str:
        """The action's name."""
        return f"action_ask_{FORM}_{self.slot}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Asks."""
        turn = Turn(tracker)
        variant = tracker.get_slot("question_variant") or "first"
        if tracker.get_slot("details_message") != turn.message_id:
            variant = "resume"
        values: dict[str, Any] = {}
        if self.slot == PROOFS:
            wording = self.desk.wording(turn.language)
            values = {"order": tracker.get_slot(REFERENCE) or "", "proofs": await self._proofs(wording)}
        dispatcher.utter_message(response=f"utter_ask_{self.slot}_{variant}", **values)
        return []

    async def _proofs(self, wording: Wording) -> str:
        policy = (await self.desk.crm.policies()).verification
        return wording.any_of([wording.say(f"common.proofs.{kind}") for kind in policy.proofs])


class ActionAskOrderReference(_AskAction):
    """Asks for the order or tracking number."""

    slot: Literal["order_reference", "identity_proofs"] = REFERENCE


class ActionAskIdentityProofs(_AskAction):
    """Asks for one of the proofs that the shop accepts."""

    slot: Literal["order_reference", "identity_proofs"] = PROOFS


class ActionTrackAnother(DeskAction):
    """Notes that the shopper means another order than the open one."""

    def name(self) -> str:
        """The action's name."""
        return "action_track_another"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Forgets the number spoken of so far."""
        return [*forget_details(), SlotSet("another_order", True)]


class ActionTrackOrder(DeskAction):
    """Shows the order, or lets the shopper choose among theirs; then those that wait."""

    def name(self) -> str:
        """The action's name."""
        return "action_track_order"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Answers when the form came to something; a form that was left gets no answer."""
        turn = Turn(tracker)
        if tracker.get_slot("tracking_step") != "answer":
            return []
        about = cast("About", tracker.get_slot("asked_about"))
        answer = _Answer(self.desk, turn, dispatcher, about)
        reference: str | None = tracker.get_slot(REFERENCE)
        queue: list[str] = tracker.get_slot("queue") or []
        verification = await self.desk.crm.verification(turn.conversation_id)
        if verification.level == "customer":
            await answer.customer([each for each in (reference, *queue) if each])
            left: list[str] = []
        else:
            left = await answer.guest(reference or verification.order_number or "", queue)
        if "out_of_scope" in turn.also_asked:
            dispatcher.utter_message(response="utter_out_of_scope_in_passing")
        if "ask_contact" in turn.also_asked:
            await say_contact(self, dispatcher, turn)
        events = [*forget_details(), *([SlotSet("last_order", answer.shown[-1])] if answer.shown else [])]
        if not left:
            offers = answer.offered_person or "out_of_scope" in turn.also_asked
            return [*events, *([SlotSet("offer", PERSON)] if offers else []), SlotSet("tracking_step", None)]
        return [
            *events,
            SlotSet("asked_about", about),
            SlotSet(REFERENCE, left[0]),
            SlotSet("queue", left[1:]),
            SlotSet("question_variant", "next"),
            SlotSet("tracking_step", "ask"),
            FollowupAction(FORM),
        ]


@dataclass
class _Answer:
    """Says what is asked about the orders that may be shown; `shown` are their numbers."""

    desk: Desk
    turn: Turn
    dispatcher: CollectingDispatcher
    about: About
    shown: list[str] = field(default_factory=list)
    offered_person: bool = False

    async def guest(self, number: str, queue: Sequence[str]) -> list[str]:
        """Shows the verified order and those of the queue that the same proof opens; returns what is still closed."""
        try:
            self.show(await self._order(number))
        except CrmNotFound:
            self.dispatcher.utter_message(response="utter_order_gone")
            return list(queue)
        proofs = _read(self.turn.tracker.get_slot(PROOFS))
        for position, reference in enumerate(queue):
            verified = None
            try:
                for proof in proofs[:1]:
                    verified = await try_proof(self.desk, self.turn, reference, proof)
            except CrmTooManyRequests as limit:
                wait = self.desk.wording(self.turn.language).wait(limit.retry_after)
                self.dispatcher.utter_message(response="utter_verification_limited", wait=wait)
                return []
            if verified is None:
                return list(queue[position:])
            self.show(await self._order(verified.order_number or reference))
        return []

    async def customer(self, references: Sequence[str]) -> None:
        """Shows the orders named, or the one that is open, or asks which."""
        orders = (await self.desk.crm.orders(self.turn.conversation_id, self.turn.language)).orders
        if not orders:
            self.dispatcher.utter_message(response="utter_no_orders")
            return
        for reference in references:
            order = await self._find(reference, orders)
            if order is None:
                await self._choose("utter_order_not_yours", orders, order=reference)
            else:
                self.show(order)
        if references:
            return
        if self.about is not None:
            await self._customer_about(orders)
            return
        still_open = [each for each in orders if each.state in OPEN_STATES]
        if self.turn.tracker.get_slot("another_order") and len(orders) > 1:
            await self._choose("utter_which_of_all_orders", orders)
        elif len(still_open) > 1:
            await self._choose("utter_which_order", still_open)
        else:
            if not still_open:
                self.dispatcher.utter_message(response="utter_latest_order")
            self.show(await self._order((still_open or orders)[0].number))

    async def _customer_about(self, orders: Sequence[OrderSummary]) -> None:
        """Answers about the order meant without a number: the one shown last, else the only one it can be, or asks."""
        last = self.turn.tracker.get_slot("last_order")
        if self.about == "not_received":
            candidates = [each for each in orders if each.state in {"shipped", "delivered"}]
        else:
            views = [await self._order(each.number) for each in orders[:_BUTTONS]]
            refunded = {view.number for view in views if view.refunds}
            candidates = [each for each in orders if each.number in refunded]
        numbers = [each.number for each in candidates]
        if last in numbers or len(candidates) == 1:
            self.show(await self._order(last if last in numbers else numbers[0]))
        else:
            await self._choose(f"utter_which_order_{self.about}", candidates or orders)

    async def _find(self, reference: str, orders: Sequence[OrderSummary]) -> OrderView | None:
        """The shopper's own order with this order or tracking number."""
        key = number_key(reference)
        for each in orders:
            if number_key(each.number) == key:
                return await self._order(each.number)
        for each in orders[:_BUTTONS]:
            order = await self._order(each.number)
            if key in {number_key(shipment.tracking_number or "") for shipment in order.shipments}:
                return order
        return None

    async def _choose(self, response: str, orders: Sequence[OrderSummary], **values: Any) -> None:
        zone = (await self.desk.crm.policies()).shop.timezone
        wording = self.desk.wording(self.turn.language)
        buttons = [
            {"title": order_choice(each, zone, wording), "payload": _payload(_INTENTS[self.about], each.number)}
            for each in orders[:_BUTTONS]
        ]
        self.dispatcher.utter_message(response=response, buttons=buttons, **values)

    async def _order(self, number: str) -> OrderView:
        return await self.desk.crm.order(self.turn.conversation_id, number, self.turn.language)

    def show(self, order: OrderView) -> None:
        """The answer in words, then the card and the timeline unless they stand right above."""
        wording = self.desk.wording(self.turn.language)
        self._say(order, wording)
        seen = order.number == self.turn.tracker.get_slot("last_order")
        self.shown.append(order.number)
        if seen and self.about is not None:
            return
        text, card = order_card(order, wording)
        self.dispatcher.utter_message(response="utter_order_card", json_message=card, card=text)
        timeline = shipment_timeline(order, wording)
        if timeline is not None:
            text, parcels = timeline
            self.dispatcher.utter_message(response="utter_shipment_timeline", json_message=parcels, timeline=text)

    def _say(self, order: OrderView, wording: Wording) -> None:
        delivered = is_recorded_delivered(order)
        if self.about == "refund":
            self.dispatcher.utter_message(response="utter_refund_status", refund=refund_status(order, wording))
            self.offered_person = True
        elif self.about == "not_received" and delivered:
            recorded = delivery_records(order, wording)
            self.dispatcher.utter_message(response="utter_not_received", order=order.number, recorded=recorded)
            self.offered_person = True
        else:
            missing = {
                "title": wording.say("orders.button.not_received"),
                "payload": _payload("report_not_received", order.number),
            }
            self.dispatcher.utter_message(
                response="utter_order_status",
                status=order_status(order, wording),
                buttons=[missing] if delivered else None,
            )


async def try_proof(desk: Desk, turn: Turn, reference: str, proof: Proof) -> Verification | None:
    """The verification that `proof` gives, or None when it does not fit. Raises `CrmTooManyRequests`."""
    if len(reference) > 100 or len(proof.value) > (254 if proof.kind == "email" else 20):
        return None
    request = VerificationRequest.model_validate({"reference": reference, proof.kind: proof.value})
    try:
        return await desk.crm.verify(turn.conversation_id, request)
    except CrmNotFound:
        return None


def _asked(tracker: Tracker) -> Asked:
    slot = tracker.get_slot("requested_slot")
    if (tracker.active_loop or {}).get("name") != FORM:
        return None
    return slot if slot in (REFERENCE, PROOFS) else None


def _in_order(proofs: Sequence[Proof], accepted: Sequence[str]) -> list[Proof]:
    """Proofs of different certainty keep their order; those the shop asks for first come first."""
    kinds = {proof.kind for proof in proofs}
    ambiguous = len({proof.value for proof in proofs}) == 1 and len(kinds) > 1
    return list(proofs) if ambiguous else sorted(proofs, key=lambda proof: accepted.index(proof.kind))


def _stored(proofs: Sequence[Proof]) -> list[dict[str, str]]:
    return [{"kind": proof.kind, "value": proof.value} for proof in proofs]


def _read(stored: Any) -> list[Proof]:
    return [Proof(each["kind"], each["value"]) for each in stored or []]


def _payload(intent: str, number: str) -> str:
    return f"/{intent}" + json.dumps({"order_number": number}, ensure_ascii=False)
