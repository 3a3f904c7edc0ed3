"""What is odd in a staff list beside the configuration: words and mail domains."""

from collections.abc import Callable, Collection, Sequence

from mailaudit.cli.console import current_language
from mailaudit.errors import N_
from mailaudit.model.domains import is_inside
from mailaudit.model.roster import Staff
from mailaudit.model.rules import Rules
from mailaudit.model.usage import WordKind

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


def tell_unnamed(staff: Sequence[Staff], rules: Rules, tell: Callable[..., None]) -> None:
    """Says which categories and statuses take nobody out of scope for want of a rule.

    Args:
        tell: Prints a message id with its values, as `console.note` does.
    """
    from mailaudit.metrics.near_words import near_word
    from mailaudit.metrics.scope import unnamed_words

    number = current_language().number
    unnamed = unnamed_words(staff, rules)
    for found in unnamed[:WORDS_SHOWN]:
        tell(_UNNAMED[found.kind], count=number(found.people), word=found.word)
        if near := near_word(found, rules):
            tell(
                N_('  It looks like "{near}": if it means the same, add "{word}" to {key}.'),
                near=near.word,
                word=found.word,
                key=near.key,
            )
    if len(unnamed) > WORDS_SHOWN:
        tell(
            N_("… and {count} more words that no rule names; the report lists them."),
            count=number(len(unnamed) - WORDS_SHOWN),
        )
    if unnamed:
        tell(N_("Name them under [rules] of the configuration, or correct the staff list."))


def tell_uncategorised(staff: Sequence[Staff], tell: Callable[..., None]) -> None:
    """Warns of lists in which nobody has a category: most likely its column was not found.

    Args:
        tell: Prints a message id with its values, as `console.note` does.
    """
    categorised: dict[str, bool] = {}
    for person in staff:
        place = person.row.rpartition(":")[0]
        categorised[place] = categorised.get(place, False) or bool(person.category)
    lacking = [place for place, has_category in categorised.items() if not has_category]
    if not lacking:
        return
    tell(
        N_(
            "WARNING: nobody in {places} has a category, so nobody there can be exempt by it: no"
            ' column was taken for it, or it is empty. Head the column "Loại", or name it in the'
            " configuration as roster.columns.category."
        ),
        places=", ".join(lacking[:EXAMPLES_SHOWN])
        + (", …" if len(lacking) > EXAMPLES_SHOWN else ""),
    )


def tell_outside(
    staff: Sequence[Staff], domains: Collection[str], tell: Callable[..., None]
) -> None:
    """Says how many mailboxes are in none of the organisation's mail domains, with examples.

    Args:
        domains: The organisation's, those it had before too.
        tell: Prints a message id with its values, as `console.note` does.
    """
    inside = frozenset(domains)
    outside = [
        person
        for person in staff
        if person.mailbox and not is_inside(person.mailbox.rpartition("@")[2], inside)
    ]
    if not outside:
        return
    tell(
        N_("{count} mailboxes are outside the organisation's mail domains: {examples}."),
        count=current_language().number(len(outside)),
        examples=", ".join(
            f"{person.mailbox} ({person.row})" for person in outside[:EXAMPLES_SHOWN]
        )
        + (", …" if len(outside) > EXAMPLES_SHOWN else ""),
    )
    tell(
        N_(
            "Private mailboxes can't be measured: write the official ones, or add their domain to"
            " organisation.domains if it is the organisation's."
        )
    )
