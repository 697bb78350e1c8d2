"""The data-quality report: counts of what came in, was cleaned and refused, without anybody's data."""

from __future__ import annotations

import json
from pathlib import Path

from crm_backend.pipeline.importing import import_folder
from tests.crm.pipeline.conftest import STAFF, BackOffice

BAD = {"external_id": "C2", "birth_date": "soon"}
MESSY = {"external_id": "C1", "name": "  Ada Byron ", "email": "ada at x.org", "phone": "N/A"}


def test_calls_of_a_day_are_added_up(back_office: BackOffice) -> None:
    for _ in range(2):
        back_office.records("customers", MESSY, BAD)
    back_office.crm.wall.advance(days=1)
    back_office.records("customers", {**MESSY, "external_id": "C3"}, source="till")
    back_office.events({"external_id": "E1", "kind": "page_visit", "at": "2026-03-01T10:00:00Z"}, {"external_id": "E2"})
    answer = back_office.crm.call.get("/staff/data-quality", headers=STAFF)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    rules = {(rule["source"], rule["rule"]): rule["count"] for rule in told["rules"]}
    assert rules["shop", "white_space"] == 2
    assert rules["till", "email_impossible"] == 1
    assert {"source": "shop", "reason": "birth_date: is not a day such as 2026-03-12", "count": 2} in told["rejected"]
    day = next(one for one in told["deliveries"] if (one["source"], one["kind"]) == ("shop", "customers"))
    assert (day["calls"], day["received"], day["inserted"], day["unchanged"], day["rejected"]) == (2, 4, 1, 1, 2)
    stored = {(one["source"], one["what"]): one["count"] for one in told["stored"]}
    assert stored["shop", "customers_without_contact"] == stored["shop", "customers"] == 1
    assert "Ada" not in answer.text
    assert "soon" not in answer.text
    back_office.crm.wall.advance(days=2)
    later = back_office.crm.call.get("/staff/data-quality", params={"days": 1}, headers=STAFF).json()
    assert (later["rules"], later["deliveries"]) == ([], [])


def test_each_import_is_there(back_office: BackOffice, tmp_path: Path) -> None:
    (tmp_path / "customers.jsonl").write_text(
        json.dumps({"external_id": "1", "name": "Ada"}) + "\n" + json.dumps(BAD) + "\n", "utf-8"
    )
    for _ in range(2):
        import_folder(back_office.crm.database.engine, tmp_path)
    told = back_office.crm.call.get("/staff/data-quality", params={"days": 3660}, headers=STAFF).json()
    imports = [one for one in told["deliveries"] if one["channel"] == "files"]
    assert [(one["kind"], one["received"], one["rejected"]) for one in imports] == [("canonical", 2, 1)] * 2
    assert [(one["inserted"], one["unchanged"]) for one in imports] == [(0, 1), (1, 0)]


def test_agents_only(back_office: BackOffice) -> None:
    assert back_office.crm.call.get("/staff/data-quality").status_code == 403
