"""Where is my order: which one, whether the shopper may see it, and the answer.

The form asks for a number and a proof. Its validation reads each message once, tries the proof with the CRM and
ends the form when an order may be shown; the CRM alone decides that. A wrong combination gets the same words whether
or not there is such an order. When the CRM is away nothing is caught: the turn fails and the gateway tells the shopper.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal, cast
from zoneinfo import ZoneInfo

from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.arrival_days import asks_arrival, day_needed, told_for_order, usual_days
from actions.asked_of_order import Aspect, aspects_asked, aspects_told
from actions.changes.afterwards import corrected_afterwards
from actions.changes.asking import FORM as CHANGES
from actions.changes.going_over import begin_change
from actions.changes.kinds import BY_KEY
from actions.changes.records import ORDERS_READ, Records
from actions.changes.windows import still_possible
from actions.crm_client import CrmNotFound, CrmTooManyRequests
from actions.delivery import ANSWERS as DELIVERY_ANSWERS
from actions.delivery import HOW_LONG, ActionAskDeliveryOptions, names_only_postcode, rate_for
from actions.delivery_questions import asked_of_delivery
from actions.desk import (
    Desk,
    DeskAction,
    Event,
    Turn,
    forget_details,
    last_action,
    last_question,
    last_response,
    leave_form,
)
from actions.details import Asked, Details, Proof, number_key
from actions.full_names import without_identity
from actions.help import say_contact
from actions.help_pages import PERSON
from actions.identity import AskIdentity, IdentityForm, asked_identity, can_be_tried, open_at_once, try_proof
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
from actions.proofs import NAME, PROOFS, REFERENCE, Identified, postcode_digits, read_proofs, stored_proofs
from actions.resolver import Focus, resolve_orders
from actions.return_status import return_status
from actions.wording import Wording
from shopdesk_schemas.crm import OrderSummary, OrderView, PolicyExplanation
from shopdesk_schemas.returns import ReturnView

FORM = "track_order_form"
GO_OVER = "go_over"
"""The step at which the form of changes takes the message."""

About = Literal["not_received", "refund", "return"] | None
"""What the shopper wants to know of an order; None: where it is."""

_ABOUT: dict[str, About] = {
    "report_not_received": "not_received",
    "ask_refund": "refund",
    "ask_return_status": "return",
}
_INTENTS = {None: "track_order", **{about: intent for intent, about in _ABOUT.items()}}
_LEAVES_THE_FORM = frozenset({"ask_human", "stop"})
_ABOUT_THIS = frozenset(
    {"affirm", "deny", "provide_details", "lack_details", "track_order", "track_another", "nlu_fallback", *_ABOUT}
)
"""What belongs to the form. Anything else, without usable details, its rule answers; then the form asks again."""
_SEVERAL = re.compile(
    r"\b(?:orders|parcels|packages|all|both|every|each|everything)\b|所有|全部|都|几个|几单|哪些|各",
    re.IGNORECASE,
)
"""More than the order spoken of is asked about."""
_SAYS_DELIVERED = re.compile(
    r"\b(?:says?|said|shows?|shown|marked|status|recorded|apparently|supposed\w*|claims?|tracking)\b.*\bdelivered\b"
    r"|\bdelivered\b.*\bbut\b|\bsigned for\b|签收|送达|妥投|已送到|显示.{0,4}(?:到|收)",
    re.IGNORECASE,
)
"""By the carrier's record it came."""
_ASKS_WHERE = re.compile(
    r"\b(?:where|track|when|status|arriv\w+|deliver\w*|ship\w*|sent)\b|哪|到了|什么时候|物流|快递|发货|进度",
    re.IGNORECASE,
)
_SURE_OF_OTHER = 0.6
"""From this probability on a message is about something else."""
_SMALL_TALK = frozenset(
    {"greet", "goodbye", "thank", "ask_bot", "ask_capabilities", "insult", "out_of_scope", "ask_why_details"}
)
"""These are answered however sure it is."""
_BUTTONS = 10
_ORDER_TOLD = frozenset({"utter_order_status", "utter_order_card", "utter_shipment_timeline"})
_ABOVE = 4
"""An order shown so many messages ago still stands on the screen."""
_SAID_IN_FORM = 4
"""So many messages are looked back."""
_TOLD_AT_ONCE = 3
"""So many open orders are told in words; of more it is asked which one is meant."""


