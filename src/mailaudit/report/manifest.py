"""The list of a report's files that lies beside it: by it, the next run knows what to remove.

It has the form of `sha256sum`. A file that somebody changed, put there or linked to is not on it as
it is now, and stays.
"""

import re
from collections.abc import Container, Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path, PurePosixPath

from mailaudit.errors import N_, ConfigurationError, cause
from mailaudit.model.audience import Audience
from mailaudit.report.filenames import UNITS_FOLDER
from mailaudit.report.files import write_atomically

Entry = tuple[str, str]  # SHA-256 in hex, and the path below the folder with "/" in it

_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
_OF_EDITIONS = re.compile(r"-corrections-\d+\.|-edition-\d+|-reconciliation-")
_PRIVATE = re.compile(rf"-(?:{Audience.LEADER}|{Audience.IT})\b")


def write_report(
    folder: Path, stem: str, contents: Mapping[Path, bytes], *, private: bool
) -> tuple[Path, ...]:
    """Writes the files of a report, and removes those that the one before it wrote and it does not.

    Args:
        stem: What the names of its files and of its folder begin with.
        contents: By path below `folder`.

    Returns:
        Files of that one which are left because they are not as it wrote them.

    Raises:
        ConfigurationError: A file can't be written or removed.
    """
    entries = {
        (sha256(content).hexdigest(), path.relative_to(folder).as_posix())
        for path, content in contents.items()
    }
    earlier = _read(folder, stem)
    # First the list, of both: killed at any moment, every file there is on it.
    _write(folder, stem, entries | earlier, private=private)
    for path, content in contents.items():
        write_atomically(path, content, private=private)
    left = {
        folder / name
        for digest, name in earlier
        if folder / name not in contents and not _removed(folder, name, digest)
    }
    _write(folder, stem, entries, private=private)
    return tuple(sorted(path for path in left if path.exists()))


def digest_of_list(folder: Path, stem: str) -> str:
    """The SHA-256 (hex) of the list of a report's files that lies beside them."""
    return sha256(_manifest(folder, stem).read_bytes()).hexdigest()


def others(folder: Path, stem: str, month: str, kept: Container[Path]) -> Iterator[Path]:
    """Files this report did not write that a reader may take for part of it.

    They are those with its name, and those in the folder of its units' pages; beside a report for
    the public (whose stem is `month`) every other public one of the month. What names an
    edition, or two that it compares, stays true.
    """
    own = re.compile(re.escape(stem) + r"(-annex|-brief|-pack)?\.[^.]+")
    for path in sorted(folder.glob(f"{month}*")):
        is_public = not _PRIVATE.match(path.name.removeprefix(month))
        if path in kept or path.name == stem or _OF_EDITIONS.search(path.name):
            continue
        if own.fullmatch(path.name) or (stem == month and is_public):
            yield path
    pages = folder / stem / UNITS_FOLDER
    if not _has_link(folder, pages) and pages.is_dir():
        yield from (path for path in sorted(pages.iterdir()) if path not in kept)


def _manifest(folder: Path, stem: str) -> Path:
    return folder / f".{stem}.sha256"


def _read(folder: Path, stem: str) -> set[Entry]:
    """What the list says, as far as it is below the folder; nothing where there is none."""
    try:
        text = _manifest(folder, stem).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return set()
    found = (match for line in text.splitlines() if (match := _LINE.fullmatch(line)))
    return {
        (match[1], match[2])
        for match in found
        if match[2].startswith(stem) and ".." not in PurePosixPath(match[2]).parts
    }


def _write(folder: Path, stem: str, entries: set[Entry], *, private: bool) -> None:
    lines = sorted(entries, key=lambda entry: entry[::-1])
    text = "".join(f"{digest}  {name}\n" for digest, name in lines)
    write_atomically(_manifest(folder, stem), text.encode(), private=private)


def _removed(folder: Path, name: str, digest: str) -> bool:
    """Removes a file that is as it was written, and the folders left empty; else leaves it."""
    path = folder / name
    try:
        if _has_link(folder, path) or sha256(path.read_bytes()).hexdigest() != digest:
            return False
        path.unlink()
    except FileNotFoundError:
        return True
    except OSError as error:
        raise ConfigurationError(
            N_("{path} is of an earlier report and can't be removed: {why}."),
            N_("Remove it, or close it where it is open, and run again."),
            path=path,
            why=cause(error),
        ) from error
    for parent in path.parents:
        if parent == folder:
            break
        with suppress(OSError):  # not empty
            parent.rmdir()
    return True


def _has_link(folder: Path, path: Path) -> bool:
    """Whether the way from the folder to the path leads over a symbolic link."""
    parts = path.relative_to(folder).parts
    return any(folder.joinpath(*parts[: end + 1]).is_symlink() for end in range(len(parts)))
