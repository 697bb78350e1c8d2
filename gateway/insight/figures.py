"""The figures: sums over judged conversations, and the rows behind each.

Every figure is one entry of `FIGURES`: its rows are those that `counted` chooses, its value is a share of all, a mean
of one column, or a number. The locale file `insight` says each formula in words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, case, func, literal, or_, select, true

from gateway.console.models import Agent
from gateway.conversations.models import Conversation
from gateway.database.engine import ReadSession
from gateway.desk.models import ConversationSegment
from gateway.insight.models import ConversationFact, UnknownMessage

PAGE_SIZE: Final = 100
UNKNOWN_READ: Final = 300
KEPT_SECONDS: Final = 60.0
CSV_ROWS: Final = 200_000

Dimension = Literal["topic", "language", "channel", "segment"]
DIMENSIONS: Final[tuple[Dimension, ...]] = ("topic", "language", "channel", "segment")

_Fact = ConversationFact


@dataclass(frozen=True)
class Figure:
    """One figure: `number` counts its rows, `share` divides them by all, `mean` averages `column` over them."""

    key: str
    kind: Literal["number", "share", "mean"]
    counted: ColumnElement[bool]
    column: SQLColumnExpression[Any] | None = None


FIGURES: Final = (
    Figure("conversations", "number", true()),
    Figure("contained", "share", _Fact.against.is_(None)),
    Figure("handed_over", "share", _Fact.against == "handed_over"),
    Figure("satisfaction", "mean", _Fact.score.is_not(None), _Fact.score),
    Figure("answer_seconds", "mean", _Fact.answer_seconds.is_not(None), _Fact.answer_seconds),
    Figure("wait_seconds", "mean", _Fact.wait_seconds.is_not(None), _Fact.wait_seconds),
    Figure("not_understood", "share", _Fact.not_understood > 0),
    Figure("left", "share", _Fact.left_at.is_not(None)),
)
BY_KEY: Final = {one.key: one for one in FIGURES}


@dataclass(frozen=True)
class Scope:
    """Which conversations: those that ended from `since` to before `until`, and of which kind; None is any."""

    since: datetime
    until: datetime
    topic: str | None = None
    language: str | None = None
    channel: str | None = None
    segment: str | None = None


@dataclass(frozen=True)
class Detail:
    """Which rows of a figure: with this reason, reason of hand-over, step or agent; None is any."""

    against: str | None = None
    handover: str | None = None
    step: str | None = None
    agent: int | None = None


@dataclass(frozen=True)
class Cell:
    """By figure how many rows it counts and what it sums, of one group of conversations."""

    counts: dict[str, int]
    sums: dict[str, float]

    def value(self, key: str) -> float | None:
        """The figure's value; None where there is nothing to divide by."""
        figure = BY_KEY[key]
        if figure.kind == "number":
            return self.counts[key]
        if figure.kind == "share":
            return self.counts[key] / self.counts["conversations"] if self.counts["conversations"] else None
        return self.sums[key] / self.counts[key] if self.counts[key] else None

    def __add__(self, other: Cell) -> Cell:
        """Both groups together."""
        return Cell(
            {key: count + other.counts[key] for key, count in self.counts.items()},
            {key: total + other.sums[key] for key, total in self.sums.items()},
        )


EMPTY: Final = Cell({one.key: 0 for one in FIGURES}, {one.key: 0.0 for one in FIGURES if one.column is not None})


@dataclass(frozen=True)
class Load:
    """One agent's part."""

    agent_id: int | None
    name: str | None
    conversations: int
    messages: int
    wait_seconds: float | None


@dataclass(frozen=True)
class Overview:
    """All that the page shows of a scope."""

    cells: dict[tuple[str, str | None], Cell]
    groups: list[tuple[str, Cell]]
    handovers: list[tuple[str, int]]
    steps: list[tuple[str, int]]
    load: list[Load]


class Overviews:
    """Overviews, each remembered until conversations are judged, at most `KEPT_SECONDS`.

    A year of a busy desk takes the database longer to add up than a page may. What is erased leaves them with the time;
    what is listed or exported is always read anew.
    """

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._kept: dict[tuple[Scope, Dimension, datetime | None], tuple[float, Overview]] = {}

    async def of(self, session: ReadSession, scope: Scope, dimension: Dimension) -> Overview:
        """The overview of a scope by one dimension."""
        now = self._seconds()
        self._kept = {key: kept for key, kept in self._kept.items() if now - kept[0] < KEPT_SECONDS}
        newest = (await session.execute(select(func.max(_Fact.judged_at)))).scalar_one_or_none()
        known = self._kept.get((scope, dimension, newest))
        if known is not None:
            return known[1]
        made = Overview(
            cells=await by_day(session, scope),
            groups=await by(session, scope, dimension),
            handovers=await tally(session, scope, _Fact.handover_reason),
            steps=await tally(session, scope, _Fact.left_at),
            load=await load(session, scope),
        )
        self._kept[scope, dimension, newest] = (now, made)
        return made


def within(scope: Scope) -> list[ColumnElement[bool]]:
    """The conditions of a scope."""
    conditions: list[ColumnElement[bool]] = [_Fact.ended_at >= scope.since, _Fact.ended_at < scope.until]
    for name in ("topic", "language", "channel"):
        value = getattr(scope, name)
        if value is not None:
            conditions.append(getattr(_Fact, name) == value)
    if scope.segment is not None:
        inside = select(ConversationSegment.key).where(
            ConversationSegment.conversation_id == _Fact.conversation_id, ConversationSegment.key == scope.segment
        )
        conditions.append(inside.exists())
    return conditions


