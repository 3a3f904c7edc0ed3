"""Why an edition replaces the one before: corrections of the staff list, as heads may read them.

A head learns that somebody is out of scope, not why: so kinds that decide it stand as one subject,
and reasons, which are free text, are not named.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mailaudit.errors import N_
from mailaudit.model.corrected import place_of, places_by_name
from mailaudit.model.correction import AppliedCorrection, CorrectionKind
from mailaudit.model.roster import Roster

_SCOPE = N_("who is listed and in scope")
_SUBJECTS: Mapping[CorrectionKind, str] = {
    CorrectionKind.UNIT: N_("unit"),
    CorrectionKind.MAILBOX: N_("mailbox"),
}


@dataclass(frozen=True, slots=True)
class CorrectedPerson:
    """Somebody of whom an edition corrected something.

    Attributes:
        place: On the staff list before, so that two corrections of one person count once.
        subject: What it is about, a message id.
        units: Codes of the units the person was and is in.
    """

    edition: int
    place: int
    subject: str
    units: frozenset[str]


def corrected_people(
    before: Roster, made: Iterable[AppliedCorrection]
) -> Iterator[CorrectedPerson]:
    """Whom the corrections of one edition are about; nobody of those that changed nothing.

    Args:
        before: The staff list that they were made to.
    """
    places = places_by_name(before.staff)
    for one in made:
        correction, place = one.correction, place_of(places, one.correction.person)
        if one.fits and place is not None:
            units = {before.staff[place].unit_code}
            if correction.kind is CorrectionKind.UNIT:
                units.add(correction.value)
            subject = _SUBJECTS.get(correction.kind, _SCOPE)
            yield CorrectedPerson(one.edition, place, subject, _with_parents(units, before))


def people_by_subject(
    found: Sequence[CorrectedPerson], units: Collection[str], since: int
) -> Mapping[str, int]:
    """How many people of some units were corrected in what, by editions after `since`."""
    people = {subject: set[tuple[int, int]]() for subject in (_SCOPE, *_SUBJECTS.values())}
    for one in found:
        if one.edition > since and not one.units.isdisjoint(units):
            people[one.subject].add((one.edition, one.place))
    return {subject: len(each) for subject, each in people.items() if each}


def _with_parents(codes: Iterable[str], roster: Roster) -> frozenset[str]:
    """The units and all above them: a person counts in the topmost, whose head reads of it."""
    parents = {unit.code: unit.parent for unit in roster.units}
    found: set[str] = set()
    for code in codes:
        at: str | None = code
        while at is not None and at not in found:
            found.add(at)
            at = parents.get(at)
    return frozenset(found)
