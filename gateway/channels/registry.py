"""The channels that a shop's settings switch on."""

from __future__ import annotations

import httpx
from pydantic import SecretStr

from gateway.channels.calls import PlatformApi
from gateway.channels.messenger import Instagram, Messenger
from gateway.channels.port import Channel
from gateway.channels.settings import ChannelSettings
from gateway.channels.slack import Slack
from gateway.channels.telegram import Telegram
from gateway.channels.wechat import WeChat
from gateway.channels.whatsapp import WhatsApp


def switched_on(settings: ChannelSettings, http: httpx.AsyncClient) -> dict[str, Channel]:
    """By name every channel that has all it needs."""

    def api(base_url: str) -> PlatformApi:
        return PlatformApi(http, base_url, settings.channel_seconds)

    channels: list[Channel] = []
    if (token := _said(settings.telegram_token)) and (secret := _said(settings.telegram_webhook_secret)):
        channels.append(Telegram(api(settings.telegram_api), token, secret))
    meta_secret, meta_verify = _said(settings.meta_app_secret), _said(settings.meta_verify_token)
    if meta_secret and meta_verify:
        graph = api(settings.meta_api)
        if (token := _said(settings.whatsapp_token)) and settings.whatsapp_phone_number_id:
            channels.append(WhatsApp(graph, token, meta_secret, meta_verify, settings.whatsapp_phone_number_id))
        if token := _said(settings.messenger_token):
            channels.append(Messenger(graph, token, meta_secret, meta_verify))
        if token := _said(settings.instagram_token):
            channels.append(Instagram(graph, token, meta_secret, meta_verify))
    if (token := _said(settings.slack_token)) and (secret := _said(settings.slack_signing_secret)):
        channels.append(Slack(api(settings.slack_api), token, secret))
    app_secret, token = _said(settings.wechat_app_secret), _said(settings.wechat_token)
    if settings.wechat_app_id and app_secret and token:
        keys = [key for key in map(_said, (settings.wechat_aes_key, settings.wechat_previous_aes_key)) if key]
        channels.append(WeChat(api(settings.wechat_api), settings.wechat_app_id, app_secret, token, keys))
    return {channel.name: channel for channel in channels}


def _said(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret is not None else ""
