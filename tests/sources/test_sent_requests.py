"""What the audit really sends: every request of a run, read back from the server's side."""

import json
import re
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import etree
from source_builders import MAY, PEOPLE, a_source, all_of, ews_server, write_traffic

from mailaudit.demo.options import Options
from mailaudit.demo.process import served
from mailaudit.model.snapshot import Job
from mailaudit.sources.ews.probe import EwsProbe
from shared import Violations

T = "{http://schemas.microsoft.com/exchange/services/2006/types}"

# Written out here once more on purpose: the audit's own list must not be able to vouch for itself.
ALLOWED_FIELDS = {
    "item:ItemClass",
    "item:DateTimeReceived",
    "item:IsDraft",
    "message:IsRead",
    "folder:ParentFolderId",
    "folder:FolderClass",
    "folder:TotalCount",
    "folder:DistinguishedFolderId",
}
ALLOWED_TAGS = {
    "0x5d01": "PidTagSenderSmtpAddress",
    "0x1081": "PidTagLastVerbExecuted",
    "0x1082": "PidTagLastVerbExecutionTime",
    "0x670a": "PidTagLocalCommitTimeMax",
}
ALLOWED_OPERATIONS = {"GetServerTimeZones", "FindFolder", "GetFolder", "FindItem"}
ALLOWED_HEADERS = {
    "accept", "accept-encoding", "authorization", "client-request-id", "connection",
    "content-length", "content-type", "cookie", "host", "return-client-request-id", "user-agent",
    "x-anchormailbox",
}  # fmt: skip


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """All that was sent in runs that use every request the audit can send, and in checks."""
    entries = []
    variants = [Options(), Options(well_known_names=False), Options(find_limit=2), Options()]
    for number, variant in enumerate(variants):
        folder = tmp_path_factory.mktemp(f"sent{number}")
        log = folder / "access.jsonl"
        options = replace(variant, **write_traffic(folder), access_log=log, log_bodies=True)
        recoverable = number == len(variants) - 1
        with (
            served(folder, options) as place,
            a_source(place, recoverable_items=recoverable) as source,
        ):
            source.check()
            assert len(all_of(source, Job(PEOPLE, MAY))) == len(PEOPLE)
            with closing(EwsProbe(ews_server(place), MAY, lambda: datetime.now(UTC))) as probe:
                probe.check()
                probe.open(PEOPLE[0])
                probe.list_folders(PEOPLE[1])
        entries += [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    return [entry for entry in entries if entry["request"]]


def test_every_operation_is_sent(sent: list[dict[str, str]]) -> None:
    """The runs exercise all four operations, so the tests below see all there is to see."""
    assert {entry["operation"] for entry in sent if entry["operation"]} == ALLOWED_OPERATIONS


def test_no_field_outside_the_allow_list_is_asked_for(sent: list[dict[str, str]]) -> None:
    """Base shapes carry ids only; every further field is a date, flag, class or domain source."""
    for entry in sent:
        root = etree.fromstring(entry["request"].encode())
        assert {shape.text for shape in root.iter(T + "BaseShape")} <= {"IdOnly"}
        asked = {str(uri.get("FieldURI")) for uri in root.iter(T + "FieldURI")}
        assert asked <= ALLOWED_FIELDS
        for uri in root.iter(T + "ExtendedFieldURI"):
            assert set(uri.attrib) == {"PropertyTag", "PropertyType"}
            assert uri.get("PropertyTag") in ALLOWED_TAGS
        assert not list(root.iter(T + "IndexedFieldURI"))


def test_no_folder_outside_the_allow_list_is_asked_for_by_name(sent: list[dict[str, str]]) -> None:
    """The message root, what is not received mail, the Inbox, Deleted Items, and Recoverable Items
    where the configuration says so."""
    asked = {
        str(name.get("Id"))
        for entry in sent
        for name in etree.fromstring(entry["request"].encode()).iter(T + "DistinguishedFolderId")
    }
    assert asked == {
        "msgfolderroot", "sentitems", "drafts", "outbox", "junkemail", "inbox", "deleteditems",
        "recoverableitemsdeletions",
    }  # fmt: skip


def test_no_answer_carries_more_than_was_asked(sent: list[dict[str, str]]) -> None:
    """Neither subjects nor bodies, names of folders or people come back."""
    for entry in sent:
        for name in ("Subject", "Body", "DisplayName", "Attachments", "ToRecipients", "From"):
            assert not re.search(rf"<t:{name}[ >/]", entry["answer"])


def test_no_header_reports_more_than_needed(sent: list[dict[str, str]]) -> None:
    """Only the login, the mailbox to route by, and what HTTP itself needs."""
    for entry in sent:
        headers: dict[str, str] = dict(entry["headers"])  # type: ignore[arg-type]
        assert {name.lower() for name in headers} <= ALLOWED_HEADERS


def test_every_request_satisfies_the_schema(
    sent: list[dict[str, str]], violations: Violations
) -> None:
    """What the client sends is what Microsoft's schema allows."""
    for request in {entry["request"] for entry in sent}:
        assert violations(request.encode()) == []


def test_restrictions_are_the_same_for_every_mailbox(sent: list[dict[str, str]]) -> None:
    """Byte-identical, so that the server's cached view of a folder serves again."""
    restrictions = {
        match[0]
        for entry in sent
        if (match := re.search(r"<m:Restriction>.*</m:SortOrder>", entry["request"]))
    }
    assert len(restrictions) == 1
