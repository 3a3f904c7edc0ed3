"""What is said of a second source in sentences: notices of reports, and what a reviewer is told."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import ceil

from mailaudit.locale import Language
from mailaudit.model.reconciliation import Reconciled, Reconciliation
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts
from mailaudit.report.words import short_period, threshold


def witness_notices(
    made: Iterable[Reconciled], rules: Rules, language: Language, *, sees_everything: bool
) -> Iterator[str]:
    """That a second source differs from the figures by more than the rules leave unsaid."""
    _ = language.gettext
    for one in made:
        if not one.differs_beyond(rules.max_witness_difference_share):
            continue
        values = {
            "month": short_period(one.period, language),
            "day": language.date(one.made_at.astimezone(one.period.tz).date()),
            "most": threshold(rules.max_witness_difference_share, language),
            "share": language.percent(one.seen.different_share),
            "name": one.name,
        }
        if sees_everything:
            text = _(
                "The second source {name} differs from the data of {month}: {share}% of the mails"
                " were seen by one of the two only, more than {most}; compared on {day}."
            )
        elif _shows_share(one, rules):
            text = _(
                "A second source differs from the data of {month}: {share}% of the mails were seen"
                " by one of the two only, more than {most}; compared on {day}."
            )
        else:
            text = _(
                "A second source differs from the data of {month}: more than {most} of the mails"
                " were seen by one of the two only; compared on {day}."
            )
        yield text.format_map(values)


def _shows_share(made: Reconciled, rules: Rules) -> bool:
    """Whether the share of mails that differ is not what few people did."""
    return made.mailboxes >= rules.min_published and not 0 < made.differing < rules.min_published


def reviewer_sentences(
    reconciliation: Reconciliation, rules: Rules, language: Language
) -> tuple[str, ...]:
    """What a reviewer is told: nothing of people, nothing that few of them did.

    How far the rate would move stands there in whole points, and only where a point of it stands
    for as many people as figures are published of; else beside the published rate it would tell
    who is regular by one source alone.
    """
    _, made, most = language.gettext, reconciliation.sums, rules.max_witness_difference_share
    seen, values = made.seen, {"most": threshold(most, language)}
    sentences = [
        _(
            "The data of {month}, edition {edition}, were held against a second source on {day}:"
            " mail sent and received by day, of {mailboxes} mailboxes that both measured."
        ).format(
            month=short_period(made.period, language),
            edition=made.edition,
            day=language.date(made.made_at.astimezone(made.period.tz).date()),
            mailboxes=_count(made.mailboxes, rules, language),
        )
    ]
    if seen.different_share is None:
        nothing = (
            _("Neither of them saw any mail: whether they agree can't be told.")
            if made.mailboxes
            else _("No mailbox was measured by both: whether they agree can't be told.")
        )
        return (*sentences, nothing)
    if _shows_share(made, rules):
        every = seen.both + seen.different
        sentences.append(
            _(
                "{both}% of the mails were seen by both, {stored}% only by the source of the data,"
                " {witness}% only by the second one."
            ).format(
                both=language.percent(Fraction(seen.both, every)),
                stored=language.percent(Fraction(seen.stored, every)),
                witness=language.percent(Fraction(seen.witness, every)),
            )
        )
    else:
        text = (
            _("They differ in fewer than {few} mailboxes, by more than {most} of the mails.")
            if made.differs_beyond(most)
            else _("They differ in fewer than {few} mailboxes, by at most {most} of the mails.")
        )
        sentences.append(text.format(few=rules.min_published, **values))
    sentences.append(_moved_sentence(reconciliation, rules, language))
    verdict = (
        _("That is more than the {most} up to which the two are taken to agree.")
        if made.differs_beyond(most)
        else _("The two agree: up to {most} of the mails may be seen by one of them only.")
    )
    return (*filter(None, sentences), verdict.format_map(values))


def _moved_sentence(reconciliation: Reconciliation, rules: Rules, language: Language) -> str:
    _ = language.gettext
    moved = _change(*reconciliation.total)
    judged = reconciliation.total[0].judged
    if moved is None or judged < 100 * rules.min_published:
        return ""
    points = ceil(abs(moved) * 100)
    if points <= 1:
        return _(
            "By the second source the rate of the whole would move by a percentage point at most."
        )
    return _(
        "By the second source the rate of the whole would move by {points} percentage points at"
        " most."
    ).format(points=points)


def _count(mailboxes: int, rules: Rules, language: Language) -> str:
    if 0 < mailboxes < rules.min_published:
        return language.gettext("fewer than {number}").format(number=rules.min_published)
    return language.number(mailboxes)


def _change(stored: Counts, witness: Counts) -> Fraction | None:
    then, now = stored.regular_share, witness.regular_share
    return None if then is None or now is None else now - then
