"""What `history` shows of each month, and why there is no rate or change where there is none."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from mailaudit.audit import Audited
from mailaudit.cli.console import current_language
from mailaudit.cli.months import MonthLine, origin_text, why_not_text
from mailaudit.cli.ranking import not_ranked_text, rank_text
from mailaudit.errors import N_
from mailaudit.model.audience import Audience
from mailaudit.model.period import Period
from mailaudit.model.ranking import Incomparable, NotRanked, Origin, Standing, TrendPoint
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Edition
from mailaudit.model.usage import Counts, Silence
from mailaudit.model.wording import readable
from mailaudit.publication.publish import publish
from mailaudit.report.results import share_change
from mailaudit.report.words import short_period

_SILENT = {Silence.NO_MAIL: Incomparable.NO_MAIL, Silence.UNKNOWN: Incomparable.LOW_COVERAGE}


def name_of(audited: Audited, unit: str | None) -> str:
    """The unit's name and code; "" where no unit was asked for."""
    standing = _standing(audited, unit)
    return "" if standing is None else f"{readable(standing.usage.unit.name)} ({unit})"


def month_lines_of(
    audited: Audited, editions: Mapping[Period, Edition], rules: Rules, unit: str | None
) -> list[MonthLine]:
    """A line for each stored month.

    Args:
        audited: The newest complete month, with all those before it.
        editions: By month, the oldest first.
        unit: The code of the unit they are of; None for the whole.
    """
    ranking = audited.ranking
    published = publish(ranking, Audience.IT, rules).trend
    points = {
        then.period: _Point(then, shown.total if unit is None else shown.units.get(unit), unit)
        for then, shown in zip(ranking.trend, published, strict=True)
    }
    ranks = _ranks(audited, unit)
    found = []
    for period, edition in editions.items():
        point, before = points.get(period), points.get(period.shifted(-1))
        if point is None:
            remarks = [_progress(edition)]
            found.append(MonthLine(edition, rank=ranks.get(period), remarks=tuple(remarks)))
            continue
        change, remarks = _change(point, before, rules)
        if unit is not None and period == ranking.period:
            remarks = [*_unranked(audited, unit), *remarks]
        found.append(MonthLine(edition, point.counted, change, ranks.get(period), tuple(remarks)))
    return found


@dataclass(frozen=True, slots=True)
class _Point:
    """A month of the whole or of the unit; `counts` as they may be shown."""

    month: TrendPoint
    counts: Counts | None
    unit: str | None

    @property
    def origin(self) -> Origin | None:
        """What the unit was then, or why the month has no rate."""
        if self.month.silence is not None:
            return Origin((), _SILENT[self.month.silence])
        if self.month.is_outdated:
            return Origin((), Incomparable.OTHER_RULES)
        if self.unit is None and self.month.other_kind:
            return Origin((), Incomparable.OTHER_KIND)
        return None if self.unit is None else dict(self.month.origins).get(self.unit)

    @property
    def why_not(self) -> str:
        """Why it has no rate, in words; "" where it has one."""
        if self.is_mixed:
            return not_ranked_text(NotRanked.SEVERAL_KINDS)
        origin = self.origin
        if origin is not None and origin.why_not is not None:
            return why_not_text(origin)
        if self.counts is None:
            return current_language().gettext(N_("no unit has figures of its own"))
        if self.counts.regular_share is None:
            return why_not_text(Origin((), Incomparable.NOBODY))
        return ""

    @property
    def counted(self) -> Counts | None:
        """The sums, where they give a rate, or a coverage at least."""
        return self.counts if self.is_mixed or not self.why_not else None

    @property
    def is_mixed(self) -> bool:
        """Whether sources of several kinds measured it: then the coverage is known, and no rate."""
        return self.month.silence is None and self.counts is not None and self.counts.is_mixed

    def incomparable(self, rules: Rules) -> str:
        """Why its rate can't be compared with that of the next month; "" where it can."""
        if self.why_not:
            return self.why_not
        if self.unit is None:
            other = N_(
                "the units of then are not those of today: predecessors not measured, or their"
                " staff not distinguished"
            )
            return "" if self.month.comparable else current_language().gettext(other)
        low = self.counts is not None and not rules.is_sufficient(self.counts.coverage)
        return why_not_text(Origin((), Incomparable.LOW_COVERAGE)) if low else ""


def _change(
    point: _Point, before: _Point | None, rules: Rules
) -> tuple[Fraction | None, list[str]]:
    """The change from the month before, and what to know of the month: why there is none."""
    gettext, period = current_language().gettext, point.month.period
    origin = point.origin
    remarks = [] if origin is None or origin.why_not is not None else [origin_text(origin)]
    own = point.incomparable(rules)
    if own:
        return None, [*remarks, own]
    if before is None:
        absent = gettext(N_("no change: {period} is not stored"))
        return None, [*remarks, absent.format(period=_short(period.shifted(-1)))]
    theirs = before.incomparable(rules)
    if theirs:
        text = gettext(N_("no change from {period}: {why}"))
        return None, [*remarks, text.format(period=_short(before.month.period), why=theirs)]
    return share_change(point.counts, before.counts), remarks


def _short(month: Period) -> str:
    return short_period(month, current_language())


def _ranks(audited: Audited, unit: str | None) -> Mapping[Period, str]:
    """The ranks of the unit as printed, by month; of a month that has none a dash."""
    if unit is None:
        return {}
    found = {}
    for earlier in audited.earlier:
        rank = earlier.ranks.get(unit)
        found[earlier.point.period] = "–" if rank is None else f"{rank} "
    standing = _standing(audited, unit)
    found[audited.ranking.period] = "–" if standing is None else rank_text(standing)
    return found


def _unranked(audited: Audited, unit: str) -> Iterator[str]:
    """Why the unit has no rank in the newest month."""
    standing = _standing(audited, unit)
    if standing is not None and standing.not_ranked is not None:
        yield not_ranked_text(standing.not_ranked)


def _standing(audited: Audited, unit: str | None) -> Standing | None:
    standings = (s for group in audited.ranking.groups for s in group.standings)
    return next((s for s in standings if s.usage.unit.code == unit), None)


def _progress(edition: Edition) -> str:
    language = current_language()
    return language.gettext("{done} of {total} mailboxes").format(
        done=language.number(edition.mailboxes - edition.pending),
        total=language.number(edition.mailboxes),
    )
