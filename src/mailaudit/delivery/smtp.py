"""SmtpMailer: mails through an SMTP server, over TLS that is always verified."""

import base64
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path

from mailaudit.delivery.connecting import (
    MailerLoginError,
    MailerTrustError,
    Place,
    why_broken,
)
from mailaudit.delivery.mail import bytes_of, recipient_of
from mailaudit.delivery.mailer import FateUnknown, NotTaken, readable_reply
from mailaudit.errors import N_
from mailaudit.model.certificate import trusting

_TAKEN, _LOGGED_IN, _SEND_IT, _GO_ON = 250, 235, 354, 334
_NOT_AVAILABLE = 421  # the server closes the connection


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """How to reach an SMTP server.

    Attributes:
        security: "starttls", or "tls" from the first byte on.
        username: None where the server wants no login.
        secret: Its password. Never printed.
        ca_file: What signs the server's certificate; None for the system's own list.
        sender: The address mails come from.
    """

    host: str
    port: int
    security: str
    sender: str
    username: str | None = None
    secret: str = field(default="", repr=False)
    ca_file: Path | None = None
    timeout_s: float = 60.0


class SmtpMailer:
    """One connection for all mails; a new one where the server closes it. See `Mailer`."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._place = Place(server.host, server.port, "delivery.host")
        self._connection: smtplib.SMTP | None = None

    def open(self) -> None:
        if self._connection is not None and _is_ready(self._connection):
            return
        self.close()
        server = self._server
        try:
            connection = self._connected(trusting(server.ca_file, "delivery"))
            try:
                self._log_in(connection)
            except BaseException:
                connection.close()
                raise
        except ssl.SSLCertVerificationError as error:
            raise self._place.untrusted(error) from None
        except smtplib.SMTPResponseException as error:
            detail = self._readable(error.smtp_code, error.smtp_error)
            raise self._place.unusable(detail) from None
        except OSError as error:  # smtplib's own are such, too
            raise self._place.unusable(why_broken(error)) from None
        self._connection = connection

    def send(self, message: Message) -> None:
        connection, server = self._connection, self._server
        if connection is None:
            raise RuntimeError("open() first")
        try:
            code, reply = connection.mail(server.sender)
            if code != _TAKEN:
                self._refuse_sender(code, reply)
            code, reply = connection.rcpt(recipient_of(message))
        except OSError as error:
            self._drop()
            raise NotTaken(why_broken(error), may_pass=True) from None
        if code not in (250, 251):
            raise self._refusal(code, reply)
        try:
            code, reply = connection.data(bytes_of(message))
        except smtplib.SMTPDataError as error:
            raise self._refusal(error.smtp_code, error.smtp_error) from None
        except OSError as error:
            self._drop()
            raise FateUnknown(why_broken(error)) from None
        if 200 <= code < 300:
            return
        if 400 <= code < 600:
            raise self._refusal(code, reply)
        self._drop()  # whose answers are which is not known any more
        raise FateUnknown(self._readable(code, reply))

    def close(self) -> None:
        if self._connection is not None:
            with suppress(OSError):  # smtplib's own errors are such, too
                self._connection.quit()
            self._drop()

    def _drop(self) -> None:
        """Closes the connection without a word: it is broken, or the server's turn never ends."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _connected(self, context: ssl.SSLContext) -> smtplib.SMTP:
        """A connection whose TLS is verified, and on which nothing secret has been sent yet."""
        server = self._server
        if server.security == "tls":
            return smtplib.SMTP_SSL(
                server.host, server.port, timeout=server.timeout_s, context=context
            )
        connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout_s)
        try:
            connection.starttls(context=context)
        except smtplib.SMTPNotSupportedError:
            connection.close()
            raise MailerTrustError(
                N_("The mail server {host} does not offer STARTTLS on port {port}."),
                N_(
                    'Name the port on which it does, or set delivery.security = "tls"; mails and'
                    " passwords are never sent without encryption."
                ),
                host=server.host,
                port=str(server.port),
            ) from None
        except BaseException:
            connection.close()
            raise
        return connection

    def _log_in(self, connection: smtplib.SMTP) -> None:
        """Tries the password once: smtplib's own login tries it by each method there is."""
        server = self._server
        connection.ehlo_or_helo_if_needed()
        if server.username is None:
            return
        offered = connection.esmtp_features.get("auth", "").upper().split()
        if "PLAIN" in offered:
            secret = f"\0{server.username}\0{server.secret}"
            code, _ = connection.docmd("AUTH", f"PLAIN {_encoded(secret)}")
        elif "LOGIN" in offered:
            code, _ = connection.docmd("AUTH", f"LOGIN {_encoded(server.username)}")
            if code == _GO_ON:
                code, _ = connection.docmd(_encoded(server.secret))
        else:
            raise MailerLoginError(
                N_("The mail server {host} offers no login with a password: {offered}."),
                N_("Have it offer AUTH PLAIN or LOGIN, or remove delivery.username."),
                host=server.host,
                offered=", ".join(offered) or "–",
            )
        if code != _LOGGED_IN:
            raise self._place.refused(server.username, str(code))

    def _refuse_sender(self, code: int, reply: bytes) -> None:
        if code < 500:
            raise self._refusal(code, reply)
        raise self._place.refuses_sender(self._server.sender, self._readable(code, reply))

    def _refusal(self, code: int, reply: bytes | str) -> NotTaken:
        """What the server said of one mail; where it closes the connection, so does this end."""
        if code == _NOT_AVAILABLE:
            self.close()
        elif not 400 <= code < 600:
            self._drop()
        return NotTaken(self._readable(code, reply), may_pass=400 <= code < 500)

    def _readable(self, code: int, reply: bytes | str) -> str:
        """What the server said, without the password: some repeat what they were given."""
        secret, username = self._server.secret, self._server.username
        forms = (secret, _encoded(secret), _encoded(f"\0{username}\0{secret}"))
        return readable_reply(code, reply, forms if secret else ())


def _is_ready(connection: smtplib.SMTP) -> bool:
    """Whether it can take the next mail; forgets what an earlier one left behind."""
    try:
        return connection.rset()[0] == _TAKEN
    except OSError:
        return False


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")
