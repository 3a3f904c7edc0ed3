"""Requests that are not as the schema says, and the small operations."""

import pytest
from demo_builders import (
    AUDITOR,
    OWNER,
    a_mailbox,
    an_exchange,
    codes,
    envelope,
    find_item,
    get_folder,
    texts,
)

from mailaudit.demo.ews.exchange import Answer


def _answer(request: bytes) -> Answer:
    return an_exchange(
        a_mailbox(forwards_to="an@else.test", out_of_office=True),
        a_mailbox(address="an.tran@province.test"),
    ).answer(request, AUDITOR)


_GOOD = envelope(find_item())
_BAD = {
    "no XML": b"hello",
    "nothing": b"",
    "cut off": _GOOD[:-30],
    "no envelope": b"<a/>",
    "no operation": envelope(""),
    "two operations": envelope(find_item() + find_item()),
    "an unknown element": _GOOD.replace(b"</m:FindItem>", b"<m:Extra/></m:FindItem>"),
    "elements out of order": envelope(
        '<m:FindItem Traversal="Shallow"><m:ParentFolderIds>'
        '<t:DistinguishedFolderId Id="inbox"/></m:ParentFolderIds>'
        "<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape></m:FindItem>"
    ),
    "no traversal": _GOOD.replace(b' Traversal="Shallow"', b""),
    "an unknown traversal": _GOOD.replace(b'"Shallow"', b'"Deep"'),
    "an unknown folder name": _GOOD.replace(b'Id="inbox"', b'Id="in-box"'),
    "no folder": _GOOD.replace(b'<t:DistinguishedFolderId Id="inbox"/>', b""),
    "an offset in words": _GOOD.replace(b'Offset="0"', b'Offset="none"'),
    "an unknown base shape": _GOOD.replace(b"IdOnly", b"Everything"),
    "an unknown property type tag": _GOOD.replace(
        b'<t:FieldURI FieldURI="message:IsRead"/>',
        b'<t:ExtendedFieldURI PropertyTag="0xZZ" PropertyType="String"/>',
    ),
    "an empty name": _GOOD.replace(OWNER.encode(), b""),
}


@pytest.mark.parametrize("kind", _BAD)
def test_request_against_the_schema_is_a_fault(kind: str) -> None:
    """HTTP 500 with a fault that says it was the schema, and nothing else."""
    assert _BAD[kind] != _GOOD
    answer = _answer(_BAD[kind])
    assert (answer.status, codes(answer)) == (500, ["ErrorSchemaValidation"])
    assert len(texts(answer, "//t:Violation")) == 1


@pytest.mark.parametrize("name", [OWNER.encode(), b"&f;&a;"])
def test_document_type_is_refused(name: bytes) -> None:
    """Whether its entities are used or not: neither files nor bombs get in."""
    doctype = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    request = _GOOD.replace(b"<s:Envelope", doctype + b"<s:Envelope", 1)
    answer = _answer(request.replace(OWNER.encode(), name))
    assert (answer.status, codes(answer)) == (500, ["ErrorSchemaValidation"])
    assert b"root:" not in answer.body


@pytest.mark.parametrize("version", ["Exchange2099", "", "V17"])
def test_unknown_version_is_a_fault(version: str) -> None:
    """The version of a request must be one there is."""
    answer = _answer(envelope(find_item(), version=version))
    assert (answer.status, codes(answer)) == (500, ["ErrorInvalidServerVersion"])


def test_answer_reports_the_server_version() -> None:
    """Every answer that is no fault has the version of an Exchange 2016 in its header."""
    answer = _answer(_GOOD)
    assert texts(answer, "//t:ServerVersionInfo/@MajorVersion") == ["15"]
    assert texts(answer, "//t:ServerVersionInfo/@MinorVersion") == ["1"]


def test_operation_not_offered_is_a_fault() -> None:
    """An operation of EWS that is not built here is refused, not answered with an empty success."""
    answer = _answer(envelope("<m:GetItem/>"))
    assert (answer.status, codes(answer)) == (500, ["ErrorInvalidRequest"])


def test_view_not_offered_is_an_error() -> None:
    """A view that is not built here is an error, not ignored."""
    request = find_item().replace(
        '<m:IndexedPageItemView MaxEntriesReturned="1000" Offset="0" BasePoint="Beginning"/>',
        '<m:FractionalPageItemView MaxEntriesReturned="5" Numerator="0" Denominator="1"/>',
    )
    assert codes(_answer(envelope(request))) == ["ErrorInvalidOperation"]


def _resolve(entry: str) -> Answer:
    return _answer(
        envelope(
            '<m:ResolveNames ReturnFullContactData="false">'
            f"<m:UnresolvedEntry>{entry}</m:UnresolvedEntry></m:ResolveNames>",
            acting_as=None,
        )
    )


def test_resolve_names_reports_one_many_and_none_apart() -> None:
    """One match is a success, several a warning, none an error."""
    assert texts(_resolve(f"smtp:{OWNER}"), "//t:EmailAddress") == [OWNER]
    assert codes(_resolve("AN.")) == ["ErrorNameResolutionMultipleResults"]
    assert texts(_resolve("an."), "//@TotalItemsInView") == ["2"]
    assert codes(_resolve("zz")) == ["ErrorNameResolutionNoResults"]


def test_rules_and_replies_are_the_owners() -> None:
    """The redirection and the automatic reply of a mailbox are given to who acts as it."""
    rules = _answer(envelope("<m:GetInboxRules/>"))
    assert texts(rules, "//t:RedirectToRecipients//t:EmailAddress") == ["an@else.test"]
    replies = _answer(
        envelope(
            f"<m:GetUserOofSettingsRequest><t:Mailbox><t:Address>{OWNER}</t:Address></t:Mailbox>"
            "</m:GetUserOofSettingsRequest>"
        )
    )
    assert texts(replies, "//t:OofState") == ["Enabled"]


def test_time_zones_asked_for_are_given() -> None:
    """Only known zones are given, of those asked for."""
    ids = "<m:Ids><t:Id>SE Asia Standard Time</t:Id><t:Id>Nowhere</t:Id></m:Ids>"
    answer = _answer(
        envelope(
            f'<m:GetServerTimeZones ReturnFullTimeZoneData="true">{ids}</m:GetServerTimeZones>'
        )
    )
    assert texts(answer, "//t:TimeZoneDefinition/@Id") == ["SE Asia Standard Time"]
    assert texts(answer, "//t:Period/@Bias") == ["-PT7H"]


def test_log_fields_name_operation_and_mailbox() -> None:
    """What an answer says to the log is what was asked."""
    answer = _answer(envelope(get_folder("inbox")))
    assert (answer.operation, answer.mailbox) == ("GetFolder", OWNER)
