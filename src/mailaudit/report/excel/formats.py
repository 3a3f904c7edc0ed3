"""How cells look: fonts, borders, colours, and number formats in the report's language."""

from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from mailaudit.report.tables import Cell, Kind, Tone

FONT = "Times New Roman"
FONT_SIZE = 11
BAR, LINE, PALE, TARGET = "#AFCBE9", "#1D4E7E", "#E3E7EC", "#B3541E"
TONE_BARS = {
    Tone.PLAIN: "#5F7F9F",
    Tone.GOOD: "#2E7D46",
    Tone.FAIR: "#2F6FAE",
    Tone.WEAK: "#C98A16",
    Tone.POOR: "#B5382E",
}

_LOCALES = {"vi": "[$-42A]", "en": "[$-409]"}
_EDGE = "#9AA3AD"
_EDGE_LINE = {"": 1, "_color": _EDGE}
_BORDER = {"border": 1, "border_color": _EDGE, "valign": "vcenter"}
_ALIGN = {
    Kind.TEXT: "left",
    Kind.CODE: "left",
    Kind.ORDINAL: "center",
    Kind.GRADE: "center",
    Kind.RANK: "center",
}
_FILL = {Tone.GOOD: "#DDEFE0", Tone.FAIR: "#E4EDF7", Tone.WEAK: "#FBF0D5", Tone.POOR: "#F8E1DE"}
_INK = {Tone.GOOD: "#1B5E2A", Tone.FAIR: "#1D4E7E", Tone.WEAK: "#7A5200", Tone.POOR: "#9B1C1C"}

# Room as wide as a bracket: a figure keeps off the arrow that begins the next column. LibreOffice
# leaves an indent, which would do the same, out of some columns.
_AFTER_FIGURE = "_)"

Look = dict[str, object]

HEADER: Look = {
    **_BORDER,
    "bold": True,
    "align": "center",
    "text_wrap": True,
    "bg_color": "#E7ECF2",
}
_HEADING: Look = {"text_wrap": True, "valign": "vcenter"}
ORGANISATION: Look = {**_HEADING, "bold": True, "font_size": 12}
TITLE: Look = {**_HEADING, "bold": True, "font_size": 15}
SUBTITLE: Look = {**_HEADING, "italic": True}
MARK: Look = {**_HEADING, "bold": True, "font_size": 20, "font_color": "#9B1C1C"}
NOTICE: Look = {**_HEADING, "bold": True, "font_color": "#9B1C1C"}
CAPTION: Look = {"bold": True, "font_size": 12}
NOTE: Look = {"italic": True, "text_wrap": True, "valign": "top"}
LABEL: Look = {**_BORDER, "bold": True, "text_wrap": True, "indent": 1}
TEXT: Look = {**_BORDER, "text_wrap": True, "indent": 1}
# No lines between its cells: the title runs over them.
GROUP: Look = {
    **{f"{side}{part}": value for side in ("top", "bottom") for part, value in _EDGE_LINE.items()},
    "valign": "vcenter",
    "bold": True,
    "bg_color": "#F3F5F8",
}
GROUP_BEGIN: Look = {**GROUP, **{f"left{part}": value for part, value in _EDGE_LINE.items()}}
GROUP_END: Look = {**GROUP, **{f"right{part}": value for part, value in _EDGE_LINE.items()}}
TOTAL: Look = {"bold": True, "bg_color": "#F3F5F8"}
DATA: Look = {"font_size": 9, "font_color": "#6B7785", "align": "right"}
_CARD: Look = {"bg_color": "#F3F5F8", "text_wrap": True, "align": "left", "indent": 1}
CARD_LABEL: Look = {**_CARD, "bold": True, "top": 1, "top_color": _EDGE, "valign": "vcenter"}
CARD_VALUE: Look = {**_CARD, "bold": True, "font_size": 20, "border": 0, "text_wrap": False}
CARD_TEXT: Look = {
    **_CARD,
    "font_size": 10,
    "valign": "top",
    "bottom": 1,
    "bottom_color": _EDGE,
}


def new_workbook(buffer: BytesIO) -> Workbook:
    """An empty workbook that takes text for text, whatever it looks like."""
    return Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": {"font_name": FONT, "font_size": FONT_SIZE},
        },
    )


class Formats:
    """The workbook's formats, each made once."""

    def __init__(self, workbook: Workbook, language: str) -> None:
        self._workbook = workbook
        self._locale = _LOCALES[language]
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def plain(self, look: Look) -> Format:
        """The format of text that is not a table cell, or of a cell without a number."""
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
        after = _AFTER_FIGURE if wanted["align"] == "right" else ""
        wanted["num_format"] = self._number_format(kind, cell, after)
        if cell.tone is not Tone.PLAIN:
            wanted["font_color"] = _INK[cell.tone]
            if kind is Kind.GRADE:
                wanted["bg_color"] = _FILL[cell.tone]
        return self.plain(wanted)

    def moved(self, places: int | None) -> Format:
        """The format of places gained: +2, −1, 0."""
        number = f'{self._locale}+0;{self._locale}"\N{MINUS SIGN}"0;{self._locale}0'
        tone = Tone.PLAIN if not places else Tone.GOOD if places > 0 else Tone.POOR
        ink = {"font_color": _INK[tone]} if tone is not Tone.PLAIN else {}
        return self.plain({**_BORDER, "align": "center", "num_format": number, **ink})

    def data(self) -> Format:
        """The format of numbers that charts are drawn from."""
        return self.plain(DATA | {"num_format": f"{self._locale}#,##0.0"})

    @property
    def whole_number(self) -> str:
        """The number format of people in charts."""
        return f"{self._locale}#,##0"

    def share_number(self, decimals: int = 1) -> str:
        """The number format of rates in charts."""
        return f"{self._locale}0" + ("." + "0" * decimals if decimals else "")

    def met(self) -> Format:
        """What is laid over the rate of a unit that meets the target."""
        return self.plain({"bold": True, "font_color": _INK[Tone.GOOD]})

    def card(self, kind: Kind, cell: Cell) -> Format:
        """The format of a headline figure."""
        number = self._number_format(kind, cell)
        ink = {"font_color": _INK[cell.tone]} if cell.tone is not Tone.PLAIN else {}
        return self.plain({**CARD_VALUE, **ink, "num_format": number})

    def _number_format(self, kind: Kind, cell: Cell, after: str = "") -> str:
        if kind in (Kind.TEXT, Kind.CODE, Kind.GRADE) or isinstance(cell.value, str):
            return "@" if isinstance(cell.value, str) else "General"
        whole = "#,##0"
        places = whole + ("." + "0" * cell.decimals if cell.decimals else "")
        mark = ('"' + cell.mark.replace('"', "") + '"' if cell.mark else "") + after
        if kind is Kind.PERCENT:
            return f"{self._locale}{places}{mark}"
        if kind is Kind.POINTS:
            signs = (f"+{places}", f'"\N{MINUS SIGN}"{places}', places)
            return ";".join(f"{self._locale}{sign}{mark}" for sign in signs)
        return f"{self._locale}{whole}{mark}"
