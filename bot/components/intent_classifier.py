"""The intent model and the splitting of messages, as a Rasa component."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, FrozenSet, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.identifiers import ORDER_NUMBER, find_identifiers
from components.intent_model import MULTILINGUAL, SENTENCE, Encode, IntentModel
from components.multilingual_encoder import MultilingualEncoder
from components.requests import doubted, lead, opening, settle, split_requests
from components.sentence_encoder import SentenceEncoder

BOT = Path(__file__).resolve().parents[1]
INTENT_RANKING = "intent_ranking"
ALSO_ASKED = "also_asked"
"""Output property: what a message asked for besides its leading intent, in order."""
REQUESTS = "requests"
"""Output property: the requests of a message that holds several, as `{text, intent, ahead}`; else empty."""
OPENING = "opening"
"""Output property: `affirm` or `deny` when a longer message begins with a clear yes or no."""
RANKING_LENGTH = 6
_REMEMBERED = 2048
"""Readings whose rankings are kept; in them identifiers are masked."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ShopIntentClassifier(GraphComponent, IntentClassifier):
    """Classifies by counts and embeddings (components/intent_model.py).

    A trained model holds its encoders' networks, so that understanding needs no conversion.
    """

    _FILE = "intents.npz"
    _ENCODER = "encoder"
    _MULTILINGUAL = "multilingual"

    def __init__(
        self, config: Dict[Text, Any], model: IntentModel, model_storage: ModelStorage, resource: Resource
    ) -> None:
        self._config = config
        self._use(model)
        self._model_storage = model_storage
        self._resource = resource

    def _use(self, model: IntentModel) -> None:
        self._model = model
        # A message's clauses are looked at for several things, and many messages have the same ("hi", "postcode …").
        self._rank = model.remembering(_REMEMBERED)

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """What config.yml may set.

        `c`: inverse strength of regularisation; null takes the tuned one. `encoder`: a folder under bot/ with an ONNX
        English sentence encoder (components/sentence_encoder.py); null takes the packaged all-MiniLM-L6-v2.
        """
        return {"c": None, "encoder": None}

    @classmethod
    def required_packages(cls) -> List[Text]:
        """What must be installed."""
        return ["sklearn", "numpy", "onnxruntime"]

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "ShopIntentClassifier":
        """An untrained classifier."""
        return cls(config, IntentModel(config["c"]), model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from the examples of all languages and stores what was learnt."""
        examples = [each for each in training_data.intent_examples if each.get(TEXT)]
        # Here, because converting needs packages that understanding does not.
        from components.encoder_conversion import provide_encoder
        from components.multilingual_conversion import convert

        given = self._config["encoder"]
        with self._model_storage.write_to(self._resource) as folder:
            provide_encoder(BOT / given if given else None, folder / self._ENCODER)
            convert(folder / self._MULTILINGUAL)
            model = IntentModel(self._config["c"], encoders=self._encoders(folder))
            model.fit([each.get(TEXT) for each in examples], [each.get(INTENT) for each in examples])
            self._use(model)
            model.save(folder / self._FILE)
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "ShopIntentClassifier":
        """The trained classifier."""
        with model_storage.read_from(resource) as folder:
            return cls(config, IntentModel.read(folder / cls._FILE, cls._encoders(folder)), model_storage, resource)

    @classmethod
    def _encoders(cls, folder: Path) -> Dict[str, Encode]:
        return {
            SENTENCE: SentenceEncoder(folder / cls._ENCODER),
            MULTILINGUAL: MultilingualEncoder(folder / cls._MULTILINGUAL),
        }

    def process(self, messages: List[Message]) -> List[Message]:
        """Sets intent, ranking and what else was asked."""
        for message in messages:
            text = message.get(TEXT) or ""
            several = split_requests(text, self._rank, order_numbers)
            requests = [{"text": each.text, "intent": each.intent, "ahead": each.ahead} for each in several]
            ranking, also_asked = lead(text, self._rank)
            given = any(not entity.get("weak") for entity in message.get(ENTITIES, []))
            ranking = doubted(text, settle(ranking, given))
            guesses = [
                {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: confidence} for intent, confidence in ranking
            ][:RANKING_LENGTH]
            message.set(INTENT, guesses[0], add_to_output=True)
            message.set(INTENT_RANKING, guesses, add_to_output=True)
            message.set(ALSO_ASKED, also_asked, add_to_output=True)
            message.set(OPENING, opening(text, self._rank), add_to_output=True)
            message.set(REQUESTS, requests, add_to_output=True)
        return messages


def order_numbers(text: str) -> FrozenSet[str]:
    """The order and tracking numbers that `text` names for sure."""
    return frozenset(each.value for each in find_identifiers(text) if each.kind == ORDER_NUMBER and not each.weak)
