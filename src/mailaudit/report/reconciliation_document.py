"""A month beside a second source, as files: for the IT department, and a statement to attach."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from mailaudit.locale import Language
from mailaudit.model.audience import Audience
from mailaudit.model.period import Period
from mailaudit.model.reconciliation import Reconciliation
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.wording import readable
from mailaudit.report.annex.compose import compose_sections
from mailaudit.report.annex.content import Letterhead
from mailaudit.report.annex.word import render_word
from mailaudit.report.excel.workbook import render_sections
from mailaudit.report.filenames import report_stem
from mailaudit.report.html import render_sections_html
from mailaudit.report.results import NO_RESULTS
from mailaudit.report.sections.notices import audience_note, mark
from mailaudit.report.sections.provenance import facts, facts_table, printed_digest
from mailaudit.report.sections.reconciliation_sentences import reviewer_sentences
from mailaudit.report.sections.reconciliation_tables import (
    basis_facts,
    by_one_table,
    mailboxes_table,
    reasons_table,
    sums_table,
    units_table,
)
from mailaudit.report.value import Report, Section
from mailaudit.report.words import month_number

MOST_LISTED = 200  # mailboxes on the page; the workbook has all


def reconciliation_stem(period: Period, audience: Audience, name: str) -> str:
    """What files about this witness are called, without ending."""
    return f"{report_stem(period, audience)}-reconciliation-{name.lower()}"


@dataclass(frozen=True, slots=True)
class Reconciling:
    """What is documented, and how.

    Attributes:
        names: Whether people are named beside their addresses, for the IT department.
    """

    organisation: str
    snapshot: Snapshot
    reconciliation: Reconciliation
    rules: Rules
    language: Language
    names: bool
    illustrative: bool

    def workbook(self) -> Report:
        """Every mailbox that differs; for the IT department."""
        return self._report(Audience.IT, self._sections(None))

    def page(self) -> Report:
        """The same with the MOST_LISTED mailboxes that differ most."""
        return self._report(Audience.IT, self._sections(MOST_LISTED))

    def statement(self) -> Report:
        """What a reviewer may attach: sums of the whole, nothing of people or units."""
        _, made = self.language.gettext, self.reconciliation.sums
        few = made.mailboxes < self.rules.min_published
        few = few or 0 < made.differing < self.rules.min_published
        title = _("Mails seen by both sources and by one only")
        sums = Section("sums", _("Sums"), title, (sums_table(made, self.language),))
        return self._report(Audience.PUBLIC, () if few else (sums,))

    def _report(self, audience: Audience, sections: tuple[Section, ...]) -> Report:
        _, language = self.language.gettext, self.language
        made, snapshot = self.reconciliation.sums, self.snapshot
        sentences = reviewer_sentences(self.reconciliation, self.rules, language)
        is_it = audience is Audience.IT
        is_beyond = made.differs_beyond(self.rules.max_witness_difference_share)
        # A verdict that is a warning stands by itself; a document ends the text with a full stop.
        said = " ".join(sentences[:-1] if is_it and is_beyond else sentences).rstrip(".")
        return Report(
            language=language.code,
            audience=audience,
            stem=reconciliation_stem(made.period, audience, made.name),
            audience_note=audience_note(audience, language),
            mark=mark(illustrative=self.illustrative, superseded_by=None, language=language),
            organisation=readable(self.organisation),
            title=_("Official mailboxes: the data of {year}-{month} beside a second source").format(
                month=month_number(made.period, language), year=made.period.year
            ),
            subtitle=f"{self._source()}. {said}" if is_it else said,
            period=made.period,
            cut_off_at=snapshot.cut_off_at,
            notices=sentences[-1:] if is_it and is_beyond else (),
            facts=facts(snapshot, language, sees_everything=is_it),
            sections=sections,
            target=Fraction(0),
            axis=(),
            series=(),
            funnel=(),
            uses=(),
            use_key=(),
            unit_use_key=(),
            results=NO_RESULTS,
            grades=(),
            points=(),
            units=(),
            digest=printed_digest(snapshot, language),
        )

    def _source(self) -> str:
        """Which second source it is, and when it was asked."""
        language, made = self.language, self.reconciliation.sums
        return language.gettext("Second source: {name} ({kind}), asked {moment}").format(
            name=made.name,
            kind=made.kind.upper(),
            moment=language.written_instant(made.made_at.astimezone(made.period.tz)),
        )

    def _sections(self, most: int | None) -> tuple[Section, ...]:
        _, language, found = self.language.gettext, self.language, self.reconciliation
        basis = facts_table(
            "basis", _("What was compared"), basis_facts(found, self.rules, language), language
        )
        groups = self.snapshot.roster.groups
        mailboxes = mailboxes_table(found, language, names=self.names, most=most)
        by_one = by_one_table(found, language, names=self.names)
        parts = (
            ("sums", _("The whole"), sums_table(found.sums, language)),
            ("basis", _("Grounds"), basis),
            ("likely", _("Reasons"), reasons_table(found, language)),
            ("units", _("By unit"), units_table(found, groups, language)),
            ("mailboxes", _("By mailbox"), mailboxes),
            ("by_one", _("One source"), by_one),
        )
        return tuple(Section(key, name, name, (table,), wide=True) for key, name, table in parts)


def render_reconciliation(
    documents: Reconciling, letterhead: Letterhead
) -> Mapping[Audience, Mapping[str, bytes]]:
    """The files by whom they are for, each by its name."""
    workbook, page, statement = documents.workbook(), documents.page(), documents.statement()
    filed = letterhead.recipients or (documents.language.gettext("For file: VT"),)
    document = compose_sections(statement, replace(letterhead, recipients=filed))
    return {
        Audience.IT: {
            f"{workbook.stem}.xlsx": render_sections(workbook, numbered=False),
            f"{page.stem}.html": render_sections_html(page).encode(),
        },
        Audience.PUBLIC: {f"{statement.stem}.docx": render_word(document)},
    }
