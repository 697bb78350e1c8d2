"""Money that goes where it was said for some goods goes there for those alone."""

from __future__ import annotations

from actions.changes.reading import Reader
from actions.changes.request import ChangeRequest
from actions.resolver import resolve_lines

_NAMED = frozenset({"name", "near_name", "category"})


def names_other_goods(reader: Reader, clause: str) -> bool:
    """Whether a clause names goods, none of which the request is about: "the gift card was for the mug"."""
    request, records = reader.request, reader.records
    lines = [line for number in request.orders if records.known(number) for line in records.lines(number)]
    if not request.lines or not lines:
        return False
    found = resolve_lines(clause, lines, today=records.today)
    named = {match.candidate.key for match in found.matches if any(each.kind in _NAMED for each in match.reasons)}
    return bool(named) and not named & request.lines.keys()


def keep_money_with_goods(request: ChangeRequest) -> None:
    """Forgets where money was to go once the request is about other goods than it was said for."""
    if request.refund_target is None or not request.lines:
        return
    if request.refund_for and not set(request.refund_for) & request.lines.keys():
        request.refund_target, request.refund_for = None, []
        return
    request.refund_for = [*request.lines]
