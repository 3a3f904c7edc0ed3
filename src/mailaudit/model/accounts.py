"""Accounts to create, lock and delete: what is proposed of whom, and what it rests on."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from mailaudit.model.period import Period
from mailaudit.model.roster import Staff, Unit


class Request(StrEnum):
    """What the operator of the mail system is asked to do, in the order of the lists."""

    CREATE = "create"
    LOCK = "lock"
    DELETE = "delete"


class Ground(StrEnum):
    """Why something is proposed."""

    NO_MAILBOX = "in scope, without a mailbox"
    NO_SIGN = "no sign of use in the whole span"
    LEFT = "left, and the mailbox still answers"
    NOT_LISTED = "no longer listed, and the mailbox still answered when it was asked last"

    @property
    def request(self) -> Request:
        if self is Ground.NO_MAILBOX:
            return Request.CREATE
        return Request.LOCK if self is Ground.NO_SIGN else Request.DELETE


class PassedOver(StrEnum):
    """Why somebody of whom no sign of use was seen is not proposed for a lock."""

    UNMEASURED = "not measured in each month of the span"
    AWAY = "on leave or otherwise away in the span"
    NEW = "began in the span"
    UNKNOWN_ADDRESS = "the server has no mailbox of that address"


@dataclass(frozen=True, slots=True)
class Dormancy:
    """How long a mailbox goes without a sign of use before a lock is proposed: 45 days, 3 months.

    Attributes:
        in_months: Whether `count` is of calendar months.
    """

    count: int
    in_months: bool = False

    def first_day(self, last: date) -> date:
        """The first day of the span that ends with `last`.

        45 days to 31 October 2026: 17 September. 3 months to 31 October: 1 August; to 30 May, with
        no 31 February to begin on: 28 February.
        """
        after = last + timedelta(days=1)
        if not self.in_months:
            return after - timedelta(days=self.count)
        index = after.year * 12 + after.month - 1 - self.count
        year, month = index // 12, index % 12 + 1
        return date(year, month, min(after.day, monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Answered:
    """When a mailbox was last seen to answer.

    Attributes:
        period: The month whose collection asked it.
        at: When, UTC.
    """

    period: Period
    at: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """One request about one person.

    Attributes:
        person: As on the newest list they are on.
        unit: The name of their own unit there.
        line: The code of the unit whose head it concerns, as a unit of the newest month; None
            where that month has no such unit any more.
        received: Mail that arrived in the span; of a LOCK only.
        last_sign: The newest day with a sign of use in all months looked at.
        answered: Of a DELETE only.
        left_on: The first day without work, of those who LEFT on a known day.
    """

    ground: Ground
    person: Staff
    unit: str
    line: str | None
    received: int = 0
    last_sign: date | None = None
    answered: Answered | None = None
    left_on: date | None = None

    @property
    def request(self) -> Request:
        return self.ground.request


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A month that was looked at.

    Attributes:
        proven_until: The last day that was over when its collection began.
        had_mail: Whether any mailbox had any mail; a month without proves nothing.
    """

    period: Period
    edition: int
    cut_off_at: datetime
    proven_until: date
    had_mail: bool


@dataclass(frozen=True, slots=True)
class Thinned:
    """A unit of which so many people are no longer listed that its list may be incomplete.

    Attributes:
        gone, before: People no longer listed, of those listed in the month `period`.
    """

    unit: str
    line: str | None
    gone: int
    before: int
    period: Period


@dataclass(frozen=True, slots=True)
class AccountLists:
    """What is proposed, and what it rests on.

    Attributes:
        lines: The units of the newest month, in official order.
        span: The days looked at for signs of use.
        missing: Those of them that were not collected; then nothing is proposed for a lock.
        months: Every month looked at, oldest first.
        pruned: Months before that lost their people, so that nobody is found in them.
        proposals: In the order of the staff lists, everybody once at most.
        passed_over: People by the code of their line and why.
    """

    period: Period
    edition: int
    cut_off_at: datetime
    dormancy: Dormancy
    span: Span
    lines: tuple[Unit, ...]
    missing: tuple[Span, ...]
    months: tuple[LookedAt, ...]
    proposals: tuple[Proposal, ...]
    passed_over: Mapping[tuple[str, PassedOver], int]
    thinned: tuple[Thinned, ...] = ()
    pruned: tuple[Period, ...] = ()

    def count(self, request: Request) -> int:
        """How many requests of this kind there are."""
        return sum(proposal.request is request for proposal in self.proposals)

    def number_passed_over(self, why: PassedOver) -> int:
        """How many people were passed over for this reason."""
        return sum(number for (_, reason), number in self.passed_over.items() if reason is why)

    def of_line(self, line: Unit) -> "AccountLists":
        """What concerns the head of one unit."""
        return replace(
            self,
            lines=(line,),
            proposals=tuple(one for one in self.proposals if one.line == line.code),
            passed_over={key: n for key, n in self.passed_over.items() if key[0] == line.code},
            thinned=tuple(one for one in self.thinned if one.line == line.code),
        )
