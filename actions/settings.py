"""The action server's settings."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shopdesk_schemas.settings import CommonSettings


class ActionsSettings(CommonSettings):
    """What the action server reads from its environment, besides the settings of all programs."""

    model_config = SettingsConfigDict(env_prefix="SHOPDESK_", env_ignore_empty=True, extra="ignore")

    actions_port: int = Field(default=5055, ge=1, le=65535, description="The action server's port.")
    crm_url: str = Field(default="http://127.0.0.1:8001", description="Where the CRM is.")
    crm_seconds: float = Field(
        default=3.0,
        gt=0,
        le=60,
        description="How long one call of the CRM may take before the action fails, in seconds.",
    )
    public_url: str = Field(
        default="",
        description=(
            "The gateway's address as browsers see it (`https://desk.shop.example`); empty means as it was asked."
        ),
    )
    gateway_port: int = Field(default=8080, ge=1, le=65535, description="The port `gateway` listens on.")

    @property
    def shown_at(self) -> str:
        """The gateway's address in links: where none is set this machine's, so that a trial run's links open."""
        return self.public_url.rstrip("/") or f"http://127.0.0.1:{self.gateway_port}"
