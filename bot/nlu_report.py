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
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, List, Tuple

import numpy as np
from channels.language import choose_language
from components.encoder_conversion import provide_encoder
from components.identifiers import find_identifiers
from components.intent_model import IntentModel
from components.requests import SAME_STEP, lead, settle
from components.sentence_encoder import SentenceEncoder
from ruamel.yaml import YAML
from sklearn.model_selection import StratifiedKFold

HERE = Path(__file__).resolve().parent
NLU = HERE.parent / "data" / "nlu"
MEASURES = ("accuracy", "accuracy_of_step", "answered", "accuracy_of_answered", "expected_calibration_error")


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


def packaged_encoder() -> SentenceEncoder:
    """The encoder that training uses."""
    with tempfile.TemporaryDirectory() as folder:
        provide_encoder(None, Path(folder))
        return SentenceEncoder(Path(folder))


def understand(model: IntentModel, text: str) -> List[Tuple[str, float]]:
    """The ranking as the bot's classifier gives it: requests split, what leads to the same step counted together."""
    ranking, _ = lead(text, model.ranking)
    return settle(ranking, any(not each.weak for each in find_identifiers(text)))


def _step(intent: str) -> str:
    return "track_order" if intent in SAME_STEP else intent


def evaluate(model: IntentModel, examples: List[Tuple[str, str]], threshold: float) -> Dict[str, Any]:
    """Accuracy, coverage at `threshold`, expected calibration error and confusions on labelled messages."""
    rankings = []
    milliseconds = []
    for text, _ in examples:
        started = time.perf_counter()
        rankings.append(understand(model, text))
        milliseconds.append((time.perf_counter() - started) * 1000)
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
        "milliseconds_p50": round(float(np.percentile(milliseconds, 50)), 2),
        "milliseconds_p95": round(float(np.percentile(milliseconds, 95)), 2),
        "confusions": [
            {"text": text, "intent": intent, "guess": ranking[0][0], "confidence": round(ranking[0][1], 3)}
            for ranking, (text, intent) in zip(rankings, examples, strict=True)
            if ranking[0][0] != intent
        ],
    }


def tune() -> None:
    """Cross-validates C and the features' weights on the training data, each language by itself."""
    texts, intents = training_examples(NLU)
    encoder = packaged_encoder()
    embeddings: Dict[str, np.ndarray] = {}

    def encode(text: str) -> np.ndarray:
        if text not in embeddings:
            embeddings[text] = encoder(text)
        return embeddings[text]

    folds = list(StratifiedKFold(5, shuffle=True, random_state=0).split(texts, intents))
    for c in (5.0, 10.0, 30.0):
        for counts, han, weight in ((1.0, 2.5, 0.0), (0.7, 1.8, 1.5), (1.0, 2.5, 2.0), (1.0, 2.5, 3.0)):
            weights = {"words": counts, "characters": counts, "han": han, "sentence": weight}
            held_out: Dict[str, List[Dict[str, Any]]] = {"en": [], "zh": []}
            for train, held in folds:
                model = IntentModel(c, weights, encode if weight else None)
                model.fit([texts[i] for i in train], [intents[i] for i in train])
                for language, reports in held_out.items():
                    examples = [(texts[i], intents[i]) for i in held if choose_language(texts[i], None) == language]
                    reports.append(evaluate(model, examples, 0.4))
            mean = {
                language: {key: round(float(np.mean([each[key] for each in reports])), 4) for key in MEASURES}
                for language, reports in held_out.items()
            }
            print(json.dumps({"C": c, **weights, **mean}), flush=True)  # noqa: T201 - the report


def main() -> int:
    """Reads the arguments and prints what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("tune")
    test = commands.add_parser("test")
    test.add_argument("sets", type=Path, nargs="+")
    test.add_argument("--threshold", type=float, default=0.4)
    test.add_argument("--without", nargs="*", default=[], help="intents whose messages are left out")
    arguments = parser.parse_args()
    if arguments.command == "tune":
        tune()
        return 0
    texts, intents = training_examples(NLU)
    started = time.process_time()
    model = IntentModel(encode=packaged_encoder()).fit(texts, intents)
    report: Dict[str, Any] = {"examples": len(texts), "training_cpu_seconds": round(time.process_time() - started, 2)}
    for path in arguments.sets:
        examples = [each for each in test_examples(path) if each[1] not in arguments.without]
        report[path.stem] = evaluate(model, examples, arguments.threshold)
    print(json.dumps(report, ensure_ascii=False, indent=1))  # noqa: T201 - the report
    return 0


if __name__ == "__main__":
    sys.exit(main())
