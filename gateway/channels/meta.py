"""What WhatsApp, Messenger and Instagram share: the handshake, the signature, the Graph API's errors.

GET challenge `hub.mode`, `hub.verify_token`, `hub.challenge`:
https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/create-webhook-endpoint (read in a
stored copy, 2026-11-28). POST signed by `X-Hub-Signature-256`, an HMAC-SHA256 of the raw body with the app's secret: as
client libraries describe it (https://hexdocs.pm/whatsapp_sdk/WhatsApp.Webhook.html, read 2026-11-28).
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final

from starlette.responses import PlainTextResponse, Response

from gateway.channels.calls import PlatformApi
from gateway.channels.payloads import as_object, as_text
from gateway.channels.port import Channel, Request, SendLater, SendRefused
from gateway.channels.responses import body_of, retry_after
from gateway.channels.signatures import expect_equal, hmac_sha256
from shopdesk_schemas.problems import Unauthenticated

LATER: Final = frozenset({1, 2, 4, 17, 32, 613, 80007, 130429, 131016, 131056, 133016})
"""Error codes of the Graph API and of WhatsApp that mean a limit or a fault of theirs: tried again. Gathered from
descriptions of others, not confirmed on Meta's own pages; an unknown code with a 4xx is final."""


def template_of(name: str, values: Sequence[str], language: str) -> dict[str, Any]:
    """An approved template with values for its body's parameters in order, as WhatsApp and Messenger name it."""
    parameters = [{"type": "text", "text": each} for each in values]
    components = [{"type": "body", "parameters": parameters}]
    return {"name": name, "language": {"code": {"zh": "zh_CN"}.get(language, "en")}, "components": components}


class MetaChannel(Channel):
    """A channel of Meta's."""

    object: ClassVar[str]
    """What a webhook's body says it is about."""

    def __init__(self, api: PlatformApi, token: str, app_secret: str, verify_token: str) -> None:
        self._api = api
        self._token = token
        self._app_secret = app_secret
        self._verify_token = verify_token

    def challenge(self, request: Request) -> Response | None:
        """The handshake when a webhook is registered."""
        if request.method != "GET":
            return None
        given = request.query.get("hub.verify_token", "")
        right = self._verify_token and hmac.compare_digest(given.encode(), self._verify_token.encode())
        if request.query.get("hub.mode") != "subscribe" or not right:
            raise Unauthenticated
        return PlainTextResponse(request.query.get("hub.challenge", ""))

    def verify(self, request: Request, now: datetime) -> None:
        """By the signature over the raw body."""
        expected = f"sha256={hmac_sha256(self._app_secret, request.body)}"
        expect_equal(request.headers.get("x-hub-signature-256"), expected)

    async def _post(self, path: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._token}"}
        response = await self._api.call("POST", path, json=payload, headers=headers)
        body = body_of(response)
        if response.is_success:
            return body
        error = as_object(body.get("error"))
        reason = f"{response.status_code} {as_text(error.get('code'))} {as_text(error.get('message'))}".strip()
        if response.status_code == 429 or response.status_code >= 500 or error.get("code") in LATER:
            raise SendLater(reason, retry_after(response))
        raise SendRefused(reason)
