"""What follows in the CRM when another system answers: one class per kind of effect that has consequences here.

Kinds without one just have their state noted. Whatever the kind, a failure opens a case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from crm_backend.effects.models import Effect

if TYPE_CHECKING:
    from crm_backend.changes.unit import Unit


class EffectKind:
    """Consequences of the answers to one kind of effect. Each is called once for an answer, in its transaction."""

    name: ClassVar[str]

    def on_accepted(self, unit: Unit, effect: Effect) -> None:
        """The other system has begun."""

    def on_done(self, unit: Unit, effect: Effect) -> None:
        """It has happened."""

    def on_failed(self, unit: Unit, effect: Effect) -> None:
        """It will not happen. The case for it is opened by the caller."""

    def on_retry(self, unit: Unit, effect: Effect) -> None:
        """An agent has it tried once more."""
