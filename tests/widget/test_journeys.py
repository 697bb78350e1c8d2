"""What a person does in a browser: a shopper asks on the shop's page, an agent reads it in the console."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect, sync_playwright

from tests.conversations.shoppers import Bought, Shopper, facts_of, write_shoppers
from tests.support.browser import launch_browser
from tests.support.stack import DEMO_NOW, ROOT, TURN_MILLISECONDS, Stack

AXE = ROOT / "gateway" / "widget" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = launch_browser(playwright)
        yield launched
        launched.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console said in warning or error: policy violations among them."""
    return []


@pytest.fixture
def page(browser: Browser, complaints: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-GB")
    context.set_default_timeout(TURN_MILLISECONDS)
    opened = context.new_page()

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    opened.on("console", heard)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()


def demo_order(stack: Stack, language: str) -> dict[str, Any]:
    """An order that is on its way, from the demo shop's card."""
    card = json.loads((stack.home / "demo-card.json").read_text("utf-8"))
    found: dict[str, Any] = next(o for o in card if o["language"] == language and o["state"] == "shipped")
    return found


def open_chat(page: Page, url: str) -> Locator:
    """Opens the shop's page and the chat on it; returns the widget."""
    page.goto(url)
    widget = page.locator("shopdesk-chat")
    widget.get_by_role("button").first.click()
    expect(widget.get_by_role("textbox")).to_be_focused(timeout=TURN_MILLISECONDS)
    return widget


def say(widget: Locator, text: str) -> None:
    """Types a message and sends it with Enter."""
    box = widget.get_by_role("textbox")
    box.fill(text)
    box.press("Enter")


def expect_in_log(widget: Locator, text: str) -> None:
    """Waits until the conversation shows `text`."""
    expect(widget.get_by_role("log")).to_contain_text(text, timeout=TURN_MILLISECONDS)


@pytest.mark.parametrize(
    ("language", "question", "asks_number", "asks_proof", "proof", "carrier"),
    [
        ("en", "where is my order?", "tracking number", "postcode", "postcode", "Royal Mail"),
        ("zh", "我的订单到哪了？", "订单号", "手机号的后四位", "phone_last4", "顺丰"),
    ],
)
def test_a_guest_tracks_an_order_and_an_agent_reads_it(
    demo_stack: Stack,
    page: Page,
    complaints: list[str],
    language: str,
    question: str,
    asks_number: str,
    asks_proof: str,
    proof: str,
    carrier: str,
) -> None:
    order = demo_order(demo_stack, language)
    widget = open_chat(page, f"{demo_stack.url}/?lang={language}")
    say(widget, question)
    expect_in_log(widget, asks_number)
    say(widget, order["order_number"])
    expect_in_log(widget, asks_proof)
    say(widget, order[proof])
    expect_in_log(widget, carrier)
    expect_in_log(widget, order["tracking_number"])

    page.reload()
    expect_in_log(widget, order["tracking_number"])

    login, password = demo_stack.agent_login
    page.goto(f"{demo_stack.url}/console?lang=en")
    page.get_by_label("User name").fill(login)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("table").get_by_role("link").first.click()
    transcript = page.get_by_role("main")
    expect(transcript).to_contain_text(question)
    expect(transcript).to_contain_text("track_order")
    expect(transcript).to_contain_text("action_track_order")
    assert complaints == []


SCARF_BOUGHT = Shopper(orders=[Bought(key="a", state="delivered", days_ago=8, lines=["SCARF-RED"])])


@pytest.fixture(scope="module")
def buyers(demo_stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """By language, a customer of the demo shop who was brought a scarf some days ago."""
    folder = tmp_path_factory.mktemp("buyers")
    names = {"en": "the journey of a return", "zh": "退货的全程"}
    write_shoppers(folder, dict.fromkeys(names.values(), SCARF_BOUGHT), datetime.fromisoformat(DEMO_NOW))
    done = demo_stack.shopdesk("import", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    return {language: facts_of(name, SCARF_BOUGHT) for language, name in names.items()}


@pytest.mark.parametrize(
    ("language", "width", "wish", "thing", "yes", "done"),
    [
        ("en", 1280, "I'd like to return the scarf, I changed my mind", "Scarf", "Yes, do it", "Done: your return"),
        ("zh", 390, "围巾不想要了，退货", "围巾", "确认办理", "办好了"),
    ],
)
def test_a_logged_in_shopper_returns_an_item(
    demo_stack: Stack,
    page: Page,
    complaints: list[str],
    buyers: dict[str, dict[str, str]],
    language: str,
    width: int,
    wish: str,
    thing: str,
    yes: str,
    done: str,
) -> None:
    page.set_viewport_size({"width": width, "height": 860})
    page.goto(f"{demo_stack.url}/?lang={language}")
    widget = page.locator("shopdesk-chat")
    token = demo_stack.identity_token(buyers[language]["customer"])
    # As a shop's page does that learns who is there while the chat is being opened.
    page.evaluate(
        """token => {
            const chat = document.querySelector("shopdesk-chat");
            chat.shadowRoot.querySelector("button").click();
            setTimeout(() => chat.signIn(token));
        }""",
        token,
    )
    expect(widget.get_by_role("textbox")).to_be_focused(timeout=TURN_MILLISECONDS)
    say(widget, wish)
    log = widget.get_by_role("log")
    offer = log.get_by_role("button", name=yes)
    expect(offer).to_be_visible(timeout=TURN_MILLISECONDS)
    expect(log).to_contain_text(thing)
    offer.click()
    expect_in_log(widget, done)
    (returned,) = demo_stack.crm_get(f"/staff/customers/{buyers[language]['customer']}")["returns"]
    assert (returned["order_number"], returned["state"]) == (buyers[language]["a"], "approved")
    expect_in_log(widget, returned["number"])
    assert complaints == []


def test_a_wrong_postcode_shows_nothing(demo_stack: Stack, page: Page, complaints: list[str]) -> None:
    order = demo_order(demo_stack, "en")
    widget = open_chat(page, f"{demo_stack.url}/?lang=en")
    say(widget, f"where is {order['order_number']}? postcode ZZ1 1ZZ")
    expect_in_log(widget, "couldn't find")
    expect(widget.get_by_role("log")).not_to_contain_text("Royal Mail")
    assert complaints == []


def test_the_conversation_works_by_keyboard_alone(demo_stack: Stack, page: Page) -> None:
    page.goto(f"{demo_stack.url}/?lang=en")
    launcher = page.locator("shopdesk-chat").get_by_role("button").first
    launcher.focus()
    page.keyboard.press("Enter")
    widget = page.locator("shopdesk-chat")
    expect(widget.get_by_role("textbox")).to_be_focused(timeout=TURN_MILLISECONDS)
    page.keyboard.type("are you a robot?")
    page.keyboard.press("Enter")
    expect_in_log(widget, "automated assistant, not a person")
    page.keyboard.press("Escape")
    expect(widget.get_by_role("textbox")).to_be_hidden()
    expect(launcher).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_axe_finds_nothing(demo_stack: Stack, browser: Browser, language: str, scheme: Any) -> None:
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    context.set_default_timeout(TURN_MILLISECONDS)
    page = context.new_page()
    order = demo_order(demo_stack, "en")
    widget = open_chat(page, f"{demo_stack.url}/?lang={language}")
    say(widget, f"{order['order_number']} {order['postcode']}")
    expect_in_log(widget, order["tracking_number"])
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    context.close()
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found["violations"]] == []
