"""What a kind of change is: which words begin it, what it needs, and what the CRM is asked for.

A topic adds a kind by an intent with examples, a subclass here-after in the module named after the topic, and its
words: `changes.title`, `changes.done` and `changes.ask` in actions/locales. Nothing in the form changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from actions.changes.request import ChangeRequest
from actions.resolver import Wish
from shopdesk_schemas.crm import OrderState, OrderSummary, PolicyExplanation

Lines = Literal["none", "some", "ask"]
"""none: about the order · some: about lines where some are named, else about the whole · ask: lines must be named."""

NOT_SENT: frozenset[OrderState] = frozenset({"created", "approved", "invoiced", "processing"})


class ChangeKind:
    """One kind. Has no state."""

    key: ClassVar[str]
    """Its name in the slot, in buttons and in the locale files."""
    name: ClassVar[str]
    """The CRM's name for it."""
    intents: ClassVar[frozenset[str]] = frozenset()
    wish: ClassVar[Wish | None] = None
    """What a clause about a line has to want to be about this kind."""
    states: ClassVar[frozenset[OrderState]] = frozenset()
    """Orders in these states are meant when none is named."""
    lines: ClassVar[Lines] = "none"
    swaps: ClassVar[bool] = False
    """Every line needs another variant."""
    moves: ClassVar[bool] = False
    """It needs an address."""
    several_orders: ClassVar[bool] = False

    def suited(self, order: OrderSummary) -> str:
        """The key of the kind that does what is wanted of an order in its state; usually this one."""
        return self.key

    def reasons(self, policies: PolicyExplanation) -> Sequence[str]:
        """The shop's reason codes to choose from; none where no reason is given."""
        return ()

    def reason_needed(self, policies: PolicyExplanation) -> bool:
        """Whether the shop wants a reason."""
        return False

    def refund_targets(self, policies: PolicyExplanation) -> Sequence[str]:
        """Where money may go back to."""
        return ()

    def details(self, request: ChangeRequest, order: str) -> dict[str, Any]:
        """The details of the proposal for one order."""
        raise NotImplementedError


def lines_as_details(request: ChangeRequest, order: str) -> list[dict[str, Any]] | None:
    """The lines of a request as the CRM wants them; None for the whole order."""
    lines = [
        {"line_number": number, **({} if quantity is None else {"quantity": quantity})}
        for number, quantity in request.lines_of(order).items()
    ]
    return lines or None


def given(**details: Any) -> dict[str, Any]:
    """The details that have a value."""
    return {name: value for name, value in details.items() if value is not None}
