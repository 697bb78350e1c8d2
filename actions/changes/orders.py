"""Changes of orders that were not sent yet: cancelling, other variants, another address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions.changes.kind import NOT_SENT, ChangeKind, given, lines_as_details
from actions.changes.request import ChangeRequest
from shopdesk_schemas.crm import OrderSummary, PolicyExplanation


class CancelOrder(ChangeKind):
    """The whole order, some lines of it, or some of a line."""

    key = "cancel"
    name = "order.cancel"
    intents = frozenset({"cancel_order"})
    wish = "cancel"
    states = NOT_SENT
    lines = "some"
    several_orders = True

    def reasons(self, policies: PolicyExplanation) -> Sequence[str]:
        """The shop's."""
        return policies.cancellation.reasons if policies.cancellation else ()

    def reason_needed(self, policies: PolicyExplanation) -> bool:
        """As the shop says."""
        return bool(policies.cancellation and policies.cancellation.reason_required)

    def refund_targets(self, policies: PolicyExplanation) -> Sequence[str]:
        """The shop's."""
        return policies.cancellation.refund_targets if policies.cancellation else ()

    def details(self, request: ChangeRequest, order: str) -> dict[str, Any]:
        """Those of `order.cancel`."""
        return given(
            order=order,
            lines=lines_as_details(request, order),
            reason=request.reason,
            refund_target=request.refund_target,
        )


class ChangeItems(ChangeKind):
    """Lines become other variants of the same products."""

    key = "change_items"
    name = "order.modify"
    intents = frozenset({"change_items"})
    wish = "exchange"
    states = NOT_SENT
    lines = "ask"
    swaps = True

    def suited(self, order: OrderSummary) -> str:
        """What was delivered is exchanged."""
        return "exchange" if order.state == "delivered" else self.key

    def refund_targets(self, policies: PolicyExplanation) -> Sequence[str]:
        """Those of cancelling: a lower price goes back the same ways."""
        return policies.cancellation.refund_targets if policies.cancellation else ()

    def details(self, request: ChangeRequest, order: str) -> dict[str, Any]:
        """Those of `order.modify`."""
        return given(
            order=order,
            lines=[
                {**line, "sku": request.target_of(order, line["line_number"])}
                for line in lines_as_details(request, order) or []
            ],
            payment_method=request.payment_method,
            refund_target=request.refund_target,
        )


class ChangeAddress(ChangeKind):
    """Where an order goes: one, or all that were not sent yet."""

    key = "address"
    name = "order.address"
    intents = frozenset({"change_address"})
    states = NOT_SENT
    moves = True
    several_orders = True

    def details(self, request: ChangeRequest, order: str) -> dict[str, Any]:
        """Those of `order.address`."""
        return {"order": order, **request.address}
