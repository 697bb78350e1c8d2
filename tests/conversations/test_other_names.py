"""A name that a lead gives a product in the console finds it in the next message, with the trained assistant."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.support.chat import words
from tests.support.stack import Stack


@pytest.mark.parametrize(
    ("language", "question", "name"),
    [("en", "do you have the flumbert in stock?", "flumbert"), ("zh", "你们有咕噜噜吗", "咕噜噜")],
)
def test_goods_are_found_by_a_name_given_in_the_console(
    demo_stack: Stack, language: str, question: str, name: str
) -> None:
    login, password = demo_stack.agent_login
    with httpx.Client(base_url=demo_stack.url, timeout=30) as console, demo_stack.chat() as shopper:

        def post(path: str, **fields: object) -> httpx.Response:
            shown = console.get("/console/login" if path.endswith("login") else "/console/account").text
            token = re.search(r'name="csrf" value="([^"]+)"', shown)
            assert token is not None
            return console.post(path, data={"csrf": token[1], **fields})

        assert post("/console/login", username=login, password=password).status_code == 303
        found = post("/console/other-names", question="kettle", language=language).text
        match = re.search(r'/product\?reference=([^&"]+)&amp;source=([^&"]+)">([^<]+)<', found)
        assert match is not None, found
        reference, source, title = match.groups()
        named = {"kind": "product", "source": source, "name": reference}
        path = "/console/other-names/edit"
        version = int(re.findall(r'name="version" value="(\d+)"', console.get(path, params=named).text)[0])
        shopper.open(language)
        assert title not in words(shopper.say(question))
        saved = post(path, act="save", version=version, **named, **{language: name})
        assert saved.status_code == 303, saved.text
        assert title in words(shopper.say(question))
        assert post(path, act="withdraw", version=version + 1, **named).status_code == 303
        assert title not in words(shopper.say(question))
