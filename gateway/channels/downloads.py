"""Files from addresses that others named: the catalogue's pictures, what a platform's message points to.

Whoever can write such an address must not reach what only this machine can reach: the database, the other programs, a
cloud's metadata. So each host is resolved here, all its addresses have to be public ones, and the connection is made to
an address that was checked, which a second look at the name could no longer change. Redirects are new calls and are
checked likewise. What the shop itself runs inside its network is named in its settings.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

import httpx

from gateway.channels.port import SendLater, SendRefused
from gateway.channels.responses import check_status
from gateway.images.service import MAX_UPLOAD_BYTES
from gateway.tls import trusted

type Resolve = Callable[[str, int], Awaitable[Collection[str]]]
"""All addresses of a host, as text. Raises `OSError`."""

_REDIRECTS: Final = 3
_PORTS: Final = {"http": 80, "https": 443}
_UNICAST: Final = IPv6Network("2000::/3")
_TRANSLATED: Final = IPv6Network("64:ff9b::/96")
"""IPv4 addresses as a translating gateway names them (RFC 6052)."""


class Downloads:
    """Gets files from public addresses, and from the hosts in `inside`: names, or names with a port.

    `seconds` limits each file as a whole.
    """

    def __init__(self, seconds: float, inside: Iterable[str] = (), resolve: Resolve | None = None) -> None:
        self._seconds = seconds
        self._http = httpx.AsyncClient(
            transport=_Checked(frozenset(each.lower() for each in inside), resolve or _resolved),
            follow_redirects=True,
            max_redirects=_REDIRECTS,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            timeout=seconds,
        )

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> bytes:
        """A file of at most the size of an upload. Raises `SendLater`, `SendRefused`."""
        try:
            async with asyncio.timeout(self._seconds), self._http.stream("GET", url, headers=headers) as response:
                check_status(response)
                content = bytearray()
                async for chunk in response.aiter_bytes():
                    content += chunk
                    if len(content) > MAX_UPLOAD_BYTES:
                        raise SendRefused("the file is too large")
                return bytes(content)
        except TimeoutError as error:
            raise SendLater("the file did not come in time") from error
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.TooManyRedirects) as error:
            raise SendRefused(f"the file's address is of no use ({type(error).__name__})") from error
        except httpx.HTTPError as error:
            raise SendLater(f"the file cannot be fetched ({type(error).__name__})") from error

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()


class _Checked(httpx.AsyncBaseTransport):
    """Connects to addresses that were checked; the host's name stays that of the certificate and of the request."""

    def __init__(self, inside: Collection[str], resolve: Resolve) -> None:
        self._inside = inside
        self._resolve = resolve
        # Connections are not kept: the pool would tell them apart by address, and two hosts may share one.
        self._inner = httpx.AsyncHTTPTransport(
            verify=trusted(), limits=httpx.Limits(max_connections=20, max_keepalive_connections=0)
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The response of the first address that can be reached. Raises `SendRefused` for one that may not be."""
        if request.url.scheme not in _PORTS:
            raise httpx.UnsupportedProtocol("neither http nor https", request=request)
        host = request.url.host.lower()
        port = request.url.port or _PORTS[request.url.scheme]
        if host in self._inside or f"{host}:{port}" in self._inside:
            return await self._inner.handle_async_request(request)
        try:
            found = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError("no such host", request=request) from error
        if not found or not all(map(is_public, found)):
            raise SendRefused("the file's address is not a public one")
        unreached: httpx.ConnectError | None = None
        for address in found:
            pinned = httpx.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": host},
            )
            try:
                return await self._inner.handle_async_request(pinned)
            except httpx.ConnectError as error:
                unreached = error
        raise unreached or httpx.ConnectError("no address", request=request)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._inner.aclose()


def is_public(address: str) -> bool:
    """Whether this is an address of the public Internet for one machine, also where it carries another inside."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return all(map(_is_public, _carried(found)))


def host_of(base_url: str) -> str:
    """The host of an address with its port, read as it is read when it is fetched; empty where there is none."""
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL:
        return ""
    return f"{url.host.lower()}:{url.port or _PORTS.get(url.scheme, 0)}" if url.host else ""


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    one_machines = address in _UNICAST if isinstance(address, IPv6Address) else not address.is_multicast
    return one_machines and address.is_global and not address.is_reserved


def _carried(address: IPv4Address | IPv6Address) -> Iterable[IPv4Address | IPv6Address]:
    if isinstance(address, IPv4Address):
        return (address,)
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address, address.sixtofour)
    if address in _TRANSLATED:
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    return (address,)


async def _resolved(host: str, port: int) -> Collection[str]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]).partition("%")[0] for *_, address in found))
