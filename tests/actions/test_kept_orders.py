"""Of several orders that go, one stays by what is in it; what only sounds like that."""

from __future__ import annotations

import pytest

from actions.changes.steps.others_than_kept import keeps_said


@pytest.mark.parametrize(
    "said",
    [
        "keep the one with the lamp",
        "no keep the order with the lamp",
        "leave the one with the lamp alone",
        "don't cancel the one with the lamp",
        "留下有台灯的那单",
        "别取消有台灯的那单",
        "有台灯的那单不要取消",
    ],
)
def test_it_stays(said: str) -> None:
    assert keeps_said(said)


@pytest.mark.parametrize(
    "said",
    [
        "I don't need to keep the order with the lamp",
        "can't keep the one with the lamp",
        "I won’t keep the one with the lamp",
        "no reason to keep the order with the lamp",
        "leave the one with the mug on the porch",
        "取消那单留下的杯子",
        "有台灯的那单没必要留",
        "那单别留了",
    ],
)
def test_it_does_not_stay(said: str) -> None:
    assert not keeps_said(said)
