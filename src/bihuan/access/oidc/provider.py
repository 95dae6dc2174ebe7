"""The identity provider: found by its issuer, asked with a code and PKCE, believed by its signature."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bihuan.access.oidc.errors import OidcRefused, OidcUnreachable

SCOPE = "openid email profile"
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
_TIMEOUT_SECONDS = 10.0
_KNOWN_SECONDS = 3_600.0
_CLOCK_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is, by the provider's word."""

    subject: str
    email: str | None
    name: str | None


class OidcProvider:
    """One identity provider. Thread-safe.

    Args:
        issuer: its address; ``/.well-known/openid-configuration`` below it describes it.
        name: what the button of the log-in page says.
    """

    def __init__(self, issuer: str, client_id: str, client_secret: str, name: str) -> None:
        self.name = name
        self._issuer = issuer.rstrip("/")
        self._client_id = client_id
        self._client_secret = client_secret
        self._lock = threading.Lock()
        self._known: tuple[float, dict[str, Any], KeySet] | None = None

    def login_address(self, redirect: str, *, state: str, nonce: str, verifier: str) -> str:
        """Where to send the browser. Raises ``OidcUnreachable``."""
        described, _ = self._described()
        with self._client(redirect) as client:
            address, _ = client.create_authorization_url(
                described["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
            )
        return str(address)

    def identity(self, redirect: str, *, code: str, nonce: str, verifier: str) -> Identity:
        """Who came back with this code. Raises ``OidcRefused``, ``OidcUnreachable``."""
        described, keys = self._described()
        try:
            with self._client(redirect) as client:
                token = client.fetch_token(described["token_endpoint"], code=code, code_verifier=verifier)
        except (httpx.HTTPError, ValueError) as error:
            raise OidcUnreachable(reason=type(error).__name__) from error
        except AuthlibBaseError as error:
            raise OidcRefused from error
        claims = self._claims(str(token.get("id_token", "")), keys, nonce)
        # An address that nobody checked would open the account of whoever has it.
        email = claims.get("email") if claims.get("email_verified") is True else None
        name = claims.get("name")
        return Identity(
            subject=f"{claims['iss']}|{claims['sub']}",
            email=email if isinstance(email, str) else None,
            name=name if isinstance(name, str) else None,
        )

    def _claims(self, id_token: str, keys: KeySet, nonce: str) -> dict[str, Any]:
        registry = jwt.JWTClaimsRegistry(
            leeway=_CLOCK_SECONDS,
            iss={"essential": True, "value": self._described()[0]["issuer"]},
            aud={"essential": True, "value": self._client_id},
            sub={"essential": True},
            exp={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            token = self._decoded(id_token, keys)
            registry.validate(token.claims)
        except (JoseError, ValueError) as error:
            raise OidcRefused from error
        return dict(token.claims)

    def _decoded(self, id_token: str, keys: KeySet) -> jwt.Token:
        try:
            return jwt.decode(id_token, keys, algorithms=_ALGORITHMS)
        except (JoseError, ValueError):
            # Keys change; what is signed with a new one is read with the keys of now.
            with self._lock:
                self._known = None
            return jwt.decode(id_token, self._described()[1], algorithms=_ALGORITHMS)

    def _described(self) -> tuple[dict[str, Any], KeySet]:
        with self._lock:
            if self._known is None or time.monotonic() - self._known[0] > _KNOWN_SECONDS:
                self._known = (time.monotonic(), *self._ask())
            return self._known[1], self._known[2]

    def _ask(self) -> tuple[dict[str, Any], KeySet]:
        try:
            with httpx.Client(timeout=_TIMEOUT_SECONDS, follow_redirects=True) as client:
                answer = client.get(f"{self._issuer}/.well-known/openid-configuration").raise_for_status()
                described = answer.json()
                if str(described["issuer"]).rstrip("/") != self._issuer:
                    raise OidcUnreachable(reason="it calls itself by another name")
                keys = client.get(described["jwks_uri"]).raise_for_status().json()
            return described, KeySet.import_key_set(keys)
        except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError) as error:
            raise OidcUnreachable(reason=str(error) or type(error).__name__) from error

    def _client(self, redirect: str) -> Any:
        return OAuth2Client(
            self._client_id,
            self._client_secret,
            scope=SCOPE,
            redirect_uri=redirect,
            code_challenge_method="S256",
            timeout=_TIMEOUT_SECONDS,
        )
