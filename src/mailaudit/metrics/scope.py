"""Who is out of scope in a Period: exempt by job, or excluded because away, new or gone."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.period import Period
from mailaudit.model.roster import Staff
from mailaudit.model.rules import Rules
from mailaudit.model.usage import OutOfScope, UnnamedWord, WordKind
from mailaudit.model.wording import folded


class Scope:
    """The rules of scope, applied to one Period.

    Args:
        cut_off: The local day on which collection began.
    """

    def __init__(self, period: Period, cut_off: date, calendar: WorkCalendar, rules: Rules) -> None:
        self._period = period
        self._calendar = calendar
        self._rules = rules
        self._working_days = calendar.working_days_of(period)
        self._last_to_leave = min(cut_off, period.last_day)

    def taken_out_by(self, person: Staff) -> OutOfScope | None:
        """What takes the person out of scope, the job first; None for those in scope.

        A guard on maternity leave is exempt, counted once.
        """
        return exempted_by(person, self._rules) or self.excluded_by(person)

    def excluded_by(self, person: Staff) -> OutOfScope | None:
        """What excludes the person in this Period, if anything: a status, for long enough.

        A status without dates holds for the whole Period.
        """
        status, begins = folded(person.status), person.status_begins
        if status in self._rules.excluded_statuses:
            return OutOfScope.AWAY if begins is None or self._is_long_away(person) else None
        if status in self._rules.joined_statuses:
            return OutOfScope.JOINED if begins is None or self._is_too_new(begins) else None
        if status in self._rules.left_statuses:
            return OutOfScope.LEFT if begins is None or self._has_left(begins) else None
        return None

    def _is_long_away(self, person: Staff) -> bool:
        """`working days covered / working days of the Period >= Rules.min_excluded_share`.

        An open end reaches to the end of the Period. With 22 working days and 50 %, 11 days of
        leave exclude, 10 do not.
        """
        first = max(person.status_from or self._period.first_day, self._period.first_day)
        last = min(person.status_to or self._period.last_day, self._period.last_day)
        away = self._working_days_between(first, last)
        return away > 0 and away >= self._rules.min_excluded_share * self._working_days

    def _is_too_new(self, first: date) -> bool:
        """`working days from the first day of work on < Rules.min_joined_working_days`.

        Appointed on 19 October 2026 with ten working days left: in scope; on the 20th: not yet.
        """
        first = max(first, self._period.first_day)
        worked = self._working_days_between(first, self._period.last_day)
        return worked < min(self._rules.min_joined_working_days, self._working_days)

    def _has_left(self, first: date) -> bool:
        """Whether the first day without work is not after the cut-off, nor after the Period.

        Who worked to the end of the Period stays in, however late it was collected.
        """
        return first <= self._last_to_leave

    def _working_days_between(self, first: date, last: date) -> int:
        return sum(1 for _ in self._calendar.working_days(first, last))


def exempted_by(person: Staff, rules: Rules) -> OutOfScope | None:
    """What exempts the person, if anything; a job title that a rule names decides alone."""
    title = folded(person.job_title)
    if title in rules.exempt_job_titles:
        return OutOfScope.JOB_TITLE
    if title in rules.in_scope_job_titles:
        return None
    exempt = folded(person.category) in rules.exempt_categories
    return OutOfScope.CATEGORY if exempt else None


def unnamed_words(staff: Iterable[Staff], rules: Rules) -> tuple[UnnamedWord, ...]:
    """Categories and statuses that no rule names, from the most frequent on.

    They take nobody out of scope. Where a job title decides, the category does not matter, and
    neither does the status of somebody exempt.
    """
    categories = rules.exempt_categories | rules.in_scope_categories | {""}
    statuses = (
        rules.excluded_statuses
        | rules.joined_statuses
        | rules.left_statuses
        | rules.in_scope_statuses
        | {""}
    )
    found: Counter[tuple[WordKind, str]] = Counter()
    for person in staff:
        if exempted_by(person, rules):
            continue
        category, status = folded(person.category), folded(person.status)
        titled = folded(person.job_title) in rules.in_scope_job_titles
        if category not in categories and not titled:
            found[WordKind.CATEGORY, category] += 1
        if status not in statuses:
            found[WordKind.STATUS, status] += 1
    ordered = sorted(found.items(), key=lambda item: (item[0][0], -item[1], item[0][1]))
    return tuple(UnnamedWord(kind, word, people) for (kind, word), people in ordered)
