"""`/console/help-pages`: the shop's pages that answer questions, tried with a question and written on the spot."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Path, Query, Request
from starlette.responses import Response

from gateway import locales
from gateway.audit.service import note
from gateway.console.asked import TURN_ID, Asked, TurnId, asked_in
from gateway.console.rendering import ConsolePages, Visitor, see_other
from gateway.errors import UpstreamError, UpstreamRejected
from gateway.services import Services
from shopdesk_schemas.help import MAX_PAGE, HelpAnswer, HelpPageChange, HelpPageTrial
from shopdesk_schemas.turn import Language

NAME = r"[a-z0-9][a-z0-9-]{0,79}"

PageName = Annotated[str, Path(pattern=f"^{NAME}$")]


def help_pages_router(services: Services, pages: ConsolePages) -> APIRouter:
    """The pages. Everybody reads, whoever writes tries drafts, leads save."""
    router = APIRouter(prefix="/help-pages")

    def words(request: Request) -> Mapping[str, Any]:
        return locales.texts(pages.language(request), "help_pages")

    async def answers(asked: Asked) -> list[HelpAnswer]:
        return (await services.crm.help_answers(asked.words, asked.language)).answers if asked.words.strip() else []

    async def list_page(request: Request, visitor: Visitor, asked: Asked, *, wrong_name: bool = False) -> Response:
        try:
            found = await services.staff.help_pages(visitor.staff)
            told = await answers(asked)
        except UpstreamError as error:
            return pages.without_crm(request, visitor, error)
        return pages.page(
            "help_pages.html", request, visitor, status=422 if wrong_name else 200, r=words(request),
            entries=found.pages, asked=asked, answers=told, wrong_name=wrong_name, may_write=visitor.may_write,
        )  # fmt: skip

    @router.get("")
    async def show_all(request: Request, turn_id: TurnId = "") -> Response:
        visitor = await pages.visitor(request)
        if visitor is None:
            return see_other("/console/login")
        return await list_page(request, visitor, await asked_in(services, turn_id, pages.language(request)))

    @router.post("")
    async def ask(
        request: Request,
        csrf: Annotated[str, Form(max_length=200)] = "",
        question: Annotated[str, Form(max_length=1000)] = "",
        language: Annotated[Language, Form()] = "en",
        turn_id: Annotated[str, Form(alias="turn", max_length=64, pattern=TURN_ID)] = "",
    ) -> Response:
        """A question in a form's body: shoppers' words stay out of addresses, and so out of logs."""
        visitor = await pages.visitor(request)
        if visitor is None:
            return see_other("/console/login")
        if not pages.form_is_ours(visitor, csrf):
            return pages.form_expired(request, visitor)
        return await list_page(request, visitor, Asked(question.replace("\0", "").strip(), language, turn_id))

    @router.get("/new")
    async def open_new(
        request: Request,
        language: Annotated[Language, Query()] = "en",
        name: Annotated[str, Query(max_length=100)] = "",
        turn_id: TurnId = "",
    ) -> Response:
        visitor = await pages.visitor(request)
        if visitor is None:
            return see_other("/console/login")
        wanted = "-".join(name.casefold().split())
        asked = await asked_in(services, turn_id, language)
        if not _is_name(wanted):
            return await list_page(request, visitor, asked, wrong_name=True)
        return see_other(f"/console/help-pages/{language}/{wanted}{asked.query}")

    async def editor(
        request: Request, visitor: Visitor, language: Language, name: str, asked: Asked, *,
        version: int | None = None, draft: HelpPageChange | None = None, problem: str = "", saved: bool = False,
        told: list[HelpAnswer] | None = None,
    ) -> Response:  # fmt: skip
        try:
            source = await services.staff.help_page(visitor.staff, language, name, version)
            told = await answers(asked) if told is None else told
        except UpstreamError as error:
            return pages.without_crm(request, visitor, error)
        said = words(request)
        status = {"": 200, "stale": 409}.get(problem, 422)
        return pages.page(
            "help_page.html", request, visitor, status=status, r=said, source=source, asked=asked, answers=told,
            markdown=draft.markdown if draft else source.markdown or said["template"],
            version=draft.version if draft else source.version, shown=version, problem=problem, saved=saved,
            tried=draft is not None and not problem, longest=MAX_PAGE, may_write=visitor.may_write,
            leads=visitor.leads,
        )  # fmt: skip

    @router.get("/{language}/{name}")
    async def edit(
        request: Request, language: Language, name: PageName, turn_id: TurnId = "",
        version: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
        saved: Annotated[bool, Query()] = False,
    ) -> Response:  # fmt: skip
        visitor = await pages.visitor(request)
        if visitor is None:
            return see_other("/console/login")
        asked = await asked_in(services, turn_id, language)
        return await editor(request, visitor, language, name, asked, version=version, saved=saved)

    @router.post("/{language}/{name}")
    async def change(
        request: Request, language: Language, name: PageName,
        csrf: Annotated[str, Form(max_length=200)] = "",
        act: Annotated[Literal["try", "save", "withdraw"], Form()] = "try",
        version: Annotated[int, Form(ge=0, le=2**31 - 1)] = 0,
        markdown: Annotated[str, Form(max_length=2 * MAX_PAGE)] = "",
        question: Annotated[str, Form(max_length=1000)] = "",
        turn_id: Annotated[str, Form(alias="turn", max_length=64, pattern=TURN_ID)] = "",
    ) -> Response:  # fmt: skip
        visitor = await pages.visitor(request)
        if visitor is None:
            return see_other("/console/login")
        if not pages.form_is_ours(visitor, csrf):
            return pages.form_expired(request, visitor)
        if not (visitor.may_write if act == "try" else visitor.leads):
            return pages.forbidden(request, visitor)
        asked = Asked(question.replace("\0", "").strip(), language, turn_id)
        clean = markdown.replace("\0", "").replace("\r\n", "\n")
        wanted = HelpPageChange.model_construct(version=version, markdown=clean)
        if act != "withdraw" and not 1 <= len(clean.strip()) <= MAX_PAGE:
            return await editor(request, visitor, language, name, asked, draft=wanted, problem="empty")
        try:
            if act == "try":
                told = []
                if asked.words:
                    trial = HelpPageTrial(question=asked.words, language=language, name=name, markdown=clean)
                    told = (await services.staff.try_help_page(visitor.staff, trial)).answers
                return await editor(request, visitor, language, name, asked, draft=wanted, told=told)
            if act == "withdraw":
                await services.staff.withdraw_help_page(visitor.staff, language, name, version)
            else:
                await services.staff.save_help_page(visitor.staff, language, name, wanted)
        except UpstreamRejected as error:
            if error.status == 409:
                return await editor(request, visitor, language, name, asked, draft=wanted, problem="stale")
            if error.status == 422:
                return await editor(request, visitor, language, name, asked, draft=wanted, problem="empty")
            return pages.without_crm(request, visitor, error)
        except UpstreamError as error:
            return pages.without_crm(request, visitor, error)
        async with services.database.write() as session:
            note(
                session, services.clock, agent_id=visitor.agent.id, action=f"help_page.{act}",
                page=f"{language}/{name}", **({"turn": turn_id} if turn_id else {}),
            )  # fmt: skip
        return see_other(f"/console/help-pages/{language}/{name}?saved=1" + (f"&turn={turn_id}" if turn_id else ""))

    return router


def _is_name(value: str) -> bool:
    return re.fullmatch(NAME, value) is not None
