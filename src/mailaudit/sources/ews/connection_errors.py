"""What keeps a login from the server, and what is reported of it."""

import ssl

import requests
import urllib3

from mailaudit.errors import N_, ServerError
from mailaudit.model.certificate import distrust
from mailaudit.model.outcome import Reason
from mailaudit.sources.ews.faults import EwsFault
from mailaudit.sources.ews.handshake import CUT_OFF
from mailaudit.sources.ews.internals import causes_of
from mailaudit.sources.faults import MailboxFault

NO_ADDRESS, REFUSED, TIMED_OUT = "host name not found", "connection refused", "timed out"


class Untrusted(Exception):
    """The server's certificate can't be trusted.

    Attributes:
        code: OpenSSL's number of what is wrong with it.
    """

    def __init__(self, error: ssl.SSLCertVerificationError) -> None:
        super().__init__(error.verify_message.rstrip("."))
        self.code = error.verify_code


def connection_error(error: BaseException) -> Exception:
    """What a broken connection, a certificate or a handshake means, from what libraries made of it:
    a MailboxFault or Untrusted.
    """
    causes = list(causes_of(error))

    def has(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in causes)

    for cause in causes:
        if isinstance(cause, MailboxFault):
            return cause
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Untrusted(cause)
    if has(urllib3.exceptions.NameResolutionError):
        kind = NO_ADDRESS
    elif has(ConnectionRefusedError):
        kind = REFUSED
    elif has(urllib3.exceptions.TimeoutError, requests.Timeout, TimeoutError):
        kind = TIMED_OUT
    elif CUT_OFF in str(error):
        kind = CUT_OFF
    elif has(ssl.SSLError, requests.exceptions.SSLError):  # cut off, or the two can't agree on it
        kind = "TLS failed"
    else:
        kind = "connection failed"
    return EwsFault(Reason.TIMED_OUT, kind)


_NETWORK = N_("Check {place}.url, the network and the firewall, then run again.")
_UNREACHABLE = {
    NO_ADDRESS: (
        N_("There is no address of {host}: its name is not known here."),
        N_("Check the host name in {place}.url, and the name servers (DNS) of this computer."),
    ),
    REFUSED: (
        N_("{host} can't be reached: nothing answers on its port {port}."),
        N_("Check the port in {place}.url, whether the web service runs, and the firewall."),
    ),
    TIMED_OUT: (
        N_("{host} can't be reached: it does not answer in time on port {port}."),
        _NETWORK,
    ),
}


def unreachable(fault: MailboxFault, host: str, port: int, place: str) -> ServerError:
    """What is said where a login met such a fault."""
    other = (N_("{host} can't be reached: {detail}."), _NETWORK)
    message, remedy = _UNREACHABLE.get(fault.detail, other)
    values = {"host": host, "port": str(port), "place": place, "detail": fault.detail}
    return ServerError(message, remedy, **values)


def untrusted(error: Untrusted, host: str, place: str) -> ServerError:
    """What is said of a certificate, each time with the cure for just this."""
    message, remedy = distrust(error.code)
    return ServerError(message, remedy, host=host, table=place, detail=str(error))
