"""A small office on a demonstration server, and the source that reads it."""

import csv
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any, TypedDict

from mailaudit.collaborators import MailSource
from mailaudit.demo.options import ServedAt
from mailaudit.model.outcome import Outcome
from mailaudit.model.period import Period
from mailaudit.model.snapshot import Job
from mailaudit.sources.ews import EwsServer
from mailaudit.sources.fleet import Fleet
from mailaudit.sources.source import ThreadedSource

MAY = Period(2026, 5)
PEOPLE = [f"p{number}@tinh.test" for number in range(6)]


class TrafficFiles(TypedDict):
    """The two files of real traffic."""

    traffic: Path
    people: Path


def write_traffic(folder: Path) -> TrafficFiles:
    """Each of six people sends to the next one on three days; half of it is read."""
    traffic, people = folder / "traffic.csv", folder / "people.csv"
    with traffic.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["sent_at_utc", "sender", "recipient", "read"])
        for day in (4, 5, 6):
            for number, sender in enumerate(PEOPLE):
                recipient = PEOPLE[(number + 1) % len(PEOPLE)]
                moment = f"2026-05-{day:02d}T0{number}:00:00Z"
                writer.writerow([moment, sender, recipient, number % 2])
    people.write_text("mailbox,unit_code\n" + "".join(f"{p},U1\n" for p in PEOPLE), "utf-8")
    return {"traffic": traffic, "people": people}


def ews_server(place: ServedAt, **changes: Any) -> EwsServer:
    password = (place.directory / "password").read_text(encoding="ascii").strip()
    server = EwsServer(
        url=place.url,
        version="Exchange2016",
        auth="ntlm",
        username="TINHMAU\\svc-mailaudit",
        secret=password,
        ca_file=place.ca_path,
        max_connections=4,
        timeout_s=20,
    )
    return replace(server, **changes)


INSIDE = frozenset({"tinh.test"})


@contextmanager
def a_source(place: ServedAt, **changes: Any) -> Iterator[ThreadedSource]:
    with closing(
        ThreadedSource(ews_server(place, **changes), INSIDE, lambda: datetime.now(UTC))
    ) as one:
        yield one


@contextmanager
def a_fleet(place: ServedAt, **changes: Any) -> Iterator[Fleet]:
    with closing(Fleet(ews_server(place, **changes), INSIDE)) as fleet:
        yield fleet


def all_of(source: MailSource, job: Job) -> list[Outcome]:
    """All outcomes of a job, out of their batches."""
    return list(chain.from_iterable(source.outcomes(job)))


def outcomes_of(place: ServedAt, mailboxes: list[str], **changes: Any) -> dict[str, Outcome]:
    with a_source(place, **changes) as source:
        outcomes = all_of(source, Job(mailboxes, MAY))
    assert len(outcomes) == len(mailboxes)
    return {outcome.mailbox: outcome for outcome in outcomes}


def requests_in(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
