"""`mailaudit import m365`: usage reports that fill a month, and every way they can be wrong."""

import csv
import random
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from audit_folder import an_audit
from command_line import mailaudit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stored_months import SOURCE

from mailaudit.errors import ServerError
from mailaudit.model.outcome import Activity, DayActivity, Reason, Unmeasured
from mailaudit.model.period import Period
from mailaudit.model.snapshot import Snapshot
from mailaudit.roster import read_roster
from mailaudit.sources.m365 import UsageReports
from mailaudit.sources.m365.report import LONGEST_LINE, read_report
from mailaudit.store import SnapshotStore
from shared import SHARED

SAMPLES = SHARED / "samples" / "graph"
MONTH = Period(2026, 10)
DAYS = tuple(MONTH.days())
HEADER = (
    "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,"
    "Last Activity Date,Send Count,Receive Count,Read Count,Meeting Created Count,"
    "Meeting Interacted Count,Assigned Products,Report Period"
)
PEOPLE = ("an@vidu.gov.vn", "binh@vidu.gov.vn", "chi@vidu.gov.vn")


def a_row(user: str, sent: object = 1, received: object = 2, **changed: str) -> str:
    """A line of a report of one day; other columns as of an ordinary user."""
    values = {
        "refreshed": "2026-11-03", "name": "Nguyễn Văn An", "deleted": "False", "period": "1",
    } | changed  # fmt: skip
    return (
        f"{values['refreshed']},{user},{values['name']},{values['deleted']},,2026-10-30,{sent},"
        f"{received},77,0,0,OFFICE 365 E3,{values['period']}"
    )


def write(file: Path, rows: Iterable[str], header: str = HEADER) -> None:
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8-sig")


def reports(folder: Path, rows: Callable[[date], Iterable[str]]) -> Path:
    """A file for each day of October."""
    folder.mkdir()
    for day in DAYS:
        write(folder / f"m365-{day.isoformat()}.csv", rows(day))
    return folder


