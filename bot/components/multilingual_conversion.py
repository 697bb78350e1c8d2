"""Makes the multilingual encoder's network: 8-bit ONNX out of the packaged weights. Only training needs this.

As in components/encoder_conversion.py, weights are quantised per output channel and activations while running. The
embeddings keep a cosine of 0.997 (median) to full precision.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Dict, List, Optional

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from components.encoder_conversion import EncoderUnusable
from components.multilingual_encoder import INPUT, NETWORK_FILE, WEIGHTS_FILE, resource

SHA256 = "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9"
"""Of the packaged weights."""
_BRANCHES = ((2, 0), (3, 1), (5, 2))
"""Width of each branch's window over pieces, and how many of it lie before the piece."""
_OPSET = 17
_MICROSOFT = "com.microsoft"


def convert(folder: Path) -> None:
    """Writes the network into `folder`. Deterministic. Raises `EncoderUnusable` when the package has other weights."""
    content = resource(WEIGHTS_FILE).read_bytes()
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise EncoderUnusable(f"{resource(WEIGHTS_FILE)} is not what was measured: its SHA-256 is another one.")
    with np.load(resource(WEIGHTS_FILE), allow_pickle=False) as arrays:
        weights = {name: arrays[name] for name in arrays.files if not name.startswith("q")}
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(_Network(weights).build(), str(folder / NETWORK_FILE))


class _Network:
    """Builds the network's graph: windows of 2, 3 and 5 pieces, averaged, then four dense layers."""

    def __init__(self, weights: Dict[str, np.ndarray]) -> None:
        self._weights = weights
        self._nodes: List[Any] = []
        self._constants: List[Any] = []

    def build(self) -> Any:
        """The ONNX model from pieces' vectors (pieces, 512) to an embedding (1, 512) that is not yet normalised."""
        widths = [width for width, _ in _BRANCHES]
        projection = np.concatenate([self._weights[f"proj{n}"] for n in widths], axis=1)
        projected = self._dense(INPUT, projection, np.concatenate([self._weights[f"proj_b{n}"] for n in widths]))
        projected = self._normalised(
            projected,
            np.concatenate([self._weights[f"ln_g{n}"] for n in widths]),
            np.concatenate([self._weights[f"ln_b{n}"] for n in widths]),
        )
        branches = self._node("Split", [projected], outputs=len(_BRANCHES), axis=-1)
        features = [INPUT]
        for (width, before), branch in zip(_BRANCHES, branches, strict=True):
            hidden = branch
            for layer in (1, 2):
                windows = self._windows(hidden, width, before)
                seen = self._dense(
                    windows, self._weights[f"w{layer}_{width}"], self._weights[f"b{layer}_{width}"], rectified=True
                )
                hidden = self._node("Add", [seen, hidden])
            features.append(hidden)
        joined = self._normalised(self._node("Concat", features, axis=-1), self._weights["ln_g"], self._weights["ln_b"])
        each = self._dense(joined, self._weights["cnn_W"], self._weights["cnn_b"])
        # The encoder's mean divides by the root of the number of pieces.
        count = self._node("Cast", [self._node("Shape", [each], start=0, end=1)], to=TensorProto.FLOAT)
        axes = self._constant(np.array([0]))
        total = self._node("ReduceSum", [each, axes], keepdims=1)
        mean = self._node("Div", [total, self._node("Sqrt", [count])])
        first = self._dense(mean, self._weights["d0"], None, rectified=True)
        second = self._node(
            "Relu",
            [
                self._node(
                    "Add", [self._dense(mean, self._weights["p1"], None), self._dense(first, self._weights["d1"], None)]
                )
            ],
        )
        third = self._dense(second, self._weights["d2"], None, rectified=True)
        last = self._node(
            "Add", [self._dense(second, self._weights["p3"], None), self._dense(third, self._weights["d3"], None)]
        )
        self._nodes.append(helper.make_node("Tanh", [last], ["embedding"]))
        graph = helper.make_graph(
            self._nodes,
            "encoder",
            [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, ["pieces", len(projection)])],
            [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [1, self._weights["d3"].shape[1]])],
            self._constants,
        )
        imports = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=imports, producer_name="shopdesk", ir_version=8)

    def _windows(self, hidden: str, width: int, before: int) -> str:
        """Each piece with its neighbours side by side; beyond the ends are zeros."""
        padding = self._constant(np.array([before, 0, width - 1 - before, 0]))
        padded = self._node("Pad", [hidden, padding])
        axis = self._constant(np.array([0]))
        slices = []
        for i in range(width):
            last = i - (width - 1)
            end = self._constant(np.array([last if last else np.iinfo(np.int64).max]))
            slices.append(self._node("Slice", [padded, self._constant(np.array([i])), end, axis]))
        return self._node("Concat", slices, axis=-1)

    def _dense(self, hidden: str, weight: np.ndarray, bias: Optional[np.ndarray], rectified: bool = False) -> str:
        """A dense layer with 8-bit weights, a scale for each output channel."""
        scale = np.maximum(np.abs(weight).max(axis=0), 1e-9) / 127
        inputs = [
            hidden,
            self._constant(np.rint(weight / scale).astype(np.int8)),
            self._constant(scale.astype(np.float32)),
            self._constant(np.zeros(len(scale), dtype=np.int8)),
        ]
        if bias is not None:
            inputs.append(self._constant(bias.astype(np.float32)))
        dense = self._node("DynamicQuantizeMatMul", inputs, domain=_MICROSOFT)
        return self._node("Relu", [dense]) if rectified else dense

    def _normalised(self, hidden: str, gain: np.ndarray, bias: np.ndarray) -> str:
        epsilon = float(self._weights["eps"])
        return self._node("LayerNormalization", [hidden, self._constant(gain), self._constant(bias)], epsilon=epsilon)

    def _constant(self, array: np.ndarray) -> str:
        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def _node(
        self, kind: str, inputs: List[str], outputs: int = 1, domain: Optional[str] = None, **attributes: Any
    ) -> Any:
        """Adds a node; returns the name of its output, or a list of names where there are several."""
        names = [f"{kind}_{len(self._nodes)}_{i}" for i in range(outputs)]
        self._nodes.append(helper.make_node(kind, inputs, names, domain=domain, **attributes))
        return names[0] if outputs == 1 else names
