"""Holds a list of corrections against the staff list of the month it corrects."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from mailaudit.errors import N_
from mailaudit.model.codes import similar_codes
from mailaudit.model.corrected import correct, place_of, places_by_name
from mailaudit.model.correction import AppliedCorrection, Correction, CorrectionKind, Misfit
from mailaudit.model.roster import Problem, Roster
from mailaudit.model.rules import Rules
from mailaudit.model.wording import folded
from mailaudit.roster.corrections import ListedCorrection
from mailaudit.roster.errors import BadCell, RosterFaults
from mailaudit.roster.units import UnitBook

_NEAR = 3  # people named who may be meant
_LOOKED_UP = 5  # unknown people for whom near ones are looked up; it takes time on a long list
_USUAL_LEAVING = "thôi việc"
_STATUS = N_('no rule names the status "{text}"; write one of: {words}')
_CATEGORY = N_('no rule names the category "{text}"; write one of: {words}')
_Resolved = tuple[ListedCorrection, Correction]  # as listed, and with its value as it is stored


@dataclass(frozen=True, slots=True)
class CheckedCorrections:
    """The corrections of one month.

    Attributes:
        new: Those to make.
        made: Those the month has already.
    """

    new: tuple[Correction, ...]
    made: tuple[AppliedCorrection, ...]


def check_corrections(
    file: Path,
    listed: Sequence[ListedCorrection],
    roster: Roster,
    made: Sequence[AppliedCorrection],
    rules: Rules,
) -> CheckedCorrections:
    """What of a list of corrections is still to be made to a month.

    Args:
        listed: Of that month.
        roster: The month's newest, with the corrections `made`.

    Raises:
        RosterFaults: Rows do not fit the month's staff list, contradict each other, or change
            nothing.
    """
    # A row that a later list took back is made once more, where that list's is not among these.
    check = _Check(roster, rules)
    known = {_unplaced(one.correction): one for one in made}  # the last of equal ones
    new: list[_Resolved] = []
    again: list[AppliedCorrection] = []
    resolved = [(one, found) for one in listed if (found := check.resolved(one)) is not None]
    named = {_unplaced(correction) for _, correction in resolved}
    for one, correction in resolved:
        before = known.get(_unplaced(correction))
        if before is None or _is_undone(before, known, named, roster):
            new.append((one, correction))
        else:
            again.append(before)
    check.together(new)
    if check.faults:
        order = {one.correction.row: number for number, one in enumerate(listed)}
        raise RosterFaults(file, sorted(check.faults, key=lambda fault: order[fault.row]))
    return CheckedCorrections(tuple(correction for _, correction in new), tuple(again))


class _Check:
    """Checks corrections against a Roster.

    Attributes:
        faults: What was found, a fault a row at most.
    """

    def __init__(self, roster: Roster, rules: Rules) -> None:
        self.faults: list[Problem] = []
        self._roster, self._rules = roster, rules
        self._book, self._places = UnitBook(roster.units), places_by_name(roster.staff)
        self._looked_up = 0

    def resolved(self, one: ListedCorrection) -> Correction | None:
        """The correction with its value as staff lists have it; None where that is a fault."""
        correction = one.correction
        match correction.kind:
            case CorrectionKind.UNIT:
                return self._with_unit(one)
            case CorrectionKind.STATUS:
                rules = self._rules
                words = (
                    rules.excluded_statuses
                    | rules.joined_statuses
                    | rules.left_statuses
                    | rules.in_scope_statuses
                )
                return self._with_word(one, words, _STATUS)
            case CorrectionKind.LEFT if not correction.value:
                words = self._rules.left_statuses
                usual = _USUAL_LEAVING if _USUAL_LEAVING in words else min(words, default="")
                return self._with_word(_with_value(one, usual), words, _STATUS)
            case CorrectionKind.LEFT:
                return self._with_word(one, self._rules.left_statuses, _STATUS)
            case CorrectionKind.CATEGORY:
                words = self._rules.exempt_categories | self._rules.in_scope_categories
                return self._with_word(one, words, _CATEGORY)
            case _:
                return correction

    def together(self, new: Sequence[_Resolved]) -> None:
        """Checks the corrections that are to be made against the staff list and each other."""
        said: dict[int, list[Correction]] = {}
        fitting: list[_Resolved] = []
        for one, correction in new:
            place = self._place(correction)
            before = [] if place is None else said.setdefault(place, [])
            other = next((each for each in before if _contradict(each, correction)), None)
            if other is None:
                before.append(correction)
                fitting.append((one, correction))
            else:
                self.faults.append(_contradiction(one, correction, other))
        corrected = correct(self._roster, [correction for _, correction in fitting])
        for number, misfit in corrected.misfits.items():
            self.faults.append(self._misfit(*fitting[number], misfit, fitting))

    def _with_unit(self, one: ListedCorrection) -> Correction | None:
        value = one.correction.value
        try:
            return replace(one.correction, value=self._book.code(value))
        except BadCell as fault:
            self.faults.append(self._unknown_unit(one, fault))
            return None

    def _unknown_unit(self, one: ListedCorrection, fault: BadCell) -> Problem:
        found, code = dict(fault.values), one.correction.value
        if "codes" in found:  # several units have that name
            return one.fault("value", fault.message, **found)
        close = similar_codes(code, {unit.code: unit.name for unit in self._roster.units})
        message = N_('the month has no unit "{code}"')
        if close:
            message = N_('the month has no unit "{code}"; did you mean {close}?')
        return one.fault("value", message, code=code, close=close)

    def _with_word(
        self, one: ListedCorrection, words: Iterable[str], message: str
    ) -> Correction | None:
        """The correction, where its value is a word that the rules know."""
        known = sorted(words)
        if folded(one.correction.value) in known:
            return one.correction
        text, names = one.correction.value, ", ".join(known)
        self.faults.append(one.fault("value", message, text=text, words=names))
        return None

    def _place(self, correction: Correction) -> int | None:
        return place_of(self._places, correction.person)

    def _misfit(
        self,
        one: ListedCorrection,
        correction: Correction,
        misfit: Misfit,
        new: Sequence[_Resolved],
    ) -> Problem:
        person = correction.person
        if misfit is Misfit.UNKNOWN_PERSON:
            close = self._near(person)
            message = N_('"{person}" is nobody on the staff list of the month')
            if close:
                message = N_(
                    '"{person}" is nobody on the staff list of the month; did you mean {close}?'
                )
            return one.fault("person", message, person=person, close=close)
        if misfit is Misfit.TAKEN_MAILBOX:
            message = N_('"{mailbox}" is the mailbox of another person: {row}')
            owner = self._owner(correction, new)
            return one.fault("value", message, mailbox=correction.value, row=owner)
        message = N_('the staff list says so of "{person}" already: the row changes nothing')
        return one.fault("value", message, person=person)

    def _near(self, person: str) -> str:
        """The people most like the one named, by code or address."""
        self._looked_up += 1
        if self._looked_up > _LOOKED_UP:
            return ""
        is_address = "@" in person
        names = [each.mailbox if is_address else each.key for each in self._roster.staff]
        close = get_close_matches(person, [name for name in names if name], n=_NEAR)
        return ", ".join(close)

    def _owner(self, correction: Correction, new: Sequence[_Resolved]) -> str:
        """The row that says whose mailbox it is: of the staff list, else of this list."""
        own, mailbox = self._place(correction), correction.value
        for place, person in enumerate(self._roster.staff):
            if place != own and mailbox in (person.key, person.mailbox, *person.aliases):
                return person.row
        return next(
            other.row for _, other in new if other is not correction and other.value == mailbox
        )


def _unplaced(correction: Correction) -> Correction:
    """The correction wherever it stands."""
    return replace(correction, row="")


def _is_undone(
    before: AppliedCorrection,
    known: Mapping[Correction, AppliedCorrection],
    named: set[Correction],
    roster: Roster,
) -> bool:
    """Whether a later correction took it back, which is not in the list: it is meant once more.

    Args:
        named: All of the list.
    """
    one = before.correction
    if correct(roster, [one]).misfits:
        return False  # nothing to do, or nobody to do it to
    places = places_by_name(roster.staff)
    names = {one.person, one.value} if one.kind is CorrectionKind.MAILBOX else {one.person}

    def is_same_person(other: Correction) -> bool:
        place = place_of(places, other.person)
        return other.person in names or place == place_of(places, one.person) is not None

    later = [
        key
        for key, made in known.items()
        if made.edition > before.edition and _contradict(one, key) and is_same_person(key)
    ]
    return bool(later) and named.isdisjoint(later)


def _contradict(one: Correction, other: Correction) -> bool:
    """Whether two corrections of one person are about the same, or one says there is nobody."""
    gone = CorrectionKind.NOT_STAFF
    return one.kind.about == other.kind.about or gone in (one.kind, other.kind)


def _contradiction(one: ListedCorrection, correction: Correction, other: Correction) -> Problem:
    same = replace(other, row="", person="") == replace(correction, row="", person="")
    if same:
        return one.fault("person", N_("the row repeats {first}"), first=other.row)
    message = N_("{first} says something else of the same person")
    return one.fault("person", message, first=other.row)


def _with_value(one: ListedCorrection, value: str) -> ListedCorrection:
    return replace(one, correction=replace(one.correction, value=value))
