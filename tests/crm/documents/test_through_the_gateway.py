"""A shopper's browser fetches a receipt by its link, through the real gateway from the real CRM."""

from __future__ import annotations

import asyncio
from pathlib import Path

from gateway.migrations import migrate
from tests.crm.conftest import TOKEN, Crm
from tests.crm.documents.conftest import fill, text_of
from tests.gateway.desk import Desk
from tests.gateway.doubles import BotDouble, CrmDouble, plain_server, served


def test_a_link_is_served_until_it_expires_and_says_nothing_of_others(sqlite_crm: Crm, tmp_path: Path) -> None:
    crm = sqlite_crm
    fill(crm)
    path = crm.call.post("/shopper/c1/document-links", json={"order": "SD-1"}).json()["path"]
    gateway_url = f"sqlite+aiosqlite:///{tmp_path / 'gateway.sqlite3'}"
    migrate(gateway_url)

    async def fetch() -> None:
        async with served(plain_server(crm.app)) as crm_url:
            desk = Desk(gateway_url, tmp_path, BotDouble(), "http://127.0.0.1:1", CrmDouble(), crm_url)
            async with desk.gateway() as gateway, gateway.browser() as browser:
                opened = await browser.get(path)
                assert opened.status_code == 200
                assert opened.headers["content-type"] == "application/pdf"
                assert opened.headers["content-disposition"].startswith("attachment; filename=")
                assert opened.headers["referrer-policy"] == "no-referrer"
                assert opened.headers["cache-control"] == "private, no-store"
                assert "SD-1" in text_of(opened.content)
                assert (await browser.get(path, headers={"Authorization": f"Bearer {TOKEN}x"})).status_code == 200
                unknown = await browser.get("/documents/doc_" + "A" * 43)
                crm.wall.advance(minutes=16)
                expired = await browser.get(path)
                assert unknown.status_code == expired.status_code == 404
                assert unknown.content == expired.content
                assert (await browser.get("/documents/../staff/receipts/SD-1")).status_code == 404
            async with desk.gateway(crm_url="http://127.0.0.1:1") as gateway, gateway.browser() as browser:
                assert (await browser.get(path)).status_code == 503

    asyncio.run(fetch())
