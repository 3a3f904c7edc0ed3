"""The configuration file: what it means, and every way it can be wrong."""

import os
import re
import subprocess
import sys
import tomllib
import traceback
from dataclasses import fields
from datetime import time
from fractions import Fraction
from importlib.resources import as_file
from pathlib import Path
from typing import Any, cast
from unicodedata import normalize

import keyring
import pytest
from keyring.errors import NoKeyringError

from mailaudit.errors import ConfigurationError
from mailaudit.model.accounts import Dormancy
from mailaudit.model.directory import DirectoryServer
from mailaudit.model.layout import DateOrder, Layout, UnitFrom
from mailaudit.model.rules import DEFINITIONS, Grade, Rules
from mailaudit.roster.columns import STAFF_COLUMNS
from mailaudit.roster.shipped import shipped
from mailaudit.settings import (
    Directory,
    ExchangeServer,
    LiveServer,
    NamedLogs,
    Secret,
    Settings,
    SettingsError,
    load_settings,
)
from mailaudit.settings.delivery import PORTS
from mailaudit.settings.roster import RosterColumns
from mailaudit.settings.servers import KINDS
from mailaudit.settings.witnesses import WITNESS_KINDS
from mailaudit.sources.ews import EwsServer
from mailaudit.sources.imap import ImapServer

SERVER = {
    "url": '"https://mail.example.gov.vn/EWS/Exchange.asmx"',
    "version": '"Exchange2016"',
    "auth": '"ntlm"',
    "username": r"'PROVINCE\svc'",
}


def a_configuration(
    folder: Path,
    *,
    organisation: str = 'name = "Province"\ndomains = ["province.gov.vn"]',
    server: dict[str, str | None] | None = None,
    rest: str = "",
) -> Path:
    """A configuration file; `server` changes keys of the [server] table, None leaves one out."""
    keys = {**SERVER, **(server or {})}
    lines = "\n".join(f"{key} = {value}" for key, value in keys.items() if value is not None)
    file = folder / "mailaudit.toml"
    file.write_text(
        f'[organisation]\n{organisation}\n[server]\n{lines}\n[roster]\nfile = "roster.csv"\n{rest}',
        encoding="utf-8",
    )
    return file


def one_server(file: Path) -> LiveServer:
    (server,) = load_settings(file).live_servers
    return server


def problems_of(file: Path) -> dict[str, str]:
    """What is wrong with a configuration, by dotted key."""
    with pytest.raises(SettingsError) as caught:
        load_settings(file)
    return dict(re.findall(r"^  ([\w.\[\]]+): (.*)$", caught.value.text(), flags=re.MULTILINE))


def a_password_file(folder: Path, content: str, mode: int = 0o600) -> Path:
    file = folder / "password"
    file.write_text(content, encoding="utf-8")
    file.chmod(mode)
    return file


@pytest.fixture(autouse=True)
def no_password_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the environment nor a keyring of the machine has a part in these tests."""

    def no_keyring(service: str, account: str) -> str | None:
        raise NoKeyringError("none here")

    monkeypatch.delenv("MAILAUDIT_PASSWORD", raising=False)
    monkeypatch.setattr(keyring, "get_password", no_keyring)


def test_settings_have_the_documented_defaults(tmp_path: Path) -> None:
    """Whatever the file leaves out has the value the example states."""
    settings = load_settings(a_configuration(tmp_path))

    assert settings.organisation.timezone == "Asia/Ho_Chi_Minh"
    assert settings.live_servers[0].max_connections == 8
    assert settings.live_servers[0].timeout_s == 60
    assert settings.store.file == tmp_path / "mailaudit.db"
    assert settings.report.folder == tmp_path / "reports"
    assert settings.report.language == "vi"
    assert settings.calendar.file is None
    assert settings.roster.units is None
    assert settings.rules == Rules()


def test_settings_resolve_paths_beside_the_file(tmp_path: Path) -> None:
    """A relative path is relative to the configuration, an absolute one stays."""
    absolute = tmp_path / "elsewhere" / "store.db"
    file = a_configuration(
        tmp_path,
        server={"ca_file": '"tls/ca.pem"', "password_file": '"password"'},
        rest=f'units = "lists/units.csv"\n[store]\nfile = "{absolute}"',
    )
    settings = load_settings(file)

    assert settings.roster.file == (tmp_path / "roster.csv",)
    assert settings.roster.units == tmp_path / "lists" / "units.csv"
    assert settings.live_servers[0].ca_file == tmp_path / "tls" / "ca.pem"
    assert settings.store.file == absolute


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_settings_take_every_definition_of_regular_use(tmp_path: Path, definition: str) -> None:
    """The names in the file are those of the rules."""
    rules = f'[rules]\nregular = "{definition}"\n'
    found = load_settings(a_configuration(tmp_path, rest=rules)).rules
    assert found == Rules(regular=definition)


def test_settings_read_every_threshold_exactly(tmp_path: Path) -> None:
    """Percentages become exact shares, decimals too, and each key reaches its own threshold."""
    rules = """
