"""What the staff list of an edition was corrected by, as rows of that edition."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select

from mailaudit.errors import N_, StoreError
from mailaudit.model.correction import AppliedCorrection
from mailaudit.store.contents import Header
from mailaudit.store.rows import correction_rows, made_of
from mailaudit.store.tables import correction


def read_corrections(
    connection: Connection, snapshot_id: int, month: str
) -> tuple[AppliedCorrection, ...]:
    """The corrections of an edition, the oldest first."""
    query = (
        select(correction)
        .where(correction.c.snapshot_id == snapshot_id)
        .order_by(correction.c.position)
    )
    return tuple(made_of(dict(row), month) for row in connection.execute(query).mappings())


def write_corrections(
    connection: Connection, snapshot_id: int, made: Iterable[AppliedCorrection]
) -> None:
    """Makes these the corrections of an edition that is not sealed."""
    connection.execute(delete(correction).where(correction.c.snapshot_id == snapshot_id))
    rows = [{"snapshot_id": snapshot_id, **row} for row in correction_rows(made)]
    if rows:
        connection.execute(insert(correction), rows)


def require_edition(newest: Header, edition: int) -> None:
    """Refuses to correct another edition than the newest. Raises StoreError."""
    if newest["edition"] != edition:
        raise StoreError(
            N_("{period} got edition {edition} while its corrections were looked at."),
            N_("Nothing was changed. Run the command again."),
            period=newest["period"],
            edition=str(newest["edition"]),
        )
