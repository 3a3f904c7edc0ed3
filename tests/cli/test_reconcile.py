"""`mailaudit reconcile`: a month of one demonstration server beside that of another one."""

import csv
import re
import shutil
import signal
import sqlite3
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from collecting_builders import MAY, AccessLog, Workplace, committed, wait_until
from command_line import mailaudit, started
from docx import Document
from filelock import FileLock

from mailaudit.demo.options import Options, ServedAt
from mailaudit.demo.process import served
from mailaudit.store import SnapshotStore

BOXES = 8
PEOPLE = [f"p{number}@one.test" for number in range(BOXES)]
Mail = tuple[int, str, str]  # day, sender, recipient; "-" for one that only the other side has
OUTSIDE = "x@elsewhere.test"


def base() -> list[Mail]:
    """Everybody writes to the next one on five days."""
    return [
        (day, PEOPLE[at], PEOPLE[(at + 1) % BOXES]) for at in range(BOXES) for day in range(4, 9)
    ]


# What the second server has more (to or from outside, so that one mailbox has it alone), and less.
MORE: list[Mail] = [(12, OUTSIDE, PEOPLE[0]), (12, OUTSIDE, PEOPLE[0]), (13, PEOPLE[1], OUTSIDE)]
LESS: list[Mail] = [(14, OUTSIDE, PEOPLE[2])]
SHEETS = ["The whole", "Grounds", "Reasons", "By unit", "By mailbox", "One source"]
FILES = [
    "reports/mailaudit-2026-05-it-reconciliation-second.xlsx",
    "reports/mailaudit-2026-05-it-reconciliation-second.html",
    "reports/mailaudit-2026-05-reconciliation-second.docx",
]


def options(folder: Path, mails: Sequence[Mail], people: Sequence[str] = PEOPLE) -> Options:
    """Of a server with these mails in these mailboxes."""
    folder.mkdir()
    traffic, staff = folder / "traffic.csv", folder / "people.csv"
    with traffic.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["sent_at_utc", "sender", "recipient", "read"])
        for number, (day, sender, recipient) in enumerate(mails):
            at = f"2026-05-{day:02d}T05:00:{number % 60:02d}Z"
            writer.writerow([at, sender, recipient, 1])
    staff.write_text("mailbox,unit_code\n" + "".join(f"{box},U1\n" for box in people), "utf-8")
    return Options(traffic=traffic, people=staff, access_log=folder / "access.jsonl")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedAt]:
    folder = tmp_path_factory.mktemp("first") / "served"
    with served(folder, options(folder, base() + LESS)) as place:
        yield place


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedAt]:
    folder = tmp_path_factory.mktemp("second") / "served"
    with served(folder, options(folder, base() + MORE, PEOPLE[:-1])) as place:  # one is not there
        yield place


def an_audit(folder: Path, first: ServedAt, second: ServedAt, rest: str = "") -> Workplace:
    """A collected month, and the second server as a witness."""
    work = Workplace.at(folder, first)
    for name in ("password", "ca.pem"):
        shutil.copy(second.directory / name, folder / f"second-{name}")
    file = folder / "mailaudit.toml"
    text = file.read_text(encoding="utf-8")
    table = re.search(r"\[server\]\n(.*?)\n\n", text, flags=re.DOTALL)
    assert table is not None
    keys = dict(line.split(" = ", 1) for line in table[1].splitlines())
    keys |= {"url": f'"{second.url}"', "password_file": '"second-password"'}
    keys |= {"ca_file": '"second-ca.pem"', "name": '"second"', "kind": '"ews"'}
    lines = "\n".join(f"{key} = {value}" for key, value in keys.items())
    text = text.replace("[report]\n", '[report]\nformats = ["html"]\n')
    text = re.sub(r"\[delivery\].*", "", text, flags=re.DOTALL)
    file.write_text(f"{text}\n[[witnesses]]\n{lines}\n{rest}", encoding="utf-8")
    ran = work.run()
    assert ran.code == 0, ran.err
    return work


