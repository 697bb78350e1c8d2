"""When a store is open: holidays, nights, changes of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_backend.stores.hours import WEEKDAYS, are_known, day, standing

LONDON = ZoneInfo("Europe/London")
SHANGHAI = ZoneInfo("Asia/Shanghai")

SHOP = {
    "mon": [["09:00", "18:00"]],
    "tue": [["09:00", "12:30"], ["13:30", "18:00"]],
    "fri": [["20:00", "02:00"]],
    "holidays": {"2026-12-25": [], "12-24": [["09:00", "12:00"]]},
}


def at(text: str, zone: ZoneInfo = LONDON) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "is_open", "then"),
    [
        ("2026-03-02T08:59", False, "2026-03-02T09:00"),
        ("2026-03-02T09:00", True, "2026-03-02T18:00"),
        ("2026-03-02T18:00", False, "2026-03-03T09:00"),
        ("2026-03-03T13:00", False, "2026-03-03T13:30"),
        ("2026-03-06T23:30", True, "2026-03-07T02:00"),
        ("2026-03-07T01:59", True, "2026-03-07T02:00"),
        ("2026-03-07T02:00", False, "2026-03-09T09:00"),
        # Christmas Eve is short every year, Christmas Day 2026 is a Friday and closed: nothing until Monday.
        ("2026-12-24T11:00", True, "2026-12-24T12:00"),
        ("2026-12-25T21:00", False, "2026-12-28T09:00"),
    ],
)
def test_a_store_is_open_and_until_when(now: str, is_open: bool, then: str) -> None:
    found = standing(SHOP, LONDON, at(now))
    assert found.open_now is is_open
    assert (found.closes_at if is_open else found.opens_at) == at(then)


def test_the_stores_own_clock_counts() -> None:
    hours = {"mon": [["09:00", "18:00"]]}
    monday_morning_in_shanghai = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    assert standing(hours, SHANGHAI, monday_morning_in_shanghai).open_now
    assert not standing(hours, LONDON, monday_morning_in_shanghai).open_now


def test_clocks_that_change_make_a_night_shorter() -> None:
    # On 29 March 2026 British clocks go from 01:00 to 02:00.
    (span,) = day({"sat": [["22:00", "03:00"]]}, date(2026, 3, 28), LONDON).spans
    assert span.closes_at - span.opens_at == timedelta(hours=4)


def test_a_day_and_a_night_without_a_gap_are_one() -> None:
    always = {weekday: [["00:00", "24:00"]] for weekday in WEEKDAYS}
    found = standing(always, LONDON, at("2026-03-02T12:00"))
    assert found.open_now
    assert found.closes_at is not None
    assert found.closes_at >= at("2026-03-03T00:00")


def test_hours_that_nobody_wrote_are_not_known() -> None:
    assert not are_known({})
    assert not are_known({"holidays": {"2026-12-25": []}})
    assert not standing({}, LONDON, at("2026-03-02T12:00")).open_now
    assert day({"mon": [["9am", "late"], "x", ["25:00", "26:00"]]}, date(2026, 3, 2), LONDON).spans == ()


minutes = st.integers(0, 24 * 60 - 1)


@given(
    opens=minutes,
    closes=minutes,
    offset=st.integers(0, 7 * 24 * 60 - 1),
)
def test_open_is_what_lies_in_a_span(opens: int, closes: int, offset: int) -> None:
    def clock(value: int) -> str:
        return f"{value // 60:02}:{value % 60:02}"

    hours = {"wed": [[clock(opens), clock(closes)]]}
    now = datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=offset)
    inside = any(
        span.opens_at <= now < span.closes_at
        for back in range(2)
        for span in day(hours, now.date() - timedelta(days=back), ZoneInfo("UTC")).spans
    )
    found = standing(hours, ZoneInfo("UTC"), now)
    assert found.open_now is inside
    assert (found.closes_at or found.opens_at or now) >= now
