"""Writes a finished file whole or not at all; removes those an earlier report left behind."""

import os
import tempfile
from collections.abc import Container
from pathlib import Path

from mailaudit.errors import N_, ConfigurationError, cause


def write_atomically(path: Path, content: bytes, *, private: bool = False) -> None:
    """Puts `content` at `path`; a reader, or a kill at any moment, sees the old file or the new.

    The file is readable as the user's umask says, or by its owner alone when `private`.

    Raises:
        ConfigurationError: The folder can't be made or written, or the disk is full.
    """
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        Path(temporary).chmod(0o600 if private else 0o666 & ~umask)
        Path(temporary).replace(path)
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
            Path(temporary).unlink(missing_ok=True)


def remove_others(folder: Path, kept: Container[Path], endings: tuple[str, ...]) -> None:
    """Removes the files in `folder`, not below it, that end so and are not among those kept.

    Raises:
        ConfigurationError: One of them can't be removed.
    """
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path in kept or path.suffix not in endings or not path.is_file():
            continue
        try:
            path.unlink()
        except OSError as error:
            raise ConfigurationError(
                N_("{path} is of an earlier report and can't be removed: {why}."),
                N_("Remove it, or close it where it is open, and run again."),
                path=path,
                why=cause(error),
            ) from error
