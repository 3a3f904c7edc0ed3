"""forget: shown first, then made; sums and public reports stay, lists of people lose one."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from command_line import Ran, mailaudit
from corrected_months import a_corrected_audit, a_list, a_row, address, code

USAGE = "Usage: mailaudit forget [OPTIONS] {ADDRESS}\nHelp: mailaudit forget --help\n"
REMEDY = "Write the address or the staff code as the staff list of a month has it.\n"
MEASURING = "Measuring the months, and removing the person …\n"
LISTED = (
    "The person is on the staff list roster.csv: the next run collects them again. Take the row"
    " out, or forget them again after each run.\n"
)
FILES = (
    "Reports, packs, exports and mails made before, and copies of the store, still have the person:"
    " they are files of yours to delete.\n"
)
SHOWN = (
    "Person: snv01@vidu.gov.vn; staff code: SNV01\n"
    "2026-10, edition 1, sealed: on the staff list\n"
    "2026-10, edition 2, sealed: on the staff list; corrections: 1\n"
)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """October in two editions, the second with a correction of the person to be forgotten."""
    folder = tmp_path_factory.mktemp("audit")
    report = 'language = "en"\nnames = true'
    a_corrected_audit(folder, report=report)
    a_list(folder, a_row(code("SNV", 1), "loại", "viên chức"))
    ran = mailaudit("correct", "corrections.csv", "--apply", "--despite-difference", cwd=folder)
    assert ran.code == 0, ran.err
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def audit(sealed: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "audit"
    shutil.copytree(sealed, folder)
    return folder


def forget(folder: Path, *arguments: str) -> Ran:
    return mailaudit("forget", *arguments, cwd=folder)


def report(folder: Path, audience: str, out: str) -> str:
    """Every page of a report as text, without tags."""
    ran = mailaudit(
        "report", "--period", "2026-10", "--audience", audience, "--out", out, cwd=folder
    )
    assert ran.code in (0, 6), ran.err
    pages = sorted((folder / out).rglob("*.html"))
    return "\n".join(re.sub(r"<[^>]+>", "\n", page.read_text("utf-8")) for page in pages)


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def test_first_it_is_shown_and_nothing_changes(audit: Path) -> None:
    """Where the person is stored, that today's list has them, and the command to type."""
    content = (audit / "mailaudit.db").read_bytes()

    ran = forget(audit, "SNV01@vidu.gov.vn")

    assert (ran.code, ran.out) == (0, SHOWN)
    assert ran.err == (
        f"{LISTED}Nothing was changed. To remove the person: mailaudit forget SNV01@vidu.gov.vn"
        " --apply\n"
    )
    assert (audit / "mailaudit.db").read_bytes() == content


def test_person_is_removed_and_what_is_left_to_do_is_said(audit: Path) -> None:
    """From every byte of the file; a second time there is nobody."""
    ran = forget(audit, "SNV01", "--apply")

    assert (ran.code, ran.err) == (0, MEASURING + LISTED + FILES)
    assert ran.out == f"{SHOWN}Removed from 2 editions. The sums of units are as before.\n"
    for path in audit.glob("mailaudit.db*"):
        for planted in ("SNV01", "snv01", "Người Tên SNV1\x00"):
            assert planted.encode() not in path.read_bytes()
    with closing(sqlite3.connect(audit / "mailaudit.db")) as connection:
        runs = list(connection.execute("SELECT command, period, edition, made FROM run_record"))
        assert "SNV01" not in str(list(connection.execute("SELECT * FROM run_record")))
    assert runs[-2:] == [("forget", "2026-10", 1, "removal"), ("forget", "2026-10", 2, "removal")]
    again = forget(audit, "SNV01", "--apply")
    assert (again.code, again.out) == (2, "")
    assert again.err == f"Error: The store mailaudit.db has nothing of SNV01. {REMEDY}"


def test_person_off_todays_lists_is_not_said_to_come_back(audit: Path) -> None:
    """The row was taken out first."""
    roster = audit / "roster.csv"
    rows = [row for row in roster.read_text("utf-8").splitlines() if not row.startswith("SNV01,")]
    roster.write_text("\n".join(rows), "utf-8")

    assert LISTED not in forget(audit, "SNV01").err


def test_head_and_board_are_said_to_come_back(audit: Path) -> None:
    """Unit list and configuration name people as well."""
    (audit / "units.csv").write_text(
        "Mã đơn vị,Tên đơn vị,Nhóm,Thủ trưởng,Hộp thư thủ trưởng\n"
        f"SNV,Sở Nội vụ,Sở,An,{address('SNV', 1)}\nSYT,Sở Y tế,Sở,,\nSTC,Sở Tài chính,Sở,,\n"
        "BDT,Ban Dân tộc,Sở,,\n",
        "utf-8",
    )
    with (audit / "mailaudit.toml").open("a", encoding="utf-8") as config:
        config.write(
            '[delivery]\nkind = "smtp"\nhost = "127.0.0.1"\nfrom = "bc@vidu.gov.vn"\n'
            f'board = ["{address("SNV", 1)}"]\n'
        )

    said = forget(audit, "SNV01").err

    assert "The person is a head on the unit list units.csv: the next run stores" in said
    assert "The person is on delivery.board in the configuration, and gets further mails." in said


def test_lists_of_today_that_cannot_be_read_do_not_stop_it(audit: Path) -> None:
    """It is said that they could not be looked at."""
    (audit / "roster.csv").unlink()

    ran = forget(audit, "SNV01", "--apply")

    assert ran.code == 0
    assert "Whether the lists of today have the person is not known: " in ran.err


