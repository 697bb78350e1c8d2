"""What the console's forms do to a conversation: labels, notes, snoozing, merging, taking the next; canned replies."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Form, Path, Request
from starlette.responses import Response

from gateway.console.models import Agent
from gateway.console.rendering import ConsolePages, Visitor, see_other
from gateway.database.engine import WriteSession
from gateway.desk.replies import PLACEHOLDERS, all_replies
from gateway.services import Services
from shopdesk_schemas.problems import Conflict, InvalidInput, NotFound

SNOOZES: Final = {"hour": timedelta(hours=1), "hours": timedelta(hours=4), "day": timedelta(days=1),
                  "week": timedelta(days=7)}  # fmt: skip

ConversationId = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Csrf = Annotated[str, Form(max_length=200)]

_LINKED = re.compile(r"([A-Za-z0-9_-]{1,64})/?(?:#\w*)?$")


def desk_router(services: Services, pages: ConsolePages) -> APIRouter:
    """The forms beside a conversation, and the pages of canned replies."""
    router = APIRouter()

    async def change(
        request: Request,
        csrf: str,
        back: str,
        act: Callable[[WriteSession, Agent], Awaitable[str | None]],
    ) -> Response:
        """Do one thing in a transaction and return to `back`, or to where the thing done says."""
        visitor = await pages.visitor(request)
        if visitor is None:
            return see_other("/console/login")
        if not pages.form_is_ours(visitor, csrf):
            return pages.form_expired(request, visitor)
        if not visitor.may_write:
            return pages.forbidden(request, visitor)
        try:
            async with services.database.write() as session:
                target = await act(session, visitor.agent)
        except NotFound:
            return pages.message(request, visitor, 404, "not_found_title", "not_found_here")
        except InvalidInput:
            return pages.message(request, visitor, 422, "form_problems_title", "form_problems_words")
        except Conflict:
            return pages.message(request, visitor, 409, "conflict_title", "conflict")
        return see_other(target or back)

    @router.post("/conversations/{conversation_id}/labels")
    async def label(
        request: Request, conversation_id: ConversationId, csrf: Csrf = "",
        name: Annotated[str, Form(max_length=200)] = "", remove: Annotated[int | None, Form()] = None,
    ) -> Response:  # fmt: skip
        async def act(session: WriteSession, agent: Agent) -> None:
            if remove is not None:
                await services.annotations.unlabel(session, conversation_id, remove, agent)
            else:
                await services.annotations.label(session, conversation_id, name, agent)

        return await change(request, csrf, f"/console/conversations/{conversation_id}#labels", act)

    @router.post("/conversations/{conversation_id}/notes")
    async def note(
        request: Request, conversation_id: ConversationId, csrf: Csrf = "",
        words: Annotated[str, Form(max_length=8000)] = "",
    ) -> Response:  # fmt: skip
        async def act(session: WriteSession, agent: Agent) -> None:
            await services.annotations.note(session, conversation_id, words, agent)

        return await change(request, csrf, f"/console/conversations/{conversation_id}#notes", act)

    @router.post("/conversations/{conversation_id}/snooze")
    async def snooze(
        request: Request, conversation_id: ConversationId, csrf: Csrf = "",
        length: Annotated[str, Form(max_length=20)] = "",
    ) -> Response:  # fmt: skip
        async def act(session: WriteSession, agent: Agent) -> None:
            until = services.clock.wall() + SNOOZES[length] if length in SNOOZES else None
            await services.annotations.snooze(session, conversation_id, until, agent)

        return await change(request, csrf, f"/console/conversations/{conversation_id}", act)

    @router.post("/conversations/{conversation_id}/merge")
    async def merge(
        request: Request, conversation_id: ConversationId, csrf: Csrf = "",
        into: Annotated[str, Form(max_length=300)] = "",
    ) -> Response:  # fmt: skip
        async def act(session: WriteSession, agent: Agent) -> str | None:
            if not into.strip():
                await services.annotations.separate(session, conversation_id, agent)
                return None
            # An id, or the address of the conversation's page as it was copied.
            found = _LINKED.search(into.strip())
            if found is None:
                raise NotFound
            await services.annotations.merge(session, conversation_id, found[1], agent)
            return f"/console/conversations/{found[1]}"

        return await change(request, csrf, f"/console/conversations/{conversation_id}", act)

    @router.post("/queue/next")
    async def take_next(request: Request, csrf: Csrf = "") -> Response:
        """The conversation that has waited longest, as far as the agent's capacity goes."""

        async def act(session: WriteSession, agent: Agent) -> str:
            conversation_id = await services.handovers.take_next(session, agent)
            if conversation_id is None:
                raise Conflict
            return f"/console/conversations/{conversation_id}"

        return await change(request, csrf, "/console", act)

    async def replies_page(request: Request, visitor: Visitor, problem: bool = False, **given: str) -> Response:
        async with services.database.read() as session:
            replies = await all_replies(session)
        return pages.page(
            "replies.html", request, visitor, status=422 if problem else 200, replies=replies,
            placeholders=PLACEHOLDERS, problem=problem, given=given, may_write=visitor.may_write,
        )  # fmt: skip

    @router.get("/replies")
    async def list_replies(request: Request) -> Response:
        visitor = await pages.visitor(request)
        return await replies_page(request, visitor) if visitor else see_other("/console/login")

    @router.post("/replies")
    async def save_reply(
        request: Request, csrf: Csrf = "", reply_id: Annotated[int | None, Form()] = None,
        title: Annotated[str, Form(max_length=400)] = "", language: Annotated[str, Form(max_length=10)] = "",
        words: Annotated[str, Form(max_length=8000)] = "", intents: Annotated[str, Form(max_length=1000)] = "",
        remove: Annotated[str, Form(max_length=5)] = "",
    ) -> Response:  # fmt: skip
        async def act(session: WriteSession, agent: Agent) -> None:
            if remove and reply_id is not None:
                await services.replies.remove(session, reply_id, agent)
            else:
                await services.replies.save(session, reply_id, title, language, words, intents, agent)

        answer = await change(request, csrf, "/console/replies", act)
        visitor = await pages.visitor(request)
        if answer.status_code == 422 and visitor is not None:
            return await replies_page(
                request, visitor, problem=True, title=title, language=language, words=words, intents=intents
            )
        return answer

    return router