[rules]
regular = "any-activity"
regular_basis = " Quyết định số 1/QĐ-UBND "
target_basis = "Kế hoạch số 2/KH-UBND"
min_sent_days = 5
min_read_percent = 87.5
read_grace_working_days = 2
read_waived_below = 6
min_coverage_percent = 33.3
min_in_scope = 7
small_unit = 11
target_percent = 0.1
exempt_categories = ["Lái  XE"]
in_scope_categories = ["Công chức"]
exempt_job_titles = ["Bảo vệ"]
in_scope_job_titles = ["kế  toán"]
excluded_statuses = []
min_excluded_percent = 40
joined_statuses = ["Mới về"]
min_joined_working_days = 12
left_statuses = ["từ trần"]
in_scope_statuses = ["đi làm"]
max_exempt_percent = 100
min_regular_months_percent = "3/4"
min_months_percent = 12.5
[[rules.grades]]
name = "Đạt"
from = 66.6
[[rules.grades]]
name = "Chưa đạt"
from = 0
"""
    settings = load_settings(a_configuration(tmp_path, rest=rules))

    assert settings.rules == Rules(
        regular="any-activity",
        regular_basis="Quyết định số 1/QĐ-UBND",
        target_basis="Kế hoạch số 2/KH-UBND",
        min_sent_days=5,
        min_read_share=Fraction(7, 8),
        read_grace_working_days=2,
        read_waived_below=6,
        min_coverage=Fraction(333, 1000),
        min_in_scope=7,
        small_unit=11,
        target=Fraction(1, 1000),
        grades=(Grade("Đạt", Fraction(666, 1000)), Grade("Chưa đạt", Fraction(0))),
        exempt_categories=frozenset({"lái xe"}),
        in_scope_categories=frozenset({"công chức"}),
        exempt_job_titles=frozenset({"bảo vệ"}),
        in_scope_job_titles=frozenset({"kế toán"}),
        excluded_statuses=frozenset(),
        joined_statuses=frozenset({"mới về"}),
        min_joined_working_days=12,
        left_statuses=frozenset({"từ trần"}),
        in_scope_statuses=frozenset({"đi làm"}),
        min_excluded_share=Fraction(40, 100),
        max_exempt_share=Fraction(1),
        min_regular_months_share=Fraction(3, 4),
        min_months_share=Fraction(1, 8),
    )


def test_settings_compare_domains_in_lower_case(tmp_path: Path) -> None:
    """Domains are stored as addresses are compared."""
    file = a_configuration(tmp_path, organisation='name = "P"\ndomains = [" Province.GOV.vn"]')
    assert load_settings(file).organisation.domains == ("province.gov.vn",)


def test_settings_report_all_problems_at_once(tmp_path: Path) -> None:
    """One message names every wrong key, what is wrong and what is allowed."""
    file = a_configuration(
        tmp_path,
        organisation='domains = []\ntimezone = "Asia/Saigonn"',
        server={
            "url": '"http://mail.example.gov.vn/EWS"',
            "version": '"Exchange2003"',
            "max_connections": "28",
            "timeout_s": '"60"',
            "usrname": '"x"',
        },
        rest='[report]\nlanguage = "fr"\n[rules]\ntarget_percent = 101\nmin_sent_days = 4.5',
    )
    problems = problems_of(file)

    assert problems.keys() == {
        "organisation.name", "organisation.domains", "organisation.timezone", "server.url",
        "server.version", "server.max_connections", "server.timeout_s", "server.usrname",
        "report.language", "rules.target_percent", "rules.min_sent_days",
    }  # fmt: skip
    assert problems["organisation.name"] == "is missing, and has no default"
    assert "Asia/Ho_Chi_Minh" in problems["organisation.timezone"]
    assert "https://" in problems["server.url"]
    assert "'Exchange2016'" in problems["server.version"]
    assert problems["server.max_connections"] == "must be at most 27"
    assert problems["server.timeout_s"] == "must be a whole number"
    assert "did you mean server.username?" in problems["server.usrname"]
    assert problems["report.language"] == "must be one of 'vi', 'en'"
    assert "0 to 100" in problems["rules.target_percent"]


@pytest.mark.parametrize(
    ("rest", "key", "words"),
    [
        ("[stor]\nfile = 'x'", "stor", "did you mean store?"),
        ("[store]\nurl = 'x'", "store.url", "did you mean server.url?"),
        ("[calendar]\nzzz = 1", "calendar.zzz", "known here: file"),
        ("[[rules.grades]]\nname = 'A'\nform = 0", "rules.grades[1].form", "rules.grades.from"),
        ("[rules]\nmin_read_share = 80", "rules.min_read_share", "rules.min_read_percent"),
    ],
)
def test_settings_suggest_the_key_that_was_meant(
    tmp_path: Path, rest: str, key: str, words: str
) -> None:
    """An unknown key comes with the likeliest known one, or with all that are allowed."""
    assert words in problems_of(a_configuration(tmp_path, rest=rest))[key]


@pytest.mark.parametrize(
    ("grades", "words"),
    [
        ("[{name='A', from=50}, {name='B', from=10}]", "the last from 0"),
        ("[{name='A', from=0}, {name='B', from=50}]", "best first"),
        ("[{name='A', from=50}, {name='B', from=50}, {name='C', from=0}]", "best first"),
        ("[{name='A', from=50}, {name='A', from=0}]", "different name"),
        ("[]", "best first"),
    ],
)
def test_settings_refuse_grades_that_leave_a_share_ungraded(
    tmp_path: Path, grades: str, words: str
) -> None:
    """Grades cover every share once: best first, down to 0."""
    file = a_configuration(tmp_path, rest=f"[rules]\ngrades = {grades}")
    assert words in problems_of(file)["rules.grades"]


@pytest.mark.parametrize("value", ["true", '"80"', "nan", "inf", "-1", "100.01"])
def test_settings_refuse_what_is_no_percentage(tmp_path: Path, value: str) -> None:
    """Neither truth values nor texts nor NaN pass for a percentage."""
    file = a_configuration(tmp_path, rest=f"[rules]\ntarget_percent = {value}")
    assert "rules.target_percent" in problems_of(file)


@pytest.mark.parametrize(
    ("auth", "missing"),
    [("ntlm", "server.username"), ("basic", "server.username"), ("oauth", "server.client_id")],
)
def test_settings_ask_for_what_the_login_needs(tmp_path: Path, auth: str, missing: str) -> None:
    """Each kind of login names the keys it can't do without."""
    file = a_configuration(tmp_path, server={"auth": f'"{auth}"', "username": None})
    assert missing in problems_of(file)["server.auth"]


@pytest.mark.parametrize("auth", ["kerberos", "windows"])
def test_settings_accept_a_login_by_ticket_without_a_password(tmp_path: Path, auth: str) -> None:
    """Kerberos logs in with a ticket: no user name, no secret is asked for."""
    file = a_configuration(tmp_path, server={"auth": f'"{auth}"', "username": None})
    assert load_settings(file).live_servers[0].find_secret() == Secret("", auth.capitalize())


