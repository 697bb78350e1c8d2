"""The forms in which numbers, addresses and names are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_backend.normalise import (
    clean_text,
    email_key,
    number_key,
    phone_key,
    postcode_key,
    postcode_matches,
    restore_postcode,
    sku_key,
    tracking_key,
)


@pytest.mark.parametrize("typed", ["SD-10023", "sd10023", "#SD 10023", "ＳＤ－１００２３", " sd_10023 ", "SD–10023"])
def test_one_order_number_has_one_key_however_it_is_typed(typed: str) -> None:
    assert number_key(typed) == "SD10023"


def test_a_number_without_letters_and_digits_has_an_empty_key() -> None:
    assert number_key(" #- ") == ""
    assert tracking_key(" #- ") is None
    assert tracking_key(None) is None


def test_stock_codes_differ_by_punctuation_but_not_by_case() -> None:
    assert sku_key(" 85123a ") == sku_key("85123A")
    assert sku_key("A-1") != sku_key("A1")


def test_email_is_compared_in_lower_case() -> None:
    assert email_key("  Ann.Lee@Example.COM ") == "ann.lee@example.com"
    assert email_key("ann＠example.com") == "ann@example.com"
    assert email_key("  ") is None


@pytest.mark.parametrize(
    ("phone", "country", "key"),
    [
        ("020 7946 0018", "GB", "+442079460018"),
        ("+44 20 7946 0018", None, "+442079460018"),
        ("(11) 91234-5678", "BR", "+5511912345678"),
        ("138 0013 8000", "CN", "+8613800138000"),
        ("１３８００１３８０００", "CN", "+8613800138000"),
        ("12", "GB", "12"),
        ("ext. 7", None, "7"),
        ("none", "GB", None),
        (None, "GB", None),
    ],
)
def test_phone_numbers_are_compared_in_e164(phone: str | None, country: str | None, key: str | None) -> None:
    assert phone_key(phone, country) == key


@pytest.mark.parametrize(
    ("postcode", "country", "restored"),
    [
        ("4571", "BR", "04571"),
        ("4571.0", "BR", "04571"),
        ("18682", "BR", "18682"),
        ("1310100", "BR", "01310100"),
        ("501", "US", "00501"),
        (" sw1a  1aa ", "GB", "sw1a 1aa"),
        ("1010", "AT", "1010"),
        ("4571", None, "4571"),
        ("", "BR", None),
    ],
)
def test_dropped_leading_zeros_are_restored(postcode: str, country: str | None, restored: str | None) -> None:
    assert restore_postcode(postcode, country) == restored


@pytest.mark.parametrize(
    ("typed", "kept", "country", "same"),
    [
        ("04571-020", "04571", "BR", True),
        ("4571", "04571", "BR", True),
        ("04571", "04571020", "BR", False),
        ("04572-020", "04571", "BR", False),
        ("sw1a1aa", "SW1A 1AA", "GB", True),
        ("SW1A", "SW1A 1AA", "GB", False),
        ("１００００８", "100008", "CN", True),
        ("94105-1234", "94105", "US", True),
        ("94105", "94105-1234", "US", True),
        ("04571", None, "BR", False),
        ("-", "-", "BR", False),
    ],
)
def test_a_shoppers_postcode_is_compared_with_the_record(
    typed: str, kept: str | None, country: str, same: bool
) -> None:
    assert postcode_matches(typed, kept, country) is same


@given(st.text())
def test_keys_are_stable(text: str) -> None:
    assert number_key(number_key(text)) == number_key(text)
    assert sku_key(sku_key(text)) == sku_key(text)
    assert clean_text(clean_text(text)) == clean_text(text)
    assert postcode_key(postcode_key(text, "BR"), "BR") == postcode_key(text, "BR")
