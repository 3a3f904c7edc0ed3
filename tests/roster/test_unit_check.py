"""`units check`: everything wrong in a unit list and its events, each in its row."""

from pathlib import Path

import pytest

from mailaudit.roster import check_units
from mailaudit.roster.unit_check import _is_one_name

HEADER = "Mã đơn vị,Tên đơn vị,Mã đơn vị cấp trên,Hiệu lực từ,Hiệu lực đến\n"
EVENTS = "Ngày,Sự kiện,Đơn vị trước,Đơn vị sau\n"


def found(folder: Path, rows: str, events: str | None = None) -> list[tuple[str, str]]:
    """Where something is wrong, and the beginning of what is said, filled in."""
    units = folder / "units.csv"
    units.write_text(HEADER + rows, encoding="utf-8")
    file = None
    if events is not None:
        file = folder / "events.csv"
        file.write_text(EVENTS + events, encoding="utf-8")
    return [
        (problem.row, problem.message.format_map(dict(problem.values)))
        for problem in check_units(units, file).problems
    ]


def test_units_without_fault_are_clean(tmp_path: Path) -> None:
    """Renamed, merged, dissolved, moved: a list that ends what ended and begins what began."""
    rows = (
        "H1,Huyện Một,,,30/06/2025\nX1,Xã Một,H1,,30/06/2025\nX2,Xã Hai,H1,,30/06/2025\n"
        "PM,Phường Mới,,01/07/2025,\nSA,Sở A,,,\nSB,Sở B,,,30/06/2025\n"
        "CC,Chi cục,SB,,30/06/2025\nCC,Chi cục,SA,01/07/2025,\n"
        "V1,Văn phòng,SA,,\nV2,Văn phòng,PM,01/07/2025,\n"
    )
    events = (
        "01/07/2025,sáp nhập,X1;X2,PM\n01/07/2025,giải thể,H1,\n"
        "01/07/2025,sáp nhập,SA;SB,SA\n01/07/2025,chuyển cấp,CC,CC\n"
    )
    assert found(tmp_path, rows, events) == []


@pytest.mark.parametrize(
    ("rows", "place", "words"),
    [
        ("A,x,,,\nA,y,,,\n", 3, 'the code "A" stands at units.csv:2 already'),
        ("A,x,,,01/07/2025\nA,y,,01/07/2025,\n", 3, "in force here and at units.csv:2"),
        ("A,x,B,,\nB,y,A,,\n", 2, '"A" is above itself'),
        ("A,x,A,,\n", 2, '"A" is above itself'),
        ("A,x,Z,,\n", 2, '"A" belongs to "Z", which is not in the list; add'),
        ("A,x,H,,\nH,y,,,30/06/2025\n", 2, "not in the list from 01/07/2025 on"),
        ("A,Sở Y tế,,,\nB,SỞ  Y TẾ,,,\n", 3, '"SỞ Y TẾ" differs from "Sở Y tế" at units.csv:2'),
        ("A,Hoà Bình,,,\nB,Hòa Bình,,,\n", 3, "only by spelling"),
        ("A,Sở Nội vụ,,,\nB,So Noi vu,,,\n", 3, "only by spelling"),
        ("A,Sở Nội vụ,,,\nB,Sở Nội vụ,,,\n", 3, 'the name "Sở Nội vụ" stands at units.csv:2 too'),
    ],
)
def test_units_fault_is_found_in_its_row(tmp_path: Path, rows: str, place: int, words: str) -> None:
    """Row, what is wrong, what to do."""
    problems = found(tmp_path, rows)
    assert problems[0][0] == f"units.csv:{place}"
    assert words in problems[0][1]
    assert ";" in problems[0][1]


