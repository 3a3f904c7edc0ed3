"""People of the province who send mail for the audit's sake: found, and nobody else."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from mailaudit.demo.contrived import Contrived
from mailaudit.demo.ews.exchange import Exchange
from mailaudit.demo.ews.stores import Caller, Stores
from mailaudit.demo.province import Province
from mailaudit.demo.staff import CALENDAR, PERIODS, Habit
from mailaudit.metrics.measure import measure
from mailaudit.metrics.signs import SignSearch
from mailaudit.model.lineage import Lineage
from mailaudit.model.period import Period
from mailaudit.model.roster import Roster, Staff, Unit
from mailaudit.model.rules import Rules
from mailaudit.model.signs import FoundSigns, Sign
from mailaudit.model.snapshot import Snapshot, SourceInfo
from mailaudit.sources.ews.mailbox import MailboxReader

CALLER = Caller("svc", None, may_impersonate=True)
SIGNS = {
    Contrived.LATE: Sign.LAST_DAYS,
    Contrived.FEWEST: Sign.MINIMUM,
    Contrived.TO_SELF: Sign.TO_SELF,
}
UNIT = Unit("A", "Sở A", "Sở")
HONEST = 12


def collected(province: Province, addresses: Iterable[str], period: Period) -> Snapshot:
    """What the demonstration's Exchange answers about these mailboxes, as a stored month."""
    at = period.end + timedelta(days=2)
    exchange = Exchange(Stores(province, {}))
    reader = MailboxReader(
        lambda envelope, _: exchange.answer(envelope, CALLER).body,
        "Exchange2016",
        period,
        frozenset({province.domain}),
        lambda: at,
    )
    outcomes = {address: reader.activity(address) for address in addresses}
    staff = tuple(Staff(address, UNIT.code, address) for address in outcomes)
    return Snapshot(
        period=period,
        edition=1,
        cut_off_at=at,
        sealed_at=at,
        roster=Roster(("Sở",), (UNIT,), staff, "0" * 64),
        outcomes=outcomes,
        source=SourceInfo("ews", "mail.test", "Exchange2016", "svc"),
        tool_version="0",
        digest="0" * 64,
    )


@pytest.fixture(scope="module")
def province() -> Province:
    return Province()


@pytest.fixture(scope="module")
def found(province: Province) -> FoundSigns:
    """What is found among those people, and as many others as HONEST says."""
    honest = [one for one in province.addresses if one not in province.contrived]
    step = len(honest) // HONEST
    addresses = [*province.contrived, *honest[::step]]
    search, rules = SignSearch(CALENDAR, Rules(), Lineage()), Rules()
    *before, newest = (collected(province, addresses, period) for period in PERIODS)
    for month in before:
        search.add(month, measure(month, CALENDAR, rules))
    return search.found(newest, measure(newest, CALENDAR, rules))


@pytest.mark.slow
def test_everybody_planted_is_found_and_nobody_else(province: Province, found: FoundSigns) -> None:
    """Each by the sign of what they do; they stay in regular use, as the province means them."""
    assert {one.person.mailbox: one.sign for one in found.findings} == {
        address: SIGNS[what] for address, what in province.contrived.items()
    }
    assert len(found.findings) == len(province.contrived)


def test_each_sign_is_planted_a_few_times(province: Province) -> None:
    """Among people who use their mailbox regularly in every month."""
    for what in Contrived:
        assert 2 <= list(province.contrived.values()).count(what) <= 6
    people = {person.address: person for person in province.staff}
    assert {people[one].habits for one in province.contrived} == {(Habit.REGULAR,) * len(PERIODS)}