def everybody(_day: date) -> list[str]:
    return [a_row(user) for user in PEOPLE]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A configuration, three people on a staff list, a report for each day."""
    an_audit(tmp_path, report='language = "en"\nformats = ["html"]')
    lines = "".join(f"cb{at},{box},SNV,công chức\n" for at, box in enumerate(PEOPLE))
    (tmp_path / "roster.csv").write_text("Mã CBCCVC,Hộp thư,Mã đơn vị,Loại\n" + lines, "utf-8")
    (tmp_path / "units.csv").write_text("Mã đơn vị,Tên đơn vị,Nhóm\nSNV,Sở Nội vụ,Sở\n", "utf-8")
    reports(tmp_path / "days", everybody)
    return tmp_path


def imported(folder: Path, *files: str) -> tuple[int, str]:
    ran = mailaudit("import", "m365", *(files or ("days",)), "-p", "2026-10", cwd=folder)
    return ran.code, ran.err.splitlines()[-1] if ran.err else ran.out


def stored(folder: Path) -> Snapshot:
    with SnapshotStore.at(folder / "mailaudit.db") as store:
        return store.load(MONTH)


def test_reports_fill_the_month_like_a_collection(folder: Path) -> None:
    """Sealed, of its own kind, with what was sent and received each day and nothing else known."""
    ran = mailaudit("import", "m365", "days", "-p", "2026-10", cwd=folder)
    assert ran.code == 0, ran.err
    assert "2026-10, edition 1: 3 of all 3 mailboxes measured (100.0 %), in scope" in ran.out
    snapshot = stored(folder)
    assert snapshot.sealed_at is not None
    assert (snapshot.source.kind, snapshot.source.knows) == ("m365", frozenset())
    expected = tuple(DayActivity(day, sent=1, received=2) for day in DAYS)
    for box in PEOPLE:
        outcome = snapshot.outcomes[box]
        assert isinstance(outcome, Activity)
        assert outcome.days == expected
        assert not any(day.read for day in outcome.days)  # acts of reading are no read mails
    with SnapshotStore.at(folder / "mailaudit.db") as store:
        assert [entry.run.command for entry in store.run_record()] == ["import m365"]
    again = mailaudit("import", "m365", "days", "-p", "2026-10", cwd=folder)
    assert again.code == 0
    assert "2026-10 is complete" in again.err


def test_no_rate_is_formed_of_what_a_report_does_not_know(folder: Path) -> None:
    """Nobody counts as not using the mailbox, or as using it."""
    assert imported(folder)[0] == 0
    ran = mailaudit("report", "-p", "2026-10", "--audience", "it", cwd=folder)
    assert ran.code == 6
    page = (folder / "reports" / "mailaudit-2026-10-it.html").read_text("utf-8")
    assert "Its source lacks what regular use is judged by" in page


def test_mailbox_that_no_report_has_is_unmeasured_and_never_unused(folder: Path) -> None:
    reports(folder / "few", lambda _day: [a_row(user) for user in PEOPLE[:2]])
    code, _said = imported(folder, "few")
    assert code == 6
    outcome = stored(folder).outcomes[PEOPLE[2]]
    assert isinstance(outcome, Unmeasured)
    assert (outcome.reason, outcome.detail) == (Reason.NO_MAILBOX, "NotInReports")


def test_aliases_deleted_accounts_and_letters_are_one_mailbox(folder: Path) -> None:
    """Whoever else is in the reports is in nothing that is stored."""
    rows = [
        a_row("AN@vidu.gov.vn", 1, 1),
        a_row("an.cu@vidu.gov.vn", 2, 0),
        a_row("binh@vidu.gov.vn", 1, 0, deleted="True"),
        a_row("binh@vidu.gov.vn", 3, 0),
        a_row("chi@vidu.gov.vn", 0, 0),
        a_row("nobody.else@vidu.gov.vn", 9, 9),
    ]
    reports(folder / "mixed", lambda _day: rows)
    (folder / "roster.csv").write_text(
        "Hộp thư,Hộp thư cũ,Mã đơn vị,Loại\nan@vidu.gov.vn,an.cu@vidu.gov.vn,SNV,công chức\n"
        "binh@vidu.gov.vn,,SNV,công chức\nchi@vidu.gov.vn,,SNV,công chức\n",
        "utf-8",
    )
    assert imported(folder, "mixed")[0] == 0
    found = stored(folder).outcomes
    sums = {
        box: (sum(day.sent for day in one.days), sum(day.received for day in one.days))
        for box, one in found.items()
        if isinstance(one, Activity)
    }
    assert sums == {PEOPLE[0]: (93, 31), PEOPLE[1]: (124, 0), PEOPLE[2]: (0, 0)}
    assert b"nobody.else" not in (folder / "mailaudit.db").read_bytes()


def lose(folder: Path) -> None:
    (folder / "days" / "m365-2026-10-07.csv").unlink()
    (folder / "days" / "m365-2026-10-09.csv").unlink()


def change(rows: Sequence[str], header: str = HEADER) -> Callable[[Path], None]:
    """Makes the report of one day another one."""
    return lambda folder: write(folder / "days" / "m365-2026-10-07.csv", rows, header)


def replaced(content: bytes) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        (folder / "days" / "m365-2026-10-07.csv").write_bytes(content)

    return make


def twice(folder: Path) -> None:
    write(folder / "days" / "copy of 2026-10-07.csv", everybody(DAYS[6]))


def unnamed(folder: Path) -> None:
    write(folder / "days" / "EmailActivityUserDetail.csv", everybody(DAYS[6]))


FILE = "m365-2026-10-07.csv"
GOOD = "\n".join([HEADER, *everybody(DAYS[6])]) + "\n"


@pytest.mark.parametrize(
    ("make", "says", "do"),
    [
        (lose, "2 days of 2026-10 have no usage report: 2026-10-07, 2026-10-09.",
            "a month is collected while it runs"),
        (twice, "copy of 2026-10-07.csv and m365-2026-10-07.csv are both of 2026-10-07",
            "reports of two tenants are two sources"),
        (unnamed, "The name of EmailActivityUserDetail.csv does not say which day", "by the day"),
        (change([a_row("5535B4D580981B19AD1942C38063507F")]),
            f"The names of users in {FILE} are concealed", "displayConcealedNames"),
        (change([a_row(PEOPLE[0], period="7")]), f"{FILE} is a report of several days, not of one",
            "getEmailActivityUserDetail(date=2026-10-07)"),
        (change([a_row(PEOPLE[0], period="30")]), f"{FILE} is a report of several days", "date="),
        (change([a_row(PEOPLE[0], refreshed="2026-10-06")]),
            f"{FILE} was made before 2026-10-07 was over: its data go to 2026-10-06.",
            "two days late"),
        (change(everybody(DAYS[6]), HEADER.replace("Send Count", "Sent Count")),
            f"The columns of {FILE} are not those that are known: Send Count missing",
            "update of mailaudit"),
        (change(everybody(DAYS[6]), HEADER.replace("Read Count", "Send Count")),
            "Send Count missing or there twice", "update"),
        (change([a_row("an@other.gov.vn")]),
            "have no mail domain in common: they are of two tenants", "one tenant"),
        (change([a_row(PEOPLE[0]), a_row(PEOPLE[0])]), f"{FILE} has a user twice", "again"),
        (change([a_row(PEOPLE[0], sent="-1")]), f"Line 2 of {FILE} can't be understood", "again"),
        (change([a_row(PEOPLE[0], sent="1.5")]), f"Line 2 of {FILE} can't be understood", "again"),
        (change([a_row(PEOPLE[0], sent="9" * 5000)]), f"Line 2 of {FILE}", "again"),
        (change([a_row(PEOPLE[0], refreshed="03/11/2026")]), f"Line 2 of {FILE}", "again"),
        (change([a_row(PEOPLE[0], deleted="Sai")]), f"Line 2 of {FILE}", "again"),
        (change([a_row(PEOPLE[0], name='"open quotation mark')]), f"of {FILE} can't", "again"),
        (change([a_row(PEOPLE[0]) + ",one more"]), f"Line 2 of {FILE}", "again"),
        (change([a_row(PEOPLE[0])[:-30]]), f"Line 2 of {FILE}", "again"),
        (replaced(GOOD.encode("utf-16")), f"{FILE} is no usage report as Microsoft 365 writes it:"
            " its text is not UTF-8.", "again"),
        (replaced(GOOD.encode("cp1258", "replace")), "its text is not UTF-8", "again"),
        (replaced(GOOD.replace(",", ";").encode()), "none of the columns of one", "as it is"),
        (replaced(b""), "none of the columns of one", "again"),
        (replaced(b"\x00" * 100), "none of the columns of one", "again"),
        (replaced(b"a" * (LONGEST_LINE + 5)), f"Line 1 of {FILE}", "again"),
    ],
)  # fmt: skip
def test_reports_that_cannot_be_used_are_refused(
    tmp_path: Path, make: Callable[[Path], None], says: str, do: str
) -> None:
    """Each with what to do, and without a value of a file."""
    reports(tmp_path / "days", everybody)
    make(tmp_path)
    with pytest.raises(ServerError) as refused:
        UsageReports([tmp_path / "days"], clock).verify(MONTH)
    said = refused.value.text()
    assert says in said
    assert do in said
    assert "Nguyễn" not in said


def clock() -> datetime:
    return MONTH.end


def test_nothing_is_stored_unless_every_file_can_be_used(folder: Path) -> None:
    change([a_row(PEOPLE[0]), a_row(PEOPLE[0])])(folder)
    code, said = imported(folder)
    assert code == 4
    assert f"{FILE} has a user twice" in said
    with SnapshotStore.at(folder / "mailaudit.db") as store:
        assert store.editions(MONTH.timezone) == []


def test_files_that_are_not_there_are_named(folder: Path) -> None:
    code, said = imported(folder, "nowhere")
    assert (code, "There is no file nowhere." in said) == (4, True)
    (folder / "empty").mkdir()
    code, said = imported(folder, "empty")
    assert (code, "There is no usage report to read." in said) == (4, True)


def test_month_of_another_kind_is_not_mixed(folder: Path) -> None:
    """Whether it is sealed or still open."""
    roster, _ = read_roster(folder / "roster.csv", folder / "units.csv", MONTH)
    with SnapshotStore.at(folder / "mailaudit.db") as store:
        store.begin(MONTH, roster, SOURCE, now=MONTH.end)
    code, said = imported(folder)
    assert code == 5
    assert "2026-10 is stored already, from a source of another kind: ews." in said


def test_reports_are_a_kind_of_server_too(folder: Path) -> None:
    """Beside others, and as a witness, from a folder."""
    assert imported(folder)[0] == 0
    reports(folder / "other", lambda day: everybody(day)[: 2 if day.day == 5 else 3])
    with (folder / "mailaudit.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[witnesses]]\nname = "cloud"\nkind = "m365"\nfolder = "other"\n')
    ran = mailaudit("reconcile", "-p", "2026-10", "--with", "cloud", cwd=folder)
    assert ran.code == 0, ran.err
    with SnapshotStore.at(folder / "mailaudit.db") as store:
        (made,) = store.reconciled(MONTH)
        assert (made.kind, made.seen.both, made.seen.stored) == ("m365", 276, 3)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"the real samples are not at {SAMPLES}")
def test_real_head_of_a_report_is_refused_for_what_it_is(tmp_path: Path) -> None:
    """The published example is of seven days, and conceals names."""
    file = SAMPLES / "pnp_mailactivityuserdetail.csv"
    with pytest.raises(ServerError, match="is a report of several days"):
        list(read_report(file, date(2023, 1, 20)))


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_end_as_users_or_as_a_refusal(tmp_path: Path, content: bytes) -> None:
    """After a true header or without: never as another error."""
    for head in (b"", HEADER.encode() + b"\n"):
        file = tmp_path / "2026-10-07.csv"
        file.write_bytes(head + content)
        try:
            for user in read_report(file, date(2026, 10, 7)):
                assert 0 <= user.sent < 10**6
        except ServerError as error:
            error.text()


@given(st.randoms(use_true_random=False))
@settings(
    deadline=None, max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_users_did_comes_back_by_day(tmp_path: Path, chance: random.Random) -> None:
    """Random numbers, in random order, of names with commas and quotation marks."""
    file = tmp_path / "2026-10-07.csv"
    expected = {
        f"u{n}@vidu.gov.vn": (chance.randrange(999), chance.randrange(999)) for n in range(9)
    }
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(HEADER.split(","))
        for user, (sent, received) in chance.sample(list(expected.items()), len(expected)):
            name = chance.choice(['A, "B"', "Trần\nC", ""])
            writer.writerow(
                ["2026-10-09", user, name, "False", "", "", sent, received, 1, 0, 0, "E3", "1"]
            )
    found = {one.address: (one.sent, one.received) for one in read_report(file, date(2026, 10, 7))}
    assert found == expected
