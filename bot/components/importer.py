"""Reads the assistant's topics from their folders and gives Rasa one domain.

    bot/domain/*.yml            intents, entities, slots, forms, actions of a topic
    bot/responses/<language>/   what the assistant says; the default language's keys are the domain's responses
    bot/rules/*.yml             how the dialogue goes
    data/nlu/<language>/*.yml   what shoppers say

Rasa joins domain files by keeping one of two equal keys and saying nothing. Here a response, slot or form that two
files define is an error that names both.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional, Text, Union

import rasa.shared.utils.io
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.data import get_data_files, is_nlu_file
from rasa.shared.exceptions import RasaException
from rasa.shared.importers import utils
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.training_data import TrainingData

DEFAULT_LANGUAGE = "en"
_UNIQUE_SECTIONS = ("responses", "slots", "forms")


class DuplicateKey(RasaException):
    """Two files of one folder define the same response, slot or form."""

    def __init__(self, section: str, key: str, first: Path, second: Path) -> None:
        super().__init__(f"{section}.{key} is defined twice: in {first} and in {second}. Keep one.")


class MisplacedSection(RasaException):
    """A file has a section that belongs to another folder."""


def yaml_files(folder: Path) -> List[Path]:
    """The YAML files under `folder`, in a stable order."""
    return sorted(path for pattern in ("*.yml", "*.yaml") for path in folder.rglob(pattern))


def join_files(folder: Path, *, sections: Optional[List[str]] = None) -> Dict[str, Any]:
    """The domain files under `folder` as one dictionary.

    Raises `DuplicateKey` when two files define one response, slot or form, and `MisplacedSection` when a file has a
    section outside `sections` (all are allowed when that is None).
    """
    owner: Dict[str, Path] = {}
    joined: Dict[str, Any] = {}
    for path in yaml_files(folder):
        content = rasa.shared.utils.io.read_yaml_file(path)
        if not isinstance(content, dict):
            raise MisplacedSection(f"{path} is not a mapping of domain sections.")
        content.pop("version", None)
        misplaced = sorted(set(content) - set(sections)) if sections is not None else []
        if misplaced:
            raise MisplacedSection(f"{path} has '{misplaced[0]}'; this folder holds only {', '.join(sections or [])}.")
        for section in _UNIQUE_SECTIONS:
            for key in content.get(section) or {}:
                first = owner.setdefault(f"{section}.{key}", path)
                if first != path:
                    raise DuplicateKey(section, key, first, path)
        joined = Domain.merge_domain_dicts(content, joined)
    # Rasa's merge notes what it met twice; an intent or entity that two topics use is meant.
    joined.pop("duplicates", None)
    return joined


def read_responses(folder: Path) -> Dict[str, List[Dict[str, Any]]]:
    """The responses of one language by key."""
    return join_files(folder, sections=["responses"]).get("responses", {})


def topics_of_intents(folder: Path) -> Dict[str, str]:
    """The topic of each intent: the name of the domain file that declares it, of several the first."""
    topics: Dict[str, str] = {}
    for path in yaml_files(folder):
        for intent in rasa.shared.utils.io.read_yaml_file(path).get("intents") or []:
            topics.setdefault(intent if isinstance(intent, str) else next(iter(intent)), path.stem)
    return topics


class TopicImporter(TrainingDataImporter):
    """Reads the folders beside `config.yml`; Rasa's `--domain` is not used, `--data` names more examples."""

    def __init__(
        self,
        config_file: Optional[Text] = None,
        domain_path: Optional[Text] = None,
        training_data_paths: Optional[Union[List[Text], Text]] = None,
        nlu: Text = "../data/nlu",
    ) -> None:
        if not config_file:
            raise RasaException("The topic importer needs the path of config.yml.")
        self.config_file = str(config_file)
        root = Path(config_file).resolve().parent
        self._domain_folder = root / "domain"
        self._responses_folder = root / "responses" / DEFAULT_LANGUAGE
        self._rule_files = get_data_files([str(root / "rules")], YAMLStoryReader.is_stories_file)
        also = [training_data_paths] if isinstance(training_data_paths, str) else list(training_data_paths or [])
        self._nlu_files = sorted(get_data_files([str((root / nlu).resolve()), *also], is_nlu_file))

    def get_config(self) -> Dict:
        """The configuration as it is in the file."""
        return rasa.shared.utils.io.read_model_configuration(self.config_file)

    def get_config_file_for_auto_config(self) -> Optional[Text]:
        """The file Rasa would complete; ours is complete."""
        return self.config_file

    @rasa.shared.utils.common.cached_method
    def get_domain(self) -> Domain:
        """All topics' domains with the default language's responses.

        The model needs the responses' keys only; their words are read when the bot runs (components/responses.py).
        """
        domain = join_files(self._domain_folder)
        if domain.get("responses"):
            raise MisplacedSection(f"Responses belong in {self._responses_folder}, not in {self._domain_folder}.")
        domain["responses"] = read_responses(self._responses_folder)
        return Domain.from_dict(domain)

    def get_stories(self, exclusion_percentage: Optional[int] = None) -> StoryGraph:
        """All topics' rules."""
        return utils.story_graph_from_paths(sorted(self._rule_files), self.get_domain(), exclusion_percentage)

    def get_nlu_data(self, language: Optional[Text] = DEFAULT_LANGUAGE) -> TrainingData:
        """What shoppers say, in every language."""
        return utils.training_data_from_paths(self._nlu_files, language or DEFAULT_LANGUAGE)
