"""Words that a lead changes in the console are what shoppers read in the next reply, from the trained assistant."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.support.chat import words
from tests.support.stack import Stack


@pytest.mark.parametrize(
    ("language", "question", "text"),
    [
        ("en", "are you a robot?", "Beep! I am the shop's own machine."),
        ("zh", "你是机器人吗", "滴！我是本店的机器人。"),
    ],
)
def test_changed_words_are_said_and_taken_back(demo_stack: Stack, language: str, question: str, text: str) -> None:
    login, password = demo_stack.agent_login
    path = f"/console/wording/{language}/utter_ask_bot"
    with httpx.Client(base_url=demo_stack.url, timeout=30) as console, demo_stack.chat() as shopper:

        def post(path: str, **fields: object) -> httpx.Response:
            shown = console.get("/console/login" if path.endswith("login") else "/console/account").text
            token = re.search(r'name="csrf" value="([^"]+)"', shown)
            assert token is not None
            return console.post(path, data={"csrf": token[1], **fields})

        assert post("/console/login", username=login, password=password).status_code == 303
        version = int(re.findall(r'name="version" value="(\d+)"', console.get(path).text)[0])
        shopper.open(language)
        before = words(shopper.say(question))
        assert post(path, act="save", version=version, **{"text-0": text}).status_code == 303
        assert words(shopper.say(question)) == text
        assert post(path, act="withdraw", version=version + 1).status_code == 303
        assert words(shopper.say(question)) == before
