"""What is said of a file in which no usable header was found."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from mailaudit.errors import N_, RosterError
from mailaudit.roster.columns import Columns, Vocabulary
from mailaudit.roster.csvfile import BadCsv
from mailaudit.roster.header import SEARCHED_ROWS, Header, Required
from mailaudit.roster.legacy import NAMES, readings
from mailaudit.roster.sheets import Row, Sheet


def check_columns(file: Path, header: Header) -> None:
    """Raises RosterError where two columns of the header mean the same."""
    if header.twice is not None:
        raise RosterError(
            N_('The columns "{first}" and "{second}" at {row} of {file} mean the same.'),
            N_(
                "Rename or remove one of them, or name the right one in the configuration under"
                " [roster.columns]."
            ),
            row=header.place,
            file=file,
            first=header.twice[0],
            second=header.twice[1],
        )


def lacks_heading(file: Path, header: Header, column: str, named: Sequence[str]) -> RosterError:
    """Says that no heading is one of those a person has named for a column."""
    return RosterError(
        N_('The header at {row} of {file} has no "{heading}" ({key}).'),
        N_("Its headings are: {headings}."),
        row=header.place,
        file=file,
        heading='", "'.join(named),
        key=f"roster.columns.{column}",
        headings=", ".join(text for text in header.headings if text),
    )


def no_header(
    file: Path,
    sheets: Sequence[Sheet],
    columns: Columns,
    required: Required,
    headers: Sequence[Header],
) -> RosterError:
    """Says which column the best header lacks, or that there is no header at all."""
    legacy = _legacy_heading(sheets, columns)
    if legacy is not None:
        return _legacy_header(file, *legacy)
    examples = ", ".join(f'"{columns[names[0]][0]}"' for names in required)
    nearest = max(headers, key=lambda header: len(header.columns), default=None)
    if nearest is None:
        return RosterError(
            N_("No header row was found in the first {rows} rows of {file}."),
            N_("Name at least the columns {examples}."),
            rows=SEARCHED_ROWS,
            file=file,
            examples=examples,
        )
    lacking = nearest.missing(required)
    if not lacking:  # a header without fault, but on a hidden sheet
        return RosterError(
            N_("The list in {file} is on a hidden sheet: {row}."),
            N_("Show the sheet in Excel and save."),
            file=file,
            row=nearest.place,
        )
    return RosterError(
        N_('The header at {row} of {file} has no column "{column}".'),
        N_("Name at least the columns {examples}."),
        row=nearest.place,
        file=file,
        column=columns[lacking[0][0]][0],
        examples=examples,
    )


def _legacy_header(file: Path, row: Row, text: str, encoding: str) -> RosterError:
    """Asks whether a header is in a legacy encoding."""
    return RosterError(
        N_('The header at {row} of {file} looks like {font} text: "{text}" would say "{seen}".'),
        N_('If so, write roster.encoding = "{encoding}" in the configuration.'),
        row=row.place,
        file=file,
        font=NAMES[encoding],
        text=text,
        seen=readings(text)[encoding],
        encoding=encoding,
    )


def _legacy_heading(sheets: Sequence[Sheet], columns: Columns) -> tuple[Row, str, str] | None:
    """The first heading that names a column once a legacy encoding is read: row, text, encoding."""
    vocabulary = Vocabulary(columns)
    for sheet in sheets:
        try:
            rows = list(islice(iter(sheet.rows), SEARCHED_ROWS))
        except BadCsv:
            continue
        for row in rows:
            for cell in row.cells:
                text = "" if cell is None else str(cell)
                for encoding, seen in readings(text).items():
                    if vocabulary.column(seen) is not None:
                        return row, text, encoding
    return None
