"""People whose source does not know what their use is judged by."""

from dataclasses import replace
from fractions import Fraction

import pytest
from metrics_builders import a_person, a_snapshot, a_unit, an_activity, october, sent_on

from mailaudit.metrics.measure import measure
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.knowledge import EXCHANGE, Knowledge
from mailaudit.model.outcome import DayActivity, Reason
from mailaudit.model.rules import ANY_ACTIVITY, DEFINITIONS, SENT_ALONE, SENT_AND_READ, Rules
from mailaudit.model.snapshot import Snapshot, SourceInfo, joined
from mailaudit.model.usage import StaffState

DAYS = (
    *sent_on(*(october(day) for day in (5, 6, 7, 8))),
    DayActivity(october(9), received=6, read=6),
)
BLIND = EXCHANGE - {Knowledge.READ_FLAGS}


def a_province(knows: frozenset[Knowledge]) -> Snapshot:
    """Two people who do the same, one at a server that knows this and one at an Exchange."""
    staff = (a_person(), a_person())
    servers = ("logs", "exchange")
    done = [
        replace(an_activity(person.mailbox, *DAYS), server=server)
        for person, server in zip(staff, servers, strict=True)
    ]
    snapshot = a_snapshot([a_unit()], staff, done)
    parts = [
        SourceInfo("ews", f"{name}.tinh.gov.vn", "Exchange2016", "svc", name=name, knows=one)
        for name, one in zip(servers, (knows, EXCHANGE), strict=True)
    ]
    return replace(snapshot, source=joined(parts))


@pytest.mark.parametrize("definition", [SENT_AND_READ, ANY_ACTIVITY])
def test_unknown_is_neither_unused_nor_used(definition: str) -> None:
    """They are not measured, for a reason of their own, and leave the denominator of the rate."""
    found = measure(a_province(BLIND), WorkCalendar(), Rules(regular=definition))
    blind, seen = found.staff

    assert (blind.state, blind.reason) == (StaffState.UNMEASURED, Reason.UNKNOWN_TO_SOURCE)
    assert blind.detail == "read flags"
    assert not (blind.has_read or blind.has_sent or blind.regular)
    assert (seen.state, seen.regular) == (StaffState.MEASURED, True)
    counts = found.total
    assert (counts.in_scope, counts.unmeasured, counts.read, counts.regular) == (2, 1, 1, 1)
    assert counts.regular_share == 1
    assert (counts.lower_bound, counts.upper_bound) == (Fraction(1, 2), Fraction(1))
    assert counts.coverage == Fraction(1, 2)


def test_what_no_definition_needs_may_be_unknown() -> None:
    """Replies and senders decide nothing."""
    knows = frozenset({Knowledge.READ_FLAGS})
    found = measure(a_province(knows), WorkCalendar(), Rules())
    assert [one.regular for one in found.staff] == [True, True]


@pytest.mark.parametrize("knows", [frozenset(), BLIND, EXCHANGE])
def test_by_mail_sent_alone_everybody_is_judged(knows: frozenset[Knowledge]) -> None:
    """By any source; and nothing that was read is in a figure, whoever knows it."""
    found = measure(a_province(knows), WorkCalendar(), Rules(regular=SENT_ALONE))

    assert {one.state for one in found.staff} == {StaffState.MEASURED}
    assert [one.regular for one in found.staff] == [True, True]
    assert {one.has_read for one in found.staff} == {None}
    assert found.total.deeds == ("sent", "regular")
    assert (found.total.read, found.total.unmeasured) == (0, 0)


def test_definitions_that_count_reading_need_read_flags() -> None:
    """Of a new one that needs more, this says that `Rules.needs` has to say so."""
    needs = {name: Rules(regular=name).needs for name in DEFINITIONS}
    flags = frozenset({Knowledge.READ_FLAGS})
    assert needs == {SENT_AND_READ: flags, ANY_ACTIVITY: flags, SENT_ALONE: frozenset()}
