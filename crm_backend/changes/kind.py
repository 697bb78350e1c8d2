"""What a kind of change is: an offer worked out by the shop's rules, and the carrying out of that very offer.

A topic that adds a kind subclasses `ChangeKind` and adds it to `KINDS` in `kinds.py`:

    class CancelDetails(Details): ...                     # what the caller says

    class CancelOrder(ChangeKind[CancelDetails]):
        name = "order.cancel"
        details = CancelDetails
        terms = ChangeTerms(level="order")                # the defaults; the shop's policy comes before them

        def offer(self, unit, details) -> Offer: ...      # reads; raises Refusal, NotFound or InvalidInput
        def carry_out(self, unit, details, offer) -> Outcome: ...

`offer` says in `Offer.basis` which rows its result rests on (`offer.rests_on(order)`). Their tables have a `version`
that every change of them makes higher (`unit.touch(order)`), so a confirmation can tell whether the offer still
stands. `carry_out` is called with those rows locked and unchanged, in the transaction that marks the proposal
confirmed; it writes through `unit.session`, asks other systems by `unit.effect`, and never decides anew what was
offered: amounts and lines come from `offer`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from crm_backend.policies.changes import ChangeTerms
from shopdesk_schemas.changes import Direction, MoneyMove, OfferLine, RefusalProblem, VerificationProblem
from shopdesk_schemas.problems import Conflict, Forbidden, Problem

if TYPE_CHECKING:
    from crm_backend.changes.unit import Unit

ActorKind = Literal["shopper", "staff", "backoffice", "system"]


@dataclass(frozen=True)
class Actor:
    """Who acts, and through which message: what the audit log says of it."""

    kind: ActorKind
    id: str
    """The conversation of a shopper, the agent, the API key, or the program's part."""
    conversation_id: str | None = None
    message_id: str | None = None
    role: str | None = None
    """Of an agent."""

    @property
    def caller(self) -> str:
        """Whose proposals they may confirm: a shopper their own conversation's, any agent those of the staff."""
        return f"shopper:{self.id}" if self.kind == "shopper" else self.kind


Words = Annotated[str, StringConstraints(pattern=r"^[^\x00]*\S[^\x00]*$", max_length=200)]
"""Text with something in it; PostgreSQL stores no NUL."""

OrderNumber = Annotated[
    str,
    StringConstraints(pattern=r"\S", max_length=100),
    Field(description="The order's number, or a parcel's, as typed."),
]


class Details(BaseModel):
    """Base of what a caller says about a change."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Versioned(Protocol):
    """A row of a table with `id` and `version`."""

    __tablename__: str

    @property
    def id(self) -> Any:
        """Its number."""

    @property
    def version(self) -> Any:
        """Higher after every change."""


class Offer(BaseModel):
    """Exactly what would happen: kept as it is, shown as it is, carried out as it is."""

    model_config = ConfigDict(extra="forbid")

    order_id: int | None = None
    lines: list[OfferLine] = Field(min_length=1)
    moves: list[MoneyMove] = []
    """All in one direction and currency."""
    notes: list[OfferLine] = []
    values: dict[str, JsonValue] = {}
    """For the reader."""
    plan: dict[str, JsonValue] = {}
    """For `carry_out` alone: never shown."""
    basis: dict[str, int] = {}
    """`table:id` → the version it had."""

    def rests_on(self, *rows: Versioned) -> Offer:
        """Note the present version of rows; returns the offer itself."""
        for row in rows:
            self.basis[f"{row.__tablename__}:{row.id}"] = row.version
        return self

    @property
    def direction(self) -> Direction:
        """Which way money goes."""
        return self.moves[0].direction if self.moves else "none"

    @property
    def amount_minor(self) -> int | None:
        """Of all moves together."""
        return sum(move.amount_minor for move in self.moves) if self.moves else None

    @property
    def currency(self) -> str | None:
        """Of the moves."""
        return self.moves[0].currency if self.moves else None


class Outcome(BaseModel):
    """What was done, beside the effects and the case that the unit noted."""

    values: dict[str, JsonValue] = {}


class Refusal(Conflict):
    """The shop's rules do not allow it. `rule` and the keys of `alternatives` are worded by whoever tells the shopper.

    `values` are what the words of the rule need; each alternative is what is possible instead.
    """

    type = "/problems/refused"
    title = "The shop's rules do not allow this"

    def __init__(
        self, rule: str, *, values: dict[str, JsonValue] | None = None, alternatives: list[OfferLine] | None = None
    ) -> None:
        super().__init__()
        self.rule = rule
        self.values = values or {}
        self.alternatives = alternatives or []

    def problem(self) -> RefusalProblem:
        """With the rule and the alternatives."""
        return RefusalProblem(
            type=self.type,
            title=self.title,
            status=self.status,
            rule=self.rule,
            values=self.values,
            alternatives=self.alternatives,
        )

    @classmethod
    def openapi(cls) -> dict[int | str, dict[str, Any]]:
        """As a 409; its document has more members than others'."""
        return {
            cls.status: {
                "description": "Refused, or void",
                "content": {"application/problem+json": {"schema": Problem.model_json_schema()}},
            }
        }


class ProposalVoid(Conflict):
    """It was declined, has expired, or what it rests on has changed: a new one has to be made."""

    type = "/problems/proposal-void"
    title = "This offer does not stand any more"


class VerificationNeeded(Forbidden):
    """The shopper has to show first who they are. Says nothing about whether there is what they asked about."""

    type = "/problems/verification-needed"
    title = "The shopper has to be verified for this"

    def __init__(self, level: Literal["order", "customer"]) -> None:
        super().__init__()
        self.level: Literal["order", "customer"] = level

    def problem(self) -> VerificationProblem:
        """With the level that is needed."""
        return VerificationProblem(type=self.type, title=self.title, status=self.status, level=self.level)


class ChangeKind[D: Details](ABC):
    """One kind of change. Has no state: one instance serves all requests."""

    name: ClassVar[str]
    """topic.verb, as in `order.cancel`."""
    details: type[D]
    terms: ClassVar[ChangeTerms] = ChangeTerms()
    """Level, confirmation and expiry where the shop's policy says nothing."""
    staff_only: ClassVar[bool] = False
    """Whether shoppers cannot ask for it: to them there is no such kind."""

    @abstractmethod
    def offer(self, unit: Unit, details: D) -> Offer:
        """What would happen now. Changes nothing.

        Raises Refusal when a rule of the shop forbids it, NotFound when the caller cannot see what it is about, and
        InvalidInput (fields `body.details.…`) for what can never be.
        """

    @abstractmethod
    def carry_out(self, unit: Unit, details: D, offer: Offer) -> Outcome:
        """Do what was offered. Raises ProposalVoid when that cannot be done any more for a reason of its own."""
