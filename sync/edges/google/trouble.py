"""Why Google refused, and the one sentence that says what to do about it.

Bodies as recorded: Sheets tells `status` and `details`, Drive `errors[].reason`, the front servers a page in HTML.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Cause(StrEnum):
    """What stands behind a refusal, as far as it decides what is done next."""

    NOT_SHARED = "not-shared"
    READ_ONLY = "read-only"
    NOT_FOUND = "not-found"
    TRASHED = "trashed"
    NOT_A_SHEET = "not-a-sheet"
    PROTECTED = "protected"
    API_OFF = "api-off"
    SCOPE = "scope"
    KEY = "key"
    NO_KEY = "no-key"
    CLOCK = "clock"
    STORAGE = "storage"
    BUSY = "busy"
    TOO_BIG = "too-big"
    INVALID = "invalid"


class Refusal(Exception):
    """Google said no, or nothing that can be used; `maybe_done` where the request may have been carried out all the same."""

    def __init__(
        self, cause: Cause, detail: str = "", *, status: int = 0, retry_after: float | None = None, maybe_done: bool = False
    ) -> None:
        super().__init__(f"{cause}: {detail}")
        self.cause, self.detail, self.status, self.retry_after, self.maybe_done = cause, detail, status, retry_after, maybe_done

    @property
    def may_pass(self) -> bool:
        """Return whether trying again later may help."""
        return self.cause is Cause.BUSY


@contextmanager
def understood() -> Iterator[None]:
    """Make a refusal of what a misshapen answer does to the code that reads it: half an answer is no answer."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise Refusal(Cause.BUSY, f"its answer makes no sense: {type(error).__name__}") from error


SET_UP = (Cause.API_OFF, Cause.SCOPE, Cause.KEY, Cause.NO_KEY, Cause.CLOCK)
"""Causes that no spreadsheet is to blame for: nothing can be read until a person mends the set-up."""
_RATE = ("rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED")
_OFF = ("accessNotConfigured", "SERVICE_DISABLED")


def refusal(status: int, body: Any, retry_after: str | None) -> Refusal:
    """Return what an answer with an error status means; `body` is its JSON, or anything else where it had none."""
    error = body.get("error") if isinstance(body, dict) else None
    error = error if isinstance(error, dict) else {}
    message = str(error.get("message", "") or "")
    reasons = {str(one.get("reason", "")) for one in [*_dicts(error.get("errors")), *_dicts(error.get("details"))]}
    return Refusal(_cause(status, message, reasons), message, status=status, retry_after=_seconds(retry_after), maybe_done=status >= 500)


def _dicts(listed: Any) -> list[dict[str, Any]]:
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _cause(status: int, message: str, reasons: set[str]) -> Cause:
    if status in (408, 429) or status >= 500:
        return Cause.BUSY
    if status == 401:
        return Cause.KEY
    if status == 403:
        return _forbidden(reasons)
    if status == 404:
        return Cause.NOT_FOUND
    if "not supported for this document" in message:
        return Cause.NOT_A_SHEET
    return Cause.PROTECTED if "protected cell" in message else Cause.INVALID


def _forbidden(reasons: set[str]) -> Cause:
    if reasons & set(_RATE):
        return Cause.BUSY
    if reasons & set(_OFF):
        return Cause.API_OFF
    if "storageQuotaExceeded" in reasons:
        return Cause.STORAGE
    return Cause.SCOPE if "ACCESS_TOKEN_SCOPE_INSUFFICIENT" in reasons else Cause.NOT_SHARED


def _seconds(retry_after: str | None) -> float | None:
    return float(retry_after) if retry_after and retry_after.isdigit() else None


@dataclass(frozen=True, slots=True)
class Named:
    """A spreadsheet as its sentence names it."""

    name: str
    account: str | None
    """The mail address that it has to be shared with, `None` where it is not known."""


