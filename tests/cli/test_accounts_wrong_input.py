"""Wrong input to `mailaudit accounts`: one exact message, its exit code, and no file."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from accounts_months import OCTOBER, SEPTEMBER, an_audit_of_accounts
from command_line import mailaudit
from stored_months import SOURCE

from mailaudit.model.outcome import Activity
from mailaudit.model.period import Period
from mailaudit.roster import read_roster
from mailaudit.store import SnapshotStore

USAGE = "Usage: mailaudit accounts [OPTIONS]\nHelp: mailaudit accounts --help\n"
READING = "2026-10: reading the stored months, and writing the lists …\n"
AUGUST_READ = READING.replace("2026-10", "2026-08")
TODAY = datetime.now(OCTOBER.tz)
LAST = Period(TODAY.year, TODAY.month).shifted(-1)
CONFIGURATION = "Error: The configuration mailaudit.toml can't be used as it stands:\n"
EXPLAINED = "Correct it and try again; docs/configuration.md explains every key.\n"
LENGTH = 'must be a number of days or months such as "45 days", "3 months", "6 tháng"'
BOUNDS = "must be from 30 to 366 days, or from 1 to 12 months"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """September is stored, August was begun."""
    folder = tmp_path_factory.mktemp("wrong")
    an_audit_of_accounts(folder, SEPTEMBER)
    with SnapshotStore.at(folder / "mailaudit.db") as store:
        month, at = SEPTEMBER.shifted(-1), SEPTEMBER.end
        roster, _ = read_roster(folder / "roster.csv", folder / "units.csv", month)
        collection = store.begin(month, roster, SOURCE, now=at)
        collection.record([Activity(box, at, ()) for box in collection.pending[:7]])
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def folder(first: Path, tmp_path: Path) -> Path:
    return shutil.copytree(first, tmp_path / "audit")


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (
            "--audience public",
            2,
            "Error: Lists of accounts name people: there is none for the public. Choose --audience"
            " it or --audience leader.\n",
        ),
        (
            "--audience head",
            2,
            "Error: --audience must be one of 'public', 'leader', 'it', not head.\n" + USAGE,
        ),
        (
            "--period 2026-13",
            2,
            f"Error: --period 2026-13 is not a month. Write year and month as in {LAST}.\n",
        ),
        (
            "--period 2026-Q3",
            2,
            "Error: --period 2026-Q3 is not a single month, which this command takes. Write year"
            f" and month as in {LAST}. Longer periods are made of stored months, by mailaudit"
            " report.\n",
        ),
        (
            "--period 2999-01",
            2,
            f"Error: --period 2999-01 has not begun yet. The last month that is over is {LAST}.\n",
        ),
        (
            "--period 2026-10",
            5,
            f"{READING}Error: The store mailaudit.db has no snapshot of 2026-10. Collect it first:"
            " mailaudit collect --period 2026-10\n",
        ),
        (
            "--period 2026-08",
            5,
            f"{AUGUST_READ}Error: The collection of 2026-08 in mailaudit.db is not finished: 7 of"
            " 33 mailboxes. Go on with it: mailaudit collect --period 2026-08\n",
        ),
        ("--unit SNV", 2, f"Error: There is no option --unit; did you mean --out?\n{USAGE}"),
        ("SNV", 2, f"Error: SNV is one argument too many.\n{USAGE}"),
        (
            "--config nowhere.toml",
            3,
            "Error: The configuration nowhere.toml can't be read: there is no such file or folder."
            " Name the right file with --config, or make one with: mailaudit init\n",
        ),
        (
            "--period 2026-09 --out units.csv",
            3,
            f"{READING.replace('2026-10', '2026-09')}Error: units.csv is a file, not a folder."
            " Name a folder.\n",
        ),
    ],
)
def test_wrong_command_line_says_so(folder: Path, line: str, code: int, said: str) -> None:
    ran = mailaudit("accounts", *line.split(), cwd=folder)

    assert (ran.code, ran.err, ran.out) == (code, said, "")
    assert not (folder / "reports").exists()


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('[accounts]\ndormant_after = "45"', f"  accounts.dormant_after: {LENGTH}\n"),
        ('[accounts]\ndormant_after = ""', f"  accounts.dormant_after: {LENGTH}\n"),
        ('[accounts]\ndormant_after = "6 weeks"', f"  accounts.dormant_after: {LENGTH}\n"),
        ('[accounts]\ndormant_after = "-3 months"', f"  accounts.dormant_after: {LENGTH}\n"),
        ('[accounts]\ndormant_after = "29 days"', f"  accounts.dormant_after: {BOUNDS}\n"),
        ('[accounts]\ndormant_after = "367 ngày"', f"  accounts.dormant_after: {BOUNDS}\n"),
        ('[accounts]\ndormant_after = "13 months"', f"  accounts.dormant_after: {BOUNDS}\n"),
        ('[accounts]\ndormant_after = "0 tháng"', f"  accounts.dormant_after: {BOUNDS}\n"),
        (
            "[accounts]\ndormant_after = 45",
            "  accounts.dormant_after: must be a text in quotation marks\n",
        ),
        (
            '[accounts]\ndormant = "45 days"',
            "  accounts.dormant: is not a known key; did you mean accounts.dormant_after?\n",
        ),
        (
            '[rules]\ndormant_after = "45 days"',
            "  rules.dormant_after: is not a known key; did you mean accounts.dormant_after?\n",
        ),
    ],
)
def test_wrong_setting_is_named(folder: Path, table: str, said: str) -> None:
    with (folder / "mailaudit.toml").open("a", encoding="utf-8") as file:
        file.write(f"{table}\n")
    ran = mailaudit("accounts", "--period", "2026-09", cwd=folder)

    assert (ran.code, ran.err, ran.out) == (3, CONFIGURATION + said + EXPLAINED, "")
    assert not (folder / "reports").exists()


def test_no_kind_of_file_that_the_lists_are_stops_it(tmp_path: Path) -> None:
    an_audit_of_accounts(tmp_path, OCTOBER, formats=("html", "brief"))
    ran = mailaudit("accounts", "--period", "2026-10", cwd=tmp_path)

    assert (ran.code, ran.out) == (3, "")
    assert ran.err == (
        "Error: report.formats has none of the kinds of files that lists of accounts are: xlsx,"
        " docx, pdf. Add one of them.\n"
    )


def test_store_that_was_changed_stops_it(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "mailaudit.db")) as database, database:
        for (trigger,) in database.execute(
            "select name from sqlite_master where type = 'trigger'"
        ).fetchall():
            database.execute(f"drop trigger {trigger}")
        database.execute("update staff set status = 'thôi việc'")
    ran = mailaudit("accounts", "--period", "2026-09", cwd=folder)

    assert (ran.code, ran.out) == (5, "")
    assert ran.err.endswith(
        "Error: The snapshot 2026-09 in mailaudit.db was changed after it was sealed. Restore the"
        " file from a backup; nothing was overwritten.\n"
    )
    assert not (folder / "reports").exists()
