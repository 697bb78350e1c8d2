"""What can happen to a conversation: opened, written to, answered, told that the answer is late.

Every function here works inside the caller's transaction and wakes others only through `after_commit`. The functions
that change a conversation take it locked (`repository.lock`), which puts all that happens to it in one order.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Row
from sqlalchemy.exc import NoResultFound

from gateway import locales
from gateway.console.models import Agent
from gateway.conversations import repository
from gateway.conversations.cards import mask_card_numbers
from gateway.conversations.contents import plain, publish
from gateway.conversations.models import ChatToken, Conversation, Message, Turn
from gateway.conversations.schemas import ChatMessage, MessageRequest, Snapshot
from gateway.database.engine import Rows, WriteSession
from gateway.images import repository as images_repository
from gateway.images.encoding import Picture
from gateway.images.service import Images
from gateway.secrets import Tokens
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.content import ImageContent, InternalButton, QuickRepliesContent
from shopdesk_schemas.problems import FieldProblem, InvalidInput, TooManyRequests, Unauthenticated
from shopdesk_schemas.turn import ButtonInput, ImageInput, Language, PickInput, TextInput, TurnInput

MAX_JOINED_CHARACTERS = 4000
"""Words of one turn; the same limit as for one message."""

MAX_JOINED_IMAGES = 20
"""Pictures of one turn."""


type Control = Callable[[WriteSession, Conversation], Awaitable[None]]
"""What a button of the gateway's own does, inside the transaction that stores the press."""

type Reader = Callable[[WriteSession, Conversation, str], Awaitable[bool]]
"""Reads a shopper's words inside the transaction that stores them; True: dealt with."""


@dataclass(frozen=True)
class ChatRules:
    """What the shop sets about conversations."""

    token_life: timedelta
    join: timedelta
    pending_messages: int