def test_settings_never_print_a_misplaced_password(tmp_path: Path) -> None:
    """A password in the file, whatever its key, is in no message."""
    file = a_configuration(
        tmp_path,
        server={
            "password": '"hunter2"',
            "auth": '"hunter2"',
            "url": '"https://svc:hunter2@mail.example.gov.vn/"',
            "timeout_s": '"hunter2"',
            "ca_file": '["hunter2"]',
        },
    )
    with pytest.raises(SettingsError) as caught:
        load_settings(file)
    shown = caught.value.text() + repr(caught.value) + repr(caught.value.__context__)

    assert "hunter2" not in shown
    assert "does not belong in this file" in problems_of(file)["server.password"]
    assert "must not hold a login" in problems_of(file)["server.url"]


def test_settings_name_the_line_of_a_syntax_error(tmp_path: Path) -> None:
    """What is no TOML is reported with its line."""
    file = tmp_path / "mailaudit.toml"
    file.write_text('[organisation]\nname = "P"\ndomains = [\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"mailaudit\.toml .* line 3"):
        load_settings(file)


def test_settings_say_how_several_servers_are_written(tmp_path: Path) -> None:
    """A second [server] is what somebody writes who has two."""
    file = tmp_path / "mailaudit.toml"
    file.write_text('[server]\nurl = "a"\n[server]\nurl = "b"\n', encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_settings(file)
    assert caught.value.values["line"] == 3
    assert "each of several is [[servers]]" in str(caught.value.values["why"])


@pytest.mark.parametrize("text", [r'"PROVINCE\svc"', r'"C:\Users\svc"'])
def test_settings_explain_a_backslash_in_double_quotes(tmp_path: Path, text: str) -> None:
    """DOMAIN\\svc in double quotes is the likeliest syntax error, and the message says the way."""
    file = a_configuration(tmp_path, server={"username": text})
    with pytest.raises(ConfigurationError, match=r"line 8.*single ones"):
        load_settings(file)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("username", r'"PROVINCE\tuan"'),
        ("username", r'"\tuan"'),
        ("password_file", r'"C:\new\file"'),
        ("ca_file", r'"C:\bin\file.pem"'),
    ],
)
def test_settings_refuse_a_backslash_that_became_a_control_character(
    tmp_path: Path, key: str, text: str
) -> None:
    """TOML reads it as an escape; the account, or the file, would be another one."""
    file = a_configuration(tmp_path, server={key: text})
    problem = problems_of(file)[f"server.{key}"]
    assert problem.startswith("holds a control character; write") and "'VIDU\\tuan'" in problem


def test_settings_accept_a_text_of_several_lines_that_ends_its_line(tmp_path: Path) -> None:
    """Line breaks at the ends of a text are no part of it."""
    file = a_configuration(tmp_path, server={"username": '"""\nsvc\n"""'})
    assert load_settings(file).live_servers[0].account == "svc"


def test_settings_read_a_file_with_byte_order_mark(tmp_path: Path) -> None:
    """Windows' Notepad writes one."""
    file = a_configuration(tmp_path)
    file.write_text(file.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert load_settings(file).organisation.name == "Province"


def test_settings_name_a_missing_file(tmp_path: Path) -> None:
    """A wrong --config names the path that was tried."""
    with pytest.raises(ConfigurationError, match=re.escape(str(tmp_path / "none.toml"))):
        load_settings(tmp_path / "none.toml")


def test_secret_comes_from_the_password_file_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file wins over the environment; its line end is not part of the password."""
    monkeypatch.setenv("MAILAUDIT_PASSWORD", "other")
    password = a_password_file(tmp_path, " pass word \n")
    server = one_server(a_configuration(tmp_path, server={"password_file": '"password"'}))

    assert server.find_secret() == Secret(" pass word ", str(password))


def test_secret_comes_from_the_environment_before_the_keyring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a password file the variable decides."""
    monkeypatch.setattr(keyring, "get_password", lambda service, account: "from keyring")
    monkeypatch.setenv("MAILAUDIT_PASSWORD", "from variable")
    secret = load_settings(a_configuration(tmp_path)).live_servers[0].find_secret()

    assert secret == Secret("from variable", "MAILAUDIT_PASSWORD")


def test_secret_comes_from_the_keyring_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The keyring is asked for the service "mailaudit" and the configured account."""
    held = {("mailaudit", "PROVINCE\\svc"): "from keyring"}
    monkeypatch.setattr(keyring, "get_password", lambda *asked: held.get(asked))
    secret = load_settings(a_configuration(tmp_path)).live_servers[0].find_secret()

    assert secret.value == "from keyring"
    assert "keyring" in secret.origin


def test_secret_found_nowhere_names_the_three_ways(tmp_path: Path) -> None:
    """The message names each way to give the password."""
    with pytest.raises(ConfigurationError) as caught:
        load_settings(a_configuration(tmp_path)).live_servers[0].find_secret()
    for way in ("server.password_file", "MAILAUDIT_PASSWORD", "keyring set mailaudit"):
        assert way in str(caught.value)


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has such modes")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_secret_file_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    """Any access for the group or others is refused, with the remedy."""
    file = a_password_file(tmp_path, "hunter2", mode)
    server = one_server(a_configuration(tmp_path, server={"password_file": '"password"'}))
    with pytest.raises(ConfigurationError, match=re.escape(f"chmod 600 {file}")):
        server.find_secret()


@pytest.mark.parametrize("content", ["", "\n", "hunter2\nhunter3\n"])
def test_secret_file_without_one_password_is_refused(tmp_path: Path, content: str) -> None:
    """An empty file or several lines are no password, and are not printed."""
    a_password_file(tmp_path, content)
    server = one_server(a_configuration(tmp_path, server={"password_file": '"password"'}))
    with pytest.raises(ConfigurationError, match="does not hold a password") as caught:
        server.find_secret()
    assert "hunter" not in str(caught.value)


def test_secret_file_that_is_missing_stops_the_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A named file that is not there is an error; no second password is tried."""
    monkeypatch.setenv("MAILAUDIT_PASSWORD", "other")
    server = one_server(a_configuration(tmp_path, server={"password_file": '"password"'}))
    with pytest.raises(ConfigurationError, match=r"server\.password_file names no file"):
        server.find_secret()


PASSWORDS = ("hunter2", "hunter2/../%s", "~hunter2/x", "hunter2\\u0000", "hunter2" * 60, "/hunter2")


@pytest.mark.parametrize("typed", PASSWORDS)
@pytest.mark.parametrize("table", ["server", "directory"])
def test_password_typed_in_the_place_of_its_file_is_not_printed(
    tmp_path: Path, typed: str, table: str
) -> None:
    """Whatever the system says of such a name: neither message nor traceback has it."""
    line = f'password_file = "{typed}"'
    directory = f'[directory]\nurl = "ldaps://dc.vn"\nbase = "dc=vn"\nusername = "x"\n{line}'
    file = (
        a_configuration(tmp_path, server={"password_file": f'"{typed}"'})
        if table == "server"
        else a_configuration(tmp_path, rest=directory)
    )
    with pytest.raises(ConfigurationError) as caught:
        getattr(load_settings(file), table).find_secret()

    assert "hunter2" not in "".join(traceback.format_exception(caught.value))
    assert f"{table}.password_file" in caught.value.text()


@pytest.mark.parametrize(
    "key",
    ["Password", "passwort", "mat_khau", '"mật khẩu"', "client_secret", "api_token", "svc_pwd"],
)
def test_secret_under_any_name_is_sent_to_a_file_of_its_own(tmp_path: Path, key: str) -> None:
    """Its value is not printed, and no other key is suggested for it."""
    file = a_configuration(tmp_path, server={key: '"hunter2"'})
    with pytest.raises(SettingsError) as caught:
        load_settings(file)

    assert "does not belong in this file" in caught.value.text()
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("password = hunter2", "neither a text in quotation marks"),
        ('password = "hunter2', "does not end on its line"),
        ("password hunter2", "no = follows"),
        ("password: hunter2", "no = follows"),
        ("password = 'a'\nhunter2.x = 1\nhunter2 = 2", "second time"),
        ("x = {hunter2 = 1, hunter2 = 2}", "second time"),
        ("hunter2 = " + "9" * 5000, "can't be understood"),
        ("hunter2 = " + "[" * 5000, "can't be understood"),
    ],
)
def test_line_that_is_no_toml_is_not_quoted(tmp_path: Path, line: str, why: str) -> None:
    """It may hold the password: its number and what is wrong are enough."""
    file = a_configuration(tmp_path)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[server]\n", f"[server]\n{line}\n"), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=re.escape(why)) as caught:
        load_settings(file)

    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "window",
    [
        "22:00+07:00-06:00+07:00",
        "22:00Z-06:00Z",
        "22:00-05:00-06:00-05:00",
        "22:00-06:00+07:00",
        "22:00 ICT - 06:00 ICT",
        "22:00-06:00 UTC+7",
        "22:00-06:00 Asia/Ho_Chi_Minh",
    ],
)
def test_window_with_a_zone_of_its_own_is_refused(tmp_path: Path, window: str) -> None:
    """There is one zone, the organisation's: another would move the window without a word."""
    file = a_configuration(tmp_path, server={"window": f'"{window}"'})
    assert "is in the zone of organisation.timezone" in problems_of(file)["server.window"]


