"""The CRM as the actions see it: one shared client, typed answers, and an exception for every way it can say no.

    CrmError                    the root; an action that does not catch it fails the turn
    ├── CrmUnavailable          away, too slow, a 5xx, or an answer that is not what it should be
    ├── CrmNotFound             there is no such thing, or it is not this conversation's: nobody can tell which
    ├── CrmTooManyRequests      a limit was reached; `retry_after` in seconds
    ├── ChangeRefused           a rule of the shop forbids the change: which, and what is possible instead
    ├── ProposalIsVoid          the offer does not stand any more: a new one has to be made
    ├── HigherLevelNeeded       the shopper has to show first who they are; `level` says how well
    └── CrmRefused              the request itself was wrong (401, 403, 409, 422): a fault of ours

Decisions go by the problem document's `type`, never by its words. No exception holds a shopper's data.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Literal
from urllib.parse import quote

from pydantic import BaseModel, ValidationError

from actions.crm_transport import Call, HttpTransport, Reply, Transport, TransportError
from shopdesk_schemas.account import (
    AddressBook,
    CodeSent,
    Consents,
    ContactProven,
    Loyalty,
    PaymentMethodList,
    Profile,
    VoucherList,
)
from shopdesk_schemas.changes import OfferLine, ProposalView, RefusalProblem, VerificationProblem
from shopdesk_schemas.crm import (
    Catalogue,
    OrderList,
    OrderProof,
    OrderView,
    PolicyExplanation,
    ProvenOrder,
    Verification,
    VerificationRequest,
)
from shopdesk_schemas.delivery_experience import DeliveryExperience
from shopdesk_schemas.documents import DocumentLink, InvoiceList
from shopdesk_schemas.help import HelpAnswers
from shopdesk_schemas.problems import NotFound, TooManyRequests
from shopdesk_schemas.products import Alternatives, Comparison, ProductView, VariantAvailability, VariantPrices
from shopdesk_schemas.recommendations import PersonalShelf, PublicKind, Recommendations, RecommendationsSeen
from shopdesk_schemas.returns import Returnable, ReturnList
from shopdesk_schemas.segments import ShopperSegments
from shopdesk_schemas.stores import ReservationList, StoreList, StoreWeek

Language = Literal["en", "zh"]
CodeChannel = Literal["email", "sms"]

_POLICIES_SECONDS = 3.0
"""How long the shop's rules are taken as unchanged: those changed in the console hold here so soon."""

_REFUSED = "/problems/refused"
_VOID = "/problems/proposal-void"
_VERIFICATION = "/problems/verification-needed"

crm_milliseconds: ContextVar[list[float] | None] = ContextVar("shopdesk_crm_milliseconds", default=None)
"""Collects how long each CRM call of the current action took, when somebody set a list."""

_told: ContextVar[dict[str, asyncio.Future[Any]] | None] = ContextVar("shopdesk_catalogue_told", default=None)
"""What the catalogue told the current action, by what was asked."""


@contextmanager
def one_telling() -> Iterator[None]:
    """Within it the catalogue is asked each question once.

    The readings of a message each look for the goods that they are about, mostly the same ones: up to 26 requests in
    a message, of which a third to a half were different. What a person's goods, stock and prices are is read anew for
    every action, and by the CRM itself at each change.
    """
    token = _told.set({})
    try:
        yield
    finally:
        _told.reset(token)


class CrmError(Exception):
    """Something about the CRM's answer."""


class CrmUnavailable(CrmError):
    """The CRM cannot be used at the moment."""


class CrmNotFound(CrmError):
    """Not there, or not this conversation's."""


class CrmTooManyRequests(CrmError):
    """A limit was reached; `retry_after` is in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"try again after {retry_after} s")
        self.retry_after = retry_after


class CrmRefused(CrmError):
    """The CRM did not accept the request; `problem` is the problem's type."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class ChangeRefused(CrmError):
    """A rule of the shop forbids the change; `alternatives` are what is possible instead."""

    def __init__(self, rule: str, values: dict[str, Any], alternatives: list[OfferLine]) -> None:
        super().__init__(rule)
        self.rule = rule
        self.values = values
        self.alternatives = alternatives


