"""What a workbook says beside its values: errors, hidden rows, formulas nobody computed."""

import subprocess
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt

from debian import wanting
from list_builders import SheetOf, ods, xls, xlsx
from mailaudit.errors import RosterError
from mailaudit.model.layout import Layout
from mailaudit.roster import RosterFaults, read_lists, read_roster

TABLE = [["Hộp thư", "Mã đơn vị", "Họ và tên"], ["an@x.vn", "U", "Lê An"], ["", "U", "Vũ Bình"]]


def faults_of(file: Path) -> list[str]:
    with pytest.raises(RosterFaults) as caught:
        read_roster(file)
    return [
        f"{fault.place}: {fault.message.format_map(dict(fault.values))}"
        for fault in caught.value.problems
    ]


def an_xlsx_with_an_error(folder: Path) -> Path:
    file = xlsx(folder / "a.xlsx", SheetOf(TABLE))
    workbook = openpyxl.load_workbook(file)
    workbook.active["A3"] = "#N/A"
    workbook.save(file)
    return file


def an_xls_with_an_error(folder: Path) -> Path:
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("A")
    for number, cells in enumerate(TABLE):
        for column, text in enumerate(cells):
            sheet.write(number, column, text)
    sheet.row(3).set_cell_error(0, 42)  # #N/A
    sheet.write(3, 1, "U")
    sheet.write(3, 2, "Vũ Bình")
    file = folder / "a.xls"
    workbook.save(str(file))
    return file


def saved_by_libreoffice(file: Path, kind: str) -> Path:
    """The file as LibreOffice saves it, in a folder beside it."""
    folder = file.parent / "saved"
    try:
        subprocess.run(
            [
                "soffice", f"-env:UserInstallation=file://{file.parent}/profile", "--headless",
                "--convert-to", kind, "--outdir", str(folder), str(file),
            ],
            capture_output=True,
            check=True,
        )  # fmt: skip
    except FileNotFoundError:
        pytest.skip(wanting("libreoffice-calc"))
    return folder / f"{file.stem}.{kind}"


def an_ods_with_an_error(folder: Path) -> Path:
    return saved_by_libreoffice(an_xlsx_with_an_error(folder), "ods")


@pytest.mark.parametrize(
    "build", [an_xlsx_with_an_error, an_xls_with_an_error, an_ods_with_an_error]
)
def test_error_of_a_formula_is_no_empty_mailbox(tmp_path: Path, build: object) -> None:
    """#N/A in the mailbox column does not say that the person has none."""
    assert callable(build)
    (fault,) = faults_of(build(tmp_path))
    assert fault.endswith('"#N/A" is not a mail address')


def test_formula_that_was_computed_is_its_value(tmp_path: Path) -> None:
    """Text formulas may give nothing; that is an empty cell, unlike one never computed."""
    rows = [TABLE[0], ['=LOWER("AN@X.VN")', "U", "Lê An"], ['=""', "U", "Vũ Bình"]]
    file = xlsx(tmp_path / "a.xlsx", SheetOf(rows))
    assert len(faults_of(file)) == 2

    roster, _ = read_roster(saved_by_libreoffice(file, "xlsx"))
    assert [person.mailbox for person in roster.staff] == ["an@x.vn", None]


@pytest.mark.parametrize("write", [xlsx, xls, ods])
def test_hidden_rows_are_read_and_known(tmp_path: Path, write: object) -> None:
    """A filter left on by somebody drops nobody."""
    assert callable(write)
    suffix = getattr(write, "__name__", "")
    file = write(tmp_path / f"a.{suffix}", SheetOf(TABLE, hidden_rows=[3]))
    reading = read_lists([file])
    assert reading.roster is not None
    assert len(reading.roster.staff) == 2
    assert reading.sheets[0].hidden_rows == (3,)


def test_workbook_without_sheets_of_cells_is_reported(tmp_path: Path) -> None:
    """A workbook of charts has no list, and does not break the reader."""
    workbook = openpyxl.Workbook()
    workbook.create_chartsheet("Biểu đồ")
    workbook.remove(workbook.worksheets[0])
    file = tmp_path / "a.xlsx"
    workbook.save(file)
    for layout in (Layout(), Layout(sheets=("A",))):
        with pytest.raises(RosterError, match=r"a\.xlsx"):
            read_roster(file, layout=layout)


def test_stray_cell_at_the_end_of_a_sheet_is_reported(tmp_path: Path) -> None:
    """Read, it would need more memory than there is, and end the process."""
    file = xlsx(tmp_path / "a.xlsx", SheetOf(TABLE, "DS"))
    workbook = openpyxl.load_workbook(file)
    workbook["DS"]["XFD1048576"] = "x"
    workbook.save(file)
    with pytest.raises(RosterError, match=r'"DS" of .* reaches to XFD1048576'):
        read_roster(file)


def test_what_is_printed_below_a_list_is_not_of_its_last_cell(tmp_path: Path) -> None:
    """A footer and the words of a drop-down list stand behind the cells of a sheet, as texts."""
    file = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(file)) as workbook:
        sheet = workbook.add_worksheet()
        for number, cells in enumerate(TABLE):
            sheet.write_row(number, 0, cells)
        sheet.data_validation("C2:C9", {"validate": "list", "source": ["công chức", "viên chức"]})
        sheet.set_footer("&LDanh sách cán bộ&R&P/&N")
    assert [person.name for person in read_roster(file)[0].staff] == ["Lê An", "Vũ Bình"]
