"""Signing in at the shop's identity provider: OpenID Connect, authorization code flow with PKCE.

https://openid.net/specs/openid-connect-core-1_0.html, RFC 7636. Accounts are made here, not there: whoever comes back
must be an active agent, found by subject or, the first time, by the claim that carries the user name.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import Any, Final

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import select

from gateway.console.accounts import by_username
from gateway.console.models import Agent
from gateway.database.engine import WriteSession
from gateway.secrets import Tokens

ALGORITHMS: Final = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
"""Never `none`, and no shared keys."""

STARTED_SECONDS: Final = 600
_SECONDS = 5.0
_KEPT_SECONDS = 3600.0
_LEEWAY_SECONDS = 60


class OidcError(Exception):
    """The identity provider could not be asked, or what came back is not to be believed."""


@dataclass(frozen=True)
class Started:
    """Where to send the browser, and what it has to bring back in a cookie."""

    address: str
    cookie: str


class Oidc:
    """One provider. Its metadata and keys are kept for an hour, and fetched again for a key that is not known."""

    def __init__(
        self, http: httpx.AsyncClient, tokens: Tokens, *, issuer: str, client_id: str, client_secret: str, claim: str
    ) -> None:
        self._http = http
        self._tokens = tokens
        self._issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret
        self._claim = claim
        self._metadata: dict[str, Any] | None = None
        self._keys: KeySet | None = None
        self._fetched_at = 0.0

    async def start(self, redirect_uri: str) -> Started:
        """Begin. Raises `OidcError` when the provider cannot be reached."""
        metadata = (await self._known())[0]
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        address = prepare_grant_uri(
            metadata["authorization_endpoint"],
            self._client_id,
            "code",
            redirect_uri=redirect_uri,
            scope="openid profile email",
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
        until = str(int(time.time()) + STARTED_SECONDS)
        body = ".".join((state, nonce, verifier, until))
        return Started(str(address), f"{body}.{self._tokens.keyed('oidc', body)}")

    async def finish(self, cookie: str | None, state: str, code: str, redirect_uri: str) -> dict[str, Any]:
        """The claims of the ID token. Raises `OidcError`."""
        body, _, seal = (cookie or "").rpartition(".")
        parts = body.split(".")
        if len(parts) != 4 or not secrets.compare_digest(self._tokens.keyed("oidc", body), seal):
            raise OidcError("this browser did not begin here")
        begun, nonce, verifier, until = parts
        if int(until) < time.time() or not secrets.compare_digest(begun.encode(), state.encode()):
            raise OidcError("the state is another's, or too old")
        metadata, _keys = await self._known()
        answer = await self._fetch(
            "POST",
            metadata["token_endpoint"],
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": redirect_uri,
                "code_verifier": verifier,
            },
            auth=(self._client_id, self._client_secret),
        )
        return await self._claims(str(answer.get("id_token", "")), nonce)

    async def agent(self, session: WriteSession, claims: dict[str, Any]) -> Agent | None:
        """Who that is here, bound to the subject from the first time on; None: nobody who may sign in."""
        subject = f"{self._issuer}|{claims['sub']}"[:400]
        found = (await session.execute(select(Agent).where(Agent.oidc_subject == subject))).scalar_one_or_none()
        if found is None:
            name = claims.get(self._claim)
            if not isinstance(name, str) or (self._claim == "email" and claims.get("email_verified") is not True):
                return None
            found = await by_username(session, name.strip().lower())
            if found is None or found.oidc_subject is not None:
                return None
            found.oidc_subject = subject
        return found if found.active else None

    async def _claims(self, id_token: str, nonce: str) -> dict[str, Any]:
        registry = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        for fresh in (False, True):
            _metadata, keys = await self._known(fresh=fresh)
            try:
                token = jwt.decode(id_token, keys, algorithms=ALGORITHMS)
                registry.validate(token.claims)
            except (JoseError, ValueError) as error:
                # A key that is not known may be new: look once more.
                if fresh:
                    raise OidcError("the ID token is not to be believed") from error
                continue
            azp = token.claims.get("azp")
            if azp is not None and azp != self._client_id:
                raise OidcError("the ID token is another's")
            return dict(token.claims)
        raise OidcError("unreachable")  # pragma: no cover

    async def _known(self, *, fresh: bool = False) -> tuple[dict[str, Any], KeySet]:
        if fresh or self._metadata is None or self._keys is None or time.monotonic() - self._fetched_at > _KEPT_SECONDS:
            metadata = await self._fetch("GET", f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
            if metadata.get("issuer") != self._issuer:
                raise OidcError("the metadata names another issuer")
            try:
                keys = KeySet.import_key_set(await self._fetch("GET", metadata["jwks_uri"]))  # type: ignore[arg-type]
            except (JoseError, KeyError, ValueError, TypeError) as error:
                raise OidcError("the provider's keys cannot be read") from error
            self._metadata, self._keys, self._fetched_at = metadata, keys, time.monotonic()
        return self._metadata, self._keys

    async def _fetch(self, method: str, address: str, **options: Any) -> dict[str, Any]:
        try:
            response = await self._http.request(method, address, timeout=_SECONDS, **options)
            response.raise_for_status()
            answer = response.json()
        except (httpx.HTTPError, ValueError, KeyError) as error:
            raise OidcError("the identity provider does not answer as it should") from error
        if not isinstance(answer, dict):
            raise OidcError("the identity provider does not answer as it should")
        return answer
