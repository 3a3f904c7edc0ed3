"""Who is out of scope: exempt by job, or excluded because away in the Period."""

import unicodedata

from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.period import Period
from mailaudit.model.roster import Staff
from mailaudit.model.rules import Rules
from mailaudit.model.usage import StaffState


def folded(text: str) -> str:
    """The text as categories and statuses are compared: NFC, one case, single spaces.

    Accents and đ stay what they are: `" Thai  SẢN "` equals `"thai sản"`, not `"thai san"`.
    """
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def out_of_scope(
    person: Staff, period: Period, calendar: WorkCalendar, rules: Rules
) -> StaffState | None:
    """EXEMPT, else EXCLUDED, else None: a guard on maternity leave is exempt, counted once."""
    if is_exempt(person, rules):
        return StaffState.EXEMPT
    return StaffState.EXCLUDED if is_excluded(person, period, calendar, rules) else None


def is_exempt(person: Staff, rules: Rules) -> bool:
    """Whether the person's category is one of `Rules.exempt_categories`."""
    return folded(person.category) in {folded(name) for name in rules.exempt_categories}


def is_excluded(person: Staff, period: Period, calendar: WorkCalendar, rules: Rules) -> bool:
    """Whether the person's status takes the person out of scope in this Period.

    The status must be one of `Rules.excluded_statuses`. Without dates it holds for the whole
    Period. With dates (an open end reaches to the end of the Period) it excludes when
    `working days covered / working days of the Period >= Rules.min_excluded_share`: with 22
    working days and 50 %, 11 days of leave exclude, 10 do not.
    """
    if folded(person.status) not in {folded(name) for name in rules.excluded_statuses}:
        return False
    if person.status_from is None and person.status_to is None:
        return True
    first = max(person.status_from or period.first_day, period.first_day)
    last = min(person.status_to or period.last_day, period.last_day)
    away = sum(1 for _ in calendar.working_days(first, last))
    return away > 0 and away >= rules.min_excluded_share * calendar.working_days_of(period)
