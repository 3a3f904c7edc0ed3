"""What the documents of a report are made with: letterhead and wording of the configuration."""

from dataclasses import replace
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


def unit_documents(settings: "Settings") -> "Documents":
    """As `documents`, which it checks too, with the wording of the reports that units hand in."""
    from mailaudit.report.unit_documents import read_unit_wording

    key, own = "annex.unit_wording", settings.annex.unit_wording
    words = words_of(settings, current_language(), own, key, "unit-report")
    return replace(documents(settings), wording=read_unit_wording(*words))


def wording_file(settings: "Settings", spoken: Language) -> tuple[str, str]:
    """Name and text of the wording that documents in this language are made with."""
    return words_of(settings, spoken, settings.annex.wording, "annex.wording", "wording")


def words_of(
    settings: "Settings", spoken: Language, own: Path | None, key: str, shipped_as: str
) -> tuple[str, str]:
    """Name and text of a wording: the configured one in its own language, else that of mailaudit.

    Args:
        key: Of the configuration, which `own` is the value of.
        shipped_as: What the name of the one brought along begins with.

    Raises:
        ConfigurationError: `own` can't be read.
    """
    from mailaudit.roster.shipped import shipped

    if own is None or spoken.code != settings.report.language:
        name = f"{shipped_as}.{spoken.code}.txt"
        return name, shipped(name).read_text(encoding="utf-8")
    try:
        # Windows' editors put a byte order mark before the first line.
        return str(own), own.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigurationError(
            N_("The wording {file} can't be read: {why}."),
            N_("Correct {key}, or remove it to use the wording brought along."),
            file=own,
            key=key,
            why=cause(error),
        ) from None
    except UnicodeDecodeError:
        raise ConfigurationError(
            N_("The wording {file} is not UTF-8 text."),
            N_("Save it as UTF-8 in a text editor."),
            file=own,
        ) from None
