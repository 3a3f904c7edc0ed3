"""compose_annex(): a Report, a letterhead and a wording become the document's value."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from mailaudit.errors import N_
from mailaudit.locale import Language, language
from mailaudit.model.audience import Audience
from mailaudit.model.wording import readable
from mailaudit.report.annex.content import (
    Annex,
    Appendix,
    Block,
    Foot,
    Head,
    Letter,
    Letterhead,
    Line,
)
from mailaudit.report.annex.variables import TABLES, known_variables, variables
from mailaudit.report.annex.wording import APPENDIX, SUBJECT, TABLE, TITLE, WIDE, Part, Wording
from mailaudit.report.columns import ColumnOf, table_of
from mailaudit.report.sections.notices import copy_note
from mailaudit.report.tables import Column, Kind, Table
from mailaudit.report.value import Fact, Report
from mailaudit.report.words import roman

_REPORT = N_("(Attached to Report No. {gap}/{symbol} of {gap}/{gap}/{year} by {issuer})")
_COMPARISON = N_("(Attached to Comparison No. {gap}/{symbol} of {gap}/{gap}/{year} by {issuer})")
_LETTER = N_("(Attached to Letter No. {gap}/{symbol} of {gap}/{gap}/{year} by {issuer})")
_FACTS: tuple[ColumnOf[Fact], ...] = (
    ColumnOf(Column("item", N_("Item"), Kind.TEXT, row_header=True), lambda fact: fact.label),
    ColumnOf(Column("content", N_("Content"), Kind.TEXT), lambda fact: fact.text),
)
_GAP = "\N{NO-BREAK SPACE}" * 6  # room to write a number in by hand


def read_wording(name: str, source: str) -> Wording:
    """The wording in a template's text, checked against what a document can say.

    Raises:
        ConfigurationError: Something in it can't be understood; names the line.
    """
    return Wording(name, source, known_variables(), TABLES)


def compose_annex(report: Report, letterhead: Letterhead, wording: Wording) -> Annex:
    """The document; number, day and signature stay open.

    Raises:
        ConfigurationError: The wording asks for what a variable does not have.
    """
    parts = wording.parts(variables(report, letterhead))
    return compose_parts(
        report, letterhead, parts, copy_note(report.audience, language(report.language))
    )


def compose_parts(
    report: Report, letterhead: Letterhead, parts: Sequence[Part], footer: str
) -> Annex:
    """A document of a wording's parts, with the tables of the Report that they show.

    Args:
        footer: Whom it is for, on every page.
    """
    return _Writer(report, letterhead).annex(parts, footer)


def compose_sections(report: Report, letterhead: Letterhead) -> Annex:
    """A document of a Report's sections alone, an appendix each, without a wording."""
    # The configured symbol is that of a report ("BC-SKHCN").
    letterhead = replace(letterhead, symbol="…")
    if report.audience is not Audience.PUBLIC:  # nor do its recipients get what names people
        filed = language(report.language).gettext("For file: VT")
        letterhead = replace(letterhead, recipients=(filed,))
    return _Writer(report, letterhead, _COMPARISON).comparison()


def compose_letter(report: Report, letterhead: Letterhead, letter: Letter) -> Annex:
    """A letter (công văn) with the appendices it sends."""
    # Symbol and recipients of the configuration are those of a report.
    gettext = language(report.language).gettext
    recipients = (gettext("As above"), gettext("For file: VT"))
    letterhead = replace(letterhead, symbol="…", recipients=recipients)
    return _Writer(report, letterhead, _LETTER).letter(letter)


