"""What comes next with a request: a question for what is missing, or the proposal."""

from __future__ import annotations

from actions.changes.asking_pieces import ask_address, ask_lines, ask_reason, ask_target, ask_who
from actions.changes.conditions_held import hold_conditions
from actions.changes.dialogue import ChangeDialogue
from actions.changes.goods_apart import share_reason
from actions.changes.money_of_goods import keep_money_with_goods, keep_payment_with_goods, recall_money
from actions.changes.one_change import reopen_targets
from actions.changes.proposing import propose, propose_account
from actions.changes.taking_orders import take_orders


async def advance(dialogue: ChangeDialogue) -> None:
    """Asks for what is missing, or proposes."""
    if dialogue.waits:
        return
    if dialogue.kind.about == "customer":
        await _advance_account(dialogue)
        return
    share_reason(dialogue.request)
    keep_money_with_goods(dialogue.request)
    recall_money(dialogue.request, dialogue.focus, dialogue.kind.refund_targets(dialogue.policies))
    if not dialogue.request.orders:
        put = dialogue.request.question
        offered = put.get("shown") if put.get("slot") == "order" else None
        await take_orders(dialogue, [], offered or [each.number for each in await dialogue.records.summaries()])
        return
    await dialogue.records.orders(dialogue.request.orders)
    keep_payment_with_goods(dialogue.reader)
    for ask in (
        ask_lines,
        reopen_targets,
        hold_conditions,
        ask_target,
        ask_address,
        ask_reason,
        _ask_own,
        propose,
    ):
        if not dialogue.waits:
            await ask(dialogue)


async def _advance_account(dialogue: ChangeDialogue) -> None:
    """The same where no order is meant: who asks comes first."""
    if dialogue.kind.asks_who_first and dialogue.verification.level != "customer":
        ask_who(dialogue)
        return
    await _ask_own(dialogue)
    if not dialogue.waits:
        await propose_account(dialogue)


async def _ask_own(dialogue: ChangeDialogue) -> None:
    await dialogue.kind.ask(dialogue)
