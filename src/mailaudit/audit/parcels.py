"""Parcels: what heads and the board get of a stored month, with which words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from mailaudit.audit.reporting import Composed
from mailaudit.delivery.corrections import CorrectedPerson, people_by_subject
from mailaudit.delivery.mail import Attachment
from mailaudit.delivery.parts import Attempts, last_attempts
from mailaudit.delivery.plan import Plan, Recipient
from mailaudit.delivery.sending import Ledger
from mailaudit.delivery.wording import MailWording, Variables
from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.delivery import Fate
from mailaudit.model.period import Period
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.wording import readable
from mailaudit.publication.register import Published, Register
from mailaudit.report.rendering import Documents, render_alone, render_pages
from mailaudit.report.words import month_number

# What the files of the whole are called, by what a report's file names end with.
_KINDS = {
    ".xlsx": N_("ranking"),
    ".html": N_("ranking"),
    "-annex.docx": N_("report"),
    "-annex.pdf": N_("report"),
    "-brief.png": N_("card"),
    "-brief.pdf": N_("card"),
}


@dataclass(slots=True, kw_only=True)
class Parcels:
    """The editions, composed and held against the register, rendered when they are wanted.

    Attributes:
        heads: The edition for heads, of which each gets the pages of their own units.
        public: The edition for the board; None where there is none.
        corrected: Of whom something was corrected in the month's staff list.
        language: Of subjects, bodies and names of files.
        contact: Whom to write to with an objection; "" for nobody.
        objections_until: The last day for one; None where there is none.
    """

    snapshot: Snapshot
    plan: Plan
    wording: MailWording
    documents: Documents
    heads: Composed
    public: Composed | None
    corrected: tuple[CorrectedPerson, ...]
    language: Language
    contact: str = ""
    objections_until: date | None = None
    _pages: dict[str, tuple[Attachment, ...]] = field(default_factory=dict)
    _whole: tuple[Attachment, ...] = ()

    @property
    def period(self) -> Period:
        """The month."""
        return self.snapshot.period

    @property
    def recipients(self) -> tuple[Recipient, ...]:
        """Everybody who gets something."""
        return self.plan.recipients

    @property
    def notices(self) -> tuple[str, ...]:
        """What to know of the figures."""
        return self.heads.report.remarks

    @property
    def concealed(self) -> tuple[Period, ...]:
        """Earlier months that are not shown."""
        return self.heads.concealed

    def what(self, recipient: Recipient) -> str:
        """What a person gets, in words."""
        whole = (self.language.gettext(N_("the whole")),) if recipient.is_board else ()
        return "; ".join((*whole, *self.names(recipient)))

    def attempts(self, ledger: Ledger) -> Attempts:
        """The newest attempts to bring people this edition."""
        return last_attempts(ledger, self.period, self.snapshot.edition)

    def had_earlier(self, ledger: Ledger) -> Mapping[str, int]:
        """Who got an edition of the month before this one, and which last."""
        found: dict[str, int] = {}
        for one in ledger.deliveries(self.period):
            is_earlier = one.edition < self.snapshot.edition and not one.is_reminder
            if is_earlier and one.fate is Fate.SENT:
                found[one.recipient] = max(one.edition, found.get(one.recipient, 0))
        return found

    def register(self, register: Register, recipients: Sequence[Recipient]) -> None:
        """Adds what these people get to the register of what was published.

        Raises:
            StoreError: It can't be written.
            UsageError: It differs by few people from what was published meanwhile.
        """
        given = [self.heads] if any(one.units for one in recipients) else []
        if self.public is not None and any(one.is_board for one in recipients):
            given.append(self.public)

        def check(published: Published) -> None:
            for each in given:
                each.check(published)

        register.publish([record for each in given for record in each.records], check)

    def names(self, recipient: Recipient) -> tuple[str, ...]:
        """The names of the units whose pages a person gets."""
        names = {unit.code: unit.name for unit in self.heads.report.units}
        return tuple(names[code] for code in recipient.units)

    def render(self, recipients: Sequence[Recipient]) -> None:
        """Makes the files that these people get."""
        codes = [code for recipient in recipients for code in recipient.units]
        names = {unit.code: unit.name for unit in self.heads.report.units}
        if codes:
            for code, page, workbook in render_pages(self.heads.report, codes):
                self._pages[code] = (
                    Attachment(self._file_name(names[code], "html"), page),
                    Attachment(self._file_name(names[code], "xlsx"), workbook),
                )
        if self.public is not None and any(one.is_board for one in recipients):
            self._whole = tuple(
                Attachment(
                    self._file_name(self.language.gettext(_KINDS[end]), end.rpartition(".")[2]),
                    content,
                )
                for end, content in render_alone(self.public.report, self.documents).items()
            )

    def attachments(self, recipient: Recipient) -> tuple[Attachment, ...]:
        """The files that a person gets, once they are made."""
        own = (one for code in recipient.units for one in self._pages[code])
        return (*(self._whole if recipient.is_board else ()), *own)

    def subject_and_body(self, recipient: Recipient, replaces: int | None) -> tuple[str, str]:
        """The words of a person's mail.

        Args:
            replaces: The last edition that the person got before; None where there was none.
        """
        report, period, language = self.heads.report, self.period, self.language
        until = self.objections_until
        return self.wording.subject_and_body(
            Variables(
                organisation=report.organisation,
                month=month_number(period, language),
                year=str(period.year),
                cut_off=language.written_instant(self.snapshot.cut_off_at.astimezone(period.tz)),
                name=readable(recipient.name),
                units=self.names(recipient),
                is_board=recipient.is_board,
                files=tuple(one.name for one in self.attachments(recipient)),
                edition=str(self.snapshot.edition),
                replaces=replaces is not None,
                corrected=self._is_corrected_since(replaces),
                corrections=self._corrections(recipient, replaces),
                provisional=self.snapshot.sealed_at is None,
                mark=report.mark,
                contact=self.contact,
                objections_until="" if until is None else language.date(until),
            )
        )

    def _is_corrected_since(self, edition: int | None) -> bool:
        """Whether corrections made the edition another one than that."""
        made = self.snapshot.corrections
        return edition is not None and any(one.edition > edition and one.fits for one in made)

    def _corrections(self, recipient: Recipient, since: int | None) -> tuple[str, ...]:
        """What of the people of a head's units was corrected since an edition; as `3 people`."""
        if since is None:
            return ()
        language = self.language
        return tuple(
            language.gettext(N_("{subject}: {number}")).format(
                subject=language.gettext(subject), number=language.number(number)
            )
            for subject, number in people_by_subject(self.corrected, recipient.units, since).items()
        )

    def _file_name(self, what: str, ending: str) -> str:
        name = self.language.gettext(N_("Official mailboxes {period} – {what}"))
        return f"{name.format(period=self.period, what=what)}.{ending}"
