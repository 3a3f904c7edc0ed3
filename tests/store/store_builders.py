"""Builders for what goes into a store: rosters, outcomes, collections."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from mailaudit.model.correction import Correction, CorrectionKind
from mailaudit.model.outcome import Activity, DayActivity, Outcome, Reason, Unmeasured
from mailaudit.model.period import Period
from mailaudit.model.roster import Roster, Staff, Unit
from mailaudit.model.snapshot import Snapshot, SourceInfo
from mailaudit.store import SnapshotStore

OCTOBER = Period(2026, 10)
DURING = datetime(2026, 10, 15, 8, tzinfo=UTC)
AFTER = datetime(2026, 11, 2, 1, tzinfo=UTC)
SOURCE = SourceInfo("ews", "mail.x.vn", "Exchange2016", "svc")


def a_roster(people: int = 3, *, digest: str = "d1") -> Roster:
    """A roster of one unit; person n has the mailbox "n@x.vn"."""
    staff = tuple(Staff(f"k{n}", "A", f"{n}@x.vn", row=f"r:{n}") for n in range(people))
    return Roster(("G",), (Unit("A", "Unit A", "G"),), staff, digest)


def a_correction(
    person: str,
    kind: CorrectionKind,
    value: str = "",
    *,
    status_from: date | None = None,
    status_to: date | None = None,
    document: str = "CV 12/SNV",
    row: str = "corrections.csv:2",
    month: Period = OCTOBER,
) -> Correction:
    """One that somebody approved."""
    return Correction(
        month=str(month),
        person=person,
        kind=kind,
        value=value,
        status_from=status_from,
        status_to=status_to,
        reason="sai",
        document=document,
        approved_by="Giám đốc",
        approved_on=date(2026, 11, 10),
        row=row,
    )


def an_activity(mailbox: str = "0@x.vn", *, sent: int = 1, day: date | None = None) -> Activity:
    """Something sent on one day of October."""
    return Activity(mailbox, AFTER, (DayActivity(day or date(2026, 10, 5), sent=sent),), AFTER)


def outcomes_of(mailboxes: Iterable[str], period: Period = OCTOBER) -> list[Outcome]:
    """An activity for each mailbox, on the first day of the Period."""
    return [an_activity(mailbox, day=period.first_day) for mailbox in mailboxes]


def collected(
    store: SnapshotStore,
    roster: Roster | None = None,
    *,
    period: Period = OCTOBER,
    now: datetime = AFTER,
    outcomes: Sequence[Outcome] | None = None,
) -> Snapshot:
    """A finished collection; without `outcomes`, each pending mailbox gets an activity."""
    collection = store.begin(period, roster or a_roster(), SOURCE, now=now)
    collection.record(outcomes_of(collection.pending, period) if outcomes is None else outcomes)
    collection.finish(now + timedelta(hours=1), however_little=True)
    return store.load(period)


def everything() -> tuple[Roster, tuple[Outcome, ...]]:
    """A roster and outcomes in which every field of every value is used, and every reason."""
    units = (
        Unit("SNV", "Sở Nội vụ", "Sở, ban, ngành", None, "Nguyễn Văn An", "an@x.vn"),
        Unit("VP", 'Văn phòng "1"\n', "Sở, ban, ngành", "SNV"),
        Unit("P1", "UBND phường 1", "Phường"),
    )
    people = [
        Staff(
            "CB1", "VP", "a@x.vn", "Đỗ Thị Ẩn", "công chức", "thai sản",
            date(2026, 9, 1), date(2027, 2, 28), "roster.csv:2", "chuyên viên",
            ("a@cu.x.vn", "an@x.vn"),
        ),
        Staff("CB2", "P1", None, "Không Có Thư", row="roster.csv:3"),
        Staff("CB0", "SNV", "z@x.vn", row="roster.csv:4"),
    ]  # fmt: skip
    full_day = DayActivity(date(2026, 10, 1), 1, 2, 3, 4, 5, 6, 7, 8)
    outcomes: list[Outcome] = [
        Activity(
            "a@x.vn",
            datetime(2026, 11, 2, 1, 2, 3, 456789, tzinfo=UTC),
            (
                full_day,
                DayActivity(date(2026, 10, 30), received=9),
                DayActivity(date(2026, 10, 31)),
            ),
            datetime(2026, 10, 30, 9, tzinfo=UTC),
            "thu.example thu.test",
        ),
        Activity("z@x.vn", AFTER, forwards_to=""),
    ]
    for n, reason in enumerate(Reason):
        people.append(Staff(f"U{n}", "P1", f"u{n}@x.vn"))
        outcomes.append(Unmeasured(f"u{n}@x.vn", AFTER, reason, "ErrorX" if n else ""))
    roster = Roster(("Sở, ban, ngành", "Phường", "Trống"), units, tuple(people), "digest")
    return roster, tuple(outcomes)
