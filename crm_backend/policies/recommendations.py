"""What the shop wants shown, kept low or kept out, and how it tries out what works."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from crm_backend.policies.section import Section, Text, not_repeated

Reference = Annotated[str, Field(min_length=1, max_length=200)]
References = Annotated[list[Reference], AfterValidator(not_repeated)]


class Arm(Section):
    """One way to serve, tried on a share of the people."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")]
    percent: Annotated[int, Field(ge=1, le=100)]
    shelf: Annotated[str, Field(pattern=r"^(chosen|popular|frequent)$")] = Field(
        default="chosen",
        description="`chosen`: what the fit chose · `popular`: what most buy now · `frequent`: for the mixed list, "
        "what the person repeats before anything new.",
    )


class RecommendationRules(Section):
    """The shop's rules for everything that is recommended. Products are named by their external ids."""

    pin: References = Field(default=[], description="Shown first where something new is shown, if it can be had.")
    bury: References = Field(default=[], description="Shown last.")
    exclude: References = Field(default=[], description="Never recommended.")
    exclude_categories: Annotated[list[Text], AfterValidator(not_repeated)] = Field(
        default=[], description="Nothing of these is recommended; deeper levels are included."
    )
    per_category: Annotated[int, Field(ge=1, le=50)] = Field(
        default=4, description="So many of one category at most in ten; more only when nothing else is left."
    )
    per_brand: Annotated[int, Field(ge=1, le=50)] = Field(default=5, description="Likewise of one brand.")
    reasons_from_people: Annotated[int, Field(ge=2, le=1000)] = Field(
        default=10, description="What fewer people did is not told to anybody: it could be about one person."
    )
    forget_returned: bool = Field(default=True, description="What a person sent back is not shown to them again.")
    tired_after: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=6, description="Shown so often in 30 days without a click, something new goes to the end of the list."
    )
    wanted_coverage_percent: Annotated[int, Field(ge=0, le=100)] = Field(
        default=25, description="Share of the catalogue that lists of new things should show, where that costs nothing."
    )
    holdout_percent: Annotated[int, Field(ge=0, le=50)] = Field(
        default=0, description="People who get what is popular and nothing personal, to compare with."
    )
    experiment: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")] = Field(
        default="default", description="Another name deals people out anew."
    )
    arms: Annotated[list[Arm], Field(max_length=8)] = Field(
        default=[], description="Shares of those who are not held out; the rest gets what the fit chose."
    )

    @model_validator(mode="after")
    def _arms_fit(self) -> Self:
        names = [arm.name for arm in self.arms]
        if len(set(names)) != len(names) or {"holdout", "default"} & set(names):
            raise ValueError("arms must have different names, other than holdout and default")
        if sum(arm.percent for arm in self.arms) > 100:
            raise ValueError("the arms' shares are more than 100 percent")
        return self
