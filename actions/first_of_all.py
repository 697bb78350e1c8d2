"""What a message says so plainly that it is answered whatever it was understood as.

Danger to the shopper's own life comes before everything, in the middle of a form too. Words about what was done just
now ("undo it", "what did you tell them?", "and is e-mail off?") look like anything else on their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy

from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.asked_of_another import answered_of_another
from actions.asked_of_goods import answered_of_goods
from actions.browsing import answered_of_no_other_size, answered_while_browsing, says_of_goods, tell_record
from actions.by_name import introduced
from actions.changes.agreeing import SURE_REQUEST, agreement, demands_more
from actions.changes.answering import wants_person
from actions.changes.asked_of_open import answered_of_open
from actions.changes.asking import ANSWER, RESUMED, SHOPPING, WHO
from actions.changes.asking import FORM as CHANGES
from actions.changes.charges_of_none import charged_without_order
from actions.changes.done_likewise import done_likewise
from actions.changes.follow_ups import answered_about_done
from actions.changes.going_over import begin_order_change, take_up
from actions.changes.just_done import last_done
from actions.changes.kinds import BY_KEY
from actions.changes.never_wanted import is_denied
from actions.changes.payments import asks_of_payment, asks_paid_postage
from actions.changes.plain_yes import is_yes
from actions.changes.request import ChangeRequest
from actions.changes.shipments import InstructDelivery, wants_it_later
from actions.changes.split_payment import wants_split
from actions.changes.steps.mistaken import SIGNED_IN
from actions.changes.steps.only_asked import yes_before_question
from actions.changes.telling import TellDetails, TellTotal
from actions.changes.yes_all_the_same import says_yes_all_the_same
from actions.cheapest_of_kind import answered_cheapest_of_kind
from actions.complaints import in_despair, stand_by
from actions.delivery import goes_on
from actions.desk import Desk, Event, Turn, leave_form
from actions.fact_questions import answered_fact_question
from actions.fact_questions.asked import asks
from actions.handoff import REQUESTED, hand_over
from actions.help_pages import PERSON
from actions.in_general import answered_in_general
from actions.offered_in_part import offered_in_part
from actions.own_questions import answered_own_question, offered, turned_down
from actions.plain_requests import answered_plain_request, is_plain_request, wanted_outright
from actions.products import ActionAskProductFacts, ActionSearchProducts, searches_within
from actions.proofs import PROOFS, REFERENCE
from actions.public_questions import answered_public_question
from actions.resolver.aches import seeks_for_ache
from actions.resolver.danger_names import may_be_harm, only_names_danger
from actions.resolver.no_order import denies_order
from actions.resolver.own_questions import changes_nothing
from actions.resolver.process_questions import process_asked
from actions.return_in_case import answered_return_in_case
from actions.returns_asked import asks_bare_cost
from actions.shipments import GO_OVER, show_order_pointed_at
from actions.shop_answers import answered_of_shop
from actions.slips import as_meant
from actions.still_here import answered_still_here, calls_out, say_still_here
from actions.usual_address import answered_usual_address
from actions.variant_questions import answered_plain_version, answered_variant_question
from actions.where_goods_are import answered_where_bought
from actions.wrong_person import says_wrong_person

_VALIDATES = "validate_"
_BEFORE_A_FORM = "action_track_another"
_ASKS_WHO = frozenset({f"{_VALIDATES}track_order_form", f"{_VALIDATES}{CHANGES}", "action_list_orders"})
"""Who answers about an order, and asks a guest whose it is."""
_IDENTIFIES = frozenset({f"{_VALIDATES}track_order_form", f"{_VALIDATES}{CHANGES}"})
"""Who reads who asks by itself."""
_ALARMS = frozenset({"action_report_emergency", "action_clarify"})
"""What an innocent ache is taken for."""
_OFFERED = frozenset({"confirmation", "revision", "alternative", "payment_method"})
"""Questions of the form to which a question about variants is no answer."""
_WISHES = frozenset({"cancel_order", "exchange_items", "return_items"})
"""What wants something done with goods, though it be put as a question: "can I get a bigger one?"."""
_OF_PAYING = frozenset({"action_clarify", "action_ask_gift_card_balance", "action_ask_payment_methods"})
"""What a question for two ways to pay at once is taken for."""


class FirstOfAll(Action):
    """An action that runs where the message is none of these."""

    def __init__(self, desk: Desk, action: Action, others: Mapping[str, Action] | None = None) -> None:
        self._desk = desk
        self._action = action
        self._others = others if others is not None else {}
        """The other actions by their names, for what is answered in place of a form."""

    def name(self) -> str:
        """The action's name."""
        return str(self._action.name())

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Answers, or runs the action."""
        turn = Turn(tracker)
        if (goods := self._others.get(f"action_{turn.intent}")) is not None and self._lets_go(turn):
            return self._as_validation(turn, list(await goods.run(dispatcher, _without_form(tracker), domain)))
        turn = as_meant(turn)
        tracker = turn.tracker
        if _is_first(turn):
            only_asks = self.name() not in _IDENTIFIES or process_asked(turn.text) is not None
            if only_asks and not _form_before(turn):
                turn = await introduced(self._desk, turn)
                tracker = turn.tracker
            if self.name() in _ALARMS and not _form_before(turn) and seeks_for_ache(turn.text):
                return list(await ActionSearchProducts(self._desk).run(dispatcher, tracker, domain))
            if self.name() in _ALARMS and not _form_before(turn) and await says_of_goods(self._desk, turn):
                return await tell_record(self._desk, dispatcher, turn)
            if self.name() in _ALARMS and not _form_before(turn) and _is_no_alarm(turn):
                return list(await ActionSearchProducts(self._desk).run(dispatcher, tracker, domain))
            if self.name() in _ALARMS and not _form_before(turn) and only_names_danger(turn.text):
                told = await answered_fact_question(self._desk, dispatcher, turn)
                shows = ActionAskProductFacts if asks(turn.text) else ActionSearchProducts
                return told or list(await shows(self._desk).run(dispatcher, tracker, domain))
            if not _form_before(turn) and not turn.pressed and not turn.text.startswith("/"):
                of_shop = await answered_of_shop(self._desk, dispatcher, turn)
                if of_shop is not None:
                    if self.name().startswith(_VALIDATES):
                        return self._as_validation(turn, of_shop)
                    return of_shop if self.name() != _BEFORE_A_FORM else [*of_shop, FollowupAction("action_listen")]
            if self.name() in _OF_PAYING and not _form_before(turn) and wants_split(turn.text):
                no_split = self._desk.wording(turn.language).say("changes.no_split")
                dispatcher.utter_message(response="utter_payments", answer=no_split)
                return []
            if (
                self.name().startswith(_VALIDATES)
                and (public := await self._public(dispatcher, turn, domain)) is not None
            ):
                return public
            if self.name() == f"{_VALIDATES}{CHANGES}":
                aside = await _answered_in_change(self._desk, dispatcher, turn)
                if aside is not None:
                    return aside
            told = await _taken_for_another(self._desk, dispatcher, turn)
            if told is None:
                told = _pressed_too_late(self._desk, dispatcher, turn)
            if told is None:
                told = await _answered(self._desk, dispatcher, turn)
            if told is None and self.name() in _ASKS_WHO and (_form_before(turn) != CHANGES or _asked_who(turn)):
                asked_who = _form_before(turn) is not None
                told = await answered_of_goods(self._desk, dispatcher, tracker, domain, asked_who=asked_who)
                if told is None and not asked_who:
                    told = await answered_in_general(self._desk, dispatcher, turn, domain)
            if told is None and not _form_before(turn):
                told = await answered_while_browsing(self._desk, dispatcher, turn, domain)
            if told is not None:
                if self.name().startswith(_VALIDATES):
                    return self._as_validation(turn, told)
                goes_on = any(each.get("event") == "followup" for each in told)
                # After this one a form would ask which other order to look up.
                return told if goes_on or self.name() != _BEFORE_A_FORM else [*told, FollowupAction("action_listen")]
        return list(await self._action.run(dispatcher, tracker, domain))

    def _lets_go(self, turn: Turn) -> bool:
        """Whether somebody who was asked twice who they are goes on looking at goods: nobody is asked a third time."""
        if self.name() != f"{_VALIDATES}{CHANGES}" or not _is_first(turn) or _form_before(turn) != CHANGES:
            return False
        request = ChangeRequest.from_slot(turn.tracker.get_slot("change"))
        question = request.question if request is not None else None
        return bool(question and question.get("slot") in WHO and question.get(RESUMED)) and turn.intent in SHOPPING

    async def _public(self, dispatcher: CollectingDispatcher, turn: Turn, domain: DomainDict) -> list[Event] | None:
        """Answers what a guest may ask without saying who they are; a change for which that is asked waits."""
        before = _form_before(turn)
        request = ChangeRequest.from_slot(turn.tracker.get_slot("change")) if before == CHANGES else None
        asked = (request.question or {}).get("slot") if request is not None else turn.tracker.get_slot("requested_slot")
        if before and asked not in WHO:
            return None
        told = await answered_public_question(self._desk, dispatcher, turn, domain, asked_who=before is not None)
        if told is None:
            return None
        if request is None or denies_order(turn.text):
            return self._as_validation(turn, told)
        if asked in (REFERENCE, PROOFS):
            request.question = {**(request.question or {}), "response": f"utter_ask_{asked}_resume"}
        return [SlotSet("details_message", turn.message_id), *_put_again(request), *told]

    def _as_validation(self, turn: Turn, told: list[Event]) -> list[Event]:
        """The same in a form's validation, which ends its form, or goes over to the form of changes."""
        heard = SlotSet("details_message", turn.message_id)
        stays = [each for each in told if each.get("event") != "followup"]
        if len(stays) == len(told):
            return [heard, *leave_form(), *told]
        if self.name() == f"{_VALIDATES}{CHANGES}":
            return [heard, *stays, SlotSet("requested_slot", ANSWER)]
        return [heard, *leave_form(), *stays, SlotSet("tracking_step", GO_OVER)]


