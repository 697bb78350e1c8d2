"""Comparing what a platform signed with what it should be, in constant time; without a secret nothing is believed."""

from __future__ import annotations

import hashlib
import hmac

from shopdesk_schemas.problems import Unauthenticated


def expect_equal(given: str | None, expected: str) -> None:
    """Raises `Unauthenticated` unless both are the same and not empty."""
    if not given or not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        raise Unauthenticated


def hmac_sha256(secret: str, message: bytes) -> str:
    """HMAC-SHA256 (RFC 2104) in lower-case hexadecimal digits. Raises `Unauthenticated` for an empty secret."""
    if not secret:
        raise Unauthenticated
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def sha1_of_sorted(*values: str) -> str:
    """SHA-1 over the values, sorted and joined, as WeChat signs. Raises `Unauthenticated` for an empty one."""
    if not all(values):
        raise Unauthenticated
    return hashlib.sha1("".join(sorted(values)).encode()).hexdigest()  # noqa: S324 - the platform's choice
