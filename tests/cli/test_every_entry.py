"""Everyone on the demonstration staff list ends in exactly one state, wherever one looks.

The staff list is read here by the csv module alone; the store, the export and the workbook of one
audited month must all add up to it.
"""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from command_line import Ran, mailaudit

from mailaudit.demo.options import ServedAt
from mailaudit.metrics.measure import measure
from mailaudit.model.outcome import Activity, Unmeasured
from mailaudit.model.period import Period
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.usage import StaffState
from mailaudit.roster import read_calendar
from mailaudit.store import SnapshotStore

pytestmark = pytest.mark.slow

OCTOBER = Period(2026, 10)
CONTRACT = "hợp đồng lao động"
AWAY = {"thai sản", "ốm", "không lương", "đi học", "biệt phái", "mới tuyển", "nghỉ hưu"}
FEW = 5  # people, of whom a unit has no figures of its own
COUNTS = ("sent", "received", "read", "sent_days", "replied", "received_inside", "received_outside")

Row = dict[str, str]


@dataclass(frozen=True)
class Audited:
    """One audited month: the staff list's rows, and what came out everywhere."""

    place: ServedAt
    ran: Ran
    people: list[Row]
    exported: list[Row]
    snapshot: Snapshot
    workbook: openpyxl.Workbook

    def sheet(self, name: str) -> list[list[object]]:
        """The rows of a sheet without their empty cells."""
        rows = self.workbook[name].values
        return [[cell for cell in row if cell is not None] for row in rows]

    def summary(self, label: str) -> object:
        """The number beside a label of the workbook's summary: the same wherever it stands."""
        rows = (row for row in self.sheet("Tổng hợp") if label in row[:2] and len(row) > 2)
        (number,) = {row[row.index(label) + 1] for row in rows}
        return number


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def audited(province: ServedAt, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Audited]:
    folder = tmp_path_factory.mktemp("every-entry")
    month = ("--config", province.config_path, "--period", str(OCTOBER))
    out = ("--audience", "it", "--out", folder / "new" / "folder")
    ran = mailaudit("run", *month, *out, cwd=folder)
    assert ran.code == 0, ran.err
    done = mailaudit("export", "activity", *month, "--out", "activity.csv", cwd=folder)
    assert done.code == 0, done.err
    with SnapshotStore.at(province.directory / "mailaudit.db") as store:
        snapshot = store.load(OCTOBER)
    yield Audited(
        province,
        ran,
        rows_of(province.directory / "roster.csv"),
        rows_of(folder / "activity.csv"),
        snapshot,
        openpyxl.load_workbook(
            folder / "new" / "folder" / f"mailaudit-{OCTOBER}-it.xlsx", data_only=True
        ),
    )


def expected_state(person: Row, unmeasured: set[str]) -> StaffState:
    """The one state of a row of the staff list, by the rules of docs/metrics.md."""
    if person["Loại"].casefold() == CONTRACT:
        return StaffState.EXEMPT
    if person["Trạng thái"] in AWAY and 2 * days_away(person) >= len(working_days()):
        return StaffState.EXCLUDED
    if not person["Hộp thư"]:
        return StaffState.NOT_PROVIDED
    return StaffState.UNMEASURED if person["Hộp thư"] in unmeasured else StaffState.MEASURED


def working_days() -> list[date]:
    """Mondays to Fridays: October 2026 has no holiday."""
    days = [date(2026, 10, 1) + timedelta(number) for number in range(31)]
    return [day for day in days if day.weekday() < 5]


def days_away(person: Row) -> int:
    first, last = day_of(person["Từ ngày"], date.min), day_of(person["Đến ngày"], date.max)
    return sum(first <= day <= last for day in working_days())


def day_of(text: str, default: date) -> date:
    if not text:
        return default
    day, month, year = map(int, text.split("/"))
    return date(year, month, day)


def test_export_has_every_mailbox_once(audited: Audited) -> None:
    """Measured with whole counts, or unmeasured with a reason and none; nothing between."""
    mailboxes = [person["Hộp thư"] for person in audited.people if person["Hộp thư"]]
    assert len(mailboxes) > 1900
    assert [row["mailbox"] for row in audited.exported] == mailboxes
    states = Counter(row["state"] for row in audited.exported)
    assert set(states) == {"measured", "unmeasured"}
    assert states["unmeasured"] == 19
    for row in audited.exported:
        is_measured = row["state"] == "measured"
        assert all(row[name].isdecimal() == is_measured for name in COUNTS), row
        assert all(bool(row[name]) == is_measured for name in COUNTS), row
        assert bool(row["reason"]) != is_measured, row


def test_store_holds_what_is_exported(audited: Audited) -> None:
    """Each mailbox of the staff list has one outcome, of the kind the export says."""
    kinds = {"measured": Activity, "unmeasured": Unmeasured}
    assert {row["mailbox"]: kinds[row["state"]] for row in audited.exported} == {
        mailbox: type(outcome) for mailbox, outcome in audited.snapshot.outcomes.items()
    }


