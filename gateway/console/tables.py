"""Tables that leave the console as files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from starlette.responses import Response

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_file(name: str, heads: Sequence[str], lines: Iterable[Sequence[object]]) -> Response:
    """The table as CSV in UTF-8 with a byte order mark, by which spreadsheets know it.

    Text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    written = io.StringIO()
    csv.writer(written).writerows([heads, *([_cell(one) for one in line] for line in lines)])
    return Response(
        b"\xef\xbb\xbf" + written.getvalue().encode(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _cell(value: object) -> object:
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
