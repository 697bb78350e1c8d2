"""Forgetting, for a shopper, whose the account on a messaging platform is that a conversation is held on."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.access import ConversationId
from gateway.console.forms import Csrf
from gateway.console.rendering import ConsoleRequest, see_other

router = APIRouter()


@router.post("/conversations/{conversation_id}/forget-account")
async def forget_account(
    console: ConsoleRequest,
    conversation_id: ConversationId,
    csrf: Csrf = "",
) -> Response:
    """Forget whose the account on the platform is."""
    visitor = await console.writer(csrf)
    await console.services.staff.forget_account(visitor.staff, conversation_id)
    await console.audit(visitor, "conversation.forget_account", conversation_id=conversation_id)
    return see_other(f"/console/conversations/{conversation_id}")
