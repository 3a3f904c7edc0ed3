"""What is said of the units of few people, which are in no group."""

from mailaudit.locale import Language
from mailaudit.model.rules import Rules
from mailaudit.model.wording import readable
from mailaudit.publication.values import Publication


def few_label(publication: Publication, language: Language) -> str:
    """What their line is called."""
    return language.gettext("Units with few people ({number} units)").format(
        number=language.number(len(publication.few))
    )


def few_notes(publication: Publication, rules: Rules, language: Language) -> tuple[str, ...]:
    """Which they are, and where they count."""
    if not publication.few:
        return ()
    _ = language.gettext
    names = "; ".join(readable(unit.name) for unit in publication.few)
    least = _(
        "Fewer than {least} people (but somebody) are listed, in scope, judged or measured there;"
        " such units have no rank."
    ).format(least=rules.min_published)
    return (f"{few_label(publication, language)}: {names}.", least)


def official_text(publication: Publication, rules: Rules, language: Language) -> str:
    """Which figures of the whole are the official ones; "" where there is no choice."""
    if not publication.few:
        return ""
    _, few = language.gettext, language.number(len(publication.few))
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
