"""The transcript and composer of a conversation's page: what an agent writes, opens and reads survives news."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Locator, Page, Route, async_playwright, expect

from gateway.console import conversations, reading
from tests.gateway.desk import Desk
from tests.gateway.doubles import answer, text_reply
from tests.gateway.test_console_in_the_browser import PHONE, flaws
from tests.gateway.test_takeover_in_the_browser import MILLISECONDS, sign_in
from tests.support.browser import launch_browser_async
from tests.support.stack import free_ports

pytestmark = pytest.mark.anyio


@pytest.fixture
async def browser(anyio_backend: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await launch_browser_async(playwright)
        yield launched
        await launched.close()


async def numbers(messages: Locator) -> list[int]:
    """The sequence numbers of the messages that are shown, in order."""
    heads = await messages.locator("article header .hint").all_text_contents()
    return [int(found[1]) for head in heads if (found := re.match(r"#(\d+)", head))]


async def top_of(line: Locator) -> float:
    """Where a line begins on the screen, in CSS pixels."""
    box = await line.bounding_box()
    assert box is not None
    return box["y"]


async def is_at_end(page: Page) -> bool:
    """Whether the newest message is seen."""
    return bool(
        await page.locator(".log-box").evaluate("box => box.scrollHeight - box.scrollTop - box.clientHeight < 2")
    )


async def test_what_an_agent_does_survives_news_and_a_restart(sqlite_desk: Desk, browser: Browser) -> None:
    (port,) = free_ports(1)
    async with sqlite_desk.gateway(gateway_port=port) as gateway:
        shopper = await gateway.shopper(language="en")
        for number in range(12):
            await shopper.ask(f"question {number}")
        page = await sign_in(browser, gateway, "mia", "en-GB", strict=True)
        refused: list[str] = []
        page.on("console", lambda said: refused.append(said.text) if "Content Security" in said.text else None)
        await page.goto(f"/console/conversations/{shopper.conversation_id}")
        messages = page.get_by_role("list", name="Messages")
        desk = page.get_by_role("region", name="Desk")
        await desk.get_by_role("button", name="Take over").click()
        await expect(messages).to_contain_text("Mia")
        # Who reads at the end follows.
        assert await is_at_end(page)
        await shopper.say("the newest words")
        await expect(messages).to_contain_text("the newest words")
        assert await is_at_end(page)

        # Who reads further up, with something opened, selected and begun, is only told.
        line = messages.get_by_role("listitem").filter(has_text="#6").first
        await line.scroll_into_view_if_needed()
        await line.get_by_text("Show").click()
        await expect(line.get_by_text("greet")).to_be_visible()
        await desk.get_by_label("Your reply").fill("A draft, not")
        await line.locator(".words").evaluate("words => getSelection().selectAllChildren(words)")
        selected = await page.evaluate("String(getSelection())")
        place = await top_of(line)
        await shopper.say("said meanwhile")
        await expect(page.get_by_role("button", name="1 new message")).to_be_visible(timeout=MILLISECONDS)

        async def unchanged() -> None:
            assert abs(await top_of(line) - place) < 2
            await expect(line.get_by_text("greet")).to_be_visible()
            await expect(desk.get_by_label("Your reply")).to_have_value("A draft, not")
            assert selected
            assert await page.evaluate("String(getSelection())") == selected

        await unchanged()
        await shopper.close()

    async with sqlite_desk.gateway(gateway_port=port) as gateway:
        again = shopper.elsewhere(gateway.url)
        await again.say("said after the restart")
        await expect(messages).to_contain_text("said after the restart", timeout=MILLISECONDS)
        await expect(page.get_by_role("button", name="2 new messages")).to_be_visible()
        await unchanged()
        await expect(page.get_by_text("The connection is lost.")).to_have_count(0, timeout=MILLISECONDS)
        shown = await numbers(messages)
        assert shown == list(range(1, shown[-1] + 1))

        await page.get_by_role("button", name="2 new messages").click()
        await expect(page.get_by_role("button", name="new message")).to_have_count(0)
        assert await is_at_end(page)
        await page.reload()
        await expect(desk.get_by_label("Your reply")).to_have_value("A draft, not")
        assert await numbers(messages) == shown
        assert refused == []
        await again.close()
        await page.context.close()


async def test_a_long_conversation_comes_page_by_page_and_a_link_finds_its_message(
    sqlite_desk: Desk, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (conversations, reading):
        monkeypatch.setattr(module, "PAGE_LINES", 5)
    async with sqlite_desk.gateway() as gateway, await gateway.shopper(language="en") as shopper:
        for number in range(8):
            await shopper.ask(f"question {number}")
        page = await sign_in(browser, gateway, "mia", "en-GB", viewport=PHONE)
        wanted = asyncio.Event()

        async def once_wanted(route: Route) -> None:
            await wanted.wait()
            await route.continue_()

        await page.route("**/lines?before=*", once_wanted)
        await page.goto(f"/console/conversations/{shopper.conversation_id}")
        messages = page.get_by_role("list", name="Messages")
        assert await numbers(messages) == list(range(13, 18))
        await page.locator(".log-box").evaluate("box => (box.scrollTop = 90)")
        await page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        place = await top_of(messages.locator("#m15"))
        wanted.set()
        await expect(messages.locator("#m1")).to_have_count(1)
        assert await numbers(messages) == list(range(1, 18))
        assert abs(await top_of(messages.locator("#m15")) - place) < 2

        await page.goto("/console")
        await page.goto(f"/console/conversations/{shopper.conversation_id}#m4")
        await expect(messages.locator("#m1")).to_have_count(1)
        assert await numbers(messages) == list(range(1, 18))
        await expect(messages.locator("#m4")).to_be_in_viewport()
        assert await flaws(page) == []
        await page.context.close()


async def test_a_turn_is_completed_in_place_and_by_keyboard(sqlite_desk: Desk, browser: Browser) -> None:
    async with sqlite_desk.gateway() as gateway, await gateway.shopper(language="zh") as shopper:
        sqlite_desk.bot.brain = lambda _request: answer(text_reply("包裹明天到。"))
        sqlite_desk.bot.gate.clear()
        await shopper.say("我的包裹呢")
        page = await sign_in(browser, gateway, "wei", "zh-CN", viewport=PHONE, color_scheme="dark")
        await page.goto(f"/console/conversations/{shopper.conversation_id}")
        messages = page.get_by_role("list", name="消息")
        line = messages.locator("#m2")
        await expect(line).to_contain_text("我的包裹呢")
        await expect(line).to_contain_text("处理中")
        sqlite_desk.bot.gate.set()
        await expect(messages).to_contain_text("包裹明天到。", timeout=MILLISECONDS)
        await expect(line).to_contain_text("97 %")
        await expect(line).not_to_contain_text("处理中")
        await page.get_by_role("group", name="消息").focus()
        await page.keyboard.press("Tab")
        await expect(line.locator("summary")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(line.get_by_text("greet")).to_be_visible()
        await page.get_by_role("button", name="接入会话").click()
        await expect(page.get_by_label("回复内容")).to_be_visible()
        assert await flaws(page) == []
        await page.context.close()


async def test_a_merged_conversation_is_read_inside_the_other(sqlite_desk: Desk, browser: Browser) -> None:
    async with (
        sqlite_desk.gateway() as gateway,
        await gateway.shopper(language="en") as first,
        await gateway.shopper(language="en") as second,
    ):
        await first.ask("the first matter")
        page = await sign_in(browser, gateway, "mia", "en-GB")
        await page.goto(f"/console/conversations/{first.conversation_id}")
        field = page.get_by_label("Same shopper, same matter?")
        await field.fill(second.conversation_id)
        await field.press("Enter")
        await expect(page).to_have_url(re.compile(second.conversation_id))
        await page.get_by_text("Earlier, in another conversation").click()
        inside = page.get_by_role("list", name="Earlier, in another conversation")
        await expect(inside).to_contain_text("the first matter")
        await expect(page.get_by_role("list", name="Messages")).not_to_contain_text("the first matter")
        assert await flaws(page) == []
        await page.context.close()
