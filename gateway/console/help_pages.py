"""`/console/help-pages`: the shop's pages that answer questions, tried with a question and written on the spot."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Query
from starlette.responses import Response

from gateway.console.asked import Asked, FormTurnId, TurnId, asked_in, saved_at
from gateway.console.forms import Csrf, EarlierVersion, Saved, Version, line, lines, status_of
from gateway.console.rendering import Console, ConsoleRequest, Visitor, see_other
from gateway.errors import UpstreamRejected
from shopdesk_schemas.help import MAX_PAGE, HelpAnswer, HelpPageChange, HelpPageTrial
from shopdesk_schemas.turn import Language

NAME = r"[a-z0-9][a-z0-9-]{0,79}"

PageName = Annotated[str, Path(pattern=f"^{NAME}$")]

router = APIRouter(prefix="/help-pages")
"""The pages. Everybody reads, whoever writes tries drafts, leads save."""


async def _answers(console: Console, asked: Asked) -> list[HelpAnswer]:
    return (await console.services.crm.help_answers(asked.words, asked.language)).answers if asked.words.strip() else []


async def _list_page(console: Console, visitor: Visitor, asked: Asked, *, wrong_name: bool = False) -> Response:
    found = await console.services.staff.help_pages(visitor.staff)
    told = await _answers(console, asked)
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
    csrf: Csrf = "",
    question: Annotated[str, Form(max_length=1000)] = "",
    language: Annotated[Language, Form()] = "en",
    turn_id: FormTurnId = "",
) -> Response:
    """A question in a form's body: shoppers' words stay out of addresses, and so out of logs."""
    visitor = await console.signed_in(csrf)
    return await _list_page(console, visitor, Asked(line(question), language, turn_id))


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
    source = await console.services.staff.help_page(visitor.staff, language, name, version)
    told = await _answers(console, asked) if told is None else told
    said = console.texts("help_pages")
    return console.page(
        "help_page.html", visitor, status=status_of(problem), r=said, source=source, asked=asked, answers=told,
        markdown=draft.markdown if draft else source.markdown or said["template"],
        version=draft.version if draft else source.version, shown=version, problem=problem, saved=saved,
        tried=draft is not None and not problem, longest=MAX_PAGE, may_write=visitor.may_write,
        leads=visitor.leads,
    )  # fmt: skip


@router.get("/{language}/{name}")
async def edit(
    console: ConsoleRequest, language: Language, name: PageName, turn_id: TurnId = "",
    version: EarlierVersion = None,
    saved: Saved = False,
) -> Response:  # fmt: skip
    """A help page's source, or an earlier version of it."""
    visitor = await console.signed_in()
    asked = await asked_in(console.services, turn_id, language)
    return await _editor(console, visitor, language, name, asked, version=version, saved=saved)


@router.post("/{language}/{name}")
async def change(
    console: ConsoleRequest, language: Language, name: PageName,
    csrf: Csrf = "",
    act: Annotated[Literal["try", "save", "withdraw"], Form()] = "try",
    version: Version = 0,
    markdown: Annotated[str, Form(max_length=2 * MAX_PAGE)] = "",
    question: Annotated[str, Form(max_length=1000)] = "",
    turn_id: FormTurnId = "",
) -> Response:  # fmt: skip
    """Try, save or withdraw a help page."""
    visitor = await (console.writer(csrf) if act == "try" else console.lead(csrf))
    asked = Asked(line(question), language, turn_id)
    clean = lines(markdown)
    wanted = HelpPageChange.model_construct(version=version, markdown=clean)
    if act != "withdraw" and not 1 <= len(clean.strip()) <= MAX_PAGE:
        return await _editor(console, visitor, language, name, asked, draft=wanted, problem="empty")
    try:
        told: list[HelpAnswer] = []
        if act == "try" and asked.words:
            trial = HelpPageTrial(question=asked.words, language=language, name=name, markdown=clean)
            told = (await console.services.staff.try_help_page(visitor.staff, trial)).answers
        elif act == "withdraw":
            await console.services.staff.withdraw_help_page(visitor.staff, language, name, version)
        elif act == "save":
            await console.services.staff.save_help_page(visitor.staff, language, name, wanted)
    except UpstreamRejected as error:
        problem = {409: "stale", 422: "empty"}.get(error.status)
        if problem is None:
            raise
        return await _editor(console, visitor, language, name, asked, draft=wanted, problem=problem)
    if act == "try":
        return await _editor(console, visitor, language, name, asked, draft=wanted, told=told)
    await console.audit(visitor, f"help_page.{act}", turn_id=turn_id, page=f"{language}/{name}")
    return saved_at(f"/console/help-pages/{language}/{name}", turn_id)


def _is_name(value: str) -> bool:
    return re.fullmatch(NAME, value) is not None
