"""What is done about parcels that are late, lost, damaged or incomplete."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from crm_backend.policies.cancellation import RefundTarget
from crm_backend.policies.section import Section, not_repeated

ClaimKind = Literal["late", "lost", "damaged", "missing_item", "wrong_item", "not_received"]
"""`not_received`: the carrier says it was delivered. `wrong_item`: something else came in the place of a line."""

Resolution = Literal["trace", "refund", "resend"]
"""The carrier is asked; the money goes back; the goods are sent again."""


class ClaimRule(Section):
    """The rules of one kind of claim."""

    resolutions: Annotated[list[Resolution], Field(min_length=1), AfterValidator(not_repeated)] = Field(
        default=["trace"], description="What the shopper can choose; the first when they do not."
    )
    by_person: bool = Field(default=True, description="A person decides; the refund or parcel waits for them.")
    automatic_up_to_minor: dict[Annotated[str, Field(pattern=r"^[A-Z]{3}$")], Annotated[int, Field(ge=0)]] = Field(
        default={}, description="By currency: what is worth no more is refunded or sent again at once."
    )
    after_days: Annotated[int, Field(ge=0, le=365)] = Field(
        default=0, description="Days after the promised day, or after the delivery, before it can be claimed."
    )
    within_days: Annotated[int, Field(ge=1, le=3650)] = Field(
        default=60, description="Days after the promised day, or after the delivery, until when."
    )
    evidence: Literal["none", "photo"] = "none"
    compensation_minor: dict[Annotated[str, Field(pattern=r"^[A-Z]{3}$")], Annotated[int, Field(ge=1)]] = Field(
        default={}, description="By currency: credit for the trouble, as a gift card."
    )


class Claims(Section):
    """The rules of `shipment.claim` and `shipment.chase`."""

    late: ClaimRule = ClaimRule()
    lost: ClaimRule = ClaimRule(resolutions=["refund", "resend"], after_days=5)
    damaged: ClaimRule = ClaimRule(resolutions=["refund", "resend"], within_days=14)
    missing_item: ClaimRule = ClaimRule(resolutions=["resend", "refund"], within_days=14)
    wrong_item: ClaimRule = ClaimRule(resolutions=["resend", "refund"], within_days=30)
    not_received: ClaimRule = ClaimRule(resolutions=["trace", "refund", "resend"], after_days=1, within_days=30)
    refund_targets: Annotated[list[RefundTarget], Field(min_length=1), AfterValidator(not_repeated)] = Field(
        default=["original", "gift_card"]
    )
    refund_shipping: Literal["never", "whole_order"] = Field(
        default="whole_order", description="Whether the order's shipping charge goes back with the last of its goods."
    )
    chase_every_hours: Annotated[int, Field(ge=1, le=30 * 24)] = Field(
        default=24, description="How often the carrier is asked about one parcel at the most."
    )

    def rule(self, kind: ClaimKind) -> ClaimRule:
        """The rules of one kind."""
        rules: dict[ClaimKind, ClaimRule] = {
            "late": self.late,
            "lost": self.lost,
            "damaged": self.damaged,
            "missing_item": self.missing_item,
            "wrong_item": self.wrong_item,
            "not_received": self.not_received,
        }
        return rules[kind]
