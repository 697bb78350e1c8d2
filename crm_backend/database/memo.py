"""Rows that one transaction asks for several times, read once.

Several rules look at an order's payments while one offer is worked out, and each reads them by itself, as it should:
it need not know who else did. What was read is kept until the transaction writes, locks or ends; so it never stands in
for rows that this transaction changed, nor for what another committed before a lock was got.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import SessionTransaction

from crm_backend.database.engine import ReadSession

_HELD = "shopdesk_held"


def read_once[T](session: ReadSession, key: Hashable, read: Callable[[], T]) -> T:
    """What `read` gives, or gave under this key since the transaction last wrote or locked."""
    if session.new or session.dirty or session.deleted:
        # A query would see what is pending, so must this: flushing forgets what was kept.
        session.flush()
    kept: dict[Hashable, T] = session.kept
    if key not in kept:
        found = read()
        # Only now: reading may have flushed, which forgets.
        kept[key] = found
    return kept[key]


def hold[R](session: ReadSession, row: R) -> R:
    """Keep a row for as long as the transaction lasts: a session lets go of what nobody uses and has not changed, and
    would ask the database for it again.
    """
    session.info.setdefault(_HELD, []).append(row)
    return row


def _let_go(session: ReadSession, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_HELD, None)


def _forget(session: ReadSession, *_: Any) -> None:
    session.kept.clear()


event.listen(ReadSession, "after_flush", _forget)
event.listen(ReadSession, "after_transaction_end", _forget)
event.listen(ReadSession, "after_transaction_end", _let_go)