class ValidateTrackOrderForm(IdentityForm):
    """Reads a message's details, verifies, and decides what is asked next."""

    def name(self) -> str:
        """The action's name."""
        return f"validate_{FORM}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Slots that say how it goes on; nothing when the message is for another rule."""
        turn = Turn(tracker)
        if tracker.get_slot("details_message") == turn.message_id:
            return []
        asked = asked_identity(tracker, FORM)
        if asked and turn.intent in _LEAVES_THE_FORM:
            return []
        policies = await self.desk.crm.policies()
        details = self.read(turn, asked, policies)
        digits = postcode_digits(policies.shop.country)
        bare = turn.text.strip()
        to_postcode = not asked and not details.name and names_only_postcode(turn.text)
        to_postcode = to_postcode and not (bare.isdigit() and len(bare) != digits)
        goes_on = to_postcode or (not asked and not details and HOW_LONG.fullmatch(turn.text))
        if goes_on and last_action(turn) in DELIVERY_ANSWERS:
            await ActionAskDeliveryOptions(self.desk).run(dispatcher, tracker, domain)
            return [SlotSet("details_message", turn.message_id), *leave_form()]
        if asked and self._is_of_another(turn) and (not details or turn.intent == "out_of_scope"):
            return []
        read = [
            SlotSet("details_message", turn.message_id),
            SlotSet("asked_about", self._about(turn, asked, details)),
        ]
        verification = None
        if not self._proves_at_once(turn, details, policies):
            verification = await self.desk.verification(turn)
            if verification.level == "customer":
                return [*read, *self._ready(details.references)]
        found = await self.identify(dispatcher, turn, asked, details, verification, policies)
        if not isinstance(found, Identified):
            return [*read, *found]
        by_name = details.name or (details.proofs and tracker.get_slot(NAME))
        if by_name and (await self.desk.verification(turn)).level == "customer":
            # What the name opened first is just the newest: another may be named, now or when it was asked for.
            meant = await self._named_with(turn, details)
            found = Identified([meant]) if meant else found
        return [*read, *self._ready(found.references, found.proofs)]

    async def _named_with(self, turn: Turn, details: Details) -> str | None:
        """The one order whose goods are named beside a name, or in what was said since the form was opened."""
        whole = str((turn.metadata.get("whole") or {}).get("text") or "")
        said = [whole or turn.text, *_said_in_form(turn)]
        values = [each.value for each in details.proofs]
        orders = (await self.desk.crm.orders(turn.conversation_id, turn.language)).orders
        for text in said:
            rest = without_identity(text, details.name, values) if details.name else text
            if numbers := await _named(self.desk, turn, orders, rest, open_first=True):
                return numbers[0]
        return None

    @staticmethod
    def _proves_at_once(turn: Turn, details: Details, policies: PolicyExplanation) -> bool:
        """Whether the message has a number and its proof: the CRM's answer to them tells what is open already."""
        usable = [proof for proof in details.proofs if proof.kind in policies.verification.proofs]
        return (
            bool(details.references)
            and bool(usable)
            and all(can_be_tried(details.references[0], proof) for proof in usable)
            and not turn.tracker.get_slot("another_order")
        )

    async def _open(self, turn: Turn, reference: str, proof: Proof) -> str | None:
        return await open_at_once(self.desk, turn, reference, proof)

    @staticmethod
    def _is_of_another(turn: Turn) -> bool:
        """Whether the message asks for something that this form does not know."""
        sure = turn.intent in _SMALL_TALK or turn.confidence >= _SURE_OF_OTHER
        return turn.intent not in _ABOUT_THIS and sure

    @staticmethod
    def _about(turn: Turn, asked: Asked, details: Details) -> About:
        """What is asked of the order. A number or proof for the form's question does not change it."""
        if turn.intent in _ABOUT:
            return _ABOUT[turn.intent]
        if asked and (details or turn.intent != "track_order"):
            return cast("About", turn.tracker.get_slot("asked_about"))
        offering = {str(each.get("payload")).partition("{")[0].removeprefix("/") for each in last_question(turn)}
        if len(offering) == 1 and turn.text and not _ASKS_WHERE.search(turn.text):
            # What names one of the orders offered answers what was asked when they were.
            return _ABOUT.get(offering.pop())
        return None

    @staticmethod
    def _ready(references: Sequence[str], proofs: Sequence[Proof] = ()) -> list[Event]:
        """Ends the form: `references` (none: the shopper's own open orders) may be shown."""
        return [
            SlotSet(REFERENCE, references[0] if references else None),
            SlotSet("further_references", list(references[1:])),
            SlotSet(PROOFS, stored_proofs(proofs) if len(references) > 1 else None),
            SlotSet(NAME, None),
            SlotSet("refused_proofs", None),
            SlotSet("limited_reference", None),
            SlotSet("tracking_step", "answer"),
            SlotSet("requested_slot", None),
        ]


