"""Workbooks that would need more memory than there is are refused in a sentence."""

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
import xlwt

from list_builders import SheetOf, ods, xlsx
from mailaudit.roster.files.bounds import LONGEST_VALUE
from mailaudit.roster.files.sheet import FileKind
from mailaudit.roster.files.workbook import markup_of
from shared import SHARED

TABLE = [["Hộp thư", "Mã đơn vị"], ["an@x.vn", "U"]]
MOST_MB = 300  # the program itself has 80
CAP_BYTES = 3 * 2**30  # so that a failure harms nobody else
READ = f"""
import resource, sys
from pathlib import Path
from mailaudit.errors import RosterError
from mailaudit.roster import read_roster
resource.setrlimit(resource.RLIMIT_AS, ({CAP_BYTES}, {CAP_BYTES}))
try:
    read_roster(Path(sys.argv[1]))
except RosterError as error:
    print(error)
status = Path("/proc/self/status").read_text()
print(int(status.partition("VmHWM:")[2].split()[0]) // 1024)
"""
PARTS = {
    "sheet": "xl/worksheets/sheet1.xml",
    "book": "xl/workbook.xml",
    "strings": "xl/sharedStrings.xml",
    "content": "content.xml",
}
Change = Callable[[bytes], bytes]


def patched(file: Path, padded: str = "", **parts: Change) -> Path:
    """The package with some parts changed, by their names in PARTS; one with much blank space."""
    changes = {PARTS[part]: change for part, change in parts.items()}
    with zipfile.ZipFile(file) as package:
        contents = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in contents.items():
            with package.open(name, "w") as part:
                part.write(changes[name](content) if name in changes else content)
                for _ in range(300 if name == padded else 0):
                    part.write(b" " * 2**20)
    return file


def an_xlsx(folder: Path, padded: str = "", **parts: Change) -> Path:
    return patched(xlsx(folder / "a.xlsx", SheetOf(TABLE, "DS")), padded, **parts)


def an_ods(folder: Path, rows: str) -> Path:
    """An .ods with rows behind those of TABLE."""
    end = b"</table:table>"
    file = ods(folder / "a.ods", SheetOf(TABLE, "DS"))
    return patched(file, content=lambda content: content.replace(end, rows.encode() + end))


def with_rows(rows: bytes, dimension: bytes = b"") -> Change:
    """Puts rows behind those of a sheet, which says that it ends elsewhere."""

    def change(sheet: bytes) -> bytes:
        start, _, rest = sheet.partition(b"<dimension")
        rest = rest.partition(b"/>")[2]
        return start + dimension + rest.replace(b"</sheetData>", rows + b"</sheetData>")

    return change


FAR = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
REACHES = 'sheet "DS" of {} reaches to XFD1048576, far beyond any list'


def far_cell_without_a_dimension(folder: Path) -> tuple[Path, str]:
    return an_xlsx(folder, sheet=with_rows(FAR)), REACHES


def far_cell_under_a_wrong_dimension(folder: Path) -> tuple[Path, str]:
    return an_xlsx(folder, sheet=with_rows(FAR, b'<dimension ref="A1"/>')), REACHES


def far_cell_in_an_element_with_a_prefix(folder: Path) -> tuple[Path, str]:
    prefix = b'<x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    far = FAR.replace(b"<row ", prefix).replace(b"</row", b"</x:row")
    far = far.replace(b"<c ", b"<x:c\n").replace(b"</c>", b"</x:c>").replace(b'"X', b"'&#88;")
    far = far.replace(b'76" t', b"76' t")
    return an_xlsx(folder, sheet=with_rows(far)), REACHES


def far_cell_that_names_itself_in_small_letters(folder: Path) -> tuple[Path, str]:
    return an_xlsx(folder, sheet=with_rows(FAR.replace(b"XFD", b"xfd"))), REACHES


def far_cell_in_a_row_of_another_number(folder: Path) -> tuple[Path, str]:
    return an_xlsx(folder, sheet=with_rows(FAR.replace(b'row r="1048576"', b'row r="3"'))), REACHES


