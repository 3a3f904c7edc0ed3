"""What the head of a unit is asked to do, in sentences an official would write."""

from collections.abc import Iterator
from fractions import Fraction

from mailaudit.locale import Language
from mailaudit.model.ranking import NotRanked, Standing
from mailaudit.model.rules import Rules
from mailaudit.report.words import grade_name, threshold

NOTABLE_FALL = Fraction(5, 100)


def actions(standing: Standing, rules: Rules, language: Language) -> tuple[str, ...]:
    """Sentences for the unit's head, the most pressing first; at least one."""
    _ = language.gettext
    if standing.not_ranked is NotRanked.NO_MAIL:
        return (_("Nothing is asked for: nobody had any mail in the whole period."),)
    found = tuple(_found(standing, rules, language))
    if found:
        return found
    if standing.usage.counts.in_scope == 0:
        return (_("Nobody is in scope in this period; nothing is asked for."),)
    return (_("The target is met; the unit is asked to keep the result."),)


def better_grade(standing: Standing, rules: Rules) -> str | None:
    """The grade above the unit's own; None at the best one and for units without one."""
    names = [grade.name for grade in rules.grades]
    if standing.grade not in names or not standing.short_of:
        return None
    return names[names.index(standing.grade) - 1]


def _found(standing: Standing, rules: Rules, language: Language) -> Iterator[str]:
    _ = language.gettext
    counts = standing.usage.counts
    missing = counts.short_of(rules.target)
    if standing.share is not None and missing:
        yield _(
            "Have {number} more people use their official mailbox regularly to meet the target of"
            " {target}; remind those who do not yet."
        ).format(number=language.number(missing), target=threshold(rules.target, language))
    if (grade := better_grade(standing, rules)) and (standing.short_of or 0) < missing:
        yield _("{number} more regular users are enough for the grade “{grade}”.").format(
            number=language.number(standing.short_of or 0), grade=grade_name(grade, language)
        )
    without = counts.in_scope - counts.provided
    if without:
        yield _("Check and provide the {number} mailboxes still missing.").format(
            number=language.number(without)
        )
    if counts.unmeasured:
        yield _(
            "With the IT department, repair the {number} mailboxes that could not be measured."
        ).format(number=language.number(counts.unmeasured))
    if standing.change is not None and standing.change <= -NOTABLE_FALL:
        yield _("Find out why the rate fell by {points} percentage points.").format(
            points=language.percent(-standing.change)
        )