def test_secret_hides_in_every_representation() -> None:
    """Only `value` gives the secret away."""
    secret = Secret("hunter2", "a test")
    assert "hunter2" not in f"{secret} {secret!r} {[secret]} {vars(type(secret))}"


def a_digest(folder: Path, **keys: str | None) -> str:
    folder.mkdir(exist_ok=True)
    return load_settings(a_configuration(folder, server=dict(keys))).digest


def test_digest_changes_with_a_setting_and_with_nothing_else(tmp_path: Path) -> None:
    """Defaults written out, comments, the folder and the password's place do not count."""
    plain = a_digest(tmp_path / "a")

    assert a_digest(tmp_path / "b") == plain
    assert a_digest(tmp_path / "c", max_connections="8  # the default") == plain
    assert a_digest(tmp_path / "d", password_file='"secret"') == plain
    assert a_digest(tmp_path / "e", max_connections="9") != plain
    assert a_digest(tmp_path / "f", ca_file='"ca.pem"') != plain


def test_digest_is_the_same_in_every_process(tmp_path: Path) -> None:
    """Sets have no order of their own; the digest must not inherit one."""
    program = (
        "import pathlib, sys; from mailaudit.settings import load_settings;"
        "print(load_settings(pathlib.Path(sys.argv[1])).digest)"
    )
    file = a_configuration(tmp_path)
    found = {
        subprocess.run(
            [sys.executable, "-c", program, str(file)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "3")
    }

    assert found == {load_settings(file).digest + "\n"}


def uncommented(example: str) -> str:
    """The example with every optional key switched on."""
    return re.sub(
        r"^# (\[\[|\[directory|\[delivery|\[notify|\w+ = )", r"\1", example, flags=re.MULTILINE
    )


def load_example(folder: Path, text: str) -> Settings:
    file = folder / "mailaudit.toml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file)


def test_example_is_a_valid_configuration(tmp_path: Path) -> None:
    """The shipped example loads as it is, and means the defaults."""
    settings = load_example(tmp_path, shipped("mailaudit.example.toml").read_text("utf-8"))
    assert settings.rules == Rules()


def test_example_states_every_key_and_its_default(tmp_path: Path) -> None:
    """Switched on, the example's optional keys change nothing, and no key is left out."""
    example = shipped("mailaudit.example.toml").read_text("utf-8")
    as_is, all_on = (load_example(tmp_path, text) for text in (example, uncommented(example)))
    optional: dict[str, Any] = {
        "organisation": {"renamed_domains"},
        "server": {"password_file", "ca_file", "tenant_id", "client_id", "window"},
        "roster": {"events", "header_row", "encoding", "date_order", "unit_from", "columns"},
        "retention": True,  # without it everything is kept
        "calendar": True,
        "report": {"contact", "objection_days"},
        "annex": True,  # every key of it shows an example, as none has a default
        "directory": True,
        "delivery": True,
        "notify": True,
    }

    assert all_on.model_dump(exclude=optional) == as_is.model_dump(exclude=optional)
    stated = tomllib.loads(uncommented(example))
    for table, field in Settings.model_fields.items():
        if table in ("servers", "witnesses"):  # shown in docs/configuration.md
            continue
        keys = getattr(all_on, table).__class__.model_fields.items()
        names = {key.alias or name for name, key in keys}
        assert set(stated[field.alias or table]) == names, table


A_DIRECTORY = """
[directory]
url = "ldaps://dc1.vidu.gov.vn"
base = "OU=CanBo,DC=vidu,DC=gov,DC=vn"
username = "svc-mailaudit@vidu.gov.vn"
"""


def test_example_states_every_key_of_the_directory_and_its_default(tmp_path: Path) -> None:
    """With its three needed keys the table means what the example shows."""
    example = uncommented(shipped("mailaudit.example.toml").read_text("utf-8"))
    shown = load_example(tmp_path, example).directory
    plain = load_settings(a_configuration(tmp_path, rest=A_DIRECTORY)).directory

    assert shown is not None
    assert plain is not None
    files = {"password_file", "ca_file"}
    assert shown.model_dump(exclude=files) == plain.model_dump(exclude=files)
    stated = tomllib.loads(example)["directory"]
    assert set(stated) == set(type(plain).model_fields)
    assert set(stated["attributes"]) == set(type(plain.attributes).model_fields)
    server = plain.server("")
    assert (server.host, server.port) == ("dc1.vidu.gov.vn", 636)


A_DELIVERY = """
[delivery]
kind = "smtp"
host = "smtp.vidu.gov.vn"
from = "baocao@vidu.gov.vn"
"""


def test_example_states_every_key_of_the_delivery_and_its_default(tmp_path: Path) -> None:
    """With what SMTP needs the table means what the example shows."""
    example = uncommented(shipped("mailaudit.example.toml").read_text("utf-8"))
    shown = load_example(tmp_path, example).delivery
    plain = load_settings(a_configuration(tmp_path, rest=A_DELIVERY)).delivery

    assert shown is not None
    assert plain is not None
    own = {"password_file", "ca_file", "username", "url", "wording", "board", "port"}
    own |= {"reminder_wording"}
    assert shown.model_dump(exclude=own) == plain.model_dump(exclude=own)
    fields = type(plain).model_fields.items()
    assert set(tomllib.loads(example)["delivery"]) == {f.alias or name for name, f in fields}
    assert shown.port == PORTS[shown.security]


@pytest.mark.parametrize("login", ["PROVINCE\\\\SVC", "svc", "svc@province.gov.vn", "OTHER\\\\svc"])
def test_account_that_reads_does_not_send(login: str, tmp_path: Path) -> None:
    """In whatever form it is written."""
    table = f'{A_DELIVERY}username = "{login}"'
    problems = problems_of(a_configuration(tmp_path, rest=table))
    assert problems["delivery"].startswith("username is the account that may read all mailboxes")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("directory.url", '"ldap://dc1.vidu.gov.vn"'),
        ("directory.url", '"ldaps://user:pw@dc1.vidu.gov.vn"'),
        ("directory.url", '"ldaps://dc1.vidu.gov.vn/DC=x"'),
        ("directory.url", '"dc1.vidu.gov.vn"'),
        ("directory.filter", '"objectClass=user"'),
        ("directory.filter", '"(&(a=b)"'),
        ("directory.page_size", "0"),
        ("directory.verify", "false"),
        ("directory.password", '"x"'),
    ],
)
def test_directory_key_that_cannot_be_used_is_named(tmp_path: Path, key: str, value: str) -> None:
    """Only LDAPS; no switch against verification, no secret in the file."""
    name = key.partition(".")[2]
    lines = [line for line in A_DIRECTORY.splitlines() if not line.startswith(f"{name} ")]
    text = "\n".join([*lines, f"{name} = {value}"])
    with pytest.raises(SettingsError) as caught:
        load_settings(a_configuration(tmp_path, rest=text))
    assert [problem.key for problem in caught.value.problems] == [key]
    if name == "password":
        assert "MAILAUDIT_DIRECTORY_PASSWORD" in caught.value.text()
        assert "directory.password_file" in caught.value.text()


