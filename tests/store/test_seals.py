"""What a seal covers: every value of a sealed snapshot, whatever was done to its triggers."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from shutil import copyfile

import pytest
from removal_builders import run_of, sums_of
from store_builders import (
    AFTER,
    DURING,
    OCTOBER,
    SOURCE,
    a_correction,
    collected,
    everything,
)

from mailaudit.errors import StoreError
from mailaudit.model.correction import CorrectionKind
from mailaudit.model.outcome import Activity, Unmeasured
from mailaudit.model.period import Period
from mailaudit.store import Removals, SnapshotStore
from mailaudit.store.tables import metadata

LATER = AFTER + timedelta(days=3)
NEWEST_EDITION = 4  # and its id
CORRECTIONS = (
    a_correction("CB0", CorrectionKind.STATUS, "ốm", status_from=date(2026, 10, 2)),
    a_correction("a@x.vn", CorrectionKind.LEFT, "nghỉ hưu", status_from=date(2026, 10, 20)),
    a_correction(
        "CB2",
        CorrectionKind.STATUS,
        "đi học",
        status_from=date(2026, 10, 2),
        status_to=date(2026, 10, 3),
    ),
    a_correction("U1", CorrectionKind.UNIT, "SNV", document=""),
)
REPORTED = replace(SOURCE, reported="Exchange Server 2016 (15.1.2507.39)")
# Columns of which a change need not be noticed, by "table.column", each with the reason.
NEITHER_DECIDES_NOR_IS_PRINTED = {
    f"{table}.{column.name}": why
    for table, why in (
        ("publication", "what reports gave of the month; it has a digest of its own"),
        ("run_record", "what commands made; it is a chain of its own"),
        ("delivery", "what became of mails, which no figure depends on"),
        ("reconciliation", "what a second source said, which no figure depends on"),
        ("unerased", "whether the file is still to be rewritten"),
    )
    for column in metadata.tables[table].c
}
FOUND_BY = {("snapshot", "period"), ("snapshot", "timezone")}  # tested by themselves below


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """October in four editions: provisional, sealed, corrected, and asked again, in which every
    column is used: with mail that only the first saw, units above others, corrections with dates
    and without, and what the server said it is. Then one person was removed.
    """
    file = tmp_path_factory.mktemp("sealed") / "s.db"
    roster, outcomes = everything()
    with SnapshotStore.at(file) as store:
        collected(store, roster, now=DURING, outcomes=outcomes)
        gone = Activity("a@x.vn", AFTER)  # all that was there had been deleted for good
        collected(store, roster, now=AFTER, outcomes=[gone, *outcomes[1:]])
        store.correct(OCTOBER, 2, CORRECTIONS, now=LATER)
        retried = store.retry(OCTOBER, SOURCE, now=LATER)
        assert retried is not None
        retried.came_from(REPORTED)
        again = [o for o in outcomes if o.mailbox in retried.pending]
        retried.record([replace(o, detail="again") for o in again if isinstance(o, Unmeasured)])
        retried.finish(LATER, however_little=True)
        assert store.load(OCTOBER).edition == NEWEST_EDITION
    with closing(Removals(file)) as removals:
        removals.forget("u3@x.vn", sums_of, run_of, now=LATER)
    return file


def columns() -> Iterator[tuple[str, str]]:
    """Every column of every table that the store has."""
    for table in metadata.tables.values():
        for column in table.c:
            left_out = f"{table.name}.{column.name}" in NEITHER_DECIDES_NOR_IS_PRINTED
            if not left_out and (table.name, column.name) not in FOUND_BY:
                yield table.name, column.name


@pytest.mark.parametrize(("table", "column"), list(columns()))
def test_seal_covers_every_column(sealed: Path, tmp_path: Path, table: str, column: str) -> None:
    """One value changed past all triggers and checks, and the snapshot is not loaded any more;
    nor is it with an empty text where there was nothing, or the other way round.
    """
    file = tmp_path / "s.db"
    newest = f"{'id' if table == 'snapshot' else 'snapshot_id'} = {NEWEST_EDITION}"
    with closing(sqlite3.connect(sealed)) as connection:
        rows = connection.execute(
            f"SELECT rowid, {column} FROM {table} WHERE {newest}"  # noqa: S608
        ).fetchall()
    filled = [row for row in rows if row[1] not in (None, "")]
    empty = [row for row in rows if row[1] in (None, "")]
    assert filled or empty
    for number, value in [*filled[:1], *empty[:1]]:
        for other in others(value):
            copyfile(sealed, file)
            forge(file, f"UPDATE {table} SET {column} = ? WHERE rowid = {number}", other)  # noqa: S608
            assert is_refused(file), f"{value!r} -> {other!r}"


@pytest.mark.parametrize(
    ("column", "value", "period"),
    [
        ("period", "2026-11", OCTOBER.shifted(1)),
        ("timezone", "UTC", Period(OCTOBER.year, OCTOBER.month, "UTC")),
    ],
)
def test_seal_covers_the_period(
    sealed: Path, tmp_path: Path, column: str, value: str, period: Period
) -> None:
    """A snapshot does not pass for that of another month."""
    file = tmp_path / "s.db"
    copyfile(sealed, file)
    forge(file, f"UPDATE snapshot SET {column} = ? WHERE id = {NEWEST_EDITION}", value)  # noqa: S608
    assert is_refused(file, period)


def is_refused(file: Path, period: Period = OCTOBER) -> bool:
    """Whether the month is not loaded, for it was changed."""
    with SnapshotStore.at(file) as store, pytest.raises(StoreError) as refused:
        store.load(period)
    return "was changed after it was sealed" in str(refused.value)


def test_staff_list_alone_is_verified_too(sealed: Path, tmp_path: Path) -> None:
    """By the seal of the whole: a change of what a mailbox did shows as well."""
    file = tmp_path / "s.db"
    copyfile(sealed, file)
    with SnapshotStore.at(file) as store:
        assert store.roster(OCTOBER, NEWEST_EDITION) == store.load(OCTOBER).roster
    forge(file, f"UPDATE outcome SET detail = 'x' WHERE snapshot_id = {NEWEST_EDITION}")  # noqa: S608
    with (
        SnapshotStore.at(file) as store,
        pytest.raises(StoreError, match="was changed after it was sealed"),
    ):
        store.roster(OCTOBER, NEWEST_EDITION)


def others(value: object) -> Iterator[object]:
    """Values of the same kind that somebody might put in the place of one."""
    if isinstance(value, int):
        yield value + 99  # of no other row
    elif value is None:
        yield ""
        yield "2026-11-02T01:00:00+00:00"
    elif value == "":
        yield "x"
    else:
        assert isinstance(value, str)
        yield moved(value)


def moved(text: str) -> str:
    """Another day of the same form; of other texts another text."""
    try:
        return (datetime.fromisoformat(text) + timedelta(days=1)).isoformat()[: len(text)]
    except ValueError:
        other = text.translate({ord("1"): "2", ord("S"): "T"}) if text[-1] == "]" else text
        return other if other != text else f"{text}x"


def forge(file: Path, statement: str, *values: object) -> None:
    """Runs SQL on the file, with all that guards it taken away."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement, values)
        connection.commit()


