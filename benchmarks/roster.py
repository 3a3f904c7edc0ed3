"""How long a staff list of a whole province takes to read and check, and how much memory.

    .venv/bin/python -m benchmarks.roster [--staff 50000]

Prints one line of seconds and megabytes each for reading the list and for writing it with its
problems. The list has titles, a header of two rows, groups, signatures, and one fault in a
thousand rows.
"""

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

from xlsxwriter import Workbook

from mailaudit.model.reading import ListReading, RowKind
from mailaudit.report.excel.corrections import render_corrections
from mailaudit.roster import read_lists

HEADER = (
    "STT", "Mã CBCCVC", "Họ và tên", "Ngày sinh", "CCCD", "Chức vụ", "Đơn vị", "Hộp thư",
    "Loại", "Trạng thái", "Từ ngày", "Ghi chú",
)  # fmt: skip
FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Đỗ", "Vũ", "Đặng", "Bùi", "Hồ")
MIDDLES = ("Văn", "Thị", "Đình", "Ngọc", "Quốc", "Thuỳ", "Minh", "Hữu")
GIVEN = ("Ân", "Bình", "Cường", "Dũng", "Hoà", "Khánh", "Loan", "Mỹ", "Phượng", "Quý", "Thuỷ")
PER_UNIT = 100


def write_list(file: Path, staff: int) -> None:
    """A workbook of one sheet, as a department of home affairs would put it together."""
    with Workbook(file, {"constant_memory": True, "strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet("Danh sách")
        sheet.write_row(0, 0, ["UBND TỈNH VÍ DỤ"])
        sheet.write_row(2, 0, ["DANH SÁCH CÁN BỘ, CÔNG CHỨC, VIÊN CHỨC"])
        sheet.write_row(4, 0, HEADER)
        sheet.write_row(5, 0, [f"({number})" for number in range(1, len(HEADER) + 1)])
        row = 6
        for number in range(staff):
            if number % PER_UNIT == 0:
                sheet.write_row(row, 0, [f"Phòng số {number // PER_UNIT}"])
                row += 1
            sheet.write_row(row, 0, a_person(number))
            row += 1
        sheet.write_row(row + 1, 7, ["Ví Dụ, ngày 05 tháng 10 năm 2026"])
        sheet.write_row(row + 2, 2, ["NGƯỜI LẬP BIỂU", "", "", "", "", "GIÁM ĐỐC"])


def a_person(number: int) -> tuple[object, ...]:
    """A row; every thousandth has an address with an accent."""
    name = (
        f"{FAMILIES[number % len(FAMILIES)]} {MIDDLES[number // 7 % len(MIDDLES)]}"
        f" {GIVEN[number // 3 % len(GIVEN)]}"
    )
    address = f"cán{number}@vidu.gov.vn" if number % 1000 == 999 else f"cb{number}@vidu.gov.vn"
    away = ("thai sản", "01/09/2026") if number % 50 == 0 else ("", "")
    return (
        number + 1, f"CB{number:06}", name, f"{1970 + number % 30}", 68_084_000_000 + number,
        "Chuyên viên", f"Đơn vị {number // PER_UNIT}", address, "Công chức", *away, "",
    )  # fmt: skip


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--staff", type=int, default=50_000)
    staff = parser.parse_args().staff
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "roster.xlsx"
        write_list(file, staff)
        before = time.perf_counter(), time.process_time()
        reading = read_lists([file])
        show("read and checked", reading, before)
        before = time.perf_counter(), time.process_time()
        size = len(render_corrections(reading)) // 1024
        show(f"written with its problems ({size} KiB)", reading, before)


def show(what: str, reading: ListReading, before: tuple[float, float]) -> None:
    """One line: what was done, how many rows, seconds, and the most memory used so far."""
    seconds, cpu_s = time.perf_counter() - before[0], time.process_time() - before[1]
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    megabytes = most / (1024 * 1024 if sys.platform == "darwin" else 1024)
    counts = reading.counts
    print(
        f"{what}: {counts.total()} rows, {counts[RowKind.STAFF]} staff,"
        f" {counts[RowKind.FAULTY]} faulty: {seconds:.1f} s ({cpu_s:.1f} s of CPU),"
        f" {megabytes:.0f} MB"
    )


if __name__ == "__main__":
    main()
