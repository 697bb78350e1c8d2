"""Every table of the CRM, so that migrations and tests see the whole schema by one import."""

from crm_backend.account.models import Address, Customer
from crm_backend.audit.models import AuditEntry
from crm_backend.cases.models import Case, CaseLink
from crm_backend.changes.models import Proposal
from crm_backend.collect.models import Event, RawRecord
from crm_backend.database.base import Model
from crm_backend.effects.models import Effect
from crm_backend.identity.machine_models import ApiKey, IdempotencyKey
from crm_backend.identity.models import Conversation, UsedIdentityToken, VerificationAttempt
from crm_backend.orders.models import Order, OrderLine
from crm_backend.payments.models import Payment, PaymentMethod, Refund
from crm_backend.products.models import Product, Variant
from crm_backend.quality.models import Delivery
from crm_backend.shipments.models import ScanEvent, Shipment, ShipmentLine
from crm_backend.stores.models import Stock, Store
from crm_backend.supply.models import StockMovement
from crm_backend.unify.models import MatchPair, Profile, ProfileMember

__all__ = [
    "Address",
    "ApiKey",
    "AuditEntry",
    "Case",
    "CaseLink",
    "Conversation",
    "Customer",
    "Delivery",
    "Effect",
    "Event",
    "IdempotencyKey",
    "MatchPair",
    "Model",
    "Order",
    "OrderLine",
    "Payment",
    "PaymentMethod",
    "Product",
    "Profile",
    "ProfileMember",
    "Proposal",
    "RawRecord",
    "Refund",
    "ScanEvent",
    "Shipment",
    "ShipmentLine",
    "Stock",
    "StockMovement",
    "Store",
    "UsedIdentityToken",
    "Variant",
    "VerificationAttempt",
]
