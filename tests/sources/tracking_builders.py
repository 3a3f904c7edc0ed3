"""Message tracking logs as tests need them, and what mailaudit counts in them, in one process."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from mailaudit.demo.tracking.rows import SERVERS, head, row
from mailaudit.model.outcome import Activity
from mailaudit.model.period import Period
from mailaudit.sources.tracking.damage import Damage
from mailaudit.sources.tracking.finding import find_logs
from mailaudit.sources.tracking.mails import facts_of
from mailaudit.sources.tracking.recording import Recorder
from mailaudit.sources.tracking.records import BUCKETS, facts_by_mailbox
from mailaudit.sources.tracking.tally import activities_of
from mailaudit.sources.tracking.tasks import LogRead, Noted, ReadLogs, Wanted
from mailaudit.sources.tracking.work import answers_to

MAY = Period(2026, 5)
AN, BINH, CHI = "an@vidu.gov.vn", "binh@vidu.gov.vn", "chi@vidu.gov.vn"
STAFF = (AN, BINH, CHI)
INSIDE = frozenset({"vidu.gov.vn"})
NOON = datetime(2026, 5, 4, 5, 0, tzinfo=UTC)  # in Viet Nam
LATER = datetime(2026, 6, 2, tzinfo=UTC)  # when May is over


def a_row(
    event: str,
    *,
    server: str = "EX01",
    at: datetime = NOON,
    source: str = "STOREDRIVER",
    **values: str,
) -> str:
    """A row of An's mail to Bình, as the event has it."""
    given = {
        "message_id": "<1@vidu.gov.vn>",
        "network_message_id": "13fad5b7-39c5-46e7-130e-08d4a138ac67",
        "sender_address": AN,
        "recipient_address": BINH,
        "message_subject": "Báo cáo",
        "directionality": "Originating",
    }
    return row(server, int(at.timestamp()), given | values | {"source": source, "event_id": event})


def a_log(rows: Iterable[str], *, server: str = "EX01", at: datetime = NOON) -> bytes:
    """A whole log."""
    return (head(server, int(at.timestamp())) + "".join(rows)).encode()


def log_name(series: str = "MSGTRK", at: datetime = NOON, number: int = 1) -> str:
    return f"{series}{at:%Y%m%d%H}-{number}.LOG"


def day_name(series: str = "MSGTRK", at: datetime = NOON, number: int = 1) -> str:
    """As of Exchange 2010: without the hour."""
    return f"{series}{at:%Y%m%d}-{number}.LOG"


def folders(root: Path) -> dict[str, Path]:
    """A folder for each of the two servers."""
    found = {server: root / server for server in SERVERS}
    for folder in found.values():
        folder.mkdir(parents=True, exist_ok=True)
    return found


def read(
    places: Mapping[str, Path], mailboxes: Sequence[str] = STAFF, period: Period = MAY
) -> tuple[dict[str, Activity], list[Damage]]:
    """What the logs in the folders say, whether they cover the Period or not; what is wrong."""
    numbers = {address.encode(): number for number, address in enumerate(mailboxes)}
    wanted = Wanted(numbers, INSIDE, b"key of the test")
    records: defaultdict[int, bytes] = defaultdict(bytes)
    damages: dict[int, Damage] = {}
    logs = dict(enumerate(find_logs(places).logs))
    for answer in answers_to(ReadLogs(logs), Recorder(wanted), period):
        if isinstance(answer, LogRead):
            if answer.damage is not None:
                damages[answer.log] = answer.damage
        elif not isinstance(answer, Noted):
            for bucket, chunk in answer.items():
                records[bucket] += chunk
    facts: defaultdict[int, bytes] = defaultdict(bytes)
    for chunk in records.values():
        for bucket, found in facts_by_mailbox(facts_of(chunk, period, damages.keys())).items():
            facts[bucket] += found
    activities = {
        one.mailbox: one
        for bucket in range(BUCKETS)
        for one in activities_of(facts[bucket], bucket, mailboxes, period, LATER)
    }
    return activities, list(damages.values())


def read_rows(folder: Path, *rows: str) -> dict[str, Activity]:
    """What one log with these rows says."""
    places = folders(folder)
    (places["EX01"] / log_name()).write_bytes(a_log(rows))
    found, damages = read(places)
    assert damages == []
    return found


def sums(activity: Activity) -> dict[str, int]:
    """The counts of the whole Period that are not 0."""
    counts = defaultdict[str, int](int)
    for day in activity.days:
        for name, value in zip(day._fields[1:], day[1:], strict=True):
            counts[name] += value
    return {name: count for name, count in counts.items() if count}
