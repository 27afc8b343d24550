"""A real SMTP server for tests, encrypted, that can be told to refuse, to break off and to hang."""

from __future__ import annotations

import datetime
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sync.settings_values import SmtpSettings

USER, PASSWORD = "donghanh@example.org", "app-password"


@dataclass
class PostOffice:
    """Accepts messages and keeps them; ``plan`` says what happens to the next ones."""

    host: str = "127.0.0.1"
    port: int = 0
    accepted: list[EmailMessage] = field(default_factory=list)
    recipients: dict[str, str] = field(default_factory=dict)
    """Address → the answer to RCPT instead of 250."""
    answers: list[str] = field(default_factory=list)
    """Answers to the next messages' ends, before they are accepted."""
    seen: Callable[[str], None] = lambda moment: None
    """Hears of each moment: `rcpt`, `data`, `kept`."""
    drop: list[str] = field(default_factory=list)
    """For the next connections: break off at `rcpt`, `data` (before the text), `hang` (no answer to DATA), `lost` (after it, not kept) or `kept` (after it, kept)."""

    def settings(self, **changed: Any) -> SmtpSettings:
        """Return what leads to this server."""
        return SmtpSettings(**({"host": "localhost", "port": self.port, "user": USER, "timeout_seconds": 10} | changed))

    def keys(self) -> list[str]:
        """Return the keys of what was accepted, in order."""
        return [str(message["X-Donghanh-Key"]) for message in self.accepted]

    def _takes(self, when: str) -> bool:
        if self.drop and self.drop[0] == when:
            self.drop.pop(0)
            return True
        return False

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Envelope, address: str, options: list[str]) -> str:
        """Take the recipient, or not."""
        self.seen("rcpt")
        if self._takes("rcpt"):
            server.transport.close()
        answer = self.recipients.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:
        """Keep the message, or not."""
        self.seen("data")
        if self._takes("lost"):
            server.transport.close()
            return "250 OK"
        if self.answers:
            return self.answers.pop(0)
        assert isinstance(envelope.content, bytes)
        self.accepted.append(message_from_bytes(envelope.content, policy=policy.default))
        self.seen("kept")
        if self._takes("kept"):
            server.transport.close()
        return "250 OK: queued"


class _Server(SMTP):
    """Breaks off at DATA, or never answers it."""

    async def smtp_DATA(self, arg: str) -> None:
        office = self.event_handler
        if office._takes("data"):
            self.transport.close()
            return
        if office._takes("hang"):
            return
        await super().smtp_DATA(arg)


class _Controller(Controller):
    def __init__(self, office: PostOffice, context: ssl.SSLContext, *, tls: bool) -> None:
        self._office, self._context, self._tls = office, context, tls
        super().__init__(office, hostname=office.host, port=0, ssl_context=context if tls else None, ready_timeout=20)

    def factory(self) -> SMTP:
        starttls = None if self._tls else self._context
        return _Server(
            self._office, hostname="post.example.org", tls_context=starttls, require_starttls=not self._tls, auth_required=True,
            auth_require_tls=not self._tls, authenticator=_authenticate,
        )  # fmt: skip

    def _trigger_server(self) -> None:  # the port is drawn: known only now
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def _authenticate(server: SMTP, session: Any, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and data.login == USER.encode() and data.password == PASSWORD.encode()
    return AuthResult(success=right, handled=right)


@contextmanager
def post_office(folder: Path, *, tls: bool = False, name: str = "localhost") -> Iterator[tuple[PostOffice, ssl.SSLContext]]:
    """Run a server; yield it with the trust that a client needs."""
    certificate = _certificate(folder, name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    office = PostOffice()
    controller = _Controller(office, context, tls=tls)
    controller.start()
    office.port = controller.port
    try:
        yield office, ssl.create_default_context(cafile=str(certificate))
    finally:
        controller.stop()


def _certificate(folder: Path, name: str) -> Path:
    """Make a certificate of this name and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(1).not_valid_before(start).not_valid_after(start + datetime.timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / f"{name}.pem"
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return path
