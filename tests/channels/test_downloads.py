"""Files from addresses that others named: only from public addresses, unless the shop says that a host is its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from ipaddress import IPv4Network, IPv6Network
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from gateway.channels import downloads as module
from gateway.channels.downloads import Downloads, is_public
from gateway.channels.port import ChannelError, SendLater, SendRefused
from gateway.conversations.models import Message
from gateway.images.service import MAX_UPLOAD_BYTES
from tests.channels.mail_servers import MailPlatform
from tests.channels.platforms import SlackPlatform, WeChatPlatform
from tests.channels.test_cards import products, showing
from tests.channels.test_channels import Channel, _settled, channel, until
from tests.channels.test_pictures import drawn, shop_pictures
from tests.gateway.desk import Desk
from tests.gateway.doubles import plain_server, served

pytestmark = pytest.mark.anyio

PRIVATE = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
    "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
)  # fmt: skip
PRIVATE_6 = ("::1/128", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8")


@given(st.sampled_from(PRIVATE).map(IPv4Network).flatmap(lambda net: st.ip_addresses(network=net)))
def test_no_private_address_is_public_however_it_is_written(address: Any) -> None:
    number = int(address)
    mapped, translated = f"::ffff:{address}", f"64:ff9b::{number >> 16:x}:{number & 0xFFFF:x}"
    tunnelled = f"2002:{number >> 16:x}:{number & 0xFFFF:x}::1"
    assert not any(map(is_public, (str(address), mapped, translated, tunnelled)))


@given(st.sampled_from(PRIVATE_6).map(IPv6Network).flatmap(lambda net: st.ip_addresses(network=net)))
def test_no_private_ipv6_address_is_public(address: Any) -> None:
    assert not is_public(str(address))


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "2606:2800:21f:cb07::1", "::ffff:93.184.215.14", "64:ff9b::5db8:d70e"]
)
def test_other_addresses_are(address: str) -> None:
    assert is_public(address)


@asynccontextmanager
async def web(files: FastAPI | None = None) -> AsyncIterator[tuple[str, list[str]]]:
    """A server on this machine, its address, and the hosts that it was asked for."""
    asked: list[str] = []
    app = files or FastAPI()

    @app.get("/{path:path}")
    async def anything(path: str, request: Request) -> Response:
        asked.append(request.headers["host"])
        match path:
            case "away":
                return RedirectResponse(request.query_params["to"])
            case "large":
                return StreamingResponse(iter([b"x" * 1024 * 1024] * (MAX_UPLOAD_BYTES // 1024**2 + 1)))
            case "slow":
                await asyncio.sleep(30)
        return Response(b"file " + path.encode(), headers={"set-cookie": "a=b"})

    async with served(plain_server(app)) as url:
        yield url, asked


@asynccontextmanager
async def downloads(*inside: str, seconds: float = 10.0, **names: list[str]) -> AsyncIterator[Downloads]:
    """With names that stand for these addresses."""

    async def resolve(host: str, port: int) -> Collection[str]:
        plain = host.partition(".")[0]
        return names[plain] if plain in names else await module._resolved(host, port)

    one = Downloads(seconds, inside, resolve)
    try:
        yield one
    finally:
        await one.aclose()


def port_of(url: str) -> str:
    return url.rsplit(":", 1)[-1]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]"]
)
async def test_this_machine_is_refused_unless_the_shop_names_it(host: str) -> None:
    async with web() as (url, asked), downloads() as one:
        with pytest.raises(ChannelError):
            await one.get(f"http://{host}:{port_of(url)}/a.png")
        assert asked == []
        named = host.strip("[]") if host == "127.0.0.1" else "127.0.0.1"
        async with downloads(f"{named}:{port_of(url)}") as own:
            assert await own.get(f"{url}/a.png") == b"file a.png"
        with pytest.raises(SendRefused):
            async with downloads("127.0.0.1:1") as other:
                await other.get(f"{url}/a.png")
        assert len(asked) == 1


async def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    async with web() as (url, asked), downloads(shop=["93.184.215.14", "127.0.0.1"]) as one:
        with pytest.raises(SendRefused, match="not a public one"):
            await one.get(f"http://shop.example:{port_of(url)}/a.png")
        assert asked == []


async def test_the_checked_address_is_the_one_that_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that stands for something else when it is looked up again changes nothing, and the host keeps its name."""
    looked_up: list[str] = []
    monkeypatch.setattr(module, "is_public", lambda address: looked_up.append(address) is None)
    async with web() as (url, asked), downloads(shop=["127.0.0.1"]) as one:
        # There is no such name but here: had it been looked up by whoever connects, nothing would have been found.
        assert await one.get(f"http://shop.invalid:{port_of(url)}/a.png") == b"file a.png"
        assert (asked, looked_up) == ([f"shop.invalid:{port_of(url)}"], ["127.0.0.1"])


