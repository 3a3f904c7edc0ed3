"""The workbooks keep the rules of the file format whose breach makes Excel offer to repair them.

Source: ECMA-376 part 1, SpreadsheetML; the limits are Excel's own.
"""

import re
import warnings
import zipfile
from collections.abc import Callable
from functools import cache, partial
from io import BytesIO
from posixpath import dirname, join, normpath

import pytest
from hostile_texts import HOSTILE_TEXTS
from lxml import etree
from openpyxl.utils.cell import range_boundaries
from report_builders import a_report, a_report_of
from test_excel import a_long_report

from mailaudit.locale import LANGUAGES
from mailaudit.model.audience import Audience
from mailaudit.report.excel import render_excel, render_unit_excel

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
FORMULA = "{http://schemas.microsoft.com/office/excel/2006/main}f"
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
WORKSHEET_ORDER = (
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
)
NAME = re.compile(r"[^\W\d][\w.]{0,254}")
LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+|[RrCc][0-9]*([RrCc][0-9]*)?")
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
REFERENCE = re.compile(r"'((?:[^']|'')+)'!\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?")


class Package:
    """The parts of a workbook."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            assert len(set(archive.namelist())) == len(archive.namelist())
            self.parts = {name: archive.read(name) for name in archive.namelist()}

    @cache  # noqa: B019 - as short-lived as the test
    def xml(self, name: str) -> etree._Element:
        return etree.fromstring(self.parts[name])

    def named(self, pattern: str) -> list[str]:
        return [name for name in self.parts if re.fullmatch(pattern, name)]

    def related(self, name: str) -> dict[str, str]:
        """Targets of a part's relations, by id."""
        rels = join(dirname(name), "_rels", name.rsplit("/", 1)[-1] + ".rels")
        if rels not in self.parts:
            return {}
        found = {}
        for relation in self.xml(rels):
            assert relation.get("TargetMode") != "External"
            target = str(relation.get("Target"))
            at = target[1:] if target.startswith("/") else normpath(join(dirname(name), target))
            found[str(relation.get("Id"))] = at
        return found

    def sheets(self) -> list[tuple[str, str]]:
        """Each sheet's name and part."""
        related = self.related("xl/workbook.xml")
        return [
            (str(sheet.get("name")), related[str(sheet.get(f"{REL}id"))])
            for sheet in self.xml("xl/workbook.xml").iter(f"{MAIN}sheet")
        ]

    def strings(self) -> list[str]:
        table = self.xml("xl/sharedStrings.xml")
        return ["".join(t.text or "" for t in si.iter(f"{MAIN}t")) for si in table]

    def tables(self, sheet: str) -> list[etree._Element]:
        related = self.related(sheet)
        parts = [related[str(p.get(f"{REL}id"))] for p in self.xml(sheet).iter(f"{MAIN}tablePart")]
        return [self.xml(part) for part in parts]


def _province(audience: Audience, lang: str) -> bytes:
    return render_excel(a_report(lang=lang, audience=audience))


def _long() -> bytes:
    return render_excel(a_long_report())


def _unit(number: int) -> bytes:
    report = a_report()
    return render_unit_excel(report, report.units[number])


def _hostile(text: str) -> bytes:
    return render_excel(a_report_of(text))


def _hostile_unit(text: str) -> bytes:
    report = a_report_of(text)
    return render_unit_excel(report, report.units[0])


CONTENTS: dict[str, Callable[[], bytes]] = {
    **{f"{a}-{lang}": partial(_province, a, lang) for a in Audience for lang in LANGUAGES},
    "long": _long,
    **{f"unit-{n}": partial(_unit, n) for n in range(3)},
    **{f"hostile-{n}": partial(_hostile, text) for n, text in enumerate(HOSTILE_TEXTS)},
    **{f"hostile-unit-{n}": partial(_hostile_unit, text) for n, text in enumerate(HOSTILE_TEXTS)},
}


@pytest.fixture(params=CONTENTS)
def package(request: pytest.FixtureRequest) -> Package:
    return _package(request.param)


@cache
def _package(name: str) -> Package:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return Package(CONTENTS[name]())


