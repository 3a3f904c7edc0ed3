"""The staff list of the configuration, and what is odd in it: rows, words and mail domains."""

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.cli.console import current_language, note
from mailaudit.errors import N_
from mailaudit.model.correction import Correction
from mailaudit.model.domains import is_inside
from mailaudit.model.lineage import Lineage
from mailaudit.model.period import Period
from mailaudit.model.roster import Problem, Roster, Staff
from mailaudit.model.routing import no_server
from mailaudit.model.rules import Rules
from mailaudit.model.usage import WordKind
from mailaudit.model.wording import first_of

if TYPE_CHECKING:
    from mailaudit.settings import Settings

_log = logging.getLogger(__name__)
_PROBLEMS_SHOWN = 10
WORDS_SHOWN = 10
EXAMPLES_SHOWN = 3
_UNNAMED = {
    WordKind.CATEGORY: N_(
        '{count} people have the category "{word}", which no rule names: they count in scope.'
    ),
    WordKind.STATUS: N_(
        '{count} people have the status "{word}", which no rule names: they count in scope.'
    ),
}


def staff_list(
    settings: "Settings", period: Period, files: tuple[Path, ...] | None = None
) -> Roster:
    """The staff list of the Period; prints the first of what was odd in it.

    Args:
        files: Read instead of those the configuration names.
    """
    from mailaudit.roster import RosterFaults, read_roster, same_mailboxes

    listed = settings.roster
    files = listed.file if files is None else files
    layout = listed.layout(settings.organisation.domains)
    roster, problems = read_roster(files, listed.units, period, layout=layout)
    moved = Lineage(mail_domains=settings.organisation.renamed_domains)
    if faults := same_mailboxes(roster.staff, moved):
        raise RosterFaults(", ".join(map(str, files)), faults)
    if astray := settings.routing.astray(roster.staff):
        raise no_server(astray)
    _log.info(
        "staff list %s: %d entries, %d mailboxes",
        ", ".join(map(str, files)),
        len(roster.staff),
        len(roster.mailboxes()),
    )
    warn_of_no_category(roster.staff, note)
    note_problems(problems)
    warn_of_unnamed(roster.staff, settings.rules, note)
    return roster


def note_problems(problems: Sequence[Problem]) -> None:
    """Prints what was odd in a list, at most _PROBLEMS_SHOWN lines of it."""
    gettext = current_language().gettext
    for problem in problems[:_PROBLEMS_SHOWN]:
        note("{row}: {text}", row=problem.row, text=problem.text(gettext))
    if len(problems) > _PROBLEMS_SHOWN:
        note(
            N_("… and {count} more remarks on the staff list."),
            count=len(problems) - _PROBLEMS_SHOWN,
        )


def note_unfitting(corrections: Iterable[Correction]) -> None:
    """Names a month's corrections that its staff list has no place for any more."""
    for correction in corrections:
        if not correction.person:  # whoever it was of was removed
            continue
        note(
            N_(
                "The correction of {person} ({row}) does not fit today's staff list, and changes"
                " nothing: correct the list, or write a new correction."
            ),
            person=correction.person,
            row=correction.row,
        )


def warn_of_unnamed(staff: Sequence[Staff], rules: Rules, say: Callable[..., None]) -> None:
    """Says which categories and statuses take nobody out of scope for want of a rule.

    Args:
        say: Prints a message id with its values, as `console.note` does.
    """
    from mailaudit.metrics.near_words import near_word
    from mailaudit.metrics.scope import unnamed_words

    unnamed = unnamed_words(staff, rules)
    for found in unnamed[:WORDS_SHOWN]:
        say(_UNNAMED[found.kind], count=found.people, word=found.word)
        if near := near_word(found, rules):
            say(
                N_('  It looks like "{near}": if it means the same, add "{word}" to {key}.'),
                near=near.word,
                word=found.word,
                key=near.key,
            )
    if len(unnamed) > WORDS_SHOWN:
        say(
            N_("… and {count} more words that no rule names; the report lists them."),
            count=len(unnamed) - WORDS_SHOWN,
        )
    if unnamed:
        say(N_("Name them under [rules] of the configuration, or correct the staff list."))


def warn_of_no_category(staff: Sequence[Staff], say: Callable[..., None]) -> None:
    """Warns of lists in which nobody has a category: most likely its column was not found.

    Args:
        say: Prints a message id with its values, as `console.note` does.
    """
    categorised: dict[str, bool] = {}
    for person in staff:
        place = person.row.rpartition(":")[0]
        categorised[place] = categorised.get(place, False) or bool(person.category)
    lacking = [place for place, has_category in categorised.items() if not has_category]
    if not lacking:
        return
    say(
        N_(
            "WARNING: nobody in {places} has a category, so nobody there can be exempt by it: no"
            ' column was taken for it, or it is empty. Head the column "Loại", or name it in the'
            " configuration as roster.columns.category."
        ),
        places=first_of(lacking, EXAMPLES_SHOWN),
    )


def warn_of_outside(
    staff: Sequence[Staff], domains: Collection[str], say: Callable[..., None]
) -> None:
    """Says how many mailboxes are in none of the organisation's mail domains, with examples.

    Args:
        domains: The organisation's, those it had before too.
        say: Prints a message id with its values, as `console.note` does.
    """
    inside = frozenset(domains)
    outside = [
        f"{person.mailbox} ({person.row})"
        for person in staff
        if person.mailbox and not is_inside(person.mailbox.rpartition("@")[2], inside)
    ]
    if not outside:
        return
    say(
        N_("{count} mailboxes are outside the organisation's mail domains: {examples}."),
        count=len(outside),
        examples=first_of(outside, EXAMPLES_SHOWN),
    )
    say(
        N_(
            "Private mailboxes can't be measured: write the official ones, or add their domain to"
            " organisation.domains if it is the organisation's."
        )
    )
