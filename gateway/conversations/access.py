"""Which conversation a bearer token opens, asked of the database once in a while and not for every call."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

from gateway.conversations import repository
from gateway.database.engine import Database
from gateway.secrets import Tokens
from shopdesk_schemas.clock import Clock

REMEMBERED: Final = timedelta(seconds=30)
"""A token and its conversation never change, but both may be erased, by another program."""
_CAPACITY: Final = 10_000


class ChatAccess:
    """Opens conversations to their tokens."""

    def __init__(self, database: Database, tokens: Tokens, clock: Clock) -> None:
        self._database = database
        self._tokens = tokens
        self._clock = clock
        self._known: OrderedDict[str, tuple[str, datetime]] = OrderedDict()
        """By the token's hash: the conversation, and until when to believe it."""

    async def conversation_of(self, token: str) -> str | None:
        """The conversation that the token opens, None when it opens none."""
        token_hash, now = self._tokens.hash(token), self._clock.wall()
        known = self._known.get(token_hash)
        if known is not None and known[1] > now:
            return known[0]
        async with self._database.read(brief=True) as session:
            opened = await repository.opened_by(session, token_hash, now)
        if opened is None:
            self._known.pop(token_hash, None)
            return None
        conversation_id, expires_at = opened
        self._known[token_hash] = conversation_id, min(expires_at, now + REMEMBERED)
        self._known.move_to_end(token_hash)
        if len(self._known) > _CAPACITY:
            self._known.popitem(last=False)
        return conversation_id
