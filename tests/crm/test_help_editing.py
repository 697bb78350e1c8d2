"""Pages that leads write in the console: over the shop's files, version by version."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from crm_backend.audit.models import AuditEntry
from crm_backend.pages.service import Pages
from crm_backend.pages.written import reader
from tests.crm.conftest import Crm, policies_with

FILE = "# Engraving\n\n## What can be engraved\nMugs and lamps.\n"
WRITTEN = "# Engraving\n\n## What can be engraved\nMugs, lamps and **spoons**.\n\n## How long it takes\nTwo days.\n"
PAGE = "/staff/help/pages/en/engraving"


@pytest.fixture
def shop(crm: Crm, tmp_path: Path) -> Crm:
    folder = tmp_path / "shop" / "pages" / "en"
    folder.mkdir(parents=True)
    (folder / "engraving.md").write_text(FILE, encoding="utf-8")
    held = crm.app.state.resources
    settings = held.settings.model_copy(update={"shop": tmp_path / "shop"})
    pages = Pages(tmp_path / "shop", policies_with(), reader(held.database))
    crm.app.state.resources = replace(held, pages=pages, settings=settings)
    return crm


def as_agent(crm: Crm, role: str, method: str, path: str, key: str | None = None, **more: Any) -> httpx.Response:
    headers = {"X-Shopdesk-Staff": f"mia;{role}", **({"Idempotency-Key": key} if key else {})}
    return crm.call.request(method, path, headers=headers, **more)


def best(crm: Crm, question: str) -> str | None:
    found = crm.call.get("/help/answers", params={"q": question, "language": "en"}).json()["answers"]
    return found[0]["text"] if found else None


def test_a_lead_writes_over_a_file_and_goes_back(shop: Crm) -> None:
    assert best(shop, "can lamps be engraved?") == "Mugs and lamps."
    source = as_agent(shop, "agent", "GET", PAGE).json()
    assert (source["markdown"], source["version"], source["in_force"]) == (FILE, 0, "file")
    change = {"version": 0, "markdown": WRITTEN.replace("\n", "\r\n")}
    assert as_agent(shop, "agent", "PUT", PAGE, "k0", json=change).status_code == 403
    saved = as_agent(shop, "lead", "PUT", PAGE, "k1", json=change)
    assert saved.status_code == 200, saved.text
    assert (saved.json()["markdown"], saved.json()["in_force"]) == (WRITTEN, "console")
    assert best(shop, "can lamps be engraved?") == "Mugs, lamps and spoons."
    assert as_agent(shop, "lead", "PUT", PAGE, "k2", json=change).status_code == 409
    again = {"version": 1, "markdown": "# Engraving\n\nNothing is engraved any more.\n"}
    assert as_agent(shop, "lead", "PUT", PAGE, "k3", json=again).status_code == 200
    assert as_agent(shop, "agent", "GET", PAGE, params={"version": 1}).json()["markdown"] == WRITTEN
    assert as_agent(shop, "agent", "GET", PAGE, params={"version": 9}).status_code == 404
    gone = as_agent(shop, "lead", "DELETE", PAGE, "k4", params={"version": 2})
    assert (gone.json()["in_force"], gone.json()["markdown"]) == ("file", FILE)
    assert [one["withdrawn"] for one in gone.json()["saved"]] == [True, False, False]
    assert best(shop, "can lamps be engraved?") == "Mugs and lamps."
    assert as_agent(shop, "lead", "DELETE", PAGE, "k5", params={"version": 3}).status_code == 404
    with shop.app.state.resources.database.read() as session:
        noted = [(one.action, one.subject_id, one.actor_id) for one in session.query(AuditEntry).all()]
    assert noted == [
        ("help_page.saved", "en/engraving", "mia"),
        ("help_page.saved", "en/engraving", "mia"),
        ("help_page.withdrawn", "en/engraving", "mia"),
    ]


def test_a_draft_is_tried_without_being_told_to_anybody(shop: Crm) -> None:
    draft = {"question": "do you sharpen knives?", "language": "en", "name": "knives",
             "markdown": "# Knives\n\n## Sharpening knives\nWe sharpen knives for free."}  # fmt: skip
    tried = as_agent(shop, "agent", "POST", "/staff/help/trials", "t1", json=draft)
    assert [one["text"] for one in tried.json()["answers"]] == ["We sharpen knives for free."]
    assert best(shop, "do you sharpen knives?") is None
    assert as_agent(shop, "read_only", "POST", "/staff/help/trials", "t2", json=draft).status_code == 403
    for wrong in ({"markdown": "# A title alone"}, {"name": "rules"}):
        assert as_agent(shop, "agent", "POST", "/staff/help/trials", "t3", json={**draft, **wrong}).status_code == 422


def test_a_new_page_is_in_the_list_and_holds_after_a_restart(shop: Crm) -> None:
    path = "/staff/help/pages/zh/knives"
    assert as_agent(shop, "lead", "GET", path).json()["in_force"] == "nothing"
    body = {"version": 0, "markdown": "# 刀具\n\n## 磨刀\n免费磨刀。\n"}
    assert as_agent(shop, "lead", "PUT", path, "n1", json=body).status_code == 200
    listed = as_agent(shop, "read_only", "GET", "/staff/help/pages").json()["pages"]
    assert {(one["language"], one["name"]): one["origin"] for one in listed if one["name"] != "rules"} == {
        ("en", "engraving"): "file", ("zh", "knives"): "console",
    }  # fmt: skip
    held = shop.app.state.resources
    other = Pages(held.settings.shop, held.policies, reader(held.database))
    other.look_again()
    assert ("zh", "knives") in other.index().pages
