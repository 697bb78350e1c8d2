"""Makes the pictures of the README and the docs: a real browser at a real desk with the demo shop.

    .venv/bin/python scripts/screenshots.py [--out docs/screenshots] [--mending]

`--mending` takes those of the pages alone on which what was reviewed is mended; they need no days lived through.

Everything is generated at one fixed business time, so the pictures change only when the product does. What the desk
knows by itself after some days (insight, review) it has to have lived through: conversations are held with the
assistant, put some days back while the desk is stopped, and looked through when it starts again. axe looks at every
screen that is taken; what it finds is an error.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import create_engine, inspect, select
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from gateway.models import Conversation, Handover, Message, Turn
from tests.support.browser import launch_browser
from tests.support.stack import DEMO_NOW, ROOT, Stack, running_stack

DESKTOP = {"width": 1280, "height": 860}
TALL = {"width": 1280, "height": 1300}
PHONE = {"width": 390, "height": 844}
AXE = ROOT / "gateway" / "widget" / "node_modules" / "axe-core" / "axe.min.js"
LOCALES = {"en": "en-GB", "zh": "zh-CN"}

ASKED = {
    "en": (
        "where is my order?", "are you a robot?", "I want to return something", "do you have candles?",
        "what are your opening hours?", "blorp zing the flange", "my parcel is broken!!", "can I pay by card?",
    ),
    "zh": (
        "我的订单到哪了？", "怎么退货", "你们几点开门", "有没有马克杯", "转人工", "嗯嗯那个啥来着",
        "包裹破了，太生气了", "可以开发票吗",
    ),
}  # fmt: skip
"""What shoppers of some days ago asked."""

SCREENS = (
    ("list", "/console", ("en",)),
    ("cases", "/console/cases", ("en", "zh")),
    ("goodwill", "/console/goodwill", ("en", "zh")),
    ("review", "/console/review", ("en", "zh")),
    ("proposal", "/console/review/proposal", ("en", "zh")),
    ("insight", "/console/insight?days=30", ("en", "zh")),
    ("segments", "/console/segments", ("en",)),
    ("recommendations", "/console/recommendations", ("en", "zh")),
    ("deliveries", "/console/deliveries", ("en",)),
    ("stock", "/console/stock", ("en", "zh")),
    ("data-quality", "/console/data-quality", ("en", "zh")),
)
"""Pages of the console: name, address, languages."""

LONG = {"list", "stock"}
"""Of these the first screen is enough."""

NOT_UNDERSTOOD = ASKED["zh"][5]
CORRECTED = "ask_human"
"""What it is marked as having meant."""

PHONE_SCREENS = (("insight", "/console/insight?days=30"), ("goodwill", "/console/goodwill"), ("list", "/console"),
                 ("cases", "/console/cases"), ("proposal", "/console/review/proposal"))  # fmt: skip


@dataclass(frozen=True)
class Camera:
    """A browser at a running desk, and where the pictures go."""

    browser: Browser
    stack: Stack
    out: Path

    @contextmanager
    def page(self, language: str, size: Any) -> Iterator[Page]:
        """A new page in this language."""
        context = self.browser.new_context(
            viewport=size, locale=LOCALES[language], timezone_id="Europe/London", base_url=self.stack.url,
            bypass_csp=True,
        )  # fmt: skip
        yield context.new_page()
        context.close()

    def take(self, page: Page, name: str, *, whole: bool = False) -> None:
        """The picture, and axe's word on the page. Raises RuntimeError with what axe found."""
        page.screenshot(path=self.out / f"{name}.png", full_page=whole)
        page.add_script_tag(path=AXE)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        problems = [(each["id"], [node["target"] for node in each["nodes"]]) for each in found["violations"]]
        if problems:
            raise RuntimeError(f"{name}: axe found {problems}")
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        if wide:
            raise RuntimeError(f"{name}: wider than the screen")


