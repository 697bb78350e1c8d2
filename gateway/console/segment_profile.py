"""What is typical of a segment's people: the traits in which they differ from everybody, and by how much."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.console import figures
from shopdesk_schemas.segments import SegmentView

MEASURES_SHOWN = 6
TYPICAL_FROM = 0.2
"""Standard deviations of everybody's ranks from which a difference is worth a sentence."""


@dataclass(frozen=True)
class Measure:
    """A trait in which the segment's people differ from everybody."""

    name: str
    definition: str
    here: str
    everybody: str
    more: bool


@dataclass(frozen=True)
class Label:
    """A frequent value of a trait, with its shares."""

    name: str
    value: str
    here: float
    everybody: float


@dataclass(frozen=True)
class Typical:
    """What is typical of a segment."""

    measures: list[Measure]
    labels: list[Label]


def typical(segment: SegmentView, named: dict[str, tuple[str, str]], language: str) -> Typical:
    """Of a segment as the CRM publishes it; `named` has traits' names and definitions in the visitor's language."""
    unnamed = ("", "")
    measures = [
        Measure(
            name=named.get(one["trait"], unnamed)[0] or one["trait"],
            definition=named.get(one["trait"], unnamed)[1],
            here=figures.trait(one["trait"], one["median"], segment.currency, language),
            everybody=figures.trait(one["trait"], one["everybody"], segment.currency, language),
            more=one["difference"] > 0,
        )
        for one in segment.typical.get("measures", [])
        if abs(one["difference"]) >= TYPICAL_FROM
    ]
    labels = [
        Label(
            named.get(trait, (trait, ""))[0],
            figures.trait(trait, values[0]["value"], segment.currency, language),
            values[0]["share"],
            values[0]["everybody"],
        )
        for trait, values in segment.typical.get("labels", {}).items()
        if values
    ]
    return Typical(measures[:MEASURES_SHOWN], labels)
