"""Many small mailboxes on a demonstration server, and collections of them as processes."""

import csv
import json
import random
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypedDict

from command_line import Ran, Running, mailaudit, started

from mailaudit.demo.options import ServedAt
from mailaudit.model.outcome import Outcome
from mailaudit.model.period import Period
from mailaudit.store import SnapshotStore

MAY = Period(2026, 5)
MAILS_EACH = 3
LONG_S = 60.0  # nothing waited for here takes so long


class TrafficFiles(TypedDict):
    """The two files of real traffic."""

    traffic: Path
    people: Path


def address(number: int) -> str:
    return f"p{number}@tinh.test"


def write_traffic(folder: Path, people: int) -> TrafficFiles:
    """Each of `people` sends a few mails to others in May 2026; about half of them are read."""
    chance = random.Random(people)  # noqa: S311 - no secret
    traffic, staff = folder / "traffic.csv", folder / "people.csv"
    with traffic.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["sent_at_utc", "sender", "recipient", "read"])
        for number in range(people):
            for _ in range(MAILS_EACH):
                second = chance.randrange(31 * 86400)
                moment = datetime.fromtimestamp(MAY.start.timestamp() + second, UTC)
                recipient = address(chance.randrange(people))
                writer.writerow(
                    [moment.isoformat(), address(number), recipient, chance.randrange(2)]
                )
    lines = (f"{address(number)},U{number % 7}\n" for number in range(people))
    staff.write_text("mailbox,unit_code\n" + "".join(lines), "utf-8")
    return {"traffic": traffic, "people": staff}


@dataclass(frozen=True, slots=True)
class Workplace:
    """A folder with a configuration for a server, and the store it collects into."""

    folder: Path
    store: Path

    @classmethod
    def at(cls, folder: Path, place: ServedAt, store: str = "mailaudit.db") -> "Workplace":
        """A configuration of its own for the server, in English; `store` is below `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        text = place.config_path.read_text(encoding="utf-8")
        for name in ("password", "delivery-password", place.ca_path.name):
            shutil.copy(place.directory / name, folder / name)
        for old, new in (('"vi"', '"en"'), ('"mailaudit.db"', f'"{store}"')):
            assert text.count(old) == 1
            text = text.replace(old, new)
        (folder / "mailaudit.toml").write_text(text, encoding="utf-8")
        return cls(folder, folder / store)

    def run(self, *arguments: str) -> Ran:
        """Runs `mailaudit collect` for May and waits for it."""
        return mailaudit("collect", "--period", str(MAY), *arguments, cwd=self.folder)

    @contextmanager
    def started(self, *arguments: str) -> Iterator["Collecting"]:
        """Runs `mailaudit collect` for May while the block runs."""
        errors = self.folder / "stderr.txt"
        errors.write_bytes(b"")
        command = ("collect", "--period", str(MAY), *arguments)
        process = started(*command, cwd=self.folder, err=errors)
        try:
            yield Collecting(process, errors)
        finally:
            process.kill()
            process.wait()

    def outcomes(self) -> dict[str, Outcome]:
        """What is stored of May, without when it was observed."""
        with SnapshotStore.at(self.store) as store:
            outcomes = store.load(MAY).outcomes
        return {box: replace(found, observed_at=MAY.end) for box, found in outcomes.items()}

    def committed(self, scratch: Path) -> set[str]:
        """The mailboxes with an outcome; asserts that the store is sound. Works on a copy."""
        return committed(self.store, scratch)


@dataclass(frozen=True, slots=True)
class Collecting:
    """A running `mailaudit collect` and the file its stderr goes to."""

    process: Running
    errors: Path

    def said(self) -> str:
        return self.errors.read_text(encoding="utf-8")


def committed(store: Path, scratch: Path) -> set[str]:
    """The mailboxes that have an outcome in the newest edition of a store.

    Works on a copy with its write-ahead log, so that whoever opens the store next recovers it by
    itself; asserts that SQLite finds the copy sound.
    """
    if not store.exists():
        return set()
    copy = scratch / "copy.db"
    for suffix in ("", "-wal"):
        source, target = Path(f"{store}{suffix}"), Path(f"{copy}{suffix}")
        target.unlink(missing_ok=True)
        if source.exists():
            shutil.copy(source, target)
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if "outcome" not in tables:
            return set()
        newest = "(SELECT max(id) FROM snapshot)"
        query = f"SELECT mailbox FROM outcome WHERE snapshot_id = {newest}"  # noqa: S608
        return {mailbox for (mailbox,) in connection.execute(query)}


class AccessLog:
    """The server's own log from now on, read as it grows."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0
        self._asked: list[str] = []
        self.forget()

    @classmethod
    def of_all(cls, path: Path) -> list[str]:
        """The mailboxes asked for in a whole log, one entry a request."""
        log = cls(path)
        log._read = 0
        return log.asked()

    def asked(self) -> list[str]:
        """The mailboxes asked for so far, one entry a request; logins are none."""
        with self._path.open("rb") as file:
            file.seek(self._read)
            content = file.read()
        whole = content[: content.rfind(b"\n") + 1]
        self._read += len(whole)
        entries: list[dict[str, Any]] = [json.loads(line) for line in whole.splitlines()]
        self._asked += [entry["mailbox"] for entry in entries if entry["mailbox"]]
        return self._asked

    def forget(self) -> None:
        """Begins anew: what was asked before this is asked no more."""
        self.asked()
        self._asked = []


def wait_until(condition: Callable[[], object], *, patience_s: float = LONG_S) -> None:
    """Waits until `condition` holds; fails when it does not for long."""
    until = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < until, "waited for in vain"
        time.sleep(0.005)
