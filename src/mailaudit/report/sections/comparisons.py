"""What must be said of comparisons with earlier months: predecessors, gaps, provisional data."""

from collections.abc import Mapping, Sequence

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.ranking import Incomparable, Origin, Ranking
from mailaudit.model.usage import Silence
from mailaudit.model.wording import readable
from mailaudit.report.sections.kinds import kind_notices
from mailaudit.report.words import short_period

UNITS_NAMED = 4  # a commune may have come of more; the events list them all

WHY_NOT: Mapping[Incomparable, str] = {
    Incomparable.NOT_LISTED: N_("it was not on the list of units then"),
    Incomparable.NOT_MEASURED: N_("predecessors not measured then: {units}"),
    Incomparable.LOW_COVERAGE: N_("coverage was too low then"),
    Incomparable.NOT_TOLD_APART: N_("too few staff of a divided unit are found again: {units}"),
    Incomparable.NOBODY: N_("there was nobody to judge then"),
    Incomparable.NO_MAIL: N_("nobody had any mail in that month"),
    Incomparable.OTHER_RULES: N_(
        "its people were removed, and the sums that are left were made by other rules"
    ),
    Incomparable.FEW_MONTHS: N_("too few months of that period are final and sufficiently covered"),
    Incomparable.OTHER_MONTHS: N_("people are judged in another number of months there"),
    Incomparable.OTHER_KIND: N_("one and the same kind of source did not measure it then and now"),
    Incomparable.ENDED: N_("it ended in the period, and went on in other units"),
}

SILENCES: Mapping[Silence, str] = {
    Silence.NO_MAIL: N_(
        "Nobody sent or received any mail in the whole period: no unit is ranked. Check the period,"
        " the mail server and its retention."
    ),
    Silence.UNKNOWN: N_(
        "Too few mailboxes were measured, and none of them had any mail: no unit is ranked, and"
        " nothing is compared with another period."
    ),
}
SILENCES_THEN: Mapping[Silence, str] = {
    Silence.NO_MAIL: N_("Nothing is compared with {month}: nobody had any mail in that month."),
    Silence.UNKNOWN: N_("Nothing is compared with {month}: too few mailboxes were measured then."),
    Silence.FEW_MONTHS: N_(
        "Nothing is compared with {month}: too few of its months are final and sufficiently"
        " covered."
    ),
    Silence.OTHER_MONTHS: N_(
        "Nothing is compared with {month}: people are judged there in another number of months."
    ),
}


def origin_remark(origin: Origin, language: Language) -> str:
    """What a unit is compared with, or why it is not, in a sentence."""
    _ = language.gettext
    units = _units(origin.units, language)
    if origin.why_not is not None:
        return _("Not comparable with the previous period: {why}").format(
            why=_(WHY_NOT[origin.why_not]).format(units=units)
        )
    if len(origin.units) == 1:
        return _("In the previous period: {units}").format(units=units)
    return _("In the previous period: {units} together").format(units=units)


def comparison_notices(ranking: Ranking, language: Language) -> tuple[str, ...]:
    """What a reader must know before any change from the month before."""
    return (*kind_notices(ranking, language), *_comparison_notices(ranking, language))


def _comparison_notices(ranking: Ranking, language: Language) -> tuple[str, ...]:
    _ = language.gettext
    if ranking.silence is Silence.FEW_MONTHS:
        return ()  # the notices of the months say which
    if ranking.silence is not None:
        return (_(SILENCES[ranking.silence]),)
    previous = ranking.stored_before
    if previous is None:
        return ()
    month = short_period(previous.period, language)
    if previous.silence is not None:
        return (_(SILENCES_THEN[previous.silence]).format(month=month),)
    if previous.is_outdated:
        text = _(
            "Nothing is compared with {month}: its people were removed, and the sums that are left"
            " were made by other rules or another calendar."
        )
        return (text.format(month=month),)
    found = []
    if previous.provisional != ranking.is_provisional:
        found.append(
            _("The comparison is with {month}, whose data are provisional.").format(month=month)
            if previous.provisional
            else _(
                "A provisional period is compared with {month}, which is whole: it can still rise."
            ).format(month=month)
        )
    if not previous.comparable and not previous.other_kind:
        found.append(
            _(
                "Totals are not comparable with {month}: predecessors of some units were not"
                " measured then, or too few of their staff can be distinguished."
            ).format(month=month)
        )
    return tuple(found)


def _units(names: Sequence[str], language: Language) -> str:
    shown = ", ".join(readable(name) for name in names[:UNITS_NAMED])
    more = len(names) - UNITS_NAMED
    if more <= 0:
        return shown
    return language.gettext("{units} and {more} more").format(units=shown, more=more)