def test_public_report_differs_in_the_seal_only(audit: Path) -> None:
    """No figure of anybody moves; it says how many were removed, and shows the first seal."""
    before = lines_of(report(audit, "public", "before"))
    forget(audit, "SNV01", "--apply")
    after = lines_of(report(audit, "public", "after"))

    (seal,) = [one for one in before if re.fullmatch("[0-9a-f]{64}", one)][:1]
    added = [one for one in after if one not in before]
    gone = [one for one in before if one not in after]
    assert seal in after
    assert "Removed people" in added
    assert any(one.startswith("1 people removed at their request, on ") for one in added)
    seals = [one for one in (*added, *gone) if re.search("[0-9a-f]{64}", one)]
    others = {one for one in added if one not in seals and "emoved" not in one}
    assert others == {"SHA-256 before the removal"}
    assert [one for one in gone if one not in seals] == []


def test_page_of_a_head_lists_the_person_no_more(audit: Path) -> None:
    """The page says that one more counts than it lists."""
    before = report(audit, "leader", "before")
    forget(audit, "SNV01", "--apply")
    after = report(audit, "leader", "after")

    assert "snv01@vidu.gov.vn" in before
    assert "snv01@vidu.gov.vn" not in after
    assert "Người Tên SNV1\n" not in after
    assert "Removed at their request, counted and not listed: 1 people." in lines_of(after)
    assert before.count("@vidu.gov.vn") - after.count("@vidu.gov.vn") == before.count("snv01@")


def test_report_for_it_and_export_go_on(audit: Path) -> None:
    """An unmeasured mailbox counts among the causes, and is in no list."""
    unmeasured = code("SNV", 7)
    before = report(audit, "it", "before")
    forget(audit, unmeasured, "--apply")
    after = report(audit, "it", "after")
    ran = mailaudit("export", "activity", "--period", "2026-10", "--out", "a.csv", cwd=audit)

    assert ran.code == 0
    assert unmeasured.lower() in before
    assert unmeasured.lower() not in after + (audit / "a.csv").read_text("utf-8-sig")
    causes = "The server did not answer in time\n"
    assert after.count(causes) == before.count(causes) - 2  # the lists of mailboxes, and of staff


def test_pack_made_before_is_said_to_differ(audit: Path) -> None:
    """The store does not make it again, and says why."""
    made = mailaudit("pack", "--period", "2026-10", "--out", "p.zip", cwd=audit)
    assert made.code == 0, made.err
    forget(audit, "SNV01", "--apply")

    ran = mailaudit("verify", "p.zip", "--config", "mailaudit.toml", cwd=audit)

    assert ran.code == 7
    assert (
        "From edition 2 of 2026-10 people were removed since: its data are no longer those of the"
        " pack, whose SHA-256 was the seal before that.\n"
    ) in ran.out


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ([], 2, f"Error: ADDRESS is missing.\n{USAGE}"),
        (["a", "b"], 2, f"Error: b is one argument too many.\n{USAGE}"),
        (["SNV01", "--yes"], 2, f"Error: There is no option --yes.\n{USAGE}"),
        (["SNV01", "--period", "2026-10"], 2, f"Error: There is no option --period.\n{USAGE}"),
        (
            ["  "],
            2,
            "Error: '  ' is neither an address nor a staff code. Write it as the staff list of a"
            " month has it.\n",
        ),
        (
            ["la@vidu.gov.vn"],
            2,
            f"Error: The store mailaudit.db has nothing of la@vidu.gov.vn. {REMEDY}",
        ),
        (
            ["la@vidu.gov.vn", "--apply"],
            2,
            f"Error: The store mailaudit.db has nothing of la@vidu.gov.vn. {REMEDY}",
        ),
        (
            ["*@vidu.gov.vn", "--apply"],
            2,
            f"Error: The store mailaudit.db has nothing of *@vidu.gov.vn. {REMEDY}",
        ),
        (
            ["SNV01", "--apply", "--config", "none.toml"],
            3,
            "Error: The configuration none.toml can't be read: there is no such file or folder."
            " Name the right file with --config, or make one with: mailaudit init\n",
        ),
    ],
)
def test_wrong_input_changes_nothing(line: list[str], code: int, said: str, sealed: Path) -> None:
    """One exact message, its exit code."""
    before = dump(sealed)
    ran = forget(sealed, *line)

    assert (ran.code, ran.out, ran.err) == (code, "", said)
    assert dump(sealed) == before


def dump(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "mailaudit.db")) as connection:
        return list(connection.iterdump())


def test_address_of_several_is_refused(audit: Path) -> None:
    """Nothing is removed of anybody."""
    with closing(sqlite3.connect(audit / "mailaudit.db")) as connection, connection:
        connection.execute("DROP TRIGGER staff_update_sealed")
        connection.execute(
            "UPDATE staff SET aliases = 'chung@vidu.gov.vn' WHERE"
            " (snapshot_id, key) IN ((1, 'SNV01'), (2, 'SNV02'))"
        )

    ran = forget(audit, "chung@vidu.gov.vn", "--apply")

    assert (ran.code, ran.err) == (
        2,
        "Error: The address chung@vidu.gov.vn was that of several staff codes: SNV01,"
        " SNV02. Name the person by staff code; where one person had several, by each in turn.\n",
    )


def test_store_that_is_not_there(tmp_path: Path) -> None:
    """Nothing is made, with --apply neither."""
    a_corrected_audit(tmp_path, report='language = "en"')
    (tmp_path / "mailaudit.db").unlink()
    for arguments in (("SNV01",), ("SNV01", "--apply")):
        ran = forget(tmp_path, *arguments)
        assert (ran.code, ran.out) == (5, "")
        assert ran.err.endswith(
            "Error: The store mailaudit.db has nothing in it yet. Check store.file in the"
            " configuration.\n"
        )
        assert not (tmp_path / "mailaudit.db").exists()
