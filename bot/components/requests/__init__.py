"""What a message asks for: its clauses, the requests among them, and which of them leads."""

from .clauses import parts
from .intents import BACKGROUND, SAME_STEP, UNCLEAR
from .leading import clear_in, lead
from .settling import doubted, opening, settle
from .splitting import Request, split_requests

__all__ = [
    "BACKGROUND",
    "SAME_STEP",
    "UNCLEAR",
    "Request",
    "clear_in",
    "doubted",
    "lead",
    "opening",
    "parts",
    "settle",
    "split_requests",
]
