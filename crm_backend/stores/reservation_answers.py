"""What follows in the CRM when a store answers to a reservation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_backend.effects.kind import EffectKind
from crm_backend.effects.models import Effect
from crm_backend.stores import reservations
from crm_backend.stores.models import HELD
from crm_backend.stores.reserving import RESERVE

if TYPE_CHECKING:
    from crm_backend.changes.unit import Unit


class ReservationAnswers(EffectKind):
    """A reservation that the store has put aside is ready; one that it cannot keep is over."""

    name = RESERVE

    def on_done(self, unit: Unit, effect: Effect) -> None:
        """It lies ready."""
        reservation = reservations.find(unit.session, str(effect.payload["reservation"]))
        if reservation is not None and reservation.state == "reserved":
            reservation.state = "ready"
            reservation.version += 1

    def on_failed(self, unit: Unit, effect: Effect) -> None:
        """The store does not have it after all."""
        reservation = reservations.find(unit.session, str(effect.payload["reservation"]))
        if reservation is not None and reservation.state in HELD:
            reservations.settle(unit.session, reservation, "cancelled", unit.now)
