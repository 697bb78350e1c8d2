"""Checks an action server's answer against Rasa's schema, compiled once.

Rasa 3.6.21 calls `jsonschema.validate` for every action, which checks and compiles a constant schema each time: 72 %
of a turn with one action. Compiled, the schema still tries each event as every one of two dozen kinds: 29 % of what a
turn then took. So the kinds of events that our actions answer with are looked at directly, and only what is not plainly
right goes to the schema. The schema, the verdict and the error are Rasa's own.
"""

from __future__ import annotations

from typing import Any, Dict

from jsonschema import ValidationError
from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction

_SCHEMA = RemoteAction.action_response_format_spec()
_Validator = validator_for(_SCHEMA)
_Validator.check_schema(_SCHEMA)
_validator = _Validator(_SCHEMA)

_KINDS = {
    each["properties"]["event"]["const"]: each for each in _SCHEMA["properties"]["events"]["items"].get("oneOf", [])
}
_NAMED_ONLY = frozenset(kind for kind, each in _KINDS.items() if each == {"properties": {"event": {"const": kind}}})
"""Events of which the schema knows the kind and nothing more."""


def validate_action_result(_action: RemoteAction, result: Dict[str, Any]) -> bool:
    """True when `result` is an action server's answer; raises jsonschema's `ValidationError` as Rasa's own does."""
    if _is_plainly_right(result):
        return True
    error = best_match(_validator.iter_errors(result))
    if error is None:
        return True
    raise ValidationError(
        f"{error.message}. The action server's answer is not valid.",
        validator=error.validator,
        path=error.path,
        cause=error.cause,
        context=error.context,
        validator_value=error.validator_value,
        instance=error.instance,
        schema=error.schema,
        schema_path=error.schema_path,
        parent=error.parent,
    )


def _is_plainly_right(result: Any) -> bool:
    """Whether the schema certainly has nothing against `result`; False where it has to be asked."""
    if type(result) is not dict:
        return False
    events, responses = result.get("events", []), result.get("responses", [])
    if type(events) is not list or type(responses) is not list:
        return False
    return all(type(each) is dict for each in responses) and all(map(_is_plain_event, events))


def _is_plain_event(event: Any) -> bool:
    if type(event) is not dict:
        return False
    at, metadata, kind = event.get("timestamp"), event.get("metadata"), event.get("event")
    if (at is not None and type(at) not in (int, float)) or (metadata is not None and type(metadata) is not dict):
        return False
    if kind == "slot":
        return type(event.get("name")) is str and "value" in event
    return type(kind) is str and kind in _NAMED_ONLY
