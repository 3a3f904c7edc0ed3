"""What a longer period is made of: its months, those not sound, how regular use is judged."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.inside import MonthInside
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.usage import Silence
from mailaudit.report.columns import NUMBER, ColumnOf, table_of
from mailaudit.report.tables import Column, Kind, Table
from mailaudit.report.words import kinds_text, short_period, threshold


def months_text(snapshot: Snapshot, language: Language) -> str:
    """Of how many of its months it is made: `3/3 tháng`."""
    counting = [month for month in snapshot.months if month.counts]
    return language.gettext("{stored} of {months} months").format(
        stored=sum(month.is_stored for month in counting), months=len(counting)
    )


def part_text(share: Fraction, language: Language) -> str:
    """A part of months: as a fraction where decimals do not give it, `2/3`, else `75%`."""
    return str(share) if (share * 1000).denominator > 1 else threshold(share, language)


def definition_text(snapshot: Snapshot, rules: Rules, language: Language) -> str:
    """What regular means where it is not what a month usually has, in a few words; else ""."""
    _ = language.gettext
    if not rules.counts_days:
        return _("regular use: any mail sent or read in the period")
    text = _("regular use: in at least {share} of the months judged") if snapshot.months else ""
    if not rules.counts_reading:
        text = _("regular use: mail sent on at least {days} working days")
        if snapshot.months:
            text = _(
                "regular use: in at least {share} of the months judged, mail sent on at least"
                " {days} working days"
            )
    return text.format(
        share=part_text(rules.min_regular_months_share, language),
        days=language.number(rules.min_sent_days),
    )


def inside_notices(
    snapshot: Snapshot, rules: Rules, language: Language, *, sees_everything: bool
) -> Iterator[str]:
    """What to know of the months before any figure; nothing of a month."""
    _ = language.gettext
    if not snapshot.months:
        return
    counting = [month for month in snapshot.months if month.counts]
    sound = sum(month.is_sound for month in counting)
    if Fraction(sound, len(counting)) < rules.min_months_share:
        yield _(
            "Too little data: only {sound} of {months} months are final and sufficiently covered,"
            " fewer than {share}. No unit is ranked."
        ).format(
            sound=sound,
            months=len(counting),
            share=part_text(rules.min_months_share, language),
        )
    stored = [month for month in snapshot.months if month.is_stored]
    found = {
        N_("Months without data: {months}. What was done in them is in no figure."): [
            month for month in snapshot.months if not month.is_stored
        ],
        N_("Provisional data: {months}."): [month for month in stored if not month.final],
        N_("Coverage below {coverage}: {months}."): [m for m in stored if not m.sufficient],
        N_("Nobody had any mail: {months}. Nobody is judged by them."): [
            month for month in stored if month.silence is Silence.NO_MAIL
        ],
    }
    for text, months in found.items():
        if months:
            yield _(text).format(
                months=_named(months, language), coverage=threshold(rules.min_coverage, language)
            )

    yield from _break_inside(stored, language)
    if sees_everything and (people := max(month.left_out for month in snapshot.months)):
        yield _(
            "Up to {people} people of a month have neither an address nor a staff code: they can't"
            " be found again, and count by the last month alone."
        ).format(people=language.number(people))


def _break_inside(stored: Sequence[MonthInside], language: Language) -> Iterator[str]:
    """Which months which kinds of sources measured, where they are not all of one and the same."""
    months: dict[frozenset[str], list[MonthInside]] = {}
    for month in stored:
        if month.kinds:
            months.setdefault(month.kinds, []).append(month)
    if len(months) > 1:
        yield language.gettext(
            "The period has a break: {kinds}. Whoever sources of several kinds measured counts as"
            " not measured."
        ).format(
            kinds="; ".join(
                f"{kinds_text(kinds)}: {_named(of_kind, language)}"
                for kinds, of_kind in months.items()
            )
        )


def longer_definitions(
    snapshot: Snapshot, rules: Rules, language: Language
) -> Iterator[tuple[str, str]]:
    """Name and text of what is counted otherwise than in a month."""
    _ = language.gettext
    if snapshot.months:
        yield (
            _("Whom a longer period counts"),
            _(
                "Everybody on the list of a month that counts, once; by the months in which the"
                " person was in scope, in the unit of the last of them. A month counts where most"
                " of its working days lie in the period."
            ),
        )
    if snapshot.months and rules.counts_days:
        yield (
            _("Regular use in a longer period"),
            _(
                "F4 in at least {share} of the months in which it could be judged; somebody"
                " without a mailbox is judged as not using it"
            ).format(share=part_text(rules.min_regular_months_share, language)),
        )


def longer_thresholds(
    snapshot: Snapshot, rules: Rules, language: Language
) -> Iterator[tuple[str, str]]:
    """Thresholds of longer periods only."""
    _ = language.gettext
    if snapshot.months:
        least = _("at least {number}")
        if rules.counts_days:
            regular = part_text(rules.min_regular_months_share, language)
            yield _("Months of regular use"), least.format(number=regular)
        months = part_text(rules.min_months_share, language)
        yield _("Months final and sufficiently covered, for a rank"), least.format(number=months)


def inside_table(snapshot: Snapshot, language: Language, *, sees_everything: bool) -> Table:
    """Each month: whether it counts, its edition, cut-off and digest.

    Args:
        sees_everything: With the coverage, which is of all units, those of few people too.
    """
    _ = language.gettext
    tz = snapshot.period.tz

    def cut_off(month: MonthInside) -> str:
        at = month.cut_off_at
        return "–" if at is None else language.instant(at.astimezone(tz))

    coverage: ColumnOf[MonthInside] = ColumnOf(
        Column("coverage", N_("Coverage %"), Kind.PERCENT),
        lambda month: month.coverage if month.is_stored else None,
    )
    columns: tuple[ColumnOf[MonthInside], ...] = (
        NUMBER,
        ColumnOf(
            Column("month", N_("Month"), Kind.TEXT, width=12, row_header=True),
            lambda month: short_period(month.period, language),
        ),
        ColumnOf(
            Column("state", N_("State of the data"), Kind.TEXT, width=30),
            lambda month: _(_state(month)),
        ),
        ColumnOf(
            Column("edition", N_("Edition"), Kind.TEXT, width=8),
            lambda month: str(month.edition) if month.is_stored else "–",
        ),
        ColumnOf(Column("cut_off", N_("Cut-off date"), Kind.TEXT, width=18), cut_off),
        *((coverage,) if sees_everything else ()),
        ColumnOf(
            Column("digest", N_("SHA-256 of the data"), Kind.TEXT, width=66),
            lambda month: month.digest or "–",
        ),
    )
    return table_of("inside", _("Months of the period"), columns, snapshot.months, language)


def _state(month: MonthInside) -> str:
    if not month.is_stored:
        return N_("no data")
    if not month.counts:
        return N_("only some days inside: nobody is judged")
    return N_("final data") if month.final else N_("provisional data")


def _named(months: Iterable[MonthInside], language: Language) -> str:
    return ", ".join(short_period(month.period, language) for month in months)
