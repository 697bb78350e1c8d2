"""Settings that every program has. All are environment variables that begin with `SHOPDESK_`.

Each program's own settings subclass `CommonSettings` in its `settings.py`; `docs/settings.md` lists them all and
a test fails when one is missing there.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal, Self

from pydantic import AwareDatetime, Field, SecretStr, model_validator
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

DEVELOPMENT_SECRET = "development-only-not-secret"  # noqa: S105
"""The default of every secret. Outside development a program that still has it refuses to start."""


SECRETS_FILE = "secrets.env"
"""The file in SHOPDESK_HOME with the secrets that `shopdesk` made on its first run. The environment comes before it."""


class CommonSettings(BaseSettings):
    """What all four programs share."""

    model_config = SettingsConfigDict(env_prefix="SHOPDESK_", env_ignore_empty=True, extra="ignore")

    environment: Literal["development", "production"] = Field(
        default="development",
        description="`production` refuses default secrets and a fixed clock.",
    )
    home: Path = Field(default=Path("var"), description="Where state lives: databases, models, mailbox, secrets.")
    shop: Path = Field(
        default=Path("data/demo/shop"), description="The shop's own directory: `policies.yml`, `pages/`."
    )
    now: AwareDatetime | None = Field(
        default=None,
        description="Fixes the business clock of all programs (ISO 8601 with offset). Development only.",
    )
    bind: str = Field(default="127.0.0.1", description="The address each program listens on.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="How much the programs log. Logs carry no personal data at any level."
    )
    service_token: SecretStr = Field(
        default=SecretStr(DEVELOPMENT_SECRET),
        description="The bearer token with which the four programs know each other. `shopdesk up` makes one.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Reads the secrets of SHOPDESK_HOME too, so that a program started by hand knows the same ones."""
        home = init_settings().get("home") or env_settings().get("home") or cls.model_fields["home"].default
        secrets = DotEnvSettingsSource(settings_cls, env_file=Path(home) / SECRETS_FILE)
        return init_settings, env_settings, secrets

    @model_validator(mode="after")
    def _refuse_development_values(self) -> Self:
        if self.environment == "development":
            return self
        if self.now is not None:
            raise ValueError("SHOPDESK_NOW is for development only; unset it or set SHOPDESK_ENVIRONMENT=development")
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, SecretStr) and DEVELOPMENT_SECRET in value.get_secret_value():
                raise ValueError(f"SHOPDESK_{name.upper()} still has its development value; set a secret of your own")
        return self

    def fixed_now(self) -> datetime | None:
        """The fixed business time, or None when the clock runs."""
        return self.now


class MailServerSettings(CommonSettings):
    """The mail server of the programs that send mail."""

    smtp_host: str = Field(
        default="",
        description="The mail server that messages to customers go through. Without one they stay in the development "
        "mailbox (`/dev/mailbox` of the CRM), and in production no codes are offered by e-mail.",
    )
    smtp_port: int = Field(default=587, ge=1, le=65535, description="The mail server's port.")
    smtp_tls: bool = Field(default=True, description="Whether to speak with the mail server over TLS (STARTTLS).")
    smtp_user: str = Field(default="", description="The name to sign in to the mail server with, if it wants one.")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="The password beside it.")
