"""Drive: which files there are, when they changed, who may see them.

Sources: reference of `files` and `permissions`, guide "Search for files and folders", error guide of Drive v3. A service account owns no
storage: what it creates is refused with `storageQuotaExceeded` (reported: n8n#26050, gspread#1592) unless `storage` allows it here.
`modifiedTime` may lag behind a change (reported: google-api-go-client#444, #906): `lag` says by how many seconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.google.errors import Refused
from tests.google.state import Json

SHEET_TYPE = "application/vnd.google-apps.spreadsheet"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FOLDER_TYPE = "application/vnd.google-apps.folder"


@dataclass
class File:
    """One file in Drive."""

    id: str
    name: str
    mime: str = SHEET_TYPE
    created: float = 0
    changes: list[tuple[float, int]] = field(default_factory=list)
    """(moment, version) of each change."""
    trashed: bool = False
    parents: list[str] = field(default_factory=list)
    description: str = ""
    permissions: list[Json] = field(default_factory=list)
    content: bytes = b""
    """What is downloaded of a file that is no Google document."""

    def role_of(self, email: str) -> str | None:
        """Return the account's role: owner, writer, commenter, reader or none."""
        order = ("owner", "organizer", "fileOrganizer", "writer", "commenter", "reader")
        roles = [
            one["role"] for one in self.permissions if one.get("emailAddress", "").casefold() == email.casefold() or one["type"] == "anyone"
        ]
        return min(roles, key=order.index, default=None)

    @property
    def version(self) -> int:
        """The version, which grows with each change."""
        return self.changes[-1][1] if self.changes else 1


class Drive:
    """All files of the stand-in."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.files: dict[str, File] = {}
        self.lag = 0.0
        """Seconds until a change shows in `modifiedTime`."""
        self.storage = False
        """Whether service accounts may own files."""
        self._version = 1

    def add(self, file: File) -> File:
        """Take a file in, as made now."""
        file.created = self._clock()
        self.files[file.id] = file
        self.touch(file.id)
        return file

    def touch(self, file_id: str) -> None:
        """Note that the file's content changed now."""
        self._version += 1
        file = self.files[file_id]
        file.changes = [*file.changes[-50:], (self._clock(), self._version)]

    def visible(self, file_id: str, email: str) -> File:
        """Return the file; raise Drive's 404 where there is none that the account may see."""
        file = self.files.get(file_id)
        if file is None or file.role_of(email) is None:
            raise Refused(404, f"File not found: {file_id}.", reason="notFound", location=("fileId", "parameter"))
        return file

    def writable(self, file_id: str, email: str) -> File:
        """Return the file; raise 403 where the account may only read it."""
        file = self.visible(file_id, email)
        if file.role_of(email) not in ("owner", "writer", "organizer", "fileOrganizer"):
            raise Refused(403, "The user does not have sufficient permissions for this file.", reason="insufficientFilePermissions")
        return file

    def json(self, file: File, email: str) -> Json:
        """Return the file as Drive tells it."""
        shown = [(when, version) for when, version in file.changes if when + self.lag <= self._clock()] or file.changes[:1]
        when, _ = shown[-1]
        role = file.role_of(email)
        told: Json = {
            "kind": "drive#file", "id": file.id, "name": file.name, "mimeType": file.mime, "trashed": file.trashed, "starred": False,
            "createdTime": moment(file.created), "modifiedTime": moment(when), "version": str(file.version),
            "webViewLink": f"https://docs.google.com/spreadsheets/d/{file.id}/edit", "ownedByMe": role == "owner",
            "shared": len(file.permissions) > 1, "capabilities": {"canEdit": role in ("owner", "writer"), "canTrash": role == "owner"},
        }  # fmt: skip
        if file.parents:
            told["parents"] = file.parents
        if file.description:
            told["description"] = file.description
        if role in ("owner", "writer"):
            told["permissions"] = file.permissions
        return told

    def json_v2(self, file: File, email: str) -> Json:
        """Return the file as Drive v2 tells it, which knows some members by other names (recorded traffic)."""
        told = self.json(file, email)
        return {
            "kind": "drive#file", "id": file.id, "title": file.name, "mimeType": file.mime, "version": told["version"],
            "alternateLink": told["webViewLink"], "createdDate": told["createdTime"], "modifiedDate": told["modifiedTime"], "editable": True,
            "labels": {"starred": False, "hidden": False, "trashed": file.trashed, "restricted": False, "viewed": True}, "shared": told["shared"],
        }  # fmt: skip

    def listed(self, email: str, query: str, order: str) -> list[File]:
        """Return the files that the account may see and the query finds, in order."""
        matches = parsed_query(query)
        found = [file for file in self.files.values() if file.role_of(email) is not None and matches(file)]
        for key in reversed([one for one in (order or "modifiedTime desc").split(",") if one]):
            name, _, direction = key.strip().partition(" ")
            keys: dict[str, Callable[[File], object]] = {
                "name": lambda one: one.name.casefold(), "modifiedTime": lambda one: one.changes[-1][0], "createdTime": lambda one: one.created,
                "name_natural": lambda one: one.name.casefold(), "recency": lambda one: one.changes[-1][0], "folder": lambda one: one.mime != FOLDER_TYPE,
            }  # fmt: skip
            if name not in keys:
                raise Refused(400, "Invalid Value", reason="invalid")
            found.sort(key=keys[name], reverse=direction == "desc")  # type: ignore[arg-type]
        return found


