"""Complaints, which a person answers within the shop's time, and emergencies, which a person sees to at once."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.changes.dialogue import conversation_focus
from actions.changes.going_over import begin_order_change
from actions.contact import ways_to_reach
from actions.crm_client import ChangeRefused, CrmError, CrmNotFound, CrmRefused, HigherLevelNeeded
from actions.desk import Desk, DeskAction, Event, Turn
from actions.handoff import hand_over
from actions.help_pages import PERSON
from shopdesk_schemas.changes import ProposalView

EMERGENCY = "emergency"
"""Why a person is asked for."""


class ActionComplain(DeskAction):
    """Puts a complaint on record as a case and says by when it is answered; a person is one click away."""

    def name(self) -> str:
        """The action's name."""
        return "action_complain"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """What is said again belongs to the same case."""
        turn = Turn(tracker)
        wording = self.desk.wording(turn.language)
        asked = (
            "compensation" if _COMPENSATION.search(turn.text) else "unanswered" if _UNANSWERED.search(turn.text) else ""
        )
        if asked:
            # Asked, or asked again: that is answered; nothing is put on record for it.
            dispatcher.utter_message(
                response="utter_payments_offer_person", answer=wording.say(f"account.complaint.{asked}")
            )
            return [SlotSet("offer", PERSON)]
        done = await _reported(self.desk, turn, "complaint")
        if done is None or done.outcome is None:
            dispatcher.utter_message(response="utter_complaint_person")
            return [SlotSet("offer", PERSON)]
        zone = (await self.desk.crm.policies()).shop.timezone
        due = wording.moment(datetime.fromisoformat(str(done.outcome.values["due_at"])), zone)
        case = str(done.outcome.values["case"])
        added = tracker.get_slot("complaint") == case
        dispatcher.utter_message(response="utter_complaint_added" if added else "utter_complaint", due=due)
        return [SlotSet("offer", PERSON), SlotSet("complaint", case)]


