"""A turn that cannot be finished is a problem document, changes nothing, and may be tried again."""

import pytest


async def _track(bot, message_id="m2"):
    return await bot.turn(message_id, kind="button", payload='/choose{"order_number": "A200"}', label="That one")


@pytest.mark.parametrize("failure", ["error", "odd status", "nonsense", "bad shape"])
def test_a_failed_action_fails_the_turn_and_a_retry_works(run_with_bot, failure):
    async def scenario(bot):
        await bot.say("m1", "hello")
        before = _state(await bot.tracker())
        bot.actions.failure = failure
        status, problem, headers = await _track(bot)
        assert (status, problem["type"]) == (502, "/problems/turn-failed")
        assert headers["Content-Type"] == "application/problem+json"
        assert _state(await bot.tracker()) == before
        bot.actions.failure = None
        status, body, _ = await _track(bot)
        assert (status, body["replies"][0]["text"]) == (200, "Order A200 is shipped.")

    run_with_bot(scenario)


def test_an_action_server_that_is_down_fails_the_turn_and_a_retry_works(run_with_bot):
    async def scenario(bot):
        await bot.say("m1", "hello")
        before = _state(await bot.tracker())
        port = bot.actions.port
        await bot.actions.stop()
        status, problem, _ = await _track(bot)
        assert (status, problem["type"]) == (502, "/problems/turn-failed")
        assert _state(await bot.tracker()) == before
        assert await bot.get("/readyz") == (503, {"status": "unavailable", "missing": ["actions"]})
        await bot.actions.start(port)
        assert (await _track(bot))[0] == 200
        assert await bot.get("/readyz") == (200, {"status": "ok"})

    run_with_bot(scenario)


def test_an_action_that_takes_too_long_is_a_time_out_and_a_retry_works(run_with_bot):
    async def scenario(bot):
        await bot.say("m1", "hello")
        before = _state(await bot.tracker())
        bot.actions.failure = "slow"
        status, problem, _ = await _track(bot)
        assert (status, problem["type"]) == (504, "/problems/turn-timed-out")
        assert _state(await bot.tracker()) == before
        bot.actions.failure = None
        assert (await _track(bot))[0] == 200

    run_with_bot(scenario, action_seconds=0.2)


def test_a_first_message_that_fails_leaves_no_tracker(run_with_bot):
    async def scenario(bot):
        bot.actions.failure = "error"
        assert (await _track(bot))[0] == 502
        assert await bot.tracker() is None

    run_with_bot(scenario)


def test_a_form_stays_as_it_was_when_its_validation_fails(run_with_bot):
    async def scenario(bot):
        await bot.say("m1", "where is my order")
        before = _state(await bot.tracker())
        bot.actions.failure, bot.actions.fails_only = "error", "validate_track_form"
        status, problem, _ = await bot.turn("m2", "A200")
        assert (status, problem["type"]) == (502, "/problems/turn-failed")
        after = await bot.tracker()
        assert _state(after) == before
        assert (after.active_loop_name, after.get_slot("requested_slot")) == ("track_form", "order_number")
        bot.actions.failure = None
        assert (await bot.say("m2", "A200"))["replies"][0]["order_number"] == "A200"

    run_with_bot(scenario)


@pytest.mark.parametrize(
    "text",
    [
        "say nothing at all",
        "use the absent response",
        "variable without value",
    ],
)
def test_a_turn_without_a_whole_reply_fails(run_with_bot, text):
    async def scenario(bot):
        await bot.say("m1", "hello")
        before = _state(await bot.tracker())
        status, problem, _ = await bot.turn("m2", text)
        assert (status, problem["type"]) == (502, "/problems/turn-failed")
        assert _state(await bot.tracker()) == before

    run_with_bot(scenario)


def test_a_tracker_store_that_fails_is_told(run_with_bot, tmp_path):
    async def scenario(bot):
        bot.app.ctx.current.runner.trackers.SQLEvent.__table__.drop(bot.app.ctx.current.runner.trackers.engine)
        status, problem, _ = await bot.turn("m1", "hello")
        assert (status, problem["type"]) == (503, "/problems/unavailable")

    run_with_bot(scenario)


def _state(tracker):
    """Everything that a turn could have changed."""
    return (
        [event.as_dict() for event in tracker.events],
        tracker.current_slot_values(),
        tracker.active_loop_name,
        tracker.latest_message.text if tracker.latest_message else None,
    )
