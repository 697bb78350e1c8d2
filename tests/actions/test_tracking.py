"""Where is my order: what is asked, what is shown, and to whom."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from actions.crm_client import CrmClient, CrmUnavailable
from actions.wording import Wording
from shopdesk_schemas.content import internal_content_adapter
from tests.actions import shop
from tests.actions.conftest import Conversation, Run, bare, order_number, proof, responses
from tests.support.asgi import AsgiTransport
from tests.support.stack import free_ports

POSTCODE = proof("postcode", shop.POSTCODE)
EMAIL = proof("email", shop.EMAIL)


def status(said: list[dict[str, Any]]) -> str:
    return str(next(each["status"] for each in said if each["response"] == "utter_order_status"))


def test_asks_for_the_number_then_the_proof_then_answers(conversation: Conversation) -> None:
    assert responses(conversation.say("track_order")) == ["utter_ask_order_reference_first"]
    asked = conversation.say("provide_details", order_number("489434"))
    assert responses(asked) == ["utter_ask_identity_proofs_first"]
    assert asked[0]["order"] == "489434"
    assert "postcode" in asked[0]["proofs"]
    said = conversation.say("provide_details", POSTCODE)
    assert responses(said) == ["utter_order_status", "utter_order_card", "utter_shipment_timeline"]
    assert status(said).startswith(
        "Your order 489434 is on its way: it was handed to Royal Post on Friday, 17 November."
    )
    assert "Friday, 24 November" in status(said)


def test_everything_given_at_once_is_used(conversation: Conversation) -> None:
    said = conversation.say("track_order", order_number("489434"), POSTCODE)
    assert responses(said)[0] == "utter_order_status"


def test_the_crm_is_asked_once_for_a_number_and_its_proof(conversation: Conversation, transport: AsgiTransport) -> None:
    asked = transport.asked
    conversation.say("track_order", order_number("489434"), POSTCODE)
    assert asked == ["GET explain", "POST order"]
    # The next message asks anew.
    del asked[:]
    conversation.say("track_order")
    assert asked.count("GET verification") == 1
    assert asked.count("GET 489434") == 1


def test_who_has_an_order_open_proves_another_one_by_a_request_of_its_own(
    conversation: Conversation, transport: AsgiTransport
) -> None:
    conversation.say("track_order", order_number("489434"), POSTCODE)
    asked = transport.asked
    del asked[:]
    assert "SD-10023" in status(conversation.say("track_order", order_number("SD-10023"), EMAIL))
    # What is open already is told with the answer, and tried no more.
    assert "SD-10023" in status(
        conversation.say("track_order", order_number("SD-10023"), proof("email", "a@b.example"))
    )
    assert [each for each in asked if each != "GET explain"] == ["POST order", "POST order"]


def test_a_proof_given_first_is_kept(conversation: Conversation) -> None:
    assert responses(conversation.say("track_order", EMAIL)) == ["utter_ask_order_reference_with_proof"]
    assert responses(conversation.say("provide_details", bare("489434", "postcode")))[0] == "utter_order_status"


def test_no_proof_stays_in_the_slots_after_the_answer(conversation: Conversation) -> None:
    conversation.say("track_order", order_number("489434"), EMAIL)
    assert shop.EMAIL not in json.dumps(conversation.slots)
    assert "SW1A" not in json.dumps(conversation.slots)


@pytest.mark.parametrize("number", ["489434", "no-such-number-1"])
def test_a_wrong_combination_is_answered_alike_whether_or_not_the_order_exists(
    conversation: Conversation, number: str
) -> None:
    said = conversation.say("track_order", order_number(number), proof("postcode", "M1 1AE"))
    assert responses(said) == ["utter_ask_identity_proofs_failed"]
    assert {key: value for key, value in said[0].items() if value and key != "order"} == {
        "response": "utter_ask_identity_proofs_failed",
        "template": "utter_ask_identity_proofs_failed",
        "proofs": said[0]["proofs"],
    }


def test_a_corrected_number_is_tried_with_the_proof_given_before(conversation: Conversation) -> None:
    conversation.say("track_order", order_number("489433"), POSTCODE)
    said = conversation.say("provide_details", bare("489434", "postcode"))
    assert responses(said)[0] == "utter_order_status"


def test_a_corrected_proof_is_tried_with_the_number_given_before(conversation: Conversation) -> None:
    conversation.say("track_order", order_number("489434"), proof("postcode", "M1 1AE"))
    assert responses(conversation.say("provide_details", POSTCODE))[0] == "utter_order_status"


def test_too_many_wrong_tries_end_the_form_with_a_wait(conversation: Conversation) -> None:
    conversation.say("track_order", order_number("489434"), proof("email", "a@example.com"))
    for letter in "bcdef":
        said = conversation.say("provide_details", proof("email", f"{letter}@example.com"))
    assert responses(said) == ["utter_verification_limited"]
    assert re.search(r"\d+ minutes?", said[0]["wait"])
    assert conversation.form is None


def test_another_order_needs_its_own_proof(conversation: Conversation) -> None:
    conversation.say("track_order", order_number("489434"), POSTCODE)
    asked = conversation.say("track_order", order_number("SD-10023"))
    assert responses(asked) == ["utter_ask_identity_proofs_first"]
    assert responses(conversation.say("provide_details", EMAIL))[0] == "utter_order_status"


def test_the_open_order_is_shown_again_without_asking(conversation: Conversation) -> None:
    conversation.say("track_order", order_number("489434"), POSTCODE)
    assert "489434" in status(conversation.say("track_order"))
    assert "489434" in status(conversation.say("track_order", order_number("RB123456789GB")))


def test_two_orders_in_one_message_are_shown_in_order(conversation: Conversation) -> None:
    said = conversation.say("track_order", bare("489434", "postcode"), bare("SD-10023", "postcode"), POSTCODE)
    shown = [each["status"] for each in said if each["response"] == "utter_order_status"]
    assert ["489434" in shown[0], "SD-10023" in shown[1], len(shown)] == [True, True, 2]


def test_a_second_order_that_the_proof_does_not_open_is_asked_about_next(conversation: Conversation) -> None:
    said = conversation.say(
        "track_order", order_number("489434"), order_number("e481f51cbdc54678b7cc49136f2d6af7"), POSTCODE
    )
    assert responses(said)[-1] == "utter_ask_identity_proofs_next"
    assert said[-1]["order"] == "e481f51cbdc54678b7cc49136f2d6af7"


def test_what_a_rule_answers_is_left_to_it(conversation: Conversation) -> None:
    conversation.say("track_order")
    for intent in ("greet", "thank", "ask_bot", "insult", "out_of_scope", "ask_human", "stop", "ask_why_details"):
        assert conversation.say(intent) == []
    conversation.hear("greet")
    assert responses(conversation._ask()) == ["utter_ask_order_reference_resume"]


def test_the_same_question_is_never_put_twice_in_a_row_and_ends_with_a_person(conversation: Conversation) -> None:
    said = [responses(conversation.say(intent))[0] for intent in ("track_order", "deny", "track_order", "deny")]
    assert len(set(said)) == 4
    assert conversation.form is None
    assert conversation.slots["handoff"] == "not_understood"


def test_who_lacks_the_number_is_helped_and_then_offered_a_person(conversation: Conversation) -> None:
    conversation.say("track_order")
    assert responses(conversation.say("lack_details")) == ["utter_ask_order_reference_lack"]
    assert responses(conversation.say("lack_details")) == ["utter_ask_order_reference_lack_again"]
    said = conversation.say("affirm")
    assert responses(said) == ["utter_handoff_contact"]
    assert conversation.slots["handoff"] == "requested"


def test_a_form_that_was_left_answers_nothing(conversation: Conversation) -> None:
    conversation.say("track_order", order_number("489434"))
    conversation.hear("stop")
    assert responses(conversation.act("action_stop")) == ["utter_stop"]
    assert conversation.form is None
    assert conversation.act("action_track_order") == []
    assert conversation.slots["order_reference"] is None


def test_what_else_was_asked_is_not_passed_over(conversation: Conversation) -> None:
    said = conversation.say("track_order", order_number("489434"), POSTCODE, also_asked=["out_of_scope"])
    assert responses(said)[-1] == "utter_out_of_scope_in_passing"


def test_the_page_names_the_order_when_the_words_do_not(conversation: Conversation) -> None:
    asked = conversation.say("track_order", metadata={"page": {"order": "489434"}})
    assert asked[0]["order"] == "489434"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("489434", ("Royal Post", "24")),
        ("489435", ("15",)),
        ("SD-10023", ("8",)),
        ("W1234567", ()),
        ("SF-2024/0012", ("2",)),
        ("90001", ()),
        ("90002", ("1",)),
        ("90003", ("1",)),
        ("90004", ("2018",)),
        ("90005", ()),
        ("90006", ("2", "19", "18")),
        ("90007", ("Corner Shop",)),
        ("90008", ("Address not found",)),
        ("90009", ("Royal Post",)),
        ("90010", ("Royal Post",)),
        ("90011", ()),
    ],
)
def test_every_state_is_told_truthfully(
    crm: CrmClient, run: Run, language: str, number: str, words: tuple[str, ...]
) -> None:
    conversation = Conversation(crm, run, language)
    said = conversation.say("track_order", order_number(number), EMAIL)
    order = run(
        crm.order(conversation.conversation_id, run(crm.verification(conversation.conversation_id)).order_number, "en")
    )
    told = status(said)
    assert all(word in told for word in words)
    assert order.number in told
    known = json.dumps(order.model_dump(mode="json")) + shop.NOW.isoformat()
    amounts = " ".join(f"{int(minor) / 100:.2f}" for minor in re.findall(r'_minor": (\d+)', known))
    facts = {fact.lstrip("0") for fact in re.findall(r"\d+", known + amounts)} | {str(len(order.shipments))}
    for each in said:
        text = next(str(each[key]) for key in ("status", "card", "timeline") if key in each)
        assert "None" not in text
        assert "{" not in text
        for figure in re.findall(r"\d+", text):
            # Months are named in English and numbered in Chinese; both come out of the dates.
            assert figure.lstrip("0") in facts | {f"{i}" for i in range(1, 13) if f"-{i:02}-" in known}, (figure, text)
        if each["custom"]:
            internal_content_adapter.validate_python({**each["custom"], "text": text})


def test_a_crm_that_is_away_fails_the_action(run: Run) -> None:
    client = CrmClient(f"http://127.0.0.1:{free_ports(1)[0]}", token="t", seconds=1)
    with pytest.raises(CrmUnavailable):
        Conversation(client, run).say("track_order")
    # Asking for a person works without it.
    conversation = Conversation(client, run)
    conversation.hear("ask_human")
    assert responses(conversation.act("action_handoff")) == ["utter_handoff"]
    run(client.close())


def test_dates_are_worded_for_people() -> None:
    english, chinese = Wording("en", shop.NOW), Wording("zh", shop.NOW)
    day = shop.at(3, 9).date()
    assert english.day(day, "Europe/London") == "Thursday, 9 March"
    assert chinese.day(day, "Europe/London") == "周四（3月9日）"
    assert english.day(day.replace(year=2018), "Europe/London") == "Friday, 9 March 2018"
    assert chinese.day(day.replace(year=2018), "Europe/London") == "周五（2018年3月9日）"
    late = shop.at(3, 9, 23)
    assert english.day_of(late, "Asia/Shanghai") == "Friday, 10 March"
    assert english.money(123456, "GBP").text == "£1,234.56"
    assert english.money(500, "JPY").text.endswith("500")
    assert english.wait(61) == "2 minutes"
    assert chinese.wait(61) == "2分钟"
