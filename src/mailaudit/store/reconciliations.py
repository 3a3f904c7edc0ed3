"""What second sources said of each Period, in sums, as rows that are only ever added."""

from sqlalchemy import Connection, RowMapping, select

from mailaudit.model.period import Period
from mailaudit.model.reconciliation import Reconciled, Seen
from mailaudit.store.rows import instant, instant_text
from mailaudit.store.tables import reconciliation


def read_reconciliations(connection: Connection, period: Period) -> list[Reconciled]:
    """The newest of each witness of the Period, by name."""
    rows = connection.execute(
        select(reconciliation)
        .where(reconciliation.c.period == str(period))
        .where(reconciliation.c.timezone == period.timezone)
        .order_by(reconciliation.c.id)
    ).mappings()
    newest = {row["witness"]: row for row in rows}
    return [_reconciled(newest[name], period) for name in sorted(newest)]


def add_reconciliation(connection: Connection, made: Reconciled) -> None:
    """Adds what a witness said."""
    connection.execute(
        reconciliation.insert().values(
            period=str(made.period),
            timezone=made.period.timezone,
            edition=made.edition,
            digest=made.digest,
            witness=made.name,
            kind=made.kind,
            made_at=instant_text(made.made_at),
            mailboxes=made.mailboxes,
            differing=made.differing,
            **_columns("sent", made.sent),
            **_columns("received", made.received),
        )
    )


def _columns(flow: str, seen: Seen) -> dict[str, int]:
    return {f"{flow}_{part}": getattr(seen, part) for part in Seen.__slots__}


def _reconciled(row: RowMapping, period: Period) -> Reconciled:
    sent, received = (
        Seen(**{part: row[f"{flow}_{part}"] for part in Seen.__slots__})
        for flow in ("sent", "received")
    )
    return Reconciled(
        period=period,
        edition=row["edition"],
        digest=row["digest"],
        name=row["witness"],
        kind=row["kind"],
        made_at=instant(row["made_at"]),
        mailboxes=row["mailboxes"],
        differing=row["differing"],
        sent=sent,
        received=received,
    )