def test_parts_are_well_formed_typed_and_related(package: Package) -> None:
    """Every part parses, has a content type, and every relation points to a part."""
    types = package.xml("[Content_Types].xml")
    overrides = {str(each.get("PartName")) for each in types if each.get("PartName")}
    endings = {str(each.get("Extension")) for each in types if each.get("Extension")}
    for name, content in package.parts.items():
        etree.fromstring(content)
        assert not NOT_IN_XML.search(content.decode())
        assert f"/{name}" in overrides or name.rsplit(".", 1)[-1] in endings
        assert set(package.related(name).values()) <= set(package.parts)
    assert {name[1:] for name in overrides} <= set(package.parts)
    assert not package.named(r".*(vba|externalLink|activeX|embeddings).*")


def test_elements_of_sheets_stand_in_order(package: Package) -> None:
    """Excel reads the elements of a worksheet in the order of the schema only."""
    for _name, part in package.sheets():
        tags = [str(child.tag).removeprefix(MAIN) for child in package.xml(part)]
        places = [WORKSHEET_ORDER.index(tag) for tag in tags]
        assert places == sorted(places)


def test_sheet_names_are_allowed_and_unique(package: Package) -> None:
    """At most 31 characters, none of []:*?/\\, no quote at an end, unlike each other."""
    names = [name for name, _ in package.sheets()]
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 0 < len(name) <= 31
        assert not re.search(r"[\[\]:*?/\\]|^'|'$", name)


def test_tables_are_whole(package: Package) -> None:
    """Header cells hold the columns' names; ids and names are unique; nothing overlaps."""
    strings, ids, names = package.strings(), [], []
    for _name, part in package.sheets():
        taken = [
            range_boundaries(merge.get("ref"))
            for merge in package.xml(part).iter(f"{MAIN}mergeCell")
        ]
        cells = {cell.get("r"): cell for cell in package.xml(part).iter(f"{MAIN}c")}
        for table in package.tables(part):
            ids.append(table.get("id"))
            names.append(str(table.get("name")))
            assert table.get("name") == table.get("displayName")
            left, top, right, bottom = range_boundaries(table.get("ref"))
            assert bottom > top
            taken.append((left, top, right, bottom))
            columns = list(table.iter(f"{MAIN}tableColumn"))
            labels = [str(column.get("name")) for column in columns]
            assert len(labels) == right - left + 1
            assert len({label.casefold() for label in labels}) == len(labels)
            assert [column.get("id") for column in columns] == [
                str(n) for n in range(1, len(columns) + 1)
            ]
            for n, label in enumerate(labels):
                cell = cells[f"{_letters(left + n)}{top}"]
                assert cell.get("t") == "s"
                assert strings[int(cell.findtext(f"{MAIN}v") or "")] == label
                assert len(label) <= 255
            filtered = table.find(f"{MAIN}autoFilter")
            assert filtered is None or filtered.get("ref") == table.get("ref")
        assert package.xml(part).find(f"{MAIN}autoFilter") is None
        _assert_apart(taken)
    assert len(set(ids)) == len(ids)
    _assert_names([*names, *(name for name, _ in _defined(package))])


