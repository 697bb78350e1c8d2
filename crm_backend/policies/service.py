"""The policies as callers may see them: rules to speak from, without the limits that guard them."""

from __future__ import annotations

from crm_backend.changes.kinds import BY_NAME, terms_of
from crm_backend.policies import explaining
from crm_backend.policies.policy import Policies
from shopdesk_schemas.crm import PolicyExplanation, ShopPolicy, SupportHours, VerificationPolicy
from shopdesk_schemas.rules import KindTerms


def explain(policies: Policies) -> PolicyExplanation:
    """What the assistant may say about the shop and its rules."""
    shop, verification = policies.shop, policies.verification
    hours = shop.support.hours
    return PolicyExplanation(
        shop=ShopPolicy(
            name=dict(shop.name),
            languages=list(shop.languages),
            default_language=shop.default_language,
            country=shop.country,
            timezone=shop.timezone,
            currency=shop.currency,
            support_email=shop.support.email,
            support_phone=shop.support.phone,
            support_hours=(
                SupportHours(timezone=hours.timezone, weekly=dict(hours.weekly), closed_on=list(hours.closed_on))
                if hours
                else None
            ),
        ),
        verification=VerificationPolicy(
            references=list(verification.references),
            proofs=list(verification.proofs),
            name_and_postcode=verification.name_and_postcode,
            codes=list(policies.codes.channels),
        ),
        cancellation=explaining.cancellation(policies),
        modification=explaining.modification(policies),
        returns=explaining.returns(policies),
        claims=explaining.claims(policies),
        payments=explaining.payments(policies),
        shipping=explaining.shipping(policies),
        invoices=explaining.invoices(policies),
        ordering=policies.ordering.mode,
        account=explaining.account(policies),
        changes={
            name: KindTerms.model_validate(terms_of(kind, policies).model_dump(exclude={"staff_role"}))
            for name, kind in sorted(BY_NAME.items())
        },
    )
