"""How to reach the shop: what its policies say, and what they do not."""

from __future__ import annotations

from datetime import date

import pytest

from actions.contact import support_hours, ways_to_reach
from actions.crm_client import CrmClient
from actions.wording import Language, Wording
from shopdesk_schemas.crm import ShopPolicy, SupportHours
from tests.actions import shop
from tests.actions.conftest import Conversation, Run, responses

DAY = [("09:00", "12:00"), ("13:00", "18:00")]


def policy(hours: SupportHours | None = None, email: str | None = None, phone: str | None = None) -> ShopPolicy:
    return ShopPolicy(
        name={"en": "Shop"},
        languages=["en", "zh"],
        default_language="en",
        country="CN",
        timezone="Asia/Shanghai",
        currency="CNY",
        support_email=email,
        support_phone=phone,
        support_hours=hours,
    )


@pytest.mark.parametrize(
    ("intent", "response"),
    [
        ("ask_contact", "utter_contact"),
        ("ask_opening_hours", "utter_opening_hours"),
        ("ask_location", "utter_location"),
    ],
)
def test_each_question_is_answered_first_and_with_the_shops_own_facts(
    conversation: Conversation, intent: str, response: str
) -> None:
    conversation.hear(intent)
    (said,) = conversation.act("action_contact")
    assert said["response"] == response
    assert "help@juniper-lane.example" in said["reach"]
    assert "+44 20 7946 0123" in said["reach"]
    assert said["hours"] == (
        "Our team is there Monday to Friday 09:00–18:00, Saturday 10:00–16:00 (London time), closed on Sunday."
    )
    assert conversation.slots["offer"] == "person"
    assert conversation.slots.get("handoff") is None


def test_in_chinese(crm: CrmClient, run: Run) -> None:
    conversation = Conversation(crm, run, "zh")
    conversation.hear("ask_opening_hours")
    hours = "客服的工作时间是周一至周五09:00–18:00、周六10:00–16:00（伦敦时间），周日休息。"
    assert conversation.act("action_contact")[0]["hours"] == hours


def test_a_contact_question_in_the_form_is_left_to_its_rule(conversation: Conversation) -> None:
    conversation.say("track_order")
    assert conversation.say("ask_contact") == []
    assert conversation.say("ask_opening_hours") == []
    assert conversation.say("ask_location") == []


def test_a_contact_question_beside_one_about_an_order_is_answered_too(conversation: Conversation) -> None:
    said = conversation.say(
        "track_order",
        {"entity": "order_number", "value": "489434", "cued": True},
        {"entity": "email", "value": shop.EMAIL, "cued": True},
        also_asked=["ask_contact"],
    )
    assert responses(said)[-1] == "utter_contact"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_the_policies_lack_is_said_to_be_lacking(language: Language) -> None:
    wording = Wording(language, shop.NOW)
    nothing = policy()
    assert ways_to_reach(nothing, wording) == wording.say("help.team.none")
    assert support_hours(nothing, shop.NOW, wording) == wording.say("help.team.no_hours")
    assert "a@b.example" in ways_to_reach(policy(email="a@b.example"), wording)
    assert "123" in ways_to_reach(policy(phone="123"), wording)


def test_breaks_days_off_and_holidays() -> None:
    hours = SupportHours(
        timezone="Asia/Shanghai",
        weekly={"mon": DAY, "wed": DAY, "thu": DAY},
        closed_on=[date(2017, 11, 21), date(2017, 11, 1), date(2018, 5, 1)],
    )
    english, chinese = Wording("en", shop.NOW), Wording("zh", shop.NOW)
    assert support_hours(policy(hours), shop.NOW, english) == (
        "Our team is there Monday 09:00–12:00 and 13:00–18:00, Wednesday to Thursday 09:00–12:00 and 13:00–18:00 "
        "(Shanghai time), closed on Tuesday and Friday to Sunday. Also closed on Tuesday, 21 November."
    )
    assert "周五至周日休息" in support_hours(policy(hours), shop.NOW, chinese)
    every_day = SupportHours(
        timezone="Asia/Shanghai", weekly=dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), DAY)
    )
    assert "closed" not in support_hours(policy(every_day), shop.NOW, english)
