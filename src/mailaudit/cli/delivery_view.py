"""What is said of mails: who gets which, what became of each, and of all."""

import typer

from mailaudit.cli.console import current_language, note, say
from mailaudit.cli.parcels import Parcels
from mailaudit.cli.reporting import note_concealed
from mailaudit.delivery.parts import Attempts, by_attempt
from mailaudit.delivery.plan import Recipient
from mailaudit.errors import N_
from mailaudit.model.delivery import Attempt, Fate
from mailaudit.model.period import Period

NOT_ALL_REACHED = 4


def print_mail(
    parcels: Parcels, recipient: Recipient, attempt: Attempt | None, to: str | None = None
) -> None:
    """One line: the address, what the person gets, what became of it.

    Args:
        to: The address it went to instead.
    """
    gettext = current_language().gettext
    whole = (gettext(N_("the whole")),) if recipient.is_board else ()
    width = max(len(one.address) for one in parcels.plan.recipients)
    say(
        "{address}  {what}: {state}",
        address=(recipient.address if to is None else f"({recipient.address})").ljust(width),
        what="; ".join((*whole, *parcels.names(recipient))),
        state=_state(attempt, parcels.period),
    )


def _state(attempt: Attempt | None, period: Period) -> str:
    gettext, instant = current_language().gettext, current_language().instant
    if attempt is None:
        return gettext(N_("not sent yet"))
    if attempt.fate is Fate.UNKNOWN:
        text = gettext(N_("NOT KNOWN whether it was sent ({at}, Message-ID {id})"))
        return text.format(
            at=instant(attempt.begun_at.astimezone(period.tz)), id=attempt.message_id
        )
    if attempt.fate is Fate.NOT_SENT:
        text = gettext(N_("not sent: {why}"))
        return text.format(why=gettext(attempt.detail) if attempt.detail else "–")
    at = (attempt.ended_at or attempt.begun_at).astimezone(period.tz)
    return gettext(N_("sent {at}")).format(at=instant(at))


def note_first(parcels: Parcels) -> None:
    """What to know before the mails go: of the figures, and of months that they do not show."""
    for notice in parcels.heads.report.notices:
        note("{notice}", notice=notice)
    note_concealed(parcels.heads.concealed, parcels.settings.rules)


def print_not_delivered(parcels: Parcels) -> None:
    """Names the units whose heads get nothing, and why."""
    for unit in parcels.plan.without_address:
        say(
            N_("Not delivered: {name} ({code}), the unit list has no address of its head."),
            name=unit.name,
            code=unit.code,
        )
    for unit, other in parcels.plan.others:
        say(
            N_(
                "Not delivered: {name} ({code}), the unit list has this code for another unit:"
                " {other}."
            ),
            name=unit.name,
            code=unit.code,
            other=other.name,
        )
    for unit, above in parcels.plan.below:
        say(
            N_("Not delivered: {name} ({code}), its people are on the page of {above}."),
            name=unit.name,
            code=unit.code,
            above=above,
        )


def leave(last: Attempts, parcels: Parcels) -> None:
    """Sums up; ends the command with NOT_ALL_REACHED where somebody was not reached for sure."""
    each = [
        {attempt.fate if attempt else Fate.NOT_SENT for _, attempt in by_attempt(one, last)}
        for one in parcels.plan.recipients
    ]
    sent = sum(fates == {Fate.SENT} for fates in each)
    say(
        N_("{period}, edition {edition}: {sent} of {total} mails sent."),
        period=parcels.period,
        edition=str(parcels.snapshot.edition),
        sent=sent,
        total=len(each),
    )
    if any(Fate.UNKNOWN in fates for fates in each):
        note(
            N_(
                "Of mails whose fate is not known, look in the mail server's log by the Message-ID,"
                " or ask the recipient. To send one again:"
                " mailaudit deliver{options} --period {period} --send --again ADDRESS"
            ),
            period=parcels.period,
        )
    if any(Fate.NOT_SENT in fates for fates in each):
        note(N_("Correct the addresses that were not taken; the same command tries them again."))
    if sent < len(each):
        raise typer.Exit(NOT_ALL_REACHED)
