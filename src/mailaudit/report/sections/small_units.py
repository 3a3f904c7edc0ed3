"""What is said of the units that are in no group: those of few people, and those withheld."""

from mailaudit.locale import Language
from mailaudit.model.rules import Rules
from mailaudit.model.wording import readable
from mailaudit.publication.values import Publication
from mailaudit.report.words import short_period


def few_label(publication: Publication, language: Language) -> str:
    """What the line of those of few people is called; to who sees everything, that of all."""
    withheld = len(publication.withheld_here)
    if withheld and publication.few_standings:
        text = language.gettext("Units without figures for the public ({number} units)")
        return text.format(number=language.number(len(publication.few)))
    return language.gettext("Units with few people ({number} units)").format(
        number=language.number(len(publication.few) - withheld)
    )


def few_notes(publication: Publication, rules: Rules, language: Language) -> tuple[str, ...]:
    """Which they are, and where they count."""
    small = [u for u in publication.few if u.code not in publication.withheld_here]
    if not small:
        return withheld_notes(publication, rules, language)
    _ = language.gettext
    names = "; ".join(readable(unit.name) for unit in small)
    least = _(
        "Fewer than {least} people (but somebody) are listed, in scope, judged or measured there;"
        " such units have no rank."
    ).format(least=rules.min_published)
    notes = f"{few_label(publication, language)}: {names}.", least
    return (*notes, *withheld_notes(publication, rules, language))


def withheld_notes(publication: Publication, rules: Rules, language: Language) -> tuple[str, ...]:
    """Which units have no figures because of other periods, beside which, and why."""
    names = {unit.code: readable(unit.name) for unit in publication.few}
    text = language.gettext(
        "{unit}: its figures are not published here, and are in no sum; sums without it are not"
        " compared with the period before. Beside the reports already published of {periods} its"
        " figures would show what fewer than {least} people did."
    )
    return tuple(
        text.format(
            unit=names[code],
            periods=", ".join(short_period(period, language) for period in beside),
            least=rules.min_published,
        )
        for code, beside in publication.withheld_here.items()
        if code in names
    )


def official_text(publication: Publication, rules: Rules, language: Language) -> str:
    """Which figures of the whole are the official ones; "" where there is no choice."""
    small = len(publication.few) - len(withheld_notes(publication, rules, language))
    if not small:
        return ""
    _, few = language.gettext, language.number(small)
    shown = language.number(sum(1 for _each in publication.standings()))
    if publication.few_total is not None:
        sentence = _(
            "The official figures of the whole are those of {shown} units with figures of their"
            " own and of the line “{line}” together."
        )
    else:
        sentence = _(
            "The official figures of the whole are those of {shown} units with figures of their"
            " own; {few} units with fewer than {least} people are in no sum."
        )
    line = few_label(publication, language)
    return sentence.format(shown=shown, line=line, few=few, least=rules.min_published)
