"""The file below the store: seals, locks, other people's files, full disks, killed processes."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, event, inspect
from store_builders import AFTER, OCTOBER, SOURCE, a_roster, collected, outcomes_of

from mailaudit.errors import StoreError
from mailaudit.model.outcome import DayActivity, Reason, Unmeasured
from mailaudit.store import SnapshotStore
from mailaudit.store.database import sqlite_uri
from mailaudit.store.schema import NEWEST, VERSION_TABLE
from mailaudit.store.tables import metadata


def a_store_file(folder: Path) -> Path:
    """A store with a sealed October of three mailboxes."""
    file = folder / "s.db"
    with SnapshotStore.at(file) as store:
        collected(store)
    return file


def execute(file: Path, *statements: str) -> None:
    """Runs SQL on the file past the store."""
    with closing(sqlite3.connect(file)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def fingerprint(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE snapshot SET cut_off_at = '2026-11-03T00:00:00+00:00'",
        "UPDATE snapshot SET sealed_at = NULL, digest = NULL",
        "DELETE FROM snapshot",
        "UPDATE unit SET name = 'other'",
        "DELETE FROM unit",
        "INSERT INTO unit VALUES (1, 'B', 1, 'B', 'G', NULL, '', '')",
        "UPDATE staff SET status = 'other'",
        "DELETE FROM staff",
        "INSERT INTO staff VALUES (1, 'k9', 9, 'A', NULL, '', '', '', NULL, NULL, '', '', '', '')",
        "UPDATE outcome SET days = '[]'",
        "DELETE FROM outcome",
        "INSERT INTO outcome VALUES"
        " (1, '9@x.vn', 'now', '[]', NULL, NULL, NULL, NULL, NULL, NULL, '')",
    ],
)
def test_sealed_snapshot_refuses_every_change(tmp_path: Path, statement: str) -> None:
    """Not even SQL past the program changes a row of a sealed snapshot."""
    file = a_store_file(tmp_path)
    with pytest.raises(sqlite3.IntegrityError, match="sealed snapshot never changes"):
        execute(file, statement)


def test_sealed_snapshot_takes_no_rows_from_an_open_one(tmp_path: Path) -> None:
    """Rows of an open snapshot can't be moved into a sealed one."""
    file = a_store_file(tmp_path)
    with SnapshotStore.at(file) as store:
        store.begin(OCTOBER.shifted(-1), a_roster(9), SOURCE, now=AFTER)
    with pytest.raises(sqlite3.IntegrityError, match="sealed snapshot never changes"):
        execute(file, "UPDATE staff SET snapshot_id = 1 WHERE snapshot_id = 2 AND key = 'k8'")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE outcome SET days = '[[5,2]]' WHERE mailbox = '1@x.vn'",
        "UPDATE staff SET status = 'thai sản' WHERE key = 'k1'",
        "UPDATE unit SET group_name = 'other'",
        "DELETE FROM staff WHERE key = 'k2'",
    ],
)
def test_forged_snapshot_is_found_out(tmp_path: Path, change: str) -> None:
    """With the triggers taken away by force, the digest still shows it."""
    file = a_store_file(tmp_path)
    with closing(sqlite3.connect(file)) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        drops = [f"DROP TRIGGER {name}" for (name,) in triggers.fetchall()]
    execute(file, *drops, change)
    with (
        SnapshotStore.at(file) as store,
        pytest.raises(StoreError, match="changed after it was sealed"),
    ):
        store.load(OCTOBER)


@pytest.mark.parametrize(
    "values",
    [
        "'now', NULL, NULL, NULL, NULL",  # neither
        "'now', '[]', NULL, 'timed out', ''",  # both
        "'now', NULL, 'then', 'timed out', ''",  # unmeasured, yet something sent
        "'now', NULL, NULL, 'timed out', NULL",  # half an unmeasured
    ],
)
def test_outcome_is_activity_or_unmeasured(tmp_path: Path, values: str) -> None:
    """The table itself refuses what is neither or both."""
    file = tmp_path / "s.db"
    with SnapshotStore.at(file) as store:
        store.begin(OCTOBER, a_roster(), SOURCE, now=AFTER)
    with pytest.raises(sqlite3.IntegrityError, match="activity_or_unmeasured"):
        execute(
            file,
            f"INSERT INTO outcome VALUES (1, '0@x.vn', {values}, NULL, NULL, NULL, '')",  # noqa: S608
        )


