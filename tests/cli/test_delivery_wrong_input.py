"""deliver with wrong input: one message that names what is wrong and what to do, its exit code."""

import re
import shutil
from pathlib import Path

import pytest
from audit_folder import config_text
from command_line import Ran, mailaudit
from delivery_folder import UNITS, deliver

from smtp_server import PASSWORD

TABLE = {
    "kind": '"smtp"',
    "host": '"127.0.0.1"',
    "port": "9",
    "from": '"a@vidu.gov.vn"',
    "board": '["b@vidu.gov.vn"]',
}


@pytest.fixture
def folder(tmp_path: Path, month: Path) -> Path:
    folder = tmp_path / "audit"
    shutil.copytree(month, folder)
    return folder


def configured(folder: Path, **keys: str) -> None:
    """The configuration with these keys of [delivery]; "" leaves one out."""
    table = "\n".join(f"{key} = {value}" for key, value in (TABLE | keys).items() if value)
    text = config_text(report='formats = ["xlsx"]\nlanguage = "en"', delivery=table)
    (folder / "mailaudit.toml").write_text(text, "utf-8")


def refused(ran: Ran, code: int, *parts: str) -> None:
    """One message with these parts on stderr, nothing on stdout, no traceback, no secret."""
    assert ran.code == code, ran
    assert ran.out == ""
    assert "Traceback" not in ran.err and PASSWORD not in ran.err
    assert len(re.findall(r"^Error: ", ran.err, flags=re.MULTILINE)) == 1, ran.err
    for part in parts:
        assert part in ran.err, ran.err


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"kind": '"imap"'}, "delivery.kind: must be one of 'smtp', 'ews'"),
        ({"kind": ""}, "delivery.kind: is missing, and has no default"),
        ({"from": ""}, "delivery.from: is missing, and has no default"),
        ({"from": '"An <a@vidu.gov.vn>"'}, "delivery.from: must be a mail address such as baocao@"),
        ({"from": '"a@vidu.gov.vn\\nBcc: x@y.vn"'}, "delivery.from: holds a control character"),
        ({"host": ""}, "delivery.kind: smtp needs delivery.host as well"),
        ({"kind": '"ews"'}, "delivery.kind: ews needs delivery.url, delivery.username as well"),
        ({"port": "0"}, "delivery.port: must be at least 1"),
        ({"port": "70000"}, "delivery.port: must be at most 65535"),
        ({"port": '"587"'}, "delivery.port: must be a whole number"),
        ({"security": '"none"'}, "delivery.security: must be one of 'starttls', 'tls'"),
        ({"board": '"b@vidu.gov.vn"'}, "delivery.board: must be a list in square brackets"),
        ({"board": '["b@vidu.gov.vn", "chairman"]'}, "delivery.board[2]: must be a mail address"),
        ({"outside": '"yes"'}, "delivery.outside: must be true or false"),
        ({"mails_per_minute": "0"}, "delivery.mails_per_minute: must be at least 1"),
        ({"url": '"http://mail.vidu.gov.vn/"'}, "delivery.url: must be an https:// address"),
        ({"password_file": '"p"'}, "delivery.password_file: needs delivery.username as well"),
        (
            {"password": f'"{PASSWORD}"'},
            "delivery.password: a secret does not belong in this file; write it into a file of its"
            " own and name that in delivery.password_file, or set MAILAUDIT_DELIVERY_PASSWORD",
        ),
        ({"bord": "[]"}, "delivery.bord: is not a known key; did you mean delivery.board?"),
        (
            {"username": "'svc@vidu.gov.vn'"},
            "delivery: username is the account that may read all mailboxes; send by an ordinary one"
            " with a mailbox of its own",
        ),
    ],
)
def test_a_wrong_key_is_named(keys: dict[str, str], said: str, tmp_path: Path) -> None:
    """With what is expected; before anything is read."""
    configured(tmp_path, **keys)
    refused(deliver(tmp_path), 3, "mailaudit.toml can't be used as it stands", f"  {said}")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("--to", "a@vidu.gov.vn"),
            "--to goes with --send only. Add --send to send the mails, or leave --to"
            " out to look at them.",
        ),
        (
            ("--again", "a@vidu.gov.vn"),
            "--again goes with --send only. Add --send to send",
        ),
        (
            ("--send", "--out", "x"),
            "--out and --send do not go together. Without --send the mails are written into --out",
        ),
        (
            ("--send", "--to", "a@vidu.gov.vn", "--again", "b@vidu.gov.vn"),
            "--to and --again do not go together. With --to every mail is sent, to the one",
        ),
        (("--again",), "A value is missing after --again."),
        (("--unit", "SNV"), "There is no option --unit; did you mean --out"),
    ],
)
def test_options_that_contradict_each_other(
    arguments: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    """Before the configuration is read."""
    refused(deliver(tmp_path, *arguments), 2, said)


def test_configuration_without_a_table(folder: Path) -> None:
    """It says where an example is."""
    ran = deliver(folder)
    refused(ran, 3, "The configuration mailaudit.toml has no table [delivery]. Add it as in the")


def test_month_that_is_not_in_the_store(folder: Path) -> None:
    """As of a report."""
    configured(folder)
    ran = mailaudit("deliver", "--period", "2026-09", "--lang", "en", cwd=folder)
    refused(ran, 5, "mailaudit.db has no snapshot of 2026-09. Collect it first: mailaudit collect")


def test_nobody_to_deliver_to(folder: Path) -> None:
    """Neither a head nor a board has an address."""
    configured(folder, board="")
    units = "\n".join(line.rpartition(",")[0] + "," for line in UNITS.splitlines()[1:])
    (folder / "units.csv").write_text(UNITS.splitlines()[0] + "\n" + units, "utf-8")
    said = "Nobody would get a mail about 2026-10. Enter the heads' addresses in the unit list, or"
    refused(deliver(folder), 3, said)


@pytest.mark.slow
def test_addresses_outside_the_organisation(folder: Path) -> None:
    """Of heads, of the board and of --to; all are named at once."""
    configured(folder, board='["x@gmail.com"]')
    (folder / "units.csv").write_text(UNITS.replace("an@vidu.gov.vn", "an@vidu.gov.com"), "utf-8")
    said = "These addresses are outside organisation.domains: x@gmail.com, an@vidu.gov.com."
    refused(deliver(folder), 3, said, "allow them with delivery.outside = true")

    configured(folder)
    (folder / "units.csv").write_text(UNITS, "utf-8")
    to = deliver(folder, "--send", "--to", "Me@Gmail.com")
    refused(
        to, 3, "These addresses are outside organisation.domains: me@gmail.com. Nothing was sent"
    )
    refused(deliver(folder, "--send", "--to", "me"), 2, "--to me is not a mail address. Write one")
    again = deliver(folder, "--send", "--again", "c@vidu.gov.vn")
    said = "--again c@vidu.gov.vn: nobody with this address gets a mail about 2026-10."
    refused(again, 2, said, "Without --send the command shows who does.")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            b"[subject] {{ moth }}\n\nx",
            "m.txt, line 1, names moth, which is not a variable",
        ),
        (b"[subject] S\n\n{% if name %}x", "m.txt, line 3, has a tag that can't be understood"),
        (b"[subject] S\n\n{{ name.upper() }}", "m.txt, line 3, has a tag that can't be understood"),
        (b"[subject] S\n\n{% include 'x' %}", "m.txt, line 3, has a tag that can't be understood"),
        (b"[subject] S\n\n{{ units / 2 }}", "m.txt uses a variable as it can't be used"),
        (b"Subject: S\n\nx", "m.txt does not begin with a line [subject] …"),
        (b"[subject] S\n\n", "m.txt has no text below the subject"),
        (b"[subject] {{ name }}\n\nx", "m.txt does not begin with a line [subject]"),
        ("[subject] Số\n\nx".encode("utf-16"), "m.txt is not UTF-8 text. Save it as UTF-8 in a"),
        (None, "m.txt can't be read: there is no such file or folder. Correct delivery.wording"),
    ],
)
def test_wrong_wording_stops_before_anything_is_measured(
    content: bytes | None, said: str, tmp_path: Path
) -> None:
    """It is checked as a whole, also what this month does not need."""
    configured(tmp_path, wording='"m.txt"')
    if content is not None:
        (tmp_path / "m.txt").write_bytes(content)
    refused(deliver(tmp_path, "--lang", "vi"), 3) if False else None
    ran = deliver(tmp_path)
    refused(ran, 3, said)
    assert "measuring" not in ran.err


def test_password_that_is_not_there(folder: Path) -> None:
    """Named as the password of this account, with its own key and variable."""
    configured(folder, username='"baocao"', password_file='"none"')
    said = "delivery.password_file names no file that this account can see."
    refused(deliver(folder, "--send"), 3, said, "MAILAUDIT_DELIVERY_PASSWORD")


def test_server_that_is_not_there(folder: Path) -> None:
    """Nothing is made, noted or published first."""
    configured(folder)
    said = "The mail server 127.0.0.1, port 9, can't be used: nothing answers there."
    refused(deliver(folder, "--send"), 4, said, "Check delivery.host, the port, the network and")


def test_folder_that_cannot_be_written(folder: Path) -> None:
    """A file stands in its place."""
    configured(folder)
    ran = deliver(folder, "--out", "units.csv")
    assert ran.code == 3
    assert "units.csv is a file, not a folder." in ran.err
