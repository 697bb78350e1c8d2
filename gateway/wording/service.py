"""Changing what the assistant says, and what holds now. Works inside the caller's transaction."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from gateway.audit.service import note
from gateway.console.models import Agent
from gateway.database.engine import AnySession, Database, WriteSession
from gateway.wording.models import WordingVersion
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.problems import Conflict, FieldProblem, InvalidInput
from shopdesk_schemas.turn import Language, Wordings

MAX_TEXT: Final = 2000
"""Of one text, in characters."""

_LOOKED_AT_SECONDS: Final = 3.0
_VARIABLE: Final = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


class ShopWordings:
    """The shop's own words, remembered for a few seconds: every turn asks for them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._looked = float("-inf")
        self._now: Wordings = {}

    async def current(self) -> Wordings:
        """What holds; a change is known at once where it was made, and within seconds in other gateways."""
        if time.monotonic() - self._looked >= _LOOKED_AT_SECONDS:
            self._looked = time.monotonic()
            async with self._database.read() as session:
                self._now = await in_force(session)
        return self._now

    async def save(
        self, session: WriteSession, agent: Agent, language: Language, name: str, version: int,
        texts: Sequence[str | None], original: Sequence[str | None],
    ) -> None:  # fmt: skip
        """Let these words hold. Raises `InvalidInput` naming the text, `Conflict` when somebody saved meanwhile."""
        problems = [
            FieldProblem(field=f"text-{place}", message=problem)
            for place, (text, before) in enumerate(zip(texts, original, strict=True))
            if (problem := problem_of(text, before))
        ]
        if problems:
            raise InvalidInput(errors=problems)
        await self._store(session, agent, language, name, version, list(texts))

    async def withdraw(self, session: WriteSession, agent: Agent, language: Language, name: str, version: int) -> None:
        """Let the repository's words hold again. Raises `Conflict`."""
        await self._store(session, agent, language, name, version, None)

    async def _store(
        self, session: WriteSession, agent: Agent, language: Language, name: str, version: int,
        texts: list[str | None] | None,
    ) -> None:  # fmt: skip
        newest = await session.scalar(
            select(func.max(WordingVersion.version)).where(
                WordingVersion.language == language, WordingVersion.name == name
            )
        )
        if version != (newest or 0):
            raise Conflict
        session.add(
            WordingVersion(
                language=language, name=name, version=version + 1, texts=texts, agent_id=agent.id,
                at=self._clock.wall(),
            )
        )  # fmt: skip
        try:
            await session.flush()
        except IntegrityError as error:
            raise Conflict from error
        note(
            session, self._clock, agent_id=agent.id, action="wording.withdraw" if texts is None else "wording.save",
            response=f"{language}/{name}", version=version + 1,
        )  # fmt: skip
        session.after_commit(self._look_again)

    def _look_again(self) -> None:
        self._looked = float("-inf")


def problem_of(text: str | None, original: str | None) -> str | None:
    """What is wrong with new words for a variation: `missing`, `long`, `variable` or `braces`; None when nothing."""
    if original is None:
        return None if text is None else "variable"
    if text is None or not text.strip():
        return "missing"
    if len(text) > MAX_TEXT:
        return "long"
    if not variables(text) <= variables(original):
        return "variable"
    return "braces" if set("{}") & set(_VARIABLE.sub("", text)) else None


def variables(text: str) -> set[str]:
    """The names in braces that are filled with values."""
    return set(_VARIABLE.findall(text))


def said_by(text: str, reply: str) -> bool:
    """Whether a reply may have come of this text: its words between the variables, in their order."""
    parts = [re.escape(part) for part in _VARIABLE.split(text)[::2]]
    return any(part.strip() for part in parts) and re.fullmatch(".*?".join(parts), reply, re.DOTALL) is not None


async def in_force(session: AnySession) -> Wordings:
    """What holds now, by language and response."""
    newest = select(func.max(WordingVersion.id)).group_by(WordingVersion.language, WordingVersion.name)
    rows = (await session.execute(select(WordingVersion).where(WordingVersion.id.in_(newest)))).scalars()
    found: Wordings = {}
    for one in rows:
        if one.texts is not None:
            found.setdefault("zh" if one.language == "zh" else "en", {})[one.name] = list(one.texts)
    return found


async def versions_of(session: AnySession, language: str, name: str) -> Sequence[WordingVersion]:
    """All versions, the newest first."""
    query = select(WordingVersion).where(WordingVersion.language == language, WordingVersion.name == name)
    return (await session.execute(query.order_by(WordingVersion.version.desc()))).scalars().all()
