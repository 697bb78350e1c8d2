"""Pictures of what understanding makes of sets kept aside: which intents are taken for which, and how far its
confidence can be believed. `python -m nlu_report test SET… --pictures FOLDER` draws them as SVG.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import List, Sequence, Tuple

import matplotlib

matplotlib.use("svg")

import numpy as np
from matplotlib import pyplot as plt
from nlu_measures import Ranking, calibration_error, reliability, step
from nlu_sets import Example

_SETTINGS = {
    "svg.hashsalt": "shopdesk",  # equal figures give equal files
    "svg.fonttype": "none",
    "font.size": 7,
}


def draw_confusions(rankings: Sequence[Ranking], examples: Sequence[Example], title: str, path: Path) -> None:
    """The intents that were mistaken or taken for another, row: meant, column: understood, shares of the row."""
    pairs = Counter(
        (step(intent), step(ranking[0][0])) for ranking, (_, intent) in zip(rankings, examples, strict=True)
    )
    meant = Counter(step(intent) for _, intent in examples)
    names = sorted({name for pair in pairs if pair[0] != pair[1] for name in pair})
    shares = np.array([[pairs[row, column] / max(meant[row], 1) for column in names] for row in names])
    with plt.rc_context(_SETTINGS):
        side = 2.5 + 0.16 * len(names)
        figure, axes = plt.subplots(figsize=(side, side))
        axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
        axes.set_xticks(range(len(names)), names, rotation=90)
        axes.set_yticks(range(len(names)), [f"{name} ({meant[name]})" for name in names])
        for row, column in zip(*np.nonzero(shares), strict=True):
            dark = shares[row, column] > 0.5
            count = pairs[names[row], names[column]]
            axes.text(column, row, str(count), ha="center", va="center", color="white" if dark else "black", fontsize=5)
        axes.set_xlabel("understood")
        axes.set_ylabel("meant (messages)")
        axes.set_title(f"{title}: intents with mistakes, {_right(pairs):.1%} of {len(examples)} messages right")
        _save(figure, path)


def draw_reliability(rankings: Sequence[Ranking], examples: Sequence[Example], title: str, path: Path) -> None:
    """Confidence against the share that is right, for each tenth of confidence, with the messages in it."""
    confidence = np.array([ranking[0][1] for ranking in rankings])
    right = np.array(
        [step(ranking[0][0]) == step(intent) for ranking, (_, intent) in zip(rankings, examples, strict=True)]
    )
    rows = reliability(confidence, right)
    with plt.rc_context(_SETTINGS):
        figure, (upper, lower) = plt.subplots(
            2, 1, figsize=(4, 4.6), sharex=True, gridspec_kw={"height_ratios": [3, 1]}
        )
        upper.plot([0, 1], [0, 1], linestyle=":", color="grey")
        upper.plot([mean for mean, _, _ in rows], [share for _, share, _ in rows], marker="o")
        upper.set_ylabel("share that is right")
        upper.set_title(f"{title}: calibration error {calibration_error(confidence, right):.3f}")
        lower.bar([mean for mean, _, _ in rows], [count for _, _, count in rows], width=0.06)
        lower.set_ylabel("messages")
        lower.set_xlabel("confidence")
        _save(figure, path)


def _right(pairs: "Counter[Tuple[str, str]]") -> float:
    return sum(count for (meant, understood), count in pairs.items() if meant == understood) / sum(pairs.values())


def _save(figure: plt.Figure, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, bbox_inches="tight", metadata={"Date": None})
    plt.close(figure)


def draw(rankings: List[Ranking], examples: List[Example], name: str, folder: Path) -> None:
    """Both pictures of a set, named after it."""
    draw_confusions(rankings, examples, name, folder / f"confusions_{name}.svg")
    draw_reliability(rankings, examples, name, folder / f"reliability_{name}.svg")
