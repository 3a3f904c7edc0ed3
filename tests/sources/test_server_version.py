"""What a server says it is, out of its answers and into what a snapshot says of its source."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fault_builders import an_office
from source_builders import MAY, a_fleet, a_source

from mailaudit import audit
from mailaudit.model.roster import Roster, Staff, Unit
from mailaudit.model.snapshot import SourceInfo
from mailaudit.sources.ews.server_version import read_server_version
from mailaudit.store import SnapshotStore
from shared import SHARED

RECORDINGS = SHARED / "ews-recordings"
DEMONSTRATION = "Exchange Server 2016 (15.1.2507.39)"


def an_answer(attributes: str) -> bytes:
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>'
        '<h:ServerVersionInfo xmlns:h="http://schemas.microsoft.com/exchange/services/2006/types"'
        f" {attributes}/></s:Header><s:Body/></s:Envelope>"
    ).encode()


@pytest.mark.parametrize(
    ("major", "minor", "build", "said"),
    [
        ("15", "2", "1544", "Exchange Server 2019 (15.2.1544.4)"),
        ("15", "2", "2562", "Exchange Server Subscription Edition (15.2.2562.4)"),
        ("15", "2", "3000", "Exchange Server Subscription Edition (15.2.3000.4)"),
        ("8", "2", "123", "Exchange Server 2007 SP2 (8.2.123.4)"),
        ("15", "1", "2507", "Exchange Server 2016 (15.1.2507.4)"),
        ("15", "0", "1497", "Exchange Server 2013 (15.0.1497.4)"),
        ("14", "3", "123", "Exchange Server 2010 SP3 (14.3.123.4)"),
        ("15", "20", "8000", "Exchange Online (15.20.8000.4)"),
        ("99", "1", "2", "99.1.2.4"),
        ("15", "x", "2", ""),
        ("9" * 5000, "1", "2", ""),
        ("15", "-1", "2", ""),
    ],
)
def test_version_names_the_product(major: str, minor: str, build: str, said: str) -> None:
    """By its first two numbers, and 2019 from its successor by the build; odd ones are nothing."""
    attributes = (
        f'MajorVersion="{major}" MinorVersion="{minor}" MajorBuildNumber="{build}"'
        ' MinorBuildNumber="4" Version="Exchange2016"'
    )
    assert read_server_version(an_answer(attributes)) == said


@pytest.mark.parametrize("content", [b"", b"no XML", b"<a/>", an_answer("")])
def test_answer_without_a_version_says_nothing(content: bytes) -> None:
    """That does not end the run."""
    assert read_server_version(content) == ""


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings are not beside the project")
def test_version_of_a_real_server_is_read() -> None:
    """As recorded."""
    content = (RECORDINGS / "01-getfolder-root.response.xml").read_bytes()
    assert read_server_version(content) == "Exchange Server 2013 (15.0.847.4040)"


def test_snapshot_says_what_the_server_said(tmp_path: Path) -> None:
    """The demonstration server names itself when it is checked; the schema asked for stays."""
    people = ["p0@tinh.test", "p1@tinh.test"]
    staff = tuple(Staff(box, "A", box) for box in people)
    roster = Roster(("G",), (Unit("A", "A", "G"),), staff, "d")
    now = MAY.end + timedelta(days=1)
    with (
        an_office(tmp_path, people) as place,
        a_source(place) as source,
        SnapshotStore.at(tmp_path / "s.db") as store,
    ):
        unasked = source.describe()
        assert unasked.reported == ""
        collection = store.begin(MAY, roster, unasked, now=now)
        audit.collect(collection, source, clock=lambda: now, on_progress=lambda _d, _t: None)
        assert store.load(MAY).source == replace(unasked, reported=DEMONSTRATION)


def test_version_stays_where_nothing_is_asked_any_more(tmp_path: Path) -> None:
    """A collection that was stopped after its last mailbox is ended by one that asks nothing."""
    source = SourceInfo("ews", "mail.x.vn", "Exchange2016", "svc", DEMONSTRATION)
    now = MAY.end + timedelta(days=1)
    roster = Roster((), (), (), "d")
    with SnapshotStore.at(tmp_path / "s.db") as store:
        store.begin(MAY, roster, source, now=now)
        store.begin(MAY, roster, replace(source, reported=""), now=now).finish(now)
        assert store.load(MAY).source == source


def test_fleet_says_what_the_server_said(tmp_path: Path) -> None:
    """Another process than this one checks the login."""
    with an_office(tmp_path, ["p0@tinh.test"]) as place, a_fleet(place, max_connections=9) as fleet:
        fleet.check()
        assert fleet.describe().reported == DEMONSTRATION
