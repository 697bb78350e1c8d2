"""How the shop's people are to be reached, and when; and what its pages say."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.changes.going_over import begin_order_change
from actions.changes.telling import TellDetails
from actions.contact import support_hours, ways_to_reach
from actions.desk import DeskAction, Event, Turn, last_response
from actions.help_pages import PERSON, page_answer
from actions.resolver import place_of_order
from actions.return_follow_ups import answered_follow_up
from actions.stores import ActionAskStoreHours, ActionFindStore, one_store_spoken_of

_TEAM: Final = re.compile(
    r"\b(?:support|team|service|help ?(?:line|desk)|hot ?line|call|phone"
    r"|chat|reach|some(?:one|body)|any(?:one|body)|human|person)\b"
    r"|客服|人工|电话|热线|在线|联系|有人",
    re.IGNORECASE,
)
"""What names the people who answer, not the stores."""


_DOOR: Final = re.compile(
    r"\b(?:clos(?:e|es|ing)|shut(?:s|ting)?|stores?|shops?|branch(?:es)?|walk[- ]in|come (?:in|by|over)|visit)\b"
    r"|\b(?:today|tonight|tomorrow|weekends?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|christmas|xmas|easter|thanksgiving"
    r"|new year\w*|holidays?|labou?r day|memorial day|independence day|(?:4th of july|july 4\w*))\b"
    r"|门店|店里|实体店|你们店|关门|打烊|开门|营业|今天|明天|周[一二三四五六日末天]|星期|节|过年|元旦|假期",
    re.IGNORECASE,
)
"""A door that opens and closes is spoken of, or a day on which one would come."""


class ActionContact(DeskAction):
    """Where the shop's people are to be found: what was asked for comes first, the rest after it."""

    _RESPONSES: ClassVar[dict[str, str]] = {
        "ask_opening_hours": "utter_opening_hours",
        "ask_location": "utter_location",
    }

    def name(self) -> str:
        """The action's name."""
        return "action_contact"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Answers from the shop's policies, says what they do not hold, and offers a person."""
        turn = Turn(tracker)
        response = self._RESPONSES.get(turn.intent, "utter_contact")
        if turn.intent == "ask_location" and place_of_order(turn.text) is not None:
            # "The order going to my office", 公司地址那单: the shopper's own, and no place of the shop's.
            shown = await begin_order_change(self.desk, dispatcher, turn, TellDetails.key) if _alone(turn) else []
            if shown is not None:
                return shown
        of_store = last_response(turn) == "utter_stores" or one_store_spoken_of(turn) is not None
        of_store = of_store or (bool(_DOOR.search(turn.text)) and await self._has_stores(turn))
        if turn.intent == "ask_opening_hours" and of_store and not _TEAM.search(turn.text):
            # Stores were shown: it is their door that is asked about.
            return await ActionAskStoreHours(self.desk).run(dispatcher, tracker, domain)
        if turn.intent in self._RESPONSES and await self._has_stores(turn):
            if turn.intent == "ask_location":
                return await ActionFindStore(self.desk).run(dispatcher, tracker, domain)
            response = "utter_opening_hours_with_stores"
        await say_contact(self, dispatcher, turn, response)
        return [SlotSet("offer", PERSON)]

    async def _has_stores(self, turn: Turn) -> bool:
        return bool((await self.desk.crm.stores(turn.language, limit=1)).stores)


def _alone(turn: Turn) -> bool:
    """Whether the message asks for nothing else."""
    first = int(turn.metadata.get("request") or 1) == 1
    return first and not turn.also_asked and not turn.tracker.get_slot("queue")


class ActionAskPolicy(DeskAction):
    """Whatever a page of the shop, or its policies, answer."""

    def name(self) -> str:
        """The action's name."""
        return "action_ask_policy"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """The section that answers; where there is none that is said, and a person offered."""
        turn = Turn(tracker)
        if (told := await answered_follow_up(self.desk, dispatcher, tracker, domain)) is not None:
            return told
        answer = await page_answer(self.desk, turn)
        if answer is None:
            dispatcher.utter_message(response="utter_policy_unknown")
            return [SlotSet("offer", PERSON)]
        dispatcher.utter_message(response="utter_policy", answer=answer)
        return []


async def say_contact(
    action: DeskAction, dispatcher: CollectingDispatcher, turn: Turn, response: str = "utter_contact"
) -> None:
    """The shop's e-mail address, phone number and hours, worded by `response`."""
    shop = (await action.desk.crm.policies()).shop
    wording = action.desk.wording(turn.language)
    dispatcher.utter_message(
        response=response,
        reach=ways_to_reach(shop, wording),
        hours=support_hours(shop, action.desk.clock.now(), wording),
    )
