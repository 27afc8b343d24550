"""An answer that refuses, in the shape that Google's own have.

From recorded traffic: gspread's test suite (400 and 404 of Sheets), gargle's fixtures (403, 404 and 429), Drive's error guide; which
service tells `status`, which `errors`, as measured for the repository brekkylab/backlot.
"""

from __future__ import annotations

from typing import Any

_STATUS = {
    400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 405: "UNIMPLEMENTED", 409: "ABORTED",
    413: "INVALID_ARGUMENT", 429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 502: "UNAVAILABLE", 501: "UNIMPLEMENTED", 503: "UNAVAILABLE", 504: "DEADLINE_EXCEEDED",
}  # fmt: skip


class Refused(Exception):
    """An error answer of the service."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        reason: str | None = None,
        domain: str = "global",
        location: tuple[str, str] | None = None,
        details: list[dict[str, Any]] | None = None,
        status: str | None = None,
        short: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.reason, self.domain, self.details = code, message, reason, domain, details
        self.status, self.short, self.location = status, short, location
        """Drive: (name, kind) of what in the request is wrong."""

    def body(self, api: str) -> dict[str, Any]:
        """Return the JSON of the answer: Sheets tells a status, Drive a list of reasons."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if api == "drive":
            where = {"location": self.location[0], "locationType": self.location[1]} if self.location else {}
            reason = self.reason or {400: "badRequest", 401: "authError", 404: "notFound"}.get(
                self.code, "forbidden" if self.code == 403 else "backendError"
            )
            error["errors"] = [{"message": self.short or self.message, "domain": self.domain, "reason": reason, **where}]
        if api != "drive" or self.details or self.status:
            error["status"] = self.status or _STATUS.get(self.code, "UNKNOWN")
        if self.details:
            error["details"] = self.details
        return {"error": error}


def invalid(message: str) -> Refused:
    """Return the refusal of a request that makes no sense."""
    return Refused(400, message)
