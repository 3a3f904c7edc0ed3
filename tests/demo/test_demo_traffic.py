"""Real traffic as mailboxes."""

import gzip
from pathlib import Path

import pytest
from demo_builders import at

from mailaudit.demo.content import Item
from mailaudit.demo.options import Options
from mailaudit.demo.process import served
from mailaudit.demo.traffic import Traffic, TrafficError
from mailaudit.errors import ConfigurationError
from mailaudit.model.period import Period
from shared import SHARED

_PEOPLE = "mailbox,unit_code\nan@a.test,U1\nbinh@a.test,U1\nchi@a.test,U2\n"
_TRAFFIC = """sent_at_utc,sender,recipient,read
2026-05-31T17:00:00Z,an@a.test,binh@a.test,0
2026-05-31T17:00:00Z,an@a.test,chi@a.test,1
2026-05-31T17:00:00Z,binh@a.test,an@a.test,1
2026-05-31T16:59:59Z,An@A.test,binh@a.test,1
2026-06-02T10:00:00+07:00,stranger@b.test,an@a.test,0
"""


def _write(folder: Path, traffic: str = _TRAFFIC, people: str = _PEOPLE) -> tuple[Path, Path]:
    paths = folder / "traffic.csv", folder / "people.csv"
    for path, text in zip(paths, (traffic, people), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def _items(traffic: Traffic, address: str, name: str) -> list[Item]:
    mailbox = traffic.mailbox(address)
    assert mailbox is not None
    return list(mailbox.by_name[name].items)


def test_message_to_several_is_sent_once_and_received_by_each(tmp_path: Path) -> None:
    """Lines with the same time and sender are one message; each line is one copy."""
    traffic = Traffic(*_write(tmp_path))
    sent = _items(traffic, "an@a.test", "sentitems")
    assert [item.received for item in sent] == [
        at("2026-05-31T16:59:59"),
        at("2026-05-31T17:00:00"),
    ]
    assert len(_items(traffic, "binh@a.test", "inbox")) == 2
    assert len(_items(traffic, "chi@a.test", "inbox")) == 1
    assert len(_items(traffic, "binh@a.test", "sentitems")) == 1
    assert _items(traffic, "chi@a.test", "sentitems") == []


def test_copy_keeps_time_flag_and_sender(tmp_path: Path) -> None:
    """A copy is received when it was sent, by whom, and read or not as its line says."""
    traffic = Traffic(*_write(tmp_path))
    newest = _items(traffic, "an@a.test", "inbox")[-1]
    assert newest.received == newest.sent == at("2026-06-02T03:00:00")
    assert (newest.sender, newest.is_read) == ("stranger@b.test", False)
    assert [item.is_read for item in _items(traffic, "binh@a.test", "inbox")] == [True, False]


def test_only_people_have_mailboxes(tmp_path: Path) -> None:
    """Who is in the people file has a mailbox, mail or none; nobody else has."""
    traffic = Traffic(*_write(tmp_path))
    assert list(traffic.addresses) == ["an@a.test", "binh@a.test", "chi@a.test"]
    assert traffic.mailbox("stranger@b.test") is None


def test_periods_are_months_of_local_time(tmp_path: Path) -> None:
    """17:00 UTC on the last of May is already June."""
    assert Traffic(*_write(tmp_path)).periods == (Period(2026, 5), Period(2026, 6))


def test_item_numbers_do_not_depend_on_what_is_asked_first(tmp_path: Path) -> None:
    """Ids follow from the file alone."""
    paths = _write(tmp_path)
    first, second = Traffic(*paths), Traffic(*paths)
    second.mailbox("chi@a.test")
    assert _items(first, "an@a.test", "inbox") == _items(second, "an@a.test", "inbox")


def test_compressed_file_is_read(tmp_path: Path) -> None:
    """A .gz file is the same traffic."""
    _, people = _write(tmp_path)
    packed = tmp_path / "traffic.csv.gz"
    packed.write_bytes(gzip.compress(_TRAFFIC.encode()))
    assert len(_items(Traffic(packed, people), "an@a.test", "sentitems")) == 2


@pytest.mark.parametrize(
    ("traffic", "line"),
    [
        (_TRAFFIC.replace("sent_at_utc", "time"), 1),
        ("", 1),
        (_TRAFFIC.replace("binh@a.test,0", "binh@a.test"), 2),
        (_TRAFFIC.replace("chi@a.test,1", "chi@a.test,yes"), 3),
        (_TRAFFIC.replace("binh@a.test,an@", "binh,an@"), 4),
        (_TRAFFIC.replace("16:59:59Z", "16:59:59"), 5),
        (_TRAFFIC.replace("2026-06-02", "2026-06-32"), 6),
    ],
)
def test_malformed_line_is_named(tmp_path: Path, traffic: str, line: int) -> None:
    """The error names file and line."""
    paths = _write(tmp_path, traffic)
    with pytest.raises(TrafficError, match=f"traffic.csv, line {line}: ") as caught:
        Traffic(*paths)
    assert caught.value.exit_code == 3


def test_malformed_people_file_is_named(tmp_path: Path) -> None:
    """The same holds for the people file."""
    paths = _write(tmp_path, people=_PEOPLE.replace("an@a.test", "an a.test"))
    with pytest.raises(TrafficError, match=r"people.csv, line 2: "):
        Traffic(*paths)


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00", gzip.compress(_TRAFFIC.encode(), mtime=0)[:60], b"x"],
    ids=["no text", "cut off", "no columns"],
)
def test_unreadable_file_is_named(tmp_path: Path, content: bytes) -> None:
    """A file that is no text, or cut off, is an error with its name."""
    _, people = _write(tmp_path)
    path = tmp_path / ("broken.csv.gz" if content[:1] != b"\xff" else "broken.csv")
    path.write_bytes(content)
    with pytest.raises(TrafficError, match=r"broken\.csv"):
        Traffic(path, people)


