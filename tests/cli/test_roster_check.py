"""roster check: what it shows, what it writes, and what it ends with."""

import stat
from pathlib import Path

from audit_folder import an_audit
from command_line import mailaudit

from list_builders import Rows, SheetOf, csv, xlsx
from mailaudit.cli.roster_view import COLUMNS
from mailaudit.roster import read_roster
from mailaudit.roster.columns import STAFF_COLUMNS

GOOD = "Hộp thư,Mã đơn vị,Họ và tên\nan@x.vn,SNV,Lê An\n,SNV,Vũ Bình\n"
BAD = "Hộp thư,Mã đơn vị,Họ và tên\nan@x.vn,SNV,Lê An\nbinh,,Vũ Bình\n"


def test_check_shows_how_a_list_was_understood(tmp_path: Path) -> None:
    """Header, columns, what is not used, every row by kind; exit code 0."""
    rows: Rows = [
        ["DANH SÁCH"],
        [],
        ["STT", "Họ và tên", "Ngày sinh", "Đơn vị", "Hộp thư"],
        ["I", "Lãnh đạo"],
        [1, "Lê An", 1980, "SNV", "an@x.vn"],
        [2, "Lê An", 1980, "SNV", "AN@x.vn"],
        ["", "Cộng", 2],
    ]
    xlsx(tmp_path / "ds.xlsx", SheetOf(rows, "T10", hidden_rows=[5]), SheetOf([["x"]], "Khác"))
    done = mailaudit("roster", "check", "ds.xlsx", cwd=tmp_path)

    assert done.code == 0, done.err
    assert done.out.splitlines() == [
        "ds.xlsx · T10",
        "  Header at row 3",
        "    A  STT = ordinal number",
        "    B  Họ và tên = full name",
        "    D  Đơn vị = unit name",
        "    E  Hộp thư = mailbox",
        "  Not used: Ngày sinh",
        "  Rows: 6 = 1 staff + 1 counted at another row + 1 titles + 1 header rows"
        " + 1 group headings + 1 totals",
        "    group headings: 4",
        "    totals: 7",
        "    counted at another row: 6",
        "  Hidden rows, read like any other: 5",
        "",
        "ds.xlsx · Khác: this sheet has no list and was not read",
        "",
        "All rows: 7 = 1 staff + 1 counted at another row + 1 titles + 1 header rows"
        " + 1 group headings + 1 totals + 1 on sheets not read",
        "",
        "To be looked at: 1",
        '  ds.xlsx:T10:6: "an@x.vn" stands at ds.xlsx:T10:5 already and is counted there only',
        "",
        "The lists can be used: 1 staff, 1 mailboxes, 1 units.",
        "WARNING: nobody in ds.xlsx:T10 has a category, so nobody there can be exempt by it: no"
        ' column was taken for it, or it is empty. Head the column "Loại", or name it in the'
        " configuration as roster.columns.category.",
    ]


def test_check_ends_with_3_and_writes_what_to_correct(tmp_path: Path) -> None:
    """All faults of a row are reported at once; the workbook is for its owner alone."""
    csv(tmp_path / "ds.csv", BAD)
    done = mailaudit("roster", "check", "ds.csv", "--out", "sua.xlsx", cwd=tmp_path)

    assert done.code == 3
    assert '  ds.csv:3 (A3): "binh" is not a mail address' in done.out
    assert "  ds.csv:3 (B3): the row has no unit" in done.out
    assert done.out.splitlines()[-1] == "sua.xlsx"
    assert stat.S_IMODE((tmp_path / "sua.xlsx").stat().st_mode) == 0o600


def test_check_reads_several_files_as_one_list(tmp_path: Path) -> None:
    """A person in two files is found; a file that can't be read does not hide the other."""
    csv(tmp_path / "a.csv", GOOD)
    csv(tmp_path / "b.csv", GOOD)
    done = mailaudit("roster", "check", "a.csv", "b.csv", cwd=tmp_path)
    assert 'b.csv:2: "an@x.vn" stands at a.csv:2 already' in done.out
    assert done.code == 0

    done = mailaudit("roster", "check", "a.csv", "none.csv", cwd=tmp_path)
    assert "\nError: There is no list none.csv. Check the name and the folder;" in done.out
    assert "a.csv: text as UTF-8" in done.out
    assert done.code == 3


def test_check_marks_an_unreadable_list_as_an_error(tmp_path: Path) -> None:
    """Nothing else is printed, not even an empty line."""
    done = mailaudit("roster", "check", "none.csv", cwd=tmp_path, language="vi")
    assert (done.code, done.err) == (3, "")
    assert done.out.startswith("Lỗi: Không có tệp danh sách none.csv.")


def test_check_takes_lists_and_their_form_from_the_configuration(tmp_path: Path) -> None:
    """Without FILE the configured lists, with their units; with it, what is said of their form."""
    config = an_audit(tmp_path)
    done = mailaudit("roster", "check", "--lang", "en", cwd=tmp_path)
    assert done.code == 0, done.out + done.err
    assert "2 staff, 2 mailboxes, 1 units." in done.out

    an_audit(tmp_path, roster='file = "roster.csv"\ncolumns = { mailbox = "Tài khoản" }')
    csv(tmp_path / "ds.csv", "Tài khoản,Đơn vị\nan@vidu.gov.vn,SNV\n")
    assert mailaudit("roster", "check", "ds.csv", "-c", config, cwd=tmp_path).code == 0
    assert mailaudit("roster", "check", "ds.csv", cwd=tmp_path).code == 3


