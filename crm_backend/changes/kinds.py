"""Every kind of change that the CRM knows. A topic that adds one adds it here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm_backend.account.changing import AddAddress, ChangeBookAddress, ChangeProfile, RemoveAddress, SetConsent
from crm_backend.account.contacts import ChangeContact
from crm_backend.account.payment_methods import DefaultMethod, RemoveMethod
from crm_backend.account.preferences import TellPreference
from crm_backend.cases.reporting import Report
from crm_backend.changes.kind import ChangeKind
from crm_backend.documents.invoicing import CorrectInvoice, RequestInvoice
from crm_backend.goodwill.giving import GiveGoodwill
from crm_backend.orders.cancelling import CancelOrder
from crm_backend.orders.modifying import ModifyOrder
from crm_backend.orders.placing import PlaceOrder
from crm_backend.orders.readdressing import ChangeAddress
from crm_backend.orders.reordering import Reorder
from crm_backend.orders.repaying import ChangePayment
from crm_backend.payments.benefits import AskAboutPoints, AskAboutVoucher
from crm_backend.payments.price_protection import ProtectPrice
from crm_backend.payments.querying import QueryCharge
from crm_backend.policies.changes import ChangeTerms
from crm_backend.policies.policy import Policies, PolicyError
from crm_backend.privacy.asking import AskForErasure, AskForExport
from crm_backend.products.notices import NotifyBackInStock
from crm_backend.returns.creating import CreateReturn
from crm_backend.returns.exchanging import ExchangeItems
from crm_backend.returns.following import AddTracking, CancelReturn
from crm_backend.reviews.service import WriteReview
from crm_backend.shipments.claiming import ChaseParcel, ClaimParcel
from crm_backend.shipments.instructing import InstructDelivery
from crm_backend.stores.reserving import CancelReservation, Reserve

KINDS: tuple[ChangeKind[Any], ...] = (
    CancelOrder(),
    ChangeAddress(),
    Reserve(),
    CancelReservation(),
    ModifyOrder(),
    ChangePayment(),
    Reorder(),
    AddAddress(),
    ChangeBookAddress(),
    RemoveAddress(),
    ChangeProfile(),
    SetConsent(),
    NotifyBackInStock(),
    CreateReturn(),
    ExchangeItems(),
    AddTracking(),
    CancelReturn(),
    ClaimParcel(),
    ChaseParcel(),
    InstructDelivery(),
    ProtectPrice(),
    QueryCharge(),
    AskAboutVoucher(),
    AskAboutPoints(),
    RequestInvoice(),
    CorrectInvoice(),
    PlaceOrder(),
    ChangeContact(),
    DefaultMethod(),
    RemoveMethod(),
    TellPreference(),
    WriteReview(),
    AskForExport(),
    AskForErasure(),
    Report(),
    GiveGoodwill(),
)

BY_NAME: Mapping[str, ChangeKind[Any]] = {kind.name: kind for kind in KINDS}


def terms_of(kind: ChangeKind[Any], policies: Policies) -> ChangeTerms:
    """The kind's terms, with what the shop says in their place."""
    return kind.terms.under(policies.changes.get(kind.name))


def check_kinds(policies: Policies) -> None:
    """Raises PolicyError when the shop has a rule for a kind of change that does not exist."""
    if unknown := sorted(set(policies.changes) - set(BY_NAME)):
        raise PolicyError(f"changes: there is no kind {', '.join(unknown)}; known are {', '.join(sorted(BY_NAME))}")


def schema_of_requests() -> dict[str, Any]:
    """JSON Schema of a request for a proposal: one shape for each kind."""
    return {
        "properties": {"kind": {"enum": sorted(BY_NAME)}, "details": {"type": "object"}},
        "required": ["kind", "details"],
        "oneOf": [
            {
                "type": "object",
                "title": name,
                "properties": {"kind": {"const": name}, "details": _inlined(kind.details.model_json_schema())},
                "required": ["kind", "details"],
            }
            for name, kind in sorted(BY_NAME.items())
        ],
    }


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with what it refers to in the references' places: it stands in the middle of another document."""
    definitions = schema.pop("$defs", {})

    def resolve(part: Any) -> Any:
        if isinstance(part, dict):
            if "$ref" in part:
                return resolve(definitions[part["$ref"].rpartition("/")[2]])
            return {name: resolve(value) for name, value in part.items()}
        return [resolve(value) for value in part] if isinstance(part, list) else part

    resolved: dict[str, Any] = resolve(schema)
    return resolved
