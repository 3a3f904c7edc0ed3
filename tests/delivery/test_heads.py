"""Whose figures go to which head: of the same unit today, and of no other."""

from datetime import date

import pytest

from mailaudit.delivery.heads import Heads, heads_of
from mailaudit.delivery.plan import plan_delivery
from mailaudit.model.lineage import EventKind, UnitEvent
from mailaudit.model.roster import Unit

HEALTH = Unit("SYT", "Sở Y tế", "Sở", head_address="binh@x.vn")
TODAY = Unit("SYT", "sở y  tế", "Sở", head_address="moi@x.vn")
ETHNIC = Unit("SYT", "Sở Dân tộc và Tôn giáo", "Sở", head_address="cuong@x.vn")
FIRST = date(2026, 11, 1)


def renamed(*successors: str, kind: EventKind = EventKind.RENAMED) -> UnitEvent:
    return UnitEvent(FIRST, kind, ("SYT",), successors)


@pytest.mark.parametrize(
    ("then", "today", "events", "found", "other"),
    [
        ([HEALTH], [TODAY], [], TODAY, None),
        ([HEALTH], [], [], HEALTH, None),  # it is gone, and had this head
        ([], [], [], None, None),  # the list does not have it any more
        ([HEALTH], [ETHNIC], [], None, ETHNIC),
        ([ETHNIC], [], [], None, ETHNIC),
        ([HEALTH], [ETHNIC], [renamed("SYT")], ETHNIC, None),
        ([HEALTH], [ETHNIC], [renamed("X", kind=EventKind.MERGED)], None, ETHNIC),
        ([HEALTH], [ETHNIC], [renamed("X"), renamed("SYT")], None, ETHNIC),
    ],
)
def test_a_page_goes_to_the_head_of_the_same_unit(
    then: list[Unit],
    today: list[Unit],
    events: list[UnitEvent],
    found: Unit | None,
    other: Unit | None,
) -> None:
    """By name, or where an event says that the unit kept its code."""
    heads = heads_of([HEALTH], then, today, events)
    assert heads == Heads(
        {} if found is None else {"SYT": found}, {} if other is None else {"SYT": other}
    )
    plan = plan_delivery([HEALTH], heads, frozenset({"SYT"}), (), {})
    assert [one.address for one in plan.recipients] == ([found.head_address] if found else [])
    assert plan.others == ((HEALTH, other),) * (other is not None)
    assert plan.without_address == (HEALTH,) * (found is None and other is None)
