"""Which way to pay, and which way for money to go back, words mean."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from actions.resolver.candidates import OrderCandidate, PaymentMethodCandidate
from actions.resolver.focus import NO_FOCUS, Focus
from actions.resolver.resolution import Resolution, nothing


def resolve_payment_method(
    text: str,
    methods: Sequence[PaymentMethodCandidate],
    *,
    orders: Sequence[OrderCandidate] = (),
    focus: Focus = NO_FOCUS,
    today: date,
) -> Resolution[PaymentMethodCandidate]:
    """The payment method that `text` means: "my Visa", "the card ending 4242", 微信, "same card as last time"."""
    return nothing(text)


def resolve_refund_target(text: str, offered: Sequence[str]) -> Resolution[str]:
    """Where money shall go back to, one of the codes `offered` (`original`, `gift_card`).

    A target that the words name and the shop does not offer is in `asked_but_absent`.
    """
    return nothing(text)
