"""Which of several orders stay meant, once goods were named in some of them.

Goods of one order never make all of another go: "cancel the beginner one and one of the art ones", in two orders.
"""

from __future__ import annotations

from actions.changes.reading import Reader


def settle_orders(reader: Reader) -> None:
    """Takes the one line that may be meant in an order of which none is taken yet."""
    request = reader.request
    if len(request.orders) < 2 or not request.lines or reader.kind.lines == "none":
        return
    for number in request.orders:
        if not request.lines_of(number):
            may_be = [key for key in reader.line_choices if key.rpartition("/")[0] == number]
            if len(may_be) == 1:
                request.lines[may_be[0]] = None
    reader.line_choices = [key for key in reader.line_choices if key not in request.lines]


def all_meant(reader: Reader) -> dict[str, int | None]:
    """The lines that a request is about so far: all of an order of which none is named."""
    request = reader.request
    every: dict[str, int | None] = {}
    for number in request.orders:
        of_order = {key: count for key, count in request.lines.items() if key.rpartition("/")[0] == number}
        every |= of_order or dict.fromkeys((line.key for line in reader.records.lines(number)), None)
    return every


__all__ = ["all_meant", "settle_orders"]
