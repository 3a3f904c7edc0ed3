"""`mailaudit check`: each line of it, right and wrong, and what it must never do."""

import io
import json
import os
import re
import socket
import sqlite3
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import (
    chdir,
    closing,
    contextmanager,
    redirect_stderr,
    redirect_stdout,
    suppress,
)
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import trustme
from audit_folder import ROSTER, SECRET, UNITS, an_audit
from collecting_builders import TrafficFiles, Workplace, address, write_traffic
from command_line import Ran, environment, mailaudit

from mailaudit import cli
from mailaudit.cli import console
from mailaudit.demo.options import Options, ServedAt
from mailaudit.demo.process import served
from mailaudit.store.schema import NEWEST

# Written out once more: monitoring programs rely on these names.
NAMES = [
    "configuration", "store", "reports", "objections", "wording", "units", "events", "staff",
    "domains", "calendar", "schedule", "password", "address", "port", "certificate", "service",
    "login", "clock", "mailbox", "outside", "speed", "duration", "delivery", "deliverytls",
    "deliverylogin", "notify",
]  # fmt: skip
SELDOM = ("logs", "usagereports")  # where there are such files, or where nobody knows
OF_SENDING = NAMES[NAMES.index("delivery") :]
OF_SERVER = NAMES[NAMES.index("service") : NAMES.index("delivery")]
ALLOWED_OPERATIONS = {"GetServerTimeZones", "FindFolder", "GetFolder", "FindItem"}
SHA256 = "a digest"
OUTSIDE = "administrator@tinh.test"
DENIED, MISSING, OFFLINE, DAMAGED = (address(number) for number in (1, 2, 4, 5))
FAULTS = f"""
[[fault]]
kind = "http-404"
mailboxes = ["{DAMAGED}"]
"""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the JSON document."""

    state: str
    text: str
    remedy: str


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedAt]:
    """Seven units of two mailboxes, some of whose first ones can't be opened."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "faults.toml").write_text(FAULTS, encoding="utf-8")
    options = Options(
        **write_recent_traffic(folder),
        access_log=folder / "access.jsonl",
        log_bodies=True,
        faults=folder / "faults.toml",
        failing={
            OUTSIDE: "ErrorImpersonateUserDenied",
            DENIED: "ErrorImpersonateUserDenied",
            MISSING: "ErrorNonExistentMailbox",
            OFFLINE: "ErrorMailboxStoreUnavailable",
        },
    )
    with served(folder, options) as place:
        yield place


@pytest.fixture
def work(place: ServedAt, tmp_path: Path) -> Workplace:
    return Workplace.at(tmp_path / "work", place)


def write_recent_traffic(folder: Path) -> TrafficFiles:
    """Mail of May, and one mail of each mailbox in the last month that is over."""
    files = write_traffic(folder, 14)
    last_month = datetime.now(UTC).replace(day=1) - timedelta(days=10)
    with files["traffic"].open("a", encoding="utf-8") as file:
        for number in range(14):
            sender, recipient = address(number), address((number + 1) % 14)
            file.write(f"{last_month.isoformat()},{sender},{recipient},1\n")
    return files


def configured(work: Workplace, old: str, new: str) -> None:
    """Changes the configuration."""
    file = work.folder / "mailaudit.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text, text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")  # of [server], which comes first


def without_delivery(work: Workplace) -> None:
    """Takes the other account that logs in out of the configuration."""
    file = work.folder / "mailaudit.toml"
    file.write_text(file.read_text("utf-8").partition("[delivery]")[0], "utf-8")


def listed_but_for(work: Workplace, *mailboxes: str) -> None:
    """Gives the configuration a staff list of its own, without some of the people."""
    text = (work.folder / "mailaudit.toml").read_text(encoding="utf-8")
    (listed,) = re.findall(r'^file = "(.*people\.csv)"$', text, flags=re.MULTILINE)
    rows = Path(listed).read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [row for row in rows if row.partition(",")[0] not in mailboxes]
    (work.folder / "people.csv").write_text("".join(kept), encoding="utf-8")
    configured(work, listed, "people.csv")


