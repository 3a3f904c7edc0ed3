"""Lists of accounts as files: a workbook by unit, and the form with its letter (công văn).

For the IT department about all units, for a head about the own one; never for the public.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.accounts import AccountLists, Request
from mailaudit.model.audience import Audience
from mailaudit.model.period import Period
from mailaudit.model.roster import Unit
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.wording import readable
from mailaudit.report.annex.compose import compose_letter
from mailaudit.report.annex.content import Letter, Letterhead
from mailaudit.report.annex.pdf import render_pdf
from mailaudit.report.annex.word import render_word
from mailaudit.report.excel.workbook import render_sections
from mailaudit.report.filenames import report_stem
from mailaudit.report.rendering import DOCX, PDF, XLSX
from mailaudit.report.sections.account_words import (
    SIGN,
    account_facts,
    account_notices,
    length_text,
    no_locks,
)
from mailaudit.report.sections.accounts import counts_table, form_table, people_table
from mailaudit.report.sections.notices import mark
from mailaudit.report.sections.provenance import facts, facts_table, printed_digest
from mailaudit.report.tables import Table
from mailaudit.report.value import Report, Section
from mailaudit.report.words import month_number, short_period

FORMATS = (XLSX, DOCX, PDF)


@dataclass(frozen=True, slots=True)
class AccountDocument:
    """What the files of one reader are made of."""

    report: Report
    letter: Letter
    letterhead: Letterhead


def account_stem(period: Period, audience: Audience) -> str:
    """What the names of the files begin with; of heads, their folder's name."""
    return f"{report_stem(period, audience)}-accounts"


def compose_accounts(
    organisation: str,
    lists: AccountLists,
    snapshot: Snapshot,
    letterhead: Letterhead,
    line: Unit | None,
    language: Language,
    *,
    names: bool,
    illustrative: bool,
    newer: Period | None,
) -> AccountDocument:
    """The document about all units, for the IT department, or about one, for its head.

    Args:
        letterhead: Of the organisation; a unit signs its own letter.
        line: The unit; None for all.
        names: Whether people's names may be printed.
        newer: A later month that is stored too.
    """
    _ = language.gettext
    if line is not None:
        lists = lists.of_line(line)
        letterhead = Letterhead(issuer=line.name)
    month = short_period(lists.period, language)
    basis = account_facts(lists, language)
    rests_on = facts_table("basis", _("What the lists rest on"), basis, language)
    audience = Audience.IT if line is None else Audience.LEADER
    report = Report(
        language=language.code,
        audience=audience,
        stem=account_stem(lists.period, audience),
        audience_note=_(
            "For the operator of the mail system and the heads concerned only; names people, not to"
            " be passed on."
        ),
        mark=mark(illustrative=illustrative, superseded_by=None, language=language),
        organisation=readable(organisation if line is None else line.name),
        title=_("Official mailboxes to create, lock and delete, {year}-{month}").format(
            month=month_number(lists.period, language), year=lists.period.year
        ),
        subtitle=_subtitle(lists, language),
        period=lists.period,
        cut_off_at=lists.cut_off_at,
        notices=tuple(account_notices(lists, newer, language)),
        facts=facts(snapshot, language, sees_everything=audience.sees_everything),
        sections=(
            _section("summary", _("Summary"), counts_table(lists, month, language)),
            _section("people", _("List"), people_table(lists, month, language, names=names)),
            _section("basis", _("Grounds"), rests_on),
        ),
        digest=printed_digest(snapshot, language),
    )
    appendices = (
        (
            _("OFFICIAL MAILBOXES TO CREATE, LOCK AND DELETE"),
            (form_table(lists, month, language, names=names),),
        ),
        (_("GROUNDS OF THE LIST"), (rests_on,)),
    )
    letter = _letter(
        lists, readable(letterhead.issuer) or report.organisation, appendices, language
    )
    return AccountDocument(report, letter, letterhead)


def render_accounts(
    document: AccountDocument, formats: Collection[str], typeface: str | None
) -> Mapping[str, bytes]:
    """The files wanted of FORMATS, by what their names end with."""
    found: dict[str, bytes] = {}
    if XLSX in formats:
        found[".xlsx"] = render_sections(document.report, numbered=False)
    if {DOCX, PDF} & set(formats):
        annex = compose_letter(document.report, document.letterhead, document.letter)
        if DOCX in formats:
            found[".docx"] = render_word(annex)
        if PDF in formats:
            found[".pdf"] = render_pdf(annex, typeface)
    return found


def _section(key: str, name: str, table: Table) -> Section:
    return Section(key, name, name, (table,), wide=True)


def _subtitle(lists: AccountLists, spoken: Language) -> str:
    return spoken.gettext(
        "To create: {create}; to lock: {lock}; to delete: {delete}; cut-off {moment}"
    ).format(
        **{request.value: spoken.number(lists.count(request)) for request in Request},
        moment=spoken.written_instant(lists.cut_off_at.astimezone(lists.period.tz)),
    )


_ASKED = {
    Request.CREATE: N_("{number}. To create mailboxes for {count} people in scope who have none."),
    Request.LOCK: N_(
        "{number}. To lock {count} mailboxes without a sign of use from {first} to {last}"
        " ({length}). A sign of use is {sign}."
    ),
    Request.DELETE: N_(
        "{number}. To delete {count} mailboxes of people who left or are no longer listed, which"
        " still answered."
    ),
}


def _letter(
    lists: AccountLists,
    issuer: str,
    appendices: tuple[tuple[str, tuple[Table, ...]], ...],
    spoken: Language,
) -> Letter:
    _ = spoken.gettext
    asked = [request for request in Request if lists.count(request)]
    lines = [
        _(
            "By the staff list of {month} and what was measured of the use of official mailboxes"
            " (cut-off {moment}), {issuer} requests:"
        ).format(
            month=short_period(lists.period, spoken),
            moment=spoken.written_instant(lists.cut_off_at.astimezone(lists.period.tz)),
            issuer=issuer,
        )
    ]
    for number, request in enumerate(asked, start=1):
        lines.append(
            _(_ASKED[request]).format(
                number=number,
                count=spoken.number(lists.count(request)),
                first=spoken.date(lists.span.first),
                last=spoken.date(lists.span.last),
                length=length_text(lists.dormancy, spoken),
                sign=_(SIGN),
            )
        )
    if lists.missing:
        lines.append(no_locks(lists, spoken))
    return Letter(
        about=_("creation, lock and deletion of official mailboxes"),
        addressee=_("The operator of the official mail system"),
        lines=tuple(lines),
        closing=_(
            "The people are in Appendix I, the grounds in Appendix II; telephone numbers are to be"
            " added by hand."
        ),
        appendices=appendices,
    )
