"""A question as it is put, and buttons: what pressing them means."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Final

from shopdesk_schemas.changes import OfferLine

BUTTONS: Final = 10
"""No question has more."""
PERSON_BUTTON: Final = "/ask_human"
"""The payload of the button that asks for a person."""


@dataclass
class Question:
    """What is asked: for which piece, in which words, with which buttons."""

    slot: str
    text: str
    buttons: list[dict[str, str]] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    """Keys behind the buttons, in their order."""
    subject: str | None = None
    """The line that is asked about."""
    content: dict[str, Any] | None = None
    wanted: str | None = None
    """What was said that the line should become."""
    again: str | None = None
    """How to put it after a digression; as before when None."""
    response: str | None = None
    """A response of the bot's files in place of `text` (identity)."""
    any_words: bool = False
    """Whatever is said is the answer: the channel takes such a message whole."""

    def as_json(self) -> dict[str, Any]:
        """As the request keeps it."""
        return {name: value for name, value in self.__dict__.items() if value not in (None, [], {}, False)}


def choice_button(title: str, **choice: str) -> dict[str, str]:
    """A button that means the one `name=value` of `choice`."""
    return {"title": title[:200], "payload": _payload(**choice)}


def choice_payload(choice: str) -> str:
    """The payload of a button that means `name=value`."""
    return "/provide_details" + json.dumps({"choice": choice}, ensure_ascii=False)


def alternative_action(alternative: OfferLine) -> str | None:
    """The payload of a button that takes an alternative up; None for what can only be said."""
    values = alternative.values
    key = alternative.key
    if key == "ask_a_person":
        return PERSON_BUTTON
    simple = {
        "return_order": {"kind": "return"},
        "exchange_items": {"kind": "exchange"},
        "cancel_order": {"kind": "cancel"},
        "cancel_and_order_anew": {"kind": "cancel"},
        "cancel_whole_order": {"line": "all"},
        "repair_under_warranty": {"extra": "wish:repair"},
        "chase_parcel": {"kind": "chase"},
        "claim_not_received": {"kind": "claim_not_received"},
        "claim_parcel": {"kind": "claim_lost"},
        "return_instead": {"kind": "return"},
        "receipt": {"kind": "receipt"},
        "request_invoice": {"kind": "invoice"},
        "correct_invoice": {"kind": "correct_invoice"},
    }
    if key in simple:
        return _payload(**simple[key])
    if key.startswith("refund_to_"):
        return _payload(refund=key.removeprefix("refund_to_"))
    if key.startswith("resolve_by_"):
        return _payload(extra=f"resolution:{key.removeprefix('resolve_by_')}")
    if key.startswith("resolve_part_by_"):
        return _payload(extra=f"resolution:{key.removeprefix('resolve_part_by_')}")
    if key == "name_parcel" and values.get("tracking_number"):
        return _payload(extra=f"tracking_number:{values['tracking_number']}")
    if key.startswith("send_by_"):
        return _payload(extra=f"method:{key.removeprefix('send_by_')}")
    if key in ("cancel_lines_not_sent", "return_other_lines", "reorder_lines"):
        numbers = values.get("line_numbers")
        return _payload(lines=json.dumps(numbers)) if numbers else None
    if key in ("cancel_quantity", "return_quantity") and values.get("quantity"):
        return _payload(quantity=f"{values['line_number']}:{values['quantity']}")
    if key == "choose_variant":
        return _payload(target=str(values["sku"]))
    if key == "use_saved_method":
        return _payload(payment=str(values["method"]))
    return None


def _payload(**choice: str) -> str:
    (name, value), *_ = choice.items()
    return choice_payload(f"{name}={value}")
