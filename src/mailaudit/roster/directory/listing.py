"""Accounts as a staff list that the audit reads, and Differences as a list to work through."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from mailaudit.errors import N_, UsageError
from mailaudit.locale.collation import person_order, text_order
from mailaudit.model.directory import Account, Attributes, Difference, DifferenceKind
from mailaudit.model.spreadsheet import GUARD, csv_for_people
from mailaudit.roster.directory.accounts import shown_dn

Rows = tuple[tuple[str, ...], ...]  # the first one is the header

# As `roster.columns` knows them, and as the example list is headed.
_UNIT_CODE = "Mã đơn vị"
_STAFF_COLUMNS = (
    "Mã CBCCVC", "Họ và tên", _UNIT_CODE, "Đơn vị", "Chức vụ", "Loại", "Hộp thư", "Hộp thư khác",
    "Tài khoản",
)  # fmt: skip
_DIFFERENCE_COLUMNS = (
    "Khác biệt", "Mã CBCCVC", "Họ và tên", "Đơn vị", "Dòng trong danh sách",
    "Hộp thư trong danh sách", "Hộp thư trong danh bạ", "Tài khoản", "Vị trí trong danh bạ",
)  # fmt: skip


def staff_list_of(accounts: Iterable[Account], attributes: Attributes) -> Rows:
    """The enabled accounts as a staff list, by unit and name.

    Without an attribute for unit codes there is no column for them, so that the names of units
    stand for the codes.
    """
    listed = sorted((account for account in accounts if account.enabled), key=_list_order)
    rows = [
        (
            account.staff_code,
            account.name,
            account.unit_code,
            account.unit_name,
            account.job_title,
            account.category,
            account.mailbox or "",
            "; ".join(account.aliases),
            account.login,
        )
        for account in listed
    ]
    if attributes.unit_code:
        return (_STAFF_COLUMNS, *rows)
    left_out = _STAFF_COLUMNS.index(_UNIT_CODE)
    return tuple((*row[:left_out], *row[left_out + 1 :]) for row in (_STAFF_COLUMNS, *rows))


def difference_list_of(
    differences: Sequence[Difference], names: Mapping[DifferenceKind, str]
) -> Rows:
    """The differences, one a row; `names` says what each kind is called."""
    rows = []
    for difference in differences:
        person, account = difference.person, difference.account
        rows.append(
            (
                names[difference.kind],
                person.key if person else account.staff_code if account else "",
                person.name if person else account.name if account else "",
                person.unit_code if person else account.unit_name if account else "",
                person.row if person else "",
                (person.mailbox or "") if person else "",
                (account.mailbox or "") if account else "",
                account.login if account else "",
                shown_dn(account.dn) if account else "",
            )
        )
    return (_DIFFERENCE_COLUMNS, *rows)


def _list_order(account: Account) -> tuple[object, ...]:
    unit = text_order(account.unit_code), text_order(account.unit_name)
    return (*unit, person_order(account.name), account.mailbox or "", account.dn)


KINDS = (".csv", ".xlsx")
LONGEST_COLUMN = 60  # characters
_A4 = 9
_ALWAYS_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - so that equal rows are equal bytes


def require_kind(file: Path) -> None:
    """Raises UsageError unless rows can be written to a file of this name."""
    if file.suffix.lower() not in KINDS:
        raise UsageError(
            N_("{file} is of a kind that can't be written as a list."),
            N_("Name a file that ends in .csv or .xlsx."),
            file=file,
        )


def render_rows(rows: Rows, file: Path) -> bytes:
    """The rows as the content of a file of this name; every value stays the text it is.

    Raises:
        UsageError: The name does not end in one of KINDS.
    """
    require_kind(file)
    return csv_for_people(rows) if file.suffix.lower() == ".csv" else _xlsx(rows)


def _xlsx(rows: Rows) -> bytes:
    import xlsxwriter

    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True})
    workbook.set_properties({"created": _ALWAYS_CREATED})
    sheet = workbook.add_worksheet()
    header = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell:
                # XlsxWriter takes text in this tag for markup of its own.
                text = GUARD + cell if cell.startswith("<r>") else cell
                sheet.write_string(number, column, text, header if number == 0 else None)
    for column, width in enumerate(_widths(rows)):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, max(len(rows) - 1, 1), len(rows[0]) - 1)
    workbook.close()
    return content.getvalue()


def _widths(rows: Iterable[tuple[str, ...]]) -> list[int]:
    """As wide as the longest text, within reason."""
    columns = zip(*rows, strict=True)
    return [min(max(map(len, cells)) + 2, LONGEST_COLUMN) for cells in columns]
