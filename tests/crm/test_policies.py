"""`policies.yml`: what it may say, and how wrong ones are reported."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_backend.changes.kinds import check_kinds
from crm_backend.policies.document import DocumentError, parse_document
from crm_backend.policies.policy import PolicyError, check_policies, load_policies
from shopdesk_schemas.settings import CommonSettings
from tests.crm.conftest import POLICIES, Crm, policies_with


def _complaint(text: str) -> str:
    with pytest.raises(PolicyError) as caught:
        check_policies(parse_document(text), "policies.yml")
    return str(caught.value)


def _line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def test_the_demo_shop_s_policies_are_good() -> None:
    root = Path(__file__).parents[2]
    policies = load_policies(root / CommonSettings.model_fields["shop"].default)
    assert set(policies.shop.languages) == {"en", "zh"}
    assert "CN" in policies.verification.countries_without_postcode


@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        ("failures: 5, minutes: 60", "failures: 0, minutes: 60", "verification.limits.address.0.failures", "greater"),
        ("proofs: [phone_last4]}", "proofs: [shoe_size]}", "verification.limits.reference.1.proofs.0", "postcode"),
        ("countries_without_postcode: [CN]", "countries_without_postcode: [China]", "postcode.0", "pattern"),
        ("timezone: Europe/London", "timezone: Europe/Londres", "shop.timezone", "IANA"),
        ("expires_after_minutes: 30", "expires_afer_minutes: 30", "expires_afer_minutes", "no such"),
        ("references: [order_number, tracking_number]", "references: []", "verification.references", "at least 1"),
        ("proofs: [postcode, email, phone_last4]", "proofs: [email, email]", "verification.proofs", "twice"),
        ("name: {en: Test Shop}", "name: {zh: 店}", "shop", "lacks en"),
        ("country: GB", "country: 44", "shop.country", "string"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_reported_with_line_and_field(old: str, new: str, field: str, words: str) -> None:
    text = POLICIES.replace(old, new, 1)
    complaint = next(line for line in _complaint(text).splitlines() if field in line)
    at = "shop:" if field == "shop" else new
    assert complaint.startswith(f"policies.yml:{_line_of(text, at)}: ")
    assert words in complaint


def test_everything_that_is_wrong_is_said_at_once_in_the_order_of_the_file() -> None:
    text = POLICIES.replace("currency: GBP", "currency: pounds").replace("minutes: 15", "minutes: soon")
    lines = _complaint(text).splitlines()
    assert len(lines) == 2
    assert "shop.currency" in lines[0]
    assert "verification.limits.conversation.0.minutes" in lines[1]


def test_what_is_missing_is_reported_where_it_should_stand() -> None:
    text = POLICIES.replace("  currency: GBP\n", "")
    assert _complaint(text) == "policies.yml:2: shop.currency: is missing"
    assert _complaint("") == "policies.yml:1: shop: is missing\npolicies.yml:1: verification: is missing"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("shop:\n  name: [1\n", 3, "expected"),
        ("shop: 1\nother: 2\nshop: 3\n", 3, "'shop' is given twice"),
        ("a: 1\n\tb: 2\n", 2, "cannot start any token"),
        ("a: *nowhere\n", 1, "undefined alias"),
        ("b: 1\na: !!python/object:os.system {}\n", 2, "tag"),
        ("a: !!int abc\n", 1, "tag"),
        ("a: &a [*a]\n", 1, "nested"),
        ("? [1]\n: 2\n", 1, "key"),
        ("a: b\n---\nc: d\n", 2, "but found another document"),
        ("a: \x07\n", 1, "character"),
    ],
)
def test_text_that_is_not_yaml_is_reported_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(DocumentError, match=words) as caught:
        parse_document(text)
    assert caught.value.line == line


def test_plain_words_mean_what_they_look_like() -> None:
    content = parse_document("a: NO\nb: 10:00\nc: on\nd: 2026-01-01\ne: 007\nf: true\ng: 12\nh: ~\n").content
    assert content == {
        "a": "NO", "b": "10:00", "c": "on", "d": "2026-01-01", "e": "007", "f": True, "g": 12, "h": None
    }  # fmt: skip


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    with suppress(DocumentError):
        parse_document(text)


def test_a_shop_without_policies_is_told_where_they_belong(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"policies\.yml does not exist: the shop's directory \(SHOPDESK_SHOP\)"):
        load_policies(tmp_path)
    (tmp_path / "policies.yml").write_bytes(b"shop: \xff")
    with pytest.raises(PolicyError, match=r"policies\.yml:1: the file is not UTF-8"):
        load_policies(tmp_path)
    (tmp_path / "policies.yml").write_text("shop: [", encoding="utf-8")
    with pytest.raises(PolicyError, match=r"policies.yml:\d: "):
        load_policies(tmp_path)


def test_the_assistant_is_told_the_rules_but_not_the_limits(sqlite_crm: Crm) -> None:
    told = sqlite_crm.call.get("/policies/explain").json()
    assert told["verification"] == {
        "references": ["order_number", "tracking_number"],
        "proofs": ["postcode", "email", "phone_last4"],
        "name_and_postcode": False,
        "codes": ["email"],
    }
    assert told["shop"]["name"] == {"en": "Test Shop"}
    assert "limits" not in str(told)
    assert told["changes"]["order.cancel"] == {
        "level": "order", "no_confirmation": False, "expires_after_minutes": 15,
    }  # fmt: skip
    assert told["cancellation"]["after_dispatch"] == "refuse"


def test_a_rule_for_a_kind_of_change_that_does_not_exist_is_an_error() -> None:
    check_kinds(policies_with(sections={"changes": {"order.cancel": {"level": "customer"}}}))
    with pytest.raises(PolicyError, match=r"no kind order\.explode; known are"):
        check_kinds(policies_with(sections={"changes": {"order.explode": {"level": "customer"}}}))
