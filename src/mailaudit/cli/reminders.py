"""Reminders: a mail each to those who do not use their mailboxes regularly, about these alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mailaudit.audit import Audited
from mailaudit.cli.console import current_language, note
from mailaudit.cli.mailing import reminder_wording
from mailaudit.cli.mails import addressed, delivery_of
from mailaudit.cli.recipients import refuse_addresses_outside
from mailaudit.cli.reporting import drawing, evaluate
from mailaudit.cli.steps import calendar, opened_store
from mailaudit.delivery.mail import Mail
from mailaudit.delivery.parts import Attempts, last_attempts
from mailaudit.delivery.plan import Recipient
from mailaudit.delivery.reminders import plan_reminders
from mailaudit.delivery.sending import Ledger
from mailaudit.delivery.wording import MailWording, ReminderVariables
from mailaudit.errors import N_, ConfigurationError, UsageError
from mailaudit.model.period import Period
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.usage import Silence
from mailaudit.model.wording import readable
from mailaudit.publication.register import Register
from mailaudit.report.words import month_number

if TYPE_CHECKING:
    from mailaudit.settings import Delivery, Settings


@dataclass(frozen=True, slots=True)
class Reminders:
    """See `Mails`. They bring no file and no figure, so nothing of them is published."""

    settings: "Settings"
    delivery: "Delivery"
    snapshot: Snapshot
    wording: MailWording
    recipients: tuple[Recipient, ...]
    command: ClassVar[str] = "remind"
    notices: ClassVar[tuple[str, ...]] = ()
    concealed: ClassVar[tuple[Period, ...]] = ()
    left_out: ClassVar[tuple[str, ...]] = ()

    @property
    def period(self) -> Period:
        return self.snapshot.period

    def what(self, recipient: Recipient) -> str:
        return current_language().gettext(N_("reminder"))

    def attempts(self, ledger: Ledger) -> Attempts:
        """Of any edition: a second reminder of one month says nothing new."""
        return last_attempts(ledger, self.period)

    def had_earlier(self, ledger: Ledger) -> Mapping[str, int]:
        return {}

    def render(self, recipients: Sequence[Recipient]) -> None:
        pass

    def register(self, register: Register, recipients: Sequence[Recipient]) -> None:
        pass

    def mail(self, recipient: Recipient, *, replaces: int | None, to: str | None = None) -> Mail:
        spoken, rules = current_language(), self.settings.rules
        cut_off = self.snapshot.cut_off_at.astimezone(self.period.tz)
        is_whole = (rules.min_read_share * 100).denominator == 1
        mark = spoken.gettext(N_("ILLUSTRATIVE DATA"))
        subject, body = self.wording.subject_and_body(
            ReminderVariables(
                organisation=readable(self.settings.organisation.name),
                month=month_number(self.period, spoken),
                year=str(self.period.year),
                cut_off=spoken.written_instant(cut_off),
                name=readable(recipient.name),
                any_activity=not rules.counts_days,
                counts_reading=rules.counts_reading,
                min_sent_days=spoken.number(rules.min_sent_days),
                min_read_percent=spoken.percent(rules.min_read_share, 0 if is_whole else 1),
                mark=mark if self.settings.report.illustrative else "",
                contact=self.settings.report.objections.contact,
            )
        )
        return addressed(self, recipient, subject, body, to)


def reminders_of(settings: "Settings", period: Period) -> Reminders:
    """The reminders of a stored month.

    Raises:
        ConfigurationError: There is no table [delivery], an address is not of the organisation, or
            the wording can't be used.
        StoreError: The month is not in the store.
        UsageError: The month can't be judged, or there is nobody to remind.
    """
    delivery = delivery_of(settings)
    wording = reminder_wording(settings, delivery)
    days = calendar(settings, period)
    note(N_("{period}: measuring …"), period=period)
    with drawing(), opened_store(settings) as store:
        audited = evaluate(settings, store, period, days)
    _refuse_unjudged(audited)
    recipients = plan_reminders(audited.measurement.staff)
    if not recipients:
        raise UsageError(
            N_("There is nobody to remind of {period}."),
            N_("Everybody in scope who was measured uses their mailbox regularly."),
            period=period,
        )
    refuse_addresses_outside(settings, delivery, [one.address for one in recipients])
    return Reminders(settings, delivery, audited.snapshot, wording, recipients)


def refuse_unless_decided(settings: "Settings") -> None:
    """Refuses to send what nobody decided to send. Raises ConfigurationError."""
    if not delivery_of(settings).remind_staff:
        raise ConfigurationError(
            N_("Reminders to staff are switched off."),
            N_(
                "Nothing was sent. Once it is decided that staff are reminded, set"
                " delivery.remind_staff = true; without --send the mails can be looked at."
            ),
        )


def note_switched_off(settings: "Settings") -> None:
    """Says what has to be decided before --send."""
    if not delivery_of(settings).remind_staff:
        note(
            N_(
                "Reminders to staff are switched off: --send needs delivery.remind_staff = true in"
                " the configuration as well."
            )
        )


def _refuse_unjudged(audited: Audited) -> None:
    """Refuses a month of which nobody's use is known for sure. Raises UsageError."""
    if audited.snapshot.sealed_at is None:
        raise UsageError(
            N_("{period} is provisional: nobody is reminded of a month that is not sealed."),
            N_("Ask again: mailaudit collect{options} --period {period} --retry-unmeasured")
            if audited.snapshot.cut_off_at >= audited.snapshot.period.end
            else N_("Collect it once it is over: mailaudit collect{options} --period {period}"),
            period=audited.snapshot.period,
        )
    silence = audited.measurement.silence
    if silence is not None:
        raise UsageError(
            N_("Nobody had any mail in {period}, which can't be: nobody is reminded.")
            if silence is Silence.NO_MAIL
            else N_(
                "Too few mailboxes of {period} were measured, and none of them had any mail: nobody"
                " is reminded."
            ),
            N_("Look at the report, and at what was collected, first."),
            period=audited.snapshot.period,
        )