class ActionAskOrderReference(AskIdentity):
    """Asks for the order or tracking number."""

    form: ClassVar[str] = FORM
    slot: Literal["order_reference", "identity_proofs"] = REFERENCE


class ActionAskIdentityProofs(AskIdentity):
    """Asks for one of the proofs that the shop accepts."""

    form: ClassVar[str] = FORM
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
        if tracker.get_slot("tracking_step") == GO_OVER:
            return [SlotSet("tracking_step", None), FollowupAction(CHANGES)]
        if tracker.get_slot("tracking_step") != "answer":
            return []
        about = cast("About", tracker.get_slot("asked_about"))
        answer = _Answer(self.desk, turn, dispatcher, about)
        reference: str | None = tracker.get_slot(REFERENCE)
        queue: list[str] = tracker.get_slot("further_references") or []
        verification = await self.desk.verification(turn)
        if not queue and (begun := await corrected_afterwards(self.desk, dispatcher, turn, verification)) is not None:
            return begun
        if verification.level == "customer":
            await answer.customer([each for each in (reference, *queue) if each])
            left: list[str] = []
        else:
            left = await answer.guest(reference or verification.order_number or "", queue)
        if answer.claims is not None:
            return await begin_change(self.desk, dispatcher, turn, "claim_not_received", answer.claims)
        if "out_of_scope" in turn.also_asked:
            dispatcher.utter_message(response="utter_out_of_scope_in_passing")
        if "ask_contact" in turn.also_asked:
            await say_contact(self, dispatcher, turn)
        focus = Focus.from_slot(tracker.get_slot("focus")).on_orders(answer.shown, answer.parcels, answer.listed)
        events = [
            *forget_details(),
            *([SlotSet("last_order", answer.shown[-1])] if answer.shown else []),
            *([SlotSet("not_received", answer.not_received)] if answer.not_received else []),
            *([SlotSet("focus", focus.as_slot())] if answer.shown or answer.listed else []),
        ]
        if not left:
            offers = answer.offered_person or "out_of_scope" in turn.also_asked
            return [*events, *([SlotSet("offer", PERSON)] if offers else []), SlotSet("tracking_step", None)]
        return [
            *events,
            SlotSet("asked_about", about),
            SlotSet(REFERENCE, left[0]),
            SlotSet("further_references", left[1:]),
            SlotSet("question_variant", "next"),
            SlotSet("tracking_step", "ask"),
            FollowupAction(FORM),
        ]


