"""Forgetting, for a shopper, whose the account on a messaging platform is that a conversation is held on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Path
from starlette.responses import Response

from gateway.audit.service import note
from gateway.clients.staff import StaffMember
from gateway.console.rendering import ConsoleRequest, see_other
from gateway.errors import UpstreamError

router = APIRouter()


@router.post("/conversations/{conversation_id}/forget-account")
async def forget_account(
    console: ConsoleRequest,
    conversation_id: Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")],
    csrf: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Forget whose the account on the platform is."""
    visitor = await console.writer(csrf)
    agent = visitor.agent
    try:
        who = StaffMember.of(agent.id, agent.username, agent.role)
        await console.services.staff.forget_account(who, conversation_id)
    except UpstreamError as error:
        return console.without_crm(visitor, error)
    async with console.services.database.write() as session:
        note(
            session,
            console.services.clock,
            agent_id=agent.id,
            action="conversation.forget_account",
            conversation_id=conversation_id,
        )
    return see_other(f"/console/conversations/{conversation_id}")
