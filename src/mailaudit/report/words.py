"""The words of a report: what enums, periods, grades and thresholds are called in its language."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from mailaudit.errors import N_
from mailaudit.locale import NO_VALUE, Language
from mailaudit.model.knowledge import Knowledge
from mailaudit.model.outcome import Reason
from mailaudit.model.period import LongPeriod, Period
from mailaudit.model.ranking import NotRanked
from mailaudit.model.rules import Rules
from mailaudit.model.wording import readable
from mailaudit.report.tables import Tone

REASONS: Mapping[Reason, str] = {
    Reason.NO_MAILBOX: N_("The server has no such mailbox"),
    Reason.ACCESS_DENIED: N_("Access to the mailbox was denied"),
    Reason.UNAVAILABLE: N_("Mailbox moved or its database offline"),
    Reason.TIMED_OUT: N_("The server did not answer in time"),
    Reason.SERVER_BUSY: N_("The server was busy until the end"),
    Reason.MALFORMED_ANSWER: N_("The server's answer could not be read"),
    Reason.LEFT_OUT: N_("Its mail server was left out of the collection"),
    Reason.LOG_MISSING: N_("Tracking logs of some days are missing"),
    Reason.NOT_ASKED: N_("The address was corrected, and not asked yet"),
    Reason.UNKNOWN_TO_SOURCE: N_("Its source lacks what regular use is judged by"),
    Reason.OTHER_KIND: N_("Measured by sources of several kinds in the period"),
    Reason.REMOVED: N_("Removed at the person's request, before the rules were changed"),
}

# What the IT department can't repair: nothing is wrong with the mailbox.
BEYOND_REPAIR = frozenset({Reason.UNKNOWN_TO_SOURCE, Reason.OTHER_KIND})

REMEDIES: Mapping[Reason, str] = {
    Reason.NO_MAILBOX: N_("Check the address in the staff list; create or enable the mailbox."),
    Reason.ACCESS_DENIED: N_(
        "Check that the reading account's impersonation rights cover this mailbox."
    ),
    Reason.UNAVAILABLE: N_("Check that the mailbox's database is mounted, then collect again."),
    Reason.TIMED_OUT: N_("Collect again outside working hours."),
    Reason.SERVER_BUSY: N_("Collect again outside working hours; check the throttling policy."),
    Reason.MALFORMED_ANSWER: N_("Open the mailbox in a mail program; repair it, collect again."),
    Reason.LEFT_OUT: N_(
        "Once the server can be asked: mailaudit collect --retry-unmeasured, without --without."
    ),
    Reason.LOG_MISSING: N_(
        "Add the logs that mailaudit check names, then: mailaudit collect --retry-unmeasured."
    ),
    Reason.NOT_ASKED: N_("Ask it: mailaudit collect --retry-unmeasured."),
    Reason.UNKNOWN_TO_SOURCE: N_(
        'Nothing: this source can\'t say more. With rules.regular = "sent" mail sent alone decides.'
    ),
    Reason.OTHER_KIND: N_(
        "Nothing: what different kinds of sources saw does not add up. The reports of the months"
        " have it."
    ),
    Reason.REMOVED: N_("Nothing: what the mailbox did is not stored any more."),
}

KNOWLEDGE: Mapping[Knowledge, str] = {
    Knowledge.READ_FLAGS: N_("whether mail is read"),
    Knowledge.REPLIES: N_("whether mail was answered"),
    Knowledge.SENDERS: N_("whether mail came from inside or outside"),
    Knowledge.SUBMIT_TIMES: N_("when the last mail was sent"),
    Knowledge.RECIPIENTS: N_("to whom mail was sent"),
    Knowledge.CLIENTS: N_("by which program mail was sent"),
}

NOT_RANKED: Mapping[NotRanked, str] = {
    NotRanked.NOBODY_IN_SCOPE: N_("Nobody in scope"),
    NotRanked.TOO_FEW: N_("Too few staff in scope"),
    NotRanked.FEW_PEOPLE: N_("Too few people for figures of its own"),
    NotRanked.SEVERAL_KINDS: N_("Measured by sources of several kinds"),
    NotRanked.LOW_COVERAGE: N_("Insufficient data"),
    NotRanked.NO_MAIL: N_("Insufficient data: no mail at all"),
    NotRanked.FEW_MONTHS: N_("Insufficient data: too few months"),
    NotRanked.WITHHELD: N_("Withheld beside figures of other periods"),
}

_DEFAULT_GRADES: Mapping[str, str] = {
    "Tốt": N_("Good"),
    "Khá": N_("Fair"),
    "Trung bình": N_("Average"),
    "Yếu": N_("Weak"),
}

# By how many of them a year has; 0 stands for any other days.
_SHORT: Mapping[int, tuple[str, ...]] = {
    4: (N_("Q{quarter}/{year}"),),
    2: (N_("H1/{year}"), N_("H2/{year}")),
    1: (N_("Year {year}"),),
    0: (N_("{first}–{last}"),),
}
_LONG: Mapping[int, tuple[str, ...]] = {
    4: (N_("quarter {quarter} of {year}"),),
    2: (N_("the first half of {year}"), N_("the second half of {year}")),
    1: (N_("the year {year}"),),
    0: (N_("from {first} to {last}"),),
}

_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def kinds_text(kinds: Iterable[str]) -> str:
    """Kinds of sources as printed: `EWS, IMAP`; the same in every language."""
    return ", ".join(sorted(kind.upper() for kind in kinds)) or NO_VALUE


def grade_name(name: str, language: Language) -> str:
    """A grade as printed: the default four in the report's language, others as configured."""
    known = _DEFAULT_GRADES.get(name)
    return language.gettext(known) if known else readable(name)


