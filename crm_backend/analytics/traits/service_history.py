"""Traits that follow from contacts, cases and visits."""

from __future__ import annotations

from typing import Any

import pandas as pd

RECENT_VISITS = pd.Timedelta(days=30)
YEAR = pd.Timedelta(days=365)


def service_history(contacts: pd.DataFrame, cases: pd.DataFrame, visits: pd.DataFrame, now: Any) -> pd.DataFrame:
    """By person `contacts`, `contacts_365`, `last_contact_at`, `cases`, `open_cases`, `csat`, `visits_30` and
    `last_visit_at`; only people with any of them.
    """
    scores = pd.to_numeric(cases["csat"], errors="coerce")
    scores = scores.where(scores.between(1, 5))
    asked = contacts.groupby("person_id")["created_at"]
    year = contacts[contacts["created_at"] > now - YEAR].groupby("person_id").size()
    month = visits[visits["at"] > now - RECENT_VISITS].groupby("person_id").size()
    open_cases = cases[cases["state"].astype("str") != "closed"].groupby("person_id").size()
    return pd.DataFrame(
        {
            "contacts": asked.size(),
            "contacts_365": year,
            "last_contact_at": asked.max(),
            "cases": cases.groupby("person_id").size(),
            "open_cases": open_cases,
            "csat": scores.groupby(cases["person_id"]).mean(),
            "visits_30": month,
            "last_visit_at": visits.groupby("person_id")["at"].max(),
        }
    )
