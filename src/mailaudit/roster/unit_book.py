"""Finds the unit that a cell of a staff list names."""

from collections.abc import Sequence

from mailaudit.errors import N_
from mailaudit.model.roster import Unit
from mailaudit.model.tones import with_tones_placed
from mailaudit.roster.faults import BadCell


class UnitBook:
    """Finds the unit a cell names: by code, else by a name that only one unit has.

    Args:
        units: The units there are, or None to accept any.
        listed: The codes of units of other times, to say so.
    """

    def __init__(self, units: Sequence[Unit] | None, listed: frozenset[str] = frozenset()) -> None:
        self._is_open = units is None
        self._listed = listed
        self._names: dict[str, str] = {}  # of units met, by code
        self._codes: dict[str, set[str]] = {}  # by what a cell may say, compared as one compares
        for unit in units or ():
            self._codes.setdefault(_compared(unit.code), set()).add(unit.code)
        for unit in units or ():
            self._codes.setdefault(_compared(unit.name), set()).add(unit.code)
        self._exact = {unit.code for unit in units or ()}

    def code(self, text: str, name: str = "") -> str:
        """The code of the unit that `text` names; `name` is what else its row says of it.

        Raises:
            BadCell: No unit is called so, or several are.
        """
        if text in self._exact:
            return text
        codes = self._codes.get(_compared(text), set())
        if len(codes) == 1:
            return next(iter(codes))
        if len(codes) > 1:
            raise BadCell(
                N_('"{text}" may be several units: {codes}; write the code'),
                text=text,
                codes=", ".join(sorted(codes)),
            )
        if not self._is_open:
            if text in self._listed:
                raise BadCell(
                    N_('the unit "{code}" is in the unit list, but not in force then'), code=text
                )
            raise BadCell(N_('the unit "{code}" is not in the unit list'), code=text)
        self._exact.add(text)
        self._codes[_compared(text)] = {text}
        self._names[text] = name or text
        return text

    def met(self, group: str) -> tuple[Unit, ...]:
        """The units met, in order of appearance; each with the first name it was given."""
        return tuple(Unit(code, name, group) for code, name in self._names.items())


def _compared(text: str) -> str:
    """Names and codes are compared without regard to case and the place of tone marks."""
    return with_tones_placed(text).casefold()
