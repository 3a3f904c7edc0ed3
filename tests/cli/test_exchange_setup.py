"""`mailaudit exchange-setup`: commands filled in for a configuration, whatever stands in it."""

import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from audit_folder import SECRET, an_audit
from command_line import Ran, mailaudit

from powershell import skeleton

HOSTILE = "x'; Remove-Mailbox *; ’; Remove-Mailbox * ‘ $(whoami) `\" “ đ"


def an_english_audit(folder: Path, server: str = 'password_file = "password"') -> Path:
    return an_audit(folder, server=server, report='language = "en"')


def printed(folder: Path, *arguments: str) -> str:
    """The commands, which are all that is printed."""
    ran = mailaudit("exchange-setup", *arguments, cwd=folder)
    assert (ran.code, ran.err) == (0, ""), ran
    assert SECRET not in ran.out
    return ran.out


def commands(script: str) -> list[str]:
    return [line.strip() for line in script.splitlines() if not line.strip().startswith("#")]


def test_commands_are_filled_in_for_the_configuration(tmp_path: Path) -> None:
    """The account, the group, the connections, the last day; the password is not even read."""
    an_english_audit(tmp_path, 'password_file = "password"\nmax_connections = 4')
    (tmp_path / "password").unlink()
    script = printed(tmp_path, "--until", "2099-12-31", "--group", "can bo")
    for part in (
        "Get-User -Identity 'VIDU\\svc' -ErrorAction Stop",
        "New-DistributionGroup -Name 'can bo' -Type Security -MemberJoinRestriction Closed",
        "New-ManagementRoleAssignment -Name 'mailaudit impersonation' -Role"
        " 'ApplicationImpersonation' -User 'VIDU\\svc' -CustomRecipientWriteScope"
        " 'mailaudit staff mailboxes' -ErrorAction Stop",
        "-EwsMaxConcurrency 6 -EwsRechargeRate 14400000 -ErrorAction Stop",
        "-DateTime ([datetime]'2100-01-01')",
        "Get-ManagementRoleAssignment -Role 'ApplicationImpersonation' | Format-List",
    ):
        assert part in script, part
    assert "after 31 Dec 2099 it cannot any more" in script.replace("\n# ", " ")
    skeleton(script)  # nothing in it that PowerShell would read in another way


def test_last_day_is_a_year_from_now_unless_it_is_named(tmp_path: Path) -> None:
    an_english_audit(tmp_path)
    (day,) = re.findall(r"\[datetime\]'(\S+)'", printed(tmp_path))
    assert abs(datetime.fromisoformat(f"{day}T00:00Z") - datetime.now(UTC)) < timedelta(days=367)
    assert datetime.fromisoformat(f"{day}T00:00Z") > datetime.now(UTC) + timedelta(days=363)


def test_what_is_given_is_taken_away(tmp_path: Path) -> None:
    """By the same names; the right goes first."""
    an_english_audit(tmp_path)
    given = re.findall(r"New-(\w+) -Name ('[^']+')", printed(tmp_path))
    script = printed(tmp_path, "--remove")
    taken = re.findall(r"Remove-(\w+) -Identity ('[^']+')", script)
    assert sorted(given) == sorted(taken)
    assert commands(script)[0].startswith("Remove-ManagementRoleAssignment")
    assert "-ThrottlingPolicy $null" in script


