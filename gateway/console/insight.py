"""`/console/insight`: the desk's figures, each with its formula and its rows, as a page, as CSV, and for printing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import Response

from gateway import locales
from gateway.console import charts, places
from gateway.console import figures as amounts
from gateway.console.rendering import Console, ConsoleRequest, Visitor
from gateway.console.tables import csv_file
from gateway.desk.service import known_segments
from gateway.insight import figures
from gateway.insight.clusters import cluster
from gateway.insight.figures import BY_KEY, DIMENSIONS, EMPTY, FIGURES, Cell, Detail, Dimension, Scope
from gateway.insight.models import AGAINST, ConversationFact
from shopdesk_schemas.problems import InvalidInput
from shopdesk_schemas.turn import Language

PERIODS: Final = (7, 30, 90, 365)
GROUPS_SHOWN: Final = 15
EXAMPLES_SHOWN: Final = 3
KEYS: Final = tuple(one.key for one in FIGURES)

_LANGUAGES: Final = {"en": "English", "zh": "中文"}
_Text = Annotated[str, Query(max_length=200)]
_Days = Annotated[int, Query(ge=1, le=3660)]

router = APIRouter()
"""The pages. Everybody signed in may read; lists that leave the desk are noted."""


@router.get("/insight")
async def show(
    console: ConsoleRequest, days: _Days = 30, by: _Text = "topic", topic: _Text = "", language: _Text = "",
    channel: _Text = "", segment: _Text = "",
) -> Response:  # fmt: skip
    """The desk's figures."""
    visitor = await console.signed_in()
    given = _given(topic, language, channel, segment)
    dimension = _dimension(by)
    scope = _scope(console.services.clock.wall(), days, given)
    async with console.services.database.read() as session:
        found = await console.services.overviews.of(session, scope, dimension)
        unknown = await figures.unknown(session, scope)
        waiting = await figures.waiting_to_be_judged(session)
        segments = await known_segments(session)
    words = _Words(console.language)
    by_day, reasons, total = _folded(found.cells)

    def link(path: str = "/console/insight", **change: object) -> str:
        return f"{path}?" + urlencode({**_set(given), "days": days, "by": dimension, **change})

    def rows_link(key: str, **more: object) -> str:
        return "/console/insight/rows?" + urlencode({**_set(given), "days": days, "figure": key, **more})

    return console.page(
        "insight.html", visitor, i=words.texts, days=days, periods=PERIODS, keys=KEYS, total=total,
        after=console.services.settings.containment_days, waiting=waiting, dimension=dimension,
        given={name: given[name] or "" for name in DIMENSIONS}, groups=found.groups, link=link, rows_link=rows_link,
        choices={"topic": words.topics, "language": sorted(_LANGUAGES), "channel": ["web", *console.services.channels],
                 "segment": segments},
        course=charts.line([(at, cell.counts["conversations"]) for at, cell in by_day]), by_day=by_day,
        against=reasons, handovers=found.handovers, steps=found.steps, load=found.load, unknown=_grouped(unknown),
        bars=lambda found: charts.bars([count for _value, count in found]),
        against_link=lambda value: rows_link("conversations", against=value),
        handover_link=lambda value: rows_link("conversations", handover=value),
        step_link=lambda value: rows_link("left", step=value),
        against_words=lambda value: words.texts[f"against_{value}"], handover_words=words.handover,
        step_words=words.step, group=words.group, shown=words.shown, length=words.length,
    )  # fmt: skip


@router.get("/insight.csv")
async def as_csv(
    console: ConsoleRequest, days: _Days = 30, by: _Text = "topic", topic: _Text = "", language: _Text = "",
    channel: _Text = "", segment: _Text = "",
) -> Response:  # fmt: skip
    """Counts, sums and values of every figure by group, for a spreadsheet."""
    visitor = await console.signed_in()
    dimension = _dimension(by)
    scope = _scope(console.services.clock.wall(), days, _given(topic, language, channel, segment))
    async with console.services.database.read() as session:
        groups = await figures.by(session, scope, dimension)
    heads = [part for one in FIGURES for part in (one.key, *([f"{one.key}_n"] if one.kind != "number" else []))]
    lines = [
        [name, *(part for one in FIGURES for part in (cell.value(one.key), *(
            [cell.counts[one.key]] if one.kind != "number" else [])))]
        for name, cell in groups
    ]  # fmt: skip
    return await _sent(console, visitor, f"insight-{dimension}.csv", [dimension, *heads], lines)


