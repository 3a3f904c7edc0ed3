"""Files are read by what they are, not by what their names end in."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from list_builders import SheetOf, as_csv, csv, in_legacy, legacy_rows, ods, xls, xlsx
from mailaudit.errors import RosterError
from mailaudit.roster import RosterFaults, read_lists, read_roster

TABLE = [
    ["Hộp thư", "Mã đơn vị", "Họ và tên"],
    ["an@x.vn", "U", "Đỗ Ước"],
    ["", "U", "Vũ Bình"],
    ["chi@x.vn", "U", "Lê Chi"],
]
NAMES = ("a.xlsx", "a.xls", "a.ods", "a.csv", "a.xlsm", "a.XLS", "a.txt", "a")
Writer = Callable[..., Path]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("write", [xlsx, xls, ods])
def test_workbook_is_read_under_every_name(tmp_path: Path, write: Writer, name: str) -> None:
    """Values, hidden rows and legacy fonts are what they are under the right name."""
    rows = legacy_rows(TABLE, "tcvn3")
    rows[2:] = [[*row] for row in TABLE[2:]]
    rows[1] = ["an@x.vn", "U", in_legacy("Đỗ Ước".replace("Ướ", "ướ"), "tcvn3")]
    sheet = SheetOf(rows, fonts={1: ".VnTime", 2: ".VnTime"}, hidden_rows=[3])
    written = write(tmp_path / "written", sheet)
    file = tmp_path / name
    shutil.move(written, file)
    reading = read_lists([file])
    assert reading.roster is not None, reading.errors
    assert [person.name for person in reading.staff] == ["Đỗ ước", "Vũ Bình", "Lê Chi"]
    assert [person.mailbox for person in reading.staff] == ["an@x.vn", None, "chi@x.vn"]
    assert reading.sheets[0].hidden_rows == (3,)


@pytest.mark.parametrize("name", ["a.xls", "a.ods", "a.csv", "a.xlsm"])
def test_error_is_no_empty_mailbox_under_any_name(tmp_path: Path, name: str) -> None:
    """A person whose lookup failed does not count as one without a mailbox."""
    file = xlsx(tmp_path / "a.xlsx", SheetOf(TABLE))
    workbook = load_workbook(file)
    workbook.active["A3"] = "#N/A"
    workbook.active["A4"] = "=LOWER(B4)"  # never computed
    workbook.save(file)
    with pytest.raises(RosterFaults) as caught:
        read_roster(file.rename(tmp_path / name))
    assert [fault.row for fault in caught.value.problems] == [f"{name}:3", f"{name}:4"]


@pytest.mark.parametrize("name", NAMES)
def test_text_is_read_under_every_name(tmp_path: Path, name: str) -> None:
    """Many programs export text under a workbook's name."""
    file = csv(tmp_path / name, as_csv(TABLE, "\t"), "utf-16")
    assert [person.name for person in read_roster(file)[0].staff] == [row[2] for row in TABLE[1:]]


HTML = "<html><body><table><tr><td>Hộp thư<td>Mã đơn vị<tr><td>an@x.vn<td>U</table></body></html>"
SPREADSHEET_2003 = (
    '<?xml version="1.0"?>\r\n<?mso-application progid="Excel.Sheet"?>\r\n'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
)


@pytest.mark.parametrize("name", ["a.xls", "a.xlsx", "a.csv", "a.ods"])
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (HTML.encode(), "HTML"),
        (("\ufeff\r\n" + HTML).encode("utf-16-le"), "HTML"),
        (f"\ufeff<!DOCTYPE html>{HTML}".encode(), "HTML"),
        (SPREADSHEET_2003.encode(), "XML"),
        (b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n\r\n", "MHTML"),
        (b"%PDF-1.7\n", "PDF"),
        (b"{\\rtf1 An}", "RTF"),
        (b"\x09\x08\x10\x00\x00\x06\x05\x00", "Excel 95"),
        (b"PK\x05\x06" + bytes(18), "ZIP"),
    ],
)
def test_other_files_are_named_by_their_content(
    tmp_path: Path, name: str, content: bytes, kind: str
) -> None:
    """Web pages under the name of workbooks are common; the remedy says how to make one of them."""
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(RosterError, match=rf"{name} .* its content is {kind}, ") as caught:
        read_roster(file)
    assert "save it as .xlsx" in str(caught.value.remedy)


def test_workbook_whose_markup_is_broken_is_refused(tmp_path: Path) -> None:
    """Its values alone would count people whose cells hold errors as without a mailbox."""
    file = xls(tmp_path / "a.xls", SheetOf(TABLE))
    content = file.read_bytes()
    style = content.index(b"\xe0\x00\x14\x00") + 4  # the first XF record, of a font that is missing
    file.write_bytes(content[:style] + b"\xff\x7f" + content[style + 2 :])
    with pytest.raises(RosterError, match=r"a\.xls is not a workbook that can be read"):
        read_roster(file)


@pytest.mark.parametrize(
    ("at", "field"),
    [
        (6, (99).to_bytes(2, "little")),  # the version needed to unpack it
        (8, (0x800).to_bytes(2, "little")),  # names are UTF-8, and this one is not
        (8, (0x20).to_bytes(2, "little")),  # "compressed patched data"
    ],
)
def test_package_that_zipfile_can_not_read_is_refused(
    tmp_path: Path, at: int, field: bytes
) -> None:
    """Each raises another kind of error in zipfile."""
    file = xlsx(tmp_path / "a.xlsx", SheetOf(TABLE))
    content = bytearray(file.read_bytes())
    entry = content.index(b"PK\x01\x02")
    content[entry + at : entry + at + 2] = field
    content[entry + 46] = 0xFF if field == b"\x00\x08" else content[entry + 46]
    file.write_bytes(content)
    with pytest.raises(RosterError, match=r"a\.xlsx (can't be read as a list|is not a workbook)"):
        read_roster(file)