def _letters(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def _assert_apart(areas: list[tuple[int, int, int, int]]) -> None:
    for n, (left, top, right, bottom) in enumerate(areas):
        for other_left, other_top, other_right, other_bottom in areas[:n]:
            apart = (
                left > other_right or right < other_left or top > other_bottom or bottom < other_top
            )
            assert apart


def _assert_names(names: list[str]) -> None:
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert NAME.fullmatch(name)
        assert not LIKE_A_CELL.fullmatch(name)


def _defined(package: Package) -> list[tuple[str, str]]:
    """The names a user sees, with what they stand for."""
    return [
        (str(each.get("name")), str(each.text))
        for each in package.xml("xl/workbook.xml").iter(f"{MAIN}definedName")
        if not str(each.get("name")).startswith("_xlnm.")
    ]


def test_formulas_point_to_cells_that_are_there(package: Package) -> None:
    """Formulas, names, charts and sparklines know only sheets and names of the workbook."""
    sheets = {name for name, _ in package.sheets()}
    names = {name for name, _ in _defined(package)}
    found = [text for _, text in _defined(package)]
    for _name, part in package.sheets():
        for cell in package.xml(part).iter(f"{MAIN}c"):
            formula = cell.findtext(f"{MAIN}f")
            if formula is not None:
                found.append(formula)
                assert cell.find(f"{MAIN}v") is not None
        found += [str(each.text) for each in package.xml(part).iter(FORMULA)]
    for part in package.named(r"xl/charts/chart\d+\.xml"):
        found += [str(each.text) for each in package.xml(part).iter(f"{CHART}f")]
    for formula in found:
        assert len(formula) <= 8192
        for sheet in REFERENCE.findall(formula):
            assert sheet.replace("''", "'") in sheets
        rest = re.sub(r'"[^"]*"', "", REFERENCE.sub("0", formula))
        for word in re.findall(r"[^\W\d]\w*", rest):
            assert word in names | {"IF", "SUM"} or LIKE_A_CELL.fullmatch(word), formula


def test_texts_and_layout_keep_to_the_limits(package: Package) -> None:
    """Characters in a cell and a foot, points of rows, widths, page breaks, formats."""
    assert all(len(text) <= 32_767 for text in package.strings())
    for _name, part in package.sheets():
        sheet = package.xml(part)
        assert all(float(row.get("ht") or 15) <= 409.5 for row in sheet.iter(f"{MAIN}row"))
        assert all(float(col.get("width") or 8) <= 255 for col in sheet.iter(f"{MAIN}col"))
        assert len(sheet.findtext(f".//{MAIN}oddFooter") or "") <= 255
        assert len(list(sheet.iter(f"{MAIN}brk"))) <= 1026
        rows = [int(row.get("r") or 0) for row in sheet.iter(f"{MAIN}row")]
        assert rows == sorted(set(rows))
    styles = package.xml("xl/styles.xml")
    assert all(len(str(each.get("formatCode"))) <= 255 for each in styles.iter(f"{MAIN}numFmt"))
    assert sum(1 for _ in styles.iter(f"{MAIN}xf")) <= 65_490


def test_marks_are_whole(package: Package) -> None:
    """Rules have priorities of their own; each bar of Excel 2010 has its twin, within a range."""
    for _name, part in package.sheets():
        sheet = package.xml(part)
        rules = list(sheet.iter(f"{MAIN}cfRule"))
        priorities = [rule.get("priority") for rule in rules]
        assert len(set(priorities)) == len(priorities)
        twins = sorted(str(each.text) for each in sheet.iter(f"{X14}id"))
        assert twins == sorted(str(each.get("id")) for each in sheet.iter(f"{X14}cfRule"))
        for rule in rules:
            for bar in rule.iter(f"{MAIN}dataBar"):
                assert [v.get("val") for v in bar.iter(f"{MAIN}cfvo")] == ["0", "100"]
            for icons in rule.iter(f"{MAIN}iconSet"):
                levels = [float(v.get("val") or 0) for v in icons.iter(f"{MAIN}cfvo")][1:]
                assert levels == sorted(levels)
        cells = [
            str(each.text)
            for each in sheet.iter("{*}sqref")
            if "sparkline" in str(each.getparent())
        ]
        assert len(set(cells)) == len(cells)


def test_comments_stand_on_cells_of_their_own(package: Package) -> None:
    """One comment a cell, by a known author, each with its shape."""
    for part in package.named(r"xl/comments\d+\.xml"):
        comments = list(package.xml(part).iter(f"{MAIN}comment"))
        at = [comment.get("ref") for comment in comments]
        assert len(set(at)) == len(at)
        authors = len(list(package.xml(part).iter(f"{MAIN}author")))
        assert all(int(comment.get("authorId") or 0) < authors for comment in comments)
        drawing = part.replace("comments", "drawings/vmlDrawing").replace(".xml", ".vml")
        assert package.parts[drawing].count(b'ObjectType="Note"') == len(comments)
