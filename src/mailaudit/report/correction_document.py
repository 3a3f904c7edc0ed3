"""Bảng đối chiếu trước và sau đính chính: two editions of a month side by side, as files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mailaudit.locale import Language
from mailaudit.model.correction import AppliedCorrection
from mailaudit.model.roster import Roster
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.wording import readable
from mailaudit.publication.comparison import Comparison
from mailaudit.report.annex.compose import compose_sections
from mailaudit.report.annex.content import Letterhead
from mailaudit.report.annex.word import render_word
from mailaudit.report.excel.workbook import render_sections
from mailaudit.report.filenames import report_stem
from mailaudit.report.sections.before_after import effects_table, unchanged_table
from mailaudit.report.sections.corrections import corrections_table, kinds_table
from mailaudit.report.sections.notices import audience_note, mark
from mailaudit.report.sections.provenance import facts, printed_digest
from mailaudit.report.sections.results import results_of
from mailaudit.report.value import Report, Section
from mailaudit.report.words import month_number


@dataclass(frozen=True, slots=True)
class Corrections:
    """What an edition was corrected by.

    Attributes:
        roster: The staff list before.
        after: The corrected edition.
        made: Those the edition was made by, not those of editions before it.
    """

    roster: Roster
    after: Snapshot
    made: tuple[AppliedCorrection, ...]


def compose_document(
    organisation: str,
    corrections: Corrections,
    comparison: Comparison,
    rules: Rules,
    *,
    language: Language,
    names: bool,
    illustrative: bool,
    superseded_by: int | None = None,
) -> Report:
    """The units before and after, and what was corrected, for the comparison's audience.

    For the IT department with each correction; else with what was wrong of how many people.

    Args:
        names: Whether people's names stand beside their addresses, for the IT department.
        superseded_by: The newest edition, where the one after is replaced, which every file then
            says.
    """
    _, after = language.gettext, corrections.after
    audience, period = comparison.after.audience, after.period
    month = {"month": month_number(period, language), "year": period.year}
    return Report(
        language=language.code,
        audience=audience,
        stem=f"{report_stem(period, audience)}-corrections-{after.edition}",
        audience_note=audience_note(audience, language),
        mark=mark(illustrative=illustrative, superseded_by=superseded_by, language=language),
        organisation=readable(organisation),
        title=_("Before and after corrections: use of official mailboxes, {year}-{month}").format(
            **month
        ),
        subtitle=_subtitle(corrections, comparison, language),
        period=period,
        cut_off_at=after.cut_off_at,
        notices=(),
        facts=facts(after, language, sees_everything=audience.sees_everything),
        sections=tuple(_sections(corrections, comparison, rules, language, names=names)),
        target=rules.target,
        results=results_of(comparison.after, rules),
        digest=printed_digest(after, language),
    )


def _subtitle(corrections: Corrections, comparison: Comparison, language: Language) -> str:
    """Which editions; of how many corrections, only for who sees each."""
    before, after = comparison.editions
    text = language.gettext("Edition {after} in place of edition {before}").format(
        after=after, before=before
    )
    if not comparison.after.audience.sees_everything:
        return text
    count = language.gettext("corrections: {count}").format(
        count=language.number(len(corrections.made))
    )
    return f"{text}; {count}"


def _sections(
    corrections: Corrections,
    comparison: Comparison,
    rules: Rules,
    language: Language,
    *,
    names: bool,
) -> Sequence[Section]:
    _, roster = language.gettext, corrections.roster
    if comparison.after.audience.sees_everything:
        what = corrections_table(corrections.made, roster, language, names=names)
    else:
        single = [one.correction for one in corrections.made]
        what = kinds_table(single, roster, rules.min_published, language)
    return (
        Section(
            "effects",
            _("Before and after"),
            _("Units before and after the corrections"),
            (effects_table(comparison, rules, language),),
            wide=True,
        ),
        Section(what.key, _("Corrections"), _("What was corrected"), (what,), wide=True),
        Section(
            "unchanged",
            _("Unchanged"),
            _("Units that the corrections left as they were"),
            (unchanged_table(comparison, language),),
        ),
    )


def render_document(report: Report, letterhead: Letterhead) -> Mapping[str, bytes]:
    """The workbook and the document to sign, by what the names of their files end with."""
    return {
        ".xlsx": render_sections(report, numbered=True),
        ".docx": render_word(compose_sections(report, letterhead)),
    }