def many_sheets_that_are_one_part(folder: Path) -> tuple[Path, str]:
    """Each is small enough."""
    far = FAR.replace(b"1048576", b"100000").replace(b"XFD", b"Z")

    def change(book: bytes) -> bytes:
        start, sheet, rest = book.partition(b"<sheet ")
        sheet += rest.partition(b"/>")[0] + b"/>"
        more = b"".join(sheet.replace(b'"DS"', f'"{n}"'.encode()) for n in range(20))
        return start + more + rest.partition(b"/>")[2]

    return an_xlsx(folder, sheet=with_rows(far), book=change), '"1" of {} reaches to Z100000'


def sheet_that_unpacks_to_much(folder: Path) -> tuple[Path, str]:
    return an_xlsx(folder, PARTS["sheet"]), "{} unpacks to more than 256 MB"


def sheet_that_says_it_is_small(folder: Path) -> tuple[Path, str]:
    """The package's list of parts says 1,000 bytes."""
    file = an_xlsx(folder, PARTS["sheet"])
    content = bytearray(file.read_bytes())
    entry = (
        content.rindex(PARTS["sheet"].encode()) - 46
    )  # the entry of the list stands before the name
    content[entry + 24 : entry + 28] = (1000).to_bytes(4, "little")
    file.write_bytes(content)
    return file, "{} unpacks to more than 256 MB"


def long_text_that_many_cells_share(folder: Path) -> tuple[Path, str]:
    with xlsxwriter.Workbook(folder / "a.xlsx") as workbook:
        sheet = workbook.add_worksheet("DS")
        for row in range(8000):
            sheet.write_string(row, 0, "x" * 32_000)
    return folder / "a.xlsx", "{} has more than 100 million characters of text"


def more_texts_than_cells(folder: Path) -> tuple[Path, str]:
    """No cell refers to them, but a reader keeps them all."""
    texts = b"<si><t>x</t></si>" * 10_000_000
    with xlsxwriter.Workbook(folder / "a.xlsx") as workbook:
        workbook.add_worksheet("DS").write_string(0, 0, "x")
    end = b"</sst>"
    file = patched(folder / "a.xlsx", strings=lambda part: part.replace(end, texts + end))
    return file, "{} has more than 5 million texts"


def entities_that_grow(folder: Path) -> tuple[Path, str]:
    dtd = b'<!DOCTYPE s [<!ENTITY a "xxxxxxxxxx">' + b"".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">'.encode() for n in range(12)
    )
    file = an_xlsx(folder, sheet=lambda part: dtd + b"]>" + part)
    return file, "{} is not a workbook that can be read"


def ods_cell_that_is_repeated(folder: Path) -> tuple[Path, str]:
    row = (
        '<table:table-row table:number-rows-repeated="1048574"><table:table-cell'
        ' table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p>'
        "</table:table-cell></table:table-row>"
    )
    return an_ods(folder, row), REACHES


def ods_text_that_is_repeated(folder: Path) -> tuple[Path, str]:
    row = (
        '<table:table-row table:number-rows-repeated="100000"><table:table-cell'
        f' office:value-type="string"><text:p>{"x" * 32_000}</text:p></table:table-cell>'
        "</table:table-row>"
    )
    return an_ods(folder, row), "{} has more than 100 million characters of text"


def ods_cell_behind_many_blank_rows(folder: Path) -> tuple[Path, str]:
    rows = (
        '<table:table-row table:number-rows-repeated="1048573"><table:table-cell/>'
        "</table:table-row><table:table-row><table:table-cell"
        ' table:number-columns-repeated="16383"/><table:table-cell office:value-type="string">'
        "<text:p>x</text:p></table:table-cell></table:table-row>"
    )
    return an_ods(folder, rows), REACHES


def ods_that_unpacks_to_much(folder: Path) -> tuple[Path, str]:
    file = ods(folder / "a.ods", SheetOf(TABLE, "DS"))
    return patched(file, "content.xml"), "{} unpacks to more than 256 MB"


