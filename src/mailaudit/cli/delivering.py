"""Mails about a stored month: shown, or sent, and what is said of it."""

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from datetime import datetime
from email.message import Message
from hashlib import sha256
from pathlib import Path

import typer

from mailaudit.cli.addresses import one_address
from mailaudit.cli.console import note, say
from mailaudit.cli.delivery_view import (
    NOT_ALL_REACHED,
    leave,
    note_first,
    print_left_out,
    print_mail,
    print_mails,
)
from mailaudit.cli.mailing import mailer
from mailaudit.cli.mails import Mails
from mailaudit.cli.recipients import refuse_addresses_outside
from mailaudit.cli.reporting import drawing, name_left
from mailaudit.cli.run_record import record
from mailaudit.cli.signals import stopped_late
from mailaudit.cli.steps import INTERRUPTED, now, opened_store
from mailaudit.cli.table import terminal_width
from mailaudit.delivery.mail import bytes_of, message_of
from mailaudit.delivery.parts import by_attempt, is_missing, missing
from mailaudit.delivery.plan import Recipient
from mailaudit.delivery.sending import Ledger, Pace, Sender
from mailaudit.errors import N_, UsageError
from mailaudit.model.delivery import Attempt, Fate
from mailaudit.model.period import Period
from mailaudit.model.run_record import Made
from mailaudit.model.snapshot import Snapshot
from mailaudit.report.manifest import write_report
from mailaudit.store import DeliveryLedger

_MOST_ALIKE = 10  # lines on a terminal that differ in the address alone
_LOOK_EVERY_S = 0.2  # for a signal, while nothing else is done


def carry_out(
    mails: Mails, *, send: bool, to: str | None, again: Sequence[str] | None, out: Path | None
) -> None:
    """Does with the mails what the options say."""
    if not send:
        _show(mails, out)
    elif to is not None:
        _send_to(mails, to)
    else:
        _send_each(mails, again or ())


def _show(mails: Mails, out: Path | None) -> None:
    """Prints who would get what, and writes the mails into a folder for their owner alone."""
    period, recipients = mails.period, mails.recipients
    kind = "mail" if mails.command == "deliver" else mails.command
    folder = out or mails.settings.file.parent / f"{kind}s-{period}"
    ledger = DeliveryLedger(mails.settings.store.file)
    last, earlier = mails.attempts(ledger), mails.had_earlier(ledger)
    note_first(mails)
    with drawing():
        mails.render(recipients)
    stem = f"{kind}-{period}"
    files = {}
    for number, one in enumerate(recipients, start=1):
        message = message_of(mails.mail(one, replaces=earlier.get(one.address)), now())
        name = re.sub(r"[^A-Za-z0-9@._-]", "-", one.address)
        files[folder / f"{stem}-{number:03d}-{name}.eml"] = bytes_of(message)
    each = [pair for one in recipients for pair in by_attempt(one, last)]
    print_mails(mails, each, most=None if terminal_width() is None else _MOST_ALIKE)
    print_left_out(mails)
    with suppress(OSError):  # which writing into it reports
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name_left(write_report(folder, stem, files, private=True))
    say(
        N_("{count} mails to look at, none of them sent now: {folder}"),
        count=len(files),
        folder=folder,
    )
    missing = sum(any(is_missing(a) for _, a in by_attempt(one, last)) for one in recipients)
    if missing:
        say(
            N_("To send what {count} lack: mailaudit {command}{options} --period {period} --send"),
            count=missing,
            command=mails.command,
            period=period,
        )
    else:
        say(N_("Everybody got this edition before."))


def _send_each(mails: Mails, again: Sequence[str]) -> None:
    """Sends everybody the mail who did not get it, noting each before and after.

    Args:
        again: Addresses that get it whatever is noted of them.

    Raises:
        typer.Exit: NOT_ALL_REACHED where somebody could not be reached, or that is not known.
    """
    repeated = _known(mails, again)
    ledger = DeliveryLedger(mails.settings.store.file)
    with ledger.held():  # from here on, what it says stays true
        left = _print_done(mails, ledger, repeated)
        before = len(ledger.deliveries(mails.period))
        if left:
            try:
                _send_all(mails, left, ledger, mails.had_earlier(ledger))
            finally:
                _record(mails, ledger.deliveries(mails.period)[before:])
        now_sent = _sent(ledger.deliveries(mails.period)[before:])
        last = mails.attempts(ledger)
    print_left_out(mails)
    leave(last, mails, now_sent)


