"""The certificate authorities that other servers are trusted by."""

from __future__ import annotations

from functools import cache
from ssl import SSLContext

import httpx


@cache
def trusted() -> SSLContext:
    """The context that httpx makes: once for a process, because reading the authorities takes longer than a request."""
    return httpx.create_ssl_context()
