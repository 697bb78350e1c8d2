"""The CRM's settings."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from crm_backend.encryption.keyring import EncryptionError, KeysOfSettings
from shopdesk_schemas.settings import DEVELOPMENT_SECRET, MailServerSettings

MINIMUM_SECRET_BYTES = 32
"""RFC 7518 section 3.2: an HS256 key is at least as long as the hash."""


class CrmSettings(MailServerSettings):
    """Everything that `crm_backend` reads from the environment."""

    crm_port: int = Field(default=8001, ge=1, le=65535, description="The port `crm_backend` listens on.")
    crm_database_url: str = Field(
        default="",
        description="The CRM's database: `sqlite:///file` or `postgresql+psycopg://user:password@host/name`. "
        "By default `crm.sqlite3` in `SHOPDESK_HOME`.",
    )
    identity_secret: SecretStr = Field(
        default=SecretStr(f"{DEVELOPMENT_SECRET}-identity"),
        description="The key with which the shop signs its shoppers' identity tokens (HS256), at least 32 bytes.",
    )
    lookup_key: SecretStr = Field(
        default=SecretStr(f"{DEVELOPMENT_SECRET}-lookup"),
        description="The key of the hashes under which addresses and references are counted.",
    )
    encryption_keys: SecretStr = Field(
        default=SecretStr(f"{DEVELOPMENT_SECRET}-encryption"),
        description="The keys that personal data in the CRM's database is sealed with: `id:base64` of 32 bytes each, "
        "separated by commas. The first one seals, all of them open.",
    )
    effects_webhook_url: str = Field(
        default="",
        pattern=r"^(https?://.+)?$",
        description="Where effects (refunds, stopped parcels …) are sent as they arise; they wait in "
        "`/backoffice/effects` when not set.",
    )
    effects_webhook_secret: SecretStr = Field(
        default=SecretStr(""),
        description="The key of the webhook's signatures, at least 32 bytes. Needed with "
        "`SHOPDESK_EFFECTS_WEBHOOK_URL`.",
    )
    effects_webhook_seconds: float = Field(
        default=10.0, gt=0, le=60, description="How long the webhook's receiver may take to answer, in seconds."
    )
    jobs: bool = Field(
        default=True,
        description="Whether `crm_backend` does its jobs (delivering effects …) itself. `false` where "
        "`python -m crm_backend.jobs` runs beside it.",
    )
    dask_scheduler: str = Field(
        default="",
        pattern=r"^(processes:[1-9][0-9]?|(tcp|tls|ucx)://.+)?$",
        description="Where the analysis of customers is computed: `processes:4` is so many processes of this machine, "
        "`tcp://host:8786` a Dask cluster. In the program itself when not set.",
    )

    invoice_provider_url: str = Field(
        default="",
        pattern=r"^(https?://.+)?$",
        description="Where tax invoices are issued, sent and taken back by signed HTTP calls. Without it they go to "
        "the shop's own systems like every other effect.",
    )
    invoice_provider_secret: SecretStr = Field(
        default=SecretStr(""),
        description="The key of these calls' signatures, at least 32 bytes. Needed with "
        "`SHOPDESK_INVOICE_PROVIDER_URL`.",
    )
    invoice_provider_seconds: float = Field(
        default=15.0, gt=0, le=60, description="How long the provider may take to answer, in seconds."
    )
    sms_webhook_url: str = Field(
        default="",
        pattern=r"^(https?://.+)?$",
        description="Where short messages are handed over by signed HTTP calls: a provider of short messages, or a "
        "bridge to one. Without it they stay in the development mailbox, and in production no codes go by SMS.",
    )
    sms_webhook_secret: SecretStr = Field(
        default=SecretStr(""),
        description="The key of these calls' signatures, at least 32 bytes. Needed with `SHOPDESK_SMS_WEBHOOK_URL`.",
    )
    document_font: Path | None = Field(
        default=None,
        description="A TrueType typeface (`.ttf`, `.ttc`) with Chinese characters, put into the documents that "
        "need it. Without one they rely on the reader's own.",
    )
    mail_from: str = Field(default="shop@localhost", description="The sender of mails to customers.")

    def message_channels(self) -> tuple[Literal["email", "sms"], ...]:
        """How customers can be reached: in development every way, as the mailbox shows them."""
        if self.environment == "development":
            return ("email", "sms")
        channels: list[Literal["email", "sms"]] = []
        if self.smtp_host:
            channels.append("email")
        if self.sms_webhook_url:
            channels.append("sms")
        return tuple(channels)

    @field_validator("identity_secret")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value().encode()) < MINIMUM_SECRET_BYTES:
            raise ValueError(f"needs at least {MINIMUM_SECRET_BYTES} bytes")
        return value

    @field_validator("encryption_keys")
    @classmethod
    def _usable_keys(cls, value: SecretStr) -> SecretStr:
        try:
            KeysOfSettings(value.get_secret_value())
        except EncryptionError as error:
            raise ValueError(error.detail) from None
        return value

    @field_validator("crm_database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        # The value may hold a password, so no message repeats it.
        if not value:
            return value
        try:
            url = make_url(value)
        except ArgumentError:
            raise ValueError("not a database URL such as postgresql+psycopg://user:password@host/name") from None
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        if url.drivername not in {"sqlite", "postgresql+psycopg"}:
            raise ValueError("only sqlite:/// and postgresql+psycopg:// are supported")
        return url.render_as_string(hide_password=False)

    @model_validator(mode="after")
    def _signed_webhook(self) -> Self:
        for url, secret, name in (
            (self.effects_webhook_url, self.effects_webhook_secret, "EFFECTS_WEBHOOK"),
            (self.invoice_provider_url, self.invoice_provider_secret, "INVOICE_PROVIDER"),
            (self.sms_webhook_url, self.sms_webhook_secret, "SMS_WEBHOOK"),
        ):
            if url and len(secret.get_secret_value().encode()) < MINIMUM_SECRET_BYTES:
                raise ValueError(f"SHOPDESK_{name}_SECRET needs at least {MINIMUM_SECRET_BYTES} bytes")
        return self

    @model_validator(mode="after")
    def _default_database(self) -> Self:
        if not self.crm_database_url:
            self.crm_database_url = f"sqlite:///{self.home / 'crm.sqlite3'}"
        return self
