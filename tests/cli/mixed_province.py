"""Recorded mail of a merged province in three domains, each measured by a source of its own kind:
a demonstration EWS server, a real Dovecot, and the tracking logs of two servers.

What is expected is counted from the recorded traffic, not by the program.
"""

import csv
import gzip
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from command_line import Ran, mailaudit

from dovecot_builders import PASSWORD
from mailaudit.demo.dovecot import MASTER, Dovecot, running
from mailaudit.demo.maildirs import write_maildir
from mailaudit.demo.options import Options, ServedAt
from mailaudit.demo.process import served
from mailaudit.demo.traffic import Traffic
from mailaudit.model.period import Period
from shared import SHARED

DATA = SHARED / "data"
MAY, JUNE = Period(2026, 5), Period(2026, 6)
EWS, IMAP, LOGS = "bac.test", "trung.test", "nam.test"
DOMAINS = (EWS, IMAP, LOGS)
SERVERS = {EWS: "bac", IMAP: "trung", LOGS: "nam"}
MOVED = "nam-moi"  # what the servers of the third domain are called once Dovecot has its mailboxes
DEPARTMENTS, COMMUNES = "Sở, ban, ngành", "Xã, phường, đặc khu"
UNITS = {
    "U01": "Sở Nội vụ", "U02": "Sở Tài chính", "U03": "Sở Y tế",
    "U04": "Sở Nông nghiệp và Môi trường", "U05": "Sở Khoa học và Công nghệ",
    "U06": "Sở Văn hóa, Thể thao và Du lịch", "U07": "Sở Giáo dục và Đào tạo",
    "U08": "Văn phòng Ủy ban nhân dân tỉnh", "U09": "Ban Quản lý các khu công nghiệp",
    "U10": "Thanh tra tỉnh", "U11": "Sở Dân tộc và Tôn giáo", "U12": "Sở Tư pháp",
    "U13": "Phường Hòa Bình", "U14": "Phường Tân Lập", "U15": "Phường Gia Nghĩa",
    "U16": "Xã Đức Trọng", "U17": "Xã Hàm Thuận Nam", "U18": "Xã Cư Jút", "U19": "Xã Di Linh",
    "U20": "Xã Tuy Phong", "U21": "Xã Đắk Mil", "U22": "Phường Xuân Hương", "U23": "Xã Bảo Lâm",
    "U24": "Đặc khu Phú Quý", "U25": "Xã Krông Nô", "U26": "Xã Lạc Dương", "U27": "Xã Tánh Linh",
}  # fmt: skip
# Units with people in two domains; of the others the number decides.
TWO_DOMAINS = {"U06": (EWS, IMAP), "U09": (IMAP, LOGS), "U14": (EWS, LOGS), "U17": (EWS, IMAP)}
SATURDAY = 5  # the recorded days have no other day off
WITHOUT = {"U02": 6, "U03": 3, "U09": 2, "U14": 1, "U19": 2}  # how many have no mailbox


def domains_of(unit: str) -> tuple[str, ...]:
    """The domains that the people of a unit have their mailboxes in."""
    return TWO_DOMAINS.get(unit) or (DOMAINS[int(unit[1:]) % len(DOMAINS)],)


@dataclass(frozen=True, slots=True)
class Did:
    """What one mailbox did in a month.

    Attributes:
        sent_days: Local days with mail sent; working days among them are what regular use asks.
    """

    sent: int
    received: int
    read: int
    sent_days: int
    sent_working_days: int

    @property
    def is_regular(self) -> bool:
        """By the default rules; all mail is due, as it is collected long after."""
        has_read = self.received < 5 or 100 * self.read >= 80 * self.received
        return self.sent_working_days >= 4 and has_read


@dataclass(frozen=True, slots=True)
class Expected:
    """What must be known of a unit or group: its kinds of sources, and how many people.

    Attributes:
        in_scope: With those who have no mailbox.
        unmeasured: Those of whom the logs do not say what regular use asks.
    """

    kinds: frozenset[str]
    in_scope: int
    unmeasured: int
    regular: int

    @property
    def share(self) -> Fraction | None:
        """The rate where there is one: of one kind, which knows what was read."""
        if len(self.kinds) != 1 or "TRACKING" in self.kinds:
            return None
        return Fraction(self.regular, self.in_scope - self.unmeasured)

    def __add__(self, other: "Expected") -> "Expected":
        return Expected(
            self.kinds | other.kinds,
            self.in_scope + other.in_scope,
            self.unmeasured + other.unmeasured,
            self.regular + other.regular,
        )


