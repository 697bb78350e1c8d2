"""Queries over pictures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from gateway.database.engine import AnySession
from gateway.images.models import Image


@dataclass(frozen=True)
class StoredPicture:
    """What is sent to whoever may see it."""

    conversation_id: str
    content: bytes
    media_type: str
    width: int
    height: int


async def image_of(session: AnySession, conversation_id: str, image_id: str, author: str) -> Image | None:
    """A picture that this side put into this conversation; nobody else's. Without its content."""
    query = select(Image).where(Image.id == image_id, Image.conversation_id == conversation_id, Image.author == author)
    return (await session.execute(query)).scalar_one_or_none()


async def picture(session: AnySession, image_id: str) -> StoredPicture | None:
    """A picture with its content, whoever's it is: the caller decides who may see it."""
    columns = (Image.conversation_id, Image.content, Image.media_type, Image.width, Image.height)
    query = select(*columns).where(Image.id == image_id)
    row = (await session.execute(query)).one_or_none()
    return StoredPicture(*row) if row is not None else None


async def count_since(session: AnySession, conversation_id: str, since: datetime) -> int:
    """How many pictures were put into a conversation after an instant."""
    query = (
        select(func.count())
        .select_from(Image)
        .where(Image.conversation_id == conversation_id, Image.created_at > since)
    )
    return (await session.execute(query)).scalar_one()
