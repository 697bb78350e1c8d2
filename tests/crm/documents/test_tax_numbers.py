"""Tax numbers by their countries' own rules."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crm_backend.documents.tax_numbers import cleaned, is_tax_number


@pytest.mark.parametrize(
    ("country", "number"),
    [
        ("CN", "91350100M000100Y43"),  # GB 32100-2015, its own example
        ("CN", "9135 0100 m000 100y43"),
        ("CN", "９１３５０１００Ｍ０００１００Ｙ４３"),
        ("CN", "310104789012345"),
        ("GB", "GB 980 7806 84"),
        ("GB", "123456782"),
        ("BR", "11.222.333/0001-81"),
        ("DE", "DE 136 695 976"),
    ],
)
def test_good_ones(country: str, number: str) -> None:
    assert is_tax_number(cleaned(number), country)


@pytest.mark.parametrize(
    ("country", "number"),
    [
        ("CN", "91350100M000100Y44"),
        ("CN", "91350100I000100Y43"),
        ("CN", "13800138000"),
        ("CN", "个人"),
        ("GB", "980780685"),
        ("GB", "12345"),
        ("BR", "11.222.333/0001-82"),
        ("BR", "00000000000000"),
        ("DE", "?"),
    ],
)
def test_bad_ones(country: str, number: str) -> None:
    assert not is_tax_number(cleaned(number), country)


@given(st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_one_wrong_character_of_a_social_credit_code_never_passes(place: int, character: str) -> None:
    good = "91350100M000100Y43"
    assume(good[place] != character)
    assert not is_tax_number(good[:place] + character + good[place + 1 :], "CN")
