"""What is added to a question about the return rules: "and for opened stuff?", "打折的呢".

Such a message names nothing but the new condition; on its own it reads as a search or a damage. It stays with the
question before it: the rules for that condition, else the page that says it, else that the rules make no difference.
"""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.desk import Desk, Event, Turn, last_question, last_words
from actions.help_pages import page_answer
from actions.resolver.text import fold
from actions.resolver.vocabulary import phrases
from actions.returns import START, ActionAskReturnPolicy

_WORDS: Final = 9
_HAN: Final = 14
_SURE_OF_OTHER: Final = 0.85
_MAY_BE: Final = frozenset(
    {"nlu_fallback", "ask_policy", "report_damaged", "report_defect", "report_wrong_item", "return_items"}
)
"""What such a rest of a question is taken for."""


def follows_up(turn: Turn) -> bool:
    """Whether a message goes on with the answer about returns that stands just before it."""
    told = [str(each.get("payload")) for each in last_question(turn)]
    if told != [START] or turn.intent not in _MAY_BE:
        return False
    folded = fold(turn.text).strip(" .!。！")
    han = sum("\u4e00" <= character <= "\u9fff" for character in folded)
    if len(re.findall(r"[a-z']+", folded)) > _WORDS or han > _HAN or says("wishing", folded):
        return False
    if turn.intent in ("report_damaged", "report_defect", "return_items") and turn.confidence >= _SURE_OF_OTHER:
        return False
    begins = any(re.match(rf"{re.escape(fold(each))}(?![a-z])", folded) for each in phrases("follow_ups", "begins"))
    return begins or any(folded.rstrip("?？~～").endswith(fold(each)) for each in phrases("follow_ups", "ends"))


def says(what: str, folded: str) -> bool:
    """Whether folded words hold one of the phrases at `follow_ups.what`."""
    return any(
        re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", folded) is not None if word.isascii() else word in folded
        for word in map(fold, phrases("follow_ups", what))
    )


async def answered_follow_up(
    desk: Desk, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
) -> list[Event] | None:
    """Answers what goes on with the question about returns before it; None where the message does not."""
    turn = Turn(tracker)
    if not follows_up(turn):
        return None
    if not says("opened", fold(turn.text)):
        page = await page_answer(desk, turn, after=last_words(turn))
        if page is not None and says("reduced", fold(turn.text)):
            dispatcher.utter_message(response="utter_policy", answer=page)
            return []
    return await ActionAskReturnPolicy(desk, further=True).run(dispatcher, tracker, domain)
