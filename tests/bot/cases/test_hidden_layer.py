"""The regression and the hidden layer of the intent model, on problems whose answers are known."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from components.hidden_layer import HiddenLayer
from components.intent_model import MULTILINGUAL, SENTENCE, IntentModel
from components.regression import regress
from scipy.sparse import csr_matrix

THINGS = ("lamp", "rug", "mug", "kite", "pram", "sofa")
TEXTS = [f"{verb} the {thing}" for verb in ("return", "track") for thing in THINGS] + ["我要退货", "我的快递呢"]
INTENTS = [*["return_items"] * 6, *["track_order"] * 6, "return_items", "track_order"]


def corners(repeated: int) -> tuple[np.ndarray, np.ndarray]:
    """Points around the corners of a square, equal labels across: no straight line tells them apart."""
    random = np.random.default_rng(1)
    signs = np.array([[1, 1], [-1, -1], [1, -1], [-1, 1]] * repeated, dtype=np.float32)
    labels = np.array([0, 0, 1, 1] * repeated)
    return signs @ np.eye(2, 16, dtype=np.float32) + random.normal(0, 0.1, (len(signs), 16)).astype(np.float32), labels


def encode(text: str) -> np.ndarray:
    return np.array([1.0, 0.1] if "return" in text else [0.1, 1.0], dtype=np.float32)


def test_the_hidden_layer_tells_what_no_straight_line_tells() -> None:
    points, labels = corners(40)
    layer = HiddenLayer.fit(points, labels, 2)
    assert [int(np.argmax(layer(point))) for point in points] == labels.tolist()
    coefficients, intercept = regress(csr_matrix((len(points), 0), dtype=np.float32), points, labels, 10.0)
    assert ((points @ coefficients + intercept).argmax(axis=1) == labels).mean() < 0.9


def test_the_regression_weighs_classes_alike_whatever_their_number() -> None:
    counts = csr_matrix(np.array([[1, 0]] * 30 + [[0, 1]] * 2, dtype=np.float32))
    coefficients, intercept = regress(counts, np.zeros((32, 0), dtype=np.float32), np.array([0] * 30 + [1] * 2), 10.0)
    often, seldom = np.eye(2) @ coefficients + intercept
    assert often.argmax() == 0
    assert seldom.argmax() == 1
    assert abs((often[0] - often[1]) - (seldom[1] - seldom[0])) < 1.0


def test_learning_twice_gives_the_same_and_a_stored_model_says_what_the_learnt_one_says(tmp_path: Path) -> None:
    encoders = {SENTENCE: encode, MULTILINGUAL: encode}
    once, again = (IntentModel(encoders=encoders).fit(TEXTS, INTENTS) for _ in range(2))
    said = once.ranking("please return the tent")
    assert said[0][0] == "return_items"
    assert again.ranking("please return the tent") == said
    once.save(tmp_path / "intents.npz")
    assert IntentModel.read(tmp_path / "intents.npz", encoders).ranking("please return the tent") == said


def test_messages_that_differ_in_a_number_or_in_space_are_worked_out_once() -> None:
    encoded: list[str] = []

    def noted(text: str) -> np.ndarray:
        encoded.append(text)
        return encode(text)

    model = IntentModel(encoders={SENTENCE: noted, MULTILINGUAL: noted}).fit(TEXTS, INTENTS)
    rank = model.remembering(8)
    del encoded[:]
    said = rank("where is order SD-10023")
    assert len(encoded) == 2
    for text in ("where is order SD-10024", " where is  order A-7781 ", "where is order SD-10023"):
        assert rank(text) == said == model.ranking(text)
    assert len(encoded) == 2 * 4
    rank("where is order SD-10023 now")
    assert len(encoded) == 2 * 5


def test_both_encoders_read_a_message_at_the_same_time_and_a_failure_of_either_is_heard() -> None:
    together = threading.Barrier(2, timeout=30)
    meeting = [False]

    def met(text: str) -> np.ndarray:
        if meeting[0]:
            together.wait()
        return encode(text)

    model = IntentModel(encoders={SENTENCE: met, MULTILINGUAL: met}).fit(TEXTS, INTENTS)
    alone = model.ranking("please return the tent")
    meeting[0] = True
    assert model.ranking("please return the tent") == alone
    meeting[0] = False

    def failing(text: str) -> np.ndarray:
        raise OSError("no weights")

    model._encoders[MULTILINGUAL] = failing
    with pytest.raises(OSError, match="no weights"):
        model.ranking("please return the tent")
