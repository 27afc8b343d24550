"""One credential: its token, its pace, its attempts, bounds, and the count of it all.

gspread builds the addresses and bodies; its own retry is not used, for it can go on for ever. A request that may have been carried
out is never repeated here, unless repeating it changes nothing: whoever asked looks at the spreadsheet first (`Refusal.maybe_done`).
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import gspread
import requests
from google.auth.credentials import Credentials
from google.auth.exceptions import RefreshError, TransportError
from google.auth.transport.requests import Request as TokenRequest
from tenacity import RetryCallState, Retrying, stop_after_attempt, stop_before_delay, wait_random_exponential

from sync.edges.google.decoding import LARGE, decoded
from sync.edges.google.limits import Allowance, Pace, Turns
from sync.edges.google.trouble import Cause, Refusal, refusal

_KINDS = {
    "google.oauth2.service_account": "key", "google.auth.external_account": "workload", "google.auth.identity_pool": "workload",
    "google.auth.aws": "workload", "google.auth.impersonated": "workload", "google.oauth2.credentials": "person",
    "google.auth.compute_engine": "machine",
}  # fmt: skip
"""The module of google-auth that credentials come from, and what they are."""
_PIECE = 1 << 16
_COMPACT = {"prettyPrint": "false"}
"""Answers without the line breaks and spaces for people, which are more than half of them before they are compressed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to Google, whoever sends it."""

    kind: str
    """`read` or `write` of Sheets, or `listing` for Drive."""
    verb: str
    address: str
    given: Mapping[str, Any]
    file: str = ""
    """The file that it is about, by its id."""
    repeatable: bool = True
    """Whether it may be sent again where nobody knows if it was carried out."""
    by_row: bool = False
    """Whether the rows of a large answer are decoded only when one comes to them (`decoding.Rows`)."""


@dataclass(slots=True)
class Effort:
    """What talking to Google took."""

    reads: int = 0
    writes: int = 0
    listings: int = 0
    repeated: int = 0
    """Requests that were tried again."""
    waited: float = 0.0
    """Seconds, over all threads: for the quota, and between attempts."""
    received: int = 0
    """Bytes, unpacked."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, **amounts: float) -> None:
        """Add to the counts by their names, from whatever thread."""
        with self.lock:
            for name, amount in amounts.items():
                setattr(self, name, getattr(self, name) + amount)

    def sentence(self) -> str:
        """Return what the end of a run says of it."""
        asked = f"Google: {self.reads} reads, {self.writes} writes, {self.listings} listings, {self.received / 1e6:.1f} MB"
        return f"{asked}; {self.repeated} repeated, {self.waited:.0f} s waited for the quota and between attempts"


@dataclass(frozen=True, slots=True)
class Bound:
    """How large an answer may be (bytes)."""

    most: int
    masters: frozenset[str] = frozenset()
    """Ids of spreadsheets whose answers may be ten times as large."""

    def of(self, address: str) -> int:
        """Return the bound for an answer from this address."""
        return self.most * (10 if any(part in self.masters for part in re.split(r"[/:?]", address)) else 1)


