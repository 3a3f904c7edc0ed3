"""Fault files, offices of any size, and what the server's own log says about politeness."""

import csv
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from source_builders import MAY, TrafficFiles, a_fleet, a_source, all_of, requests_in

from mailaudit.demo.options import Options, ServedAt
from mailaudit.demo.process import served
from mailaudit.model.outcome import Activity, Outcome
from mailaudit.model.snapshot import Job
from mailaudit.sources import schedule

Fault = dict[str, Any]
RACE_S = 0.5  # what is on its way when the server says stop, on a busy machine


def addresses(count: int) -> list[str]:
    return [f"s{number:05d}@tinh.test" for number in range(count)]


def write_office(folder: Path, people: Sequence[str]) -> TrafficFiles:
    """Everybody sends to the next one on five days of May, and to two further ones on one day.

    Mail lies on both sides of midnight and of the month's ends; a third of it is read.
    """
    traffic, list_of_people = folder / "traffic.csv", folder / "people.csv"
    moments = ("2026-04-30T16:59:59Z", "2026-05-04T16:59:59Z", "2026-05-04T17:00:00Z",
               "2026-05-05T01:02:03Z", "2026-05-31T16:59:59Z", "2026-05-31T17:00:00Z")  # fmt: skip
    with traffic.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["sent_at_utc", "sender", "recipient", "read"])
        for number, sender in enumerate(people):
            for at, moment in enumerate(moments):
                for step in (1, 2, 3) if at == number % 6 else (1,):
                    recipient = people[(number + step) % len(people)]
                    writer.writerow([moment, sender, recipient, int((number + at) % 3 == 0)])
    list_of_people.write_text("mailbox,unit_code\n" + "".join(f"{p},U1\n" for p in people), "utf-8")
    return {"traffic": traffic, "people": list_of_people}


def write_faults(folder: Path, faults: Iterable[Fault], seed: int = 7) -> Path:
    """A fault file; JSON writes the same scalars and arrays as TOML."""
    lines = [f"seed = {seed}"]
    for fault in faults:
        lines += ["[[fault]]", *(f"{key} = {json.dumps(value)}" for key, value in fault.items())]
    path = folder / "faults.toml"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@contextmanager
def an_office(
    folder: Path, people: Sequence[str], *faults: Fault, **options: Any
) -> Iterator[ServedAt]:
    """A server with an office and faults, logging to `access.jsonl`."""
    arguments: dict[str, Any] = {"access_log": folder / "access.jsonl", **options}
    files = write_office(folder, people)
    arguments["traffic"], arguments["people"] = files["traffic"], files["people"]
    if faults:
        arguments["faults"] = write_faults(folder, faults)
    with served(folder, Options(**arguments)) as place:
        yield place


def audited(
    place: ServedAt, people: Sequence[str], *, processes: int = 1, **changes: Any
) -> dict[str, Outcome]:
    """What a run makes of each mailbox: as the audit does it, the login checked first."""
    with (a_source if processes == 1 else a_fleet)(place, **changes) as source:
        source.check()
        outcomes = all_of(source, Job(people, MAY))
    assert sorted(outcome.mailbox for outcome in outcomes) == sorted(people)
    return {outcome.mailbox: outcome for outcome in outcomes}


def counts(outcome: Outcome) -> object:
    """All that was counted, without when it was; None for what was not measured."""
    return (outcome.days, outcome.last_sent_at) if isinstance(outcome, Activity) else None


def hurry(patch: pytest.MonkeyPatch) -> None:
    """Makes the waits that no server asked for short."""
    patch.setattr(schedule, "FIRST_WAIT_S", 0.05)


def injected(place: ServedAt) -> dict[str, int]:
    """How often each fault was injected, as the server says."""
    found: dict[str, int] = defaultdict(int)
    for entry in log_of(place):
        if "fault" in entry:
            found[entry["fault"]] += 1
    return dict(found)


def log_of(place: ServedAt) -> list[dict[str, Any]]:
    return requests_in(place.directory / "access.jsonl")


def attempts(log: Iterable[dict[str, Any]]) -> int:
    """How often a password was tried in vain."""
    return sum(entry["status"] == 401 and entry.get("attempt", False) for entry in log)


def too_many_open(log: Sequence[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """Requests during which the server had more connections open than allowed."""
    return [entry for entry in log if entry["open"] > most]


def waits_heard(log: Sequence[dict[str, Any]], patience_s: float) -> list[dict[str, Any]]:
    """Answers that asked to wait, by time, but for those that nobody read: the client had gone, or
    an answer to nobody had come before them, after which a connection is used no more.

    Args:
        patience_s: How long a client waits at least: an answer after that may be for nobody, though
            the server could still send it.
    """
    strayed: set[int] = set()
    heard = []
    for entry in sorted(log, key=lambda entry: float(entry["at"])):
        is_lost = entry.get("lost") or entry["connection"] in strayed
        if entry.get("back_off_s") and not is_lost and _took_s(entry) < patience_s:
            heard.append(entry)
        if entry.get("fault") == "stray-answer":
            strayed.add(entry["connection"])
    return heard


def _took_s(entry: dict[str, Any]) -> float:
    return float(entry["answered_at"] - entry["at"])


def inside_back_off(
    log: Sequence[dict[str, Any]], patience_s: float = math.inf
) -> list[dict[str, Any]]:
    """Requests about a mailbox that came while it had been asked to wait."""
    waits = defaultdict(list)
    for entry in waits_heard(log, patience_s):
        if entry["mailbox"]:
            answered_at = entry["answered_at"]
            waits[entry["mailbox"]].append((answered_at, answered_at + entry["back_off_s"]))
    return [entry for entry in log if any(a < entry["at"] < b for a, b in waits[entry["mailbox"]])]


def inside_retry_after(
    log: Sequence[dict[str, Any]], patience_s: float = math.inf
) -> list[dict[str, Any]]:
    """Requests that came while the whole server had asked for silence, but for those on the way."""
    silences = [
        (entry["answered_at"] + RACE_S, entry["answered_at"] + entry["back_off_s"])
        for entry in waits_heard(log, patience_s)
        if entry["status"] in (429, 503)
    ]
    return [entry for entry in log if any(a < entry["at"] < b for a, b in silences)]