def checked(folder: Path, *arguments: str) -> tuple[Ran, dict[str, Line]]:
    """Runs the check; its lines by name. Where a check has several lines the last one counts.

    In this process, which has imported everything: there are many of them.
    """
    out, err = io.StringIO(), io.StringIO()
    command = ["mailaudit", "check", "--json", *arguments]
    with (
        chdir(folder),
        redirect_stdout(out),
        redirect_stderr(err),
        patch.object(sys, "argv", command),
        patch.object(console, "_chosen", None),
        patch.dict(os.environ, environment(), clear=True),
    ):
        ran = Ran(cli.run() or 0, out.getvalue(), err.getvalue())
    document = json.loads(ran.out)
    assert set(document) == {"state", "checks"}
    assert all(set(entry) == {"check", "state", "text", "remedy"} for entry in document["checks"])
    lines = {entry.pop("check"): Line(**entry) for entry in document["checks"]}
    states = {line.state for line in lines.values()}
    assert document["state"] == next((s for s in ("failure", "warning") if s in states), "ok")
    assert (ran.code, ran.err) == (3 if "failure" in states else 0, "")
    names = list(dict.fromkeys(name.partition(":")[0] for name in lines))
    names = [name for name in names if name not in SELDOM]
    unsaid = set(OF_SENDING[1:3])  # where there is nothing to send by
    assert names in (NAMES, [name for name in NAMES if name not in unsaid])
    return ran, lines


def line_of(folder: Path, name: str, *arguments: str) -> Line:
    return checked(folder, *arguments)[1][name]


def states(lines: dict[str, Line], state: str) -> list[str]:
    return [name for name, line in lines.items() if line.state == state]


def log_since(place: ServedAt, start: int = 0) -> list[dict[str, Any]]:
    content = (place.directory / "access.jsonl").read_bytes()[start:]
    return [json.loads(line) for line in content.splitlines()]


def log_size(place: ServedAt) -> int:
    return (place.directory / "access.jsonl").stat().st_size


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below a folder: what it holds, and when it was changed."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_sound_setup_is_ok_line_by_line(work: Workplace) -> None:
    """As a person reads it: every line, what it says, and the sum."""
    ran = mailaudit("check", "--units", "1", "--outside", OUTSIDE, cwd=work.folder)
    assert (ran.code, ran.err) == (0, "")
    *lines, blank, last = ran.out.splitlines()
    assert blank == ""
    assert last == "25 ok, 1 warnings, 0 failures, 0 not checked."
    others = [line for line in lines if not re.match(r"ok {13}[A-Z].*: .+\.$", line)]
    assert [line.split(": ")[0] for line in others if line[0] != " "] == ["WARNING        Schedule"]
    text = "\n".join(lines)
    for part in (
        "Configuration: mailaudit.toml was read; every key in it is known.",
        "Store: mailaudit.db is made by the first collection.",
        "Reports: reports is made by the first report.",
        "Objections: report.contact and report.objection_days are not set: units' pages",
        "Staff list: 14 people and 14 mailboxes in 7 units: ",
        "Password: Found: password.",
        "Server's name: 127.0.0.1 is at 127.0.0.1.",
        "Mail service: Answers as Exchange Server 2016 (15.1.2507.39), asked as Exchange2016.",
        "Login: TINHMAU\\svc-mailaudit logged in (ntlm).",
        "Clock: The server's clock agrees with this computer's.",
        f"Mailbox: U0: {address(0)} can be opened.",
        f"Outside: {OUTSIDE} is refused, as it must be (ErrorImpersonateUserDenied).",
        "Duration: 14 mailboxes will take between 0 and 1 minutes with 8 connections, while",
        "Sending, login: TINHMAU\\baocao logged in; no mail was sent.",
    ):
        assert part in text