def test_units_cycle_and_orphan_of_another_time_are_found(tmp_path: Path) -> None:
    """Not only of the newest list."""
    rows = "A,x,B,,30/06/2025\nB,y,A,,30/06/2025\nA,x,,01/07/2025,\nC,z,Q,,31/12/2024\n"
    assert [place for place, _ in found(tmp_path, rows)] == [
        "units.csv:2",
        "units.csv:3",
        "units.csv:5",
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Đắk Mil", "Đăk Mil", True),
        ("Xã Mỹ Lý", "Xã Mĩ Lí", True),
        ("Thuỷ sản", "Thủy sản", True),
        ("UBND phường 1", "UBND  phường1", True),
        ("Ðức Trọng", "Đức Trọng", True),  # eth
        ("Tân Hà", "Tân Hạ", False),
        ("Phường 1", "Phường 11", False),
        ("Sở Y tế", "Sở Tư pháp", False),
    ],
)
def test_names_are_one_in_spelling_only(one: str, other: str, same: bool) -> None:
    """Two places whose names differ in a tone are two places."""
    assert _is_one_name(one, other) is same


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ("01/07/2025,đổi tên,A,Z", 'names the unit "Z", which is not in the unit list'),
        ("01/07/2025,sáp nhập,A;B,N", 'the unit "B" should have ended by this event'),
        ("01/06/2025,sáp nhập,A;E,N", 'the unit "N" should exist from this event on 01/06/2025'),
        ("01/07/2025,sáp nhập,A,N", '"sáp nhập" goes from several units to one'),
        ("01/07/2025,chia tách,A,N", '"chia tách" goes from one unit to several'),
        ("01/07/2025,đổi tên,A;E,N", '"đổi tên" goes from one unit to one'),
    ],
)
def test_events_fault_is_found_in_its_row(tmp_path: Path, event: str, words: str) -> None:
    """Unknown units, units there too long or too late, and kinds that don't fit."""
    rows = "A,x,,,30/06/2025\nB,y,,,\nE,v,,,30/06/2025\nN,z,,01/07/2025,\n"
    problems = found(tmp_path, rows, event + "\n")
    assert [place for place, _ in problems] == ["events.csv:2"] * len(problems)
    assert any(words in text for _, text in problems), problems


def test_events_of_one_day_are_one_merger(tmp_path: Path) -> None:
    """One row a predecessor is as good as all in a cell."""
    rows = "A,x,,,30/06/2025\nE,v,,,30/06/2025\nN,z,,01/07/2025,\n"
    events = "01/07/2025,sáp nhập,A,N\n01/07/2025,sáp nhập,E,N\n"
    assert found(tmp_path, rows, events) == []


def test_units_faults_of_every_kind_are_found_at_once(tmp_path: Path) -> None:
    """Rows that can't be understood hide neither the other rows nor the events."""
    rows = ",x,,,\nA,y,Z,,\nA,q,,,\nB,b,,40/13/2025,\nC,c,,,\n"
    events = ",đổi tên,A,C\n01/01/2025,bậy,A,C\n01/07/2025,đổi tên,C,Q\n"
    problems = found(tmp_path, rows, events)
    assert [place for place, _ in problems] == [
        *(f"units.csv:{row}" for row in (2, 3, 4, 5)),
        *(f"events.csv:{row}" for row in (2, 3, 4)),
    ]


def test_units_row_that_is_not_understood_is_no_missing_unit(tmp_path: Path) -> None:
    """Its unit stands in the list; a merger may have its other half in such a row."""
    rows = "B,b,,40/13/2025,\nC,c,B,,\nX1,e,,,30/06/2025\nX2,f,,,30/06/2025\nP,p,,01/07/2025,\n"
    events = "01/07/2025,đổi tên,X1,B\n01/07/2025,sáp nhập,X1,P\n32/07/2025,sáp nhập,X2,P\n"
    places = [place for place, _ in found(tmp_path, rows, events)]
    assert places == ["units.csv:2", "events.csv:4"]


def test_units_list_that_is_not_there_hides_no_fault_of_the_events(tmp_path: Path) -> None:
    """Nor the other way round."""
    events = tmp_path / "events.csv"
    events.write_text(EVENTS + ",đổi tên,A,B\n", encoding="utf-8")
    units = tmp_path / "units.csv"
    checked = check_units(units, events)
    assert (len(checked.errors), [problem.row for problem in checked.problems]) == (
        1,
        ["events.csv:2"],
    )
    units.write_text(HEADER + "A,x,Z,,\n", encoding="utf-8")
    events.unlink()
    checked = check_units(units, events)
    assert (len(checked.errors), [problem.row for problem in checked.problems]) == (
        1,
        ["units.csv:2"],
    )