def test_secret_of_the_directory_has_its_own_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail server's password is not tried on the directory."""
    settings = load_settings(a_configuration(tmp_path, rest=A_DIRECTORY))
    assert settings.directory is not None
    monkeypatch.setenv("MAILAUDIT_PASSWORD", "of the mail server")
    with pytest.raises(ConfigurationError, match=r"directory\.password_file.*DIRECTORY_PASSWORD"):
        settings.directory.find_secret()
    monkeypatch.setenv("MAILAUDIT_DIRECTORY_PASSWORD", "its own")
    assert settings.directory.find_secret() == Secret("its own", "MAILAUDIT_DIRECTORY_PASSWORD")


def test_example_is_found_as_an_installed_file() -> None:
    """What `shipped` finds can be copied to a user's folder."""
    with as_file(shipped("units.example.csv")) as file:
        assert file.read_text("utf-8-sig").startswith("Mã đơn vị,Tên đơn vị")


def test_roster_file_may_be_several(tmp_path: Path) -> None:
    """One list in parts: each path is beside the configuration; none at all is a problem."""
    text = a_configuration(tmp_path).read_text("utf-8")
    file = tmp_path / "mailaudit.toml"
    file.write_text(text.replace('"roster.csv"', '["a.xlsx", "b.csv"]'), encoding="utf-8")
    assert load_settings(file).roster.file == (tmp_path / "a.xlsx", tmp_path / "b.csv")

    file.write_text(text.replace('"roster.csv"', "[]"), encoding="utf-8")
    assert "roster.file" in problems_of(file)


def test_roster_form_reaches_the_reader(tmp_path: Path) -> None:
    """Each key of the form is in the Layout, with the organisation's domains."""
    form = """sheets = ["A"]
header_row = 3
encoding = "vni"
date_order = "mdy"
unit_from = "sheet"
columns = { mailbox = "F", unit_code = "Mã" }"""
    settings = load_settings(a_configuration(tmp_path, rest=form))
    assert settings.roster.layout(settings.organisation.domains) == Layout(
        sheets=("A",),
        header_row=3,
        columns={"mailbox": "F", "unit_code": "Mã"},
        encoding="vni",
        date_order=DateOrder.MONTH_FIRST,
        unit_from=UnitFrom.SHEET,
        domains=frozenset(settings.organisation.domains),
    )