def grade_tone(name: str, rules: Rules) -> Tone:
    """Good for the best grade, poor for the last, between them by place."""
    place = [grade.name for grade in rules.grades].index(name)
    if place == 0:
        return Tone.GOOD
    if place == len(rules.grades) - 1:
        return Tone.POOR
    return Tone.FAIR if place == 1 else Tone.WEAK


def short_period(period: Period, language: Language) -> str:
    """`10/2026` in Vietnamese, `2026-10` in English; of a longer period `Quý III/2026`."""
    if isinstance(period, LongPeriod):
        return _named(period, _SHORT, language)
    return language.gettext("{year}-{month}").format(month=f"{period.month:02d}", year=period.year)


def longer_name(period: LongPeriod, language: Language) -> str:
    """A longer period in a title: `quý III năm 2026`, `năm 2026`."""
    return _named(period, _LONG, language)


def _named(period: LongPeriod, names: Mapping[int, tuple[str, ...]], language: Language) -> str:
    part, parts = period.part or (1, 0)
    text = names[parts][0 if len(names[parts]) == 1 else part - 1]
    return language.gettext(text).format(
        year=period.year,
        quarter=roman(part),
        first=language.date(period.first),
        last=language.date(period.last),
    )


def month_number(period: Period, language: Language) -> str:
    """The month as a title writes it.

    Source: Nghị định 30/2020/NĐ-CP writes January and February with a leading zero, other months
    without.
    """
    padded = period.month < 3 or language.code != "vi"
    return f"{period.month:02d}" if padded else str(period.month)


def threshold(share: Fraction, language: Language) -> str:
    """A configured share as percent with its sign: `80%`, `87,5%`."""
    decimals = 0 if (share * 100).denominator == 1 else 1
    return f"{language.percent(share, decimals)}%"


def roman(number: int) -> str:
    """The number in Roman numerals, below 40: 4 -> IV."""
    text = ""
    for value, letters in _ROMAN:
        while number >= value:
            text += letters
            number -= value
    return text
