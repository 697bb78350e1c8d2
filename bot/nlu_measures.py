"""What is measured of an intent model: accuracy, what is refused, calibration, time."""

from __future__ import annotations

import time
from typing import Any, Dict, List, Sequence, Tuple

import numpy as np
from components.identifiers import find_identifiers
from components.intent_model import IntentModel
from components.requests import SAME_STEP, doubted, lead, opening, settle, split_requests
from nlu_sets import OUT_OF_SCOPE, Example

KEPT = 0.95
"""The share of in-scope messages that must be kept where refusing is measured."""
BINS = 10
Ranking = List[Tuple[str, float]]


def understand(model: IntentModel, text: str) -> Ranking:
    """The ranking as the bot's classifier gives it: requests split, what leads to the same step counted together.

    A clause is ranked once for all readings of its message, as there; nothing is kept from one message to the next.
    """
    rank = model.remembering(None)
    split_requests(text, rank, lambda _: frozenset())  # A part of what a message takes.
    opening(text, rank)
    ranking, _ = lead(text, rank)
    return doubted(text, settle(ranking, any(not each.weak for each in find_identifiers(text))))


def rank_all(model: IntentModel, examples: Sequence[Example]) -> Tuple[List[Ranking], np.ndarray]:
    """The rankings of the messages, and the processor's milliseconds that each took."""
    rankings = []
    milliseconds = []
    for text, _ in examples:
        started = time.process_time()
        rankings.append(understand(model, text))
        milliseconds.append((time.process_time() - started) * 1000)
    return rankings, np.array(milliseconds)


def step(intent: str) -> str:
    """The intent that stands for all that lead to the same step of the dialogue."""
    return SAME_STEP[0] if intent in SAME_STEP else intent


def in_scope_score(ranking: Ranking) -> float:
    """How likely a message is in scope: the likeliest intent against what is out of scope, whatever the doubt
    between the intents.
    """
    scores = dict(ranking)
    best = max(score for intent, score in ranking if intent != OUT_OF_SCOPE)
    return best / max(best + scores.get(OUT_OF_SCOPE, 0.0), 1e-9)


def accuracy(rankings: Sequence[Ranking], examples: Sequence[Example], threshold: float) -> Dict[str, Any]:
    """Accuracy of intent and step, what is answered at `threshold` and how much of it rightly, calibration error."""
    right = np.array([each[0][0] == intent for each, (_, intent) in zip(rankings, examples, strict=True)])
    right_step = np.array(
        [step(each[0][0]) == step(intent) for each, (_, intent) in zip(rankings, examples, strict=True)]
    )
    confidence = np.array([each[0][1] for each in rankings])
    answered = confidence >= threshold
    return {
        "messages": len(examples),
        "accuracy": _share(right),
        "accuracy_of_step": _share(right_step),
        "answered": _share(answered),
        "accuracy_of_answered": _share(right_step[answered]),
        "expected_calibration_error": calibration_error(confidence, right_step),
    }


def reliability(confidence: np.ndarray, right: np.ndarray) -> List[Tuple[float, float, int]]:
    """(mean confidence, share that is right, messages) of each tenth of confidence that has messages."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return [
        (float(confidence[bins == b].mean()), float(right[bins == b].mean()), int((bins == b).sum()))
        for b in range(BINS)
        if (bins == b).any()
    ]


def calibration_error(confidence: np.ndarray, right: np.ndarray) -> float:
    """Expected calibration error: the mean distance of confidence and accuracy over tenths of confidence."""
    rows = reliability(confidence, right)
    return round(sum(abs(mean - share) * count for mean, share, count in rows) / len(confidence), 4)


def kept_threshold(rankings: Sequence[Ranking]) -> float:
    """The score that `KEPT` of these in-scope messages reach."""
    return float(np.quantile([in_scope_score(each) for each in rankings], 1 - KEPT))


def refused(rankings: Sequence[Ranking], threshold: float) -> float:
    """The share of messages whose best in-scope score is below `threshold`."""
    return _share(np.array([in_scope_score(each) < threshold for each in rankings]))


def turned_down(rankings: Sequence[Ranking], threshold: float) -> float:
    """The share that the dialogue does not answer as something in scope: called out of scope, or asked about."""
    return _share(np.array([each[0][0] == OUT_OF_SCOPE or each[0][1] < threshold for each in rankings]))


def _share(values: np.ndarray) -> float:
    return round(float(values.mean()), 4) if len(values) else 0.0
