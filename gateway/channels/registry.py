"""The channels that a shop's settings switch on."""

from __future__ import annotations

from collections.abc import Callable

import httpx
from pydantic import SecretStr

from gateway.channels.calls import PlatformApi
from gateway.channels.downloads import Downloads, host_of
from gateway.channels.mail.channel import Mailing, MailServer
from gateway.channels.mail.mailbox import Mailbox
from gateway.channels.messenger import Instagram, Messenger
from gateway.channels.port import Channel
from gateway.channels.settings import ChannelSettings
from gateway.channels.slack import Slack
from gateway.channels.telegram import Telegram
from gateway.channels.wechat import WeChat
from gateway.channels.wecom import WeCom
from gateway.channels.whatsapp import WhatsApp


def switched_on(
    settings: ChannelSettings, http: httpx.AsyncClient, downloads: Downloads, keyed: Callable[[str, str], str]
) -> dict[str, Channel]:
    """By name every channel that has all it needs. `keyed` makes keyed hashes of a purpose and a value."""

    def api(base_url: str) -> PlatformApi:
        return PlatformApi(http, base_url, settings.channel_seconds, downloads)

    channels: list[Channel] = []
    if (token := _said(settings.telegram_token)) and (secret := _said(settings.telegram_webhook_secret)):
        channels.append(Telegram(api(settings.telegram_api), token, secret))
    meta_secret, meta_verify = _said(settings.meta_app_secret), _said(settings.meta_verify_token)
    if meta_secret and meta_verify:
        graph = api(settings.meta_api)
        if (token := _said(settings.whatsapp_token)) and settings.whatsapp_phone_number_id:
            number, templates = settings.whatsapp_phone_number_id, {**settings.whatsapp_templates}
            channels.append(WhatsApp(graph, token, meta_secret, meta_verify, number, templates))
        if token := _said(settings.messenger_token):
            messenger = Messenger(graph, token, meta_secret, meta_verify, human_agent=settings.meta_human_agent)
            messenger.templates = {**settings.messenger_templates}
            channels.append(messenger)
        if token := _said(settings.instagram_token):
            channels.append(Instagram(graph, token, meta_secret, meta_verify, human_agent=settings.meta_human_agent))
    if (token := _said(settings.slack_token)) and (secret := _said(settings.slack_signing_secret)):
        channels.append(Slack(api(settings.slack_api), token, secret))
    app_secret, token = _said(settings.wechat_app_secret), _said(settings.wechat_token)
    if settings.wechat_app_id and app_secret and token:
        keys = [key for key in map(_said, (settings.wechat_aes_key, settings.wechat_previous_aes_key)) if key]
        channels.append(WeChat(api(settings.wechat_api), settings.wechat_app_id, app_secret, token, keys))
    secret, token, key = _said(settings.wecom_secret), _said(settings.wecom_token), _said(settings.wecom_aes_key)
    if settings.wecom_corp_id and secret and token and key:
        keys = [each for each in (key, _said(settings.wecom_previous_aes_key)) if each]
        channels.append(WeCom(api(settings.wecom_api), settings.wecom_corp_id, secret, token, keys))
    if (mail := _mailing(settings, keyed)) is not None:
        channels.append(mail)
    return {channel.name: channel for channel in channels}


def downloads_for(settings: ChannelSettings) -> Downloads:
    """Files from everywhere outside, and from where the shop's settings say that files are."""
    apis = (settings.telegram_api, settings.meta_api, settings.slack_api, settings.wechat_api, settings.wecom_api)
    own = (host_of(each) for each in (settings.public_url, *apis) if each)
    return Downloads(settings.channel_seconds, (*settings.picture_hosts, *own))


def _mailing(settings: ChannelSettings, keyed: Callable[[str, str], str]) -> Mailing | None:
    secret = _said(settings.mail_webhook_secret)
    if not settings.mail_address or not settings.smtp_host or not (secret or settings.imap_host):
        return None
    server = MailServer(
        host=settings.smtp_host, port=settings.smtp_port, tls=settings.smtp_tls, user=settings.smtp_user,
        password=settings.smtp_password, seconds=settings.channel_seconds,
    )  # fmt: skip
    mailbox = Mailbox(
        host=settings.imap_host, port=settings.imap_port, tls=settings.imap_tls, user=settings.imap_user,
        password=settings.imap_password, folder=settings.imap_folder, seconds=settings.channel_seconds,
    ) if settings.imap_host else None  # fmt: skip
    return Mailing(
        address=settings.mail_address, sender_name=settings.mail_name, server=server, mailbox=mailbox,
        every=settings.imap_seconds, webhook_secret=secret, authserv_id=settings.mail_authserv_id, keyed=keyed,
    )  # fmt: skip


def _said(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret is not None else ""
