"""Who writes on a platform: known again by the CRM, forgotten when they ask; what agents see of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select
from starlette.responses import JSONResponse

from crm_backend.app import create_app
from crm_backend.database.engine import Database
from crm_backend.identity.tokens import sign_identity_token
from crm_backend.notices.service import make_due
from crm_backend.orders.models import Order
from crm_backend.payments.models import Refund
from crm_backend.settings import CrmSettings
from crm_backend.shipments.models import Shipment
from gateway.channels.models import Chat
from gateway.conversations.models import OutboxEntry
from shopdesk_schemas.clock import Clock
from tests.channels.mail_servers import MailPlatform
from tests.channels.platforms import MessengerPlatform, Platform, TelegramPlatform, WhatsAppPlatform
from tests.channels.test_channels import Channel, channel, until
from tests.crm import records
from tests.crm.conftest import policies_with
from tests.gateway.desk import Desk
from tests.gateway.doubles import TOKEN, plain_server, served
from tests.gateway.test_handover import colleague

pytestmark = pytest.mark.anyio

SECRET = SecretStr("identity-secret-of-the-tests-32-bytes-long")


class Records:
    """The CRM with one customer, as the gateway and the shop's own pages call it."""

    def __init__(self, url: str, http: httpx.AsyncClient) -> None:
        self.url = url
        self.http = http

    async def sign_in(self, conversation_id: str, customer: str = "mina-1") -> None:
        """The shopper signs in with the shop."""
        token = sign_identity_token(
            SECRET, customer_external_id=customer, source="web", now=datetime.now(UTC), lifetime=timedelta(minutes=5)
        )
        answer = await self.http.post(f"/shopper/{conversation_id}/identity", json={"identity_token": token})
        assert answer.status_code == 200, answer.text

    async def level(self, conversation_id: str) -> str:
        """What is open to a conversation."""
        return str((await self.http.get(f"/shopper/{conversation_id}/verification")).json()["level"])


@pytest.fixture
async def crm(sqlite_database: Database, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Records]:
    with sqlite_database.write() as session:
        mina = records.customer(session, external_id="mina-1", name="Mina Harker", source="web")
        order = records.order(session, "A1", mina)
        records.shipment(session, order, state="in_transit", delivered_at=None)
    settings = CrmSettings(
        home=tmp_path,
        crm_database_url=sqlite_database.engine.url.render_as_string(hide_password=False),
        service_token=SecretStr(TOKEN),
        identity_secret=SECRET,
        lookup_key=SecretStr("lookup-key-of-the-tests"),
    )
    app = create_app(settings, clock=Clock(None, wall=lambda: datetime.now(UTC)), policies=policies_with())
    async with (
        served(plain_server(app)) as url,
        httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {TOKEN}"}) as http,
    ):
        yield Records(url, http)
    app.state.resources.database.dispose()


async def chat_of(one: Channel) -> str:
    """The conversation of the one chat on a channel."""
    return next(str(each.conversation_id) for each in await one.rows(Chat) if each.channel == one.platform.name)


async def test_known_again_and_forgotten_on_request(sqlite_desk: Desk, crm: Records) -> None:
    async with channel(sqlite_desk, TelegramPlatform, crm_url=crm.url) as one:
        await one.deliver(one.platform.says("hello"))
        await one.said("You said: hello")
        conversation = await chat_of(one)
        await crm.sign_in(conversation)
        # The verification has ended; the next message opens the record again.
        with_account = {"chat_account": {"channel": "telegram", "account": one.platform.person}}
        await crm.http.put("/shopper/next", json=with_account)
        assert await crm.level("next") == "customer"
        await one.deliver(one.platform.says("Forget me here!"))
        await one.said("no longer knows who you are")
        assert (await crm.level(conversation), await crm.level("next")) == ("none", "none")
        await one.deliver(one.platform.says("where is my order?"))
        await one.said("You said: where is my order?")
        assert await crm.level(conversation) == "none"
        assert "Forget me here!" not in sqlite_desk.bot.said()


