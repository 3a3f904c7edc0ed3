"""What corrections change of every unit, as a table on the terminal."""

from collections.abc import Callable, Iterator
from fractions import Fraction

from rich.text import Text

from mailaudit.cli.console import current_language, say
from mailaudit.cli.ranking import not_ranked_text, rank_text
from mailaudit.cli.table import Row, Table, print_lines, terminal_width
from mailaudit.errors import N_
from mailaudit.model.ranking import Standing
from mailaudit.model.usage import Counts
from mailaudit.model.wording import readable
from mailaudit.publication.comparison import Comparison
from mailaudit.report.sections.counts import deed

_HEADINGS = (
    N_("Unit"),
    N_("Total staff"),
    N_("In scope"),
    N_("Regular"),
    N_("Rate %"),
    N_("Rank"),
    N_("Coverage %"),
)


def print_effects(comparison: Comparison) -> None:
    """Prints each unit that changes, before and after, how many do not, and the whole.

    Args:
        comparison: For the IT department, who sees every unit.
    """
    print_lines(effect_lines(comparison, terminal_width()))
    pairs = _pairs(comparison)
    same = len(pairs) - sum(_differ(*pair) for pair in pairs)
    say(N_("Units that do not change: {count}."), count=same)


def effect_lines(comparison: Comparison, width: int | None) -> Iterator[Text]:
    """The table in lines of at most `width` columns; None for lines of any length."""
    language = current_language()
    changed = [pair for pair in _pairs(comparison) if _differ(*pair)]
    rows = [_row(then, now) for then, now in changed]
    before, after = comparison.before.everyone, comparison.after.everyone
    total = (language.gettext("ALL UNITS"), *_cells(before or Counts(), after or Counts(), ""))
    headings = tuple(map(language.gettext, _HEADINGS))
    table = Table(headings, [*rows, total], width, name=0)
    yield from table.lines(headings, "bold")
    for (_, now), row in zip(changed, rows, strict=True):
        yield from table.lines(row)
        if now.not_ranked is not None:
            yield from table.below(not_ranked_text(now.not_ranked), 1, width)
    yield from table.lines(total, "bold")


def _pairs(comparison: Comparison) -> list[tuple[Standing, Standing]]:
    pairs = [pair for group in comparison.groups() for pair in group.units] + [*comparison.few()]
    return [(then, now) for then, now in pairs if then is not None]


def _row(then: Standing, now: Standing) -> Row:
    ranks = " → ".join(dict.fromkeys(rank_text(each).strip() for each in (then, now)))
    name = readable(now.usage.unit.name)
    return (name, *_cells(then.usage.counts, now.usage.counts, ranks))


def _differ(then: Standing, now: Standing) -> bool:
    return (then.usage.counts, then.rank) != (now.usage.counts, now.rank)


def _cells(before: Counts, after: Counts, ranks: str) -> tuple[str, ...]:
    language = current_language()

    def both(value: Callable[[Counts], int | Fraction | None]) -> str:
        texts = [_written(value(counts)) for counts in (before, after)]
        return " → ".join(dict.fromkeys(texts))

    def _written(value: int | Fraction | None) -> str:
        return language.number(value) if isinstance(value, int) else language.percent(value)

    return (
        both(lambda counts: counts.staff),
        both(lambda counts: counts.in_scope),
        both(deed(lambda counts: counts.regular)),
        both(lambda counts: counts.regular_share),
        ranks,
        both(lambda counts: counts.coverage),
    )
