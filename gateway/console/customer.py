"""The side panel beside a transcript: who the shopper is, and what was asked, done and refused so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gateway import locales
from gateway.clients.staff import StaffClient, StaffMember
from gateway.console import figures
from gateway.conversations.models import Message, Turn
from gateway.errors import UpstreamError, UpstreamRejected
from shopdesk_schemas.cases import CaseView
from shopdesk_schemas.customers import ConversationCustomer, CustomerView
from shopdesk_schemas.goodwill import GoodwillView

SETTLED_ORDERS: Final = frozenset({"delivered", "cancelled", "unavailable"})
"""Order states in which nothing more is going to happen: those of the panel are the others first."""

SHOWN = 5
"""Orders, parcels, returns and conversations in the panel."""

TRAITS_SHOWN: Final = (
    "loyalty_state",
    "orders",
    "spend_minor",
    "recency_days",
    "average_order_minor",
    "return_rate",
    "churn_risk",
    "next_order_on",
    "favourite_category",
    "price_band",
    "contacts_365",
    "csat",
)


@dataclass(frozen=True)
class Asked:
    """One thing that the shopper asked, and what became of it."""

    seq: int
    words: str
    intent: str | None
    outcome: str
    """`answered`, `unsure`, `withheld`, `given_up` or `open`: a key of the locale file after `summary_`."""
    actions: tuple[str, ...]


@dataclass(frozen=True)
class Trait:
    """A trait in words."""

    name: str
    definition: str
    value: str
    sources: str
    """What it was computed from, listed."""


@dataclass(frozen=True)
class Panel:
    """What the panel shows; `away`: the CRM could not be asked."""

    asked: Sequence[Asked]
    proposals: Sequence[str]
    """What was offered as a change, in the words the shopper saw."""
    away: bool = False
    verified: ConversationCustomer | None = None
    customer: CustomerView | None = None
    traits: Sequence[Trait] = ()
    cases: Sequence[CaseView] = ()
    """Those of this conversation."""
    goodwill: Sequence[GoodwillView] = ()
    """What was given in it, or is asked for."""


def summary(
    messages: Sequence[Message], turns: Mapping[str, Turn], low_confidence: float
) -> tuple[list[Asked], list[str]]:
    """What was asked with its outcome, and the changes that were offered, in order."""
    by_last = {turn.last_seq: turn for turn in turns.values()}
    asked = []
    for message in messages:
        turn = by_last.get(message.seq) if message.author == "shopper" else None
        if turn is None:
            continue
        words = " ".join(
            str(one.content.get("text", ""))
            for one in messages
            if one.author == "shopper" and turn.first_seq <= one.seq <= turn.last_seq
        )
        actions = tuple(
            str(action["name"]) for action in turn.actions or () if not str(action["name"]).startswith("utter_")
        )
        asked.append(Asked(message.seq, words, turn.intent, _outcome(turn, low_confidence), actions))
    offered = [
        str(message.content.get("text", ""))
        for message in messages
        if message.author == "assistant" and message.kind == "proposal"
    ]
    return asked, offered


def _outcome(turn: Turn, low_confidence: float) -> str:
    if turn.state in {"withheld", "given_up"}:
        return turn.state
    if turn.state != "answered":
        return "open"
    return "unsure" if turn.confidence is not None and turn.confidence < low_confidence else "answered"


async def panel(
    client: StaffClient,
    staff: StaffMember,
    conversation_id: str,
    asked: Sequence[Asked],
    proposals: Sequence[str],
    language: str,
) -> Panel:
    """The panel of a conversation. The CRM being away leaves what the gateway knows itself."""
    try:
        try:
            verified = await client.conversation_customer(staff, conversation_id)
        except UpstreamRejected as error:
            if error.status != 404:
                raise
            return Panel(asked, proposals)
        cases = (await client.cases(staff, ["open", "waiting"], conversation=conversation_id)).cases
        given = (await client.goodwill(staff, conversation=conversation_id)).goodwill
        if verified.external_id is None or verified.source is None:
            return Panel(asked, proposals, verified=verified, cases=cases, goodwill=given)
        customer = await client.customer(staff, verified.external_id, verified.source, language)
    except UpstreamError:
        return Panel(asked, proposals, away=True)
    return Panel(
        asked,
        proposals,
        verified=verified,
        customer=customer,
        traits=_traits(customer, language),
        cases=cases,
        goodwill=given,
    )


def open_first(customer: CustomerView) -> list[str]:
    """Numbers of the orders to show: those in which something is still going to happen, then the newest."""
    ranked = sorted(customer.orders, key=lambda one: one.state in SETTLED_ORDERS)
    return [one.number for one in ranked[:SHOWN]]


def state_in_words(kind: str, state: str, language: str) -> str:
    """A state of an order, parcel or return, in the agent's language."""
    return str(locales.texts(language, "console").get(f"{kind}_state_{state}", state.replace("_", " ")))


def _traits(customer: CustomerView, language: str) -> list[Trait]:
    if customer.insight is None:
        return []
    known = {one.trait: one for one in customer.insight.traits}
    currency = next((str(one.value) for one in customer.insight.traits if one.trait == "currency" and one.value), None)
    return [
        Trait(
            known[name].name,
            known[name].definition,
            figures.trait(name, known[name].value, currency, language),
            ("、" if language == "zh" else ", ").join(known[name].sources),
        )
        for name in TRAITS_SHOWN
        if name in known and known[name].value is not None
    ]