def xls_with_a_cell_at_its_end(folder: Path) -> tuple[Path, str]:
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("DS")
    sheet.write(0, 0, "x")
    sheet.write(65535, 255, "x")
    workbook.save(str(folder / "a.xls"))
    return folder / "a.xls", 'sheet "DS" of {} reaches to IV65536, far beyond any list'


def xls_with_a_long_text_that_many_cells_share(folder: Path) -> tuple[Path, str]:
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("DS")
    for row in range(8000):
        sheet.write(row, 0, "x" * 32_000)
    workbook.save(str(folder / "a.xls"))
    return folder / "a.xls", "{} has more than 100 million characters of text"


def text_of_gigabytes(folder: Path) -> tuple[Path, str]:
    with (folder / "a.csv").open("wb") as file:
        file.truncate(2**33)
    return folder / "a.csv", "list {} is larger than 256 MB, far beyond any list"


OVERSIZED = [
    far_cell_without_a_dimension,
    far_cell_under_a_wrong_dimension,
    far_cell_in_an_element_with_a_prefix,
    far_cell_that_names_itself_in_small_letters,
    far_cell_in_a_row_of_another_number,
    many_sheets_that_are_one_part,
    sheet_that_unpacks_to_much,
    sheet_that_says_it_is_small,
    long_text_that_many_cells_share,
    more_texts_than_cells,
    entities_that_grow,
    ods_cell_that_is_repeated,
    ods_text_that_is_repeated,
    ods_cell_behind_many_blank_rows,
    ods_that_unpacks_to_much,
    xls_with_a_cell_at_its_end,
    xls_with_a_long_text_that_many_cells_share,
    text_of_gigabytes,
]


def said_of(file: Path) -> tuple[str, int]:
    """What reading the file in a process of its own says, and the most memory it had, in MB."""
    done = subprocess.run(
        [sys.executable, "-c", READ, str(file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-500:]
    *said, memory = done.stdout.splitlines()
    return "\n".join(said), int(memory)


@pytest.mark.slow
@pytest.mark.parametrize("build", OVERSIZED)
def test_oversized_list_is_refused_in_little_memory(
    tmp_path: Path, build: Callable[[Path], tuple[Path, str]]
) -> None:
    """The process neither ends nor fills the memory of the computer."""
    file, expected = build(tmp_path)
    said, memory = said_of(file)
    assert expected.format(file) in said
    assert memory < MOST_MB


@pytest.mark.parametrize("name", ["no-dimension.xlsx", "dimension-A1.xlsx"])
def test_far_cell_of_a_found_file_is_refused(name: str) -> None:
    """Excel's solver keeps data at a sheet's end; writers may leave out how far it is."""
    file = SHARED / "faults" / "02-far-cell-aborts" / name
    if not file.exists():
        pytest.skip("the found files are not there")
    said, memory = said_of(file)
    assert "reaches to XFD1048576" in said
    assert memory < MOST_MB


def test_format_of_blank_cells_makes_no_list_too_large(tmp_path: Path) -> None:
    """Borders down to the last row of a sheet are common, and hold nothing."""
    blank = b'<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    said, _ = said_of(
        an_xlsx(tmp_path, sheet=with_rows(blank, b'<dimension ref="A1:XFD1048576"/>'))
    )
    assert said == ""


def test_no_more_is_kept_of_a_value_than_is_looked_at(tmp_path: Path) -> None:
    """Gathered piece by piece, a long one would take the square of its length in time."""
    pieces = "a&amp;" * 1000
    row = f'<row r="3"><c r="A3" t="e"><v>{pieces}</v></c></row>'.encode()
    content = an_xlsx(tmp_path, sheet=with_rows(row)).read_bytes()
    assert len(markup_of(FileKind.XLSX, content)["DS"].errors[3, 0]) == LONGEST_VALUE
    pieces = "a<x/>" * 1000
    cell = (
        '<table:table-row><table:table-cell calcext:value-type="error">'
        f"<text:p>{pieces}</text:p></table:table-cell></table:table-row>"
    )
    content = an_ods(tmp_path, cell).read_bytes()
    assert len(markup_of(FileKind.ODS, content)["DS"].errors[3, 0]) == LONGEST_VALUE
