"""Taking pictures in, and the links by which they are seen."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from gateway.database.engine import AnySession, WriteSession
from gateway.images import repository
from gateway.images.encoding import Picture, encode_anew
from gateway.images.models import Image
from gateway.secrets import Tokens
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.problems import TooManyRequests

IMAGES_PATH: Final = "/api/chat/images"
MAX_UPLOAD_BYTES: Final = 10 * 1024 * 1024

_PER_HOUR: Final = 30
"""Pictures that one conversation may take in an hour."""

_LINK_DAYS: Final = 2
"""A link holds until the end of the next day (UTC): equal for a whole day, so that a browser keeps the picture."""

Side = Literal["shopper", "agent"]


class Images:
    """The pictures of conversations."""

    def __init__(self, clock: Clock, tokens: Tokens) -> None:
        self._clock = clock
        self._tokens = tokens

    async def encode(self, upload: bytes) -> Picture:
        """`upload` made anew, outside the transaction and the event loop. Raises `InvalidInput`."""
        return await asyncio.to_thread(encode_anew, upload)

    async def keep(self, session: WriteSession, conversation_id: str, author: Side, picture: Picture) -> Image:
        """Store a picture of a conversation. Raises `TooManyRequests`."""
        now = self._clock.wall()
        if await repository.count_since(session, conversation_id, now - timedelta(hours=1)) >= _PER_HOUR:
            raise TooManyRequests(3600, "That were many pictures in a short time. Try again later.")
        image = Image(
            id=secrets.token_urlsafe(18),
            conversation_id=conversation_id,
            author=author,
            media_type=picture.media_type,
            width=picture.width,
            height=picture.height,
            content=picture.content,
            created_at=now,
        )
        session.add(image)
        await session.flush()
        return image

    def content_of(self, image: Image, words: str) -> dict[str, Any]:
        """The stored content of the message that shows a picture; its link is made when it is read."""
        url = f"{IMAGES_PATH}/{image.id}"
        return {"kind": "image", "text": words, "url": url, "width": image.width, "height": image.height}

    def shown(self, content: dict[str, Any]) -> dict[str, Any]:
        """A message's content as a reader gets it: of a picture of ours with a link that opens it for a while."""
        url = content.get("url")
        if content.get("kind") != "image" or not isinstance(url, str) or not url.startswith(f"{IMAGES_PATH}/"):
            return content
        until = self._today() + _LINK_DAYS
        return {**content, "url": f"{url}?until={until}&key={self._key(url.rsplit('/', 1)[-1], until)}"}

    def opens(self, image_id: str, until: int, key: str) -> bool:
        """Whether a link of ours that has not run out bears this key."""
        return until > self._today() and hmac.compare_digest(key, self._key(image_id, until))

    async def picture(self, session: AnySession, image_id: str) -> repository.StoredPicture | None:
        """A picture with its content, whoever's it is."""
        return await repository.picture(session, image_id)

    def _today(self) -> int:
        """Days since 1970."""
        return (self._clock.wall() - datetime(1970, 1, 1, tzinfo=UTC)).days

    def _key(self, image_id: str, until: int) -> str:
        return self._tokens.keyed("image", f"{image_id}\0{until}")
