"""Goods that go back: for money, for a repair, or for another variant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from actions.changes.kind import NOT_SENT, ChangeKind, given, lines_as_details
from actions.changes.request import ChangeRequest
from shopdesk_schemas.crm import OrderState, OrderSummary, PolicyExplanation


class _GoesBack(ChangeKind):
    states: ClassVar[frozenset[OrderState]] = frozenset({"delivered"})
    lines = "ask"

    def reasons(self, policies: PolicyExplanation) -> Sequence[str]:
        """The shop's."""
        return policies.returns.reasons if policies.returns else ()

    def reason_needed(self, policies: PolicyExplanation) -> bool:
        """Always: terms depend on it."""
        return True

    def refund_targets(self, policies: PolicyExplanation) -> Sequence[str]:
        """The shop's."""
        return policies.returns.refund_targets if policies.returns else ()


class ReturnItems(_GoesBack):
    """Lines come back for their money, or, where the request says so, for a repair."""

    key = "return"
    name = "return.create"
    intents = frozenset({"return_items"})
    wish = "return"

    def details(self, request: ChangeRequest, order: str) -> dict[str, Any]:
        """Those of `return.create`."""
        return given(
            order=order,
            lines=lines_as_details(request, order),
            reason=request.reason,
            refund_target=request.refund_target,
            **request.extras,
        )


class ExchangeItems(_GoesBack):
    """Lines come back for other variants of the same products."""

    key = "exchange"
    name = "return.exchange"
    intents = frozenset({"exchange_items"})
    wish = "exchange"
    swaps = True

    def suited(self, order: OrderSummary) -> str:
        """What was not sent yet is packed differently."""
        return "change_items" if order.state in NOT_SENT else self.key

    def details(self, request: ChangeRequest, order: str) -> dict[str, Any]:
        """Those of `return.exchange`."""
        return given(
            order=order,
            lines=[
                {**line, "sku": request.target_of(order, line["line_number"])}
                for line in lines_as_details(request, order) or []
            ],
            reason=request.reason,
            payment_method=request.payment_method,
            refund_target=request.refund_target,
            **request.extras,
        )