@dataclass(frozen=True, slots=True)
class Province:
    """The province, its servers running.

    Attributes:
        people: The unit of each mailbox.
        expected: By month, what each mailbox did.
    """

    folder: Path
    exchange: ServedAt
    dovecot: Dovecot
    people: Mapping[str, str]
    expected: Mapping[Period, Mapping[str, Did]]

    @property
    def config(self) -> Path:
        return self.folder / "mailaudit.toml"

    def configure(self, *, is_moved: bool = False, is_down: bool = False) -> None:
        """Writes the configuration: before the third domain's mailboxes were moved, or after.

        Args:
            is_down: Whether nothing answers where Dovecot should; with a store of its own then.
        """
        password, ca = self.folder / "ews-password", self.folder / "ews-ca.pem"
        shutil.copy(self.exchange.directory / "password", password)
        shutil.copy(self.exchange.ca_path, ca)
        (self.folder / "imap-password").write_text(PASSWORD, encoding="utf-8")
        for path in (password, self.folder / "imap-password"):
            path.chmod(0o600)
        written = self.exchange.config_path.read_text(encoding="utf-8")
        keys = re.search(r"\[server\]\n(.*?)\npassword_file", written, flags=re.DOTALL)
        assert keys is not None
        logs = self.folder / "logs"
        last = (
            self._imap(MOVED, LOGS, self.dovecot.port)
            if is_moved
            else f'[[servers]]\nname = "{SERVERS[LOGS]}"\nkind = "tracking"\n'
            f'domains = ["{LOGS}"]\n[servers.folders]\n'
            f'EX01 = "{logs / "EX01"}"\nEX02 = "{logs / "EX02"}"\n'
        )
        self.config.write_text(
            f"""[organisation]
name = "Ủy ban nhân dân tỉnh Mẫu"
domains = ["{EWS}", "{IMAP}", "{LOGS}"]
[[servers]]
name = "{SERVERS[EWS]}"
kind = "ews"
domains = ["{EWS}"]
{keys[1]}
password_file = "ews-password"
ca_file = "ews-ca.pem"
{self._imap(SERVERS[IMAP], IMAP, 9 if is_down else self.dovecot.port)}
{last}
[roster]
file = "staff.csv"
units = "units.csv"
[store]
file = "{"down" if is_down else "mailaudit"}.db"
[report]
language = "vi"
illustrative = true
""",
            encoding="utf-8",
        )

    def unit(self, code: str, month: Period) -> Expected:
        """What is expected of a unit in a month."""
        kind = {EWS: "EWS", IMAP: "IMAP", LOGS: "IMAP" if month == JUNE else "TRACKING"}
        total = Expected(frozenset(), WITHOUT.get(code, 0), 0, 0)
        for box, unit in self.people.items():
            if unit == code:
                of_box = kind[box.partition("@")[2]]
                is_seen = of_box != "TRACKING"
                is_regular = is_seen and self.expected[month][box].is_regular
                total += Expected(frozenset({of_box}), 1, not is_seen, is_regular)
        return total

    def run(self, *arguments: str | Path, language: str = "vi") -> Ran:
        """Runs a command in the province's folder."""
        return mailaudit(*arguments, cwd=self.folder, language=language)

    def _imap(self, name: str, domain: str, port: int) -> str:
        return (
            f'[[servers]]\nname = "{name}"\nkind = "imap"\ndomains = ["{domain}"]\n'
            f'host = "localhost"\nport = {port}\nusername = "{MASTER}"\n'
            f'password_file = "imap-password"\nca_file = "{self.dovecot.ca_file}"\n'
        )


