"""An agent's open pages show what happens without being loaded again, also after the connection was lost."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.gateway.desk import Desk
from tests.gateway.test_handover import wants_person
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


async def marked(page: Page) -> None:
    """Leaves a mark that a new load of the page would take away."""
    await page.evaluate("window.since = 'the first load'")


async def still_the_same(page: Page) -> None:
    assert await page.evaluate("window.since") == "the first load"


async def test_open_pages_show_news_without_loading_again_and_recover(sqlite_desk: Desk, browser: Browser) -> None:
    (port,) = free_ports(1)
    async with sqlite_desk.gateway(gateway_port=port) as gateway:
        shopper = await gateway.shopper(language="en")
        await shopper.ask("where is my parcel?")
        inbox = await sign_in(browser, gateway, "mia", "en-GB", strict=True)
        page = await inbox.context.new_page()
        refused: list[str] = []
        for one in (inbox, page):
            one.on("console", lambda said: refused.append(said.text) if "Content Security" in said.text else None)
        await page.goto(f"/console/conversations/{shopper.conversation_id}")
        messages = page.get_by_role("list", name="Messages")
        await expect(messages).to_contain_text("where is my parcel?")
        for one in (inbox, page):
            await marked(one)

        # What an agent has begun to write and has opened stays, and so does the place of the keyboard.
        note = page.get_by_label("A note for colleagues")
        await note.fill("call back")
        wants_person(sqlite_desk)
        await shopper.ask("I need a person")
        await expect(messages).to_contain_text("I need a person", timeout=MILLISECONDS)
        await expect(note).to_have_value("call back")
        await expect(note).to_be_focused()
        await expect(page.get_by_role("region", name="Desk")).to_contain_text("waiting for a person")
        await page.get_by_role("button", name="Save the note").click()
        await expect(page.get_by_role("region", name="Notes").get_by_role("listitem")).to_contain_text("call back")
        await expect(note).to_have_value("")
        await inbox.bring_to_front()
        await expect(inbox.get_by_role("heading", name="Waiting for a person")).to_be_visible(timeout=MILLISECONDS)
        await inbox.locator("tbody th a").first.focus()
        held = await inbox.evaluate("document.activeElement.getAttribute('href')")
        async with await gateway.shopper(language="en") as second:
            await second.ask("I need a person too")
            await expect(inbox.get_by_role("listitem").filter(has_text="I need a person too")).to_be_visible(
                timeout=MILLISECONDS
            )
        assert await inbox.evaluate("document.activeElement.getAttribute('href')") == held
        await shopper.close()

    async with sqlite_desk.gateway(gateway_port=port) as gateway:
        again = shopper.elsewhere(gateway.url)
        await again.say("are you there again?")
        await page.bring_to_front()
        await expect(messages).to_contain_text("are you there again?", timeout=MILLISECONDS)
        await inbox.bring_to_front()
        await expect(inbox.get_by_role("listitem").filter(has_text="are you there again?")).to_be_visible(
            timeout=MILLISECONDS
        )
        for one in (inbox, page):
            await still_the_same(one)
        assert refused == []

        # Who is signed out elsewhere does not go on looking.
        async with gateway.services.database.write() as session:
            await gateway.services.accounts.set_active(session, "mia", active=False)
        for one in (inbox, page):
            await one.bring_to_front()
            await expect(one).to_have_url(re.compile("/console/login"), timeout=MILLISECONDS)
        await again.close()
        await inbox.context.close()


async def test_filters_change_the_list_alone(sqlite_desk: Desk, browser: Browser) -> None:
    async with sqlite_desk.gateway() as gateway:
        async with await gateway.shopper(language="en") as shopper:
            await shopper.ask("where is it")
        wants_person(sqlite_desk)
        async with await gateway.shopper(language="en") as shopper:
            await shopper.ask("I need a person")
        page = await sign_in(browser, gateway, "mia", "en-GB", strict=True)
        table = page.get_by_role("table")
        await expect(table).to_contain_text("where is it")
        await marked(page)
        state = page.get_by_role("combobox", name="State")
        await state.focus()
        await state.select_option("queued")
        await expect(table).not_to_contain_text("where is it")
        await expect(table.get_by_role("row")).to_have_count(2)
        await expect(page).to_have_url(re.compile("state=queued"))
        await expect(state).to_be_focused()
        await expect(page.get_by_text("Conversations shown: 1.")).to_have_count(1)
        # The console's other language keeps what was chosen, and so does news.
        await expect(page.locator("#languages a[lang=zh-Hans]")).to_have_attribute("href", re.compile("state%3Dqueued"))
        async with await gateway.shopper(language="en") as shopper:
            await shopper.ask("I need a person too")
        await expect(table.get_by_role("row")).to_have_count(3, timeout=MILLISECONDS)
        await still_the_same(page)
        await page.go_back()
        await expect(table).to_contain_text("where is it")
        await page.context.close()
