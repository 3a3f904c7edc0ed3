"""Writes a finished file whole or not at all."""

import os
import tempfile
from pathlib import Path

from mailaudit.errors import N_, ConfigurationError


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
    except OSError as error:
        raise ConfigurationError(
            N_("{path} can't be written: {why}."),
            N_("Name a folder that can be written, or close the file where it is open."),
            path=path,
            why=error.strerror or type(error).__name__,
        ) from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
