"""The ZIP file of a pack: written in one form only, and read without trust in what it says.

Files are stored as they are, not compressed: the same files give the same bytes whatever library
compresses elsewhere, and nothing small becomes large when it is read. Reading takes the whole file
into memory, at most MOST_BYTES, and puts nothing on the disk.
"""

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from mailaudit.errors import N_, PackError, Phrase

MOST_BYTES = 200 * 2**20
MOST_FILES = 20_000
LONGEST_NAME = 200
NAME = r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*"  # of a file in it

_EARLIEST = (1980, 1, 1, 0, 0, 0)  # what a ZIP file can name
_UNIX = 3
_NAME = re.compile(NAME)
_END = struct.Struct("<4s4H2LH")  # the end of the list of files, without a comment
_ENTRY_BYTES = 46  # of a file in that list, without its name
NO_PACK = N_("{file} is not a pack of mailaudit: {why}.")
REMEDY = N_("Ask whoever made it for the file as it was made.")


class _NoPack(Exception):
    """Why a file is not a pack, as a message id."""


_NO_ZIP = (  # what reading a damaged one raises
    BadZipFile,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    struct.error,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Archive:
    """What is in the file of a pack.

    Attributes:
        files: Content by name, of those that can be read.
        damaged: Names of files that do not hold what their place in the list says.
        is_as_written: Whether every byte is as `archive_of` these files writes it.
    """

    files: Mapping[str, bytes]
    damaged: tuple[str, ...]
    is_as_written: bool


def archive_of(files: Mapping[str, bytes]) -> bytes:
    """The ZIP file of these files, by their names; the same files give the same bytes.

    Raises:
        PackError: They are more than `read_archive` reads.
    """
    content = BytesIO()
    with ZipFile(content, "w", ZIP_STORED) as archive:
        for name in sorted(files):
            info = ZipInfo(name, _EARLIEST)
            info.create_system = _UNIX
            info.external_attr = 0o100644 << 16
            archive.writestr(info, files[name])
    if len(files) > MOST_FILES or content.tell() > MOST_BYTES:
        raise PackError(
            N_("The pack would be too large: {files} files, {size} MB."),
            N_("Leave formats out of report.formats, HTML first, and pack again."),
            files=len(files),
            size=content.tell() // 2**20,
        )
    return content.getvalue()


def read_archive(content: bytes, file: PurePath) -> Archive:
    """What is in a pack.

    Args:
        content: Of at most MOST_BYTES.
        file: What it is the content of.

    Raises:
        PackError: It is no ZIP file, or has what no pack has: compressed, encrypted or linked
            files, names that lead elsewhere, or too much of anything.
    """
    try:
        _refuse_other_files(content)
        with ZipFile(BytesIO(content)) as archive:
            infos = archive.infolist()
            _refuse_other_entries(infos, len(content))
            files = dict[str, bytes]()
            damaged = []
            for info in infos:
                try:
                    files[info.filename] = archive.read(info)
                except _NO_ZIP:
                    damaged.append(info.filename)
    except _NoPack as refusal:
        raise PackError(NO_PACK, REMEDY, file=file, why=Phrase(refusal)) from None
    except _NO_ZIP:
        why = Phrase(N_("its list of files can't be read"))
        raise PackError(NO_PACK, REMEDY, file=file, why=why) from None
    is_as_written = not damaged and archive_of(files) == content
    return Archive(files, tuple(damaged), is_as_written)


def refuse_size(size: int, file: PurePath) -> None:
    """Refuses a file that is larger than any pack, before it is read.

    Raises:
        PackError: It is.
    """
    if size > MOST_BYTES:
        raise PackError(NO_PACK, REMEDY, file=file, why=Phrase(N_("it is too large")))


def _refuse_other_files(content: bytes) -> None:
    """Refuses what can't be a pack by its end, before any list is read."""
    if not content.startswith(b"PK\x03\x04"):
        raise _NoPack(N_("it is not a ZIP file"))
    end = content[-_END.size :]
    if len(content) < _END.size or not end.startswith(b"PK\x05\x06") or end[-2:] != b"\0\0":
        raise _NoPack(N_("its end is missing, or something stands behind it"))
    _, _, _, _, count, size, _, _ = _END.unpack(end)
    is_huge = content[-_END.size - 20 : -_END.size].startswith(b"PK\x06\x07")  # ZIP64
    if is_huge or count > MOST_FILES or size > MOST_FILES * (_ENTRY_BYTES + LONGEST_NAME):
        raise _NoPack(N_("it lists too many files"))


def _refuse_other_entries(infos: list[ZipInfo], size: int) -> None:
    """Refuses what no pack has, by the list of files."""
    if len(infos) > MOST_FILES:
        raise _NoPack(N_("it lists too many files"))
    for info in infos:
        if not _NAME.fullmatch(info.filename) or len(info.filename) > LONGEST_NAME:
            raise _NoPack(N_("the name of a file in it leads elsewhere, or is too long"))
        if info.flag_bits & 1:
            raise _NoPack(N_("a file in it is encrypted"))
        if info.compress_type != ZIP_STORED or info.compress_size != info.file_size:
            raise _NoPack(N_("a file in it is compressed; it was zipped again"))
        if info.external_attr >> 28 not in (0, 0o10):  # anything but a regular file
            raise _NoPack(N_("a file in it is a link or a folder"))
    if len({info.filename.casefold() for info in infos}) < len(infos):
        raise _NoPack(N_("two files in it have one name"))
    if sum(info.file_size for info in infos) > size:
        raise _NoPack(N_("files in it share their content"))
