"""What keeps a mail server from being reached, and what is said of it."""

import smtplib
import socket
import ssl
from dataclasses import dataclass

from mailaudit.errors import N_, DeliveryError, Phrase, cause
from mailaudit.model.certificate import distrust

_OTHER_NAME = (62, 64)  # OpenSSL's numbers: of a host, of an IP address


class MailerTrustError(DeliveryError):
    """The server answers, but what is sent to it would not be safe."""


class MailerLoginError(DeliveryError):
    """The server does not let the account in; to try again could lock it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server is; `key` is that of the configuration which says so."""

    host: str
    port: int
    key: str

    def unusable(self, why: str) -> DeliveryError:
        """What is said where there is no connection, or none that can be used."""
        return DeliveryError(
            N_("The mail server {host}, port {port}, can't be used: {why}."),
            N_("Check {key}, the port, the network and the firewall."),
            host=self.host,
            port=str(self.port),
            key=self.key,
            why=why,
        )

    def untrusted(self, error: ssl.SSLCertVerificationError) -> MailerTrustError:
        """What is said of a certificate."""
        message, remedy = distrust(error.verify_code)
        if error.verify_code in _OTHER_NAME:
            remedy = N_("Write {key} as the certificate names it, or have one made for this name.")
        return MailerTrustError(
            message,
            remedy,
            host=self.host,
            key=self.key,
            table="delivery",
            detail=error.verify_message.rstrip("."),
        )

    def refused(self, account: str, answer: str) -> MailerLoginError:
        """What is said where the password is not taken; the answer without the server's words,
        which might repeat what it was given."""
        return MailerLoginError(
            N_("The mail server {host} refuses the login of {account} ({answer})."),
            N_("Check delivery.username and the password. It was tried once."),
            host=self.host,
            account=account,
            answer=answer,
        )

    def refuses_sender(self, sender: str, detail: str) -> DeliveryError:
        """What is said where it takes no mail from the address."""
        return DeliveryError(
            N_("The mail server {host} takes no mail from {sender}: {detail}."),
            N_("Check delivery.from, and whether the account may send from this address."),
            host=self.host,
            sender=sender,
            detail=detail,
        )


def why_broken(error: OSError) -> Phrase:
    """Why a connection broke or there is none, in words of the catalogs."""
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return Phrase(N_("it closed the connection"))
    if isinstance(error, socket.gaierror):
        return Phrase(N_("its name is not known here"))
    if isinstance(error, ConnectionRefusedError):
        return Phrase(N_("nothing answers there"))
    if isinstance(error, TimeoutError):
        return Phrase(N_("it did not answer in time"))
    if isinstance(error, ssl.SSLError):
        return Phrase(N_("it does not speak TLS there as it should"))
    return cause(error)