async def _taken_for_another(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    """Lets go of the record of somebody else, for whom a guest was taken; None where nobody was.

    A change that is open does the same, and goes on with what was asked for.
    """
    if turn.pressed or _form_before(turn) == CHANGES or not says_wrong_person(turn.text):
        return None
    verification = await desk.verification(turn)
    if verification.level == "none" or verification.method == SIGNED_IN:
        return None
    await desk.forget_verification(turn)
    dispatcher.utter_message(response="utter_ask_order_reference_name_failed")
    return [SlotSet("focus", None)]


def _pressed_too_late(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    """Says of a change's button that is pressed when no change is open that it is settled; None of all else."""
    if not turn.pressed or turn.intent != "provide_details" or not turn.entities("choice"):
        return None
    if _form_before(turn) == CHANGES:
        return None
    wording, told = desk.wording(turn.language), last_done(turn).get("told")
    before = wording.say("account.done_before", told=told) if told else None
    answer = wording.sentences(wording.say("account.settled_already"), before)
    dispatcher.utter_message(response="utter_account", answer=answer)
    return []


def _is_no_alarm(turn: Turn) -> bool:
    """Whether nobody and no danger is named in few words, whatever they look like: 就头盔和打气筒."""
    return turn.intent == "report_emergency" and not may_be_harm(turn.text)


async def _answered(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    if turn.pressed or turn.text.startswith("/"):
        return None
    if in_despair(turn.text):
        return await stand_by(desk, dispatcher, turn)
    if charged_without_order(turn.text) and (await desk.verification(turn)).level == "none":
        return _charge_for_person(desk, dispatcher, turn)
    if _form_before(turn):
        return None
    if (here := answered_still_here(desk, dispatcher, turn)) is not None:
        return here
    if (taken := offered(turn)) is not None:
        return await take_up(desk, dispatcher, turn, taken)
    if (part := await offered_in_part(desk, turn)) is not None:
        return await take_up(desk, dispatcher, turn, part)
    if (left := turned_down(desk, dispatcher, turn)) is not None:
        return left
    told = await answered_about_done(desk, dispatcher, turn)
    if told is None:
        told = await done_likewise(desk, dispatcher, turn)
    if told is None:
        told = await answered_usual_address(desk, dispatcher, turn)
    if told is None:
        told = await answered_return_in_case(desk, dispatcher, turn)
    if told is None:
        told = await answered_of_another(desk, dispatcher, turn)
    if told is None and asks_bare_cost(turn.text) and (delivery := goes_on(turn)) is not None:
        return await delivery(desk).tell(dispatcher, turn)
    if told is None and (wanted := wanted_outright(turn)) is not None:
        told = await begin_order_change(desk, dispatcher, turn, wanted[0], text=wanted[1])
    if told is None and is_plain_request(turn):
        # "It came quickly. Send all of order 4711 back": what is demanded comes before what is told beside it.
        return await answered_plain_request(desk, dispatcher, turn)
    if told is None:
        told = await answered_own_question(desk, dispatcher, turn)
    if told is None:
        told = await show_order_pointed_at(desk, dispatcher, turn)
    if told is None:
        told = await answered_of_no_other_size(desk, dispatcher, turn)
    if told is None:
        told = await answered_where_bought(desk, dispatcher, turn)
    if told is None:
        told = await answered_cheapest_of_kind(desk, dispatcher, turn)
    if told is None:
        told = await answered_plain_version(desk, dispatcher, turn)
    if told is None and not await searches_within(desk, turn):
        told = await answered_fact_question(desk, dispatcher, turn)
    if told is None:
        told = await answered_variant_question(desk, dispatcher, turn)
    if told is None and turn.intent not in InstructDelivery.intents and wants_it_later(turn.text):
        return await begin_order_change(desk, dispatcher, turn, InstructDelivery.key)
    if told is None and turn.intent == "ask_delivery_cost" and asks_paid_postage(turn.text):
        return await begin_order_change(desk, dispatcher, turn, "charge")
    if told is None and turn.intent not in TellDetails.intents and asks_of_payment(turn.text):
        return await begin_order_change(desk, dispatcher, turn, TellDetails.key)
    return told


def _charge_for_person(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event]:
    """A charge of somebody without an order is for a person: offered, and at once where one is asked for."""
    if wants_person(turn.text):
        dispatcher.utter_message(response="utter_handoff")
        return hand_over(REQUESTED)
    answer = desk.wording(turn.language).say("payments.charge.no_order")
    dispatcher.utter_message(response="utter_payments_offer_person", answer=answer)
    return [SlotSet("offer", PERSON)]


async def _answered_in_change(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    """Answers a question about the shopper's own orders in the middle of a change, whose question comes back in short.

    None where the message asks none, or the change's question takes any words.
    """
    request = ChangeRequest.from_slot(turn.tracker.get_slot("change")) if _form_before(turn) == CHANGES else None
    if request is None or not request.question or request.question.get("any_words"):
        return None
    if turn.pressed or turn.text.startswith("/") or request.question.get("slot") in WHO:
        return None
    if calls_out(turn.text):
        return [
            SlotSet("details_message", turn.message_id),
            *_put_again(request),
            *say_still_here(desk, dispatcher, turn),
        ]
    if await answered_of_open(desk, dispatcher, turn, request):
        return [SlotSet("details_message", turn.message_id), *_put_again(request)]
    if is_yes(turn.text) or says_yes_all_the_same(turn.text):
        # "OK do it" begins like a question, and is none.
        return None
    agreed = agreement(turn.text)
    if request.proposals and agreed is not None and agreed.last:
        # "What does it cost again? OK, do it": the change answers it, and is made.
        return None
    if request.proposals and yes_before_question(turn.text, BY_KEY[request.kind]):
        return None
    if request.proposals and demands_more(turn.text):
        # "Yes please, and can you send what's left to my office?" asks nothing.
        return None
    told = await answered_own_question(desk, dispatcher, turn, request)
    wishes = turn.intent in _WISHES and turn.confidence >= SURE_REQUEST
    if told is None and request.question.get("slot") in _OFFERED and not wishes:
        told = await answered_variant_question(desk, dispatcher, turn, request)
    if told is None:
        return None
    only_told = BY_KEY[request.kind].moves and not request.proposals and changes_nothing(turn.text)
    if only_told or is_denied(request, turn.text):
        return [SlotSet("details_message", turn.message_id), *leave_form(), *told]
    return [SlotSet("details_message", turn.message_id), *_put_again(request), *told]


def _asked_who(turn: Turn) -> bool:
    """Whether the form of changes asked who somebody is, for something that is only to be told."""
    request = ChangeRequest.from_slot(turn.tracker.get_slot("change"))
    if request is None or not request.question or request.question.get("slot") not in WHO:
        return False
    return request.kind in (TellDetails.key, TellTotal.key)


def _without_form(tracker: Tracker) -> Tracker:
    """The same conversation as if no form were open."""
    left = copy(tracker)
    left.active_loop = {}
    left.slots = {**tracker.slots, "requested_slot": None, "change": None}
    closed: list[Event] = [{"event": "active_loop", "name": None, "timestamp": None}]
    place = max((at for at, each in enumerate(tracker.events) if each.get("event") == "user"), default=0)
    left.events = [*tracker.events[:place], *closed, *tracker.events[place : place + 1]]
    return left


def _put_again(request: ChangeRequest) -> list[Event]:
    """The question of an open change once more, in short."""
    question = {**(request.question or {})}
    question["text"] = question.get("again") or question.get("text", "")
    question.pop("content", None)
    request.question = question
    return [SlotSet("change", request.as_slot())]


def _is_first(turn: Turn) -> bool:
    """Whether nothing was said to the message yet, and no rule of a form has read it."""
    for event in reversed(turn.tracker.events):
        if event.get("event") == "user":
            return turn.tracker.get_slot("details_message") != turn.message_id
        if event.get("event") == "bot":
            return False
        if event.get("event") == "slot" and event.get("name") == "details_message":
            return False
    return False


def _form_before(turn: Turn) -> str | None:
    """The form that was open when the message came."""
    # No more than the last messages' events are sent: a form that they do not tell of is one that has long been open.
    since: list[str | None] = []
    before = False
    for event in reversed(turn.tracker.events):
        before = before or event.get("event") == "user"
        if event.get("event") == "active_loop":
            if before:
                return str(event.get("name") or "") or None
            since.append(event.get("name"))
    return None if since else turn.form
