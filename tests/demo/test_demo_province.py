"""The demonstration province: the same everywhere, and as varied as it should be."""

import hashlib
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time

import pytest

from mailaudit.demo.content import Item, Mailbox
from mailaudit.demo.habits import OUTSIDE
from mailaudit.demo.names import local_part
from mailaudit.demo.province import Province
from mailaudit.demo.staff import CALENDAR, CONTRACT, DOMAIN, PERIODS, Habit, Person
from mailaudit.demo.standard import SENT, SENT_ARCHIVE
from mailaudit.demo.units import UNITS

# SHA-256 over everything in every 97th mailbox, and over the staff list. A change here means that
# everyone's demonstration changes: let it be meant.
CONTENT_DIGEST = "0de9dfcbe8fd9b0d11d51d1be27f7d38c009425142e7431533be28d608f7b1b7"
STAFF_DIGEST = "dd9699c57fa876ba83b12dc016544aee3a7b19a88e3e06b37d4712955f528f70"


@pytest.fixture(scope="module")
def whole() -> Province:
    return Province()


def _content_digest(province: Province) -> str:
    digest = hashlib.sha256()
    for address in province.addresses[::97]:
        mailbox = province.mailbox(address)
        assert mailbox is not None
        for folder in mailbox.folders:
            rows = [tuple(item) for item in folder.items]
            digest.update(repr((address, folder.number, folder.name, rows)).encode())
    return digest.hexdigest()


def _staff_digest(province: Province) -> str:
    text = province.roster_csv() + province.units_csv()
    return hashlib.sha256(text.encode()).hexdigest()


def test_province_is_the_same_everywhere(whole: Province) -> None:
    """Mail and staff list are what they were when this test was written, byte for byte."""
    assert _content_digest(whole) == CONTENT_DIGEST
    assert _staff_digest(whole) == STAFF_DIGEST


def test_province_does_not_depend_on_hash_seed_or_order() -> None:
    """Another process, with other hashes, asked in another order, makes the same mail."""
    code = (
        "from mailaudit.demo.province import Province\n"
        "p = Province()\n"
        "boxes = [p.mailbox(a) for a in reversed(p.addresses[:300:60])]\n"
        "print([[tuple(i) for f in b.folders for i in f.items] for b in reversed(boxes)])"
    )
    environment = dict(os.environ, PYTHONHASHSEED="77")
    run = [sys.executable, "-c", code]
    reported = subprocess.run(
        run, env=environment, capture_output=True, text=True, check=True
    ).stdout
    province = Province()
    boxes = [province.mailbox(address) for address in province.addresses[:300:60]]
    here = [[tuple(i) for f in box.folders for i in f.items] for box in boxes if box]
    assert reported.strip() == str(here)


def test_another_seed_is_another_province(whole: Province) -> None:
    """The seed matters."""
    assert Province("other").roster_csv() != whole.roster_csv()


def test_province_is_as_large_as_promised(whole: Province) -> None:
    """About 2,000 people in 60 units of the three present groups, and two branches."""
    tops = [unit for unit in UNITS if not unit.parent]
    assert len(tops) == 60
    assert Counter(unit.group for unit in tops) == {
        "Sở, ban, ngành": 16,
        "UBND xã, phường, đặc khu": 32,
        "Đơn vị sự nghiệp": 12,
    }
    assert 1950 <= len(whole.staff) <= 2100
    assert {unit.parent for unit in UNITS} - {""} <= {unit.code for unit in tops}


def test_staff_are_as_mixed_as_real_ones(whole: Province) -> None:
    """Contract workers, people on leave, without mailbox, unreachable and unknown all occur."""
    staff = whole.staff
    assert {"công chức", "viên chức", "cán bộ", CONTRACT} == {p.category for p in staff}
    statuses = {p.status for p in staff}
    assert {"thai sản", "đi học", "biệt phái", "không lương", "ốm", "nghỉ hưu"} <= statuses
    assert 80 <= sum(not p.address for p in staff) <= 250
    assert set(whole.failing.values()) == {
        "ErrorMailboxStoreUnavailable",
        "ErrorMailboxMoveInProgress",
        "ErrorAccessDenied",
        "ErrorImpersonateUserDenied",
        "ErrorNonExistentMailbox",
    }
    assert sum(bool(p.address) and not p.has_mailbox for p in staff) == 3


def test_addresses_are_unique_and_plain(whole: Province) -> None:
    """Nobody shares an address, and none has a letter that mail can't carry."""
    addresses = [p.address for p in whole.staff if p.address]
    assert len(set(addresses)) == len(addresses)
    assert all(a.isascii() and a.endswith(f"@{DOMAIN}") and a == a.lower() for a in addresses)
    assert len({p.code for p in whole.staff}) == len(whole.staff)


@pytest.mark.parametrize(
    ("name", "part"),
    [("Đặng Thị Thu Đào", "daodtt"), ("Võ Đình Huy", "huyvd"), ("K' Minh", "minhk")],
)
def test_address_is_made_of_the_name(name: str, part: str) -> None:
    """Given name and initials, without diacritics, Đ as d."""
    assert local_part(name) == part


