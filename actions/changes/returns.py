"""Goods that go back: for money, for a repair, or for another variant."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

from actions.changes.kind import NOT_SENT, ChangeKind, given, lines_as_details
from actions.changes.records import Records
from actions.changes.request import ChangeRequest, Remark
from actions.changes.sent_anew import resend_possible
from actions.changes.shipments import wants, without_remedies
from actions.details import number_key
from actions.resolver.ways_back import way_back
from shopdesk_schemas.crm import OrderState, OrderSummary, OrderView, PolicyExplanation
from shopdesk_schemas.returns import ReturnableLine, ReturnView

if TYPE_CHECKING:
    from actions.changes.dialogue import ChangeDialogue

OPEN_RETURNS: Final = frozenset({"requested", "approved"})
"""States in which nothing was sent yet."""

_ANEW: Final = "resend"
"""The wish for a new one in the place of what broke: a claim, where the shop settles those so."""
_REPAIR = re.compile(r"\b(?:repair|fix|mend)\w*\b|维修|保修|修(?:一下|好|理|吗)|能修|返修", re.IGNORECASE)
_REFUND = re.compile(r"\brefund|\bmoney\b|\breturn\b|\bsend (?:it|them) back|退", re.IGNORECASE)


class _GoesBack(ChangeKind):
    states: ClassVar[frozenset[OrderState]] = frozenset({"delivered"})
    lines = "ask"
    goes_back = True

    def reasons(self, policies: PolicyExplanation) -> Sequence[str]:
        """The shop's."""
        return policies.returns.reasons if policies.returns else ()

    def reason_needed(self, policies: PolicyExplanation) -> bool:
        """Always: terms depend on it."""
        return True

    def refund_targets(self, policies: PolicyExplanation) -> Sequence[str]:
        """The shop's."""
        return policies.returns.refund_targets if policies.returns else ()

    def read(self, text: str, request: ChangeRequest, records: Records) -> None:
        """How the goods travel back, where that is said."""
        if (way := way_back(text)) is not None:
            request.extras["method"] = way


class ReturnItems(_GoesBack):
    """Lines come back for their money, or, where the request says so, for a repair."""

    key = "return"
    name = "return.create"
    intents = frozenset({"return_items"})
    wish = "return"

    def suited(self, order: OrderSummary | OrderView) -> str:
        """What has not arrived cannot come back: its money does by cancelling."""
        return "cancel" if order.state in NOT_SENT or order.state == "shipped" else self.key

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

    def suited(self, order: OrderSummary | OrderView) -> str:
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


class ReportDefect(ReturnItems):
    """It broke in use: back for its money while that is possible, or repaired under warranty."""

    key = "defect"
    intents = frozenset({"report_defect"})
    questions = frozenset({"repair"})
    names_parts = True

    def takes_over(self, other: ChangeKind) -> bool:
        """Only a report about a parcel: "the broken one" answers which one to send back or to exchange."""
        return other.name == "shipment.claim"

    def reason_needed(self, policies: PolicyExplanation) -> bool:
        """It is known: a fault."""
        return False

    def read(self, text: str, request: ChangeRequest, records: Records) -> None:
        """Whether it is to be repaired, its money to come back, or a new one to come; how it travels back."""
        super().read(text, request, records)
        repair, refund = bool(_REPAIR.search(text)), bool(_REFUND.search(text))
        if repair != refund:
            request.extras["wish"] = "repair" if repair else "refund"
        elif not repair and wants("resend", text):
            request.extras["wish"] = _ANEW

    def goods_words(self, text: str) -> str:
        """Without "a new one" and "came today", which name no goods."""
        return without_remedies(text)

    async def ask(self, dialogue: ChangeDialogue) -> None:
        """Which of the two, where both are possible."""
        request, rules = dialogue.request, dialogue.policies.returns
        if rules is None:
            return
        faults = [*rules.faults, *rules.warranty.reasons]
        if request.reason not in faults:
            request.reason = next((each for each in ("faulty", *faults) if each in rules.reasons), "other")
        if request.extras.get("wish") == _ANEW and await self._is_sent_anew(dialogue):
            return
        if request.extras.get("wish"):
            return
        order = request.orders[0]
        returnable = await dialogue.desk.crm.returnable(dialogue.turn.conversation_id, order, dialogue.turn.language)
        meant = [each for each in returnable.lines if f"{order}/{each.line_number}" in request.lines]
        verdicts = [verdict for line in meant for verdict in _verdicts(line, request.reason)]
        under_warranty = request.reason in rules.warranty.reasons
        if meant and not any(allowed for allowed, _ in verdicts):
            if any(repair for _, repair in verdicts):
                request.extras["wish"] = "repair"
                request.remarks.append(Remark("repaired", {}))
            return
        if under_warranty and meant:
            choices = {
                "extra=wish:refund": dialogue.wording.say("changes.alternative.resolve_by_refund"),
                "extra=wish:repair": dialogue.wording.say("changes.alternative.repair_under_warranty"),
            }
            names = dialogue.wording.listed(dialogue.names_of(request.lines))
            dialogue.ask("repair", "defect.repair", choices, names=names)

    async def _is_sent_anew(self, dialogue: ChangeDialogue) -> bool:
        """Goes over to a claim for a new one while the shop's time for that runs; afterwards there is none."""
        request = dialogue.request
        if await resend_possible(dialogue):
            request.kind, request.reason, request.extras = "claim_damaged", None, {"resolution": "resend"}
            return True
        del request.extras["wish"]
        request.remarks.append(Remark("not_sent_anew", {}))
        return False


