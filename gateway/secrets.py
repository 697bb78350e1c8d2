"""Bearer tokens: made at random, handed out once, stored only as keyed hashes."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from pydantic import SecretStr


class Tokens:
    """Makes and recognises bearer tokens. The key makes a stolen database useless for guessing."""

    def __init__(self, key: SecretStr) -> None:
        self._key = key.get_secret_value().encode()

    def make(self) -> tuple[str, str]:
        """A new token and the hash to store."""
        token = secrets.token_urlsafe(32)
        return token, self.hash(token)

    def hash(self, token: str) -> str:
        """The stored form of a token, 64 hexadecimal characters."""
        return self.keyed("bearer", token)

    def keyed(self, purpose: str, value: str) -> str:
        """A keyed hash of `value` that is different for every purpose."""
        message = f"{purpose}\0{value}".encode("utf-8", "surrogatepass")
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()
