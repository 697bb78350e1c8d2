"""The bot: one turn at a time, idempotent by message id."""

from __future__ import annotations

from gateway.clients.upstream import Upstream, parse
from shopdesk_schemas.turn import IntentList, ResponseTexts, TurnRequest, TurnResponse

INTENTS_SECONDS = 10.0
"""An agent who opens a page rather waits for the whole list than chooses from a part of it."""


class BotClient:
    """Asks the bot's private channel."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream

    async def turn(self, request: TurnRequest, *, seconds: float) -> TurnResponse:
        """What the assistant answers, its contents validated.

        Raises `UpstreamUnavailable` (away, or not within `seconds`), `UpstreamRejected`, `UpstreamFailed`. After any of
        them the same request may be sent again: the bot runs a message id once.
        """
        return parse(TurnResponse, await self._upstream.call("POST", "/turns", body=request, seconds=seconds))

    async def intents(self) -> IntentList:
        """What the assistant can understand, by name and topic. Raises `UpstreamError`."""
        return parse(IntentList, await self._upstream.call("GET", "/intents", seconds=INTENTS_SECONDS))

    async def responses(self) -> ResponseTexts:
        """What the assistant says, as the repository has it. Raises `UpstreamError`."""
        return parse(ResponseTexts, await self._upstream.call("GET", "/responses", seconds=INTENTS_SECONDS))

    async def is_up(self) -> bool:
        """Whether the bot answers."""
        return await self._upstream.is_up()
