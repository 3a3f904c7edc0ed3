"""Parcels: what heads and the board get of a stored month, with which words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from mailaudit.audit import Composed
from mailaudit.cli.console import current_language, note
from mailaudit.cli.documents import documents
from mailaudit.cli.mailing import mail_wording
from mailaudit.cli.mails import addressed, delivery_of
from mailaudit.cli.recipients import plan_of, undelivered
from mailaudit.cli.reporting import composed, drawing, evaluate
from mailaudit.cli.steps import calendar, opened_store, today_in
from mailaudit.delivery.mail import Attachment, Mail
from mailaudit.delivery.parts import Attempts, last_attempts
from mailaudit.delivery.plan import Plan, Recipient
from mailaudit.delivery.sending import Ledger
from mailaudit.delivery.wording import MailWording, Variables
from mailaudit.errors import N_
from mailaudit.model.audience import Audience
from mailaudit.model.delivery import Fate
from mailaudit.model.period import Period
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.wording import readable
from mailaudit.publication.register import Published, Register
from mailaudit.report.rendering import Documents, render_alone, render_pages
from mailaudit.report.words import month_number

if TYPE_CHECKING:
    from mailaudit.settings import Delivery, Settings

# What the files of the whole are called, by what a report's file names end with.
_KINDS = {
    ".xlsx": N_("ranking"),
    ".html": N_("ranking"),
    "-annex.docx": N_("report"),
    "-annex.pdf": N_("report"),
    "-brief.png": N_("card"),
    "-brief.pdf": N_("card"),
}


@dataclass(slots=True)
class Parcels:
    """See `Mails`. The edition is composed and held against the register, rendered when wanted.

    Attributes:
        heads: The edition for heads, of which each gets the pages of their own units.
        public: The edition for the board; None where there is none.
    """

    settings: "Settings"
    delivery: "Delivery"
    snapshot: Snapshot
    plan: Plan
    wording: MailWording
    documents: Documents
    heads: Composed
    public: Composed | None
    _pages: dict[str, tuple[Attachment, ...]] = field(default_factory=dict)
    _whole: tuple[Attachment, ...] = ()

    command: ClassVar[str] = "deliver"

    @property
    def period(self) -> Period:
        """The month."""
        return self.snapshot.period

    @property
    def recipients(self) -> tuple[Recipient, ...]:
        return self.plan.recipients

    @property
    def notices(self) -> tuple[str, ...]:
        return self.heads.report.remarks

    @property
    def concealed(self) -> tuple[Period, ...]:
        return self.heads.concealed

    @property
    def left_out(self) -> tuple[str, ...]:
        return tuple(undelivered(self.plan))

    def what(self, recipient: Recipient) -> str:
        whole = (current_language().gettext(N_("the whole")),) if recipient.is_board else ()
        return "; ".join((*whole, *self.names(recipient)))

    def attempts(self, ledger: Ledger) -> Attempts:
        return last_attempts(ledger, self.period, self.snapshot.edition)

    def had_earlier(self, ledger: Ledger) -> frozenset[str]:
        """Who got an edition of the month before this one."""
        return frozenset(
            one.recipient
            for one in ledger.deliveries(self.period)
            if one.edition < self.snapshot.edition and one.fate is Fate.SENT and not one.is_reminder
        )

    def register(self, register: Register, recipients: Sequence[Recipient]) -> None:
        """See `Mails`.

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
                    self._file_name(
                        current_language().gettext(_KINDS[end]), end.rpartition(".")[2]
                    ),
                    content,
                )
                for end, content in render_alone(self.public.report, self.documents).items()
            )

    def mail(self, recipient: Recipient, *, replaces: bool, to: str | None = None) -> Mail:
        own = [one for code in recipient.units for one in self._pages[code]]
        attachments = (*(self._whole if recipient.is_board else ()), *own)
        report, period = self.heads.report, self.period
        subject, body = self.wording.subject_and_body(
            Variables(
                organisation=report.organisation,
                month=month_number(period, current_language()),
                year=str(period.year),
                cut_off=current_language().written_instant(
                    self.snapshot.cut_off_at.astimezone(period.tz)
                ),
                name=readable(recipient.name),
                units=self.names(recipient),
                is_board=recipient.is_board,
                files=tuple(attachment.name for attachment in attachments),
                edition=str(self.snapshot.edition),
                replaces=replaces,
                provisional=self.snapshot.sealed_at is None,
                mark=report.mark,
                contact=self.delivery.contact or "",
                objections_until=self._objections_until(),
            )
        )
        return addressed(self, recipient, subject, body, to, attachments)

    def _objections_until(self) -> str:
        """The last day for objections, as a date; counted from today."""
        days = self.delivery.objection_days
        if days is None:
            return ""
        last = today_in(self.period.timezone) + timedelta(days=days)
        return current_language().date(last)

    def _file_name(self, what: str, ending: str) -> str:
        name = current_language().gettext(N_("Official mailboxes {period} – {what}"))
        return f"{name.format(period=self.period, what=what)}.{ending}"


def parcels_of(settings: "Settings", period: Period, *, despite_difference: bool) -> Parcels:
    """What is to be delivered of a stored month.

    Raises:
        ConfigurationError: There is no table [delivery], nobody would get a mail, an address is
            not of the organisation, or the wording can't be used.
        RosterError: The unit list can't be read, or is faulty.
        StoreError: The month is not in the store.
        UsageError: A report differs from what was published before by few people.
    """
    delivery = delivery_of(settings)
    wording, wanted = mail_wording(settings, delivery), documents(settings)
    days = calendar(settings, period)
    note(N_("{period}: measuring …"), period=period)
    with drawing(), opened_store(settings) as store:
        audited = evaluate(settings, store, period, days)

        def edition(audience: Audience) -> Composed:
            spoken, despite = current_language(), despite_difference
            return composed(
                settings, store, audited, days, audience, spoken, despite_difference=despite
            )

        heads = edition(Audience.LEADER)
        public = edition(Audience.PUBLIC) if delivery.board else None
    plan = plan_of(settings, delivery, audited, heads)
    return Parcels(
        settings,
        delivery,
        audited.snapshot,
        plan,
        wording,
        wanted,
        heads,
        public,
    )
