"""`account.preference`: what a customer said in passing of sizes, tastes and what they cannot have. Kept at once."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Literal

from pydantic import Field
from sqlalchemy import select

from crm_backend.account.access import customer_of
from crm_backend.account.changing import OfAccount, held_customer, tell_shop
from crm_backend.account.models import Preference
from crm_backend.changes.kind import ChangeKind, Offer, Outcome, Words
from crm_backend.changes.unit import Unit
from crm_backend.database.engine import ReadSession
from crm_backend.normalise import clean_text
from crm_backend.policies.changes import ChangeTerms
from shopdesk_schemas.changes import OfferLine

Topic = Literal["size", "colour", "diet", "interest", "dislike", "other"]

KEPT = 100
"""Of one customer; the oldest goes."""


class PreferenceDetails(OfAccount):
    """What was said."""

    topic: Topic = "other"
    words: Words = Field(description="As the customer put it.")


class TellPreference(ChangeKind[PreferenceDetails]):
    """The kind."""

    name = "account.preference"
    details = PreferenceDetails
    terms = ChangeTerms(level="customer", no_confirmation=True)

    def offer(self, unit: Unit, details: PreferenceDetails) -> Offer:
        """What would be kept."""
        customer = customer_of(unit, details.order)
        return Offer(
            lines=[OfferLine(key="preference_noted", values={"words": details.words})],
            plan={"customer_id": customer.id},
        )

    def carry_out(self, unit: Unit, details: PreferenceDetails, offer: Offer) -> Outcome:
        """Keep it; said again it is newer, not twice."""
        customer = held_customer(unit, offer)
        words = clean_text(details.words) or details.words
        kept = list(of_customer(unit.session, customer.id))
        same = next((one for one in kept if one.words.casefold() == words.casefold()), None)
        if same is not None:
            same.at, same.topic = unit.now, details.topic
        else:
            for old in kept[KEPT - 1 :]:
                unit.session.delete(old)
            unit.session.add(
                Preference(
                    customer_id=customer.id,
                    external_id=f"desk-{secrets.token_hex(8)}",
                    topic=details.topic,
                    words=words,
                    at=unit.now,
                    origin="chat" if unit.actor.kind == "shopper" else unit.actor.kind,
                )
            )
        unit.session.flush()
        tell_shop(unit, customer, "preference")
        return Outcome(values={"topic": details.topic})


def of_customer(session: ReadSession, customer_id: int) -> Sequence[Preference]:
    """What a customer said, the newest first."""
    query = select(Preference).where(Preference.customer_id == customer_id)
    return session.scalars(query.order_by(Preference.at.desc(), Preference.id.desc())).all()
