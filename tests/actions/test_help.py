"""Not understanding, not being able, and handing over."""

from __future__ import annotations

from tests.actions.conftest import Conversation, responses


def fallback(conversation: Conversation) -> list[str]:
    conversation.hear(
        "nlu_fallback",
        intent_ranking=[
            {"name": "nlu_fallback", "confidence": 0.4},
            {"name": "ask_bot", "confidence": 0.3},
            {"name": "track_order", "confidence": 0.2},
        ],
    )
    said = conversation.act("action_clarify")
    assert [button["payload"] for button in said[0]["buttons"]] in ([], ["/ask_bot", "/track_order"])
    return responses(said)


def test_one_question_then_an_offer_then_a_person(conversation: Conversation) -> None:
    said = [fallback(conversation) for _ in range(3)]
    assert said == [["utter_clarify"], ["utter_clarify_offer_person"], ["utter_handoff_misunderstood"]]
    assert conversation.slots["handoff"] == "not_understood"


def test_a_yes_to_the_offer_hands_over(conversation: Conversation) -> None:
    fallback(conversation)
    fallback(conversation)
    conversation.hear("affirm")
    assert responses(conversation.act("action_affirm")) == ["utter_handoff_contact"]
    assert conversation.slots["handoff"] == "requested"


def test_a_yes_to_nothing_is_only_a_yes(conversation: Conversation) -> None:
    conversation.hear("affirm")
    assert responses(conversation.act("action_affirm")) == ["utter_affirm"]
    assert conversation.slots.get("handoff") is None


def test_each_refusal_is_in_other_words(conversation: Conversation) -> None:
    said = []
    for _ in range(3):
        conversation.hear("out_of_scope")
        said += responses(conversation.act("action_out_of_scope"))
    assert len(set(said)) == 3


def test_a_person_is_asked_for_at_once_and_a_second_time_in_other_words(conversation: Conversation) -> None:
    conversation.hear("ask_human")
    said = conversation.act("action_handoff")
    assert responses(said) == ["utter_handoff_contact"]
    assert "@" in said[0]["contact"]
    conversation.hear("ask_human")
    assert responses(conversation.act("action_handoff")) == ["utter_handoff_again"]


def test_goodbye_leaves_the_form(conversation: Conversation) -> None:
    conversation.say("track_order")
    conversation.hear("goodbye")
    assert responses(conversation.act("action_goodbye")) == ["utter_goodbye"]
    assert conversation.form is None
