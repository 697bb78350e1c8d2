"""`/console/review`: the reviewers' queue, one turn with its cause, and the proposed change to the training data."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Path, Query
from sqlalchemy import select
from starlette.responses import JSONResponse, PlainTextResponse, Response

from gateway import locales
from gateway.audit.service import note
from gateway.console import places
from gateway.console.forms import Csrf, Version, change
from gateway.console.models import Agent
from gateway.console.rendering import Console, ConsoleRequest, Visitor
from gateway.console.repository import intents as seen_intents
from gateway.console.transcript import island_words
from gateway.database.engine import WriteSession
from gateway.errors import UpstreamError
from gateway.review import repository
from gateway.review.engineers_case import case_of
from gateway.review.examples import Example, patch
from gateway.review.findings import as_list
from gateway.review.masking import mask
from gateway.review.models import CAUSES, Correction
from gateway.review.repository import ItemFilter, Place
from shopdesk_schemas.problems import NotFound
from shopdesk_schemas.turn import Entity

STALE: Final = timedelta(minutes=2)
"""A job that nobody took up for so long says that no worker runs."""

PLACES: Final = {
    "understanding": "/console/review/proposal",
    "wrong_item": "/console/other-names",
    "policy": "/console/policies",
    "wording": "/console/wording",
    "help_page": "/console/help-pages",
}
"""Pages of the console on which something of that cause can be changed at once."""

TurnId = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")]

_log = logging.getLogger("shopdesk.review")

router = APIRouter(prefix="/review")
"""The pages. Whoever writes may mark and compare; leads publish and roll back."""


async def _known_intents(console: Console) -> list[str]:
    """What the assistant tells apart; without it, what it ever understood."""
    async with console.services.database.read() as session:
        seen = set(await seen_intents(session))
    try:
        seen |= set((await console.services.bot.intents()).intents)
    except UpstreamError as error:
        _log.info("the assistant does not say what it tells apart", extra={"fields": {"why": str(error)}})
    return sorted(seen - {"nlu_fallback"})


@router.get("")
async def queue(
    console: ConsoleRequest,
    state: Annotated[str, Query(max_length=20)] = "open",
    cause: Annotated[str, Query(max_length=20)] = "",
    language: Annotated[str, Query(max_length=8)] = "",
    after: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Messages that need a reviewer, the most doubtful first."""
    visitor = await console.signed_in()
    chosen = ItemFilter(
        state if state in {"open", "to_mend", "closed"} else "open",
        cause if cause in CAUSES else None,
        locales.known(language),
    )
    begins = places.read(after, float)
    async with console.services.database.read() as session:
        rows, more = await repository.items(session, chosen, Place(*begins) if begins else None)
        counts = await repository.counts(session)
    beyond = places.write(repr(more.score), more.turn_id) if more else None
    given = {"state": chosen.state, "cause": chosen.cause or "", "language": chosen.language or ""}
    return console.page(
        "review.html", visitor, r=console.texts("review"), rows=rows, counts=counts, causes=CAUSES,
        chosen=chosen,
        next_page="/console/review?" + urlencode({**given, "after": beyond}) if beyond else None,
    )  # fmt: skip


async def _turn_page(console: Console, visitor: Visitor, turn_id: str, given: dict[str, str] | None = None) -> Response:
    async with console.services.database.read() as session:
        found = await repository.turn_of(session, turn_id)
        if found is None:
            return console.not_found(visitor)
        turn, item, correction = found
        messages = await repository.around(session, turn)
        agent = await session.get(Agent, item.agent_id) if item is not None and item.agent_id else None
    # Only the turn that is looked at is shown with what was understood.
    lines = console.drawing.lines(messages, {turn.id: turn}, {})
    entities = [Entity.model_validate(one) for one in (turn.understanding or {}).get("entities", [])]
    stored = {
        "cause": (item.cause if item else None) or "",
        "intent": correction.intent if correction else "",
        "words": correction.words if correction else mask(str(turn.input.get("text") or ""), entities),
        "subject": (item.subject if item else None) or "",
        "remedy": (item.remedy if item else None) or "",
    }
    return console.page(
        "review_turn.html", visitor, status=422 if given else 200, r=console.texts("review"), turn=turn,
        item=item, correction=correction, lines=[one.model_dump(mode="json") for one in lines],
        name=agent.display_name if agent else None, causes=CAUSES, places=PLACES,
        intents=await _known_intents(console), given=given or stored,
        problem=given is not None, may_write=visitor.may_write, words=island_words(console.texts("console")),
    )  # fmt: skip


@router.get("/turns/{turn_id}")
async def show_turn(console: ConsoleRequest, turn_id: TurnId) -> Response:
    """One message with what was understood and done."""
    return await _turn_page(console, await console.signed_in(), turn_id)


@router.post("/turns/{turn_id}")
async def mark_turn(
    console: ConsoleRequest, turn_id: TurnId, csrf: Csrf = "", cause: Annotated[str, Form(max_length=20)] = "",
    intent: Annotated[str, Form(max_length=200)] = "", words: Annotated[str, Form(max_length=4000)] = "",
    subject: Annotated[str, Form(max_length=400)] = "", remedy: Annotated[str, Form(max_length=8000)] = "",
) -> Response:  # fmt: skip
    """Keep what was wrong with a message."""
    # Nobody else has the assistant asked.
    await console.writer(csrf)
    intents = await _known_intents(console)

    async def act(session: WriteSession, agent: Agent) -> None:
        await console.services.reviews.mark(
            session, turn_id, agent, cause=cause, subject=subject, remedy=remedy, words=words, intent=intent,
            intents=intents,
        )  # fmt: skip

    async def invalid(visitor: Visitor) -> Response:
        given = {"cause": cause, "intent": intent, "words": words, "subject": subject, "remedy": remedy}
        return await _turn_page(console, visitor, turn_id, given)

    return await change(console, csrf, "/console/review", act, invalid=invalid)


