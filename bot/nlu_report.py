"""Measures the intent model: `python -m nlu_report tune` (cross-validation) or `… test TEST_SET…` (sets kept aside).

`tune` uses the training data only. `test` trains on all of it and prints one JSON document: per set the accuracy, how
much of what is out of scope is refused, calibration and time; with `--confusions` what was taken for what, with
`--pictures` the same as pictures without a message. Messages
that are word for word in the training data are left out. Run in `bot/` with the bot's Python.
"""

from __future__ import annotations

import environment  # isort: skip # noqa: F401 - one thread per process, before numpy

import argparse
import json
import sys
import tempfile
import time
from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, List, Optional

import numpy as np
from channels.language import choose_language
from components.encoder_conversion import provide_encoder
from components.intent_model import MULTILINGUAL, SENTENCE, Encode, IntentModel
from components.multilingual_conversion import convert
from components.multilingual_encoder import MultilingualEncoder
from components.sentence_encoder import SentenceEncoder
from nlu_measures import accuracy, kept_threshold, rank_all, refused, step, turned_down
from nlu_sets import kept_aside, known_intents, training_examples, without
from sklearn.model_selection import StratifiedKFold

MEASURES = ("accuracy", "accuracy_of_step", "answered", "accuracy_of_answered", "expected_calibration_error")


def packaged_encoders() -> Dict[str, Encode]:
    """The encoders that training uses."""
    with tempfile.TemporaryDirectory() as folder:
        provide_encoder(None, Path(folder) / SENTENCE)
        convert(Path(folder) / MULTILINGUAL)
        return {
            SENTENCE: SentenceEncoder(Path(folder) / SENTENCE),
            MULTILINGUAL: MultilingualEncoder(Path(folder) / MULTILINGUAL),
        }


def measure(
    model: IntentModel, path: Path, trained: set[str], threshold: float, confusions: bool, pictures: Optional[Path]
) -> Dict[str, Any]:
    """What `model` makes of a set kept aside; drawn into the folder `pictures` when there is one."""
    everything = kept_aside(path, known_intents())
    kinds = {kind: without(examples, trained) for kind, examples in everything.items()}
    examples = kinds.pop("in_scope")
    rankings, milliseconds = rank_all(model, examples)
    report = accuracy(rankings, examples, threshold)
    report["left_out_as_trained_on"] = (
        sum(map(len, everything.values())) - sum(map(len, kinds.values())) - len(examples)
    )
    report["milliseconds_p50"] = round(float(np.percentile(milliseconds, 50)), 2)
    report["milliseconds_p95"] = round(float(np.percentile(milliseconds, 95)), 2)
    report["turned_down_wrongly"] = turned_down(rankings, threshold)
    kept = kept_threshold(rankings)
    for kind, messages in kinds.items():
        others, _ = rank_all(model, messages)
        report[f"out_of_scope_{kind}"] = {
            "messages": len(messages),
            "refused_at_95_percent_kept": refused(others, kept),
            "turned_down": turned_down(others, threshold),
        }
    if pictures:
        from nlu_pictures import draw  # plotting takes its time to import

        draw(rankings, examples, path.stem, pictures)
    if confusions:
        report["confusions"] = [
            {"text": text, "intent": intent, "guess": ranking[0][0], "confidence": round(ranking[0][1], 3)}
            for ranking, (text, intent) in zip(rankings, examples, strict=True)
            if step(ranking[0][0]) != step(intent)
        ]
    return report


def tune() -> None:
    """Cross-validates C and what each encoder brings on the training data, each language by itself."""
    examples = training_examples()
    texts = [text for text, _ in examples]
    intents = [intent for _, intent in examples]
    encoders = {name: lru_cache(maxsize=None)(encode) for name, encode in packaged_encoders().items()}
    folds = list(StratifiedKFold(5, shuffle=True, random_state=0).split(texts, intents))
    for c in (5.0, 10.0, 30.0):
        for used in ((), (SENTENCE,), (MULTILINGUAL,), (SENTENCE, MULTILINGUAL)):
            held_out: Dict[str, List[Dict[str, Any]]] = {"en": [], "zh": []}
            for train, held in folds:
                model = IntentModel(c, encoders={name: encoders[name] for name in used})
                model.fit([texts[i] for i in train], [intents[i] for i in train])
                for language, reports in held_out.items():
                    tested = [examples[i] for i in held if choose_language(texts[i], None) == language]
                    reports.append(accuracy(rank_all(model, tested)[0], tested, 0.4))
            mean = {
                language: {key: round(float(np.mean([each[key] for each in reports])), 4) for key in MEASURES}
                for language, reports in held_out.items()
            }
            print(json.dumps({"C": c, "encoders": used, **mean}), flush=True)  # noqa: T201 - the report


def main() -> int:
    """Reads the arguments and prints what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("tune")
    test = commands.add_parser("test")
    test.add_argument("sets", type=Path, nargs="+")
    test.add_argument("--threshold", type=float, default=0.4)
    test.add_argument("--confusions", action="store_true", help="for development sets only")
    test.add_argument("--pictures", type=Path, help="a folder for confusions and calibration as SVG")
    arguments = parser.parse_args()
    if arguments.command == "tune":
        tune()
        return 0
    examples = training_examples()
    encoders = packaged_encoders()
    started = time.process_time()
    model = IntentModel(encoders=encoders).fit([text for text, _ in examples], [intent for _, intent in examples])
    report: Dict[str, Any] = {
        "examples": len(examples),
        "training_cpu_seconds": round(time.process_time() - started, 2),
    }
    trained = {text.strip().lower() for text, _ in examples}
    for path in arguments.sets:
        report[f"{path.resolve().parent.name}/{path.stem}"] = measure(
            model, path, trained, arguments.threshold, arguments.confusions, arguments.pictures
        )
    print(json.dumps(report, ensure_ascii=False, indent=1))  # noqa: T201 - the report
    return 0


if __name__ == "__main__":
    sys.exit(main())
