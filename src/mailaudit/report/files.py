"""Writes a finished file whole or not at all; takes away what a killed run left unfinished."""

import os
import stat
import sys
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

from mailaudit.errors import N_, ConfigurationError, cause

if sys.platform != "win32":  # there, nobody can remove a file that is open
    import fcntl

UNFINISHED = ".mailaudit-part"  # how the names of unfinished files end


def write_atomically(path: Path, content: bytes, *, private: bool = False) -> None:
    """Puts `content` at `path`; a reader, or a kill at any moment, sees the old file or the new.

    The file is readable as the user's umask says, or by its owner alone when `private`. Unfinished
    files of killed runs in the same folder are removed.

    Raises:
        ConfigurationError: The folder can't be made or written, or the disk is full.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_unfinished(path.parent)
        handle, temporary = _unfinished(path)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            temporary.chmod(0o600 if private else 0o666 & ~_umask())
            if sys.platform != "win32":  # while it is open, and locked as this process's own
                temporary.replace(path)
        if sys.platform == "win32":
            temporary.replace(path)
    except (FileExistsError, NotADirectoryError) as error:
        in_the_way = next((one for one in path.parents if one.is_file()), path.parent)
        raise ConfigurationError(
            N_("{path} is a file, not a folder."), N_("Name a folder."), path=in_the_way
        ) from error
    except OSError as error:
        raise ConfigurationError(
            N_("{path} can't be written: {why}."),
            N_("Name a folder that can be written, or close the file where it is open."),
            path=path,
            why=cause(error),
        ) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask


def _unfinished(path: Path) -> tuple[int, Path]:
    """A new file beside `path`, open and locked: the lock says that its process lives."""
    while True:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=UNFINISHED)
        # Another run may have taken it for left behind between its making and its lock.
        if _locked(handle) and (sys.platform == "win32" or os.fstat(handle).st_nlink > 0):
            return handle, Path(name)
        os.close(handle)


def _locked(handle: int) -> bool:
    """Whether the file is this process's now; a file system without locks makes it nobody's."""
    if sys.platform != "win32":
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True
    return True


@cache
def _remove_unfinished(folder: Path) -> None:
    """Removes what killed runs left in a folder, once; what a live process writes stays."""
    for path in folder.glob(f".*{UNFINISHED}"):
        with suppress(OSError):  # of another account: its own next run removes it
            if stat.S_ISREG(path.lstat().st_mode) and not _is_being_written(path):
                path.unlink()


def _is_being_written(path: Path) -> bool:
    if sys.platform != "win32":  # there, to remove it would fail
        handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(handle)
    return False
