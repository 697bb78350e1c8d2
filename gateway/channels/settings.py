"""Settings of the messaging channels. A channel is on when the secrets it needs are set; nothing else switches it."""

from __future__ import annotations

from pydantic import Field, SecretStr

from shopdesk_schemas.settings import CommonSettings


class ChannelSettings(CommonSettings):
    """What the channels read from the environment."""

    public_url: str = Field(
        default="",
        description="The gateway's address from outside (`https://chat.shop.example`); platforms fetch pictures there.",
    )
    channel_seconds: float = Field(
        default=10.0, gt=0, le=60, description="How long one call of a messaging platform may take."
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
    whatsapp_token: SecretStr | None = Field(default=None, description="An access token of the WhatsApp Cloud API.")
    whatsapp_phone_number_id: str = Field(default="", description="The id of the shop's number on WhatsApp.")
    messenger_token: SecretStr | None = Field(default=None, description="The access token of the Facebook page.")
    instagram_token: SecretStr | None = Field(
        default=None, description="The access token of the Instagram professional account's page."
    )

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