async def test_asking_to_be_forgotten_waits_for_the_crm(sqlite_desk: Desk) -> None:
    async with channel(sqlite_desk, TelegramPlatform) as one:
        await one.deliver(one.platform.says("你好"))
        await one.said("You said: 你好")
        await one.deliver(one.platform.says("在这里忘记我"))
        await one.deliver(one.platform.says("还在吗"))

        async def put_off() -> bool:
            from gateway.channels.models import ChannelEvent

            return any(each.state == "waiting" and each.error for each in await one.rows(ChannelEvent))

        # This CRM knows no such call: nobody is told that they are forgotten, and nothing overtakes it.
        await until(put_off)
        assert sqlite_desk.bot.said() == ["你好"]


async def test_a_mail_address_is_no_account(sqlite_desk: Desk, crm: Records) -> None:
    async with channel(sqlite_desk, MailPlatform, crm_url=crm.url) as one:
        await one.deliver(one.platform.says("hello"))
        await one.said("You said: hello")
        await crm.sign_in(await chat_of(one))
        assert isinstance(one.platform, MailPlatform)
        one.platform.mails.clear()
        await one.deliver(one.platform.says("hello again"))
        await one.said("You said: hello again")
        levels = [await crm.level(each.conversation_id) for each in await one.rows(Chat)]
        assert sorted(levels) == ["customer", "none"]


async def test_agents_see_both_conversations_of_one_person_and_unlink(sqlite_desk: Desk, crm: Records) -> None:
    whatsapp = WhatsAppPlatform()
    async with served(plain_server(whatsapp.app)) as url:
        more = whatsapp.settings(url)
        async with channel(sqlite_desk, TelegramPlatform, crm_url=crm.url, **more) as one:
            other = Channel(one.gateway, whatsapp, one._http)
            for each in (one, other):
                await each.deliver(each.platform.says("hello"))
                await each.said("You said: hello")
                await crm.sign_in(await chat_of(each))
            async with colleague(one.gateway, "mia") as mia, colleague(one.gateway, "eve", "read_only") as eve:
                path = f"/console/conversations/{await chat_of(one)}"
                page = (await mia.http.get(path)).text
                assert f"/console/conversations/{await chat_of(other)}" in page
                assert "Mina Harker" in page
                assert "WhatsApp" in page.partition('id="panel-past"')[2]
                assert "forget-account" not in (await eve.http.get(path)).text
                assert (await eve.http.post(f"{path}/forget-account", data={"csrf": eve.form})).status_code == 403
                assert await crm.level(await chat_of(one)) == "customer"
                assert (await mia.http.post(f"{path}/forget-account", data={"csrf": mia.form})).status_code == 303
                assert await crm.level(await chat_of(one)) == "none"
                assert await crm.level(await chat_of(other)) == "customer", "that is another account"


async def test_agents_see_what_did_not_go_out_and_why(sqlite_desk: Desk) -> None:
    async with channel(sqlite_desk, WhatsAppPlatform) as one:
        refusal = {"error": {"code": 131026, "message": "Message <b>undeliverable</b>"}}
        one.platform.troubles = [JSONResponse(refusal, status_code=400)]
        await one.deliver(one.platform.says("hello"))
        await one.said("You said: hello")

        async def failed() -> bool:
            return any(each.state == "failed" for each in await one.rows(OutboxEntry))

        await until(failed)
        async with colleague(one.gateway, "mia") as mia:
            said = (await mia.lines(await chat_of(one)))["lines"]
            (unsent,) = [line["unsent"] for line in said if line["unsent"]]
            assert unsent["kind"] == "failed"
            assert unsent["why"].startswith("400 131026 Message <b>undeliverable")


