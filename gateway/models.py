"""Every gateway table, for migrations: importing this module fills `Model.metadata`."""

from gateway.audit.models import AuditEntry
from gateway.channels.models import ChannelEvent, Chat
from gateway.console.models import Agent, AgentSession
from gateway.conversations.models import Button, ChatToken, Conversation, Message, OutboxEntry, Turn
from gateway.database.base import Model
from gateway.desk.models import CannedReply, ConversationLabel, ConversationSegment, Label, Mention, Note
from gateway.handover.models import Handover
from gateway.images.models import Image
from gateway.insight.models import ConversationFact, UnknownMessage
from gateway.review.models import Correction, ReviewItem, ReviewJob, UnderstandingVersion
from gateway.search.models import SearchDocument
from gateway.surveys.models import Rating
from gateway.wording.models import WordingVersion

__all__ = [
    "Agent",
    "AgentSession",
    "AuditEntry",
    "Button",
    "CannedReply",
    "ChannelEvent",
    "Chat",
    "ChatToken",
    "Conversation",
    "ConversationFact",
    "ConversationLabel",
    "ConversationSegment",
    "Correction",
    "Handover",
    "Image",
    "Label",
    "Mention",
    "Message",
    "Model",
    "Note",
    "OutboxEntry",
    "Rating",
    "ReviewItem",
    "ReviewJob",
    "SearchDocument",
    "Turn",
    "UnderstandingVersion",
    "UnknownMessage",
    "WordingVersion",
]
