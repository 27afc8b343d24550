"""The HTTP server: which method a request means, who asks, what is answered, and what goes wrong on the way.

Sources: paths and parameters from the discovery documents; order of the checks (authentication, quota, parameters, permission,
request) and the bodies of refusals from recorded traffic of gspread's and gargle's test suites.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.google import drive, masks, page
from tests.google.access import DRIVE_SCOPES, LISTING_SCOPES, READ_SCOPES, SHEETS_SCOPES, Access, Account, Quota, TokenRefused, ensure_scope
from tests.google.discovery import checked_answer, checked_parameters, checked_request, document, find_method, violations
from tests.google.drive import Drive, File
from tests.google.errors import Refused
from tests.google.faults import Fault, Faults
from tests.google.files import DriveMethods
from tests.google.sheets import SheetsMethods
from tests.google.state import Json, Spreadsheet, new_spreadsheet

OWNER = "quan-doan@example.org"
"""The person who owns what is laid out here."""


@dataclass
class Request:
    """One request, as the server saw it."""

    number: int
    kind: str
    """`read` or `write` of Sheets, `drive`, `token`, or `page`."""
    verb: str
    method: str
    path: str
    file: str | None
    body: Any
    parameters: dict[str, list[str]]
    at: float
    status: int = 0
    sent: int = 0
    """Bytes of the answer's body as sent."""
    received: int = 0
    """Bytes of the request's body."""
    account: str = ""
    """The address of who asked, where that could be told."""


class StandIn:
    """Google, on a port of this machine; a context manager."""

    def __init__(
        self,
        *,
        reads: int | None = 60,
        writes: int | None = 60,
        clock: Callable[[], float] = time.time,
        latency: float = 0,
        sleep: Callable[[float], None] = time.sleep,
        seed: int = 0,
        port: int = 0,
    ) -> None:
        self.clock = clock
        self.latency = latency
        self.sleep = sleep
        self.quota = Quota(reads, writes)
        self.faults = Faults(seed)
        self.disabled: set[str] = set()
        """APIs (`sheets`, `drive`) that are not enabled in the project."""
        self.largest_request = 10_485_760
        """Bytes of a body to Sheets; beyond it 400 (reported: PSGSuite#62, dotnet-samples#23). Google documents none, and advises 2 MB."""
        self.requests: list[Request] = []
        self.broken: list[str] = []
        """What the stand-in itself did wrong: answers that Google could not give, and crashes."""
        self.lock = threading.RLock()
        self._server = _Server(("127.0.0.1", port), self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.access = Access(self.clock, self.url)
        self.account = self.access.new_account("donghanh")
        self.drive = Drive(self.clock)
        self.books: dict[str, Spreadsheet] = {}
        self.sheets = SheetsMethods(self)
        self.files = DriveMethods(self)

    def __enter__(self) -> StandIn:
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def serve_forever(self) -> None:
        """Serve until interrupted."""
        self._server.serve_forever()

    def key_file(self, folder: Path, account: Account | None = None) -> Path:
        """Write the account's key file into a folder and return its path."""
        path = folder / ("key.json" if account in (None, self.account) else f"{account.email.partition('@')[0]}.json")
        path.write_text((account or self.account).key_file(f"{self.url}/token"), encoding="utf-8")
        path.chmod(0o600)
        return path

    def add(
        self,
        book: Spreadsheet | None = None,
        *,
        title: str = "",
        file_id: str = "",
        role: str | None = "writer",
        mime: str = drive.SHEET_TYPE,
    ) -> str:
        """Lay a spreadsheet (or a file of another type) out as the owner's, shared with the account in a role; return its id."""
        with self.lock:
            file_id = file_id or (book.id if book else "") or f"thu-{len(self.drive.files) + 1:04d}-{'x' * 30}"
            if mime == drive.SHEET_TYPE:
                book = book or new_spreadsheet(file_id, title)
                book.id, book.owner = file_id, OWNER
                self.books[file_id] = book
            owner = {"kind": "drive#permission", "id": "1", "type": "user", "role": "owner", "emailAddress": OWNER}
            self.drive.add(File(file_id, title or (book.properties["title"] if book else file_id), mime, permissions=[owner]))
            self.share(file_id, role)
            return file_id

    def share(self, file_id: str, role: str | None, account: Account | None = None) -> None:
        """Give the account this role on the file, or none at all."""
        email = (account or self.account).email
        file = self.drive.files[file_id]
        file.permissions = [one for one in file.permissions if one.get("emailAddress") != email]
        if role:
            file.permissions.append(
                {"kind": "drive#permission", "id": f"p{len(file.permissions) + 1}", "type": "user", "role": role, "emailAddress": email}
            )

    def edit(self, file_id: str, requests: Iterable[Json]) -> None:
        """Change a spreadsheet as a person does in the browser: no quota, no log, but Drive sees it."""
        from tests.google.changes import applied  # noqa: PLC0415

        with self.lock:
            self.books[file_id], _ = applied(self.books[file_id], list(requests))
            self.drive.touch(file_id)

    def asked(self, kind: str | None = None, *, file: str | None = None, since: int = 0) -> list[Request]:
        """Return the logged requests of a kind and file, those after number `since`."""
        return [
            one for one in self.requests if (kind is None or one.kind == kind) and (file is None or one.file == file) and one.number > since
        ]

    def last(self) -> int:
        """Return the number of the last request."""
        return len(self.requests)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], google: StandIn) -> None:
        super().__init__(address, _Handler)
        self.google = google
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Take a connection."""
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """End a connection."""
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Take no more connections, and end those that are kept alive: a server that is gone answers nobody."""
        super().server_close()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no fault of the server's."""


