"""What a question of the form may be about, and which intents are no request of their own in the middle of it."""

from __future__ import annotations

import re
from typing import Final

from actions.changes.kinds import BY_INTENT

OFFERED: Final = frozenset({"confirmation", "revision", "alternative", "payment_method"})
"""Questions beside which what is offered of an account may be wanted otherwise."""
CORRECTED: Final = OFFERED | {"reason", "address"}
"""Questions beside which lines and targets may be corrected."""
NARROWED: Final = CORRECTED | {"lines", "target", "resolution"}
"""Questions beside which some of the goods may be said to stay as they are."""
WHICH: Final = frozenset(
    {"order", "lines", "target", "address", "reason", "place_product", "place_variant", "place_address"}
)
"""Questions for one of several things."""
ENDED_BY: Final = WHICH | OFFERED | {"resolution"}
"""Questions that a mere "that's all, thanks" answers: nothing of it is wanted."""

QUESTIONS_IN_VAIN: Final = 2
"""So many times a question is put again because the answer was not understood; then a person takes over."""

WAITS_IN_QUEUE: Final = frozenset(
    {"track_order", "track_another", "report_not_received", "ask_refund", "ask_return_status"}
)
"""Requests with a form of their own: they are taken up when this one is done."""
ASKED_IN_BETWEEN: Final = frozenset(
    {
        "ask_return_policy",
        "ask_how_to_return",
        "ask_refund_time",
        "ask_delivery_options",
        "ask_delivery_cost",
        "ask_payment_methods",
        "ask_total",
        "compare_products",
    }
)
"""Questions that hold no answer to the form's, whatever words they share with one."""
NAMES_GOODS: Final = frozenset({"search_products", "ask_availability", "out_of_scope", "tell_background"})
"""What a name of goods alone is taken for."""
NO_REQUEST: Final = frozenset(
    {"affirm", "deny", "provide_details", "lack_details", "nlu_fallback", "inform", "stop", *BY_INTENT}
)
"""What no rule could answer in the middle of this form."""

OTHER_ORDER: Final = re.compile(r"\border|\bone from\b|订单|那单|这单|一单", re.IGNORECASE)
"""Another order may be meant than the one that this is about."""
_QUESTION: Final = re.compile(r"[?？吗]|\b(?:do|can|which|what|how)\b", re.IGNORECASE)


def is_question(text: str) -> bool:
    """Whether `text` is put as a question, or has the words of one."""
    return _QUESTION.search(text) is not None
