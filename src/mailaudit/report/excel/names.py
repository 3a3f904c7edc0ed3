"""Names of tables, ranges and sheets that Excel accepts, each once in a workbook."""

import re
import unicodedata

from xlsxwriter import Workbook

from mailaudit.report.excel.grid import accept

LONGEST_NAME, LONGEST_SHEET_NAME = 60, 31
_NUMBER_OR_FORMULA = re.compile(r"\s*\([^()]*(\([^()]*\))?[^()]*\)\s*$")  # "Provided % (2/1)"
_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+|[RrCc][0-9]*([RrCc][0-9]*)?")
NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")


class Names:
    """The names a workbook has given away; Excel compares them without regard to case."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._taken: set[str] = set()

    def unique(self, label: str) -> str:
        """A name made of the label: "Thuộc diện (1)" becomes `Thuoc_dien`, then `Thuoc_dien_2`."""
        name, number = plain_name(label), 1
        while (given := name if number == 1 else f"{name}_{number}").casefold() in self._taken:
            number += 1
        self._taken.add(given.casefold())
        return given

    def define(self, label: str, cells: str) -> str:
        """Gives cells, as `'Sheet'!$A$1`, a name made of the label, and returns it."""
        name = self.unique(label)
        accept(self._workbook.define_name(name, f"={cells}"), f"the name {name} for {cells}")
        return name


def plain_name(label: str) -> str:
    """The label in ASCII letters, digits and underscores, unlike any cell's address."""
    text = unicodedata.normalize(
        "NFD", _NUMBER_OR_FORMULA.sub("", label).translate({273: "d", 272: "D"})
    )
    name = re.sub(r"[^A-Za-z0-9]+", "_", "".join(c for c in text if not unicodedata.combining(c)))
    name = name.strip("_")[:LONGEST_NAME] or "_"
    return f"_{name}" if _LIKE_A_CELL.fullmatch(name) or name[0].isdigit() else name


def sheet_name(text: str, taken: list[str]) -> str:
    """The text as the name of a sheet: short enough, without forbidden signs, and unique."""
    name = NOT_IN_SHEET_NAMES.sub(" ", text).strip("'")[:LONGEST_SHEET_NAME]
    number, given = 1, name
    known = {other.casefold() for other in taken}
    while given.casefold() in known:
        number += 1
        ending = f" ({number})"
        given = name[: LONGEST_SHEET_NAME - len(ending)] + ending
    return given


def quoted(sheet: str) -> str:
    """A sheet's name as a formula writes it: `'PL I'`."""
    return "'" + sheet.replace("'", "''") + "'"
