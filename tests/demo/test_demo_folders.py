"""GetFolder and FindFolder, and whose folders a request may open."""

import pytest
from demo_builders import (
    AUDITOR,
    ORDINARY,
    OWNER,
    a_mailbox,
    an_exchange,
    an_item,
    at,
    codes,
    envelope,
    find_folder,
    find_item,
    get_folder,
    texts,
)

from mailaudit.demo.ews.stores import Caller, sid_of
from mailaudit.demo.standard import INBOX, INCOMING, SENT, URGENT

_EXTRA = (
    (INCOMING, INBOX, "Công văn đến", "IPF.Note", "Folder"),
    (URGENT, INCOMING, "Khẩn", "IPF.Note.Urgent", "Folder"),
)
OTHER = "other@province.test"


def _names(*parents: str, **options: str) -> list[str]:
    exchange = an_exchange(a_mailbox(extra=_EXTRA))
    answer = exchange.answer(envelope(find_folder(*parents, **options)), AUDITOR)
    return texts(answer, "//t:DisplayName")


def test_deep_traversal_finds_all_depths_and_shallow_one() -> None:
    """Deep goes to the bottom, Shallow stays at the first level."""
    assert _names("inbox", traversal="Deep") == ["Công văn đến", "Khẩn"]
    assert _names("inbox", traversal="Shallow") == ["Công văn đến"]


def test_search_folders_lie_outside_the_message_root() -> None:
    """The root holds what the message root does not."""
    assert "Việc cần làm" in _names("root")
    assert "Việc cần làm" not in _names("msgfolderroot")


@pytest.mark.parametrize(
    ("restriction", "found"),
    [
        (
            '<t:Contains ContainmentMode="Prefixed" ContainmentComparison="IgnoreCase">'
            '<t:FieldURI FieldURI="folder:FolderClass"/><t:Constant Value="ipf.note"/>'
            "</t:Contains>",
            ["Công văn đến", "Khẩn"],
        ),
        (
            '<t:IsEqualTo><t:FieldURI FieldURI="folder:FolderClass"/><t:FieldURIOrConstant>'
            '<t:Constant Value="IPF.Note"/></t:FieldURIOrConstant></t:IsEqualTo>',
            ["Công văn đến"],
        ),
        (
            '<t:IsGreaterThan><t:FieldURI FieldURI="folder:ChildFolderCount"/>'
            '<t:FieldURIOrConstant><t:Constant Value="0"/></t:FieldURIOrConstant>'
            "</t:IsGreaterThan>",
            ["Công văn đến"],
        ),
    ],
)
def test_restriction_on_folders_finds(restriction: str, found: list[str]) -> None:
    """Folders are found by class and by counts."""
    assert _names("inbox", restriction=restriction) == found


def test_several_parents_answer_one_message_each() -> None:
    """Each parent has its own response message, in the order asked."""
    exchange = an_exchange(a_mailbox(extra=_EXTRA))
    request = find_folder("inbox", "archiveroot", "contacts")
    answer = exchange.answer(envelope(request), AUDITOR)
    assert codes(answer) == ["NoError", "ErrorFolderNotFound", "NoError"]
    assert texts(answer, "//@TotalItemsInView") == ["2", "3"]


def test_folder_pages_hold_every_folder_once() -> None:
    """Paging through folders yields each once."""
    whole, seen = _names(), []
    for offset in range(0, len(whole), 5):
        view = (
            f'<m:IndexedPageFolderView MaxEntriesReturned="5" Offset="{offset}"'
            ' BasePoint="Beginning"/>'
        )
        seen += _names(view=view)
    assert seen == whole


