"""Commands of the Exchange Management Shell that give the reading account its right, or take it.

They are text for an administrator to read and run; nothing here runs them. Written from
Microsoft's documentation of Exchange 2010 to 2019 and Subscription Edition.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mailaudit.errors import N_

SCOPE, ASSIGNMENT, POLICY = "mailaudit staff mailboxes", "mailaudit impersonation", "mailaudit"
ROLE = "ApplicationImpersonation"
DEFAULT_GROUP = "mailaudit-staff"
LONGEST_NAME = 64  # characters of a group's name
_SPARE_CONNECTIONS = 2  # requests that nobody waits for any more are still under way
_HOUR_MS = 3_600_000
_PLAIN = re.compile(r"[ -&(-~]+|'")


@dataclass(frozen=True, slots=True)
class Right:
    """What the commands are about.

    Attributes:
        account: The reading account, as `DOMAIN\\name` or `name@domain`.
        group: The group that holds the mailboxes of the staff.
        version: As of `EwsServer`.
        connections: Most connections open at once.
    """

    account: str
    group: str
    version: str
    connections: int


@dataclass(frozen=True, slots=True)
class Step:
    """Commands and what they are for, a message id."""

    comment: str
    commands: Sequence[str]


def literal(text: str) -> str:
    r"""A text as PowerShell reads it: exactly this text, whatever stands in it.

    Written in ASCII, all else by its number, so that no other character set on the way can make
    a quotation mark of a letter: `Sở` is `('S' + [char]0x1EDF)`.
    """
    parts: list[str] = []
    for plain, other in re.findall(rf"((?:{_PLAIN.pattern})+)|(.)", text, re.DOTALL):
        if plain:
            parts.append("'" + plain.replace("'", "''") + "'")
        else:
            units = other.encode("utf-16-be")
            parts += [
                f"[char]0x{units[at : at + 2].hex().upper()}" for at in range(0, len(units), 2)
            ]
    if not parts or parts[0].startswith("["):
        parts.insert(0, "''")  # what begins with a text goes on as one
    return parts[0] if len(parts) == 1 else f"({' + '.join(parts)})"


def giving(right: Right) -> tuple[Step, ...]:
    """Scope, right and limits; they belong together, and stop at the first error."""
    group = literal(right.group)
    return (
        Step(
            N_("The account, and the group of the audited mailboxes; it is made if it is missing."),
            (
                f"$account = Get-User -Identity {literal(right.account)} -ErrorAction Stop",
                f"if (-not (Get-DistributionGroup -Identity {group}"
                " -ErrorAction SilentlyContinue)) {",
                f"  New-DistributionGroup -Name {group} -Type Security"
                " -MemberJoinRestriction Closed -MemberDepartRestriction Closed -ErrorAction Stop",
                f"  Set-DistributionGroup -Identity {group} -HiddenFromAddressListsEnabled $true"
                " -ErrorAction Stop",
                "}",
                f"$group = Get-DistributionGroup -Identity {group} -ErrorAction Stop",
            ),
        ),
        Step(
            N_("The scope: the direct members of this group, and no other mailbox."),
            (
                '$members = "MemberOfGroup -eq \'"'
                ' + $group.DistinguishedName.Replace("\'", "\'\'") + "\'"',
                f"New-ManagementScope -Name {literal(SCOPE)} -RecipientRestrictionFilter $members"
                " -ErrorAction Stop",
            ),
        ),
        Step(
            N_("The one right, over these mailboxes only."),
            (
                f"New-ManagementRoleAssignment -Name {literal(ASSIGNMENT)} -Role {literal(ROLE)}"
                f" -User {literal(right.account)} -CustomRecipientWriteScope {literal(SCOPE)}"
                " -ErrorAction Stop",
            ),
        ),
        Step(
            N_(
                "Limits of this one account, for as many connections as max_connections says; those"
                " of others stay as they are."
            ),
            (
                f"New-ThrottlingPolicy -Name {literal(POLICY)} {_limits(right)} -ErrorAction Stop",
                "Set-ThrottlingPolicyAssociation -Identity $account.DistinguishedName"
                f" -ThrottlingPolicy {literal(POLICY)} -ErrorAction Stop",
            ),
        ),
    )


def filling(right: Right, file: str) -> Step:
    """How the group comes to have the mailboxes of the staff, and no others.

    Args:
        file: Of the addresses, one a line.
    """
    return Step(
        N_(
            "The group's members are the mailboxes of the staff list, and no others: mailaudit"
            " exchange-setup{options} --addresses {file} writes them, one a line. Repeat this when"
            " the list has changed: it also takes out who has left. Addresses that Exchange does"
            " not know are named."
        ),
        (
            f"$staff = Get-Content -Path {literal(file)} | ForEach-Object"
            " { Get-Recipient -Identity $_ }",
            f"Update-DistributionGroupMember -Identity {literal(right.group)} -Members"
            " ($staff | ForEach-Object { $_.DistinguishedName })"
            " -BypassSecurityGroupManagerCheck -Confirm:$false",
        ),
    )


def ending(right: Right, until: date) -> Step:
    """What ends it, for a role assignment has no last day of its own.

    Args:
        until: The last day of the account.
    """
    after = until + timedelta(days=1)
    return Step(
        N_(
            "A role assignment does not end by itself, but the account does: it may log in, and"
            " after {until} it cannot any more. Take the right away then:"
            " mailaudit exchange-setup{options} --remove"
        ),
        (
            f"Set-ADAccountExpiration -Identity {_name(right)} -DateTime ([datetime]'{after}')",
            f"Enable-ADAccount -Identity {_name(right)}",  # which `taking` disables
        ),
    )


def looking(right: Right) -> Step:
    """What is there now: rights, mailboxes in the scope, limits."""
    return Step(
        N_(
            "Look at the result: who may impersonate and over what, how many mailboxes that covers,"
            " the limits. A change may take an hour to be in force everywhere. Then, on this"
            " computer: mailaudit check{options}"
        ),
        (
            f"Get-ManagementRoleAssignment -Role {literal(ROLE)}"
            " | Format-List Name, RoleAssignee, CustomRecipientWriteScope, Enabled",
            "Get-Recipient -ResultSize Unlimited -RecipientPreviewFilter"
            f" (Get-ManagementScope -Identity {literal(SCOPE)}).RecipientFilter | Measure-Object",
            f"Get-ThrottlingPolicy -Identity {literal(POLICY)} | Format-List Name, Ews*",
        ),
    )


def taking(right: Right) -> tuple[Step, ...]:
    """All of it away, the right first; an error of one command does not keep back the next."""
    return (
        Step(
            N_("The right, then its scope."),
            (
                f"Remove-ManagementRoleAssignment -Identity {literal(ASSIGNMENT)} -Confirm:$false",
                f"Remove-ManagementScope -Identity {literal(SCOPE)} -Confirm:$false",
            ),
        ),
        Step(
            N_("The limits; the account has those of everybody again."),
            (
                f"Set-ThrottlingPolicyAssociation -Identity {_name(right)} -ThrottlingPolicy $null",
                f"Remove-ThrottlingPolicy -Identity {literal(POLICY)} -Confirm:$false",
            ),
        ),
        Step(
            N_("The account cannot log in any more."),
            (f"Disable-ADAccount -Identity {_name(right)}",),
        ),
        Step(
            N_("The group, unless it is used for something else; it gives no right by itself."),
            (f"Remove-DistributionGroup -Identity {literal(right.group)}",),
        ),
        Step(
            N_("Look at the result: this must list nothing."),
            (
                f"Get-ManagementRoleAssignment -Role {literal(ROLE)}"
                f" -RoleAssignee {literal(right.account)}",
            ),
        ),
    )


def _limits(right: Right) -> str:
    """Parameters of a throttling policy: each connection may be used all the time."""
    connections = right.connections
    most = connections + _SPARE_CONNECTIONS
    if right.version.startswith("Exchange2010"):  # percent of a minute
        share = 100 * connections
        return (
            f"-EWSMaxConcurrency {most} -EWSPercentTimeInCAS {share}"
            f" -EWSPercentTimeInMailboxRPC {share} -EWSPercentTimeInAD {share}"
        )
    return (
        f"-ThrottlingPolicyScope Regular -EwsMaxConcurrency {most}"
        f" -EwsRechargeRate {connections * _HOUR_MS}"  # milliseconds an hour
    )


def _name(right: Right) -> str:
    """The account's distinguished name, the one name that all commands take."""
    return f"(Get-User -Identity {literal(right.account)} -ErrorAction Stop).DistinguishedName"
