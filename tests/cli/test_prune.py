"""prune: old months lose their people and keep their sums; trends go on, reports of them do not."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from command_line import Ran, mailaudit
from looking_back import AUGUST, MAY, SEPTEMBER, an_audit_to_look_back_on

from mailaudit.model.period import Period
from mailaudit.store import SnapshotStore, inspect_store

REMEDY = (
    "mailaudit history and compare show them. For anything else restore a copy of the store that"
    " was made before, beside this one.\n"
)
SHOWN = (
    "Months before 2026-08:\n"
    "2026-05, edition 1: people: 111; heads of units: 0; corrections: 0\n"
    "2026-06, edition 1: people: 111; heads of units: 0; corrections: 0\n"
)


def months_from(oldest_kept: Period) -> int:
    """What retention.months is to be today for this to be the oldest month kept."""
    today = datetime.now(UTC).astimezone(oldest_kept.tz)
    return (today.year - oldest_kept.year) * 12 + today.month - oldest_kept.month


def configure(folder: Path, months: int | str, rules: str = "") -> None:
    config = folder / "mailaudit.toml"
    before = config.read_text("utf-8").partition("[retention]")[0]
    config.write_text(f"{before}[retention]\nmonths = {months}\n[rules]\n{rules}\n", "utf-8")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """May to October, with a merger in July; months before August are not to be kept."""
    folder = tmp_path_factory.mktemp("audit")
    an_audit_to_look_back_on(folder, report='formats = ["html"]\nlanguage = "en"')
    configure(folder, months_from(AUGUST))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def pruned(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("pruned") / "audit"
    shutil.copytree(whole, folder)
    ran = mailaudit("prune", "--apply", cwd=folder)
    assert ran.code == 0, ran.err
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def audit(pruned: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "audit"
    shutil.copytree(pruned, folder)
    return folder


def dump(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "mailaudit.db")) as connection:
        return list(connection.iterdump())


def test_first_it_is_shown_and_nothing_changes(whole: Path) -> None:
    """Which editions of which months, and what stays of them."""
    before = dump(whole)

    ran = mailaudit("prune", cwd=whole)

    assert (ran.code, ran.out) == (0, SHOWN)
    assert ran.err == (
        "The sums of units stay, by the rules and the calendar of today: as soon as these change,"
        " the months can't be compared with others any more.\n"
        "Nothing was changed. To remove these people: mailaudit prune --apply\n"
    )
    assert dump(whole) == before


def test_people_of_old_months_are_gone_and_others_stay(whole: Path, tmp_path: Path) -> None:
    """From every byte: an address of May's that no later month has."""
    folder = tmp_path / "audit"
    shutil.copytree(whole, folder)
    assert b"xa1.3@vidu.gov.vn" in (folder / "mailaudit.db").read_bytes()

    ran = mailaudit("prune", "--apply", cwd=folder)

    assert ran.code == 0
    assert ran.out == f"{SHOWN}Removed from 2 editions. The sums of units are kept.\n"
    for path in folder.glob("mailaudit.db*"):
        assert b"xa1.3@vidu.gov.vn" not in path.read_bytes()
    for table, months in (("staff", 4), ("outcome", 4), ("removal", 2)):
        with closing(sqlite3.connect(folder / "mailaudit.db")) as connection:
            query = f"SELECT count(DISTINCT snapshot_id) FROM {table}"  # noqa: S608
            assert connection.execute(query).fetchone() == (months,)
    again = mailaudit("prune", "--apply", cwd=folder)
    assert (again.code, again.out) == (
        0,
        "Nothing to remove: the store has no people of months before 2026-08.\n",
    )


def test_history_and_compare_are_as_before(whole: Path, pruned: Path) -> None:
    """Of the whole, of units that were merged, of one within another, of small ones."""
    for line in (
        "history",
        "history XA",
        "history SNV-CC",
        "history SYT",
        "history K1",
        "compare 2026-05 2026-06",
        "compare 2026-06 2026-09",
    ):
        then, now = (mailaudit(*line.split(), cwd=folder) for folder in (whole, pruned))
        assert (now.code, now.out, now.err) == (then.code, then.out, then.err)
        assert then.code == 0


