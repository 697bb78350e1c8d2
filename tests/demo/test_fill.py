"""The shop goes into the CRM's store through the importer, once, and only where there is room."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from crm_backend.account.models import Customer
from crm_backend.database.engine import Database, make_engine
from crm_backend.models import Model
from crm_backend.orders.models import Order
from crm_backend.shipments.models import ScanEvent
from shopdesk.commands import demo as command
from shopdesk.demo import fill as fill_module
from shopdesk.demo.fill import UNFINISHED_NAME, Filled, StoreNotEmpty, fill
from shopdesk.demo.settings import DemoSettings
from shopdesk.demo.shop import DEFAULT_CUSTOMERS, DEFAULT_SEED
from tests.demo.conftest import NOW


def _fill(settings: DemoSettings, url: str, home: Path, *, now: datetime = NOW, force: bool = False) -> Filled:
    return fill(settings, url, home, seed=3, customers=30, now=now, force=force)


def _content(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the store, row by row, but for the note of the keys, which every opening makes where it is not."""
    engine = make_engine(url, pool_size=1)
    try:
        with engine.connect() as connection:
            return {
                table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
                for table in Model.metadata.sorted_tables
                if table.name != "encryption_keys"
            }
    finally:
        engine.dispose()


def _add_another_shop(url: str) -> None:
    engine = make_engine(url, pool_size=1)
    with Session(engine) as session:
        session.add(Customer(source="till", external_id="1", name="A", attributes={}))
        session.commit()
    engine.dispose()


def test_every_row_is_loaded(demo_settings: DemoSettings, crm_database_url: str, tmp_path: Path) -> None:
    filled = _fill(demo_settings, crm_database_url, tmp_path)

    report = filled.report
    assert (report.rows("rejected"), report.rows("merged")) == (0, 0)
    assert report.rows() == report.rows("loaded") == sum(map(len, filled.shop.records.values()))
    # What we write is clean: a generator that leans on the importer's cleaning would hide its own faults.
    # Chinese numbers are written with and without the country's code, as people write them.
    assert report.cleaned.keys() <= {"phone_e164"}
    database = Database(make_engine(crm_database_url))
    with database.read() as session:
        for model, name in ((Customer, "customers"), (Order, "orders"), (ScanEvent, "scan_events")):
            assert session.scalar(select(func.count()).select_from(model)) == len(filled.shop.records[name])
        unlinked = session.scalar(text("SELECT count(*) FROM order_lines WHERE variant_id IS NULL"))
        assert unlinked == 0
        lost = session.scalars(select(Customer.phone).where(func.substr(Customer.phone_key, 1, 1) != "+")).all()
        assert lost == [], "every phone number can be read for its country"
    database.dispose()
    entries = json.loads((tmp_path / "demo-card.json").read_text("utf-8"))
    assert {entry["order_number"] for entry in entries} <= {order.number for order in filled.shop.orders}
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix != ".sqlite3") == ["demo-card.json"]


def test_a_second_run_refuses_and_changes_nothing(
    demo_settings: DemoSettings, crm_database_url: str, tmp_path: Path
) -> None:
    _fill(demo_settings, crm_database_url, tmp_path)
    before, card = _content(crm_database_url), (tmp_path / "demo-card.json").read_bytes()

    with pytest.raises(StoreNotEmpty, match="--force"):
        _fill(demo_settings, crm_database_url, tmp_path, now=NOW + timedelta(days=3))

    assert _content(crm_database_url) == before
    assert (tmp_path / "demo-card.json").read_bytes() == card


def test_force_puts_todays_shop_in_place_of_an_older_one(
    demo_settings: DemoSettings, crm_database_url: str, tmp_path: Path
) -> None:
    _fill(demo_settings, crm_database_url, tmp_path, now=NOW - timedelta(days=40))
    filled = _fill(demo_settings, crm_database_url, tmp_path, force=True)

    database = Database(make_engine(crm_database_url))
    with database.read() as session:
        numbers = session.scalars(select(Order.number)).all()
    database.dispose()
    assert sorted(numbers) == sorted(order.number for order in filled.shop.orders)


