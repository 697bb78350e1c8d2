"""Who is given a case, and since when its customer waits for words of the shop."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.cases.keeper import Owner, freest
from gateway.cases.reply_timers import Said, waiting_since
from gateway.console.models import Agent
from shopdesk_schemas.cases import CaseView

OPENED = datetime(2026, 3, 12, 10, tzinfo=UTC)
BEFORE, AFTER, LATER = (OPENED + timedelta(hours=hours) for hours in (-1, 1, 2))


def case(kind: str = "claim_lost") -> CaseView:
    return CaseView(
        id="case_1", kind=kind, state="open", owner=None, order_number=None, details={}, due_at=LATER, overdue=False,
        outcome=None, note=None, created_at=OPENED, closed_at=None, links=[], version=1,
    )  # fmt: skip


def owner(name: str, owned: int, capacity: int, role: str = "agent") -> Owner:
    return Owner(Agent(username=name, role=role, case_capacity=capacity), owned)


@pytest.mark.parametrize(
    ("said", "since"),
    [
        ([], None),
        ([Said(None, None)], OPENED),
        ([Said(BEFORE, BEFORE)], OPENED),
        ([Said(AFTER, None)], None),
        ([Said(AFTER, LATER)], LATER),
        ([Said(AFTER, None), Said(None, LATER)], LATER),
    ],
)
def test_the_customer_waits_until_a_person_writes_and_again_from_what_nobody_answered(
    said: list[Said], since: datetime | None
) -> None:
    assert waiting_since(OPENED, said) == since


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.sampled_from(("agent", "lead"))), max_size=5))
def test_a_case_goes_to_the_freest_who_may_have_it(loads: list[tuple[int, int, str]]) -> None:
    owners = [owner(f"a{number}", *load) for number, load in enumerate(loads)]
    chosen = freest(owners, case())
    able = [one for one in owners if one.owned < one.agent.case_capacity]
    assert (chosen is None) == (not able)
    if chosen is not None:
        assert chosen in able
        assert chosen.share == min(one.share for one in able)
    leads = freest(owners, case("goodwill_approval"))
    assert leads is None or leads.agent.role == "lead"
