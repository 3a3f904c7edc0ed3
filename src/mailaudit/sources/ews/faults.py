"""What a server can say instead of an answer, and what each saying means for the mailbox asked."""

from mailaudit.model.outcome import Reason
from mailaudit.sources.faults import MailboxFault

# What a proxy or load balancer says when there is no server behind it.
GATEWAY_ERRORS = ("HTTP 502", "HTTP 504")
# What an answer is that no Exchange gives.
NOT_SOAP = ("not XML", "document type in answer", "not a SOAP answer")


class EwsFault(MailboxFault):
    """A fault whose detail is an error code of EWS, a status of HTTP, or a kind of failure."""

    @property
    def is_of_connection(self) -> bool:
        """Whether nothing came that shows the mail server alive: no error's code, no time to wait.

        A status without either may come from whatever stands before the server.
        """
        return super().is_of_connection or (
            self.back_off_s is None and (self.detail.startswith("HTTP ") or self.detail in NOT_SOAP)
        )

    @property
    def has_code(self) -> bool:
        """Whether the server gave an error code of EWS."""
        return self.detail.startswith("Error")


def malformed(detail: str) -> EwsFault:
    """An answer that is not what was asked for."""
    return EwsFault(Reason.MALFORMED_ANSWER, detail)


# The error codes of EWS (messages.xsd, ResponseCodeType) that mean something for one mailbox.
# "ErrorCannotFindUser" is another server's name for the first. Codes without "Error" are those of
# Exchange's front end, in X-CasErrorCode, which found no way to the mailbox. The rest: malformed
# answer.
_REASONS: dict[str, tuple[Reason, bool]] = {
    code: (reason, again)
    for reason, again, codes in (
        (
            Reason.NO_MAILBOX,
            False,
            "ErrorNonExistentMailbox ErrorCannotFindUser ErrorNonPrimarySmtpAddress"
            " ErrorMailboxConfiguration ErrorMissingEmailAddress"
            " UserNotFound MailboxGuidWithDomainNotFound MailboxExternalDirectoryObjectIdNotFound"
            " DomainNotFound",
        ),
        (
            Reason.ACCESS_DENIED,
            False,
            "ErrorAccessDenied ErrorImpersonateUserDenied ErrorImpersonationDenied"
            " ErrorImpersonationFailed ErrorAccountDisabled ErrorMailboxLogonFailed"
            " ErrorUserNotAllowedByPolicy",
        ),
        (
            Reason.UNAVAILABLE,
            True,
            "ErrorMailboxStoreUnavailable ErrorMailboxMoveInProgress ErrorMailboxFailover"
            " ErrorADUnavailable ErrorADOperation ErrorConnectionFailed ErrorInternalServerError"
            " ErrorConnectionFailedTransientError ErrorInternalServerTransientError"
            " ErrorProxyCallFailed ErrorProxyRequestProcessingFailed ErrorCrossSiteRequest"
            " ErrorNoRespondingCASInDestinationSite ErrorFolderNotFound ErrorItemNotFound"
            " DirectoryOperationError MServOperationError ServerDiscoveryError ServerLocatorError"
            " RpcHttpConnectionEstablishmentTimeout BackEndRequestTimedOut"
            " ServerKerberosAuthenticationFailure EndpointNotFound DatabaseNameNotFound"
            " DatabaseGuidNotFound OrganizationMailboxNotFound ServerNotFound"
            " ServerVersionNotFound",
        ),
        (Reason.TIMED_OUT, True, "ErrorTimeoutExpired"),
        (
            Reason.SERVER_BUSY,
            True,
            "ErrorServerBusy ErrorTooManyObjectsOpened ErrorExceededConnectionCount"
            " TooManyOutstandingProxyRequests TooManyOutstandingAuthenticationRequests"
            " TooManyOutstandingProxyRequestsToForest TooManyOutstandingProxyRequestsToDag",
        ),
    )
    for code in codes.split()
}


# Said of the reading account's connections, whichever mailbox was asked.
_OF_SERVER = frozenset(
    code
    for code, (reason, _) in _REASONS.items()
    if reason is Reason.SERVER_BUSY and code != "ErrorServerBusy"
)


def fault_of(code: str, back_off_s: float | None = None) -> EwsFault:
    """The fault an EWS error code stands for."""
    reason, again = _REASONS.get(code, (Reason.MALFORMED_ANSWER, True))
    return EwsFault(reason, code, again=again, back_off_s=back_off_s, of_server=code in _OF_SERVER)
