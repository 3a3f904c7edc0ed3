"""What a file is by its content: names end in what somebody once typed."""

import io
import zipfile
from enum import Enum
from pathlib import Path

from mailaudit.errors import N_, RosterError


class FileKind(Enum):
    """The kinds of files that are read as lists."""

    TEXT = "CSV"
    XLSX = "XLSX"  # .xlsm too
    XLS = "XLS"
    ODS = "ODS"


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
# What zipfile raises where a package is not as it expects.
BAD_PACKAGE = (zipfile.BadZipFile, NotImplementedError, ValueError, OSError)


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
