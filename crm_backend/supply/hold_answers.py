"""What is held for an order is let go of when other systems have taken it from the stock, or will not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_backend.effects.kind import EffectKind
from crm_backend.effects.models import Effect
from crm_backend.orders.modifying import MODIFY
from crm_backend.orders.placing import CREATE
from crm_backend.orders.reordering import PLACE
from crm_backend.returns.settling import SEND
from crm_backend.supply import holds

if TYPE_CHECKING:
    from crm_backend.changes.unit import Unit


class SendAnswers(EffectKind):
    """New variants of an exchange: the hold ends when they are sent; while a failure is seen to it stays."""

    name = SEND

    def on_done(self, unit: Unit, effect: Effect) -> None:
        """They left the stock."""
        holds.release(unit.session, holds.of_effect(unit.session, effect.id))


class PackAnswers(SendAnswers):
    """The same for items of an order that became other variants."""

    name = MODIFY


class PlaceAnswers(SendAnswers):
    """The same for goods that were ordered again: the new order has them from now on."""

    name = PLACE

    def on_failed(self, unit: Unit, effect: Effect) -> None:
        """There will be no such order."""
        holds.release(unit.session, holds.of_effect(unit.session, effect.id))


class CreateAnswers(SendAnswers):
    """The same for an order that was placed in the chat: its goods are the shop's systems' to count from now on."""

    name = CREATE
