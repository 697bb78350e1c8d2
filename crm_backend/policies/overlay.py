"""Values laid over the shop's policies: which rules there are, reading a value that somebody wrote, the whole anew."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, TypeAliasType, Union, get_args, get_origin

import annotated_types
import yaml
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from crm_backend.policies.document import DocumentError, parse_document
from crm_backend.policies.policy import Policies
from crm_backend.policies.section import Section
from shopdesk_schemas.policy_editing import FieldKind
from shopdesk_schemas.problems import FieldProblem

SECTIONS = (
    "cancellation",
    "modification",
    "returns",
    "claims",
    "payments",
    "goodwill",
    "shipping",
    "invoices",
    "ordering",
    "stores",
    "products",
    "cases",
    "help",
)
"""What can be changed while the shop runs. How people prove who they are, keys to personal data, and what analyses and
the shop's identity rest on stay in the file, which its owner changes.
"""


@dataclass(frozen=True)
class Rule:
    """One rule of the schema. `path` is what it is called: `returns.terms.window_days`."""

    path: str
    kind: FieldKind
    description: str
    choices: tuple[str, ...]
    least: float | None
    most: float | None
    optional: bool


class ValueProblems(ValueError):
    """Values that cannot hold, by path."""

    def __init__(self, problems: list[FieldProblem]) -> None:
        super().__init__("; ".join(f"{one.field}: {one.message}" for one in problems))
        self.problems = problems


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule that can be changed, by path, section by section in the schema's order."""
    found = [rule for name in SECTIONS for rule in _rules(name, Policies.model_fields[name])]
    return {rule.path: rule for rule in found}


def value_at(policies: Policies, path: str) -> Any:
    """A value in force, as plain data."""
    found: Any = policies.model_dump(mode="json", include={path.split(".")[0]}, exclude_none=False)
    for part in path.split("."):
        found = found[part]
    return found


def as_text(rule: Rule, value: Any) -> str:
    """A value as it is written in a form: empty for none."""
    if value is None:
        return ""
    if rule.kind == "text":
        return str(value)
    if rule.kind == "yaml":
        return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, default_flow_style=None, width=100).strip()
    return str(value).lower() if isinstance(value, bool) else str(value)


def read_value(rule: Rule, text: str) -> Any:
    """What somebody wrote, as plain data. Raises ValueProblems for YAML that is none."""
    clean = text.replace("\r\n", "\n").strip()
    if not clean and (rule.optional or rule.kind != "text"):
        return None
    if rule.kind in ("text", "choice"):
        return clean
    try:
        return parse_document(clean).content
    except DocumentError as error:
        problem = FieldProblem(
            field=rule.path, message=f"line {error.line}: {error}", code="yaml", values={"line": error.line}
        )
        raise ValueProblems([problem]) from error


def laid_over(base: Policies, values: Mapping[str, Any]) -> Policies:
    """The policies with values in the place of the file's. Raises ValueProblems that name the rules."""
    content = base.model_dump(mode="json", exclude_unset=True)
    for path, value in values.items():
        *parents, last = path.split(".")
        at, there = content, base
        for part in parents:
            there = getattr(there, part)
            # What the file leaves out is as the schema has it for this place, not as for any section of its kind.
            at = at.setdefault(part, there.model_dump(mode="json", exclude_unset=True))
        at[last] = value
    try:
        return Policies.model_validate(content)
    except ValidationError as error:
        raise ValueProblems([_problem(one, values) for one in error.errors()]) from error


def _problem(error: Any, values: Mapping[str, Any]) -> FieldProblem:
    where = ".".join(str(part) for part in error["loc"])
    # The rule that was written, or the section whose rules do not fit each other.
    field = max((path for path in values if where == path or where.startswith(f"{path}.")), key=len, default=where)
    inside = where[len(field) + 1 :] if where.startswith(f"{field}.") else ""
    message = error["msg"].removeprefix("Value error, ")
    known = {name: one for name, one in error.get("ctx", {}).items() if isinstance(one, str | int)}
    return FieldProblem(
        field=field, message=f"{inside}: {message}" if inside else message, code=error["type"], values=known
    )


def _rules(path: str, field: FieldInfo) -> Iterator[Rule]:
    annotation, constraints, optional = _plain(field.annotation, [*field.metadata])
    if isinstance(annotation, type) and issubclass(annotation, Section):
        for name, inner in annotation.model_fields.items():
            yield from _rules(f"{path}.{name}", inner)
        return
    kind: FieldKind = "yaml"
    choices: tuple[str, ...] = ()
    if get_origin(annotation) is Literal and all(isinstance(one, str) for one in get_args(annotation)):
        kind, choices = "choice", get_args(annotation)
    elif annotation in _KINDS:
        kind = _KINDS[annotation]
    least = next((float(one.ge) for one in constraints if isinstance(one, annotated_types.Ge)), None)  # type: ignore[arg-type]
    most = next((float(one.le) for one in constraints if isinstance(one, annotated_types.Le)), None)  # type: ignore[arg-type]
    yield Rule(path, kind, field.description or "", choices, least, most, optional)


_KINDS: Mapping[Any, FieldKind] = {bool: "yes_no", int: "whole", float: "number", str: "text"}


def _plain(annotation: Any, constraints: list[Any]) -> tuple[Any, list[Any], bool]:
    """The type beneath Annotated, aliases and `| None`; its constraints; whether it may be None."""
    optional = False
    while True:
        if isinstance(annotation, TypeAliasType):
            annotation = annotation.__value__
        elif get_origin(annotation) is Annotated:
            annotation, *more = get_args(annotation)
            for one in more:
                constraints += one.metadata if isinstance(one, FieldInfo) else [one]
        elif get_origin(annotation) in (Union, types.UnionType) and type(None) in get_args(annotation):
            optional = True
            others = [one for one in get_args(annotation) if one is not type(None)]
            if len(others) != 1:
                return annotation, constraints, optional
            annotation = others[0]
        else:
            return annotation, constraints, optional
