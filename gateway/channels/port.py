"""What every messaging channel is: verify, parse, render, send.

A channel knows its platform and nothing of conversations. What comes in is verified over the raw body, cut into
events with the platform's own ids, stored once and worked off afterwards (`inbox`); what goes out comes from the
outbox, one message after the other (`outgoing`), as parts that respect the platform's limits.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict
from starlette.responses import Response


class ChannelError(Exception):
    """A message could not be sent; `reason` is a sentence for agents, without the shopper's words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason[:500]


class SendLater(ChannelError):
    """Trying again makes sense, after `seconds` where the platform says so."""

    def __init__(self, reason: str, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.seconds = seconds


class SendRefused(ChannelError):
    """The platform will not take it however often it is tried."""


@dataclass(frozen=True)
class Request:
    """A webhook's call as it came. `headers` have lower-case names."""

    method: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


class Event(BaseModel):
    """One thing that happened on the platform; stored as it is until it is worked off."""

    model_config = ConfigDict(frozen=True)

    id: str
    """The platform's id of it, or one made of what identifies it; the same event again has the same."""
    kind: Literal["message", "status", "sign"]
    """message: a shopper's · status: of a message of ours · sign: nothing to answer, but a sign of life of the chat."""
    chat: str
    """The platform's id of the chat with one person."""
    text: str | None = None
    button_id: str | None = None
    media: tuple[str, ...] = ()
    """References that `fetch` understands."""
    name: str | None = None
    """What the person calls themselves there; proves nothing."""
    language: str | None = None
    """The language of their app, such as `zh-hans`."""
    at: datetime | None = None
    """When it happened, as the platform says."""
    message_id: str | None = None
    """Of a status: the platform's id of our message."""
    state: Literal["delivered", "read", "failed"] | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Part:
    """One call of the platform's sending API. `numbered`: the ids of buttons written as a numbered list, in order."""

    payload: Mapping[str, Any]
    numbered: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rate:
    """At most `count` calls in `seconds`."""

    count: int
    seconds: float


class Channel(ABC):
    """A platform."""

    name: ClassVar[str]
    window: ClassVar[timedelta | None] = None
    """How long after the shopper's last message free words may be sent; None: always."""
    per_chat: ClassVar[Rate | None] = None
    overall: ClassVar[Rate | None] = None

    def challenge(self, request: Request) -> Response | None:
        """The answer to a platform's check of the address, for a call that is one. Raises `Unauthenticated`."""
        return None

    @abstractmethod
    def verify(self, request: Request, now: datetime) -> None:
        """Raises `Unauthenticated` unless the platform made this call, and lately where it says when."""

    @abstractmethod
    def parse(self, request: Request) -> Sequence[Event]:
        """The events of a verified call, without what is of no use. Raises `InvalidInput` for what makes no sense."""

    def acknowledge(self, request: Request) -> Response:
        """The answer that tells the platform that it need not call again."""
        return Response(status_code=200)

    @abstractmethod
    def render(self, content: Mapping[str, Any], language: str) -> Sequence[Part]:
        """A message's public content as calls, within the platform's limits, in order."""

    @abstractmethod
    async def send(self, chat: str, part: Part) -> str | None:
        """Send one part; the platform's id of it. Raises `SendLater`, `SendRefused`."""

    async def fetch(self, media: str) -> bytes:
        """The bytes of something a shopper sent. Raises `SendLater`, `SendRefused`."""
        raise SendRefused("this channel has no media")
