"""Accounts as a staff list that the audit reads, and Differences as a list to work through."""

from collections.abc import Iterable, Mapping, Sequence

from mailaudit.locale.collation import person_order, text_order
from mailaudit.model.directory import Account, Attributes, Difference, DifferenceKind
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