def test_every_column_of_staff_lists_can_be_named() -> None:
    """[roster.columns] knows the columns the reader knows, no more and no less."""
    assert set(RosterColumns.model_fields) == set(STAFF_COLUMNS)


def test_window_is_two_times_of_day(tmp_path: Path) -> None:
    """A nightly window goes over midnight."""
    file = a_configuration(tmp_path, server={"window": '"22:00-06:00"'})
    assert load_settings(file).live_servers[0].window == (time(22), time(6))


@pytest.mark.parametrize("text", ["22:00", "22-6-8", "25:00-06:00", "06:00-06:00", "night"])
def test_invalid_window_is_reported(tmp_path: Path, text: str) -> None:
    """One time, three, an impossible one, the same twice, a word: all say how to write it."""
    problems = problems_of(a_configuration(tmp_path, server={"window": f'"{text}"'}))
    assert "22:00-06:00" in problems["server.window"]


def test_servers_are_made_of_every_key_of_theirs() -> None:
    """What a client is given by name has the names of the keys, and lacks none."""
    reading = {field.name for field in fields(EwsServer)} - {"secret", "limits", "place"}
    directory = {field.name for field in fields(DirectoryServer)} - {"secret", "host", "port"}
    elsewhere = {"password_file", "requests_per_minute", "window"}
    assert set(ExchangeServer.model_fields) - elsewhere == reading
    assert set(Directory.model_fields) - {"password_file", "url"} == directory


@pytest.mark.parametrize("value", ['"3/2"', '"0/3"', '"2 thirds"', '"66"', "true"])
def test_settings_refuse_what_is_no_part_of_months(tmp_path: Path, value: str) -> None:
    """A part is at most the whole, and written as a fraction."""
    rest = f"[rules]\nmin_months_percent = {value}"
    problems = problems_of(a_configuration(tmp_path, rest=rest))
    assert list(problems) == ["rules.min_months_percent"]
    assert problems["rules.min_months_percent"].startswith("must be a number such as ")


@pytest.mark.parametrize(
    ("written", "dormancy"),
    [
        ("45 days", Dormancy(45)),
        ("30 ngày", Dormancy(30)),
        (normalize("NFD", "366 Ngày"), Dormancy(366)),
        ("1 month", Dormancy(1, in_months=True)),
        ("6 tháng", Dormancy(6, in_months=True)),
        (" 12months ", Dormancy(12, in_months=True)),
    ],
)
def test_dormancy_is_written_as_regulations_write_it(
    tmp_path: Path, written: str, dormancy: Dormancy
) -> None:
    file = a_configuration(tmp_path, rest=f'[accounts]\ndormant_after = "{written}"')

    assert load_settings(file).accounts.dormant_after == dormancy


def test_dormancy_is_45_days_where_none_is_set_and_part_of_the_digest(tmp_path: Path) -> None:
    plain = load_settings(a_configuration(tmp_path))
    assert plain.accounts.dormant_after == Dormancy(45)
    same = load_settings(a_configuration(tmp_path, rest='[accounts]\ndormant_after = "45 ngày"'))
    assert same.digest == plain.digest
    other = load_settings(a_configuration(tmp_path, rest='[accounts]\ndormant_after = "3 months"'))
    assert other.digest != plain.digest


ENTRY: dict[str, str | None] = {
    "name": '"daknong"',
    "kind": '"ews"',
    "domains": '["daknong.gov.vn"]',
    "url": '"https://mail.daknong.gov.vn/EWS/Exchange.asmx"',
    "version": '"Exchange2016"',
    "auth": '"ntlm"',
    "username": r"'DAKNONG\svc'",
}
SECOND: dict[str, str | None] = {
    **ENTRY,
    "name": '"lamdong"',
    "domains": '["lamdong.gov.vn", "binhthuan.gov.vn"]',
}


IMAP: dict[str, str | None] = {
    "name": '"hue"',
    "kind": '"imap"',
    "domains": '["hue.gov.vn"]',
    "host": '"imap.hue.gov.vn"',
    "username": '"svc-mailaudit"',
}


def several_servers(folder: Path, *entries: dict[str, str | None], rest: str = "") -> Path:
    """A configuration with a table of [[servers]] for each."""
    tables = [
        "\n".join(["[[servers]]", *(f"{key} = {value}" for key, value in one.items() if value)])
        for one in entries
    ]
    file = a_configuration(folder, rest=rest)
    text = file.read_text(encoding="utf-8")
    start, end = text.index("[server]"), text.index("[roster]")
    file.write_text(text[:start] + "\n".join([*tables, text[end:]]), encoding="utf-8")
    return file


def test_several_servers_answer_for_their_domains(tmp_path: Path) -> None:
    """And for those below them; the longer domain goes first, the staff list's word before all."""
    below = {**ENTRY, "name": '"y-te"', "domains": '["yte.daknong.gov.vn"]'}
    settings = load_settings(several_servers(tmp_path, ENTRY, SECOND, below))
    found = {
        mailbox: settings.routing.server_of(mailbox)
        for mailbox in ("a@daknong.gov.vn", "a@snv.daknong.gov.vn", "a@binhthuan.gov.vn",
                        "a@bv1.yte.daknong.gov.vn", "a@hanoi.gov.vn", "a@xdaknong.gov.vn")
    }  # fmt: skip

    assert list(found.values()) == ["daknong", "daknong", "lamdong", "y-te", None, None]
    assert settings.routing.server_of("a@daknong.gov.vn", "LamDong") == "lamdong"
    assert settings.routing.server_of("a@daknong.gov.vn", "hue") is None
    assert [one.mail_server("x").account for one in settings.live_servers] == ["DAKNONG\\svc"] * 3


def test_one_server_answers_for_every_domain(tmp_path: Path) -> None:
    routing = load_settings(a_configuration(tmp_path)).routing
    assert routing.server_of("a@elsewhere.vn", "whatever the list says") == ""


