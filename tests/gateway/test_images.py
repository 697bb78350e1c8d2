"""Pictures: taken in by their content, drawn anew, shown only to who may see them, asked of the assistant."""

from __future__ import annotations

import io
import re
import uuid
from typing import Any

import httpx
import pytest
from PIL import Image

from gateway.console.access import FORM_HEADER
from gateway.images.encoding import MAX_SIDE
from gateway.images.service import IMAGES_PATH, MAX_UPLOAD_BYTES
from shopdesk_schemas.turn import ImageInput, TextInput
from tests.gateway.desk import Desk, Gateway, Shopper
from tests.gateway.test_handover import Colleague, colleague

pytestmark = pytest.mark.anyio

ORIENTATION, GPS = 0x0112, 0x8825


def picture(width: int = 40, height: int = 20, kind: str = "JPEG", *, mode: str = "RGB", **options: Any) -> bytes:
    """A picture file."""
    written = io.BytesIO()
    Image.new(mode, (width, height), "red").save(written, kind, **options)
    return written.getvalue()


async def upload(gateway: Gateway, shopper: Shopper | None, content: bytes) -> httpx.Response:
    """POST a picture as a form."""
    headers = {"Authorization": f"Bearer {shopper.token}"} if shopper else {}
    async with gateway.browser() as browser:
        return await browser.post(IMAGES_PATH, headers=headers, files={"image": ("a.jpg", content, "image/jpeg")})


async def shown(gateway: Gateway, url: str, **headers: str) -> httpx.Response:
    """GET a picture."""
    async with gateway.browser() as browser:
        return await browser.get(url, headers=headers)


async def test_a_picture_is_shown_to_the_shopper_and_asked_of_the_assistant(desk: Desk) -> None:
    async with desk.gateway() as gateway, await gateway.shopper(language="en") as shopper:
        kept = await upload(gateway, shopper, picture())
        assert kept.status_code == 201
        image_id = kept.json()["image_id"]
        response = await shopper.post(image_id=image_id)
        assert response.status_code == 202
        own = next(each for each in (await shopper.read(after=0))["messages"] if each["author"] == "shopper")
        content = own["content"]
        assert (content["kind"], content["text"], content["width"]) == ("image", "Photo", 40)
        await shopper.replies()
        (request,) = desk.bot.requests
        assert request.input == ImageInput(images=[image_id])
        seen = await shown(gateway, content["url"])
        assert seen.status_code == 200
        assert seen.headers["content-type"] == "image/jpeg"
        assert seen.headers["cross-origin-resource-policy"] == "cross-origin"
        assert Image.open(io.BytesIO(seen.content)).size == (40, 20)


async def test_who_has_neither_link_nor_token_sees_nothing(sqlite_desk: Desk) -> None:
    async with (
        sqlite_desk.gateway() as gateway,
        await gateway.shopper() as shopper,
        await gateway.shopper() as stranger,
    ):
        image_id = (await upload(gateway, shopper, picture())).json()["image_id"]
        url = f"{IMAGES_PATH}/{image_id}"
        assert (await shown(gateway, url, Authorization=f"Bearer {shopper.token}")).status_code == 200
        missing = await shown(gateway, f"{IMAGES_PATH}/missing")
        for refused in (
            await shown(gateway, url),
            await shown(gateway, url, Authorization=f"Bearer {stranger.token}"),
            await shown(gateway, f"{url}?until=99999&key={'0' * 64}"),
        ):
            assert (refused.status_code, refused.content) == (404, missing.content)
        # A picture of somebody else's conversation cannot be said in one's own.
        assert (await shopper.post(image_id=image_id)).status_code == 202
        foreign = await stranger.post(image_id=image_id)
        assert foreign.status_code == 422
        assert foreign.json()["errors"][0]["field"] == "body.image_id"


async def test_a_link_runs_out(sqlite_desk: Desk) -> None:
    async with sqlite_desk.gateway() as gateway, await gateway.shopper() as shopper:
        image_id = (await upload(gateway, shopper, picture())).json()["image_id"]
        images = gateway.services.images
        url = images.shown({"kind": "image", "url": f"{IMAGES_PATH}/{image_id}"})["url"]
        until, key = re.findall(r"until=(\d+)&key=([0-9a-f]+)", url)[0]
        assert images.opens(image_id, int(until), key)
        assert not images.opens(image_id, int(until) + 1, key)
        assert not images.opens(image_id, int(until) - 2, key)


async def test_what_a_file_says_besides_is_gone_and_it_stands_upright(sqlite_desk: Desk) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[GPS] = {1: "N", 2: (51.0, 30.0, 0.0)}
    large = picture(3000, 1000, exif=exif, comment=b"the sender's own words")
    async with sqlite_desk.gateway() as gateway, await gateway.shopper() as shopper:
        kept = (await upload(gateway, shopper, large)).json()
        assert (kept["width"], kept["height"]) == (round(MAX_SIDE / 3), MAX_SIDE)
        seen = await shown(gateway, f"{IMAGES_PATH}/{kept['image_id']}", Authorization=f"Bearer {shopper.token}")
        anew = Image.open(io.BytesIO(seen.content))
        assert dict(anew.getexif()) == {}
        assert b"own words" not in seen.content


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "JPEG"])
async def test_pictures_of_every_kind_are_taken_as_the_body_alone(sqlite_desk: Desk, kind: str) -> None:
    see_through = kind != "JPEG"
    content = picture(kind=kind, mode="RGBA" if see_through else "RGB")
    async with sqlite_desk.gateway() as gateway, await gateway.shopper() as shopper:
        kept = await _raw(gateway, shopper, content, kind)
        assert kept.status_code == 201, kept.text


