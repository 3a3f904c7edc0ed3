"""What people who are removed from stored months come to, by the rules of today."""

from collections.abc import Callable, Collection

from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.removal import Sums
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot


def summing(
    calendar: WorkCalendar, rules: Rules
) -> Callable[[Snapshot, Collection[str] | None], Sums]:
    """A function that gives the Sums of the people of a snapshot with certain keys.

    Those removed from it before are among them. Without keys it is everybody.
    """
    from mailaudit.metrics.measure import measure
    from mailaudit.metrics.summing import alike, rules_digest

    def sum_up(snapshot: Snapshot, keys: Collection[str] | None) -> Sums:
        measured = measure(snapshot, calendar, rules)
        gone = [
            usage
            for usage in measured.staff
            if keys is None or usage.is_removed or usage.staff.key in keys
        ]
        digest = rules_digest(snapshot, calendar, rules)
        if measured.is_outdated and snapshot.removal is not None:
            digest = snapshot.removal.sums.rules  # nobody is left to sum up anew
        return Sums(digest, measured.silence, alike(gone, is_whole=keys is None))

    return sum_up