def test_digest_covers_every_server_but_not_where_passwords_are(tmp_path: Path) -> None:
    first = load_settings(several_servers(tmp_path, ENTRY, SECOND)).digest
    hidden: dict[str, str | None] = {**SECOND, "password_file": '"elsewhere"'}
    assert load_settings(several_servers(tmp_path, ENTRY, hidden)).digest == first
    other = {**SECOND, "timeout_s": "61"}
    assert load_settings(several_servers(tmp_path, ENTRY, other)).digest != first


@pytest.mark.parametrize(
    ("entries", "key", "says"),
    [
        (({**ENTRY, "kind": '"mbox"'},), "servers[1].kind",
            "must be one of " + ", ".join(f"'{kind}'" for kind in KINDS)),
        (({**IMAP, "host": '"imaps://x.vn"'},), "servers[1].host",
             "must be the name of a server alone, such as imap.lamdong.gov.vn"),
        (({**IMAP, "username": None},), "servers[1].auth", "plain needs servers.username as well"),
        (({**ENTRY, "kind": None},), "servers[1].kind", "is missing, and has no default"),
        ((ENTRY, {**SECOND, "name": None}), "servers[2].name", "is missing, and has no default"),
        ((ENTRY, {**SECOND, "name": '"Lâm Đồng"'}), "servers[2].name",
            "must be a name of letters, digits and hyphens"),
        ((ENTRY, {**SECOND, "domains": None}), "servers[2].domains",
            "is missing, and has no default"),
        ((ENTRY, {**SECOND, "url": '"http://x"'}), "servers[2].url",
            "must be an https:// address such as https://mail.example.gov.vn/EWS/Exchange.asmx"),
        ((ENTRY, {**SECOND, "auth": '"oauth"'}), "servers[2].auth",
            "oauth needs servers.tenant_id, servers.client_id as well"),
        ((ENTRY, {**SECOND, "timeout": "1"}), "servers[2].timeout",
            "is not a known key; did you mean servers.timeout_s?"),
        ((ENTRY, {**SECOND, "password": '"x"'}), "servers[2].password",
            "a secret does not belong in this file; write it into a file of its own and name that"
            " in servers.password_file, or set MAILAUDIT_PASSWORD_NAME"),
        ((ENTRY, {**SECOND, "name": '"DakNong"'}), "servers",
            "servers[1] and servers[2] have the same name"),
        ((ENTRY, {**SECOND, "domains": '["x.vn", "Daknong.gov.vn"]'}), "servers",
            "servers[1] and servers[2] answer for the same domain; a mailbox has one server"),
    ],
)  # fmt: skip
def test_wrong_servers_are_explained(
    tmp_path: Path, entries: tuple[dict[str, str | None], ...], key: str, says: str
) -> None:
    """Each by its place in the list, without a word of what the file says."""
    assert problems_of(several_servers(tmp_path, *entries)) == {key: says}


def test_key_of_another_kind_of_server_is_named_as_such(tmp_path: Path) -> None:
    """The message names the kind it belongs to, and the keys that this kind has."""
    for entry, key, says, own in (
        (
            IMAP,
            "url",
            "is a key of the kind ews; a server of the kind imap has ",
            "host, tls, port",
        ),
        (ENTRY, "host", "is a key of the kind imap; a server of the kind ews has ", "url, version"),
    ):
        (problem,) = problems_of(several_servers(tmp_path, {**entry, key: '"x"'})).items()
        assert problem[0] == f"servers[1].{key}"
        assert problem[1].startswith(says)
        assert own in problem[1]


def test_imap_server_is_made_of_its_keys(tmp_path: Path) -> None:
    """What is left out has the usual value; Exchange beside it keeps its own."""
    exchange, imap = load_settings(several_servers(tmp_path, ENTRY, IMAP)).live_servers
    assert imap.mail_server("s") == ImapServer(
        "imap.hue.gov.vn", "plain", "svc-mailaudit", "s", place="servers.hue"
    )
    assert exchange.describe().kind == "ews"
    token = {**IMAP, "auth": '"xoauth2"', "username": None, "tls": '"starttls"'}
    (server,) = load_settings(several_servers(tmp_path, token)).live_servers
    assert server.mail_server("t") == ImapServer(
        "imap.hue.gov.vn", "xoauth2", "", "t", "starttls", place="servers.hue"
    )


WITNESS: dict[str, str | None] = {**ENTRY, "name": '"logs"', "domains": None}


def with_witnesses(folder: Path, *entries: dict[str, str | None], rest: str = "") -> Path:
    """A configuration with a table of [[witnesses]] for each."""
    tables = "\n".join(
        "\n".join(["[[witnesses]]", *(f"{key} = {value}" for key, value in one.items() if value)])
        for one in entries
    )
    return a_configuration(folder, rest=f"{tables}\n{rest}")


def test_witness_is_a_source_of_any_kind_that_no_mailbox_is_collected_from(tmp_path: Path) -> None:
    """Of all mailboxes, or those of its domains; its password has a variable of its own."""
    settings = load_settings(with_witnesses(tmp_path, WITNESS, SECOND))
    logs, some = settings.witnesses
    assert (logs.domains, some.domains) == ((), ("lamdong.gov.vn", "binhthuan.gov.vn"))
    assert logs.place == "witnesses.logs"
    assert [one.label for one in settings.mail_servers] == [""]
    assert logs.describe().name == ""
    assert set(WITNESS_KINDS) == set(KINDS)
    assert settings.digest == load_settings(a_configuration(tmp_path)).digest
    with pytest.raises(ConfigurationError, match="MAILAUDIT_PASSWORD_LOGS"):
        cast("LiveServer", logs).find_secret()


@pytest.mark.parametrize(
    ("entries", "key", "says"),
    [
        (({**WITNESS, "kind": '"mbox"'},), "witnesses[1].kind", "must be one of "),
        (({**WITNESS, "name": None},), "witnesses[1].name", "is missing, and has no default"),
        (({**WITNESS, "zzz": "1"},), "witnesses[1].zzz", "is not a known key; known here: "),
        (({**WITNESS, "domains": "[]"},), "witnesses[1].domains", "must have at least one entry"),
        (({**WITNESS, "password": '"x"'},), "witnesses[1].password",
            "a secret does not belong in this file; write it into a file of its own and name that"
            " in witnesses.password_file, or set MAILAUDIT_PASSWORD_NAME"),
        ((WITNESS, {**SECOND, "name": '"Logs"'}), "witnesses",
            "witnesses[1] and witnesses[2] have the same name"),
    ],
)  # fmt: skip
def test_wrong_witnesses_are_explained(
    tmp_path: Path, entries: tuple[dict[str, str | None], ...], key: str, says: str
) -> None:
    ((found, problem),) = problems_of(with_witnesses(tmp_path, *entries)).items()
    assert found == key
    assert problem.startswith(says)


