"""Wrong input of pack and verify gets one message, what to do, and its exit code."""

import shutil
import sys
from datetime import timedelta
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from command_line import mailaudit
from packed_months import OCTOBER, SEPTEMBER, two_months
from stored_months import an_audit_of

from mailaudit.evidence.archive import archive_of
from mailaudit.evidence.checksums import CHECKSUMS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="messages name paths of POSIX")


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two months, and files that are no packs."""
    folder = two_months(tmp_path_factory.mktemp("audited"))
    (folder / "text.zip").write_text("no pack", "utf-8")
    (folder / "empty.zip").touch()
    (folder / "other.zip").write_bytes(archive_of({"a.txt": b"x"}))
    (folder / "cut.zip").write_bytes(archive_of({CHECKSUMS: b"x"})[:-9])
    with ZipFile(folder / "report.xlsx", "w", ZIP_DEFLATED) as workbook:
        workbook.writestr("[Content_Types].xml", "x" * 99)
    with ZipFile(folder / "compressed.zip", "w", ZIP_DEFLATED) as compressed:
        compressed.writestr(CHECKSUMS, "")
        compressed.writestr("a.txt", "x" * 99)
    with ZipFile(folder / "outside.zip", "w") as outside:
        outside.writestr(CHECKSUMS, "")
        outside.writestr("../a.txt", "x")
    with ZipFile(folder / "twice.zip", "w") as twice:
        twice.writestr(CHECKSUMS, "")
        twice.writestr("a", "x")
        twice.writestr("A", "x")
    sparse = folder / "large.zip"
    with sparse.open("wb") as file:
        file.truncate(200 * 2**20 + 1)
    (folder / "loop.zip").symlink_to("loop.zip")
    return folder


def no_pack(file: str, why: str) -> str:
    return (
        f"Error: {file} is not a pack of mailaudit: {why}."
        " Ask whoever made it for the file as it was made."
    )


def unreadable(file: str, why: str) -> str:
    return f"Error: The pack {file} can't be read: {why}. Name the file of a pack."


WRONG: tuple[tuple[tuple[str, ...], int, str], ...] = (
    (
        ("pack", "--period", "2026-13"),
        2,
        "Error: --period 2026-13 is not a month. Write year and month as in {month}.",
    ),
    (
        ("pack", "--period", "2999-01"),
        2,
        "Error: --period 2999-01 has not begun yet. The last month that is over is {month}.",
    ),
    (
        ("pack", "--period", "2026-01"),
        5,
        "Error: The store mailaudit.db has no snapshot of 2026-01. Collect it first: mailaudit"
        " collect --period 2026-01",
    ),
    (
        ("pack", "--period", "2026-10", "--out", "reports.d"),
        2,
        "Error: --out reports.d is a folder. Name a file in it.",
    ),
    (
        ("pack", "--period", "2026-10", "--out", "nowhere/a.zip"),
        2,
        "Error: The folder of --out nowhere/a.zip does not exist. Create it, or name another file.",
    ),
    (
        ("pack", "--period", "2026-10", "--out", "text.zip/a.zip"),
        2,
        "Error: The folder of --out text.zip/a.zip does not exist. Create it, or name another"
        " file.",
    ),
    (
        ("pack", "--audience", "press"),
        2,
        "Error: --audience must be one of 'public', 'leader', 'it', not press.",
    ),
    (("pack", "--out"), 2, "Error: A value is missing after --out."),
    (("pack", "--unit", "SNV"), 2, "Error: There is no option --unit"),
    (("pack", "2026-10"), 2, "Error: 2026-10 is one argument too many."),
    (
        ("pack", "--config", "none.toml"),
        3,
        "Error: The configuration none.toml can't be read: there is no such file or folder.",
    ),
    (("verify",), 2, "Error: FILE is missing."),
    (("verify", "a.zip", "b.zip"), 2, "Error: b.zip is one argument too many."),
    (("verify", "none.zip"), 2, unreadable("none.zip", "there is no such file or folder")),
    (("verify", "reports.d"), 2, unreadable("reports.d", "it is not a file")),
    (
        ("verify", "loop.zip"),
        2,
        unreadable("loop.zip", "its symbolic links lead in a circle"),
    ),
    (("verify", "empty.zip"), 7, no_pack("empty.zip", "it is not a ZIP file")),
    (("verify", "text.zip"), 7, no_pack("text.zip", "it is not a ZIP file")),
    (("verify", "large.zip"), 7, no_pack("large.zip", "it is too large")),
    (
        ("verify", "cut.zip"),
        7,
        no_pack("cut.zip", "its end is missing, or something stands behind it"),
    ),
    (
        ("verify", "report.xlsx"),
        7,
        no_pack("report.xlsx", "it has no list of checksums, or one that can't be read"),
    ),
    (
        ("verify", "compressed.zip"),
        7,
        no_pack("compressed.zip", "a file in it is compressed; it was zipped again"),
    ),
    (
        ("verify", "outside.zip"),
        7,
        no_pack("outside.zip", "the name of a file in it leads elsewhere, or is too long"),
    ),
    (("verify", "twice.zip"), 7, no_pack("twice.zip", "two files in it have one name")),
    (
        ("verify", "other.zip"),
        7,
        no_pack("other.zip", "it has no list of checksums, or one that can't be read"),
    ),
    (
        ("verify", "other.zip", "--config", "none.toml"),
        3,
        "Error: The configuration none.toml can't be read: there is no such file or folder.",
    ),
    (
        ("verify", "other.zip", "--lang", "fr"),
        2,
        "Error: --lang must be one of 'vi', 'en', not fr.",
    ),
)


@pytest.mark.parametrize(("arguments", "code", "message"), WRONG, ids=lambda one: str(one)[:60])
def test_wrong_input_is_explained(
    audited: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    """With nothing else on the terminal but how the command is used; nothing is written."""
    (audited / "reports.d").mkdir(exist_ok=True)
    before = sorted(audited.rglob("*"))
    command, *others = arguments
    language = () if "--lang" in others else ("--lang", "en")
    ran = mailaudit(command, *language, *others, cwd=audited)
    assert ran.code == code, ran
    assert ran.out == ""
    said = [line for line in ran.err.splitlines() if line.startswith("Error:")]
    assert len(said) == 1, ran.err
    month = (
        ran.err.partition(message.partition("{month}")[0])[2][:7] if "{month}" in message else ""
    )
    assert said[0].startswith(message.replace("{month}", month)), ran.err
    assert "Traceback" not in ran.err
    assert sorted(audited.rglob("*")) == before


@pytest.mark.slow
def test_months_that_are_not_in_the_store_are_named(audited: Path, tmp_path: Path) -> None:
    """A pack of another province's store."""
    assert mailaudit("pack", "--period", str(OCTOBER), cwd=audited).code == 0
    an_audit_of(tmp_path, (SEPTEMBER, SEPTEMBER.end + timedelta(days=1)))
    pack = audited / "reports" / "mailaudit-2026-10-pack.zip"
    ran = mailaudit("verify", pack, "--config", "mailaudit.toml", "--lang", "en", cwd=tmp_path)
    assert ran.code == 5
    assert "Untouched: " in ran.out
    assert (
        "Error: The store mailaudit.db has no snapshot of 2026-10. Collect it first: mailaudit"
        " collect --period 2026-10"
    ) in ran.err
    shutil.rmtree(audited / "reports")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("in_the_way", "message"),
    [
        ("reports", "Error: reports is a file, not a folder. Name a folder."),
        (
            "reports/mailaudit-2026-10-pack.zip/file",
            "Error: reports/mailaudit-2026-10-pack.zip can't be written: it is a folder. Name a"
            " folder that can be written, or close the file where it is open.",
        ),
    ],
)
def test_place_that_is_taken_is_named(tmp_path: Path, in_the_way: str, message: str) -> None:
    """A file where the reports' folder should be, and a folder where the pack should be."""
    folder = two_months(tmp_path)
    (folder / in_the_way).parent.mkdir(parents=True, exist_ok=True)
    (folder / in_the_way).write_text("x")
    ran = mailaudit("pack", "--period", str(OCTOBER), "--lang", "en", cwd=folder)
    assert ran.code == 3, ran
    assert message in ran.err.splitlines()
