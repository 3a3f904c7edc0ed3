"""Real traffic served as mailboxes: who sent what to whom, when, and whether it was read.

A traffic file is CSV (plain or .gz) with the columns `sent_at_utc` (ISO 8601), `sender`,
`recipient`, `read` (0 or 1), one line a copy. Lines with the same time and sender are one message
to several recipients: one item in the sender's Sent Items, and one in each recipient's Inbox. A
people file is CSV with the columns `mailbox` and `unit_code`; its people have the mailboxes.
"""

import csv
import gzip
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from mailaudit.demo.content import Item, Mailbox
from mailaudit.demo.message import Message
from mailaudit.demo.standard import INBOX, SENT, folder_tree
from mailaudit.errors import N_, ConfigurationError
from mailaudit.model.period import Period

_TRAFFIC_COLUMNS = ("sent_at_utc", "sender", "recipient", "read")
_PEOPLE_COLUMNS = ("mailbox", "unit_code")
_READ = {"0": False, "1": True}
_NOTE = "IPM.Note"
_ZONE = Period(2026, 1).tz

_WRONG_HEADER = N_("{file}, line {line}: the header must be {value}.")
_WRONG_COLUMNS = N_("{file}, line {line}: there must be {value} columns.")
_NO_TIME = N_("{file}, line {line}: {value!r} is not a time in ISO 8601 with an offset from UTC.")
_NO_ADDRESS = N_("{file}, line {line}: {value!r} is not a mail address.")
_READ_IS_A_FLAG = N_("{file}, line {line}: read must be 0 or 1, not {value!r}.")


class TrafficError(ConfigurationError):
    """A traffic or people file is missing or not as described."""


class Traffic:
    """A Directory of the people of a people file, with the mail of a traffic file.

    Raises:
        TrafficError: A file is missing, unreadable or malformed; names the line.
    """

    def __init__(self, traffic: Path, people: Path) -> None:
        self._people = _read_people(people)
        self._inboxes: dict[str, list[Item]] = defaultdict(list)
        self._sent: dict[str, list[Item]] = defaultdict(list)
        self._periods: dict[str, Period] = {}
        self._messages: dict[tuple[datetime, str], list[str]] = {}
        self._fill(traffic)
        self._mailboxes: dict[str, Mailbox] = {}

    @property
    def addresses(self) -> Sequence[str]:
        return tuple(self._people)

    @property
    def periods(self) -> tuple[Period, ...]:
        """The Periods in which something was sent, ascending."""
        return tuple(self._periods[name] for name in sorted(self._periods))

    @property
    def messages(self) -> Iterator[Message]:
        """Every message once, in the order of their time."""
        for (moment, sender), recipients in sorted(self._messages.items()):
            yield Message(int(moment.timestamp()), sender, recipients)

    def name_of(self, address: str) -> str:
        return address.partition("@")[0]

    def mailbox(self, address: str) -> Mailbox | None:
        if address not in self._people:
            return None
        if address not in self._mailboxes:
            items = {INBOX: self._inboxes[address], SENT: self._sent[address]}
            tree = folder_tree(items)
            self._mailboxes[address] = Mailbox(address, self.name_of(address), tree)
        return self._mailboxes[address]

    def _fill(self, path: Path) -> None:
        """Puts every line's copy into the mailboxes, and every message once into Sent Items."""
        number = 0
        for line, (sent_at, sent_by, sent_to, read) in _rows(path, _TRAFFIC_COLUMNS):
            moment = _moment(path, line, sent_at)
            second = int(moment.timestamp())
            if read not in _READ:
                raise _malformed(path, line, _READ_IS_A_FLAG, read)
            sender, recipient = _address(path, line, sent_by), _address(path, line, sent_to)
            number += 1
            item = Item(number, _NOTE, second, second, _READ[read], sender)
            self._inboxes[recipient].append(item)
            recipients = self._messages.setdefault((moment, sender), [])
            recipients.append(recipient)
            if len(recipients) == 1:
                number += 1
                self._sent[sender].append(Item(number, _NOTE, second, second, True, sender))
                local = moment.astimezone(_ZONE)
                period = Period(local.year, local.month)
                self._periods[str(period)] = period


def _read_people(path: Path) -> dict[str, str]:
    """Address -> unit code, in the order of the file."""
    people = {}
    for line, (mailbox, unit_code) in _rows(path, _PEOPLE_COLUMNS):
        people[_address(path, line, mailbox)] = unit_code
    return people


def _rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """The lines of a CSV file after its header, with their numbers. Raises TrafficError."""
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = next(reader, [])
            if tuple(header) != tuple(columns):
                raise _malformed(path, 1, _WRONG_HEADER, ",".join(columns))
            for row in reader:
                if len(row) != len(columns):
                    raise _malformed(path, reader.line_num, _WRONG_COLUMNS, len(columns))
                yield reader.line_num, row
    except FileNotFoundError:
        raise TrafficError(
            N_("There is no file {file}."), N_("Check the path."), file=path
        ) from None
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise TrafficError(
            N_("{file} can't be read: {cause}."),
            N_("It must be CSV in UTF-8, plain or compressed as .gz."),
            file=path,
            cause=error,
        ) from None


def _moment(path: Path, line: int, text: str) -> datetime:
    """A time in ISO 8601 with an offset."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _malformed(path, line, _NO_TIME, text) from None
    if moment.tzinfo is None:
        raise _malformed(path, line, _NO_TIME, text)
    return moment.astimezone(UTC)


def _address(path: Path, line: int, text: str) -> str:
    address = unicodedata.normalize("NFC", text.strip()).lower()
    name, _, domain = address.partition("@")
    if not name or not domain or any(c.isspace() for c in address):
        raise _malformed(path, line, _NO_ADDRESS, text)
    return address


def _malformed(path: Path, line: int, message: str, value: object) -> TrafficError:
    remedy = N_("Correct the line, or leave it out.")
    return TrafficError(message, remedy, file=path, line=line, value=value)
