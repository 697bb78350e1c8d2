"""What the action server answers ahead of a call is taken for that call alone, and looked at like any answer."""

import pytest

TOLD = {"response": "utter_state", "number": "A100", "state": "packed"}
AHEAD = {"action": "action_track", "events": [{"event": "slot", "name": "order_number", "value": None}]}


async def _begin(bot, message_id="m1"):
    return await bot.turn(message_id, kind="button", payload='/track_order{"order_number": "A100"}', label="Track it")


def _actions(body):
    return [each["name"] for each in body["actions"]]


def test_the_action_that_comes_next_is_not_called_again(run_with_bot):
    async def scenario(bot):
        bot.actions.ahead = {**AHEAD, "responses": [TOLD]}
        status, body, _ = await _begin(bot)
        assert (status, body["replies"][0]["text"]) == (200, "Order A100 is packed.")
        assert bot.actions.calls == ["validate_track_form"]
        assert _actions(body) == ["track_form", "action_track"]
        assert (await bot.tracker()).get_slot("order_number") is None
        assert body["timings_ms"]["crm"] == 1.5

    run_with_bot(scenario)


def test_an_answer_to_another_call_is_left_alone(run_with_bot):
    async def scenario(bot):
        bot.actions.ahead = {**AHEAD, "action": "action_silent", "responses": [TOLD]}
        status, body, _ = await _begin(bot)
        assert (status, body["replies"][0]["text"]) == (200, "Order A100 is shipped.")
        assert bot.actions.calls == ["validate_track_form", "action_track"]
        # Nor is it kept for whoever asks later.
        status, body, _ = await bot.turn("m2", kind="button", payload="/ask_silence", label="Hush")
        assert bot.actions.calls[-1] == "action_silent"

    run_with_bot(scenario)


@pytest.mark.parametrize("wrong", [{"events": [{"event": "no such event"}], "responses": []}, {"events": "none"}])
def test_an_answer_ahead_that_is_none_fails_the_turn(run_with_bot, wrong):
    async def scenario(bot):
        bot.actions.ahead = {"action": "action_track", **wrong}
        status, problem, _ = await _begin(bot)
        assert (status, problem["type"]) == (502, "/problems/turn-failed")
        bot.actions.ahead = None
        assert (await _begin(bot))[0] == 200

    run_with_bot(scenario)
