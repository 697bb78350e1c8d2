"""What keeps a conversation open and asks for nothing: "wait", "hello?", 在吗. It is answered by what stands open.

Whoever calls out in the middle of a conversation wants to know that somebody is there: who is there was said before.
"""

from __future__ import annotations

import re
from typing import Any, Final

from rasa_sdk.executor import CollectingDispatcher

from actions.changes.taking_time import takes_time
from actions.desk import Desk, Event, Turn, last_question

_SPEAKS_EN: Final = (
    r"(?:h+e+l+o+|hallo|h+i+|h+e+y+|hiya|yo|oi|excuse me|any ?(?:one|body)(?: (?:still )?(?:there|here|home|around))?"
    r"|is (?:any ?(?:one|body)|some ?(?:one|body)) (?:still )?(?:there|here|around)"
    r"|(?:are |r )?(?:you|u|ya) (?:guys )?(?:still )?(?:there|here|with me|around|alive|awake)|still (?:there|here|with me)"  # noqa: E501
    r"|you(?:['’]re| are)? (?:still )?(?:there|here)|knock knock|where (?:did|have) you (?:go|gone)|where are you|ping)"
)
_SPEAKS_HAN: Final = (
    r"(?:(?:你|您|你们|客服|亲|小二|店家|老板|机器人)?(?:还)?(?:在不在|在么|在吗|在嘛|在没|在没在|在不)|(?:有|还有)?人(?:在)?(?:吗|嘛|么|没|不)"
    r"|人呢|人在哪|人去哪了|喂+|哈[喽罗啰]|嗨+|你好|您好|亲+|客服(?:呢)?|(?:怎么)?(?:不|没)(?:说话|理我|理人|回我|回复|回|吱声)了?"
    r"|zai ?ma|zai ?bu ?zai|zai|you ?ren ?ma|nihao|ni hao)"
)
_CALLS: Final = re.compile(
    rf"^[\W_]*(?:(?:{_SPEAKS_EN}|{_SPEAKS_HAN})(?:[\W_]|啊|呀|呢|哦|吗|there\b|again\b|pls\b|please\b)*){{1,4}}$",
    re.IGNORECASE,
)
_MISTOOK: Final = re.compile(
    r"^\W*(?:(?:oh|ah|oops|ok|okay|so|no)\W+)*(?:(?:i['’]?m |i am )?(?:so |very |really )?(?:sorry|apologies)|my (?:bad|mistake|fault|apologies)|whoops|oops"  # noqa: E501
    r"|(?:that was )?my (?:own )?(?:mistake|fault)|i(?:['’]m| was)? (?:got )?(?:confused|mixed (?:it|them|that) up|misread|mistaken))"  # noqa: E501
    r"(?:\W+(?:about that|my (?:bad|mistake|fault)|i (?:misread|mixed (?:it|them|that) up|was wrong)|sorry))*\W*$"
    r"|^\W*(?:哦|啊|哎呀)?\W*(?:不好意思|抱歉|对不起)?[\W_]*(?:是)?我(?:自己)?(?:看错|搞错|弄错|记错|误会|搞混)了?\W*$"
    r"|^\W*(?:哦|啊|哎呀)?\W*(?:不好意思|抱歉|对不起)(?:啊|哈|了)?\W*$",
    re.IGNORECASE,
)
_ASKED_FOR: Final = {"emergency": "emergency"}
"""What is said by why a person was asked for, where it is not the same for all."""
_MARKS: Final = re.compile(r"^[\s?？!！。.]*[?？][\s?？!！。.]*$")
_SENTENCE: Final = re.compile(r"(?<![^.!?。！？\n])[^.!?。！？\n]*[?？]\s*$")


def calls_out(text: str) -> bool:
    """Whether a message only asks whether somebody is there: "hello?", "u there", 在吗, "???"."""
    return _CALLS.fullmatch(text) is not None or _MARKS.fullmatch(text) is not None


def open_question(turn: Turn) -> tuple[str, list[dict[str, Any]]]:
    """The question that the reply before this message ended with, and its buttons; empty where it asked nothing."""
    before = False
    for event in reversed(turn.tracker.events):
        before = before or event.get("event") == "user"
        if before and event.get("event") == "bot":
            asked = _SENTENCE.search(str(event.get("text") or ""))
            return (asked[0].strip(), last_question(turn)) if asked is not None else ("", [])
    return "", []


def spoken_with(turn: Turn) -> bool:
    """Whether something was said to the shopper before this message."""
    before = False
    for event in reversed(turn.tracker.events):
        before = before or event.get("event") == "user"
        if before and event.get("event") == "bot":
            return True
    return False


def say_still_here(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event]:
    """Says that somebody is there, and goes on with what is open: a form's question comes after it by itself."""
    wording = desk.wording(turn.language)
    question, buttons = ("", []) if turn.form else open_question(turn)
    if question:
        told = wording.say("common.here.asking", question=question)
    elif turn.form:
        told = wording.say("common.here.only")
    else:
        asked = turn.tracker.get_slot("handoff")
        told = wording.say(f"common.here.{_ASKED_FOR.get(asked, 'person') if asked else 'for_you'}")
    dispatcher.utter_message(response="utter_policy", answer=told, buttons=buttons or None)
    return []


def answered_still_here(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    """Answers who only calls out, asks for a moment or excuses a mistake, no form being open; None where the message does neither."""  # noqa: E501
    if takes_time(turn.text):
        told = desk.wording(turn.language).say("common.here.take_time")
        dispatcher.utter_message(response="utter_policy", answer=told, buttons=last_question(turn) or None)
        return []
    if _MISTOOK.fullmatch(turn.text) is not None:
        told = desk.wording(turn.language).say("common.here.no_matter")
        dispatcher.utter_message(response="utter_policy", answer=told, buttons=last_question(turn) or None)
        return []
    return say_still_here(desk, dispatcher, turn) if calls_out(turn.text) and spoken_with(turn) else None


__all__ = ["answered_still_here", "calls_out", "open_question", "say_still_here", "spoken_with"]
