"""A month's staff list with corrections made to it, and the snapshot that comes of it.

What mailboxes did is taken over by address. One that nobody asked is Unmeasured, never unused.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from types import MappingProxyType

from mailaudit.model.correction import AppliedCorrection, Correction, CorrectionKind, Misfit
from mailaudit.model.outcome import Activity, Outcome, Reason, Unmeasured
from mailaudit.model.roster import Roster, Staff
from mailaudit.model.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Corrected:
    """A Roster with corrections made to it.

    Attributes:
        misfits: By the place of a correction that changed nothing, why.
    """

    roster: Roster
    misfits: dict[int, Misfit]


def correct(roster: Roster, corrections: Sequence[Correction]) -> Corrected:
    """Makes corrections to a Roster, all at once: each finds its person as listed before.

    Two people may so exchange their mailboxes, in any order. One that does not fit is left out.
    """
    places = places_by_name(roster.staff)
    codes = {unit.code for unit in roster.units}
    staff: list[Staff | None] = list(roster.staff)
    misfits: dict[int, Misfit] = {}
    moved: dict[int, int] = {}  # of people with another mailbox, by the correction's place
    for number, correction in enumerate(corrections):
        place = place_of(places, correction.person)
        person = None if place is None else staff[place]
        if place is None or person is None:
            misfits[number] = Misfit.UNKNOWN_PERSON
        elif correction.kind is CorrectionKind.UNIT and correction.value not in codes:
            misfits[number] = Misfit.UNKNOWN_UNIT
        elif correction.kind is CorrectionKind.NOT_STAFF:
            staff[place] = None
        elif (right := _righted(person, correction)) == person:
            misfits[number] = Misfit.NO_CHANGE
        else:
            staff[place] = right
            if correction.kind is CorrectionKind.MAILBOX:
                moved[number] = place
    misfits |= _without_taken(roster.staff, staff, moved)
    kept = tuple(person for person in staff if person is not None)
    return Corrected(replace(roster, staff=kept), misfits)


def place_of(places: Mapping[str, int], person: str) -> int | None:
    """Where somebody stands who is named by staff code, mailbox or other address."""
    return places.get(person, places.get(person.casefold()))


def places_by_name(staff: Sequence[Staff]) -> dict[str, int]:
    """The place of everybody by key, mailbox and aliases; a key goes before an alias."""
    found: dict[str, int] = {}
    for place, person in enumerate(staff):
        for name in (person.key, person.mailbox):
            if name is not None:
                found[name] = place
                found.setdefault(name.casefold(), place)
    for place, person in enumerate(staff):
        for alias in person.aliases:
            found.setdefault(alias, place)
    return found


def _righted(person: Staff, correction: Correction) -> Staff:
    """The person with one thing corrected."""
    value = correction.value
    match correction.kind:
        case CorrectionKind.CATEGORY:
            return replace(person, category=value)
        case CorrectionKind.JOB_TITLE:
            return replace(person, job_title=value)
        case CorrectionKind.UNIT:
            return replace(person, unit_code=value)
        case CorrectionKind.MAILBOX:
            return _with_mailbox(person, value or None)
        case _:
            since, until = correction.status_from, correction.status_to
            return replace(person, status=value, status_from=since, status_to=until)


def _with_mailbox(person: Staff, mailbox: str | None) -> Staff:
    """The person with another mailbox; whoever has no staff code is known by it from now on."""
    key = person.key
    if key in (person.mailbox, person.row):
        key = mailbox or person.row or key
    aliases = tuple(alias for alias in person.aliases if alias != mailbox)
    return replace(person, key=key, mailbox=mailbox, aliases=aliases)


def _without_taken(
    before: Sequence[Staff], staff: list[Staff | None], moved: dict[int, int]
) -> dict[int, Misfit]:
    """Takes mailboxes back that another person has, until nobody shares one."""
    misfits: dict[int, Misfit] = {}
    while True:
        owners: dict[str, set[int]] = {}
        for place, person in enumerate(staff):
            if person is not None:
                for name in {person.key, person.mailbox, *person.aliases} - {None}:
                    owners.setdefault(str(name), set()).add(place)
        taken = [
            number
            for number, place in moved.items()
            if (person := staff[place]) is not None
            and any(len(owners[name]) > 1 for name in (person.key, person.mailbox) if name)
        ]
        if not taken:
            return misfits
        for number in taken:
            place = moved.pop(number)
            changed, old = staff[place], before[place]
            if changed is not None:
                mailbox, aliases = old.mailbox, old.aliases
                staff[place] = replace(changed, key=old.key, mailbox=mailbox, aliases=aliases)
            misfits[number] = Misfit.TAKEN_MAILBOX


def correct_again(
    roster: Roster, made: Sequence[AppliedCorrection]
) -> tuple[Roster, tuple[AppliedCorrection, ...]]:
    """Makes the corrections of a month to another staff list of it, edition by edition.

    Returns:
        The Roster, and the same corrections, each with whether it fits. One that the new list
        needs no more, being right itself, fits.
    """
    again: list[AppliedCorrection] = []
    for _, batch in groupby(made, key=lambda one: one.edition):
        members = list(batch)
        corrected = correct(roster, [one.correction for one in members])
        again += [
            replace(one, fits=_fits(corrected.misfits.get(number), one.correction, roster))
            for number, one in enumerate(members)
        ]
        roster = corrected.roster
    return roster, tuple(again)


def _fits(misfit: Misfit | None, correction: Correction, roster: Roster) -> bool:
    if misfit is Misfit.UNKNOWN_PERSON:
        if correction.kind is CorrectionKind.MAILBOX:
            return bool(correction.value) and correction.value in roster.mailboxes()
        return correction.kind is CorrectionKind.NOT_STAFF
    return misfit in (None, Misfit.NO_CHANGE)


def corrected_snapshot(
    snapshot: Snapshot,
    corrections: Sequence[Correction],
    now: datetime,
    measured: Callable[[Sequence[str]], Mapping[str, Activity]],
) -> Snapshot:
    """The next edition of a sealed snapshot, as it will be sealed but for its digest.

    Args:
        measured: What earlier editions of the Period saw of mailboxes, where they were measured.

    Raises:
        ValueError: A correction does not fit.
    """
    corrected = correct(snapshot.roster, corrections)
    if corrected.misfits:
        raise ValueError(f"corrections that do not fit: {corrected.misfits}")
    edition = snapshot.edition + 1
    mailboxes = corrected.roster.mailboxes()
    known: dict[str, Outcome] = dict(snapshot.outcomes)
    known |= measured([mailbox for mailbox in mailboxes if mailbox not in known])
    outcomes = {
        mailbox: known.get(mailbox) or Unmeasured(mailbox, now, Reason.NOT_ASKED)
        for mailbox in mailboxes
    }
    return replace(
        snapshot,
        edition=edition,
        roster=corrected.roster,
        outcomes=MappingProxyType(outcomes),
        sealed_at=now,
        digest="",
        digest_version=2,
        corrections=(
            *snapshot.corrections,
            *(AppliedCorrection(each, edition) for each in corrections),
        ),
    )
