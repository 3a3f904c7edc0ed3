"""Commands that make something add who, when and what to the store's run record."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import pytest
from audit_folder import SECRET
from collecting_builders import MAY, Workplace, write_traffic
from command_line import mailaudit
from corrected_months import a_corrected_audit, a_list, a_row
from looking_back import PLANS, an_audit_to_look_back_on
from stored_months import an_audit_of

from mailaudit.demo.options import Options, ServedAt
from mailaudit.demo.process import served
from mailaudit.model.period import Period
from mailaudit.model.run_record import Entry, Made, first_broken
from mailaudit.store import SnapshotStore

OCTOBER = Period(2026, 10)


def record_of(store: Path) -> list[Entry]:
    with SnapshotStore.at(store) as opened:
        return opened.run_record()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedAt]:
    folder = tmp_path_factory.mktemp("served")
    with served(folder, Options(**write_traffic(folder, 60))) as place:
        yield place


@pytest.mark.slow
def test_collection_and_reports_are_recorded(place: ServedAt, tmp_path: Path) -> None:
    """The seal of the snapshot, the list of the files; by the command's name alone."""
    work = Workplace.at(tmp_path, place)
    before = datetime.now(UTC) - timedelta(seconds=1)
    assert work.run().code == 0
    month = ("--period", str(MAY))
    assert mailaudit("run", *month, "--audience", "it", cwd=tmp_path).code in (0, 6)
    assert mailaudit("report", *month, "--out", "here", cwd=tmp_path).code in (0, 6)

    entries = record_of(work.store)
    runs = [entry.run for entry in entries]
    with SnapshotStore.at(work.store) as store:
        seal = store.load(MAY).digest
    it, public = (
        sha256((tmp_path / path).read_bytes()).hexdigest()
        for path in ("reports/.mailaudit-2026-05-it.sha256", "here/.mailaudit-2026-05.sha256")
    )
    assert [(run.command, run.made, run.made_digest) for run in runs] == [
        ("collect", "snapshot", seal),
        ("run", "snapshot", seal),
        ("run", "reports", it),
        ("report", "reports", public),
    ]
    assert {(run.period, run.edition, run.version) for run in runs} == {
        (str(MAY), 1, version("mailaudit"))
    }
    assert all(before <= datetime.fromisoformat(run.at) <= datetime.now(UTC) for run in runs)
    assert first_broken(entries) is None


@pytest.mark.skipif(sys.platform == "win32", reason="there, a domain stands before it")
def test_record_says_who_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The account as the system knows it, whatever the environment says."""
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    an_audit_of(tmp_path, (OCTOBER, OCTOBER.end + timedelta(days=1)))
    assert mailaudit("report", "--period", "2026-10", cwd=tmp_path).code == 0
    whoami = subprocess.run(["whoami"], capture_output=True, text=True, check=True).stdout
    (entry,) = record_of(tmp_path / "mailaudit.db")
    assert entry.run.account == whoami.strip()


@pytest.mark.slow
def test_report_of_a_unit_records_its_own_files(tmp_path: Path) -> None:
    """Not those of the whole."""
    an_audit_of(tmp_path, (OCTOBER, OCTOBER.end + timedelta(days=1)))
    assert mailaudit("report", "--period", "2026-10", "--unit", "SNV", cwd=tmp_path).code == 0
    (entry,) = record_of(tmp_path / "mailaudit.db")
    listed = (tmp_path / "reports" / ".mailaudit-2026-10-SNV.sha256").read_bytes()
    assert entry.run.made_digest == sha256(listed).hexdigest()


@pytest.mark.slow
def test_provisional_month_is_recorded_without_a_seal(tmp_path: Path) -> None:
    """It has none; and no secret stands in the record."""
    an_audit_of(tmp_path, (OCTOBER, OCTOBER.start + timedelta(days=9)))
    assert mailaudit("report", "--period", "2026-10", cwd=tmp_path).code == 0
    with closing(sqlite3.connect(tmp_path / "mailaudit.db")) as connection:
        text = "\n".join(connection.iterdump())
    assert "run_record" in text
    assert SECRET not in text


@pytest.mark.slow
def test_report_is_written_where_the_store_cannot_be(tmp_path: Path) -> None:
    """It says that nothing could be recorded, and ends as ever."""
    an_audit_of(tmp_path, (OCTOBER, OCTOBER.end + timedelta(days=1)))
    month = ("--period", "2026-10", "--audience", "it", "--lang", "en")
    with closing(sqlite3.connect(tmp_path / "mailaudit.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        ran = mailaudit("report", *month, cwd=tmp_path)
    assert ran.code == 0
    assert (
        "No entry could be added to the run record: The store mailaudit.db is in use by another"
        " program. Close that program and run again."
    ) in ran.err
    assert (tmp_path / "reports" / "mailaudit-2026-10-it.html").exists()
    assert record_of(tmp_path / "mailaudit.db") == []


@pytest.mark.slow
def test_entry_of_a_command_to_come_is_read(tmp_path: Path) -> None:
    """A kind of what was made that this version does not know is no damage."""
    an_audit_of(tmp_path, (OCTOBER, OCTOBER.end + timedelta(days=1)))
    assert mailaudit("report", "--period", "2026-10", cwd=tmp_path).code == 0
    with SnapshotStore.at(tmp_path / "mailaudit.db") as store:
        known = store.run_record()[0].run
        assert known.made == Made.REPORTS
        store.add_run(replace(known, command="deliver", made="mails"))
        assert first_broken(store.run_record()) is None


@pytest.mark.slow
def test_report_of_an_earlier_edition_is_recorded_with_its_own_list(tmp_path: Path) -> None:
    """Also where no report of the newest lies beside it."""
    an_audit_to_look_back_on(tmp_path, *PLANS[2:5])
    for folder in ("reports", "fresh"):
        again = ("--edition", "1", "--out", folder)
        assert mailaudit("report", "--period", "2026-09", *again, cwd=tmp_path).code == 0
    listed = tmp_path / "fresh" / ".mailaudit-2026-09-edition-1.sha256"
    run = record_of(tmp_path / "mailaudit.db")[-1].run
    digest = sha256(listed.read_bytes()).hexdigest()
    assert (run.edition, run.made_digest) == (1, digest)


@pytest.mark.slow
def test_correction_is_recorded_with_the_seal_of_the_new_edition(tmp_path: Path) -> None:
    """Who made it, and when; looking at the effect makes nothing."""
    a_corrected_audit(tmp_path)
    a_list(tmp_path, a_row("SNV01", "không thuộc danh sách"))
    assert mailaudit("correct", "corrections.csv", cwd=tmp_path).code == 0
    assert record_of(tmp_path / "mailaudit.db") == []
    assert mailaudit("correct", "corrections.csv", "--apply", cwd=tmp_path).code == 0
    (entry,) = record_of(tmp_path / "mailaudit.db")
    with SnapshotStore.at(tmp_path / "mailaudit.db") as store:
        made = store.load(OCTOBER)
    run = entry.run
    assert (run.command, run.edition, run.made_digest) == ("correct", 2, made.digest)
