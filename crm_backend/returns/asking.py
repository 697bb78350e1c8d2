"""What the kinds of return have in common: which lines are meant, what the rules say of each, and the words for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import Field, JsonValue

from crm_backend.changes.kind import Details, Refusal
from crm_backend.changes.unit import Unit
from crm_backend.payments.refunding import GIFT_CARD
from crm_backend.policies.returns import Method, ReturnTerms
from crm_backend.returns.rules import Verdict, Wish, judge
from crm_backend.returns.standing import Standing
from shopdesk_schemas.changes import MoneyMove, OfferLine
from shopdesk_schemas.problems import FieldProblem, InvalidInput

ASK_A_PERSON = OfferLine(key="ask_a_person")


class AskedLine(Details):
    """A line, or some of it."""

    line_number: int = Field(ge=1, le=1_000_000)
    quantity: int | None = Field(default=None, ge=1, le=1_000_000, description="All that can come back when not given.")
    reason: str | None = Field(default=None, max_length=50, description="Where it is another than the whole return's.")


@dataclass(frozen=True)
class Chosen:
    """A line that comes back, and under which terms."""

    line_number: int
    quantity: int
    reason: str
    verdict: Verdict


def invalid(field: str, message: str) -> InvalidInput:
    """A 422 that names a field of the details."""
    return InvalidInput(errors=[FieldProblem(field=f"body.details.{field}", message=message)])


def choose(
    unit: Unit,
    standing: Standing,
    asked: Sequence[AskedLine] | None,
    reason: str,
    wish: Wish,
    *,
    goodwill: bool,
) -> tuple[list[Chosen], list[OfferLine]]:
    """The lines that come back, and notes on those that do not although all were asked for.

    Raises Refusal with the rule of the first line that was named and may not come back, and InvalidInput.
    """
    policy = unit.policies.returns
    if goodwill and unit.actor.kind != "staff":
        raise invalid("goodwill", "is for agents")
    _check_reason(unit, "reason", reason)
    if not standing.facts:
        raise Refusal("order_without_lines", alternatives=[ASK_A_PERSON])

    def verdict_of(number: int, why: str) -> Verdict:
        return judge(policy, standing.facts[number], why, wish, unit.now, goodwill=goodwill)

    if asked is None:
        judged = {number: verdict_of(number, reason) for number in sorted(standing.facts)}
        chosen = [
            Chosen(number, standing.facts[number].available, reason, verdict)
            for number, verdict in judged.items()
            if verdict.allowed
        ]
        if not chosen:
            # Of several rules the one that says most: what never arrived or was cancelled explains little.
            number = max(judged, key=lambda one: (judged[one].until is not None, standing.facts[one].available > 0))
            raise refusal(standing, number, judged[number])
        left_out: list[OfferLine] = [
            OfferLine(key="line_not_included", values={"line_number": number, "rule": verdict.rule})
            for number, verdict in judged.items()
            if not verdict.allowed
        ]
        return chosen, left_out
    chosen = []
    for index, line in enumerate(asked):
        facts = standing.facts.get(line.line_number)
        if facts is None:
            raise invalid(f"lines.{index}.line_number", "the order has no such line of goods")
        if any(one.line_number == line.line_number for one in chosen):
            raise invalid(f"lines.{index}.line_number", "is given twice")
        if line.reason is not None:
            _check_reason(unit, f"lines.{index}.reason", line.reason)
        verdict = verdict_of(line.line_number, line.reason or reason)
        if not verdict.allowed:
            raise refusal(standing, line.line_number, verdict, named=[one.line_number for one in asked])
        quantity = facts.available if line.quantity is None else line.quantity
        if quantity > facts.available:
            raise Refusal(
                "more_than_can_come_back",
                values={"line_number": line.line_number, "quantity": quantity, "available": facts.available},
                alternatives=[
                    OfferLine(
                        key="return_quantity",
                        values={"line_number": line.line_number, "quantity": facts.available},
                    )
                ],
            )
        chosen.append(Chosen(line.line_number, quantity, line.reason or reason, verdict))
    return chosen, []


def refusal(standing: Standing, number: int, verdict: Verdict, *, named: Sequence[int] = ()) -> Refusal:
    """The rule, and what is possible instead."""
    alternatives: list[OfferLine] = []
    if verdict.rule == "not_delivered_yet":
        sent = standing.order.state == "shipped"
        alternatives.append(OfferLine(key="claim_parcel" if sent else "cancel_order"))
    if verdict.repair_until is not None:
        alternatives.append(
            OfferLine(
                key="repair_under_warranty",
                values={"line_number": number, "until": verdict.repair_until.isoformat()},
            )
        )
    if len(named) > 1:
        others: list[JsonValue] = [other for other in named if other != number]
        alternatives.append(OfferLine(key="return_other_lines", values={"line_numbers": others}))
    values: dict[str, JsonValue] = {"line_number": number, "title": standing.line(number).title, **verdict.values}
    return Refusal(verdict.rule or "", values=values, alternatives=alternatives or [ASK_A_PERSON])


def choose_method(chosen: Sequence[Chosen], wanted: Method | None) -> Method:
    """How the goods travel. Raises Refusal when the shop does not offer that for one of them."""
    offered = [
        method
        for method in chosen[0].verdict.terms.methods
        if all(method in one.verdict.terms.methods for one in chosen)
    ]
    if wanted is None and offered:
        return offered[0]
    if wanted is None or wanted not in offered:
        raise Refusal(
            "return_method_not_offered",
            values={"method": wanted},
            alternatives=[OfferLine(key=f"send_by_{method}") for method in offered] or [ASK_A_PERSON],
        )
    return wanted


def told_line(standing: Standing, key: str, one: Chosen, **more: JsonValue) -> OfferLine:
    """A line of the offer: what comes back."""
    line = standing.line(one.line_number)
    values: dict[str, JsonValue] = {
        "line_number": one.line_number,
        "sku": line.sku,
        "title": line.title,
        "quantity": one.quantity,
        "reason": one.reason,
        **more,
    }
    return OfferLine(key=key, values=values)


def way_back_notes(
    terms: Sequence[ReturnTerms], *, method: Method, freight: int, insured: int, condition: str, currency: str
) -> list[OfferLine]:
    """How the goods travel, who pays, and in which condition they have to be."""
    amounts: dict[str, JsonValue] = {"freight_minor": freight, "currency": currency}
    shop_pays = any(one.freight == "shop" for one in terms) and method != "store"
    notes = [OfferLine(key=f"send_by_{method}")]
    if shop_pays:
        notes.append(OfferLine(key="freight_paid_by_shop"))
    elif freight:
        notes.append(OfferLine(key="freight_taken_off", values=amounts))
    elif method == "own" and not insured:
        notes.append(OfferLine(key="freight_paid_by_shopper"))
    if insured and not shop_pays:
        notes.append(OfferLine(key="freight_insured", values={"insured_minor": insured, "currency": currency}))
    if condition != "any":
        notes.append(OfferLine(key=f"condition_{condition}"))
    notes += [OfferLine(key="law", values={"law": law}) for law in sorted({one.law for one in terms if one.law})]
    return notes


def refund_notes(unit: Unit, moves: Sequence[MoneyMove]) -> list[OfferLine]:
    """When the money is sent, and how long it takes."""
    policy = unit.policies.returns
    ways = {GIFT_CARD if move.target == GIFT_CARD else move.method or "unknown" for move in moves}
    days = max((policy.refund_days_by_method.get(way, policy.refund_days) for way in ways), default=policy.refund_days)
    notes = [
        OfferLine(key=f"refund_when_{policy.refund_when}"),
        OfferLine(key="refund_takes_days", values={"days": days}),
    ]
    if any(move.instalments for move in moves):
        notes.append(
            OfferLine(key="refund_in_instalments" if policy.refund_in_instalments else "instalments_end_with_refund")
        )
    return notes


def refund_target(unit: Unit, target: Literal["original", "gift_card"] | None) -> Literal["original", "gift_card"]:
    """Where a refund goes. Raises Refusal with what the shop offers."""
    offered = unit.policies.returns.refund_targets
    if target is None:
        return offered[0]
    if target not in offered:
        raise Refusal(
            "refund_target_not_offered",
            values={"target": target},
            alternatives=[OfferLine(key=f"refund_to_{other}") for other in offered],
        )
    return target


def _check_reason(unit: Unit, field: str, reason: str) -> None:
    reasons = unit.policies.returns.reasons
    if reason not in reasons:
        raise invalid(field, f"is not one of {', '.join(reasons)}")
