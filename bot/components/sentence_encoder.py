"""Turns a sentence into numbers that lie close together where meanings do.

Any ONNX encoder with an uncased WordPiece vocabulary will do. Its folder holds `model.onnx` and `vocab.txt`. The model
takes `input_ids` (and, if it wants them, `attention_mask` and `token_type_ids`), all of shape (1, tokens), and its
first output is (1, tokens, hidden); the mean over the tokens, of length one, is the sentence's embedding. A sentence
alone needs no padding.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import List

import numpy as np
import onnxruntime

MODEL_FILE = "model.onnx"
VOCABULARY_FILE = "vocab.txt"
MAXIMUM_TOKENS = 128


class WordPiece:
    """BERT's uncased tokens: words and marks, without accents, in the longest pieces that the vocabulary has."""

    def __init__(self, vocabulary: List[str]) -> None:
        self._ids = {piece: index for index, piece in enumerate(vocabulary)}
        self._first, self._last, self._unknown = (self._ids[piece] for piece in ("[CLS]", "[SEP]", "[UNK]"))

    def __call__(self, text: str) -> List[int]:
        """The ids of `text` with those of start and end, at most `MAXIMUM_TOKENS`."""
        ids = [each for word in self._words(text) for each in self._pieces(word)]
        return [self._first, *ids[: MAXIMUM_TOKENS - 2], self._last]

    @staticmethod
    def _words(text: str) -> List[str]:
        spaced: List[str] = []
        for character in unicodedata.normalize("NFD", text.lower()):
            category = unicodedata.category(character)
            if category == "Mn" or (category[0] == "C" and not character.isspace()):
                continue
            alone = category[0] == "P" or character in "$+<=>^`|~" or "\u4e00" <= character <= "\u9fff"
            spaced.append(f" {character} " if alone else character)
        return "".join(spaced).split()

    def _pieces(self, word: str) -> List[int]:
        pieces: List[int] = []
        start = 0
        while start < len(word):
            prefix = "##" if start else ""
            end = next((e for e in range(len(word), start, -1) if prefix + word[start:e] in self._ids), None)
            if end is None:
                return [self._unknown]
            pieces.append(self._ids[prefix + word[start:end]])
            start = end
        return pieces


class SentenceEncoder:
    """The encoder in `folder`. Runs on one thread."""

    def __init__(self, folder: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"]
        )
        self._inputs = {each.name for each in self._session.get_inputs()}
        self._output = self._session.get_outputs()[0].name
        self._tokens = WordPiece((folder / VOCABULARY_FILE).read_text(encoding="utf-8").split("\n"))

    def __call__(self, text: str) -> np.ndarray:
        """The embedding of `text`: 32-bit floats, length one."""
        ids = np.array([self._tokens(text)], dtype=np.int64)
        feed = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        (states,) = self._session.run([self._output], {name: feed[name] for name in self._inputs})
        mean = states[0].mean(axis=0)
        return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)