def _counted(mailbox: Mailbox, month: int) -> tuple[int, int, int]:
    """Working days with something sent, due mail received, and due mail read, in a month."""
    period = PERIODS[month]
    zone = period.tz
    low, high = period.start.timestamp(), period.end.timestamp()
    due = datetime.combine(CALENDAR.back(period.last_day, 3), time(), zone).timestamp()
    days, received, read = set(), 0, 0
    for folder in mailbox.folders:
        if folder.kind == "SearchFolder" or folder.distinguished in ("drafts", "junkemail"):
            continue
        for item in folder.items:
            if not low <= item.received < high or not _is_mail(item.item_class):
                continue
            if folder.number in (SENT, SENT_ARCHIVE):
                days.add(datetime.fromtimestamp(item.received, zone).date())
            elif item.received < due:
                received += 1
                read += item.is_read
    return sum(map(CALENDAR.is_working_day, days)), received, read


def _is_mail(item_class: str) -> bool:
    return item_class in ("IPM.Note", "IPM.Note.SMIME")


def test_habits_decide_regular_use_and_nothing_else_does(whole: Province) -> None:
    """By the audit's usual rule exactly the people meant to be regular are, in every month."""
    for person in whole.staff[::7]:
        mailbox = whole.mailbox(person.address)
        for month, habit in enumerate(person.habits if mailbox else ()):
            assert mailbox is not None
            days, received, read = _counted(mailbox, month)
            regular = days >= 4 and (received < 5 or read * 100 >= 80 * received)
            assert regular == (habit is Habit.REGULAR), (person.address, month, days, read)


def test_habits_reach_the_share_a_unit_is_meant_to_have(whole: Province) -> None:
    """A unit's regular users are its share of people in scope, to the nearest person."""
    by_unit: dict[str, list[Person]] = {}
    for person in whole.staff:
        by_unit.setdefault(person.unit_code, []).append(person)
    for unit in UNITS:
        for month, period in enumerate(PERIODS):
            people = [p for p in by_unit[unit.code] if p.in_scope(period) and p.failure is None]
            regular = sum(p.habits[month] is Habit.REGULAR for p in people)
            meant = unit.regular_percent[month] * len(people) / 100
            assert abs(regular - meant) <= 0.5 + sum(not p.address for p in people)


def test_province_has_a_unit_too_small_and_one_covered_too_little(whole: Province) -> None:
    """One unit has fewer than five in scope; one has coverage below 95 %; the rest has not."""
    top = {unit.code: unit.parent or unit.code for unit in UNITS}
    scope: Counter[str] = Counter()
    provided: Counter[str] = Counter()
    unreachable: Counter[str] = Counter()
    for person in whole.staff:
        if person.in_scope(PERIODS[2]):
            scope[top[person.unit_code]] += 1
            provided[top[person.unit_code]] += bool(person.address)
            unreachable[top[person.unit_code]] += person.failure is not None
    assert [code for code, count in scope.items() if count < 5] == ["H60"]
    low = [code for code in scope if unreachable[code] * 20 > provided[code]]
    assert low == ["H16"]


def test_traffic_follows_working_time_and_reaches_the_borders(whole: Province) -> None:
    """Most mail comes on working days by day; some at the very first and last second."""
    zone = PERIODS[0].tz
    moments = [
        datetime.fromtimestamp(item.received, zone)
        for address in whole.addresses[::40]
        for item in _inbox(whole, address)
    ]
    by_day = sum(CALENDAR.is_working_day(m.date()) and 7 <= m.hour < 18 for m in moments)
    assert 0.85 < by_day / len(moments) < 0.97
    borders = {(m.hour, m.minute, m.second, m.day) for m in moments}
    assert (0, 0, 0, 1) in borders
    assert any(border[:3] == (23, 59, 59) for border in borders)


def _inbox(province: Province, address: str) -> Sequence[Item]:
    mailbox = province.mailbox(address)
    assert mailbox is not None
    return mailbox.by_name["inbox"].items


def test_mail_is_varied(whole: Province) -> None:
    """Classes, folders, answers, senders inside and outside all occur."""
    boxes = [whole.mailbox(address) for address in whole.addresses[::20]]
    items = [item for box in boxes if box for folder in box.folders for item in folder.items]
    assert {
        "IPM.Note",
        "IPM.Note.SMIME",
        "IPM.Schedule.Meeting.Request",
        "REPORT.IPM.Note.NDR",
        "REPORT.IPM.Note.IPNRN",
        "IPM.Note.Rules.OofTemplate.Microsoft",
    } <= {item.item_class for item in items}
    assert {item.verb for item in items} == {0, 102, 103, 104}
    assert all((item.verb == 0) == (item.verb_at == 0) for item in items)
    assert all(item.verb_at > item.received for item in items if item.verb)
    assert {item.sender for item in items} >= set(OUTSIDE)
    filled = {folder.name for box in boxes if box for folder in box.folders if folder.items}
    assert {"Công văn đến", "Khẩn", "Đã gửi 2026", "Lưu trữ", "Email Rác", "Bản nháp"} <= filled
    assert "Thư chưa đọc" in filled


def test_mailbox_made_again_is_the_same(whole: Province) -> None:
    """Another server, asked in another order, holds the same mailbox."""
    address = whole.addresses[5]
    first = whole.mailbox(address)
    other = Province()
    other.mailbox(whole.addresses[700])
    again = other.mailbox(address)
    assert first is not None
    assert again is not first
    assert again == first