@contextmanager
def a_merged_province(folder: Path) -> Iterator[Province]:
    """Serves it while the block runs."""
    people = _people()
    traffic = _write_traffic(folder / "traffic.csv", people)
    for domain in DOMAINS:
        _write_people(folder / f"{domain}.csv", {b: u for b, u in people.items() if domain in b})
    _write_lists(folder, people)
    own = Traffic(traffic, folder / f"{IMAP}.csv"), Traffic(traffic, folder / f"{LOGS}.csv")

    def fill(server: Dovecot) -> None:
        for half in own:
            for address in half.addresses:
                mailbox = half.mailbox(address)
                assert mailbox is not None
                write_maildir(mailbox, server.mail / address, server.own)

    logs = Options(traffic=traffic, people=folder / f"{LOGS}.csv", tracking=folder / "logs")
    with served(folder / "logs-server", logs):
        pass
    addresses = [address for half in own for address in half.addresses]
    exchange = Options(traffic=traffic, people=folder / f"{EWS}.csv")
    with (
        served(folder / "exchange", exchange) as place,
        running(addresses, PASSWORD, fill=fill) as dovecot,
    ):
        expected = {month: _expected(traffic, people, month) for month in (MAY, JUNE)}
        yield Province(folder, place, dovecot, people, expected)


def _people() -> dict[str, str]:
    """The unit of each mailbox, whose domain follows from the unit."""
    found: dict[str, str] = {}
    numbers: defaultdict[str, int] = defaultdict(int)
    with (DATA / "eu-core-people.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            unit = row["unit_code"]
            domains = domains_of(unit)
            name = row["mailbox"].partition("@")[0]
            found[f"{name}@{domains[numbers[unit] % len(domains)]}"] = unit
            numbers[unit] += 1
    return found


def _write_traffic(path: Path, people: Mapping[str, str]) -> Path:
    """The recorded traffic between these mailboxes."""
    new = {mailbox.partition("@")[0]: mailbox for mailbox in people}
    with (
        gzip.open(DATA / "eu-core-traffic.csv.gz", "rt", encoding="utf-8", newline="") as source,
        path.open("w", encoding="utf-8", newline="") as file,
    ):
        rows = csv.DictReader(source)
        writer = csv.DictWriter(file, list(rows.fieldnames or ()))
        writer.writeheader()
        for row in rows:
            if row["sent_at_utc"] > "2026-07-01":
                continue
            parties = {key: new[row[key].partition("@")[0]] for key in ("sender", "recipient")}
            writer.writerow(row | parties)
    return path


def _write_people(path: Path, people: Mapping[str, str]) -> None:
    lines = "".join(f"{box},{unit}\n" for box, unit in people.items())
    path.write_text(f"mailbox,unit_code\n{lines}", encoding="utf-8")


def _write_lists(folder: Path, people: Mapping[str, str]) -> None:
    rows = [f"{box},{unit},{box[2:6]},Nguyễn Văn {box[2:6]}" for box, unit in people.items()]
    rows += [
        f",{unit},K{unit}{n},Trần Thị {unit}{n}"
        for unit, few in WITHOUT.items()
        for n in range(few)
    ]
    header = "Hộp thư,Mã đơn vị,Mã CBCCVC,Họ và tên"
    (folder / "staff.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    lines = [
        f'{code},"{name}","{DEPARTMENTS if int(code[1:]) < 13 else COMMUNES}"'
        for code, name in UNITS.items()
    ]
    units = "\n".join(["Mã đơn vị,Tên đơn vị,Nhóm", *lines])
    (folder / "units.csv").write_text(units + "\n", encoding="utf-8")


def _expected(traffic: Path, people: Mapping[str, str], month: Period) -> dict[str, Did]:
    """What each mailbox did in a month, counted from the traffic alone."""
    sent: defaultdict[str, set[str]] = defaultdict(set)
    days: defaultdict[str, set[datetime]] = defaultdict(set)
    received: defaultdict[str, list[int]] = defaultdict(list)
    with traffic.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            moment = datetime.fromisoformat(row["sent_at_utc"]).astimezone(month.tz)
            if (moment.year, moment.month) != (month.year, month.month):
                continue
            sent[row["sender"]].add(row["sent_at_utc"])
            days[row["sender"]].add(moment.replace(hour=0, minute=0, second=0))
            received[row["recipient"]].append(int(row["read"]))
    return {
        box: Did(
            len(sent[box]),
            len(received[box]),
            sum(received[box]),
            len(days[box]),
            sum(day.weekday() < SATURDAY for day in days[box]),
        )
        for box in people
    }
