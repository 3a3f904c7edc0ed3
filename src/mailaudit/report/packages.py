"""Packages of Office Open XML (XLSX, DOCX), which are ZIP files: the same bytes on every system."""

from io import BytesIO
from zipfile import ZipFile

CREATE_SYSTEM = 3  # Unix; a ZIP file names the system it was made on


def same_on_every_system(package: BytesIO) -> bytes:
    """The package without the name of the system it was made on."""
    with ZipFile(package, "a") as archive:
        for part in archive.infolist():
            part.create_system = CREATE_SYSTEM
        archive.comment = b""  # so that the list of parts is written anew
    return package.getvalue()
