"""What the assistant says: response files by language, filled and chosen so that a message always gets one wording.

The folder is that of the tracker's `language` slot; where a language lacks a response, English is used and logged.
Variations are chosen as Rasa does (channel, conditions on slots), but among equals by the message's id, not at
random: the same message gets the same words. A response that is missing, or a variable without a value, is an error:
no shopper ever reads "{name}".
"""

from __future__ import annotations

import copy
import hashlib
import json
import logging
import re
from pathlib import Path
from typing import Any, Dict, List, Mapping, Set

from rasa.core.nlg.generator import NaturalLanguageGenerator, ResponseVariationFilter
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

from components.importer import DEFAULT_LANGUAGE, read_responses

LANGUAGE_SLOT = "language"
Variation = Dict[str, Any]

_VARIABLE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_log = logging.getLogger(__name__)


class ResponseProblem(RasaException):
    """A response cannot be said."""


class MissingResponse(ResponseProblem):
    """No file has the response, or none of its variations fits."""


class MissingVariable(ResponseProblem):
    """A variable in a response has no value."""


class LanguageResponseGenerator(NaturalLanguageGenerator):
    """Generates responses from `folder/<language>/*.yml`."""

    def __init__(self, folder: Path) -> None:
        """Reads every language. Raises `DuplicateKey` when two files of a language define one response."""
        self._responses: Dict[str, Dict[str, List[Variation]]] = {
            path.name: read_responses(path) for path in sorted(folder.iterdir()) if path.is_dir()
        }
        if DEFAULT_LANGUAGE not in self._responses:
            raise MissingResponse(f"{folder} has no folder '{DEFAULT_LANGUAGE}'.")

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> Dict[str, Any]:
        """The filled response. Raises `MissingResponse` or `MissingVariable`."""
        slots = tracker.current_slot_values()
        variations = self._variations(utter_action, slots.get(LANGUAGE_SLOT) or DEFAULT_LANGUAGE)
        fitting = ResponseVariationFilter({utter_action: variations}).responses_for_utter_action(
            utter_action, output_channel, slots
        )
        if not fitting:
            raise MissingResponse(f"{utter_action}: no variation fits.")
        message = tracker.latest_message
        chosen = fitting[_index(f"{message.message_id if message else ''}:{utter_action}", len(fitting))]
        # Rasa hands its own bookkeeping over among the values.
        values = {**slots, **{name: value for name, value in kwargs.items() if name != "domain_responses"}}
        return fill(chosen, values, utter_action)

    def _variations(self, name: str, language: str) -> List[Variation]:
        variations = self._responses.get(language, {}).get(name)
        if variations is None:
            variations = self._responses[DEFAULT_LANGUAGE].get(name)
            if variations is None:
                raise MissingResponse(f"{name}: no response file has it.")
            _log.warning("response %s is missing in language %s; said in %s", name, language, DEFAULT_LANGUAGE)
        return variations


def fill(variation: Variation, values: Mapping[str, Any], name: str) -> Variation:
    """A copy of `variation` with every variable filled. Raises `MissingVariable` naming the response `name`."""
    filled: Variation = {}
    for key, part in variation.items():
        if key in ("buttons", "quick_replies"):
            filled[key] = [_fill_button(button, values, name) for button in part]
        elif key in ("text", "image", "attachment", "custom", "elements"):
            filled[key] = _fill(part, values, name)
        else:
            filled[key] = copy.deepcopy(part)
    return filled


def variables(variation: Any) -> Set[str]:
    """The names of the variables in a variation."""
    if isinstance(variation, str):
        return set(_VARIABLE.findall(variation))
    parts = variation.values() if isinstance(variation, dict) else variation if isinstance(variation, list) else []
    return set().union(*(variables(part) for part in parts))


def _index(seed: str, count: int) -> int:
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big") % count


def _fill(part: Any, values: Mapping[str, Any], name: str) -> Any:
    if isinstance(part, str):
        return _VARIABLE.sub(lambda found: str(_value(found[1], values, name)), part)
    if isinstance(part, list):
        return [_fill(item, values, name) for item in part]
    if isinstance(part, dict):
        return {key: _fill(item, values, name) for key, item in part.items()}
    return part


def _value(variable: str, values: Mapping[str, Any], name: str) -> Any:
    value = values.get(variable)
    if value is None:
        raise MissingVariable(f"{name}: the variable {variable} has no value.")
    return value


def _fill_button(button: Mapping[str, Any], values: Mapping[str, Any], name: str) -> Dict[str, Any]:
    """A button's label as text and its payload as an intent with JSON entities, so that a value stays a value."""
    filled = _fill({key: part for key, part in button.items() if key != "payload"}, values, name)
    return {**filled, "payload": _fill_payload(button["payload"], values, name)}


def _fill_payload(payload: str, values: Mapping[str, Any], name: str) -> str:
    intent, brace, rest = payload.partition("{")
    if not brace:
        return payload
    entities = _entities_template(brace + rest, name)
    return intent + json.dumps(_fill_json(entities, values, name), ensure_ascii=False)


def _entities_template(template: str, name: str) -> Any:
    # Rasa's files double the outer braces (`/intent{{"order": "{number}"}}`); plain JSON is as good here.
    doubled = template.startswith("{{") and template.endswith("}}")
    try:
        return json.loads(template[1:-1] if doubled else template)
    except ValueError:
        raise ResponseProblem(f"{name}: a button's payload is not an intent followed by JSON.") from None


def _fill_json(part: Any, values: Mapping[str, Any], name: str) -> Any:
    """As `_fill`, but a string that is one variable takes the value itself, numbers and lists included."""
    if isinstance(part, str) and (whole := _VARIABLE.fullmatch(part)):
        return _value(whole[1], values, name)
    if isinstance(part, list):
        return [_fill_json(item, values, name) for item in part]
    if isinstance(part, dict):
        return {key: _fill_json(item, values, name) for key, item in part.items()}
    return _fill(part, values, name)
