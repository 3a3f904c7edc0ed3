"""The words of a notice: what became of a run, with figures of the whole and of nobody else."""

import re
import socket
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mailaudit.cli.console import current_language, in_command, text_of
from mailaudit.cli.steps import COVERAGE_TOO_LOW, now, opened_store
from mailaudit.errors import N_, MailauditError, RosterError
from mailaudit.model.audience import Audience
from mailaudit.model.outcome import Reason
from mailaudit.model.period import Period
from mailaudit.model.snapshot import Collected
from mailaudit.model.usage import StaffState

if TYPE_CHECKING:
    from mailaudit.audit import Audited
    from mailaudit.settings import Settings

_LONGEST = 4000  # characters of a message
_LOCAL_PART = re.compile(r"[^\s@<>\"'“”„,;:()]+@")
# The values of errors about lists that can't be what somebody wrote of a person.
_HARMLESS = frozenset(
    {"column", "count", "day", "encoding", "file", "header", "kind", "line", "most", "options"}
    | {"row", "rows", "why"}
)


@dataclass(slots=True)
class Course:
    """What is known of a run while it goes on; nothing is made of it before it has ended.

    Attributes:
        command: As typed, without configuration and month: "collect --new-edition".
        month: As typed, while `period` is not known.
        audited: What it reported, as `despite_difference` allows.
        folder: Where the reports lie.
    """

    command: str
    config: Path
    month: str | None = None
    organisation: str = ""
    settings: "Settings | None" = None
    period: Period | None = None
    collected: Collected | None = None
    audited: "Audited | None" = None
    despite_difference: bool = False
    folder: Path | None = None

    def to_type(self, command: str | None = None) -> str:
        """A command about the same month, wherever it is typed; without one the same again."""
        month = str(self.period) if self.period is not None else self.month
        options = f" --period {month}" if month and re.fullmatch(r"[\d-]+", month) else ""
        config = in_command(self.config.absolute())
        return f"mailaudit {command or self.command} --config {config}{options}"


def done(course: Course, code: int) -> tuple[str, str]:
    """Subject and body of a run that did what it could; the exit code says how well."""
    _ = current_language().gettext
    subject = _("{what}: done") if not code else _("{what}: done, but to be looked at")
    first = _("{command} was done at {at} for {organisation}, exit code {code}.")
    lines = [_stamped(first, course, code), "", *_collected(course)]
    if course.settings is not None and course.audited is not None:
        lines += _whole_of(course.settings, course.audited, despite=course.despite_difference)
    if course.folder is not None:
        lines.append("- " + _("Reports: {folder}").format(folder=course.folder.absolute()))
    lines += ["", _("What to do next:"), *_next_steps(course, code)]
    return _finished(course, subject, lines)


def failed(course: Course, said: str, code: int) -> tuple[str, str]:
    """Subject and body of a run that ended early.

    Args:
        said: What the terminal showed, as `printable` gives it.
    """
    _ = current_language().gettext
    first = _("{command} was NOT done for {organisation}: it ended at {at} with exit code {code}.")
    lines = [
        _stamped(first, course, code),
        "",
        _("The message was:"),
        *(f"  {line}" for line in said[:_LONGEST].splitlines()),
        "",
        _("Once the cause is removed, type:"),
        f"  {course.to_type()}",
    ]
    return _finished(course, _("{what}: NOT done"), lines)


def printable(error: MailauditError) -> str:
    """An error as the terminal shows it, without what could be said of a person.

    Of lists, neither their rows nor what stands in them; of addresses the domain only.
    """
    if isinstance(error, RosterError):
        kept = {n: value if n in _HARMLESS else "…" for n, value in error.values.items()}
        error = RosterError(error.message, error.remedy, **kept)
    return _LOCAL_PART.sub("…@", text_of(error))


def _whole_of(settings: "Settings", audited: "Audited", *, despite: bool) -> tuple[str, ...]:
    """The lines about the whole: what the edition for the public says of it, and no more.

    Args:
        despite: Whether it may differ from what was published in the figures of few people.
    """
    from mailaudit.publication.held import hold
    from mailaudit.publication.register import GivesFewAway
    from mailaudit.report.own_line_name import with_own_line_named
    from mailaudit.report.printing import shown_value
    from mailaudit.report.sections.counts import rate_value
    from mailaudit.report.tables import Kind

    spoken = current_language()
    _, rules = spoken.gettext, settings.rules
    ranking, measurement = with_own_line_named(audited.ranking, audited.measurement, spoken)
    edition, public = audited.snapshot.edition, Audience.PUBLIC
    try:
        with opened_store(settings) as store:
            args = (ranking, measurement, edition, public, rules, store, spoken)
            held = hold(*args, despite_difference=despite)
            held.check(store.published)
    except GivesFewAway:
        return ("- " + _("No figures: they differ from what was published by few people."),)
    except MailauditError as error:
        return ("- " + _("No figures: {why}").format(why=printable(error)),)
    total = held.publication.total
    if total is None:
        return ("- " + _("No figures: they would be those of few people."),)
    causes = Counter(
        usage.reason
        for usage in measurement.staff
        if usage.state is StaffState.UNMEASURED and usage.reason is not None
    )
    rate = rate_value(total) if held.publication.has_mail else None
    shown = shown_value(rate, Kind.PERCENT, spoken=spoken)
    unit = "" if isinstance(rate, str) or rate is None else " %"
    return (
        _measured(
            N_("Coverage: {part} of {whole} mailboxes of people in scope measured ({percent} %)"),
            total.measured,
            total.provided,
        ),
        *_causes(causes),
        "- " + _("Rate of regular use, of the whole: {rate}").format(rate=shown + unit),
    )


