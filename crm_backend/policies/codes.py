"""One-time codes by e-mail or short message."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from crm_backend.policies.section import Section, not_repeated


class CodeLimit(Section):
    """At most `codes` asked for within `minutes`."""

    codes: int = Field(ge=1, le=10_000)
    minutes: int = Field(ge=1, le=7 * 24 * 60)


class CodeLimits(Section):
    """How often codes may be asked for: each list holds limits that apply together."""

    recipient: Annotated[list[CodeLimit], Field(min_length=1)] = Field(
        default=[CodeLimit(codes=3, minutes=15), CodeLimit(codes=10, minutes=1440)],
        description="By the address that they go to, and by customer.",
    )
    conversation: Annotated[list[CodeLimit], Field(min_length=1)] = Field(default=[CodeLimit(codes=5, minutes=60)])
    address: Annotated[list[CodeLimit], Field(min_length=1)] = Field(
        default=[CodeLimit(codes=20, minutes=60)], description="By the client's network address."
    )

    def longest_minutes(self) -> int:
        """The length of the longest window."""
        return max(limit.minutes for limit in (*self.recipient, *self.conversation, *self.address))


class Codes(Section):
    """A code opens the customer's whole record."""

    channels: Annotated[list[Literal["email", "sms"]], AfterValidator(not_repeated)] = Field(
        default=["email"], description="In the order in which to offer them. None: no codes."
    )
    expires_after_minutes: Annotated[int, Field(ge=1, le=60)] = 10
    tries: Annotated[int, Field(ge=1, le=10)] = Field(default=5, description="Wrong ones after which a code is void.")
    limits: CodeLimits = CodeLimits()
