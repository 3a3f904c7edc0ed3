"""Removing people from stored months: what would go, what went, and what is still to be done."""

from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.cli import steps
from mailaudit.cli.answers import remove_all_answers
from mailaudit.cli.console import current_language, in_command, note, say
from mailaudit.cli.run_record import run_now
from mailaudit.errors import N_, MailauditError, StoreError
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.person import Person
from mailaudit.model.run_record import Made

if TYPE_CHECKING:
    from mailaudit.settings import Settings
    from mailaudit.store import OfPerson, Removals


def show_person(settings: "Settings", asked: str) -> None:
    """Prints where the store has a person, and how to remove them."""
    from mailaudit.store import Removals

    found = Removals(settings.store.file).of_person(asked)
    _print_person(found)
    _note_still_listed(settings, found.person)
    note(
        N_("Nothing was changed. To remove the person: mailaudit forget{options} {person} --apply"),
        person=in_command(Path(asked)),
    )


def forget_person(settings: "Settings", asked: str) -> None:
    """Removes a person from every stored month.

    Raises:
        StoreError: What was removed still stands in the file, which another process reads.
    """
    from mailaudit import audit
    from mailaudit.store import Removals

    days = all_days(settings)
    sum_up = audit.summing(days, settings.rules)
    with closing(Removals(settings.store.file)) as removals:
        end_earlier(removals)
        removals.of_person(asked)  # raises where nobody is meant, before anything is removed
        remove_all_answers(settings)
        note(N_("Measuring the months, and removing the person …"))
        found = removals.forget(
            asked, sum_up, partial(run_now, "forget", Made.REMOVAL), now=steps.now()
        )
        _print_person(found)
        require_erased(settings, removals)
    say(
        N_("Removed from {count} editions. The sums of units are as before."),
        count=len(found.editions),
    )
    _note_still_listed(settings, found.person)
    note(
        N_(
            "Reports, packs, exports and mails made before, and copies of the store, still have the"
            " person: they are files of yours to delete."
        )
    )


def end_earlier(removals: "Removals") -> None:
    """Ends a removal that was stopped before its traces were gone from the file."""
    if removals.is_unerased():
        note(N_("A removal was stopped before the file was rewritten: that is done now."))
        removals.erase()


def require_erased(settings: "Settings", removals: "Removals") -> None:
    """Rewrites the file. Raises StoreError where another process still reads it as it was."""
    if not removals.erase():
        raise StoreError(
            N_(
                "The removal is made, but another program reads {file}, whose bytes still have what"
                " was removed."
            ),
            N_(
                "End that program; the next mailaudit that writes the store, such as collect, ends"
                " the removal."
            ),
            file=settings.store.file,
        )


def all_days(settings: "Settings") -> WorkCalendar:
    """The working days of every stored month."""
    last = first = steps.last_over(settings)
    with steps.opened_store(settings) as store:
        for edition in store.editions(settings.organisation.timezone):
            first, last = min(first, edition.period, key=str), max(last, edition.period, key=str)
        days = steps.calendar(settings, last, first)
        steps.require_calendar_units(settings, days, store)
    return days


def _print_person(found: "OfPerson") -> None:
    person, gettext = found.person, current_language().gettext
    say(
        N_("Person: {addresses}; staff code: {code}"),
        addresses=", ".join(person.addresses) or "–",
        code=person.code or "–",
    )
    for one in found.editions:
        parts = [gettext(N_("on the staff list"))] if one.is_listed else []
        for number, text in (
            (one.heads, N_("head of units: {count}")),
            (one.corrections, N_("corrections: {count}")),
        ):
            if number:
                parts.append(gettext(text).format(count=current_language().number(number)))
        say(
            N_("{period}, edition {edition}, {state}: {parts}"),
            period=one.period,
            edition=str(one.edition),
            state=gettext(N_("sealed") if one.is_sealed else N_("not sealed")),
            parts="; ".join(parts),
        )
    if found.mails:
        say(N_("Mails to this person that are noted: {count}"), count=found.mails)


def _note_still_listed(settings: "Settings", person: Person) -> None:
    """Says where today's lists would bring the person back."""
    from mailaudit.roster import read_roster

    listed = settings.roster
    try:
        layout = listed.layout(settings.organisation.domains)
        running = steps.last_over(settings).shifted(1)
        roster, _ = read_roster(listed.file, listed.units, running, layout=layout)
    except MailauditError as error:
        note(
            N_("Whether the lists of today have the person is not known: {why}"),
            why=error.text(current_language().gettext),
        )
        return
    addresses = set(person.addresses)
    if any(
        addresses & {one.mailbox, *one.aliases} or (person.code and one.key == person.code)
        for one in roster.staff
    ):
        note(
            N_(
                "The person is on the staff list {file}: the next run collects them again. Take the"
                " row out, or forget them again after each run."
            ),
            file=", ".join(map(str, listed.file)),
        )
    if any(unit.head_address in addresses for unit in roster.units):
        note(
            N_(
                "The person is a head on the unit list {file}: the next run stores name and address"
                " again. Name somebody else there."
            ),
            file=listed.units or "",
        )
    delivery = settings.delivery
    if delivery is not None and addresses & set(delivery.board):
        note(N_("The person is on delivery.board in the configuration, and gets further mails."))
    if settings.notify is not None and addresses & set(settings.notify.to):
        note(
            N_(
                "The person is in notify.to in the configuration, and in the file that --notify"
                " keeps beside it: take the address out of both."
            )
        )
