"""Removing the people of old months: which months, what of them goes, and what stays."""

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from mailaudit.cli import steps
from mailaudit.cli.answers import remove_all_answers
from mailaudit.cli.console import current_language, note, say
from mailaudit.cli.removing import all_days, end_earlier, require_erased
from mailaudit.cli.run_record import run_now
from mailaudit.errors import N_, ConfigurationError
from mailaudit.model.period import Period
from mailaudit.model.run_record import Made

if TYPE_CHECKING:
    from mailaudit.settings import Settings
    from mailaudit.store import Older


def show_months(settings: "Settings") -> None:
    """Prints what would be removed, and how."""
    from mailaudit.store import Removals

    oldest_kept = _oldest_kept(settings)
    found = Removals(settings.store.file).older(oldest_kept)
    if _print_older(found, oldest_kept):
        note(
            N_(
                "The sums of units stay, by the rules and the calendar of today: as soon as these"
                " change, the months can't be compared with others any more."
            )
        )
        note(N_("Nothing was changed. To remove these people: mailaudit prune{options} --apply"))


def prune_months(settings: "Settings") -> None:
    """Removes the people of months older than is to be kept.

    Raises:
        StoreError: What was removed still stands in the file, which another process reads.
    """
    from mailaudit import audit
    from mailaudit.store import Removals

    oldest_kept = _oldest_kept(settings)
    sum_up = audit.summing(all_days(settings), settings.rules)
    remove_all_answers(settings, before=oldest_kept)
    with closing(Removals(settings.store.file)) as removals:
        end_earlier(removals)
        run_of = partial(run_now, "prune", Made.REMOVAL)
        found = removals.prune(oldest_kept, sum_up, run_of, _note_edition, now=steps.now())
        if not _print_older(found, oldest_kept):
            return
        require_erased(settings, removals)
    say(
        N_("Removed from {count} editions. The sums of units are kept."),
        count=len(found.editions),
    )
    note(
        N_(
            "Reports, packs, exports and mails of these months, and copies of the store, still have"
            " these people: they are files of yours to delete."
        )
    )


def _oldest_kept(settings: "Settings") -> Period:
    """The oldest month whose people stay.

    In November 2026, with 12 months kept, November 2025 to October 2026 stay.

    Raises:
        ConfigurationError: Nothing says how long they are kept.
    """
    months = settings.retention.months
    if months is None:
        raise ConfigurationError(
            N_("retention.months is not set in {file}: the people of all months are kept."),
            N_("Set it to the number of months after which they are to go."),
            file=settings.file,
        )
    return steps.last_over(settings).shifted(1 - months)


def _note_edition(period: str, edition: int) -> None:
    note(N_("{period}, edition {edition}: summing up …"), period=period, edition=str(edition))


def _print_older(found: "Older", oldest_kept: Period) -> bool:
    """Prints what is of people in older months; whether there is anything."""
    if not found.editions and not found.mails:
        say(
            N_("Nothing to remove: the store has no people of months before {period}."),
            period=oldest_kept,
        )
        return False
    say(N_("Months before {period}:"), period=oldest_kept)
    gettext = current_language().gettext
    for one in found.editions:
        say(
            N_(
                "{period}, edition {edition}: people: {people}; heads of units: {heads};"
                " corrections: {corrections}{rest}"
            ),
            period=one.period,
            edition=str(one.edition),
            people=one.people,
            heads=one.heads,
            corrections=one.corrections,
            rest="" if one.is_complete else gettext(N_("; not finished: goes whole")),
        )
    if found.mails:
        say(N_("Mails of which the recipient is noted: {count}"), count=found.mails)
    return True