class Conversations:
    """The conversation record's behaviour.

    `changed` is told, after commit, which conversation to look at again; `said`, where something was said there that
    leaves nothing to be worked on (`changed` if there is none).
    """

    def __init__(
        self,
        clock: Clock,
        tokens: Tokens,
        images: Images,
        rules: ChatRules,
        changed: Callable[[str], None],
        said: Callable[[str], None] | None = None,
    ) -> None:
        self._clock = clock
        self._tokens = tokens
        self._images = images
        self._rules = rules
        self._changed = changed
        self._said = said or changed
        self._controls: dict[str, Control] = {}
        self._readers: list[Reader] = []

    def add_control(self, payload: str, control: Control) -> None:
        """Have a button with this payload pressed by a shopper do something here, without the assistant."""
        self._controls[payload] = control

    def add_reader(self, reader: Reader) -> None:
        """Have words of shoppers read; a reader that answers True has dealt with them, the assistant need not."""
        self._readers.append(reader)

    async def begin(
        self, session: WriteSession, *, conversation_id: str, channel: str, locale: Language
    ) -> Conversation:
        """A new conversation on a messaging channel, with its greeting; nobody but the platform's chat can open it."""
        now = self._clock.wall()
        conversation = Conversation(
            id=conversation_id, channel=channel, locale=locale, next_seq=1, created_at=now, last_message_at=now
        )
        session.add(conversation)
        await session.flush()
        await self.say(session, conversation, "assistant", _greeting(locale, None))
        return conversation

    async def open(
        self,
        session: WriteSession,
        *,
        conversation_id: str,
        language: Language | None,
        locale: Language,
        page: dict[str, Any] | None,
        client_address: str | None,
        crm_informed: bool,
        display_name: str | None,
    ) -> tuple[str, datetime, list[ChatMessage]]:
        """A new web conversation with its greeting; returns the bearer token, its expiry and the first messages."""
        now = self._clock.wall()
        conversation = Conversation(
            id=conversation_id,
            language=language,
            locale=locale,
            page=page,
            client_address=client_address,
            crm_informed=crm_informed,
            next_seq=1,
            created_at=now,
            last_message_at=now,
        )
        session.add(conversation)
        await session.flush()
        token, token_hash = self._tokens.make()
        expires_at = now + self._rules.token_life
        session.add(
            ChatToken(token_hash=token_hash, conversation_id=conversation_id, created_at=now, expires_at=expires_at)
        )
        greeting = await self.say(session, conversation, "assistant", _greeting(locale, display_name))
        return token, expires_at, [self.shown(greeting)]

    async def accept(
        self, session: WriteSession, conversation_id: str, request: MessageRequest, client_address: str | None
    ) -> tuple[Message, bool]:
        """Store a shopper's message; returns it and whether it is new.

        The same client id again returns the stored message and does nothing. Raises `InvalidInput`,
        `TooManyRequests`, and `Unauthenticated` when the conversation was erased.
        """
        try:
            conversation = await repository.lock(session, conversation_id)
        except NoResultFound:
            raise Unauthenticated from None
        client_id = str(request.client_id)
        if known := await repository.by_client_id(session, conversation_id, client_id):
            return known, False
        if len(await repository.open_turns(session, conversation_id)) >= self._rules.pending_messages:
            raise TooManyRequests(5, "Too many messages still wait for an answer.")
        turn_input, content = await self._resolve(session, conversation, request)
        control = self._controls.get(turn_input.payload) if isinstance(turn_input, ButtonInput) else None
        now = self._clock.wall()
        if client_address != conversation.client_address:
            conversation.client_address = client_address
            conversation.crm_informed = False
        if request.page is not None:
            hint = request.page.hint()
            conversation.page = hint.model_dump() if hint else None
        message = self._append(conversation, "shopper", content, client_id=client_id)
        repository.add_message(session, message)
        if control is not None:
            await control(session, conversation)
        elif not await self._read(session, conversation, turn_input) and conversation.assistant_answers:
            turn = await self._turn_for(session, conversation, turn_input, message.seq, now)
            repository.give_turn(session, message, turn)
        session.after_commit(lambda: self._changed(conversation_id))
        return message, True

    async def _read(self, session: WriteSession, conversation: Conversation, turn_input: TurnInput) -> bool:
        if not isinstance(turn_input, TextInput):
            return False
        return any([await reader(session, conversation, turn_input.text) for reader in self._readers])

    def shown(self, message: Message | Row[*tuple[Any, ...]]) -> ChatMessage:
        """A message as its readers get it, now."""
        return ChatMessage.of(message, self._images.shown(message.content))

    async def snapshot(self, rows: Rows, conversation_id: str, after: int) -> Snapshot:
        """What is newer than `after`, and whether to wait for more."""
        return Snapshot(
            messages=[self.shown(message) for message in await repository.said_after(rows, conversation_id, after)],
            typing=await repository.is_typing(rows, conversation_id, self._clock.wall()),
        )

    async def say(
        self,
        session: WriteSession,
        conversation: Conversation,
        author: str,
        content: BaseModel,
        *,
        turn: Turn | None = None,
        agent: Agent | None = None,
        client_id: str | None = None,
        notice: dict[str, Any] | None = None,
    ) -> Message:
        """Store one message to the shopper, its buttons, and its way out. `content` is an `InternalContent`."""
        document, offered = publish(content)
        message = self._append(conversation, author, document, client_id=client_id)
        message.agent_id = agent.id if agent is not None else None
        if turn is not None:
            message.turn_id = turn.id
            message.reply_to = turn.last_seq
        repository.add_message(session, message, offered=offered, channel=conversation.channel, notice=notice)
        conversation_id = conversation.id
        session.after_commit(lambda: self._said(conversation_id), once=f"said {conversation_id}")
        return message

    async def show(
        self, session: WriteSession, conversation: Conversation, picture: Picture, agent: Agent, client_id: str
    ) -> Message:
        """Store an agent's picture and the message that shows it. Raises `TooManyRequests`."""
        image = await self._images.keep(session, conversation.id, "agent", picture)
        words = locales.text(conversation.locale, "chat", "photo_from", name=agent.display_name)
        content = ImageContent.model_validate(self._images.content_of(image, words))
        return await self.say(session, conversation, "agent", content, agent=agent, client_id=client_id)

    def wake(self, conversation_id: str) -> None:
        """Something about the conversation changed that is no message: have listeners read again."""
        self._changed(conversation_id)

    def _append(
        self, conversation: Conversation, author: str, content: dict[str, Any], *, client_id: str | None = None
    ) -> Message:
        now = self._clock.wall()
        message = Message(
            conversation_id=conversation.id,
            seq=conversation.next_seq,
            author=author,
            kind=content["kind"],
            content=content,
            client_id=client_id,
            at=now,
        )
        conversation.next_seq += 1
        conversation.last_message_at = now
        return message

    async def _resolve(
        self, session: WriteSession, conversation: Conversation, request: MessageRequest
    ) -> tuple[TurnInput, dict[str, Any]]:
        """What the bot is asked, and the message as the transcript shows it."""
        if request.text is not None:
            words = mask_card_numbers(request.text)
            return TextInput(text=words), plain(words)
        if request.button_id is not None:
            button = await repository.offered_button(session, conversation.id, request.button_id)
            if button is None:
                raise _invalid("button_id", "this conversation was offered no such button")
            return ButtonInput(payload=button.payload, label=button.label), plain(button.label)
        if request.pick is not None and (hint := request.pick.hint()):
            what, value = ("order", hint.order) if hint.order else ("sku", hint.sku)
            words = locales.text(conversation.locale, "chat", f"pick_{what}", **{what: value})
            return PickInput(pick=hint), plain(words)
        image = await images_repository.image_of(session, conversation.id, request.image_id or "", "shopper")
        if image is None:
            raise _invalid("image_id", "there is no such image in this conversation")
        words = locales.text(conversation.locale, "chat", "photo")
        return ImageInput(images=[image.id]), self._images.content_of(image, words)

    async def _turn_for(
        self, session: WriteSession, conversation: Conversation, turn_input: TurnInput, seq: int, now: datetime
    ) -> Turn:
        """The turn that a new message belongs to: one that still pauses for more words, else a new one."""
        waiting = await repository.open_turns(session, conversation.id)
        if waiting and (joined := self._joined(waiting[-1], turn_input, now)):
            turn = waiting[-1]
            turn.input = joined.model_dump()
            turn.last_seq = seq
            turn.page = conversation.page
            # A shopper who never stops typing is answered after three pauses all the same.
            turn.next_try_at = min(now + self._rules.join, turn.received_at + 3 * self._rules.join)
            return turn
        for earlier in waiting:
            if earlier.state == "deferred" and earlier.failure == "unavailable":
                # The new message tries the bot anyway; what waited longer goes first.
                earlier.next_try_at = now
        turn = Turn(
            id=uuid.uuid4().hex,
            conversation_id=conversation.id,
            first_seq=seq,
            last_seq=seq,
            state="waiting",
            attempts=0,
            input=turn_input.model_dump(),
            page=conversation.page,
            received_at=now,
            next_try_at=now + self._rules.join if isinstance(turn_input, (TextInput, ImageInput)) else now,
        )
        await repository.add_turn(session, turn)
        return turn

    def _joined(self, turn: Turn, turn_input: TurnInput, now: datetime) -> TextInput | ImageInput | None:
        """Words and pictures join those before while the pause lasts and the bot was not asked yet; None: they do not.

        What the bot was asked once never changes.
        """
        if turn.state != "waiting" or turn.attempts or turn.next_try_at <= now:
            return None
        if turn.input["kind"] not in {"text", "image"} or not isinstance(turn_input, (TextInput, ImageInput)):
            return None
        texts = [words for words in (turn.input.get("text"), getattr(turn_input, "text", None)) if words]
        images = [*turn.input.get("images", ()), *turn_input.images]
        text = "\n".join(texts)
        if len(text) > MAX_JOINED_CHARACTERS or len(images) > MAX_JOINED_IMAGES:
            return None
        return TextInput(text=text, images=images) if text else ImageInput(images=images)


def new_conversation_id() -> str:
    """Random, opaque, without a colon: Rasa's sender id is '{conversation_id}:{epoch}'."""
    return secrets.token_hex(16)


def _greeting(locale: Language, display_name: str | None) -> QuickRepliesContent[InternalButton]:
    words = (
        locales.text(locale, "chat", "greeting_named", name=display_name)
        if display_name
        else locales.text(locale, "chat", "greeting")
    )
    buttons: Sequence[dict[str, str]] = locales.texts(locale, "chat")["greeting_buttons"]
    return QuickRepliesContent[InternalButton](
        text=words, buttons=[InternalButton.model_validate(button) for button in buttons]
    )


def _invalid(field: str, message: str) -> InvalidInput:
    return InvalidInput(errors=[FieldProblem(field=f"body.{field}", message=message)])
