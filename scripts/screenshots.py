"""Makes the pictures of the README and the docs: a real browser at a real desk with the demo shop.

    .venv/bin/python scripts/screenshots.py [--out docs/screenshots]

Everything is generated at one fixed business time, so the pictures change only when the product does.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.browser import launch_browser
from tests.support.stack import DEMO_NOW, ROOT, Stack, running_stack

DESKTOP = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}


def main() -> None:
    """Takes all pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        running_stack(Path(home), SHOPDESK_NOW=DEMO_NOW) as stack,
        sync_playwright() as playwright,
    ):
        browser = launch_browser(playwright)
        card = json.loads((stack.home / "demo-card.json").read_text("utf-8"))
        english = next(order for order in card if order["language"] == "en" and order["state"] == "shipped")
        chinese = next(order for order in card if order["language"] == "zh")
        _chat(browser, stack, "en", english, "postcode", DESKTOP, out / "widget-order-en.png")
        _chat(browser, stack, "zh", chinese, "phone_last4", DESKTOP, out / "widget-order-zh.png")
        _chat(browser, stack, "zh", chinese, "phone_last4", PHONE, out / "widget-phone-zh.png")
        _console(browser, stack, out)
        browser.close()


def _chat(
    browser: Browser, stack: Stack, language: str, order: dict[str, Any], proof: str, size: Any, path: Path
) -> None:
    page = browser.new_page(viewport=size, locale="zh-CN" if language == "zh" else "en-GB", timezone_id="Europe/London")
    page.goto(f"{stack.url}/?lang={language}")
    page.locator("shopdesk-chat").get_by_role("button").first.click()
    box = page.locator("shopdesk-chat").get_by_role("textbox")
    questions = {"en": "where is my order?", "zh": "我的订单到哪了？"}
    for text in (questions[language], order["order_number"], order[proof]):
        _say(page, box, text)
    page.screenshot(path=path)
    page.close()


def _say(page: Page, box: Any, text: str) -> None:
    """Types and waits until the log has been quiet for a while: a reply may come in several messages."""
    log = page.locator("shopdesk-chat").get_by_role("log")
    box.fill(text)
    box.press("Enter")
    last, quiet = log.inner_text(), 0
    while quiet < 8 or text not in last:
        page.wait_for_timeout(250)
        now = log.inner_text()
        last, quiet = now, quiet + 1 if now == last else 0


def _console(browser: Browser, stack: Stack, out: Path) -> None:
    page = browser.new_page(viewport=DESKTOP, locale="en-GB", timezone_id="Europe/London")
    login, password = stack.agent_login
    page.goto(f"{stack.url}/console")
    page.get_by_label("User name").fill(login)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()
    page.screenshot(path=out / "console-list.png")
    page.get_by_role("table").get_by_role("link").first.click()
    page.wait_for_load_state()
    page.screenshot(path=out / "console-transcript.png", full_page=True)
    page.close()


if __name__ == "__main__":
    main()
