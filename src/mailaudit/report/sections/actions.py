"""What the head of a unit is asked to do, in sentences an official would write."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.ranking import NotRanked, Standing
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts
from mailaudit.model.use import Use
from mailaudit.report.words import kinds_text, threshold

NOTABLE_FALL = Fraction(5, 100)


# What a head can do about each use; nothing where everything is as it should be.
ASKED: Mapping[Use, str] = {
    Use.UNREAD: N_("Remind them to read their mail every day"),
    Use.FEW_DAYS: N_("Assign work, and take reports and questions, by official mail"),
    Use.SENDS: N_("Assign work by official mail; remind them to read it every day"),
    Use.ONLY_READ: N_("Have them answer and report by official mail"),
    Use.UNUSED: N_("See each of them: password, device, how to use it"),
    Use.SENT_NOTHING: N_("Have them answer and report by official mail; see who never used it"),
    Use.NOT_PROVIDED: N_("Request a mailbox, or have the staff list corrected"),
    Use.UNMEASURED: N_("The IT department repairs it; nothing is asked of the person"),
}


def actions(
    standing: Standing, rules: Rules, language: Language, *, repairable: int = 0
) -> tuple[str, ...]:
    """Sentences for the unit's head, the most pressing first; at least one.

    Args:
        repairable: How many of the mailboxes not measured the reader may ask to be repaired: not
            those of people who were removed, of whom the public's page must show nothing.
    """
    _ = language.gettext
    if standing.not_ranked is NotRanked.NO_MAIL:
        return (_("Nothing is asked for: nobody had any mail in the whole period."),)
    found = tuple(_found(standing, rules, language, repairable))
    if found:
        return found
    if standing.usage.counts.in_scope == 0:
        return (_("Nobody is in scope in this period; nothing is asked for."),)
    if not standing.usage.counts.meets(rules.target):
        return (_("Nothing is asked for."),)
    return (_("The target is met; the unit is asked to keep the result."),)


def better_grade(standing: Standing, rules: Rules) -> str | None:
    """The grade above the unit's own; None at the best one and for units without one."""
    names = [grade.name for grade in rules.grades]
    if standing.grade not in names or not standing.short_of:
        return None
    return names[names.index(standing.grade) - 1]


def is_unknown(counts: Counts) -> bool:
    """Whether people have mailboxes, of which not one was measured."""
    return counts.provided > 0 and counts.measured == 0


def _found(standing: Standing, rules: Rules, language: Language, repairable: int) -> Iterator[str]:
    _ = language.gettext
    counts = standing.usage.counts
    missing = counts.short_of(rules.target)
    if counts.is_mixed:
        yield _(
            "The unit's mailboxes were measured by sources of several kinds ({kinds}), so that it"
            " has no common rate and no rank. That is no fault of the unit; nothing is asked for"
            " because of it."
        ).format(kinds=kinds_text(counts.kinds))
    elif is_unknown(counts) and counts.kinds:
        yield _(
            "The source that measured the unit's mailboxes ({kinds}) does not say what regular use"
            " is judged by, as whether mail was read. That is no fault of the unit; nothing is"
            " asked for because of it."
        ).format(kinds=kinds_text(counts.kinds))
    elif is_unknown(counts):
        yield _(
            "None of the unit's {number} mailboxes could be measured: nothing is known of how they"
            " are used."
        ).format(number=language.number(counts.provided))
    elif standing.share is not None and missing:
        yield _(
            "Have {number} more people use their official mailbox regularly to meet the target of"
            " {target}; remind those who do not yet."
        ).format(number=language.number(missing), target=threshold(rules.target, language))
    without = counts.in_scope - counts.provided
    if without:
        yield _("Check the list, and request the {number} mailboxes still missing.").format(
            number=language.number(without)
        )
    if repairable:
        yield _(
            "With the IT department, have the {number} mailboxes repaired that could not be"
            " measured."
        ).format(number=language.number(repairable))
    if standing.change is not None and standing.change <= -NOTABLE_FALL:
        yield _("Find out why the rate fell by {points} percentage points.").format(
            points=language.percent(-standing.change)
        )
