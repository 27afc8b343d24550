"""The folder of .eml files, on real files."""

from __future__ import annotations

import email
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from sync.edges.outbox import FOLDER, Documents, Outbox
from sync.errors import ConfigError, MailError, PublishError


def message(key: str | None = "ket-qua/2025/dot-2/v1/Đồng-hành@example.org", digest: str = "0123456789abcdef") -> EmailMessage:
    made = EmailMessage(policy=policy.SMTP)
    made["Subject"] = "Kết quả đợt 2"
    made["Message-ID"] = f"<{digest}@example.org>"
    if key:
        made["X-Donghanh-Key"] = key
    made.set_content("Kính chào", cte="base64")
    return made


def test_a_message_lies_there_whole_and_is_named_after_its_key(tmp_path: Path):
    """The file's name is the key in plain letters, its bytes are the message, and nothing half-written lies beside it."""
    where = Outbox(tmp_path).send(message())
    assert where == f"{FOLDER}/ket-qua-2025-dot-2-v1-ng-h-nh-example.org-01234567.eml"
    read = email.message_from_bytes((tmp_path / where).read_bytes(), policy=policy.default)
    assert read["Subject"] == "Kết quả đợt 2"
    assert read.get_content().strip() == "Kính chào"
    assert [path.name for path in (tmp_path / FOLDER).iterdir()] == [Path(where).name]


def test_a_message_is_never_written_over_another(tmp_path: Path):
    """A second message of the same key is refused, and the first stays as it was."""
    outbox = Outbox(tmp_path)
    path = tmp_path / outbox.send(message())
    before = path.read_bytes()
    with pytest.raises(MailError, match="is there already"):
        outbox.send(message())
    assert path.read_bytes() == before
    assert len(list(path.parent.iterdir())) == 1


def test_keys_that_look_alike_in_a_file_name_stay_apart(tmp_path: Path):
    """Two keys that differ only in signs a file name cannot carry get two files."""
    outbox = Outbox(tmp_path)
    places = {outbox.send(message("a/b", "1" * 16)), outbox.send(message("a:b", "2" * 16))}
    assert len(places) == 2


def test_a_key_cannot_lead_out_of_the_folder(tmp_path: Path):
    """Dots and slashes in a key do not name another folder."""
    where = Outbox(tmp_path).send(message("../../etc/passwd"))
    assert (tmp_path / where).resolve().parent == (tmp_path / FOLDER).resolve()


def test_a_message_without_key_is_named_by_its_id(tmp_path: Path):
    """A message from elsewhere is written all the same."""
    assert Outbox(tmp_path).send(message(None)) == f"{FOLDER}/0123456789abcdef.eml"


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path):
    """A file in the folder's place gives a mail fault that names the path."""
    (tmp_path / FOLDER).write_text("in the way")
    with pytest.raises(MailError, match=f"{FOLDER} is a folder with room"):
        Outbox(tmp_path).send(message())


def test_a_share_without_links_takes_messages_and_still_never_overwrites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Where the file system knows no hard links the message is renamed into place, unless the name is taken."""

    def no_links(self: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    outbox = Outbox(tmp_path)
    path = tmp_path / outbox.send(message())
    assert path.stat().st_size > 0
    with pytest.raises(MailError, match="is there already"):
        outbox.send(message())
    assert len(list(path.parent.iterdir())) == 1


def test_a_report_is_written_once(tmp_path: Path):
    """The same report again changes nothing; a changed one takes its place."""
    documents = Documents(tmp_path / "bao-cao")
    assert documents.write("a.html", "một".encode()) == str(tmp_path / "bao-cao" / "a.html")
    assert documents.write("a.html", "một".encode()) is None
    assert documents.write("a.html", b"hai") is not None
    assert (tmp_path / "bao-cao" / "a.html").read_text(encoding="utf-8") == "hai"


def test_a_report_that_cannot_be_written_is_a_sentence(tmp_path: Path):
    """A file where the folder should be gives a publishing fault."""
    (tmp_path / "bao-cao").write_text("in the way")
    with pytest.raises(PublishError, match="could not be written"):
        Documents(tmp_path / "bao-cao").write("a.html", b"x")


def test_a_large_document_is_written_part_by_part(tmp_path: Path):
    """The same parts again change nothing, and a run of this mark finds it standing, until somebody touches it."""
    documents, path = Documents(tmp_path), tmp_path / "trang.html"
    assert documents.write_parts("trang.html", (b"m", "ột".encode())) == str(path)
    before = path.stat()
    assert documents.write_parts("trang.html", iter(("mộ".encode(), b"t"))) is None
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    documents.seal("dấu")
    assert Documents(tmp_path).stand("dấu")
    path.write_bytes(b"khac")
    assert not Documents(tmp_path).stand("dấu")


def test_a_part_that_cannot_be_made_leaves_the_old_document(tmp_path: Path):
    """Whatever making it raises is raised, what stood there stays, and nothing half-written is left."""

    def parts() -> Iterator[bytes]:
        yield b"n" * 100_000
        raise ConfigError("a template is wrong")

    documents = Documents(tmp_path)
    documents.write("trang.html", b"old")
    with pytest.raises(ConfigError, match="a template is wrong"):
        documents.write_parts("trang.html", parts())
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("trang.html", b"old")]
