"""Traits and segments of customers, as staff and the assistant read them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Words = dict[Literal["en", "zh"], Annotated[str, StringConstraints(min_length=1, max_length=300)]]

RULE_WORDS = "The rule in words, a line a condition; what belongs to a group stands below it, two spaces further in."


class TraitView(BaseModel):
    """One trait of a customer, with what it means and where it comes from."""

    trait: str
    name: str
    definition: str
    value: int | float | str | date | datetime | None = Field(description="Null where it is not known.")
    sources: list[str] = Field(description="The data it was computed from.")


class AffinityView(BaseModel):
    """Something that they like."""

    kind: str
    name: str = Field(description="Of an option: size, colour …; empty for the other kinds.")
    value: str
    share: float = Field(description="Of their pieces, orders or visits, 0 to 1.")
    times: int
    spend_minor: int
    last_at: datetime


class SegmentOfCustomer(BaseModel):
    """A segment that they are in."""

    key: str
    kind: str
    name: str
    since: datetime


class CustomerInsight(BaseModel):
    """What the analysis found about one person."""

    as_of: datetime = Field(description="The instant that all counts from.")
    computed_at: datetime = Field(description="How old it is.")
    traits: list[TraitView]
    affinities: list[AffinityView]
    segments: list[SegmentOfCustomer]


class SegmentUseBody(BaseModel):
    """What the desk makes of it."""

    model_config = ConfigDict(extra="forbid")

    queue_priority: int = Field(
        default=0, ge=0, le=100, description="Minutes by which they count as having waited longer for a person."
    )
    greeting: Words = {}
    offer: Words = {}


class SegmentDefinition(BaseModel):
    """A segment as a shop defines it."""

    model_config = ConfigDict(extra="forbid")

    name: Words = Field(min_length=1)
    description: Words = {}
    rule: dict[str, Any] = Field(description="In the language that `GET /staff/segment-traits` describes.")
    use: SegmentUseBody = SegmentUseBody()


class NewSegment(SegmentDefinition):
    """A new one, under a key that it keeps."""

    key: Annotated[str, StringConstraints(pattern=r"^own_[a-z0-9_]{1,50}$")]


class RuleBody(BaseModel):
    """A rule to try."""

    model_config = ConfigDict(extra="forbid")

    rule: dict[str, Any]


class SegmentPreview(BaseModel):
    """How many a rule would choose now."""

    size: int
    share: float
    customers: int = Field(description="Of how many.")
    rule_words: list[str] = Field(default=[], description=RULE_WORDS)


class SegmentView(BaseModel):
    """One segment as it is published."""

    key: str
    kind: str
    name: str
    sentence: str | None
    size: int
    share: float = Field(description="Of all known customers, 0 to 1.")
    spend_minor: int
    currency: str | None
    entered: int = Field(description="Since the run before.")
    left: int
    typical: dict[str, Any]
    rule: dict[str, Any] | None = Field(description="Of a segment that the shop defined.")
    rule_words: list[str] = Field(default=[], description=RULE_WORDS)
    use: SegmentUseBody


class SegmentList(BaseModel):
    """All segments."""

    as_of: datetime | None = Field(description="Null before the first analysis.")
    published_at: datetime | None
    unrated: list[str] = Field(
        default=[], description="Currencies of sales without an exchange rate in the policies: amounts in them count 0."
    )
    segments: list[SegmentView]


class SegmentPoint(BaseModel):
    """A segment in one run."""

    as_of: datetime
    size: int
    share: float
    spend_minor: int
    entered: int
    left: int


class SegmentHistory(BaseModel):
    """A segment over time, oldest first."""

    key: str
    points: list[SegmentPoint]


class SegmentPerson(BaseModel):
    """A person in a segment."""

    source: str
    external_id: str
    since: datetime
    orders: int
    spend_minor: int
    recency_days: int | None


class SegmentPeople(BaseModel):
    """Some of a segment's people, those who spent most first."""

    members: list[SegmentPerson]
    more: bool


class TraitDefinition(BaseModel):
    """A trait that a rule may name."""

    trait: str
    kind: Literal["number", "text", "time"]
    operators: list[str]
    name: str
    definition: str
    sources: list[str]


class RuleLanguage(BaseModel):
    """What rules may say."""

    traits: list[TraitDefinition]
    likes: list[str] = Field(description="Kinds of things that people like.")
    segments: list[str] = Field(description="Named segments and clusters that a rule may name.")


class ShopperSegments(BaseModel):
    """What the shopper's segments mean for how they are served."""

    keys: list[str]
    queue_priority: int = Field(description="Minutes of head start in the queue, 0 to 100.")
    greeting: str | None
    offer: str | None
