"""Parcels: what is delivered of a stored month, to whom, with which words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mailaudit.audit import Audited, Composed
from mailaudit.cli.console import current_language, note
from mailaudit.cli.documents import documents
from mailaudit.cli.mailing import mail_wording
from mailaudit.cli.reporting import composed, drawing, evaluate, lineage
from mailaudit.cli.steps import calendar, now, opened_store
from mailaudit.delivery.heads import Heads, heads_of
from mailaudit.delivery.mail import Attachment, Mail
from mailaudit.delivery.plan import Plan, Recipient, plan_delivery, refuse_outside
from mailaudit.delivery.wording import MailWording, Variables
from mailaudit.errors import N_, ConfigurationError
from mailaudit.model.audience import Audience
from mailaudit.model.period import Period
from mailaudit.model.roster import Unit
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
    """The mails of one edition: composed and held against the register, rendered when wanted.

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

    @property
    def period(self) -> Period:
        """The month."""
        return self.snapshot.period

    def register(self, register: Register, recipients: Sequence[Recipient]) -> None:
        """Adds what these people get to the register.

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
                    self._file_name(
                        current_language().gettext(_KINDS[end]), end.rpartition(".")[2]
                    ),
                    content,
                )
                for end, content in render_alone(self.public.report, self.documents).items()
            )

    def mail(self, recipient: Recipient, *, replaces: bool, to: str | None = None) -> Mail:
        """A person's mail, once the files are rendered.

        Args:
            replaces: Whether this person got an earlier edition.
            to: Another address for it to go to, on trial, with the person's in the subject.
        """
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
            )
        )
        return Mail(
            sender=self.delivery.sender,
            sender_name=report.organisation,
            recipient=to or recipient.address,
            recipient_name="" if to else recipient.name,
            subject=f"{_trial()} [{recipient.address}] {subject}" if to else subject,
            body=body,
            attachments=attachments,
        )

    def _file_name(self, what: str, ending: str) -> str:
        name = current_language().gettext(N_("Official mailboxes {period} – {what}"))
        return f"{name.format(period=self.period, what=what)}.{ending}"


def _trial() -> str:
    return current_language().gettext(N_("[TEST]"))


def parcels_of(settings: "Settings", period: Period, *, despite_difference: bool) -> Parcels:
    """What is to be delivered of a stored month.

    Raises:
        ConfigurationError: There is no table [delivery], nobody would get a mail, an address is
            not of the organisation, or the wording can't be used.
        RosterError: The unit list can't be read, or is faulty.
        StoreError: The month is not in the store.
        UsageError: A report differs from what was published before by few people.
    """
    delivery = settings.delivery
    if delivery is None:
        raise ConfigurationError(
            N_("The configuration {file} has no table [delivery]."),
            N_("Add it as in the example that mailaudit init makes: server, sender, board."),
            file=settings.file,
        )
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
    plan = _plan(settings, delivery, audited, heads)
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


def _plan(settings: "Settings", delivery: "Delivery", audited: Audited, heads: Composed) -> Plan:
    """Who gets what.

    Raises:
        ConfigurationError: Nobody does, or somebody outside.
        RosterError: The unit list can't be read, or is faulty.
    """
    from mailaudit.metrics.lines import lines_of

    units = audited.snapshot.roster.units
    plan = plan_delivery(
        units,
        _heads(settings, units, audited.snapshot.period),
        frozenset(unit.code for unit in heads.report.units),
        delivery.board,
        lines_of(units, None),
    )
    if not plan.recipients:
        raise ConfigurationError(
            N_("Nobody would get a mail about {period}."),
            N_("Enter the heads' addresses in the unit list, or the board's in delivery.board."),
            period=audited.snapshot.period,
        )
    refuse_addresses_outside(settings, delivery, [one.address for one in plan.recipients])
    return plan


def refuse_addresses_outside(
    settings: "Settings", delivery: "Delivery", addresses: Sequence[str]
) -> None:
    """Refuses addresses outside the organisation, unless delivery.outside allows them.

    Raises:
        ConfigurationError: There are such; names them.
    """
    if not delivery.outside:
        refuse_outside(addresses, frozenset(settings.organisation.domains))


def _heads(settings: "Settings", units: Sequence[Unit], period: Period) -> Heads:
    """The heads of a month's units as the list names them today.

    Not as the month's own list did: a mail is for who is the head now, and an address that was
    corrected must not need another edition.

    Raises:
        RosterError: A list can't be read, or is faulty.
    """
    from mailaudit.roster import read_unit_list, units_on

    if settings.roster.units is None:
        return Heads({unit.code: unit for unit in units})
    listed = read_unit_list(settings.roster.units, settings.roster.encoding)
    today = now().astimezone(period.tz).date()
    then, there = (units_on(listed, day, "") for day in (period.last_day, today))
    return heads_of(units, then, there, lineage(settings).between(period.last_day, today))
