"""The rules about changes in the form that callers may read: what guards against abuse stays inside."""

from __future__ import annotations

from pydantic import BaseModel

from crm_backend.policies.policy import Policies
from shopdesk_schemas.content import Schema
from shopdesk_schemas.rules import (
    AccountPlaces,
    CancellationRules,
    ClaimsRules,
    InvoiceRules,
    ModificationRules,
    PaymentRules,
    ReturnRules,
    ShippingRules,
)


def cancellation(policies: Policies) -> CancellationRules:
    """The rules of cancelling and re-addressing."""
    return _shown(policies.cancellation, CancellationRules)


def modification(policies: Policies) -> ModificationRules:
    """The rules of changing items and payment."""
    return _shown(policies.modification, ModificationRules)


def returns(policies: Policies) -> ReturnRules:
    """The rules of returns, exchanges and repairs; not those by which a person looks at one."""
    return _shown(policies.returns, ReturnRules)


def claims(policies: Policies) -> ClaimsRules:
    """The rules of claims; not up to which worth they are granted unseen."""
    return _shown(policies.claims, ClaimsRules)


def payments(policies: Policies) -> PaymentRules:
    """The rules of price protection, vouchers and points; not what is done about double charges unseen."""
    return _shown(policies.payments, PaymentRules)


def shipping(policies: Policies) -> ShippingRules:
    """What sending costs and how long it takes."""
    return _shown(policies.shipping, ShippingRules)


def invoices(policies: Policies) -> InvoiceRules:
    """The rules of tax invoices; not which payments they leave out."""
    return _shown(policies.invoices, InvoiceRules)


def account(policies: Policies) -> AccountPlaces:
    """Where the shop's own site deals with accounts."""
    return _shown(policies.account, AccountPlaces)


def _shown[S: Schema](section: BaseModel, schema: type[S]) -> S:
    """The section as the schema has it: what the schema does not name is left out, at every depth."""
    return schema.model_validate(_only(section, schema))


def _only(section: BaseModel, schema: type[BaseModel]) -> dict[str, object]:
    shown: dict[str, object] = {}
    for name, field in schema.model_fields.items():
        value = getattr(section, name)
        of = field.annotation
        if isinstance(value, BaseModel) and isinstance(of, type) and issubclass(of, BaseModel):
            shown[name] = _only(value, of)
        elif isinstance(value, list) and value and isinstance(value[0], BaseModel):
            (inner,) = of.__args__  # type: ignore[union-attr]
            shown[name] = [_only(one, inner) for one in value]
        else:
            shown[name] = value
    return shown
