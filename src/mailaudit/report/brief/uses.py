"""How people use their mailboxes: the bar of the card, on light paper."""

from collections.abc import Iterator, Mapping, Sequence

from mailaudit.locale import Language
from mailaudit.model.use import Use
from mailaudit.report.tables import UsePart
from mailaudit.report.value import Report

LEAST_LABELLED = 0.07  # of all in scope: a smaller part has no room for its number
DARK, LIGHT = "#14233a", "#ffffff"
_FILLS: Mapping[Use, tuple[str, str]] = {
    Use.REGULAR: ("#0b4f8a", LIGHT),
    Use.UNREAD: ("#5a9fd0", DARK),
    Use.FEW_DAYS: ("#a9cfea", DARK),
    Use.SENDS: ("#82b8dd", DARK),
    Use.ONLY_READ: ("#f5dfb0", DARK),
    Use.UNUSED: ("#e6a24a", DARK),
    Use.SENT_NOTHING: ("#efc783", DARK),
    Use.NOT_PROVIDED: ("#9a3b00", LIGHT),
    Use.UNMEASURED: ("", DARK),  # hatched
}


def use_bar(report: Report, spoken: Language) -> object:
    """What the template prints of the whole; no parts where nothing of it is for the reader."""
    whole = report.uses[0] if report.uses else None
    title = spoken.gettext("Why {number} people are not in regular use")
    irregular = whole.judged - whole.regular if whole is not None else 0
    return {
        "title": title.format(number=spoken.number(irregular)),
        "parts": list(_parts(whole.parts, spoken)) if whole is not None else [],
    }


def _parts(parts: Sequence[UsePart], spoken: Language) -> Iterator[object]:
    people = sum(part.people for part in parts)
    for part in parts:
        fill, ink = _FILLS[Use(part.key)]
        yield {
            "name": part.label,
            "people": part.people,
            "number": spoken.number(part.people),
            "label": part.key != Use.UNMEASURED and part.people >= LEAST_LABELLED * people,
            "fill": fill,
            "ink": ink,
        }
