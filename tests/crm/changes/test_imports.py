"""Imports and changes: a file never takes back what the CRM has asked others for."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from sqlalchemy import select

from crm_backend.audit import service as audit
from crm_backend.jobs import JOBS, run_job
from crm_backend.orders.models import Order
from crm_backend.payments.models import Refund
from crm_backend.pipeline.exporting import export_folder
from crm_backend.pipeline.importing import import_folder
from crm_backend.pipeline.models import HeldBackOrder
from crm_backend.pipeline.report import ImportReport
from tests.crm.changes.test_effects import System
from tests.crm.conftest import Crm


def _export(crm: Crm, folder: Path) -> Path:
    export_folder(crm.database.engine, folder)
    return folder


def _import(crm: Crm, folder: Path) -> ImportReport:
    return import_folder(crm.database.engine, folder)


def _rewrite(folder: Path, name: str, **values: Any) -> None:
    """Set columns of every row of a file."""
    path = folder / f"{name}.csv"
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows({**row, **values} for row in rows)


def _state(crm: Crm) -> tuple[str, list[tuple[int, str]]]:
    order = crm.order("c1", "SD-1").json()
    return order["state"], [(refund["amount_minor"], refund["state"]) for refund in order["refunds"]]


def _answer_all(crm: Crm, system: System) -> None:
    for effect in system.list().json()["effects"]:
        assert system.answer(effect["id"], "done", reference=f"ref-{effect['kind']}").status_code == 200


def test_an_order_with_an_open_change_is_held_back_and_reported(shop: Crm, tmp_path: Path) -> None:
    old = _export(shop, tmp_path / "old")
    shop.change("c1", "order.cancel", order="SD-1")
    report = _import(shop, old)
    assert report.held_back == ["SD-1"]
    assert report.records["orders"]["held_back"] == 1
    assert report.rows("held_back") > 0
    assert all(file.accounted() for file in report.files.values())
    assert json.loads(json.dumps(report.as_json()))["held_back_orders"] == ["SD-1"]
    assert _state(shop) == ("cancelled", [(7500, "requested")])


def test_once_the_change_is_done_the_shops_file_counts_again(shop: Crm, tmp_path: Path) -> None:
    old = _export(shop, tmp_path / "old")
    shop.change("c1", "order.cancel", order="SD-1", lines=[{"line_number": 1, "quantity": 1}])
    _answer_all(shop, System(shop))
    _rewrite(old, "orders", state="processing")
    assert _import(shop, old).records["orders"]["updated"] == 1
    # The file knows neither the refund nor the cancelled mug, and takes neither away.
    assert _state(shop) == ("processing", [(2000, "paid")])
    rest = shop.propose("c1", "order.cancel", order="SD-1").json()
    assert rest["amount_minor"] == 5500


def test_a_failed_change_holds_nothing_back(shop: Crm, tmp_path: Path) -> None:
    old = _export(shop, tmp_path / "old")
    shop.change("c1", "order.address", order="SD-1", recipient="Mina Lee")
    system = System(shop)
    assert _import(shop, old).held_back == ["SD-1"]
    system.answer(system.ids()["order.address"], "failed")
    assert _import(shop, old).held_back == []
    with shop.database.read() as session:
        assert session.scalars(select(Order.recipient)).all() == [None]


def test_an_import_makes_open_offers_void(shop: Crm, tmp_path: Path) -> None:
    folder = _export(shop, tmp_path / "new")
    offer = shop.propose("c1", "order.cancel", order="SD-1").json()["id"]
    assert _import(shop, folder).changed() is False
    _rewrite(folder, "payments", state="failed")
    assert _import(shop, folder).changed() is True
    assert shop.confirm("c1", offer).status_code == 409
    assert shop.propose("c1", "order.cancel", order="SD-1").json()["direction"] == "none"


def test_a_refund_that_the_shop_knows_by_its_own_number_is_the_same_refund(shop: Crm, tmp_path: Path) -> None:
    shop.change("c1", "order.cancel", order="SD-1")
    _answer_all(shop, System(shop))
    folder = _export(shop, tmp_path / "new")
    _rewrite(folder, "refunds", external_id="ref-payment.refund")
    _import(shop, folder)
    with shop.database.read() as session:
        assert len(session.scalars(select(Refund)).all()) == 1
    assert _state(shop) == ("cancelled", [(7500, "paid")])


def test_a_shop_that_recounts_the_line_has_taken_off_what_was_cancelled(shop: Crm, tmp_path: Path) -> None:
    shop.change("c1", "order.cancel", order="SD-1", lines=[{"line_number": 1, "quantity": 1}])
    _answer_all(shop, System(shop))
    folder = _export(shop, tmp_path / "new")
    _rewrite(folder, "order_lines", quantity="1", cancelled_quantity="", returned_quantity="")
    _import(shop, folder)
    told = shop.propose("c1", "order.cancel", order="SD-1").json()
    assert [line["values"].get("quantity") for line in told["lines"]] == [None, 1, 1]


def test_what_was_cancelled_is_exported_and_imported(shop: Crm, tmp_path: Path) -> None:
    shop.change("c1", "order.cancel", order="SD-1", lines=[{"line_number": 1, "quantity": 1}])
    shop.change("c1", "order.address", order="SD-1", note="Ring twice")
    _answer_all(shop, System(shop))
    folder = _export(shop, tmp_path / "out")
    assert _import(shop, folder).changed() is False
    with (folder / "order_lines.csv").open(newline="", encoding="utf-8") as file:
        assert [row["cancelled_quantity"] for row in csv.DictReader(file)] == ["1", "0"]
    _rewrite(folder, "orders", delivery_note="", state="processing")
    assert _import(shop, folder).changed() is True
    with shop.database.read() as session:
        assert session.scalars(select(Order.delivery_note)).all() == ["Ring twice"]


def test_a_row_with_more_gone_than_there_were_is_rejected(shop: Crm, tmp_path: Path) -> None:
    folder = _export(shop, tmp_path / "bad")
    _rewrite(folder, "order_lines", cancelled_quantity="2", returned_quantity="1")
    report = _import(shop, folder)
    assert report.rows("rejected") == 2
    assert any("cancelled_quantity" in reason for reason in report.reasons)


def _jobs(crm: Crm) -> None:
    assert run_job(crm.app.state.resources, next(job for job in JOBS if job.name == "apply_held_back_imports"))


def test_what_was_held_back_is_applied_by_itself_and_takes_nothing_back(shop: Crm, tmp_path: Path) -> None:
    old = _export(shop, tmp_path / "old")
    _rewrite(old, "orders", promised_on="2026-04-01", state="processing", recipient="Someone Else")
    shop.change("c1", "order.cancel", order="SD-1", lines=[{"line_number": 1, "quantity": 1}])
    assert _import(shop, old).held_back == ["SD-1"]
    _jobs(shop)
    assert shop.order("c1", "SD-1").json()["promised_on"] != "2026-04-01"
    _answer_all(shop, System(shop))
    _jobs(shop)
    told = shop.order("c1", "SD-1").json()
    assert (told["promised_on"], told["state"]) == ("2026-04-01", "processing")
    assert told["lines"][0]["cancelled_quantity"] == 1
    assert _state(shop)[1] == [(2000, "paid")]
    with shop.database.read() as session:
        assert session.scalars(select(Order.recipient)).all() == [None]
        assert session.scalars(select(HeldBackOrder.id)).all() == []
        assert audit.verify(session).broken_at is None


def test_a_cancelled_order_stays_cancelled_when_the_file_is_applied(shop: Crm, tmp_path: Path) -> None:
    old = _export(shop, tmp_path / "old")
    _rewrite(old, "orders", state="shipped")
    shop.change("c1", "order.cancel", order="SD-1")
    _import(shop, old)
    _answer_all(shop, System(shop))
    _jobs(shop)
    assert _state(shop) == ("cancelled", [(7500, "paid")])


def test_after_a_refused_change_the_file_counts_as_it_stands(shop: Crm, tmp_path: Path) -> None:
    old = _export(shop, tmp_path / "old")
    _rewrite(old, "orders", promised_on="2026-04-01")
    shop.change("c1", "order.address", order="SD-1", recipient="Mina Lee")
    _import(shop, old)
    system = System(shop)
    system.answer(system.ids()["order.address"], "failed")
    _jobs(shop)
    with shop.database.read() as session:
        order = session.scalars(select(Order)).one()
        assert (order.recipient, str(order.promised_on)) == (None, "2026-04-01")


def test_a_newer_file_takes_the_place_of_what_was_held_back(shop: Crm, tmp_path: Path) -> None:
    old, newer = _export(shop, tmp_path / "old"), _export(shop, tmp_path / "newer")
    _rewrite(old, "orders", promised_on="2026-04-01")
    _rewrite(newer, "orders", promised_on="2026-05-01")
    shop.change("c1", "order.address", order="SD-1", recipient="Mina Lee")
    _import(shop, old)
    _import(shop, newer)
    system = System(shop)
    system.answer(system.ids()["order.address"], "done")
    _import(shop, newer)
    _jobs(shop)
    assert shop.order("c1", "SD-1").json()["promised_on"] == "2026-05-01"