def _collected(course: Course) -> Iterable[str]:
    """What was collected; its numbers only where no report gives those of the public."""
    _, collected = current_language().gettext, course.collected
    if collected is None:
        yield "- " + _("Every mailbox was measured before: nothing was asked.")
        return
    edition = _("Edition {edition}, sealed {at}.")
    if collected.sealed_at is None:
        edition = _("Edition {edition}, PROVISIONAL: its figures may still change.")
    at = collected.sealed_at or now()
    yield "- " + edition.format(
        edition=collected.edition,
        at=current_language().written_instant(at.astimezone(collected.period.tz)),
    )
    least = 0 if course.settings is None else course.settings.rules.min_published
    if course.audited is None and collected.mailboxes >= least:
        yield _measured(
            N_("Measured: {part} of all {whole} mailboxes, in scope or not ({percent} %)"),
            collected.measured,
            collected.mailboxes,
        )
        yield from _causes(collected.unmeasured)
    for name, (measured, _total) in collected.servers.items():
        if not measured:
            text = _("Of the server {server} no mailbox was measured.")
            yield "- " + text.format(server=name)


def _measured(message: str, part: int, whole: int) -> str:
    spoken = current_language()
    return "- " + spoken.gettext(message).format(
        part=spoken.number(part),
        whole=spoken.number(whole),
        percent=spoken.percent(Fraction(part, whole) if whole else None),
    )


def _causes(numbers: Mapping[Reason, int]) -> Iterable[str]:
    from mailaudit.report.words import REASONS

    spoken = current_language()
    for reason, name in REASONS.items():
        if number := numbers.get(reason, 0):
            yield f"    {spoken.number(number)}: {spoken.gettext(name)}"


def _next_steps(course: Course, code: int) -> Iterable[str]:
    """Each a sentence and the command to type."""
    _, collected = current_language().gettext, course.collected
    if collected is not None and collected.sealed_at is None and now() < collected.period.end:
        yield "- " + _("The month is not over. Run it again once it is:")
        yield f"  {course.to_type()}"
        return
    if collected is not None and code == COVERAGE_TOO_LOW:
        yield "- " + _("Remove the causes, then ask again for what was not measured:")
        yield f"  {course.to_type('collect --retry-unmeasured')}"
        yield f"  {course.to_type('report')}"
    if course.folder is None:
        yield "- " + _("Make the reports:")
        yield f"  {course.to_type('report')}"
    else:
        yield "- " + _("Look at the reports, then see who would get which:")
        yield f"  {course.to_type('deliver')}"


def _stamped(text: str, course: Course, code: int) -> str:
    spoken = current_language()
    zone = course.settings.organisation.timezone if course.settings is not None else None
    return text.format(
        command=f"mailaudit {course.command}",
        at=spoken.written_instant(_local(zone)),
        organisation=course.organisation,
        code=code,
    )


def _local(timezone: str | None) -> datetime:
    return now().astimezone(None if timezone is None else ZoneInfo(timezone))


def _finished(course: Course, subject: str, lines: Iterable[str]) -> tuple[str, str]:
    """With what every notice has: what it is about, who sent it, and whether data are invented."""
    from mailaudit.report.words import month_number

    _, settings = current_language().gettext, course.settings
    what = _("Official mailboxes")
    if course.period is not None:
        period = course.period
        what = _("Official mailboxes, month {year}-{month}").format(
            year=period.year, month=month_number(period, current_language())
        )
    mark = _("ILLUSTRATIVE DATA")
    is_marked = settings is not None and settings.report.illustrative
    body = [
        _("To those in charge of the statistics of official mailboxes,"),
        "",
        *lines,
        "",
        _("This mail was sent automatically from the computer {host}.").format(
            host=socket.gethostname()
        ),
    ]
    text = subject.format(what=what)
    return (f"[{mark}] {text}" if is_marked else text), "\n".join(body) + "\n"
