"""Two months side by side on the terminal: ranks, rates and what moved, unit by unit."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from rich.text import Text

from mailaudit.cli.console import current_language
from mailaudit.cli.months import origin_text, rate_text, why_not_text
from mailaudit.cli.ranking import not_ranked_text, rank_text
from mailaudit.cli.table import Row, Table, change_text
from mailaudit.model.period import Period
from mailaudit.model.ranking import Incomparable, Standing
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts
from mailaudit.model.wording import readable
from mailaudit.publication.values import Publication
from mailaudit.report.results import share_change
from mailaudit.report.sections.ranking import rounding_note
from mailaudit.report.sections.small_units import few_label, few_notes
from mailaudit.report.words import short_period

_UNIT = 3
_LONGEST = len("10/2026")  # name of a period that columns are called by
_OF_ALL = (Incomparable.NO_MAIL, Incomparable.FEW_MONTHS, Incomparable.OTHER_MONTHS)  # said above
_UP, _DOWN, _SAME = "▲", "▼", "="


@dataclass(frozen=True, slots=True)
class _Line:
    """A unit's row, and what to know of it."""

    row: Row
    remarks: tuple[str, ...] = ()


def comparison_lines(
    publication: Publication, before: Period, rules: Rules, width: int | None
) -> Iterator[Text]:
    """Every unit that the publication shows, by group, the sums, and how many moved.

    Args:
        before: The month that the publication's is compared with.
        width: In terminal columns; None for lines of any length.
    """
    gettext = current_language().gettext
    writer = _Writer(publication, before)
    blocks = writer.blocks()
    whole = writer.sums(gettext("TOTAL"), publication.total, publication.previous_total)
    language = current_language()
    rank, then = gettext("Rank"), short_period(before, language)
    now = short_period(publication.period, language)
    if len(now) > _LONGEST:
        then, now = gettext("earlier"), gettext("later")  # the lines above name the two
    headings = (
        f"{rank} {now}",
        f"{rank} {then}",
        gettext("Moved"),
        gettext("Unit"),
        f"{then} %",
        f"{now} %",
        gettext("Change"),
    )
    rows = [line.row for _, lines in blocks for line in lines]
    table = Table(headings, [*rows, whole.row], width, name=_UNIT, narrow=(0, 1, 2))
    yield Text()
    yield from table.lines(table.headings, "bold")
    for name, lines in blocks:
        yield Text()
        yield Text(name, style="bold cyan")
        for line in lines:
            yield from table.lines(line.row)
            for remark in line.remarks:
                yield from table.below(remark, _UNIT, width)
    yield Text()
    yield from table.lines(whole.row, "bold")
    yield Text()
    for sentence in writer.moved():
        yield Text(sentence)
    if any(standing.change is not None for standing in publication.standings()):
        yield Text(rounding_note(current_language()))
    if not publication.few_standings:
        yield from map(Text, few_notes(publication, rules, current_language()))


@dataclass(frozen=True, slots=True)
class _Writer:
    """Makes rows of one publication."""

    publication: Publication
    before: Period

    def blocks(self) -> list[tuple[str, list[_Line]]]:
        """The groups with their units in order, and their sums."""
        gettext, publication = current_language().gettext, self.publication
        found = []
        for group in publication.groups:
            total = self.sums(gettext("Group total"), group.total, group.previous_total)
            found.append((readable(group.name), [*map(self._unit, group.standings), total]))
        lines = list(map(self._unit, publication.few_standings))
        if publication.few_total is not None:
            lines.append(self.sums(gettext("Total"), publication.few_total, None))
        if lines:
            found.append((few_label(publication, current_language()), lines))
        return found

    def sums(self, label: str, counts: Counts | None, previous: Counts | None) -> _Line:
        """The row of a group or of the whole."""
        seen = counts if self.publication.has_mail else None
        change = change_text(share_change(seen, previous))
        return _Line(("", "", "", label, rate_text(previous), rate_text(seen), change))

    def moved(self) -> Iterator[str]:
        """How many units went up and down, by rank and by rate."""
        standings = list(self.publication.standings())
        ranks = _signs(_places_up(standing) for standing in standings)
        rates = _signs(standing.change for standing in standings)
        gettext = current_language().gettext
        yield gettext(
            "Units by rank: up {up}, down {down}, as before {same}, not comparable {without}."
        ).format_map(ranks)
        yield gettext(
            "Units by rate: up {up}, down {down}, as before {same}, not comparable {without}."
        ).format_map(rates)

    def _unit(self, standing: Standing) -> _Line:
        counts = standing.usage.counts if self.publication.has_mail else None
        language, then = current_language(), standing.previous_rank
        row = (
            rank_text(standing),
            "–" if then is None else str(then),
            _moved(standing),
            readable(standing.usage.unit.name),
            language.percent(standing.previous_share),
            rate_text(counts),
            change_text(standing.change),
        )
        return _Line(row, tuple(self._remarks(standing)))

    def _remarks(self, standing: Standing) -> Iterator[str]:
        gettext, origin = current_language().gettext, standing.origin
        then = short_period(self.before, current_language())
        point = next(p for p in self.publication.trend if p.period == self.before)
        if standing.not_ranked is not None:
            yield not_ranked_text(standing.not_ranked)
        if point.units.get(standing.usage.unit.code, Counts()) is None:
            yield gettext("{period}: not for this audience").format(period=then)
        elif origin is not None and origin.why_not not in _OF_ALL:
            text = origin_text(origin) if origin.why_not is None else why_not_text(origin)
            yield f"{then}: {text}"


def _places_up(standing: Standing) -> int | None:
    if standing.rank is None or standing.previous_rank is None:
        return None
    return standing.previous_rank - standing.rank


def _moved(standing: Standing) -> str:
    up = _places_up(standing)
    if up is None:
        return "–"
    return f"{_UP if up > 0 else _DOWN}{abs(up)}" if up else _SAME


def _signs(values: Iterable[Any]) -> dict[str, str]:
    """How many are above 0, below, 0, and None, as printed."""
    found = Counter(
        "without" if value is None else "up" if value > 0 else "down" if value else "same"
        for value in values
    )
    number = current_language().number
    return {name: number(found[name]) for name in ("up", "down", "same", "without")}
