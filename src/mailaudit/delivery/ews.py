"""EwsMailer: mails through Exchange's web service, by an account with a mailbox of its own.

exchangelib sends them, and Exchange keeps a copy in Sent Items. Whom it can't reach, Exchange
reports to that mailbox.
"""

import logging
import socket
import ssl
from dataclasses import dataclass, field
from email.message import Message as MailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from exchangelib import BASIC, DELEGATE, NTLM, Account, Configuration, Credentials, FailFast
from exchangelib import Message as EwsMessage
from exchangelib.errors import (
    ErrorAccessDenied,
    ErrorAccountDisabled,
    ErrorInvalidRecipients,
    ErrorInvalidRequest,
    ErrorMessageSizeExceeded,
    ErrorMimeContentInvalid,
    ErrorMimeContentInvalidBase64String,
    ErrorMissingRecipients,
    ErrorSchemaValidation,
    ErrorSendAsDenied,
    ErrorServerBusy,
    ErrorTimeoutExpired,
    EWSError,
    UnauthorizedError,
)
from exchangelib.folders import Root, SentItems
from exchangelib.properties import DistinguishedFolderId
from exchangelib.protocol import Protocol
from exchangelib.version import EXCHANGE_2010_SP2, Version
from requests import PreparedRequest
from requests.adapters import HTTPAdapter

from mailaudit.delivery.connecting import Place, why_broken
from mailaudit.delivery.mail import bytes_of
from mailaudit.delivery.mailer import FateUnknown, NotTaken
from mailaudit.errors import N_, Phrase
from mailaudit.model.certificate import trusting
from mailaudit.model.wording import on_one_line

_AUTHS = {"ntlm": NTLM, "basic": BASIC}
_BEFORE_SUBMISSION = (
    ErrorAccountDisabled,
    ErrorInvalidRecipients,
    ErrorInvalidRequest,
    ErrorMessageSizeExceeded,
    ErrorMimeContentInvalid,
    ErrorMimeContentInvalidBase64String,
    ErrorMissingRecipients,
    ErrorSchemaValidation,
)
_HTTPS_PORT = 443
_BROKEN = Phrase(N_("no answer of the service came"))


@dataclass(frozen=True, slots=True)
class EwsAccount:
    """The account that sends, and where.

    Attributes:
        auth: "ntlm" or "basic".
        secret: The password. Never printed.
        sender: The address of its mailbox.
    """

    url: str
    auth: str
    username: str
    sender: str
    secret: str = field(repr=False)
    ca_file: Path | None = None
    timeout_s: float = 60.0


class EwsMailer:
    """See `Mailer`."""

    def __init__(self, account: EwsAccount) -> None:
        self._account = account
        parts = urlsplit(account.url)
        self._place = Place(parts.hostname or "", parts.port or _HTTPS_PORT, "delivery.url")
        self._mailbox: Any = None  # exchangelib has no types

    def open(self) -> None:
        if self._mailbox is not None:
            return
        context = trusting(self._account.ca_file, "delivery")
        self._try_connection(context)
        mailbox = self._exchange_mailbox(context)
        try:
            # Opens no mailbox: it shows that the login works.
            list(mailbox.protocol.get_timezones())
        except UnauthorizedError:
            raise self._place.refused(self._account.username, "401") from None
        except EWSError as error:
            raise self._place.unusable(_said(error)) from None
        self._mailbox = mailbox

    def send(self, message: MailMessage) -> None:
        if self._mailbox is None:
            raise RuntimeError("open() first")
        # A folder by its well-known name, so that exchangelib looks for none.
        name = DistinguishedFolderId(id=SentItems.DISTINGUISHED_FOLDER_ID)
        folder = SentItems(root=Root(account=self._mailbox), _distinguished_id=name)
        mail = EwsMessage(
            account=self._mailbox, folder=folder, mime_content=bytes_of(message), is_read=True
        )
        try:
            mail.send_and_save()
        except (ErrorSendAsDenied, ErrorAccessDenied) as error:
            raise self._place.refuses_sender(self._account.sender, _said(error)) from None
        except ErrorServerBusy as error:
            raise NotTaken(_said(error), may_pass=True) from None
        except UnauthorizedError:
            self._mailbox = None
            raise self._place.refused(self._account.username, "401") from None
        except ErrorTimeoutExpired:  # exchangelib's name for a connection that was lost
            raise FateUnknown(_BROKEN) from None
        except _BEFORE_SUBMISSION as error:
            raise NotTaken(_said(error)) from None
        except EWSError as error:  # the others may come after it, from saving the copy for one
            raise FateUnknown(_said(error)) from None

    def close(self) -> None:
        mailbox, self._mailbox = self._mailbox, None
        if mailbox is not None:
            mailbox.protocol.close()

    def _try_connection(self, context: ssl.SSLContext) -> None:
        """Connects once by itself: what it reports is lost in exchangelib's errors."""
        place = self._place
        try:
            with (
                socket.create_connection((place.host, place.port), self._account.timeout_s) as bare,
                context.wrap_socket(bare, server_hostname=place.host),
            ):
                pass
        except ssl.SSLCertVerificationError as error:
            raise place.untrusted(error) from None
        except OSError as error:
            raise place.unusable(why_broken(error)) from None

    def _exchange_mailbox(self, context: ssl.SSLContext) -> Any:  # noqa: ANN401
        # What it logs of a failed login has the request in it.
        logging.getLogger("exchangelib").setLevel(logging.CRITICAL)
        # By class, as exchangelib wants it; a collection has classes of its own.
        Protocol.HTTP_ADAPTER_CLS = _adapter(context)
        Protocol.TIMEOUT = self._account.timeout_s
        return Account(
            primary_smtp_address=self._account.sender,
            config=Configuration(
                service_endpoint=self._account.url,
                credentials=Credentials(self._account.username, self._account.secret),
                auth_type=_AUTHS[self._account.auth],
                version=Version(EXCHANGE_2010_SP2),  # named, or exchangelib asks for it
                retry_policy=FailFast(),
                max_connections=1,
            ),
            autodiscover=False,
            access_type=DELEGATE,
        )


def _adapter(context: ssl.SSLContext) -> type[HTTPAdapter]:
    class Adapter(HTTPAdapter):
        """Verifies servers by this context alone."""

        def init_poolmanager(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401
            super().init_poolmanager(*arguments, **options, ssl_context=context)

        def build_connection_pool_key_attributes(
            self,
            request: PreparedRequest,
            verify: object,
            cert: str | tuple[str, str] | None = None,
        ) -> Any:  # noqa: ANN401
            # Not `verify`: it may be a file that the environment names.
            return super().build_connection_pool_key_attributes(request, True, cert)

        def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:  # noqa: ANN401
            conn.cert_reqs = "CERT_REQUIRED"

    return Adapter


def _said(error: EWSError) -> str:
    """The error's name, and on one line what the server said."""
    return f"{type(error).__name__}: {on_one_line(str(error))}"[:200]
