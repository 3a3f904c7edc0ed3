"""Every kind of answer satisfies the published schema, and so does every request of the tests."""

import pytest
from demo_builders import (
    AUDITOR,
    OWNER,
    a_mailbox,
    an_exchange,
    an_item,
    codes,
    envelope,
    find_folder,
    find_item,
    get_folder,
    month,
)

from mailaudit.demo.content import Mailbox
from mailaudit.demo.standard import INBOX, MESSAGE_ROOT, SENT
from shared import Violations

_ALL_FIELDS = (
    "item:ItemClass",
    "item:DateTimeReceived",
    "item:DateTimeSent",
    "message:IsRead",
    "0x5D01:String",
    "0x1081:Integer",
    "0x1082:SystemTime",
    "0x0E06:SystemTime",
    "0x0039:SystemTime",
)
_ALL_FOLDER_FIELDS = (
    "folder:FolderClass",
    "folder:TotalCount",
    "folder:UnreadCount",
    "folder:ChildFolderCount",
    "folder:DisplayName",
    "folder:ParentFolderId",
    "folder:DistinguishedFolderId",
    "0x670A:SystemTime",
)
_OOF = (
    "<m:GetUserOofSettingsRequest><t:Mailbox><t:Address>{}</t:Address></t:Mailbox>"
    "</m:GetUserOofSettingsRequest>"
)
_RULES = "<m:GetInboxRules><m:MailboxSmtpAddress>{}</m:MailboxSmtpAddress></m:GetInboxRules>"
_NAMES = (
    '<m:ResolveNames ReturnFullContactData="false"><m:UnresolvedEntry>{}</m:UnresolvedEntry>'
    "</m:ResolveNames>"
)
_ZONES = '<m:GetServerTimeZones ReturnFullTimeZoneData="{}"/>'
REQUESTS = {
    "items of every kind": find_item("inbox", "sentitems", fields=_ALL_FIELDS),
    "items of a month": find_item(restriction=month()),
    "items without a view": find_item(count=None),
    "an error beside a success": find_item("inbox", "archiveinbox"),
    "folders at any depth": find_folder(fields=_ALL_FOLDER_FIELDS),
    "folders of the root": find_folder("root", fields=_ALL_FOLDER_FIELDS, traversal="Shallow"),
    "a folder page": find_folder(
        view='<m:IndexedPageFolderView MaxEntriesReturned="2" Offset="1" BasePoint="Beginning"/>'
    ),
    "folders by name": get_folder("inbox", "calendar", "drafts", fields=_ALL_FOLDER_FIELDS),
    "no such folder": get_folder("archiveroot"),
    "names": _NAMES.format("an.nguyen"),
    "ambiguous names": _NAMES.format("nguyễn"),
    "no names": _NAMES.format("nobody"),
    "time zones": _ZONES.format("true"),
    "names of time zones": _ZONES.format("false"),
    "rules": _RULES.format(OWNER),
    "rules of another": _RULES.format("other@province.test"),
    "automatic replies": _OOF.format(OWNER),
    "automatic replies of another": _OOF.format("other@province.test"),
}


def _mailboxes() -> tuple[Mailbox, ...]:
    items = {
        INBOX: [
            an_item(),
            an_item(item_class="IPM.Schedule.Meeting.Request"),
            an_item(item_class="IPM.Schedule.Meeting.Resp.Pos"),
            an_item(item_class="IPM.Schedule.Meeting.Canceled"),
            an_item(item_class="REPORT.IPM.Note.NDR", is_read=False),
            an_item(verb=102, verb_at="2026-10-05T04:00:00", sender="a&b<c>@x.test"),
        ],
        SENT: [an_item(sender=OWNER)],
    }
    view = (30, MESSAGE_ROOT, "Thư <chưa> đọc & khác", "IPF.Note", "SearchFolder")
    owner = a_mailbox(items, extra=[view], forwards_to="an@else.test", out_of_office=True)
    return owner, a_mailbox(address="other@province.test")


@pytest.mark.parametrize("kind", REQUESTS)
def test_answer_satisfies_schema(kind: str, violations: Violations) -> None:
    """Request and answer of every operation validate, successes and errors alike."""
    request = envelope(REQUESTS[kind])
    answer = an_exchange(*_mailboxes()).answer(request, AUDITOR)
    assert violations(request) == []
    assert answer.status == 200
    assert violations(answer.body) == []
    assert codes(answer)


def test_schema_check_notices_wrong_order(violations: Violations) -> None:
    """The check itself fails on an answer whose elements are in the wrong order."""
    request = envelope(REQUESTS["items of every kind"])
    body = an_exchange(*_mailboxes()).answer(request, AUDITOR).body
    broken = body.replace(b"<t:ItemClass>IPM.Note</t:ItemClass>", b"", 1).replace(
        b"</t:DateTimeReceived>", b"</t:DateTimeReceived><t:ItemClass>IPM.Note</t:ItemClass>", 1
    )
    assert broken != body
    assert violations(broken)


def test_store_errors_satisfy_schema(violations: Violations) -> None:
    """A mailbox that can't be opened answers errors that validate."""
    for code in (
        "ErrorMailboxStoreUnavailable",
        "ErrorMailboxMoveInProgress",
        "ErrorAccessDenied",
    ):
        exchange = an_exchange(*_mailboxes(), failing={OWNER: code})
        for request in (find_item(), find_folder(), get_folder("inbox")):
            answer = exchange.answer(envelope(request), AUDITOR)
            assert codes(answer) == [code]
            assert violations(answer.body) == []