class ProposalIsVoid(CrmError):
    """It was declined, has expired, or what it rests on has changed."""


class HigherLevelNeeded(CrmError):
    """The shopper has to be verified as `level` first."""

    def __init__(self, level: Literal["order", "customer"]) -> None:
        super().__init__(level)
        self.level: Literal["order", "customer"] = level


class CrmClient:
    """Calls the CRM. `seconds` limits one call as a whole; `transport` stands in for the network in tests."""

    def __init__(self, url: str, *, token: str, seconds: float, transport: Transport | None = None) -> None:
        self._transport = transport or HttpTransport(url)
        self._headers = {"Authorization": f"Bearer {token}"}
        self._seconds = seconds
        self._policies: tuple[float, PolicyExplanation] | None = None

    async def close(self) -> None:
        """Closes the connections."""
        await self._transport.aclose()

    async def ping(self) -> None:
        """Raises `CrmUnavailable` unless the CRM is up."""
        await self._request("GET", "/healthz")

    async def verification(self, conversation_id: str) -> Verification:
        """How the conversation is verified now."""
        return await self._read(Verification, "GET", f"{_shopper(conversation_id)}/verification")

    async def verify(self, conversation_id: str, request: VerificationRequest) -> Verification:
        """Tries a proof. Raises `CrmNotFound` for any mismatch and `CrmTooManyRequests` at the limit."""
        body = request.model_dump(exclude_none=True)
        return await self._read(Verification, "POST", f"{_shopper(conversation_id)}/verification", json=body)

    async def forget_verification(self, conversation_id: str) -> None:
        """Ends the conversation's verification: it sees nobody's record afterwards."""
        await self._request("DELETE", f"{_shopper(conversation_id)}/verification")

    async def prove(self, conversation_id: str, request: OrderProof) -> ProvenOrder:
        """Tries a proof unless what it is for is open, and reads the order. Raises as `verify`."""
        body = request.model_dump(exclude_none=True)
        return await self._read(ProvenOrder, "POST", f"{_shopper(conversation_id)}/verification/order", json=body)

    async def orders(self, conversation_id: str, language: Language) -> OrderList:
        """The shopper's orders, newest first."""
        return await self._read(OrderList, "GET", f"{_shopper(conversation_id)}/orders", params={"language": language})

    async def order(self, conversation_id: str, number: str, language: Language) -> OrderView:
        """One order of the shopper. Raises `CrmNotFound`."""
        path = f"{_shopper(conversation_id)}/orders/{quote(number, safe='')}"
        return await self._read(OrderView, "GET", path, params={"language": language})

    async def policies(self) -> PolicyExplanation:
        """The shop's rules, asked for again when the last answer is older than a few seconds."""
        now = time.monotonic()
        if self._policies is None or now - self._policies[0] > _POLICIES_SECONDS:
            self._policies = now, await self._read(PolicyExplanation, "GET", "/policies/explain")
        return self._policies[1]

    async def returnable(self, conversation_id: str, number: str, language: Language) -> Returnable:
        """What of an order can come back, for which reasons. Raises `CrmNotFound`."""
        path = f"{_shopper(conversation_id)}/orders/{quote(number, safe='')}/returnable"
        return await self._read(Returnable, "GET", path, params={"language": language})

    async def returns(self, conversation_id: str, language: Language) -> ReturnList:
        """The shopper's returns with their refunds, newest first; none without a verification."""
        path = f"{_shopper(conversation_id)}/returns"
        return await self._read(ReturnList, "GET", path, params={"language": language})

    async def vouchers(self, conversation_id: str) -> VoucherList:
        """The shopper's vouchers. Raises `CrmNotFound` for who is not verified as a customer."""
        return await self._read(VoucherList, "GET", f"{_shopper(conversation_id)}/vouchers")

    async def addresses(self, conversation_id: str) -> AddressBook:
        """The shopper's address book. Raises `CrmNotFound` for who is not verified as a customer."""
        return await self._read(AddressBook, "GET", f"{_shopper(conversation_id)}/addresses")

    async def payment_methods(self, conversation_id: str) -> PaymentMethodList:
        """The shopper's saved ways to pay. Raises `CrmNotFound` for who is not verified as a customer."""
        return await self._read(PaymentMethodList, "GET", f"{_shopper(conversation_id)}/payment-methods")

    async def product(self, reference: str, language: Language) -> ProductView:
        """A product by its external id or a variant's SKU. Raises `CrmNotFound`."""
        path = f"/catalogue/products/{quote(reference, safe='')}"
        return await self._told_once(ProductView, path, {"language": language})

    async def catalogue(self, language: Language, **wanted: Any) -> Catalogue:
        """Products of the shop; `wanted` are the parameters of `/catalogue/products`, None where not wanted."""
        return await self._told_once(Catalogue, "/catalogue/products", _given(language=language, **wanted))

    async def availability(self, sku: str, language: Language) -> VariantAvailability:
        """Where a variant can be had. Raises `CrmNotFound`."""
        params = {"sku": sku, "language": language}
        return await self._told_once(VariantAvailability, "/catalogue/availability", params)

    async def prices(self, sku: str, language: Language) -> VariantPrices:
        """What a variant costs and cost. Raises `CrmNotFound`."""
        return await self._told_once(VariantPrices, "/catalogue/prices", {"sku": sku, "language": language})

    async def comparison(self, products: list[str], language: Language) -> Comparison:
        """Products beside each other; two at least. Raises `CrmRefused` where one is not there."""
        params = {"product": products, "language": language}
        return await self._told_once(Comparison, "/catalogue/comparison", params)

    async def alternatives(self, sku: str, language: Language) -> Alternatives:
        """What can be had in place of a variant. Raises `CrmNotFound`."""
        params = {"sku": sku, "language": language}
        return await self._told_once(Alternatives, "/catalogue/alternatives", params)

    async def delivery_experience(self, country: str) -> DeliveryExperience:
        """Who carried parcels to a country (ISO 3166-1 alpha-2) lately, and how many days they took."""
        return await self._read(DeliveryExperience, "GET", "/deliveries", params={"country": country})

    async def stores(self, language: Language, **wanted: Any) -> StoreList:
        """Stores; `wanted` are the parameters of `/stores`."""
        return await self._read(StoreList, "GET", "/stores", params=_given(language=language, **wanted))

    async def stores_near_home(self, conversation_id: str, language: Language, **wanted: Any) -> StoreList:
        """The same by where the shopper's parcels go."""
        path = f"{_shopper(conversation_id)}/stores"
        return await self._read(StoreList, "GET", path, params=_given(language=language, **wanted))

    async def store(self, store: str, language: Language) -> StoreWeek:
        """One store and its hours of a week. Raises `CrmNotFound`."""
        return await self._read(StoreWeek, "GET", f"/stores/{quote(store, safe='')}", params={"language": language})

    async def reservations(self, conversation_id: str, language: Language) -> ReservationList:
        """What is kept for the shopper in stores; none for who is not verified as a customer."""
        path = f"{_shopper(conversation_id)}/reservations"
        return await self._read(ReservationList, "GET", path, params={"language": language})

    async def recommendations(
        self, conversation_id: str, shelf: PersonalShelf, language: Language, **wanted: Any
    ) -> Recommendations:
        """A shelf for the shopper, by what is known of them."""
        path = f"{_shopper(conversation_id)}/recommendations"
        params = _given(shelf=shelf, language=language, **wanted)
        return await self._read(Recommendations, "GET", path, params=params)

    async def recommendations_with_order(
        self, conversation_id: str, number: str, language: Language, **wanted: Any
    ) -> Recommendations:
        """What goes with an order of the shopper. Raises `CrmNotFound`."""
        path = f"{_shopper(conversation_id)}/recommendations/with-order"
        params = _given(number=number, language=language, **wanted)
        return await self._read(Recommendations, "GET", path, params=params)

    async def public_recommendations(self, kind: PublicKind, language: Language, **wanted: Any) -> Recommendations:
        """What is popular, or goes with a product. Raises `CrmNotFound`."""
        params = _given(kind=kind, language=language, **wanted)
        return await self._read(Recommendations, "GET", "/catalogue/recommendations", params=params)

    async def not_interested(self, conversation_id: str, product: str, *, key: str) -> None:
        """Keeps a product away from the shopper's shelves. Raises `CrmNotFound`."""
        path = f"{_shopper(conversation_id)}/recommendations/not-interested"
        await self._request("POST", path, json={"product": product}, headers={"Idempotency-Key": key})

    async def recommendations_seen(self, conversation_id: str, seen: RecommendationsSeen, *, key: str) -> None:
        """Writes to the log what the shopper was shown or chose. `key` makes the same entry twice one."""
        path = f"{_shopper(conversation_id)}/recommendations/events"
        await self._request("POST", path, json=seen.model_dump(mode="json"), headers={"Idempotency-Key": key})

    async def propose(self, conversation_id: str, kind: str, details: dict[str, Any], *, key: str) -> ProposalView:
        """Asks what a change would mean. `key` makes the same request twice one proposal.

        Raises `ChangeRefused`, `HigherLevelNeeded`, `CrmNotFound` and, for details that can never be, `CrmRefused`.
        """
        path = f"{_shopper(conversation_id)}/proposals"
        body = {"kind": kind, "details": details}
        return await self._read(ProposalView, "POST", path, json=body, headers={"Idempotency-Key": key})

    async def confirm(self, conversation_id: str, proposal: str, *, key: str) -> ProposalView:
        """Has a proposal carried out. Raises `ProposalIsVoid`, `HigherLevelNeeded`, `CrmNotFound`."""
        path = f"{_shopper(conversation_id)}/proposals/{quote(proposal, safe='')}/confirm"
        return await self._read(ProposalView, "POST", path, headers={"Idempotency-Key": key})

    async def decline(self, conversation_id: str, proposal: str, *, key: str) -> None:
        """Turns a proposal down; one that does not stand any more needs no turning down."""
        path = f"{_shopper(conversation_id)}/proposals/{quote(proposal, safe='')}/decline"
        try:
            await self._request("POST", path, headers={"Idempotency-Key": key})
        except (ProposalIsVoid, CrmNotFound):
            return

    async def receipt_link(self, conversation_id: str, number: str, language: Language, *, key: str) -> DocumentLink:
        """A link to the receipt of an order, which opens for a while without signing in. Raises `CrmNotFound`."""
        path = f"{_shopper(conversation_id)}/document-links"
        body = {"kind": "receipt", "order": number, "language": language}
        return await self._read(DocumentLink, "POST", path, json=body, headers={"Idempotency-Key": key})

    async def proposal(self, conversation_id: str, proposal: str) -> ProposalView:
        """An offer as it stands. Raises `CrmNotFound`."""
        path = f"{_shopper(conversation_id)}/proposals/{quote(proposal, safe='')}"
        return await self._read(ProposalView, "GET", path)

    async def invoices(self, conversation_id: str) -> InvoiceList:
        """The shopper's tax invoices, newest first; none without a verification."""
        return await self._read(InvoiceList, "GET", f"{_shopper(conversation_id)}/invoices")

    async def consents(self, conversation_id: str) -> Consents:
        """What the shopper agreed to. Raises `CrmNotFound` for who is not verified as a customer."""
        return await self._read(Consents, "GET", f"{_shopper(conversation_id)}/consents")

    async def help_answers(self, question: str, language: Language) -> HelpAnswers:
        """What the shop's pages say to a question, the best first; none where no page has enough of its words."""
        params = {"q": question[:1000].replace("\x00", " ").strip() or "-", "language": language}
        return await self._read(HelpAnswers, "GET", "/help/answers", params=params)

    async def profile(self, conversation_id: str) -> Profile:
        """Who the shopper is. Raises `CrmNotFound` for who is not verified as a customer."""
        return await self._read(Profile, "GET", f"{_shopper(conversation_id)}/profile")

    async def segments(self, conversation_id: str) -> ShopperSegments:
        """How the shop serves the shopper. Raises `CrmNotFound` for who is not verified as a customer."""
        return await self._read(ShopperSegments, "GET", f"{_shopper(conversation_id)}/segments")

    async def loyalty(self, conversation_id: str) -> Loyalty:
        """The shopper's points and tier. Raises `CrmNotFound` for who is not verified as a customer."""
        return await self._read(Loyalty, "GET", f"{_shopper(conversation_id)}/loyalty")

    async def send_code(self, conversation_id: str, channel: CodeChannel, to: str) -> CodeSent:
        """Has a one-time code sent; the same answer whether or not the shop knows the address.

        Raises `CrmTooManyRequests`.
        """
        return await self._read(
            CodeSent, "POST", f"{_shopper(conversation_id)}/codes", json={"channel": channel, "to": to}
        )

    async def confirm_code(self, conversation_id: str, code: str) -> Verification:
        """Gives a one-time code back. Raises `CrmNotFound` for whatever does not fit."""
        return await self._read(Verification, "POST", f"{_shopper(conversation_id)}/codes/confirm", json={"code": code})

    async def prove_contact(self, conversation_id: str, code: str, *, key: str) -> ContactProven:
        """Gives back the code that went to a new contact. Raises `CrmNotFound` for whatever does not fit."""
        path = f"{_shopper(conversation_id)}/contacts/confirm"
        return await self._read(ContactProven, "POST", path, json={"code": code}, headers={"Idempotency-Key": key})

    async def _told_once[M: BaseModel](self, model: type[M], path: str, params: Mapping[str, Any]) -> M:
        """What the catalogue says, asked once within `one_telling`, whoever asks and however many at a time."""
        told = _told.get()
        if told is None:
            return await self._read(model, "GET", path, params=params)
        question = f"{path} {json.dumps(params, sort_keys=True, ensure_ascii=False, default=str)}"
        if question not in told:
            told[question] = asyncio.ensure_future(self._read(model, "GET", path, params=params))
        return await asyncio.shield(told[question])

    async def _read[M: BaseModel](self, model: type[M], method: str, path: str, **options: Any) -> M:
        reply = await self._request(method, path, **options)
        try:
            return model.model_validate_json(reply.content)
        except ValidationError as error:
            raise CrmUnavailable(f"the CRM's answer is no {model.__name__}") from error

    async def _request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: object | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        started = time.perf_counter()
        sent = {**self._headers, **(headers or {})}
        told = _told.get()
        if told and method != "GET":
            # What a change leaves behind is read anew.
            told.clear()
        try:
            reply = await self._transport.send(Call(method, path, sent, self._seconds, query=params, body=json))
        except TransportError as error:
            raise CrmUnavailable(str(error)) from error
        finally:
            durations = crm_milliseconds.get()
            if durations is not None:
                durations.append((time.perf_counter() - started) * 1000)
        if not 200 <= reply.status < 300:
            raise _error(reply)
        return reply


