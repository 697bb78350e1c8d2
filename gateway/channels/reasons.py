"""Why a message of ours did not go out, where it is our own judgement: short names, put into words by the console.

What a platform says is kept as the platform said it.
"""

from __future__ import annotations

from typing import Final

CHAT_GONE: Final = "chat_gone"
WINDOW_CLOSED: Final = "window_closed"
"""The platform's time for free words after the shopper's last message is over."""
QUOTA_USED: Final = "quota_used"
"""As many messages went out since the shopper's last as the platform allows; it goes when the shopper writes again."""
PLATFORM_LIMIT: Final = "platform_limit"
UNDELIVERABLE: Final = "undeliverable"
PICTURE_GONE: Final = "picture_gone"
"""It was erased before it went out."""
TOO_MANY: Final = "too_many"
"""More messages of one sender in a short time than a person writes."""

OWN: Final = frozenset({CHAT_GONE, WINDOW_CLOSED, QUOTA_USED, PLATFORM_LIMIT, UNDELIVERABLE, PICTURE_GONE, TOO_MANY})
