"""What corrections change of every unit, as a table on the terminal."""

import sys
from collections.abc import Callable
from fractions import Fraction

from rich.console import Console
from rich.table import Table
from rich.text import Text

from mailaudit.cli.console import current_language, say
from mailaudit.errors import N_
from mailaudit.model.ranking import Standing
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts
from mailaudit.model.wording import readable
from mailaudit.publication.comparison import Comparison

_PIPED = 200  # columns, where nobody watches
_HEADINGS = (
    N_("Unit"),
    N_("Total staff"),
    N_("In scope"),
    N_("Regular"),
    N_("Rate %"),
    N_("Rank"),
    N_("Coverage %"),
)


def print_effects(comparison: Comparison, rules: Rules) -> None:
    """Prints each unit that changes, before and after, how many do not, and the whole.

    Args:
        comparison: For the IT department, who sees every unit.
    """
    language = current_language()
    table = Table(box=None, pad_edge=False)
    unit, *figures = map(language.gettext, _HEADINGS)
    table.add_column(unit)
    for heading in figures:
        table.add_column(heading, justify="right", no_wrap=True)
    pairs = [pair for group in comparison.groups() for pair in group.units] + [*comparison.few()]
    changed = [(then, now) for then, now in pairs if then is not None and _differ(then, now)]
    for then, now in changed:
        name = readable(now.usage.unit.name)
        table.add_row(Text(name), *_cells(then.usage.counts, now.usage.counts, _ranks(then, now)))
    before, after = comparison.before.everyone, comparison.after.everyone
    total = _cells(before or Counts(), after or Counts(), "")
    table.add_row(language.gettext("ALL UNITS"), *total, style="bold")
    width = None if sys.stdout.isatty() else _PIPED
    Console(width=width, highlight=False).print(table)
    say(N_("Units that do not change: {count}."), count=len(pairs) - len(changed))


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
        both(lambda counts: counts.regular),
        both(lambda counts: counts.regular_share),
        ranks,
        both(lambda counts: counts.coverage),
    )


def _ranks(then: Standing, now: Standing) -> str:
    texts = ["–" if each.rank is None else str(each.rank) for each in (then, now)]
    return " → ".join(dict.fromkeys(texts))
