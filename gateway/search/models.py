"""What is searched: the terms of each message, kept beside it and erased with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, ForeignKey, Text, insert
from sqlalchemy.orm import Mapped, mapped_column

from gateway.database.base import Id, Model, table_of
from gateway.search.terms import document_terms

_PARTS = ("text", "order_number", "title", "name", "label", "tracking_number", "sku")
"""What of a card an agent would look for."""


class SearchDocument(Model):
    """One message's terms in order, between spaces. The index over them is the database's own (`0003_search`)."""

    __tablename__ = "search_documents"

    message_id: Mapped[int] = mapped_column(Id, ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(Text)


def searchable(content: dict[str, Any]) -> str:
    """The terms of a message's content."""
    return " ".join(document_terms("\n".join(_said(content))))


def _said(content: Any) -> list[str]:
    if isinstance(content, list):
        return [words for one in content for words in _said(one)]
    if not isinstance(content, dict):
        return []
    found = [content[name] for name in _PARTS if isinstance(content.get(name), str)]
    for name, value in content.items():
        if name != "buttons":
            found += _said(value)
    return found


_insert = insert(table_of(SearchDocument))


def index(connection: Connection, messages: Iterable[tuple[int, str, dict[str, Any]]]) -> None:
    """Store the terms of messages (number, conversation, content), in the transaction that stores them."""
    documents = [
        {"message_id": number, "conversation_id": conversation_id, "words": words}
        for number, conversation_id, content in messages
        if (words := searchable(content))
    ]
    if documents:
        connection.execute(_insert, documents)


def described(_object: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    """False for what belongs to the databases' own indexes and is in no model (for Alembic's `include_object`)."""
    if kind == "table":
        return not (name or "").startswith("message_search")
    return name not in {"vector", "ix_search_documents_vector"}
