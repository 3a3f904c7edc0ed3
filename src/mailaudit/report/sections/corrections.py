"""Corrections of a month's staff list: what was wrong of how many, or each with its reason."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.corrected import place_of, places_by_name
from mailaudit.model.correction import AppliedCorrection, Correction, CorrectionKind
from mailaudit.model.roster import Roster, Staff
from mailaudit.model.wording import readable
from mailaudit.report.columns import NUMBER, ColumnOf, table_of
from mailaudit.report.tables import Column, Kind, Table

KINDS: Mapping[CorrectionKind, str] = {
    CorrectionKind.STATUS: N_("status"),
    CorrectionKind.CATEGORY: N_("category"),
    CorrectionKind.JOB_TITLE: N_("job title"),
    CorrectionKind.UNIT: N_("unit"),
    CorrectionKind.MAILBOX: N_("mailbox"),
    CorrectionKind.LEFT: N_("left"),
    CorrectionKind.NOT_STAFF: N_("not staff of the organisation"),
}


def kinds_table(
    corrections: Sequence[Correction], roster: Roster, least: int, language: Language
) -> Table:
    """For everybody: how many people were corrected in what, where each is `least` or more.

    Reasons are free text that may name somebody, so a kind stands for them. Where one is of fewer,
    none is listed: six more in scope, five of whom came from another unit, would show the sixth.

    Args:
        roster: Before the corrections.
    """
    places = places_by_name(roster.staff)
    people: dict[CorrectionKind, set[int | None]] = defaultdict(set)
    for correction in corrections:
        people[correction.kind].add(place_of(places, correction.person))
    numbers = Counter({kind: len(found) for kind, found in people.items()})
    is_listed = all(number >= least for number in numbers.values())
    columns: tuple[ColumnOf[CorrectionKind], ...] = (
        NUMBER,
        ColumnOf(
            Column("kind", N_("What was wrong"), Kind.TEXT, width=70, row_header=True),
            lambda kind: language.gettext(KINDS[kind]),
        ),
        ColumnOf(Column("people", N_("People"), Kind.INTEGER), numbers.__getitem__),
    )
    withheld = language.gettext(
        "Not listed, for some of it was wrong of fewer than {least} people."
    )
    return table_of(
        "kinds",
        language.gettext("People by what was wrong"),
        columns,
        [kind for kind in CorrectionKind if numbers[kind]] if is_listed else (),
        language,
        empty=withheld.format(least=least),
    )


def corrections_table(
    made: Iterable[AppliedCorrection], roster: Roster | None, language: Language, *, names: bool
) -> Table:
    """For the IT department: every correction with its reason and who approved it.

    Args:
        roster: Before them, which says what was wrong and of whom; None where it is not at hand.
    """
    _ = language.gettext
    staff = () if roster is None else roster.staff
    places = places_by_name(staff)

    def line(one: AppliedCorrection) -> _Line:
        place = place_of(places, one.correction.person)
        return _Line(one.correction, None if place is None else staff[place])

    named = (_NAME,) if names and roster is not None else ()
    was = ColumnOf(Column("was", N_("Was"), Kind.TEXT, width=20), _was(language))
    columns: tuple[ColumnOf[_Line], ...] = (
        NUMBER,
        _PERSON,
        *named,
        *((_UNIT,) if roster is not None else ()),
        ColumnOf(
            Column("kind", N_("What was wrong"), Kind.TEXT, width=16),
            lambda line: _(KINDS[line.correction.kind]),
        ),
        *((was,) if roster is not None else ()),
        ColumnOf(Column("value", N_("Is"), Kind.TEXT, width=20), _is(language)),
        _REASON,
        _DOCUMENT,
        ColumnOf(Column("approved", N_("Approved by"), Kind.TEXT, width=20), _approved(language)),
    )
    caption = _("Corrections of the staff list")
    return table_of("corrections", caption, columns, map(line, made), language)


@dataclass(frozen=True, slots=True)
class _Line:
    """A correction, and whom it is about as listed before it."""

    correction: Correction
    person: Staff | None

    def of_person(self, value: Callable[[Staff], str]) -> str:
        return "" if self.person is None else readable(value(self.person))


_PERSON: ColumnOf[_Line] = ColumnOf(
    Column("person", N_("Mailbox or staff code"), Kind.CODE, width=26, row_header=True),
    lambda line: readable(line.correction.person),
)
_NAME: ColumnOf[_Line] = ColumnOf(
    Column("name", N_("Name"), Kind.TEXT, width=20),
    lambda line: line.of_person(lambda person: person.name),
)
_UNIT: ColumnOf[_Line] = ColumnOf(
    Column("unit", N_("Unit code"), Kind.TEXT, width=10),
    lambda line: line.of_person(lambda person: person.unit_code),
)
_REASON: ColumnOf[_Line] = ColumnOf(
    Column("reason", N_("Reason"), Kind.TEXT, width=30),
    lambda line: readable(line.correction.reason),
)
_DOCUMENT: ColumnOf[_Line] = ColumnOf(
    Column("document", N_("Document"), Kind.TEXT, width=20),
    lambda line: readable(line.correction.document) or "–",
)


def _approved(language: Language) -> Callable[[_Line], str]:
    return lambda line: language.gettext("{name}, {day}").format(
        name=readable(line.correction.approved_by),
        day=language.date(line.correction.approved_on),
    )


def _was(language: Language) -> Callable[[_Line], str]:
    """What the staff list said before."""

    def text(line: _Line) -> str:
        person = line.person
        if person is None:
            return ""
        match line.correction.kind:
            case CorrectionKind.CATEGORY:
                return readable(person.category) or "–"
            case CorrectionKind.JOB_TITLE:
                return readable(person.job_title) or "–"
            case CorrectionKind.UNIT:
                return readable(person.unit_code)
            case CorrectionKind.MAILBOX:
                return readable(person.mailbox or "–")
            case CorrectionKind.NOT_STAFF:
                return language.gettext("on the staff list")
            case _:
                return _dated(person.status, person.status_from, person.status_to, language)

    return text


def _is(language: Language) -> Callable[[_Line], str]:
    """What is right."""

    def text(line: _Line) -> str:
        correction = line.correction
        if correction.kind is CorrectionKind.NOT_STAFF:
            return language.gettext("not on the staff list")
        since, until = correction.status_from, correction.status_to
        return _dated(correction.value, since, until, language)

    return text


def _dated(value: str, since: date | None, until: date | None, language: Language) -> str:
    """A value, with the dates of a status: "thai sản, từ 01/10/2026"."""
    _ = language.gettext
    parts = [readable(value) or "–"]
    if since is not None:
        parts.append(_("from {day}").format(day=language.date(since)))
    if until is not None:
        parts.append(_("to {day}").format(day=language.date(until)))
    return ", ".join(parts)