async def test_news_comes_once_to_who_agreed_and_not_after_they_took_it_back(
    sqlite_desk: Desk, crm: Records, sqlite_database: Database
) -> None:
    async with channel(sqlite_desk, TelegramPlatform, crm_url=crm.url) as one:
        await one.deliver(one.platform.says("hello"))
        await one.said("You said: hello")
        await one.deliver(one.platform.says("Notify me here"))
        await one.said("first have to know who you are")
        conversation = await chat_of(one)
        await crm.sign_in(conversation)
        deliver(sqlite_database)
        assert await bring(one, sqlite_database) == 0, "nobody agreed"
        await one.deliver(one.platform.says("notify me here!"))
        await one.said("Gladly")
        deliver(sqlite_database)
        assert await bring(one, sqlite_database) == 1
        assert await bring(one, sqlite_database) == 0
        seen = await one.said("News of your order A1: the parcel has been delivered")
        assert seen.count("News of your order") == 1
        await one.deliver(one.platform.says("Stop notices"))
        await one.said("no more news here")
        refund(sqlite_database)
        assert await bring(one, sqlite_database) == 0


@pytest.mark.parametrize("refund_has_one", [True, False], ids=["each has a template", "the refund has none"])
@pytest.mark.parametrize("kind", [WhatsAppPlatform, MessengerPlatform], ids=lambda kind: kind.name)
async def test_news_after_the_platforms_time_goes_by_template_or_is_shown_to_agents(
    sqlite_desk: Desk, crm: Records, sqlite_database: Database, kind: type[Platform], refund_has_one: bool
) -> None:
    names = {"parcel_delayed": "parcel_late", "parcel_delivered": "parcel_here"}
    names |= {"refund_paid": "money_back"} if refund_has_one else {}
    templates = {f"{kind.name}_templates": names}
    async with channel(sqlite_desk, kind, crm_url=crm.url, **templates) as one:
        await one.deliver(one.platform.says("hello"))
        await one.said("You said: hello")
        conversation = await chat_of(one)
        await crm.http.put(
            f"/shopper/{conversation}", json={"chat_account": {"channel": kind.name, "account": one.platform.person}}
        )
        await crm.sign_in(conversation)
        await one.deliver(one.platform.says("notify me here"))
        await one.said("Gladly")
        async with one.services.database.write() as session:
            chat = (await session.execute(select(Chat))).scalars().one()
            chat.last_inbound_at -= timedelta(days=2)
        delay(sqlite_database)
        assert await bring(one, sqlite_database) == 1
        await one.said("[parcel_late en] A1, ")
        deliver(sqlite_database)
        refund(sqlite_database)
        assert await bring(one, sqlite_database) == 2
        await one.said("[parcel_here en] A1")
        if refund_has_one:
            await one.said("[money_back en] A1, £5.00")
            return

        async def failed() -> bool:
            return any(each.error == "window_closed" for each in await one.rows(OutboxEntry))

        await until(failed)
        async with colleague(one.gateway, "mia") as mia:
            said = (await mia.lines(conversation))["lines"]
            (line,) = [line for line in said if line["unsent"]]
            assert line["unsent"]["why"].startswith("the platform's time for free words is over")
            assert "your refund of £5.00" in line["content"]["text"]


def delay(database: Database) -> None:
    """The parcel is still on its way after the day it was promised for."""
    with database.write() as session:
        parcel = session.scalars(select(Shipment)).one()
        parcel.promised_on = (datetime.now(UTC) - timedelta(days=1)).date()


def deliver(database: Database) -> None:
    """The carrier delivers the parcel."""
    with database.write() as session:
        parcel = session.scalars(select(Shipment)).one()
        parcel.state, parcel.delivered_at = "delivered", datetime.now(UTC)


def refund(database: Database) -> None:
    """The bank has paid a refund."""
    with database.write() as session:
        order = session.scalars(select(Order)).one()
        session.add(
            Refund(
                order_id=order.id, external_id="R1", amount_minor=500, currency="GBP", state="paid",
                paid_at=datetime.now(UTC),
            )
        )  # fmt: skip


async def bring(one: Channel, database: Database) -> int:
    """The CRM looks for news, and the gateway fetches it; how much is new."""
    clock = Clock(None, wall=lambda: datetime.now(UTC))
    with database.write() as session:
        made = make_due(session, policies_with(), clock)
    await one.services.notices.bring()
    return made
