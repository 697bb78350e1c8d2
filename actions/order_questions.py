"""Questions about the shopper's orders as a whole, and about what a change that is being made would come to."""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.changes.dialogue import conversation_focus
from actions.changes.request import ChangeRequest
from actions.desk import DeskAction, Event, Turn
from actions.order_facts import LISTED, list_of_orders, total_of
from actions.orders import OPEN_STATES, order_choice
from shopdesk_schemas.crm import OrderSummary

_OPEN: Final = re.compile(
    r"\bopen\b|\bcurrent|outstanding|\bcoming\b|on (?:the|their|its) way|haven't been"
    r"|not (?:yet )?(?:delivered|arrived)"
    r"|\bpending\b|\brunning\b|on order|未完成|没到|待收|待发|没发|在路上|没收到|还没",
    re.IGNORECASE,
)


class ActionListOrders(DeskAction):
    """The shopper's orders with their states; those still open where that is asked."""

    def name(self) -> str:
        """The action's name."""
        return "action_list_orders"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """For who is known as a customer; of one proved order that one is told."""
        turn = Turn(tracker)
        wording = self.desk.wording(turn.language)
        verification = await self.desk.crm.verification(turn.conversation_id)
        if verification.level == "none":
            dispatcher.utter_message(response="utter_orders_sign_in")
            return []
        orders = (await self.desk.crm.orders(turn.conversation_id, turn.language)).orders
        if not orders:
            dispatcher.utter_message(response="utter_no_orders")
            return []
        asked_open = _OPEN.search(turn.text) is not None
        meant = [each for each in orders if each.state in OPEN_STATES] if asked_open else list(orders)
        zone = (await self.desk.crm.policies()).shop.timezone
        first = wording.say("orders.list.none_open") if not meant else None
        shown: list[OrderSummary] = meant or list(orders)
        only = wording.say("orders.list.only_this") if verification.level == "order" else None
        answer = "\n".join(each for each in (first, list_of_orders(shown, zone, wording), only) if each)
        buttons = [
            {
                "title": order_choice(each, zone, wording)[:200],
                "payload": f'/track_order{{"order_number": "{each.number}"}}',
            }
            for each in shown[:LISTED]
        ]
        dispatcher.utter_message(response="utter_order_facts", answer=answer, buttons=buttons)
        numbers = [each.number for each in shown[:LISTED]]
        # The newest is the first that "it" can mean.
        focus = conversation_focus(turn).on_orders(list(reversed(numbers)), shown=numbers)
        return [SlotSet("focus", focus.as_slot())]


class ActionAskTotalInChange(DeskAction):
    """What the order comes to while a change of it is asked about: the order's total and what the change moves."""

    def name(self) -> str:
        """The action's name."""
        return "action_ask_total_in_change"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Of each order of the request; the form's question comes back afterwards."""
        turn = Turn(tracker)
        wording = self.desk.wording(turn.language)
        request = ChangeRequest.from_slot(tracker.get_slot("change"))
        if request is None or not request.orders:
            dispatcher.utter_message(response="utter_order_facts", answer=wording.say("orders.total.which_first"))
            return []
        told: list[str] = []
        for number in request.orders[:3]:
            view = await self.desk.crm.order(turn.conversation_id, number, turn.language)
            told += total_of(view, wording)[:1]
            for shown in request.proposals:
                if shown.order == number:
                    offer = await self.desk.crm.proposal(turn.conversation_id, shown.id)
                    if offer.amount_minor and offer.currency:
                        amount = wording.money(offer.amount_minor, offer.currency).text
                        told.append(wording.say(f"orders.total.change_{offer.direction}", amount=amount))
                    else:
                        told.append(wording.say("orders.total.change_none"))
        dispatcher.utter_message(response="utter_order_facts", answer=wording.sentences(*told))
        return []


ACTIONS: tuple[type[DeskAction], ...] = (ActionListOrders, ActionAskTotalInChange)
