"""Puts the identifiers of a message among its entities, with what else each might be.

An entity has `alternatives` (other kinds it could be), `cued` (words beside it name its kind) and `weak` (it means
something only where an answer is awaited); the action that knows what was asked for decides (actions/details.py).
"""

from __future__ import annotations

from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from components.identifiers import find_identifiers


def identifier_entities(text: str) -> List[Dict[str, Any]]:
    """The identifiers of a text, as entities."""
    return [
        {
            "entity": each.kind,
            "value": each.value,
            "start": each.start,
            "end": each.end,
            "confidence_entity": 0.5 if each.weak else 1.0 if each.cued or not each.alternatives else 0.8,
            "alternatives": list(each.alternatives),
            "cued": each.cued,
            "weak": each.weak,
            "extractor": "IdentifierExtractor",
        }
        for each in find_identifiers(text)
    ]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class IdentifierExtractor(GraphComponent, EntityExtractorMixin):
    """Finds order and tracking numbers, e-mail addresses, phone numbers and postcodes by shape and nearby words."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "IdentifierExtractor":
        """Nothing to set up."""
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Adds the entities."""
        for message in messages:
            entities = identifier_entities(message.get(TEXT) or "")
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages
