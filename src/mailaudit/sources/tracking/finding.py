"""Finds the logs in the servers' folders, and what lies there that is no log."""

import gzip
import os
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mailaudit.sources.tracking.damage import Damage, DamagedLogError, Fault
from mailaudit.sources.tracking.names import read_name
from mailaudit.sources.tracking.opening import LogFile, blocks_of

_MAY_BE_EXPORTS = (".csv", ".log", ".txt")  # what other files are looked into
_MOST_STRAYS = 100  # looked into: a folder of something else may have any number


@dataclass(frozen=True, slots=True)
class Stray:
    """A file or folder that can't be used as it is."""

    server: str
    path: Path
    damage: Damage


@dataclass(frozen=True, slots=True)
class Found:
    """What the folders hold.

    Attributes:
        logs: In the order of their hours.
        strays: What should be looked at; other files there are of no interest.
    """

    logs: tuple[LogFile, ...]
    strays: tuple[Stray, ...]


def find_logs(folders: Mapping[str, Path]) -> Found:
    """Looks through the folder of each server, by name, and below it; opens archives only."""
    logs: list[LogFile] = []
    strays: list[Stray] = []
    for server, folder in folders.items():
        for found in _found_in(server, folder):
            if isinstance(found, LogFile):
                logs.append(found)
            elif len(strays) < _MOST_STRAYS:
                strays.append(found)
    logs.sort(key=lambda log: (log.name.first_hour, log.name, log.server, log.place))
    return Found(tuple(logs), tuple(strays))


def _found_in(server: str, folder: Path) -> Iterator[LogFile | Stray]:
    unreadable: list[OSError] = []
    looked_into = 0
    for parent, folders, names in os.walk(folder, onerror=unreadable.append):
        folders.sort()
        for name in sorted(names):
            path = Path(parent, name)
            plain = name.lower().removesuffix(".gz")
            if (log := read_name(plain)) is not None:
                try:
                    yield LogFile(server, path, "", log, path.stat().st_size)
                except OSError as gone:  # meanwhile, as old logs go
                    unreadable.append(gone)
            elif name.lower().endswith(".zip"):
                yield from _in_archive(server, path)
            elif plain.endswith(_MAY_BE_EXPORTS) and looked_into < _MOST_STRAYS:
                looked_into += 1
                yield from _looked_into(server, path)
    for error in unreadable:
        detail = error.strerror or type(error).__name__
        place = Path(error.filename or folder)
        yield Stray(server, place, Damage(Fault.UNREADABLE, detail=detail))


def _in_archive(server: str, path: Path) -> Iterator[LogFile | Stray]:
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                name = member.filename.replace("\\", "/").rpartition("/")[2]
                if (log := read_name(name)) is not None:
                    yield LogFile(server, path, member.filename, log, member.file_size)
    except zipfile.BadZipFile:
        yield Stray(server, path, Damage(Fault.UNREADABLE, detail="damaged archive"))
    except OSError as error:
        detail = error.strerror or type(error).__name__
        yield Stray(server, path, Damage(Fault.UNREADABLE, detail=detail))


def _looked_into(server: str, path: Path) -> Iterator[Stray]:
    """Says of a file with another name whether it is an export, or a log whose name was changed."""
    from mailaudit.sources.tracking.rows import rows_of  # takes memory, and is seldom needed

    blocks = blocks_of(path)
    try:
        head = next(blocks, b"")
        blocks.close()
        next(rows_of([head[: head.rfind(b"\n") + 1]]), None)
    except DamagedLogError as error:
        if error.damage.fault is Fault.EXPORT:
            yield Stray(server, path, error.damage)
    except (OSError, EOFError, zlib.error, gzip.BadGzipFile):
        return
    else:
        yield Stray(server, path, Damage(Fault.OTHER_NAME))
