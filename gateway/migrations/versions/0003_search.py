"""Terms of every message, and the databases' own index over them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.database.base import Id, JsonDocument
from gateway.search.models import searchable

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BATCH = 2000


def upgrade() -> None:
    op.create_table(
        "search_documents",
        sa.Column("message_id", Id, nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_search_documents_message_id_messages"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_search_documents_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_search_documents")),
    )
    op.create_index(op.f("ix_search_documents_conversation_id"), "search_documents", ["conversation_id"])
    if op.get_bind().dialect.name == "sqlite":
        _sqlite_index()
    _backfill()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "ALTER TABLE search_documents ADD COLUMN vector tsvector "
            "GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED"
        )
        op.execute("CREATE INDEX ix_search_documents_vector ON search_documents USING gin (vector)")


def _sqlite_index() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE message_search USING fts5(words, content='search_documents', "
        "content_rowid='message_id', tokenize='unicode61 remove_diacritics 0')"
    )
    forget = "INSERT INTO message_search(message_search, rowid, words) VALUES ('delete', old.message_id, old.words);"
    learn = "INSERT INTO message_search(rowid, words) VALUES (new.message_id, new.words);"
    for moment, steps in (("INSERT", learn), ("DELETE", forget), ("UPDATE", f"{forget} {learn}")):
        op.execute(
            f"CREATE TRIGGER search_documents_{moment.lower()} AFTER {moment} ON search_documents BEGIN {steps} END"
        )


def _backfill() -> None:
    messages = sa.table(
        "messages", sa.column("id", Id), sa.column("conversation_id", sa.String), sa.column("content", JsonDocument)
    )
    documents = sa.table("search_documents", sa.column("message_id"), sa.column("conversation_id"), sa.column("words"))
    connection = op.get_bind()
    after = 0
    while True:
        query = sa.select(messages).where(messages.c.id > after).order_by(messages.c.id).limit(_BATCH)
        rows = connection.execute(query).all()
        if not rows:
            return
        found = [
            {"message_id": row.id, "conversation_id": row.conversation_id, "words": words}
            for row in rows
            if (words := searchable(row.content))
        ]
        if found:
            connection.execute(documents.insert(), found)
        after = rows[-1].id


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for moment in ("insert", "delete", "update"):
            op.execute(f"DROP TRIGGER search_documents_{moment}")
        op.execute("DROP TABLE message_search")
    op.drop_table("search_documents")
