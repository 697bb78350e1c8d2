"""Comparing what a shopper gives with what the records hold."""

from __future__ import annotations

import secrets
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from crm_backend.identity import proofs
from crm_backend.identity.keys import LookupKeys
from crm_backend.identity.proofs import Facts, last_digits, proves

POSTCODES = st.text(st.sampled_from("ABCXYZ0123456789"), min_size=3, max_size=8)
COUNTRIES = st.sampled_from(["GB", "BR", "US", "DE", "NL", None])


def _full_width(text: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character for character in text)


@given(POSTCODES, COUNTRIES, st.data())
def test_a_postcode_may_be_written_with_spaces_dashes_and_any_case(
    stored: str, country: str | None, data: st.DataObject
) -> None:
    separators = data.draw(st.lists(st.sampled_from(["", " ", "-"]), min_size=len(stored), max_size=len(stored)))
    written = "".join(f"{character}{separator}" for character, separator in zip(stored, separators, strict=True))
    for form in (written, written.lower(), _full_width(written), f"  {written} "):
        assert proves("postcode", form, Facts(postcodes=[(stored, country)]), ())


@given(POSTCODES, POSTCODES)
def test_another_postcode_proves_nothing(left: str, right: str) -> None:
    assert proves("postcode", left, Facts(postcodes=[(right, "GB")]), ()) == (left == right)


@given(st.integers(0, 99_999_999), st.integers(0, 99_999_999))
def test_a_brazilian_prefix_decides_for_whole_codes(whole: int, other: int) -> None:
    stored = f"{whole:08}"[:5]
    facts = Facts(postcodes=[(stored, "BR")])
    assert proves("postcode", f"{whole:08}", facts, ())
    assert proves("postcode", f"{whole:08}"[:5] + "-" + f"{whole:08}"[5:], facts, ())
    assert proves("postcode", stored, facts, ())
    assert proves("postcode", f"{other:08}", facts, ()) == (f"{other:08}"[:5] == stored)


@given(st.text(max_size=30))
def test_nothing_on_record_is_proved_by_nothing(given_text: str) -> None:
    kinds: list[Any] = ["postcode", "email", "phone_last4"]
    for kind in kinds:
        assert not proves(kind, given_text, Facts(), ())
        blank = Facts(postcodes=[("", "GB"), ("-", None)], emails=["", " "], phones=["", "12", "x1234"])
        assert not proves(kind, given_text, blank, ())


@given(st.lists(st.emails(), min_size=1, max_size=20), st.data())
def test_any_of_the_addresses_proves(emails: list[str], data: st.DataObject) -> None:
    chosen = data.draw(st.sampled_from(emails))
    assert proves("email", f" {chosen.upper()} ".lower(), Facts(emails=emails), ())


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        ("+44 20 7946 0321", "0321"),
        ("020-7946-0321 ext. 5", "0321"),
        ("0207946 0321x77", "0321"),
        ("010-8888 6666 转 801", "6666"),
        ("０１０８８８８６６６６", "6666"),
        ("(11) 91234-5678", "5678"),
        ("123", ""),
        ("", ""),
    ],
)
def test_the_last_digits_are_the_number_s_not_the_extension_s(phone: str, expected: str) -> None:
    assert last_digits(phone) == expected


@given(st.text(max_size=40))
def test_last_digits_are_four_ascii_digits_or_nothing(text: str) -> None:
    last = last_digits(text)
    assert last == "" or (len(last) == 4 and all(unicodedata.category(character) == "Nd" for character in last))


@pytest.mark.parametrize("number_of_facts", [0, 1, 5, proofs.COMPARISONS])
@pytest.mark.parametrize("right_one", [True, False])
def test_the_work_does_not_tell_what_is_on_record(
    monkeypatch: pytest.MonkeyPatch, number_of_facts: int, right_one: bool
) -> None:
    compared: list[tuple[bytes, bytes]] = []
    genuine = secrets.compare_digest

    def note(left: bytes, right: bytes) -> bool:
        compared.append((left, right))
        return bool(genuine(left, right))

    monkeypatch.setattr(secrets, "compare_digest", note)
    facts = Facts(emails=[f"{number}@example.org" for number in range(number_of_facts)])
    proves("email", "0@example.org" if right_one else "nobody@example.org", facts, ())
    assert len(compared) == proofs.COMPARISONS


def test_lookup_keys_tell_nothing_without_the_key() -> None:
    keys, others = LookupKeys(SecretStr("one")), LookupKeys(SecretStr("two"))
    assert keys.client_address("203.0.113.7") == keys.client_address(" 203.0.113.7 ")
    assert keys.client_address("203.0.113.7") == keys.client_address("::ffff:203.0.113.7")
    assert keys.client_address("203.0.113.7") != others.client_address("203.0.113.7")
    assert keys.client_address("203.0.113.7") != keys.client_address("203.0.113.8")
    assert keys.client_address("2001:db8::1") == keys.client_address("2001:db8::2")
    assert keys.client_address("unix") != keys.client_address("")
    assert keys.reference("A1", "email") != keys.reference("A1", "postcode")
