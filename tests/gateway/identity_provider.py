"""An OpenID provider that speaks the protocol: discovery, authorization code with PKCE, token, keys."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Form, Request
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.responses import JSONResponse, RedirectResponse, Response

CLIENT_ID, CLIENT_SECRET = "shopdesk-console", "secret-of-the-client"


class IdentityProvider:
    """Signs in whoever `person` is; `claims` replaces claims of the next ID token."""

    def __init__(self) -> None:
        self.issuer = ""
        self.person: dict[str, Any] = {"sub": "person-1", "preferred_username": "ann"}
        self.claims: dict[str, Any] = {}
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}, private=True)
        self.signing = self.key
        self._codes: dict[str, dict[str, str]] = {}
        self.app = FastAPI()

        @self.app.get("/.well-known/openid-configuration")
        async def discovery() -> dict[str, Any]:
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }

        @self.app.get("/keys")
        async def keys() -> dict[str, Any]:
            return {"keys": [self.key.as_dict(private=False)]}

        @self.app.get("/authorize")
        async def authorize(request: Request) -> Response:
            asked = dict(request.query_params)
            assert asked["response_type"] == "code"
            assert asked["code_challenge_method"] == "S256"
            assert asked["client_id"] == CLIENT_ID
            assert "openid" in asked["scope"].split()
            code = secrets.token_urlsafe(8)
            self._codes[code] = asked
            return RedirectResponse(
                f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}", status_code=302
            )

        @self.app.post("/token")
        async def token(
            request: Request, grant_type: str = Form(), code: str = Form(), redirect_uri: str = Form(),
            code_verifier: str = Form(),
        ) -> Response:  # fmt: skip
            expected = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
            asked = self._codes.pop(code, None)
            challenge = base64.urlsafe_b64encode(hashlib.sha256(code_verifier.encode()).digest()).rstrip(b"=").decode()
            if (
                grant_type != "authorization_code"
                or asked is None
                or request.headers.get("authorization") != f"Basic {expected}"
                or asked["redirect_uri"] != redirect_uri
                or asked["code_challenge"] != challenge
            ):
                return JSONResponse({"error": "invalid_grant"}, status_code=400)
            now = int(time.time())
            claims = {
                "iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": asked["nonce"],
                **self.person, **self.claims,
            }  # fmt: skip
            id_token = jwt.encode({"alg": "RS256", "kid": self.signing.kid}, claims, self.signing)
            return JSONResponse({"access_token": "unused", "token_type": "Bearer", "id_token": id_token})