def test_witness_has_another_name_than_every_server(tmp_path: Path) -> None:
    """Or one password would be looked for in one place for both."""
    witness = "\n".join(
        ["[[witnesses]]", *(f"{k} = {v}" for k, v in {**WITNESS, "name": '"DakNong"'}.items() if v)]
    )
    found = problems_of(several_servers(tmp_path, ENTRY, SECOND, rest=witness))
    assert found == {"witnesses": "witnesses[1] has the name of one of the servers"}


def test_mails_are_not_sent_by_the_account_that_reads_at_a_witness(tmp_path: Path) -> None:
    rest = A_DELIVERY + "username = 'daknong\\SVC'\n"
    ((key, problem),) = problems_of(with_witnesses(tmp_path, WITNESS, rest=rest)).items()
    assert key == "delivery"
    assert problem.startswith("username is the account that may read all mailboxes")


LOGS: dict[str, str | None] = {
    "name": '"logs"',
    "kind": '"tracking"',
    "domains": '["binhthuan.gov.vn"]',
    "folders": """{ EX01 = "logs/EX01", EX02 = '\\\\ex02\\tracking$' }""",
}


def test_tracking_logs_are_a_server_without_a_login(tmp_path: Path) -> None:
    """A folder for each Exchange server, relative to the file; nothing that is logged in to."""
    settings = load_settings(several_servers(tmp_path, ENTRY, LOGS))
    table = settings.mail_servers[1]
    assert isinstance(table, NamedLogs)
    assert table.folders["EX01"] == tmp_path / "logs" / "EX01"
    assert table.describe().server == "EX01, EX02"
    assert [one.label for one in settings.live_servers] == ["daknong"]


@pytest.mark.parametrize(
    ("key", "value", "problem", "says"),
    [
        ("folders", None, "servers[1].folders", "is missing, and has no default"),
        ("folders", "{}", "servers[1].folders", "must have at least one entry"),
        ("folders", '"logs"', "servers[1].folders", "must be a table"),
        ("folders", '{ EX01 = "" }', "servers[1].folders.EX01", "must not be empty"),
        ("url", '"https://mail.vidu.gov.vn"', "servers[1].url", "is a key of the kind ews"),
    ],
)
def test_wrong_tracking_logs_are_explained(
    tmp_path: Path, key: str, value: str | None, problem: str, says: str
) -> None:
    (found,) = problems_of(several_servers(tmp_path, {**LOGS, key: value})).items()
    assert found[0] == problem
    assert found[1].startswith(says)


def test_servers_stand_alone_or_in_a_list(tmp_path: Path) -> None:
    """Not both, and not neither."""
    alone = a_configuration(tmp_path).read_text(encoding="utf-8")
    text = several_servers(tmp_path, ENTRY).read_text(encoding="utf-8")
    table = alone[alone.index("[server]") : alone.index("[roster]")]
    file = tmp_path / "mailaudit.toml"
    file.write_text(table + text, encoding="utf-8")
    assert problems_of(file) == {"server": "stands beside [[servers]]: write this server as one of"
                                 " them"}  # fmt: skip
    file.write_text(alone.replace(table, ""), encoding="utf-8")
    assert problems_of(file) == {"server": "is missing, and has no default"}


def test_each_server_has_a_password_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One server's is never tried at another: that could lock the account there."""
    monkeypatch.setenv("MAILAUDIT_PASSWORD", "of nobody")
    monkeypatch.setenv("MAILAUDIT_PASSWORD_Y_TE", "of health")
    health = {**ENTRY, "name": '"y-te"'}
    first, second = load_settings(several_servers(tmp_path, health, SECOND)).live_servers
    assert first.find_secret() == Secret("of health", "MAILAUDIT_PASSWORD_Y_TE")
    with pytest.raises(ConfigurationError, match=r"servers\.lamdong\.password_file.*_LAMDONG"):
        second.find_secret()


def test_keyring_has_one_password_for_each_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though accounts of both have one name."""
    held = {
        ("mailaudit", "DAKNONG\\svc"): "of nobody",
        ("mailaudit-daknong", "DAKNONG\\svc"): "of the first",
    }
    monkeypatch.setattr(keyring, "get_password", lambda *asked: held.get(asked))
    first, second = load_settings(several_servers(tmp_path, ENTRY, SECOND)).live_servers
    assert (first.account, second.account) == ("DAKNONG\\svc", "DAKNONG\\svc")
    secret = first.find_secret()
    assert secret == Secret("of the first", "keyring (mailaudit-daknong, DAKNONG\\svc)")
    with pytest.raises(ConfigurationError, match="keyring set mailaudit-lamdong "):
        second.find_secret()


def test_reader_of_no_server_sends_mails(tmp_path: Path) -> None:
    """Not by the account of the second one either."""
    other = {**SECOND, "username": r"'LAMDONG\audit'"}
    table = f'{A_DELIVERY}username = "audit"'
    problems = problems_of(several_servers(tmp_path, ENTRY, other, rest=table))
    assert problems["delivery"].startswith("username is the account that may read all mailboxes")


def test_documented_servers_can_be_loaded(tmp_path: Path) -> None:
    """The examples of docs/configuration.md are some that work."""
    page = (Path(__file__).parents[1] / "docs" / "configuration.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(\[\[servers\]\].*?)```", page, flags=re.DOTALL)
    assert examples
    for example in examples:
        file = a_configuration(tmp_path)
        text = file.read_text(encoding="utf-8")
        start, end = text.index("[server]"), text.index("[roster]")
        file.write_text(text[:start] + example + text[end:], encoding="utf-8")
        assert len(load_settings(file).mail_servers) == example.count("[[servers]]")