@pytest.fixture(scope="module")
def work(first: ServedAt, second: ServedAt, tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    return an_audit(tmp_path_factory.mktemp("work"), first, second)


def table_of(folder: Path, sheet: str, file: str = FILES[0]) -> list[list[object]]:
    """The numbered lines of a sheet."""
    book = openpyxl.load_workbook(folder / file)
    rows = [[cell.value for cell in row] for row in book[sheet].iter_rows()]
    return [row for row in rows if isinstance(row[0], int)]


def test_month_beside_a_second_server(work: Workplace) -> None:
    """What was planted is found by mailbox with its likely reason, and nothing else."""
    ran = mailaudit("reconcile", "-p", "2026-05", "--with", "Second", cwd=work.folder)

    assert ran.code == 0, ran.err
    assert ran.out.splitlines()[-3:] == FILES
    book = openpyxl.load_workbook(work.folder / FILES[0])
    assert book.sheetnames == SHEETS
    # Mailbox; sent: both, stored, second; received: both, stored, second; likely reason.
    found = [[row[1], *row[4:11]] for row in table_of(work.folder, "By mailbox")]
    assert found == [
        [PEOPLE[0], 5, 0, 0, 5, 0, 2, "Deleted for good: 2"],
        [PEOPLE[1], 5, 0, 1, 5, 0, 0, "Deleted for good: 1"],
        [PEOPLE[2], 5, 0, 0, 5, 1, 0, "Deleted for good: 1"],
    ]  # fmt: skip
    (alone,) = table_of(work.folder, "One source")
    assert [alone[1], *alone[4:]] == [
        PEOPLE[-1],
        "the stored month",
        10,
        "The server has no such mailbox (ErrorNonExistentMailbox)",
    ]
    whole = [[cell.value for cell in row] for row in book["The whole"].iter_rows()]
    assert ["Together", 70, 1, 3] in [row[:4] for row in whole]
    page = (work.folder / FILES[1]).read_text(encoding="utf-8")
    assert PEOPLE[0] in page
    assert "Mailboxes that differ" in page


def test_what_is_not_for_everybody_only_its_owner_reads(work: Workplace) -> None:
    """And the statement names neither people nor units, nor what fewer than five of them did."""
    assert mailaudit("reconcile", "-p", "2026-05", "--with", "second", cwd=work.folder).code == 0
    if sys.platform != "win32":
        modes = [stat.S_IMODE((work.folder / name).stat().st_mode) for name in FILES]
        assert modes[:2] == [0o600, 0o600]
        assert modes[2] & 0o044
    document = Document(str(work.folder / FILES[2]))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*(one.text for one in document.paragraphs), *cells])
    assert "of 7 mailboxes that both measured." in text
    assert "They differ in fewer than 5 mailboxes, by more than 5% of the mails." in text
    assert "@" not in text
    assert "U1" not in text
    assert "Attached" not in text  # nothing is


def test_stored_month_stays_as_it_is_and_only_sums_are_kept(work: Workplace) -> None:
    """No row of another table changes, and the witness's words of mailboxes are in no store."""
    before = rows_of_store(work.store)
    assert mailaudit("reconcile", "-p", "2026-05", "--with", "second", cwd=work.folder).code == 0
    after = rows_of_store(work.store)
    changed = {table for table, rows in after.items() if rows != before[table]}
    assert changed == {"reconciliation", "run_record"}
    *_, last = after["reconciliation"]
    assert not any("@" in str(value) for value in last)
    with SnapshotStore.at(work.store) as store:
        (made,) = store.reconciled(MAY)
        assert (made.mailboxes, made.differing) == (7, 3)
        assert (made.seen.both, made.seen.stored, made.seen.witness) == (70, 1, 3)
        assert store.load(MAY).digest == made.digest
        assert store.run_record()[-1].run.command == "reconcile"


def rows_of_store(file: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(file)) as connection:
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        return {
            name: connection.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608
            for name in names
        }


NOTICE = "A second source differs from the data of 2026-05: "


@pytest.mark.parametrize(
    ("most", "audience", "says"),
    [
        (5, "public", NOTICE + "more than 5% of the mails were seen by one of the two only"),
        (5, "it", "The second source second differs from the data of 2026-05: 5.4% of the mails"),
        (6, "it", ""),
    ],
)
def test_report_says_before_any_figure_that_a_second_source_differs(
    work: Workplace, tmp_path: Path, most: int, audience: str, says: str
) -> None:
    """Beyond the setting; to the public without what few people did."""
    folder = tmp_path / "copy"
    shutil.copytree(work.folder, folder)
    assert mailaudit("reconcile", "-p", "2026-05", "--with", "second", cwd=folder).code == 0
    with (folder / "mailaudit.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[rules]\nmax_witness_difference_percent = {most}\n")
    ran = mailaudit("report", "-p", "2026-05", "--audience", audience, cwd=folder)
    assert ran.code == 0, ran.err
    stem = "mailaudit-2026-05" + ("" if audience == "public" else "-it")
    page = (folder / "reports" / f"{stem}.html").read_text(encoding="utf-8")
    header = page.partition("</header>")[0]
    assert (says in header) if says else ("second source" not in page)
    assert "reconciliation" not in ran.err  # its files are not taken for left-over ones


