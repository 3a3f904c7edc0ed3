"""What the documents of a report are made with: letterhead and wording of the configuration."""

from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.cli.console import current_language
from mailaudit.errors import N_, ConfigurationError, cause
from mailaudit.locale import Language

if TYPE_CHECKING:
    from mailaudit.report.rendering import Documents
    from mailaudit.settings import Settings


def documents(settings: "Settings", spoken: Language | None = None) -> "Documents":
    """Letterhead and wording, checked as a whole.

    The wording of the configuration is used in its own language, report.language; in the other
    one documents speak as mailaudit brings it along.

    Args:
        spoken: The documents' language, where it is not the terminal's.

    Raises:
        ConfigurationError: The wording can't be read or understood.
    """
    from mailaudit.report.annex.compose import read_wording
    from mailaudit.report.annex.content import Letterhead
    from mailaudit.report.rendering import Documents

    annex = settings.annex
    return Documents(
        formats=frozenset(settings.report.formats),
        letterhead=Letterhead(
            superior=annex.superior or "",
            issuer=annex.issuer or "",
            symbol=annex.symbol or "",
            place=annex.place or "",
            signer=annex.signer,
            recipients=annex.recipients,
        ),
        wording=read_wording(*wording_file(settings, spoken or current_language())),
        typeface=annex.typeface,
    )


def wording_file(settings: "Settings", spoken: Language) -> tuple[str, str]:
    """Name and text of the wording that documents in this language are made with."""
    from mailaudit.roster.shipped import shipped

    own, code = settings.annex.wording, spoken.code
    if own is not None and code == settings.report.language:
        return str(own), _text(own)
    name = f"wording.{code}.txt"
    return name, shipped(name).read_text(encoding="utf-8")


def _text(file: Path) -> str:
    try:
        # Windows' editors put a byte order mark before the first line.
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigurationError(
            N_("The wording {file} can't be read: {why}."),
            N_("Correct annex.wording, or remove it to use the wording brought along."),
            file=file,
            why=cause(error),
        ) from None
    except UnicodeDecodeError:
        raise ConfigurationError(
            N_("The wording {file} is not UTF-8 text."),
            N_("Save it as UTF-8 in a text editor."),
            file=file,
        ) from None
