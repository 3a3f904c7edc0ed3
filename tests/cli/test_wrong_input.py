"""Wrong input gets one message that names file, key or row and the remedy, and its exit code."""

import os
import re
import socket
import sqlite3
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path, PureWindowsPath

import pytest
from audit_folder import ROSTER, SECRET, UNITS, an_audit, config_text
from command_line import Ran, mailaudit

from mailaudit.cli.console import in_command

MONTH = ("--period", "2026-10")
ROOT = not hasattr(os, "geteuid") or os.geteuid() == 0


def refused(ran: Ran, code: int, *parts: str) -> None:
    """One message with these parts on stderr, nothing on stdout, no traceback, no secret."""
    assert ran.code == code, ran
    assert ran.out == ""
    assert "Traceback" not in ran.err
    assert SECRET not in ran.err
    assert len(re.findall(r"^(Error|Lỗi): ", ran.err, flags=re.MULTILINE)) == 1, ran.err
    for part in parts:
        assert part in ran.err


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ({"report": 'langauge = "en"'}, ("report.langauge", "did you mean report.language?")),
        ({"server": 'pasword_file = "x"'}, ("server.pasword_file", "server.password_file?")),
        ({"server": f'password = "{SECRET}"'}, ("server.password:", "MAILAUDIT_PASSWORD")),
        ({"server": 'timeout_s = "60"'}, ("server.timeout_s: must be a whole number",)),
        ({"server": "max_connections = 0"}, ("server.max_connections: must be at least 1",)),
        (
            {"organisation": 'name = "X"\ndomains = "a.vn"'},
            ("organisation.domains: must be a list",),
        ),
        ({"organisation": 'name = "X"'}, ("organisation.domains: is missing",)),
        ({"rules": "min_coverage_percent = 101"}, ("rules.min_coverage_percent: must be from 0",)),
        ({"repotr": 'folder = "x"'}, ("repotr: is not a known key; did you mean report?",)),
    ],
)
def test_configuration_key_is_named(
    tmp_path: Path, changes: dict[str, str], parts: tuple[str, ...]
) -> None:
    """An unknown key, a wrong type, a value out of bounds: the file, the key, what is expected."""
    config = an_audit(tmp_path, **changes)
    ran = mailaudit("report", "--config", config, *MONTH, cwd=tmp_path)
    refused(ran, 3, str(config), "Correct it and try again", *parts)


def test_missing_section_is_named(tmp_path: Path) -> None:
    """A configuration without [server] says so."""
    config = an_audit(tmp_path)
    text = config_text()
    config.write_text(text[: text.index("[server]")] + text[text.index("[roster]") :], "utf-8")
    refused(mailaudit("run", *MONTH, cwd=tmp_path), 3, "mailaudit.toml", "server: is missing")


def test_every_key_problem_is_reported_at_once(tmp_path: Path) -> None:
    """Two mistakes need one attempt, not two."""
    an_audit(tmp_path, report="folder = 1\nlang = 2")
    refused(mailaudit("run", *MONTH, cwd=tmp_path), 3, "  report.folder: ", "  report.lang: ")


def test_missing_configuration_is_named(tmp_path: Path) -> None:
    """With the option that names another."""
    ran = mailaudit("run", "--config", "no.toml", *MONTH, cwd=tmp_path)
    refused(ran, 3, "no.toml", "--config")


def test_malformed_toml_names_the_line(tmp_path: Path) -> None:
    """An unclosed quotation mark on line 2."""
    (tmp_path / "mailaudit.toml").write_text('[organisation]\nname = "X\n', encoding="utf-8")
    refused(mailaudit("run", *MONTH, cwd=tmp_path), 3, "mailaudit.toml", "line 2")


def test_messages_are_vietnamese_by_default(tmp_path: Path) -> None:
    """Without the variable, before the configuration could be read."""
    ran = mailaudit("run", "--config", "no.toml", *MONTH, cwd=tmp_path, language="vi")
    refused(ran, 3, "Lỗi: Không đọc được", "no.toml")


def test_language_option_wins_also_where_the_configuration_is_wrong(tmp_path: Path) -> None:
    """--lang speaks before the configuration was read."""
    ran = mailaudit("run", "--config", "no.toml", "--lang", "en", cwd=tmp_path, language="vi")
    refused(ran, 3, "Error: The configuration no.toml can't be read")


