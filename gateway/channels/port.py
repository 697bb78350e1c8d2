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

from gateway.images.encoding import Picture


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
    thread: dict[str, Any] | None = None
    """What an answer has to refer to; comes back in each `Recipient` until an event has another."""


@dataclass(frozen=True)
class Part:
    """One call of the platform's sending API. `numbered`: the ids of buttons written as a numbered list, in order."""

    payload: Mapping[str, Any]
    numbered: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    """Addresses of pictures that this platform does not fetch but takes as files."""
    loaded: tuple[Picture | None, ...] = ()
    """Those pictures, when the part is sent; None for what cannot be had."""
    optional: bool = False
    """Whether it is left out where the quota has no room for it, it cannot be had, or the platform refuses it."""


@dataclass(frozen=True)
class Recipient:
    """Whom a part goes to, and what some platforms want to know besides."""

    chat: str
    key: str
    """32 characters, the same whenever this part is tried again and different from every other's."""
    thread: Mapping[str, Any]
    """The `thread` of the chat's last event that had one."""
    by_person: bool = False
    """Whether a person, not the assistant, says it."""
    late: bool = False
    """Whether the window for free words is over, and only that for persons is open."""


@dataclass(frozen=True)
class Pulled:
    """What a channel was asked for: events, where to go on, and whether there is more at once."""

    events: Sequence[Event]
    cursor: str
    more: bool = False


@dataclass(frozen=True)
class Rate:
    """At most `count` calls in `seconds`."""

    count: int
    seconds: float

    @property
    def pause(self) -> timedelta:
        """From one call to the next, where they are spread evenly."""
        return timedelta(seconds=self.seconds / self.count)


class Channel(ABC):
    """A platform."""

    name: ClassVar[str]
    window: ClassVar[timedelta | None] = None
    """How long after the shopper's last message free words may be sent; None: always."""
    human_window: timedelta | None = None
    """How long a person who holds the conversation may go on after `window`; None: no longer than the assistant."""
    per_chat: ClassVar[Rate | None] = None
    """How fast parts are sent in one chat, spread evenly, by all gateways together; None: as they come."""
    overall: ClassVar[Rate | None] = None
    """The same of all chats together."""
    quota: ClassVar[int | None] = None
    """How many parts may be sent after each message of the shopper's; None: any number."""
    merges: ClassVar[bool] = False
    """Whether messages that wait together go out as one: where there is a quota, or each is a letter of its own."""
    inbound: ClassVar[Rate | None] = None
    """How many messages of one person are worked off; what exceeds it is taken for a machine's. None: any number."""
    pull_every: float | None = None
    """Seconds between two calls of `pull`; None: everything comes by webhook."""

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

    def template(self, kind: str, values: Sequence[str], language: str) -> Part | None:
        """News as a template that the platform approved, for after the window; None where the shop has none."""
        return None

    @abstractmethod
    async def send(self, to: Recipient, part: Part) -> str | None:
        """Send one part; the platform's id of it. Raises `SendLater`, `SendRefused`."""

    async def notice(self, chat: str, event_id: str) -> None:
        """Show the person that this message was read and that an answer is being made, where the platform can.

        A courtesy: it is tried once. Raises `SendLater`, `SendRefused`.
        """
        return

    async def pull(self, cursor: str | None, now: datetime) -> Pulled:
        """What is new since `cursor`, None the first time. Raises `SendLater`, `SendRefused`."""
        raise SendRefused("this channel calls us")

    def account_of(self, chat: str) -> str | None:
        """The account of the one person who writes in this chat; None where nobody vouches that it is theirs."""
        return chat.partition(" ")[0]

    def person_of(self, chat: str) -> str:
        """The beginning of the ids of all chats with the person of this one."""
        return chat

    async def fetch(self, media: str) -> bytes:
        """The bytes of something a shopper sent. Raises `SendLater`, `SendRefused`."""
        raise SendRefused("this channel has no media")
