"""Measures the intent model: `python -m nlu_report tune` (cross-validation) or `… test TEST_SET…` (held-out files).

`tune` uses the training data only. `test` prints one JSON document per run: accuracy per file, how much is refused
at the fallback threshold, and the confusions. Run in `bot/` with the bot's Python.
"""

from __future__ import annotations

import environment  # isort: skip # noqa: F401 - one thread per process, before numpy

import argparse
import json
import re
import sys
import time
from pathlib import Path
from typing import Any, Dict, List, Tuple

import numpy as np
from components.identifiers import find_identifiers
from components.intent_model import IntentModel
from components.requests import SAME_STEP, lead, settle
from ruamel.yaml import YAML
from sklearn.model_selection import StratifiedKFold

HERE = Path(__file__).resolve().parent
NLU = HERE.parent / "data" / "nlu"


def training_examples(folder: Path) -> Tuple[List[str], List[str]]:
    """Texts and intents of Rasa's training files under `folder`."""
    texts: List[str] = []
    intents: List[str] = []
    for path in sorted(folder.rglob("*.yml")):
        for block in YAML(typ="safe").load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                example = re.sub(r"^\s*-\s+", "", line)
                if example.strip():
                    texts.append(example)
                    intents.append(block["intent"])
    return texts, intents


def test_examples(path: Path) -> List[Tuple[str, str]]:
    """(text, intent) pairs of a held-out set."""
    content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return [(str(text), intent) for intent, examples in content.items() for text in examples]


def understand(model: IntentModel, text: str) -> List[Tuple[str, float]]:
    """The ranking as the bot's classifier gives it: requests split, what leads to the same step counted together."""
    ranking, _ = lead(text, model.ranking)
    return settle(ranking, any(not each.weak for each in find_identifiers(text)))


def _step(intent: str) -> str:
    return "track_order" if intent in SAME_STEP else intent


def evaluate(model: IntentModel, examples: List[Tuple[str, str]], threshold: float) -> Dict[str, Any]:
    """Accuracy, coverage at `threshold`, expected calibration error and confusions on labelled messages."""
    rankings = [understand(model, text) for text, _ in examples]
    right = np.array([ranking[0][0] == intent for ranking, (_, intent) in zip(rankings, examples, strict=True)])
    # Asking about an order, giving its number and missing it lead to the same step of the dialogue.
    right_step = np.array(
        [_step(ranking[0][0]) == _step(intent) for ranking, (_, intent) in zip(rankings, examples, strict=True)]
    )
    confidence = np.array([ranking[0][1] for ranking in rankings])
    answered = confidence >= threshold
    bins = np.minimum((confidence * 10).astype(int), 9)
    error = sum(
        (bins == b).mean() * abs(confidence[bins == b].mean() - right[bins == b].mean())
        for b in range(10)
        if (bins == b).any()
    )
    return {
        "messages": len(examples),
        "accuracy": round(float(right.mean()), 4),
        "accuracy_of_step": round(float(right_step.mean()), 4),
        "answered": round(float(answered.mean()), 4),
        "accuracy_of_answered": round(float(right[answered].mean()), 4),
        "expected_calibration_error": round(float(error), 4),
        "confusions": [
            {"text": text, "intent": intent, "guess": ranking[0][0], "confidence": round(ranking[0][1], 3)}
            for ranking, (text, intent) in zip(rankings, examples, strict=True)
            if ranking[0][0] != intent
        ],
    }


def tune() -> None:
    """Cross-validates C and the features' weights on the training data."""
    texts, intents = training_examples(NLU)
    folds = list(StratifiedKFold(5, shuffle=True, random_state=0).split(texts, intents))
    for c in (5.0, 10.0, 20.0, 50.0):
        for characters in (0.4, 0.6, 1.0):
            scores = []
            for train, held in folds:
                model = IntentModel(c, {"words": 1.0, "characters": characters, "han": 1.0})
                model.fit([texts[i] for i in train], [intents[i] for i in train])
                scores.append(evaluate(model, [(texts[i], intents[i]) for i in held], 0.4))
            mean = {key: round(float(np.mean([s[key] for s in scores])), 4) for key in scores[0] if key != "confusions"}
            print(json.dumps({"C": c, "characters": characters, **mean}), flush=True)  # noqa: T201 - the report


def main() -> int:
    """Reads the arguments and prints what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("tune")
    test = commands.add_parser("test")
    test.add_argument("sets", type=Path, nargs="+")
    test.add_argument("--threshold", type=float, default=0.4)
    arguments = parser.parse_args()
    if arguments.command == "tune":
        tune()
        return 0
    texts, intents = training_examples(NLU)
    started = time.process_time()
    model = IntentModel().fit(texts, intents)
    report: Dict[str, Any] = {"examples": len(texts), "training_cpu_seconds": round(time.process_time() - started, 2)}
    for path in arguments.sets:
        report[path.stem] = evaluate(model, test_examples(path), arguments.threshold)
    print(json.dumps(report, ensure_ascii=False, indent=1))  # noqa: T201 - the report
    return 0


if __name__ == "__main__":
    sys.exit(main())
