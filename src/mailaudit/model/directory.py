"""Account: a person's entry in the directory; Difference: where a staff list disagrees with it."""

from dataclasses import dataclass
from enum import StrEnum

from mailaudit.model.roster import Staff


@dataclass(frozen=True, slots=True)
class Account:
    """An entry of the directory, such as a user of Active Directory.

    Attributes:
        dn: Its distinguished name, which tells where it stands.
        login: The account's short name.
        enabled: Whether its owner can log in.
        mailbox: The primary address, lower case; None without one.
        aliases: Further addresses of the mailbox.
    """

    dn: str
    login: str = ""
    enabled: bool = True
    mailbox: str | None = None
    aliases: tuple[str, ...] = ()
    staff_code: str = ""
    name: str = ""
    unit_code: str = ""
    unit_name: str = ""
    category: str = ""
    job_title: str = ""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address of the mailbox, the primary one first."""
        return ((self.mailbox,) if self.mailbox else ()) + self.aliases


class DifferenceKind(StrEnum):
    """How a staff list and the directory disagree."""

    NO_MAILBOX = "no mailbox"  # neither has an address for the person
    UNKNOWN_ADDRESS = "unknown address"  # the list's address is nobody's in the directory
    ADDRESS_DIFFERS = "address differs"  # the same person's, or the list lacks it, or an alias
    OTHER_OWNER = "other owner"  # the list's address is that of another staff code
    GONE_BUT_ENABLED = "gone but enabled"
    DISABLED = "disabled"  # still on the staff list
    ORPHAN = "orphan"  # enabled, and nobody's on the list


@dataclass(frozen=True, slots=True)
class Difference:
    """One disagreement: the person of the list and the account, as far as there are both."""

    kind: DifferenceKind
    person: Staff | None = None
    account: Account | None = None
