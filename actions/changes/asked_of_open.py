"""Questions about the change that is open: does the rest stay, does it cost the same, has anything been changed yet.

They are answered from what is offered, and what is asked comes back as it was: nothing is taken for a further wish.
"""

from __future__ import annotations

from typing import Final

from rasa_sdk.executor import CollectingDispatcher

from actions.changes.asides import price_told
from actions.changes.dialogue import ChangeDialogue
from actions.changes.just_done import last_done
from actions.changes.kinds import BY_KEY
from actions.changes.queueing import waiting
from actions.changes.request import ChangeRequest
from actions.desk import Desk, Turn
from actions.resolver.asked_of_change import asked_of_change

_ASKED: Final = frozenset(
    {"confirmation", "revision", "alternative", "payment_method", "target", "lines", "reason", "repair", "resolution"}
)


async def answered_of_open(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, request: ChangeRequest) -> bool:
    """Answers what is asked of the change that is open; False where the message asks nothing of it."""
    kind, slot = BY_KEY[request.kind], request.question.get("slot")
    asked = asked_of_change(turn.text) if slot in _ASKED and kind.about == "order" else None
    if asked is None or (asked == "price" and not (kind.swaps and request.orders)):
        return False
    wording, done = desk.wording(turn.language), last_done(turn)
    if asked == "price":
        policies = await desk.crm.policies()
        verification = await desk.crm.verification(turn.conversation_id)
        answer = await price_told(ChangeDialogue(desk, turn, dispatcher, request, verification, policies))
    elif asked == "nothing" and done.get("told"):
        answer = wording.say("account.done_before", told=done["told"])
    else:
        # What waits to be taken up may change more of the order.
        stays = asked == "rest" and not waiting(turn)
        answer = wording.say("changes.rest_unchanged" if stays else "changes.nothing_yet")
    dispatcher.utter_message(response="utter_returns", answer=answer)
    return True
