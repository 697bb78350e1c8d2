"""A question of what was taken up afterwards, which is done already: it ends, and what else is said is answered."""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.events import SlotSet

from actions.changes.queueing import SLOT as QUEUE
from actions.changes.queueing import said_now, waiting
from actions.changes.said_done import rest_beside_done
from actions.changes.settled import without_wish
from actions.changes.steps.advancing import advanced
from actions.changes.steps.step import Step
from actions.desk import Event

_WHICH: Final = ("order", "lines", "target")
_ASKS: Final = re.compile(
    r"[?？吗呢]|^\W*(?:and |so |but |then )*(?:when|where|what|how|who|why|which|is|are|do|does|did|has|have|will|can|could)\b"  # noqa: E501
    r"|什么|多久|几|哪|怎么",
    re.IGNORECASE,
)


async def done_already(step: Step, asked: str) -> list[Event] | None:
    """Ends a change that was begun after another one and of which nothing is left; None where that is not said.

    What is said beside it has to be a question, or nothing: words that name goods otherwise may be the answer.
    """
    dialogue = step.dialogue
    if asked not in _WHICH or step.turn.pressed or dialogue.request.proposals or not dialogue.focus.settled:
        return None
    rest = rest_beside_done(step.turn.text)
    if rest is None or (rest and not _ASKS.search(rest)):
        return None
    dropped = list(dict.fromkeys(str(each["text"]) for each in dialogue.request.then if each.get("text")))
    dialogue.request.then = []
    wording = dialogue.wording
    not_done = [wording.say("changes.not_followed", words=words) for words in dropped if words != step.turn.text]
    dialogue.say("utter_returns", answer=wording.sentences(wording.say("changes.nothing_more"), *not_done))
    dialogue.finish()
    events = await advanced(step)
    left = without_wish(waiting(step.turn), dialogue.kind.wish)
    if rest:
        return [*(each for each in events if each.get("name") != QUEUE), said_now(step.turn, rest)]
    return [*(each for each in events if each.get("name") != QUEUE), SlotSet(QUEUE, left)]
