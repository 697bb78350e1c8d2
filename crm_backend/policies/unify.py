"""When two customers are taken for one person."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from crm_backend.policies.section import Section, Text, not_repeated

Points = Annotated[int, Field(ge=0, le=100)]


class MatchPoints(Section):
    """What each likeness adds to the score of two customers, and what each difference takes away."""

    email_same: Points = 60
    email_name_same: Points = Field(default=15, description="The part before the @ is the same at another provider.")
    phone_same: Points = 50
    name_same: Points = 30
    name_alike: Points = 20
    address_same: Points = 30
    postcode_same: Points = 10
    birth_date_same: Points = 30
    name_differs: Points = 40
    birth_date_differs: Points = 60


class UnifyRules(Section):
    """How customers of several channels become one profile."""

    same_from: Points = Field(default=85, description="The score from which two customers are joined.")
    doubtful_from: Points = Field(default=50, description="The score from which a person is asked.")
    points: MatchPoints = MatchPoints()
    verified_email_sources: Annotated[list[Text], AfterValidator(not_repeated)] = Field(
        default=[],
        description="Systems that take an e-mail address only from who proved to have it. Elsewhere an address counts "
        "as proved where the customer's `attributes` have `email_verified: true`.",
    )
    largest_block: int = Field(
        default=50,
        ge=2,
        le=1000,
        description="A fact that more customers share than this, such as the shop's own number, says nothing.",
    )
    largest_profile: int = Field(default=10, ge=2, le=100, description="More customers than this are no one person.")

    @model_validator(mode="after")
    def _asks_before_it_joins(self) -> Self:
        if self.doubtful_from > self.same_from:
            raise ValueError("doubtful_from is above same_from")
        return self
