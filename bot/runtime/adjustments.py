"""What is changed inside Rasa 3.6.21, all in this one place. Each line says what it replaces and why.

Rasa Open Source has no later release, so nothing here waits for one; should the version ever change, `apply` refuses
and each adjustment is to be looked at again.
"""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import rasa
import rasa.core.actions.forms
import rasa.core.policies.rule_policy
import rasa.core.processor
import rasa.telemetry
from components.action_validation import validate_action_result
from rasa.core.actions.action import ActionExtractSlots, RemoteAction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.events import Event
from rasa.shared.core.slots import Slot

from runtime.graph import run_graph
from runtime.history import action_call, recent_prediction_states
from runtime.rules import possible_keys
from runtime.slots import copy_slot, extract_slots

RASA_VERSION = "3.6.21"


def apply() -> None:
    """Adjusts the running Rasa. Calling it again changes nothing."""
    if rasa.__version__ != RASA_VERSION:
        raise RuntimeError(f"These adjustments are for Rasa {RASA_VERSION}, not {rasa.__version__}.")
    # Same verdict, schema compiled once instead of for every action.
    RemoteAction._validate_action_result = validate_action_result
    # Same class for a type name, looked up once: Rasa walks all subclasses for every event of a stored tracker.
    Event.resolve_by_type = staticmethod(_event_class)
    # Same rules found, from the states that the longest one reads: Rasa computes those of the whole conversation.
    RulePolicy._prediction_states = recent_prediction_states
    # Same rules found, those alone compared whose last state has the conversation's previous action.
    RulePolicy._get_possible_keys = possible_keys
    # Actions read the message being answered and the slots; Rasa sends every event since the conversation began.
    RemoteAction._action_call_format = action_call
    # Same nodes, same order, same outputs; Dask's scheduler took a tenth of a turn.
    DaskGraphRunner.run = run_graph
    # Same copies, made without pickling.
    Slot.__copy__ = copy_slot
    # Same events; of fifty slots Rasa looks at each whether a message sets it.
    ActionExtractSlots.run = extract_slots
    # These copy events, states and messages for their debug log and for nothing else; it is off.
    for module in (rasa.core.processor, rasa.core.actions.forms, rasa.core.policies.rule_policy):
        module.copy = SimpleNamespace(deepcopy=_itself)
    # With telemetry off by the environment Rasa still writes an id and a settings file under the person's home.
    rasa.telemetry.initialize_telemetry = _telemetry_is_off


_search_event_class = Event.resolve_by_type
_event_class = lru_cache(maxsize=None)(_search_event_class)


def _itself(thing: Any) -> Any:
    return thing


def _telemetry_is_off() -> bool:
    return False
