"""What shoppers tell in passing of their sizes, tastes and what they cannot have: kept at once, in their words.

It takes the place of nothing: whatever is being done goes on afterwards.
"""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.crm_client import ChangeRefused, CrmNotFound, CrmRefused, HigherLevelNeeded
from actions.desk import Desk, DeskAction, Event, Turn

INTENT: Final = "tell_preference"
_KIND: Final = "account.preference"
_LONGEST: Final = 200
_CLAUSES = re.compile(r"[.!?;\n。！？；]+\s*|[，,]\s*")
_ASIDE = re.compile(
    r"\bby the way\b|\bbtw\b|\bfyi\b|\bjust so you know\b|\bfor (?:next time|later|future|the future)\b|\bremember\b"
    r"|\bkeep in mind\b|\bmake a note\b|\bsave my\b|顺便|记一下|记住|记得|下次|以后",
    re.IGNORECASE,
)
_TOPICS = {
    "diet": re.compile(
        r"\ballerg\w*|\bvegan\b|\bvegetarian\b|\bgluten\b|\blactose\b|\bdairy\b|\bhalal\b|\bkosher\b|\bnuts?\b|\bintoleran\w*|\bdiabet\w*"
        r"|过敏|素食|吃素|清真|乳糖|麸质|无糖|忌口|不吃",
        re.IGNORECASE,
    ),
    "dislike": re.compile(
        r"\b(?:hate|dislike|can'?t stand|don'?t (?:like|wear|want|use)|never wear|not a fan)\b"
        r"|不喜欢|讨厌|不穿|不用|受不了|不爱",
        re.IGNORECASE,
    ),
    "size": re.compile(
        r"\bsizes?\b|\b(?:i'?m|i am|i take|i wear|wears?|takes?) (?:an? )?(?:\d|x*[sml]\b|small|medium|large)|\btall\b"
        r"|\b\d{2,3} ?(?:cm|kg)\b|\bfeet\b|尺码|码|身高|体重|公分|穿[XSML\d]|[XSML]号",
        re.IGNORECASE,
    ),
    "colour": re.compile(
        r"\bcolou?rs?\b|\b(?:black|white|red|blue|green|yellow|pink|grey|gray|brown|purple|beige|navy|orange)\b"
        r"|颜色|[黑白红蓝绿黄粉灰棕紫橙]色",
        re.IGNORECASE,
    ),
    "interest": re.compile(
        r"\b(?:into|love|interested|fan of|like|prefer|enjoy|hobby|collect)\b|喜欢|爱好|偏好|偏爱|感兴趣|收藏",
        re.IGNORECASE,
    ),
}


def is_aside(text: str) -> bool:
    """Whether a message says of itself that it is about nothing that is being done."""
    return _ASIDE.search(text) is not None


def told_words(text: str) -> str:
    """The clauses of a message that tell of the shopper; all of it where none does clearly."""
    clauses = [each.strip() for each in _CLAUSES.split(text) if each.strip()]
    told = [each for each in clauses if any(words.search(each) for words in _TOPICS.values())]
    return ", ".join(told or clauses)[:_LONGEST] or text.strip()[:_LONGEST]


async def note_taste(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> None:
    """Keeps what the message tells, and says so. Who is not known is not asked who they are for a word in passing."""
    words = told_words(turn.text)
    topic = next((topic for topic, pattern in _TOPICS.items() if pattern.search(words)), "other")
    details = {"topic": topic, "words": words}
    try:
        await desk.crm.propose(turn.conversation_id, _KIND, details, key=f"{turn.message_id}:taste"[:200])
    except (HigherLevelNeeded, ChangeRefused, CrmNotFound, CrmRefused):
        dispatcher.utter_message(response="utter_account_preference_heard")
        return
    dispatcher.utter_message(response="utter_account_preference_noted", words=words)


class ActionTellPreference(DeskAction):
    """Where nothing else is being done, or a rule has its turn in the middle of a form."""

    def name(self) -> str:
        """The action's name."""
        return "action_tell_preference"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Keeps it."""
        await note_taste(self.desk, dispatcher, Turn(tracker))
        return []