def main() -> None:
    """Takes all pictures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")
    parser.add_argument("--mending", action="store_true", help="only the pages on which reviewed things are mended")
    arguments = parser.parse_args()
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        home = Path(scratch)
        browser = launch_browser(playwright)
        if arguments.mending:
            with running_stack(home, SHOPDESK_NOW=DEMO_NOW) as stack:
                mending(Camera(browser, stack, out), account(stack, "lea", "lead"))
            browser.close()
            return
        with running_stack(home, SHOPDESK_NOW=DEMO_NOW) as stack:
            for language, messages in ASKED.items():
                for words in messages:
                    with stack.chat() as shopper:
                        shopper.open(language)
                        shopper.say(words)
        put_back(home)
        with running_stack(home, SHOPDESK_NOW=DEMO_NOW) as stack:
            camera = Camera(browser, stack, out)
            card = json.loads((home / "demo-card.json").read_text("utf-8"))
            english = next(order for order in card if order["language"] == "en" and order["state"] == "shipped")
            chinese = next(order for order in card if order["language"] == "zh")
            chat(camera, "zh", (chinese["order_number"], chinese["phone_last4"]), DESKTOP, "widget-order-zh")
            chat(camera, "zh", (chinese["order_number"], chinese["phone_last4"]), PHONE, "widget-phone-zh")
            chat(camera, "en", (english["order_number"], english["postcode"]), DESKTOP, "widget-order-en")
            console(camera)
        browser.close()


def put_back(home: Path) -> None:
    """Let what was said have been said some days ago."""
    engine = create_engine(f"sqlite:///{home}/gateway.sqlite3")
    with Session(engine) as session:
        conversations = session.scalars(select(Conversation).order_by(Conversation.created_at)).all()
        for number, conversation in enumerate(conversations):
            back = timedelta(days=4 + number % 7, minutes=37 * number)
            rows: list[Any] = [conversation]
            for table in (Message, Turn, Handover):
                rows += session.scalars(select(table).where(table.conversation_id == conversation.id))
            for row in rows:
                for column in inspect(type(row)).column_attrs:
                    value = getattr(row, column.key)
                    if isinstance(value, datetime):
                        setattr(row, column.key, value - back)
            if number % 3 == 0:
                conversation.state, conversation.queued_at, conversation.queue_key = "assistant", None, None
        session.commit()
    engine.dispose()


def chat(camera: Camera, language: str, proof: Sequence[str], size: Any, name: str) -> None:
    """A guest tracks an order on the shop's page."""
    with camera.page(language, size) as page:
        page.goto(f"/?lang={language}")
        page.locator("shopdesk-chat").get_by_role("button").first.click()
        box = page.locator("shopdesk-chat").get_by_role("textbox")
        questions = {"en": "where is my order?", "zh": "我的订单到哪了？"}
        for text in (questions[language], *proof):
            say(page, box, text)
        camera.take(page, name)


def say(page: Page, box: Any, text: str) -> None:
    """Types and waits until the log has been quiet for a while: a reply may come in several messages."""
    log = page.locator("shopdesk-chat").get_by_role("log")
    box.fill(text)
    box.press("Enter")
    last, quiet = log.inner_text(), 0
    while quiet < 8 or text not in last:
        page.wait_for_timeout(250)
        now = log.inner_text()
        last, quiet = now, quiet + 1 if now == last else 0


def console(camera: Camera) -> None:
    """The console's pages, one conversation, and goodwill that an agent asks for and a lead sees."""
    password = account(camera.stack, "lea", "lead")
    with camera.page("en", DESKTOP) as page:
        sign_in(page, "mia", account(camera.stack, "mia", "agent"))
        page.get_by_role("table").get_by_role("link").first.click()
        page.get_by_role("list", name="Messages").wait_for()
        page.set_viewport_size(TALL)
        camera.take(page, "console-transcript")
        page.set_viewport_size(DESKTOP)
        give(page, "2.00", send=True)
        give(page, "45.00", send=False)
        camera.take(page, "console-goodwill-offer-en")
        page.get_by_role("button", name="Ask a lead").click()
        page.wait_for_load_state()
    for language in LOCALES:
        with camera.page(language, DESKTOP) as page:
            sign_in(page, "lea", password)
            wait_for_insight(page)
            page.goto("/console/review")
            page.get_by_role("table").get_by_role("link").first.click()
            page.wait_for_load_state()
            camera.take(page, f"console-review-turn-{language}", whole=True)
            if language == "en":
                correct(page)
            for name, address, languages in SCREENS:
                if language not in languages:
                    continue
                page.goto(address)
                plain = name == "list"
                whole = name not in LONG
                camera.take(page, "console-list" if plain else f"console-{name}-{language}", whole=whole)
    with camera.page("zh", PHONE) as page:
        sign_in(page, "lea", password)
        for name, address in PHONE_SCREENS:
            page.goto(address)
            camera.take(page, f"console-{name}-phone-zh", whole=True)
        page.goto("/console")
        page.get_by_role("table").get_by_role("link").nth(1).click()
        page.get_by_role("list", name="消息").wait_for()
        camera.take(page, "console-transcript-phone-zh", whole=True)
    mending(camera, password)


