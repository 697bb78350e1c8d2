"""Who is calling: the client's address and the page's origin, believing a proxy only when it is configured."""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from gateway.settings import Network


def _is_trusted(address: str, proxies: Collection[Network]) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in proxies)


def client_address(connection: HTTPConnection, proxies: Collection[Network]) -> str | None:
    """The address of the nearest caller that is not one of `proxies`, None where the server knows no address.

    `X-Forwarded-For` is read from its right end, where our own proxy wrote: what stands left of the first address
    that is not ours was sent by the client and proves nothing.
    """
    peer = connection.client.host if connection.client else None
    if peer is None or not _is_trusted(peer, proxies):
        return peer
    hops = ",".join(connection.headers.getlist("x-forwarded-for")).split(",")
    nearest = peer
    for hop in (part.strip() for part in reversed(hops)):
        try:
            nearest = str(ip_address(hop))
        except ValueError:
            break
        if not _is_trusted(nearest, proxies):
            break
    return nearest


def is_https(connection: HTTPConnection, proxies: Collection[Network]) -> bool:
    """Whether the browser came by TLS, as we or a configured proxy saw it."""
    if connection.url.scheme in {"https", "wss"}:
        return True
    peer = connection.client.host if connection.client else ""
    return _is_trusted(peer, proxies) and connection.headers.get("x-forwarded-proto", "").lower() == "https"


def origin_allowed(origin: str, host: str, allowed: Collection[str]) -> bool:
    """Whether a page of `origin` may use the chat of this gateway, reached as `host`.

    Its own pages may, and the shop's list. `null` (sandboxed frames, files) never is.
    """
    parts = urlsplit(origin.lower())
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return False
    return parts.netloc == host.lower() or origin.lower() in allowed
