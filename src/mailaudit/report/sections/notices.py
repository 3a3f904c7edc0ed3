"""What stands above every file: whom it is for, and what to know before any figure."""

from collections.abc import Mapping, Sequence

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.audience import Audience
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.objections import Objections
from mailaudit.model.reconciliation import Reconciled
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.usage import Measurement
from mailaudit.model.wording import on_one_line
from mailaudit.publication.values import Publication
from mailaudit.report.sections.inside import inside_notices, months_text
from mailaudit.report.sections.reconciliation_sentences import witness_notices
from mailaudit.report.sections.small_units import withheld_notes
from mailaudit.report.words import threshold

AUDIENCES: Mapping[Audience, str] = {
    Audience.PUBLIC: N_(
        "Edition for publication: figures of units only, nothing about single people."
    ),
    Audience.LEADER: N_(
        "Edition for heads of units: each gets the page of their own unit, which lists its staff;"
        " not to be passed on."
    ),
    Audience.IT: N_(
        "Edition for the IT department: with addresses and data about single people;"
        " not to be passed on."
    ),
}


# A document is passed on as a whole, so it holds no addresses and no single people for anybody.
COPIES: Mapping[Audience, str] = {
    Audience.PUBLIC: N_("Copy for publication: figures of units only."),
    Audience.LEADER: N_("Copy for heads of units: figures of units only; internal."),
    Audience.IT: N_("Copy for the IT department: figures of units, small ones too; internal."),
}


def copy_note(audience: Audience, language: Language) -> str:
    """Whom a document or card is for, in a sentence."""
    return language.gettext(COPIES[audience])


def audience_note(audience: Audience, language: Language) -> str:
    """Whom the file is for, in a sentence."""
    return language.gettext(AUDIENCES[audience])


def mark(*, illustrative: bool, superseded_by: int | None, language: Language) -> str:
    """What is printed large on every file of invented data, or of an edition that was replaced."""
    _ = language.gettext
    found = [_("ILLUSTRATIVE DATA")] if illustrative else []
    if superseded_by is not None:
        found.append(_("REPLACED BY EDITION {number}").format(number=superseded_by))
    return " · ".join(found)


def objections_sentence(objections: Objections, audience: Audience, language: Language) -> str:
    """To whom and for how long to object to the figures; "" where the configuration names neither.

    Days count from receipt, and of what is published for everybody from that day.
    """
    _ = language.gettext
    if not objections.contact and objections.days is None:
        return ""
    text = _("If a figure is wrong, write to {contact}.")
    if objections.days is not None:
        text = (
            _("If a figure is wrong, write to {contact} within {days} days of publication.")
            if audience is Audience.PUBLIC
            else _("If a figure is wrong, write to {contact} within {days} days of receiving this.")
        )
    contact = on_one_line(objections.contact) or _("the IT department")
    return text.format(contact=contact, days=objections.days)


def edition_text(snapshot: Snapshot, superseded_by: int | None, language: Language) -> str:
    """Which edition it is; of an earlier one with that which replaced it; of a longer period of
    how many of its months."""
    _ = language.gettext
    if snapshot.months:
        return months_text(snapshot, language)
    if superseded_by is None:
        return _("edition {number}").format(number=snapshot.edition)
    return _("edition {number}, replaced by edition {newest}").format(
        number=snapshot.edition, newest=superseded_by
    )


def superseded_notices(
    snapshot: Snapshot, superseded_by: int | None, language: Language
) -> tuple[str, ...]:
    """That a later edition has taken the place of this one."""
    if superseded_by is None:
        return ()
    sentence = language.gettext(
        "These are the figures of edition {number} of the month. Edition {newest} has replaced it:"
        " its figures are the ones that hold."
    )
    return (sentence.format(number=snapshot.edition, newest=superseded_by),)


def notices(
    snapshot: Snapshot,
    measurement: Measurement,
    publication: Publication,
    rules: Rules,
    calendar: WorkCalendar,
    language: Language,
    *,
    reconciled: Sequence[Reconciled] = (),
) -> tuple[str, ...]:
    """What the reader must know before any figure; nothing of sums that are not published."""
    _ = language.gettext
    found = data_notices(
        snapshot,
        rules,
        calendar,
        language,
        sees_everything=publication.audience.sees_everything,
        reconciled=reconciled,
    )
    coverage = None if publication.total is None else publication.total.coverage
    if not rules.is_sufficient(coverage):
        found.append(
            _("Insufficient data: coverage {coverage}% is below {least}; read the bounds.").format(
                coverage=language.percent(coverage), least=threshold(rules.min_coverage, language)
            )
        )
    found.extend(withheld_notes(publication, rules, language))
    if publication.total is not None:
        found.extend(_scope_notices(measurement, publication, rules, language))
    return tuple(found)


def data_notices(
    snapshot: Snapshot,
    rules: Rules,
    calendar: WorkCalendar,
    language: Language,
    *,
    sees_everything: bool,
    reconciled: Sequence[Reconciled] = (),
) -> list[str]:
    """What to know of the data, whatever figures are made of them.

    Args:
        reconciled: What second sources said of the Period.
    """
    _ = language.gettext
    found = list(inside_notices(snapshot, rules, language, sees_everything=sees_everything))
    if snapshot.sealed_at is None and not snapshot.months:
        found.append(
            _("Provisional data: the period was not over at the cut-off.")
            if snapshot.cut_off_at < snapshot.period.end
            else _(
                "Provisional data: less than half of the mailboxes were measured, so that the month"
                " was not sealed."
            )
            if snapshot.is_too_little
            else _("Provisional data: the collection was not ended; run mailaudit collect again.")
        )
    if calendar.is_estimated(snapshot.period):
        found.append(_("Estimated working days: the year's days off are not finally known."))
    found.extend(witness_notices(reconciled, rules, language, sees_everything=sees_everything))
    return found


def _scope_notices(
    measurement: Measurement, publication: Publication, rules: Rules, language: Language
) -> tuple[str, ...]:
    """What the reader must know of the scope before any figure.

    Args:
        measurement: Of the units whose sums the whole is.
    """
    _ = language.gettext
    found = []
    total = measurement.total
    if total.exempts_more_than(rules.max_exempt_share):
        sentence = _(
            "{exempt} of {staff} staff ({share}%) are out of scope by job, more than {most}:"
            " the rates are of the others."
        )
        if not publication.shows_reasons:
            sentence = _("More than {most} of the staff are out of scope by job.")
        found.append(
            sentence.format(
                exempt=language.number(total.exempt),
                staff=language.number(total.staff),
                share=language.percent(total.exempt_share),
                most=threshold(rules.max_exempt_share, language),
            )
        )
    if measurement.unnamed:
        # Without the words: a status may reveal an illness, and this is for every audience.
        found.append(
            _(
                "Categories and statuses of the staff list that no rule names: {words}; those who"
                " have them are counted in scope ({people} entries)."
            ).format(
                words=language.number(len(measurement.unnamed)),
                people=language.number(sum(word.people for word in measurement.unnamed)),
            )
        )
    return tuple(found)
