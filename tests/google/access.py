"""Who asks: accounts, signed token requests, and quotas a minute.

Sources: RFC 7523 as Google's guide "Using OAuth 2.0 for server to server applications" describes it (grant type, claims, one hour);
quotas from the page "Usage limits" of Sheets: 60 reads and 60 writes a minute a user and project, 300 of each a project, refilled every
minute; the 429's body from gargle's recorded fixtures, its words where the project's limit is met as reported (gargle#160, opensheet#22).
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.google.errors import Refused

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LIFETIME = 3600
"""Seconds that a token lives."""
SHEETS_SCOPES = ("https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive", "https://spreadsheets.google.com/feeds",
                 "https://www.googleapis.com/auth/drive.file")  # fmt: skip
READ_SCOPES = ("https://www.googleapis.com/auth/spreadsheets.readonly", "https://www.googleapis.com/auth/drive.readonly")
DRIVE_SCOPES = ("https://www.googleapis.com/auth/drive", "https://www.googleapis.com/auth/drive.file")
LISTING_SCOPES = ("https://www.googleapis.com/auth/drive.metadata.readonly", "https://www.googleapis.com/auth/drive.readonly", "https://www.googleapis.com/auth/drive.metadata",
                  "https://spreadsheets.google.com/feeds")  # fmt: skip
PROJECT = "donghanh-thu"
UNREGISTERED = "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API."
"""To a request without credentials; Sheets and Drive take API keys too (measured: brekkylab/backlot)."""
BAD_TOKEN = "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."


class TokenRefused(Exception):
    """An error answer of the token endpoint: its `error` and `error_description`."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error, self.description = error, description


@dataclass
class Account:
    """A service account with one key."""

    email: str
    key_id: str
    private: rsa.RSAPrivateKey
    disabled: bool = False
    project: str = PROJECT

    def key_file(self, token_uri: str) -> str:
        """Return the JSON of a key file as the console hands it out, its token address ours."""
        pem = self.private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        content = {
            "type": "service_account", "project_id": self.project, "private_key_id": self.key_id, "private_key": pem.decode(),
            "client_email": self.email, "client_id": str(int(hashlib.sha1(self.email.encode()).hexdigest()[:15], 16)), "token_uri": token_uri,
        }  # fmt: skip
        return json.dumps(content, indent=2)


@dataclass
class _Token:
    account: Account
    scopes: tuple[str, ...]
    expires: float


