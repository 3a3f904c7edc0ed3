"""Measures what all reports of a large province cost: time and peak memory of the commands.

Fills a store with months of a province whose every mailbox is invented, then runs the commands a
user runs, each in a process of its own, and prints the seconds and the peak memory of each.

Run: python -m benchmarks.reports [--staff 20000] [--units 300] [--months 24] [--folder FOLDER]
A FOLDER that holds the store of an earlier run with the same numbers is used again.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path

from mailaudit.model.outcome import Activity, DayActivity, Outcome, Reason, Unmeasured
from mailaudit.model.period import Period
from mailaudit.model.roster import Roster, Staff, Unit
from mailaudit.model.snapshot import SourceInfo
from mailaudit.store import SnapshotStore

LAST = Period(2026, 10)
GROUPS = (("Sở, ban, ngành", 0.1), ("UBND xã, phường, đặc khu", 0.6), ("Đơn vị sự nghiệp", 1.0))
SOURCE = SourceInfo("ews", "mail.bench.test", "Exchange2016", "svc-mailaudit")
RECORDED_AT_ONCE = 2000
PATTERNS = 400  # different months a mailbox may have had
# A month, and the twelve months up to it as one period.
COMMANDS = (
    ("report", "--period", str(LAST)),
    ("report", "--from", "2025-11-01", "--to", "2026-10-31"),
)
MOST_SECONDS, MOST_MIB = 60, 1024
CONFIG = """\
[organisation]
name = "Ủy ban nhân dân tỉnh Mẫu"
domains = ["bench.test"]
[server]
url = "https://mail.bench.test/EWS/Exchange.asmx"
version = "Exchange2016"
auth = "ntlm"
username = 'BENCH\\svc-mailaudit'
[roster]
file = "roster.csv"
"""


@dataclass(frozen=True)
class Cost:
    """What one command took."""

    name: str
    seconds: float
    cpu_s: float
    peak_mib: float
    files: int
    mib: float


def fill(folder: Path, staff: int, units: int, months: int) -> None:
    """Makes the configuration and the store, a sealed snapshot a month."""
    (folder / "mailaudit.toml").write_text(CONFIG, encoding="utf-8")
    roster = a_roster(staff, units)
    with SnapshotStore.at(folder / "mailaudit.db") as store:
        for back in range(months - 1, -1, -1):
            period = LAST.shifted(-back)
            print(f"filling {period}", file=sys.stderr)
            now = period.end.astimezone(UTC) + timedelta(hours=1)
            collection = store.begin(period, roster, SOURCE, now=now)
            found = outcomes(roster, period, now)
            while batch := tuple(islice(found, RECORDED_AT_ONCE)):
                collection.record(batch)
            collection.finish(now + timedelta(hours=6))


def a_roster(staff: int, units: int) -> Roster:
    """Units of three groups, the staff spread over them; one in forty is on leave or exempt."""
    places = tuple(
        Unit(
            f"H{number:03d}",
            f"Đơn vị sự nghiệp công lập số {number} của tỉnh",
            next(group for group, upto in GROUPS if number < upto * units),
        )
        for number in range(units)
    )
    people = tuple(
        Staff(
            key=f"CB{number:06d}",
            unit_code=places[number % units].code,
            mailbox=None if number % 33 == 7 else f"canbo{number:06d}@bench.test",
            name=f"Nguyễn Thị Người Thứ {number}",
            category="hợp đồng lao động" if number % 40 == 3 else "công chức",
            status="thai sản" if number % 80 == 5 else "",
            row=f"roster.csv:{number + 2}",
        )
        for number in range(staff)
    )
    return Roster(tuple(group for group, _ in GROUPS), places, people, "0" * 64)


def outcomes(roster: Roster, period: Period, now: datetime) -> Iterator[Outcome]:
    """An outcome for each mailbox; units differ in how much theirs are used."""
    draw = random.Random(f"{period}")
    days = list(period.days())
    patterns = [a_month(draw, days, share / PATTERNS) for share in range(PATTERNS)]
    diligence = {unit.code: draw.random() for unit in roster.units}
    for person in roster.staff:
        if person.mailbox is None:
            continue
        if draw.random() < 0.003:
            yield Unmeasured(person.mailbox, now, Reason.TIMED_OUT, "ErrorTimeoutExpired")
            continue
        place = int(PATTERNS * draw.random() ** (1 - 0.8 * diligence[person.unit_code]))
        yield Activity(person.mailbox, now, patterns[place], now - timedelta(days=1))


def a_month(draw: random.Random, days: Sequence[date], share: float) -> tuple[DayActivity, ...]:
    """A month of a mailbox that is used on `share` of the days, and as much of its mail read."""
    found = []
    for day in days:
        received = draw.randrange(1, 14)
        sent = draw.randrange(1, 5) if draw.random() < share * 0.6 else 0
        read = sum(draw.random() < 0.4 + share for _ in range(received))
        replied = min(read, sent)
        found.append(
            DayActivity(day, sent, received, read, replied, 3600 * replied, read, received - read)
        )
    return tuple(found)


def cost_of(command: Sequence[str], folder: Path) -> Cost:
    """Runs a command of mailaudit; its own peak memory, not this process's."""
    out = folder / "reports"
    line = [sys.executable, "-m", "mailaudit", *command]
    line += ["--config", str(folder / "mailaudit.toml"), "--out", str(out)]
    since = time.perf_counter()
    process = subprocess.Popen(line, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - since
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"mailaudit {' '.join(command)} ended with {process.returncode}")
    files = [path for path in out.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    cpu_s = usage.ru_utime + usage.ru_stime
    return Cost(" ".join(command), seconds, cpu_s, usage.ru_maxrss / 1024, len(files), size / 2**20)


def measure(folder: Path, staff: int, units: int, months: int) -> bool:
    """Prints what each command cost; whether all of them stay below the bar."""
    if not (folder / "mailaudit.db").exists():
        fill(folder, staff, units, months)
    print(f"{staff:,} staff, {units} units, {months} months; {os.cpu_count()} cores")
    print(f"{'command':<48} {'seconds':>8} {'CPU s':>8} {'peak MiB':>9} {'files':>6} {'MiB':>7}")
    costs = [cost_of(command, folder) for command in COMMANDS]
    for cost in costs:
        print(
            f"{cost.name:<48} {cost.seconds:>8.1f} {cost.cpu_s:>8.1f} {cost.peak_mib:>9.0f}"
            f" {cost.files:>6} {cost.mib:>7.1f}"
        )
    seconds, peak = max(cost.seconds for cost in costs), max(cost.peak_mib for cost in costs)
    kept = seconds < MOST_SECONDS and peak < MOST_MIB
    print(
        f"slowest: {seconds:.1f} s (bar {MOST_SECONDS}), {peak:.0f} MiB (bar {MOST_MIB}): "
        + ("kept" if kept else "MISSED")
    )
    return kept


def main() -> None:
    """Measures in a folder that is kept where one is named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--staff", type=int, default=20_000)
    parser.add_argument("--units", type=int, default=300)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.folder is not None:
        options.folder.mkdir(parents=True, exist_ok=True)
        kept = measure(options.folder, options.staff, options.units, options.months)
    else:
        with tempfile.TemporaryDirectory() as folder:
            kept = measure(Path(folder), options.staff, options.units, options.months)
    raise SystemExit(0 if kept else 1)


if __name__ == "__main__":
    main()
