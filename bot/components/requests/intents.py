"""Which intents belong together, and how likely one has to be to count."""

from __future__ import annotations

from typing import FrozenSet, Sequence, Tuple

Ranking = Sequence[Tuple[str, float]]
CLEAR = {
    "ask_human": 0.8,
    "report_not_received": 0.75,
    "ask_refund": 0.75,
    "track_order": 0.75,
    "ask_contact": 0.75,
    "out_of_scope": 0.75,
    "report_emergency": 0.8,
}
SERIOUS = frozenset({"ask_human", "out_of_scope", "report_emergency"})
"""What a clause alone has to say clearly: taken wrongly it ends what the shopper came for."""
SURE = 0.55
"""From this probability on a clause counts as a request of its own."""
BACKGROUND = "tell_background"
"""What people tell around what they ask ("so I bought a blanket, I took the day off"): never a request."""
CONVERSATION = frozenset(
    {
        "greet",
        "goodbye",
        "thank",
        "affirm",
        "deny",
        "stop",
        "insult",
        "praise",
        "provide_details",
        "lack_details",
        "ask_why_details",
        "track_another",
        "nlu_fallback",
        BACKGROUND,
    }
)
"""What is said around requests, or belongs to one."""
ABOUT_ORDERS = frozenset({"track_order", "report_not_received", "ask_refund"})
WHO_AND_WHERE = frozenset({"change_address", "change_recipient"})
"""Where an order goes and who receives it: one change."""
_FAMILIES: Tuple[FrozenSet[str], ...] = (
    ABOUT_ORDERS,
    frozenset({"change_items", "exchange_items"}),
    WHO_AND_WHERE,
)
"""Intents between which one answer serves, so that clauses of them are one request."""
PROBLEMS = frozenset({"report_damaged", "report_wrong_item", "report_missing_item", "report_defect", "report_lost"})
TASTE = "tell_preference"
"""A size or a taste told in passing: kept at once, before the request beside it begins to ask."""
_READS_TASTES = frozenset(
    {
        "exchange_items",
        "change_items",
        "search_products",
        "ask_availability",
        "ask_size_advice",
        "ask_alternatives",
        "recommend_for_me",
        "recommend_similar",
        "recommend_with_order",
        "recommend_gift",
    }
)
"""Requests that a size or a taste completes: "swap it, I take an L"."""
_WISHES: Tuple[Tuple[FrozenSet[str], FrozenSet[str]], ...] = (
    (_READS_TASTES, frozenset({TASTE})),
    # What is good or bad about a thing, beside wanting to say it in a review.
    (
        frozenset({"write_review"}),
        PROBLEMS
        | (_READS_TASTES - {"exchange_items", "change_items"})
        | {"complain", "ask_product_facts", "not_interested", TASTE},
    ),
    (
        PROBLEMS,
        frozenset(
            {"return_items", "exchange_items", "ask_refund", "report_not_received", "track_order", "ask_capabilities"}
        ),
    ),
    (frozenset({"chase_dispatch"}), frozenset({"track_order", "report_not_received"})),
    # The second thing to compare, alone, reads as a search.
    (frozenset({"compare_products"}), frozenset({"search_products", "ask_availability", "ask_product_facts"})),
    (frozenset({"ask_how_to_return"}), frozenset({"return_items"})),
    # "All of it back, I don't like it".
    (frozenset({"return_items", "cancel_order", "exchange_items", "ask_refund"}), frozenset({"not_interested"})),
    # The second half of an address, alone, reads as an order's.
    (frozenset({"change_profile"}), frozenset({"change_address"})),
    (frozenset({"ask_return_status"}), frozenset({"ask_refund", "ask_refund_time"})),
    (
        frozenset({"report_double_charge", "ask_unexplained_charge", "ask_price_protection"}),
        frozenset({"ask_refund", "return_items"}),
    ),
    # "It got cheaper, give me the difference": the difference alone reads as a comparison.
    (frozenset({"ask_price_protection"}), frozenset({"compare_products", "ask_price_history"})),
)
"""What is wrong, and what people say beside it that they want for it: one request."""
CLEAR_PROBLEM = 0.75
UNCLEAR_WHOLE = 0.6
"""Below this probability of the whole message its one clear clause says what is meant."""
_ASKED_BESIDE = 0.25
"""How likely a question has to be for a clause with an order's number to be one."""
_WAYS_BACK = frozenset({"return_items", "return_in_store"})
"""Sending back and bringing back."""
CALLING_OFF = frozenset({"cancel_order", "cancel_reservation"})
"""What there is to call off decides between them."""
GOODS = frozenset({"cancel_order", "return_items", "exchange_items", "change_items"})
PAID = frozenset({"reorder", "exchange_items", "change_items", "place_order"})
"""What something may have to be paid for."""
ORDERS_CHANGED = GOODS | {"change_address"}
NEEDS_A_THING = GOODS | PROBLEMS | {"not_interested"}
"""What is said of a thing that was named before it: "the scarf, it's not my taste"."""
PLACING = "place_order"
COMPLETES_PURCHASE = frozenset(
    {
        "place_order",
        "search_products",
        "ask_availability",
        "reserve_item",
        "reorder",
        "buy_again",
        "change_address",
        "change_recipient",
        "change_payment_method",
        "ask_payment_methods",
        "manage_payment_methods",
        "change_items",
        "exchange_items",
        "change_profile",
        TASTE,
    }
)
"""What a size, a number, an address or a card reads as alone, which beside a new order belong to it."""
BACK = frozenset({"return_items", "exchange_items"})
BUYING = frozenset({"reorder", "buy_again", "place_order", "search_products", "ask_order_details", "list_orders"})
"""What a name of goods alone reads as."""
SAME_STEP = ("track_order", "provide_details", "report_not_received")
"""Intents that lead to the same step: between them there is nothing to clarify."""
UNCLEAR = 0.4


def likeliest_wish(ranking: Ranking) -> Tuple[str, float]:
    """What a clause asks for, and how likely: ways to the same wish count together."""
    intent, confidence = ranking[0]
    if intent in SAME_STEP:
        # An order's number beside a question about it reads as giving a number.
        scores = {each: probability for each, probability in ranking if each in SAME_STEP}
        asked = max(("track_order", "report_not_received"), key=lambda each: scores.get(each, 0.0))
        if intent != "provide_details" or scores.get(asked, 0.0) >= _ASKED_BESIDE:
            return asked, sum(scores.values())
    for family in (*_FAMILIES, _WAYS_BACK, CALLING_OFF):
        if intent in family:
            return intent, sum(probability for each, probability in ranking if each in family)
    return intent, confidence


def likely_wishes(ranking: Ranking) -> Ranking:
    """What a clause may ask for, the likeliest first: what is told around requests is left out."""
    left = [each for each in ranking if each[0] not in CONVERSATION - {"provide_details"}]
    return [likeliest_wish(left), *left] if left else []


def same_family(one: str, other: str) -> bool:
    """Whether one answer serves both intents, so that clauses of them are one request."""
    if one == other or any({one, other} <= family for family in _FAMILIES):
        return True
    return any(
        (one in problems and other in wishes) or (other in problems and one in wishes) for problems, wishes in _WISHES
    )
