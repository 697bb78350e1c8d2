"""What the console's forms do to a conversation: labels, notes, snoozing, merging, taking the next; canned replies."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Form
from starlette.responses import Response

from gateway.console.access import ConversationId
from gateway.console.forms import Csrf, change
from gateway.console.models import Agent
from gateway.console.rendering import Console, ConsoleRequest, Visitor
from gateway.database.engine import WriteSession
from gateway.desk.replies import PLACEHOLDERS, all_replies
from shopdesk_schemas.problems import Conflict, NotFound

SNOOZES: Final = {"hour": timedelta(hours=1), "hours": timedelta(hours=4), "day": timedelta(days=1),
                  "week": timedelta(days=7)}  # fmt: skip


_LINKED = re.compile(r"([A-Za-z0-9_-]{1,64})/?(?:#\w*)?$")

router = APIRouter()
"""The forms beside a conversation, and the pages of canned replies."""


@router.post("/conversations/{conversation_id}/labels")
async def label(
    console: ConsoleRequest, conversation_id: ConversationId, csrf: Csrf = "",
    name: Annotated[str, Form(max_length=200)] = "", remove: Annotated[int | None, Form()] = None,
) -> Response:  # fmt: skip
    """Put a label on a conversation, or take it off."""

    async def act(session: WriteSession, agent: Agent) -> None:
        if remove is not None:
            await console.services.annotations.unlabel(session, conversation_id, remove, agent)
        else:
            await console.services.annotations.label(session, conversation_id, name, agent)

    return await change(console, csrf, f"/console/conversations/{conversation_id}#labels", act)


@router.post("/conversations/{conversation_id}/notes")
async def note(
    console: ConsoleRequest, conversation_id: ConversationId, csrf: Csrf = "",
    words: Annotated[str, Form(max_length=8000)] = "",
) -> Response:  # fmt: skip
    """Write a note beside a conversation."""

    async def act(session: WriteSession, agent: Agent) -> None:
        await console.services.annotations.note(session, conversation_id, words, agent)

    return await change(console, csrf, f"/console/conversations/{conversation_id}#notes", act)


@router.post("/conversations/{conversation_id}/snooze")
async def snooze(
    console: ConsoleRequest, conversation_id: ConversationId, csrf: Csrf = "",
    length: Annotated[str, Form(max_length=20)] = "",
) -> Response:  # fmt: skip
    """Put a conversation aside for a while; without a known length, take it back."""

    async def act(session: WriteSession, agent: Agent) -> None:
        until = console.services.clock.wall() + SNOOZES[length] if length in SNOOZES else None
        await console.services.annotations.snooze(session, conversation_id, until, agent)

    return await change(console, csrf, f"/console/conversations/{conversation_id}", act)


@router.post("/conversations/{conversation_id}/merge")
async def merge(
    console: ConsoleRequest, conversation_id: ConversationId, csrf: Csrf = "",
    into: Annotated[str, Form(max_length=300)] = "",
) -> Response:  # fmt: skip
    """Take a conversation for a part of another; with nothing said, separate it again."""

    async def act(session: WriteSession, agent: Agent) -> str | None:
        if not into.strip():
            await console.services.annotations.separate(session, conversation_id, agent)
            return None
        # An id, or the address of the conversation's page as it was copied.
        found = _LINKED.search(into.strip())
        if found is None:
            raise NotFound
        await console.services.annotations.merge(session, conversation_id, found[1], agent)
        return f"/console/conversations/{found[1]}"

    return await change(console, csrf, f"/console/conversations/{conversation_id}", act)


@router.post("/queue/next")
async def take_next(console: ConsoleRequest, csrf: Csrf = "") -> Response:
    """The conversation that has waited longest, as far as the agent's capacity goes."""

    async def act(session: WriteSession, agent: Agent) -> str:
        conversation_id = await console.services.handovers.take_next(session, agent)
        if conversation_id is None:
            raise Conflict
        return f"/console/conversations/{conversation_id}"

    return await change(console, csrf, "/console", act)


async def _replies_page(console: Console, visitor: Visitor, problem: bool = False, **given: str) -> Response:
    async with console.services.database.read() as session:
        replies = await all_replies(session)
    return console.page(
        "replies.html", visitor, status=422 if problem else 200, replies=replies,
        placeholders=PLACEHOLDERS, problem=problem, given=given, may_write=visitor.may_write,
    )  # fmt: skip


@router.get("/replies")
async def list_replies(console: ConsoleRequest) -> Response:
    """The canned replies."""
    return await _replies_page(console, await console.signed_in())


@router.post("/replies")
async def save_reply(
    console: ConsoleRequest, csrf: Csrf = "", reply_id: Annotated[int | None, Form()] = None,
    title: Annotated[str, Form(max_length=400)] = "", language: Annotated[str, Form(max_length=10)] = "",
    words: Annotated[str, Form(max_length=8000)] = "", intents: Annotated[str, Form(max_length=1000)] = "",
    remove: Annotated[str, Form(max_length=5)] = "",
) -> Response:  # fmt: skip
    """Keep a canned reply, or remove it."""

    async def act(session: WriteSession, agent: Agent) -> None:
        if remove and reply_id is not None:
            await console.services.replies.remove(session, reply_id, agent)
        else:
            await console.services.replies.save(session, reply_id, title, language, words, intents, agent)

    async def invalid(visitor: Visitor) -> Response:
        return await _replies_page(
            console, visitor, problem=True, title=title, language=language, words=words, intents=intents
        )

    return await change(console, csrf, "/console/replies", act, invalid=invalid)