def _record(mails: Mails, attempts: Sequence[Attempt]) -> None:
    """Adds the mails of a run that may have arrived to the run record."""
    arrived = [one for one in attempts if one.fate is not Fate.NOT_SENT]
    if arrived:
        listed = "".join(f"{one.digest}  {one.message_id}\n" for one in arrived)
        digest, edition = sha256(listed.encode()).hexdigest(), mails.snapshot.edition
        command, period = mails.command, str(mails.period)
        record(mails.settings, command, period, edition, Made.MAILS, digest)


def _sent(attempts: Iterable[Attempt]) -> int:
    """How many of them the server took."""
    return sum(attempt.fate is Fate.SENT for attempt in attempts)


def _print_done(mails: Mails, ledger: Ledger, repeated: set[str]) -> list[Recipient]:
    """Prints what was sent before; gives who misses something, with that alone.

    Args:
        repeated: Addresses that get everything again.
    """
    last = mails.attempts(ledger)
    left = []
    for one in mails.recipients:
        if one.address in repeated:
            left.append(one)
            continue
        for part, attempt in by_attempt(one, last):
            if not is_missing(attempt):
                print_mail(mails, part, attempt)
        if (part_left := missing(one, last)) is not None:
            left.append(part_left)
    return left


def _send_to(mails: Mails, to: str) -> None:
    """Sends every mail to one address, and notes none of them."""
    address = one_address("--to", to)
    refuse_addresses_outside(mails.settings, mails.delivery, [address])
    fates = _send_all(mails, mails.recipients, _NothingNoted(), {}, address)
    print_left_out(mails)
    sent = _sent(fates.values())
    say(
        N_("{sent} of {total} mails sent to {to}. None is noted as delivered."),
        sent=sent,
        total=len(mails.recipients),
        to=to,
    )
    if sent < len(fates):
        raise typer.Exit(NOT_ALL_REACHED)


def _send_all(
    mails: Mails,
    recipients: Sequence[Recipient],
    ledger: Ledger,
    earlier: Mapping[str, int],
    to: str | None = None,
) -> dict[str, Attempt]:
    """Sends these mails, and prints what became of each once it is known; by address."""
    found: dict[str, Attempt] = {}
    by_address = {one.address: one for one in recipients}

    def message_for(one: Recipient) -> Message:
        mail = mails.mail(one, replaces=earlier.get(one.address), to=to)
        return message_of(mail, now())

    def on_sent(attempt: Attempt) -> None:
        found[attempt.recipient] = attempt
        print_mail(mails, by_address[attempt.recipient], attempt, to)

    try:
        with closing(mailer(mails.delivery)) as way_out, stopped_late() as stop:
            way_out.open()  # a refused login is known before anything is made
            note(
                N_("{period}: making {count} mails, then sending …"),
                period=mails.period,
                count=len(recipients),
            )
            note_first(mails)
            with drawing():
                mails.render(recipients)
            stop()
            if to is None:
                with opened_store(mails.settings) as store:
                    mails.register(store, recipients)  # first: some may get it, some not
            pace = Pace(mails.delivery.mails_per_minute, _waiting(stop))
            sender = Sender(mails.snapshot, way_out, ledger, pace, clock=now, stop=stop)
            sender.send_all(recipients, message_for, on_sent)
    except KeyboardInterrupt:
        note(
            N_("Stopped after {done} of {total} mails; the same command goes on from there."),
            done=len(found),
            total=len(recipients),
        )
        raise typer.Exit(INTERRUPTED) from None
    return found


class _NothingNoted:
    """A ledger for mails to look at."""

    def deliveries(self, period: Period) -> Sequence[Attempt]:
        return ()

    def begin(self, snapshot: Snapshot, attempt: Attempt) -> None:
        pass

    def check(self, snapshot: Snapshot) -> None:
        pass

    def end(self, message_id: str, fate: Fate, detail: str, *, now: datetime) -> None:
        pass


def _waiting(stop: Callable[[], None]) -> Callable[[float], None]:
    """A wait that a stop ends."""

    def wait(seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(left, _LOOK_EVERY_S))
            stop()

    return wait


def _known(mails: Mails, again: Sequence[str]) -> set[str]:
    """The addresses of --again. Raises UsageError where one gets no mail."""
    addresses = {one.address for one in mails.recipients}
    for text in again:
        if text.lower() not in addresses:
            raise UsageError(
                N_("--again {text}: nobody with this address gets a mail about {period}."),
                N_("Without --send the command shows who does."),
                text=text,
                period=mails.period,
            )
    return {text.lower() for text in again}
