"""remind: a mail to staff who did not use their own mailboxes regularly."""

from mailaudit.cli.deliver import Again, OutOfMails, Send, To, refuse_together
from mailaudit.cli.options import DEFAULT_CONFIG, Config, Lang, PeriodText, Verbose


def remind(
    config: Config = DEFAULT_CONFIG,
    period: PeriodText = None,
    lang: Lang = None,
    send: Send = False,
    to: To = None,
    again: Again = None,
    out: OutOfMails = None,
    verbose: Verbose = False,
) -> None:
    """Remind staff of their own mailboxes, by mail.

    Each person in scope who was measured in a sealed month and did not use the mailbox regularly
    gets one short mail, without any figure. Nobody else gets one.

    Without --send it shows who would get one, and writes the mails as .eml files to look at. To
    send them, delivery.remind_staff = true is needed as well.

    Can be stopped and started again at any time: nobody is reminded of a month twice, of a later
    edition of it neither. Ends with 4 when somebody could not be reached.

    Example: mailaudit remind --config mailaudit.toml --period 2026-10

    Example: mailaudit remind --period 2026-10 --send
    """
    refuse_together(send=send, to=to, again=bool(again), out=out)
    from mailaudit.cli import delivering, steps
    from mailaudit.cli.reminders import note_switched_off, refuse_unless_decided, reminders_of

    settings, month = steps.load_for_month(config, lang, period)
    if send:
        refuse_unless_decided(settings)
    delivering.carry_out(reminders_of(settings, month), send=send, to=to, again=again, out=out)
    note_switched_off(settings)