def test_another_shops_store_is_left_alone_unless_told(
    demo_settings: DemoSettings, crm_database_url: str, tmp_path: Path
) -> None:
    _add_another_shop(crm_database_url)
    before = _content(crm_database_url)
    # Not even a fill that was cut off in an earlier store of this home gives leave.
    (tmp_path / UNFINISHED_NAME).touch()
    with pytest.raises(StoreNotEmpty):
        _fill(demo_settings, crm_database_url, tmp_path)
    assert _content(crm_database_url) == before

    _fill(demo_settings, crm_database_url, tmp_path, force=True)
    database = Database(make_engine(crm_database_url))
    with database.read() as session:
        assert session.scalars(select(Customer.name).where(Customer.source == "till")).all() == ["A"]
    database.dispose()


def test_a_fill_that_was_cut_off_is_done_anew(
    demo_settings: DemoSettings, crm_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:

        def fail(*_arguments: object) -> Path:
            raise OSError("the machine stopped here")

        patch.setattr(fill_module, "write_card", fail)
        with pytest.raises(OSError, match="stopped here"):
            _fill(demo_settings, crm_database_url, tmp_path, now=NOW - timedelta(days=1))

    filled = _fill(demo_settings, crm_database_url, tmp_path)

    assert filled.shop.day == NOW.date()
    assert not (tmp_path / UNFINISHED_NAME).exists()
    with pytest.raises(StoreNotEmpty):
        _fill(demo_settings, crm_database_url, tmp_path)


@pytest.fixture
def run_demo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Runs `shopdesk demo` on a home of its own, in the business time of these tests."""
    monkeypatch.setenv("SHOPDESK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SHOPDESK_NOW", NOW.isoformat())
    monkeypatch.delenv("SHOPDESK_CRM_DATABASE_URL", raising=False)
    (tmp_path / "home").mkdir()
    app = typer.Typer()
    app.callback()(lambda: None)
    command.register(app)

    def run(*arguments: str):
        return CliRunner().invoke(app, ["demo", *arguments])

    return run


def test_the_command_fills_the_homes_store(run_demo, tmp_path: Path) -> None:
    result = run_demo("--customers", "20", "--seed", "9")
    assert result.exit_code == 0, result.output
    assert "20 customers" in result.output
    assert "2026-03-12" in result.output
    assert (tmp_path / "home" / "crm.sqlite3").exists()
    assert json.loads((tmp_path / "home" / "demo-card.json").read_text("utf-8"))
    again = run_demo("--customers", "20", "--seed", "9")
    assert isinstance(again.exception, StoreNotEmpty)
    assert run_demo("--customers", "20", "--seed", "9", "--force").exit_code == 0


def test_the_command_can_write_the_files_only(run_demo, tmp_path: Path) -> None:
    result = run_demo("--customers", "20", "--out", str(tmp_path / "files"))
    assert result.exit_code == 0, result.output
    assert (tmp_path / "files" / "orders.csv").read_text("utf-8").startswith("source,external_id,number")
    assert list((tmp_path / "home").iterdir()) == []


def test_no_customers_is_wrong_use(run_demo) -> None:
    assert run_demo("--customers", "0").exit_code == 2


def test_help_names_the_generators_defaults() -> None:
    assert (command._SEED, command._CUSTOMERS) == (DEFAULT_SEED, DEFAULT_CUSTOMERS)


def test_the_business_clock_decides_the_day(demo_settings: DemoSettings, tmp_path: Path) -> None:
    late_evening = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    filled = _fill(demo_settings, f"sqlite:///{tmp_path / 'crm.sqlite3'}", tmp_path, now=late_evening)
    assert filled.shop.day.isoformat() == "2026-07-02"  # it is past midnight in London