def test_missing_file_reaches_who_starts_a_server(tmp_path: Path) -> None:
    """The error of the server's process is raised where it was started."""
    _, people = _write(tmp_path)
    with (
        pytest.raises(ConfigurationError, match=r"nowhere\.csv") as caught,
        served(tmp_path / "d", Options(traffic=tmp_path / "nowhere.csv", people=people)),
    ):
        pass
    assert caught.value.remedy


def test_server_of_traffic_uses_the_people_file_as_staff_list(tmp_path: Path) -> None:
    """The configuration points to the file by its full path, and to no list of units."""
    traffic, people = _write(tmp_path)
    with served(tmp_path / "d", Options(traffic=traffic, people=people)) as place:
        text = place.config_path.read_text(encoding="utf-8")
        assert place.periods == (Period(2026, 5), Period(2026, 6))
    assert f'file = "{people.resolve()}"' in text
    assert "units" not in text
    assert 'domains = ["a.test"]' in text


@pytest.mark.skipif(not (SHARED / "data").is_dir(), reason="the real traffic is not at data/")
def test_real_traffic_has_the_counts_another_program_found() -> None:
    """For a month, sent, received and read of all 816 mailboxes are those expected."""
    import csv

    data = SHARED / "data"
    traffic = Traffic(data / "eu-core-traffic.csv.gz", data / "eu-core-people.csv")
    period = Period(2026, 6)
    start, end = period.start.timestamp(), period.end.timestamp()
    with (data / f"eu-core-expected-{period}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 816
    for row in rows:
        inbox, sent = (
            [i for i in _items(traffic, row["mailbox"], name) if start <= i.received < end]
            for name in ("inbox", "sentitems")
        )
        found = (len(sent), len(inbox), sum(item.is_read for item in inbox))
        assert found == tuple(int(row[name]) for name in ("sent", "received", "read")), row
