"""Multinomial logistic regression over sparse counts and dense embeddings, in a third of the time of a batch solver.

scikit-learn's regression takes one matrix of either kind, and L-BFGS over all examples needs forty passes and copies of
the whole table in 64 bits. Adam (Kingma and Ba, 2015) in mini-batches comes as far in sixteen passes.
"""

from __future__ import annotations

from typing import Tuple

import numpy as np
from scipy.sparse import csr_matrix

_BATCH = 1024
_PASSES = 16
_STEPS = 390
"""At least so many steps, where few examples make few batches."""
_RATE = 0.05
_MOMENTUM, _SQUARES = 0.9, 0.99
_TINY = 1e-6


def softmax(scores: np.ndarray) -> np.ndarray:
    """Probabilities of each row of `scores`, which is overwritten."""
    scores -= scores.max(axis=1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=1, keepdims=True)
    return scores


def regress(
    counts: csr_matrix, embeddings: np.ndarray, labels: np.ndarray, c: float, seed: int = 0
) -> Tuple[np.ndarray, np.ndarray]:
    """Coefficients (features, classes) of counts and embeddings, and the intercept. Deterministic.

    Every class weighs the same whatever the number of its examples; `c` is the inverse strength of the squared penalty
    and the intercept has none.
    """
    size, examples = counts.shape[1], len(labels)
    classes = int(labels.max()) + 1
    weight = (examples / (classes * np.bincount(labels)))[labels].astype(np.float32)
    table = np.zeros((size + embeddings.shape[1] + 1, classes), dtype=np.float32)
    mean, square, gradient, step = (np.zeros_like(table) for _ in range(4))
    random = np.random.default_rng(seed)
    batches = -(-examples // _BATCH)
    passes = max(_PASSES, -(-_STEPS // batches))
    taken = 0
    for _ in range(passes):
        order = random.permutation(examples)
        for start in range(0, examples, _BATCH):
            rows = order[start : start + _BATCH]
            some, dense = counts[rows], embeddings[rows]
            error = softmax(some @ table[:size] + dense @ table[size:-1] + table[-1])
            error[np.arange(len(rows)), labels[rows]] -= 1.0
            error *= weight[rows, None] / np.float32(len(rows))
            np.multiply(table, np.float32(1.0 / (c * examples)), out=gradient)
            gradient[-1] = error.sum(axis=0)
            gradient[:size] += some.T @ error
            gradient[size:-1] += dense.T @ error
            taken += 1
            # In place: the table is what takes the time.
            mean *= _MOMENTUM
            mean += np.multiply(gradient, 1 - _MOMENTUM, out=step)
            np.multiply(gradient, gradient, out=gradient)
            gradient *= 1 - _SQUARES
            square *= _SQUARES
            square += gradient
            np.sqrt(square, out=step)
            step *= np.float32(1 / np.sqrt(1 - _SQUARES**taken))
            step += _TINY
            np.divide(mean, step, out=step)
            step *= np.float32(_RATE * (1 - taken / (passes * batches + 1)) / (1 - _MOMENTUM**taken))
            table -= step
    return table[:-1], table[-1]