def test_configured_language_speaks_in_messages(tmp_path: Path) -> None:
    """report.language = "vi", although the variable says English; --lang wins over both."""
    an_audit(tmp_path)
    report = ("report", *MONTH)
    refused(mailaudit(*report, cwd=tmp_path), 5, "Lỗi: ", "2026-10")
    refused(mailaudit(*report, "--lang", "en", cwd=tmp_path), 5, "has no snapshot of 2026-10")


def test_language_option_holds_for_help_and_wrong_usage(tmp_path: Path) -> None:
    """Both come before any option is looked at; wherever it stands, and in either form."""
    for arguments in (("--lang", "en", "--help"), ("--help", "--lang=en"), ("--lang=en", "--nope")):
        ran = mailaudit("run", *arguments, cwd=tmp_path, language="vi")
        assert "Usage: mailaudit run" in ran.out + ran.err
    ran = mailaudit("run", "--lang", "vi", "--nope", cwd=tmp_path, language="en")
    refused(ran, 2, "Lỗi: Không có tùy chọn --nope.")


def test_unknown_language_is_refused(tmp_path: Path) -> None:
    """A language in the variable that there is not is reported, not replaced in silence."""
    refused(mailaudit("report", cwd=tmp_path, language="fr"), 2, "MAILAUDIT_LANG=fr", "vi / en")
    ran = mailaudit("report", "--lang", "fr", cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "'vi', 'en'" in ran.err


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "10/2026", "abc", "2026-1", "2026-10-01", ""]
)
def test_malformed_period_is_refused(tmp_path: Path, text: str) -> None:
    """With the form it should have."""
    an_audit(tmp_path, report='language = "en"')
    ran = mailaudit("run", "--period", text, cwd=tmp_path)
    refused(ran, 2, f"--period {text} is not a month", "Write year and month as in 20")


def test_future_period_is_refused(tmp_path: Path) -> None:
    """With the last month that can be audited."""
    an_audit(tmp_path, report='language = "en"')
    refused(mailaudit("run", "--period", "2999-01", cwd=tmp_path), 2, "2999-01 has not begun")


def test_missing_staff_list_is_named(tmp_path: Path) -> None:
    """The configuration names a file that is not there."""
    an_audit(tmp_path, report='language = "en"')
    (tmp_path / "roster.csv").unlink()
    refused(mailaudit("run", *MONTH, cwd=tmp_path), 3, "roster.csv")


@pytest.mark.parametrize(
    ("roster", "parts"),
    [
        (ROSTER.replace("an@vidu.gov.vn", "an(at)vidu"), ("roster.csv:2", "an(at)vidu")),
        (ROSTER.replace("binh@", "binh@@"), ("roster.csv:3", "binh@@vidu.gov.vn")),
        (ROSTER.replace(",H01,công chức,an", ",H99,công chức,an"), ("roster.csv:2", '"H99"')),
        (ROSTER.replace("01/10/2026", "31/02/2026"), ("roster.csv:3", "31/02/2026")),
        (re.sub(r"[a-z]+@vidu.gov.vn", "", ROSTER), ("no mail address at all", '"Hộp thư"')),
        (ROSTER.replace("Hộp thư", "Ghi chú"), ("roster.csv:1", '"Hộp thư"')),
        ("", ("roster.csv",)),
    ],
)
def test_staff_list_fault_names_its_row(
    tmp_path: Path, roster: str, parts: tuple[str, ...]
) -> None:
    """No usable address, an unknown unit, a day that does not exist: where it stands."""
    an_audit(tmp_path, report='language = "en"')
    (tmp_path / "roster.csv").write_text(roster, encoding="utf-8")
    refused(mailaudit("run", *MONTH, cwd=tmp_path), 3, "roster.csv", *parts)


