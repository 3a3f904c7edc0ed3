"""Two demonstration servers, each with mailboxes of a domain of its own, and a configuration."""

import csv
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from collecting_builders import Workplace

from mailaudit.demo.options import Options, ServedAt
from mailaudit.demo.process import served

NORTH, SOUTH = "north.test", "south.test"


def people(domain: str, count: int) -> list[str]:
    return [f"p{number}@{domain}" for number in range(count)]


@contextmanager
def a_server(folder: Path, mailboxes: Sequence[str], **options: Any) -> Iterator[ServedAt]:
    """A server on which everybody writes to the next one, so often as the number in the address."""
    folder.mkdir()
    traffic, staff = folder / "traffic.csv", folder / "people.csv"
    with traffic.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["sent_at_utc", "sender", "recipient", "read"])
        for number, sender in enumerate(mailboxes):
            for day in range(1, 2 + number % 9):
                recipient = mailboxes[(number + 1) % len(mailboxes)]
                writer.writerow([f"2026-05-{day:02d}T05:00:00Z", sender, recipient, day % 2])
    staff.write_text("mailbox,unit_code\n" + "".join(f"{box},U1\n" for box in mailboxes), "utf-8")
    log = folder / "access.jsonl"
    with served(folder, Options(traffic=traffic, people=staff, access_log=log, **options)) as place:
        yield place


@dataclass(frozen=True, slots=True)
class Servers:
    """Two servers that run."""

    north: ServedAt
    south: ServedAt

    def work(
        self,
        folder: Path,
        *,
        south: Mapping[str, str] | None = None,
        rows: Sequence[str] | None = None,
        header: str = "mailbox,unit_code",
    ) -> Workplace:
        """A folder with a configuration for both, and with the staff of both.

        Args:
            south: Keys of the second server that are different.
            rows: Of the staff list, instead of everybody's.
        """
        work = Workplace.at(folder, self.north)
        text = (folder / "mailaudit.toml").read_text(encoding="utf-8")
        text = re.sub(r"domains = .*", f'domains = ["{NORTH}", "{SOUTH}"]', text, count=1)
        text = re.sub(r"\[delivery\].*", "", text, flags=re.DOTALL)
        table = re.search(r"\[server\]\n(.*?)\n\n", text, flags=re.DOTALL)
        assert table is not None
        keys = dict(line.split(" = ", 1) for line in table[1].splitlines())
        for name in ("password", "ca.pem"):
            shutil.copy(self.south.directory / name, folder / f"south-{name}")
        files = {"password_file": '"south-password"', "ca_file": '"south-ca.pem"'}
        tables = {
            "north": keys | {"domains": f'["{NORTH}"]'},
            "south": keys
            | {"url": f'"{self.south.url}"', "domains": f'["{SOUTH}"]', **files, **(south or {})},
        }
        written = "\n\n".join(
            "\n".join(
                ["[[servers]]", f'name = "{name}"', 'kind = "ews"']
                + [f"{key} = {value}" for key, value in keys.items()]
            )
            for name, keys in tables.items()
        )
        text = text.replace(table[0], f"{written}\n\n")
        text = re.sub(r'file = "[^"]*people.csv"|file = "roster.csv"', 'file = "staff.csv"', text)
        (folder / "mailaudit.toml").write_text(text, encoding="utf-8")
        if rows is None:
            rows = [f"{box},U1" for place in (self.north, self.south) for box in listed(place)]
        (folder / "staff.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return work


def listed(place: ServedAt) -> list[str]:
    """The mailboxes that a server has."""
    lines = (place.directory / "people.csv").read_text(encoding="utf-8").splitlines()
    return [line.partition(",")[0] for line in lines[1:]]
