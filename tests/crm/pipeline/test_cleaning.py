"""Cleaning rules: each changes what it should, says so, and leaves what is clean alone."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_backend.pipeline.canonical.customers import CUSTOMERS
from crm_backend.pipeline.canonical.orders import ORDERS
from crm_backend.pipeline.canonical.records import parse_record
from crm_backend.pipeline.canonical.values import BadValue, format_value
from crm_backend.pipeline.cleaning import RULES, Surroundings, clean_record, clean_row

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
AROUND = Surroundings(NOW, ZoneInfo("Europe/London"), "GB")


def clean(row: dict[str, Any], kind: Any = CUSTOMERS) -> tuple[dict[str, Any], Counter[str]]:
    counted: Counter[str] = Counter()

    def count(rule: str) -> None:
        counted[rule] += 1

    record = parse_record(kind, clean_row(kind, row, AROUND, count), zone=AROUND.zone)
    return clean_record(kind, record, AROUND, count), counted


@pytest.mark.parametrize(
    ("column", "given", "expected", "rule"),
    [
        ("name", " Ada\u00a0 Byron\n", "Ada Byron", "white_space"),
        ("name", "Ada\x07 Byron", "Ada Byron", "control_character"),
        ("name", "N/A", None, "placeholder"),
        ("name", "未知", None, "placeholder"),
        ("email", "<Ada@X.ORG>", "Ada@x.org", "email_form"),
        ("email", "ａｄａ＠x.org", "ada@x.org", "email_form"),
        ("email", "ada at x.org", None, "email_impossible"),
        ("email", "ada@x", None, "email_impossible"),
        ("phone", "07700 900123", "+447700900123", "phone_e164"),
        ("phone", "+86 138 0013 8000", "+8613800138000", "phone_e164"),
        ("phone", "000000", None, "phone_impossible"),
        ("phone", "call me", None, "phone_impossible"),
        ("country", "deutschland", "DE", "country_name"),
        ("country", "gb", "GB", "country_name"),
        ("language", "zh_hans_cn", "zh-Hans-CN", "language_tag"),
        ("birth_date", "2027-01-01", None, "birth_date_impossible"),
        ("birth_date", "1850-01-01", None, "birth_date_impossible"),
        ("registered_at", "2026-07-01T10:00:00Z", None, "time_in_future"),
        ("registered_at", "2025-07-01T10:00:00", datetime(2025, 7, 1, 9, tzinfo=UTC), "time_without_zone"),
    ],
)
def test_each_rule(column: str, given: str, expected: Any, rule: str) -> None:
    record, counted = clean({"external_id": "1", column: given})
    assert record[column] == expected
    assert rule in counted
    assert set(counted) <= set(RULES), "every rule is explained"


@pytest.mark.parametrize(
    ("postcode", "country", "expected"),
    [("sw1a 1aa", "GB", "SW1A 1AA"), ("4571", "BR", "04571"), (2138, "US", "02138"), ("100000", "CN", "100000")],
)
def test_postcodes_by_country(postcode: Any, country: str, expected: str) -> None:
    order = {
        "external_id": "1",
        "number": "1",
        "state": "created",
        "placed_at": "2026-03-01T10:00:00Z",
        "currency": "gbp",
    }
    record, counted = clean({**order, "postcode": postcode, "country": country}, ORDERS)
    assert (record["postcode"], record["currency"]) == (expected, "GBP")
    assert counted["currency_case"] == 1


@pytest.mark.parametrize(
    ("column", "value"),
    [("currency", "ZZQ"), ("placed_at", (NOW + timedelta(days=2)).isoformat()), ("timezone", "Mars/Olympus")],
)
def test_what_a_record_cannot_do_without_is_refused(column: str, value: str) -> None:
    order = {"external_id": "1", "number": "1", "state": "created", "placed_at": "2026-03-01T10:00Z", "currency": "GBP"}
    with pytest.raises(BadValue) as refused:
        clean({**order, column: value}, ORDERS)
    assert refused.value.column == column


words = st.one_of(
    st.none(),
    st.text(max_size=20).filter(lambda text: "\x00" not in text),
    st.sampled_from(["N/A", " a@B.org,", "<x@y.zz>", "0044 7700 900123", "uk", "PT_br", "04571.0", "ａ＠ｂ.co", "-"]),
)
rows = st.fixed_dictionaries(
    {"external_id": st.just("1")},
    optional=dict.fromkeys(("name", "given_name", "email", "phone", "language", "country"), words),
)


@given(rows)
def test_cleaning_what_is_clean_changes_nothing(row: dict[str, Any]) -> None:
    try:
        once, _counted = clean(row)
    except BadValue:
        return
    again, counted = clean({name: format_value(value) for name, value in once.items()})
    assert again == once
    assert not counted