def test_vietnamese_is_spoken_by_default(work: Workplace) -> None:
    """Every word of the lines, the marks too."""
    configured(work, '"en"', '"vi"')
    ran = mailaudit("check", "--units", "2", cwd=work.folder, language="vi")
    assert ran.code == 0
    assert "\nđạt            Mật khẩu: Đã tìm thấy: password.\n" in ran.out
    assert "\nchưa kiểm tra  Ngoài phạm vi: Chưa nêu hộp thư nào phải bị từ chối.\n" in ran.out
    assert ran.out.endswith(" đạt, 1 cảnh báo, 0 lỗi, 1 chưa kiểm tra.\n")


def test_nothing_is_left_and_little_is_asked(place: ServedAt, work: Workplace) -> None:
    """No file is made or changed; one login of each account; of mailboxes the sample only."""
    before, start = contents(work.folder), log_size(place)
    checked(work.folder, "--units", "1", "--outside", OUTSIDE)
    assert contents(work.folder) == before
    asked = log_since(place, start)
    assert sum(entry.get("attempt", False) for entry in asked) == 2
    answered = [entry for entry in asked if entry["status"] != 401]
    assert [(entry["operation"], entry["mailbox"]) for entry in answered] == [
        ("GetServerTimeZones", ""),
        ("FindFolder", address(0)),
        ("FindItem", address(0)),
        ("FindFolder", OUTSIDE),
        ("GetServerTimeZones", ""),  # of who sends
    ]
    assert {entry["operation"] for entry in answered} <= ALLOWED_OPERATIONS
    assert len({entry["connection"] for entry in asked}) == 2


def test_mailbox_that_is_not_opened_says_why(work: Workplace) -> None:
    """Those of other units are opened all the same."""
    _, lines = checked(work.folder, "--units", "99")
    found = {name: line for name, line in lines.items() if name.startswith("mailbox:")}
    assert states(found, "ok") == ["mailbox:U0", "mailbox:U3", "mailbox:U6"]
    assert found["mailbox:U1"] == Line(
        "failure",
        f"U1: the account may not open {DENIED} (ErrorImpersonateUserDenied).",
        "Put the mailbox into the scope of the account's right; the commands for it:"
        " mailaudit exchange-setup",
    )
    assert found["mailbox:U2"] == Line(
        "warning",
        f"U2: the server has no mailbox {MISSING} (ErrorNonExistentMailbox).",
        "Correct the address in the staff list, or create the mailbox.",
    )
    assert found["mailbox:U4"] == Line(
        "warning",
        f"U4: {OFFLINE} could not be opened just now (ErrorMailboxStoreUnavailable).",
        "Run mailaudit check again later; if it stays so, look at the mailbox's database.",
    )
    assert found["mailbox:U5"] == Line(
        "failure",
        f"U5: the answer about {DAMAGED} can't be used (HTTP 404).",
        "Check server.version, and whether a proxy changes requests or answers.",
    )
    assert lines["speed"].state == lines["duration"].state == "ok"


@pytest.mark.parametrize(
    ("outside", "state", "text"),
    [
        (
            address(13),
            "failure",
            f"{address(13)} is on the staff list, and must not be refused.",
        ),
        (
            "nobody@tinh.test",
            "warning",
            "Whether nobody@tinh.test is refused is not known: ErrorNonExistentMailbox.",
        ),
        (
            OUTSIDE,
            "ok",
            f"{OUTSIDE} is refused, as it must be (ErrorImpersonateUserDenied).",
        ),
    ],
)
def test_outside_mailbox(work: Workplace, outside: str, state: str, text: str) -> None:
    line = line_of(work.folder, "outside", "--units", "1", "--outside", outside)
    assert (line.state, line.text) == (state, text)


def test_outside_mailbox_that_is_not_refused_is_warned_of(work: Workplace) -> None:
    """The staff list has everybody but one, whom the account may open all the same."""
    listed_but_for(work, address(13))
    line = line_of(work.folder, "outside", "--units", "1", "--outside", address(13).upper())
    assert (line.state, line.text, line.remedy) == (
        "warning",
        f"{address(13)} was not refused: the account may open more mailboxes than the staff's.",
        "Limit its right to the staff's mailboxes; the commands for it: mailaudit exchange-setup",
    )


