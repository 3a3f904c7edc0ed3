"""Sealing an edition that is its Period's last word: from then on it never changes."""

from datetime import datetime

from sqlalchemy import Connection, update

from mailaudit.errors import N_, StoreError
from mailaudit.model.snapshot import SEALED_FROM
from mailaudit.store import tables
from mailaudit.store.contents import Header, period_of, stored_digest
from mailaudit.store.digest import NEWEST
from mailaudit.store.progress import count_mailboxes, count_measured, count_pending
from mailaudit.store.pruned import refuse_pruned
from mailaudit.store.rows import instant, instant_text


def seal_if_final(
    connection: Connection, header: Header, now: datetime, *, however_little: bool = False
) -> None:
    """Seals a complete edition whose collection began after the Period's end.

    Args:
        however_little: Whether one is sealed of which less than SEALED_FROM was measured, too.
    """
    if header["sealed_at"] is not None or not is_final(header):
        return
    if however_little or _is_enough(connection, header["id"]):
        table = tables.snapshot
        sealed = {"sealed_at": instant_text(now), "digest_version": NEWEST}
        digest = stored_digest(connection, {**header, **sealed})
        connection.execute(
            update(table).where(table.c.id == header["id"]).values(**sealed, digest=digest)
        )


def is_final(header: Header) -> bool:
    """Whether an edition's collection began when its Period was over."""
    return instant(header["cut_off_at"]) >= period_of(header).end


def require_sealed(connection: Connection, newest: Header) -> None:
    """Raises StoreError where a Period's newest edition is not its last word yet, or has no people
    any more.
    """
    refuse_pruned(connection, newest)
    if newest["sealed_at"] is not None:
        return
    period = period_of(newest)
    if count_pending(connection, newest["id"]):
        raise StoreError(
            N_("Edition {edition} of {period} is still being collected."),
            N_("Go on with it first: mailaudit collect{options} --period {period}"),
            edition=str(newest["edition"]),
            period=period,
        )
    raise StoreError(
        N_("{period} is not sealed: corrections are made to final figures only."),
        N_(
            "Collect the month once it is over, or seal it as it is:"
            " mailaudit collect{options} --period {period} --seal-low-coverage"
        ),
        period=period,
    )


def _is_enough(connection: Connection, snapshot_id: int) -> bool:
    total = count_mailboxes(connection, snapshot_id)
    return count_measured(connection, snapshot_id) >= SEALED_FROM * total
