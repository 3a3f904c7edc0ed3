"""Wrong input to `mailaudit unit-report`: one exact message, its exit code, and no file."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from accounts_months import OCTOBER, SEPTEMBER, an_audit_of_accounts
from command_line import mailaudit

from mailaudit.cli.steps import today_in
from mailaudit.model.period import Period

USAGE = "Usage: mailaudit unit-report [OPTIONS]\nHelp: mailaudit unit-report --help\n"
MEASURING = "{}: measuring, and writing the reports …\n"
TODAY = today_in(OCTOBER.timezone)
LAST = Period(TODAY.year, TODAY.month).shifted(-1)
YESTERDAY, NEXT = TODAY - timedelta(days=1), TODAY.year + 1
EXPLAINED = "The file that mailaudit init makes explains every variable and directive.\n"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """September is stored."""
    folder = tmp_path_factory.mktemp("wrong")
    an_audit_of_accounts(folder, SEPTEMBER, formats=("docx",))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def folder(first: Path, tmp_path: Path) -> Path:
    return shutil.copytree(first, tmp_path / "audit")


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (
            "--period 2026-09 --unit SYTE",
            2,
            MEASURING.format("2026-09")
            + "Error: The unit list of 2026-09 has no unit SYTE. Did you mean SYT (Sở Y tế)?\n",
        ),
        (
            "--period 2026-09 --unit SNV-CC",
            2,
            MEASURING.format("2026-09")
            + "Error: Unit SNV-CC counts in unit SNV, which reports for it. Make the report of that"
            " one: --unit SNV\n",
        ),
        (
            "--period 2026-13",
            2,
            f"Error: --period 2026-13 is not a month. Write year and month as in {LAST}.\n",
        ),
        (
            f"--period {NEXT}",
            2,
            f"Error: --period {NEXT} is not over: its last day is {NEXT}-12-31. The last day that"
            f" is over is {YESTERDAY}.\n",
        ),
        (
            "--period 2025 --from 2025-01-01 --to 2025-12-31",
            2,
            "Error: --period does not go with --from and --to. Name a period, or its first and last"
            " day.\n",
        ),
        (
            "--period 2025-Q4",
            5,
            MEASURING.format("2025-Q4")
            + "Error: The store has no month of 2025-Q4: 2025-10, 2025-11, 2025-12. A longer period"
            " is made of stored months: mailaudit history lists them.\n",
        ),
        (
            "--period 2026-10",
            5,
            MEASURING.format("2026-10")
            + "Error: The store mailaudit.db has no snapshot of 2026-10. Collect it first:"
            " mailaudit collect --period 2026-10\n",
        ),
        ("--all", 2, f"Error: There is no option --all.\n{USAGE}"),
        (
            "--period 2026-09 --unit SYT --out units.csv",
            3,
            MEASURING.format("2026-09")
            + "Error: units.csv is a file, not a folder. Name a folder.\n",
        ),
    ],
)
def test_wrong_command_line_says_so(folder: Path, line: str, code: int, said: str) -> None:
    ran = mailaudit("unit-report", *line.split(), cwd=folder)

    assert (ran.code, ran.err, ran.out) == (code, said, "")
    assert not (folder / "reports").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            None,
            "The wording own.txt can't be read: there is no such file or folder. Correct"
            " annex.unit_wording, or remove it to use the wording brought along.\n",
        ),
        (
            "Tỷ lệ".encode("utf-16"),
            "The wording own.txt is not UTF-8 text. Save it as UTF-8 in a text editor.\n",
        ),
        (
            b"[title] T\n[subject] S\n\n{{ rates }}\n",
            "The wording own.txt, line 4, names rates, which is not a variable of a document."
            f" {EXPLAINED}",
        ),
    ],
)
def test_wrong_wording_stops_it(folder: Path, content: bytes | None, said: str) -> None:
    with (folder / "mailaudit.toml").open("a", encoding="utf-8") as file:
        file.write('[annex]\nunit_wording = "own.txt"\n')
    if content is not None:
        (folder / "own.txt").write_bytes(content)
    ran = mailaudit("unit-report", "--period", "2026-09", cwd=folder)

    assert (ran.code, ran.err, ran.out) == (3, f"Error: {said}", "")
    assert not (folder / "reports").exists()


def test_no_kind_of_file_that_documents_are_stops_it(folder: Path) -> None:
    config = folder / "mailaudit.toml"
    config.write_text(config.read_text("utf-8").replace("['docx']", "['html', 'xlsx']"), "utf-8")
    ran = mailaudit("unit-report", "--period", "2026-09", cwd=folder)

    assert (ran.code, ran.out) == (3, "")
    assert ran.err == (
        "Error: report.formats has none of the kinds of files that units' reports are: docx, pdf."
        " Add one of them.\n"
    )
    assert not (folder / "reports").exists()
