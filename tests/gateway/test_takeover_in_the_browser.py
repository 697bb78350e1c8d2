"""An agent takes a conversation over in the console, as a person sees and does it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from tests.gateway.desk import LONG, Desk, Gateway
from tests.gateway.test_handover import PASSWORD, wants_person
from tests.gateway.test_images import picture
from tests.support.browser import launch_browser_async
from tests.support.stack import ROOT

pytestmark = pytest.mark.anyio

AXE = ROOT / "gateway" / "widget" / "node_modules" / "axe-core" / "axe.min.js"
MILLISECONDS = LONG * 1000


@pytest.fixture
async def browser(anyio_backend: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await launch_browser_async(playwright)
        yield launched
        await launched.close()


async def sign_in(
    browser: Browser, gateway: Gateway, name: str, locale: str, *, strict: bool = False, **options: object
) -> Page:
    """The console's first page, as an agent just made; `strict` keeps the page policy, which axe cannot work under."""
    async with gateway.services.database.write() as session:
        await gateway.services.accounts.add(
            session, username=name, display_name=name.title(), role="agent", password=PASSWORD
        )
    context = await browser.new_context(base_url=gateway.url, locale=locale, bypass_csp=not strict, **options)  # type: ignore[arg-type]
    context.set_default_timeout(MILLISECONDS)
    page = await context.new_page()
    await page.goto("/console/login")
    await page.locator("input[name=username]").fill(name)
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.locator("main button[type=submit]").click()
    await expect(page).to_have_url(re.compile(r"/console$"))
    return page


async def test_taking_over_answering_and_handing_back(sqlite_desk: Desk, browser: Browser) -> None:
    async with sqlite_desk.gateway() as gateway, await gateway.shopper(language="en") as shopper:
        wants_person(sqlite_desk)
        await shopper.ask("I need a person")
        page = await sign_in(browser, gateway, "mia", "en-GB")
        await page.get_by_role("table").get_by_role("link").first.click()
        desk = page.get_by_role("region", name="Desk")
        await expect(desk).to_contain_text("waiting for a person")
        await desk.get_by_role("button", name="Take over").click()
        await expect(desk).to_contain_text("You hold this conversation")
        assert "Mia" in (await shopper.next_reply())["content"]["text"]

        await desk.get_by_label("Your reply").fill("Hello, a draft")
        await page.reload()
        await expect(desk.get_by_label("Your reply")).to_have_value("Hello, a draft")
        await desk.get_by_label("Your reply").fill("Hello, I am Mia.")
        await desk.get_by_label("Your reply").press("Enter")
        reply = await shopper.next_reply()
        assert (reply["author"], reply["content"]["text"]) == ("agent", "Hello, I am Mia.")
        await expect(page.get_by_role("list", name="Messages")).to_contain_text("Hello, I am Mia.")
        await expect(desk.get_by_label("Your reply")).to_have_value("")

        await shopper.say("my parcel is late")
        await expect(page.get_by_role("list", name="Messages")).to_contain_text("my parcel is late")
        await desk.get_by_text("Finish").click()
        await desk.get_by_label("What was done").fill("It arrives tomorrow.")
        await desk.get_by_role("button", name="Solved, hand back").click()
        await expect(desk).to_contain_text("The assistant is answering")
        assert "Mia has left" in (await shopper.next_reply())["content"]["text"]
        await page.context.close()


async def test_a_colleague_sees_who_holds_it_and_the_page_is_accessible(sqlite_desk: Desk, browser: Browser) -> None:
    async with sqlite_desk.gateway() as gateway, await gateway.shopper(language="zh") as shopper:
        mia = await sign_in(browser, gateway, "mia", "en-GB")
        await mia.goto(f"/console/conversations/{shopper.conversation_id}")
        await mia.get_by_role("button", name="Take over").click()
        await expect(mia.get_by_label("Your reply")).to_be_visible()
        wei = await sign_in(browser, gateway, "wei", "zh-CN", color_scheme="dark")
        await wei.goto(f"/console/conversations/{shopper.conversation_id}")
        await expect(wei.get_by_role("region", name="接待")).to_contain_text("Mia 正在接待")
        await expect(wei.get_by_role("button", name="接入会话")).to_have_count(0)
        for page in (mia, wei):
            await page.add_script_tag(path=AXE)
            found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found["violations"]] == []
            await page.context.close()


