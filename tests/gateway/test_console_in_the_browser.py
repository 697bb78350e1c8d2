"""The console's screens as people meet them: by keyboard, on a phone, in both languages; axe finds nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.gateway.desk import Desk, Gateway
from tests.gateway.test_handover import wants_person
from tests.gateway.test_review import looked_through
from tests.gateway.test_takeover_in_the_browser import AXE, sign_in
from tests.support.browser import launch_browser_async

pytestmark = pytest.mark.anyio

SCREENS = (
    "/console",
    "/console/search?q=person",
    "/console/replies",
    "/console/account",
    "/console/agents",
    "/console/audit",
    "/console/review",
    "/console/review?state=to_mend",
    "/console/review/proposal",
    "/console/insight",
    "/console/insight/rows?figure=contained",
)
PHONE = {"width": 360, "height": 740}


@pytest.fixture
async def browser(anyio_backend: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await launch_browser_async(playwright)
        yield launched
        await launched.close()


async def flaws(page: Page) -> list[str]:
    """What axe finds, and whether the page is wider than the screen."""
    await page.add_script_tag(path=AXE)
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    wide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [f"{one['id']}: {one['nodes'][0]['target']}" for one in found["violations"]] + ["too wide"] * bool(wide)


@pytest.mark.parametrize(("locale", "role", "scheme"), [("en-GB", "admin", "light"), ("zh-CN", "admin", "dark")])
async def test_every_screen_is_accessible_on_a_phone(
    sqlite_desk: Desk, browser: Browser, locale: str, role: str, scheme: str
) -> None:
    async with sqlite_desk.gateway() as gateway, await gateway.shopper(language="en") as shopper:
        wants_person(sqlite_desk)
        await shopper.ask("I need a person")
        page = await signed_in(browser, gateway, role, locale, scheme)
        conversation = f"/console/conversations/{shopper.conversation_id}"
        await looked_through(gateway)
        await gateway.services.insight_keeper.check()
        await page.goto("/console/review")
        await page.locator("tbody a").first.click()
        await page.locator("#cause").select_option("understanding")
        await page.locator("#intent").select_option("return_items")
        await page.locator("#example").fill("send it back")
        reviewed = page.url.removeprefix(gateway.url)
        await page.locator("#example").press("Tab")
        await page.locator("form.stack button").click()
        await page.goto(conversation)
        await page.locator("#label-name").fill("vip")
        await page.locator("#label-name").press("Enter")
        await expect(page.locator(".labelled")).to_contain_text("vip")
        for screen in (*SCREENS, conversation, reviewed):
            await page.goto(screen)
            assert (screen, await flaws(page)) == (screen, [])
        await page.context.close()


async def signed_in(browser: Browser, gateway: Gateway, role: str, locale: str, scheme: str) -> Page:
    page = await sign_in(browser, gateway, "mia", locale, viewport=PHONE, color_scheme=scheme)
    async with gateway.services.database.write() as session:
        (agent,) = await gateway.services.accounts.all(session)
        agent.role = role
    return page


async def test_by_keyboard_from_the_queue_to_a_suggested_reply(sqlite_desk: Desk, browser: Browser) -> None:
    async with sqlite_desk.gateway() as gateway, await gateway.shopper(language="en") as shopper:
        wants_person(sqlite_desk)
        await shopper.ask("where is my order?")
        page = await sign_in(browser, gateway, "mia", "en-GB")
        await page.goto("/console/replies")
        new = page.get_by_role("region", name="A new reply")
        await new.get_by_label("Title").fill("On its way")
        await new.get_by_label("Words").fill("I am {agent}; your order is on its way.")
        await new.get_by_label("Words").press("Tab")
        await new.get_by_role("button", name="Save").click()
        await expect(page.get_by_role("main")).to_contain_text("On its way")
        await page.keyboard.press("g")
        await page.keyboard.press("i")
        # Loaded wholly: keys are heard from then on.
        await page.wait_for_url(f"{gateway.url}/console")
        await page.keyboard.press("?")
        await expect(page.get_by_role("dialog")).to_contain_text("take the next")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_be_hidden()
        await page.keyboard.press("t")
        await expect(page.get_by_label("Your reply")).to_be_visible()
        await page.get_by_text("Suggested replies").click()
        await page.get_by_role("button", name="On its way").click()
        await expect(page.get_by_label("Your reply")).to_have_value("I am Mia; your order is on its way.")
        await page.get_by_label("Your reply").press("Enter")
        while "on its way" not in (await shopper.next_reply())["content"]["text"]:
            pass
        await page.context.close()