async def _raw(gateway: Gateway, shopper: Shopper, content: bytes, kind: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {shopper.token}", "Content-Type": f"image/{kind.lower()}"}
    async with gateway.browser() as browser:
        return await browser.post(IMAGES_PATH, headers=headers, content=content)


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"not a picture",
        picture()[:200],
        picture(1, 1, "BMP"),
        b"",
    ],
)
async def test_what_is_no_picture_is_refused_by_its_content(sqlite_desk: Desk, content: bytes) -> None:
    async with sqlite_desk.gateway() as gateway, await gateway.shopper() as shopper:
        refused = await upload(gateway, shopper, content)
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == "body.image"
        assert (await upload(gateway, shopper, picture())).status_code == 201


async def test_a_small_file_that_unfolds_is_refused(sqlite_desk: Desk) -> None:
    bomb = picture(12_000, 12_000, "PNG", mode="1")
    assert len(bomb) < 64 * 1024
    async with sqlite_desk.gateway() as gateway, await gateway.shopper() as shopper:
        assert (await upload(gateway, shopper, bomb)).status_code == 422


async def test_too_much_is_refused_and_so_is_a_stranger(sqlite_desk: Desk) -> None:
    async with sqlite_desk.gateway() as gateway, await gateway.shopper() as shopper:
        assert (await upload(gateway, None, picture())).status_code == 401
        assert (await upload(gateway, shopper, b"x" * (MAX_UPLOAD_BYTES + 5000))).status_code == 413
        for _ in range(30):
            assert (await upload(gateway, shopper, picture(1, 1))).status_code == 201
        limited = await upload(gateway, shopper, picture(1, 1))
        assert limited.status_code == 429
        assert "Retry-After" in limited.headers


async def test_words_and_pictures_sent_one_after_the_other_are_one_turn(sqlite_desk: Desk) -> None:
    async with sqlite_desk.gateway(join_seconds=1.0) as gateway, await gateway.shopper() as shopper:
        ids = [(await upload(gateway, shopper, picture())).json()["image_id"] for _ in range(2)]
        await shopper.say("it came like this")
        await shopper.post(image_id=ids[0])
        await shopper.post(image_id=ids[1])
        await shopper.say("both cups")
        await shopper.replies()
        (request,) = sqlite_desk.bot.requests
        assert request.input == TextInput(text="it came like this\nboth cups", images=ids)


async def show(agent: Colleague, shopper: Shopper, content: bytes, client_id: str) -> httpx.Response:
    """An agent puts a picture into a conversation."""
    where = {"conversation_id": shopper.conversation_id, "fencing_number": agent.fencing_number, "client_id": client_id}
    headers = {FORM_HEADER: agent.form, "Content-Type": "image/png"}
    return await agent.http.post("/console/api/images", params=where, headers=headers, content=content)


async def test_who_holds_the_conversation_shows_the_shopper_a_picture(desk: Desk) -> None:
    async with (
        desk.gateway() as gateway,
        await gateway.shopper(language="zh") as shopper,
        colleague(gateway, "mia") as mia,
        colleague(gateway, "wei") as wei,
        colleague(gateway, "eve", "read_only") as looker,
    ):
        await mia.take(shopper)
        once = str(uuid.uuid4())
        tagged = picture(MAX_SIDE + 100, 60, "PNG")
        first = await show(mia, shopper, tagged, once)
        assert first.status_code == 201, first.text
        assert (await show(mia, shopper, tagged, once)).json()["seq"] == first.json()["seq"]
        wei.fencing_number = mia.fencing_number
        assert (await show(wei, shopper, picture(), str(uuid.uuid4()))).status_code == 409
        assert (await show(looker, shopper, picture(), str(uuid.uuid4()))).status_code == 403
        refused = await show(mia, shopper, b"GIF89a or not", str(uuid.uuid4()))
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "body.image")
        assert (await show(mia, shopper, b"x" * (MAX_UPLOAD_BYTES + 5000), str(uuid.uuid4()))).status_code == 413
        sent = [each for each in (await shopper.read(after=0))["messages"] if each["author"] == "agent"]
        assert [(each["content"]["kind"], each["content"]["text"]) for each in sent] == [("image", "Mia发来的图片")]
        seen = await shown(gateway, sent[0]["content"]["url"])
        assert Image.open(io.BytesIO(seen.content)).width == MAX_SIDE
        assert (await shown(gateway, sent[0]["content"]["url"].partition("?")[0])).status_code == 404
