"""The demo shop page and the widget's files."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from gateway.middleware import SecurityHeaders
from gateway.widget_files import widget_router
from shopdesk_schemas.web import install
from tests.gateway.desk import Desk

pytestmark = pytest.mark.anyio

CARD = [
    {"order_number": "D-1001", "tracking_number": None, "postcode": "50667", "email": "ada@example.com",
     "phone_last4": "1234", "state": "shipped", "note": {"en": "two parcels", "zh": "两个包裹"}, "more": "ignored"},
    {"order_number": "D-1002", "postcode": "20095", "state": "delivered", "note": None},
]  # fmt: skip


async def test_the_shop_shows_products_and_loads_the_widget(sqlite_desk: Desk) -> None:
    async with sqlite_desk.gateway() as gateway, gateway.browser() as browser:
        english = (await browser.get("/", headers={"Accept-Language": "en"})).text
        assert "Kettle &lt;b&gt;" in english
        assert "€29.99" in english
        assert '<script src="/widget/shopdesk.js" data-language="en" defer></script>' in english
        chinese = (await browser.get("/", params={"lang": "zh"})).text
        assert "水壶" in chinese
        assert 'data-language="zh"' in chinese


async def test_the_shop_stands_without_the_crm(sqlite_desk: Desk) -> None:
    sqlite_desk.crm.away = True
    async with sqlite_desk.gateway() as gateway, gateway.browser() as browser:
        page = await browser.get("/")
        assert page.status_code == 200
        assert "/widget/shopdesk.js" in page.text


async def test_what_to_try_is_shown_in_development_only(sqlite_desk: Desk) -> None:
    (sqlite_desk.home / "demo-card.json").write_text(json.dumps(CARD), "utf-8")
    async with sqlite_desk.gateway() as gateway, gateway.browser() as browser:
        page = (await browser.get("/", params={"lang": "en"})).text
        for shown in ("D-1001", "50667", "ada@example.com", "1234", "two parcels", "D-1002", "delivered"):
            assert shown in page
        assert "两个包裹" in (await browser.get("/", params={"lang": "zh"})).text
    async with sqlite_desk.gateway(environment="production") as gateway, gateway.browser() as browser:
        page = (await browser.get("/")).text
        assert "D-1001" not in page
        assert "50667" not in page


@pytest.mark.parametrize("content", ["", "{", '{"not": "a list"}', '[{"note": "no number"}]'])
async def test_a_card_that_cannot_be_read_is_left_out(sqlite_desk: Desk, content: str) -> None:
    (sqlite_desk.home / "demo-card.json").write_text(content, "utf-8")
    async with sqlite_desk.gateway() as gateway, gateway.browser() as browser:
        assert (await browser.get("/")).status_code == 200


def widget_browser(dist: Path) -> httpx.AsyncClient:
    app = FastAPI()
    app.add_middleware(SecurityHeaders, production=False)
    install(app)
    app.include_router(widget_router(dist))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway")


async def test_widget_files_are_served_with_type_and_caching(tmp_path: Path, anyio_backend: str) -> None:
    dist = tmp_path / "dist"
    dist.mkdir()
    (dist / "shopdesk.js").write_text("1", "utf-8")
    (dist / "chat-Bx3k_9aZ.js").write_text("2", "utf-8")
    (dist / "notes.txt").write_text("3", "utf-8")
    (tmp_path / "secret.js").write_text("4", "utf-8")
    async with widget_browser(dist) as browser:
        loader = await browser.get("/widget/shopdesk.js")
        assert loader.headers["content-type"] == "text/javascript; charset=utf-8"
        assert loader.headers["cache-control"] == "no-cache"
        assert loader.headers["x-content-type-options"] == "nosniff"
        assert loader.headers["access-control-allow-origin"] == "*"
        assert loader.headers["cross-origin-resource-policy"] == "cross-origin"
        unchanged = await browser.get("/widget/shopdesk.js", headers={"If-None-Match": loader.headers["etag"]})
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert "immutable" in (await browser.get("/widget/chat-Bx3k_9aZ.js")).headers["cache-control"]
        for path in ("notes.txt", "missing.js", "..%2fsecret.js", "%2e%2e/secret.js", "a%00.js", ""):
            assert (await browser.get(f"/widget/{path}")).status_code == 404


async def test_a_widget_that_is_not_built_is_explained(tmp_path: Path, anyio_backend: str) -> None:
    async with widget_browser(tmp_path / "nothing") as browser:
        page = await browser.get("/widget/shopdesk.js")
        assert page.status_code == 503
        assert "not built" in page.text
