"""The requests of an audit, as bytes: four operations, and a fifth where rules are asked for.

Those of one operation are byte-identical but for the mailbox.

Built by hand rather than by exchangelib: an envelope costs microseconds instead of milliseconds,
and identical restrictions let the server reuse its cached view of a folder.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from mailaudit.model.period import Period
from mailaudit.sources.ews.fields import ITEM_DATE, ITEM_FIELDS, folder_fields

# What is not received mail, by the server's own (language independent) names.
NOT_RECEIVED = ("sentitems", "drafts", "outbox", "junkemail")
# Where own mail is nothing but what arrived, and where mail of all kinds is thrown.
INBOX, DELETED = "inbox", "deleteditems"
WELL_KNOWN = (*NOT_RECEIVED, INBOX, DELETED)

# What their owners deleted for good, while the server still has it.
RECOVERABLE = "recoverableitemsdeletions"

MAX_FOLDERS_PER_CALL = 100
# Items of one folder, and of all folders of a call where these are few, so that many answers at
# once need little memory. EWSFindCountLimit's default is 1000; a smaller page is paged on.
_LARGEST_PAGE, _SMALLEST_PAGE, _ITEMS_PER_CALL = 400, 250, 2500
_FOLDER_PAGE_SIZE = 1000

_OPENING = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"'
    ' xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types">'
)


class Envelopes:
    """Builds every request of one run.

    Args:
        version: The schema version to ask for.
        period: The Period whose items are asked for.
    """

    def __init__(self, version: str, period: Period) -> None:
        self._header = f'{_OPENING}<s:Header><t:RequestServerVersion Version="{version}"/>'
        self._folder_shape = (
            "<m:FolderShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>"
            + folder_fields(distinguished=version >= "Exchange2013")
            + "</t:AdditionalProperties></m:FolderShape>"
        )
        start, end = _utc(period.start), _utc(period.end)
        self._item_shape = (
            "<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>"
            f"{ITEM_FIELDS}</t:AdditionalProperties></m:ItemShape>"
        )
        self._restriction = (
            "<m:Restriction><t:And>"
            f"<t:IsGreaterThanOrEqualTo>{_bound(start)}</t:IsGreaterThanOrEqualTo>"
            f"<t:IsLessThan>{_bound(end)}</t:IsLessThan>"
            "</t:And></m:Restriction>"
            # Oldest first: mail that arrives while we page is appended, nothing shifts.
            f'<m:SortOrder><t:FieldOrder Order="Ascending">{ITEM_DATE}</t:FieldOrder></m:SortOrder>'
        )

    def find_folders(self, mailbox: str, offset: int = 0) -> bytes:
        """Every folder of the mailbox below its message root."""
        return self._envelope(
            mailbox,
            f'<m:FindFolder Traversal="Deep">{self._folder_shape}'
            f'<m:IndexedPageFolderView MaxEntriesReturned="{_FOLDER_PAGE_SIZE}" Offset="{offset}"'
            ' BasePoint="Beginning"/>'
            '<m:ParentFolderIds><t:DistinguishedFolderId Id="msgfolderroot"/></m:ParentFolderIds>'
            "</m:FindFolder>",
        )

    def get_well_known(self, mailbox: str) -> bytes:
        """The folders of WELL_KNOWN, in that order, for servers that do not mark them."""
        ids = "".join(f'<t:DistinguishedFolderId Id="{name}"/>' for name in WELL_KNOWN)
        return self._envelope(
            mailbox,
            "<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape>"
            f"<m:FolderIds>{ids}</m:FolderIds></m:GetFolder>",
        )

    def find_items(self, mailbox: str, folder_ids: Sequence[str], offset: int = 0) -> bytes:
        """The Period's items of these folders, oldest first, from `offset` on.

        A folder is named by its id, or RECOVERABLE.
        """
        ids = "".join(map(_folder, folder_ids))
        count = page_size(len(folder_ids))
        return self._envelope(
            mailbox,
            f'<m:FindItem Traversal="Shallow">{self._item_shape}'
            f'<m:IndexedPageItemView MaxEntriesReturned="{count}" Offset="{offset}"'
            f' BasePoint="Beginning"/>{self._restriction}'
            f"<m:ParentFolderIds>{ids}</m:ParentFolderIds></m:FindItem>",
        )

    def get_inbox_rules(self, mailbox: str) -> bytes:
        """The mailbox's rules, which the server gives whole or not at all."""
        address = escape(mailbox)
        return self._envelope(
            mailbox,
            f"<m:GetInboxRules><m:MailboxSmtpAddress>{address}</m:MailboxSmtpAddress>"
            "</m:GetInboxRules>",
        )

    def _envelope(self, mailbox: str, operation: str) -> bytes:
        return (
            f"{self._header}<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>"
            f"{escape(mailbox)}</t:PrimarySmtpAddress></t:ConnectingSID></t:ExchangeImpersonation>"
            f"</s:Header><s:Body>{operation}</s:Body></s:Envelope>"
        ).encode()


def page_size(folders: int) -> int:
    """How many items of each folder are asked for at once, where a call asks for so many."""
    return min(_LARGEST_PAGE, max(_SMALLEST_PAGE, _ITEMS_PER_CALL // folders))


def probe(version: str) -> bytes:
    """A request that opens no mailbox: it only shows whether the login is accepted."""
    return (
        f'{_OPENING}<s:Header><t:RequestServerVersion Version="{version}"/></s:Header><s:Body>'
        '<m:GetServerTimeZones ReturnFullTimeZoneData="false"><m:Ids><t:Id>UTC</t:Id></m:Ids>'
        "</m:GetServerTimeZones></s:Body></s:Envelope>"
    ).encode()


def _folder(folder_id: str) -> str:
    if folder_id == RECOVERABLE:
        return f'<t:DistinguishedFolderId Id="{RECOVERABLE}"/>'
    return f"<t:FolderId Id={quoteattr(folder_id)}/>"


def _bound(instant: str) -> str:
    return (
        f'{ITEM_DATE}<t:FieldURIOrConstant><t:Constant Value="{instant}"/></t:FieldURIOrConstant>'
    )


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
