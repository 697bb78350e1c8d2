"""Answers to words about what was done just now: what it was, under which number it is on record, and that it is to be
as it was before.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.changes.account import ChangeConsent, standing
from actions.changes.asides import asks_of_claim
from actions.changes.asked_of_done import kept_after_all, told_of_done
from actions.changes.consents import asks_of_consents, names_a_way, read_consents, speaks_of_consents
from actions.changes.dialogue import conversation_focus
from actions.changes.going_over import begin_account_change, begin_change
from actions.changes.just_done import (
    asks_for_reference,
    asks_what_was_said,
    asks_which,
    last_done,
    takes_back,
)
from actions.changes.orders import ChangeItems
from actions.changes.orders_meant import read_orders
from actions.changes.reading import Reader
from actions.changes.records import Records
from actions.changes.request import ChangeRequest
from actions.changes.resizing import more_of_done
from actions.changes.returns import CancelReturn
from actions.changes.reviews import WriteReview
from actions.changes.same_place_too import sent_there_too
from actions.changes.shipments import InstructDelivery, remedy_in, same_wish
from actions.crm_client import ChangeRefused, CrmNotFound, CrmRefused, HigherLevelNeeded
from actions.desk import Desk, Event, Turn, last_response
from actions.help_pages import PERSON
from actions.references import short_reference
from actions.resolver import Focus, order_words
from actions.resolver.asked_of_change import asked_of_change

_DONE: Final = "utter_change_done"
_LEFT: Final = "utter_change_left"
_RESENT: Final = re.compile(
    r"(?:\b(?:ok(?:ay)?|yes|yeah|well|then|so|just|please|pls|thanks|thank you|can|could|would|you|i|i['’]?d|like"
    r"|want|need|have"
    r"|get|send|re-?send|me|us|out|it|that|the|a|an|exact(?:ly)?|very|same|new|replacement|another|one|again|is|fine"
    r"|good|will do)\b"
    r"|补发|重新?|再|发|寄|给|换|来|新|同款|同样|一模一样|一样|[一个件条双只套份]|[的就行好吧了啊呀请我你您要想对]"
    r"|可以|麻烦|谢谢|[\W_])+",
    re.IGNORECASE,
)
"""No more than that the same is to be sent once more; nothing of when, where to, or other goods."""
_NOT_SENT: Final = re.compile(
    r"\b(?:do ?n['’]?o?t|no need to|never|stop|cancel|forget|scrap|not)\b[^,.;!?]{0,12}"
    r"(?:\b(?:send\w*(?![^,.;!?]* back\b)|re-?send\w*|ship\w*)\b|\bthe (?:new one|replacement)\b)"
    r"|(?:取消|停止?|不用|不要|别|不必)[^，。？?]{0,3}(?:补发|重新?[发寄]|再[发寄])|补发[^，。？?]{0,3}(?:取消|停"
    r"|算了|不用|不要)",
    re.IGNORECASE,
)
"""What was asked for of a claim is called off again."""
_ABOUT_IT: Final = frozenset({_DONE, "utter_account"})
"""Replies that did it, or told of it: right after them a bare "undo it" is about that."""
_WITHDRAWS: Final = re.compile(
    r"\b(?:cancel|withdraw|drop|forget|scrap|remove|take back|undo|delete|no longer)\b"
    r"|取消|撤|不用了?|别(?![的家人处款忘])|不要|作废|收回|算了",
    re.IGNORECASE,
)
_THE_WISH: Final = re.compile(r"\b(?:request|wish|instructions?)\b|要求|转达|留言|请求", re.IGNORECASE)
_POINTS: Final = re.compile(r"\b(?:notes?|message|that|it|ask(?:ed)?)\b|备注|那个|这个", re.IGNORECASE)
"""The wish, right after it was passed on; later anything else may be meant."""
_SHORT: Final = 20
"""Characters that say no more than that it is taken back; a Chinese one counts as two."""
_CANCELLED: Final = re.compile(r"\b(?:un-?)?cancel\w*\b|\border\b|取消|订单|那单", re.IGNORECASE)
_RIGHTS: Final = re.compile(
    r"\b(?:meant?|not (?:that|this|the|for)|wrong (?:order|one|parcel))\b|不是|应该是|说的是|我是说|搞错|弄错|错了",
    re.IGNORECASE,
)
"""Another order was meant."""
_NOT_THIS: Final = re.compile(
    r"(?:不是|不要|别)[^，。,.\s]+[，。,.\s]*|\bnot (?:the |that |this |for )*[\w' -]+", re.IGNORECASE
)
"""What is not meant, in words that say what is."""
_TAKEN_BACK: Final = "wish_taken_back"
_REVIEW_GONE: Final = re.compile(
    r"\b(?:take|pull)\b.{0,24}\bdown\b|\b(?:delete|remove|withdraw|retract|undo|cancel)\b|删|撤|取消|收回|不想发|别发",
    re.IGNORECASE,
)
_REVIEW: Final = re.compile(r"\breviews?\b|\brating\b|评价|评论|点评", re.IGNORECASE)


async def answered_about_done(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    """Answers a message about what was done last; None where it is about something else."""
    done, text = last_done(turn), turn.text
    wording = desk.wording(turn.language)
    if asks_for_reference(text):
        reference = done.get("reference") or str(turn.tracker.get_slot("complaint") or "")
        if reference:
            told = wording.say("account.reference", reference=short_reference(reference))
            dispatcher.utter_message(response="utter_account", answer=told)
            return []
    kind = done.get("kind")
    at_once = last_response(turn) in _ABOUT_IT
    if kind == "cancel" and takes_back(text) and (at_once or _CANCELLED.search(text)):
        told = wording.say("account.cancelled_stays", told=done.get("told", ""))
        dispatcher.utter_message(response="utter_payments_offer_person", answer=told)
        return [SlotSet("offer", PERSON)]
    asked = asked_of_change(text) if at_once or last_response(turn) == _LEFT else None
    if asked in ("rest", "nothing"):
        _tell_of_change(desk, dispatcher, turn, asked, done.get("told", ""))
        return []
    if kind is not None and kind.startswith("claim_") and done.get("told") and at_once:
        if asks_of_claim(text):
            dispatcher.utter_message(response="utter_account", answer=wording.say("returns.claim_costs_nothing"))
            return []
        if calls_off_claimed(text):
            return await _undone(desk, dispatcher, turn, done)
        if says_resent_again(text):
            # "Just send the same one", which was just put on record.
            dispatcher.utter_message(
                response="utter_account", answer=wording.say("account.done_before", told=done["told"])
            )
            return []
    if at_once and more_of_done(desk, dispatcher, turn, done):
        return []
    if at_once and takes_back(text) and (undone := await _undone(desk, dispatcher, turn, done)) is not None:
        return undone
    if await told_of_done(desk, dispatcher, turn, done):
        return []
    if (kept := await kept_after_all(desk, dispatcher, turn, done)) is not None:
        return kept
    if (too := await sent_there_too(desk, dispatcher, turn, done)) is not None:
        return too
    if kind == ChangeConsent.key:
        return await _of_consents(desk, dispatcher, turn)
    if kind in (InstructDelivery.key, _TAKEN_BACK):
        return await _of_wish(desk, dispatcher, turn, done)
    if kind == WriteReview.key and _REVIEW_GONE.search(text) and (_REVIEW.search(text) or takes_back(text)):
        dispatcher.utter_message(response="utter_payments_offer_person", answer=wording.say("account.review_sent"))
        return [SlotSet("offer", PERSON)]
    return None


def _tell_of_change(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, asked: str, told: str) -> None:
    """Tells what was done last, or that nothing was, and that the rest is as it was."""
    wording = desk.wording(turn.language)
    if not told:
        answer = wording.say("changes.nothing_changed")
    else:
        # What was done before stays done, where what was offered since was left.
        rest = wording.say("account.done_rest_stays")
        only_rest = asked == "rest" and last_response(turn) != _LEFT
        answer = rest if only_rest else wording.sentences(wording.say("account.done_before", told=told), rest)
    dispatcher.utter_message(response="utter_account", answer=answer)


def says_resent_again(text: str) -> bool:
    """Whether a message says no more than that the same is to be sent: "just send the same one please"."""
    return (
        remedy_in(text) == "resend" and _RESENT.fullmatch(text) is not None and not text.rstrip().endswith(("?", "？"))
    )


def calls_off_claimed(text: str) -> bool:
    """Whether a message wants nothing sent after all: "no, don't send a new one", 取消补发."""
    return _NOT_SENT.search(text) is not None


async def _undone(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, done: dict[str, str]) -> list[Event] | None:
    """Takes back what was done with goods where the shop's rules allow that, or says why it stays; None of all else."""
    kind, order, wording = done.get("kind", ""), done.get("order", ""), desk.wording(turn.language)
    if not order:
        return None
    if kind in ("return", "exchange", "defect"):
        return await begin_change(desk, dispatcher, turn, CancelReturn.key, order)
    stays = "claim_stays" if kind.startswith("claim_") else ""
    if kind == ChangeItems.key:
        rules = (await desk.crm.policies()).modification
        if rules is None or not rules.items_once_only:
            # What it was before is told by who asks.
            return await begin_change(desk, dispatcher, turn, ChangeItems.key, order)
        stays = "changed_stays"
    if not stays:
        return None
    told = wording.say(f"account.{stays}", told=done.get("told", ""))
    dispatcher.utter_message(response="utter_payments_offer_person", answer=told)
    return [SlotSet("offer", PERSON)]