_IN_VIETNAMESE = {
    Cause.NOT_SHARED: "Bảng tính {name} chưa được chia sẻ với hệ thống; hãy mở bảng, bấm “Chia sẻ” và thêm {account} với quyền “Người chỉnh sửa”.",
    Cause.READ_ONLY: "Hệ thống chỉ được xem bảng tính {name}; hãy đổi quyền của {account} thành “Người chỉnh sửa”.",
    Cause.NOT_FOUND: "Không tìm thấy bảng tính {name}; có thể bảng đã bị xóa hoặc mã trong cấu hình bị sai, hãy kiểm tra đường dẫn của bảng.",
    Cause.TRASHED: "Bảng tính {name} đang ở trong thùng rác; hãy khôi phục bảng trong Google Drive.",
    Cause.NOT_A_SHEET: "Tệp {name} là tệp Excel để trên Google Drive; hãy mở tệp, chọn “Tệp → Lưu dưới dạng Google Trang tính” rồi báo đường dẫn mới cho Quận Đoàn.",
    Cause.PROTECTED: "Cột của hệ thống trong bảng tính {name} bị khóa; hãy cho {account} quyền sửa vùng được bảo vệ đó.",
    Cause.BUSY: "Google chưa trả lời được cho bảng tính {name} ({detail}); lần chạy sau sẽ đọc lại.",
    Cause.TOO_BIG: "Bảng tính {name} quá lớn ({detail}); hãy xóa trang tính thừa và hình ảnh.",
    Cause.INVALID: "Google không nhận yêu cầu cho bảng tính {name} ({detail}); hãy báo cho người phụ trách hệ thống.",
}
_IN_ENGLISH = {
    Cause.NOT_SHARED: "{name} is not shared with {account}; open it, press Share and add that address as Editor.",
    Cause.READ_ONLY: "{account} may only view {name}; make it an Editor there.",
    Cause.NOT_FOUND: "{name} was not found; it was deleted, or its id in settings.yaml is wrong.",
    Cause.TRASHED: "{name} lies in the trash; restore it in Google Drive.",
    Cause.NOT_A_SHEET: "{name} is an .xlsx file in Drive, not a Google sheet; open it, choose “File → Save as Google Sheets” and put the new id into settings.yaml.",
    Cause.PROTECTED: "Cells of {name} that the program writes are protected; let {account} edit them.",
    Cause.API_OFF: "An API is not enabled in the Google project of {account}: {detail}",
    Cause.SCOPE: "The credentials of {account} were given too few scopes; they need …/auth/spreadsheets and …/auth/drive.metadata.readonly.",
    Cause.KEY: "Google does not accept the key of {account} ({detail}); make a new one, or see whether the account was disabled.",
    Cause.NO_KEY: "There are no Google credentials ({detail}); set GOOGLE_APPLICATION_CREDENTIALS to a service account's key file or a workload identity file.",
    Cause.CLOCK: "Google refuses the signed request of {account} because this machine's clock is wrong, or the key has expired ({detail}).",
    Cause.STORAGE: "{account} may own no files; let a person create {name} and share it with that address.",
    Cause.BUSY: "Google did not answer for {name} ({detail}); what stood there is unchanged, run again later.",
    Cause.TOO_BIG: "{name} is too big to be read ({detail}).",
    Cause.INVALID: "Google refused a request for {name}: {detail}",
}


def for_people(refused: Refusal, named: Named) -> str:
    """Return the Vietnamese sentence for those who fill the spreadsheet in."""
    sentence = _IN_VIETNAMESE.get(refused.cause)
    if sentence is None:
        return for_operator(refused, named)
    return sentence.format(name=named.name, account=named.account or "tài khoản của hệ thống", detail=_brief(refused))


def for_operator(refused: Refusal, named: Named) -> str:
    """Return the English sentence for the one who runs the program."""
    account = named.account or "the program's account"
    return _IN_ENGLISH[refused.cause].format(name=named.name, account=account, detail=_brief(refused))


def _brief(refused: Refusal) -> str:
    words = " ".join(refused.detail.split())[:300].rstrip(".")
    return words or (f"HTTP {refused.status}" if refused.status else str(refused.cause))