def test_trend_of_a_report_is_as_before(whole: Path, audit: Path) -> None:
    """A public report of a later month has the same bytes."""
    made = []
    for folder in (whole, audit):
        ran = mailaudit("report", "--period", "2026-09", "--out", "r", cwd=folder)
        assert ran.code == 0, ran.err
        files = sorted((folder / "r").rglob("*.html"))
        made.append({path.name: path.read_bytes() for path in files})

    assert made[0] == made[1]
    assert made[0]


def test_sums_are_sealed(pruned: Path) -> None:
    """With the first seal beside the new one."""
    with SnapshotStore.at(pruned / "mailaudit.db") as store:
        snapshot = store.load(MAY, sums=True)
        entries = store.run_record()
    assert snapshot.removal is not None
    assert snapshot.removal.is_whole
    assert snapshot.removal.sums.people == 111
    assert len(snapshot.removal.first_digest) == 64
    assert snapshot.removal.first_digest != snapshot.digest
    assert snapshot.roster.staff == ()
    assert snapshot.outcomes == {}
    assert snapshot.digest in {entry.run.made_digest for entry in entries}
    assert inspect_store(pruned / "mailaudit.db") is not None


def refused(folder: Path, *line: str) -> str:
    ran: Ran = mailaudit(*line, cwd=folder)
    assert (ran.code, ran.out) == (5, "")
    return ran.err


@pytest.mark.parametrize(
    "line",
    [
        "report",
        "report --edition 1",
        "report --unit SNV",
        "pack --out p.zip",
        "export activity --out a.csv",
        "collect",
        "collect --retry-unmeasured",
        "collect --new-edition",
        "deliver",
    ],
)
def test_month_without_people_is_refused(line: str, audit: Path) -> None:
    """One message with what is left and what to do; nothing is asked, made or changed."""
    with (audit / "mailaudit.toml").open("a", encoding="utf-8") as config:
        config.write(
            '[delivery]\nkind = "smtp"\nhost = "127.0.0.1"\nfrom = "bc@vidu.gov.vn"\n'
            'board = ["ct@vidu.gov.vn"]\n'
        )
    (audit / "roster.csv").write_text("mailbox,Mã đơn vị\nsnv.1@vidu.gov.vn,SNV\n", "utf-8")
    before = dump(audit)

    said = refused(audit, *line.split(), "--period", "2026-05")

    day = datetime.now(UTC).astimezone(MAY.tz).date()
    assert said.endswith(
        f"Error: The people of 2026-05 were removed on {day}: only the sums of units are left."
        f" {REMEDY}"
    )
    assert dump(audit) == before
    assert not (audit / "p.zip").exists()
    assert not (audit / "a.csv").exists()


def test_correction_of_a_month_without_people_is_refused(audit: Path) -> None:
    """There is nobody whom it could be about."""
    (audit / "corrections.csv").write_text(
        "Tháng,Hộp thư hoặc mã CBCCVC,Nội dung sai,Giá trị đúng,Từ ngày,Đến ngày,Lý do,Văn bản,"
        "Người duyệt,Ngày duyệt\n"
        "2026-05,snv.1@vidu.gov.vn,không thuộc danh sách,,,,x,y,Giám đốc,10/11/2026\n",
        "utf-8",
    )
    for arguments in ((), ("--apply",)):
        said = refused(audit, "correct", "corrections.csv", *arguments)
        assert "Error: The people of 2026-05 were removed on " in said