async def loaded(image: Locator) -> None:
    """The picture is there, and not only its frame."""
    await expect(image).to_be_visible()
    await expect(image).to_have_js_property("complete", True)
    assert await image.evaluate("one => one.naturalWidth") == 40


async def test_pictures_go_both_ways(sqlite_desk: Desk, browser: Browser) -> None:
    async with sqlite_desk.gateway() as gateway:
        wants_person(sqlite_desk)
        context = await browser.new_context(base_url=gateway.url, locale="en-GB")
        context.set_default_timeout(MILLISECONDS)
        shop = await context.new_page()
        await shop.goto("/?lang=en")
        widget = shop.locator("shopdesk-chat")
        await widget.get_by_role("button").first.click()
        await widget.get_by_role("textbox").fill("I need a person")
        await widget.get_by_role("textbox").press("Enter")
        log = widget.get_by_role("log")
        await expect(log).to_contain_text("I've asked a colleague.")

        page = await sign_in(browser, gateway, "mia", "en-GB")
        await page.get_by_role("table").get_by_role("link").first.click()
        desk = page.get_by_role("region", name="Desk")
        await desk.get_by_role("button", name="Take over").click()
        label = {"name": "label.png", "mimeType": "image/png", "buffer": picture(kind="PNG")}
        await desk.get_by_label("Add a picture").set_input_files({**label, "buffer": b"<svg>"})
        await desk.get_by_role("button", name="Send").click()
        await expect(desk.get_by_role("alert")).to_contain_text("cannot be sent")
        await desk.get_by_label("Add a picture").set_input_files(label)
        await expect(desk).to_contain_text("label.png goes out when you send.")
        await desk.get_by_label("Your reply").fill("Does it look like this?")
        await desk.get_by_role("button", name="Send").click()
        await loaded(log.get_by_role("img", name="Photo from Mia"))
        await expect(log).to_contain_text("Does it look like this?")
        await loaded(page.get_by_role("list", name="Messages").get_by_role("img", name="Photo from Mia"))

        await widget.locator("input[type=file]").set_input_files(label)
        await loaded(page.get_by_role("list", name="Messages").get_by_role("img", name="Photo", exact=True))
        await page.add_script_tag(path=AXE)
        found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found["violations"]] == []
        await page.context.close()
        await context.close()


async def test_who_is_there_is_given_who_waits(sqlite_desk: Desk, browser: Browser) -> None:
    async with sqlite_desk.gateway() as gateway, await gateway.shopper(language="en") as shopper:
        wants_person(sqlite_desk)
        page = await sign_in(browser, gateway, "mia", "en-GB")
        there = page.get_by_role("button", name="Be given conversations")
        await there.click()
        await expect(page.get_by_role("button", name="You are given conversations")).to_be_visible()
        await shopper.ask("I need a person")
        await expect(page).to_have_url(re.compile(shopper.conversation_id), timeout=MILLISECONDS)
        await expect(page.get_by_role("region", name="Desk")).to_contain_text("You hold this conversation")
        async with await gateway.shopper(language="en") as second:
            await second.ask("I need a person too")
            await page.get_by_role("link", name="A conversation was given to you.").click(timeout=MILLISECONDS)
            await expect(page).to_have_url(re.compile(second.conversation_id))
        await page.get_by_role("button", name="You are given conversations").click()
        await expect(page.get_by_role("button", name="Be given conversations")).to_be_visible()
        await page.context.close()
