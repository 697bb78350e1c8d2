"""A network with one hidden layer over a sentence's embeddings.

Beside the linear regression it brings what no single direction of an embedding tells. Rectified units, dropout of
inputs and units, smoothed labels, Adam (Kingma and Ba, 2015) with a decay of the weights; in numpy, as the regression.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Mapping, Tuple

import numpy as np

from components.regression import softmax

_UNITS = 1024
_BATCH = 512
_PASSES = 16
_STEPS = 380
"""At least so many steps, where few examples make few batches."""
_RATE = 0.003
_DECAY = 0.001
_DROPPED_INPUTS, _DROPPED_UNITS = 0.2, 0.6
_SMOOTHING = 0.05
"""The share of each label that is spread over all classes."""
_MOMENTUM, _SQUARES = 0.9, 0.999


@dataclass(frozen=True)
class HiddenLayer:
    """Weights and biases into and out of the hidden units."""

    inward: np.ndarray
    inward_bias: np.ndarray
    outward: np.ndarray
    outward_bias: np.ndarray

    def __call__(self, embedding: np.ndarray) -> np.ndarray:
        """The score of every class."""
        units = embedding @ self.inward + self.inward_bias
        np.maximum(units, 0.0, out=units)
        return np.asarray(units @ self.outward + self.outward_bias)

    def arrays(self) -> Dict[str, np.ndarray]:
        """What was learnt, by name."""
        return {name: getattr(self, name) for name in ("inward", "inward_bias", "outward", "outward_bias")}

    @classmethod
    def of(cls, arrays: Mapping[str, np.ndarray]) -> "HiddenLayer":
        """The layer that has `arrays`."""
        return cls(**arrays)

    @classmethod
    def fit(cls, embeddings: np.ndarray, labels: np.ndarray, classes: int, seed: int = 0) -> "HiddenLayer":
        """Learns `labels` (0 to `classes` - 1) from the rows of `embeddings`. Deterministic.

        A class weighs by the square root of how seldom it is: less than evenly, more than by its examples.
        """
        random = np.random.default_rng(seed)
        examples, width = embeddings.shape
        # Units see inputs of about the same spread, whatever the embeddings' length.
        scale = np.float32(1.0 / max(float(embeddings.std()), 1e-9))
        inputs = (embeddings * scale).astype(np.float32)
        layer = [
            (random.standard_normal((width, _UNITS)) * np.sqrt(2.0 / width)).astype(np.float32),
            np.zeros(_UNITS, dtype=np.float32),
            (random.standard_normal((_UNITS, classes)) * np.sqrt(1.0 / _UNITS)).astype(np.float32),
            np.zeros(classes, dtype=np.float32),
        ]
        means = [np.zeros_like(each) for each in layer]
        squares = [np.zeros_like(each) for each in layer]
        weight = np.sqrt(1.0 / np.maximum(np.bincount(labels, minlength=classes), 1))[labels].astype(np.float32)
        weight /= weight.mean()
        batches = -(-examples // _BATCH)
        passes = max(_PASSES, -(-_STEPS // batches))
        taken = 0
        for _ in range(passes):
            order = random.permutation(examples)
            for start in range(0, examples, _BATCH):
                rows = order[start : start + _BATCH]
                seen = inputs[rows] * _kept(random, (len(rows), width), _DROPPED_INPUTS)
                before = seen @ layer[0] + layer[1]
                kept = _kept(random, before.shape, _DROPPED_UNITS)
                units = np.maximum(before, 0.0) * kept
                error = softmax(units @ layer[2] + layer[3])
                error -= np.float32(_SMOOTHING / classes)
                error[np.arange(len(rows)), labels[rows]] -= np.float32(1.0 - _SMOOTHING)
                error *= weight[rows, None] / np.float32(len(rows))
                back = (error @ layer[2].T) * kept * (before > 0)
                gradients = (seen.T @ back, back.sum(axis=0), units.T @ error, error.sum(axis=0))
                taken += 1
                rate = _RATE * (0.5 + 0.5 * np.cos(np.pi * taken / (passes * batches)))
                for each, gradient, mean, square in zip(layer, gradients, means, squares, strict=True):
                    mean += (1 - _MOMENTUM) * (gradient - mean)
                    square += (1 - _SQUARES) * (gradient * gradient - square)
                    step = mean / (1 - _MOMENTUM**taken) / (np.sqrt(square / (1 - _SQUARES**taken)) + 1e-8)
                    each -= np.float32(rate) * (step + np.float32(_DECAY if each.ndim > 1 else 0.0) * each)
        return cls(layer[0] * scale, *layer[1:])


def _kept(random: np.random.Generator, shape: Tuple[int, ...], dropped: float) -> np.ndarray:
    """A mask that drops a share and lengthens what is left to make up for it."""
    return (random.random(shape, dtype=np.float32) >= dropped) / np.float32(1.0 - dropped)