async def show_order_offered(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    """Shows the order that words mean among those offered just before; None where none was, or the words mean none."""
    payloads = [str(each.get("payload")).removeprefix("/").partition("{") for each in last_question(turn)]
    asked = {intent for intent, *_ in payloads}
    if len(payloads) < 2 or len(asked) > 1 or not asked <= set(_INTENTS.values()):
        return None
    offered = [str(json.loads(brace + rest or "{}").get("order_number")) for _, brace, rest in payloads]
    records = Records(desk, turn, await desk.crm.policies())
    found = resolve_orders(
        turn.text, await records.order_candidates(offered), focus=Focus(shown=offered), today=records.today
    )
    if not found.matches or found.status not in ("one", "many"):
        return None
    answer = _Answer(desk, turn, dispatcher, _ABOUT.get(asked.pop()))
    numbers = [each.candidate.number for each in found.matches] if found.status == "many" else [found.first.number]
    for number in numbers[:_TOLD_AT_ONCE]:
        await answer.show(await desk.crm.order(turn.conversation_id, number, turn.language))
    focus = Focus.from_slot(turn.tracker.get_slot("focus")).on_orders(answer.shown, answer.parcels)
    return [SlotSet("last_order", answer.shown[-1]), SlotSet("focus", focus.as_slot())]


_POINTS_AT_ONE: Final = re.compile(
    r"\W*[\u4e00-\u9fff]{1,8}[那这][个单件条双只台把笔]\W*|\W*(?:the )?(?:[\w'-]+ ){1,3}(?:one|order|parcel)\W*",
    re.IGNORECASE,
)


async def show_order_pointed_at(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    """As `show_order_offered`, for words that do no more than point at one, whatever they look like: 地毯那个."""
    if _POINTS_AT_ONE.fullmatch(turn.text) is None:
        return None
    return await show_order_offered(desk, dispatcher, turn)


async def show_order_with_goods(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    """Shows the order whose goods a message of a known customer names, the open ones before all; None where none is."""
    if (await desk.verification(turn)).level != "customer":
        return None
    orders = (await desk.crm.orders(turn.conversation_id, turn.language)).orders[:ORDERS_READ]
    records = Records(desk, turn, await desk.crm.policies())
    still_open = [each.number for each in orders if each.state in OPEN_STATES]
    for numbers in (still_open, [each.number for each in orders]):
        candidates = await records.order_candidates(numbers) if numbers else []
        found = resolve_orders(turn.text, candidates, focus=Focus(), today=records.today)
        named = [each for each in found.matches if any(why.kind in ("line", "name") for why in each.reasons)]
        if found.status == "one" and named:
            break
    else:
        return None
    answer = _Answer(desk, turn, dispatcher, None)
    await answer.show(await desk.crm.order(turn.conversation_id, named[0].candidate.number, turn.language))
    focus = Focus.from_slot(turn.tracker.get_slot("focus")).on_orders(answer.shown, answer.parcels)
    return [SlotSet("last_order", answer.shown[-1]), SlotSet("focus", focus.as_slot())]


async def _named(
    desk: Desk, turn: Turn, orders: Sequence[OrderSummary], text: str, *, open_first: bool = False
) -> list[str]:
    """The order that the words name by its goods, its day or its place in the list: one, or none.

    `open_first`: of several that they may name it is the one that is not here yet.
    """
    records = Records(desk, turn, await desk.crm.policies())
    focus = Focus.from_slot(turn.tracker.get_slot("focus"))
    still_open = [each.number for each in orders if each.state in OPEN_STATES]
    candidates = await records.order_candidates([each.number for each in orders[:ORDERS_READ]])
    found = resolve_orders(text, candidates, focus=focus, today=records.today)
    if found.status == "one":
        return [found.first.number]
    waiting = [each.candidate.number for each in found.matches if each.candidate.number in still_open]
    return waiting if open_first and found.status in ("unclear", "many") and len(waiting) == 1 else []


def _said_in_form(turn: Turn) -> list[str]:
    """What the shopper said before this message since the tracking form was opened, the newest first."""
    said: list[str] = []
    opened = False
    for event in reversed(turn.tracker.events):
        opened = opened or (event.get("event") == "active_loop" and event.get("name") == FORM)
        if event.get("event") == "user":
            said.append(str(event.get("text") or ""))
            if opened and len(said) > 1:
                break
    return said[1:_SAID_IN_FORM] if opened else []


def card_above(turn: Turn, number: str) -> bool:
    """Whether an order's card was shown in one of the last replies before this message."""
    messages = 0
    for event in reversed(turn.tracker.events):
        messages += event.get("event") == "user"
        if messages > _ABOVE:
            return False
        card = event.get("event") == "bot" and (event.get("metadata") or {}).get("utter_action") == "utter_order_card"
        if card and number in f"{event.get('text')} {event.get('data')}":
            return True
    return False


@dataclass
class _Answer:
    """Says what is asked about the orders that may be shown; `shown` are their numbers."""

    desk: Desk
    turn: Turn
    dispatcher: CollectingDispatcher
    about: About
    shown: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    """Orders offered as buttons, in their order on the screen."""
    parcels: list[str] = field(default_factory=list)
    offered_person: bool = False
    not_received: str | None = None
    """The order about which it was said where to look for the parcel."""
    claims: str | None = None
    """The order about which that was said before: it is claimed now."""

    async def guest(self, number: str, queue: Sequence[str]) -> list[str]:
        """Shows the verified order and those of the queue that the same proof opens; returns what is still closed."""
        try:
            await self.show(await self._order(number))
        except CrmNotFound:
            self.dispatcher.utter_message(response="utter_order_gone")
            return list(queue)
        proofs = read_proofs(self.turn.tracker.get_slot(PROOFS))
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
            await self.show(await self._order(verified.order_number or reference))
        return []

    async def customer(self, references: Sequence[str]) -> None:
        """Shows the orders named, or the one that is open, or asks which."""
        orders = (await self.desk.crm.orders(self.turn.conversation_id, self.turn.language)).orders
        if not orders:
            self.dispatcher.utter_message(response="utter_no_orders")
            return
        by_return = {number_key(each.number): each.order_number for each in await self.returns()} if self.about else {}
        for each in references:
            reference = by_return.get(number_key(each), each)
            order = await self._find(reference, orders)
            if order is None:
                await self._choose("utter_order_not_yours", orders, order=reference)
            else:
                await self.show(order)
        if references:
            return
        if self.about is not None:
            await self._customer_about(orders)
            return
        still_open = [each for each in orders if each.state in OPEN_STATES]
        if not self.turn.tracker.get_slot("another_order") and (meant := await self._meant(orders, still_open)):
            await self.show(await self._order(meant))
            return
        if self.turn.tracker.get_slot("another_order") and len(orders) > 1:
            named = await self._named(orders)
            if named and named[0] != self.turn.tracker.get_slot("last_order"):
                await self.show(await self._order(named[0]))
                return
            await self._choose("utter_which_of_all_orders", orders)
        elif 1 < len(still_open) <= _TOLD_AT_ONCE:
            await self._tell_each(still_open)
        elif len(still_open) > 1:
            await self._choose("utter_which_order", still_open)
        else:
            if not still_open:
                self.dispatcher.utter_message(response="utter_latest_order")
            await self.show(await self._order((still_open or orders)[0].number))

    async def _meant(self, orders: Sequence[OrderSummary], still_open: Sequence[OrderSummary]) -> str | None:
        """The one order that the words name, else the open one that was spoken of just now."""
        named = await self._named(orders)
        if named:
            return named[0]
        if _SEVERAL.search(self.turn.text):
            return None
        spoken = Focus.from_slot(self.turn.tracker.get_slot("focus")).orders[:1]
        return next((each.number for each in still_open if each.number in spoken), None)

    async def _named(self, orders: Sequence[OrderSummary]) -> list[str]:
        return await _named(self.desk, self.turn, orders, self.turn.text)

    async def _customer_about(self, orders: Sequence[OrderSummary]) -> None:
        """Answers about the order meant without a number: the one shown last, else the only one it can be, or asks."""
        spoken = Focus.from_slot(self.turn.tracker.get_slot("focus")).orders[:1]
        last = self.turn.tracker.get_slot("last_order")
        if self.about == "not_received":
            candidates = await self._not_received(orders)
        elif self.about == "return":
            returned = {each.order_number for each in await self.returns()}
            candidates = [each for each in orders if each.number in returned]
        else:
            views = [await self._order(each.number) for each in orders[:_BUTTONS]]
            refunded = {view.number for view in views if view.refunds}
            refunded |= {each.order_number for each in await self.returns() if each.refund_minor}
            candidates = [each for each in orders if each.number in refunded]
        numbers = [each.number for each in candidates]
        meant = await self._named(candidates) or await self._named(orders)
        meant = meant or [each for each in (*spoken, last) if each in numbers]
        only = candidates or orders
        if meant or len(only) == 1:
            await self.show(await self._order((meant or [each.number for each in only])[0]))
        else:
            await self._choose(f"utter_which_order_{self.about}", only)

    async def _not_received(self, orders: Sequence[OrderSummary]) -> list[OrderSummary]:
        """Orders that may not have come: those recorded as delivered where that is said, while one may claim them."""
        sent = [each for each in orders if each.state in {"shipped", "delivered"}]
        delivered = [each for each in sent if each.state == "delivered"]
        if delivered and _SAYS_DELIVERED.search(self.turn.text):
            sent = delivered
        records = Records(self.desk, self.turn, await self.desk.crm.policies())
        return await still_possible(BY_KEY["claim_not_received"], sent, records)

    async def returns(self) -> list[ReturnView]:
        """The shopper's returns, newest first."""
        return (await self.desk.crm.returns(self.turn.conversation_id, self.turn.language)).returns

    async def _money_back(self, order: OrderView, wording: Wording) -> str:
        """Where the order's returns stand, and its refunds that are for something else."""
        policies = await self.desk.crm.policies()
        mine = [each for each in await self.returns() if each.order_number == order.number]
        told = [return_status(each, policies, order.timezone, wording) for each in mine[:3]]
        if self.about == "return" and not mine:
            told.append(wording.say("returns.status.none", order=order.number))
        elsewhere = sum(len(each.refunds) for each in mine)
        if len(order.refunds) > elsewhere or not mine:
            days = policies.cancellation.refund_days if policies.cancellation else None
            told.append(refund_status(order, wording, usual_days=days))
        return wording.sentences(*told)

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
        self.listed = [each.number for each in orders[:_BUTTONS]]
        self.dispatcher.utter_message(response=response, buttons=buttons, **values)

    async def _tell_each(self, orders: Sequence[OrderSummary]) -> None:
        """Where each of a few orders is, in a sentence or two; more of one by its button."""
        wording = self.desk.wording(self.turn.language)
        told = [order_status(await self._order(each.number), wording) for each in orders]
        await self._choose("utter_open_orders", orders, told="\n".join(told))

    async def _order(self, number: str) -> OrderView:
        return await self.desk.order(self.turn, number)

    async def show(self, order: OrderView) -> None:
        """The answer in words, then the card and the timeline unless they stand right above."""
        wording = self.desk.wording(self.turn.language)
        one_fact = await self._say(order, wording)
        seen = order.number == self.turn.tracker.get_slot("last_order")
        self.shown.append(order.number)
        self.parcels += [each.tracking_number for each in order.shipments if each.tracking_number]
        if one_fact or (seen and self.about is not None):
            return
        text, card = order_card(order, wording)
        self.dispatcher.utter_message(response="utter_order_card", json_message=card, card=text)
        timeline = shipment_timeline(order, wording)
        if timeline is not None:
            text, parcels = timeline
            self.dispatcher.utter_message(response="utter_shipment_timeline", json_message=parcels, timeline=text)

    async def _say(self, order: OrderView, wording: Wording) -> bool:
        """Says it; whether one fact was enough, of an order whose card stands above."""
        delivered = is_recorded_delivered(order)
        if self.about in ("refund", "return"):
            told = await self._money_back(order, wording)
            self.dispatcher.utter_message(response="utter_refund_status", refund=told)
            self.offered_person = True
        elif self.about == "not_received" and delivered:
            if self.turn.tracker.get_slot("not_received") == order.number:
                # Looked for already: what can be done about it.
                self.claims = order.number
                return False
            recorded = delivery_records(order, wording)
            not_there = {
                "title": wording.say("orders.button.not_there"),
                "payload": _payload("report_lost", order.number),
            }
            self.dispatcher.utter_message(
                response="utter_not_received", order=order.number, recorded=recorded, buttons=[not_there]
            )
            self.not_received = order.number
            self.offered_person = True
        else:
            missing = {
                "title": wording.say("orders.button.not_received"),
                "payload": _payload("report_not_received", order.number),
            }
            arrival = None if delivered else await self._arrival(order, wording)
            asked = [each for each in self._asked_by_name() if arrival is None or each != "when"]
            facts = [*([arrival] if arrival else []), *aspects_told(order, asked, wording)]
            if facts and "sent" not in asked and self._stands_above(order):
                # All of it stands right above: what is asked is enough.
                status = wording.sentences(*facts)
                self.dispatcher.utter_message(response="utter_order_status", status=status, buttons=None)
                return True
            status = order_status(order, wording)
            if "when" in asked and order.promised_on is not None:
                due = wording.say("orders.promise.due", promised=wording.day(order.promised_on, order.timezone))
                status = status.replace(due, "").strip()
                facts = [each.replace(wording.say("orders.asked.not_sent"), "").strip() for each in facts]
            if arrival is not None:
                # The day that is reckoned with is told.
                status = status.replace(wording.say("orders.promise.none"), "").strip()
            self.dispatcher.utter_message(
                response="utter_order_status",
                status=wording.sentences(*facts, status),
                buttons=[missing] if delivered else None,
            )
        return False

    def _asked_by_name(self) -> list[Aspect]:
        return aspects_asked(self.turn.text) if self.about is None else []

    def _stands_above(self, order: OrderView) -> bool:
        """Whether the order was the last one told, and its card stands just above."""
        last = order.number == self.turn.tracker.get_slot("last_order")
        return last and (last_response(self.turn) in _ORDER_TOLD or card_above(self.turn, order.number))

    async def _arrival(self, order: OrderView, wording: Wording) -> str | None:
        """What answers a question for the day: how long it usually takes, and whether that is in time."""
        zone = ZoneInfo(order.timezone)
        today = self.desk.clock.now().astimezone(zone).date()
        asked = "time_of_day" in asked_of_delivery(self.turn.text)
        asked = asked or asks_arrival(self.turn.text) or day_needed(self.turn.text, today) is not None
        if not asked or order.state not in OPEN_STATES or len(order.shipments) > 1:
            return None
        if "time_of_day" in asked_of_delivery(self.turn.text):
            return wording.say("delivery.asked.time_of_day")
        policies = await self.desk.crm.policies()
        country = (order.delivery.country if order.delivery is not None else None) or policies.shop.country
        rate = rate_for(policies.shipping.rates if policies.shipping else [], country)
        promised = next((each.promised_on for each in order.shipments if each.promised_on), order.promised_on)
        return told_for_order(
            self.turn.text,
            order.placed_at.astimezone(zone).date(),
            promised,
            usual_days(rate, await self.desk.crm.delivery_experience(country)),
            today,
            order.timezone,
            wording,
        )


def _payload(intent: str, number: str) -> str:
    return f"/{intent}" + json.dumps({"order_number": number}, ensure_ascii=False)