def test_counts_and_change_time_follow_the_items() -> None:
    """Counts are of what lies in the folder; its change time is that of the last change."""
    items = [
        an_item("2026-10-05T00:00:00", is_read=False),
        an_item("2026-10-06T00:00:00", verb=102, verb_at="2026-10-09T08:00:00"),
    ]
    fields = ("folder:TotalCount", "folder:UnreadCount", "0x670A:SystemTime")
    request = envelope(get_folder("inbox", fields=fields))
    answer = an_exchange(a_mailbox({INBOX: items})).answer(request, AUDITOR)
    assert texts(answer, "//t:TotalCount | //t:UnreadCount") == ["2", "1"]
    assert texts(answer, "//t:Value") == ["2026-10-09T08:00:00Z"]


@pytest.mark.parametrize(
    ("version", "offered", "given"),
    [
        ("Exchange2016", True, ["inbox"]),
        ("Exchange2013", True, ["inbox"]),
        ("V2017_07_11", True, ["inbox"]),
        ("Exchange2010_SP2", True, []),
        ("Exchange2016", False, []),
    ],
)
def test_well_known_name_is_reported_where_known(
    version: str, offered: bool, given: list[str]
) -> None:
    """Servers and clients from 2013 on know DistinguishedFolderId; others never see it."""
    exchange = an_exchange(a_mailbox(), well_known_names=offered)
    request = get_folder("inbox", fields=["folder:DistinguishedFolderId"])
    answer = exchange.answer(envelope(request, version=version), AUDITOR)
    assert texts(answer, "//t:DistinguishedFolderId") == given


def test_folder_id_opens_the_folder_it_was_given_for() -> None:
    """An id from an answer leads back to the folder."""
    exchange = an_exchange(a_mailbox({SENT: [an_item()]}))
    answer = exchange.answer(envelope(get_folder("sentitems")), AUDITOR)
    [folder_id] = texts(answer, "//t:FolderId/@Id")
    request = find_item(f'<t:FolderId Id="{folder_id}"/>')
    assert len(texts(exchange.answer(envelope(request), AUDITOR), "//t:ItemId/@Id")) == 1


def test_folder_id_of_another_mailbox_is_denied() -> None:
    """An id does not open a mailbox that is not acted as."""
    exchange = an_exchange(a_mailbox(), a_mailbox(address=OTHER))
    answer = exchange.answer(envelope(get_folder("inbox"), acting_as=OTHER), AUDITOR)
    [folder_id] = texts(answer, "//t:FolderId/@Id")
    request = find_item("inbox", f'<t:FolderId Id="{folder_id}"/>')
    answer = exchange.answer(envelope(request, acting_as=OWNER), AUDITOR)
    assert codes(answer) == ["NoError", "ErrorAccessDenied"]


@pytest.mark.parametrize("text", ["", "x", "AAMkAAAA", "AAMk" + "é" * 200])
def test_malformed_folder_id_is_an_error(text: str) -> None:
    """What was never an id is distinguished from an id that leads nowhere."""
    request = find_item(f'<t:FolderId Id="{text}"/>')
    answer = an_exchange(a_mailbox()).answer(envelope(request), AUDITOR)
    assert codes(answer) == ["ErrorInvalidIdMalformed"]


def test_folder_id_of_a_gone_folder_is_not_found() -> None:
    """An id of a folder that is no longer there leads nowhere."""
    with_extra = an_exchange(a_mailbox(extra=_EXTRA))
    answer = with_extra.answer(envelope(find_folder("inbox")), AUDITOR)
    folder_id = texts(answer, "//t:Folder/t:FolderId/@Id")[0]
    request = envelope(find_item(f'<t:FolderId Id="{folder_id}"/>'))
    assert codes(an_exchange(a_mailbox()).answer(request, AUDITOR)) == ["ErrorFolderNotFound"]


def _named(address: str) -> str:
    return (
        '<t:DistinguishedFolderId Id="inbox"><t:Mailbox>'
        f"<t:EmailAddress>{address}</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId>"
    )


