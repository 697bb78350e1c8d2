"""Every table of the CRM, so that migrations and tests see the whole schema by one import."""

from crm_backend.account.models import Address, Consent, Customer, LoyaltyEntry, Preference, Voucher
from crm_backend.analytics.delivery.models import DeliveryCurve
from crm_backend.analytics.models import AnalysisPart, AnalysisRun, AnalysisStep, Publication
from crm_backend.analytics.segments.models import Segment, SegmentMember, SegmentMove, SegmentRule
from crm_backend.analytics.traits.models import CustomerAffinity, CustomerTraits
from crm_backend.audit.models import AuditEntry
from crm_backend.cases.models import Case, CaseLink
from crm_backend.changes.models import Proposal
from crm_backend.collect.models import Event, RawRecord
from crm_backend.database.base import Model
from crm_backend.documents.models import DocumentLink, Invoice
from crm_backend.effects.models import Effect
from crm_backend.encryption.models import EncryptionKey, TableToSeal
from crm_backend.goodwill.models import Goodwill
from crm_backend.identity.machine_models import ApiKey, IdempotencyKey
from crm_backend.identity.models import (
    ChatAccount,
    Conversation,
    ConversationPerson,
    OneTimeCode,
    UsedIdentityToken,
    VerificationAttempt,
)
from crm_backend.messages.models import OutgoingMessage
from crm_backend.notices.models import ChatNotice
from crm_backend.orders.models import Order, OrderLine
from crm_backend.pages.models import HelpPageVersion
from crm_backend.payments.models import Payment, PaymentMethod, Refund
from crm_backend.pipeline.models import HeldBackOrder
from crm_backend.policies.models import PolicyVersion
from crm_backend.privacy.models import Erasure, Tombstone
from crm_backend.products.models import OtherNamesVersion, PriceRecord, Product, ProductTerm, StockNotice, Variant
from crm_backend.quality.models import Delivery
from crm_backend.recommendations.models import (
    PersonRecommendations,
    PopularRecommendations,
    ProductRecommendations,
    RecommendationDismissal,
    RecommendationEvent,
    RecommendationRuleSet,
)
from crm_backend.returns.models import Return, ReturnLine, StockHold
from crm_backend.reviews.models import Review
from crm_backend.shipments.claim_models import Chase, ShipmentClaim
from crm_backend.shipments.models import ScanEvent, Shipment, ShipmentLine
from crm_backend.stores.models import Reservation, Stock, Store
from crm_backend.supply.models import PurchaseOrder, PurchaseOrderEvent, PurchaseOrderLine, StockMovement, Supplier
from crm_backend.unify.models import MatchPair, Profile, ProfileMember

__all__ = [
    "Address",
    "AnalysisPart",
    "AnalysisRun",
    "AnalysisStep",
    "ApiKey",
    "AuditEntry",
    "Case",
    "CaseLink",
    "Chase",
    "ChatAccount",
    "ChatNotice",
    "Consent",
    "Conversation",
    "ConversationPerson",
    "Customer",
    "CustomerAffinity",
    "CustomerTraits",
    "Delivery",
    "DeliveryCurve",
    "DocumentLink",
    "Effect",
    "EncryptionKey",
    "Erasure",
    "Event",
    "Goodwill",
    "HeldBackOrder",
    "HelpPageVersion",
    "IdempotencyKey",
    "Invoice",
    "LoyaltyEntry",
    "MatchPair",
    "Model",
    "OneTimeCode",
    "Order",
    "OrderLine",
    "OtherNamesVersion",
    "OutgoingMessage",
    "Payment",
    "PaymentMethod",
    "PersonRecommendations",
    "PolicyVersion",
    "PopularRecommendations",
    "Preference",
    "PriceRecord",
    "Product",
    "ProductRecommendations",
    "ProductTerm",
    "Profile",
    "ProfileMember",
    "Proposal",
    "Publication",
    "PurchaseOrder",
    "PurchaseOrderEvent",
    "PurchaseOrderLine",
    "RawRecord",
    "RecommendationDismissal",
    "RecommendationEvent",
    "RecommendationRuleSet",
    "Refund",
    "Reservation",
    "Return",
    "ReturnLine",
    "Review",
    "ScanEvent",
    "Segment",
    "SegmentMember",
    "SegmentMove",
    "SegmentRule",
    "Shipment",
    "ShipmentClaim",
    "ShipmentLine",
    "Stock",
    "StockHold",
    "StockMovement",
    "StockNotice",
    "Store",
    "Supplier",
    "TableToSeal",
    "Tombstone",
    "UsedIdentityToken",
    "Variant",
    "VerificationAttempt",
    "Voucher",
]
