"""Every kind of record, and how they belong together."""

from __future__ import annotations

from collections.abc import Mapping

from crm_backend.pipeline.canonical.columns import RecordType
from crm_backend.pipeline.canonical.customers import (
    ADDRESSES,
    CONSENTS,
    CUSTOMERS,
    LOYALTY_ENTRIES,
    PAYMENT_METHODS,
    VOUCHERS,
)
from crm_backend.pipeline.canonical.orders import (
    ORDER_LINES,
    ORDERS,
    PAYMENTS,
    REFUNDS,
    SCAN_EVENTS,
    SHIPMENT_LINES,
    SHIPMENTS,
)
from crm_backend.pipeline.canonical.products import PRICE_HISTORY, PRODUCTS, VARIANTS
from crm_backend.pipeline.canonical.service import (
    CHASES,
    CLAIMS,
    INVOICES,
    RESERVATIONS,
    RETURN_LINES,
    RETURNS,
    STOCK_HOLDS,
)
from crm_backend.pipeline.canonical.stores import STOCK, STORES
from crm_backend.pipeline.canonical.supply import (
    PURCHASE_ORDER_EVENTS,
    PURCHASE_ORDER_LINES,
    PURCHASE_ORDERS,
    STOCK_MOVEMENTS,
    SUPPLIERS,
)

RECORD_TYPES: tuple[RecordType, ...] = (
    CUSTOMERS,
    ADDRESSES,
    PAYMENT_METHODS,
    CONSENTS,
    LOYALTY_ENTRIES,
    VOUCHERS,
    PRODUCTS,
    VARIANTS,
    PRICE_HISTORY,
    STORES,
    STOCK,
    ORDERS,
    ORDER_LINES,
    PAYMENTS,
    REFUNDS,
    SHIPMENTS,
    SHIPMENT_LINES,
    SCAN_EVENTS,
    STOCK_MOVEMENTS,
    SUPPLIERS,
    PURCHASE_ORDERS,
    PURCHASE_ORDER_LINES,
    PURCHASE_ORDER_EVENTS,
    RETURNS,
    RETURN_LINES,
    CLAIMS,
    CHASES,
    STOCK_HOLDS,
    RESERVATIONS,
    INVOICES,
)
"""Every kind of record, parents before children, in the order in which they are loaded."""

BY_NAME: Mapping[str, RecordType] = {kind.name: kind for kind in RECORD_TYPES}

OWN_TYPES: tuple[RecordType, ...] = tuple(kind for kind in RECORD_TYPES if kind.own)

ROOTS: tuple[RecordType, ...] = tuple(kind for kind in RECORD_TYPES if kind.parent is None and not kind.own)


def children_of(root: RecordType) -> tuple[RecordType, ...]:
    """The kinds of record that belong to `root`, in loading order."""
    return tuple(kind for kind in RECORD_TYPES if kind.parent == root.name)
