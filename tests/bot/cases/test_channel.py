"""The channel's edge: who may ask, what a request must be, and how health is told."""

import shutil

import pytest

GOOD = {"sender_id": "chat:1", "message_id": "m1", "input": {"kind": "text", "text": "hello"}, "language": "en"}


@pytest.mark.parametrize("token", [None, "", "wrong", "a-token-of-the-test", "a-token-of-the-tests-"])
def test_a_turn_needs_the_service_token(run_with_bot, token):
    async def scenario(bot):
        status, problem, headers = await bot.post(GOOD, token=token)
        assert (status, problem["type"]) == (401, "/problems/unauthenticated")
        assert headers["WWW-Authenticate"] == "Bearer"
        assert (await bot.post(GOOD))[0] == 200

    run_with_bot(scenario)


WRONG = [
    ({"sender_id": ""}, "body.sender_id"),
    ({"sender_id": "x" * 256}, "body.sender_id"),
    ({"sender_id": 7}, "body.sender_id"),
    ({"sender_id": "a b"}, "body.sender_id"),
    ({"message_id": None}, "body.message_id"),
    ({"language": "fr"}, "body.language"),
    ({"input": None}, "body.input"),
    ({"input": {"kind": "song"}}, "body.input"),
    ({"input": {"kind": "text", "text": ""}}, "body.input.text"),
    ({"input": {"kind": "text", "text": " \n"}}, "body.input.text"),
    ({"input": {"kind": "text", "text": "x" * 4001}}, "body.input.text"),
    ({"input": {"kind": "text", "text": "x", "payload": "/greet"}}, "body.input.payload"),
    ({"input": {"kind": "button", "payload": "greet", "label": "x"}}, "body.input.payload"),
    ({"input": {"kind": "button", "payload": "/restart", "label": "x"}}, "body.input.payload"),
    ({"input": {"kind": "button", "payload": "/no_such_intent", "label": "x"}}, "body.input.payload"),
    ({"input": {"kind": "button", "payload": "/greet{", "label": "x"}}, "body.input.payload"),
    ({"input": {"kind": "button", "payload": '/greet{"language": "zh"}', "label": "x"}}, "body.input.payload"),
    ({"input": {"kind": "pick", "pick": {}}}, "body.input.pick"),
    ({"slots": {"language": "zh"}}, "body.slots"),
]


def test_a_wrong_request_is_refused_and_the_field_named(run_with_bot):
    async def scenario(bot):
        for change, field in WRONG:
            status, problem, _ = await bot.post({**GOOD, **change})
            assert (status, problem["type"]) == (422, "/problems/invalid-input"), change
            assert field in [error["field"] for error in problem["errors"]], change
        for body in ("", "{", "[]", '"x"', b"\xff"):
            status, problem, _ = await bot.post(body)
            assert (status, problem["errors"][0]["field"]) == (422, "body"), body
        assert await bot.tracker() is None

    run_with_bot(scenario)


def test_health_is_told_without_a_token(run_with_bot):
    async def scenario(bot):
        assert await bot.get("/healthz") == (200, {"status": "ok"})
        assert await bot.get("/readyz") == (200, {"status": "ok"})

    run_with_bot(scenario)


def test_what_the_model_tells_apart_is_told_to_the_gateway(run_with_bot):
    async def scenario(bot):
        assert (await bot.get("/intents"))[0] == 401
        status, told = await bot.get("/intents", known=True)
        assert (status, "greet" in told["intents"]) == (200, True)

    run_with_bot(scenario)


def test_a_newer_model_takes_over_between_two_turns(run_with_bot, model, tmp_path):
    async def scenario(bot):
        current = bot.app.ctx.current
        before = (await bot.say("m1", "hello"))["model"]
        broken, newer = tmp_path / "broken.tar.gz", tmp_path / "newer.tar.gz"
        broken.write_bytes(b"no model")
        shutil.copyfile(model, newer)
        for newest, used in ((model, False), (broken, False), (newer, True), (newer, False)):
            current._newest = lambda newest=newest: newest
            assert await current.look() is used
        after = await bot.say("m2", "hello")
        assert (before, after["model"]) == (model.name[: -len(".tar.gz")], "newer")
        assert after["understanding"]["intent"]["name"] == "greet"

    run_with_bot(scenario)


@pytest.mark.parametrize(
    "path", ["/", "/webhooks/rest/webhook", "/webhooks/gateway/turns", "/conversations/x/tracker", "/model", "/status"]
)
def test_rasas_own_doors_are_closed(run_with_bot, path):
    async def scenario(bot):
        status, problem = await bot.get(path)
        assert (status, problem["type"]) == (404, "/problems/not-found")

    run_with_bot(scenario)
