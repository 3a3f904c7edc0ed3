"""Unit lists of several times, and events: what a month takes of them."""

from datetime import date
from pathlib import Path

import pytest

from list_builders import cp1258_bytes, in_legacy
from mailaudit.errors import RosterError
from mailaudit.model.layout import Layout
from mailaudit.model.lineage import EventKind
from mailaudit.model.period import Period
from mailaudit.roster import read_events, read_roster, read_unit_list, units_of
from mailaudit.roster.errors import RosterFaults

HEADER = "Mã đơn vị,Tên đơn vị,Mã đơn vị cấp trên,Hiệu lực từ,Hiệu lực đến\n"
JUNE, JULY = Period(2025, 6), Period(2025, 7)


def a_file(folder: Path, text: str, name: str = "units.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def names_in(file: Path, period: Period | None) -> dict[str, str]:
    """The names of the units in force, by code."""
    return {unit.code: unit.name for unit in units_of(read_unit_list(file), period, "G")}


def test_units_of_a_period_are_those_on_its_last_day(tmp_path: Path) -> None:
    """Old and new units in one list; a renamed unit has a row for each name."""
    file = a_file(
        tmp_path,
        HEADER + "HUYEN,Huyện Cũ,,,30/06/2025\nXA,Xã Cũ,HUYEN,,30/6/2025\n"
        "XA,Phường Mới,,01/07/2025,\nSNV,Sở Nội vụ,,,\nGIUA,Giữa tháng,,15/07/2025,20/07/2025\n",
    )
    assert names_in(file, JUNE) == {"HUYEN": "Huyện Cũ", "XA": "Xã Cũ", "SNV": "Sở Nội vụ"}
    assert names_in(file, JULY) == {"XA": "Phường Mới", "SNV": "Sở Nội vụ"}
    assert names_in(file, Period(2026, 1)) == {"XA": "Phường Mới", "SNV": "Sở Nội vụ"}


def test_units_of_no_period_are_the_newest(tmp_path: Path) -> None:
    """What was in force when the latest unit began."""
    file = a_file(tmp_path, HEADER + "A,Cũ,,,30/06/2025\nB,Mới,,01/07/2025,\nC,Luôn,,,\n")
    assert names_in(file, None) == {"B": "Mới", "C": "Luôn"}


@pytest.mark.parametrize(
    ("rows", "place", "words"),
    [
        ("A,x,,,\nA,y,,,\n", "units.csv:3", '"A" stands at units.csv:2'),
        ("A,x,,,01/08/2025\nA,y,,31/07/2025,\n", "units.csv:3", '"A" stands at'),
        ("A,x,H,,\nH,h,,,30/06/2025\n", "units.csv:2", 'above, "H", is not in the list'),
        ("A,x,B,,\nB,y,A,,\n", "units.csv:2", "above itself"),
        ("A,x,,02/07/2025,01/07/2025\n", "units.csv:2", "ends before it begins"),
        ("A,x,,32/07/2025,\n", "units.csv:2", "not a date"),
    ],
)
def test_units_that_contradict_each_other_are_faults(
    tmp_path: Path, rows: str, place: str, words: str
) -> None:
    """Each names the row; the same code on different days is none."""
    with pytest.raises(RosterFaults) as caught:
        units_of(read_unit_list(a_file(tmp_path, HEADER + rows)), JULY, "G")
    assert caught.value.problems[0].row == place
    assert words in caught.value.text()


def test_unit_list_with_none_in_force_is_reported(tmp_path: Path) -> None:
    """A list that ended can't count a later month."""
    with pytest.raises(RosterError, match=r"No unit of .* is in force on 31/07/2025"):
        units_of(read_unit_list(a_file(tmp_path, HEADER + "A,x,,,30/06/2025\n")), JULY, "G")


def test_staff_of_a_unit_that_has_ended_is_a_fault(tmp_path: Path) -> None:
    """The staff list was not brought up to date: nobody is moved by guess."""
    units = a_file(tmp_path, HEADER + "A,x,,,30/06/2025\nB,y,,01/07/2025,\n")
    staff = a_file(tmp_path, "mailbox,unit\na@x.vn,A\n", "staff.csv")
    roster, _ = read_roster(staff, units, JUNE)
    assert [unit.code for unit in roster.units] == ["A"]
    with pytest.raises(RosterFaults, match='"A" is in the unit list, but not in force then'):
        read_roster(staff, units, JULY)


def test_events_are_read_in_order_of_their_days(tmp_path: Path) -> None:
    """Several units in a cell, kinds with or without accents, dissolved ones without heirs."""
    file = a_file(
        tmp_path,
        "QUYẾT ĐỊNH SẮP XẾP\nNgày hiệu lực,Sự kiện,Đơn vị trước,Đơn vị sau,Văn bản\n"
        "01/07/2025,Sáp nhập,SNV-LD; SNV-DN + SNV-BT,SNV,QĐ 01\n"
        "01/07/2025,GIẢI THỂ,H1,-,QĐ 02\n01/03/2025,doi ten,A,B,\n",
        "events.csv",
    )
    events = read_events(file)
    assert [(e.day, e.kind, e.predecessors, e.successors, e.document, e.place) for e in events] == [
        (date(2025, 3, 1), EventKind.RENAMED, ("A",), ("B",), "", "events.csv:5"),
        (
            date(2025, 7, 1),
            EventKind.MERGED,
            ("SNV-LD", "SNV-DN", "SNV-BT"),
            ("SNV",),
            "QĐ 01",
            "events.csv:3",
        ),
        (date(2025, 7, 1), EventKind.DISSOLVED, ("H1",), (), "QĐ 02", "events.csv:4"),
    ]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (",sáp nhập,A,B", "the event has no date"),
        ("1/7,sáp nhập,A,B", "not a date"),
        ("01/07/2025,hợp,A,B", '"hợp" is not a kind of event'),
        ("01/07/2025,sáp nhập,,B", "names no unit it happened to"),
        ("01/07/2025,sáp nhập,A,", "names no unit that came of it"),
    ],
)
def test_events_that_cannot_be_understood_are_faults(tmp_path: Path, row: str, words: str) -> None:
    """Each names its row."""
    file = a_file(tmp_path, f"date,kind,predecessors,successors\n{row}\n", "events.csv")
    with pytest.raises(RosterFaults, match=r"events\.csv:2") as caught:
        read_events(file)
    assert words in caught.value.text()


@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "cp1258"])
def test_encoding_of_the_lists_holds_for_units_and_events_too(
    tmp_path: Path, encoding: str
) -> None:
    """Of those written in it; lists in Unicode beside them stay what they are."""

    def written(name: str, text: str) -> Path:
        (tmp_path / name).write_bytes(
            cp1258_bytes(text)
            if encoding == "cp1258"
            else in_legacy(text, encoding).encode("latin-1")
        )
        return tmp_path / name

    units = written("units.csv", "mã đơn vị,tên đơn vị\nNV,Sở Nội vụ\nGD,Sở giáo dục\n")
    staff = a_file(tmp_path, "Hộp thư,Đơn vị\na@x.vn,Sở Nội vụ\n", "staff.csv")
    events = written("events.csv", "ngày,sự kiện,đơn vị trước,đơn vị sau\n1/7/2025,đổi tên,NV,GD\n")
    roster, _ = read_roster(staff, units, layout=Layout(encoding=encoding))
    assert [unit.name for unit in roster.units] == ["Sở Nội vụ", "Sở giáo dục"]
    assert [event.kind for event in read_events(events, encoding)] == [EventKind.RENAMED]
