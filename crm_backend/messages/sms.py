"""Short messages through a provider: one signed HTTP call for each.

Every provider has a form of its own, so what is sent is ours, and small: a provider that takes it, or a few lines of
bridge in front of one, is all that a shop needs. The signature is the effects' webhook's (docs/effects.md).
"""

from __future__ import annotations

import json

import httpx
from pydantic import SecretStr

from crm_backend.effects.delivery import SIGNATURE_HEADER, TIMESTAMP_HEADER, signature
from shopdesk_schemas.clock import Clock

SECONDS = 10.0
"""How long a provider may take to answer."""
ID_HEADER = "Shopdesk-Message"


class SmsRefused(OSError):
    """The provider did not take the message. Its words stay unsaid: they may quote the number."""


class SmsWebhook:
    """A transport of the channel `sms`."""

    def __init__(
        self, url: str, secret: SecretStr, clock: Clock, *, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._url = url
        self._secret = secret
        self._clock = clock
        self._transport = transport

    def send(self, to: str, subject: str | None, body: str, reference: str) -> None:
        """Post `{"id", "to", "text"}`; any 2xx takes it. Raises SmsRefused otherwise, for another try later."""
        content = json.dumps({"id": reference, "to": to, "text": body}, ensure_ascii=False).encode()
        timestamp = int(self._clock.wall().timestamp())
        headers = {
            "Content-Type": "application/json",
            ID_HEADER: reference,
            "Idempotency-Key": reference,
            TIMESTAMP_HEADER: str(timestamp),
            SIGNATURE_HEADER: signature(self._secret, timestamp, content),
        }
        try:
            with httpx.Client(timeout=SECONDS, follow_redirects=False, transport=self._transport) as client:
                status = client.post(self._url, content=content, headers=headers).status_code
        except httpx.HTTPError as error:
            raise SmsRefused(type(error).__name__) from error
        if not 200 <= status < 300:
            raise SmsRefused(f"HTTP {status}")
