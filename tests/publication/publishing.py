"""A province's months collected, and its public reports made, by the program itself.

The one module here that calls the program: what it publishes is then read from the files.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from places import Places
from provinces import MONTHS, Collection, Person, Province, Step

from mailaudit import audit
from mailaudit.errors import UsageError
from mailaudit.locale import language
from mailaudit.model.audience import Audience
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.lineage import Lineage
from mailaudit.model.outcome import Activity, DayActivity, Outcome, Reason, Unmeasured
from mailaudit.model.period import Period
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import SourceInfo
from mailaudit.report.annex.compose import read_wording
from mailaudit.report.annex.content import Letterhead
from mailaudit.report.annex.wording import Wording
from mailaudit.report.rendering import Documents
from mailaudit.roster import read_calendar
from mailaudit.roster.shipped import shipped
from mailaudit.store import SnapshotStore

SOURCE = SourceInfo("ews", "mail.tinh.example", "Exchange2016", "svc")
ORGANISATION = "Tỉnh"
SENT_DAYS = {"daily": 10, "hoards": 10, "four days": 4, "reads and sends": 1, "sends": 1}
READS = ("daily", "four days", "reads and sends", "reads", "hoards")


@dataclass(frozen=True, slots=True)
class Published:
    """The files of one report, as they lie in its folder.

    Attributes:
        month: Of which, counted from 0; `edition` likewise.
        editions: The newest edition of each month that was stored then.
        within: The code of the unit it is about, None where about all.
        head: The code of the unit whose head it was given to, None where it is public.
    """

    month: int
    editions: Mapping[int, int]
    rules: Rules
    min_published: int
    within: str | None
    head: str | None
    files: Mapping[str, bytes]


def published(province: Province, folder: Path) -> Iterator[Published]:
    """Every report of the province that the program does not refuse, in the order of time."""
    calendar = the_calendar()
    lineage = Lineage(province.events)
    editions: dict[int, int] = {}
    with SnapshotStore.at(folder / "store.db") as store:
        for number, step in enumerate(province.steps):
            if step.collection is not None:
                editions[step.month] = editions.get(step.month, -1) + 1
                collect(store, step.collection, calendar)
            last = number == len(province.steps) - 1
            for within in (None, *province.within):
                codes = {unit.code for unit in Places(province).units[step.month]}
                if within is not None and within not in codes:
                    continue
                for audience in (Audience.PUBLIC, Audience.LEADER):
                    if audience is Audience.LEADER and not province.has_everything:
                        continue
                    formats = {"html"} | ({"xlsx"} if last or province.has_everything else set())
                    if province.has_everything and audience is Audience.PUBLIC:
                        formats |= {"docx", "brief"}
                    files = a_report(
                        store, step, calendar, lineage, within, audience, frozenset(formats), folder
                    )
                    for head, each in files.items():
                        yield Published(
                            step.month,
                            dict(editions),
                            step.rules,
                            step.min_published,
                            within,
                            head,
                            each,
                        )


def a_report(
    store: SnapshotStore,
    step: Step,
    calendar: WorkCalendar,
    lineage: Lineage,
    within: str | None,
    audience: Audience,
    formats: frozenset[str],
    folder: Path,
) -> dict[str | None, dict[str, bytes]]:
    """The public files under None, or those of heads by the unit's code; none where refused."""
    out = folder / f"{len(list(folder.iterdir()))}"
    out.mkdir()
    period = MONTHS[step.month]
    rules = replace(step.rules, min_published=step.min_published)
    audited = audit.evaluate(store, period, calendar, rules, lineage, within=within)
    try:
        composed = audit.compose_report(
            audited,
            ORGANISATION,
            calendar,
            rules,
            language=language("vi"),
            audience=audience,
            names=False,
            illustrative=False,
            register=store,
        )
        audit.report(composed, Documents(formats, Letterhead(), the_wording()), out, store)
    except UsageError:  # refused, and nobody asks for it nevertheless
        return {}
    files = {
        str(file.relative_to(out)): file.read_bytes()
        for file in sorted(out.rglob("*"))
        if file.is_file()
    }
    if audience is Audience.PUBLIC:
        return {None: files}
    return {
        Path(name).stem: {name: content}
        for name, content in files.items()
        if "/units/" in name and name.endswith(".html")
    }


def collect(store: SnapshotStore, collection: Collection, calendar: WorkCalendar) -> None:
    """Stores an edition as collecting it would have."""
    period = MONTHS[collection.month]
    now = period.end + timedelta(days=1)
    if collection.kind == "first":
        into = store.begin(period, collection.roster, SOURCE, now=now)
    elif collection.kind == "corrected":
        into = store.renew(period, collection.roster, SOURCE, now=now + timedelta(days=1))
    else:
        again = store.retry(period, SOURCE, now=now + timedelta(days=1))
        assert again is not None
        into = again
    by_box = {person.staff.mailbox: person for person in collection.people}
    into.record([outcome(by_box[box], box, period, now, calendar) for box in into.pending])
    into.finish(now + timedelta(days=2))


def outcome(
    person: Person, box: str, period: Period, now: datetime, calendar: WorkCalendar
) -> Outcome:
    """What the mailbox's answer would have been."""
    if not person.is_measured:
        return Unmeasured(box, now, Reason.TIMED_OUT, "timeout")
    days = [day for day in period.days() if calendar.is_working_day(day)]
    sent = days[: SENT_DAYS.get(person.habit, 0)]
    reads = days[:1] if person.habit in READS else []
    return Activity(
        box,
        now,
        tuple(
            DayActivity(
                day,
                sent=day in sent,
                received=int(day in reads) * (10 if person.habit == "hoards" else 1),
                read=int(day in reads),
            )
            for day in days
            if day in sent or day in reads
        ),
    )


@cache
def the_calendar() -> WorkCalendar:
    return read_calendar(None, range(2025, 2028))


@cache
def the_wording() -> Wording:
    name = "wording.vi.txt"
    return read_wording(name, shipped(name).read_text(encoding="utf-8"))