def test_every_entry_is_in_exactly_one_state(audited: Audited) -> None:
    """Each person of the list, by the list itself and the export, and in the order of the list."""
    unmeasured = {row["mailbox"] for row in audited.exported if row["state"] == "unmeasured"}
    expected = [(p["Mã CBCCVC"], expected_state(p, unmeasured)) for p in audited.people]
    measurement = measure(audited.snapshot, read_calendar(None), Rules())
    assert [(usage.staff.key, usage.state) for usage in measurement.staff] == expected
    assert set(dict(expected).values()) == set(StaffState)


def test_sums_of_the_report_add_up_to_the_staff_list(audited: Audited) -> None:
    """The workbook's figures, read back, are the numbers of entries in each state."""
    unmeasured = {row["mailbox"] for row in audited.exported if row["state"] == "unmeasured"}
    every = [(person["Mã đơn vị"], expected_state(person, unmeasured)) for person in audited.people]
    in_scope_of = Counter(
        unit for unit, state in every if state not in (StaffState.EXEMPT, StaffState.EXCLUDED)
    )
    small = {unit for unit, people in in_scope_of.items() if people < FEW}
    assert len(small) == 1  # is in no sum of the whole
    states = Counter(state for unit, state in every if unit not in small)
    assert states.total() < len(audited.people)
    entries, provided = "Tổng số CBCCVC trong danh sách", "Được cấp hộp thư"
    in_scope = states.total() - states[StaffState.EXEMPT] - states[StaffState.EXCLUDED]
    assert [row for row in audited.sheet("Tổng hợp") if entries in row] == [
        ["B", entries, states.total()]
    ]
    assert (
        audited.summary("Không thuộc diện theo đối tượng, chức danh") == states[StaffState.EXEMPT]
    )
    assert audited.summary("Loại trừ trong kỳ") == states[StaffState.EXCLUDED]
    assert audited.summary("Thuộc diện") == in_scope
    assert audited.summary(provided) == in_scope - states[StaffState.NOT_PROVIDED]
    assert audited.summary("Chưa đo được") == states[StaffState.UNMEASURED]


def test_units_of_the_report_add_up_to_the_staff_list(audited: Audited) -> None:
    """The rows of the ranking: everybody is counted in one unit, and in no second one."""
    rows = audited.workbook["PL I Xếp hạng"].values
    table = [list(row) for row in rows]
    head = next(number for number, row in enumerate(table) if row[0] == "STT")
    units = [row for row in table[head + 1 :] if isinstance(row[0], int)]
    column = {str(name).split(" (")[0]: index for index, name in enumerate(table[head]) if name}
    unmeasured = {row["mailbox"] for row in audited.exported if row["state"] == "unmeasured"}
    states = Counter(expected_state(person, unmeasured) for person in audited.people)

    def total(name: str) -> int:
        return sum(int(row[column[name]] or 0) for row in units)

    assert total("Tổng số CBCCVC") == len(audited.people)
    assert total("Chưa đo được") == states[StaffState.UNMEASURED]
    provided = states[StaffState.MEASURED] + states[StaffState.UNMEASURED]
    assert total("Đã cấp") == provided
    assert total("Thuộc diện") == provided + states[StaffState.NOT_PROVIDED]
    assert total("Không thuộc diện") == states[StaffState.EXEMPT] + states[StaffState.EXCLUDED]


def test_unmeasured_mailboxes_are_listed_in_the_report(audited: Audited) -> None:
    """Those of people in scope, each once."""
    unmeasured = {row["mailbox"] for row in audited.exported if row["state"] == "unmeasured"}
    in_scope = {
        person["Hộp thư"]
        for person in audited.people
        if expected_state(person, unmeasured) is StaffState.UNMEASURED
    }
    cells = [cell for row in audited.sheet("PL III Chưa đo được (2)") for cell in row]
    listed = [cell for cell in cells if isinstance(cell, str) and "@" in cell]
    assert Counter(listed) == Counter(in_scope)


def test_output_of_a_run_is_kept_apart(audited: Audited) -> None:
    """The table and the paths on stdout, the progress on stderr, no password on either."""
    ran = audited.ran
    names = [Path(line).name.removeprefix("mailaudit-") for line in ran.out.splitlines()[-6:]]
    assert names == [
        f"{OCTOBER}-it{ending}"
        for ending in (".xlsx", ".html", "-annex.docx", "-annex.pdf", "-brief.png", "-brief.pdf")
    ]
    assert "TỔNG CỘNG" in ran.out
    assert "2026-10: " in ran.err and "2026-10: " not in ran.out
    password = (audited.place.directory / "password").read_text(encoding="ascii").strip()
    assert password not in ran.out + ran.err


