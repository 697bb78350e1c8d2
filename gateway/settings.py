"""The gateway's settings. All are environment variables that begin with `SHOPDESK_`."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from gateway.channels.settings import ChannelSettings
from shopdesk_schemas.settings import DEVELOPMENT_SECRET

Network = IPv4Network | IPv6Network


def _comma_list(value: Any) -> Any:
    """Environment variables hold lists as comma-separated text."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


class GatewaySettings(ChannelSettings):
    """What the gateway reads from its environment."""

    gateway_port: int = Field(default=8080, ge=0, le=65535, description="The gateway's port.")
    gateway_database_url: str = Field(
        default="",
        description=(
            "The gateway's database: `sqlite+aiosqlite:///…` or `postgresql+psycopg://…`. "
            "Empty means `gateway.sqlite3` in SHOPDESK_HOME."
        ),
    )
    redis_url: SecretStr | None = Field(
        default=None,
        description="Redis for news between several gateways and the bots' lock per conversation; default: in process.",
    )
    crm_url: str = Field(default="http://127.0.0.1:8001", description="Where the CRM listens.")
    bot_url: str = Field(default="http://127.0.0.1:5005", description="Where the bot listens.")
    session_secret: SecretStr = Field(
        default=SecretStr(DEVELOPMENT_SECRET),
        description="Keys the stored hashes of chat tokens and console sessions, and signs the console's form tokens.",
    )
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description=(
            "Comma-separated origins (`https://shop.example`) of pages that may use the chat from a browser, "
            "besides the gateway's own."
        ),
    )
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode] = Field(
        default=(),
        description="Comma-separated addresses or networks whose `X-Forwarded-For` and `-Proto` are believed.",
    )
    default_language: Literal["en", "zh"] = Field(
        default="en", description="The language of a shopper whose browser names neither English nor Chinese."
    )
    turn_seconds: float = Field(
        default=10.0, gt=0, le=120, description="How long one turn may take before the shopper is told that it does."
    )
    turn_concurrency: int = Field(default=32, ge=1, le=1000, description="How many conversations are answered at once.")
    join_seconds: float = Field(
        default=0.0,
        ge=0,
        le=10,
        description="The pause after a message in which further words join the same turn; 0 answers each by itself.",
    )
    retry_seconds: float = Field(
        default=1.0, gt=0, le=60, description="The first pause before a failed turn is tried again; it doubles."
    )
    retry_max_seconds: float = Field(default=30.0, gt=0, le=3600, description="The longest pause between two tries.")
    retry_hours: float = Field(
        default=24.0, gt=0, le=240, description="How long a message that could not be answered is kept trying."
    )
    pending_messages: int = Field(
        default=40, ge=1, le=1000, description="How many unanswered messages one conversation may have waiting."
    )
    epoch_idle_minutes: float = Field(
        default=60.0, gt=0, description="After this pause the assistant begins a conversation afresh."
    )
    epoch_turns: int = Field(
        default=40, ge=1, description="After this many turns the assistant begins afresh, to keep turns quick."
    )
    chat_token_days: float = Field(default=30.0, gt=0, le=366, description="How long a chat token is good for.")
    sessions_per_minute: int = Field(
        default=600, ge=1, description="How many conversations one client address may open in a minute."
    )
    low_confidence: float = Field(
        default=0.6, ge=0, le=1, description="Below this confidence the console marks a message for review."
    )
    console_session_hours: float = Field(
        default=12.0, gt=0, le=720, description="How long a console session lasts without signing in again."
    )
    login_attempts: int = Field(
        default=10, ge=1, description="Failed console sign-ins allowed per name, and per address, in 15 minutes."
    )

    survey: bool = Field(
        default=True, description="Ask shoppers who take leave how it was; never during a complaint, once in a week."
    )
    oidc_issuer: str = Field(
        default="", description="The issuer at which agents may sign in (OpenID Connect); empty means passwords only."
    )
    oidc_client_id: str = Field(default="", description="The console's client id at the issuer.")
    oidc_client_secret: SecretStr = Field(default=SecretStr(""), description="The console's client secret there.")
    oidc_claim: str = Field(
        default="preferred_username",
        description="The claim that carries an agent's user name here, looked at when they first come from the issuer.",
    )

    containment_days: float = Field(
        default=3.0,
        gt=0,
        le=60,
        description="Days without a new contact after which a conversation is judged for the figures of Insight.",
    )

    queue_delivery_minutes: float = Field(
        default=10.0,
        ge=0,
        le=1440,
        description="Who has trouble with a parcel counts as having waited so much longer for a person.",
    )
    alert_wait_minutes: float = Field(
        default=10.0, gt=0, le=1440, description="After this wait for a person the inbox shows an alert."
    )

    console_streams: int = Field(
        default=500,
        ge=0,
        le=10_000,
        description="Open console pages that one gateway tells of news at once; further ones ask every ten seconds.",
    )
    agent_lease_seconds: float = Field(
        default=45.0,
        ge=5,
        le=3600,
        description="How long an agent holds a conversation without a sign of life before it goes back to the queue.",
    )
    agent_answer_hours: float = Field(
        default=4.0,
        gt=0,
        le=200,
        description="Opening hours within which a question left while nobody is at the desk is promised an answer.",
    )

    @field_validator("allowed_origins", "picture_hosts", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return _comma_list(value)

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _networks(cls, value: Any) -> Any:
        return tuple(ip_network(part, strict=False) if isinstance(part, str) else part for part in _comma_list(value))

    @field_validator("allowed_origins")
    @classmethod
    def _whole_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            parts = urlsplit(origin)
            if parts.scheme not in {"http", "https"} or origin != f"{parts.scheme}://{parts.netloc}":
                raise ValueError(f"SHOPDESK_ALLOWED_ORIGINS: {origin!r} is not an origin such as https://shop.example")
        return tuple(origin.lower() for origin in value)

    def database_url(self) -> str:
        """The SQLAlchemy URL of the gateway's database."""
        return self.gateway_database_url or f"sqlite+aiosqlite:///{self.home / 'gateway.sqlite3'}"
