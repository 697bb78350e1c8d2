"""Products and what is about something, as each platform can show it: carousels, buttons that stay, pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from shopdesk_schemas.turn import ButtonInput, TurnRequest
from tests.channels.every import PLATFORMS
from tests.channels.platforms import InstagramPlatform, MessengerPlatform, Platform
from tests.channels.test_channels import _settled, channel, every_platform, until
from tests.gateway.desk import Desk
from tests.gateway.doubles import Answer, answer, text_reply

pytestmark = pytest.mark.anyio

meta_two = pytest.mark.parametrize("kind", [MessengerPlatform, InstagramPlatform], ids=lambda kind: kind.name)
assert {MessengerPlatform, InstagramPlatform} <= set(PLATFORMS)


def showing(content: dict[str, Any]) -> Callable[[TurnRequest], Answer]:
    """A bot that shows this, and says what was touched."""

    def brain(request: TurnRequest) -> Answer:
        if isinstance(request.input, ButtonInput):
            return answer(text_reply(f"chose {request.input.payload}"))
        return answer(content)

    return brain


def products(count: int, *more: str, **fields: Any) -> dict[str, Any]:
    """So many products, each with a button that picks it, and `more` buttons of other things."""
    shown = [
        {
            "sku": f"S{number}", "title": f"Kettle No. {number}",
            "price": {"amount": 4900, "currency": "GBP", "text": "£49.00"}, "availability_text": "in stock", **fields,
        }
        for number in range(1, count + 1)
    ]  # fmt: skip
    labels = [*(str(each["title"]) for each in shown), *more]
    buttons = [{"label": label, "payload": f"/pick_{number}"} for number, label in enumerate(labels, 1)]
    return {"kind": "product_cards", "text": "Which kettle?", "products": shown, "buttons": buttons}


@every_platform
async def test_a_product_is_picked_by_touching_or_by_its_number(sqlite_desk: Desk, kind: type[Platform]) -> None:
    sqlite_desk.bot.brain = showing(products(4))
    async with channel(sqlite_desk, kind) as one:
        await one.deliver(one.platform.says("a kettle"))
        await one.said("Which kettle?")
        await until(lambda: _settled(one))
        choices = one.platform.screen[-1].choices
        third = next(value for label, value in choices.items() if "No. 3" in label)
        await one.deliver(one.platform.touches(third))
        await one.said("chose /pick_3")
        if kind.name in ("telegram", "whatsapp", "slack"):
            return  # Buttons of their own, on which no number stands: "2" is for the assistant to understand.
        await one.deliver(one.platform.says("a kettle"))
        await one.said("chose /pick_3", "Which kettle?")
        await until(lambda: _settled(one))
        await one.deliver(one.platform.says("2"))
        await one.said("chose /pick_3", "chose /pick_2")


@meta_two
async def test_products_are_a_carousel_with_pictures_and_links(
    sqlite_desk: Desk, kind: type[MessengerPlatform]
) -> None:
    shown = products(12, image_url="https://shop.example/kettle.jpg", url="https://shop.example/kettle")
    shown["products"][0]["title"] += " of a name that goes on" * 5
    shown["products"][0]["availability_text"] = "on its way to us, " * 8
    shown["products"][1]["image_url"] = "/files/kettle.jpg"
    sqlite_desk.bot.brain = showing(shown)
    async with channel(sqlite_desk, kind, public_url="https://desk.shop.example") as one:
        await one.deliver(one.platform.says("a kettle"))
        await one.said("Which kettle?", "[Kettle No. 12 | £49.00 · in stock]")
        words, ten, two = one.platform.screen[-3:]
        assert (words.words, len(ten.pictures), len(two.pictures)) == ("Which kettle?", 10, 2)
        assert ten.pictures[1] == "https://desk.shop.example/files/kettle.jpg"
        assert list(two.choices) == ["Kettle No. 11: This one", "Kettle No. 12: This one"]


@meta_two
async def test_what_picks_no_product_is_offered_after_the_carousel(
    sqlite_desk: Desk, kind: type[MessengerPlatform]
) -> None:
    sqlite_desk.bot.brain = showing(products(2, "Neither"))
    async with channel(sqlite_desk, kind) as one:
        await one.deliver(one.platform.says("a kettle"))
        await one.said("[Kettle No. 1 |", "Which kettle?")
        shown, words = one.platform.screen[-2:]
        assert (len(shown.choices), list(words.choices)) == (2, ["Neither"])
        await one.deliver(one.platform.touches(words.choices["Neither"]))
        await one.said("chose /pick_3")


@meta_two
async def test_buttons_about_an_order_stay_and_those_of_a_question_do_not(
    sqlite_desk: Desk, kind: type[MessengerPlatform]
) -> None:
    buttons = [{"label": "Track it", "payload": "/track"}, {"label": "Cancel it", "payload": "/cancel"}]
    card = {"kind": "order_card", "text": "Your order", "order_number": "A1", "state": "placed", "state_text": "placed"}
    sqlite_desk.bot.brain = showing({**card, "buttons": buttons})
    async with channel(sqlite_desk, kind) as one:
        assert isinstance(one.platform, MessengerPlatform)
        await one.deliver(one.platform.says("my order"))
        await one.said("Your order")
        choices = one.platform.screen[-1].choices
        assert list(choices) == ["Track it", "Cancel it"]
        assert set(choices.values()) == one.platform.postbacks
        await one.deliver(one.platform.touches(choices["Cancel it"]))
        await one.said("chose /cancel")
        # Words that are too long for buttons that stay go out in full, with replies.
        sqlite_desk.bot.brain = showing({**card, "text": "Your order. " * 60, "buttons": buttons})
        await one.deliver(one.platform.says("my order"))
        await one.said("chose /cancel", ("Your order. " * 60).strip())
        assert not set(one.platform.screen[-1].choices.values()) & one.platform.postbacks