def test_pack_made_before_differs_for_the_second_source(work: Workplace, tmp_path: Path) -> None:
    """`verify` says that it comes from the data, not from rules or settings."""
    folder = tmp_path / "copy"
    shutil.copytree(work.folder, folder)
    assert mailaudit("pack", "-p", "2026-05", cwd=folder).code == 0
    pack = "reports/mailaudit-2026-05-pack.zip"
    verify = ("verify", pack, "--config", "mailaudit.toml")
    assert mailaudit(*verify, cwd=folder).code == 0
    assert mailaudit("reconcile", "-p", "2026-05", "--with", "second", cwd=folder).code == 0
    ran = mailaudit(*verify, cwd=folder)
    assert ran.code == 7
    assert "another comparison with a second source" in ran.out + ran.err
    assert "other rules" not in ran.out + ran.err


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("-p", "2026-05", "--with", "third"), 2, "--with third: the configuration has no witness"
            " of this name. Its witnesses are: second."),
        (("-p", "2026-04", "--with", "second"), 5, "has no snapshot of 2026-04."),
    ],
)  # fmt: skip
def test_wrong_names_are_explained(
    work: Workplace, arguments: tuple[str, ...], code: int, says: str
) -> None:
    ran = mailaudit("reconcile", *arguments, cwd=work.folder)
    assert ran.code == code
    assert says in ran.err.splitlines()[-1]


def changed_configuration(work: Workplace, folder: Path, old: str, new: str) -> Path:
    shutil.copytree(work.folder, folder)
    file = folder / "mailaudit.toml"
    head, table, tail = file.read_text(encoding="utf-8").partition("[[witnesses]]")
    file.write_text(head + table + re.sub(old, new, tail, count=1), encoding="utf-8")
    return folder


def test_witness_of_no_domain_of_the_month_is_refused(work: Workplace, tmp_path: Path) -> None:
    folder = changed_configuration(work, tmp_path / "w", r"\n", '\ndomains = ["other.test"]\n')
    ran = mailaudit("reconcile", "-p", "2026-05", "--with", "second", cwd=folder)
    assert ran.code == 2
    assert "No mailbox of 2026-05 has a domain of the witness: other.test." in ran.err


def test_witness_that_refuses_the_login_changes_nothing(work: Workplace, tmp_path: Path) -> None:
    folder = tmp_path / "w"
    shutil.copytree(work.folder, folder)
    shutil.rmtree(folder / "reports", ignore_errors=True)
    (folder / "second-password").write_text("wrong", encoding="ascii")
    before = rows_of_store(folder / "mailaudit.db")
    ran = mailaudit("reconcile", "-p", "2026-05", "--with", "second", cwd=folder)
    assert ran.code == 4
    assert "refuses the login" in ran.err
    assert rows_of_store(folder / "mailaudit.db") == before
    assert not (folder / "reports").exists()
    assert list(folder.glob("*.asked.*")) == []