@router.get("/turns/{turn_id}/case.json")
async def engineers_case(console: ConsoleRequest, turn_id: TurnId) -> Response:
    """The message with what ran and in which versions, without personal data, for who mends the code."""
    visitor = await console.writer()
    async with console.services.database.write() as session:
        found = await repository.turn_of(session, turn_id)
        if found is None:
            return console.not_found(visitor)
        turn, item, _correction = found
        kinds = [
            str(one.content.get("kind"))
            for one in await repository.around(session, turn)
            if one.author == "assistant" and one.reply_to == turn.last_seq
        ]
        content = case_of(turn, item, kinds, console.services.settings.public_url)
        note(
            session, console.services.clock, agent_id=visitor.agent.id, action="review.export", which="case",
            conversation_id=turn.conversation_id, turn=turn_id,
        )  # fmt: skip
    return JSONResponse(content, headers={"Content-Disposition": f'attachment; filename="case-{turn_id[:16]}.json"'})


@router.post("/turns/{turn_id}/settle")
async def settle(
    console: ConsoleRequest, turn_id: TurnId, csrf: Csrf = "", reopen: Annotated[str, Form(max_length=5)] = ""
) -> Response:
    """Close a message, or open it again."""

    async def act(session: WriteSession, agent: Agent) -> None:
        await console.services.reviews.settle(session, turn_id, agent, reopen=bool(reopen))

    return await change(console, csrf, f"/console/review/turns/{turn_id}", act)


@router.get("/proposal")
async def proposal(console: ConsoleRequest) -> Response:
    """The proposed change to the training data, with its jobs and versions."""
    visitor = await console.signed_in()
    async with console.services.database.read() as session:
        before, after, waiting = await console.services.reviews.proposed(session)
        jobs = await repository.jobs(session)
        versions = await repository.versions(session)
        accepted = await console.services.reviews.is_accepted(session, [one.stored() for one in after])
        agents = (await session.execute(select(Agent))).scalars().all()
    now = console.services.clock.wall()
    return console.page(
        "review_proposal.html", visitor, r=console.texts("review"), corrections=waiting,
        diff=patch(before, after).splitlines(), jobs=jobs, versions=versions, accepted=accepted,
        stale={one.id for one in jobs if one.state == "asked" and now - one.asked_at > STALE},
        under_way=any(one.under_way for one in jobs), names={one.id: one.display_name for one in agents},
        may_write=visitor.may_write, leads=visitor.leads,
    )  # fmt: skip


@router.post("/corrections/{number}/withdraw")
async def withdraw(
    console: ConsoleRequest, number: Annotated[int, Path(ge=1, le=2**31 - 1)], csrf: Csrf = ""
) -> Response:
    """Take a correction back; its message is open again."""

    async def act(session: WriteSession, agent: Agent) -> None:
        found = await session.get(Correction, number)
        if found is None or found.state != "proposed":
            raise NotFound
        found.state = "withdrawn"
        await console.services.reviews.settle(session, found.turn_id, agent, reopen=True)

    return await change(console, csrf, "/console/review/proposal", act)


@router.post("/jobs")
async def ask_for_job(
    console: ConsoleRequest, csrf: Csrf = "", kind: Annotated[str, Form(max_length=20)] = ""
) -> Response:
    """Have the proposal compared or published."""

    async def act(session: WriteSession, agent: Agent) -> None:
        await console.services.reviews.ask_for(session, "publish" if kind == "publish" else "compare", agent)

    return await change(console, csrf, "/console/review/proposal", act, lead=kind == "publish")


@router.post("/roll-back")
async def roll_back(console: ConsoleRequest, csrf: Csrf = "", version: Version = 0) -> Response:
    """Go back to an earlier version of the training data."""

    async def act(session: WriteSession, agent: Agent) -> None:
        await console.services.reviews.roll_back(session, version, agent)

    return await change(console, csrf, "/console/review/proposal", act, lead=True)


@router.get("/proposal.patch")
async def proposed_patch(console: ConsoleRequest) -> Response:
    """What is proposed, as a change of what was published."""
    return await _as_patch(console, "proposed")


@router.get("/published.patch")
async def published_patch(console: ConsoleRequest) -> Response:
    """Everything that is in force, as a change of a repository that has none of it."""
    return await _as_patch(console, "published")


@router.get("/findings.md")
async def findings(console: ConsoleRequest) -> Response:
    """All that is to be mended outside the console, by cause and what it is about, for who mends it."""
    visitor = await console.writer()
    texts = console.texts("review")
    async with console.services.database.write() as session:
        found = await repository.to_mend(session)
        note(session, console.services.clock, agent_id=visitor.agent.id, action="review.export", which="findings")
    return PlainTextResponse(
        as_list(found, texts, console.services.settings.public_url), media_type="text/markdown",
        headers={"Content-Disposition": 'attachment; filename="findings.md"'},
    )  # fmt: skip


async def _as_patch(console: Console, which: str) -> Response:
    visitor = await console.writer()
    async with console.services.database.write() as session:
        before, after, _waiting = await console.services.reviews.proposed(session)
        base: list[Example] = before if which == "proposed" else []
        content = patch(base, after if which == "proposed" else before)
        note(session, console.services.clock, agent_id=visitor.agent.id, action="review.export", which=which)
    return PlainTextResponse(
        content, media_type="text/x-diff", headers={"Content-Disposition": f'attachment; filename="{which}.patch"'}
    )
