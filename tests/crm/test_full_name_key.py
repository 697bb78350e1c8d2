"""What counts as a full name where orders are found by it."""

from __future__ import annotations

import pytest

from crm_backend.name_and_postcode import full_name_key


@pytest.mark.parametrize(
    "name",
    ["test test", "Guest Guest", "Test User", "guest checkout", "N/A N/A", "Mr. Test", "先生", "女士", "张先生",
     "先生先生", "测试测试", "匿名用户", "新会员", "用户8842", "李", "Mr Lee", "!", "", None],
)  # fmt: skip
def test_what_many_forms_hold_in_a_names_place_is_none(name: str | None) -> None:
    assert full_name_key(name) is None


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Guest, Edgar", "edgar guest"),
        ("Ms. Norma Null", "norma null"),
        ("Will Testa", "testa will"),
        ("新垣结衣", "新垣结衣"),
        ("老舍", "老舍"),
        ("程先生明", "程先生明"),
        ("欧阳娜", "欧阳娜"),
        ("林小雨女士", "林小雨女士"),
    ],
)
def test_a_full_name_stays_one_whatever_its_words_mean_elsewhere(name: str, key: str) -> None:
    assert full_name_key(name) == key
