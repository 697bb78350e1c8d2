"""The CRM: what the gateway tells it about conversations, and the public catalogue."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import quote

from gateway.clients.upstream import Upstream, parse
from shopdesk_schemas.crm import Catalogue, ConversationContext, IdentityTokenRequest, PolicyExplanation, Verification
from shopdesk_schemas.help import HelpAnswers, HelpPage
from shopdesk_schemas.notices import ChatNotices

SECONDS = 5.0
"""The longest a CRM call may take."""


@dataclass(frozen=True)
class Document:
    """A PDF, with the header that names it."""

    content: bytes
    disposition: str


class CrmClient:
    """Calls that the gateway may make; every one acts for a conversation, never for a customer it names."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream

    async def put_context(self, conversation_id: str, context: ConversationContext) -> None:
        """Tell the CRM of a conversation, its client's address and language. Safe to repeat."""
        await self._upstream.call("PUT", _shopper(conversation_id), body=context, seconds=SECONDS)

    async def identify(self, conversation_id: str, identity_token: str) -> Verification:
        """Tie the conversation to the customer of a shop-signed token. `UpstreamRejected` when it is no good."""
        request = IdentityTokenRequest(identity_token=identity_token)
        path = f"{_shopper(conversation_id)}/identity"
        return parse(Verification, await self._upstream.call("POST", path, body=request, seconds=SECONDS))

    async def forget(self, conversation_id: str) -> None:
        """Close the record that is open to a conversation, and forget whose the account is that it is held on."""
        await self._upstream.call("DELETE", f"{_shopper(conversation_id)}/verification", seconds=SECONDS)

    async def set_order_notices(self, conversation_id: str, *, wanted: bool) -> None:
        """Note whether the shopper wants news of orders. `UpstreamRejected` (403) when nobody knows who they are."""
        details = {"purpose": "order_notices", "granted": wanted}
        body = json.dumps({"kind": "consent.set", "details": details}).encode()
        await self._upstream.call("POST", f"{_shopper(conversation_id)}/proposals", body=body, seconds=SECONDS)

    async def chat_notices(self) -> ChatNotices:
        """News for shoppers on messaging platforms that is not taken over yet."""
        return parse(ChatNotices, await self._upstream.call("GET", "/chat-notices", seconds=SECONDS))

    async def notice_told(self, notice_id: str) -> None:
        """The gateway has it and will send it."""
        await self._upstream.call("POST", f"/chat-notices/{quote(notice_id, safe='')}/told", seconds=SECONDS)

    async def catalogue(self, language: str, limit: int) -> Catalogue:
        """Products to show to anybody."""
        query: dict[str, str | int] = {"language": language, "limit": limit}
        return parse(Catalogue, await self._upstream.call("GET", "/catalogue/products", query=query, seconds=2.0))

    async def policies(self) -> PolicyExplanation:
        """The shop's rules as data."""
        return parse(PolicyExplanation, await self._upstream.call("GET", "/policies/explain", seconds=SECONDS))

    async def document(self, document_id: str) -> Document:
        """The document that a link opens. `UpstreamRejected` when the link opens nothing, or nothing any more."""
        response = await self._upstream.call("GET", f"/documents/{quote(document_id, safe='')}", seconds=SECONDS)
        return Document(response.content, response.headers.get("content-disposition", "attachment"))

    async def help_page(self, language: str, name: str) -> HelpPage:
        """A page of the shop. `UpstreamRejected` when there is none of this name in this language."""
        path = f"/help/pages/{quote(language, safe='')}/{quote(name, safe='')}"
        return parse(HelpPage, await self._upstream.call("GET", path, seconds=SECONDS))

    async def help_answers(self, question: str, language: str) -> HelpAnswers:
        """What the shop's pages say to a question."""
        query: dict[str, str | int] = {"q": question, "language": language}
        return parse(HelpAnswers, await self._upstream.call("GET", "/help/answers", query=query, seconds=SECONDS))

    async def is_up(self) -> bool:
        """Whether the CRM answers."""
        return await self._upstream.is_up()


def _shopper(conversation_id: str) -> str:
    return f"/shopper/{quote(conversation_id, safe='')}"
