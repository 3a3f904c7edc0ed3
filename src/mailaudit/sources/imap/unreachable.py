"""What is said where a server can't be reached, or is no IMAP server."""

from mailaudit.errors import N_, ServerError
from mailaudit.model.outcome import Reason
from mailaudit.sources.faults import MailboxFault
from mailaudit.sources.imap.login import ImapLogin
from mailaudit.sources.imap.sockets import NO_ADDRESS, REFUSED, TLS_FAILED

_NETWORK = N_("Check {place}.host, {place}.port, the network and the firewall, then run again.")
_UNREACHABLE = {
    NO_ADDRESS: (
        N_("There is no address of {host}: its name is not known here."),
        N_("Check {place}.host, and the name servers (DNS) of this computer."),
    ),
    REFUSED: (
        N_("{host} can't be reached: nothing answers on its port {port}."),
        N_("Check {place}.port, whether the mail server runs, and the firewall."),
    ),
    "timed out": (
        N_("{host} can't be reached: it does not answer in time on port {port}."),
        _NETWORK,
    ),
    TLS_FAILED: (
        N_("{host} gives no TLS on port {port}."),
        N_("Check {place}.port and {place}.tls: imaps on 993, or STARTTLS on 143."),
    ),
}


def unreachable(fault: MailboxFault, server: ImapLogin) -> ServerError:
    """What is said where a connection met such a fault."""
    values = {
        "host": server.host,
        "place": server.place,
        "port": str(server.at_port),
        "detail": fault.detail,
    }
    if fault.is_busy or fault.reason is Reason.UNAVAILABLE:
        message, remedy = N_("{host} is busy or being restarted: {detail}."), N_("Run again later.")
    elif fault.reason is Reason.MALFORMED_ANSWER:
        message = N_("{host} does not answer as an IMAP server on port {port}: {detail}.")
        remedy = _NETWORK
    else:
        other = (N_("{host} can't be reached: {detail}."), _NETWORK)
        message, remedy = _UNREACHABLE.get(fault.detail, other)
    return ServerError(message, remedy, **values)