def test_check_remarks_on_outside_mailboxes_and_unnamed_words(tmp_path: Path) -> None:
    """How many and which, no error; a former domain and one below the domain are no others."""
    config = an_audit(
        tmp_path,
        organisation=(
            'name = "Ví Dụ"\ndomains = ["vidu.gov.vn"]\n'
            'renamed_domains = { "cu.vn" = "vidu.gov.vn" }'
        ),
    )
    rows = ["a@vidu.gov.vn", "b@so.vidu.gov.vn", "c@cu.vn", *(f"n{n}@gmail.com" for n in range(5))]
    text = "".join(f"{box},H01,phi công,đi vắng\n" for box in rows)
    csv(tmp_path / "ds.csv", "Hộp thư,Mã đơn vị,Loại,Trạng thái\n" + text)
    done = mailaudit("roster", "check", "ds.csv", "-c", config, "--lang", "en", cwd=tmp_path)

    assert done.code == 0, done.out + done.err
    assert (
        "5 mailboxes are outside the organisation's mail domains: n0@gmail.com (ds.csv:5),"
        " n1@gmail.com (ds.csv:6), n2@gmail.com (ds.csv:7), ….\n" in done.out
    )
    assert '8 people have the category "phi công", which no rule names' in done.out
    assert '8 people have the status "đi vắng", which no rule names' in done.out

    faulty = text + "người@vidu.gov.vn,H01,phi công,đi vắng\n"
    csv(tmp_path / "sai.csv", "Hộp thư,Mã đơn vị,Loại,Trạng thái\n" + faulty)
    wrong = mailaudit("roster", "check", "sai.csv", "-c", config, "--lang", "en", cwd=tmp_path)
    assert wrong.code == 3
    assert "5 mailboxes are outside" in wrong.out and '8 people have the status "' in wrong.out

    assert "no rule" not in mailaudit("roster", "check", "ds.csv", cwd=tmp_path).out
    clean = mailaudit("roster", "check", "--lang", "en", cwd=tmp_path)
    assert "outside" not in clean.out and "no rule" not in clean.out


def test_lists_without_a_category_and_near_words_are_reported(tmp_path: Path) -> None:
    """By `roster check`, with a configuration or not, and by a run before it meets the server."""
    text = "Hộp thư,Mã đơn vị,Đối tượng CB,Trạng thái\na@vidu.gov.vn,H01,VC,nghỉ thai sản\n"
    config = an_audit(tmp_path)
    csv(tmp_path / "roster.csv", text)
    warning = "WARNING: nobody in roster.csv has a category, so nobody there can be exempt by it"
    near = (
        '  It looks like "thai sản": if it means the same, add "nghỉ thai sản" to'
        " rules.excluded_statuses.\n"
    )
    plain = mailaudit("roster", "check", "roster.csv", cwd=tmp_path)
    assert warning in plain.out and plain.code == 0
    configured = mailaudit("roster", "check", "-c", config, "--lang", "en", cwd=tmp_path)
    assert warning in configured.out and near in configured.out
    run = mailaudit("collect", "--period", "2026-10", "-c", config, "--lang", "en", cwd=tmp_path)
    assert warning in run.err and near in run.err

    csv(tmp_path / "roster.csv", text.replace("Đối tượng CB", "Đối tượng"))
    named = mailaudit("roster", "check", "-c", config, "--lang", "en", cwd=tmp_path)
    assert "WARNING" not in named.out
    assert 'add "vc" to rules.in_scope_categories' in named.out


def test_check_shows_texts_under_no_heading(tmp_path: Path) -> None:
    """A column that has something in it is never left out without a word."""
    csv(tmp_path / "ds.csv", "Hộp thư,Mã đơn vị,,Loại\nan@x.vn,U,12,VC\n")
    done = mailaudit("roster", "check", "ds.csv", cwd=tmp_path)
    assert "  Not used: (C)\n" in done.out


def test_check_has_a_name_for_every_column() -> None:
    """Whatever a column is taken for can be shown."""
    assert set(COLUMNS) == set(STAFF_COLUMNS)


def test_check_speaks_vietnamese(tmp_path: Path) -> None:
    """Messages of the reader are translated as well, and so is what a column was taken for."""
    csv(tmp_path / "ds.csv", BAD)
    done = mailaudit("roster", "check", "ds.csv", cwd=tmp_path, language="vi")
    assert "Phải sửa: 2" in done.out
    assert "    B  Mã đơn vị = mã đơn vị\n" in done.out
    assert "dòng không có đơn vị" in done.out


def test_audit_reads_what_check_reads(tmp_path: Path) -> None:
    """The same reader: a list that check refuses is refused by collect, before any server."""
    config = an_audit(tmp_path)
    csv(tmp_path / "roster.csv", BAD)
    done = mailaudit("collect", "--config", config, "--period", "2026-10", cwd=tmp_path)
    assert done.code == 3
    assert "roster.csv:3 (A3)" in done.err
    assert len(read_roster(csv(tmp_path / "good.csv", GOOD))[0].staff) == 2