def test_run_says_what_was_collected_and_the_ends_of_each_group(audited: Audited) -> None:
    """Edition, coverage, causes and seal as `collect` says it; of long groups three and three."""
    outcomes = audited.snapshot.outcomes.values()
    measured = sum(isinstance(outcome, Activity) for outcome in outcomes)
    first, *rest = audited.ran.out.splitlines()
    number = "{:,}".format
    asked = f"{number(measured)} trên tổng số {number(len(outcomes))}".replace(",", ".")
    assert first.startswith(f"2026-10, phiên bản 1: đo được {asked} hộp thư (")
    sealed = next(at for at, line in enumerate(rest) if line.startswith("Đã niêm phong lúc "))
    causes = [int(line.split()[0].replace(".", "")) for line in rest[:sealed]]
    kinds = {outcome.reason for outcome in outcomes if isinstance(outcome, Unmeasured)}
    assert (len(causes), sum(causes)) == (len(kinds), len(outcomes) - measured)
    assert len(kinds) > 1
    printed = "\n".join(rest[sealed + 1 :])
    assert printed.count("đơn vị ở giữa") >= 2
    units = {unit.name for unit in audited.snapshot.roster.units if unit.parent is None}
    assert 0 < sum(unit in printed for unit in units) < len(units)
    shown = "Xem mọi đơn vị: mailaudit report --config "
    assert shown in audited.ran.err and " --period 2026-10 --all" in audited.ran.err


def test_sealed_month_is_not_asked_again(audited: Audited, tmp_path: Path) -> None:
    """`run` says so and writes the reports; the server gets no request at all."""
    log = audited.place.directory / "access.jsonl"
    before = log.stat().st_size
    month = ("--config", audited.place.config_path, "--period", str(OCTOBER), "--lang", "en")
    ran = mailaudit("run", *month, "--out", "again", "--all", cwd=tmp_path)
    assert ran.code == 0
    units = {unit.name for unit in audited.snapshot.roster.units if unit.parent is None}
    assert [unit for unit in units if unit not in ran.out] == []
    assert "2026-10 is complete" in ran.err and "none was asked" in ran.err
    page = tmp_path / "again" / "mailaudit-2026-10.html"
    assert page.exists()
    addresses = {row["mailbox"] for row in audited.exported}
    shown = [
        text for path in (tmp_path / "again").rglob("*.html") for text in [path.read_text("utf-8")]
    ]
    assert len(shown) > 50
    assert not [box for box in addresses if any(box in text for text in shown)]
    assert log.stat().st_size == before


def test_output_folder_that_is_a_file_is_refused(audited: Audited, tmp_path: Path) -> None:
    """Named, with the reason; the month itself is safe in the store."""
    (tmp_path / "there").write_text("", encoding="utf-8")
    month = ("--config", audited.place.config_path, "--period", str(OCTOBER), "--lang", "en")
    ran = mailaudit("report", *month, "--out", "there", cwd=tmp_path)
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.endswith("\nError: there is a file, not a folder. Name a folder.\n")
    out = ("export", "activity", *month, "--out", tmp_path)
    ran = mailaudit(*out, cwd=tmp_path)
    assert (ran.code, ran.out) == (3, "")
    assert f"{tmp_path} can't be written" in ran.err


def test_verbose_run_shows_no_secret(audited: Audited, tmp_path: Path) -> None:
    """Where everything came from, on stderr; the password's file, not the password."""
    month = ("--config", audited.place.config_path, "--period", str(OCTOBER))
    ran = mailaudit("collect", *month, "--verbose", cwd=tmp_path)
    assert ran.code == 0
    password = audited.place.directory / "password"
    assert f"password from {password}" in ran.err
    assert password.read_text(encoding="ascii").strip() not in ran.err + ran.out


def test_refused_login_is_tried_once(audited: Audited, tmp_path: Path) -> None:
    """Exit 4, no report, no secret, and the server saw one attempt."""
    text = audited.place.config_path.read_text(encoding="utf-8")
    for name in ("roster.csv", "units.csv", "ca.pem"):
        text = text.replace(f'"{name}"', f'"{(audited.place.directory / name).as_posix()}"')
    (tmp_path / "mailaudit.toml").write_text(text, encoding="utf-8")
    (tmp_path / "password").write_text("wr0ng-s3cret\n", encoding="ascii")
    (tmp_path / "password").chmod(0o600)
    log = audited.place.directory / "access.jsonl"
    before = len(log.read_bytes().splitlines())
    ran = mailaudit("run", "--period", str(OCTOBER), "--lang", "en", cwd=tmp_path)
    assert (ran.code, ran.out) == (4, "")
    assert "127.0.0.1 refuses the login of TINHMAU\\svc-mailaudit" in ran.err
    assert "tried once only" in ran.err
    assert "wr0ng-s3cret" not in ran.err
    assert not (tmp_path / "reports").exists()
    entries = [json.loads(line) for line in log.read_bytes().splitlines()[before:]]
    assert {entry["status"] for entry in entries} == {401}
    assert sum(entry.get("attempt", False) for entry in entries) == 1
