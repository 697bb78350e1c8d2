"""Keyed hashes under which addresses and references are counted, so that the count holds neither."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress

from pydantic import SecretStr

IPV6_SUBSCRIBER_BITS = 64
"""What one subscriber is given: any of its addresses is the same person."""


class LookupKeys:
    """Makes the hashes. Without the key they can neither be made nor tried out."""

    def __init__(self, key: SecretStr) -> None:
        self._key = key.get_secret_value().encode()

    def _hash(self, purpose: str, value: str) -> str:
        return hmac.new(self._key, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()

    def client_address(self, address: str) -> str:
        """Of an IP address; IPv6 by its /64 network. A text that is no address counts as itself."""
        try:
            parsed = ipaddress.ip_address(address.strip())
        except ValueError:
            return self._hash("client-address", address.strip())
        if isinstance(parsed, ipaddress.IPv6Address):
            if parsed.ipv4_mapped is not None:
                return self._hash("client-address", str(parsed.ipv4_mapped))
            network = ipaddress.ip_network((int(parsed), IPV6_SUBSCRIBER_BITS), strict=False)
            return self._hash("client-address", str(network))
        return self._hash("client-address", str(parsed))

    def reference(self, number_key: str, proof: str) -> str:
        """Of a normalised order or tracking number and the kind of proof given with it."""
        return self._hash("reference", f"{proof}\0{number_key}")

    def email(self, email_key: str) -> str:
        """Of a normalised e-mail address that names are tried to."""
        return self._hash("email", email_key)

    def chat_account(self, channel: str, account: str) -> str:
        """Of an account on a messaging platform."""
        return self._hash("chat-account", f"{channel}\0{account}")

    def erased(self, kind: str, source: str, external_id: str) -> str:
        """Of somebody or something that was erased: a customer or an order by source and external id."""
        return self._hash("erased", f"{kind}\0{source}\0{external_id}")

    @property
    def key_id(self) -> str:
        """Tells this key from others, and nothing of it."""
        return self._hash("key", "")[:16]
