"""Signs of figures made for the audit as a workbook, for the IT department alone."""

from mailaudit.locale import Language
from mailaudit.model.audience import Audience
from mailaudit.model.period import Period
from mailaudit.model.rules import Rules
from mailaudit.model.signs import FoundSigns
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.wording import readable
from mailaudit.report.filenames import report_stem
from mailaudit.report.sections.notices import mark
from mailaudit.report.sections.provenance import facts, facts_table, printed_digest
from mailaudit.report.sections.signs import NO_PROOF, sign_facts, signs_table
from mailaudit.report.value import Report, Section
from mailaudit.report.words import month_number


def sign_stem(period: Period) -> str:
    """What the workbook is called, without ending."""
    return f"{report_stem(period, Audience.IT)}-signs"


def compose_signs(
    organisation: str,
    snapshot: Snapshot,
    found: FoundSigns,
    rules: Rules,
    language: Language,
    *,
    names: bool,
    illustrative: bool,
) -> Report:
    """The workbook's content: who is to be looked at again, and what the signs rest on.

    Args:
        names: Whether people are named beside their addresses.
    """
    _ = language.gettext
    basis = sign_facts(found, rules, language)
    grounds = facts_table("basis", _("What the signs rest on"), basis, language)
    people = signs_table(found, language, names=names)
    return Report(
        language=language.code,
        audience=Audience.IT,
        stem=sign_stem(found.period),
        audience_note=_(
            "For the IT department only, not to be passed on: neither to heads nor to the public."
        ),
        mark=mark(illustrative=illustrative, superseded_by=None, language=language),
        organisation=readable(organisation),
        title=_("Official mailboxes to look at again, {year}-{month}").format(
            month=month_number(found.period, language), year=found.period.year
        ),
        subtitle=_("People: {people}; in regular use: {regular}; cut-off {moment}").format(
            people=language.number(found.people),
            regular=language.number(found.regular),
            moment=language.instant(found.cut_off_at.astimezone(found.period.tz)),
        ),
        period=found.period,
        cut_off_at=found.cut_off_at,
        notices=(_(NO_PROOF),),
        facts=facts(snapshot, language, sees_everything=True),
        sections=(
            Section("people", _("List"), _("List"), (people,), wide=True),
            Section("basis", _("Grounds"), _("Grounds"), (grounds,), wide=True),
        ),
        digest=printed_digest(snapshot, language),
    )
