"""A record read from a row: each column by its type, then what they must be to each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any

from crm_backend.pipeline.canonical.columns import DEFAULT_SOURCE, Record, RecordType
from crm_backend.pipeline.canonical.values import EXPECTED, PARSERS, BadValue, is_card_number


def _check_return(record: Record) -> None:
    if record["refund_minor"] and record["charge_minor"]:
        raise BadValue("charge_minor", "and refund_minor are both given")


def _check_return_line(record: Record) -> None:
    if record["accepted_quantity"] is not None and record["accepted_quantity"] > record["quantity"]:
        raise BadValue("accepted_quantity", "is more than quantity")


def _check_claim(record: Record) -> None:
    for line, quantity in record["quantities"].items():
        if not line.isdecimal() or not isinstance(quantity, int) or isinstance(quantity, bool) or quantity < 1:
            raise BadValue("quantities", "is not a count by line number")


def _check_line(record: Record) -> None:
    gone = (record["cancelled_quantity"] or 0) + (record["returned_quantity"] or 0)
    if gone > record["quantity"]:
        raise BadValue("quantity", "is less than cancelled_quantity and returned_quantity together")


_CHECKS: Mapping[str, Callable[[Record], None]] = {
    "order_lines": _check_line,
    "returns": _check_return,
    "return_lines": _check_return_line,
    "claims": _check_claim,
}
"""What the columns of one record must be to each other."""


def parse_record(
    kind: RecordType, row: Mapping[str, Any], *, source: str = DEFAULT_SOURCE, zone: tzinfo | None = None
) -> Record:
    """A record from a CSV row or JSON object.

    `source` stands in where the row names none. Times without an offset are read in `zone`. Raises BadValue naming
    the first column that cannot be read, is missing, or holds a word outside its list. Unknown columns are left out.
    """
    record: Record = {}
    for column in kind.columns:
        value = row.get(column.name)
        if value is None or value == "":
            if column.required:
                raise BadValue(column.name, "is missing")
            if column.name == "source":
                record["source"] = source
            else:
                default = column.default
                record[column.name] = dict(default) if isinstance(default, dict) else default
            continue
        try:
            parsed = PARSERS[column.type](value, zone)
        except (ValueError, TypeError, OverflowError) as error:
            reason = str(error)
            known = reason.startswith(("is ", "has ", "holds "))
            raise BadValue(column.name, reason if known else EXPECTED.get(column.type, "is not valid text")) from error
        if column.choices and parsed not in column.choices:
            raise BadValue(column.name, f"is none of {', '.join(column.choices)}")
        if column.minimum is not None and parsed < column.minimum:
            raise BadValue(column.name, f"is less than {column.minimum}")
        if column.maximum is not None and parsed > column.maximum:
            raise BadValue(column.name, f"is more than {column.maximum}")
        if column.length is not None and len(parsed) != column.length:
            raise BadValue(column.name, f"is not {column.length} characters long")
        if column.not_a_card_number and is_card_number(parsed):
            raise BadValue(column.name, "is a card number; give the payment provider's token")
        record[column.name] = parsed
    check = _CHECKS.get(kind.name)
    if check is not None:
        check(record)
    return record
