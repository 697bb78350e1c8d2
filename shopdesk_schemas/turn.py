"""One turn between the gateway and the bot's private channel (`POST /turns` on the bot).

The bot (Pydantic 1.10, Python 3.10) speaks this as plain JSON; the gateway validates both directions.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from shopdesk_schemas.content import InternalContent, Schema

Language = Literal["en", "zh"]


class PageHint(Schema):
    """What the shopper is looking at: a hint for understanding, never identity."""

    sku: str | None = Field(default=None, max_length=200)
    order: str | None = Field(default=None, max_length=200)


class TextInput(Schema):
    """Words a shopper typed. A leading slash means nothing to Rasa."""

    kind: Literal["text"] = "text"
    text: str = Field(min_length=1, max_length=4000)
    images: list[str] = Field(default_factory=list, description="Ids of the pictures that came with the words.")


class ButtonInput(Schema):
    """A button of an earlier reply, resolved by the gateway to the payload the bot gave it, and its label."""

    kind: Literal["button"] = "button"
    payload: str
    label: str


class PickInput(Schema):
    """A thing picked on the page."""

    kind: Literal["pick"] = "pick"
    pick: PageHint


class ImageInput(Schema):
    """Pictures without a word, by their ids at the gateway."""

    kind: Literal["image"] = "image"
    images: list[str] = Field(min_length=1)


TurnInput = Annotated[TextInput | ButtonInput | PickInput | ImageInput, Field(discriminator="kind")]


Wordings = dict[Language, dict[str, list[str | None]]]
"""Texts by language and response, one for each of its variations; None where that one has no text."""


class TurnRequest(Schema):
    """One message to be understood and answered."""

    sender_id: str = Field(description="'{conversation_id}:{epoch}': Rasa's tracker.")
    message_id: str = Field(description="The gateway's id; a turn with an id the tracker holds runs nothing again.")
    input: TurnInput
    language: Language | None = Field(description="The conversation's language so far; null before the first words.")
    page: PageHint | None = None
    wordings: Wordings = Field(
        default_factory=dict, description="The shop's own words, where they differ from the repository's."
    )


class Entity(Schema):
    """A piece of the message that was recognised. `start` and `end` are character offsets, end exclusive."""

    entity: str
    value: Any
    start: int | None = None
    end: int | None = None
    confidence: float | None = None


class IntentGuess(Schema):
    """An intent and how sure the classifier is, 0 to 1."""

    name: str | None
    confidence: float


class Understanding(Schema):
    """What the assistant made of the message."""

    intent: IntentGuess | None
    ranking: list[IntentGuess] = Field(default_factory=list)
    entities: list[Entity] = Field(default_factory=list)


class ActionRun(Schema):
    """An action or response that ran in the turn, in order."""

    name: str
    policy: str | None = None
    confidence: float | None = None


class TurnResponse(Schema):
    """Replies in order, and what happened inside."""

    replies: list[InternalContent]
    understanding: Understanding
    actions: list[ActionRun]
    language: Language
    model: str = Field(description="Which trained model answered.")
    handoff: str | None = Field(default=None, description="A reason when the assistant asks for a person, else null.")
    busy: bool = Field(
        default=False, description="True while a form or queue is open: the gateway then keeps the epoch."
    )
    timings_ms: dict[str, float] = Field(default_factory=dict, description="Milliseconds by part: total, actions, crm.")


class IntentList(Schema):
    """What the trained model tells apart (`GET /intents` on the bot)."""

    intents: list[str]
    topics: dict[str, str] = Field(default_factory=dict, description="The topic of each intent that has one.")


class ResponseTexts(Schema):
    """What the assistant says by the repository (`GET /responses` on the bot)."""

    responses: Wordings
