"""The headline: the rate, how sure it is, coverage and change, and the funnel behind it."""

from dataclasses import replace
from fractions import Fraction

from mailaudit.locale import Language
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts, share_of
from mailaudit.publication.values import Publication
from mailaudit.report.results import share_change
from mailaudit.report.sections.counts import (
    CHANGE,
    COVERAGE,
    REGULAR_SHARE,
    change_tone,
    formulas_of,
    rate_value,
)
from mailaudit.report.sections.kinds import KindSums, by_kind
from mailaudit.report.sections.results import met_by
from mailaudit.report.tables import Kind, Tone
from mailaudit.report.value import Figure, Step
from mailaudit.report.words import threshold


def headline(publication: Publication, rules: Rules, language: Language) -> tuple[Figure, ...]:
    """R, how sure it is, coverage, change, and how many units meet the target.

    Of a whole that sources of several kinds measured, R of each kind instead of one.
    """
    total, previous = publication.total, publication.previous_total
    if total is None:
        return ()
    if kinds := by_kind(publication):
        return (
            *(_kind_figure(one, rules, language) for one in kinds),
            coverage_figure(total, language),
            _met_figure(publication, rules, language),
        )
    return (
        rate_figure(total, rules, language, has_mail=publication.has_mail),
        doubt_figure(total, language, has_mail=publication.has_mail),
        coverage_figure(total, language),
        _change_figure(total, previous, language),
        _met_figure(publication, rules, language),
        *_everyone_figure(publication, rules, language),
    )


def rate_figure(counts: Counts, rules: Rules, language: Language, *, has_mail: bool) -> Figure:
    """R beside the target; no R where nobody at all had any mail."""
    _ = language.gettext
    sentence = _("{part} of {whole} staff in scope (those not measured left out); target {target}")
    if counts.is_mixed:
        sentence = _("measured by sources of several kinds: no rate of all together")
    elif not counts.tells_deeds:
        sentence = _("too little is known of how mailboxes are used; target {target}")
    elif counts.is_coarse:
        sentence = _("{whole} staff in scope (those not measured left out); target {target}")
    return Figure(
        "regular",
        _("Rate of regular use"),
        Kind.PERCENT,
        (rate_value(counts) if has_mail else None,),
        sentence.format(
            part=language.number(counts.regular),
            whole=language.number(counts.judged),
            target=threshold(rules.target, language),
        ),
        tone=Tone.GOOD if has_mail and counts.meets(rules.target) else Tone.PLAIN,
        formulas=formulas_of(REGULAR_SHARE),
    )


def _kind_figure(one: KindSums, rules: Rules, language: Language) -> Figure:
    """R of those whom one kind of source measured; the largest kind stands first, for the whole."""
    figure = rate_figure(one.counts, rules, language, has_mail=True)
    key = "regular" if one.is_largest else f"regular {one.name}"
    return replace(figure, key=key, label=f"{figure.label} · {one.name}", formulas=())


def _everyone_figure(
    publication: Publication, rules: Rules, language: Language
) -> tuple[Figure, ...]:
    """The rate of all units, beside the official one where that leaves some out."""
    _, everyone = language.gettext, publication.everyone
    if everyone is None or everyone == publication.total:
        return ()
    figure = rate_figure(everyone, rules, language, has_mail=publication.has_mail)
    label = _("All units, those with few people too; not for publication")
    return (replace(figure, key="everyone", label=label, tone=Tone.PLAIN, formulas=()),)


def doubt_figure(counts: Counts, language: Language, *, has_mail: bool) -> Figure:
    """How far the mailboxes not measured could move R: to both bounds, 30/48 to 30/50 and 32/50.

    A shift and no second rate. Nothing where nobody at all had any mail.
    """
    _ = language.gettext
    rate, bounds = counts.regular_share, (counts.lower_bound, counts.upper_bound)
    shifts: tuple[Fraction | None, ...] = (None,)
    if not has_mail:
        sentence = _("nobody had any mail in the whole period")
    elif counts.in_scope == 0:
        sentence = _("nobody is in scope")
    elif counts.unmeasured == 0:
        sentence = _("every mailbox was measured")
        shifts = (None if rate is None else Fraction(0),)
    else:
        if rate is not None:
            shifts = tuple(bound - rate for bound in bounds if bound is not None)
        sentence = (
            _("percentage points, if the one mailbox not measured was not / was in regular use")
            if counts.unmeasured == 1
            else _(
                "percentage points, if none / all of the {number} mailboxes not measured were in"
                " regular use"
            )
        ).format(number=language.number(counts.unmeasured))
    return Figure("doubt", _("Not measured: effect"), Kind.POINTS, shifts, sentence)


def coverage_figure(counts: Counts, language: Language) -> Figure:
    """How much of what should be measured was measured."""
    _ = language.gettext
    return Figure(
        "coverage",
        _("Coverage"),
        Kind.PERCENT,
        (counts.coverage,),
        _("{part} of {whole} mailboxes of people in scope were measured").format(
            part=language.number(counts.measured),
            whole=language.number(counts.provided),
        ),
        formulas=formulas_of(COVERAGE),
    )


def change_figure(change: Fraction | None, previous: Fraction | None, language: Language) -> Figure:
    """What moved since the month before."""
    _ = language.gettext
    if change is None:
        sentence = _("No previous period to compare with")
    else:
        sentence = _("percentage points; previous period {share}%").format(
            share=language.percent(previous)
        )
    return Figure(
        "change",
        _("Change from the previous period"),
        Kind.POINTS,
        (change,),
        sentence,
        tone=change_tone(change),
        formulas=formulas_of(CHANGE),
    )


def _change_figure(total: Counts, previous: Counts | None, language: Language) -> Figure:
    before = previous.regular_share if previous is not None else None
    return change_figure(share_change(total, previous), before, language)


def _met_figure(publication: Publication, rules: Rules, language: Language) -> Figure:
    _ = language.gettext
    ranked = sum(standing.rank is not None for standing in publication.standings())
    return Figure(
        "met",
        _("Units that met the target"),
        Kind.INTEGER,
        (met_by(publication.standings(), rules),),
        _("of {number} ranked units").format(number=language.number(ranked)),
    )


def funnel_steps(counts: Counts, rules: Rules, language: Language) -> tuple[Step, ...]:
    """From those in scope to those in regular use, a step each, as people and as share of D.

    Without what they did, where that is not known of all together, or not counted.
    """
    _ = language.gettext
    people = (
        ("in_scope", _("In scope"), counts.in_scope),
        ("provided", _("Provided with a mailbox"), counts.provided),
        *((("read", _("Accessed"), counts.read),) if rules.counts_reading else ()),
        ("sent", _("Sent mail"), counts.sent),
        ("regular", _("Regular use"), counts.regular),
    )[: None if counts.tells_deeds else 2]
    return tuple(
        Step(key, label, number, share_of(number, counts.in_scope)) for key, label, number in people
    )
