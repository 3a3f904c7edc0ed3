"""The ranking as a table on the terminal."""

import sys
from fractions import Fraction

from rich.console import Console
from rich.table import Table
from rich.text import Text

from mailaudit.cli.console import current_language
from mailaudit.model.ranking import Ranking, Standing
from mailaudit.model.usage import Counts
from mailaudit.report.words import NOT_RANKED, grade_name

_WIDTH_WHEN_PIPED = 110


def print_ranking(ranking: Ranking) -> None:
    """Prints every group's units in order, its total, and the whole."""
    _ = current_language().gettext
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(_("Rank"), justify="right")
    table.add_column(_("Unit"), overflow="fold")
    for heading in (_("In scope"), _("Regular"), _("Rate %"), _("Change"), _("Not measured")):
        table.add_column(heading, justify="right")
    table.add_column(_("Grade"))
    for group in ranking.groups:
        table.add_row("", Text(group.name, style="bold cyan"))
        for standing in group.standings:
            counts = standing.usage.counts
            table.add_row(*_place(standing), *_figures(counts, standing.change), _grade(standing))
        change = _change(group.total, group.previous_total)
        table.add_row("", Text(_("Group total")), *_figures(group.total, change), style="italic")
    change = _change(ranking.total, ranking.previous_total)
    table.add_row("", Text(_("TOTAL")), *_figures(ranking.total, change), style="bold")
    Console(width=None if sys.stdout.isatty() else _WIDTH_WHEN_PIPED).print(table)


def _place(standing: Standing) -> tuple[str, Text]:
    rank = "–" if standing.rank is None else f"{standing.rank}{'=' if standing.tied else ''}"
    return rank, Text(standing.usage.unit.name)


def _grade(standing: Standing) -> Text:
    language = current_language()
    if standing.not_ranked is not None:
        return Text(language.gettext(NOT_RANKED[standing.not_ranked]), style="dim")
    return Text(grade_name(standing.grade or "", language))


def _figures(counts: Counts, change: Fraction | None) -> tuple[str, ...]:
    language = current_language()
    return (
        language.number(counts.in_scope),
        language.number(counts.regular),
        language.percent(counts.regular_share),
        "" if change is None else f"{'+' if change > 0 else ''}{language.percent(change)}",
        language.number(counts.unmeasured) if counts.unmeasured else "",
    )


def _change(counts: Counts, previous: Counts | None) -> Fraction | None:
    if previous is None or counts.regular_share is None or previous.regular_share is None:
        return None
    return counts.regular_share - previous.regular_share