def test_mailbox_named_in_a_folder_id_must_be_the_one_acted_as() -> None:
    """Naming one's own mailbox is fine; another's is denied, an unknown one does not exist."""
    exchange = an_exchange(a_mailbox(), a_mailbox(address=OTHER))
    request = get_folder(_named(OWNER), _named(OTHER), _named("nobody@province.test"))
    answer = exchange.answer(envelope(request), AUDITOR)
    assert codes(answer) == ["NoError", "ErrorAccessDenied", "ErrorNonExistentMailbox"]


def test_account_without_mailbox_must_name_one() -> None:
    """A service account that does not impersonate has no Inbox of its own."""
    answer = an_exchange(a_mailbox()).answer(envelope(get_folder("inbox"), acting_as=None), AUDITOR)
    assert codes(answer) == ["ErrorMissingEmailAddress"]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("PrimarySmtpAddress", OWNER),
        ("PrimarySmtpAddress", OWNER.upper()),
        ("SmtpAddress", OWNER),
        ("PrincipalName", OWNER),
        ("SID", sid_of(0)),
    ],
)
def test_impersonation_by_every_kind_of_name_works(kind: str, value: str) -> None:
    """The four ways to name an account lead to the same mailbox."""
    exchange = an_exchange(a_mailbox({INBOX: [an_item()]}), a_mailbox(address=OTHER))
    answer = exchange.answer(envelope(find_item(), acting_as=value, kind=kind), AUDITOR)
    assert texts(answer, "//@TotalItemsInView") == ["1"]


@pytest.mark.parametrize(
    ("caller", "acting_as", "kind", "code"),
    [
        (ORDINARY, OWNER, "PrimarySmtpAddress", "ErrorImpersonateUserDenied"),
        (ORDINARY, "nobody@x.test", "PrimarySmtpAddress", "ErrorNonExistentMailbox"),
        (AUDITOR, "nobody@x.test", "PrimarySmtpAddress", "ErrorNonExistentMailbox"),
        (AUDITOR, sid_of(7), "SID", "ErrorNonExistentMailbox"),
    ],
)
def test_refused_impersonation_is_a_fault(
    caller: Caller, acting_as: str, kind: str, code: str
) -> None:
    """As from Exchange: HTTP 500 and a fault whose detail has the code."""
    request = envelope(find_item(), acting_as=acting_as, kind=kind)
    answer = an_exchange(a_mailbox()).answer(request, caller)
    assert (answer.status, codes(answer)) == (500, [code])
    assert texts(answer, "//faultcode") == [f"a:{code}"]


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("ErrorMailboxStoreUnavailable", 200),
        ("ErrorMailboxMoveInProgress", 200),
        ("ErrorAccessDenied", 200),
        ("ErrorImpersonateUserDenied", 500),
        ("ErrorNonExistentMailbox", 500),
    ],
)
def test_failing_mailbox_answers_its_code(code: str, status: int) -> None:
    """A mailbox configured to fail does so in every operation, and others are untouched."""
    exchange = an_exchange(a_mailbox(), a_mailbox(address=OTHER), failing={OWNER: code})
    for request in (find_item(), find_folder(), get_folder("inbox")):
        answer = exchange.answer(envelope(request), AUDITOR)
        assert (answer.status, codes(answer)) == (status, [code])
        assert codes(exchange.answer(envelope(request, acting_as=OTHER), AUDITOR)) == ["NoError"]


def test_content_times_are_what_was_put_in() -> None:
    """Times survive the way into an answer, at the ends of a day and of the calendar's rules."""
    moments = ("2026-02-28T23:59:59", "2026-03-01T00:00:00", "2028-02-29T12:00:00")
    items = [an_item(moment) for moment in moments]
    assert [item.received for item in items] == [at(moment) for moment in moments]
    answer = an_exchange(a_mailbox({INBOX: items})).answer(envelope(find_item()), AUDITOR)
    assert sorted(texts(answer, "//t:DateTimeReceived")) == [f"{moment}Z" for moment in moments]