_HEADERS = {
    "Server": "ESF", "Vary": "Origin, X-Origin, Referer", "Cache-Control": "private", "X-XSS-Protection": "0", "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
}  # fmt: skip
"""Of every answer (recorded traffic)."""
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/", error="invalid_token"'}


class _Cut(Exception):
    """The connection is to be closed without an answer."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    """Head and body go out in two writes: held back, each answer would take the 40 ms until the client acknowledges the first."""
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the log is `StandIn.requests`."""

    def do_GET(self) -> None:
        self._answer()

    do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_GET

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what is no request that the service takes, as Google's front servers do."""
        body = page.error(405 if code == 501 else code, self.path if hasattr(self, "path") else "", self.command or "")
        self.send_response_only(405 if code == 501 else code)
        self.send_header("Content-Type", "text/html; charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def _answer(self) -> None:
        google = self.server.google
        raw = self._read()
        if raw is None:
            self.send_error(400)
            return
        call = _Call(google, self.command, self.path, self.headers.get("Authorization"), raw, self.headers.get("Content-Type", ""))
        try:
            self._send(call, *call.outcome())
        except _Cut:
            call.request.status = 0
            self._close()

    def _read(self) -> bytes | None:
        """Return the request's body, `None` where it cannot be read."""
        length = self.headers.get("Content-Length") or "0"
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            raw = b""
            while size := int(self.rfile.readline().split(b";")[0] or b"0", 16):
                raw += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        elif length.isdigit():
            raw = self.rfile.read(int(length))
        else:
            return None
        try:
            return gzip.decompress(raw) if self.headers.get("Content-Encoding") == "gzip" else raw
        except (OSError, EOFError):
            return None

    def _send(self, call: _Call, status: int, kind: str, body: bytes, headers: dict[str, str]) -> None:
        if "gzip" in self.headers.get("Accept-Encoding", "") and len(body) > 500:
            body = gzip.compress(body, 5, mtime=0)
            headers = {**headers, "Content-Encoding": "gzip"}
        call.request.status, call.request.sent = status, len(body)
        headers = {**_HEADERS, **headers, **(_CHALLENGE if status == 401 else {})}
        self.send_response_only(status)
        self.send_header("Date", self.date_time_string(int(self.server.google.clock())))
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if call.fault and call.fault.cut == "half":
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self._close()
        elif self.command != "HEAD":
            self.wfile.write(body)

    def _close(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):  # the client was quicker
            self.connection.shutdown(socket.SHUT_RDWR)


class _Call:
    """One request on its way to its answer."""

    def __init__(self, google: StandIn, verb: str, path: str, authorization: str | None, raw: bytes, content_type: str) -> None:
        self.google, self.verb, self.raw, self._authorization, self._content_type = google, verb, raw, authorization, content_type
        address = urlsplit(path)
        self.path, self.parameters = address.path, parse_qs(address.query, keep_blank_values=True)
        self.api, self.method, self.names = self._route()
        kind = {"sheets": "write", "drive": "drive"}.get(self.api, self.api)
        if self.api == "sheets" and (
            verb == "GET" or (self.method["id"].lower().endswith("bydatafilter") and "get" in self.method["id"].lower())
        ):
            kind = "read"
        file = self.names.get("spreadsheetId") or self.names.get("fileId")
        with google.lock:
            self.request = Request(
                len(google.requests) + 1,
                kind,
                verb,
                self.method.get("id", self.api),
                self.path,
                file,
                None,
                self.parameters,
                google.clock(),
                received=len(raw),
            )
            google.requests.append(self.request)
        self.fault: Fault | None = google.faults.at(self.request.number, verb, self.request.method, self.path)

    def _route(self) -> tuple[str, Json, dict[str, str]]:
        bare = self.path.lstrip("/")
        if (upload := _UPLOAD.fullmatch(bare)) and self.verb == {"v2": "PUT", "v3": "PATCH"}[upload[1]]:
            self.parameters[upload[1]] = [""]
            return "drive", {"id": "drive.files.update.upload"}, {"fileId": unquote(upload[2])}
        if bare == "token" and self.verb == "POST":
            return "token", {"id": "token"}, {}
        for api, prefix, within in (("drive", "drive/v3/", True), ("sheets", "v4/", False)):
            if bare.startswith(prefix):
                found = find_method(api, self.verb, bare.removeprefix(prefix) if within else bare)
                if found:
                    return api, found[0], {name: unquote(value) for name, value in found[1].items()}
        return "page", {"id": "page"}, {}

    def outcome(self) -> tuple[int, str, bytes, dict[str, str]]:
        """Return status, type, body and headers; raise _Cut where the connection ends without them."""
        fault = self.fault
        pause = self.google.latency + (fault.delay if fault else 0)
        if pause:
            self.google.sleep(pause)
        if fault and fault.cut == "before":
            raise _Cut
        if fault and fault.status and not fault.carried_out:
            return _refused_by(fault, self.api)
        answer = self._answered()
        if fault and fault.cut == "after":
            raise _Cut
        if fault and fault.status:
            return _refused_by(fault, self.api)
        if fault and fault.wrong_json:
            return 200, "application/json; charset=UTF-8", b'{"spreadsheetId": "', {}
        return answer

    def _answered(self) -> tuple[int, str, bytes, dict[str, str]]:
        try:
            with self.google.lock:
                if self.api == "token":
                    return _json(200, self.google.access.token(parse_qs(self.raw.decode(errors="replace"))))
                if self.api == "page" and self.verb == "POST" and self.path.startswith("/cells/"):
                    return page.typed(self.google, self.path, self.raw)
                if self.api == "page":
                    return page.answer(self.google, self.path, self.verb)
                return self._called()
        except TokenRefused as refused:
            return _json(400, {"error": refused.error, "error_description": refused.description})
        except Refused as refused:
            return _json(refused.code, refused.body(self.api))
        except Exception as error:
            self.google.broken.append(f"{self.request.method}: {error!r}")
            return _json(500, Refused(500, f"The stand-in broke: {error!r}").body(self.api))

    def _called(self) -> tuple[int, str, bytes, dict[str, str]]:
        google, api = self.google, self.api
        account, scopes = google.access.account_of(self._authorization)
        self.request.account = account.email
        if api in google.disabled:
            raise _not_enabled(api)
        if api == "sheets":
            ensure_scope(scopes, *SHEETS_SCOPES, *(READ_SCOPES if self.request.kind == "read" else ()))
            google.quota.take(account, self.request.kind, google.clock())
            if len(self.raw) > google.largest_request:
                raise Refused(400, f"Request payload size exceeds the limit: {google.largest_request} bytes.", reason="badRequest")
        else:
            ensure_scope(scopes, *DRIVE_SCOPES, *(LISTING_SCOPES if self.verb == "GET" else ()))
        checked_parameters(api, self.method, self.parameters)
        mask = self._mask()
        body = self.raw if self.method["id"].endswith(".upload") else checked_request(api, self.method, self._body())
        self.request.body = body
        methods: Any = google.sheets if api == "sheets" else google.files
        answer = methods.call(self.method["id"], self.names, self.parameters, body, account, mask)
        if answer is None:
            return 204, "text/html", b"", {}
        if isinstance(answer, tuple):
            return 200, answer[0], answer[1], {}
        answer = checked_answer(api, self.method, answer)
        return _json(200, masks.apply(mask, answer), pretty=self.parameters.get("prettyPrint", ["true"])[0].lower() in ("true", "1"))

    def _body(self) -> Any:
        if not self.raw or not self.method.get("request"):
            return None
        try:
            return json.loads(self.raw, parse_constant=_no_constant)
        except ValueError as error:
            raise violations([("", _unreadable(self.raw.decode(errors="replace"), getattr(error, "pos", 0)))]) from error

    def _mask(self) -> masks.Mask | None:
        reference = self.method.get("response", {}).get("$ref")
        text = self.parameters.get("fields", [None])[0]
        if text is None and self.api == "drive":
            return masks.parse(_DRIVE_DEFAULT[reference]) if reference in _DRIVE_DEFAULT else None
        if self.api == "drive":
            text = (text or "").replace(" ", "")  # Drive passes over spaces, Sheets does not (reported: claude-google-sheets-mcp#2)
        if not text or text == "*" or not reference:
            return {} if self.api == "drive" and text == "" else None
        try:
            if " " in text:
                raise masks.UnknownField(next(one for one in text.split(",") if " " in one))
            return masks.resolved(masks.parse(text), document(self.api)["schemas"], reference)
        except masks.UnknownField as unknown:
            raise self._unknown_field(str(unknown)) from unknown

    def _unknown_field(self, path: str) -> Refused:
        if self.api == "drive":
            return Refused(400, f"Invalid field selection {path}", reason="invalidParameter", location=("fields", "parameter"))
        said = f"Error expanding 'fields' parameter. Cannot find matching fields for path '{path}'."
        refused = violations([(path, said)])
        refused.message = "Request contains an invalid argument."
        return refused


_UPLOAD = re.compile(r"upload/drive/(v2|v3)/files/([^/]+)")
"""Where content is uploaded for a file (page "Upload file data"); of v2 gspread uses this much."""
_DRIVE_DEFAULT = {
    "FileList": "kind,incompleteSearch,nextPageToken,files(kind,id,name,mimeType)",
    "File": "kind,id,name,mimeType",
    "PermissionList": "kind,nextPageToken,permissions(id,type,kind,role)",
    "Permission": "kind,id,type,role",
}
"""What Drive answers without `fields` (guide "Return specific fields")."""


def _json(status: int, body: Any, *, pretty: bool = True) -> tuple[int, str, bytes, dict[str, str]]:
    """Return an answer in JSON: indented by two, as Google's are unless `prettyPrint=false`; half of a surrogate pair as its escape."""
    text = json.dumps(body, ensure_ascii=False, indent=2) + "\n" if pretty else json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return status, "application/json; charset=UTF-8", text.encode(errors="backslashreplace"), {}


def _no_constant(name: str) -> None:
    raise json.JSONDecodeError(f"{name} is no JSON", name, 0)


def _unreadable(text: str, at: int) -> str:
    """Return Google's sentence on a payload that is no JSON: what was met, the text around it, and a mark below."""
    what = "Unexpected end of string. Expected a value." if at >= len(text.rstrip()) else "Unexpected token."
    start = max(0, at - 30)
    line = text[start : at + 30].replace("\n", " ")
    return f"Invalid JSON payload received. {what}\n{line}\n{' ' * (at - start)}^"


def _not_enabled(api: str) -> Refused:
    name = {"sheets": "Google Sheets API", "drive": "Google Drive API"}[api]
    address = f"https://console.developers.google.com/apis/api/{api}.googleapis.com/overview?project=1"
    details = [
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "SERVICE_DISABLED",
            "domain": "googleapis.com",
            "metadata": {"service": f"{api}.googleapis.com", "consumer": "projects/1"},
        }
    ]
    sentence = f"{name} has not been used in project 1 before or it is disabled. Enable it by visiting {address} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry."
    return Refused(403, sentence, reason="accessNotConfigured", domain="usageLimits", details=details)


