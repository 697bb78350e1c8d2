"""The question that stands is put once more: after a digression, in other words, or with a person offered."""

from __future__ import annotations

import re
from typing import Final

from actions.changes.proposing import confirmation_buttons
from actions.changes.question import Question, choice_payload
from actions.changes.steps.outcome import events_of
from actions.changes.steps.questions import QUESTIONS_IN_VAIN, is_question
from actions.changes.steps.step import Step
from actions.changes.taking_time import takes_time
from actions.desk import Event
from actions.handoff import NOT_UNDERSTOOD, hand_over

_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_WAITS_FOR_IT: Final = re.compile(r"[再先吧]|\blater\b", re.IGNORECASE)
"""To wait for the parcel is an answer to what shall be done about it."""
_WAITING: Final = re.compile(r"\b(?:wait\w*|later|keep)\b|等|再说|晚点", re.IGNORECASE)


def take_note(step: Step) -> list[Event]:
    """What was told is taken in, and answers nothing: the question comes back."""
    put_again(step)
    if (question := step.dialogue.question) is not None:
        question.text = step.dialogue.wording.say("changes.noted", question=question.text)
    return events_of(step)


def asks_for_a_moment(step: Step) -> bool:
    """Whether a message only asks for time, where to wait is no answer to the question that stands."""
    question = step.dialogue.request.question
    if step.turn.pressed or question.get("any_words") or not takes_time(step.turn.text):
        return False
    if question.get("slot") == "resolution" and _WAITS_FOR_IT.search(step.turn.text):
        return False
    return not any(_WAITING.search(str(each.get("title") or "")) for each in question.get("buttons") or [])


def give_time(step: Step) -> list[Event]:
    """Grants the time; the question comes back."""
    step.dispatcher.utter_message(response="utter_policy", answer=step.dialogue.wording.say("common.here.take_time"))
    put_again(step)
    return events_of(step)


def ask_which(step: Step) -> list[Event]:
    """A question for one of several things, put so that a bare yes or no is seen to be no answer.

    Said twice in vain it is a message that was not understood.
    """
    request = step.dialogue.request
    if request.in_vain > (step.turn.intent == "deny"):
        return ask_again(step)
    request.in_vain += 1
    put_again(step)
    question, words = step.dialogue.question, step.dialogue.wording
    if question is not None:
        said = "changes.which_then" if step.turn.intent == "deny" else "changes.which_first"
        question.text = words.say(said, question=question.text) if question.buttons else question.text
        leave = {"title": words.say("changes.button.leave"), "payload": choice_payload("leave=-")}
        if step.turn.intent == "deny" and leave not in question.buttons:
            question.buttons = [*question.buttons[:9], leave]
    return events_of(step)


def ask_again(step: Step) -> list[Event]:
    """The message was not understood: the question once more, or a person after `QUESTIONS_IN_VAIN` times."""
    request = step.dialogue.request
    if not is_question(step.turn.text):
        # A question that was not understood says nothing of whether the form is.
        request.in_vain += 1
    if request.in_vain > QUESTIONS_IN_VAIN:
        step.dispatcher.utter_message(response="utter_handoff_misunderstood")
        return hand_over(NOT_UNDERSTOOD)
    put_again(step, understood=False)
    return events_of(step)


def put_again(step: Step, *, understood: bool = True) -> None:
    """Puts the question that stands, in short; where the message was not `understood` that is said before it."""
    stored = dict(step.dialogue.request.question)
    question = Question(stored.pop("slot", "order"), stored.pop("text", ""), **stored)
    question.again = question.again or question.text
    if question.slot == "confirmation":
        if (_HAN.search(question.again) is not None) != (step.turn.language == "zh"):
            # The language is another one since it was put.
            question.again = step.dialogue.wording.say("changes.confirm.again")
        question.buttons = confirmation_buttons(step.dialogue)
    question.text, question.content = question.again, None
    if not understood:
        words = step.dialogue.wording
        times = step.dialogue.request.in_vain
        said = "changes.not_understood" if times < QUESTIONS_IN_VAIN else "changes.not_understood_again"
        if times >= QUESTIONS_IN_VAIN and is_question(step.turn.text):
            # It is no answer that was missed, and the words of the last time would say nothing new.
            said = "changes.question_not_understood"
        question.text = words.sentences(words.say(said), question.text)
        person = {"title": words.say("changes.button.person"), "payload": "/ask_human"}
        if times >= QUESTIONS_IN_VAIN and person not in question.buttons:
            question.buttons = [*question.buttons, person]
    step.dialogue.question = question
