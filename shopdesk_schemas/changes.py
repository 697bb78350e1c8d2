"""Changes as callers ask for them: an offer first, then a yes or a no (`/shopper/{c}/proposals`, `/staff/proposals`).

The CRM has no words: what would change is told by keys and values (`order_line_cancelled`, `{"quantity": 2}`), which
the assistant and the console word in the reader's language. Amounts are minor units of the currency beside them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field, JsonValue

from shopdesk_schemas.content import Schema
from shopdesk_schemas.problems import Problem

KEY_PATTERN = r"^[a-z][a-z0-9_.]{0,99}$"

ProposalState = Literal["open", "confirmed", "declined", "expired", "void"]
"""open: can be confirmed · void: what it rested on changed."""

EffectState = Literal["pending", "delivered", "accepted", "done", "failed"]

Direction = Literal["refund", "charge", "none"]


class OfferLine(Schema):
    """One thing that would change, or one rule worth saying: a key of the words, and what they speak of."""

    key: str = Field(pattern=KEY_PATTERN)
    values: dict[str, JsonValue] = Field(default_factory=dict)


class MoneyMove(Schema):
    """Money that would go back or be taken. A refund may go to several ways of paying, one move each."""

    direction: Literal["refund", "charge"]
    amount_minor: int = Field(gt=0)
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    target: str = Field(
        description="`original` (the way it was paid), `gift_card`, or a saved method's external id.",
        max_length=200,
    )
    payment: str | None = Field(default=None, description="The payment it goes back to, by its external id.")
    method: str | None = Field(default=None, description="card, wallet, voucher … where known.")
    brand: str | None = None
    last4: str | None = None
    instalments: int | None = Field(default=None, description="In how many parts that payment is paid.")


class ProposalRequest(Schema):
    """What is wanted. `details` are those of the kind; a field that does not fit is named in a 422."""

    kind: str = Field(pattern=r"^[a-z_]+(\.[a-z_]+)+$", max_length=100, description="Such as `order.cancel`.")
    details: dict[str, Any] = Field(default_factory=dict)


class EffectView(Schema):
    """Work for another system. Until it is `done` a shopper is told that it was requested."""

    id: str
    kind: str
    state: EffectState


class OutcomeView(Schema):
    """What a confirmation did."""

    values: dict[str, JsonValue] = Field(default_factory=dict)
    effects: list[EffectView] = Field(default_factory=list)
    case: str | None = Field(default=None, description="The case that was opened, by its id.")


class ProposalView(Schema):
    """An offer: exactly what a confirmation would do, or has done."""

    id: str
    kind: str
    state: ProposalState
    order_number: str | None
    expires_at: datetime
    lines: list[OfferLine] = Field(description="What changes.")
    direction: Direction
    amount_minor: int | None = Field(description="Of all moves together; null when no money moves.")
    currency: str | None
    moves: list[MoneyMove]
    notes: list[OfferLine] = Field(description="Rules of the shop that bear on it.")
    values: dict[str, JsonValue] = Field(description="What else the kind says of it.")
    outcome: OutcomeView | None = Field(default=None, description="Once it is confirmed.")


class RefusalProblem(Problem):
    """The shop's rules do not allow it: which rule, and what is possible instead."""

    rule: str = Field(pattern=KEY_PATTERN)
    values: dict[str, JsonValue] = Field(default_factory=dict)
    alternatives: list[OfferLine] = Field(default_factory=list)


class VerificationProblem(Problem):
    """The conversation has to be verified first."""

    level: Literal["order", "customer"]
