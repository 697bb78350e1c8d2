"""How long a case may wait before it is late."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from crm_backend.policies.section import Section

Hours = Annotated[int, Field(ge=1, le=90 * 24)]


class CaseRules(Section):
    """Hours by the clock, nights and weekends included."""

    due_after_hours: Hours = 24
    due_after_hours_by_kind: dict[Annotated[str, Field(pattern=r"^[a-z_]+$")], Hours] = Field(
        default={}, description="For kinds of case that have another time, such as `effect_failed`."
    )

    def hours(self, kind: str) -> int:
        """After how many hours a case of this kind is due."""
        return self.due_after_hours_by_kind.get(kind, self.due_after_hours)