def test_migrations_lead_to_the_tables_the_code_uses(tmp_path: Path) -> None:
    """What the migrations build and what the code believes do not differ in anything."""
    file = a_store_file(tmp_path)
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == NEWEST
        inspector = inspect(connection)
        for table in metadata.tables.values():  # which compare_metadata does not compare
            checks = {check["name"] for check in inspector.get_check_constraints(table.name)}
            assert checks == {
                constraint.name
                for constraint in table.constraints
                if type(constraint).__name__ == "CheckConstraint"
            }
            assert len(inspector.get_foreign_keys(table.name)) == len(table.foreign_key_constraints)
    engine.dispose()


def test_older_store_is_brought_up_to_date(tmp_path: Path) -> None:
    """A snapshot sealed under the first schema loads under its old digest, and can be retried."""
    file = tmp_path / "s.db"
    engine = create_engine(f"sqlite:///{file}")
    config = Config()
    config.set_main_option("script_location", "mailaudit.store:migrations")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    form = [
        '{"groups":["G"],"period":"2026-10","roster_digest":"d","timezone":"Asia/Ho_Chi_Minh"}',
        '{"code":"A","group_name":"G","name":"A"}',
        '{"key":"k","mailbox":"0@x.vn","row":"r:0","unit_code":"A"}',
        '{"mailbox":"0@x.vn","observed_at":"2026-11-02T01:00:00+00:00","reason":"timed out"}',
    ]
    digest = sha256("".join(f"{line}\n" for line in form).encode()).hexdigest()
    moment = "2026-11-02T01:00:00+00:00"
    statements = [
        "INSERT INTO snapshot VALUES (1, '2026-10', 'Asia/Ho_Chi_Minh', 1,"
        " 'MOMENT', NULL, '[\"G\"]', 'd', 'ews', 'h', 'v', 'a', '0', NULL)",
        "INSERT INTO unit VALUES (1, 'A', 0, 'A', 'G', NULL, '', '')",
        "INSERT INTO staff VALUES (1, 'k', 0, 'A', '0@x.vn', '', '', '', NULL, NULL, 'r:0')",
        "INSERT INTO outcome VALUES (1, '0@x.vn', 'MOMENT', NULL, NULL, 'timed out', '')",
        "UPDATE snapshot SET sealed_at = 'MOMENT', digest = 'DIGEST'",
    ]
    execute(file, *(s.replace("MOMENT", moment).replace("DIGEST", digest) for s in statements))
    with SnapshotStore.at(file) as store:
        old = store.load(OCTOBER)
        assert (old.digest, old.digest_version) == (digest, 1)
        collection = store.retry(OCTOBER, SOURCE, now=AFTER)
        assert collection is not None
        assert list(collection.pending) == ["0@x.vn"]
        collection.record([Unmeasured("0@x.vn", AFTER, Reason.SERVER_BUSY)])
        collection.finish(AFTER, however_little=True)
        assert store.load(OCTOBER).digest_version == 2


def test_store_is_in_wal_mode(tmp_path: Path) -> None:
    """So that reports are made while another month is collected."""
    file = a_store_file(tmp_path)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_store_is_read_while_it_is_written(tmp_path: Path) -> None:
    """A reader sees the finished month and needs no lock."""
    file = a_store_file(tmp_path)
    with SnapshotStore.at(file) as writer, SnapshotStore.at(file) as reader:
        november = OCTOBER.shifted(1)
        collection = writer.begin(november, a_roster(), SOURCE, now=AFTER)
        assert reader.load(OCTOBER).sealed_at is not None
        collection.record(outcomes_of(["0@x.vn"], november))
        with pytest.raises(StoreError, match="1 of 3"):
            reader.load(november)


def test_second_collection_into_a_store_is_refused_at_once(tmp_path: Path) -> None:
    """The second one is reported, and may begin when the first is done."""
    file = tmp_path / "s.db"
    with SnapshotStore.at(file) as first, SnapshotStore.at(file) as second:
        collection = first.begin(OCTOBER, a_roster(), SOURCE, now=AFTER)
        started = time.monotonic()
        with pytest.raises(StoreError, match=r"Another mailaudit is collecting into .*s\.db"):
            second.begin(OCTOBER, a_roster(), SOURCE, now=AFTER)
        assert time.monotonic() - started < 1
        collection.record(outcomes_of(collection.pending))
        collection.finish(AFTER)
        assert list(second.begin(OCTOBER, a_roster(), SOURCE, now=AFTER).pending) == []


