"""The public chat API's bodies, as the contract gives them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from sqlalchemy import Row

from gateway.conversations.models import Message
from shopdesk_schemas.content import Content, Schema, content_adapter
from shopdesk_schemas.crm import VerificationLevel
from shopdesk_schemas.turn import Language, PageHint

MAX_SEQ = 2**31 - 1


def _without_nul(value: str) -> str:
    if "\0" in value:
        raise ValueError("must not contain the character U+0000")
    return value


_Storable = AfterValidator(_without_nul)
"""Every database can store it. (Lone surrogates are refused by Pydantic itself.)"""

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), _Storable]
Reference = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), _Storable]
OpaqueId = Annotated[str, StringConstraints(min_length=1, max_length=64), _Storable]
IdentityToken = Annotated[str, StringConstraints(min_length=1, max_length=4096), _Storable]


class Page(Schema):
    """What the shopper is looking at: a hint for understanding, never identity."""

    sku: Reference | None = None
    order: Reference | None = None

    def hint(self) -> PageHint | None:
        """As the bot takes it; None when it says nothing."""
        return PageHint(sku=self.sku, order=self.order) if self.sku or self.order else None


class Pick(Page):
    """Exactly one thing that the shopper picked."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.sku is None) == (self.order is None):
            raise ValueError("give exactly one of sku, order")
        return self


class SessionRequest(Schema):
    """`POST /api/chat/sessions`."""

    language: Language | None = Field(default=None, description="Null: chosen by the browser's Accept-Language.")
    identity_token: IdentityToken | None = Field(
        default=None, description="A shop-signed token of a logged-in shopper, single use."
    )
    page: Page | None = None


class MessageRequest(Schema):
    """`POST /api/chat/messages`, and each frame a client sends on the socket after the first."""

    client_id: UUID = Field(description="Made by the client; the same id again is the same message.")
    text: Words | None = None
    button_id: OpaqueId | None = None
    image_id: OpaqueId | None = None
    pick: Pick | None = None
    page: Page | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        given = [name for name in ("text", "button_id", "image_id", "pick") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("give exactly one of text, button_id, image_id, pick")
        return self


class SocketHello(Schema):
    """The first frame a client sends on the socket."""

    token: Annotated[str, Field(min_length=1, max_length=200)]
    after: int = Field(default=0, ge=0, le=MAX_SEQ)


class IdentityRequest(Schema):
    """`POST /api/chat/identity`."""

    identity_token: IdentityToken


class ChatMessage(Schema):
    """One message as clients see it."""

    seq: int
    author: Literal["shopper", "assistant", "agent", "system"]
    at: datetime
    content: Content
    reply_to: int | None = Field(default=None, description="The seq of the message that this one answers.")
    client_id: str | None = Field(default=None, description="On a shopper's message: the id its client gave it.")

    @classmethod
    def of(cls, message: Message | Row[*tuple[Any, ...]], content: dict[str, Any]) -> Self:
        """From the record; `content` is the message's as its readers get it, public already."""
        return cls.model_validate(
            {
                "seq": message.seq,
                "author": message.author,
                "at": message.at,
                "content": content_adapter.validate_python(content),
                "reply_to": message.reply_to,
                "client_id": message.client_id,
            }
        )


class SessionOpened(Schema):
    """A conversation was opened. The token is shown this once."""

    conversation_id: str
    token: str
    expires_at: datetime
    messages: list[ChatMessage]


class MessageAccepted(Schema):
    """The message is stored under this sequence number."""

    seq: int


class Snapshot(Schema):
    """Messages newer than asked for, and whether the shopper should wait for more; read at one instant."""

    messages: list[ChatMessage]
    typing: bool


class SignedIn(Schema):
    """How the conversation is verified now."""

    level: VerificationLevel
    expires_at: datetime | None
    display_name: str | None
