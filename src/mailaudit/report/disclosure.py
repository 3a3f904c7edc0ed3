"""What is stored of one person, as a text for that person to read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.knowledge import Knowledge, is_known
from mailaudit.model.outcome import DayActivity, Reason
from mailaudit.model.period import Period
from mailaudit.model.person import Person, PersonRecord, RecordKind
from mailaudit.model.wording import readable
from mailaudit.report.words import REASONS

TITLES: Mapping[RecordKind, str] = {
    RecordKind.STAFF: N_("On the staff list"),
    RecordKind.OUTCOME: N_("What the mailbox did"),
    RecordKind.HEAD: N_("Head of a unit"),
    RecordKind.CORRECTION: N_("Correction of the staff list"),
    RecordKind.DELIVERY: N_(
        "Mail sent: with reports, or a reminder where it brought neither page nor report"
    ),
}
LABELS: Mapping[str, str] = {
    "key": N_("Staff code, or what stands for it"),
    "unit_code": N_("Code of the unit"),
    "unit_name": N_("Unit"),
    "mailbox": N_("Mailbox"),
    "name": N_("Name"),
    "category": N_("Category"),
    "status": N_("Status"),
    "status_from": N_("Status from"),
    "status_to": N_("Status until"),
    "row": N_("Row of the list"),
    "job_title": N_("Job title"),
    "aliases": N_("Other addresses"),
    "observed_at": N_("Asked at"),
    "last_sent_at": N_("Last mail sent at"),
    "reason": N_("Reason"),
    "detail": N_("Server's words"),
    "server": N_("Mail server"),
    "seen_last_sent_at": N_("Last mail sent, as this collection saw it"),
    "forwards_to": N_("Domains outside that rules send mail on to"),
    "code": N_("Code of the unit"),
    "group_name": N_("Group of the unit"),
    "parent": N_("Unit above"),
    "head_name": N_("Name of the head"),
    "head_address": N_("Address of the head"),
    "edition": N_("Edition"),
    "fits": N_("Fits the staff list (1: yes, 0: no)"),
    "person": N_("Person"),
    "kind": N_("Kind"),
    "value": N_("Right value"),
    "document": N_("Document"),
    "approved_by": N_("Approver"),
    "approved_on": N_("Approved on"),
    "period": N_("Month"),
    "recipient": N_("Recipient"),
    "message_id": N_("Message-ID"),
    "digest": N_("SHA-256 of the mail"),
    "begun_at": N_("Sending begun at"),
    "fate": N_("What became of it"),
    "ended_at": N_("Sending ended at"),
    "units": N_("Units whose pages it brought"),
    "is_board": N_("Brought the report of the whole (1: yes, 0: no)"),
}
_INSTANTS = frozenset({"observed_at", "last_sent_at", "seen_last_sent_at", "begun_at", "ended_at"})
_DAY_HEADINGS = (
    N_("Day"),
    N_("Sent"),
    N_("Received"),
    N_("Read"),
    N_("Replied"),
    N_("Seconds until reply"),
    N_("From inside"),
    N_("From outside"),
    N_("To oneself"),
    N_("Recipients inside"),
    N_("Recipients outside"),
    N_("By SMTP"),
    N_("By phone"),
    N_("By browser"),
)


def render_disclosure(
    person: Person,
    records: Sequence[PersonRecord],
    organisation: str,
    language: Language,
    *,
    made_at: datetime,
) -> str:
    """The whole text; times of day are those of the months' time zone.

    Args:
        records: By month and edition.
        made_at: In the time zone to print.
    """
    _ = language.gettext
    lines = [
        _("WHAT MAILAUDIT HAS STORED OF A PERSON"),
        "",
        f"{_('Organisation')}: {_plain(organisation)}",
        f"{_('Made at')}: {language.instant(made_at)}",
        f"{_('Addresses')}: {', '.join(map(_plain, person.addresses)) or '–'}",
        f"{_('Staff code')}: {_plain(person.code) or '–'}",
        "",
        _(
            "Only numbers, dates and the entries of lists are stored: no subject, no text, no"
            " recipient of any mail. Days without any mail are not listed."
        ),
        _(
            "Of a removal (mailaudit forget, prune) the run record keeps which editions were"
            " changed, when and by which account, not who was removed."
        ),
    ]
    before: tuple[DayActivity, ...] = ()
    for (period, edition), several in groupby(records, lambda one: (one.period, one.edition)):
        lines += ["", "", *_heading(period, edition, language)]
        for record in several:
            lines += ["", f"  {_(TITLES[record.kind])}", *_values(record, language)]
            if record.days:
                if record.days == before:
                    lines.append("    " + _("By day: as in the edition before."))
                else:
                    lines += _table(record.days, record.knows, language)
                before = record.days
            if record.seen_days:
                lines.append("    " + _("What this collection saw by itself:"))
                lines += _table(record.seen_days, record.knows, language)
    return "\n".join(lines) + "\n"


def _heading(period: Period, edition: int, language: Language) -> tuple[str, str]:
    text = language.gettext("Month {period}, edition {edition}").format(
        period=period, edition=edition
    )
    return text, "=" * len(text)


def _values(record: PersonRecord, language: Language) -> Iterator[str]:
    for column, text in record.values.items():
        # Of a unit whose head the person is, the name is that of the unit.
        of_unit = record.kind is RecordKind.HEAD and column == "name"
        what = "unit_name" if of_unit else column
        label = language.gettext(LABELS[what])
        yield f"    {label}: {_plain(_shown(record, column, text, language))}"


def _shown(record: PersonRecord, column: str, text: str, language: Language) -> str:
    if column in _INSTANTS:
        moment = datetime.fromisoformat(text).astimezone(ZoneInfo(record.period.timezone))
        return language.instant(moment)
    if record.kind is RecordKind.OUTCOME and column == "reason":
        return language.gettext(REASONS[Reason(text)])
    return text


def _table(days: Iterable[DayActivity], knows: Set[Knowledge], language: Language) -> Iterator[str]:
    """The days, a line each, with columns as wide as their headings; none for what is unknown."""
    names = [name for name in DayActivity._fields[1:] if is_known(name, knows)]
    titles = dict(zip(DayActivity._fields, _DAY_HEADINGS, strict=True))
    headings = [language.gettext(titles[name]) for name in ("day", *names)]
    widths = [max(len(heading), 10) for heading in headings]
    rows = [headings]
    for activity in days:
        counts = [language.number(getattr(activity, name)) for name in names]
        rows.append([language.date(activity.day), *counts])
    for row in rows:
        cells = zip(row, widths, strict=True)
        first, *others = [
            cell.ljust(width) if not n else cell.rjust(width)
            for n, (cell, width) in enumerate(cells)
        ]
        yield "    " + "  ".join([first, *others])


def _plain(text: str) -> str:
    """A value on one line, without what no document can hold."""
    return " ".join(readable(text).split())
