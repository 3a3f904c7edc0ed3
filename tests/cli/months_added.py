"""Another program that adds up longer periods: plain Python over the stored raw data.

It shares nothing with the program that is tested: it reads the rows of the store, the calendar file
and the rules as docs/metrics.md words them.
"""

import json
import sqlite3
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

CALENDAR = Path(__file__).parents[2] / "config" / "calendar-vn.toml"
VIET_NAM = timezone(timedelta(hours=7))
AWAY = {"thai sản", "ốm", "không lương", "đi học", "biệt phái"}
LEFT, NEW = {"nghỉ hưu", "thôi việc", "chuyển công tác"}, {"mới tuyển"}
Row = Mapping[str, Any]


@dataclass
class Total:
    """A person in all months, or the sums of a unit."""

    unit: str = ""
    in_scope: int = 0
    provided: int = 0
    measured: int = 0
    read: int = 0
    sent: int = 0
    regular: int = 0
    months: list[str] = field(default_factory=list)


def added(store: Path, first: date, last: date, became: Mapping[str, str]) -> dict[str, Total]:
    """Each unit's sums from the first day to the last, by its code; the whole under "".

    Args:
        became: Where units that are gone went on, by topmost code.
    """
    people: dict[str, Total] = {}
    counting = [m for m in months_between(first, last) if is_mostly_inside(m, first, last)]
    with closing(sqlite3.connect(store)) as db:
        db.row_factory = sqlite3.Row
        stored = [m for m in counting if newest(db, m) is not None]
        for month in counting:
            for person, code, state, judged, deeds in entries(db, month, first, last):
                total = people.setdefault(person, Total())
                if state == "out":
                    total.unit = total.unit or became.get(code, code)
                    continue
                total.unit, total.in_scope = became.get(code, code), 1
                total.provided |= state != "no mailbox"
                total.measured |= state == "measured"
                total.read |= deeds[0] > 0
                total.sent |= deeds[1] > 0
                if judged is not None:
                    total.months.append("R" if judged else "-")
        assert stored
        for month in [m for m in months_between(first, last) if m not in counting]:
            for person, _, state, _, deeds in entries(db, month, first, last):
                if person in people and state == "measured":
                    people[person].read |= deeds[0] > 0
                    people[person].sent |= deeds[1] > 0
    sums: dict[str, Total] = defaultdict(Total)
    for total in people.values():
        often = total.months.count("R") * 3 >= len(total.months) * 2 and "R" in total.months
        for code in ("", total.unit):
            unit = sums[code]
            unit.in_scope += total.in_scope
            unit.provided += total.provided
            unit.measured += total.measured
            unit.read += total.read
            unit.sent += total.sent
            unit.regular += bool(often and total.measured)
    return dict(sums)


def entries(
    db: sqlite3.Connection, month: date, first: date, last: date
) -> Iterator[tuple[str, str, str, bool | None, tuple[int, int]]]:
    """Of each entry of a month's list: who, topmost unit, state, regular or not, read and sent."""
    header = newest(db, month)
    if header is None:
        return
    number = (header["id"],)
    parents = dict(db.execute("SELECT code, parent FROM unit WHERE snapshot_id = ?", number))
    boxes = {
        row["mailbox"]: row
        for row in db.execute("SELECT * FROM outcome WHERE snapshot_id = ?", number)
    }
    cut_off = datetime.fromisoformat(header["cut_off_at"]).astimezone(VIET_NAM).date()
    for row in db.execute("SELECT * FROM staff WHERE snapshot_id = ? ORDER BY position", number):
        code = row["unit_code"]
        while parents[code]:
            code = parents[code]
        person = row["mailbox"] or row["key"]
        if is_out(row, month, cut_off):
            yield person, code, "out", None, (0, 0)
            continue
        outcome = boxes.get(row["mailbox"])
        if outcome is None:
            yield person, code, "no mailbox", False, (0, 0)
        elif outcome["days"] is None:
            yield person, code, "not measured", None, (0, 0)
        else:
            days = [
                (month.replace(day=day), *(*counts, 0, 0, 0)[:3])
                for day, *counts in json.loads(outcome["days"])
            ]
            inside = [day for day in days if first <= day[0] <= last]
            deeds = sum(day[3] for day in inside), sum(day[1] for day in inside)
            yield person, code, "measured", is_regular(days, cut_off), deeds


def is_regular(days: list[Any], cut_off: date) -> bool:
    """Four working days with mail sent; 80 % of the mail due read, or fewer than five due."""
    until, left = cut_off, 3
    while left:
        until -= timedelta(days=1)
        left -= is_working(until)
    worked = sum(1 for day in days if day[1] and is_working(day[0]))
    due = sum(day[2] for day in days if day[0] <= until)
    read = sum(day[3] for day in days if day[0] <= until)
    return worked >= 4 and (due < 5 or read * 10 >= due * 8)


def is_out(row: Row, month: date, cut_off: date) -> bool:
    """Whether somebody is out of scope in a month."""
    if row["category"].lower() == "hợp đồng lao động":
        return True
    status, end = row["status"].lower(), end_of(month)
    begin = date.fromisoformat(row["status_from"]) if row["status_from"] else None
    until = date.fromisoformat(row["status_to"]) if row["status_to"] else None
    if status in AWAY:
        away = working(max(begin or month, month), min(until or end, end))
        return begin is None or 2 * away >= working(month, end)
    if status in NEW:
        return begin is None or working(max(begin, month), end) < 10
    return status in LEFT and (begin is None or begin <= min(cut_off, end))


def newest(db: sqlite3.Connection, month: date) -> Row | None:
    """The newest edition of a month that is complete."""
    for row in db.execute(
        "SELECT * FROM snapshot WHERE period = ? ORDER BY edition DESC", (f"{month:%Y-%m}",)
    ):
        asked = "SELECT count(*) FROM outcome WHERE snapshot_id = ?"
        listed = "SELECT count(mailbox) FROM staff WHERE snapshot_id = ?"
        numbers = [db.execute(query, (row["id"],)).fetchone()[0] for query in (asked, listed)]
        if numbers[0] == numbers[1]:
            return dict(row)
    return None


def months_between(first: date, last: date) -> list[date]:
    """The first day of every month from that of one day to that of the other."""
    found = [first.replace(day=1)]
    while (later := end_of(found[-1]) + timedelta(days=1)) <= last:
        found.append(later)
    return found


def is_mostly_inside(month: date, first: date, last: date) -> bool:
    """Whether most of a month's working days are from the first to the last."""
    inside = working(max(month, first), min(end_of(month), last))
    return 2 * inside > working(month, end_of(month))


def end_of(month: date) -> date:
    """The last day of a month."""
    return (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def working(first: date, last: date) -> int:
    """How many days are worked from one to the other."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return sum(is_working(day) for day in days)


def is_working(day: date) -> bool:
    """By the calendar that comes with the program."""
    return day in _WORKED or (day.weekday() < 5 and day not in _OFF)


def _calendar() -> tuple[set[date], set[date]]:
    """Days off, and days made up for."""
    days = tomllib.loads(CALENDAR.read_text("utf-8"))["days"]
    off = {row["date"] for row in days if not row["working"]}
    return off, {row["date"] for row in days if row["working"]}


_OFF, _WORKED = _calendar()
