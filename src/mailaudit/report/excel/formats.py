"""How cells look: fonts, borders, colours, and number formats in the report's language."""

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from mailaudit.report.value import Cell, Kind, Tone

FONT = "Times New Roman"
FONT_SIZE = 11

_LOCALES = {"vi": "[$-42A]", "en": "[$-409]"}
_BORDER = {"border": 1, "border_color": "#9AA3AD", "valign": "vcenter"}
_ALIGN = {
    Kind.TEXT: "left",
    Kind.CODE: "left",
    Kind.ORDINAL: "center",
    Kind.GRADE: "center",
    Kind.RANK: "center",
}
_FILL = {Tone.GOOD: "#DDEFE0", Tone.FAIR: "#E4EDF7", Tone.WEAK: "#FBF0D5", Tone.POOR: "#F8E1DE"}
_INK = {Tone.GOOD: "#1B5E2A", Tone.FAIR: "#1D4E7E", Tone.WEAK: "#7A5200", Tone.POOR: "#9B1C1C"}

Look = dict[str, object]

HEADER: Look = {
    **_BORDER,
    "bold": True,
    "align": "center",
    "text_wrap": True,
    "bg_color": "#E7ECF2",
}
ORGANISATION: Look = {"bold": True, "font_size": 12}
TITLE: Look = {"bold": True, "font_size": 15}
SUBTITLE: Look = {"italic": True}
NOTICE: Look = {"bold": True, "font_color": "#9B1C1C"}
CAPTION: Look = {"bold": True, "font_size": 12}
NOTE: Look = {"italic": True, "text_wrap": True, "valign": "top"}
LABEL: Look = {**_BORDER, "bold": True, "text_wrap": True, "indent": 1}
TEXT: Look = {**_BORDER, "text_wrap": True, "indent": 1}
GROUP: Look = {**_BORDER, "bold": True, "bg_color": "#F3F5F8"}
TOTAL: Look = {"bold": True, "bg_color": "#F3F5F8"}


class Formats:
    """The workbook's formats, each made once."""

    def __init__(self, workbook: Workbook, language: str) -> None:
        self._workbook = workbook
        self._locale = _LOCALES[language]
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def plain(self, look: Look) -> Format:
        """The format of text that is no table cell, or of a cell without a number."""
        key = tuple(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(look)
        return self._made[key]

    def cell(self, kind: Kind, cell: Cell, look: Look) -> Format:
        """The format of a table cell: its kind's alignment and number format, its tone's colour."""
        wanted: Look = {**_BORDER, "align": _ALIGN.get(kind, "right"), **look}
        if kind in (Kind.TEXT, Kind.CODE, Kind.GRADE):
            wanted["text_wrap"] = True
        if kind is Kind.RANK:
            wanted["shrink"] = True  # with its mark it may need more than the column has
        if wanted["align"] == "left":
            wanted["indent"] = 1
        wanted["num_format"] = self._number_format(kind, cell)
        if cell.tone is not Tone.PLAIN:
            wanted["font_color"] = _INK[cell.tone]
            if kind is Kind.GRADE:
                wanted["bg_color"] = _FILL[cell.tone]
        return self.plain(wanted)

    def _number_format(self, kind: Kind, cell: Cell) -> str:
        if kind in (Kind.TEXT, Kind.CODE, Kind.GRADE) or isinstance(cell.value, str):
            return "@" if isinstance(cell.value, str) else "General"
        whole = "#,##0"
        places = whole + ("." + "0" * cell.decimals if cell.decimals else "")
        mark = '"' + cell.mark.replace('"', "") + '"' if cell.mark else ""
        if kind is Kind.PERCENT:
            return f"{self._locale}{places}{mark}"
        if kind is Kind.POINTS:
            signs = (f"+{places}", f'"\N{MINUS SIGN}"{places}', places)
            return ";".join(f"{self._locale}{sign}{mark}" for sign in signs)
        return f"{self._locale}{whole}{mark}"
