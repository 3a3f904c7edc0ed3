"""disclose: everything of one person, nothing of another, in a file of its owner's own."""

import re
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from command_line import mailaudit
from corrected_months import a_corrected_audit, a_list, a_row, address, code

USAGE = "Usage: mailaudit disclose [OPTIONS] {ADDRESS}\nHelp: mailaudit disclose --help\n"
REMEDY = "Write the address or the staff code as the staff list of a month has it.\n"
CHECK = (
    "Read it before you pass it on: what was written by hand, such as reasons, may name somebody"
    " else.\n"
)


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """October, with a correction of two people's entries, and a mail to one of them."""
    folder = tmp_path_factory.mktemp("audit")
    a_corrected_audit(folder, report='language = "en"')
    a_list(
        folder,
        a_row(code("SNV", 1), "trạng thái", "ốm", dates="01/10/2026,", reason="Giấy ra viện"),
        a_row(code("SYT", 2), "loại", "viên chức", reason="Của người khác"),
    )
    ran = mailaudit("correct", "corrections.csv", "--apply", "--despite-difference", cwd=folder)
    assert ran.code == 0, ran.err
    with closing(sqlite3.connect(folder / "mailaudit.db")) as connection, connection:
        connection.executemany(
            "INSERT INTO delivery VALUES (?, '2026-10', 'Asia/Ho_Chi_Minh', 1, ?, ?, 'd',"
            " '2026-11-03T01:00:00+00:00', 'not sent', '2026-11-03T01:00:01+00:00', ?,"
            " '[\"SNV\"]', 0)",
            [
                (1, address("SNV", 1), "<1@x>", "550 full"),
                (2, address("SNV", 2), "<2@x>", "551 no"),
            ],
        )
    yield folder
    shutil.rmtree(folder)


def test_document_has_everything_of_the_person_and_nothing_of_others(audit: Path) -> None:
    """Both editions, days, correction and mail; no other address, name or code."""
    ran = mailaudit("disclose", address("SNV", 1).upper(), "--out", "an.txt", cwd=audit)

    text = (audit / "an.txt").read_text("utf-8")
    assert (ran.code, ran.out, ran.err) == (0, "an.txt: 6 records.\n", CHECK)
    for part in (
        "Staff code: SNV01",
        "Name: Người Tên SNV1",
        "Month 2026-10, edition 1",
        "Month 2026-10, edition 2",
        "31 Oct 2026           1",
        "By day: as in the edition before.",
        "Status: ốm",
        "Reason: Giấy ra viện",
        "Approver: Giám đốc",
        "Server's words: 550 full",
        "Sending begun at: 3 Nov 2026 08:00",
    ):
        assert part in text
    assert set(re.findall(r"[\w.]+@vidu\.gov\.vn", text)) == {address("SNV", 1)}
    assert set(re.findall(r"\b[A-Z]{3}\d\d\b", text)) == {"SNV01"}
    for others in ("Của người khác", "551 no", "SNV2", "Sở Y tế"):
        assert others not in text


def test_document_is_its_owners_alone(audit: Path) -> None:
    """As every file about single people."""
    mailaudit("disclose", "SNV03", "--out", "private.txt", cwd=audit)

    if sys.platform != "win32":  # where files have the access of their folder
        assert (audit / "private.txt").stat().st_mode & 0o777 == 0o600


def test_document_is_printed_without_a_file(audit: Path) -> None:
    """In Vietnamese, and nothing is written."""
    before = sorted(path.name for path in audit.iterdir())
    ran = mailaudit("disclose", "SNV07", "--lang", "vi", cwd=audit)

    assert ran.code == 0
    assert ran.out.startswith("DỮ LIỆU MAILAUDIT ĐANG LƯU VỀ MỘT NGƯỜI\n\nCơ quan: Ví Dụ\n")
    assert "Mã CBCCVC: SNV07" in ran.out
    assert "Lý do: Máy chủ không trả lời kịp" in ran.out  # it was not measured
    assert sorted(path.name for path in audit.iterdir()) == before


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (["disclose"], 2, f"Error: ADDRESS is missing.\n{USAGE}"),
        (["disclose", "a", "b"], 2, f"Error: b is one argument too many.\n{USAGE}"),
        (
            ["disclose", ""],
            2,
            "Error: '' is neither an address nor a staff code. Write it as the staff list of a"
            " month has it.\n",
        ),
        (
            ["disclose", "an\n@x.vn"],
            2,
            "Error: 'an\\n@x.vn' is neither an address nor a staff code. Write it as the staff list"
            " of a month has it.\n",
        ),
        (
            ["disclose", "la@vidu.gov.vn"],
            2,
            f"Error: The store mailaudit.db has nothing of la@vidu.gov.vn. {REMEDY}",
        ),
        (
            ["disclose", "Người Tên SNV1"],
            2,
            f"Error: The store mailaudit.db has nothing of Người Tên SNV1. {REMEDY}",
        ),
        (
            ["disclose", "snv01"],
            2,
            f"Error: The store mailaudit.db has nothing of snv01. {REMEDY}",
        ),
        (
            ["disclose", "SNV01", "--out", "none/an.txt"],
            2,
            "Error: The folder of --out none/an.txt does not exist. Create it, or name another"
            " file.\n",
        ),
        (
            ["disclose", "SNV01", "--config", "none.toml"],
            3,
            "Error: The configuration none.toml can't be read: there is no such file or folder."
            " Name the right file with --config, or make one with: mailaudit init\n",
        ),
    ],
)
def test_wrong_input(line: list[str], code: int, said: str, audit: Path) -> None:
    """One exact message, its exit code, and nothing printed."""
    ran = mailaudit(*line, cwd=audit)

    assert (ran.code, ran.out, ran.err) == (code, "", said)


def test_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    """A mistyped file says so."""
    a_corrected_audit(tmp_path, report='language = "en"')
    (tmp_path / "mailaudit.db").unlink()

    ran = mailaudit("disclose", "SNV01", cwd=tmp_path)

    assert (ran.code, ran.err) == (
        5,
        "Error: The store mailaudit.db has nothing in it yet. Check store.file in the"
        " configuration.\n",
    )
    assert not (tmp_path / "mailaudit.db").exists()
