"""Finds what a shopper's words mean among candidates that the CRM gave. Pure: no I/O, no Rasa, no clock.

Every function takes the shopper's text, in English, Chinese or both, and plain values of `candidates`; it returns a
`Resolution` that says what matched, why, how surely, and what was asked for but does not exist. What is ambiguous comes
back as `unclear` with its candidates: nothing is guessed silently. docs/resolver.md explains how it works.
"""

from actions.resolver.addresses import (
    OrdersAddress,
    address_of_order,
    needs_postcode,
    parse_address,
    resolve_address,
    without_address,
)
from actions.resolver.amounts import Amount, resolve_amount
from actions.resolver.apart import clauses_apart, read_apart, where_said, without_where
from actions.resolver.candidates import (
    AddressCandidate,
    LineCandidate,
    OrderCandidate,
    OrderState,
    PaymentKind,
    PaymentMethodCandidate,
    StoreCandidate,
    VariantCandidate,
)
from actions.resolver.counting import Fewer, fewer
from actions.resolver.dates import DateRange, resolve_date
from actions.resolver.dearer import TooDear, too_dear
from actions.resolver.focus import NO_FOCUS, Focus
from actions.resolver.goods_in_orders import compared_goods
from actions.resolver.lines import named_apart, resolve_lines
from actions.resolver.mentions import bare_mention, bare_rest, compared
from actions.resolver.orders import order_words, resolve_orders, without_order_words
from actions.resolver.payments import resolve_payment_method, resolve_refund_target
from actions.resolver.picking import takes_it
from actions.resolver.places_said import place_of_order, words_of_place
from actions.resolver.reasons import resolve_reason, without_price_reason
from actions.resolver.recipients import Recipient, is_phone_in, read_recipient
from actions.resolver.requests import (
    Condition,
    ConditionKind,
    LineRequest,
    Otherwise,
    Wish,
    read_requests,
    settle_requests,
)
from actions.resolver.resolution import Absent, Match, Reason, Resolution, Span, Status
from actions.resolver.saved_addresses import names_saved_address
from actions.resolver.stores import resolve_store
from actions.resolver.swaps import swaps_said
from actions.resolver.unless import wish_first
from actions.resolver.variants import options_spoken_of, resolve_variant, variants_having

__all__ = [
    "NO_FOCUS",
    "Absent",
    "AddressCandidate",
    "Amount",
    "Condition",
    "ConditionKind",
    "DateRange",
    "Fewer",
    "Focus",
    "LineCandidate",
    "LineRequest",
    "Match",
    "OrderCandidate",
    "OrderState",
    "OrdersAddress",
    "Otherwise",
    "PaymentKind",
    "PaymentMethodCandidate",
    "Reason",
    "Recipient",
    "Resolution",
    "Span",
    "Status",
    "StoreCandidate",
    "TooDear",
    "VariantCandidate",
    "Wish",
    "address_of_order",
    "bare_mention",
    "bare_rest",
    "clauses_apart",
    "compared",
    "compared_goods",
    "fewer",
    "is_phone_in",
    "named_apart",
    "names_saved_address",
    "needs_postcode",
    "options_spoken_of",
    "order_words",
    "parse_address",
    "place_of_order",
    "read_apart",
    "read_recipient",
    "read_requests",
    "resolve_address",
    "resolve_amount",
    "resolve_date",
    "resolve_lines",
    "resolve_orders",
    "resolve_payment_method",
    "resolve_reason",
    "resolve_refund_target",
    "resolve_store",
    "resolve_variant",
    "settle_requests",
    "swaps_said",
    "takes_it",
    "too_dear",
    "variants_having",
    "where_said",
    "wish_first",
    "without_address",
    "without_order_words",
    "without_price_reason",
    "without_where",
    "words_of_place",
]
