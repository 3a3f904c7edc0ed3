"""`mailaudit roster pull` and `roster diff` against a real directory, as a user runs them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from audit_folder import an_audit
from command_line import mailaudit

from debian import wanting
from directory_server import (
    DISABLED,
    PASSWORD,
    READER,
    SLAPD,
    STAFF,
    Slapd,
    a_user,
    directory,
)

pytestmark = pytest.mark.skipif(SLAPD is None, reason=wanting("slapd"))

UNITS = "Mã đơn vị,Tên đơn vị,Nhóm\nSở 0,Sở Không,Sở\nSở 1,Sở Một,Sở\nSở 2,Sở Hai,Sở\n"
LIST = (
    "Mã CBCCVC,Họ và tên,Mã đơn vị,Loại,Hộp thư,Trạng thái,Từ ngày\n"
    "CB0000,Nguyễn Văn 0,Sở 0,công chức,user0@tinh.test,,\n"
    "CB0001,Nguyễn Văn 1,Sở 1,công chức,user.1@tinh.test,,\n"
    "CB0002,Nguyễn Văn 2,Sở 2,công chức,chưa cấp,,\n"
    "CB0003,Nguyễn Văn 3,Sở 0,công chức,user3@tinh.test,nghỉ hưu,01/01/2026\n"
    "CB0009,Nguyễn Văn 9,Sở 0,công chức,user9@tinh.test,,\n"
)


@pytest.fixture(scope="module")
def slapd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slapd]:
    users = [
        *(a_user(number) for number in (0, 1, 3, 4)),
        a_user(2, mail=""),
        a_user(5, userAccountControl=DISABLED),
    ]
    with directory(tmp_path_factory.mktemp("slapd"), users) as running:
        yield running


@pytest.fixture
def folder(slapd: Slapd, tmp_path: Path) -> Path:
    """A folder with a configuration that names the directory, in English."""
    password = tmp_path / "directory-password"
    password.write_text(PASSWORD + "\n", encoding="utf-8")
    password.chmod(0o600)
    an_audit(
        tmp_path,
        report='language = "en"',
        directory=(
            f'url = "ldaps://localhost:{slapd.port}"\nbase = "{STAFF}"\nusername = "{READER}"\n'
            f'password_file = "{password.name}"\nca_file = "{slapd.ca_file}"\n'
            'filter = "(objectClass=user)"\npage_size = 2\n'
            'attributes = { unit_code = "department" }'
        ),
    )
    (tmp_path / "roster.csv").write_text(LIST, encoding="utf-8")
    (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_pull_writes_a_list_that_can_be_checked(folder: Path, kind: str) -> None:
    """The enabled accounts, for their owner's eyes only; `roster check` reads them."""
    ran = mailaudit("roster", "pull", "--out", f"pulled.{kind}", cwd=folder)
    assert ran.code == 0, ran.err
    assert f"5 staff written to pulled.{kind}, 4 with a mailbox." in ran.out
    assert "Left out: 1 disabled accounts." in ran.out
    assert "was not read: ldaps://elsewhere.tinh.test" in ran.err
    assert (folder / f"pulled.{kind}").stat().st_mode & 0o077 == 0
    checked = mailaudit("roster", "check", f"pulled.{kind}", cwd=folder)
    assert checked.code == 0, checked.err


def test_pull_leaves_the_list_that_is_there_when_it_fails(folder: Path) -> None:
    """A refused login writes nothing, is reported once and shows no secret."""
    (folder / "pulled.csv").write_text("as before", encoding="utf-8")
    (folder / "directory-password").write_text("s3cret-wrong\n", encoding="utf-8")
    ran = mailaudit("roster", "pull", "--out", "pulled.csv", "--verbose", cwd=folder)
    assert ran.code == 4
    assert "refuses the login" in ran.err
    assert "s3cret-wrong" not in ran.out + ran.err
    assert (folder / "pulled.csv").read_text(encoding="utf-8") == "as before"


def test_diff_reports_each_kind_and_writes_them_all(folder: Path) -> None:
    """Counts and lines without names on the terminal; names in the file, which is private."""
    ran = mailaudit("roster", "diff", "--out", "diff.csv", cwd=folder)
    assert ran.code == 0, ran.err
    assert "5 on the staff list, 6 in the directory, 5 differences." in ran.out
    for line in (
        "Staff without a mailbox: 1\n  roster.csv:4  CB0002",
        "Address of the list that the directory does not know: 1\n  roster.csv:6  CB0009",
        "Address differs: 1\n  roster.csv:3  CB0001  user.1@tinh.test → user1@tinh.test",
        "Left, but the account is enabled: 1\n  roster.csv:5  CB0003",
        "Mailbox without an owner: 1\n  user4@tinh.test",
    ):
        assert line in ran.out
    assert "Nguyễn" not in ran.out + ran.err
    written = (folder / "diff.csv").read_text(encoding="utf-8-sig")
    assert len(written.splitlines()) == 6
    assert "Nguyễn Văn 9" in written
    assert (folder / "diff.csv").stat().st_mode & 0o077 == 0


def test_pull_without_a_directory_says_what_to_fill_in(tmp_path: Path) -> None:
    """3, and the table's name; a kind of file that can't be written is reported first."""
    an_audit(tmp_path)
    ran = mailaudit("roster", "pull", "--out", "x.csv", "--lang", "en", cwd=tmp_path)
    assert (ran.code, "[directory]" in ran.err) == (3, True)
    ran = mailaudit("roster", "pull", "--out", "x.pdf", "--lang", "en", cwd=tmp_path)
    assert (ran.code, ".csv or .xlsx" in ran.err) == (2, True)
