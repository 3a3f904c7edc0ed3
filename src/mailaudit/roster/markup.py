"""What a workbook says beside its values: legacy fonts, hidden rows, wrong formulas, merged cells.

python-calamine reads values only, an error such as #N/A as an empty cell, and it keeps every cell
up to the last one: so each workbook is looked through first, whatever its name ends in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mailaudit.errors import N_
from mailaudit.roster.faults import TooLarge
from mailaudit.roster.filekind import FileKind
from mailaudit.roster.legacy import LegacyFont
from mailaudit.roster.places import column_letters
from mailaudit.roster.sheets import Merged

Place = tuple[int, int]  # row from 1, column from 0
ERROR = "#N/A"  # stands for an error the file does not name
MOST_CELLS = 5_000_000  # of all sheets, blank ones between others too: 100,000 people, 50 columns
MOST_CHARACTERS = 100_000_000  # of all cells, a text as often as cells have it
MOST_MERGED = 1_000_000
LONGEST_VALUE = 255  # characters of a value that is looked at itself, such as "#N/A"


@dataclass(slots=True)
class Markup:
    """One sheet's markup, gathered while the sheet is looked through.

    Attributes:
        rows, columns: How far its filled cells reach.
        fonts: The legacy font of cells that have one.
        errors: What Excel shows in a cell whose formula failed ("#N/A").
        uncomputed: Cells whose formula has no value yet.
    """

    name: str = ""
    rows: int = 0
    columns: int = 0
    fonts: dict[Place, LegacyFont] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    errors: dict[Place, str] = field(default_factory=dict)
    uncomputed: set[Place] = field(default_factory=set)
    merged: list[Merged] = field(default_factory=list)


class Extent:
    """Adds up what the values of a workbook take; see MOST_CELLS and MOST_CHARACTERS."""

    def __init__(self) -> None:
        self._cells = 0  # of the sheets that are done
        self._characters = 0

    def reach(self, sheet: Markup, row: int, column: int) -> None:
        """Counts a filled cell (row from 1, column from 0) of the sheet. Raises TooLarge."""
        if row <= sheet.rows and column < sheet.columns:
            return
        sheet.rows, sheet.columns = max(sheet.rows, row), max(sheet.columns, column + 1)
        if self._cells + sheet.rows * sheet.columns > MOST_CELLS:
            raise TooLarge(
                N_('The sheet "{sheet}" of {file} reaches to {cell}, far beyond any list.'),
                sheet=sheet.name,
                cell=f"{column_letters(sheet.columns - 1)}{sheet.rows}",
            )

    def add_text(self, characters: int) -> None:
        """Counts the text of cells. Raises TooLarge."""
        self._characters += characters
        if self._characters > MOST_CHARACTERS:
            raise TooLarge(
                N_("The workbook {file} has more than {most} million characters of text."),
                most=MOST_CHARACTERS // 10**6,
            )

    def merge(self, sheet: Markup, merged: Merged) -> None:
        """Keeps joined cells of the sheet. Raises TooLarge."""
        sheet.merged.append(merged)
        if len(sheet.merged) > MOST_MERGED:
            raise TooLarge(
                N_('The sheet "{sheet}" of {file} has more than {most} million merged cells.'),
                sheet=sheet.name,
                most=MOST_MERGED // 10**6,
            )

    def finish(self, sheet: Markup) -> None:
        """Counts a sheet that was looked through to its end."""
        self._cells += sheet.rows * sheet.columns


def markup_of(kind: FileKind, content: bytes) -> Mapping[str, Markup]:
    """The Markup of each sheet of a workbook, by its name.

    Raises:
        BrokenWorkbook: It can't be read.
        TooLarge: Its values would not fit into memory.
    """
    if kind is FileKind.XLS:
        from mailaudit.roster.oldexcel import markup_of_xls

        return markup_of_xls(content)
    if kind is FileKind.ODS:
        from mailaudit.roster.opendocument import markup_of_ods

        return markup_of_ods(content)
    from mailaudit.roster.spreadsheetml import markup_of_xlsx

    return markup_of_xlsx(content)
