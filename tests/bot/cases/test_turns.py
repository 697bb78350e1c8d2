"""Turns through the bot's own door: replies, understanding, once per message id, one at a time."""

import asyncio

import pytest


def test_a_turn_answers_and_says_what_it_understood(run_with_bot):
    async def scenario(bot):
        body = await bot.say("m1", "hello")
        assert [reply["kind"] for reply in body["replies"]] == ["text"]
        assert body["understanding"]["intent"]["name"] == "greet"
        assert 0 < body["understanding"]["intent"]["confidence"] <= 1
        assert body["understanding"]["ranking"][0] == body["understanding"]["intent"]
        assert body["actions"] == [{"name": "utter_greet", "policy": "RulePolicy", "confidence": 1.0}]
        assert (body["language"], body["model"]) == ("en", "small-assistant")
        assert (body["handoff"], body["busy"]) == (None, False)

    run_with_bot(scenario)


def test_a_form_keeps_the_conversation_busy_until_it_is_filled(run_with_bot):
    async def scenario(bot):
        asked = await bot.say("m1", "where is my order")
        assert asked["busy"] is True
        assert asked["replies"] == [
            {
                "kind": "quick_replies",
                "text": "Which order?",
                "buttons": [{"label": "The last one", "payload": '/choose{"order_number": "A100"}'}],
            }
        ]
        told = await bot.say("m2", "A200")
        assert told["busy"] is False
        assert [entity["value"] for entity in told["understanding"]["entities"]] == ["A200"]

    run_with_bot(scenario)


def test_the_words_of_a_response_join_the_structured_part_that_an_action_gave(run_with_bot):
    async def scenario(bot):
        await bot.say("m1", "where is my order")
        body = await bot.say("m2", "A200")
        assert body["replies"] == [
            {
                "kind": "order_card",
                "order_number": "A200",
                "lines": [],
                "text": "Order A200 is shipped.",
                "buttons": [{"label": "Track A200", "payload": '/choose{"order_number": "A200"}'}],
            }
        ]
        assert body["actions"][-1]["name"] == "action_track"

    run_with_bot(scenario)


def test_the_time_that_actions_and_crm_took_is_told(run_with_bot):
    async def scenario(bot):
        status, body, headers = await bot.turn("m1", kind="button", payload='/choose{"order_number": "A1"}', label="x")
        assert status == 200
        timings = body["timings_ms"]
        assert timings["crm"] == 1.5
        assert 0 < timings["actions"] <= timings["total"]
        assert "crm;dur=1.50" in headers["Server-Timing"]

    run_with_bot(scenario)


def test_action_calls_carry_the_service_token_and_the_messages_id_and_page(run_with_bot):
    async def scenario(bot):
        await bot.post(
            {
                "sender_id": "chat:1",
                "message_id": "m1",
                "input": {"kind": "button", "payload": '/choose{"order_number": "A1"}', "label": "This one"},
                "language": "en",
                "page": {"sku": "MUG", "order": None},
            }
        )
        headers, body = bot.actions.requests[-1]
        assert headers["Authorization"] == "Bearer a-token-of-the-tests"
        assert body["sender_id"] == "chat:1"
        assert body["tracker"]["latest_message"]["metadata"]["page"] == {"sku": "MUG"}
        assert body["tracker"]["latest_message"]["message_id"] == "m1"
        assert body["tracker"]["latest_message"]["text"] == "This one"

    run_with_bot(scenario)


def test_a_repeated_message_gets_the_stored_answer_and_runs_nothing(run_with_bot):
    async def scenario(bot):
        await bot.say("m1", "where is my order")
        first = await bot.say("m2", "A200")
        calls = list(bot.actions.calls)
        events = len((await bot.tracker()).events)
        again = await bot.say("m2", "A200")
        assert bot.actions.calls == calls
        assert len((await bot.tracker()).events) == events
        assert _without_timings(again) == _without_timings(first)

    run_with_bot(scenario)