@router.get("/insight/rows")
async def rows(
    console: ConsoleRequest, figure: _Text = "conversations", days: _Days = 30, topic: _Text = "", language: _Text = "",
    channel: _Text = "", segment: _Text = "", against: _Text = "", handover: _Text = "", step: _Text = "",
    agent: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0, after: _Text = "",
    form: Annotated[str, Query(max_length=10)] = "",
) -> Response:  # fmt: skip
    """The conversations that a figure counts; `form=csv` gives all of them as a file."""
    visitor = await console.signed_in()
    if figure not in BY_KEY or (against and against not in AGAINST):
        raise InvalidInput
    given = _given(topic, language, channel, segment)
    scope = _scope(console.services.clock.wall(), days, given)
    detail = Detail(against or None, _plain(handover), _plain(step), agent or None)
    if form == "csv":
        async with console.services.database.read() as session:
            query = figures.rows_query(scope, figure, detail).limit(figures.CSV_ROWS)
            found = (await session.execute(query)).scalars().all()
        names = [one.key for one in ConversationFact.__table__.columns]
        lines = [[_cell(getattr(one, name)) for name in names] for one in found]
        return await _sent(console, visitor, f"insight-{figure}-rows.csv", names, lines)
    async with console.services.database.read() as session:
        page = await figures.rows(session, scope, figure, detail, places.read(after, places.moment))
    words = _Words(console.language)
    shown = page[: figures.PAGE_SIZE]
    more = places.write(shown[-1].ended_at.isoformat(), shown[-1].conversation_id) if len(page) > len(shown) else None
    narrow = {"against": against, "handover": handover, "step": step, "agent": agent or ""}
    query_string = {**_set(given), **{name: value for name, value in narrow.items() if value}, "days": days,
                    "figure": figure}  # fmt: skip
    narrowed = [words.group(name, value) for name, value in given.items() if value]
    narrowed += [words.texts[f"against_{against}"]] if against else []
    narrowed += [words.handover(handover)] if handover else []
    narrowed += [words.step(step)] if step else []
    return console.page(
        "insight_rows.html", visitor, i=words.texts, figure=figure, facts=shown, narrowed=narrowed,
        step_words=words.step,
        group=words.group, length=words.length, back="/console/insight?" + urlencode({**_set(given), "days": days}),
        csv="/console/insight/rows?" + urlencode({**query_string, "form": "csv"}),
        next_page="/console/insight/rows?" + urlencode({**query_string, "after": more}) if more else None,
    )  # fmt: skip


async def _sent(console: Console, visitor: Visitor, name: str, heads: list[str], lines: list[list[Any]]) -> Response:
    await console.audit(visitor, "insight.csv", file=name, rows=len(lines))
    return csv_file(name, heads, lines)


class _Words:
    """How values are said in the visitor's language."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self.texts = locales.texts(self._language, "insight")
        self._console = locales.texts(self._language, "console")
        self.topics = sorted(key.removeprefix("topic_") for key in self.texts if key.startswith("topic_"))

    def group(self, dimension: str, value: str) -> str:
        """The name of a group."""
        if dimension == "language":
            return _LANGUAGES.get(value, value)
        if dimension == "channel":
            return str(self._console.get(f"channel_{value}", value))
        if dimension == "topic":
            return str(self.texts.get(f"topic_{value}", value))
        return value.replace("_", " ")

    def handover(self, reason: str) -> str:
        """A reason for a person."""
        return str(self._console.get(f"reason_{reason}", reason))

    def step(self, name: str) -> str:
        """What the assistant did last; a step without words of its own by its plain name."""
        return str(
            self.texts.get(f"step_{name}") or name.removeprefix("action_").removeprefix("utter_").replace("_", " ")
        )

    def length(self, seconds: float | None) -> str:
        """A length of time, as short as it can be said."""
        if seconds is None:
            return "–"
        unit, size = ("seconds", 1) if seconds < 120 else ("minutes", 60) if seconds < 7200 else ("hours", 3600)
        return str(self.texts[unit]).format(number=amounts.number(seconds / size, self._language, 1))

    def shown(self, key: str, cell: Cell) -> str:
        """A figure's value."""
        value = cell.value(key)
        if key.endswith("_seconds"):
            return self.length(value)
        if BY_KEY[key].kind == "share":
            return amounts.share(value, self._language)
        return amounts.number(value, self._language, 2 if BY_KEY[key].kind == "mean" else 0)


def _folded(
    cells: Mapping[tuple[str, str | None], Cell],
) -> tuple[list[tuple[datetime, Cell]], list[tuple[str, int]], Cell]:
    """By day, by reason against (most frequent first), and all together."""
    days: dict[str, Cell] = {}
    reasons: dict[str, int] = {}
    total = EMPTY
    for (day, reason), cell in cells.items():
        days[day] = days.get(day, EMPTY) + cell
        total = total + cell
        if reason is not None:
            reasons[reason] = reasons.get(reason, 0) + cell.counts["conversations"]
    course = [(datetime.fromisoformat(day).replace(tzinfo=UTC), cell) for day, cell in sorted(days.items())]
    return course, sorted(reasons.items(), key=lambda one: (-one[1], one[0])), total


def _grouped(messages: Any) -> list[tuple[int, list[Any]]]:
    found = cluster([one.words for one in messages])[:GROUPS_SHOWN]
    return [(len(one.members), [messages[index] for index in one.members[:EXAMPLES_SHOWN]]) for one in found]


def _given(topic: str, language: str, channel: str, segment: str) -> dict[str, str | None]:
    return {
        "topic": _plain(topic),
        "language": _plain(language),
        "channel": _plain(channel),
        "segment": _plain(segment),
    }


def _set(given: Mapping[str, str | None]) -> dict[str, object]:
    return {name: value for name, value in given.items() if value}


def _plain(value: str) -> str | None:
    return value.replace("\0", "") or None


def _dimension(value: str) -> Dimension:
    return next((one for one in get_args(Dimension) if one == value), "topic")


def _scope(now: datetime, days: int, given: Mapping[str, str | None]) -> Scope:
    """Whole days, UTC, today included."""
    tomorrow = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return Scope(tomorrow - timedelta(days=days), tomorrow, **given)


def _cell(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
