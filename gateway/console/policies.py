"""`/console/policies`: the shop's rules as they hold, and for leads changing them while the shop runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Form, Path
from starlette.responses import Response

from gateway.console.asked import FormTurnId, TurnId, saved_at
from gateway.console.forms import Csrf, Saved, Version, line, lines, status_of
from gateway.console.rendering import Console, ConsoleRequest, Visitor, see_other
from gateway.errors import UpstreamRejected
from gateway.review import repository
from shopdesk_schemas.policy_editing import (
    MAX_TEXT,
    PolicyChange,
    PolicyField,
    PolicyPreview,
    PolicyRestore,
    PolicySectionView,
)
from shopdesk_schemas.problems import FieldProblem

Section = Annotated[str, Path(pattern=r"^[a-z_]{1,40}$")]

_TOPICS: Final[Sequence[tuple[str, str]]] = (
    ("invoice", "invoices"),
    ("goodwill", "goodwill"),
    ("claim", "claims"),
    ("late", "claims"),
    ("missing", "claims"),
    ("damaged", "claims"),
    ("return", "returns"),
    ("exchange", "returns"),
    ("warranty", "returns"),
    ("repair", "returns"),
    ("refund", "returns"),
    ("cancel", "cancellation"),
    ("address", "cancellation"),
    ("price", "payments"),
    ("voucher", "payments"),
    ("point", "payments"),
    ("pay", "payments"),
    ("reserv", "stores"),
    ("alternative", "products"),
    ("place_order", "ordering"),
    ("reorder", "ordering"),
    ("buy", "ordering"),
    ("modify", "modification"),
    ("change_item", "modification"),
    ("shipping", "shipping"),
    ("delivery", "shipping"),
)
"""What a part of an intent's or an action's name says of the section whose rules applied; the first that is met."""

CLAIMS: Final = ("late", "lost", "damaged", "missing_item", "wrong_item", "not_received")
"""Kinds of claim, whose rules have one set of names."""

router = APIRouter(prefix="/policies")
"""The pages. Everybody reads, leads change."""


async def _applied(console: Console, turn_id: str) -> str | None:
    """The section whose rules a reviewed message met, as far as its names say it."""
    if not turn_id:
        return None
    async with console.services.database.read() as session:
        found = await repository.turn_of(session, turn_id)
    if found is None:
        return None
    turn = found[0]
    names = [str(one.get("name") or "") for one in reversed(turn.actions or [])]
    names.append(str((turn.understanding or {}).get("intent", {}).get("name") or ""))
    return next((section for part, section in _TOPICS for name in names if part in name), None)


async def _list_page(console: Console, visitor: Visitor, turn_id: str, problem: str = "") -> Response:
    found = await console.services.staff.policies(visitor.staff)
    said = console.texts("policies")
    return console.page(
        "policies.html", visitor, status=409 if problem else 200, r=said, found=found, turn_id=turn_id,
        applied=await _applied(console, turn_id), leads=visitor.leads, problem=problem,
        label=lambda path: label(said, path), shown=lambda path, text: shown(said, path, text),
    )  # fmt: skip


@router.get("")
async def show_all(console: ConsoleRequest, turn_id: TurnId = "") -> Response:
    """The sections of the rules and their versions."""
    visitor = await console.signed_in()
    return await _list_page(console, visitor, turn_id)


@router.post("/restore")
async def restore(
    console: ConsoleRequest,
    csrf: Csrf = "",
    version: Version = 0,
    to: Version = 0,
) -> Response:
    """Go back to an earlier version of all rules."""
    visitor = await console.lead(csrf)
    try:
        await console.services.staff.restore_policies(visitor.staff, PolicyRestore(version=version, restore=to))
    except UpstreamRejected as error:
        if error.status not in {404, 409, 422}:
            raise
        return await _list_page(console, visitor, "", "unusable" if error.status == 422 else "stale")
    await console.audit(visitor, "policies.restore", version=to)
    return see_other("/console/policies")


async def _section_page(
    console: Console, visitor: Visitor, name: str, turn_id: str, *, written: Mapping[str, str] | None = None,
    version: int | None = None, remark: str = "", problems: Sequence[FieldProblem] = (), problem: str = "",
    preview: PolicyPreview | None = None, previewed: str = "", saved: bool = False,
) -> Response:  # fmt: skip
    view = await console.services.staff.policy_section(visitor.staff, name)
    said = console.texts("policies")
    wrong = {one.field.removeprefix("body.values."): _in_words(said, one) for one in problems}
    known = {one.path for one in view.fields}
    return console.page(
        "policy_section.html", visitor, status=status_of(problem), r=said,
        view=view, version=view.version if version is None else version, turn_id=turn_id,
        values={one.path: (written or {}).get(one.path, one.text) for one in view.fields},
        wrong={path: text for path, text in wrong.items() if path in known},
        together=[text for path, text in wrong.items() if path not in known],
        problem=problem, preview=preview, previewed=previewed, saved=saved, remark=remark,
        leads=visitor.leads, longest=MAX_TEXT, groups=_groups(view), label=lambda path: label(said, path),
        group=lambda key: group(said, key), shown=lambda path, text: shown(said, path, text),
    )  # fmt: skip


@router.get("/{name}")
async def show_section(console: ConsoleRequest, name: Section, turn_id: TurnId = "", saved: Saved = False) -> Response:
    """The rules of one section."""
    visitor = await console.signed_in()
    return await _section_page(console, visitor, name, turn_id, saved=saved)


@router.post("/{name}")
async def change(
    console: ConsoleRequest, name: Section,
    csrf: Csrf = "",
    act: Annotated[Literal["preview", "save"], Form()] = "preview",
    version: Version = 0,
    remark: Annotated[str, Form(max_length=1000)] = "",
    previewed: Annotated[str, Form(max_length=64)] = "",
    turn_id: FormTurnId = "",
) -> Response:  # fmt: skip
    """Preview or save the rules of one section."""
    visitor = await console.lead(csrf)
    form = await console.request.form(max_fields=1000)
    written = {
        key: lines(value)[:MAX_TEXT]
        for key, value in form.items()
        if key.startswith(f"{name}.") and isinstance(value, str)
    }
    said = line(remark)[:500]
    again = partial(
        _section_page, console, visitor, name, turn_id, written=written, version=version, remark=said
    )  # fmt: skip
    values = _different(await console.services.staff.policy_section(visitor.staff, name), written)
    if not values:
        return await again(problem="nothing")
    wanted = PolicyChange(version=version, values=values, note=said)
    told = None
    try:
        # Only what was looked at is saved: whoever writes on after looking, or presses Enter, looks again.
        if act == "preview" or previewed != _digest(values):
            told = await console.services.staff.preview_policies(visitor.staff, wanted)
        else:
            await console.services.staff.save_policies(visitor.staff, wanted)
    except UpstreamRejected as error:
        if error.status == 409:
            return await again(problem="stale")
        if error.status == 422:
            return await again(problems=error.errors, problem="wrong")
        raise
    if told is not None:
        return await again(preview=told, previewed=_digest(values))
    await console.audit(visitor, "policies.save", turn_id=turn_id, rules=sorted(values))
    return saved_at(f"/console/policies/{name}", turn_id)


def label(said: Mapping[str, Any], path: str) -> str:
    """What a rule is called."""
    parts = path.split(".")
    if parts[0] == "claims" and len(parts) > 2:
        return f"{said[f'group_claims_{parts[1]}']}: {said['rule_claims_any_' + parts[2]]}"
    return str(said.get("rule_" + "_".join(parts), path))


def group(said: Mapping[str, Any], key: str) -> str:
    """What rules that stand together are called."""
    return str(said.get("group_" + key.replace(".", "_"), key))


def shown(said: Mapping[str, Any], path: str, text: str) -> str:
    """A value for reading."""
    if not text:
        return str(said["empty"])
    if text in ("true", "false"):
        return str(said["yes" if text == "true" else "no"])
    return str(said.get(f"choice_{text}", text))


def _groups(view: PolicySectionView) -> dict[str, list[PolicyField]]:
    """Rules by what they stand under; those of the section itself first, what is a list or the like last."""
    found: dict[str, list[PolicyField]] = {view.name: []}
    for one in sorted(view.fields, key=lambda one: one.kind == "yaml"):
        found.setdefault(one.path.rpartition(".")[0], []).append(one)
    return {key: fields for key, fields in found.items() if fields}


def _different(view: PolicySectionView, written: Mapping[str, str]) -> dict[str, str | None]:
    """Values that are to change; null where what is written is what the file says."""
    found: dict[str, str | None] = {}
    for one in view.fields:
        text = written.get(one.path)
        if text is None or text.strip() == one.text.strip():
            continue
        found[one.path] = None if text.strip() == one.file_text.strip() else text
    return found


def _digest(values: Mapping[str, str | None]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def _in_words(said: Mapping[str, Any], problem: FieldProblem) -> str:
    """Why a value cannot hold, in the reader's language where the reason is a known one."""
    words = said.get(f"wrong_{problem.code}")
    try:
        return str(words).format(**(problem.values or {})) if words else problem.message
    except KeyError:
        return problem.message