class _Writer:
    def __init__(self, report: Report, letterhead: Letterhead, reference: str = _REPORT) -> None:
        self._report, self._letterhead, self._reference = report, letterhead, reference
        self._spoken: Language = language(report.language)
        self._issuer = readable(letterhead.issuer) or report.organisation
        self._symbol = readable(letterhead.symbol) or "BC-…"
        self._year = report.cut_off_at.astimezone(report.period.tz).year

    def annex(self, parts: Sequence[Part], footer: str) -> Annex:
        one_line = {part.directive: part.line.text for part in parts}
        body, appendices = self._divided(parts)
        closing = tuple(block for block in body[-1:] if isinstance(block, Line))
        return self._document(
            title=one_line[TITLE],
            subject=one_line[SUBJECT],
            blocks=body[: len(body) - len(closing)],
            closing=closing,
            appendices=appendices,
            footer=footer,
        )

    def _document(
        self,
        *,
        title: str,
        subject: str,
        blocks: tuple[Block, ...],
        closing: tuple[Line, ...],
        appendices: tuple[Appendix, ...],
        footer: str,
    ) -> Annex:
        report, _ = self._report, self._spoken.gettext
        inside = "" if report.audience is Audience.PUBLIC else _("FOR INTERNAL USE")
        return Annex(
            language=report.language,
            head=self._head(),
            title=title,
            subject=subject,
            circulation=tuple(text for text in (inside, report.mark) if text),
            footer=footer,
            blocks=blocks,
            closing=closing,
            foot=self._foot(),
            appendices=appendices,
            at=report.cut_off_at,
            author=self._issuer,
            provenance="; ".join(f"{fact.label}: {fact.text}" for fact in report.facts),
        )

    def comparison(self) -> Annex:
        """What the sections are, and each in an appendix."""
        report, _ = self._report, self._spoken.gettext
        facts = table_of("facts", _("Provenance"), _FACTS, report.facts, self._spoken)
        appendices = tuple(
            self._appendix_of(number, section.title, section.tables, wide=section.wide)
            for number, section in enumerate(report.sections, start=1)
        )
        attached = "; ".join(f"{one.label}: {one.title}" for one in appendices)
        closing = Line(_("Attached: {appendices}.").format(appendices=attached))
        return self._document(
            title=_("COMPARISON"),
            subject=report.title,
            blocks=(Line(f"{report.subtitle}."), facts),
            closing=(closing,) if appendices else (),
            appendices=appendices,
            footer=report.audience_note,  # which says where single people are in it
        )

    def letter(self, letter: Letter) -> Annex:
        """What is asked of the addressee, and each appendix."""
        _ = self._spoken.gettext
        appendices = tuple(
            self._appendix_of(number, title, tables, wide=False)
            for number, (title, tables) in enumerate(letter.appendices, start=1)
        )
        written = self._document(
            title="",
            subject=letter.about,
            blocks=tuple(map(Line, letter.lines)),
            closing=(Line(letter.closing),),
            appendices=appendices,
            footer=self._report.audience_note,
        )
        about = _("Re: {subject}").format(subject=letter.about)
        return replace(
            written,
            head=replace(written.head, about=about),
            addressee=_("To: {addressee}").format(addressee=letter.addressee),
        )

    def _head(self) -> Head:
        _ = self._spoken.gettext
        return Head(
            superior=readable(self._letterhead.superior).upper(),
            issuer=self._issuer.upper(),
            number=_("No.: {gap}/{symbol}").format(gap=_GAP, symbol=self._symbol),
            country=_("THE SOCIALIST REPUBLIC OF VIET NAM"),
            motto=_("Independence - Freedom - Happiness"),
            dated=_("{place}, day {gap} month {gap} year {year}").format(
                place=readable(self._letterhead.place) or "…………", gap=_GAP, year=self._year
            ),
        )

    def _foot(self) -> Foot:
        _ = self._spoken.gettext
        recipients = self._letterhead.recipients or self._usual_recipients()
        *others, last = (readable(recipient).rstrip(";. ") for recipient in recipients)
        return Foot(
            recipients_label=_("Recipients:"),
            recipients=(*(f"- {text};" for text in others), f"- {last}."),
            signer=tuple(readable(line) for line in self._letterhead.signer)
            or (_("HEAD OF THE AGENCY"),),
        )

    def _usual_recipients(self) -> tuple[str, ...]:
        """Offices only: the organisation's name may be a place, which receives nothing."""
        _ = self._spoken.gettext
        superior = readable(self._letterhead.superior)
        above = (_("{office} (to report)").format(office=superior),) if superior else ()
        return (*above, _("Units named in Appendix I"), _("For file: VT"))

    def _divided(self, parts: Sequence[Part]) -> tuple[tuple[Block, ...], tuple[Appendix, ...]]:
        """What stands before the first appendix, and the appendices."""
        starts = [n for n, part in enumerate(parts) if part.directive in (APPENDIX, WIDE)]
        edges = [*starts, len(parts)]
        body = tuple(self._blocks(parts[: edges[0]]))
        appendices = tuple(
            self._appendix(number, parts[start], parts[start + 1 : end])
            for number, (start, end) in enumerate(pairwise(edges), start=1)
        )
        return body, appendices

    def _appendix(self, number: int, heading: Part, parts: Sequence[Part]) -> Appendix:
        blocks, is_wide = tuple(self._blocks(parts)), heading.directive == WIDE
        return self._appendix_of(number, heading.line.text, blocks, wide=is_wide)

    def _appendix_of(
        self, number: int, title: str, blocks: tuple[Block, ...], *, wide: bool
    ) -> Appendix:
        _ = self._spoken.gettext
        return Appendix(
            label=_("Appendix {number}").format(number=roman(number)),
            title=title,
            reference=_(self._reference).format(
                gap=_GAP, symbol=self._symbol, year=self._year, issuer=self._issuer
            ),
            blocks=blocks,
            wide=wide,
        )

    def _blocks(self, parts: Sequence[Part]) -> Iterator[Block]:
        """Lines and tables; a table that this audience's report does not have is left out."""
        tables: Mapping[str, Table] = {
            table.key: table for section in self._report.sections for table in section.tables
        }
        for part in parts:
            if part.directive == TABLE and part.line.text in tables:
                yield tables[part.line.text]
            elif not part.directive:
                yield part.line
