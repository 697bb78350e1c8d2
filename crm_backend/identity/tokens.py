"""Identity tokens: the shop signs who is logged in, the CRM checks it.

A JWT (HS256, key `SHOPDESK_IDENTITY_SECRET`) with the claims `sub` (the customer's external id), `aud` "shopdesk",
`iat`, `exp`, `jti` (single use), and where two systems gave out the same external ids `source`.
"""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from pydantic import SecretStr

from shopdesk_schemas.problems import Unauthenticated

ALGORITHM = "HS256"
AUDIENCE = "shopdesk"
CLOCK_SKEW = timedelta(seconds=30)
"""How far the shop's clock may be ahead of ours."""

MAXIMUM_CLAIM_LENGTH = 255


@dataclass(frozen=True)
class IdentityClaims:
    """What a good token says."""

    customer_external_id: str
    source: str | None
    jti: str
    worthless_at: datetime
    """From then on the token is refused for its age: nobody need remember that it was used."""


def sign_identity_token(
    secret: SecretStr, *, customer_external_id: str, source: str | None, now: datetime, lifetime: timedelta
) -> str:
    """A token as a shop would make it."""
    claims: dict[str, Any] = {
        "sub": customer_external_id,
        "aud": AUDIENCE,
        "iat": int(now.timestamp()),
        "exp": int((now + lifetime).timestamp()),
        "jti": uuid.uuid4().hex,
    }
    if source is not None:
        claims["source"] = source
    return jwt.encode(claims, secret.get_secret_value(), algorithm=ALGORITHM)


def read_identity_token(token: str, secret: SecretStr, *, now: datetime, max_age: timedelta) -> IdentityClaims:
    """The claims of a good token. Raises Unauthenticated for any other; the detail says why, to the shop's engineer."""
    try:
        claims = jwt.decode(
            token,
            secret.get_secret_value(),
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            # Times are checked below, by the injected clock.
            options={
                "require": ["sub", "aud", "iat", "exp", "jti"],
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except jwt.InvalidTokenError as error:
        raise Unauthenticated(f"the identity token is not good: {_reason(error)}") from error
    issued, expires = _instant(claims, "iat"), _instant(claims, "exp")
    instant = now.timestamp()
    if issued > instant + CLOCK_SKEW.total_seconds():
        raise Unauthenticated("the identity token is not good: iat lies in the future")
    if expires <= instant:
        raise Unauthenticated("the identity token is not good: it has expired")
    if instant - issued > max_age.total_seconds():
        raise Unauthenticated("the identity token is not good: it was issued too long ago")
    return IdentityClaims(
        customer_external_id=_text(claims, "sub"),
        source=_text(claims, "source") if claims.get("source") is not None else None,
        jti=_text(claims, "jti"),
        worthless_at=datetime.fromtimestamp(issued, UTC) + max_age + CLOCK_SKEW,
    )


def _reason(error: jwt.InvalidTokenError) -> str:
    match error:
        case jwt.InvalidSignatureError():
            return "the signature does not fit"
        case jwt.InvalidAudienceError():
            return f"aud is not {AUDIENCE}"
        case jwt.MissingRequiredClaimError():
            return f"{error.claim} is missing"
        case jwt.InvalidAlgorithmError():
            return f"the algorithm is not {ALGORITHM}"
        case _:
            return "it is not a readable token"


def _instant(claims: dict[str, Any], name: str) -> float:
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or abs(value) > 1e11:
        raise Unauthenticated(f"the identity token is not good: {name} is not a time in seconds")
    return float(value)


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims[name]
    if not isinstance(value, str) or not value or len(value) > MAXIMUM_CLAIM_LENGTH or "\0" in value:
        raise Unauthenticated(f"the identity token is not good: {name} is not a short text")
    return value
