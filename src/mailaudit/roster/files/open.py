"""Opening a list: what kind of file it is by its content, whatever its name ends in; its sheets."""

import io
import zipfile
from pathlib import Path

from mailaudit.errors import N_, RosterError, cause
from mailaudit.roster.files.bounds import BAD_PACKAGE, MOST_BYTES
from mailaudit.roster.files.csvfile import csv_sheets
from mailaudit.roster.files.sheet import FileKind, Sheet
from mailaudit.roster.files.workbook import workbook_sheets

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # OLE, of Excel 97 to 2003
_STARTS = (  # lower case, as `_head` gives them
    ("PDF", (b"%pdf-",)),
    ("RTF", (b"{\\rtf",)),
    ("MHTML", (b"mime-version:",)),
    (
        "HTML",
        (b"<html", b"<!doctype html", b"<head", b"<meta", b"<style", b"<table", b"<div", b"<body"),
    ),
    ("XML", (b"<?xml", b"<workbook", b"<office:document")),
    ("Excel 95", (b"\x09\x08", b"\x09\x04", b"\x09\x02")),
)
_HEAD = 512  # bytes


def kind_of(file: Path, content: bytes) -> FileKind:
    """The kind of the content, whatever the name ends in.

    Raises:
        RosterError: It is of a kind that can't be read as a list.
    """
    if content.startswith(_COMPOUND):
        return FileKind.XLS
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_package(file, content)
    head = _head(content)
    for kind, starts in _STARTS:
        if head.startswith(starts):
            raise _unreadable(file, kind)
    return FileKind.TEXT


def _kind_of_package(file: Path, content: bytes) -> FileKind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = frozenset(package.namelist())
    except BAD_PACKAGE:
        raise _unreadable(file, "ZIP") from None
    is_office = "[Content_Types].xml" in names
    if is_office and "content.xml" not in names:
        for part, kind in (("xl/workbook.bin", "XLSB"), ("word/document.xml", "Word")):
            if part in names:
                raise _unreadable(file, kind)
        return FileKind.XLSX
    if "content.xml" in names and not is_office:
        return FileKind.ODS
    raise _unreadable(file, "ZIP")


def _head(content: bytes) -> bytes:
    """The first bytes as ASCII text has them, without marks of UTF-8 and UTF-16."""
    head = content[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[2:].replace(b"\0", b"")
    return head.lstrip(b" \r\n").lower()


def _unreadable(file: Path, kind: str) -> RosterError:
    return RosterError(
        N_("{file} can't be read as a list: its content is {kind}, whatever its name ends in."),
        N_("Open it in Excel and save it as .xlsx."),
        file=file,
        kind=kind,
    )


def read_bytes(file: Path) -> bytes:
    """The file's content. Raises RosterError where it can't be read, or is far too large."""
    try:
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise RosterError(
            N_("There is no list {file}."),
            N_(
                "Check the name and the folder; where the configuration names the file, correct it"
                " there under [roster]."
            ),
            file=file,
        ) from None
    except OSError as error:
        raise RosterError(
            N_("The list {file} can't be read: {why}."),
            N_("Name a file that this account may read."),
            file=file,
            why=cause(error),
        ) from None
    if len(content) > MOST_BYTES:
        raise RosterError(
            N_("The list {file} is larger than {most} MB, far beyond any list."),
            N_("Name the staff list, or export it again."),
            file=file,
            most=MOST_BYTES // 2**20,
        )
    if not content.strip():
        raise RosterError(N_("The list {file} is empty."), N_("Export the list again."), file=file)
    return content


def sheets_of(file: Path, content: bytes, encoding: str | None = None) -> tuple[Sheet, ...]:
    """The sheets the file may be read as.

    Args:
        encoding: What text that is not Unicode is written in, where a person has said so.

    Raises:
        RosterError: Its content is of no known kind, or is written in an encoding that has to be
            named.
    """
    kind = kind_of(file, content)
    if kind is FileKind.TEXT:
        return csv_sheets(file, content, encoding)
    return workbook_sheets(file, kind, content, encoding)