def test_unit_list_fault_names_its_row(tmp_path: Path) -> None:
    """A unit below one that is not there."""
    an_audit(tmp_path, report='language = "en"')
    (tmp_path / "units.csv").write_text(
        "Mã đơn vị,Tên đơn vị,Mã đơn vị cấp trên\nH01,Sở Nội vụ,H77\n", encoding="utf-8"
    )
    refused(mailaudit("run", *MONTH, cwd=tmp_path), 3, "units.csv:2", "H77")
    (tmp_path / "units.csv").write_text(UNITS.replace("Mã đơn vị", "X"), encoding="utf-8")
    refused(mailaudit("run", *MONTH, cwd=tmp_path), 3, "units.csv")


def test_no_password_names_the_three_places(tmp_path: Path) -> None:
    """A file, a variable, the keyring."""
    an_audit(tmp_path, server="", report='language = "en"')
    ran = mailaudit("run", *MONTH, cwd=tmp_path)
    refused(ran, 3, "VIDU\\svc", "server.password_file", "MAILAUDIT_PASSWORD", "keyring set")


def test_missing_password_file_is_named(tmp_path: Path) -> None:
    """And nothing else is tried instead."""
    an_audit(tmp_path, report='language = "en"')
    (tmp_path / "password").unlink()
    refused(mailaudit("run", *MONTH, cwd=tmp_path), 3, "server.password_file names no file")


@pytest.mark.skipif(os.name != "posix", reason="access rights of files are POSIX's")
def test_password_file_open_to_others_is_refused(tmp_path: Path) -> None:
    """With the command that closes it."""
    an_audit(tmp_path, report='language = "en"')
    config = tmp_path / "mailaudit.toml"
    config.write_text(config.read_text("utf-8").replace('"password"', '"mật khẩu"'), "utf-8")
    (tmp_path / "password").rename(tmp_path / "mật khẩu").chmod(0o640)
    refused(mailaudit("run", *MONTH, cwd=tmp_path), 3, "chmod 600 'mật khẩu'")


def test_empty_password_file_is_refused(tmp_path: Path) -> None:
    """A server is not asked with an empty password."""
    an_audit(tmp_path, report='language = "en"')
    (tmp_path / "password").write_text("\n", encoding="utf-8")
    refused(mailaudit("run", *MONTH, cwd=tmp_path), 3, "does not hold a password")


def test_command_that_a_message_names_can_be_typed_as_it_stands(tmp_path: Path) -> None:
    """It asks for the same configuration."""
    an_audit(tmp_path, report='language = "en"').rename(tmp_path / "tỉnh mẫu.toml")
    ran = mailaudit("report", *MONTH, "--config", "tỉnh mẫu.toml", cwd=tmp_path)
    refused(ran, 5, "mailaudit collect --config 'tỉnh mẫu.toml' --period 2026-10")


@pytest.mark.skipif(os.name != "posix", reason="as a POSIX shell reads it")
def test_command_that_init_names_can_be_typed_as_it_stands(tmp_path: Path) -> None:
    """Also for a folder with a space in its name."""
    ran = mailaudit("init", "tỉnh mẫu", cwd=tmp_path)
    assert "mailaudit check --config 'tỉnh mẫu/mailaudit.toml'" in ran.err


@pytest.mark.parametrize(
    ("path", "argument"),
    [
        ("audit\\mailaudit.toml", "audit\\mailaudit.toml"),
        ("C:\\Kiểm toán\\mailaudit.toml", '"C:\\Kiểm toán\\mailaudit.toml"'),
        ("\\\\may-chu\\d$\\a.toml", "'\\\\may-chu\\d$\\a.toml'"),
        ("của 'A' & B.toml", "\"của 'A' & B.toml\""),
        ("$của ’A’.toml", "'$của ’’A’’.toml'"),
        ("@a.toml", '"@a.toml"'),
    ],
)
def test_command_is_quoted_for_the_shells_of_windows(path: str, argument: str) -> None:
    """PowerShell and cmd read double quotes alike; only PowerShell reads a $ within them."""
    assert in_command(PureWindowsPath(path), system="win32") == argument