COLLECTING = """
import sys, time
sys.path.insert(0, {tests!r})
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from store_builders import *
with SnapshotStore.at(Path({file!r})) as store:
    collection = store.begin(OCTOBER, a_roster(50_000), SOURCE, now=AFTER)
    pending = collection.pending
    for n in range(0, 50_000, 10):
        collection.record(outcomes_of(pending[n:n + 10]))
        print(n + 10, flush=True)
"""


@contextmanager
def a_collecting_process(file: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that collects 50,000 mailboxes, telling what it has stored."""
    code = COLLECTING.format(tests=str(Path(__file__).parent), file=str(file))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as other:
        try:
            yield other
        finally:
            other.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_killed_collection_loses_nothing_it_stored(tmp_path: Path) -> None:
    """kill -9 while writing: the lock is free, and every batch reported as stored is there."""
    file = tmp_path / "s.db"
    reported = 0
    with a_collecting_process(file) as other:
        assert other.stdout is not None
        for line in other.stdout:
            reported = int(line)
            if reported >= 300:
                break
        with SnapshotStore.at(file) as store, pytest.raises(StoreError, match="Another"):
            store.begin(OCTOBER, a_roster(), SOURCE, now=AFTER)
        other.send_signal(signal.Signals["SIGKILL"])
        reported = max([reported, *(int(line) for line in other.stdout)])
        other.wait()
    with SnapshotStore.at(file) as store:
        pending = store.begin(OCTOBER, a_roster(50_000), SOURCE, now=AFTER).pending
    stored = 50_000 - len(pending)

    assert reported <= stored < 50_000
    assert stored - reported <= 10
    assert stored % 10 == 0
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_store_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    """An unknown schema revision: update mailaudit; the file is as it was."""
    file = a_store_file(tmp_path)
    execute(file, f"UPDATE {VERSION_TABLE} SET version_num = '9999'")  # noqa: S608
    before = fingerprint(file)
    with SnapshotStore.at(file) as store:
        with pytest.raises(StoreError, match=r"s\.db was written by a newer mailaudit .*9999"):
            store.load(OCTOBER)
        with pytest.raises(StoreError, match="newer mailaudit"):
            store.begin(OCTOBER, a_roster(), SOURCE, now=AFTER)
    assert fingerprint(file) == before


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"mailbox,unit\n" * 500, "is not a mailaudit store"),
        (b"x", "is not a mailaudit store"),
    ],
)
def test_file_that_is_no_database_is_left_alone(tmp_path: Path, content: bytes, words: str) -> None:
    """A path typed wrongly costs no file."""
    file = tmp_path / "roster.csv"
    file.write_bytes(content)
    with SnapshotStore.at(file) as store:
        with pytest.raises(StoreError, match=words):
            store.load(OCTOBER)
        with pytest.raises(StoreError, match=words):
            store.begin(OCTOBER, a_roster(), SOURCE, now=AFTER)
    assert file.read_bytes() == content
    assert list(tmp_path.iterdir()) == [file]


def test_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    """SQLite files of others are recognised by their tables."""
    file = tmp_path / "places.sqlite"
    execute(file, "CREATE TABLE bookmark (url TEXT)")
    before = fingerprint(file)
    with SnapshotStore.at(file) as store:
        with pytest.raises(StoreError, match="another program"):
            store.load(OCTOBER)
        with pytest.raises(StoreError, match="another program"):
            store.begin(OCTOBER, a_roster(), SOURCE, now=AFTER)
    assert fingerprint(file) == before


def test_damaged_store_is_reported_and_left_alone(tmp_path: Path) -> None:
    """Pages overwritten by chance: an error that names the file, and nothing is written."""
    file = tmp_path / "s.db"
    with SnapshotStore.at(file) as store:
        collected(store, a_roster(2000))
    content = bytearray(file.read_bytes())
    for page in range(8, len(content) // 4096):
        content[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    file.write_bytes(content)
    with SnapshotStore.at(file) as store, pytest.raises(StoreError, match=r"s\.db is damaged"):
        store.load(OCTOBER)
    assert file.read_bytes() == content


def test_unreadable_value_is_reported_as_damage(tmp_path: Path) -> None:
    """A sound database with senseless content is damaged too, not a bug."""
    file = tmp_path / "s.db"
    with SnapshotStore.at(file) as store:
        collection = store.begin(OCTOBER, a_roster(1), SOURCE, now=AFTER)
        collection.record(outcomes_of(collection.pending))
    too_many = json.dumps([[5, *[1] * len(DayActivity._fields)]])
    for content in ("[[5,", "[[99,1]]", too_many, "5"):
        execute(file, f"UPDATE outcome SET days = '{content}'")  # noqa: S608
        with SnapshotStore.at(file) as store, pytest.raises(StoreError, match="is damaged"):
            store.load(OCTOBER)


def test_missing_folder_is_reported_and_not_created(tmp_path: Path) -> None:
    """A folder typed wrongly is not made up."""
    file = tmp_path / "none" / "s.db"
    with SnapshotStore.at(file) as store:
        with pytest.raises(StoreError, match="folder"):
            store.begin(OCTOBER, a_roster(), SOURCE, now=AFTER)
        with pytest.raises(StoreError, match="collect"):
            store.load(OCTOBER)
    assert not file.parent.exists()


def test_folder_in_place_of_the_file_is_reported(tmp_path: Path) -> None:
    """store.file may name a folder by mistake."""
    with SnapshotStore.at(tmp_path) as store:
        with pytest.raises(StoreError, match="can't be opened"):
            store.load(OCTOBER)
        with pytest.raises(StoreError, match="can't be opened"):
            store.begin(OCTOBER, a_roster(), SOURCE, now=AFTER)


def test_full_disk_keeps_what_was_stored(tmp_path: Path) -> None:
    """SQLite runs out of room in mid-collection: one message, and the batches before it stay."""
    file = tmp_path / "s.db"

    def limit(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA max_page_count = 60")

    event.listen(Engine, "connect", limit)
    recorded = 0
    try:
        with SnapshotStore.at(file) as store:
            collection = store.begin(OCTOBER, a_roster(100), SOURCE, now=AFTER)
            with pytest.raises(StoreError, match=r"no room left to write the store .*s\.db"):
                for mailbox in collection.pending:
                    fault = Unmeasured(mailbox, AFTER, Reason.MALFORMED_ANSWER, "x" * 9000)
                    collection.record([fault])
                    recorded += 1
    finally:
        event.remove(Engine, "connect", limit)
    assert 0 < recorded < 100
    with SnapshotStore.at(file) as store:
        pending = store.begin(OCTOBER, a_roster(100), SOURCE, now=AFTER).pending
        assert len(pending) == 100 - recorded


UNPRIVILEGED = """
import os, sys
sys.path.insert(0, {tests!r})
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from store_builders import *
from mailaudit.errors import StoreError
with SnapshotStore.at(Path({file!r})) as store:
    store.load(OCTOBER)  # loads every module that only the administrator may read
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
with SnapshotStore.at(Path({file!r})) as store:
    print(len(store.load(OCTOBER).outcomes))
    try:
        store.begin(OCTOBER.shifted(1), a_roster(), SOURCE, now=AFTER)
    except StoreError as error:
        print(error)
"""


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has such modes")
def test_store_without_write_access_can_be_read() -> None:
    """An archived store is read where it lies; collecting into it is refused."""
    with tempfile.TemporaryDirectory() as name:
        file = a_store_file(Path(name))
        file.with_name("s.db.lock").unlink()
        file.chmod(0o444)
        file.parent.chmod(0o555)
        before = fingerprint(file)
        code = UNPRIVILEGED.format(tests=str(Path(__file__).parent), file=str(file))
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        file.parent.chmod(0o755)
        assert fingerprint(file) == before
    assert ran.stderr == ""
    loaded, refusal = ran.stdout.splitlines()

    assert loaded == "3"
    assert str(file) in refusal
    assert "write access" in refusal


@pytest.mark.skipif(os.name != "posix", reason="the modes of files are POSIX's")
def test_store_is_its_owners_alone(tmp_path: Path) -> None:
    """It names people and what they did; nobody else on the computer may read it."""
    before = os.umask(0o022)
    try:
        with SnapshotStore.at(tmp_path / "store.db") as store:
            store.begin(OCTOBER, a_roster(), SOURCE, now=AFTER)
            modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert {mode for name, mode in modes.items() if not name.endswith(".lock")} == {0o600}


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        (PurePosixPath("/srv/kiểm tra/100%?.db"), "file:///srv/ki%E1%BB%83m%20tra/100%25%3F.db"),
        (PureWindowsPath(r"C:\Users\an\#1.db"), "file:///C:/Users/an/%231.db"),
        (PureWindowsPath(r"\\server\share\m.db"), "file:////server/share/m.db"),
    ],
)
def test_uri_of_a_store_is_one_sqlite_takes(file: PurePath, uri: str) -> None:
    """A network share too: SQLite refuses `file://server/…`."""
    assert sqlite_uri(file) == uri
