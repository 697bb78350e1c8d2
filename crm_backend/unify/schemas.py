"""Profiles and pairs as staff see them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from crm_backend.pipeline.canonical.columns import DEFAULT_SOURCE

Name = Annotated[str, Field(min_length=1, max_length=200)]


class Reference(BaseModel):
    """A customer by the shop's own names."""

    model_config = ConfigDict(extra="forbid")

    source: Name = DEFAULT_SOURCE
    external_id: Name


class MatchReason(BaseModel):
    """A rule that spoke, and what it gave or took."""

    rule: str
    points: int


class MatchCustomer(BaseModel):
    """One of two customers, with what a person needs to tell whether they are one."""

    source: str
    external_id: str
    name: str | None
    email: str | None
    phone: str | None
    birth_date: date | None
    places: list[str]


class MatchView(BaseModel):
    """Two customers who may be one person."""

    id: str
    customers: list[MatchCustomer]
    verdict: Literal["same", "doubtful", "different"] = Field(description="What the rules say.")
    score: int
    reasons: list[MatchReason]
    conflict: bool = Field(description="Something speaks against it.")
    held: bool = Field(description="The same by the rules, but their profiles contradict each other.")
    decision: Literal["same", "apart"] | None
    decided_by: str | None
    decided_at: datetime | None


class MatchList(BaseModel):
    """The review queue, the likeliest first."""

    matches: list[MatchView]


class Decision(BaseModel):
    """What a person says of a pair."""

    model_config = ConfigDict(extra="forbid")

    verdict: Literal["same", "apart", "open"] = Field(description="`open` leaves it to the rules again.")


class ProfileView(BaseModel):
    """One person known as several customers, and why."""

    id: str
    created_at: datetime
    members: list[Reference]
    matches: list[MatchView]


class Split(BaseModel):
    """Who leaves a profile."""

    model_config = ConfigDict(extra="forbid")

    members: Annotated[list[Reference], Field(min_length=1, max_length=100)]


class SplitResult(BaseModel):
    """What is left of it: profiles of two members or more."""

    profiles: list[ProfileView]
