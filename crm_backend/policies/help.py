"""When a page of the shop counts as an answer."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from crm_backend.policies.section import Section


class HelpRules(Section):
    """How questions are answered from the shop's pages."""

    threshold: Annotated[float, Field(ge=0.1, le=1.0)] = Field(
        default=0.5,
        description="The share of a question's words, each counted by how rare it is, that a section has to have; "
        "below it there is no answer.",
    )
