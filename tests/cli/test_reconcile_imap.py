"""One recorded month from an Exchange server and from a real Dovecot: what was planted differs."""

import csv
import os
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from collecting_builders import MAY, Workplace
from command_line import mailaudit

from dovecot_builders import PASSWORD, needs_dovecot
from mailaudit.demo.content import Item, Mailbox
from mailaudit.demo.dovecot import MASTER, Dovecot, running
from mailaudit.demo.maildirs import write_maildir
from mailaudit.demo.options import Options
from mailaudit.demo.process import served
from mailaudit.demo.standard import INBOX, SENT
from mailaudit.demo.traffic import Traffic
from mailaudit.model.reconciliation import Flow
from shared import SHARED

pytestmark = [pytest.mark.slow, needs_dovecot]

REAL, REAL_PEOPLE = (
    SHARED / "data" / f"eu-core-{name}" for name in ("traffic.csv.gz", "people.csv")
)
STEM = "reports/mailaudit-2026-05-it-reconciliation-dovecot"
OF_FLOW = {Flow.SENT: (SENT, ".Sent"), Flow.RECEIVED: (INBOX, "")}
DELETED, NO_COPY, MOVED, OTHER_DAY, OUTSIDE = (
    "Deleted for good",
    "No copy in Sent Items",
    "Moved or sent on by a rule",
    "Counted on the day before or after",
    "Outside the days of the other source",
)

WITNESS = """
[[witnesses]]
name = "dovecot"
kind = "imap"
host = "localhost"
port = {port}
username = "{master}"
password_file = "dovecot-password"
ca_file = "{ca}"
"""


@dataclass(slots=True)
class Maildir:
    """A mailbox on Dovecot that is made to differ, and what is to be found of it.

    Attributes:
        mails: The month's that are left as they were.
        stored, witness: How many mails only the month or only Dovecot has.
        likely: How many mails by likely reason.
    """

    path: Path
    own: Callable[[Path], None]
    total: dict[Flow, int]
    mails: dict[Flow, list[Item]]
    stored: Counter[Flow] = field(default_factory=Counter)
    witness: Counter[Flow] = field(default_factory=Counter)
    likely: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, mailbox: Mailbox, path: Path, own: Callable[[Path], None]) -> "Maildir":
        """Written as the mailbox is, with a few days before and after the month."""
        near = range(int(MAY.start.timestamp()) - 200_000, int(MAY.end.timestamp()) + 200_000)
        write_maildir(mailbox, path, own, lambda item: near.start <= item.received < near.stop)
        folders = {one.number: one.items for one in mailbox.folders}
        mails = {
            flow: [item for item in folders[number] if day_of(item) in MAY.days()]
            for flow, (number, _) in OF_FLOW.items()
        }
        return cls(path, own, {flow: len(found) for flow, found in mails.items()}, mails)

    def lose(self, flow: Flow, items: Iterable[Item], likely: str, folder: str = "") -> None:
        """Deletes mails, or moves them to a folder that is not counted."""
        for item in tuple(items):
            self.mails[flow].remove(item)
            self.stored[flow] += 1
            self.likely[likely] += 1
            if folder:
                self.move(flow, item, folder)
            else:
                self._file(flow, item).unlink()

    def move(self, flow: Flow, item: Item, folder: str) -> None:
        """Moves a mail to another folder."""
        for part in ("", "cur", "new", "tmp"):
            (self.path / folder / part).mkdir(exist_ok=True)
            self.own(self.path / folder / part)
        file = self._file(flow, item)
        file.rename(self.path / folder / "cur" / file.name)

    def add(self, flow: Flow, second: int) -> None:
        """Puts a mail there that the month has not."""
        self.witness[flow] += 1
        # As it looks from there: the month's source is the one that lacks it.
        none = {Flow.SENT: NO_COPY, Flow.RECEIVED: MOVED}[flow]
        self.likely[DELETED if self.total[flow] else none] += 1
        file = self.path / OF_FLOW[flow][1] / "cur" / f"{second}.added.test:2,S"
        file.touch()
        self._date(file, second)

    def shift(self, flow: Flow, item: Item) -> None:
        """Has a mail come a day later."""
        self.mails[flow].remove(item)
        self.stored[flow] += 1
        self.witness[flow] += 1
        self.likely[OTHER_DAY] += 2
        self._date(self._file(flow, item), item.received + 86400)

    def _file(self, flow: Flow, item: Item) -> Path:
        folder = self.path / OF_FLOW[flow][1] / "cur"
        (file,) = folder.glob(f"{item.received}.M{item.number}.*")
        return file

    def _date(self, file: Path, second: int) -> None:
        os.utime(file, (second, second))
        self.own(file)

    def expected(self) -> list[object]:
        """Sent, then received: both, the month only, Dovecot only; last the reasons."""
        counts = [
            (self.total[flow] - self.stored[flow], self.stored[flow], self.witness[flow])
            for flow in Flow
        ]
        return [*(count for three in counts for count in three), dict(self.likely)]


