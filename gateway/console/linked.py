"""Forgetting, for a shopper, whose the account on a messaging platform is that a conversation is held on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from starlette.responses import Response

from gateway.audit.service import note
from gateway.clients.staff import StaffMember
from gateway.console.rendering import ConsolePages, see_other
from gateway.errors import UpstreamError
from gateway.services import Services


def linked_router(services: Services, pages: ConsolePages) -> APIRouter:
    """The form in the panel."""
    router = APIRouter()

    @router.post("/conversations/{conversation_id}/forget-account")
    async def forget_account(
        request: Request,
        conversation_id: Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")],
        csrf: Annotated[str, Form(max_length=200)] = "",
    ) -> Response:
        visitor = await pages.visitor(request)
        if visitor is None:
            return see_other("/console/login")
        if not pages.form_is_ours(visitor, csrf):
            return pages.form_expired(request, visitor)
        if not visitor.may_write:
            return pages.forbidden(request, visitor)
        agent = visitor.agent
        try:
            who = StaffMember.of(agent.id, agent.username, agent.role)
            await services.staff.forget_account(who, conversation_id)
        except UpstreamError as error:
            return pages.without_crm(request, visitor, error)
        async with services.database.write() as session:
            note(
                session,
                services.clock,
                agent_id=agent.id,
                action="conversation.forget_account",
                conversation_id=conversation_id,
            )
        return see_other(f"/console/conversations/{conversation_id}")

    return router
