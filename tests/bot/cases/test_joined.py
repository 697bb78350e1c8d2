"""What a part of a message adds to the one before it stays said, whatever the two together resemble."""

import asyncio
from types import SimpleNamespace

import pytest
from runtime.turns import TurnRunner


def _runner(resembles):
    async def parse_message(message, tracker):
        guess = {"name": resembles, "confidence": 0.9}
        return {"intent": guess, "intent_ranking": [guess, {"name": "cancel_order", "confidence": 0.1}]}

    return TurnRunner(SimpleNamespace(parse_message=parse_message), trackers=None, locks=None, model="m")


def _message(text):
    return SimpleNamespace(text=text, output_channel=None, sender_id="s", message_id="m1", metadata={}, parse_data=None)


@pytest.mark.parametrize("resembles", ["cancel_order", "ask_availability"])
def test_nothing_that_was_added_is_lost(resembles):
    text = "cancel the lamp, the scarf stays. how much is a rug?"
    parts = [
        {"text": "cancel the lamp", "intent": "cancel_order"},
        {"text": "the scarf stays", "intent": "cancel_order"},
        {"text": "how much is a rug", "intent": "search_products"},
    ]
    message, tracker = _message(text), SimpleNamespace(active_loop_name=None)

    async def understood():
        runner = _runner(resembles)
        first, second = await runner._of_their_own(message, tracker, parts)
        message.text = first["text"]
        await runner._understand(message, first, tracker)
        return first, second

    first, second = asyncio.run(understood())
    assert (first["text"], second["text"]) == ("cancel the lamp, the scarf stays", "how much is a rug")
    read = message.parse_data or {"intent": {"name": resembles}}
    assert read["intent"]["name"] == "cancel_order"
