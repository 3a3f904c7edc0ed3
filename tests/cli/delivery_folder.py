"""A folder with a collected month to deliver, and a configuration for a post office."""

import sqlite3
from collections.abc import Collection, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from audit_folder import config_text
from command_line import Ran, mailaudit
from stored_months import SOURCE, an_audit_of

from mailaudit.model.period import Period
from mailaudit.roster import read_roster
from mailaudit.store import SnapshotStore
from smtp_server import PASSWORD, PostOffice

OCTOBER = Period(2026, 10)
AN, BINH, CUONG = "an@vidu.gov.vn", "binh@vidu.gov.vn", "cuong@vidu.gov.vn"
CHAIR, VICE = "chutich@vidu.gov.vn", "phochutich@vidu.gov.vn"
HEADER = "Mã đơn vị,Tên đơn vị,Nhóm,Mã đơn vị cấp trên,Thủ trưởng,Hộp thư thủ trưởng\n"
UNITS = (
    f"{HEADER}SNV,Sở Nội vụ,Sở,,Nguyễn Văn An,{AN}\n"
    "SNV/VP,Văn phòng Sở,Sở,SNV,Lê Thị Dung,dung@vidu.gov.vn\n"
    "SNV-CC,Chi cục,Sở,SNV,,\n"
    f"SYT,Sở Y tế,Sở,,Trần Thị Bình,{BINH}\n"
    f"SYT2,Trung tâm Y tế,Sở,,Trần Thị Bình,{BINH}\n"
    "STC,Sở Tài chính,Sở,,,\n"
)
SIZES = {"SNV": 5, "SNV/VP": 12, "SNV-CC": 14, "SYT": 20, "SYT2": 9, "STC": 8}
REPORT = 'formats = ["html"]'


def a_month_to_deliver(
    folder: Path,
    units: str = UNITS,
    at: datetime = OCTOBER.end + timedelta(days=1),
    *,
    sizes: Mapping[str, int] = SIZES,
    measured: int | None = None,
    quiet: Collection[str] = (),
    mail: bool = True,
) -> None:
    """October 2026, collected; see `an_audit_of`."""
    folder.mkdir(parents=True, exist_ok=True)
    month = (OCTOBER, at)
    an_audit_of(folder, month, sizes=sizes, units=units, measured=measured, quiet=quiet, mail=mail)
    password = folder / "delivery-password"
    password.write_text(PASSWORD + "\n", "utf-8")
    password.chmod(0o600)


def configure(
    folder: Path,
    office: PostOffice,
    *,
    server: str = "",
    tables: dict[str, str] | None = None,
    **changes: str,
) -> None:
    """Has the folder's month delivered by this office to the chair and the heads.

    Args:
        server: Further keys of [server].
        tables: Other tables of the configuration.
        changes: Keys of [delivery]; "" leaves one out.
    """
    delivery = office.table(**{"board": f'["{CHAIR}"]'} | changes)
    named = {"report": REPORT, "delivery": delivery} | (tables or {})
    text = config_text(server=server, **named)
    (folder / "mailaudit.toml").write_text(text, "utf-8")


def deliver(folder: Path, *arguments: str | Path, language: str = "en") -> Ran:
    """Runs `mailaudit deliver` for October."""
    lang = ("--lang", language)
    return mailaudit("deliver", "--period", str(OCTOBER), *lang, *arguments, cwd=folder)


def noted(folder: Path) -> list[tuple[str, str]]:
    """Every attempt in the store: recipient and fate."""
    with closing(sqlite3.connect(folder / "mailaudit.db")) as connection:
        query = "SELECT recipient, fate FROM delivery ORDER BY id"
        return list(connection.execute(query))


def published(folder: Path) -> list[str]:
    """The audiences in the register of what was published."""
    with closing(sqlite3.connect(folder / "mailaudit.db")) as connection:
        return [row[0] for row in connection.execute("SELECT audience FROM publication")]


def next_edition(folder: Path, *, people: int = 1) -> None:
    """Counts the month with a changed staff list, as its next edition."""
    lines = (folder / "roster.csv").read_text("utf-8").splitlines()
    (folder / "roster.csv").write_text("\n".join(lines[:-people]), "utf-8")
    roster, _ = read_roster(folder / "roster.csv", folder / "units.csv", OCTOBER)
    later = OCTOBER.end + timedelta(days=2)
    with SnapshotStore.at(folder / "mailaudit.db") as store:
        store.renew(OCTOBER, roster, SOURCE, now=later).finish(later)
