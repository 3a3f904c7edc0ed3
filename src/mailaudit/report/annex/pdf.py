"""render_pdf(): the annex as a PDF file, set with Typst."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from mailaudit.locale import Language, language
from mailaudit.report.annex import form
from mailaudit.report.annex.content import Annex, Block
from mailaudit.report.printing import shown_cell
from mailaudit.report.tables import Row, Table
from mailaudit.report.typesetting import SERIF, typeface, typeset


def render_pdf(annex: Annex, named: str | None = None) -> bytes:
    """The document as PDF; without a typeface named, the same bytes on every machine.

    Args:
        named: The family to set it in, where this machine has it with all letters needed.
    """
    spoken = language(annex.language)
    data = {
        "language": annex.language,
        "font": SERIF,
        "author": annex.author,
        "provenance": annex.provenance,
        "sizes": _SIZES,
        "margins": {
            "top": form.TOP_MM,
            "bottom": form.BOTTOM_MM,
            "left": form.LEFT_MM,
            "right": form.RIGHT_MM,
        },
        "name_column": form.NAME_COLUMN_SHARE,
        "rule": form.RULE_SHARE,
        "first_line": form.FIRST_LINE_MM,
        "line_spacing": form.LINE_SPACING,
        "signature_lines": form.SIGNATURE_LINES,
        "cell_margin": form.CELL_MARGIN_MM,
        "line_margin": form.LINE_MARGIN_MM,
        "head": asdict(annex.head),
        "title": annex.title,
        "addressee": annex.addressee,
        "subject": annex.subject,
        "circulation": annex.circulation,
        "footer": annex.footer,
        "blocks": _blocks(annex.blocks, spoken, wide=False),
        "closing": _blocks(annex.closing, spoken, wide=False),
        "foot": asdict(annex.foot),
        "appendices": [
            {
                "label": appendix.label,
                "title": appendix.title,
                "reference": appendix.reference,
                "wide": appendix.wide,
                "blocks": _blocks(appendix.blocks, spoken, wide=appendix.wide),
            }
            for appendix in annex.appendices
        ],
    }
    data["font"] = family = typeface(named, json.dumps(data, ensure_ascii=False))
    return typeset("annex.typ", data, at=annex.at, own_fonts_only=family == SERIF)


# The sizes of letters and spaces, as the template names them: `text` for TEXT_PT.
_SIZES = {
    name.removesuffix("_PT").lower(): size
    for name, size in vars(form).items()
    if name.endswith("_PT")
}


def _blocks(blocks: Sequence[Block], spoken: Language, *, wide: bool) -> list[object]:
    return [
        _table(block, spoken, form.text_width(wide=wide))
        if isinstance(block, Table)
        else {"kind": "line", "style": block.style, "text": block.text}
        for block in blocks
    ]


def _table(table: Table, spoken: Language, width: float) -> object:
    widths = form.column_widths(table, width, spoken)
    return {
        "kind": "table",
        "caption": table.caption,
        "empty": table.empty,
        "notes": table.notes if table.has_rows else (),
        "stays_whole": form.stays_whole(table),
        "size": form.letters(table),
        "columns": [
            {"label": column.label, "align": form.alignment(column), "width": mm}
            for column, mm in zip(table.columns, widths, strict=True)
        ],
        "rows": list(_rows(table, spoken)) if table.has_rows else [],
    }


def _rows(table: Table, spoken: Language) -> Iterator[object]:
    def line(row: Row, *, bold: bool) -> object:
        cells = [
            shown_cell(cell, column, spoken)
            for cell, column in zip(row.cells, table.columns, strict=True)
        ]
        return {"cells": cells, "bold": bold, "whole": False}

    for group in table.groups:
        if group.title:
            yield {"cells": [group.title], "bold": True, "whole": True}
        yield from (line(row, bold=False) for row in group.rows)
        if group.total:
            yield line(group.total, bold=True)
    if table.total:
        yield line(table.total, bold=True)
