"""Signs that a person's figures may have been made for the audit: to look at again, no proof."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from mailaudit.model.period import Period
from mailaudit.model.roster import Staff, Unit


class Sign(StrEnum):
    """What is looked for, in the order it is printed; docs/metrics.md section 15."""

    TO_SELF = "all mail sent came to the mailbox itself"
    LAST_DAYS = "all mail was sent in the month's last working days"
    MINIMUM = "mail was sent on exactly the fewest days, month after month"
    FORWARDS = "a rule sends mail on to outside"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sign of one person.

    Attributes:
        unit: The name of the person's own unit.
        line: The code of the topmost unit it belongs to.
        months: In how many months in a row it was there, the newest one included.
        sent, sent_days: Mails sent in the newest month, and working days with mail sent.
        last_days_from: The first of the month's last working days; of LAST_DAYS only.
        forwards_to: The domains; of FORWARDS only.
    """

    sign: Sign
    person: Staff
    unit: str
    line: str
    months: int
    sent: int
    sent_days: int
    last_days_from: date | None = None
    forwards_to: str = ""


@dataclass(frozen=True, slots=True)
class FoundSigns:
    """What was found in a month.

    Attributes:
        months: All months that were looked at, oldest first.
        looked_for: The signs that this month and these rules allow to look for.
        regular: How many people use their mailbox regularly: among them signs are looked for.
        rules_unknown: Of how many people in scope who were measured the rules are not known.
        lines: The topmost units of the month, in official order.
        findings: By sign, in the order of the staff list.
    """

    period: Period
    edition: int
    cut_off_at: datetime
    months: tuple[Period, ...]
    looked_for: tuple[Sign, ...]
    regular: int
    rules_unknown: int
    lines: tuple[Unit, ...]
    findings: tuple[Finding, ...]

    @property
    def people(self) -> int:
        """How many people have a sign."""
        return len({one.person.key for one in self.findings})

    def count(self, sign: Sign) -> int:
        """How many people have this sign."""
        return sum(one.sign is sign for one in self.findings)
