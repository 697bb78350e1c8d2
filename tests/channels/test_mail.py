"""E-mail: threads, what is never answered, mailboxes, reports, pictures, and that a sender's name proves nothing."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from gateway.channels.following_up import GONE
from gateway.channels.mail.reading import read
from gateway.channels.mail.words import own_words, words_of_html
from gateway.channels.models import Chat
from gateway.conversations.models import Conversation, Message, OutboxEntry
from shopdesk_schemas.content import TextContent
from shopdesk_schemas.turn import TextInput
from tests.channels.mail_servers import SHOP, MailPlatform
from tests.channels.test_channels import Channel, channel, ok, until
from tests.gateway.desk import Desk

pytestmark = pytest.mark.anyio


def mail_of(one: Channel) -> MailPlatform:
    """The simulator."""
    assert isinstance(one.platform, MailPlatform)
    return one.platform


async def test_a_thread_is_one_conversation_and_another_thread_another(sqlite_desk: Desk) -> None:
    async with channel(sqlite_desk, MailPlatform) as one:
        mail = mail_of(one)
        first = mail.write("It has not come yet.", subject="Where is order A-17?")
        assert ok(await one.deliver([mail.call(first.as_bytes())]))
        await one.said("You said: Where is order A-17?\nIt has not come yet.")
        (answer,) = mail.mails
        assert answer["Subject"] == "Re: Where is order A-17?"
        assert answer["In-Reply-To"] == first["Message-ID"]
        assert answer["Auto-Submitted"] == "auto-replied"
        assert ok(await one.deliver(mail.says("And the other one?")))
        await one.said("You said: And the other one?")
        assert mail.mails[1]["References"].split()[:2] == [first["Message-ID"], answer["Message-ID"]]
        assert len(await one.rows(Conversation)) == 1
        mail.mails.clear()
        assert ok(await one.deliver([mail.call(mail.write("Do you sell mugs?", subject="Mugs").as_bytes())]))
        await one.said("You said: Mugs\nDo you sell mugs?")
        assert len(await one.rows(Conversation)) == 2
        assert sqlite_desk.bot.said()[:2] == ["Where is order A-17?\nIt has not come yet.", "And the other one?"]


async def test_nobody_gets_into_a_thread_whose_answers_they_never_got(sqlite_desk: Desk) -> None:
    async with channel(sqlite_desk, MailPlatform) as one:
        mail = mail_of(one)
        first = mail.write("Where is my order?")
        await one.deliver([mail.call(first.as_bytes())])
        await one.said("You said: Where is my order?")
        guessed = mail.mails[0]["Message-ID"][:-30] + mail.mails[0]["Message-ID"][-29:]
        mail.mails.clear()
        for reference in (first["Message-ID"], guessed):
            forged = mail.write("Cancel it.", References=reference, In_Reply_To=reference)
            assert ok(await one.deliver([mail.call(forged.as_bytes())]))
        await until(lambda: _count(one, Conversation, 3))


async def _count(one: Channel, model: type[Conversation] | type[Chat], count: int) -> bool:
    return len(await one.rows(model)) == count


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; x=y"},
        {"Precedence": "bulk"},
        {"List_Id": "<news.shop.example>"},
        {"List_Unsubscribe": "<mailto:x@y.example>"},
        {"Return_Path": "<>"},
        {"X_Autoreply": "yes"},
        {"X_Auto_Response_Suppress": "All"},
        {"From": "MAILER-DAEMON@mx.example"},
        {"From": "no-reply@other.example"},
        {"From": SHOP},
        {"From": "nobody at all"},
        {"Authentication_Results": "mx.shop.example; spf=pass; dmarc=fail header.from=home.example"},
    ],
    ids=lambda headers: " ".join(f"{name}={value}" for name, value in headers.items()),
)
async def test_machines_lists_and_forgeries_are_not_answered(sqlite_desk: Desk, headers: dict[str, str]) -> None:
    mail = MailPlatform().write("I am out of the office", **headers)
    assert read(mail.as_bytes(), SHOP, "mx.shop.example").unanswerable
    del mail[next(iter(headers)).replace("_", "-")]
    if "From" in headers:
        mail["From"] = "Ada <ada@home.example>"
    assert not read(mail.as_bytes(), SHOP, "mx.shop.example").unanswerable


async def test_others_notes_of_authentication_are_not_believed() -> None:
    mail = MailPlatform().write("hello", Authentication_Results="elsewhere.example; dmarc=fail")
    assert not read(mail.as_bytes(), SHOP, "mx.shop.example").unanswerable


async def test_a_machine_that_answers_every_answer_is_answered_a_few_times_only(sqlite_desk: Desk) -> None:
    async with channel(sqlite_desk, MailPlatform) as one:
        mail = mail_of(one)
        for _ in range(30):
            mail.mails.clear()
            assert ok(await one.deliver(mail.says("Thank you for your mail.")))
        await until(lambda: _settled(one))
        assert len(sqlite_desk.bot.requests) == 0 or len(await one.rows(Conversation)) <= 20
        assert len(await one.rows(Conversation)) <= 20


async def _settled(one: Channel) -> bool:
    from gateway.channels.models import ChannelEvent

    events = await one.rows(ChannelEvent)
    return bool(events) and all(each.state != "waiting" for each in events)


async def test_the_mailbox_is_read_from_where_it_stood_and_left_as_it_is(desk: Desk) -> None:
    platform = MailPlatform()
    async with platform.running():
        platform.mailbox.receive(platform.write("an old mail").as_bytes())
        settings = {**platform.settings(""), **platform.mailbox_settings(), "mail_webhook_secret": None}
        async with desk.gateway(**settings) as gateway, gateway.browser() as http:
            one = Channel(gateway, platform, http)
            await until(lambda: _looked(platform, 1))
            platform.mailbox.receive(platform.write("Where is my order?").as_bytes())
            await one.said("You said: Where is my order?")
            (call,) = platform.says("by the webhook")
            assert (await http.request(url="/channels/email", **call)).status_code == 401, "there is no secret"
            # The server numbers its mails anew: they are read again, and none is answered twice.
            platform.mailbox.validity += 1
            platform.mailbox.refusing = True
            looks = platform.mailbox.looks
            platform.mailbox.refusing = False
            await until(lambda: _looked(platform, looks + 2))
            platform.mailbox.receive(platform.write("Is it there?").as_bytes())
            await one.said("You said: Is it there?")
        said = desk.bot.said()
        assert sorted(set(said)) == sorted(said), "nothing was asked twice"
        async with desk.gateway(**settings) as gateway, gateway.browser() as http:
            one = Channel(gateway, platform, http)
            platform.mailbox.receive(platform.write("After the pause").as_bytes())
            await one.said("You said: After the pause")


async def _looked(platform: MailPlatform, times: int) -> bool:
    return platform.mailbox.looks >= times


async def test_a_mail_that_came_back_is_shown_with_the_reason(sqlite_desk: Desk) -> None:
    async with channel(sqlite_desk, MailPlatform) as one:
        mail = mail_of(one)
        await one.deliver(mail.says("hello"))
        await one.said("You said: hello")
        await until(lambda: _states(one, {"sent"}))
        assert ok(await one.deliver([mail.call(mail.report(mail.mails[0]))]))
        await until(lambda: _states(one, {"failed"}))
        assert {each.error for each in await one.rows(OutboxEntry)} == {"smtp; 552 mailbox full"}
        assert len(await one.rows(Conversation)) == 1, "reports are not answered"


async def _states(one: Channel, states: set[str]) -> bool:
    return {each.state for each in await one.rows(OutboxEntry)} == states


async def test_what_a_person_says_is_not_marked_as_a_machines(sqlite_desk: Desk) -> None:
    async with channel(sqlite_desk, MailPlatform) as one:
        mail = mail_of(one)
        await one.deliver(mail.says("hello"))
        await one.said("You said: hello")
        (chat,) = await one.rows(Chat)
        async with one.services.database.write() as session:
            conversation = await session.get_one(Conversation, chat.conversation_id)
            await one.services.conversations.say(session, conversation, "agent", TextContent(text="Mei here"))
        await one.said("Mei here")
        assert mail.mails[1]["Auto-Submitted"] is None


async def test_an_answer_follows_who_has_gone_and_a_reply_comes_back(desk: Desk) -> None:
    async with channel(desk, MailPlatform) as one, await one.gateway.shopper(language="en") as shopper:
        mail, services = mail_of(one), one.services

        async def answers(words: str) -> None:
            async with services.database.write() as session:
                conversation = await session.get_one(Conversation, shopper.conversation_id)
                conversation.contact_email = mail.person
                await services.conversations.say(session, conversation, "agent", TextContent(text=words))

        async def time_passes() -> None:
            async with services.database.write() as session:
                for message in (await session.execute(select(Message))).scalars():
                    message.at -= GONE * 2

        await shopper.ask("Where is it?")
        await shopper.read()
        await answers("It is at the depot.")
        assert await services.follow_up.check() == 0  # they may still be there
        await time_passes()
        assert await services.follow_up.check() == 1
        await one.said("It is at the depot.")
        assert ok(await one.deliver(mail.says("And when does it come?")))
        # The assistant answers there, and the answer goes where the question came from.
        await until(lambda: _heard(one, "You said: And when does it come?"))
        (conversation,) = await one.rows(Conversation)
        assert conversation.id == shopper.conversation_id
        async with services.database.write() as session:
            (chat,) = (await session.execute(select(Chat))).scalars()
            chat.last_inbound_at -= GONE * 3
        await time_passes()
        assert await services.follow_up.check() == 1
        await one.said("It is at the depot.", "You said: And when does it come?")
        read = {each["content"]["text"] for each in (await shopper.read(after=0))["messages"]}
        assert {"It is at the depot.", "And when does it come?"} <= read


async def _heard(one: Channel, words: str) -> bool:
    return any(each.content.get("text") == words for each in await one.rows(Message))


async def test_nobody_is_known_by_the_address_they_write_from(sqlite_desk: Desk) -> None:
    async with channel(sqlite_desk, MailPlatform) as one:
        await one.deliver(one.platform.says("Where is my order?"))
        await one.said("You said: Where is my order?")
        (context,) = sqlite_desk.crm.contexts.values()
        assert one.platform.person not in context.model_dump_json()
        assert sqlite_desk.crm.signed_in == {}


async def test_pages_of_html_and_pictures(sqlite_desk: Desk) -> None:
    async with channel(sqlite_desk, MailPlatform) as one:
        mail = mail_of(one)
        letter = EmailMessage()
        for name, value in mail.write("x").items():
            if name in ("From", "To", "Message-ID"):
                letter[name] = value
        letter.set_content(
            "<html><head><style>p{}</style></head><body><p>The mug is <b>broken</b>.</p>"
            '<div class="gmail_quote"><div>On Monday we wrote:</div><blockquote>hello</blockquote></div></body></html>',
            subtype="html",
        )
        assert ok(await one.deliver([mail.call(letter.as_bytes())]))
        await one.said("You said: The mug is broken.")
        assert ok(await one.deliver(mail.shows()))
        await until(lambda: _has_picture(one))
        assert isinstance(sqlite_desk.bot.requests[0].input, TextInput)


async def _has_picture(one: Channel) -> bool:
    return any(each.kind == "image" and each.author == "shopper" for each in await one.rows(Message))


@pytest.mark.parametrize(
    ("written", "own"),
    [
        ("Where is it?\n\nOn Mon, Jan 5, 2026 at 3:04 PM Shop <a@b.c> wrote:\n> hi\n> there\n", "Where is it?"),
        ("Where is it?\n\nOn Mon, Jan 5, 2026 at 3:04 PM\nShop <a@b.c>\nwrote:\n\n> hi\n", "Where is it?"),
        ("我的快递到哪了？\n\n在 2026年1月5日，下午3:04，Shop <a@b.c> 写道：\n> 你好\n", "我的快递到哪了？"),
        (
            '想退货\n\n----- 原始邮件 -----\n发件人: "shop" <a@b.c>;\n发送时间: 2026\n\n旧',
            "想退货",
        ),
        ("想退货\n\n发件人：shop <a@b.c>\n发送日期：2026年\n收件人：me\n主题：Re\n\n旧文字", "想退货"),
        ("Cancel it\n\n-----Original Message-----\nFrom: x\n\nold", "Cancel it"),
        ("Cancel it\n\nFrom: Shop <a@b.c>\nSent: Monday\nTo: me\nSubject: x\n\nold", "Cancel it"),
        ("Cancel it\n\n________________________________\nFrom: Shop\nSent: Monday\n\nold", "Cancel it"),
        ("Cancel it\n\n-- \nAda\n+44 20 7946 0000", "Cancel it"),
        ("Cancel it, please.\n\nKind regards,\nAda Lovelace", "Cancel it, please."),
        ("Cancel it\n\nSent from my iPhone", "Cancel it"),
        ("取消订单\n\n发自我的iPhone", "取消订单"),
        ("取消订单\n\n此致\n敬礼\n小明", "取消订单"),
        ("2\n\nOn Mon, 5 Jan 2026 at 10:04, Shop <a@b.c> wrote:\n> 1. Blue", "2"),
        ("2\nOn Mon, 5 Jan 2026 at 10:04, Shop <a@b.c> wrote:\n> 1. Blue", "2"),
        ("> Which one?\nThe blue one.\n> And the size?\nLarge.", "The blue one.\nLarge."),
        ("I want\n- a mug\n- a cup\nFrom: Leeds, to: York", "I want\n- a mug\n- a cup\nFrom: Leeds, to: York"),
        ("My sister wrote: call me.\nCan you?", "My sister wrote: call me.\nCan you?"),
        ("Thanks,\nwhere is my parcel?", "Thanks,\nwhere is my parcel?"),
    ],
)
async def test_the_senders_own_words(written: str, own: str) -> None:
    assert own_words(written) == own
    assert own_words(written.replace("\n", "\r\n")) == own


@given(st.text(max_size=400))
async def test_own_words_add_nothing(text: str) -> None:
    words = own_words(text)
    assert all(line.strip() in text for line in words.split("\n"))
    words_of_html(text)


@given(st.binary(max_size=600))
async def test_hostile_mails_crash_nothing(raw: bytes) -> None:
    read(raw, SHOP, "mx.shop.example")


@given(
    st.sampled_from(["From", "Reply-To", "Date", "Message-ID", "Content-Type", "Subject", "References", "Action"]),
    st.binary(max_size=80),
    st.binary(max_size=80),
)
async def test_hostile_headers_crash_nothing(name: str, value: bytes, body: bytes) -> None:
    head = b"From: a@b.example\r\nContent-Type: multipart/report; boundary=b\r\n"
    read(name.encode() + b": " + value + b"\r\n" + head + b"\r\n--b\r\n" + body + b"\r\n--b--", SHOP)
