"""A page that a shop adds answers at once, and a shopper's browser is shown it through the real gateway."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from crm_backend.pages.service import Pages
from gateway.migrations import migrate
from tests.crm.conftest import Crm, policies_with
from tests.gateway.desk import Desk
from tests.gateway.doubles import BotDouble, CrmDouble, plain_server, served

PAGE = """# Engraving

## What can be engraved
Mugs <script>alert(1)</script> and lamps.
"""


def test_a_page_added_to_the_shop_answers_and_is_shown_without_markup(sqlite_crm: Crm, tmp_path: Path) -> None:
    crm = sqlite_crm

    def use(pages: Pages) -> None:
        crm.app.state.resources = replace(crm.app.state.resources, pages=pages)

    shop = tmp_path / "shop"
    use(Pages(shop, policies_with()))
    question = {"q": "can lamps be engraved?", "language": "en"}
    assert crm.call.get("/help/answers", params=question).json()["answers"] == []
    folder = shop / "pages" / "en"
    folder.mkdir(parents=True)
    (folder / "engraving.md").write_text(PAGE, encoding="utf-8")
    use(Pages(shop, policies_with()))
    (answer,) = crm.call.get("/help/answers", params=question).json()["answers"]
    gateway_url = f"sqlite+aiosqlite:///{tmp_path / 'gateway.sqlite3'}"
    migrate(gateway_url)

    async def fetch() -> None:
        async with served(plain_server(crm.app)) as crm_url:
            desk = Desk(gateway_url, tmp_path, BotDouble(), "http://127.0.0.1:1", CrmDouble(), crm_url)
            async with desk.gateway() as gateway, gateway.browser() as browser:
                shown = await browser.get(f"/help{answer['path']}")
                assert shown.status_code == 200
                assert "<h2>What can be engraved</h2>" in shown.text
                assert "<script>" not in shown.text
                assert "script-src 'self'" in shown.headers["content-security-policy"]
                for path in ("/help/pages/en/nothing", "/help/pages/zh/engraving"):
                    assert (await browser.get(path)).status_code == 404

    asyncio.run(fetch())
