"""Commands of the Exchange Management Shell: right for each version, safe whatever is in them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailaudit.sources.ews.management_shell import (
    Right,
    Step,
    ending,
    filling,
    giving,
    literal,
    looking,
    taking,
)
from powershell import SINGLE, NotPowerShell, skeleton, text_of

RIGHT = Right("VIDU\\svc-mailaudit", "mailaudit-staff", "Exchange2016", 8)
DAY = date(2027, 12, 31)
HOSTILE = [
    "'; Remove-Mailbox *; '",
    "’; Remove-Mailbox *; ‘",
    "\u201a\u201b'’‘",
    "$(Remove-Mailbox *)",
    "`$x`'",
    '"; Remove-Mailbox *; "',
    "“$(whoami)”„",
    "a\n Remove-Mailbox *",
    "a\r\nRemove-Mailbox *\r\n#",
    "# <# #>",
    "-Confirm:$false",
    "@(1)",
    "@'\nx\n'@",
    "CN=O'Brien,OU=Cán bộ",
    "Tổ 1 – Đội “Xung kích”",
    "\u2028x\u2029\u0085",
    "\x00\x07\x1b[2J",
    "😀",
    "--%",
    "{}|;&,()[]",
    "",
]


def steps(right: Right) -> Iterator[Step]:
    yield from giving(right)
    yield filling(right, right.group)  # a name as any
    yield ending(right, DAY)
    yield looking(right)
    yield from taking(right)


def script(right: Right) -> str:
    return "\n".join(command for step in steps(right) for command in step.commands)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_read_as_itself(text: str) -> None:
    """One text and nothing else, in plain ASCII on one line."""
    written = literal(text)
    assert written.isascii() and written.isprintable()
    assert text_of(written) == text


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_any_text_is_read_as_itself(text: str) -> None:
    assert text_of(literal(text)) == text


@given(st.text(alphabet="'" + '"‘’‚‛“”„`$(){}[];|&\n\r#@-+ a', max_size=30))
def test_any_text_of_special_characters_is_read_as_itself(text: str) -> None:
    assert text_of(literal(text)) == text


def test_plain_text_stays_readable() -> None:
    """Nobody has to read numbers where no letter needs one."""
    assert literal("VIDU\\svc mailaudit") == "'VIDU\\svc mailaudit'"
    assert literal("Sở") == "('S' + [char]0x1EDF)"
    assert literal("Ấp") == "('' + [char]0x1EA4 + 'p')"


@pytest.mark.parametrize("text", [one for one in HOSTILE if one])
@pytest.mark.parametrize("field", ["account", "group"])
@pytest.mark.parametrize("version", ["Exchange2016", "Exchange2010_SP2"])
def test_hostile_name_changes_no_command(text: str, field: str, version: str) -> None:
    """The commands are those for a harmless name, piece by piece."""
    harmless = replace(RIGHT, version=version)
    hostile = script(
        replace(harmless, account=text) if field == "account" else replace(harmless, group=text)
    )
    assert skeleton(hostile) == skeleton(script(harmless))
    assert hostile.replace("\n", "").isprintable()


@pytest.mark.parametrize("mark", SINGLE[1:])
def test_typographic_mark_ends_a_text_that_is_written_carelessly(mark: str) -> None:
    """The tests above would fail if only the typewriter's apostrophe were doubled."""

    def command(name: str) -> str:
        careless = name.replace("'", "''")
        return f"Get-User -Identity '{careless}'"

    assert skeleton(command("it's")) == skeleton(command("x"))
    assert skeleton(command(f"x{mark} -Confirm:$false {mark}y")) != skeleton(command("x"))
    with pytest.raises(NotPowerShell):
        skeleton(command(f"x{mark}"))


def commands(right: Right, verb: str) -> str:
    """The one command with this name."""
    (found,) = (line for line in script(right).splitlines() if line.strip().startswith(verb + " "))
    return found.strip()


def test_right_is_bound_to_the_scope() -> None:
    """Never over the whole organisation."""
    assignment = commands(RIGHT, "New-ManagementRoleAssignment")
    scope = re.search(r"New-ManagementScope -Name ('[^']+')", script(RIGHT))
    assert scope is not None
    assert f"-CustomRecipientWriteScope {scope[1]}" in assignment
    assert "-Role 'ApplicationImpersonation'" in assignment
    assert "-User 'VIDU\\svc-mailaudit'" in assignment


def test_everything_that_is_made_stops_at_its_first_error() -> None:
    """A scope that could not be made is not left out of the assignment behind it."""
    for step in giving(RIGHT):
        for command in step.commands:
            if re.match(r"\s*(\$\w+ = )?(New|Set|Get)-", command):
                assert command.endswith("-ErrorAction Stop"), command


def test_everything_that_is_made_is_taken_away() -> None:
    """By the same names, the right first."""
    away = [command for step in taking(RIGHT) for command in step.commands]
    assert away[0].startswith("Remove-ManagementRoleAssignment -Identity 'mailaudit impersonation'")
    made = {(kind, name) for kind, name in re.findall(r"New-(\w+) -Name ('[^']+')", script(RIGHT))}
    removed = set(re.findall(r"Remove-(\w+) -Identity ('[^']+')", "\n".join(away)))
    assert made == removed
    assert len(made) == 4


@pytest.mark.parametrize(
    ("version", "connections", "limits"),
    [
        (
            "Exchange2016",
            8,
            "-ThrottlingPolicyScope Regular -EwsMaxConcurrency 10 -EwsRechargeRate 28800000",
        ),
        (
            "Exchange2013",
            27,
            "-ThrottlingPolicyScope Regular -EwsMaxConcurrency 29 -EwsRechargeRate 97200000",
        ),
        (
            "Exchange2010_SP2",
            4,
            "-EWSMaxConcurrency 6 -EWSPercentTimeInCAS 400 -EWSPercentTimeInMailboxRPC 400"
            " -EWSPercentTimeInAD 400",
        ),
    ],
)
def test_limits_fit_version_and_connections(version: str, connections: int, limits: str) -> None:
    """Exchange 2010 has other parameters than those after it."""
    right = replace(RIGHT, version=version, connections=connections)
    expected = f"New-ThrottlingPolicy -Name 'mailaudit' {limits} -ErrorAction Stop"
    assert commands(right, "New-ThrottlingPolicy") == expected


def test_account_that_was_disabled_can_log_in_again() -> None:
    """The right is taken away, and given again, by the same two commands."""
    name = "(Get-User -Identity 'VIDU\\svc-mailaudit' -ErrorAction Stop).DistinguishedName"
    assert commands(RIGHT, "Disable-ADAccount") == f"Disable-ADAccount -Identity {name}"
    assert commands(RIGHT, "Enable-ADAccount") == f"Enable-ADAccount -Identity {name}"


def test_account_ends_after_its_last_day() -> None:
    """Not at its beginning."""
    assert "-DateTime ([datetime]'2028-01-01')" in ending(RIGHT, DAY).commands[0]