def test_changed_rules_make_the_months_not_comparable(audit: Path) -> None:
    """In history, compare and a report: no figure, and why; rules that only rank change nothing."""
    configure(audit, 5, "target_percent = 50")
    assert "its people were removed" not in mailaudit("history", cwd=audit).out
    configure(audit, 5, "min_sent_days = 3")

    history = mailaudit("history", cwd=audit)
    compared = mailaudit("compare", "2026-06", "2026-09", cwd=audit)
    report = mailaudit("report", "--period", "2026-09", "--out", "r", cwd=audit)

    why = "its people were removed, and the sums that are left were made by other rules"
    (line,) = (line for line in compared.out.splitlines() if line.startswith("2026-06"))
    assert line.split()[-2:] == ["–", "–"]  # neither coverage nor rate
    assert history.out.count(f"{why}\n") == 2
    assert "Nothing is compared with 2026-06: its people were removed, and the sums" in compared.out
    assert f"2026-06: {why}" in compared.out.replace("\n", " ").replace("  ", " ")
    assert report.code == 0
    page = (audit / "r" / "mailaudit-2026-09.html").read_text("utf-8")
    assert "† Not comparable: the people of 2026-05, 2026-06 were removed, and the sums" in page
    said = refused(audit, "compare", "2026-05", "2026-06")
    assert said.endswith(
        "Error: The people of 2026-06 were removed, and its sums made by other rules or another"
        " calendar than today's: they can't be shown beside other months. Put back the rules and"
        " the calendar of then, or begin with a later month.\n"
    )


def test_collection_that_was_not_ended_goes_whole(whole: Path, tmp_path: Path) -> None:
    """And the provisional edition of a month is summed up like the others."""
    folder = tmp_path / "audit"
    shutil.copytree(whole, folder)
    configure(folder, 1)
    today = datetime.now(UTC).astimezone(SEPTEMBER.tz)
    if (today.year, today.month) < (2026, 12):
        with closing(sqlite3.connect(folder / "mailaudit.db")) as connection, connection:
            connection.execute("UPDATE snapshot SET period = '2026-04' WHERE period = '2026-10'")

    ran = mailaudit("prune", "--apply", cwd=folder)

    assert "; not finished: goes whole\n" in ran.out
    with closing(sqlite3.connect(folder / "mailaudit.db")) as connection:
        counts = {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            for table in ("staff", "outcome", "correction", "snapshot", "removal", "unerased")
        }
    assert counts == {
        "staff": 0, "outcome": 0, "correction": 0, "snapshot": 5, "removal": 5, "unerased": 0
    }  # fmt: skip


@pytest.mark.parametrize(
    ("months", "said"),
    [
        ("0", "must be at least 1"),
        ("-3", "must be at least 1"),
        ("1201", "must be at most 1200"),
        ("12.5", "must be a whole number"),
        ('"12"', "must be a whole number"),
        ("true", "must be a whole number"),
        ("12\nyears = 1", "is not a known key; known here: months"),
    ],
)
def test_wrong_number_of_months(months: str, said: str, audit: Path) -> None:
    """Every command that reads the configuration refuses it."""
    configure(audit, months)
    ran = mailaudit("prune", "--apply", cwd=audit)

    assert (ran.code, ran.out) == (3, "")
    assert said in ran.err


@pytest.mark.parametrize("arguments", [(), ("--apply",)])
def test_nothing_is_removed_where_nothing_says_when(
    arguments: tuple[str, ...], audit: Path
) -> None:
    """The default keeps all."""
    config = audit / "mailaudit.toml"
    config.write_text(config.read_text("utf-8").partition("[retention]")[0], "utf-8")

    ran = mailaudit("prune", *arguments, cwd=audit)

    assert (ran.code, ran.out, ran.err) == (
        3,
        "",
        "Error: retention.months is not set in mailaudit.toml: the people of all months are kept."
        " Set it to the number of months after which they are to go.\n",
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("prune 2026-05", "Error: 2026-05 is one argument too many.\n"),
        ("prune --months 3", "Error: There is no option --months.\n"),
        ("prune --period 2026-05", "Error: There is no option --period.\n"),
    ],
)
def test_wrong_usage(line: str, said: str, pruned: Path) -> None:
    """Only the configuration says which months."""
    ran = mailaudit(*line.split(), cwd=pruned)

    usage = "Usage: mailaudit prune [OPTIONS]\nHelp: mailaudit prune --help\n"
    assert (ran.code, ran.out, ran.err) == (2, "", said + usage)