def _shopper(conversation_id: str) -> str:
    return f"/shopper/{quote(conversation_id, safe='')}"


def _given(**parameters: Any) -> dict[str, Any]:
    return {name: value for name, value in parameters.items() if value is not None}


def _error(reply: Reply) -> CrmError:
    try:
        document = json.loads(reply.content)
        problem = document.get("type", "about:blank")
    except (ValueError, AttributeError):
        return CrmUnavailable(f"the CRM answered {reply.status}")
    if problem == NotFound.type:
        return CrmNotFound()
    if problem == TooManyRequests.type:
        after = reply.headers.get("Retry-After", "")
        return CrmTooManyRequests(int(after) if after.isdigit() else 60)
    if problem == _VOID:
        return ProposalIsVoid()
    try:
        if problem == _REFUSED:
            refusal = RefusalProblem.model_validate(document)
            return ChangeRefused(refusal.rule, dict(refusal.values), refusal.alternatives)
        if problem == _VERIFICATION:
            return HigherLevelNeeded(VerificationProblem.model_validate(document).level)
    except ValidationError:
        return CrmUnavailable("the CRM's problem document is none")
    if 400 <= reply.status < 500:
        return CrmRefused(str(problem))
    return CrmUnavailable(f"the CRM answered {reply.status}")
