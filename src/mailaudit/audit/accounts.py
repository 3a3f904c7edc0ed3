"""Which accounts to create, lock and delete, from the stored months alone."""

from mailaudit.collaborators import Store
from mailaudit.model.accounts import AccountLists, Dormancy
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.lineage import Lineage
from mailaudit.model.period import Period
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot

MONTHS_BACK = 12  # as far as the longest span reaches, and people no longer listed are looked for


def list_accounts(
    store: Store,
    period: Period,
    calendar: WorkCalendar,
    rules: Rules,
    lineage: Lineage,
    dormancy: Dormancy,
) -> tuple[Snapshot, AccountLists]:
    """The Period's newest complete edition, and what is proposed by it and the months before.

    Raises:
        StoreError: The Period is not in the store, or its collection is not complete.
    """
    from mailaudit.accounts.collected import collected_month, span_of
    from mailaudit.accounts.lists import account_lists
    from mailaudit.metrics.lines import lines_of
    from mailaudit.metrics.measure import measure

    snapshot = store.load(period)
    span = span_of(snapshot, dormancy)
    earlier = [
        collected_month(one, span, lines_of(one.roster.units))
        for one in store.history(period, MONTHS_BACK)  # one at a time in memory
    ]
    newest = collected_month(snapshot, span, lines_of(snapshot.roster.units))
    measurement = measure(snapshot, calendar, rules)
    return snapshot, account_lists(newest, measurement, earlier, span, dormancy, rules, lineage)