def test_an_earlier_message_repeated_later_is_answered_as_it_was_then(run_with_bot):
    async def scenario(bot):
        first = await bot.say("m1", "where is my order")
        await bot.say("m2", "A200")
        await bot.say("m3", "你好", language="en")
        again = await bot.say("m1", "where is my order")
        assert again["busy"] is True
        assert _without_timings(again) == _without_timings(first)

    run_with_bot(scenario)


def test_a_repetition_is_known_after_a_restart(model, tmp_path, run_with_bot):
    async def first(bot):
        return await bot.say("m1", "hello")

    before = run_with_bot(first)
    after = run_with_bot(first)
    assert _without_timings(after) == _without_timings(before)


def test_many_identical_messages_at_once_run_one_turn(run_with_bot):
    async def scenario(bot):
        turns = [bot.say("m1", kind="button", payload='/choose{"order_number": "A1"}', label="x") for _ in range(8)]
        bodies = await asyncio.gather(*turns)
        assert bot.actions.calls == ["action_track"]
        assert all(_without_timings(body) == _without_timings(bodies[0]) for body in bodies)

    run_with_bot(scenario)


def test_messages_of_one_tracker_wait_for_each_other_and_others_do_not(run_with_bot):
    async def scenario(bot):
        bot.actions.failure = "slow"
        slow = asyncio.create_task(bot.say("m1", kind="button", payload='/choose{"order_number": "A1"}', label="x"))
        await bot.actions.called.wait()
        behind = asyncio.create_task(bot.say("m2", "hello"))
        await bot.say("m1", "hello", sender="chat:2")
        assert not behind.done()
        bot.actions.release.set()
        await slow
        await behind
        users = [event.message_id for event in (await bot.tracker()).events if event.type_name == "user"]
        assert users == ["m1", "m2"]

    run_with_bot(scenario)


def test_the_same_message_gets_the_same_variation_and_messages_differ(run_with_bot):
    async def scenario(bot):
        said = [(await bot.say(f"m{i}", "hello", sender=f"chat:{i}"))["replies"][0]["text"] for i in range(24)]
        assert set(said) == {"Hello!", "Good day!", "Welcome!"}
        again = [(await bot.say(f"m{i}", "hello", sender=f"other:{i}"))["replies"][0]["text"] for i in range(24)]
        assert again == said

    run_with_bot(scenario)


def test_a_picked_thing_is_understood_by_its_number(run_with_bot):
    async def scenario(bot):
        await bot.say("m1", "where is my order")
        body = await bot.say("m2", kind="pick", pick={"order": "A200"}, language="zh")
        assert body["replies"][0]["order_number"] == "A200"
        assert body["language"] == "zh"

    run_with_bot(scenario)


@pytest.mark.parametrize(
    "text",
    [
        '/choose{"order_number": "A999"}',
        '  /choose{"order_number": "A999"}',
        "／choose",
        "/restart",
        "/session_start",
        "/back",
        '/track_order@1.0{"order_number": "A999", "language": "zh"}',
        "/",
    ],
)
def test_a_text_that_looks_like_a_command_is_only_text(run_with_bot, text):
    async def scenario(bot):
        await bot.say("m1", "where is my order")
        before = len((await bot.tracker()).events)
        _, body, _ = await bot.turn("m2", text, language="en")
        tracker = await bot.tracker()
        assert len(tracker.events) >= before
        assert tracker.get_slot("order_number") is None
        assert tracker.get_slot("language") == "en"
        assert not {"restart", "session_started"} & {event.type_name for event in list(tracker.events)[before:]}
        ranking = body.get("understanding", {}).get("ranking", [])
        # An intent that was read from a command comes alone and wholly sure; one that was guessed never does.
        assert len(ranking) != 1
        assert all(guess["confidence"] < 1 for guess in ranking)

    run_with_bot(scenario)


def _without_timings(body):
    return {name: part for name, part in body.items() if name != "timings_ms"}
