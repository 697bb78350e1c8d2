"""A question about goods that is put once more, of other goods: "and the mug?", 那盘子呢."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any, Final

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.crm_client import CrmNotFound
from actions.desk import Desk, Event, Turn, last_response, last_words
from actions.goods import Good, find_goods, product_focus, variants_named
from actions.goods_called import words_shared
from actions.product_answers import ProductAction
from actions.products import ActionAskAvailability, ActionAskProductFacts, ActionAskSizeAdvice
from actions.resolver.goods_words import goods_words
from actions.resolver.points_back import other_of
from actions.wording import LANGUAGES

_OTHER: Final = re.compile(
    r"^\W*(?:(?:and|ok|okay|or|so|then)\W+)*(?:(?:what|how) about |for )?(?:the |a |an |your |that |those |these )?"
    r"(?P<en>[a-z][\w'’-]*(?: [\w'’-]+){0,3})\s*(?:then|too)?\W*$"
    r"|^\W*(?:那么?|还有|那个?)?(?P<han>[^，。？?\s]{1,10})呢\W*$",
    re.IGNORECASE,
)
_POINTED: Final = re.compile(
    r"\W*(?:(?:and|ok|okay|or|so|then)\W+)*(?:(?:what|how) about |for )?"
    r"(?:(?:the |that )?other (?:one|model)|the (?:(?P<cheap>cheap(?:er|est)?)|(?P<dear>(?:pricier|dearer|expensive"
    r"|more expensive))) (?:one|model))(?: then)?\W*"
    r"|\W*(?:那|那么|还有)?(?:另(?:外)?[一那]?[个款种台件]|最?(?:(?P<cheap_zh>便宜)|(?P<dear_zh>贵))的?(?:那|这)?[一]?[个款]?)呢\W*",
    re.IGNORECASE,
)
"""One of those shown is pointed at, and nothing else said."""
_GOES_ON: Final = re.compile(r"^\W*(?:(?:and|or|so|then|ok|okay)\b|(?:what|how) about\b)|呢\W*$", re.IGNORECASE)
_DOES: Final = re.compile(
    r"\b(?:is|are|does|do|can|could|will|when|where|why|how (?!about)|who|i|my|mine|it|order\w*|return\w*|cancel\w*|thanks?|bye|please|cheaper|more|else|others?)\b"  # noqa: E501
    r"|我|你|您|订单|退|换|什么|怎么|人呢|谁|还有吗|别的|其[他它]|颜色|尺码|价格|运费",
    re.IGNORECASE,
)
_QUESTIONS: Final[Mapping[str, type[ProductAction]]] = {
    "ask_product_facts": ActionAskProductFacts,
    "ask_availability": ActionAskAvailability,
    "ask_size_advice": ActionAskSizeAdvice,
}
_ASKED: Final = "asked_of_goods"
"""Of the focus: the question that was put once more, which is not among the events any longer."""


def other_goods(text: str) -> str:
    """The goods that a message names and nothing else, going on with something; empty where it is no such message."""
    if _GOES_ON.search(text) is None or _DOES.search(text) is not None:
        return ""
    named = _OTHER.match(text)
    return (named["en"] or named["han"] or "").strip() if named is not None else ""


async def answered_of_another(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    """Answers the question before once more, of the goods that are named; None where the message is no such one."""
    names = await _pointed_at(desk, turn) or other_goods(turn.text)
    if not names or not (last_response(turn) or "").startswith("utter_products"):
        return None
    intent, asked = _question_before(turn)
    if intent not in _QUESTIONS and _POINTED.fullmatch(turn.text.strip()):
        intent, asked = "ask_product_facts", ""
    if intent not in _QUESTIONS:
        return None
    rest = asked if _follows_one(turn) else await _without_goods(desk, turn, asked)
    again = with_words(turn, f"{names} {rest}", intent)
    goods = await find_goods(desk, again)
    if not goods.found or goods.nearly or not _is_named(goods.found[0], names):
        return None
    events = await _QUESTIONS[intent](desk).told(dispatcher, again)
    spoken = [each for each in events if each.get("event") == "slot" and each.get("name") == "focus"]
    focus = {**((spoken[-1].get("value") if spoken else turn.tracker.get_slot("focus")) or {})}
    return [*events, SlotSet("focus", {**focus, _ASKED: {"intent": intent, "text": rest}})]


async def _pointed_at(desk: Desk, turn: Turn) -> str:
    """The name of the other one of two shown, or of the cheaper or dearer one: 另一款呢, "and the cheap one?"."""
    focus = product_focus(turn)
    pointed = _POINTED.fullmatch(turn.text.strip())
    shown = list(dict.fromkeys(focus.shown))
    if pointed is None or len(shown) < 2:
        return ""
    products = [await desk.crm.product(each, turn.language) for each in shown]
    dear = pointed["dear"] or pointed["dear_zh"]
    if dear or pointed["cheap"] or pointed["cheap_zh"]:
        known = [each for each in products if each.price_from_minor is not None]
        by_price = sorted(known, key=lambda each: each.price_from_minor or 0, reverse=bool(dear))
        return (by_price[0].name or "") if by_price else ""
    key = other_of(turn.text, shown, next(iter(focus.products), None))
    return next((each.name or "" for each in products if each.external_id == key), "")


def _is_named(good: Good, names: str) -> bool:
    """Whether the words name it or a version of it: "the cheapest one" is a question of its own."""
    versions = variants_named(names, good)
    return bool(versions) or words_shared(names, [good.product.name or "", *good.product.other_names]) > 0


def _question_before(turn: Turn) -> tuple[str, str]:
    """The intent and the words of the message before; of such a follow-up what it asked, without goods."""
    said = [each for each in turn.tracker.events if each.get("event") == "user"][:-1]
    if said and not _follows_one(turn):
        return str(((said[-1].get("parse_data") or {}).get("intent") or {}).get("name") or ""), last_words(turn)
    asked = (turn.tracker.get_slot("focus") or {}).get(_ASKED) or {}
    return str(asked.get("intent") or ""), str(asked.get("text") or "")


def _follows_one(turn: Turn) -> bool:
    return bool(other_goods(last_words(turn)))


async def _without_goods(desk: Desk, turn: Turn, text: str) -> str:
    """A question without the goods that it was put of: by the product's name, else by what such goods are called."""
    for product in product_focus(turn).products[:1]:
        for language in LANGUAGES:
            try:
                title = (await desk.crm.product(product, language)).name or ""
            except CrmNotFound:
                continue
            words = [title, *re.findall(r"[a-z'’-]{3,}", title, re.IGNORECASE)]
            rest = _without(text, [word for word in words if word])
            if rest != text:
                return rest
    for word in sorted(goods_words(text), key=text.casefold().find):
        before, said, behind = text.partition(word)
        if said:
            # Chinese says what is asked behind the goods, and which of them before.
            return _without(text, [word]) if word.isascii() else behind or before
    return text


def _without(text: str, words: list[str]) -> str:
    for word in words:
        ends = r"(?:e?s)?\b" if word.isascii() else ""
        text = re.sub(rf"{re.escape(word)}{ends}", " ", text, flags=re.IGNORECASE)
    return text


def with_words(turn: Turn, text: str, intent: str) -> Turn:
    """The same message with other words, understood as `intent`."""
    tracker = copy.copy(turn.tracker)
    message: dict[str, Any] = {**turn.message, "text": text, "intent": {"name": intent, "confidence": 1.0}}
    message["metadata"] = {name: value for name, value in turn.metadata.items() if name not in ("whole", "noted")}
    tracker.latest_message = message
    return Turn(tracker)


__all__ = ["answered_of_another", "other_goods", "with_words"]
