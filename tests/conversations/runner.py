"""Whole conversations as data: what is said, and what must be true in the words and in the CRM at the end.

A file holds a list of conversations:

    - name: gives everything in one breath            # unique within the folder
      language: en                                    # of the widget; the words may switch
      signed_in: false                                # true: as the customer of `order`
      order: shipped_late                             # a story of the demo shop's card; its facts fill {placeholders}
      turns:
        - say: "where is {order_number}? postcode {postcode}"
          replies: [text, order_card]                 # kinds that must be among the replies
          words: ["{order_number}", "late"]           # regular expressions, each found in the replies' texts
          never: ["postcode"]                         # regular expressions, none found
          intent: track_order                         # as the console shows it
        - press: "E-mail"                             # a button of the last replies, by its label (regular expression)
        - show: picture                               # sends a picture
      end:
        level: order                                  # how the CRM has the conversation verified: none, order, customer
        handoff: false                                # whether a person was asked for
        orders: {…}                                   # of a shopper of their own: what became of each changed order

A conversation that changes something has a shopper of its own in place of `order` and is signed in as that one:

      shopper: {orders: [{key: a, state: processing, lines: [MUG-GREEN*2, LAMP-BRASS]}]}   # shoppers.py
      turns: [{say: "cancel {a}"}, …]
      end: {orders: {a: {state: cancelled, cancelled: {1: 2, 2: 1}}}}     # orders not named are as they were

`order` is the key of a story in data/demo/stories.yml. Placeholders are facts of its order: order_number,
tracking_number, postcode, email, phone_last4. `{code}` in what is said is the newest one-time code of the development
mailbox. Files are in folders by behaviour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from tests.conversations.shoppers import Shopper

FOLDER = Path(__file__).parent


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Turn(_Strict):
    """One thing the shopper does, and what must come back."""

    say: str | None = None
    press: str | None = None
    show: Literal["picture"] | None = None
    replies: list[str] = Field(default_factory=list)
    words: list[str] = Field(default_factory=list)
    never: list[str] = Field(default_factory=list)
    intent: str | None = None

    @model_validator(mode="after")
    def _one_act(self) -> Turn:
        if [self.say, self.press, self.show].count(None) != 2:
            raise ValueError("a turn has exactly one of say, press, show")
        return self


class Returned(_Strict):
    """A return that came to be."""

    kind: Literal["refund", "exchange", "repair"]
    lines: dict[int, int]
    reason: str | None = None
    target: str | None = None
    new: dict[int, str] = Field(default_factory=dict)
    """SKUs that come instead, by line."""


class Claimed(_Strict):
    """A claim about a parcel that came to be."""

    kind: str
    resolution: Literal["trace", "refund", "resend"]
    state: Literal["open", "granted"] = "open"
    lines: dict[int, int] | None = None
    photos: int | None = None
    """How many pictures are kept with it as evidence."""


class Became(_Strict):
    """What is different of an order; what is not said is not looked at."""

    state: str | None = None
    cancelled: dict[int, int] | None = None
    """By line that has any, how many were cancelled."""
    skus: dict[int, str] = Field(default_factory=dict)
    address: dict[str, str] = Field(default_factory=dict)
    """Fields of the address, as the CRM told the warehouse."""
    returns: list[Returned] = Field(default_factory=list)
    return_states: list[str] | None = None
    """The states of its returns, oldest first, where not only their making matters."""
    claims: list[Claimed] = Field(default_factory=list)
    cases: list[str] = Field(default_factory=list)
    """Kinds of the cases that were opened about it."""
    effects: list[str] = Field(default_factory=list)
    """Kinds of work that other systems were asked for, each of which must be there."""
    refunded: int | None = None
    """The sum of its refunds, minor units."""
    refund_target: str | None = None


class Account(_Strict):
    """What is different of the shopper's own account; what is not said is not looked at."""

    profile: dict[str, str] = Field(default_factory=dict)
    """Fields as they are now."""
    consents: dict[str, bool] = Field(default_factory=dict)
    """`purpose/channel`, or the purpose alone: whether they agree now. Exactly these were ever said."""
    preferences: list[str] | None = None
    """All that was noted, as words, the newest first."""
    addresses: list[str] | None = None
    """First lines of the address book; the default one with a star before it."""
    cases: list[str] | None = None
    """Kinds of the customer's cases that are about no order."""
    placed: list[list[str]] | None = None
    """The orders placed in the chat, oldest first: `SKU*quantity` of each line, then the first line of the address."""
    reviews: dict[str, tuple[int, str | None]] | None = None
    """By the product's name in English: stars and words."""


class End(_Strict):
    """What must be true when the conversation is over."""

    level: Literal["none", "order", "customer"]
    handoff: bool = False
    orders: dict[str, Became] = Field(default_factory=dict)
    account: Account | None = None
    asked: dict[str, list[str]] = Field(default_factory=dict)
    """Kinds of work that other systems were asked for about orders that stay as they are."""


class Conversation(_Strict):
    """A whole conversation."""

    name: str
    language: Literal["en", "zh"]
    order: str | None = None
    signed_in: bool = False
    shopper: Shopper | None = None
    turns: list[Turn] = Field(min_length=1)
    end: End


def conversations() -> Iterator[tuple[str, Conversation]]:
    """Every conversation of the folder, with an id of the form `behaviour/file: name`."""
    for path in sorted(FOLDER.glob("*/*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            conversation = Conversation.model_validate(entry)
            yield f"{path.parent.name}/{path.stem}: {conversation.name}", conversation


def filled(template: str, facts: Mapping[str, Any], *, pattern: bool = False) -> str:
    """`template` with {placeholders} replaced; in a pattern the facts are matched literally."""

    def fact(match: re.Match[str]) -> str:
        value = facts[match.group(1)]
        if value is None:
            raise KeyError(f"the story has no {match.group(1)}")
        return re.escape(str(value)) if pattern else str(value)

    return re.sub(r"\{([a-z_]+[0-9]?)\}", fact, template)


def check_turn(turn: Turn, replies: list[dict[str, Any]], facts: Mapping[str, Any]) -> list[str]:
    """What is wrong with the replies to one turn; empty when nothing is."""
    contents = [reply["content"] for reply in replies]
    words = "\n".join(content["text"] for content in contents)
    kinds = {content["kind"] for content in contents}

    def found(pattern: str) -> bool:
        return re.search(filled(pattern, facts, pattern=True), words, re.IGNORECASE) is not None

    wrong = [f"no reply of kind {kind}, only {sorted(kinds)}" for kind in turn.replies if kind not in kinds]
    wrong += [f"{pattern!r} is not in the reply" for pattern in turn.words if not found(pattern)]
    wrong += [f"{pattern!r} is in the reply" for pattern in turn.never if found(pattern)]
    return [f"{problem}\n--- the reply was:\n{words}" for problem in wrong]


def button_id(replies: list[dict[str, Any]], label: str) -> str:
    """The id of the one button whose label matches."""
    found = [
        button["id"]
        for reply in replies
        for button in reply["content"].get("buttons", [])
        if re.search(label, button["label"], re.IGNORECASE)
    ]
    if len(found) != 1:
        raise AssertionError(f"{len(found)} buttons match {label!r}")
    return str(found[0])