class ActionReportEmergency(DeskAction):
    """Whoever is hurt or in danger gets a person at once, and what to do until then."""

    def name(self) -> str:
        """The action's name."""
        return "action_report_emergency"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Safety first, then who has been told."""
        turn = Turn(tracker)
        if _SAFE_NOW.search(turn.text) and _MADE_GOOD.search(turn.text):
            begun = await begin_order_change(self.desk, dispatcher, turn, "claim_damaged")
            if begun is not None:
                return begun
        try:
            await _reported(self.desk, turn, EMERGENCY)
            reach = ways_to_reach((await self.desk.crm.policies()).shop, self.desk.wording(turn.language))
        except CrmError:
            reach = ""
        dispatcher.utter_message(response="utter_emergency", reach=reach)
        return hand_over(EMERGENCY)


_COMPENSATION: Final = re.compile(
    r"\bcompensat\w*|\bdiscount\b|\bgoodwill\b|\bvoucher\b|\bmoney off\b|补偿|赔偿|打折|优惠券|便宜点"
    r"|折扣",
    re.IGNORECASE,
)
_UNANSWERED: Final = re.compile(
    r"\b(?:did ?n.?t|did not|have ?n.?t|not|never|wo ?n.?t) (?:even )?answer\w*|\bnot what i asked\b"
    r"|\banswer (?:me|my|the) ?(?:question)?\b"
    r"|没回答|不回答|答非所问|所答非所问|我问的(?:是|不是)|回答我",
    re.IGNORECASE,
)
_SAFE_NOW: Final = re.compile(
    r"\b(?:no ?one|nobody|none of us)\b.{0,12}\b(?:hurt|injured|harmed)\b|\b(?:fire|it) (?:is|was|'s) (?:out"
    r"|put out)\b|\bwe(?:'re| are) (?:all )?(?:ok|okay|fine|safe)\b"
    r"|没(?:有)?人受伤|人(?:都)?没事|火(?:已经)?灭了|都(?:没事|平安)",
    re.IGNORECASE,
)
_MADE_GOOD: Final = re.compile(
    r"\brefund\b|\bcompensat\w*|\bmoney\b|\breplace\w*|\bclaim\b|\bpay\b|\bnew one\b|赔|退|换|怎么办|怎么处理"
    r"|补",
    re.IGNORECASE,
)
_DESPAIR: Final = re.compile(
    r"\bkill(?:ing)? my ?self\b(?! laughing)|\b(?:want|wanna|going|ready|like) (?:to )?(?:die\b(?! (?:of"
    r"|laughing|for))|end (?:it all|my life|things))"
    r"|\bend (?:it all|my (?:own )?life)\b|\b(?:don'?t|do not|no longer) want to (?:live|be alive"
    r"|be here any ?more|exist)\b"
    r"|\bsuicid\w*|\btak(?:e|ing) my own life\b|\bno (?:reason|point|use) (?:to|in) (?:live|living|going on)\b"
    r"|\b(?:hurt|harm|cut)(?:ing)? my ?self\b(?! (?:on|with|when|while))|\bbetter off (?:dead|without me)\b"
    r"|\bcan'?t go on living\b"
    r"|\bwish i (?:was|were) dead\b|\blife (?:is ?n.?t|is not|isn'?t) worth living\b"
    r"|不想(?:再)?活|活着(?:真|太|好|都|也|就)?(?:是)?(?:没|没有|无|沒)(?:什么|啥)?(?:意思|意义|劲|盼头|必要)|活(?:不下去|够了|腻了)"
    r"|自杀|轻生|寻死|自残|割腕|结束(?:我|自己)?的?(?:生命|这一生)|不如死|死了(?:算了|一了百了|得了)|一了百了|想去死|跳楼(?!价|大甩卖|甩卖|清仓)"
    r"|(?<!笑)(?<!馋)想死(?!你|您|她|他|它|我|心|了?你)",
    re.IGNORECASE,
)


@cache
def _numbers() -> dict[str, Any]:
    """By country, the emergency number and who listens; under `elsewhere` what holds where nothing else is known."""
    numbers: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "care_numbers.yml").read_text("utf-8"))
    return numbers


def in_despair(text: str) -> bool:
    """Whether somebody says that they do not want to live, or want to hurt themselves."""
    return _DESPAIR.search(text.replace("’", "'")) is not None


async def stand_by(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event]:
    """A caring sentence with the number to call in the shop's country, and a person at once."""
    wording, country = desk.wording(turn.language), ""
    try:
        await _reported(desk, turn, EMERGENCY)
        country = (await desk.crm.policies()).shop.country
    except CrmError:
        # The words must not wait for the CRM.
        country = country or ""
    told = _numbers().get(country) or _numbers()["elsewhere"]
    number, line = str(told["emergency"]), str(told.get("listens") or "")
    answer = wording.say("account.care.despair_line" if line else "account.care.despair", number=number, line=line)
    dispatcher.utter_message(response="utter_policy", answer=answer)
    return hand_over(EMERGENCY)


async def _reported(desk: Desk, turn: Turn, matter: str) -> ProposalView | None:
    """The case, about the order that was spoken of where it is the shopper's; None where it cannot be opened."""
    numbers = [*(str(each) for each in turn.entities("order_number")), *conversation_focus(turn).orders]
    about = [{"order": numbers[0]}] if numbers else []
    for position, details in enumerate([*about, {}]):
        key = f"{turn.message_id}:{matter}:{position}"[:200]
        try:
            return await desk.crm.propose(
                turn.conversation_id, "service.report", {"matter": matter, **details}, key=key
            )
        except CrmNotFound:
            continue
        except (ChangeRefused, CrmRefused, HigherLevelNeeded):
            return None
    return None


ACTIONS: tuple[type[DeskAction], ...] = (ActionComplain, ActionReportEmergency)
