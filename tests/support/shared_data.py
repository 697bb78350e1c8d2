"""The real data that tests read when it is there: `SHOPDESK_SHARED_DATA`, by default `../shared/data`.

Where a data set is absent, its tests run on generated files of the same shape, and the test summary says so.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.support.order_files import write_invoice_lines, write_marketplace

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class OrderFiles:
    """A folder of order files, and whether they are the real ones."""

    folder: Path
    real: bool


_SETS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "marketplace": ("olist-orders-10k", write_marketplace),
    "invoice-lines": ("online-retail-ii-2009-2010", write_invoice_lines),
}


def shared_data() -> Path:
    """Where the real data would be."""
    return Path(os.environ.get("SHOPDESK_SHARED_DATA") or ROOT.parent / "shared" / "data")


def order_files(shape: str, scratch: Path) -> OrderFiles:
    """The real files of a shape, or generated ones in `scratch` where they are absent."""
    name, generate = _SETS[shape]
    folder = shared_data() / name
    if folder.is_dir():
        return OrderFiles(folder, real=True)
    scratch.mkdir(parents=True, exist_ok=True)
    generate(scratch)
    return OrderFiles(scratch, real=False)


def summary() -> str:
    """One line for the test summary."""
    missing = [name for name, _generate in _SETS.values() if not (shared_data() / name).is_dir()]
    if not missing:
        return f"shared data: real order files in {shared_data()}"
    return (
        f"shared data: {' and '.join(missing)} not in {shared_data()}; tests ran on generated files of the same shape"
    )


def pytest_report_header() -> str:
    """Say at the start which data the tests run on."""
    return summary()


def pytest_terminal_summary(terminalreporter: object) -> None:
    """Say it again at the end, where people look."""
    write_line = getattr(terminalreporter, "write_line", None)
    if write_line is not None:
        write_line(summary())