async def _of_consents(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    text = turn.text
    try:
        if takes_back(text) and (last_response(turn) in _ABOUT_IT or names_a_way(text)):
            return await begin_account_change(desk, dispatcher, turn, ChangeConsent.key)
        wish = read_consents(text)
        about = names_a_way(text) or asks_which(text)
        if about and asks_of_consents(text):
            dispatcher.utter_message(response="utter_account", answer=await standing(desk, turn))
            return []
    except CrmNotFound:
        return None
    if wish.ways and speaks_of_consents(text) and last_response(turn) == _DONE:
        return await begin_account_change(desk, dispatcher, turn, ChangeConsent.key)
    return None


async def _of_wish(
    desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, done: dict[str, str]
) -> list[Event] | None:
    wording, words = desk.wording(turn.language), done["words"]
    orders = done["order"].split(",")
    order = wording.listed(orders)
    if asks_what_was_said(turn.text):
        told = wording.say("shipments.passed_on", order=order, words=words)
        dispatcher.utter_message(response="utter_account", answer=told)
        return []
    if _withdraws(turn, words):
        taken = done["kind"] == _TAKEN_BACK or all([await _taken_back(desk, turn, each, words) for each in orders])
        key = "taken_back" if taken else "not_taken_back"
        told = wording.say(f"shipments.{key}", order=order, words=words)
        dispatcher.utter_message(response="utter_account" if taken else "utter_payments_offer_person", answer=told)
        return _kept(turn, {**done, "kind": _TAKEN_BACK}) if taken else [SlotSet("offer", PERSON)]
    if done["kind"] == _TAKEN_BACK:
        return None
    if last_response(turn) == _DONE and _RIGHTS.search(turn.text):
        other = await _order_meant(desk, turn)
        if other is not None and other not in orders:
            for each in orders:
                await _taken_back(desk, turn, each, words)
            told = wording.say("shipments.taken_back", order=order, words=words)
            dispatcher.utter_message(response="utter_account", answer=told)
            return await begin_change(desk, dispatcher, turn, InstructDelivery.key, other, text=words)
    return None


def _withdraws(turn: Turn, words: str) -> bool:
    """Whether a message takes back the wish that was passed on in `words`, and nothing of an order or its goods."""
    text, at_once = turn.text, last_response(turn) == _DONE
    if takes_back(text) and (at_once or _THE_WISH.search(text)):
        return True
    if _WITHDRAWS.search(text) is None:
        return False
    if _THE_WISH.search(text) or same_wish(text, words):
        return True
    length = sum(2 if "\u4e00" <= each <= "\u9fff" else 1 for each in text)
    return (
        last_response(turn) == _DONE and length <= _SHORT and _POINTS.search(text) is not None and not order_words(text)
    )


def _kept(turn: Turn, done: dict[str, str]) -> list[Event]:
    focus = replace(conversation_focus(turn), done=done)
    return [SlotSet("focus", focus.as_slot())]


async def _taken_back(desk: Desk, turn: Turn, order: str, words: str) -> bool:
    """Tells whoever got the wish that it holds no more; whether that could be passed on."""
    said = desk.wording(turn.language).say("shipments.no_more", words=words)[:200]
    details = {"order": order, "wish": "other", "description": said}
    key = f"{turn.message_id}:taken_back:{order}"[:200]
    try:
        await desk.crm.propose(turn.conversation_id, InstructDelivery.name, details, key=key)
    except (ChangeRefused, CrmNotFound, CrmRefused, HigherLevelNeeded):
        return False
    return True


async def _order_meant(desk: Desk, turn: Turn) -> str | None:
    """The one order that a message means."""
    records = Records(desk, turn, await desk.crm.policies())
    text = _NOT_THIS.sub(" ", turn.text)
    request = ChangeRequest(InstructDelivery.key, turn.message_id, text)
    try:
        # What was shown before is not what "not that one" means.
        read = await read_orders(Reader(records, request, Focus()), text, turn.order_numbers, asked=True)
    except CrmNotFound:
        return None
    return read.sure[0] if len(read.sure) == 1 else None
