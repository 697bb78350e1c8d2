"""How each kind of change is asked for: who may, whether it must be confirmed, how long an offer stands."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from crm_backend.policies.section import Section

Level = Literal["none", "order", "customer"]
"""What the conversation must have opened, as in `shopdesk_schemas.crm.VerificationLevel`."""

StaffRole = Literal["agent", "lead", "admin"]
"""Of the console's roles those that may change anything, the least first."""


class ChangeRule(Section):
    """What the shop says of one kind of change. What it leaves out is as the kind itself has it."""

    level: Level | None = Field(default=None, description="The verification that a shopper needs.")
    staff_role: StaffRole | None = Field(default=None, description="The least role of an agent who may do it.")
    no_confirmation: bool | None = Field(default=None, description="Carried out at once, without asking back.")
    expires_after_minutes: Annotated[int, Field(ge=1, le=7 * 24 * 60)] | None = Field(
        default=None, description="How long an offer can be confirmed."
    )


class ChangeTerms(Section):
    """A kind's terms with nothing left open."""

    level: Level = "order"
    staff_role: StaffRole = "agent"
    no_confirmation: bool = False
    expires_after_minutes: int = 15

    def under(self, rule: ChangeRule | None) -> ChangeTerms:
        """These terms with what the shop's rule says in their place."""
        return self if rule is None else self.model_copy(update=rule.model_dump(exclude_none=True))


ChangeRules = dict[Annotated[str, Field(pattern=r"^[a-z_]+(\.[a-z_]+)+$")], ChangeRule]
