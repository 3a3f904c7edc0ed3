"""What SQLite's errors mean to the owner of the file."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, IntegrityError

from mailaudit.errors import N_, StoreError, cause

# By primary result code.
_BY_CODE = {
    sqlite3.SQLITE_FULL: (
        N_("There is no room left to write the store {file}."),
        N_("Free some disk space and run again; what was stored stays."),
    ),
    sqlite3.SQLITE_READONLY: (
        N_("The store {file} can't be written."),
        N_("Give this account write access to the file and its folder."),
    ),
    sqlite3.SQLITE_CANTOPEN: (
        N_("The store {file} can't be opened."),
        N_("Check that its folder exists and this account may write there."),
    ),
    sqlite3.SQLITE_NOTADB: (
        N_("{file} is not a mailaudit store."),
        N_("Correct store.file in the configuration; the file was not touched."),
    ),
    sqlite3.SQLITE_CORRUPT: (
        N_("The store {file} is damaged."),
        N_("Restore it from a backup; nothing was overwritten."),
    ),
    sqlite3.SQLITE_BUSY: (
        N_("The store {file} is in use by another program."),
        N_("Close that program and run again."),
    ),
}


@contextmanager
def as_store_errors(file: Path) -> Iterator[None]:
    """Turns a database file's errors into StoreErrors; broken constraints are bugs and stay."""
    try:
        yield
    except IntegrityError:
        raise
    except PermissionError as error:
        raise store_error(file, sqlite3.SQLITE_CANTOPEN, error) from error
    except OSError as error:
        raise store_error(file, 0, cause(error)) from error
    except (DBAPIError, sqlite3.Error) as error:
        reported = error.orig if isinstance(error, DBAPIError) else error
        why = getattr(reported, "sqlite_errorname", type(reported).__name__)
        raise store_error(file, getattr(reported, "sqlite_errorcode", 0), why) from error


def store_error(file: Path, code: int, why: object = "") -> StoreError:
    """The StoreError for a result code of SQLite, primary or extended."""
    message, remedy = _BY_CODE.get(
        code & 0xFF,
        (N_("The store {file} can't be used: {why}."), N_("Check the disk it lies on.")),
    )
    return StoreError(message, remedy, file=file, why=why)