@pytest.mark.parametrize("command", [("report",), ("export", "activity", "--out", "x.csv")])
def test_month_never_collected_says_how_to(tmp_path: Path, command: tuple[str, ...]) -> None:
    """With the command that collects it; no file appears."""
    an_audit(tmp_path, report='language = "en"')
    before = sorted(tmp_path.iterdir())
    ran = mailaudit(*command, *MONTH, cwd=tmp_path)
    refused(ran, 5, "no snapshot of 2026-10", "mailaudit collect --period 2026-10")
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("command", ["run", "report"])
def test_store_of_a_newer_version_is_left_alone(tmp_path: Path, command: str) -> None:
    """Its schema is not one this version knows: update, nothing changed."""
    an_audit(tmp_path, report='language = "en"')
    store = tmp_path / "mailaudit.db"
    with sqlite3.connect(store) as connection:
        connection.execute("CREATE TABLE mailaudit_version (version_num TEXT NOT NULL)")
        connection.execute("INSERT INTO mailaudit_version VALUES ('9999')")
    connection.close()
    before = store.read_bytes()
    refused(
        mailaudit(command, *MONTH, cwd=tmp_path), 5, "store mailaudit.db was", "newer", "Update"
    )
    assert store.read_bytes() == before


@pytest.mark.parametrize("command", ["run", "report"])
@pytest.mark.parametrize("content", [b"x", b"Xin chao, day la mot van ban." * 40])
def test_store_that_is_no_database_is_left_alone(
    tmp_path: Path, command: str, content: bytes
) -> None:
    """A text file, shorter or longer than a database's header."""
    an_audit(tmp_path, report='language = "en"')
    store = tmp_path / "mailaudit.db"
    store.write_bytes(content)
    refused(
        mailaudit(command, *MONTH, cwd=tmp_path), 5, "mailaudit.db is not", "Correct store.file"
    )
    assert store.read_bytes() == content


def test_store_in_a_missing_folder_is_named(tmp_path: Path) -> None:
    """It is not made: a mistyped folder would hide a second store."""
    an_audit(tmp_path, report='language = "en"', store='file = "no/mailaudit.db"')
    refused(mailaudit("run", *MONTH, cwd=tmp_path), 5, "no/mailaudit.db", "store.file")
    assert not (tmp_path / "no").exists()


def test_missing_ca_file_is_named(tmp_path: Path) -> None:
    """Before the server is asked."""
    an_audit(tmp_path, server='password_file = "password"\nca_file = "no.pem"')
    ran = mailaudit("run", *MONTH, "--lang", "en", cwd=tmp_path)
    refused(ran, 3, "no.pem", "server.ca_file")
    (tmp_path / "no.pem").write_text("no certificate", encoding="utf-8")
    refused(mailaudit("run", *MONTH, "--lang", "en", cwd=tmp_path), 3, "no.pem", "no certificate")


def test_unreachable_server_stops_the_run(tmp_path: Path) -> None:
    """Port 9 of this machine, where nobody listens: no report is written."""
    an_audit(tmp_path)
    ran = mailaudit("run", *MONTH, "--lang", "en", cwd=tmp_path)
    assert ran.err.count("Error: ") == 1
    assert "127.0.0.1 can't be reached" in ran.err and "server.url" in ran.err
    assert (ran.code, ran.out) == (4, "")
    assert "Traceback" not in ran.err and SECRET not in ran.err
    assert not (tmp_path / "reports").exists()


@pytest.mark.skipif(find_spec("gssapi") is not None, reason="what Kerberos needs is installed")
def test_missing_extra_is_installed_from_what_is_at_hand(tmp_path: Path) -> None:
    """A public index may have a stranger's program by the name of this one."""
    an_audit(tmp_path)
    config = tmp_path / "mailaudit.toml"
    config.write_text(config.read_text("utf-8").replace('"ntlm"', '"kerberos"'), "utf-8")
    ran = mailaudit("run", *MONTH, "--lang", "en", cwd=tmp_path)
    assert (ran.code, ran.out) == (3, "")
    assert 'pip install ".[kerberos]"' in ran.err
    assert re.search(r'pip install "mailaudit-[\d.]+-py3-none-any\.whl\[kerberos\]"', ran.err)
    assert "install 'mailaudit[" not in ran.err


def with_auth(folder: Path, auth: str) -> None:
    """The audit's folder, with another kind of login."""
    an_audit(folder, report='language = "en"')
    config = folder / "mailaudit.toml"
    config.write_text(config.read_text("utf-8").replace('"ntlm"', f'"{auth}"'), "utf-8")


