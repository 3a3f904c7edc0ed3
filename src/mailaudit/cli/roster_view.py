"""What was found in staff lists, as lines on the terminal."""

from collections.abc import Iterable
from itertools import groupby

from mailaudit.cli.console import current_language, report_error, say
from mailaudit.errors import N_
from mailaudit.model.reading import ListReading, ListSheet, RowKind
from mailaudit.model.roster import Problem
from mailaudit.model.spreadsheet import column_letters

SHOWN = 40  # problems; more are better read in the workbook of --out

KINDS = {
    RowKind.STAFF: N_("staff"),
    RowKind.REPEATED: N_("counted at another row"),
    RowKind.FAULTY: N_("to be corrected"),
    RowKind.TITLE: N_("titles"),
    RowKind.HEADER: N_("header rows"),
    RowKind.NUMBERS: N_("column numbers"),
    RowKind.GROUP: N_("group headings"),
    RowKind.TOTAL: N_("totals"),
    RowKind.NOTE: N_("notes"),
    RowKind.SIGNATURE: N_("signatures"),
    RowKind.UNREAD: N_("on sheets not read"),
}
COLUMNS = {  # by the keys of roster.columns
    "mailbox": N_("mailbox"),
    "aliases": N_("other addresses"),
    "server": N_("mail server"),
    "unit_code": N_("unit code"),
    "unit_name": N_("unit name"),
    "staff_code": N_("staff code"),
    "name": N_("full name"),
    "family_name": N_("family name"),
    "middle_name": N_("middle name"),
    "given_name": N_("given name"),
    "job_title": N_("job title"),
    "category": N_("category"),
    "status": N_("status"),
    "status_from": N_("status from"),
    "status_to": N_("status to"),
    "paying_unit": N_("paying unit"),
    "note": N_("note"),
    "ordinal": N_("ordinal number"),
    "problem": N_("problem"),
}
EXPLAINED = (
    RowKind.GROUP,
    RowKind.TOTAL,
    RowKind.NOTE,
    RowKind.SIGNATURE,
    RowKind.NUMBERS,
    RowKind.REPEATED,
)


def show(reading: ListReading) -> None:
    """Prints each sheet, the sum of all rows, and what is wrong or odd."""
    for sheet in reading.sheets:
        _show_sheet(sheet)
    counts = reading.counts
    if reading.sheets:
        say(N_("All rows: {rows} = {parts}"), rows=counts.total(), parts=_parts(counts))
    for number, error in enumerate(reading.errors):
        if number or reading.sheets:
            say("")
        report_error(error)
    _show_problems(N_("To be corrected: {count}"), reading.faults)
    _show_problems(N_("To be looked at: {count}"), reading.remarks)
    if reading.roster is not None:
        say("")
        say(
            N_("The lists can be used: {staff} staff, {mailboxes} mailboxes, {units} units."),
            staff=len(reading.roster.staff),
            mailboxes=len(reading.roster.mailboxes()),
            units=len(reading.roster.units),
        )


def _show_sheet(sheet: ListSheet) -> None:
    gettext = current_language().gettext
    name = sheet.file if not sheet.name else f"{sheet.file} · {sheet.name}"
    note = gettext(sheet.note).format_map(dict(sheet.note_values)) if sheet.note else ""
    say("{line}", line=f"{name}: {note}" if note else name)
    if not sheet.header_rows:
        say("")
        return
    say(N_("  Header at row {rows}"), rows=_ranges(sheet.header_rows))
    if sheet.unit:
        say(N_("  Unit, from the sheet's name: {unit}"), unit=sheet.unit)
    for column in sheet.columns:
        if column.key:
            say(
                "  {letter:>3}  {heading} = {name}",
                letter=column_letters(column.index),
                heading=column.heading or "–",
                name=gettext(COLUMNS[column.key]),
            )
    unused = [
        column.heading or f"({column_letters(column.index)})"
        for column in sheet.columns
        if not column.key
    ]
    if unused:
        say(N_("  Not used: {headings}"), headings=", ".join(unused))
    say(N_("  Rows: {rows} = {parts}"), rows=len(sheet.kinds), parts=_parts(sheet.counts))
    for kind in EXPLAINED:
        rows = [number for number, other in sheet.kinds.items() if other is kind]
        if rows:
            say("    {kind}: {rows}", kind=gettext(KINDS[kind]), rows=_ranges(sorted(rows)))
    if sheet.hidden_rows:
        say(N_("  Hidden rows, read like any other: {rows}"), rows=_ranges(sheet.hidden_rows))
    say("")


def _parts(counts: dict[RowKind, int]) -> str:
    """The kinds of rows that there are, as a sum."""
    gettext = current_language().gettext
    number = current_language().number
    return " + ".join(
        f"{number(counts[kind])} {gettext(name)}" for kind, name in KINDS.items() if counts[kind]
    )


def _show_problems(heading: str, problems: tuple[Problem, ...]) -> None:
    if not problems:
        return
    gettext = current_language().gettext
    say("")
    say(heading, count=len(problems))
    for problem in problems[:SHOWN]:
        text = problem.text(gettext)
        say("  {place}: {text}", place=problem.place, text=text)
    if len(problems) > SHOWN:
        say(
            N_("  … and {more} more; --out FILE writes all of them beside their rows."),
            more=len(problems) - SHOWN,
        )


def _ranges(numbers: Iterable[int]) -> str:
    """Numbers in order, neighbours joined: "3, 7–9"."""
    # Neighbours are as far from their positions as each other.
    runs = groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])
    ends = [[number for _, number in run] for _, run in runs]
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in ends)
