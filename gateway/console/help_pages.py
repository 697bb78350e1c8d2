"""`/console/help-pages`: the shop's pages that answer questions, tried with a question and written on the spot."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Query
from starlette.responses import Response

from gateway.audit.service import note
from gateway.console.asked import TURN_ID, Asked, TurnId, asked_in
from gateway.console.rendering import Console, ConsoleRequest, Visitor, see_other
from gateway.errors import UpstreamError, UpstreamRejected
from shopdesk_schemas.help import MAX_PAGE, HelpAnswer, HelpPageChange, HelpPageTrial
from shopdesk_schemas.turn import Language

NAME = r"[a-z0-9][a-z0-9-]{0,79}"

PageName = Annotated[str, Path(pattern=f"^{NAME}$")]

router = APIRouter(prefix="/help-pages")
"""The pages. Everybody reads, whoever writes tries drafts, leads save."""


async def _answers(console: Console, asked: Asked) -> list[HelpAnswer]:
    return (await console.services.crm.help_answers(asked.words, asked.language)).answers if asked.words.strip() else []


async def _list_page(console: Console, visitor: Visitor, asked: Asked, *, wrong_name: bool = False) -> Response:
    try:
        found = await console.services.staff.help_pages(visitor.staff)
        told = await _answers(console, asked)
    except UpstreamError as error:
        return console.without_crm(visitor, error)
    return console.page(
        "help_pages.html", visitor, status=422 if wrong_name else 200, r=console.texts("help_pages"),
        entries=found.pages, asked=asked, answers=told, wrong_name=wrong_name, may_write=visitor.may_write,
    )  # fmt: skip


@router.get("")
async def show_all(console: ConsoleRequest, turn_id: TurnId = "") -> Response:
    """All help pages; with a reviewed message, what its question is answered with."""
    visitor = await console.signed_in()
    return await _list_page(console, visitor, await asked_in(console.services, turn_id, console.language))


@router.post("")
async def ask(
    console: ConsoleRequest,
    csrf: Annotated[str, Form(max_length=200)] = "",
    question: Annotated[str, Form(max_length=1000)] = "",
    language: Annotated[Language, Form()] = "en",
    turn_id: Annotated[str, Form(alias="turn", max_length=64, pattern=TURN_ID)] = "",
) -> Response:
    """A question in a form's body: shoppers' words stay out of addresses, and so out of logs."""
    visitor = await console.signed_in(csrf)
    return await _list_page(console, visitor, Asked(question.replace("\0", "").strip(), language, turn_id))


@router.get("/new")
async def open_new(
    console: ConsoleRequest,
    language: Annotated[Language, Query()] = "en",
    name: Annotated[str, Query(max_length=100)] = "",
    turn_id: TurnId = "",
) -> Response:
    """To the page that is to be written."""
    visitor = await console.signed_in()
    wanted = "-".join(name.casefold().split())
    asked = await asked_in(console.services, turn_id, language)
    if not _is_name(wanted):
        return await _list_page(console, visitor, asked, wrong_name=True)
    return see_other(f"/console/help-pages/{language}/{wanted}{asked.query}")


async def _editor(
    console: Console, visitor: Visitor, language: Language, name: str, asked: Asked, *,
    version: int | None = None, draft: HelpPageChange | None = None, problem: str = "", saved: bool = False,
    told: list[HelpAnswer] | None = None,
) -> Response:  # fmt: skip
    try:
        source = await console.services.staff.help_page(visitor.staff, language, name, version)
        told = await _answers(console, asked) if told is None else told
    except UpstreamError as error:
        return console.without_crm(visitor, error)
    said = console.texts("help_pages")
    status = {"": 200, "stale": 409}.get(problem, 422)
    return console.page(
        "help_page.html", visitor, status=status, r=said, source=source, asked=asked, answers=told,
        markdown=draft.markdown if draft else source.markdown or said["template"],
        version=draft.version if draft else source.version, shown=version, problem=problem, saved=saved,
        tried=draft is not None and not problem, longest=MAX_PAGE, may_write=visitor.may_write,
        leads=visitor.leads,
    )  # fmt: skip


@router.get("/{language}/{name}")
async def edit(
    console: ConsoleRequest, language: Language, name: PageName, turn_id: TurnId = "",
    version: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    saved: Annotated[bool, Query()] = False,
) -> Response:  # fmt: skip
    """A help page's source, or an earlier version of it."""
    visitor = await console.signed_in()
    asked = await asked_in(console.services, turn_id, language)
    return await _editor(console, visitor, language, name, asked, version=version, saved=saved)


@router.post("/{language}/{name}")
async def change(
    console: ConsoleRequest, language: Language, name: PageName,
    csrf: Annotated[str, Form(max_length=200)] = "",
    act: Annotated[Literal["try", "save", "withdraw"], Form()] = "try",
    version: Annotated[int, Form(ge=0, le=2**31 - 1)] = 0,
    markdown: Annotated[str, Form(max_length=2 * MAX_PAGE)] = "",
    question: Annotated[str, Form(max_length=1000)] = "",
    turn_id: Annotated[str, Form(alias="turn", max_length=64, pattern=TURN_ID)] = "",
) -> Response:  # fmt: skip
    """Try, save or withdraw a help page."""
    visitor = await console.signed_in(csrf)
    if not (visitor.may_write if act == "try" else visitor.leads):
        return console.forbidden(visitor)
    asked = Asked(question.replace("\0", "").strip(), language, turn_id)
    clean = markdown.replace("\0", "").replace("\r\n", "\n")
    wanted = HelpPageChange.model_construct(version=version, markdown=clean)
    if act != "withdraw" and not 1 <= len(clean.strip()) <= MAX_PAGE:
        return await _editor(console, visitor, language, name, asked, draft=wanted, problem="empty")
    try:
        if act == "try":
            told = []
            if asked.words:
                trial = HelpPageTrial(question=asked.words, language=language, name=name, markdown=clean)
                told = (await console.services.staff.try_help_page(visitor.staff, trial)).answers
            return await _editor(console, visitor, language, name, asked, draft=wanted, told=told)
        if act == "withdraw":
            await console.services.staff.withdraw_help_page(visitor.staff, language, name, version)
        else:
            await console.services.staff.save_help_page(visitor.staff, language, name, wanted)
    except UpstreamRejected as error:
        if error.status == 409:
            return await _editor(console, visitor, language, name, asked, draft=wanted, problem="stale")
        if error.status == 422:
            return await _editor(console, visitor, language, name, asked, draft=wanted, problem="empty")
        return console.without_crm(visitor, error)
    except UpstreamError as error:
        return console.without_crm(visitor, error)
    async with console.services.database.write() as session:
        note(
            session, console.services.clock, agent_id=visitor.agent.id, action=f"help_page.{act}",
            page=f"{language}/{name}", **({"turn": turn_id} if turn_id else {}),
        )  # fmt: skip
    return see_other(f"/console/help-pages/{language}/{name}?saved=1" + (f"&turn={turn_id}" if turn_id else ""))


def _is_name(value: str) -> bool:
    return re.fullmatch(NAME, value) is not None
