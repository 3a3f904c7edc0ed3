"""Restrictions: which items or folders a find operation wants.

A comparison with a property a row does not have is false, and Not turns it true, as in the
store behind Exchange. Times compare as instants, to the fraction of a second.
"""

import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from mailaudit.demo.ews.clock import first_second_after, first_second_from
from mailaudit.demo.ews.properties import Paths, Property, Value
from mailaudit.demo.ews.schema import Element, ResponseError, attribute, local, violation

Row = TypeVar("Row")
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "IsEqualTo": operator.eq,
    "IsNotEqualTo": operator.ne,
    "IsGreaterThan": operator.gt,
    "IsGreaterThanOrEqualTo": operator.ge,
    "IsLessThan": operator.lt,
    "IsLessThanOrEqualTo": operator.le,
}
_PATHS = ("FieldURI", "IndexedFieldURI", "ExtendedFieldURI")
_MODES: dict[str, Callable[[str, str], bool]] = {
    "FullString": operator.eq,
    "Prefixed": str.startswith,
    "Substring": operator.contains,
    "PrefixOnWords": lambda text, part: any(word.startswith(part) for word in text.split()),
    "ExactPhrase": operator.contains,
}
_COMPARED = ("Exact", "IgnoreCase", "IgnoreNonSpacingCharacters", "Loose")


@dataclass(frozen=True, slots=True)
class Condition(Generic[Row]):
    """What a row must satisfy.

    Attributes:
        test: Decides about one row; None when the bounds say all.
        arrived_from: Only rows received at or after this second.
        arrived_before: Only rows received before this second.
    """

    test: Callable[[Row], bool] | None = None
    arrived_from: float = -math.inf
    arrived_before: float = math.inf

    def holds(self, arrival: Callable[[Row], int]) -> Callable[[Row], bool]:
        """The whole condition as one test, `arrival` giving a row's time received."""
        test, low, high = self.test, self.arrived_from, self.arrived_before
        if low == -math.inf and high == math.inf:
            return test or (lambda row: True)
        if test is None:
            return lambda row: low <= arrival(row) < high
        return lambda row: low <= arrival(row) < high and test(row)


class RestrictionReader(Generic[Row]):
    """Compiles the restrictions of one request.

    Args:
        arrival: A row's time received; for rows that have none, anything.
    """

    def __init__(self, paths: Paths[Row], arrival: Callable[[Row], int]) -> None:
        self._paths = paths
        self._arrival = arrival

    def read(self, restriction: Element | None) -> Condition[Row]:
        """The condition in a Restriction element. Raises Fault, ResponseError."""
        if restriction is None:
            return Condition()
        if len(restriction) != 1:
            raise violation(restriction, "The element 'Restriction' has incomplete content.")
        return self._expression(restriction[0])

    def _expression(self, element: Element) -> Condition[Row]:
        kind = local(element)
        if kind in _COMPARISONS:
            return self._comparison(element, kind)
        if kind == "And":
            return self._all(self._several(element))
        if kind == "Or":
            tests = [part.holds(self._arrival) for part in self._several(element)]
            return Condition(lambda row: any(test(row) for test in tests))
        if kind == "Not":
            self._expect(element, 1)
            inside = self._expression(element[0]).holds(self._arrival)
            return Condition(lambda row: not inside(row))
        if kind == "Exists":
            self._expect(element, 1)
            value = self._property(element[0]).value
            return Condition(lambda row: value(row) is not None)
        if kind == "Contains":
            return self._contains(element)
        if kind == "Excludes":
            raise invalid("The restriction or sort order is too complex for this operation.")
        raise violation(element, f"The element '{kind}' is not a search expression.")

    def _several(self, element: Element) -> list[Condition[Row]]:
        if len(element) < 2:
            raise violation(element, f"The element '{local(element)}' has incomplete content.")
        return [self._expression(child) for child in element]

    def _all(self, parts: Sequence[Condition[Row]]) -> Condition[Row]:
        """And: bounds on the time received are joined, so that a range can be cut out."""
        tests = [part.test for part in parts if part.test is not None]
        return Condition(
            (lambda row: all(test(row) for test in tests)) if tests else None,
            max(part.arrived_from for part in parts),
            min(part.arrived_before for part in parts),
        )

    def _comparison(self, element: Element, kind: str) -> Condition[Row]:
        self._expect(element, 2)
        field = self._property(element[0])
        if local(element[1]) != "FieldURIOrConstant" or len(element[1]) != 1:
            raise violation(element, f"The element '{kind}' has invalid content.")
        other, compare, value = element[1][0], _COMPARISONS[kind], field.value
        if local(other) in _PATHS:
            second = self._property(other).value
            return Condition(lambda row: _compared(compare, value(row), second(row)))
        constant = _constant(other, field)
        if field.is_arrival and kind in _BOUNDS:
            low, high = _BOUNDS[kind](constant)
            return Condition(None, low, high)
        if isinstance(constant, str):
            constant = constant.casefold()
            return Condition(
                lambda row: (v := value(row)) is not None and compare(v.casefold(), constant)
            )
        return Condition(lambda row: _compared(compare, value(row), constant))

    def _contains(self, element: Element) -> Condition[Row]:
        self._expect(element, 2)
        value = self._property(element[0]).value
        mode = _MODES.get(element.get("ContainmentMode", "FullString"))
        ignoring = element.get("ContainmentComparison", "Exact")
        if mode is None or not ignoring.startswith(_COMPARED):
            raise violation(element, "The attribute of 'Contains' is invalid.")
        fold = str if ignoring == "Exact" else str.casefold
        part = fold(attribute(element[1], "Value"))
        return Condition(lambda row: isinstance(v := value(row), str) and mode(fold(v), part))

    def _property(self, path: Element) -> Property[Row]:
        """The property of a path. Raises ResponseError when these rows never have it."""
        if local(path) not in _PATHS:
            raise violation(path, f"The element '{local(path)}' is not a path.")
        found = self._paths.find(path)
        if found is not None and found.is_searchable:
            return found
        if local(path) == "ExtendedFieldURI":
            return Property(0, lambda row: None, str, lambda rows, address: [""] * len(rows))
        raise invalid("The property can not be used with this type of restriction.")

    @staticmethod
    def _expect(element: Element, count: int) -> None:
        if len(element) != count:
            raise violation(element, f"The element '{local(element)}' has invalid content.")


_BOUNDS: dict[str, Callable[[float], tuple[float, float]]] = {
    "IsGreaterThan": lambda moment: (first_second_after(moment), math.inf),
    "IsGreaterThanOrEqualTo": lambda moment: (first_second_from(moment), math.inf),
    "IsLessThan": lambda moment: (-math.inf, first_second_from(moment)),
    "IsLessThanOrEqualTo": lambda moment: (-math.inf, first_second_after(moment)),
}


def _compared(compare: Callable[[Any, Any], bool], value: object, other: object) -> bool:
    """A comparison, false where either side is missing."""
    return value is not None and other is not None and compare(value, other)


def _constant(element: Element, field: Property[Row]) -> Value:
    """The value of a Constant. Raises ResponseError when it is not of the property's type."""
    if local(element) != "Constant":
        raise violation(element, f"The element '{local(element)}' is not a constant.")
    text = attribute(element, "Value")
    try:
        return field.parse(text)
    except ValueError:
        raise invalid("The value of a constant does not fit its property.") from None


def invalid(text: str) -> ResponseError:
    """The error of a restriction that is well formed and still can't be used."""
    return ResponseError("ErrorInvalidRestriction", text)
