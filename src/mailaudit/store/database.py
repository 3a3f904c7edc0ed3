"""One SQLite file: opened to read or to write, brought to the newest schema before its use."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path, PurePath
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from mailaudit.store.lock import WriterLock
from mailaudit.store.schema import NEWEST, migrate, revision_of
from mailaudit.store.sqlite_errors import as_store_errors, store_error
from mailaudit.store.tables import unerased

BUSY_TIMEOUT_S = 10.0
CACHE_KIB = 512  # SQLite's own, 2000, makes nothing here faster, and fills as the staff list grows
WRITES = "mailaudit_writes"  # an execution option of connections
SMALLEST = 512  # bytes of a database: its smallest page


class Database:
    """Transactions on one file, which is not opened before the first of them."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._lock = WriterLock(file)
        self._engine: Engine | None = None
        self._writable = False

    @contextmanager
    def reading(self) -> Iterator[Connection | None]:
        """A transaction that reads one state of the file; None where there is nothing to read.

        Raises:
            StoreError: The file can't be read, or is not a store this mailaudit knows.
        """
        if self._engine is None:
            if not self._holds_something():
                yield None
                return
            self._engine = open_engine(self.file, writing=False)
        with as_store_errors(self.file), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is committed as a whole or not at all; creates the file.

        Raises:
            StoreError: The file can't be written, or another process is writing it.
        """
        engine = self._writable_engine().execution_options(**{WRITES: True})
        with as_store_errors(self.file), engine.begin() as connection:
            yield connection

    @contextmanager
    def adding(self) -> Iterator[Connection]:
        """A short transaction that only adds to the file, also while another process collects.

        Raises:
            StoreError: There is no store yet, or it can't be written.
        """
        if self._engine is None and not self._holds_something():
            raise store_error(self.file, sqlite3.SQLITE_CANTOPEN)
        engine = open_engine(self.file, writing=True)
        try:
            adding = engine.execution_options(**{WRITES: True})
            with as_store_errors(self.file), adding.begin() as connection:
                yield connection
        finally:
            engine.dispose()

    def erase(self) -> bool:
        """Rewrites the file without anything that was removed from it, where that is to be done.

        Whether it is done: not while another process reads the file as it was.

        Raises:
            StoreError: The file can't be written, or another process is writing it.
        """
        self.close()
        engine = self._writable_engine()  # which does it in opening
        with as_store_errors(self.file), engine.begin() as connection:
            return not _is_unerased(connection)

    def close(self) -> None:
        """Closes the file and lets other processes write."""
        if self._engine is not None:
            self._engine.dispose()
        self._engine, self._writable = None, False
        self._lock.release()

    def _writable_engine(self) -> Engine:
        if self._engine is not None and self._writable:
            return self._engine
        self.close()
        refuse_other_content(self.file)
        if self.file.is_file():
            _revision(self.file)  # of another program's file nothing is locked
        self._lock.acquire()
        engine = open_engine(self.file, writing=True)
        try:
            _make_private(self.file)
            with as_store_errors(self.file), engine.begin() as connection:
                migrate(connection, self.file)
            with as_store_errors(self.file), closing(engine.raw_connection()) as raw:
                # Readers and the writer do not wait for each other in this mode. It is a property
                # of the file, and can't be set inside a transaction.
                raw.cursor().execute("PRAGMA journal_mode = WAL")
            _erase(engine, self.file)
        except BaseException:
            engine.dispose()
            self._lock.release()
            raise
        self._engine, self._writable = engine, True
        return engine

    def _holds_something(self) -> bool:
        """Whether there is a schema to read; an older one is migrated first."""
        if not self.file.exists():
            return False
        refuse_other_content(self.file)
        revision = _revision(self.file)
        if revision is not None and revision != NEWEST:
            self._writable_engine()
            self.close()
        return revision is not None


def _revision(file: Path) -> str | None:
    """The schema revision of the file; None for an empty one.

    Raises:
        StoreError: It is no database, damaged, or another program's.
    """
    engine = open_engine(file, writing=False)
    try:
        with as_store_errors(file), engine.begin() as connection:
            return revision_of(connection, file)
    finally:
        engine.dispose()


def refuse_other_content(file: Path) -> None:
    """Raises StoreError for a file that is neither empty nor a database.

    SQLite finds that out by itself, except for a file shorter than its own header: that it takes
    for an empty database and overwrites. A database is not opened here: on POSIX, who closes a file
    gives up all locks that the process has on it, those of SQLite's open connections too.
    """
    with as_store_errors(file):
        if file.is_file() and 0 < file.stat().st_size < SMALLEST:
            raise store_error(file, sqlite3.SQLITE_NOTADB)


def _is_unerased(connection: Connection) -> bool:
    return connection.scalar(select(unerased.c.since).limit(1)) is not None


def _erase(engine: Engine, file: Path) -> None:
    """Rewrites the file, and empties the log beside it, where a removal was not ended so.

    Until then the removed rows stand in the pages of the file that the log is about to replace, or
    in free ones. A process that reads the file as it was keeps them there: then the next one that
    writes does it.
    """
    with as_store_errors(file), engine.begin() as connection:
        if not _is_unerased(connection):
            return
    with as_store_errors(file), closing(engine.raw_connection()) as raw:
        cursor = raw.cursor()
        cursor.execute("VACUUM")
        is_busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not is_busy:
            cursor.execute("DELETE FROM unerased")


def _make_private(file: Path) -> None:
    """Creates the file, empty, for its owner alone: it names people. SQLite's helper files follow.

    A file that is there keeps the access its owner gave it.
    """
    with as_store_errors(file), contextlib.suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def sqlite_uri(file: PurePath) -> str:
    r"""The URI of an absolute path as SQLite takes it.

    SQLite refuses one with a host in it, which is what `as_uri` makes of `\\server\share`.
    """
    path = quote(file.as_posix(), safe="/:")
    return f"file://{path if path.startswith('/') else '/' + path}"


def open_engine(file: Path, *, writing: bool) -> Engine:
    """An engine on the file, which is created when `writing`; nothing is touched before its use.

    Reading works where nothing may be written: a folder without write access, in which SQLite
    could not create its helper files, is read as it lies.
    """
    mode = "rwc" if writing else "rw"
    if not writing and not (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)):
        beside = file.with_name(file.name + "-wal")
        mode = "ro" if beside.exists() else "ro&immutable=1"
    uri = f"{sqlite_uri(file.absolute())}?mode={mode}"

    def connect() -> sqlite3.Connection:
        # isolation_level=None: transactions begin where SQLAlchemy says so, for schema changes too.
        # The pool gives a connection to one thread at a time.
        return sqlite3.connect(
            uri,
            uri=True,
            timeout=BUSY_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=False,
        )

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        connection.execute("PRAGMA foreign_keys = ON")
        # FULL: what was reported as stored survives a power cut too. It costs one flush a batch
        # of outcomes, about one a second.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")  # negative: KiB instead of pages

    def begin(connection: Connection) -> None:
        # Who will write waits for others at the beginning: later, what it read is out of date.
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine, "begin", begin)
    return engine
