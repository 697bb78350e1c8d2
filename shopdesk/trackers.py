"""The table in which Rasa keeps its trackers, as the programs of this environment see it."""

from __future__ import annotations

import sqlalchemy as sa

_metadata = sa.MetaData()

EVENTS = sa.Table(
    "events",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sender_id", sa.String(255), nullable=False, index=True),
    sa.Column("type_name", sa.String(255), nullable=False),
    sa.Column("timestamp", sa.Float),
    sa.Column("intent_name", sa.String(255)),
    sa.Column("action_name", sa.String(255)),
    sa.Column("data", sa.Text),
)
"""Rasa 3.6's `SQLEvent`; a test compares them."""


def create_table(connection: sa.Connection) -> None:
    """Make the table if it is not there."""
    _metadata.create_all(connection)


def drop_table(connection: sa.Connection) -> None:
    """Remove the table and everything in it."""
    _metadata.drop_all(connection)


def of_conversation(conversation_id: str) -> sa.ColumnElement[bool]:
    """Condition: events of any epoch of a conversation (Rasa's sender id is `{conversation_id}:{epoch}`)."""
    return sa.or_(
        EVENTS.c.sender_id == conversation_id, EVENTS.c.sender_id.startswith(f"{conversation_id}:", autoescape=True)
    )
