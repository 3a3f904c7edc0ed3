"""`mailaudit check` on the server that sends mails: a line each, one login, no mail."""

import json
from pathlib import Path

import pytest
from audit_folder import an_audit, config_text
from command_line import mailaudit

from smtp_server import PASSWORD, PostOffice, post_office

NAMES = ["delivery", "deliverytls", "deliverylogin", "notify"]


def an_office(folder: Path, office: PostOffice, **changes: str) -> Path:
    """A configuration that sends by this office and notifies two people."""
    folder.mkdir(exist_ok=True)
    an_audit(folder)
    (folder / "delivery-password").write_text(PASSWORD + "\n", "utf-8")
    (folder / "delivery-password").chmod(0o600)
    text = config_text(
        server='password_file = "password"',
        report='language = "en"',
        delivery=office.table(**changes),
        notify='to = ["a@vidu.gov.vn", "b@vidu.gov.vn"]',
    )
    (folder / "mailaudit.toml").write_text(text, "utf-8")
    return folder


def lines_of(folder: Path) -> dict[str, tuple[str, str]]:
    """State and text of the lines about sending."""
    ran = mailaudit("check", "--json", cwd=folder)
    assert PASSWORD not in ran.out + ran.err
    checks = json.loads(ran.out)["checks"]
    return {one["check"]: (one["state"], one["text"]) for one in checks if one["check"] in NAMES}


def test_a_server_that_can_be_used(tmp_path: Path, office: PostOffice) -> None:
    """Reached, trusted, logged in to once; nothing is sent."""
    assert lines_of(an_office(tmp_path / "a", office)) == {
        "delivery": ("ok", "localhost answers."),
        "deliverytls": ("ok", "TLS, with a certificate that is trusted and for this name."),
        "deliverylogin": ("ok", "VIDU\\baocao logged in; no mail was sent."),
        "notify": ("ok", "2 addresses get a mail after each run with --notify."),
    }
    assert (office.logins, office.taken) == ([PASSWORD.encode()], [])


def test_nothing_to_send_by(tmp_path: Path) -> None:
    """Two lines say so."""
    an_audit(tmp_path, report='language = "en"')
    assert lines_of(tmp_path) == {
        "delivery": ("ok", "There is no table [delivery]: no mail is sent."),
        "notify": ("ok", "There is no table [notify]: nobody learns of a failed run by mail."),
    }


@pytest.mark.slow
def test_a_login_that_is_refused(tmp_path: Path, office: PostOffice) -> None:
    """Tried once; what needs it is not checked."""
    office.faults.refuses_logins = 9
    lines = lines_of(an_office(tmp_path / "a", office))
    said = "The mail server localhost refuses the login of VIDU\\baocao (535)."
    assert [lines[name][0] for name in NAMES] == ["ok", "ok", "failure", "not checked"]
    assert lines["deliverylogin"][1] == said
    assert len(office.logins) == 1


@pytest.mark.slow
def test_a_certificate_that_is_not_trusted(tmp_path: Path, office: PostOffice) -> None:
    """The password is not sent; neither is it where there is no encryption."""
    with post_office(tmp_path / "other") as other:
        folder = an_office(tmp_path / "a", office, ca_file=f"'{other.ca_file}'")
        lines = lines_of(folder)
    said = "The certificate of localhost can't be trusted: its authority is not known."
    assert [lines[name][0] for name in NAMES] == ["ok", "failure", "not checked", "not checked"]
    assert lines["deliverytls"][1] == said

    with post_office(tmp_path / "plain", security="none", wants_login=False) as plain:
        lines = lines_of(an_office(tmp_path / "b", plain))
        said = f"The mail server localhost does not offer STARTTLS on port {plain.port}."
        assert lines["deliverytls"] == ("failure", said)
        assert plain.logins == []
    assert office.logins == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"port": "9"}, "The mail server localhost, port 9, can't be used: nothing answers there."),
        (
            {"host": '"no-such-host.invalid"', "port": "25"},
            "The mail server no-such-host.invalid, port 25, can't be used: its name is not known"
            " here.",
        ),
        (
            {"password_file": '"none"'},
            "delivery.password_file names no file that this account can see.",
        ),
    ],
)
def test_a_server_that_cannot_be_reached(
    changes: dict[str, str], said: str, tmp_path: Path, office: PostOffice
) -> None:
    """Nothing behind it is checked."""
    lines = lines_of(an_office(tmp_path / "a", office, **changes))
    assert lines["delivery"] == ("failure", said)
    assert {lines[name][0] for name in NAMES[1:]} == {"not checked"}
    assert office.logins == []
