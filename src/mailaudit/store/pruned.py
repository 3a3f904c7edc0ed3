"""Editions whose people were all removed: only their sums are left, for comparing months."""

from sqlalchemy import Connection, select

from mailaudit.errors import N_, StoreError
from mailaudit.store.contents import Header, period_of
from mailaudit.store.rows import instant
from mailaudit.store.tables import removal


def refuse_pruned(connection: Connection, header: Header) -> None:
    """Raises StoreError for an edition without people."""
    query = select(removal.c.removed_at).where(
        removal.c.snapshot_id == header["id"], removal.c.is_whole == 1
    )
    removed_at = connection.scalar(query)
    if removed_at is not None:
        period = period_of(header)
        raise StoreError(
            N_("The people of {period} were removed on {day}: only the sums of units are left."),
            N_(
                "mailaudit history and compare show them. For anything else restore a copy of the"
                " store that was made before, beside this one."
            ),
            period=period,
            day=instant(removed_at).astimezone(period.tz).date().isoformat(),
        )