@pytest.mark.parametrize("table", ["unit", "staff", "outcome", "correction"])
def test_seal_covers_every_row(sealed: Path, tmp_path: Path, table: str) -> None:
    """Rows taken away from the end of the snapshot are missed."""
    file = tmp_path / "s.db"
    copyfile(sealed, file)
    forge(
        file,
        f"DELETE FROM {table} WHERE rowid ="  # noqa: S608
        f" (SELECT max(rowid) FROM {table} WHERE snapshot_id = {NEWEST_EDITION})",
    )
    assert is_refused(file)


def test_seal_covers_that_there_are_no_corrections(sealed: Path, tmp_path: Path) -> None:
    """One that is forged into a sealed edition without any is noticed."""
    file = tmp_path / "s.db"
    with SnapshotStore.at(file) as store:
        collected(store)
        assert store.load(OCTOBER).corrections == ()
    forge(
        file,
        "INSERT INTO correction VALUES"
        " (1, 0, 1, 1, '0@x.vn', 'loại', 'x', NULL, NULL, 'r', 'd', 'a', '2026-11-02', 'c.csv:2')",
    )
    assert is_refused(file)


def test_corrections_of_a_sealed_edition_cannot_be_changed(sealed: Path, tmp_path: Path) -> None:
    """By a program that opens the file, either."""
    file = tmp_path / "s.db"
    copyfile(sealed, file)
    with closing(sqlite3.connect(file)) as connection:
        for statement in (
            "DELETE FROM correction",
            "UPDATE correction SET reason = 'x'",
            "INSERT INTO correction SELECT snapshot_id, 99, edition, fits, person, kind, value,"
            " status_from, status_to, reason, document, approved_by, approved_on, row"
            " FROM correction LIMIT 1",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="never changes"):
                connection.execute(statement)


def test_columns_that_are_left_out_have_a_reason() -> None:
    """And are columns of the store."""
    known = {
        f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.c
    }
    assert set(NEITHER_DECIDES_NOR_IS_PRINTED) <= known
    assert all(NEITHER_DECIDES_NOR_IS_PRINTED.values())
