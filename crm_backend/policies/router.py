"""`/policies`: the shop's rules as data."""

from __future__ import annotations

from fastapi import APIRouter

from crm_backend.dependencies import ShopPolicies
from crm_backend.policies import service
from shopdesk_schemas.crm import PolicyExplanation

router = APIRouter(prefix="/policies", tags=["policies"])


@router.get("/explain", summary="The shop's rules, for the assistant to speak from")
def explain(policies: ShopPolicies) -> PolicyExplanation:
    """The same rules that the CRM enforces."""
    return service.explain(policies)
