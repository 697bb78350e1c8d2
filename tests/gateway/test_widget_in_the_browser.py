"""What a shopper meets in the widget while things go wrong: a lost connection, a gateway that is restarted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect
from sqlalchemy import select

from gateway.surveys.models import Rating
from tests.gateway.desk import LONG, Desk
from tests.gateway.doubles import answer, text_reply
from tests.gateway.test_surveys import intent_is_the_text
from tests.support.browser import launch_browser_async

pytestmark = pytest.mark.anyio

MILLISECONDS = LONG * 1000
PHONE = {"width": 360, "height": 640}


@pytest.fixture
async def browser(anyio_backend: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await launch_browser_async(playwright)
        yield launched
        await launched.close()


@asynccontextmanager
async def shop_page(browser: Browser, url: str, *, language: str = "en", phone: bool = False) -> AsyncIterator[Page]:
    """The shop's page with the chat open."""
    size = {"viewport": PHONE, "has_touch": True} if phone else {}
    context = await browser.new_context(base_url=url, locale="en-GB", **size)  # type: ignore[arg-type]
    context.set_default_timeout(MILLISECONDS)
    page = await context.new_page()
    await page.goto(f"/?lang={language}")
    await page.locator("shopdesk-chat").get_by_role("button").first.click()
    await expect(page.locator("shopdesk-chat").get_by_role("log")).to_be_visible(timeout=MILLISECONDS)
    yield page
    await context.close()


async def say(page: Page, words: str) -> Locator:
    """Send a message; the log."""
    widget = page.locator("shopdesk-chat")
    await widget.get_by_role("textbox").fill(words)
    await widget.get_by_role("textbox").press("Enter")
    return widget.get_by_role("log")


async def test_a_gateway_restarted_in_the_middle_loses_and_repeats_nothing(sqlite_desk: Desk, browser: Browser) -> None:
    async with sqlite_desk.gateway() as gateway:
        port = urlsplit(gateway.url).port
        assert port is not None
        opened = shop_page(browser, gateway.url)
        page = await opened.__aenter__()
        log = await say(page, "first")
        await expect(log).to_contain_text("You said: first", timeout=MILLISECONDS)
    # Written while nobody is there.
    await say(page, "second")
    async with sqlite_desk.gateway(gateway_port=port):
        await expect(log).to_contain_text("You said: second", timeout=MILLISECONDS)
        await say(page, "third")
        await expect(log).to_contain_text("You said: third", timeout=MILLISECONDS)
        before = await log.inner_text()
        await page.reload()
        await expect(log).to_contain_text("You said: third", timeout=MILLISECONDS)
        for words in ("first", "second", "third"):
            assert before.count(f"You said: {words}") == 1
            assert (await log.inner_text()).count(f"You said: {words}") == 1
        await opened.__aexit__(None, None, None)
    assert [getattr(each.input, "text", None) for each in sqlite_desk.bot.requests] == ["first", "second", "third"]


async def test_what_is_written_offline_goes_out_once_the_connection_is_back(
    sqlite_desk: Desk, browser: Browser
) -> None:
    async with sqlite_desk.gateway() as gateway, shop_page(browser, gateway.url, language="zh", phone=True) as page:
        log = await say(page, "在吗")
        await expect(log).to_contain_text("You said: 在吗", timeout=MILLISECONDS)
        await page.context.set_offline(True)
        await say(page, "我的快递呢")
        await page.context.set_offline(False)
        await expect(log).to_contain_text("You said: 我的快递呢", timeout=MILLISECONDS)
        assert (await log.inner_text()).count("You said: 我的快递呢") == 1


async def test_the_survey_at_the_end_on_a_phone(sqlite_desk: Desk, browser: Browser) -> None:
    sqlite_desk.bot.brain = intent_is_the_text
    async with sqlite_desk.gateway() as gateway, shop_page(browser, gateway.url, phone=True) as page:
        log = await say(page, "track_order")
        await expect(log).to_contain_text("about track_order", timeout=MILLISECONDS)
        await say(page, "goodbye")
        await log.get_by_role("button", name="5").first.click()
        await expect(log).to_contain_text("Thank you", timeout=MILLISECONDS)
        # The page does not scroll sideways on a phone.
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        async with gateway.services.database.read() as session:
            assert [each.score for each in (await session.execute(select(Rating))).scalars()] == [5]


async def test_asking_about_a_product_does_not_follow_the_link_that_fills_its_card(
    sqlite_desk: Desk, browser: Browser
) -> None:
    async with sqlite_desk.gateway() as gateway:
        product = {
            "sku": "KETTLE-1", "title": "Kettle", "price": {"amount": 4900, "currency": "GBP", "text": "£49.00"},
            "image_url": None, "url": f"{gateway.url}/kettle", "availability_text": "In stock",
        }  # fmt: skip
        cards = {"kind": "product_cards", "text": "Two of them.", "products": [product]}
        sqlite_desk.bot.brain = lambda request: answer(
            cards if getattr(request.input, "text", None) == "kettles" else text_reply("It boils."),
            language=request.language or "en",
        )
        async with shop_page(browser, gateway.url) as page:
            log = await say(page, "kettles")
            await log.get_by_role("button", name="Ask about Kettle").click()
            await expect(log).to_contain_text("It boils.", timeout=MILLISECONDS)
            assert page.url.endswith("/?lang=en")
