"""Folders with collected months to pack, and packs as their readers find them."""

import shutil
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile, is_zipfile

from command_line import Ran, mailaudit
from pypdf import PdfReader
from stored_months import an_audit_of

from mailaudit.model.period import Period

OCTOBER, SEPTEMBER = Period(2026, 10), Period(2026, 9)
PACK = "reports/mailaudit-2026-10-pack.zip"


def two_months(folder: Path, *, report: str = 'formats = ["html"]') -> Path:
    """September and October, sealed, four mailboxes of October not measured."""
    months = [(month, month.end + timedelta(days=1)) for month in (SEPTEMBER, OCTOBER)]
    folder.mkdir(parents=True, exist_ok=True)
    an_audit_of(folder, *months, measured=47, report=report)
    return folder


def copy_of(folder: Path, to: Path) -> Path:
    """Another folder with the same configuration and store."""
    shutil.copytree(folder, to)
    return to


def pack(folder: Path, *arguments: str | Path) -> Ran:
    """Runs `mailaudit pack` of October in English."""
    return mailaudit("pack", "--period", "2026-10", *arguments, cwd=folder)


def verify(folder: Path, *arguments: str | Path) -> Ran:
    """Runs `mailaudit verify` in English."""
    return mailaudit("verify", *arguments, cwd=folder)


def members(content: bytes) -> dict[str, bytes]:
    """The files of a ZIP file."""
    with ZipFile(BytesIO(content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def readable(content: bytes) -> str:
    """All that can be read in a file: parts of packages unpacked, letters of a PDF put together."""
    if is_zipfile(BytesIO(content)):
        return "\n".join(f"{name}\n{readable(one)}" for name, one in members(content).items())
    if content.startswith(b"%PDF"):
        reader = PdfReader(BytesIO(content))
        pages = [page.extract_text() for page in reader.pages]
        return "\n".join([*pages, str(reader.metadata), str(reader.xmp_metadata)])
    return content.decode("utf-8", "replace")
