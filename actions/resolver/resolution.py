"""What the resolver answers: what was meant, why, how surely, and what was asked for but does not exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

Status = Literal["one", "many", "all", "none", "unclear"]
"""`one` or `many`: meant without doubt · `all`: everything there is · `none`: nothing there is was meant ·
`unclear`: `matches` are what it may be, and the shopper has to be asked."""

ReasonKind = Literal[
    "number",  # its number, code or last digits
    "name",  # words of its name
    "near_name",  # words of its name, misspelt
    "category",  # words of its category
    "option",  # an option's value
    "fact",  # a fact about it: material, length …
    "comparative",  # darker, cheaper, the biggest
    "ordinal",  # the second, the last
    "pronoun",  # it, that one, 这个
    "date",
    "state",
    "amount",
    "line",  # an order, by what is in it
    "exclusion",  # what is left after an exception
    "everything",
    "only",  # there is no other
    "label",  # "home", "work", a city
    "same_as",  # the same as on another order or last time
    "kind",  # a way of paying
    "typed",  # written out in the message
]

AbsentKind = Literal[
    "combination",  # the option's value exists, but not together with the others asked for
    "value",  # no variant has that value of an option
    "thing",  # nothing is called that
    "number",  # an order's number that is not among the shopper's
    "ordinal",  # the fourth of three
    "quantity",  # more than there are
    "date",
    "amount",
    "state",
    "comparative",  # nothing is darker, cheaper …
    "current",  # what was asked for is what they have already
]


class Keyed(Protocol):
    """Whatever can be told apart by a key."""

    @property
    def key(self) -> str:
        """Unique among the candidates."""
        ...


@dataclass(frozen=True, slots=True)
class Span:
    """Where in the message, as offsets of the original text, `end` exclusive."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words there."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a match: its kind and the shopper's own words for it."""

    kind: ReasonKind
    words: str = ""
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Absent:
    """Something that was asked for and is not there.

    `words` are the shopper's. For an option `option` is its name and `value` the value as the shop writes it; what can
    be had instead is in `instead` (values, or titles), so that the answer can say so.
    """

    kind: AbsentKind
    words: str
    option: str = ""
    value: str = ""
    instead: Sequence[str] = ()
    span: Span | None = None
    edge: str = ""
    """Of a comparison beyond the last one there is: which end that is, as the vocabulary names it (`size_max`)."""
    nearest: Sequence[str] = ()
    """Of an option: stock codes of what comes nearest to it."""


@dataclass(frozen=True, slots=True)
class Match[T]:
    """A candidate that was, or may have been, meant. `quantity` is set where a number of pieces was said.

    `score` is between 0 and 1: how probable it is that this was meant, calibrated on generated shops.
    """

    candidate: T
    score: float
    reasons: Sequence[Reason] = ()
    quantity: int | None = None


@dataclass(frozen=True, slots=True)
class Resolution[T]:
    """What words mean among candidates. `matches` come best first, with equal scores in the candidates' own order.

    `rest` are the words that were not used. `asked_but_absent` may be filled beside matches: "the blue one in XXL"
    matches what is blue, and says that there is no XXL.
    """

    status: Status
    matches: Sequence[Match[T]] = ()
    rest: str = ""
    spans: Sequence[Span] = ()
    asked_but_absent: Sequence[Absent] = field(default=())

    @property
    def sure(self) -> bool:
        """Whether it can be acted on without asking."""
        return self.status in ("one", "many", "all")

    @property
    def said_nothing(self) -> bool:
        """Whether the words spoke of no candidate at all, so that the question is still open."""
        return self.status == "none" and not self.asked_but_absent

    @property
    def candidates(self) -> list[T]:
        """The candidates alone, best first."""
        return [match.candidate for match in self.matches]

    @property
    def first(self) -> T:
        """The best candidate. Raises `IndexError` when there is none."""
        return self.matches[0].candidate


def nothing[T](rest: str = "") -> Resolution[T]:
    """The answer to words that speak of no candidate."""
    return Resolution("none", rest=rest)
