"""`/channels/{name}`: where platforms call. Verified over the raw body, stored, answered at once, worked off after."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import APIRouter
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from gateway.channels.port import Channel, Request
from gateway.dependencies import GatewayServices
from gateway.errors import UnreadableCall
from gateway.services import Services
from shopdesk_schemas.problems import InvalidInput, NotFound, Unauthenticated
from shopdesk_schemas.web import problems_openapi

MAIL_BYTES = 25 * 1024 * 1024
"""More than most mail servers take."""
CHANNEL_BYTES = 3 * 1024 * 1024
"""More than any platform sends at once (Meta batches up to a thousand changes)."""

NAMES = ("telegram", "whatsapp", "messenger", "instagram", "slack", "wechat", "wecom", "email")

BODY_LIMITS = {f"/channels/{name}": CHANNEL_BYTES for name in NAMES} | {"/channels/email": MAIL_BYTES}
"""By path how large a call may be."""

_log = logging.getLogger("shopdesk.channels")

router = APIRouter(prefix="/channels", tags=["channels"], responses=problems_openapi(NotFound, Unauthenticated))


@router.get("/{name}", summary="A platform's check of this address", response_class=Response)
async def check(name: str, request: HttpRequest, services: GatewayServices) -> Response:
    """Answers a platform's challenge; a 404 for a channel that is not switched on, a 401 for what is no challenge."""
    channel = _channel(services.channels, name)
    call = await _as_it_came(request)
    with _refusals_counted(name, services):
        if (answer := channel.challenge(call)) is None:
            raise Unauthenticated
    return answer


@router.post(
    "/{name}",
    summary="A platform's events",
    response_class=Response,
    responses=problems_openapi(UnreadableCall),
    openapi_extra={"requestBody": {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}},
)
async def receive(name: str, request: HttpRequest, services: GatewayServices) -> Response:
    """Events are stored once under the platform's ids before this answers; a repeated one changes nothing."""
    channel = _channel(services.channels, name)
    call = await _as_it_came(request)
    with _refusals_counted(name, services):
        channel.verify(call, services.clock.wall())
        if (answer := channel.challenge(call)) is not None:
            return answer
        events = channel.parse(call)
    if events:
        await services.channel_intake.store(name, events)
        services.channel_worker.came()
    if channel.pull_every is not None:
        services.channel_worker.called(name)
    return channel.acknowledge(call)


@contextmanager
def _refusals_counted(name: str, services: Services) -> Iterator[None]:
    """Tells the log of a call that is not believed or cannot be read. Raises `Unauthenticated`, `UnreadableCall`."""
    try:
        yield
    except (Unauthenticated, InvalidInput) as error:
        refusal = error if isinstance(error, Unauthenticated) else UnreadableCall()
        services.channel_refusals[name] = services.channel_refusals.get(name, 0) + 1
        _log.warning("a call of %s was refused: %s, %d so far", name, refusal.status, services.channel_refusals[name])
        raise refusal from error


def _channel(channels: dict[str, Channel], name: str) -> Channel:
    channel = channels.get(name)
    if channel is None:
        raise NotFound
    return channel


async def _as_it_came(request: HttpRequest) -> Request:
    return Request(
        method=request.method,
        headers={name.lower(): value for name, value in request.headers.items()},
        query=dict(request.query_params),
        body=await request.body(),
    )
