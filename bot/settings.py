"""The bot's settings: environment variables that begin with `SHOPDESK_`, as in the other programs.

The bot lives in Python 3.10 with Pydantic 1.10 and cannot import `shopdesk_schemas`; names and meanings are the same.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal, Optional

from pydantic import BaseSettings, Field, SecretStr, root_validator

DEVELOPMENT_SECRET = "development-only-not-secret"  # noqa: S105
PROJECT = Path(__file__).resolve().parent.parent
SECRETS_FILE = "secrets.env"
"""The file in SHOPDESK_HOME with the secrets that `shopdesk` made on its first run. The environment comes before it."""


class BotSettings(BaseSettings):
    """What the bot reads from its environment. Relative paths are relative to the project's directory."""

    class Config:
        """Pydantic's own options."""

        env_prefix = "SHOPDESK_"

    environment: Literal["development", "production"] = Field(
        "development", description="`production` refuses default secrets."
    )
    home: Path = Field(Path("var"), description="Where state lives: trackers, models.")
    bind: str = Field("127.0.0.1", description="The address to listen on.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="How much is logged.")
    service_token: SecretStr = Field(
        SecretStr(DEVELOPMENT_SECRET), description="The bearer token with which the four programs know each other."
    )
    bot_port: int = Field(5005, ge=1, le=65535, description="The bot's port.")
    bot_models: Optional[Path] = Field(
        None, description="The store of trained models; the newest is loaded. Default: `models` under SHOPDESK_HOME."
    )
    actions_url: str = Field("http://127.0.0.1:5055", description="Where the action server is.")
    action_seconds: float = Field(
        5.0, gt=0, le=120, description="How long one call of the action server may take before the turn fails."
    )
    tracker_database_url: Optional[str] = Field(
        None,
        description="The trackers' database: `postgresql+psycopg://…`; default the file `trackers.sqlite3` under "
        "SHOPDESK_HOME.",
    )
    redis_url: Optional[str] = Field(
        None, description="Redis for the lock per conversation, needed when several bots run; default: in process."
    )

    @root_validator(pre=True)
    def _ignore_empty(cls, values: dict) -> dict:  # noqa: N805
        return {name: value for name, value in values.items() if value != ""}

    @root_validator(skip_on_failure=True)
    def _refuse_development_secret(cls, values: dict) -> dict:  # noqa: N805
        if values["environment"] == "production" and DEVELOPMENT_SECRET in values["service_token"].get_secret_value():
            raise ValueError("SHOPDESK_SERVICE_TOKEN still has its development value; set a secret of your own")
        return values

    def path(self, path: Path) -> Path:
        """`path` made absolute from the project's directory."""
        return path if path.is_absolute() else PROJECT / path

    @property
    def models(self) -> Path:
        """The directory of trained models, absolute."""
        return self.path(self.bot_models or self.home / "models")

    @property
    def tracker_url(self) -> str:
        """SQLAlchemy 1.4's URL of the tracker database."""
        if self.tracker_database_url:
            # The other programs use psycopg 3, which SQLAlchemy 1.4 does not know.
            return self.tracker_database_url.replace("postgresql+psycopg://", "postgresql+psycopg2://", 1)
        return f"sqlite:///{self.path(self.home) / 'trackers.sqlite3'}"


def load_settings() -> BotSettings:
    """The settings of the environment, with the token of SHOPDESK_HOME's secrets file where the environment has none.

    Raises Pydantic's `ValidationError` naming the setting.
    """
    name = "SHOPDESK_SERVICE_TOKEN"
    path = PROJECT / (os.environ.get("SHOPDESK_HOME") or "var") / SECRETS_FILE
    if not os.environ.get(name) and path.is_file():
        for line in path.read_text("utf-8").splitlines():
            key, separator, value = line.partition("=")
            if separator and key.strip() == name:
                return BotSettings(service_token=SecretStr(value.strip()))
    return BotSettings()