def test_wrong_password_is_tried_once(place: ServedAt, work: Workplace) -> None:
    """And what it keeps from being known is not checked, not ok."""
    (work.folder / "password").write_text("wr0ng-s3cret\n", encoding="ascii")
    without_delivery(work)
    start = log_size(place)
    ran, lines = checked(work.folder, "--outside", OUTSIDE)
    assert ran.code == 3
    assert states(lines, "failure") == ["login"]
    assert lines["login"].text == "127.0.0.1 refuses the login of TINHMAU\\svc-mailaudit."
    assert "It was tried once only" in lines["login"].remedy
    assert lines["service"].text == "The login is refused before the service is reached."
    assert lines["clock"].state == "ok"  # a wrong clock is a reason to be refused
    assert lines["mailbox"].text == "This has to be in order first: Mail service."
    assert states(lines, "not checked") == ["service", "mailbox", "outside", "speed", "duration"]
    tried = log_since(place, start)
    assert sum(entry.get("attempt", False) for entry in tried) == 1
    assert {entry["status"] for entry in tried} == {401}


@pytest.mark.parametrize("is_right", [True, False])
@pytest.mark.parametrize("how", [("--verbose",), ("--json", "--verbose")])
def test_password_is_shown_nowhere(
    place: ServedAt, work: Workplace, how: tuple[str, ...], is_right: bool
) -> None:
    """On the terminal, in the document, in the log of what happens, in a file."""
    file = work.folder / "password"
    if not is_right:
        file.write_text("wr0ng-s3cret\n", encoding="ascii")
    password = file.read_text(encoding="ascii").strip()
    ran = mailaudit("check", "--units", "5", *how, cwd=work.folder)
    assert ran.code == 3  # the second unit's mailbox can't be opened
    assert password not in ran.out + ran.err
    others = {name: held for name, (held, _) in contents(work.folder).items() if name != "password"}
    assert not [name for name, held in others.items() if password.encode() in held]
    assert "Login" in ran.out or '"login"' in ran.out
    assert f"settings {SHA256}" in re.sub("[0-9a-f]{64}", SHA256, ran.err)


def test_account_without_the_right_fails_for_each_unit(place: ServedAt, work: Workplace) -> None:
    """As another account that may log in and open nothing."""
    accounts = place.accounts_path.read_text(encoding="utf-8")
    (password,) = re.findall(r"^TINHMAU:svc-ordinary:(.*)$", accounts, flags=re.MULTILINE)
    (work.folder / "password").write_text(password + "\n", encoding="ascii")
    configured(work, "svc-mailaudit", "svc-ordinary")
    _, lines = checked(work.folder, "--units", "1", "--outside", OUTSIDE)
    assert states(lines, "failure") == ["mailbox:U0"]
    assert lines["mailbox:U0"].text == (
        f"U0: the account may not open {address(0)} (ErrorImpersonateUserDenied)."
    )
    assert lines["outside"].state == "ok"
    for name in ("speed", "duration"):
        assert lines[name] == Line("not checked", "No mailbox could be opened.", "")


def test_mailboxes_are_asked_within_the_window_only(place: ServedAt, work: Workplace) -> None:
    """The login is tried at any time, as by a collection; the rest says when."""
    local = datetime.now(UTC) + timedelta(hours=7)
    opens, closes = (f"{local + timedelta(hours=hours):%H:%M}" for hours in (3, 4))
    configured(work, "max_connections = 8", f'window = "{opens}-{closes}"')
    start = log_size(place)
    _, lines = checked(work.folder, "--outside", OUTSIDE)
    for name in ("mailbox", "outside"):
        assert lines[name] == Line(
            "not checked",
            f"Mailboxes are asked within server.window only, from {opens} to {closes}.",
            "Run mailaudit check within it.",
        )
    assert {entry["mailbox"] for entry in log_since(place, start)} == {""}
    assert states(lines, "failure") == []


