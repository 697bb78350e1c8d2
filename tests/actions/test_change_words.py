"""Whatever key the CRM can answer with has words in both languages."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from actions.changes.kinds import KINDS
from actions.wording import LANGUAGES, Wording
from crm_backend.changes.kinds import BY_NAME
from crm_backend.orders.readdressing import AddressDetails
from crm_backend.payments.charges import Explanation
from crm_backend.policies.cancellation import Cancellation
from crm_backend.policies.returns import Condition, Method, Returns
from shopdesk_schemas.crm import OrderState
from tests.actions.shop import NOW

CRM = Path(__file__).resolve().parents[2] / "crm_backend"

TOPICS = ("orders", "returns", "payments", "products", "shipments", "account", "privacy", "reviews")
"""Packages in which the rules of these changes are written."""

EXPANDED = {
    "name": [name for name in AddressDetails.model_fields if name not in ("order",)],
    "method": get_args(Method),
    "condition": get_args(Condition),
    "other": ("original", "gift_card"),
    "policy.refund_when": ("approved", "received", "inspected"),
    "rules.ship": ("at_once", "received", "inspected"),
    "resolution": ("trace", "refund", "resend"),
    "way": ("trace", "refund", "resend"),
    "details.problem": ("late", "lost", "damaged", "missing_item", "wrong_item", "not_received"),
    "payment.state": ("authorised", "captured", "failed", "cancelled", "unknown"),
    "explanation": get_args(Explanation),
}
"""What stands in the braces of keys that are put together, by the expression there."""


def _modules() -> list[Path]:
    """The CRM's modules that can have a say in the changes that the assistant proposes."""
    waiting = {type(BY_NAME[kind.name]).__module__ for kind in KINDS if kind.name}
    seen: set[str] = set()
    while waiting:
        module = waiting.pop()
        seen.add(module)
        tree = ast.parse(_path(module).read_text(encoding="utf-8"))
        imported = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
        for node in imported:
            assert node.module is not None
            within = {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
            waiting |= {each for each in within if each.split(".")[1:2] and each.split(".")[1] in TOPICS} - seen
        waiting = {each for each in waiting if _path(each).is_file()}
    return sorted(_path(module) for module in seen)


def _path(module: str) -> Path:
    return CRM.parent / Path(*module.split(".")).with_suffix(".py")


def _calls(*names: str) -> Iterator[tuple[str, ast.Call]]:
    for path in _modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                yield path.name, node


def _texts(node: ast.expr) -> Iterator[str]:
    """The strings that an expression can be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        parts: list[tuple[str, ...]] = []
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                parts.append(tuple(EXPANDED[ast.unparse(part.value)]))
            else:
                assert isinstance(part, ast.Constant)
                parts.append((str(part.value),))
        yield from ("".join(each) for each in itertools.product(*parts))


def _rules() -> set[str]:
    rules = {text for _, call in _calls("Refusal") for text in _texts(call.args[0])}
    verdicts = [call for name, call in _calls("no", "Verdict") if name == "rules.py"]
    return (rules | {text for call in verdicts for text in _texts(call.args[0])}) - {""}


def _keys() -> set[str]:
    offered = (keyword.value for _, call in _calls("OfferLine") for keyword in call.keywords if keyword.arg == "key")
    return {text for value in offered for text in _texts(value)}


@pytest.fixture(params=LANGUAGES)
def wording(request: pytest.FixtureRequest) -> Wording:
    return Wording(request.param, NOW)


def test_every_rule_that_refuses_has_words(wording: Wording) -> None:
    rules = _rules()
    assert {"already_dispatched", "window_over", "payment_method_needed"} <= rules
    assert {rule for rule in rules if not wording.has(f"changes.rule.{rule}")} == set()


def test_every_line_note_and_alternative_has_words(wording: Wording) -> None:
    keys = _keys()
    assert {"line_cancelled", "refund_takes_days", "choose_variant", "city_changed"} <= keys
    sections = ("line", "note", "alternative")
    wordless = {key for key in keys if not any(wording.has(f"changes.{section}.{key}") for section in sections)}
    assert wordless == set()


def test_every_code_of_the_usual_policies_has_words(wording: Wording) -> None:
    reasons = {*Cancellation().reasons, *Returns().reasons, *Returns().warranty.reasons}
    assert {reason for reason in reasons if not wording.has(f"changes.code.reason.{reason}")} == set()
    assert {state for state in get_args(OrderState) if not wording.has(f"changes.code.state.{state}")} == set()


def test_every_kind_says_what_it_did(wording: Wording) -> None:
    done = {kind.name: f"changes.done.{kind.name.replace('.', '_')}" for kind in KINDS if kind.name}
    assert {name for name, key in done.items() if not wording.has(key)} == set()