@pytest.mark.parametrize("arguments", [(), ("--remove",)])
def test_hostile_configuration_changes_no_command(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    """Quotation marks of all kinds, variables and commands in the account's and group's names; line
    breaks in the name of the configuration, which stands in remarks.
    """
    config = an_english_audit(tmp_path)
    harmless = printed(tmp_path, *arguments)
    text = config.read_text(encoding="utf-8").replace("'VIDU\\svc'", f"'''VIDU\\{HOSTILE}'''")
    hostile_name = "a\nRemove-Mailbox *\r\nb.toml"
    (tmp_path / hostile_name).write_text(text, encoding="utf-8")
    hostile = printed(tmp_path, *arguments, "--config", hostile_name, "--group", HOSTILE)
    assert skeleton(hostile) == skeleton(harmless)
    assert all(line.isascii() for line in commands(hostile))
    assert "Remove-Mailbox" in hostile


def test_remarks_speak_vietnamese(tmp_path: Path) -> None:
    """The commands are the same in every language."""
    config = an_english_audit(tmp_path)
    english = printed(tmp_path)
    config.write_text(config.read_text("utf-8").replace('"en"', '"vi"'), "utf-8")
    vietnamese = printed(tmp_path)
    assert commands(vietnamese) == commands(english)
    assert "# Quyền duy nhất, chỉ trên các hộp thư này." in vietnamese


def test_addresses_of_the_staff_become_the_group(tmp_path: Path) -> None:
    """Written for the owner's eyes, and the commands replace the group's members by them."""
    an_english_audit(tmp_path)
    ran = mailaudit("exchange-setup", "--addresses", "out/staff's.txt", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "2 addresses: out/staff's.txt\n")
    file = tmp_path / "out" / "staff's.txt"
    assert file.read_bytes() == b"an@vidu.gov.vn\r\nbinh@vidu.gov.vn\r\n"
    if sys.platform != "win32":
        assert file.stat().st_mode & 0o077 == 0
    assert (
        "\n$staff = Get-Content -Path 'staff''s.txt' | ForEach-Object"
        " { Get-Recipient -Identity $_ }\n"
    ) in ran.out
    assert "\nUpdate-DistributionGroupMember -Identity 'mailaudit-staff' -Members" in ran.out
    skeleton(ran.out)
    assert "Update-DistributionGroupMember" not in " ".join(commands(printed(tmp_path)))


@pytest.mark.parametrize("arguments", [(), ("--remove",)])
def test_file_is_what_every_powershell_reads(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """The same as is printed, in UTF-8 with the mark that Windows PowerShell 5 needs for it."""
    an_audit(tmp_path, report='language = "vi"')
    ran = mailaudit("exchange-setup", *arguments, "--out", "out/give.ps1", cwd=tmp_path)
    assert (ran.code, ran.out, ran.err) == (0, "out/give.ps1\n", "")
    written = (tmp_path / "out" / "give.ps1").read_bytes()
    assert written.startswith(b"\xef\xbb\xbf# ")
    assert written.decode("utf-8-sig").replace("\r\n", "\n") == printed(tmp_path, *arguments)


def test_faulty_staff_list_gives_no_commands(tmp_path: Path) -> None:
    """Nor a file: a scope of half the staff would be found out during the run."""
    an_english_audit(tmp_path)
    (tmp_path / "roster.csv").write_text("Mã đơn vị,Hộp thư\nH99,an@vidu.gov.vn\n", "utf-8")
    ran = mailaudit("exchange-setup", "--addresses", "a.txt", cwd=tmp_path)
    assert (ran.code, ran.out) == (3, "")
    assert not (tmp_path / "a.txt").exists()


def refused(ran: Ran, code: int, message: str) -> None:
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.splitlines()[0] == f"Error: {message}"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--until", "31/12/2099"), "--until 31/12/2099 is not a day. Write it as in 2027-12-31."),
        (("--until", "2099-02-30"), "--until 2099-02-30 is not a day. Write it as in 2027-12-31."),
        (("--until", "20991231"), "--until 20991231 is not a day. Write it as in 2027-12-31."),
        (("--until", ""), "--until  is not a day. Write it as in 2027-12-31."),
        (
            ("--until", "2020-01-01"),
            "--until 2020-01-01 is not in the future. Name a later day; to take the right away now:"
            " mailaudit exchange-setup --remove",
        ),
        (
            ("--remove", "--until", "2099-12-31"),
            "--remove and --until do not go together. Leave out one of them.",
        ),
        (
            ("--remove", "--addresses", "a.txt"),
            "--remove and --addresses do not go together. Leave out one of them.",
        ),
        (
            ("--group", " "),
            "--group   can't be the name of a group. Write a name of 1 to 64 characters on one"
            " line.",
        ),
        (
            ("--group", "x" * 65),
            f"--group {'x' * 65} can't be the name of a group. Write a name of 1 to 64 characters"
            " on one line.",
        ),
        (("--days",), "There is no option --days."),
    ],
)
def test_wrong_usage_is_refused(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    an_english_audit(tmp_path)
    refused(mailaudit("exchange-setup", *arguments, cwd=tmp_path), 2, message)


@pytest.mark.parametrize(
    ("auth", "message"),
    [
        (
            "kerberos",
            "The configuration does not name the account that logs in. Name it in server.username;"
            " with kerberos, that is the account of the ticket.",
        ),
        (
            'oauth"\ntenant_id = "t"\nclient_id = "c',
            "server.auth is oauth: an application is not given its right by these commands. Give it"
            " to the application where it is registered.",
        ),
    ],
)
def test_configuration_without_an_account_is_refused(
    tmp_path: Path, auth: str, message: str
) -> None:
    """There would be nobody to give the right to."""
    config = an_english_audit(tmp_path)
    text = config.read_text(encoding="utf-8").replace('"ntlm"', f'"{auth}"')
    config.write_text(text.replace("username = 'VIDU\\svc'\n", ""), encoding="utf-8")
    refused(mailaudit("exchange-setup", cwd=tmp_path), 3, message)


def test_missing_configuration_is_named(tmp_path: Path) -> None:
    refused(
        mailaudit("exchange-setup", cwd=tmp_path),
        3,
        "The configuration mailaudit.toml can't be read: there is no such file or folder. Name the"
        " right file with --config, or make one with: mailaudit init",
    )
