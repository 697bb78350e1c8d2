"""Questions about an order that need to know whose it is: its details, its total, its receipt.

They go through the form of changes because it knows who asks and which order is meant; nothing is changed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from actions.changes.kind import ChangeKind
from actions.changes.request import ChangeRequest
from actions.crm_client import CrmNotFound, CrmRefused
from actions.order_facts import asked_facts, order_details, total_of, totals_of_each, totals_together
from actions.orders import order_card
from actions.spending import counted_orders

if TYPE_CHECKING:
    from actions.changes.dialogue import ChangeDialogue

_TOGETHER = re.compile(
    r"\b(?:together|all (?:my|of my|the|three|four|of them)|both|my (?:two|three|four) orders|so far|ever|this year)\b"
    r"|两单|两个订单|几单|所有|全部订单|累计|今年|去年|一直以来",
    re.IGNORECASE,
)
"""Words of a question for several orders' total."""


_ASKS_WHEN = re.compile(
    r"^\W*(?:(?:and|so|hey|hi|ok|okay)\W+)*(?:when|on (?:what|which) day|what (?:day|date)|which day)\s+(?:did|was|were|have|had|do|does|is|are)\b",  # noqa: E501
    re.IGNORECASE,
)
"""How a question begins that would read as a condition: "when did I buy the jumper"."""


class _Telling(ChangeKind):
    """Says something of an order and is done: it waits for a change that is being made."""

    name = ""
    lines = "some"
    any_wish = True

    def order_words(self, text: str) -> str:
        """Without how it is asked when something was."""
        return _ASKS_WHEN.sub(" ", text)

    def takes_over(self, other: ChangeKind) -> bool:
        """Only of another question: a change that is being made goes first."""
        return isinstance(other, _Telling)

    async def ask(self, dialogue: ChangeDialogue) -> None:
        """The answer, in place of a proposal."""
        for number in dialogue.request.orders:
            await self.tell(dialogue, number)
        dialogue.touched += dialogue.request.orders
        dialogue.finish()

    async def tell(self, dialogue: ChangeDialogue, number: str) -> None:
        """Says it of one order."""
        raise NotImplementedError

    def details(self, request: ChangeRequest, order: str) -> dict[str, Any]:
        """Never called: nothing is proposed."""
        raise NotImplementedError


class TellDetails(_Telling):
    """What is in an order, where it goes, how it was paid: what is asked for first, then the card."""

    key = "details"
    intents = frozenset({"ask_order_details"})

    async def tell(self, dialogue: ChangeDialogue, number: str) -> None:
        """One order."""
        view = await dialogue.records.order(number)
        asked = asked_facts(dialogue.request.text)
        lines = dialogue.reader.line_choices or list(dialogue.request.lines)
        told = order_details(view, asked, {key.rpartition("/")[2] for key in lines}, dialogue.wording)
        if told:
            dialogue.say("utter_order_facts", answer=dialogue.wording.sentences(*told))
        text, card = order_card(view, dialogue.wording)
        dialogue.say("utter_order_card", json_message=card, card=text)


class TellTotal(_Telling):
    """What an order comes to, and what that is made of; of several what they come to together."""

    key = "total"
    intents = frozenset({"ask_total"})
    several_orders: ClassVar[bool] = True

    async def tell(self, dialogue: ChangeDialogue, number: str) -> None:
        """One order."""
        view = await dialogue.records.order(number)
        dialogue.say("utter_order_facts", answer=dialogue.wording.sentences(*total_of(view, dialogue.wording)))

    async def answer(self, dialogue: ChangeDialogue, *, known: bool) -> bool:
        """All orders together, where that is what is asked."""
        if not known or dialogue.turn.entities("order_number"):
            return False
        text, wording = dialogue.turn.text, dialogue.wording
        orders = await dialogue.records.summaries()
        zone = (await dialogue.desk.crm.policies()).shop.timezone
        counted = counted_orders(text, orders, dialogue.records.today, zone)
        if counted is not None and (counted.days is not None or len(counted.orders) > 1):
            dialogue.say("utter_order_facts", answer=totals_of_each(counted, zone, wording))
            dialogue.finish()
            return True
        if not _TOGETHER.search(text):
            return False
        if len(orders) < 2:
            return False
        dialogue.say("utter_order_facts", answer=totals_together(orders, dialogue.wording))
        dialogue.finish()
        return True


class GiveReceipt(_Telling):
    """A link to the receipt as PDF, which opens without signing in for as long as the shop says."""

    key = "receipt"
    intents = frozenset({"ask_receipt"})

    async def tell(self, dialogue: ChangeDialogue, number: str) -> None:
        """One order."""
        turn, wording = dialogue.turn, dialogue.wording
        try:
            link = await dialogue.desk.crm.receipt_link(
                turn.conversation_id, number, turn.language, key=f"{turn.message_id}:receipt:{number}"[:200]
            )
        except (CrmNotFound, CrmRefused):
            answer = wording.say("orders.receipt.none", order=number)
            dialogue.say("utter_order_facts_offer_person", answer=answer)
            return
        until = wording.wait(round((link.expires_at - dialogue.desk.clock.wall()).total_seconds()))
        answer = wording.say("orders.receipt.link", order=number, url=dialogue.desk.address(link.path), wait=until)
        dialogue.say("utter_order_facts", answer=answer)