@pytest.mark.parametrize(
    ("old", "new", "name", "state", "text"),
    [
        (
            '"password"', '"no"', "password", "failure",
            "server.password_file names no file that this account can see.",
        ),
        (
            'version = "Exchange2016"', 'version = "Exchange2015"', "configuration", "failure",
            "The configuration mailaudit.toml can't be used as it stands:\n  server.version: must"
            " be one of 'Exchange2010_SP2', 'Exchange2013', 'Exchange2013_SP1', 'Exchange2016'",
        ),
        (
            "/EWS/Exchange.asmx", "/owa", "service", "failure",
            "127.0.0.1 does not answer as an Exchange web service: HTTP 404.",
        ),
        (
            '"ca.pem"', '"no.pem"', "certificate", "failure",
            "The CA file no.pem can't be used: there is no such file or folder.",
        ),
        (
            'folder = "reports"', 'folder = "password/x"', "reports", "failure",
            "password is a file, not a folder.",
        ),
        (
            '"mailaudit.db"', '"no/mailaudit.db"', "store", "failure",
            "The folder of the store no/mailaudit.db does not exist.",
        ),
        (
            '"mailaudit.db"', '"password"', "store", "failure",
            "password is not a mailaudit store.",
        ),
        (
            "[annex]", '[annex]\nwording = "no.txt"', "wording", "failure",
            "The wording no.txt can't be read: there is no such file or folder.",
        ),
        (
            "[store]", 'units = "no.csv"\n[store]', "units", "failure",
            "There is no list no.csv.",
        ),
        (
            "[store]", 'events = "no.csv"\n[store]', "events", "failure",
            "There is no list no.csv.",
        ),
        (
            "[store]", '[calendar]\nfile = "no.toml"\n[store]', "calendar", "failure",
            "The calendar no.toml can't be read: there is no such file or folder.",
        ),
        (
            '["tinh.test"]', '["vidu.gov.vn"]', "domains", "warning",
            "14 mailboxes are outside the organisation's mail domains: p0@tinh.test, p1@tinh.test,"
            " p2@tinh.test, ….",
        ),
    ],
)  # fmt: skip
def test_wrong_setup_is_named(
    work: Workplace, old: str, new: str, name: str, state: str, text: str
) -> None:
    """Each on its own line, with what to do; what follows from it is not checked."""
    configured(work, old, new)
    ran, lines = checked(work.folder, "--units", "1")
    found = lines[name]
    assert (found.state, found.text) == (state, text)
    assert found.remedy
    unscheduled = ["schedule"] if state == "warning" else []
    assert states(lines, state) == [name, *unscheduled]
    assert ran.code == (3 if state == "failure" else 0)


def test_unreadable_configuration_leaves_nothing_checked(tmp_path: Path) -> None:
    """Every other line says so; no server is asked."""
    ran, lines = checked(tmp_path, "--config", "no.toml")
    assert states(lines, "failure") == ["configuration"]
    assert lines["configuration"].text == (
        "The configuration no.toml can't be read: there is no such file or folder."
    )
    after = Line("not checked", "This has to be in order first: Configuration.", "")
    assert {lines[name] for name in (*NAMES[1:], *SELDOM)} == {after}
    assert ran.code == 3


def test_faulty_staff_list_names_its_rows(work: Workplace) -> None:
    """The right can't be tried without it; the login can."""
    listed_but_for(work)
    (work.folder / "people.csv").write_text(
        "mailbox,unit_code\np0(at)tinh,U0\np1@tinh.test,U1\n", encoding="utf-8"
    )
    _, lines = checked(work.folder)
    assert states(lines, "failure") == ["staff"]
    assert lines["staff"].text.splitlines() == [
        "1 rows of people.csv can't be used as they stand:",
        '  people.csv:2 (A2): "p0(at)tinh" is not a mail address',
    ]
    assert lines["staff"].remedy == "Correct them in the file and run again."
    assert lines["login"].state == "ok"
    assert lines["mailbox"].text == "This has to be in order first: Staff list."