def _refused_by(fault: Fault, api: str) -> tuple[int, str, bytes, dict[str, str]]:
    status = fault.status or 500
    headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after is not None else {}
    if fault.html:
        return (
            status,
            "text/html; charset=UTF-8",
            f"<!DOCTYPE html><html><title>Error {status}</title><p><b>{status}.</b> That’s an error.</html>".encode(),
            headers,
        )
    if api == "token":
        return status, "application/json", b'{"error": "internal_failure"}', headers
    usage = {
        "rateLimitExceeded": "Rate Limit Exceeded",
        "userRateLimitExceeded": "User Rate Limit Exceeded",
        "storageQuotaExceeded": "The user's Drive storage quota has been exceeded.",
    }
    if fault.reason == "SERVICE_DISABLED":
        refused = _not_enabled(api)
    elif fault.reason in usage:
        refused = Refused(status, usage[fault.reason], reason=fault.reason, domain="usageLimits")
    elif status == 429:
        from tests.google.access import too_many  # noqa: PLC0415

        refused = too_many("read", 60)
    else:
        said = {
            403: "The caller does not have permission",
            404: "Requested entity was not found.",
            500: "Internal error encountered.",
            503: "The service is currently unavailable.",
        }
        refused = Refused(status, said.get(status, f"Error {status}"))
    _, kind, body, _ = _json(status, refused.body(api))
    return status, kind, body, headers
