"""Which units are lines of a report."""

import pytest

from mailaudit.metrics.lines import line_units
from mailaudit.model.roster import Unit

WITHIN = Unit("W", "W", "G")
PARTS = (Unit("P", "P", "G", "W"), Unit("Q", "Q", "G", "W"), Unit("B", "B", "G", "P"))


@pytest.mark.parametrize(
    ("units", "occupied", "lines"),
    [
        ((WITHIN, *PARTS), ("W", "P", "Q"), "WPQ"),
        ((WITHIN, *PARTS), ("P", "Q"), "PQ"),
        ((WITHIN, PARTS[0]), ("P",), "P"),
        ((WITHIN, PARTS[0]), ("W", "P"), "WP"),
        ((WITHIN,), (), "W"),
    ],
)
def test_reported_unit_is_a_line_for_its_own_people(
    units: tuple[Unit, ...], occupied: tuple[str, ...], lines: str
) -> None:
    """Beside the units directly below it, or where there are none."""
    found = line_units((*units, Unit("X", "X", "G")), occupied, "W")
    assert "".join(unit.code for unit in found) == lines
