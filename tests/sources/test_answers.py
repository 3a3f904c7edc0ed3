"""Reading the server's answers, the recorded ones of a real server among them."""

import pytest

from mailaudit.model.outcome import Reason
from mailaudit.sources.ews.answers import (
    read_folder_ids,
    read_folder_page,
    read_item_pages,
    require_soap,
)
from mailaudit.sources.faults import MailboxFault
from shared import SHARED

RECORDINGS = SHARED / "ews-recordings"

recorded = pytest.mark.skipif(
    not RECORDINGS.is_dir(), reason="the recordings of a real EWS server are not beside the project"
)


def recording(name: str) -> bytes:
    return (RECORDINGS / f"{name}.response.xml").read_bytes()


def soap(body: str) -> bytes:
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"'
        ' xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"'
        ' xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"'
        ' xmlns:e="http://schemas.microsoft.com/exchange/services/2006/errors">'
        f"<s:Header/><s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def fault_in(content: bytes) -> MailboxFault:
    with pytest.raises(MailboxFault) as caught:
        read_item_pages(content, 1)
    return caught.value


@recorded
def test_folder_page_of_a_real_server_is_read() -> None:
    """All 14 mail folders of the recording, with parent, class and count."""
    page = read_folder_page(recording("03-findfolder-deep-mail-only"))
    assert page.complete
    assert len(page.entries) == page.total == 14
    inbox = next(f for f in page.entries if f.total_count == 97)
    assert inbox.kind == "Folder"
    assert inbox.folder_class == "IPF.Note"
    assert sum(f.parent_id == inbox.id for f in page.entries) == 1


@recorded
def test_item_page_of_a_real_server_is_read() -> None:
    """All 60 items of the recording, with class, date and read flag."""
    (page,) = read_item_pages(recording("04-finditem-inbox-month"), 1)
    assert page.complete
    assert len(page.entries) == page.total == 60
    assert {item.item_class[:8] for item in page.entries} <= {"IPM.Note", "REPORT.I", "IPM.Sche"}
    assert page.entries[0].received_at == "2026-10-22T16:22:27Z"
    assert {item.is_read for item in page.entries} == {"true", "false"}


@recorded
def test_item_pages_of_two_folders_are_kept_apart() -> None:
    """Each folder has its own page and its own total, and neither is complete."""
    first, second = read_item_pages(recording("06-finditem-two-folders"), 2)
    assert (len(first.entries), first.total, first.complete) == (5, 60, False)
    assert (len(second.entries), second.complete) == (5, False)


@recorded
def test_error_beside_a_success_is_the_folders_own() -> None:
    """A folder that is refused does not hide the one that is answered."""
    pages = read_item_pages(recording("10-finditem-bad-folder-beside-good"), 2)
    assert sorted(page.fault is None for page in pages) == [False, True]


@recorded
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("11-impersonate-denied", Reason.ACCESS_DENIED),
        ("12-impersonate-unknown", Reason.NO_MAILBOX),
        ("13-impersonate-other-domain", Reason.NO_MAILBOX),
        ("16-malformed-xml", Reason.MALFORMED_ANSWER),
    ],
)
def test_fault_of_a_real_server_has_its_reason(name: str, reason: Reason) -> None:
    """Faults without Exchange's detail element are understood too."""
    assert fault_in(recording(name)).reason is reason


def test_exchange_fault_carries_its_back_off() -> None:
    """ErrorServerBusy says how long to wait, in milliseconds."""
    fault = fault_in(
        soap(
            "<s:Fault><faultcode>a:ErrorServerBusy</faultcode><faultstring>busy</faultstring>"
            "<detail><e:ResponseCode>ErrorServerBusy</e:ResponseCode><t:MessageXml>"
            '<t:Value Name="BackOffMilliseconds">297749</t:Value></t:MessageXml></detail></s:Fault>'
        )
    )
    assert (fault.reason, fault.back_off_s, fault.again) == (Reason.SERVER_BUSY, 297.749, True)


def test_folder_ids_leave_out_what_does_not_exist() -> None:
    """A mailbox without a junk folder is no error."""
    success = (
        '<m:GetFolderResponseMessage ResponseClass="Success"><m:ResponseCode>NoError'
        '</m:ResponseCode><m:Folders><t:Folder><t:FolderId Id="a" ChangeKey="b"/></t:Folder>'
        "</m:Folders></m:GetFolderResponseMessage>"
    )
    missing = (
        '<m:GetFolderResponseMessage ResponseClass="Error"><m:ResponseCode>ErrorFolderNotFound'
        "</m:ResponseCode></m:GetFolderResponseMessage>"
    )
    content = soap(
        f"<m:GetFolderResponse><m:ResponseMessages>{success}{missing}"
        "</m:ResponseMessages></m:GetFolderResponse>"
    )
    assert read_folder_ids(content, 2) == ("a", None)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><body>Proxy error</body></html>",
        b"<s:Envelope",
        soap(""),
        soap("<m:GetFolderResponse/>"),
        soap("<m:FindItemResponse><m:ResponseMessages/></m:FindItemResponse>"),
        b'<!DOCTYPE x [<!ENTITY a "b">]>' + soap("&a;").replace(b"&a;", b""),
    ],
)
def test_what_is_no_answer_is_malformed(content: bytes) -> None:
    """Nothing, HTML, half an answer, another operation's answer, a document type."""
    assert fault_in(content).reason is Reason.MALFORMED_ANSWER


@pytest.mark.parametrize("total", ["²", "1" * 5000])
def test_number_that_python_does_not_read_is_malformed(total: str) -> None:
    """A digit that is no decimal, and more of them than int() takes."""
    content = soap(
        "<m:FindFolderResponse><m:ResponseMessages><m:FindFolderResponseMessage"
        ' ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>'
        f'<m:RootFolder TotalItemsInView="{total}" IncludesLastItemInRange="true"><t:Folders/>'
        "</m:RootFolder></m:FindFolderResponseMessage></m:ResponseMessages></m:FindFolderResponse>"
    )
    with pytest.raises(MailboxFault, match="TotalItemsInView"):
        read_folder_page(content)


def test_entity_bomb_is_refused_unopened() -> None:
    """A document type alone makes the answer unusable, so no entity is ever expanded."""
    bomb = b'<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    with pytest.raises(MailboxFault):
        require_soap(bomb + soap("&b;"))
