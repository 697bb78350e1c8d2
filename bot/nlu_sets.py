"""Labelled messages for measuring and training: Rasa's training files, the sets kept aside, what the domain knows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Dict, List, Set, Tuple

from ruamel.yaml import YAML

HERE = Path(__file__).resolve().parent
NLU = HERE.parent / "data" / "nlu"
SETS = HERE.parent / "tests" / "nlu"
OUT_OF_SCOPE = "out_of_scope"

Example = Tuple[str, str]
"""A message and its intent."""


def training_examples(folder: Path = NLU) -> List[Example]:
    """The examples of Rasa's training files under `folder`."""
    examples: List[Example] = []
    for path in sorted(folder.rglob("*.yml")):
        for block in _read(path)["nlu"]:
            for line in block["examples"].splitlines():
                text = re.sub(r"^\s*-\s+", "", line)
                if text.strip():
                    examples.append((text, block["intent"]))
    return examples


def known_intents() -> Set[str]:
    """The intents of the domain: what the assistant can be asked for today."""
    intents: Set[str] = set()
    for path in sorted((HERE / "domain").glob("*.yml")):
        for each in _read(path).get("intents", []):
            intents |= {each} if isinstance(each, str) else set(each)
    return intents


def kept_aside(path: Path, known: Set[str]) -> Dict[str, List[Example]]:
    """The messages of a set by what they are kept for: `in_scope`, and out-of-scope kinds such as `far` and `near`.

    Intents that the domain does not know yet are left out: they count from the day they are wired.
    """
    kinds: Dict[str, List[Example]] = {"in_scope": []}
    for intent, messages in _read(path).items():
        if intent.startswith(OUT_OF_SCOPE):
            kind = intent[len(OUT_OF_SCOPE) + 1 :] or "any"
            kinds[kind] = [(str(text), OUT_OF_SCOPE) for text in messages]
        elif intent in known:
            kinds["in_scope"] += [(str(text), intent) for text in messages]
    return kinds


def without(examples: List[Example], trained: Set[str]) -> List[Example]:
    """The examples that are not word for word among the lower-case messages `trained`."""
    return [each for each in examples if each[0].strip().lower() not in trained]


def _read(path: Path) -> Dict[str, object]:
    content: Dict[str, object] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return content
