"""How fast files come in: rows a second and peak memory of an import, against the least that could be done.

    uv run python benchmarks/import_throughput.py [--data DIR] [--url postgresql+psycopg://…] [--double]

For each data set, in a process of its own: the baseline (Python's csv reader and one bare executemany of the same rows
into a SQLite file, no check, no key, no order), an import into an empty database, and the same import again. `--double`
adds the invoice lines twice over, as if of two years, to show that memory does not follow. With `--url`, PostgreSQL is
measured too; its tables are emptied first, so the database must be called something with `bench` in it.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SETS = ("online-retail-ii-2009-2010", "olist-orders-10k")


def rows_of(path: Path) -> Iterator[list[str]]:
    """The file's cells, header first."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as handle:
        yield from csv.reader(handle)


def baseline(folder: Path, scratch: Path) -> int:
    """Read every file and insert its rows as they are. Returns the rows."""
    connection = sqlite3.connect(scratch / "baseline.sqlite3")
    count = 0
    for number, path in enumerate(sorted(folder.iterdir())):
        rows = rows_of(path)
        width = len(next(rows))
        connection.execute(f"CREATE TABLE t{number} ({', '.join(f'c{i} TEXT' for i in range(width))})")
        count += connection.executemany(f"INSERT INTO t{number} VALUES ({', '.join('?' * width)})", rows).rowcount
    connection.commit()
    connection.close()
    return count


def imported(folder: Path, url: str) -> int:
    """Import the folder. Returns the rows."""
    from crm_backend.database.engine import make_engine
    from crm_backend.pipeline.importing import import_folder

    engine = make_engine(url)
    report = import_folder(engine, folder)
    engine.dispose()
    assert report.rows() == sum(file.read for file in report.files.values())
    return report.rows()


def emptied(url: str) -> None:
    """Bring a database to the newest schema with nothing in it."""
    from sqlalchemy import text

    from crm_backend.database.engine import make_engine
    from crm_backend.migrations import migrate
    from crm_backend.models import Model

    migrate(url)
    engine = make_engine(url)
    with engine.begin() as connection:
        for table in reversed(Model.metadata.sorted_tables):
            connection.execute(text(f"TRUNCATE {table.name} CASCADE") if "postgresql" in url else table.delete())
    engine.dispose()


def child(step: str, folder: Path, where: str) -> None:
    """One measured step, in a process of its own so that its peak memory is its own."""
    began = time.perf_counter()
    count = baseline(folder, Path(where)) if step == "baseline" else imported(folder, where)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": count, "seconds": seconds, "peak_mb": peak}))


def measured(step: str, folder: Path, where: str) -> dict[str, float]:
    """Run one step and read what it measured."""
    command = [sys.executable, __file__, "--child", step, str(folder), where]
    outcome = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=_environment())
    found: dict[str, float] = json.loads(outcome.stdout)
    return found


def _environment() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(ROOT)}


def doubled(folder: Path, scratch: Path) -> Path:
    """The invoice lines and the same again under other invoice numbers."""
    target = scratch / "doubled"
    target.mkdir()
    [path] = folder.iterdir()
    with (target / "lines.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        for turn in ("", "9"):
            rows = rows_of(path)
            header = next(rows)
            if not turn:
                writer.writerow(header)
            for row in rows:
                # 489434 becomes 9489434 and C489449 becomes C9489449.
                row[0] = row[0].replace("C", f"C{turn}") if row[0].startswith("C") else turn + row[0]
                writer.writerow(row)
    return target


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--url", help="a PostgreSQL database to measure, too; it is emptied")
    parser.add_argument("--double", action="store_true", help="also import twice the invoice lines")
    parser.add_argument("--child", nargs=3, metavar=("STEP", "FOLDER", "WHERE"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.child:
        step, folder, where = options.child
        child(step, Path(folder), where)
        return
    if options.url and "bench" not in options.url.rsplit("/", 1)[-1]:
        parser.error("--url: the database is emptied, so its name must contain `bench`")
    print("| files | step | rows | seconds | rows/s | × baseline | peak MB |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="shopdesk-bench-") as name:
        scratch = Path(name)
        folders = [options.data / part for part in SETS]
        if options.double:
            folders.append(doubled(folders[0], scratch))
        for folder in folders:
            least = measured("baseline", folder, name)
            (scratch / "baseline.sqlite3").unlink()
            _show(folder.name, "csv reader + bare executemany", least, least)
            urls = {"SQLite": f"sqlite:///{scratch / folder.name}.sqlite3", "PostgreSQL": options.url}
            for store, url in urls.items():
                if url:
                    emptied(url)
                    _show(folder.name, f"import, {store}", measured("import", folder, url), least)
                    _show(folder.name, f"import again, {store}", measured("import", folder, url), least)


def _show(files: str, step: str, found: dict[str, float], least: dict[str, float]) -> None:
    rate = found["rows"] / found["seconds"]
    ratio = found["seconds"] / least["seconds"]
    print(
        f"| {files} | {step} | {found['rows']:,} | {found['seconds']:.1f} | {rate:,.0f} | {ratio:.1f} |"
        f" {found['peak_mb']:.0f} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