async def by_day(session: ReadSession, scope: Scope) -> dict[tuple[str, str | None], Cell]:
    """By day (UTC, ISO) and reason against containment: one pass gives totals, the course of time and the reasons."""
    day = func.date(_Fact.ended_at)
    query = select(day, _Fact.against, *_columns()).where(*within(scope)).group_by(day, _Fact.against)
    rows = (await session.execute(query)).all()
    return {(str(row[0]), row[1]): _cell(row[2:]) for row in rows}


async def by(session: ReadSession, scope: Scope, dimension: Dimension) -> list[tuple[str, Cell]]:
    """By group of one dimension, the largest first. A conversation is in as many segments as its customer."""
    if dimension == "segment":
        key: SQLColumnExpression[Any] = ConversationSegment.key
        query = select(key, *_columns()).join(
            ConversationSegment, ConversationSegment.conversation_id == _Fact.conversation_id
        )
    else:
        key = getattr(_Fact, dimension)
        query = select(key, *_columns())
    rows = (await session.execute(query.where(*within(scope)).group_by(key))).all()
    return sorted(((str(row[0]), _cell(row[1:])) for row in rows), key=lambda one: -one[1].counts["conversations"])


async def tally(
    session: ReadSession, scope: Scope, column: SQLColumnExpression[Any], limit: int = 20
) -> list[tuple[str, int]]:
    """How many conversations have each value of a column, the most frequent first; those without are left out."""
    count = func.count()
    query = select(column, count).where(*within(scope), column.is_not(None)).group_by(column)
    rows = (await session.execute(query.order_by(count.desc(), column).limit(limit))).all()
    return [(str(row[0]), int(row[1])) for row in rows]


async def load(session: ReadSession, scope: Scope) -> list[Load]:
    """By agent: conversations that they took, messages that they wrote, how long shoppers waited for them."""
    query = (
        select(
            _Fact.agent_id,
            Agent.display_name,
            func.count(),
            func.sum(_Fact.agent_messages),
            func.avg(_Fact.wait_seconds),
        )
        .outerjoin(Agent, Agent.id == _Fact.agent_id)
        .where(*within(scope), or_(_Fact.agent_id.is_not(None), _Fact.agent_messages > 0))
        .group_by(_Fact.agent_id, Agent.display_name)
        .order_by(func.count().desc())
    )
    return [
        Load(agent_id, name, int(count), int(messages or 0), float(wait) if wait is not None else None)
        for agent_id, name, count, messages, wait in (await session.execute(query)).all()
    ]


async def unknown(session: ReadSession, scope: Scope) -> Sequence[UnknownMessage]:
    """The newest messages that were not understood."""
    query = (
        select(UnknownMessage)
        .where(UnknownMessage.at >= scope.since, UnknownMessage.at < scope.until)
        .order_by(UnknownMessage.at.desc(), UnknownMessage.turn_id)
        .limit(UNKNOWN_READ)
    )
    if scope.language is not None:
        query = query.where(UnknownMessage.language == scope.language)
    return (await session.execute(query)).scalars().all()


async def waiting_to_be_judged(session: ReadSession) -> int:
    """How many conversations are not judged yet."""
    unjudged = or_(Conversation.judged_until.is_(None), Conversation.judged_until < Conversation.last_message_at)
    return int((await session.execute(select(func.count()).select_from(Conversation).where(unjudged))).scalar_one())


def rows_query(scope: Scope, key: str, detail: Detail) -> Select[ConversationFact]:
    """The rows that a figure counts, newest first."""
    conditions = [*within(scope), BY_KEY[key].counted]
    if detail.against is not None:
        conditions.append(_Fact.against == detail.against)
    if detail.handover is not None:
        conditions.append(_Fact.handover_reason == detail.handover)
    if detail.step is not None:
        conditions.append(_Fact.left_at == detail.step)
    if detail.agent is not None:
        conditions.append(_Fact.agent_id == detail.agent)
    return select(_Fact).where(*conditions).order_by(_Fact.ended_at.desc(), _Fact.conversation_id.desc())


async def rows(
    session: ReadSession, scope: Scope, key: str, detail: Detail, after: tuple[datetime, str] | None = None
) -> Sequence[ConversationFact]:
    """One page of them and one row more."""
    query = rows_query(scope, key, detail).limit(PAGE_SIZE + 1)
    if after is not None:
        at, conversation_id = after
        query = query.where(
            or_(_Fact.ended_at < at, and_(_Fact.ended_at == at, _Fact.conversation_id < conversation_id))
        )
    return (await session.execute(query)).scalars().all()


def _columns() -> list[ColumnElement[Any]]:
    columns: list[ColumnElement[Any]] = []
    for figure in FIGURES:
        if figure.key == "conversations":
            columns.append(func.count())
            continue
        columns.append(func.sum(case((figure.counted, literal(1)), else_=literal(0))))
        if figure.column is not None:
            columns.append(func.sum(figure.column))
    return columns


def _cell(values: Sequence[Any]) -> Cell:
    counts: dict[str, int] = {}
    sums: dict[str, float] = {}
    left = iter(values)
    for figure in FIGURES:
        counts[figure.key] = int(next(left) or 0)
        if figure.column is not None:
            sums[figure.key] = float(next(left) or 0)
    return Cell(counts, sums)
