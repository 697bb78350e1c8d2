"""`/console/wording`: what the assistant says, by language, changed without a restart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Query
from starlette.responses import Response

from gateway import locales
from gateway.console.asked import FormTurnId, TurnId, saved_at
from gateway.console.forms import Csrf, EarlierVersion, Saved, Version, line, lines, status_of
from gateway.console.models import Agent
from gateway.console.rendering import Answered, Console, ConsoleRequest, Visitor
from gateway.errors import UpstreamError
from gateway.review import repository
from gateway.wording import service
from shopdesk_schemas.problems import Conflict
from shopdesk_schemas.turn import Language

Name = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,199}$")]

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


async def _responses(console: Console, visitor: Visitor) -> Mapping[Language, Mapping[str, list[str | None]]]:
    """What the assistant says out of the box, by language and name. Raises `Answered` while it is away."""
    try:
        return (await console.services.bot.responses()).responses
    except UpstreamError as error:
        raise Answered(console.message(visitor, 503, "assistant_away_title", "assistant_away")) from error


async def _original(console: Console, visitor: Visitor, language: Language, name: str) -> list[str | None]:
    """The texts of one response. Raises `Answered` where there is none."""
    found = (await _responses(console, visitor)).get(language, {}).get(name)
    if found is None:
        raise Answered(console.not_found(visitor))
    return found


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
    original = await _responses(console, visitor)
    said = await _said_in(console, turn_id) if turn_id else None
    chosen = language or (said[1] if said else console.language)
    async with console.services.database.read() as session:
        changed = (await service.in_force(session)).get(chosen, {})
    looked_for = line(q).casefold()
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
    original = await _original(console, visitor, language, name)
    async with console.services.database.read() as session:
        kept = await service.versions_of(session, language, name)
        names = {one.agent_id: await session.get(Agent, one.agent_id) for one in kept if one.agent_id}
    newest = kept[0] if kept else None
    shown = next((one for one in kept if one.version == version), newest)
    texts = draft.texts if draft else list(shown.texts if shown and shown.texts else original)
    if len(texts) != len(original):
        texts = list(original)
    return console.page(
        "wording.html", visitor, status=status_of("stale" if stale else "wrong" if draft and draft.problems else ""),
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
    version: EarlierVersion = None, saved: Saved = False,
) -> Response:  # fmt: skip
    """One response, or an earlier version of it."""
    visitor = await console.signed_in()
    return await _editor(console, visitor, language, name, turn_id, version=version, saved=saved)


@router.post("/{language}/{name}")
async def change(
    console: ConsoleRequest, language: Language, name: Name,
    csrf: Csrf = "",
    act: Annotated[Literal["preview", "save", "withdraw"], Form()] = "preview",
    version: Version = 0,
    turn_id: FormTurnId = "",
) -> Response:  # fmt: skip
    """Preview, save or withdraw the words of a response."""
    visitor = await (console.writer(csrf) if act == "preview" else console.lead(csrf))
    original = await _original(console, visitor, language, name)
    form = await console.request.form()
    draft = Draft(version, list(original))
    for key, value in form.items():
        place = _TEXT.fullmatch(key)
        if place and int(place[1]) < len(original) and original[int(place[1])] is not None:
            draft.texts[int(place[1])] = lines(str(value)).strip()
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
    return saved_at(f"/console/wording/{language}/{name}", turn_id)


def _preview(text: str | None) -> str | None:
    """As shoppers read it, with the names of the values in their places."""
    return re.sub(r"\{([A-Za-z_][A-Za-z0-9_]*)\}", r"‹\1›", text) if text is not None else None