def moment(when: float) -> str:
    """Return a moment as Drive writes it."""
    return datetime.fromtimestamp(when, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{int(when * 1000) % 1000:03d}Z"


_WORD = re.compile(
    r"""\s*(?:(and|or|not|in|contains|has)\b|(<=|>=|!=|=|<|>|\(|\))|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(true|false)\b|(\w+))""",
    re.IGNORECASE,
)
Test = Callable[[File], bool]


def parsed_query(query: str) -> Test:
    """Return the test that a `q` means; raise Drive's 400 where it cannot be read."""
    if not query.strip():
        return lambda file: True
    words, at = [], 0
    while at < len(query.rstrip()):
        found = _WORD.match(query, at)
        if found is None:
            raise _bad_query()
        at = found.end()
        words.append(found)
    reader = _Query(words)
    test = reader.any_of()
    if reader.words:
        raise _bad_query()
    return test


def _bad_query() -> Refused:
    return Refused(400, "Invalid Value", reason="invalid")


class _Query:
    """Reads a query word by word: `or` binds less than `and`, `not` most."""

    def __init__(self, words: list[re.Match[str]]) -> None:
        self.words = words

    def _next(self) -> re.Match[str]:
        if not self.words:
            raise _bad_query()
        return self.words.pop(0)

    def _is(self, word: str) -> bool:
        if self.words and self.words[0][0].strip().casefold() == word:
            self.words.pop(0)
            return True
        return False

    def any_of(self) -> Test:
        tests = [self._all_of()]
        while self._is("or"):
            tests.append(self._all_of())
        return lambda file: any(test(file) for test in tests)

    def _all_of(self) -> Test:
        tests = [self._one()]
        while self._is("and"):
            tests.append(self._one())
        return lambda file: all(test(file) for test in tests)

    def _one(self) -> Test:
        if self._is("not"):
            inner = self._one()
            return lambda file: not inner(file)
        if self._is("("):
            inner = self.any_of()
            if not self._is(")"):
                raise _bad_query()
            return inner
        return self._term()

    def _term(self) -> Test:
        left, operator, right = self._next(), self._next()[0].strip().casefold(), self._next()
        if left[3] is not None and operator == "in":
            wanted = _text(left)
            return self._membership(wanted, right[0].strip())
        return _comparison(left[0].strip(), operator, right)

    def _membership(self, wanted: str, collection: str) -> Test:
        if collection == "parents":
            return lambda file: wanted in file.parents
        if collection in ("writers", "readers", "owners"):
            roles = {"owners": ("owner",), "writers": ("owner", "writer")}.get(collection)
            return lambda file: file.role_of(wanted) in roles if roles else file.role_of(wanted) is not None
        raise _bad_query()


def _text(word: re.Match[str]) -> str:
    return re.sub(r"\\(.)", r"\1", word[3][1:-1])


def _comparison(name: str, operator: str, right: re.Match[str]) -> Test:
    if name == "trashed" and operator in ("=", "!=") and right[4]:
        wanted = (right[4].casefold() == "true") == (operator == "=")
        return lambda file: file.trashed == wanted
    if right[3] is None:
        raise _bad_query()
    value = _text(right)
    if name in ("name", "mimeType"):
        return _text_test(name, operator, value)
    if name in ("modifiedTime", "createdTime"):
        return _time_test(name, operator, value)
    raise _bad_query()


def _text_test(name: str, operator: str, value: str) -> Test:
    def of(file: File) -> str:
        return file.name if name == "name" else file.mime

    tests: dict[str, Test] = {
        "=": lambda file: of(file).casefold() == value.casefold(),
        "!=": lambda file: of(file).casefold() != value.casefold(),
        "contains": lambda file: any(word.startswith(value.casefold()) for word in [of(file).casefold(), *of(file).casefold().split()]),
    }
    if operator not in tests:
        raise _bad_query()
    return tests[operator]


def _time_test(name: str, operator: str, value: str) -> Test:
    try:
        limit = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError as error:
        raise _bad_query() from error
    wanted = (limit if limit.tzinfo else limit.replace(tzinfo=UTC)).timestamp()
    compare: dict[str, Callable[[float], bool]] = {
        "<": lambda one: one < wanted, "<=": lambda one: one <= wanted, ">": lambda one: one > wanted, ">=": lambda one: one >= wanted,
        "=": lambda one: one == wanted, "!=": lambda one: one != wanted,
    }  # fmt: skip
    if operator not in compare:
        raise _bad_query()
    return lambda file: compare[operator](file.changes[-1][0] if name == "modifiedTime" else file.created)