def test_years_that_are_missing_or_not_decided_are_warned_of(work: Workplace) -> None:
    """A calendar without this year, and one that is not final."""
    now = datetime.now(UTC)
    lines = ["[[years]]\nyear = 2020"]
    if now.month > 2:  # in January and February the next report may be of the year before
        (work.folder / "calendar.toml").write_text("\n".join(lines), encoding="utf-8")
        configured(work, "[store]", '[calendar]\nfile = "calendar.toml"\n[store]')
        ran = mailaudit("check", "--units", "1", cwd=work.folder)
        assert ran.code == 0
        assert (
            f"WARNING        Calendar: The calendar has no year {now.year}: its days off are"
            " computed, without swaps.\n               → Add the year to the file of calendar.file"
            " once it is decided; reports say that they are estimated until then.\n"
        ) in ran.out
        years = "".join(
            f"[[years]]\nyear = {year}\nprovisional = true\n" for year in (now.year, now.year + 1)
        )
        (work.folder / "calendar.toml").write_text(years, encoding="utf-8")
        ran = mailaudit("check", "--units", "1", cwd=work.folder)
        assert f"WARNING        Calendar: The days off of {now.year} are not finally" in ran.out


def test_calendar_of_an_unknown_unit_is_named(work: Workplace) -> None:
    """Its Saturdays would count nowhere."""
    year = datetime.now(UTC).year
    (work.folder / "calendar.toml").write_text(
        f'[[years]]\nyear = {year}\n[[years]]\nyear = {year + 1}\n[[unit_calendars]]\nname = "x"\n'
        'units = ["U66"]\nsaturday = true\n',
        encoding="utf-8",
    )
    configured(work, "[store]", '[calendar]\nfile = "calendar.toml"\n[store]')
    line = line_of(work.folder, "calendar", "--units", "1")
    assert (line.state, line.text) == (
        "failure",
        "In the calendar calendar.toml, [[unit_calendars]] names the unknown unit U66.",
    )


def test_lists_that_should_be_looked_at_are_warned_of(tmp_path: Path) -> None:
    """Nothing in them stops a run: two units that differ by spelling, an event of a unit that there
    is not, a person in two units."""
    an_audit(
        tmp_path,
        roster='file = "roster.csv"\nunits = "units.csv"\nevents = "events.csv"',
        report='language = "en"',
    )
    (tmp_path / "units.csv").write_text(f"{UNITS}H02,Sở  nội vụ,Sở\n", encoding="utf-8")
    (tmp_path / "events.csv").write_text(
        "Ngày hiệu lực,Sự kiện,Đơn vị trước,Đơn vị sau,Văn bản\n01/07/2025,giải thể,H77,,\n",
        encoding="utf-8",
    )
    again = "A1,Nguyễn An,H02,công chức,an@vidu.gov.vn,,,\n"
    (tmp_path / "roster.csv").write_text(ROSTER + again, encoding="utf-8")
    _, lines = checked(tmp_path)
    for name, text in (
        ("units", "1 things to correct, the first at units.csv:3: "),
        ("events", "1 things to correct, the first at events.csv:2: "),
    ):
        assert lines[name].state == "warning"
        assert lines[name].text.startswith(text)
        assert lines[name].remedy == ("To see all that is to be corrected: mailaudit units check")
    assert lines["staff"] == Line(
        "warning", "1 remarks on the staff list.", "Look at them: mailaudit roster check"
    )


@pytest.mark.skipif(os.name != "posix", reason="access rights of files are POSIX's")
def test_password_file_open_to_others_fails(place: ServedAt, work: Workplace) -> None:
    """And no login is tried with it."""
    (work.folder / "password").chmod(0o644)
    without_delivery(work)
    start = log_size(place)
    _, lines = checked(work.folder)
    assert lines["password"].text == (
        "The password file password can be read by other users of this machine."
    )
    assert lines["certificate"].state == "ok"
    assert states(lines, "not checked") == OF_SERVER
    assert log_since(place, start) == []


