"""Settings of the messaging channels. A channel is on when the secrets it needs are set; nothing else switches it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import NoDecode

from shopdesk_schemas.settings import MailServerSettings


class ChannelSettings(MailServerSettings):
    """What the channels read from the environment."""

    public_url: str = Field(
        default="",
        description=(
            "The gateway's address as browsers and platforms see it (`https://desk.shop.example`), where platforms "
            "fetch pictures; empty means as it was asked."
        ),
    )
    channel_seconds: float = Field(
        default=10.0, gt=0, le=60, description="How long one call of a messaging platform may take."
    )
    picture_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description=(
            "Comma-separated hosts inside the shop's own network, each with or without a port "
            "(`images.internal:8080`), that pictures of products may be fetched from. Any other address that is not "
            "a public one is refused."
        ),
    )

    telegram_token: SecretStr | None = Field(
        default=None, description="The bot's token from BotFather; switches Telegram on, with the webhook's secret."
    )
    telegram_webhook_secret: SecretStr | None = Field(
        default=None, description="The `secret_token` that the Telegram webhook was registered with."
    )
    telegram_api: str = Field(default="https://api.telegram.org", description="Where the Telegram Bot API is.")

    meta_app_secret: SecretStr | None = Field(
        default=None, description="The Meta app's secret, which signs WhatsApp, Messenger and Instagram webhooks."
    )
    meta_verify_token: SecretStr | None = Field(
        default=None, description="The verify token given when the Meta webhooks were registered."
    )
    meta_api: str = Field(
        default="https://graph.facebook.com/v23.0", description="Where Meta's Graph API is, with its version."
    )
    meta_human_agent: bool = Field(
        default=False,
        description="Whether Meta has granted the app the Human Agent feature: an agent who holds a conversation may "
        "then write for seven days after the shopper's last message on Messenger and Instagram.",
    )
    whatsapp_token: SecretStr | None = Field(default=None, description="An access token of the WhatsApp Cloud API.")
    whatsapp_phone_number_id: str = Field(default="", description="The id of the shop's number on WhatsApp.")
    whatsapp_templates: dict[Literal["parcel_delayed", "parcel_delivered", "refund_paid"], str] = Field(
        default={},
        description='Names of approved templates for news after the 24 hours, as JSON (`{"parcel_delivered": "…"}`). '
        "Their body's parameters are the order's number and, for a delay, the day promised, for a refund, the amount.",
    )
    messenger_token: SecretStr | None = Field(default=None, description="The access token of the Facebook page.")
    messenger_templates: dict[Literal["parcel_delayed", "parcel_delivered", "refund_paid"], str] = Field(
        default={},
        description="Names of the page's approved templates for utility messages, for news after the 24 hours, as JSON "
        "like `SHOPDESK_WHATSAPP_TEMPLATES` and with the same parameters. Meta offers them in some countries only.",
    )
    instagram_token: SecretStr | None = Field(
        default=None, description="The access token of the Instagram professional account's page."
    )

    mail_address: str = Field(
        default="",
        pattern=r"^([^\s@<>]+@[^\s@<>]+)?$",
        description="The address that customers write to (`help@shop.example`). Switches e-mail on, with "
        "`SHOPDESK_SMTP_HOST` and a mailbox or the webhook's secret.",
    )
    mail_name: str = Field(default="", description="The name beside the address in answers.")
    mail_webhook_secret: SecretStr | None = Field(
        default=None, description="The key with which whoever hands mails over to `/channels/email` signs them."
    )
    mail_authserv_id: str = Field(
        default="",
        description="The name under which the shop's mail server writes `Authentication-Results`: mails that it found "
        "to fail DMARC are then left alone.",
    )
    imap_host: str = Field(default="", description="The IMAP server of the mailbox that customers write to.")
    imap_port: int = Field(default=993, ge=1, le=65535, description="The IMAP server's port.")
    imap_tls: bool = Field(default=True, description="Whether to speak with the IMAP server over TLS.")
    imap_user: str = Field(default="", description="The name to sign in to the mailbox with.")
    imap_password: SecretStr = Field(default=SecretStr(""), description="The password beside it.")
    imap_folder: str = Field(default="INBOX", description="The folder that is read.")
    imap_seconds: float = Field(default=15.0, gt=0, le=3600, description="How often the mailbox is looked at.")

    slack_signing_secret: SecretStr | None = Field(default=None, description="The Slack app's signing secret.")
    slack_token: SecretStr | None = Field(default=None, description="The Slack app's bot token (`xoxb-…`).")
    slack_api: str = Field(default="https://slack.com/api", description="Where Slack's Web API is.")

    wechat_app_id: str = Field(default="", description="The WeChat account's AppID (official account or Mini Program).")
    wechat_app_secret: SecretStr | None = Field(default=None, description="The WeChat account's AppSecret.")
    wechat_token: SecretStr | None = Field(default=None, description="The token of the WeChat server configuration.")
    wechat_aes_key: SecretStr | None = Field(
        default=None, description="The EncodingAESKey of the WeChat server configuration; needed in its secure mode."
    )
    wechat_previous_aes_key: SecretStr | None = Field(
        default=None, description="The EncodingAESKey before the last change, believed while WeChat still uses it."
    )
    wechat_api: str = Field(default="https://api.weixin.qq.com", description="Where WeChat's API is.")

    wecom_corp_id: str = Field(default="", description="The corporation's id at WeCom (企业微信), `ww…`.")
    wecom_secret: SecretStr | None = Field(
        default=None, description="The secret of the application that may use customer service (微信客服)."
    )
    wecom_token: SecretStr | None = Field(default=None, description="The token of its callback configuration.")
    wecom_aes_key: SecretStr | None = Field(
        default=None, description="The EncodingAESKey of its callback configuration."
    )
    wecom_previous_aes_key: SecretStr | None = Field(
        default=None, description="The EncodingAESKey before the last change, believed while WeCom still uses it."
    )
    wecom_api: str = Field(default="https://qyapi.weixin.qq.com", description="Where WeCom's API is.")
