"""A number of days that the shop sets is worded as one day where it is one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from actions.wording import Wording


@pytest.mark.parametrize(
    ("days", "said"), [(1, "about 1 working day."), (5, "about 5 working days."), (21, "about 21 working days.")]
)
def test_one_working_day_is_a_day(days: int, said: str) -> None:
    assert (
        Wording("en", datetime(2026, 3, 12, tzinfo=UTC)).say("changes.note.refund_takes_days", days=days).endswith(said)
    )
