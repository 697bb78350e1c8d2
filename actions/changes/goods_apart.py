"""Goods that go by a request of their own: those with another reason, and those that another change is wanted for."""

from __future__ import annotations

from collections.abc import Collection

from actions.changes.faults import without_denied_faults
from actions.changes.kind import ChangeKind
from actions.changes.kinds import KINDS
from actions.changes.reading import Reader
from actions.changes.reasons_apart import words_about
from actions.changes.request import ChangeRequest, Remark, all_left
from actions.resolver import LineRequest, resolve_reason


def tell_reasons_apart(reader: Reader) -> None:
    """Each thing has its own reason, which decides who pays; things of another one go back by themselves."""
    request = reader.request
    if not request.lines or request.whole or not reader.kind.reasons(reader.records.policies):
        return
    reasons = {key: _reason_for(reader, {key}, reader.kind) for key in request.lines}
    if reader.kind.key != "return" or len(request.lines) < 2 or None in reasons.values():
        request.reason = _reason_for(reader, request.lines, reader.kind)
        return
    first = next(iter(reasons.values()))
    for reason in dict.fromkeys(each for each in reasons.values() if each != first):
        lines = {key: request.lines[key] for key, why in reasons.items() if why == reason}
        further = ChangeRequest(
            kind=reader.kind.key,
            origin=f"{request.origin}:{len(request.then) + 1}",
            text="",
            orders=[next(iter(lines)).rpartition("/")[0]],
            lines=lines,
            reason=reason,
            refund_target=request.refund_target,
        )
        request.then.append(further.as_slot())
    request.lines = {key: quantity for key, quantity in request.lines.items() if reasons[key] == first}
    request.reason = first


def take_elsewhere(reader: Reader, wish: LineRequest) -> None:
    """A line that another kind is wanted for by its condition: a request of its own, afterwards."""
    kind = next((kind for kind in KINDS if kind.wish == wish.wish), None)
    lines = {
        match.candidate.key: all_left(match.candidate, wish.quantity if match.quantity is None else match.quantity)
        for match in wish.lines.matches
    }
    if kind is None or not lines or not wish.lines.sure:
        return
    number = next(iter(lines)).rpartition("/")[0]
    further = ChangeRequest(
        kind=kind.key,
        origin=f"{reader.request.origin}:{len(reader.request.then) + 1}",
        # What the lines become was not read for this kind.
        text=reader.request.text if kind.swaps and not reader.kind.swaps else "",
        orders=[number],
        lines=dict(lines),
        reason=_reason_for(reader, lines, kind),
        refund_target=reader.request.refund_target,
    )
    failed = {key: wanted for key, wanted in reader.failed.items() if key in lines and wanted}
    further.remarks += [Remark("unavailable", {"line": key, "wanted": wanted}) for key, wanted in failed.items()]
    reader.request.then.append(further.as_slot())
    reader.elsewhere = True


def _reason_for(reader: Reader, keys: Collection[str], kind: ChangeKind) -> str | None:
    """Why, by what was said of these lines; what the request has where nothing else was spoken of."""
    text, lines = reader.said_of
    text = without_denied_faults(text)
    offered, known = kind.reasons(reader.records.policies), reader.request.reason
    whole = resolve_reason(text, offered)
    about = words_about(text, keys, lines, today=reader.records.today) if whole.matches else None
    if about is None:
        return known if known in offered else None
    why = resolve_reason(about, offered)
    if why.status == "one":
        return why.first
    of_others = whole.status == "one" and whole.first == known
    return None if of_others or known not in offered else known


def take_apart(reader: Reader) -> None:
    """Takes the lines that were named in several orders: those of the first now, the others after it."""
    request = reader.request
    orders = list(dict.fromkeys(match.candidate.order for match in reader.apart))
    if orders[:1] != request.orders or len(orders) < 2:
        return
    request.lines, request.whole, reader.line_choices = _lines_apart(reader, orders[0]), False, []
    request.targets = {key: sku for key, sku in request.targets.items() if key in request.lines}
    for number in orders[1:]:
        further = ChangeRequest(
            kind=request.kind,
            origin=f"{request.origin}:{len(request.then) + 1}",
            text=request.text if reader.kind.swaps else "",
            orders=[number],
            lines=_lines_apart(reader, number),
            reason=request.reason,
            refund_target=request.refund_target,
        )
        request.then.append(further.as_slot())
    reader.apart = []


def share_reason(request: ChangeRequest) -> None:
    """What was named together in several orders goes back for the same reason, and its money the same way."""
    for each in request.then:
        if each["kind"] == request.kind and str(each["origin"]).startswith(f"{request.origin}:"):
            each["reason"] = each["reason"] or request.reason
            each["refund_target"] = each["refund_target"] or request.refund_target


def _lines_apart(reader: Reader, number: str) -> dict[str, int | None]:
    return {
        match.candidate.key: all_left(match.candidate, match.quantity)
        for match in reader.apart
        if match.candidate.order == number
    }