def mending(camera: Camera, password: str) -> None:
    """The pages on which what was reviewed is mended: each with something tried, nothing saved."""
    for language, goods, called in (("en", "kettle", "swan neck"), ("zh", "水壶", "天鹅壶")):
        for size, ending in ((DESKTOP, language), (PHONE, f"phone-{language}")):
            if size is PHONE and language == "en":
                continue
            with camera.page(language, size) as page:
                sign_in(page, "lea", password)
                page.goto("/console/other-names")
                page.locator("#question").fill(goods)
                page.locator("#question-language").select_option(language)
                page.locator("form[role=search] button").click()
                page.locator("ol a").first.click()
                page.locator("tbody a").first.click()
                page.locator(f"#names-{language}").fill(called)
                page.locator("#question").fill(called)
                page.locator("button[value=try]").click()
                page.wait_for_load_state()
                camera.take(page, f"console-other-names-{ending}", whole=True)
                page.goto("/console/policies/returns")
                page.locator("[id='returns.terms.window_days']").fill("45")
                page.locator("button[value=preview]").click()
                page.locator("#preview").wait_for()
                camera.take(page, f"console-policy-{ending}")
                page.goto(f"/console/wording/{language}/utter_ask_bot")
                camera.take(page, f"console-wording-{ending}", whole=True)


def wait_for_insight(page: Page) -> None:
    """Conversations are judged in the background, once the CRM answers. Raises RuntimeError after two minutes."""
    for _ in range(60):
        page.goto("/console/insight?days=30")
        if page.get_by_role("table").count():
            return
        page.wait_for_timeout(2000)
    raise RuntimeError("no conversation was judged")


def correct(page: Page) -> None:
    """A correction of understanding, of the message that was not understood."""
    page.goto("/console/review")
    page.get_by_role("table").get_by_role("link", name=NOT_UNDERSTOOD).click()
    page.wait_for_load_state()
    page.locator("#cause").select_option("understanding")
    page.locator("#intent").select_option(CORRECTED)
    page.locator("form.stack button[type=submit]").click()
    page.wait_for_load_state()


def give(page: Page, amount: str, *, send: bool) -> None:
    """Goodwill for the order of the conversation that is open."""
    page.get_by_role("link", name="Give something").click()
    page.get_by_label("What to give").select_option("refund")
    page.get_by_label("Amount, or number of points").fill(amount)
    page.get_by_label("Note").fill("Came a week late, second time this year")
    page.get_by_role("button", name="Next").click()
    page.wait_for_load_state()
    if send:
        page.get_by_role("button", name="Give it").click()
        page.wait_for_load_state()


def account(stack: Stack, name: str, role: str) -> str:
    """An account for the console; its password."""
    added = stack.shopdesk("agent", "add", name, "--role", role, "--name", name.title(), "--generate")
    made = re.search(r"Password: (\S+)", added.stdout)
    if made is None:
        raise RuntimeError(added.stdout + added.stderr)
    return made[1]


def sign_in(page: Page, login: str, password: str) -> None:
    """At the console."""
    page.goto("/console/login")
    page.locator("input[name=username]").fill(login)
    page.locator("input[name=password]").fill(password)
    page.locator("main button[type=submit]").click()
    page.wait_for_load_state()


if __name__ == "__main__":
    main()
