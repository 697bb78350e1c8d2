"""Every kind of change that the assistant can make. A topic that adds one adds it here."""

from __future__ import annotations

from collections.abc import Mapping

from actions.changes.account import ChangeConsent, DeleteData, ExportData
from actions.changes.invoices import CorrectInvoice, RequestInvoice
from actions.changes.kind import ChangeKind
from actions.changes.orders import CancelOrder, ChangeAddress, ChangeItems, ChangePayment, ChangeRecipient, Reorder
from actions.changes.payment_methods import ManagePaymentMethods
from actions.changes.payments import (
    AskAboutPoints,
    AskAboutVoucher,
    ProtectPrice,
    QueryCharge,
    QueryDoubleCharge,
    QueryFailedPayment,
)
from actions.changes.placing import PlaceOrder
from actions.changes.profile import BookAddress, ChangeProfile
from actions.changes.returns import CancelReturn, ExchangeItems, ReportDefect, ReturnItems
from actions.changes.reviews import WriteReview
from actions.changes.shipments import (
    ChaseDispatch,
    ClaimDamaged,
    ClaimLost,
    ClaimMissingItem,
    ClaimNotReceived,
    ClaimWrongItem,
    InstructDelivery,
)
from actions.changes.telling import GiveReceipt, TellDetails, TellTotal

KINDS: tuple[ChangeKind, ...] = (
    CancelOrder(),
    ChangeItems(),
    ChangeAddress(),
    ChangeRecipient(),
    ChangePayment(),
    Reorder(),
    ReturnItems(),
    ExchangeItems(),
    ReportDefect(),
    CancelReturn(),
    ClaimDamaged(),
    ClaimMissingItem(),
    ClaimWrongItem(),
    ClaimLost(),
    ClaimNotReceived(),
    ChaseDispatch(),
    InstructDelivery(),
    ProtectPrice(),
    QueryCharge(),
    QueryDoubleCharge(),
    QueryFailedPayment(),
    AskAboutVoucher(),
    AskAboutPoints(),
    ChangeConsent(),
    ChangeProfile(),
    BookAddress(),
    ExportData(),
    DeleteData(),
    WriteReview(),
    PlaceOrder(),
    ManagePaymentMethods(),
    TellDetails(),
    TellTotal(),
    GiveReceipt(),
    RequestInvoice(),
    CorrectInvoice(),
)

BY_KEY: Mapping[str, ChangeKind] = {kind.key: kind for kind in KINDS}

BY_INTENT: Mapping[str, ChangeKind] = {intent: kind for kind in KINDS for intent in kind.intents}


def is_same_wish(one: ChangeKind, other: ChangeKind) -> bool:
    """Whether two kinds are one in a shopper's eyes: the order's state decides between them."""
    return one is other or (one.wish is not None and one.wish == other.wish)
