"""Late, delivered but not received, and refunds: the first sentence answers, and a person is never far."""

from __future__ import annotations

from typing import Any

import pytest

from actions.crm_client import CrmClient
from tests.actions import shop
from tests.actions.conftest import Conversation, Run, bare, order_number, proof, responses

EMAIL = proof("email", shop.EMAIL)


def ask(conversation: Conversation, intent: str, number: str) -> dict[str, Any]:
    """The first thing said about an order."""
    return conversation.say(intent, order_number(number), EMAIL)[0]


def first_sentence(text: str) -> str:
    return text.split("。")[0] if "。" in text else text.split(". ")[0]


@pytest.mark.parametrize("number", ["489435", "90012", "90013"])
@pytest.mark.parametrize(("language", "late", "day"), [("en", "late", "15 November"), ("zh", "晚了", "11月15日")])
def test_what_is_past_its_day_is_called_late_at_once(
    crm: CrmClient, run: Run, language: str, late: str, day: str, number: str
) -> None:
    status = ask(Conversation(crm, run, language), "track_order", number)["status"]
    assert late in first_sentence(status)
    assert day in first_sentence(status)
    assert {"en": "No new day", "zh": "新的送达日期还没有"}[language] in status


def test_a_late_parcel_that_is_held_up_says_why(conversation: Conversation) -> None:
    status = ask(conversation, "track_order", "90012")["status"]
    assert status == (
        "Your order 90012 is late: it was due by Wednesday, 15 November and is held up: Royal Post reported on "
        "Sunday, 19 November: “Delayed by bad weather”. No new day has been given. I'm sorry about that."
    )


def test_one_late_parcel_of_two_makes_the_order_partly_late(conversation: Conversation) -> None:
    assert first_sentence(ask(conversation, "track_order", "90006")["status"]).startswith("Part of your order 90006")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_trouble_before_the_promised_day_still_says_when(crm: CrmClient, run: Run, language: str) -> None:
    status = ask(Conversation(crm, run, language), "track_order", "90008")["status"]
    assert {"en": "Friday, 24 November", "zh": "周五（11月24日）"}[language] in status


@pytest.mark.parametrize("language", ["en", "zh"])
def test_not_received_is_answered_with_the_record_and_a_way_on(crm: CrmClient, run: Run, language: str) -> None:
    conversation = Conversation(crm, run, language)
    assert responses(conversation.say("report_not_received")) == ["utter_ask_order_reference_first"]
    conversation.say("provide_details", order_number("90014"))
    said = conversation.say("provide_details", EMAIL)
    assert responses(said)[0] == "utter_not_received"
    for fact in ("Royal Post", "10:30", "Leeds", "Left in porch"):
        assert fact in said[0]["recorded"]
    assert conversation.slots["offer"] == "person"
    # Said again: it was looked for, and the carrier can be asked. The form for changes asks how.
    assert responses(conversation.say("report_not_received")) == []
    assert conversation.slots["change"]["question"]["slot"] == "resolution"
    assert "Left in porch" in conversation.slots["change"]["question"]["text"]


def test_a_delivered_order_asks_whether_it_was_received(conversation: Conversation) -> None:
    said = ask(conversation, "track_order", "90014")
    assert [each["payload"] for each in said["buttons"]] == ['/report_not_received{"order_number": "90014"}']
    pressed = conversation.say(
        "report_not_received", {"entity": "order_number", "value": "90014", "extractor": "button"}
    )
    assert responses(pressed) == ["utter_not_received"]


def test_not_received_says_what_is_missing_from_the_record(conversation: Conversation) -> None:
    assert "not in our records" in ask(conversation, "report_not_received", "90011")["recorded"]


def test_of_two_parcels_only_the_delivered_one_is_claimed_delivered(conversation: Conversation) -> None:
    recorded = ask(conversation, "report_not_received", "90006")["recorded"]
    assert "Parcel 1: Royal Post recorded it as delivered" in recorded
    assert "Parcel 2: on its way" in recorded


def test_not_received_of_what_is_on_its_way_is_told_where_it_is(conversation: Conversation) -> None:
    assert "on its way" in ask(conversation, "report_not_received", "489434")["status"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("£20.40", "paid out on Monday, 6 November", "payment method used", "£5.00", "gift card", "requested")),
        ("zh", ("£20.40", "11月6日", "原路退回", "£5.00", "礼品卡", "申请")),
    ],
)
def test_a_refund_is_told_with_amount_target_and_days(
    crm: CrmClient, run: Run, language: str, words: tuple[str, ...]
) -> None:
    said = ask(Conversation(crm, run, language), "ask_refund", "90015")
    assert said["response"] == "utter_refund_status"
    assert all(word in said["refund"] for word in words), said["refund"]


def test_no_refund_is_said_to_be_none(conversation: Conversation) -> None:
    said = ask(conversation, "ask_refund", "90001")
    assert said["refund"].startswith("No refund is recorded for order 90001.")
    assert said["refund"].count("No refund") == 1


def test_what_was_asked_lasts_until_the_answer_and_no_longer(conversation: Conversation) -> None:
    conversation.say("ask_refund")
    conversation.say("provide_details", order_number("90015"))
    assert responses(conversation.say("provide_details", EMAIL))[0] == "utter_refund_status"
    assert responses(conversation.say("track_order"))[0] == "utter_order_status"


def test_after_too_many_tries_four_digits_are_no_order_number(conversation: Conversation) -> None:
    conversation.say("track_order", order_number("489434"), proof("phone_last4", "0000"))
    for last in "12345":
        said = conversation.say("provide_details", proof("phone_last4", f"000{last}"))
    assert responses(said) == ["utter_verification_limited"]
    again = conversation.say("provide_details", bare("0123", "postcode", "phone_last4"))
    assert responses(again) == ["utter_verification_limited"]
    assert responses(conversation.say("provide_details", order_number("SD-10023"))) == [
        "utter_ask_identity_proofs_first"
    ]
