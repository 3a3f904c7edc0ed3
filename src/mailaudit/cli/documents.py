"""What the documents of a report are made with: letterhead and wording of the configuration."""

from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.cli.console import current_language
from mailaudit.errors import N_, ConfigurationError, cause

if TYPE_CHECKING:
    from mailaudit.report.rendering import Documents
    from mailaudit.settings import Settings


def documents(settings: "Settings") -> "Documents":
    """Letterhead and wording, checked as a whole.

    The wording of the configuration is used in its own language, report.language; in the other
    one documents speak as mailaudit brings it along.

    Raises:
        ConfigurationError: The wording can't be read or understood.
    """
    from mailaudit.report.annex.compose import read_wording
    from mailaudit.report.annex.content import Letterhead
    from mailaudit.report.rendering import Documents
    from mailaudit.roster.shipped import shipped

    annex, code = settings.annex, current_language().code
    if annex.wording is not None and code == settings.report.language:
        wording = read_wording(str(annex.wording), _text(annex.wording))
    else:
        name = f"wording.{code}.txt"
        wording = read_wording(name, shipped(name).read_text(encoding="utf-8"))
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
        wording=wording,
        typeface=annex.typeface,
    )


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
