"""Mail over SMTP: always encrypted, the server's certificate always checked, and it is always known whether a message may have gone.

The moment that decides is the full stop after DATA. What fails before it did not go and may be tried again; what fails between it and the
server's answer may have gone (`MailUnknown`), and no program can tell: a person settles it.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

import tenacity

from sync.errors import MailError, MailUnknown
from sync.settings_values import SmtpSettings

_FIRST_WAIT, _LONGEST_WAIT = 2.0, 60.0
"""Seconds between two tries."""


class _Temporary(MailError):
    """It did not go, and may go a little later."""


class Smtp:
    """Sends each message to its one recipient, over one connection as long as it holds."""

    def __init__(
        self,
        settings: SmtpSettings,
        password: str | None,
        *,
        wait: Callable[[float], None] = time.sleep,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """``password`` comes from the environment; ``trust`` replaces the machine's own list of authorities."""
        self._settings, self._password, self._wait = settings, password, wait
        self._trust = trust or ssl.create_default_context()
        self._open: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> str:
        """Hand the message to the server and return its answer.

        Raises MailError if it did not go (``permanent`` where trying again cannot help), MailUnknown if nobody can know.
        """
        tries = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(_Temporary),
            stop=tenacity.stop_after_attempt(self._settings.tries),
            wait=tenacity.wait_random_exponential(multiplier=_FIRST_WAIT, max=_LONGEST_WAIT),
            sleep=self._wait,
            reraise=True,
        )
        return tries(self._try, message)

    def log_in(self) -> None:
        """Connect, encrypted, and log in, without sending anything; raise MailError with what to mend."""
        self._open = self._open or self._connect()

    def close(self) -> None:
        """Take leave of the server."""
        if self._open:
            try:
                self._open.quit()
            except (smtplib.SMTPException, OSError):
                self._open.close()
        self._open = None

    def _try(self, message: EmailMessage) -> str:
        sender, recipient = parseaddr(str(message["From"]))[1], parseaddr(str(message["To"]))[1]
        data = re.sub(rb"(?m)^\.", b"..", message.as_bytes(policy=SMTP))
        connection = self._open = self._open or self._connect()
        try:
            self._ask(connection, f"MAIL FROM:<{sender}>", 250, f"the sender {sender} was refused; see mail.sender in settings.yaml")
            self._ask(connection, f"RCPT TO:<{recipient}>", 250, f"{recipient} was refused; check the address")
            self._ask(connection, "DATA", 354, "the message was refused")
            connection.send(data if data.endswith(b"\r\n") else data + b"\r\n")
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self._drop()
            raise _Temporary(f"{self._place} broke off before it had the message ({_why(error)}); it goes with the next run.") from error
        return self._finish(connection, recipient)

    def _finish(self, connection: smtplib.SMTP, recipient: str) -> str:
        """Send the full stop and read the answer: from here on the message may have gone."""
        try:
            connection.send(b".\r\n")
            code, answer = connection.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise MailUnknown(f"{self._place} broke off before it said whether it has the message ({_why(error)}).") from error
        said = f"{code} {_text(answer)}"
        if code == 250:
            return said
        self._reset(connection)
        raise _refusal(code, f"{self._place} did not take the message for {recipient}: {said}.")

    def _ask(self, connection: smtplib.SMTP, command: str, expected: int, meaning: str) -> None:
        code, answer = connection.docmd(command)
        if code == expected or (expected == 250 and code == 251):
            return
        self._reset(connection)
        raise _refusal(code, f"{self._place}: {meaning} ({code} {_text(answer)}).")

    def _connect(self) -> smtplib.SMTP:
        """Return a connection that is encrypted and logged in; MailError says what to mend."""
        connection: smtplib.SMTP | None = None
        try:
            connection = self._reach()
            self._greet(connection)
        except (smtplib.SMTPException, OSError, UnicodeEncodeError) as error:
            if connection:
                connection.close()
            raise self._unreached(error) from error
        return connection

    def _reach(self) -> smtplib.SMTP:
        named = self._settings
        if named.security == "tls":
            return smtplib.SMTP_SSL(named.host, named.port, timeout=named.timeout_seconds, context=self._trust)
        return smtplib.SMTP(named.host, named.port, timeout=named.timeout_seconds)

    def _greet(self, connection: smtplib.SMTP) -> None:
        if self._settings.security != "tls":
            connection.starttls(context=self._trust)
        if self._settings.user:
            connection.login(self._settings.user, self._password or "")
        connection.ehlo_or_helo_if_needed()

    def _unreached(self, error: Exception) -> MailError:
        """Return the sentence for a server that could not be reached or did not let us in; none of these is final."""
        named = self._settings
        if isinstance(error, ssl.SSLCertVerificationError):
            advice = "see that mail.smtp.host is the name that the mail provider gives"
            return MailError(f"{self._place} has no certificate that can be trusted ({error.verify_message}); {advice}.")
        if isinstance(error, smtplib.SMTPAuthenticationError):
            advice = "see mail.smtp.user and DONGHANH_SMTP_PASSWORD (many providers ask for an app password)"
            return MailError(f"{self._place} does not accept the user or the password ({error.smtp_code}); {advice}.")
        if isinstance(error, UnicodeEncodeError):
            return MailError("DONGHANH_SMTP_PASSWORD has letters other than a-z, digits and signs; choose a password without them.")
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return MailError(f"{self._place} offers no encryption or no log-in here ({error}); see mail.smtp.port and security.")
        if isinstance(error, socket.gaierror):
            return _Temporary(f"{named.host} is not found; see mail.smtp.host, or the network of this machine.")
        return _Temporary(f"{self._place} does not answer ({_why(error)}); see mail.smtp.port, or try later.")

    def _reset(self, connection: smtplib.SMTP) -> None:
        """Make the connection ready for another message; a new one is opened where that fails."""
        try:
            connection.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        if self._open:
            self._open.close()
        self._open = None

    @property
    def _place(self) -> str:
        return f"{self._settings.host}:{self._settings.port}"


def _refusal(code: int, sentence: str) -> MailError:
    """Return 4xx as something that may go later, everything else as final (RFC 5321, 4.2.1)."""
    return _Temporary(sentence) if 400 <= code < 500 else MailError(sentence, permanent=True)


def _why(error: BaseException) -> str:
    text = str(error)  # smtplib puts a time-out into words
    return "no answer in time" if isinstance(error, TimeoutError) or "timed out" in text else text or type(error).__name__


def _text(answer: bytes) -> str:
    """Return a server's answer as one short line."""
    return " ".join(answer.decode("utf-8", "replace").split())[:200]
