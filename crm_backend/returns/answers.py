"""What follows when another system has repaired goods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from crm_backend.effects.kind import EffectKind
from crm_backend.effects.models import Effect
from crm_backend.returns.models import Return
from crm_backend.returns.settling import REPAIR

if TYPE_CHECKING:
    from crm_backend.changes.unit import Unit


class RepairAnswers(EffectKind):
    """A repair ends the return."""

    name = REPAIR

    def on_done(self, unit: Unit, effect: Effect) -> None:
        """Repaired and on its way to the shopper."""
        returned = unit.session.scalars(
            select(Return).where(Return.number == effect.payload["return"]).with_for_update()
        ).one()
        returned.state = "repaired"
        returned.closed_at = unit.now
        unit.touch(returned)
        unit.audit("return.repaired", "return", returned.public_id)
