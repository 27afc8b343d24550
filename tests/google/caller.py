"""A plain caller over real HTTP, for the tests of the stand-in: it signs its own token requests and knows nothing of the server's insides."""

from __future__ import annotations

import json
from typing import Any

import requests
from google.auth import crypt, jwt

from tests.google.access import GRANT, Account
from tests.google.server import StandIn

SCOPES = "https://www.googleapis.com/auth/spreadsheets https://www.googleapis.com/auth/drive"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: float = 1_770_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        """Return the moment."""
        return self.now


class Caller:
    """One account's requests; a context manager that closes its connections."""

    def __init__(self, google: StandIn, account: Account | None = None) -> None:
        self.google, self.account = google, account or google.account
        self.session = requests.Session()
        self._token: str | None = None

    def __enter__(self) -> Caller:
        return self

    def __exit__(self, *exc: object) -> None:
        self.session.close()

    def ask_token(self, signer: Account | None = None, **claims: Any) -> requests.Response:
        """Ask for a token, with these claims in the place of the right ones."""
        key = (signer or self.account).key_file("")
        from_key = crypt.RSASigner.from_string(json.loads(key)["private_key"], self.account.key_id)  # type: ignore[no-untyped-call]
        now = int(self.google.clock())
        right = {"iss": self.account.email, "scope": SCOPES, "aud": f"{self.google.url}/token", "iat": now, "exp": now + 3600}
        assertion = jwt.encode(from_key, {**right, **claims})  # type: ignore[no-untyped-call]
        return self.session.post(f"{self.google.url}/token", data={"grant_type": GRANT, "assertion": assertion})

    def call(self, verb: str, path: str, body: Any = None, headers: dict[str, str] | None = None, **parameters: Any) -> requests.Response:
        """Send a request with a token."""
        if self._token is None:
            answer = self.ask_token()
            assert answer.status_code == 200, answer.text
            self._token = answer.json()["access_token"]
        bearer = {"Authorization": f"Bearer {self._token}", **(headers or {})}
        return self.session.request(verb, self.google.url + path, json=body, params=parameters, headers=bearer)

    def get(self, path: str, **parameters: Any) -> Any:
        """Return the JSON of what must be answered."""
        return self.right("GET", path, **parameters)

    def right(self, verb: str, path: str, body: Any = None, **parameters: Any) -> Any:
        """Return the JSON of a request that must be answered with 200."""
        answer = self.call(verb, path, body, **parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, verb: str, path: str, body: Any = None, **parameters: Any) -> tuple[int, str]:
        """Return status and sentence of a request that must be refused."""
        answer = self.call(verb, path, body, **parameters)
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json()["error"]["message"]

    def batch(self, file: str, *changes: Any, **others: Any) -> Any:
        """Carry changes out and return the replies."""
        answer = self.right("POST", f"/v4/spreadsheets/{file}:batchUpdate", {"requests": list(changes), **others})
        return answer if others else answer["replies"]

    def batch_refused(self, file: str, *changes: Any) -> tuple[int, str]:
        """Return status and sentence of changes that must be refused."""
        return self.refused("POST", f"/v4/spreadsheets/{file}:batchUpdate", {"requests": list(changes)})

    def write(self, file: str, place: str, rows: list[list[Any]], option: str = "USER_ENTERED") -> Any:
        """Write values."""
        return self.right("PUT", f"/v4/spreadsheets/{file}/values/{place}", {"values": rows}, valueInputOption=option)

    def read(self, file: str, place: str, **options: Any) -> Any:
        """Return the values of a range, `[]` where there are none."""
        return self.get(f"/v4/spreadsheets/{file}/values/{place}", **options).get("values", [])
