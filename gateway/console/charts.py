"""Charts as plain numbers, which the templates draw as SVG: no script, no inline style, a table always beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 14, 30
"""Of the line chart, in units of its view box: the margins hold the axes' labels."""


@dataclass(frozen=True)
class Tick:
    """A label of an axis and where it stands."""

    at: float
    value: int


@dataclass(frozen=True)
class Dot:
    """One value of a line chart."""

    x: float
    y: float
    at: datetime
    value: int


@dataclass(frozen=True)
class LineChart:
    """A line over time, from zero upwards."""

    dots: tuple[Dot, ...]
    ticks: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    base: int = HEIGHT - BOTTOM

    @property
    def points(self) -> str:
        """For `polyline`."""
        return " ".join(f"{dot.x:.1f},{dot.y:.1f}" for dot in self.dots)


def line(values: Sequence[tuple[datetime, int]]) -> LineChart:
    """Values in order of time. Its scale begins at zero: a cut one makes small changes look great."""
    top = _nice(max((value for _at, value in values), default=0))
    first = values[0][0].timestamp() if values else 0.0
    span = (values[-1][0].timestamp() - first if values else 0.0) or 1.0
    alone = len({at for at, _value in values}) < 2

    def x(at: datetime) -> float:
        part = 0.5 if alone else (at.timestamp() - first) / span
        return LEFT + part * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM)

    steps = [top * step // 2 for step in range(3)] if top % 2 == 0 else [0, top]
    return LineChart(
        dots=tuple(Dot(x(at), y(value), at, value) for at, value in values),
        ticks=tuple(Tick(y(value), value) for value in steps),
    )


def bars(values: Sequence[float]) -> list[float]:
    """Lengths of bars, 0 to 100, the greatest value full."""
    top = max(values, default=0.0)
    return [round(100 * value / top, 2) if top > 0 else 0.0 for value in values]


def _nice(value: int) -> int:
    """The least of 1, 2, 4, 5 or 10 times a power of ten that is not below `value`; at least 1."""
    power = 1
    while True:
        for step in (1, 2, 4, 5):
            if step * power >= value:
                return step * power
        power *= 10


SIDE, AROUND = 320, 48


@dataclass(frozen=True)
class Told:
    """Parts of one tenth of the cases: what they were told, and how many of them it was."""

    x: float
    y: float
    told: float
    found: float


@dataclass(frozen=True)
class Calibration:
    """A reliability diagram: what was told against what happened; the diagonal is the truth."""

    dots: tuple[Told, ...]
    marks: tuple[tuple[float, float, float], ...]
    """(share, place on the axis across, place on the axis upwards)."""
    low: int = AROUND
    high: int = AROUND + SIDE
    size: int = SIDE + 2 * AROUND

    @property
    def points(self) -> str:
        """For `polyline`."""
        return " ".join(f"{dot.x:.1f},{dot.y:.1f}" for dot in self.dots)


def calibration(table: Sequence[tuple[float, float]]) -> Calibration:
    """From (told, found) shares; both axes reach as far as the greatest of all, so that the diagonal is one."""
    most = min(1.0, max(0.05, *(max(pair) for pair in table)) * 1.1) if table else 1.0

    def across(share: float) -> float:
        return AROUND + share / most * SIDE

    def up(share: float) -> float:
        return AROUND + SIDE - share / most * SIDE

    marks = [most * step / 4 for step in range(5)]
    return Calibration(
        dots=tuple(Told(across(told), up(found), told, found) for told, found in table),
        marks=tuple((share, across(share), up(share)) for share in marks),
    )