def day_of(item: Item) -> date:
    return datetime.fromtimestamp(item.received, MAY.tz).date()


def plant(maildirs: Sequence[Maildir], silent: date | None, chance: random.Random) -> None:
    """Differences of every kind in some of the mailboxes; those that are none in others."""
    for one in maildirs if silent else ():
        for flow in Flow:
            one.lose(flow, [item for item in one.mails[flow] if day_of(item) == silent], OUTSIDE)
    middle = [MAY.first_day + timedelta(days=at) for at in range(2, 28)]
    calm = {day for day in middle if silent is None or abs((day - silent).days) > 1}
    chosen = chance.sample(list(maildirs), min(len(maildirs) * 3 // 4, 60))
    for number, one in enumerate(chosen):
        flow = chance.choice(list(Flow))
        mails = one.mails[flow]
        some = chance.sample(mails, chance.randint(0, len(mails) - 1) // 2 + 1) if mails[1:] else []
        movable = [item for item in mails if day_of(item) in calm]
        match number % 8:
            case 0:
                one.lose(flow, some, DELETED)
            case 1:
                one.lose(flow, some, DELETED, ".Junk")
            case 2:
                for day in chance.sample(sorted(calm), 3):
                    one.add(flow, int(datetime(*day.timetuple()[:3], 12, tzinfo=UTC).timestamp()))
            case 3 if movable:
                one.shift(flow, chance.choice(movable))
            case 4:
                one.lose(Flow.SENT, one.mails[Flow.SENT], NO_COPY)
            case 5:
                one.lose(Flow.RECEIVED, one.mails[Flow.RECEIVED], MOVED, ".Drafts")
            case 6:
                one.lose(Flow.RECEIVED, one.mails[Flow.RECEIVED], MOVED)
            case _:  # no difference: both are counted where they lie
                for at, item in enumerate(one.mails[Flow.RECEIVED]):
                    one.move(Flow.RECEIVED, item, (".Trash", ".Luu tru")[at % 2])


def recorded(folder: Path, chance: random.Random) -> tuple[Path, Path]:
    """A month of forty people in five units, who write to each other on most days."""
    people = [f"p{number}@one.test" for number in range(40)]
    traffic, staff = folder / "traffic.csv", folder / "people.csv"
    with traffic.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["sent_at_utc", "sender", "recipient", "read"])
        for day in range(1, 32):
            for sender in people:
                second = chance.randrange(86400)
                moment = MAY.start + timedelta(days=day - 1, seconds=second)
                for recipient in chance.sample(people, chance.randint(0, 3)):
                    at = moment.astimezone(UTC).isoformat()
                    writer.writerow([at, sender, recipient, chance.randrange(2)])
    rows = "".join(f"{box},U{at % 5}\n" for at, box in enumerate(people))
    staff.write_text("mailbox,unit_code\n" + rows, "utf-8")
    return traffic, staff


@pytest.mark.parametrize(
    ("seed", "silent", "is_real"),
    [
        (1, None, False),
        (2, date(2026, 5, 12), False),
        pytest.param(
            3,
            None,
            True,
            marks=pytest.mark.skipif(
                not REAL.is_file(), reason="the real mail traffic is not beside the project"
            ),
        ),
    ],
)
def test_what_was_planted_on_dovecot_is_found_and_nothing_else(
    tmp_path: Path, seed: int, silent: date | None, *, is_real: bool
) -> None:
    """By mailbox, flow and likely reason, whatever addresses the staff list gives them besides."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    files = (REAL, REAL_PEOPLE) if is_real else recorded(tmp_path, chance)
    traffic = Traffic(*files)
    absent, *present = chance.sample(traffic.addresses, len(traffic.addresses))
    maildirs: dict[str, Maildir] = {}

    def fill(server: Dovecot) -> None:
        for address in present:
            mailbox = traffic.mailbox(address)
            assert mailbox is not None
            maildirs[address] = Maildir.of(mailbox, server.mail / address, server.own)
        plant(list(maildirs.values()), silent, chance)

    with (
        served(tmp_path / "served", Options(traffic=files[0], people=files[1])) as place,
        running(present, PASSWORD, fill=fill) as dovecot,
    ):
        work = Workplace.at(tmp_path / "work", place)
        configure(work, dovecot, files[1])
        assert work.run().code == 0
        checked = mailaudit("check", cwd=work.folder)
        ran = mailaudit("reconcile", "-p", "2026-05", "--with", "dovecot", cwd=work.folder)
    assert "dovecot, Mail service: Answers as Dovecot, asked as IMAP4rev1." in checked.out
    assert re.search(r"dovecot, Mailbox: U\d+: .* can be opened\.", checked.out)
    assert ran.code == 0, ran.err
    book = openpyxl.load_workbook(work.folder / f"{STEM}.xlsx")
    rows = {
        name: [row for row in book[name].iter_rows(values_only=True) if isinstance(row[0], int)]
        for name in ("By mailbox", "One source")
    }
    found = {str(row[1]): [*row[4:10], reasons(str(row[10]))] for row in rows["By mailbox"]}
    expected = {box: one.expected() for box, one in maildirs.items() if one.likely}
    assert len(expected) > 5
    assert found == expected
    ((_, box, *_, side, mails, _),) = rows["One source"]
    assert (box, side) == (absent, "the stored month")
    mailbox = traffic.mailbox(absent)
    assert mailbox is not None
    assert mails == sum(Maildir.of(mailbox, tmp_path / "absent", lambda _: None).total.values())
    if silent is not None:
        basis = {row[0]: row[1] for row in book["Grounds"].iter_rows(values_only=True)}
        assert basis["Days the second source has nothing of"] == "12 May 2026"


def configure(work: Workplace, dovecot: Dovecot, people: Path) -> None:
    """Gives every third person a further address, and the month Dovecot as a witness."""
    (work.folder / "dovecot-password").write_text(PASSWORD, encoding="utf-8")
    (work.folder / "dovecot-password").chmod(0o600)
    header, *rows = people.read_text("utf-8").splitlines()
    lines = [
        f"{row},{f'ten-cu-{row}'.partition(',')[0] * (at % 3 == 0)}" for at, row in enumerate(rows)
    ]
    (work.folder / "roster.csv").write_text("\n".join([f"{header},aliases", *lines, ""]), "utf-8")
    file = work.folder / "mailaudit.toml"
    text = file.read_text("utf-8").partition("[delivery]")[0]
    text, changed = re.subn(r'(\[roster\]\nfile = )".*"', r'\1"roster.csv"', text)
    assert changed == 1
    witness = WITNESS.format(port=dovecot.port, master=MASTER, ca=dovecot.ca_file)
    file.write_text(text + witness, "utf-8")


def reasons(text: str) -> dict[str, int]:
    """ "Deleted for good: 5; No copy in Sent Items: 2" as numbers."""
    return {
        likely: int(mails.replace(",", ""))
        for likely, mails in (part.rsplit(": ", 1) for part in text.split("; "))
    }
