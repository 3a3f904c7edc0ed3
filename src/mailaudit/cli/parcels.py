"""The mails that `deliver` sends: the parcels of a month, made by the configuration."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from mailaudit.audit import Composed
from mailaudit.audit.parcels import Parcels
from mailaudit.cli.console import current_language, note
from mailaudit.cli.documents import documents
from mailaudit.cli.mailing import mail_wording
from mailaudit.cli.mails import addressed, delivery_of
from mailaudit.cli.recipients import corrected_of, plan_of, undelivered
from mailaudit.cli.reporting import composed, drawing, evaluate
from mailaudit.cli.steps import calendar, opened_store, today_in
from mailaudit.delivery.mail import Mail
from mailaudit.delivery.plan import Recipient
from mailaudit.errors import N_
from mailaudit.model.audience import Audience
from mailaudit.model.period import Period

if TYPE_CHECKING:
    from mailaudit.settings import Delivery, Settings


@dataclass(slots=True, kw_only=True)
class ParcelMails(Parcels):
    """Parcels as `Mails`."""

    settings: "Settings"
    delivery: "Delivery"

    command: ClassVar[str] = "deliver"

    @property
    def left_out(self) -> tuple[str, ...]:
        return tuple(undelivered(self.plan))

    def mail(self, recipient: Recipient, *, replaces: int | None, to: str | None = None) -> Mail:
        subject, body = self.subject_and_body(recipient, replaces)
        return addressed(self, recipient, subject, body, to, self.attachments(recipient))


def parcels_of(settings: "Settings", period: Period, *, despite_difference: bool) -> ParcelMails:
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
        corrected = tuple(corrected_of(store, audited.snapshot))
    objections, today = settings.report.objections, today_in(period.timezone)
    return ParcelMails(
        settings=settings,
        delivery=delivery,
        snapshot=audited.snapshot,
        plan=plan_of(settings, delivery, audited, heads),
        wording=wording,
        documents=wanted,
        heads=heads,
        public=public,
        language=current_language(),
        corrected=corrected,
        contact=objections.contact,
        objections_until=(
            None if objections.days is None else today + timedelta(days=objections.days)
        ),
    )
