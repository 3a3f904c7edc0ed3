"""What is said of mails: who gets which, what became of each, and of all."""

from collections.abc import Sequence

import typer

from mailaudit.cli.console import current_language, note, say
from mailaudit.cli.mails import Mails
from mailaudit.cli.reporting import note_concealed
from mailaudit.delivery.parts import Attempts, by_attempt
from mailaudit.delivery.plan import Recipient
from mailaudit.errors import N_
from mailaudit.model.delivery import Attempt, Fate
from mailaudit.model.period import Period

NOT_ALL_REACHED = 4


def print_mail(
    mails: Mails, recipient: Recipient, attempt: Attempt | None, to: str | None = None
) -> None:
    """One line: the address, what the person gets, what became of it.

    Args:
        to: The address it went to instead.
    """
    width = max(len(one.address) for one in mails.recipients)
    say(
        "{address}  {what}: {state}",
        address=(recipient.address if to is None else f"({recipient.address})").ljust(width),
        what=mails.what(recipient),
        state=_state(attempt, mails.period),
    )


def print_mails(
    mails: Mails, each: Sequence[tuple[Recipient, Attempt | None]], *, most: int | None
) -> None:
    """A line each, as `print_mail`.

    Args:
        most: Of lines that say the same of so many people, only the first are printed, and how many
            more there are; None for every line.
    """
    alike: dict[tuple[str, str], int] = {}
    for recipient, attempt in each:
        said = mails.what(recipient), _state(attempt, mails.period)
        alike[said] = alike.get(said, 0) + 1
        if most is None or alike[said] <= most:
            print_mail(mails, recipient, attempt)
    for (what, state), count in alike.items():
        if most is not None and count > most:
            say(
                N_("… and {count} more: {what}: {state}"),
                count=count - most,
                what=what,
                state=state,
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


def note_first(mails: Mails) -> None:
    """What to know before the mails go: of the figures, and of months that they do not show."""
    for notice in mails.notices:
        note("{notice}", notice=notice)
    note_concealed(mails.concealed, mails.settings.rules)


def print_left_out(mails: Mails) -> None:
    """Names who gets nothing, and why."""
    for line in mails.left_out:
        say("{line}", line=line)


def leave(last: Attempts, mails: Mails, now_sent: int) -> None:
    """Sums up; ends the command with NOT_ALL_REACHED where somebody was not reached for sure.

    Args:
        now_sent: How many mails this run sent.
    """
    each = [
        {attempt.fate if attempt else Fate.NOT_SENT for _, attempt in by_attempt(one, last)}
        for one in mails.recipients
    ]
    sent = sum(fates == {Fate.SENT} for fates in each)
    say(
        N_(
            "{period}, edition {edition}: {sent} of {total} people have theirs; {now} mails were"
            " sent now."
        ),
        period=mails.period,
        edition=str(mails.snapshot.edition),
        sent=sent,
        total=len(each),
        now=now_sent,
    )
    if any(Fate.UNKNOWN in fates for fates in each):
        note(
            N_(
                "Of mails whose fate is not known, look in the mail server's log by the Message-ID,"
                " or ask the recipient. To send one again:"
                " mailaudit {command}{options} --period {period} --send --again ADDRESS"
            ),
            command=mails.command,
            period=mails.period,
        )
    if any(Fate.NOT_SENT in fates for fates in each):
        note(N_("Correct the addresses that were not taken; the same command tries them again."))
    if sent < len(each):
        raise typer.Exit(NOT_ALL_REACHED)