def _verdicts(line: ReturnableLine, reason: str) -> list[tuple[bool, bool]]:
    """Whether a line may come back for its money for that reason, and whether it is repaired where it may not."""
    return [(each.allowed, each.repair_until is not None) for each in line.reasons if each.reason == reason]


_CANCEL_ELSE_RETURN = re.compile(
    r"\b(?:cancel|call off)\b(?!(?: (?:the|my|that|this|a))? (?:returns?|exchange|refund|rma)\b)"
    r".{0,300}\b(?:if|or|otherwise|else)\b.{0,200}\b(?:return|send\b.{0,100}\bback)\b"
    r"|取消(?!退|换).{0,200}(?:如果|要是|若|不了|不成|不行|来不及|否则|不然|的话).{0,100}退",
    re.IGNORECASE | re.DOTALL,
)
"""Goods are to be cancelled, and to come back only where that is too late."""


class CancelReturn(ChangeKind):
    """The goods are kept after all."""

    key = "cancel_return"
    name = "return.cancel"
    intents = frozenset({"cancel_return"})
    verb = "cancel"
    questions = frozenset({"return"})

    def begun_as(self, text: str) -> str:
        """Words such as "cancel it, or return it if that is too late" are about an order: no return is called off."""
        return "cancel" if _CANCEL_ELSE_RETURN.search(text) else self.key

    def takes_over(self, other: ChangeKind) -> bool:
        """Never: in the middle of a return that is being asked for, "leave it" is said otherwise."""
        return False

    async def candidates(self, records: Records) -> Collection[str] | None:
        """Orders of which something is to come back; where nothing is, those of which something came."""
        returns = await records.returns()
        open_ones = {each.order_number for each in returns if each.state in OPEN_RETURNS}
        return open_ones or {each.order_number for each in returns}

    async def named(self, numbers: Sequence[str], records: Records) -> Sequence[str]:
        """A return's number stands for its order."""
        by_key = {number_key(each.number): each.order_number for each in await records.returns()}
        return [by_key.get(number_key(number), number) for number in numbers]

    async def ask(self, dialogue: ChangeDialogue) -> None:
        """Which of an order's returns."""
        request = dialogue.request
        mine = [each for each in await dialogue.records.returns() if each.order_number == request.orders[0]]
        said = number_key(f"{request.text} {dialogue.turn.text}")
        open_ones = [each for each in mine if each.state in OPEN_RETURNS] or mine[:1]
        meant = [each for each in mine if number_key(each.number) in said] or open_ones
        if not meant:
            dialogue.say("utter_change_refused", why=dialogue.wording.say("changes.no_return", order=request.orders[0]))
            dialogue.finish()
        elif len(meant) == 1:
            request.extras["return"] = meant[0].number
        elif request.extras.get("return") not in {each.number for each in meant}:
            choices = {f"extra=return:{each.number}": return_goods(each) for each in meant}
            dialogue.ask("return", "cancel_return.return", choices, order=request.orders[0])

    def details(self, request: ChangeRequest, order: str) -> dict[str, Any]:
        """Those of `return.cancel`."""
        return {"number": request.extras["return"]}


def return_goods(returned: ReturnView) -> str:
    """What comes back, as a button says it."""
    titles = ", ".join(line.title for line in returned.lines if line.title)
    return f"{titles} ({returned.number})" if titles else returned.number