@pytest.mark.parametrize(
    "to", ["http://127.0.0.1:{port}/a.png", "http://169.254.169.254/latest", "file:///etc/passwd", "ftp://x/"]
)
async def test_a_redirect_is_checked_like_the_first_address(to: str) -> None:
    async with web() as (url, asked), downloads("localhost") as one:
        inside = f"http://localhost:{port_of(url)}"
        assert await one.get(f"{inside}/away?to={inside}/a.png") == b"file a.png"
        del asked[:]
        with pytest.raises(SendRefused):
            await one.get(f"{inside}/away?to={to.format(port=port_of(url))}")
        with pytest.raises(SendRefused):
            await one.get(f"{inside}/away?to=/away%3Fto=/away%253Fto=/away%25253Fto=/a.png")
        assert set(asked) == {f"localhost:{port_of(url)}"}


async def test_size_and_time_are_limited() -> None:
    async with web() as (url, _), downloads("127.0.0.1", seconds=0.3) as one:
        with pytest.raises(SendRefused, match="too large"):
            await one.get(f"{url}/large")
        with pytest.raises(SendLater, match="in time"):
            await one.get(f"{url}/slow")
        assert await one.get(f"{url}/a.png") == b"file a.png"


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=40) | st.text(max_size=20).map("http://".__add__))
def test_no_address_crashes_it(address: str) -> None:
    async def nothing(host: str, port: int) -> Collection[str]:
        return []

    async def get() -> None:
        one = Downloads(5.0, (), nothing)
        try:
            with pytest.raises(ChannelError):
                await one.get(address)
        finally:
            await one.aclose()

    asyncio.run(get())


@pytest.mark.parametrize("kind", [WeChatPlatform, MailPlatform], ids=lambda kind: kind.name)
@pytest.mark.parametrize("named", [True, False])
async def test_a_products_picture_inside_goes_out_only_where_the_shop_named_its_host(
    sqlite_desk: Desk, kind: type[WeChatPlatform | MailPlatform], named: bool
) -> None:
    fetched: list[str] = []
    hosts = ("localhost",) if named else ()
    async with shop_pictures(fetched) as url, channel(sqlite_desk, kind, picture_hosts=hosts) as one:
        address = f"http://localhost:{port_of(url)}/kettle.png"
        sqlite_desk.bot.brain = showing(products(1, image_url=address))
        await one.deliver(one.platform.says("a kettle"))
        await one.said("Which kettle?")
        await until(lambda: _settled(one))
        assert len([each for seen in one.platform.screen for each in seen.pictures]) == len(fetched) == int(named)


async def _pictures(one: Channel) -> list[Message]:
    return [each for each in await one.rows(Message) if each.kind == "image"]


@pytest.mark.parametrize("at_slack", [True, False])
async def test_slacks_token_goes_to_slack_alone(sqlite_desk: Desk, at_slack: bool) -> None:
    seen: list[str | None] = []
    elsewhere = FastAPI()

    @elsewhere.get("/files/{name}")
    async def file(request: Request) -> Response:
        seen.append(request.headers.get("authorization"))
        return Response(drawn())

    async with (
        served(plain_server(elsewhere)) as url,
        channel(sqlite_desk, SlackPlatform, picture_hosts=("127.0.0.1",)) as one,
    ):
        assert isinstance(one.platform, SlackPlatform)
        # The simulator wants its token for its own files.
        await one.deliver(one.platform.shows() if at_slack else one.platform.shows(f"{url}/files/a.png"))
        await until(lambda: _has_picture(one))
        assert seen == ([] if at_slack else [None])


async def _has_picture(one: Channel) -> bool:
    """A picture came in."""
    return bool(await _pictures(one))
