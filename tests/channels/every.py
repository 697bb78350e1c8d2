"""Every platform that a shop can switch on."""

from __future__ import annotations

from tests.channels.mail_servers import MailPlatform
from tests.channels.platforms import (
    InstagramPlatform,
    MessengerPlatform,
    Platform,
    SlackPlatform,
    TelegramPlatform,
    WeChatPlatform,
    WhatsAppPlatform,
)
from tests.channels.wecom_platform import WeComPlatform

PLATFORMS: tuple[type[Platform], ...] = (
    TelegramPlatform,
    WhatsAppPlatform,
    MessengerPlatform,
    InstagramPlatform,
    SlackPlatform,
    WeChatPlatform,
    WeComPlatform,
    MailPlatform,
)
