"""Trains the intent model with and without more examples and says what that mends and what it breaks.

`python -m compare_examples [--held-out FILE…]` in `bot/`: reads one JSON document from standard input and prints one.

    {"before": [{"words", "intent"}], "after": […],      what is learnt beyond the repository's examples
     "corrections": [{"words", "intent"}],               what `after` is to mend
     "confirmed": [{"turn", "words", "intent"}],         what a reviewer called rightly understood
     "replay": [{"turn", "words"}],                      messages of past conversations in which nothing went wrong
     "sure": 0.6}                                        from which confidence on a message counts as understood

A message *worked* when the model without the change is sure of it and right: of the labelled ones by their label, of
past ones by what it says itself. It *breaks* when the model with the change leads to another step of the dialogue, or
is so unsure that the assistant would ask. Without held-out files, a tenth of the examples is held out by the hash of
their words and neither model sees it.
"""

from __future__ import annotations

import environment  # isort: skip # noqa: F401 - one thread per process, before numpy

import argparse
import hashlib
import json
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

from components.intent_model import IntentModel
from nlu_measures import step, understand
from nlu_report import packaged_encoders
from nlu_sets import OUT_OF_SCOPE, Example, kept_aside, known_intents, training_examples, without

ASKS_BELOW = 0.4
"""The dialogue asks rather than guesses below this (`config.yml`, FallbackClassifier)."""
NOT_SURE = "nlu_fallback"
HELD_OUT = "held_out"

_Guess = Tuple[str, float]


def compare(job: Dict[str, Any], held_out: Sequence[Path]) -> Dict[str, Any]:
    """What the change of `job` does; see the module."""
    examples = training_examples()
    sets = {f"{path.resolve().parent.name}/{path.stem}": _labelled(path) for path in held_out}
    if not sets:
        sets = {HELD_OUT: [each for each in examples if _is_held_out(each[0])]}
        examples = [each for each in examples if not _is_held_out(each[0])]
    encoders = {name: lru_cache(maxsize=None)(encode) for name, encode in packaged_encoders().items()}
    models = []
    for more in (job["before"], job["after"]):
        pairs = [*examples, *((each["words"], each["intent"]) for each in more)]
        models.append(IntentModel(encoders=encoders).fit([words for words, _ in pairs], [name for _, name in pairs]))
    before, after = (lru_cache(maxsize=None)(lambda words, model=model: _guess(model, words)) for model in models)
    learnt = {each["words"].strip().lower() for each in job["after"]} | {each[0].strip().lower() for each in examples}
    sure = float(job["sure"])
    broken: List[Dict[str, Any]] = []
    report: List[Dict[str, Any]] = []
    confirmed = [{**each, "kind": "confirmed"} for each in job["confirmed"]]
    labelled = {
        name: [{"words": words, "intent": intent, "kind": HELD_OUT} for words, intent in without(messages, learnt)]
        for name, messages in sets.items()
    }
    for name, messages in {**labelled, "confirmed": confirmed}.items():
        right = [_is_right(before(each["words"]), each["intent"]) for each in messages]
        report.append(
            {
                "name": name,
                "messages": len(messages),
                "before": sum(right),
                "after": sum(_is_right(after(each["words"]), each["intent"]) for each in messages),
            }
        )
        for each, was_right in zip(messages, right, strict=True):
            if was_right and before(each["words"])[1] >= sure and not _is_right(after(each["words"]), each["intent"]):
                broken.append(_break(each, before(each["words"]), after(each["words"])))
    changed = 0
    for each in job["replay"]:
        old, new = before(each["words"]), after(each["words"])
        if step(old[0]) == step(new[0]):
            continue
        changed += 1
        if old[1] >= sure and old[0] != OUT_OF_SCOPE:
            broken.append(_break({**each, "kind": "replay"}, old, new))
    mended = job["corrections"]
    return {
        "accepted": not broken,
        "sets": report,
        "mended": {
            "messages": len(mended),
            "before": sum(_is_right(before(each["words"]), each["intent"]) for each in mended),
            "after": sum(_is_right(after(each["words"]), each["intent"]) for each in mended),
        },
        "replay": {"messages": len(job["replay"]), "changed": changed},
        "broken": broken,
    }


def _guess(model: IntentModel, words: str) -> _Guess:
    intent, confidence = understand(model, words)[0]
    return (intent if confidence >= ASKS_BELOW else NOT_SURE), confidence


def _is_right(guess: _Guess, intent: str) -> bool:
    return step(guess[0]) == step(intent)


def _break(each: Dict[str, Any], old: _Guess, new: _Guess) -> Dict[str, Any]:
    """Words only of sets of the repository: a shopper's are looked up by their turn."""
    turn: Optional[str] = each.get("turn")
    told = {"turn": turn} if turn else {"turn": None, "words": each["words"]}
    return {"kind": each["kind"], **told, "before": old[0], "after": new[0], "confidence": round(new[1], 3)}


def _labelled(path: Path) -> List[Example]:
    return [each for messages in kept_aside(path, known_intents()).values() for each in messages]


def _is_held_out(words: str) -> bool:
    return hashlib.sha256(words.encode()).digest()[0] % 10 == 0


def main() -> int:
    """Reads the job, prints the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held-out", type=Path, nargs="*", default=[])
    arguments = parser.parse_args()
    result = compare(json.load(sys.stdin), arguments.held_out)
    sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
