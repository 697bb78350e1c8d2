"""Files as people have them: dialects and encodings, and one clear sentence for those that cannot be used."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from crm_backend.database.engine import Database
from crm_backend.pipeline.errors import PipelineError
from crm_backend.pipeline.stored import TABLES
from tests.pipeline.helpers import assert_accounted, everything, read_csv, run, stored, write_csv
from tests.support.order_files import INVOICE_COLUMNS, invoice_rows, write_invoice_lines, write_marketplace, write_table

HEADER = ",".join(INVOICE_COLUMNS)
LINE = "536365,85123A,CAFÉ SIGN,6,2010-12-01 08:26:00,2.55,17850,United Kingdom"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", f"{HEADER}\n{LINE}\n".encode()),
        ("b.csv", f"{HEADER}\r\n\r\n{LINE}\r\n".encode("utf-8-sig")),
        ("c.csv", f"{HEADER}\n{LINE}\n".encode("utf-16")),
        # Without the time of writing: each worker must collect the same tests.
        ("d.csv.gz", gzip.compress(f"{HEADER}\n{LINE}".encode(), mtime=0)),
        ("e.tsv", f"{HEADER}\n{LINE}\n".replace(",", "\t").encode()),
        ("f.csv", f"{HEADER}\n{LINE}\n".replace(",", ";").replace("2.55", "2,55").encode()),
        ("g.TXT", f"{HEADER}\n{LINE}\n".replace(",", "|").encode()),
    ],
)
def test_common_dialects_are_read(sqlite_database: Database, tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    (tmp_path / "notes.md").write_text("not read")
    assert run(sqlite_database, tmp_path).rows("loaded") == 1
    [line] = stored(sqlite_database, "orders")["536365"].children["order_lines"]
    assert (line["title"], line["total_minor"]) == ("CAFÉ SIGN", 1530)


def test_another_encoding_is_read_when_it_is_named(sqlite_database: Database, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(f"{HEADER}\n{LINE}\n".encode("latin-1"))
    with pytest.raises(
        PipelineError, match=r"a\.csv is not UTF-8 near row \d; give the file's encoding with --encoding"
    ):
        run(sqlite_database, tmp_path)
    run(sqlite_database, tmp_path, encoding="latin-1")
    assert stored(sqlite_database, "products")["85123A"].record["name"] == "CAFÉ SIGN"


@pytest.mark.parametrize(
    ("files", "options", "sentence"),
    [
        ({}, {}, r"holds no \.csv"),
        ({"a.csv": b"x,y\n1,2\n"}, {}, "No file has the columns of any shape"),
        ({"a.csv": b""}, {}, "No file has the columns of any shape"),
        ({"a.csv": b"order_id,order_status\n1,shipped\n"}, {}, "has no column order_purchase_timestamp"),
        ({"a.csv": b"Invoice,StockCode,Quantity,InvoiceDate\n1,2,3,4\n"}, {}, "has no column price"),
        (
            {"orders.csv": b"external_id,number,state,currency,total_minor\n1,1,shipped,GBP,1\n"},
            {},
            "looks like orders of the canonical format but has no column placed_at",
        ),
        ({"a.csv": b"external_id,name\n1,x\n"}, {}, "could be customers or products or"),
        ({"a.csv": b"payment_type,payment_value,order_id\nboleto,1,1\n"}, {}, "none with the orders themselves"),
        (
            {"a.csv": f"{HEADER}\n{LINE}\n".encode(), "products.csv": b"external_id,name,brand\n1,x,y\n"},
            {},
            "more than one shape",
        ),
        ({"a.csv.gz": b"this is not gzip"}, {}, "cannot be read"),
        ({"a.csv": HEADER.encode() + b"\n" + LINE.encode() + b"\n\xff\xfe,,,\n"}, {}, "is not UTF-8"),
        ({"a.csv": f"{HEADER}\n{LINE}\n".encode()}, {"timezone": "Mars/Base"}, "--timezone Mars/Base is not an IANA"),
        ({"a.csv": f"{HEADER}\n{LINE}\n".encode()}, {"currency": "POUNDS"}, "--currency POUNDS is not an ISO 4217"),
        ({"a.csv": f"{HEADER}\n{LINE}\n".encode()}, {"country": "Atlantis"}, "--country Atlantis is not a country"),
        ({"a.csv": f"{HEADER}\n{LINE}\n".encode()}, {"country": "Brazil"}, "BR has more than one timezone"),
        ({"a.csv": f"{HEADER}\n{LINE}\n".encode()}, {"encoding": "klingon"}, "klingon is not an encoding"),
        ({"a.csv": f"{HEADER}\n{LINE}\n".encode()}, {"source": " "}, "--source is empty"),
        ({"a.csv": f"{HEADER}\n{LINE}\n".encode()}, {"shape": "marketplace"}, "columns of the marketplace shape"),
    ],
)
def test_what_cannot_be_used_is_said_in_a_sentence_and_writes_nothing(
    sqlite_database: Database, tmp_path: Path, files: dict[str, bytes], options: dict[str, Any], sentence: str
) -> None:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(PipelineError, match=sentence):
        run(sqlite_database, tmp_path, **options)
    assert not any(everything(sqlite_database).values())


def test_a_missing_folder_is_named(sqlite_database: Database, tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="There is no folder"):
        run(sqlite_database, tmp_path / "missing")


def test_a_country_brings_its_zone_and_currency_along(sqlite_database: Database, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"{HEADER}\n{LINE}\n", "utf-8")
    report = run(sqlite_database, tmp_path, country="Japan")
    assert report.assumed == {"timezone": "Asia/Tokyo", "currency": "JPY"}


def test_json_lines_that_are_broken_are_rejected_alone(sqlite_database: Database, tmp_path: Path) -> None:
    good = {"external_id": "1", "number": "1", "state": "created", "placed_at": "2026-01-01T00:00Z", "currency": "GBP"}
    (tmp_path / "orders.jsonl").write_text(f"{json.dumps(good)}\n{{broken\n[1]\n\n", "utf-8")
    report = run(sqlite_database, tmp_path, rejected=tmp_path / "out" / "rejected.csv")
    assert_accounted(report)
    assert (report.rows(), report.rows("loaded"), report.rows("rejected")) == (3, 1, 2)
    assert (tmp_path / "out" / "rejected.csv").read_text("utf-8").count("is not a JSON object") == 2


def test_the_list_of_rejected_rows_goes_when_nothing_is_rejected(sqlite_database: Database, tmp_path: Path) -> None:
    rejected = tmp_path / "out" / "rejected.csv"
    write_table(tmp_path / "a.csv", INVOICE_COLUMNS, [LINE.replace(",6,", ",six,").split(",")])
    run(sqlite_database, tmp_path, rejected=rejected)
    assert len(read_csv(rejected)) == 1
    write_table(tmp_path / "a.csv", INVOICE_COLUMNS, [LINE.split(",")])
    run(sqlite_database, tmp_path, rejected=rejected)
    assert not rejected.exists()


CELLS = st.sampled_from(
    ("", "0", "1", "-3", "6.95", "-1.5", "x", "C536", "536365", "85123a", "POST", "2010-12-01 08:26:00",
     "12/1/2010 8:26", "United Kingdom", "Unspecified", "17850.0", "nan", "1e400", "\u00a0", "'", '"', "a\nb", "９９")
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.lists(CELLS, min_size=7, max_size=9) | st.integers(0, 400).map(lambda n: list(POOL[n])), max_size=25
    ),
    files=st.integers(1, 3),
)
def test_no_row_is_ever_lost_however_dirty(
    sqlite_database: Database, tmp_path_factory: pytest.TempPathFactory, rows: Sequence[Sequence[str]], files: int
) -> None:
    with sqlite_database.engine.begin() as connection:
        for name in reversed(TABLES):
            connection.execute(TABLES[name].delete())
    folder = tmp_path_factory.mktemp("dirty")
    for number in range(files):
        write_table(folder / f"{number}.csv", INVOICE_COLUMNS, rows[number::files])
    rejected = folder / "out" / "rejected.csv"
    report = run(sqlite_database, folder, rejected=rejected)
    assert_accounted(report)
    assert report.rows() == len(rows)
    with sqlite_database.engine.connect() as connection:
        kept = sum(
            connection.scalar(select(func.count()).select_from(TABLES[name])) or 0
            for name in ("order_lines", "stock_movements")
        )
    assert kept == report.rows("loaded")
    assert (len(read_csv(rejected)) if rejected.exists() else 0) == report.rows("rejected")
    again = run(sqlite_database, folder)
    assert not again.changed()


POOL = [*invoice_rows(120, seed=9)[:401]]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_marketplace_row_is_lost_however_dirty(
    sqlite_database: Database, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    with sqlite_database.engine.begin() as connection:
        for name in reversed(TABLES):
            connection.execute(TABLES[name].delete())
    folder = tmp_path_factory.mktemp("dirty")
    write_marketplace(folder, orders=8, seed=data.draw(st.integers(0, 50)))
    for path in sorted(folder.iterdir()):
        rows = read_csv(path)
        for _change in range(data.draw(st.integers(0, 3))):
            row = data.draw(st.sampled_from(rows))
            row[data.draw(st.sampled_from(sorted(row)))] = data.draw(
                st.sampled_from(("", "x", "-1", "1e400", "9" * 30))
            )
            if data.draw(st.booleans()):
                rows.append(dict(row))
        write_csv(path, rows)
    report = run(sqlite_database, folder)
    assert_accounted(report)
    assert not run(sqlite_database, folder).changed()


def test_memory_stays_flat_as_files_grow(sqlite_database: Database, tmp_path: Path) -> None:
    import tracemalloc

    def peak(invoices: int) -> int:
        folder = tmp_path / str(invoices)
        folder.mkdir()
        write_invoice_lines(folder, invoices=invoices, seed=invoices)
        tracemalloc.start()
        assert_accounted(run(sqlite_database, folder, source=str(invoices)))
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(50)  # what is loaded once and kept: modules, country names, compiled statements
    once, fourfold = peak(2500), peak(10000)
    assert fourfold < once * 1.5, (once, fourfold)