def test_witness_of_a_month_that_was_not_over_is_refused(
    first: ServedAt, second: ServedAt, tmp_path: Path
) -> None:
    work = an_audit(tmp_path, first, second)
    with closing(sqlite3.connect(work.store)) as connection, connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type='trigger'")
        for (name,) in triggers.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(
            "UPDATE snapshot SET cut_off_at = '2026-05-20T00:00:00+00:00', sealed_at = NULL,"
            " digest = NULL"
        )
    ran = mailaudit("reconcile", "-p", "2026-05", "--with", "second", cwd=tmp_path)
    assert ran.code == 5
    assert "2026-05 was not over when it was collected" in ran.err


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send")
def test_stopped_while_it_asks_it_goes_on_from_there(work: Workplace, tmp_path: Path) -> None:
    """Says so; the same command asks the rest, and leaves nothing but what it is to leave."""
    folder = tmp_path / "slow"
    slow = replace(options(folder, base()), latency_ms=700)
    with ExitStack() as stack:
        place = stack.enter_context(served(folder, slow))
        again = changed_configuration(
            work, tmp_path / "w", r'url = "[^"]*"', f'url = "{place.url}"'
        )
        file = again / "mailaudit.toml"
        text = re.sub(r"max_connections = \d+\n", "", file.read_text("utf-8"))
        text = text.replace("[[witnesses]]\n", "[[witnesses]]\nmax_connections = 1\n")
        file.write_text(text, "utf-8")
        shutil.copy(place.directory / "password", again / "second-password")
        shutil.copy(place.directory / "ca.pem", again / "second-ca.pem")
        before = rows_of_store(again / "mailaudit.db")
        shutil.rmtree(again / "reports", ignore_errors=True)
        errors = tmp_path / "stderr.txt"
        log = AccessLog(folder / "access.jsonl")
        process = started("reconcile", "-p", "2026-05", "--with", "second", cwd=again, err=errors)
        wait_until(lambda: len(set(log.asked())) > 2)
        process.send_signal(signal.Signals["SIGINT"])
        assert process.wait(60) == 130
        said = re.search(r"Stopped\. (\d) of 8 mailboxes are stored;", errors.read_text("utf-8"))
        assert said is not None
        assert rows_of_store(again / "mailaudit.db") == before
        assert not (again / "reports").exists()
        (answers,) = answers_in(again)
        if sys.platform != "win32":
            assert stat.S_IMODE(answers.stat().st_mode) == 0o600
        stored = committed(answers, tmp_path)
        assert len(stored) == int(said[1]) > 0
        log.forget()
        ran = mailaudit("reconcile", "-p", "2026-05", "--with", "second", cwd=again)
        assert ran.code == 0, ran.err
        assert f"second was asked for {said[1]} of 8 mailboxes before" in ran.err
        assert set(log.asked()) == set(PEOPLE) - stored
        assert list(again.glob("*.asked.*")) == []


def answers_in(folder: Path) -> list[Path]:
    """The files that hold what witnesses said, but for what lies beside them."""
    return [path for path in folder.glob("*.asked.*") if re.fullmatch(r"\.[0-9a-f]+", path.suffix)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("removing", "stays"), [(("forget", PEOPLE[0]), []), (("prune",), ["2026-05"])]
)
def test_removing_people_removes_what_a_witness_said_of_them(
    work: Workplace, tmp_path: Path, removing: tuple[str, ...], stays: list[str]
) -> None:
    """Without --apply it stays; so it does of months that are kept, where nobody is meant, and
    while a witness is being asked."""
    folder = tmp_path / "copy"
    shutil.copytree(work.folder, folder)
    with (folder / "mailaudit.toml").open("a", encoding="utf-8") as file:
        file.write("\n[retention]\nmonths = 12\n")
    left = [
        folder / f"mailaudit.db.asked.second.{month}.0123456789ab"
        for month in ("2025-05", "2026-05")
    ]
    for path in left:
        for ending in ("", "-wal", ".lock"):
            Path(f"{path}{ending}").write_bytes(b"")
    assert mailaudit(*removing, cwd=folder).code == 0
    assert mailaudit("forget", "nobody@a.test", "--apply", cwd=folder).code == 2
    with FileLock(f"{left[0]}.lock"):
        ran = mailaudit(*removing, "--apply", "--lang", "en", cwd=folder)
        assert ran.code not in (0, 70) and "is asking a second source" in ran.err
    assert left[0] in answers_in(folder)
    assert mailaudit(*removing, "--apply", cwd=folder).code == 0
    assert [path.suffixes[-2] for path in answers_in(folder)] == [f".{month}" for month in stays]


@pytest.mark.slow
def test_what_was_asked_of_another_server_is_not_gone_on_with(
    work: Workplace, tmp_path: Path
) -> None:
    """Nor does it stay there; what another witness said does."""
    folder = tmp_path / "copy"
    shutil.copytree(work.folder, folder)
    other = folder / "mailaudit.db.asked.third.2026-05.0123456789ab"
    for path in (other, folder / "mailaudit.db.asked.second.2026-05.0123456789ab"):
        path.write_bytes(b"")
    ran = mailaudit("reconcile", "-p", "2026-05", "--with", "second", cwd=folder)
    assert ran.code == 0, ran.err
    assert "before" not in ran.err.replace("before any figure", "")
    assert list(folder.glob("*.asked.*")) == [other]
