"""When a claim begins, and when it is dropped: only words for a fault, or a very sure model, begin one."""

from __future__ import annotations

import pytest

from actions.changes.faults import begins_claim, denies_fault, instead_of_claim, says_fault, without_denial
from actions.changes.kinds import BY_INTENT
from actions.resolver import resolve_reason

_REASONS = (
    "changed_mind",
    "does_not_fit",
    "faulty",
    "stopped_working",
    "damaged",
    "wrong_item",
    "arrived_late",
    "other",
)


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("report_damaged", "the lid of the teapot is cracked"),
        ("report_damaged", "it came all bashed up"),
        ("report_defect", "the kettle stopped working"),
        ("report_defect", "my watch loses ten minutes a day"),
        ("report_wrong_item", "you sent me the wrong colour"),
        ("report_missing_item", "the charger wasn't in the box"),
        ("report_double_charge", "I was charged twice for the rug"),
        ("report_damaged", "杯子碎了一个"),
        ("report_wrong_item", "颜色发错了"),
        ("report_missing_item", "少了一个枕头"),
        ("report_double_charge", "这单扣了两次钱"),
    ],
)
def test_a_fault_begins_a_claim(intent: str, text: str) -> None:
    assert begins_claim(BY_INTENT[intent], text, 0.97)


@pytest.mark.parametrize(
    ("intent", "text", "sureness", "instead"),
    [
        ("report_defect", "I'd like to return the fan, it is too loud", 0.95, "return"),
        ("report_wrong_item", "i ordered that by mistake", 0.89, "return"),
        ("report_damaged", "three green mugs arrived a while ago", 0.98, None),
        ("report_damaged", "two rugs by accident, should be one", 0.65, "change_items"),
        ("report_missing_item", "not all the orders, just the two mugs", 0.58, None),
        ("report_wrong_item", "can I have the scarf in grey instead", 0.95, "exchange"),
        ("report_defect", "吹风机声音太大，不想要了", 0.95, "return"),
    ],
)
def test_what_is_said_of_no_fault_begins_none(intent: str, text: str, sureness: float, instead: str | None) -> None:
    assert not begins_claim(BY_INTENT[intent], text, sureness)
    assert instead_of_claim(text) == instead


@pytest.mark.parametrize(
    ("intent", "text", "rest"),
    [
        ("report_defect", "it's not broken, I want to send it back", "I want to send it back"),
        ("report_wrong_item", "nothing wrong came", ""),
        ("report_wrong_item", "forget the wrong item thing", ""),
        ("report_missing_item", "nothing is missing", ""),
        ("report_double_charge", "no order was charged twice, forget that", ""),
        ("report_damaged", "没坏，就是不想要了", "就是不想要了"),
        ("report_wrong_item", "没发错", ""),
        ("report_damaged", "不是破损啊，就是不防水而已", "啊，就是不防水而已"),
        ("report_damaged", "没破，鞋子是好的。我要换货，不是报破损", "鞋子是好的。我要换货"),
        ("report_damaged", "nothing's broken, I want to exchange them", "I want to exchange them"),
    ],
)
def test_a_fault_that_is_denied(intent: str, text: str, rest: str) -> None:
    assert denies_fault(BY_INTENT[intent], text)
    assert without_denial(text) == rest


@pytest.mark.parametrize(
    ("intent", "text"),
    [("report_damaged", "no, the lid is broken"), ("report_defect", "it doesn't work"), ("report_missing_item", "里面没有说明书，少了一个")],  # noqa: E501
)  # fmt: skip
def test_a_fault_that_is_not_denied(intent: str, text: str) -> None:
    kind = BY_INTENT[intent]
    assert says_fault(kind, text)
    assert not denies_fault(kind, text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("it is too loud", "changed_mind"),
        ("烧水太慢，不想要了", "changed_mind"),
        ("doesn't suit me", "changed_mind"),
        ("it came too late", "arrived_late"),
        ("送太慢了", "arrived_late"),
    ],
)
def test_what_is_no_fault_is_an_ordinary_reason(text: str, reason: str) -> None:
    assert resolve_reason(text, _REASONS).first == reason