@pytest.fixture(scope="module")
def collected(place: ServedAt, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A store in which May is sealed."""
    work = Workplace.at(tmp_path_factory.mktemp("collected"), place)
    listed_but_for(work, DENIED, MISSING, OFFLINE, DAMAGED)
    ran = work.run()
    assert "Sealed" in ran.out, ran.err
    return work.store.read_bytes()


def test_sealed_store_is_verified(collected: bytes, work: Workplace) -> None:
    """Not a byte of it is changed, and nothing is left beside it."""
    work.store.write_bytes(collected)
    before = contents(work.folder)
    line = line_of(work.folder, "store", "--units", "1")
    assert (line.state, line.text) == (
        "ok",
        "mailaudit.db (1 MB) is sound; 1 sealed editions are as they were sealed.",
    )
    assert contents(work.folder) == before


def test_forged_store_is_found(collected: bytes, work: Workplace) -> None:
    """One figure was changed past the triggers."""
    work.store.write_bytes(collected)
    with closing(sqlite3.connect(work.store)) as connection:
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for (name,) in connection.execute(triggers).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE outcome SET days = replace(days, '1', '2')")
        connection.commit()
    _, lines = checked(work.folder, "--units", "1")
    assert states(lines, "failure") == ["store"]
    assert (lines["store"].text, lines["store"].remedy) == (
        "The snapshot 2026-05 in mailaudit.db was changed after it was sealed.",
        "Restore the file from a backup; nothing was overwritten.",
    )


def test_damaged_store_is_found(collected: bytes, work: Workplace) -> None:
    damaged = bytearray(collected)
    for start in range(4096 * 3, len(damaged), 4096):
        damaged[start : start + 512] = b"\xff" * 512
    work.store.write_bytes(damaged)
    line = line_of(work.folder, "store", "--units", "1")
    assert (line.state, line.text) == ("failure", "The store mailaudit.db is damaged.")
    assert work.store.read_bytes() == damaged


@pytest.mark.parametrize("revision", ["9999", "0001"])
def test_store_of_another_version_is_left_alone(work: Workplace, revision: str) -> None:
    """A newer one is a failure; an older one would be brought up to date by other commands."""
    with closing(sqlite3.connect(work.store)) as connection:
        connection.execute("CREATE TABLE mailaudit_version (version_num TEXT NOT NULL)")
        connection.execute("INSERT INTO mailaudit_version VALUES (?)", [revision])
        connection.commit()
    assert revision != NEWEST
    before = contents(work.folder)
    line = line_of(work.folder, "store", "--units", "1")
    expected = {
        "9999": (
            "failure",
            "The store mailaudit.db was written by a newer mailaudit (schema 9999).",
        ),
        "0001": (
            "warning",
            "mailaudit.db (1 MB) is sound, but of an older mailaudit; no seal was checked.",
        ),
    }
    assert (line.state, line.text) == expected[revision]
    assert contents(work.folder) == before


@contextmanager
def shows(certificate: trustme.LeafCert) -> Iterator[int]:
    """A server that shows a certificate and says nothing; its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                plain, _ = listener.accept()
                plain.settimeout(5)
                with suppress(OSError), context.wrap_socket(plain, server_side=True) as sock:
                    sock.recv(1)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


DAYS = timedelta(days=1)


@pytest.mark.parametrize(
    ("name", "valid", "is_ours", "text"),
    [
        (
            "127.0.0.1", (-3 * DAYS, -DAYS), True,
            "The certificate of 127.0.0.1, or of its authority, has expired.",
        ),
        (
            "127.0.0.1", (DAYS, 3 * DAYS), True,
            "The certificate of 127.0.0.1, or of its authority, is not valid yet.",
        ),
        (
            "mail.tinh.test", (-DAYS, 90 * DAYS), True,
            "The certificate that 127.0.0.1 shows is for another name.",
        ),
        (
            "127.0.0.1", (-DAYS, 90 * DAYS), False,
            "The certificate of 127.0.0.1 can't be trusted: its authority is not known.",
        ),
    ],
)  # fmt: skip
def test_certificate_that_is_not_trusted_is_named(
    tmp_path: Path, name: str, valid: tuple[timedelta, timedelta], is_ours: bool, text: str
) -> None:
    """The password is not sent to such a server."""
    now = datetime.now(UTC)
    ours, other = trustme.CA(), trustme.CA()
    signer = ours if is_ours else other
    shown = signer.issue_cert(name, not_before=now + valid[0], not_after=now + valid[1])
    _, lines = _met(tmp_path, ours, shown)
    assert (lines["certificate"].state, lines["certificate"].text) == ("failure", text)
    assert lines["certificate"].remedy
    assert lines["port"].state == "ok"
    assert states(lines, "not checked") == OF_SERVER


@pytest.mark.parametrize(("days", "state"), [(29, "warning"), (32, "ok")])
def test_certificate_that_soon_expires_is_warned_of(tmp_path: Path, days: int, state: str) -> None:
    """Under 30 days."""
    now = datetime.now(UTC)
    ours = trustme.CA()
    until = now + days * DAYS + timedelta(hours=1)
    _, lines = _met(tmp_path, ours, ours.issue_cert("127.0.0.1", not_after=until))
    line = lines["certificate"]
    assert line.state == state
    assert f"{days} days" in line.text
    if state == "warning":
        assert line.text.startswith(
            f"The server's certificate is trusted, but expires in {days} days, on "
        )


def _met(folder: Path, ours: trustme.CA, shown: trustme.LeafCert) -> tuple[Ran, dict[str, Line]]:
    """What the check says of a server that shows this certificate."""
    ours.cert_pem.write_to_path(folder / "ca.pem")
    with shows(shown) as port:
        server = 'password_file = "password"\nca_file = "ca.pem"'
        config = an_audit(folder, server=server, report='language = "en"')
        text = config.read_text(encoding="utf-8").replace("127.0.0.1:9", f"127.0.0.1:{port}")
        config.write_text(text, encoding="utf-8")
        ran, lines = checked(folder)
    assert SECRET not in ran.out
    return ran, lines


@pytest.mark.parametrize(
    ("host", "name", "text"),
    [
        ("127.0.0.1:9", "port", "127.0.0.1 can't be reached: nothing answers on its port 9."),
        (
            "mail.tinh.invalid",
            "address",
            "There is no address of mail.tinh.invalid: its name is not known here.",
        ),
    ],
)
def test_server_that_is_not_there_is_named(tmp_path: Path, host: str, name: str, text: str) -> None:
    """What lies behind is not checked."""
    config = an_audit(tmp_path, report='language = "en"')
    content = config.read_text(encoding="utf-8").replace("127.0.0.1:9", host)
    config.write_text(content, encoding="utf-8")
    _, lines = checked(tmp_path)
    assert (lines[name].state, lines[name].text) == ("failure", text)
    behind = NAMES[NAMES.index(name) + 1 : NAMES.index("delivery")]
    assert states(lines, "not checked") == behind


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("--outside", "nobody"),
            "Error: --outside nobody is not a mail address. Write one address, such as"
            " administrator@example.gov.vn.",
        ),
        (
            ("--outside", "a@x.vn, b@x.vn"),
            "Error: --outside a@x.vn, b@x.vn is not a mail address. Write one address, such as"
            " administrator@example.gov.vn.",
        ),
        (
            ("--outside", "ân@x.vn"),
            "Error: --outside ân@x.vn is not a mail address. Write one address, such as"
            " administrator@example.gov.vn.",
        ),
        (
            ("--outside", "a@x.vn\r\nX-Other: 1"),
            "Error: --outside a@x.vn\r\nX-Other: 1 is not a mail address. Write one address, such"
            " as administrator@example.gov.vn.",
        ),
        (("--units", "0"), "Error: --units must be at least 1."),
        (("--units", "few"), "Error: --units must be a whole number."),
        (("--outside",), "Error: A value is missing after --outside."),
        (("now",), "Error: now is one argument too many."),
    ],
)
def test_wrong_usage_is_refused(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    """Before anything is checked."""
    ran = mailaudit("check", *arguments, cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.replace("\r", "").startswith(message.replace("\r", ""))
