"""Every kind of effect whose answers have consequences in the CRM. A topic that adds one adds it here."""

from __future__ import annotations

from collections.abc import Mapping

from crm_backend.documents.invoice_answers import IssueAnswers, VoidAnswers
from crm_backend.documents.invoice_answers import SendAnswers as InvoiceSendAnswers
from crm_backend.effects.kind import EffectKind
from crm_backend.goodwill.answers import PointsAnswers, VoucherAnswers
from crm_backend.orders.intercepting import Intercepted
from crm_backend.payments.charge_answers import ChargeAnswers
from crm_backend.payments.refund_answers import RefundAnswers
from crm_backend.returns.answers import RepairAnswers
from crm_backend.stores.reservation_answers import ReservationAnswers
from crm_backend.supply.hold_answers import CreateAnswers, PackAnswers, PlaceAnswers, SendAnswers

KINDS: tuple[EffectKind, ...] = (
    RefundAnswers(),
    ReservationAnswers(),
    ChargeAnswers(),
    SendAnswers(),
    RepairAnswers(),
    PackAnswers(),
    PlaceAnswers(),
    CreateAnswers(),
    Intercepted(),
    IssueAnswers(),
    InvoiceSendAnswers(),
    VoidAnswers(),
    VoucherAnswers(),
    PointsAnswers(),
)

BY_NAME: Mapping[str, EffectKind] = {kind.name: kind for kind in KINDS}
WITHOUT_CONSEQUENCES = EffectKind()


def kind_of(name: str) -> EffectKind:
    """The kind of this name, or the one that does nothing."""
    return BY_NAME.get(name, WITHOUT_CONSEQUENCES)
