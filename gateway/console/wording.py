"""`/console/wording`: what the assistant says, by language, changed without a restart."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Query
from starlette.responses import Response

from gateway import locales
from gateway.console.models import Agent
from gateway.console.rendering import Console, ConsoleRequest, Visitor, see_other
from gateway.errors import UpstreamError
from gateway.review import repository
from gateway.wording import service
from shopdesk_schemas.problems import Conflict
from shopdesk_schemas.turn import Language

Name = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,199}$")]
TurnId = Annotated[str, Query(alias="turn", max_length=64, pattern=r"^[A-Za-z0-9_.:-]*$")]

_TEXT = re.compile(r"text-(\d{1,3})")


@dataclass(frozen=True)
class Listed:
    """A response in the list."""

    name: str
    texts: list[str]
    changed: bool


@dataclass
class Draft:
    """What somebody wrote, and what is wrong with it by the text's place."""

    version: int
    texts: list[str | None]
    problems: dict[int, str] = field(default_factory=dict)


router = APIRouter(prefix="/wording")
"""The pages. Everybody reads, whoever writes sees drafts as shoppers would, leads save."""


def _without_assistant(console: Console, visitor: Visitor) -> Response:
    return console.message(visitor, 503, "assistant_away_title", "assistant_away")


async def _said_in(console: Console, turn_id: str) -> tuple[list[str], Language] | None:
    """The assistant's replies to a reviewed message, and their language."""
    async with console.services.database.read() as session:
        found = await repository.turn_of(session, turn_id)
        if found is None:
            return None
        messages = await repository.around(session, found[0])
    replies = [
        str(one.content.get("text") or "")
        for one in messages
        if one.author == "assistant" and one.seq > found[0].last_seq
    ]
    return replies, locales.known(locales.language_of(" ".join(replies), "en")) or "en"


@router.get("")
async def show_all(
    console: ConsoleRequest,
    language: Annotated[Language | None, Query()] = None,
    q: Annotated[str, Query(max_length=200)] = "",
    turn_id: TurnId = "",
) -> Response:
    """Responses in one language, by their words or by a reviewed message."""
    visitor = await console.signed_in()
    try:
        original = (await console.services.bot.responses()).responses
    except UpstreamError:
        return _without_assistant(console, visitor)
    said = await _said_in(console, turn_id) if turn_id else None
    chosen = language or (said[1] if said else console.language)
    async with console.services.database.read() as session:
        changed = (await service.in_force(session)).get(chosen, {})
    looked_for = q.replace("\0", "").strip().casefold()
    rows = []
    for name, texts in sorted(original.get(chosen, {}).items()):
        now = [one for one in changed.get(name, texts) if one]
        if said and not any(service.said_by(one, reply) for one in now for reply in said[0]):
            continue
        if now and looked_for in " ".join([name, *now]).casefold():
            rows.append(Listed(name, now, name in changed))
    return console.page(
        "wordings.html", visitor, r=console.texts("wording"), rows=rows, language_chosen=chosen, q=q,
        turn_id=turn_id if said else "",
    )  # fmt: skip


async def _editor(
    console: Console, visitor: Visitor, language: Language, name: str, turn_id: str, *,
    version: int | None = None, draft: Draft | None = None, stale: bool = False, saved: bool = False,
) -> Response:  # fmt: skip
    try:
        original = (await console.services.bot.responses()).responses.get(language, {}).get(name)
    except UpstreamError:
        return _without_assistant(console, visitor)
    if original is None:
        return console.not_found(visitor)
    async with console.services.database.read() as session:
        kept = await service.versions_of(session, language, name)
        names = {one.agent_id: await session.get(Agent, one.agent_id) for one in kept if one.agent_id}
    newest = kept[0] if kept else None
    shown = next((one for one in kept if one.version == version), newest)
    texts = draft.texts if draft else list(shown.texts if shown and shown.texts else original)
    if len(texts) != len(original):
        texts = list(original)
    return console.page(
        "wording.html", visitor, status=409 if stale else 422 if draft and draft.problems else 200,
        r=console.texts("wording"), name=name, of=language, texts=texts, original=original, kept=kept,
        names={number: one.display_name for number, one in names.items() if one is not None},
        version=draft.version if draft else newest.version if newest else 0,
        shown=shown.version if shown and not draft else None, changed=bool(newest and newest.texts is not None),
        problems=draft.problems if draft else {}, stale=stale, saved=saved, turn_id=turn_id,
        previews=[_preview(one) for one in texts] if draft and not draft.problems else [],
        variables=[sorted(service.variables(one or "")) for one in original],
        longest=service.MAX_TEXT, may_write=visitor.may_write, leads=visitor.leads,
    )  # fmt: skip


@router.get("/{language}/{name}")
async def edit(
    console: ConsoleRequest, language: Language, name: Name, turn_id: TurnId = "",
    version: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None, saved: Annotated[bool, Query()] = False,
) -> Response:  # fmt: skip
    """One response, or an earlier version of it."""
    visitor = await console.signed_in()
    return await _editor(console, visitor, language, name, turn_id, version=version, saved=saved)


@router.post("/{language}/{name}")
async def change(
    console: ConsoleRequest, language: Language, name: Name,
    csrf: Annotated[str, Form(max_length=200)] = "",
    act: Annotated[Literal["preview", "save", "withdraw"], Form()] = "preview",
    version: Annotated[int, Form(ge=0, le=2**31 - 1)] = 0,
    turn_id: Annotated[str, Form(alias="turn", max_length=64, pattern=r"^[A-Za-z0-9_.:-]*$")] = "",
) -> Response:  # fmt: skip
    """Preview, save or withdraw the words of a response."""
    visitor = await console.signed_in(csrf)
    if not (visitor.may_write if act == "preview" else visitor.leads):
        return console.forbidden(visitor)
    try:
        original = (await console.services.bot.responses()).responses.get(language, {}).get(name)
    except UpstreamError:
        return _without_assistant(console, visitor)
    if original is None:
        return console.not_found(visitor)
    form = await console.request.form()
    draft = Draft(version, list(original))
    for key, value in form.items():
        place = _TEXT.fullmatch(key)
        if place and int(place[1]) < len(original) and original[int(place[1])] is not None:
            draft.texts[int(place[1])] = str(value).replace("\0", "").replace("\r\n", "\n").strip()
    for number, (text, before) in enumerate(zip(draft.texts, original, strict=True)):
        if act != "withdraw" and (problem := service.problem_of(text, before)):
            draft.problems[number] = problem
    if act == "preview" or draft.problems:
        return await _editor(console, visitor, language, name, turn_id, draft=draft)
    try:
        async with console.services.database.write() as session:
            if act == "withdraw":
                await console.services.wordings.withdraw(session, visitor.agent, language, name, version)
            else:
                await console.services.wordings.save(
                    session, visitor.agent, language, name, version, draft.texts, original
                )
    except Conflict:
        return await _editor(console, visitor, language, name, turn_id, draft=draft, stale=True)
    more = f"&turn={turn_id}" if turn_id else ""
    return see_other(f"/console/wording/{language}/{name}?saved=1{more}")


def _preview(text: str | None) -> str | None:
    """As shoppers read it, with the names of the values in their places."""
    return re.sub(r"\{([A-Za-z_][A-Za-z0-9_]*)\}", r"‹\1›", text) if text is not None else None