class Credential:
    """Sends requests for one account, from as many threads as one likes."""

    def __init__(
        self,
        credentials: Credentials,
        *,
        endpoint: str | None,
        pace: Pace,
        bound: Bound,
        effort: Effort,
        turns: Turns,
        sleep: Callable[[float], None],
    ) -> None:
        self._pace, self._effort, self._turns = pace, effort, turns
        self._token = _Token(credentials)
        self._sender = _Sender(self._token, endpoint, (pace.connect_timeout, pace.read_timeout), bound)
        self.own = {"read": Allowance(pace.reads_per_minute), "write": Allowance(pace.writes_per_minute)}
        self.allowances: Mapping[str, Sequence[Allowance]] = {kind: (one,) for kind, one in self.own.items()}
        """Kind of request → what it falls under: the account's own, and its project's."""
        self.listed: Mapping[str, bool] | None = None
        """File → whether the account may change it; `None` as long as Drive was not asked."""
        make: Any = self._http_client  # gspread asks for a class, and only ever calls it
        self._gspread = gspread.Client(auth=credentials, http_client=make)
        # One for all threads and requests: each is a cycle, which would keep the body of its request until the end of the run.
        self._retrying = Retrying(
            retry=self._may_repeat,
            stop=stop_after_attempt(pace.attempts) | stop_before_delay(pace.deadline),
            wait=self._wait,
            sleep=sleep,
            before_sleep=self._note,
            reraise=True,
        )

    def _http_client(self, auth: Any, session: Any = None) -> gspread.HTTPClient:
        return _Paced(auth, self)

    @property
    def account(self) -> str | None:
        """The mail address that spreadsheets have to be shared with, `None` where the credentials do not tell."""
        found = getattr(self._token.credentials, "service_account_email", None)
        return str(found) if found and found != "default" else None

    @property
    def project(self) -> str:
        """The project whose quota requests count against; accounts that do not tell are taken to share one."""
        names = ("quota_project_id", "project_id", "project_number")
        return next((str(found) for name in names if (found := getattr(self._token.credentials, name, None))), "")

    @property
    def kind(self) -> str:
        """What the credentials are: `key`, `workload`, `person`, `machine` or `other`."""
        module = type(self._token.credentials).__module__
        return next((kind for part, kind in _KINDS.items() if module.startswith(part)), "other")

    @property
    def expiry(self) -> datetime | None:
        """When the access token ends (UTC), `None` before the first request."""
        found: datetime | None = self._token.credentials.expiry
        return found

    @property
    def now(self) -> float | None:
        """Google's own clock at the last answer (seconds since 1970)."""
        return self._sender.now

    @property
    def has_token(self) -> bool:
        """Whether a request can go out at once."""
        return bool(self._token.credentials.valid)

    def ensure_token(self) -> None:
        """Renew the token where it is old; raise Refusal."""
        self._token.ensure()

    def ask(self, asked: Asked, moment: float | None = None) -> dict[str, Any]:
        """Try until an answer can be used, as often and as long as the pace allows; raise Refusal.

        ``moment`` is the turn that the first attempt was given already.
        """
        try:
            answer: dict[str, Any] = self._retrying(self._once, asked, [] if moment is None else [moment])
        except Refusal as refused:
            raise refused.with_traceback(None)  # noqa: B904  (its traceback leads to the attempt, which has it: a cycle around the body)
        return answer

    def _may_repeat(self, state: RetryCallState) -> bool:
        error, asked = state.outcome.exception() if state.outcome else None, state.args[0]
        return isinstance(error, Refusal) and error.may_pass and (asked.repeatable or not error.maybe_done)

    def _wait(self, state: RetryCallState) -> float:
        """Full jitter up to a ceiling that doubles; never shorter than Google asked for."""
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, Refusal) else None
        return max(asked or 0.0, wait_random_exponential(multiplier=1, max=self._pace.longest_wait)(state))

    def _note(self, state: RetryCallState) -> None:
        self._effort.add(repeated=1, waited=state.next_action.sleep if state.next_action else 0.0)

    def _once(self, asked: Asked, turns: list[float]) -> dict[str, Any]:
        self._token.ensure()
        moment = turns.pop() if turns else self._turns.take(self.allowances.get(asked.kind, ()))
        self._effort.add(waited=self._turns.wait(moment), **{f"{asked.kind}s": 1})
        answer = self._gspread.http_client.request(asked.verb, asked.address, **asked.given)
        self._effort.add(received=len(answer.content))
        try:
            found = decoded(_body_of(answer), by_row=asked.by_row)
        except ValueError as error:
            raise Refusal(Cause.BUSY, "the answer was no JSON", status=answer.status_code, maybe_done=True) from error
        if not isinstance(found, dict):
            raise Refusal(Cause.BUSY, "the answer was no JSON object", status=answer.status_code, maybe_done=True)
        return found

    def send(self, verb: str, address: str, **given: Any) -> requests.Response:
        """Send one request and return its answer; raise Refusal."""
        answer = self._sender.send(verb, address, given)
        if answer.status_code == 401:
            self._token.forget(answer.request.headers.get("Authorization", ""))
            answer = self._sender.send(verb, address, given)
        if answer.ok:
            return answer
        raise refusal(answer.status_code, _json_of(answer), answer.headers.get("Retry-After"))


class _Paced(gspread.HTTPClient):
    """gspread's own seam: it names address and body, `Credential` sends them."""

    def __init__(self, auth: Any, sender: Credential) -> None:
        self.auth, self.session, self.timeout = auth, requests.Session(), None
        self._sender = sender

    def request(  # noqa: PLR0917  (gspread's own signature)
        self, method: str, endpoint: str, params: Any = None, data: Any = None, json: Any = None, files: Any = None, headers: Any = None
    ) -> requests.Response:
        """Send one request; raise Refusal."""
        return self._sender.send(method, endpoint, params=params, data=data, json=json, files=files, headers=headers)