@pytest.mark.parametrize(
    ("auth", "code", "part"),
    [("ntlm", 4, "nothing answers"), ("kerberos", 3, "gssapi can't be loaded: no Kerberos here")],
)
def test_broken_kerberos_library_ends_its_own_login_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, auth: str, code: int, part: str
) -> None:
    """gssapi raises OSError where the system has no Kerberos; other packages expect ImportError."""
    with_auth(tmp_path, auth)
    packages = tmp_path / "packages"
    packages.mkdir()
    (packages / "gssapi.py").write_text('raise OSError("no Kerberos here.")\n')
    (packages / "requests_gssapi.py").write_text("import gssapi\n")
    monkeypatch.setenv("PYTHONPATH", str(packages))
    refused(mailaudit("run", *MONTH, cwd=tmp_path), code, part)
    import_demo = [sys.executable, "-c", "import mailaudit.demo.logins"]
    assert subprocess.run(import_demo).returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has that login")
def test_login_of_windows_is_refused_elsewhere(tmp_path: Path) -> None:
    """With what there is instead."""
    with_auth(tmp_path, "windows")
    refused(mailaudit("run", *MONTH, cwd=tmp_path), 3, "which only Windows has. Use kerberos")


def test_export_into_a_missing_folder_is_refused(tmp_path: Path) -> None:
    """A mistyped folder does not get the names of mailboxes."""
    an_audit(tmp_path, report='language = "en"')
    export = ("export", "activity", *MONTH, "--out", "no/activity.csv")
    refused(mailaudit(*export, cwd=tmp_path), 2, "--out no/activity.csv", "Create it")
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize("command", [("demo", "--out"), ("demo", "serve", "--dir"), ("init",)])
def test_folder_that_is_a_file_is_refused(tmp_path: Path, command: tuple[str, ...]) -> None:
    """Named, with the reason."""
    (tmp_path / "there").write_text("", encoding="utf-8")
    ran = mailaudit(*command, "there", cwd=tmp_path)
    assert ran.code == 3
    assert str(tmp_path / "there") in ran.err or "there is a file, not a folder" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.skipif(ROOT, reason="this account may write everywhere")
def test_folder_without_write_access_is_refused(tmp_path: Path) -> None:
    """Named, with the reason."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    refused(mailaudit("init", "closed", cwd=tmp_path), 3, "closed/mailaudit.toml")


def test_port_in_use_is_reported(tmp_path: Path) -> None:
    """With the way out."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ran = mailaudit("demo", "serve", "--dir", "d", "--port", port, cwd=tmp_path)
    refused(ran, 2, f"Port {port} can't be used", "--port")


def test_traffic_without_people_is_refused(tmp_path: Path) -> None:
    """They go together."""
    ran = mailaudit("demo", "serve", "--traffic", "t.csv", cwd=tmp_path)
    refused(ran, 2, "--traffic and --people")


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("roster", "check", "--nope"), "--nope"),
        (("roster", "chck"), "'check'"),
        (("roster", "check", "--config"), "--config"),
        (("calendar", "abc"), "YEAR"),
        (("export", "activity"), "--out"),
        (("demo", "serve", "--port", "70000"), "--port"),
    ],
)
def test_wrong_usage_is_reported_like_any_other_error(
    tmp_path: Path, arguments: tuple[str, ...], part: str
) -> None:
    """With the prefix of the terminal's language, and where the help is."""
    for language, prefix in (("vi", "Lỗi: "), ("en", "Error: ")):
        ran = mailaudit(*arguments, cwd=tmp_path, language=language)
        refused(ran, 2, part.replace("YEAR", "NĂM") if language == "vi" else part)
        assert ran.err.startswith(prefix)


def test_group_without_command_shows_its_help(tmp_path: Path) -> None:
    """It is no error, and is not marked as one."""
    ran = mailaudit("roster", cwd=tmp_path, language="vi")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("Cách dùng: mailaudit roster ")
    assert "Lỗi" not in ran.err


def test_unknown_command_is_guessed(tmp_path: Path) -> None:
    """A slip of the finger gets the command that was meant."""
    ran = mailaudit("rnu", cwd=tmp_path)
    assert ran.code == 2
    assert "did you mean 'run'?" in ran.err
    assert ran.out == ""