@dataclass
class Quota:
    """So many reads and writes of Sheets in each minute of the clock, for each account and for each project; `None` for no limit."""

    reads: int | None = 60
    writes: int | None = 60
    project_reads: int | None = 300
    project_writes: int | None = 300
    used: dict[tuple[str, str, int], int] = field(default_factory=dict)
    """(account's address or project, kind, minute) → requests."""

    def take(self, account: Account, kind: str, now: float) -> None:
        """Count one request; raise the 429 that Google answers with beyond a limit."""
        user, project = (self.reads, self.project_reads) if kind == "read" else (self.writes, self.project_writes)
        if user is None:
            project = None
        limits = (((account.email, kind, int(now // 60)), user), ((account.project, kind, int(now // 60)), project))
        for key, limit in limits:
            if limit is not None and self.used.get(key, 0) >= limit:  # a refused request uses nothing up
                raise too_many(kind, limit, of_project=key[0] == account.project, project=account.project)
        for key, _ in limits:
            self.used[key] = self.used.get(key, 0) + 1


def too_many(kind: str, limit: int, *, of_project: bool = False, project: str = PROJECT) -> Refused:
    """Return Google's 429."""
    name = {"read": "Read", "write": "Write"}[kind]
    per, unit, words = ("PerProject", "1/min/{project}", "") if of_project else ("PerUser", "1/min/{project}/{user}", " per user")
    details = [
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "RATE_LIMIT_EXCEEDED", "domain": "googleapis.com",
            "metadata": {
                "service": "sheets.googleapis.com", "quota_limit": f"{name}RequestsPerMinute{per}", "consumer": f"projects/{project}",
                "quota_metric": f"sheets.googleapis.com/{kind}_requests", "quota_limit_value": str(limit), "quota_location": "global", "quota_unit": unit,
            },
        }
    ]  # fmt: skip
    sentence = f"Quota exceeded for quota metric '{name} requests' and limit '{name} requests per minute{words}' of service 'sheets.googleapis.com' for consumer 'project_number:1'."
    return Refused(429, sentence, details=details)


@functools.cache
def _key(email: str) -> rsa.RSAPrivateKey:
    """Return the account's key: one for each address and process, since making one takes a tenth of a second."""
    return rsa.generate_private_key(65537, 2048)


class Access:
    """Accounts and the tokens that they were given."""

    def __init__(self, clock: Callable[[], float], issuer: str) -> None:
        self._clock = clock
        self._issuer = issuer
        self._tokens: dict[str, _Token] = {}
        self.accounts: dict[str, Account] = {}
        self.issued = 0
        self.anyone: Account | None = None
        """Where set, every other bearer token is taken for this account: for clients whose tokens come from elsewhere."""

    def new_account(self, name: str, project: str = PROJECT) -> Account:
        """Return a new service account with a key of its own."""
        email = f"{name}@{project}.iam.gserviceaccount.com"
        account = Account(email, hashlib.sha1(email.encode()).hexdigest(), _key(email), project=project)
        self.accounts[email] = account
        return account

    def token(self, form: dict[str, list[str]]) -> dict[str, Any]:
        """Return the answer to a token request; raise TokenRefused with Google's words."""
        if form.get("grant_type", [""])[0] != GRANT:
            raise TokenRefused("unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type', [''])[0]}")
        account, claims = self._verified(form.get("assertion", [""])[0])
        self.issued += 1
        token = f"ya29.{hashlib.sha256(f'{account.email} {self.issued}'.encode()).hexdigest()}"
        self._tokens[token] = _Token(account, tuple(str(claims.get("scope", "")).split()), self._clock() + LIFETIME)
        return {"access_token": token, "expires_in": LIFETIME - 1, "token_type": "Bearer"}

    def _verified(self, assertion: str) -> tuple[Account, dict[str, Any]]:
        try:
            head, body, signature = assertion.split(".")
            header, claims = json.loads(_decoded(head)), json.loads(_decoded(body))
            if not isinstance(header, dict) or not isinstance(claims, dict):
                raise ValueError("no objects")
        except ValueError as error:
            raise TokenRefused("invalid_grant", "Bad Request") from error
        account = self.accounts.get(claims.get("iss", ""))
        if account is None:
            raise TokenRefused("invalid_grant", "Invalid grant: account not found")
        if header.get("alg") != "RS256" or header.get("kid") not in (None, account.key_id) or account.disabled:
            raise TokenRefused("invalid_grant", "Invalid JWT Signature.")
        try:
            account.private.public_key().verify(_decoded(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature as error:
            raise TokenRefused("invalid_grant", "Invalid JWT Signature.") from error
        self._check_claims(claims)
        return account, claims

    def _check_claims(self, claims: dict[str, Any]) -> None:
        now, issued, expires = self._clock(), _seconds(claims, "iat"), _seconds(claims, "exp")
        if claims.get("aud") not in ("https://oauth2.googleapis.com/token", f"{self._issuer}/token"):
            raise TokenRefused("invalid_grant", "Invalid JWT: Failed audience check.")
        if expires < now or issued > now + 300 or expires - issued > LIFETIME:
            raise TokenRefused(
                "invalid_grant",
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.",
            )
        if not str(claims.get("scope", "")).strip():
            raise TokenRefused("invalid_scope", "Invalid OAuth scope or ID token audience provided.")

    def account_of(self, header: str | None) -> tuple[Account, tuple[str, ...]]:
        """Return whose bearer token this is, and its scopes; raise 401."""
        token = self._tokens.get((header or "").removeprefix("Bearer "))
        if token is None and self.anyone is not None and header and header.startswith("Bearer "):
            return self.anyone, (*SHEETS_SCOPES, *DRIVE_SCOPES)
        if not header:
            raise Refused(403, UNREGISTERED, status="PERMISSION_DENIED", reason="forbidden")
        if token is None or token.expires < self._clock() or token.account.disabled:
            where = ("Authorization", "header")
            raise Refused(401, BAD_TOKEN, status="UNAUTHENTICATED", reason="authError", short="Invalid Credentials", location=where)
        return token.account, token.scopes

    def lasting_token(self, account: Account) -> str:
        """Return a token of the account that never ends, for clocks that run far ahead."""
        token = f"ya29.{account.key_id}"
        self._tokens[token] = _Token(account, (*SHEETS_SCOPES, *DRIVE_SCOPES), float("inf"))
        return token

    def expire_tokens(self) -> None:
        """End every token that was issued."""
        self._tokens.clear()


def ensure_scope(scopes: tuple[str, ...], *allowed: str) -> None:
    """Raise the 403 of a token that was given for something else."""
    if not set(scopes) & set(allowed):
        details = [
            {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "domain": "googleapis.com"}
        ]
        raise Refused(403, "Request had insufficient authentication scopes.", details=details)


def _seconds(claims: dict[str, Any], name: str) -> float:
    value = claims.get(name, 0)
    return float(value) if isinstance(value, int | float) else 0.0


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