class _Token:
    """One access token for all threads: whoever finds it old renews it, the others wait."""

    def __init__(self, credentials: Credentials) -> None:
        self.credentials: Any = credentials  # google-auth's own methods have no types
        self._lock = threading.Lock()
        self._session = requests.Session()

    def ensure(self) -> None:
        """Renew the token where it is old; raise Refusal."""
        with self._lock:
            if self.credentials.valid:
                return
            try:
                self.credentials.refresh(TokenRequest(self._session))
            except (TransportError, TypeError, KeyError, ValueError) as error:  # google-auth trips over a body that is no JSON object
                raise Refusal(Cause.BUSY, f"no token: {error}") from error
            except RefreshError as error:
                raise _no_token(error) from error

    def headers(self) -> dict[str, str]:
        """Return the header that shows the token."""
        self.ensure()
        found: dict[str, str] = {}
        self.credentials.apply(found)
        return found

    def forget(self, header: str) -> None:
        """Renew the token that Google no longer takes, unless another thread has done so already."""
        with self._lock:
            if f"Bearer {self.credentials.token}" == header:
                self.credentials.expiry, self.credentials.token = None, None
        self.ensure()


def _no_token(error: RefreshError) -> Refusal:
    """Return what a refused token request means: its body's words tell a wrong clock from a wrong key, and a page in HTML an outage."""
    words = " ".join(str(part) for part in error.args)
    if error.retryable or "internal_failure" in words or "<html" in words.lower():
        return Refusal(Cause.BUSY, "the token endpoint is out of order")
    return Refusal(Cause.CLOCK if "reasonable timeframe" in words else Cause.KEY, words)


class _Sender:
    """Sends a request from whatever thread: a session a thread, for sessions are not promised to be shared."""

    def __init__(self, token: _Token, endpoint: str | None, timeout: tuple[float, float], bound: Bound) -> None:
        self._token, self._endpoint, self._timeout, self._bound = token, endpoint, timeout, bound
        self._local = threading.local()
        self.now: float | None = None

    def send(self, verb: str, address: str, given: Mapping[str, Any]) -> requests.Response:
        """Return the answer, whole and within bounds; raise Refusal where there is none."""
        headers = {**(given.get("headers") or {}), **self._token.headers(), "Accept-Encoding": "gzip"}
        params = {**(given.get("params") or {}), **_COMPACT}
        try:
            # The connection goes back to its pool when the body was read to its end.
            answer = self._session().request(
                verb, self._redirected(address), timeout=self._timeout, stream=True, **{**given, "headers": headers, "params": params}
            )
            self._read(answer)
        except (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError) as error:
            raise Refusal(Cause.BUSY, f"no connection: {type(error).__name__}") from error
        except requests.exceptions.RequestException as error:
            raise Refusal(Cause.BUSY, f"the connection broke: {type(error).__name__}", maybe_done=True) from error
        self._look_at_clock(answer)
        return answer

    def _session(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
        found: requests.Session = self._local.session
        return found

    def _redirected(self, address: str) -> str:
        if not self._endpoint:
            return address
        parts = urlsplit(address)
        return f"{self._endpoint.rstrip('/')}{parts.path}" + (f"?{parts.query}" if parts.query else "")

    def _read(self, answer: requests.Response) -> None:
        """Read the body piece by piece, so that one beyond all bounds never fills the memory."""
        body, most = bytearray(), self._bound.of(answer.url)  # it grows in its place: pieces put together would be there twice
        for piece in answer.iter_content(_PIECE):
            body += piece
            if len(body) > most:
                answer.close()
                raise Refusal(Cause.TOO_BIG, f"{most // 1_000_000} MB")
        content: Any = body if len(body) > LARGE else bytes(body)  # of a large one bytes would be a second copy for a moment
        answer._content = content

    def _look_at_clock(self, answer: requests.Response) -> None:
        with suppress(ValueError, OverflowError):  # what a proxy wrote there undoes no answer
            self.now = parsedate_to_datetime(answer.headers.get("Date", "")).timestamp()


def _body_of(answer: requests.Response) -> bytes | bytearray:
    """Return the body, and let go of it: a master's is large."""
    body: bytes | bytearray = answer.content
    answer._content = b""
    return body


def _json_of(answer: requests.Response) -> Any:
    try:
        return decoded(answer.content)
    except ValueError:
        return None
