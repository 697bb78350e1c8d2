"""Every gateway table, for migrations: importing this module fills `Model.metadata`."""

from gateway.console.models import Agent, AgentSession
from gateway.conversations.models import Button, ChatToken, Conversation, Message, OutboxEntry, Turn
from gateway.database.base import Model

__all__ = ["Agent", "AgentSession", "Button", "ChatToken", "Conversation", "Message", "Model", "OutboxEntry", "Turn"]
