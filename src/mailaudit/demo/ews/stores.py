"""Whose folders a request may open: the account acted as, and the folders its request names."""

from collections.abc import Mapping
from dataclasses import dataclass

from mailaudit.demo.content import Directory, Folder, Mailbox
from mailaudit.demo.ews.envelope import Request
from mailaudit.demo.ews.ids import folder_number
from mailaudit.demo.ews.schema import (
    Element,
    Fault,
    ResponseError,
    attribute,
    in_order,
    local,
    t,
    text_of,
    violation,
)

NO_MAILBOX = "The SMTP address has no mailbox associated with it."
_DISTINGUISHED = (
    "calendar contacts deleteditems drafts inbox journal notes outbox sentitems tasks"
    " msgfolderroot publicfoldersroot root junkemail searchfolders voicemail recoverableitemsroot"
    " recoverableitemsdeletions recoverableitemsversions recoverableitemspurges"
    " recoverableitemsdiscoveryholds archiveroot archivemsgfolderroot archivedeleteditems"
    " archiveinbox archiverecoverableitemsroot archiverecoverableitemsdeletions"
    " archiverecoverableitemsversions archiverecoverableitemspurges"
    " archiverecoverableitemsdiscoveryholds syncissues conflicts localfailures serverfailures"
    " recipientcache quickcontacts conversationhistory adminauditlogs todosearch mycontacts"
    " directory imcontactlist peopleconnect favorites mecontact personmetadata"
    " teamspaceactivity teamspacemessaging teamspaceworkitems scheduled orionnotes tagitems"
    " alltaggeditems externalcontacts teamchat yammerroot yammerinbound yammeroutbound"
    " yammerfeeds onedriveroot onedriverecylebin onedrivesystem onedrivevolume"
)
DISTINGUISHED = frozenset(_DISTINGUISHED.split())

# What a mailbox configured to fail answers, and how Exchange words it.
FAULT_CODES = {
    "ErrorImpersonateUserDenied": (
        "The account does not have permission to impersonate the requested user."
    ),
    "ErrorNonExistentMailbox": NO_MAILBOX,
}
STORE_CODES = {
    "ErrorMailboxStoreUnavailable": (
        "The mailbox database is temporarily unavailable., Cannot open mailbox."
    ),
    "ErrorMailboxMoveInProgress": (
        "Mailbox move in progress. Try again later., Cannot open mailbox."
    ),
    "ErrorAccessDenied": "Access is denied. Check credentials and try again.",
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is logged in.

    Attributes:
        account: Login name, for the log.
        address: The account's own mailbox, or None.
        may_impersonate: Whether it has the ApplicationImpersonation role.
    """

    account: str
    address: str | None
    may_impersonate: bool


class Stores:
    """The mailboxes of a Directory, some of them configured to fail.

    Args:
        failing: Address -> the error code its mailbox answers with.
    """

    def __init__(self, directory: Directory, failing: Mapping[str, str]) -> None:
        self.directory = directory
        self._failing = dict(failing)
        self._by_sid: dict[str, str] = {}

    def acted_as(self, request: Request, caller: Caller) -> str | None:
        """The address whose rights the request has; None for an account without a mailbox.

        Raises:
            Fault: The account to act as is unknown, or the caller may not.
        """
        if request.impersonated is None:
            return caller.address
        kind, value = request.impersonated
        address = self._address_of_sid(value) if kind == "SID" else value.strip().lower()
        failure = self._failing.get(address or "")
        if failure in FAULT_CODES:
            raise Fault(failure, FAULT_CODES[failure])
        if address is None or (failure is None and self.directory.mailbox(address) is None):
            raise Fault("ErrorNonExistentMailbox", NO_MAILBOX)
        if not caller.may_impersonate and address != caller.address:
            code = "ErrorImpersonateUserDenied"
            raise Fault(code, FAULT_CODES[code])
        return address

    def _address_of_sid(self, sid: str) -> str | None:
        if not self._by_sid:
            self._by_sid = {
                sid_of(number): address for number, address in enumerate(self.directory.addresses)
            }
        return self._by_sid.get(sid.strip().upper())

    def open(self, address: str) -> Mailbox:
        """The mailbox of an address. Raises ResponseError when it can't be opened."""
        failure = self._failing.get(address)
        if failure is not None:
            text = STORE_CODES.get(failure) or FAULT_CODES.get(failure, failure)
            raise ResponseError(failure, text)
        mailbox = self.directory.mailbox(address)
        if mailbox is None:
            raise ResponseError("ErrorNonExistentMailbox", NO_MAILBOX)
        return mailbox

    def folder(self, element: Element, acted_as: str | None) -> tuple[Mailbox, Folder]:
        """The folder that a FolderId or DistinguishedFolderId names.

        Raises:
            Fault: The element is not as the schema says.
            ResponseError: There is no such folder, or it can't be opened.
        """
        if element.tag == t("DistinguishedFolderId"):
            return self._distinguished(element, acted_as)
        if element.tag != t("FolderId"):
            raise violation(element, f"The element '{local(element)}' is not a folder id.")
        text = attribute(element, "Id")
        if acted_as is None:
            raise ResponseError("ErrorAccessDenied", STORE_CODES["ErrorAccessDenied"])
        try:
            number = folder_number(acted_as, text)
        except ValueError:
            raise ResponseError("ErrorInvalidIdMalformed", "Id is malformed.") from None
        if number is None:
            raise ResponseError("ErrorAccessDenied", STORE_CODES["ErrorAccessDenied"])
        mailbox = self.open(acted_as)
        return mailbox, _known(mailbox.by_number.get(number))

    def _distinguished(self, element: Element, acted_as: str | None) -> tuple[Mailbox, Folder]:
        name = attribute(element, "Id", DISTINGUISHED)
        of = in_order(element, t("Mailbox")).get("Mailbox")
        address = acted_as
        if of is not None and (named := of.find(t("EmailAddress"))) is not None:
            address = text_of(named).lower()
        if address is None:
            raise ResponseError(
                "ErrorMissingEmailAddress",
                "When making a request as an account that does not have a mailbox, you must"
                " specify the mailbox primary SMTP address for any distinguished folder Ids.",
            )
        mailbox = self.open(address)
        if address != acted_as:
            raise ResponseError("ErrorAccessDenied", STORE_CODES["ErrorAccessDenied"])
        return mailbox, _known(mailbox.by_name.get(name))


def _known(folder: Folder | None) -> Folder:
    if folder is None:
        raise ResponseError(
            "ErrorFolderNotFound", "The specified folder could not be found in the store."
        )
    return folder


def sid_of(number: int) -> str:
    """The security identifier of the account at a place in the Directory's addresses."""
    return f"S-1-5-21-1004336348-1177238915-682003330-{number + 1001}"
