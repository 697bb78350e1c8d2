"""What is changed inside Rasa 3.6.21, all in this one place. Each line says what it replaces and why.

Rasa Open Source has no later release, so nothing here waits for one; should the version ever change, `apply` refuses
and each adjustment is to be looked at again.
"""

from __future__ import annotations

import rasa
from components.action_validation import validate_action_result
from rasa.core.actions.action import RemoteAction

RASA_VERSION = "3.6.21"


def apply() -> None:
    """Adjusts the running Rasa. Calling it again changes nothing."""
    if rasa.__version__ != RASA_VERSION:
        raise RuntimeError(f"These adjustments are for Rasa {RASA_VERSION}, not {rasa.__version__}.")
    # Same verdict, schema compiled once instead of for every action.
    RemoteAction._validate_action_result = validate_action_result
    # With telemetry off by the environment Rasa still writes an id and a settings file under the person's home.
    rasa.telemetry.initialize_telemetry = _telemetry_is_off


def _telemetry_is_off() -> bool:
    return False
