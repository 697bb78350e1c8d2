"""Pictures that go out: seen as pictures on every platform, as files where it takes no addresses."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from PIL import Image
from sqlalchemy import delete, select
from starlette.responses import Response

from gateway.channels.models import Chat
from gateway.channels.pictures import MediaIds
from gateway.conversations.models import Conversation, OutboxEntry
from gateway.images import models
from gateway.images.encoding import Picture, encode_anew, within
from shopdesk_schemas.content import ImageContent
from tests.channels.mail_servers import MailPlatform
from tests.channels.platforms import Platform, WeChatPlatform, kind_of
from tests.channels.test_cards import products, showing
from tests.channels.test_channels import Channel, _settled, channel, every_platform, until
from tests.channels.wecom_platform import WeComPlatform
from tests.gateway.desk import Desk
from tests.gateway.doubles import plain_server, served

pytestmark = pytest.mark.anyio

PUBLIC = "https://desk.shop.example"
INSIDE = ("127.0.0.1",)
"""Where `shop_pictures` is."""
takes_files = pytest.mark.parametrize("kind", [WeChatPlatform, WeComPlatform, MailPlatform], ids=lambda kind: kind.name)
Files = WeChatPlatform | WeComPlatform


def drawn(colour: str = "red", side: int = 40, noisy: bool = False) -> bytes:
    """A picture as a camera or a shop makes one."""
    written = io.BytesIO()
    image = Image.effect_noise((side, side), 90).convert("RGBA") if noisy else Image.new("RGB", (side, side), colour)
    if noisy:
        image.putalpha(200)
    image.save(written, "PNG")
    return written.getvalue()


async def send_picture(one: Channel, picture: Picture) -> None:
    """A person of the shop sends it."""
    async with one.services.database.write() as session:
        (conversation,) = (await session.execute(select(Conversation))).scalars()
        image = await one.services.images.keep(session, conversation.id, "agent", picture)
        content = ImageContent.model_validate(one.services.images.content_of(image, "A picture from Mia"))
        await one.services.conversations.say(session, conversation, "agent", content)


async def content_of(one: Channel, seen: Any) -> bytes:
    """What is seen, fetched as the platform fetches it where it got an address."""
    if isinstance(seen, bytes):
        return seen
    assert seen.startswith(PUBLIC)
    async with one.gateway.browser() as http:
        return (await http.get(seen.removeprefix(PUBLIC))).content


@every_platform
async def test_an_agents_picture_is_seen_as_a_picture(sqlite_desk: Desk, kind: type[Platform]) -> None:
    async with channel(sqlite_desk, kind, public_url=PUBLIC) as one:
        await one.deliver(one.platform.says("hello"))
        await one.said("You said: hello")
        picture = encode_anew(drawn())
        await send_picture(one, picture)
        await until(lambda: _settled(one))
        shown = [each for seen in one.platform.screen for each in seen.pictures]
        assert [await content_of(one, each) for each in shown] == [picture.content]
        assert all(each.state == "sent" for each in await one.rows(OutboxEntry))


@asynccontextmanager
async def shop_pictures(fetched: list[str]) -> AsyncIterator[str]:
    """The shop's own web server, where the catalogue's pictures are."""
    app = FastAPI()

    @app.get("/{name}")
    async def file(name: str) -> Response:
        fetched.append(name)
        return Response(drawn(side=1200)) if name == "kettle.png" else Response(b"no picture", status_code=404)

    async with served(plain_server(app)) as url:
        yield url


@takes_files
async def test_products_are_seen_with_their_pictures(sqlite_desk: Desk, kind: type[Platform]) -> None:
    fetched: list[str] = []
    async with shop_pictures(fetched) as web, channel(sqlite_desk, kind, picture_hosts=INSIDE) as one:
        shown = products(2, image_url=f"{web}/kettle.png")
        shown["products"][1]["image_url"] = f"{web}/gone.png"
        sqlite_desk.bot.brain = showing(shown)
        for times in (1, 2):
            await one.deliver(one.platform.says("a kettle"))
            await one.said(*["Which kettle?"] * times)
            await until(lambda: _all_went_out(one))
        await until(lambda: _settled(one))
        pictures = [each for seen in one.platform.screen for each in seen.pictures]
        assert len(pictures) == 2, "what cannot be had is left out, the words are not"
        for each in pictures:
            with Image.open(io.BytesIO(each)) as opened:
                assert max(opened.size) == 800
        assert fetched.count("kettle.png") == 1, "asked for once an hour"
        if isinstance(one.platform, WeChatPlatform | WeComPlatform):
            assert one.platform.uploads == 1, "uploaded once while the platform keeps it"


@pytest.mark.parametrize("kind", [WeChatPlatform, WeComPlatform], ids=lambda kind: kind.name)
async def test_pictures_leave_the_quota_to_words(sqlite_desk: Desk, kind: type[Files]) -> None:
    async with shop_pictures([]) as web, channel(sqlite_desk, kind, picture_hosts=INSIDE) as one:
        sqlite_desk.bot.brain = showing(products(6, image_url=f"{web}/kettle.png"))
        await one.deliver(one.platform.says("a kettle"))
        await one.said("Which kettle?")
        await until(lambda: _settled(one))
        (chat,) = await one.rows(Chat)
        assert chat.quota_used <= 4
        assert 1 <= sum(len(seen.pictures) for seen in one.platform.screen) <= 3
        assert all(each.state == "sent" for each in await one.rows(OutboxEntry))


@pytest.mark.parametrize("kind", [WeChatPlatform, WeComPlatform], ids=lambda kind: kind.name)
async def test_an_upload_that_ran_out_is_made_again(sqlite_desk: Desk, kind: type[Files]) -> None:
    async with channel(sqlite_desk, kind) as one:
        platform = one.platform
        assert isinstance(platform, WeChatPlatform | WeComPlatform)
        await one.deliver(platform.says("hello"))
        await one.said("You said: hello")
        picture = encode_anew(drawn())
        await send_picture(one, picture)
        await until(lambda: _settled(one))
        platform.media.clear()
        platform.access_token = "ACCESS-2"
        await send_picture(one, picture)
        await until(lambda: _all_went_out(one))
        assert platform.uploads == 2
        assert [each for seen in platform.screen for each in seen.pictures] == [picture.content] * 2


async def _all_went_out(one: Channel) -> bool:
    """Everything went out."""
    return all(each.state == "sent" for each in await one.rows(OutboxEntry))


async def test_a_picture_too_large_for_wechat_is_drawn_smaller(sqlite_desk: Desk) -> None:
    async with channel(sqlite_desk, WeChatPlatform) as one:
        await one.deliver(one.platform.says("hello"))
        await one.said("You said: hello")
        picture = encode_anew(drawn(side=1500, noisy=True))
        assert len(picture.content) > 2 * 1024 * 1024
        await send_picture(one, picture)
        await until(lambda: _all_went_out(one))
        (shown,) = [each for seen in one.platform.screen for each in seen.pictures]
        assert kind_of(shown, "JPEG")


@takes_files
async def test_a_picture_that_was_erased_is_said_not_to_have_gone_out(sqlite_desk: Desk, kind: type[Platform]) -> None:
    async with channel(sqlite_desk, kind) as one:
        await one.deliver(one.platform.says("hello"))
        await one.said("You said: hello")
        async with one.services.database.write() as session:
            (conversation,) = (await session.execute(select(Conversation))).scalars()
            image = await one.services.images.keep(session, conversation.id, "agent", encode_anew(drawn()))
            content = ImageContent.model_validate(one.services.images.content_of(image, "A picture from Mia"))
            await one.services.conversations.say(session, conversation, "agent", content)
            await session.execute(delete(models.Image))
        await until(lambda: _settled(one))
        assert [each.error for each in await one.rows(OutboxEntry) if each.state == "failed"] == ["picture_gone"]


async def test_a_mails_plain_words_say_what_its_page_says(sqlite_desk: Desk) -> None:
    async with shop_pictures([]) as web, channel(sqlite_desk, MailPlatform, picture_hosts=INSIDE) as one:
        shown = products(1, image_url=f"{web}/kettle.png")
        shown["text"] = "Kettles & <pots>"
        sqlite_desk.bot.brain = showing(shown)
        await one.deliver(one.platform.says("a kettle"))
        await one.said("Kettles & <pots>", "1. Kettle No. 1")
        assert isinstance(one.platform, MailPlatform)
        page = one.platform.mails[-1].get_body(("html",))
        assert page is not None
        written = page.get_content()
        assert "Kettles &amp; &lt;pots&gt;" in written
        assert 'alt="Kettle No. 1"' in written
        # The answer to it is read as before.
        await one.deliver(one.platform.says("1"))
        await one.said("chose /pick_1")


async def test_media_are_forgotten_before_the_platform_forgets_them() -> None:
    now = 0.0
    uploads: list[Picture] = []

    async def upload(picture: Picture) -> str:
        uploads.append(picture)
        return f"M{len(uploads)}"

    media, picture = MediaIds(lambda: now), encode_anew(drawn())
    assert [await media.of(picture, upload), await media.of(picture, upload)] == ["M1", "M1"]
    now = timedelta(days=3).total_seconds() - 3600
    assert await media.of(picture, upload) == "M2"


def test_a_picture_is_drawn_no_larger_than_asked() -> None:
    picture = encode_anew(drawn(side=900, noisy=True))
    small = within(picture, most_bytes=30_000, side=400)
    assert (len(small.content) <= 30_000, max(small.width, small.height) <= 400) == (True, True)
    assert within(small, most_bytes=30_000, side=400) is small
