"""The annex and the brief from the command line: which files, which wording, what is said of it."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import docx
import pytest
from command_line import Ran, mailaudit
from stored_months import an_audit_of

from mailaudit.model.period import Period
from mailaudit.roster.shipped import shipped

OCTOBER = Period(2026, 10)
OWN = "[title] BÁO CÁO RIÊNG\n[subject] {{ organisation }}\n\nTỷ lệ {{ total.rate }}%.\n"

Reporting = Callable[..., Ran]


@pytest.fixture
def report(tmp_path: Path) -> Reporting:
    """Runs `mailaudit report` with these tables of the configuration."""

    def run(*arguments: str, report: str = 'formats = ["docx"]', annex: str = "") -> Ran:
        at = OCTOBER.end + timedelta(days=1)
        an_audit_of(tmp_path, (OCTOBER, at), report=report, annex=annex)
        return mailaudit("report", "--period", str(OCTOBER), *arguments, cwd=tmp_path)

    return run


def texts_of(folder: Path, name: str = "mailaudit-2026-10-annex.docx") -> list[str]:
    document = docx.Document(BytesIO((folder / "reports" / name).read_bytes()))
    return [paragraph.text for paragraph in document.paragraphs]


def test_formats_decide_which_files_are_written(tmp_path: Path, report: Reporting) -> None:
    """Nothing else lies in the folder, and the paths printed are those of the files."""
    ran = report(report='formats = ["brief", "pdf"]')

    assert ran.code == 0, ran.err
    names = sorted(path.name for path in (tmp_path / "reports").iterdir())
    stem = "mailaudit-2026-10"
    assert names.pop(0) == f".{stem}.sha256"  # the list of the others
    assert names == [f"{stem}-annex.pdf", f"{stem}-brief.pdf", f"{stem}-brief.png"]
    assert sorted(Path(line).name for line in ran.out.splitlines()[-3:]) == names


@pytest.mark.parametrize("formats", ["[]", '["word"]', '"pdf"'])
def test_unknown_format_is_reported(formats: str, report: Reporting) -> None:
    """A format that does not exist stops the command with the key's name."""
    ran = report(report=f"formats = {formats}")

    assert ran.code == 3
    assert "report.formats" in ran.err


def test_letterhead_comes_from_the_configuration(tmp_path: Path, report: Reporting) -> None:
    """Every key of [annex] is printed where the form has its place."""
    ran = report(
        annex='superior = "UBND tỉnh Ví Dụ"\nissuer = "Sở Nội vụ"\nsymbol = "BC-SNV"\n'
        'place = "Ví Dụ"\nsigner = ["GIÁM ĐỐC"]\nrecipients = ["UBND tỉnh", "Lưu: VT"]'
    )
    document = docx.Document(str(tmp_path / "reports" / "mailaudit-2026-10-annex.docx"))
    cells = " ".join(cell.text for table in document.tables for cell in table._cells)

    assert ran.code == 0, ran.err
    for text in (
        "UBND TỈNH VÍ DỤ",
        "SỞ NỘI VỤ",
        "/BC-SNV",
        "Ví Dụ, ngày",
        "GIÁM ĐỐC",
        "- Lưu: VT.",
    ):
        assert text in cells


@pytest.mark.slow
def test_own_wording_speaks_in_its_own_language(tmp_path: Path, report: Reporting) -> None:
    """It is used in report.language; in the other language the shipped sentences are."""
    (tmp_path / "w.txt").write_text(OWN, encoding="utf-8-sig")
    ran = report(annex='wording = "w.txt"')
    own = texts_of(tmp_path)
    english = mailaudit("report", "--period", str(OCTOBER), "--lang", "en", cwd=tmp_path)

    assert (ran.code, english.code) == (0, 0), ran.err + english.err
    assert {"BÁO CÁO RIÊNG", "Ví Dụ"} <= set(own)
    assert [text for text in own if text.startswith("Tỷ lệ ")]
    assert "REPORT" in texts_of(tmp_path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (OWN.encode() + b"{{ totall }}\n", "w.txt, dòng 5"),
        ("Tỷ lệ".encode("utf-16"), "w.txt không phải văn bản UTF-8"),
        (None, "w.txt"),
    ],
)
def test_wrong_wording_stops_before_anything_is_done(
    content: bytes | None, said: str, tmp_path: Path, report: Reporting
) -> None:
    """With the file and the line; neither `report` nor `run` begins."""
    if content is not None:
        (tmp_path / "w.txt").write_bytes(content)
    ran = report(annex='wording = "w.txt"')
    running = mailaudit("run", "--period", "2026-09", cwd=tmp_path)

    assert (ran.code, running.code) == (3, 3)
    assert said in ran.err and said in running.err
    assert not (tmp_path / "reports").exists()
    assert "2026-09:" not in running.err


def test_shipped_wording_can_be_copied_and_named(tmp_path: Path, report: Reporting) -> None:
    """The file that init makes is a wording as it stands."""
    (tmp_path / "w.txt").write_bytes(shipped("wording.vi.txt").read_bytes())
    ran = report(annex='wording = "w.txt"')

    assert ran.code == 0, ran.err
    assert "I. KẾT QUẢ CHUNG" in texts_of(tmp_path)
