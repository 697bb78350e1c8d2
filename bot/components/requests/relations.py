"""What a clause is to the request before it: a part of it, its reason, its price, or something of its own."""

from __future__ import annotations

from typing import Callable

from .intents import (
    ABOUT_ORDERS,
    BACK,
    BUYING,
    CALLING_OFF,
    COMPLETES_PURCHASE,
    GOODS,
    ORDERS_CHANGED,
    PLACING,
    PROBLEMS,
    SURE,
    Ranking,
    likeliest_wish,
)
from .wording import (
    ANOTHER_ORDER,
    ASKS,
    BARE,
    BARE_NO,
    BARE_ORDER,
    BUYER,
    OTHER_ORDER,
    PAYS,
    POINTS_BACK,
    SENT_TO,
    WAY,
    WAY_BACK,
    WISHED,
    asks,
)

_QUESTIONS = frozenset(
    {
        "track_order",
        "chase_dispatch",
        "list_orders",
        "ask_order_details",
        "ask_contact",
        "ask_opening_hours",
        "ask_location",
        "ask_delivery_options",
        "ask_delivery_cost",
        "ask_return_policy",
        "ask_policy",
        "ask_payment_methods",
        "ask_points",
        "ask_vouchers",
        "ask_gift_card_balance",
        "ask_profile",
        "ask_store_hours",
        "ask_store_stock",
        "find_store",
        "ask_reservation",
    }
)
"""What is answered without a question back: beside a change it comes first, so that it need not wait for its yes."""


_NAMES_ONE = frozenset({"search_products", "ask_availability", "change_items", "exchange_items"})
"""What words that only name a thing, or which of it, read as."""


def belongs(before: str, clause: str, *, asked: bool) -> bool:
    """Whether a clause only completes the request before it: whom an invoice is for, who pays for the way back."""
    if before == "ask_invoice":
        return not asked and BUYER.search(clause) is not None
    return before in BACK | {"ask_return_policy", "ask_how_to_return"} and asked and WAY_BACK.search(clause) is not None


def stands_alone(intent: str, text: str, start: int, end: int) -> bool:
    """Whether a clause is a question that can be answered before what stands before it."""
    return intent in _QUESTIONS and asks(text, start, end) and not POINTS_BACK.search(text[start:end])


def only_says_what_to_do(before: str, named: str, intent: str, clause: str) -> bool:
    """Whether a clause wants something of what the one before it (`named`) named: "围巾不想要了，退货".

    A bare "不要了" before another wish takes back what was spoken of, and calls no order off.
    """
    if before in CALLING_OFF and BARE_NO.fullmatch(named) and intent in GOODS | {PLACING, "return_in_store"}:
        return True
    if intent == PLACING:
        # "The cream one then, please order it": which one reads as a change of it.
        return before in _NAMES_ONE and BARE_ORDER.fullmatch(clause) is not None
    return before in GOODS | {"not_interested"} and intent in GOODS and BARE.fullmatch(clause) is not None


def only_says_why(intent: str, clause: str) -> bool:
    """Whether a clause tells what is wrong with goods, beside another that says what is wanted for it."""
    return intent in BACK | {"cancel_order"} and WISHED.search(clause) is None


def only_names(before: str, clause: str) -> bool:
    """Whether a clause taken for an order of goods only names them: "the mugs that came", beside what is wrong."""
    return before in BUYING and WISHED.search(clause) is None and ASKS.search(clause) is None


def completes_purchase(clause: str, intent: str, asked: str = "") -> bool:
    """Whether a clause beside a new order only says which, how many, where to or how it is paid."""
    if asked in ("?", "？") or ASKS.search(clause):
        return False
    if WAY.match(clause) or SENT_TO.match(clause):
        return True
    return (intent in COMPLETES_PURCHASE or PAYS.match(clause) is not None) and not OTHER_ORDER.search(clause)


def changes_an_order(clause: str, rank: Callable[[str], Ranking]) -> bool:
    """Whether a clause clearly wants something done with an order or its goods."""
    intent, confidence = likeliest_wish(rank(clause))
    return intent in ORDERS_CHANGED and confidence >= SURE


def about_goods(clause: str, rank: Callable[[str], Ranking]) -> bool:
    """Whether a clause wants, or asks for, something of goods that came: what came before it is told, not asked."""
    intent, confidence = likeliest_wish(rank(clause))
    return intent in ORDERS_CHANGED | {"ask_return_policy", "ask_how_to_return"} and confidence >= SURE


def of_another(before: str, intent: str, clause: str) -> bool:
    """Whether a clause beside a problem asks about another order than the one with the problem."""
    return before in PROBLEMS and intent in ABOUT_ORDERS and ANOTHER_ORDER.search(clause) is not None


def is_courtesy(text: str, rank: Callable[[str], Ranking]) -> bool:
    """Whether a text only greets, thanks or says goodbye."""
    intent, confidence = rank(text)[0]
    return intent in ("greet", "thank", "goodbye") and confidence >= SURE
