"""What a server can say instead of an answer, and what each saying means for the mailbox asked."""

import re

from mailaudit.model.outcome import Reason
from mailaudit.sources.faults import MailboxFault

WRONG_LOGIN = "AUTHENTICATIONFAILED"
LOGIN = "AUTHENTICATE"
BYE = "BYE"  # the server ends the connection by itself

# The response codes (RFC 5530, 9051) that mean something for one mailbox, and whether to try again.
# A code that stands nowhere here is a malformed answer.
_REASONS: dict[str, tuple[Reason, bool]] = {
    code: (reason, again)
    for reason, again, codes in (
        (Reason.NO_MAILBOX, False, "NONEXISTENT"),
        (
            Reason.ACCESS_DENIED,
            False,
            f"{WRONG_LOGIN} AUTHORIZATIONFAILED NOPERM EXPIRED CONTACTADMIN PRIVACYREQUIRED",
        ),
        (
            Reason.UNAVAILABLE,
            True,
            f"{BYE} UNAVAILABLE SERVERBUG CORRUPTION EXPUNGEISSUED UIDVALIDITYCHANGED",
        ),
        (Reason.SERVER_BUSY, True, "INUSE LIMIT"),
    )
    for code in codes.split()
}
_CODE = re.compile(rb"\s*(?:OK|NO|BAD|BYE|PREAUTH)\s+\[([A-Z][A-Z0-9=-]{0,63})(?=[ \]])", re.I)


class ImapFault(MailboxFault):
    """A fault whose detail is a response code of IMAP, or a kind of failure."""

    @property
    def has_code(self) -> bool:
        """Whether the server gave a response code."""
        return self.detail.partition(" ")[0] in _REASONS


def malformed(detail: str) -> ImapFault:
    """An answer that is not what was asked for."""
    return ImapFault(Reason.MALFORMED_ANSWER, detail)


def code_of(status: bytes) -> str:
    """The response code of a status line without its tag, "" where it has none."""
    found = _CODE.match(status)
    return found[1].decode("ascii").upper() if found else ""


def fault_of(code: str, *, of_server: bool = False) -> ImapFault:
    """The fault a response code stands for."""
    reason, again = _REASONS.get(code, (Reason.MALFORMED_ANSWER, True))
    return ImapFault(reason, code, again=again, of_server=of_server)


def refusal_of(status: bytes, command: str) -> ImapFault:
    """The fault that a tagged NO or BAD stands for; its text is never repeated.

    What is said of a login is said of the mailbox; of any other command, of a folder in it.
    """
    code = code_of(status)
    if code not in _REASONS:
        return malformed(f"{status[:3].decode('ascii', 'replace').strip()} to {command}")
    fault = fault_of(code)
    if command != LOGIN and fault.reason is Reason.NO_MAILBOX:  # gone since it was listed
        return ImapFault(Reason.UNAVAILABLE, code)
    if command != LOGIN and fault.reason is Reason.ACCESS_DENIED:
        return ImapFault(fault.reason, f"{code} to {command}", again=False)
    return fault


def lost() -> ImapFault:
    """The connection has ended in the middle."""
    return ImapFault(Reason.TIMED_OUT, "connection lost")


def too_slow() -> ImapFault:
    """An answer has not come, or not ended, in time."""
    return ImapFault(Reason.TIMED_OUT, "timed out")
