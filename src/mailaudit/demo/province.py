"""The demonstration province: a Directory whose mailboxes are made when first asked for.

The same on every machine: everything follows from the seed and the address.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import ClassVar

from mailaudit.demo.content import Mailbox
from mailaudit.demo.contrived import Contrived, contrive, contrived_by
from mailaudit.demo.habits import draw_items
from mailaudit.demo.staff import DOMAIN, PERIODS, Habit, Person, draw_staff
from mailaudit.demo.standard import (
    ARCHIVE,
    INBOX,
    INCOMING,
    MESSAGE_ROOT,
    SENT,
    SENT_ARCHIVE,
    UNREAD_VIEW,
    URGENT,
    ExtraFolder,
    folder_tree,
)
from mailaudit.demo.units import UNITS
from mailaudit.model.period import Period

SEED = "tinhmau-1"

_OWN_FOLDERS: tuple[ExtraFolder, ...] = (
    (INCOMING, INBOX, "Công văn đến", "IPF.Note", "Folder"),
    (URGENT, INCOMING, "Khẩn", "IPF.Note", "Folder"),
    (SENT_ARCHIVE, SENT, "Đã gửi 2026", "IPF.Note", "Folder"),
    (ARCHIVE, MESSAGE_ROOT, "Lưu trữ", "IPF.Note", "Folder"),
)
_AWAY = 6  # people who object
_VIEW: ExtraFolder = (UNREAD_VIEW, MESSAGE_ROOT, "Thư chưa đọc", "IPF.Note", "SearchFolder")
_STAFF_COLUMNS = (
    "Mã CBCCVC",
    "Họ và tên",
    "Mã đơn vị",
    "Loại",
    "Hộp thư",
    "Trạng thái",
    "Từ ngày",
    "Đến ngày",
)
_CORRECTION_COLUMNS = (
    "Tháng",
    "Hộp thư hoặc mã CBCCVC",
    "Nội dung sai",
    "Giá trị đúng",
    "Từ ngày",
    "Đến ngày",
    "Lý do",
    "Văn bản",
    "Người duyệt",
    "Ngày duyệt",
)
_UNIT_COLUMNS = (
    "Mã đơn vị",
    "Tên đơn vị",
    "Nhóm",
    "Mã đơn vị cấp trên",
    "Thủ trưởng",
    "Hộp thư thủ trưởng",
)


class Province:
    """The demonstration province. Implements Directory."""

    name = "Tỉnh Tịnh Mẫu"
    letterhead: ClassVar[Mapping[str, str]] = {
        "superior": "UBND tỉnh Tịnh Mẫu",
        "issuer": "Sở Khoa học và Công nghệ",
        "symbol": "BC-SKHCN",
        "place": "Tịnh Mẫu",
    }
    contact = f"Sở Khoa học và Công nghệ, thư điện tử hotro@{DOMAIN}"
    domain = DOMAIN
    outside = f"administrator@{DOMAIN}"

    def __init__(self, seed: str = SEED) -> None:
        self._seed = seed
        self.staff: tuple[Person, ...] = tuple(draw_staff(seed, UNITS))
        self._people = {p.address: (n, p) for n, p in enumerate(self.staff) if p.has_mailbox}
        self._inside = tuple(self._people)
        self._by_unit: dict[str, list[str]] = {}
        for address, (_, person) in self._people.items():
            self._by_unit.setdefault(person.unit_code, []).append(address)
        # All are kept, about 100 MB: months are audited one after the other, and making a mailbox
        # takes longer than answering for it.
        self._made = cache(self._make)

    @property
    def addresses(self) -> Sequence[str]:
        return self._inside

    @property
    def periods(self) -> tuple[Period, ...]:
        """The months with mail."""
        return PERIODS

    @property
    def failing(self) -> dict[str, str]:
        """Address -> EWS error code, for the mailboxes that can't be opened.

        One of them, `outside`, is nobody's of the staff: an account that may open it may too much.
        """
        staff = {p.address: p.failure for p in self.staff if p.failure}
        return staff | {self.outside: "ErrorImpersonateUserDenied"}

    @property
    def contrived(self) -> dict[str, Contrived]:
        """Address -> what its owner does for the audit's sake; of most nothing."""
        found = {one: contrived_by(*self._people[one]) for one in self._people}
        return {one: what for one, what in found.items() if what is not None}

    def name_of(self, address: str) -> str:
        return self._people[address][1].name

    def mailbox(self, address: str) -> Mailbox | None:
        return self._made(address) if address in self._people else None

    def _make(self, address: str) -> Mailbox:
        number, person = self._people[address]
        items = draw_items(
            self._seed, address, person.habits, self._by_unit[person.unit_code], self._inside
        )
        if (what := contrived_by(number, person)) is not None:
            contrive(items, address, what)
        own = (*_OWN_FOLDERS, _VIEW) if number % 10 == 0 else _OWN_FOLDERS
        return Mailbox(
            address,
            person.name,
            folder_tree(items, own),
            forwards_to="hopthu.rieng@thu.example" if number % 97 == 5 else "",
            out_of_office=bool(person.status),
        )

    def roster_csv(self) -> str:
        """The staff list, in the form the audit reads."""
        return _csv(_STAFF_COLUMNS, map(_staff_row, self.staff))

    def units_csv(self) -> str:
        """The list of units, in the form the audit reads."""
        heads = self._heads()
        return _csv(
            _UNIT_COLUMNS,
            (
                (u.code, u.name, u.group, u.parent, heads[u.code].name, heads[u.code].address)
                for u in UNITS
            ),
        )

    def _heads(self) -> dict[str, Person]:
        """The first of each unit."""
        heads: dict[str, Person] = {}
        for person in self.staff:
            heads.setdefault(person.unit_code, person)
        return heads

    def corrections_csv(self) -> str:
        """An objection to the last month: people of one unit who were away for study.

        They are so many that the corrected month may be published.
        """
        silent: dict[str, list[Person]] = {}
        heads = {person.code for person in self._heads().values()}
        for person in self.staff:
            counted = person.in_scope(PERIODS[-1]) and not person.status and person.has_mailbox
            if counted and person.code not in heads and person.habits[-1] == Habit.SILENT:
                silent.setdefault(person.unit_code, []).append(person)
        away = next(people for people in silent.values() if len(people) >= _AWAY)[:_AWAY]
        what = ("trạng thái", "đi học", "01/09/2026", "28/02/2027", "Danh sách thiếu ngày đi học")
        approved = ("Công văn số 12/SNV-VP ngày 05/11/2026", "Giám đốc Sở", "10/11/2026")
        return _csv(
            _CORRECTION_COLUMNS,
            ((str(PERIODS[-1]), person.code, *what, *approved) for person in away),
        )


def _staff_row(person: Person) -> tuple[str, ...]:
    return (
        person.code,
        person.name,
        person.unit_code,
        person.category,
        person.address,
        person.status,
        _day(person.status_from),
        _day(person.status_to),
    )


def _day(day: date | None) -> str:
    return day.strftime("%d/%m/%Y") if day else ""


def _csv(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()
