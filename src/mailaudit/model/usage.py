"""StaffUsage and UnitUsage: who is counted where, and the sums every published rate is made of."""

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import ceil
from operator import add, sub

from mailaudit.model.gaps import HIDDEN_GAPS, Gaps
from mailaudit.model.outcome import Reason
from mailaudit.model.roster import Staff, Unit

COARSE_BELOW = 10  # people, of whom all or none may be printed less exactly


class StaffState(StrEnum):
    """The one state each roster entry ends in."""

    EXEMPT = "exempt"  # the job is out of scope
    EXCLUDED = "excluded"  # in scope, but away in this Period
    NOT_PROVIDED = "not provided"  # in scope, without a mailbox: counts as non-use
    UNMEASURED = "unmeasured"  # has a mailbox that could not be measured: never zero
    MEASURED = "measured"


class OutOfScope(StrEnum):
    """What takes a person out of scope; the first two make them exempt, the others excluded."""

    JOB_TITLE = "job title"
    CATEGORY = "category"
    AWAY = "away"
    JOINED = "newly appointed"
    LEFT = "left"

    @property
    def state(self) -> StaffState:
        """EXEMPT or EXCLUDED."""
        exempts = self in (OutOfScope.JOB_TITLE, OutOfScope.CATEGORY)
        return StaffState.EXEMPT if exempts else StaffState.EXCLUDED

    def word(self, person: Staff) -> str:
        """The word of the staff list that does it, as it stands there."""
        if self is OutOfScope.JOB_TITLE:
            return person.job_title
        return person.category if self is OutOfScope.CATEGORY else person.status


class Silence(StrEnum):
    """Why a period gives no result: no mailbox measured had any mail, or too few months count."""

    NO_MAIL = "nobody had any mail"
    UNKNOWN = "too little was measured to say so"
    FEW_MONTHS = "too few months of a longer period are stored, final and sufficiently covered"
    OTHER_MONTHS = "people are judged in another number of months than in what it is beside"


class WordKind(StrEnum):
    """What a word of the staff list says of a person."""

    CATEGORY = "category"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class UnnamedWord:
    """A category or status that no rule names, and how many people are in scope in spite of it."""

    kind: WordKind
    word: str
    people: int


@dataclass(frozen=True, slots=True)
class StaffUsage:
    """One roster entry: its state and, where measured, what it did.

    Attributes:
        unit_code: The unit it counts in (the topmost ancestor of the staff's unit).
        out_of_scope: Set when EXEMPT or EXCLUDED.
        reason: Set when UNMEASURED.
        detail: The server's error code when UNMEASURED.
        sent, received, read: Messages in the Period.
        sent_days: Working days with at least one sent message.
        sent_enough: Whether these days are as many as regular use needs.
        due, due_read: Received mail old enough at cut-off to be judged, and how much of it is read.
        has_read, has_sent, regular: F2, F3, F4 of docs/metrics.md; F2 is None by a definition that
            does not count reading.
        is_removed: Whether the person was removed from the month, and only counts.
        months_judged, months_regular: Of a longer period, in how many months the person could be
            judged, and was regular.
        kind: Of the source that measured the mailbox, of UNMEASURED people too where it does not
            know what use is judged by; otherwise "".
    """

    staff: Staff
    unit_code: str
    state: StaffState
    reason: Reason | None = None
    detail: str = ""
    sent: int = 0
    received: int = 0
    read: int = 0
    sent_days: int = 0
    sent_enough: bool = False
    due: int = 0
    due_read: int = 0
    has_read: bool | None = False
    has_sent: bool = False
    regular: bool = False
    out_of_scope: OutOfScope | None = None
    is_removed: bool = False
    months_judged: int = 0
    months_regular: int = 0
    kind: str = ""


def share_of(part: int, whole: int) -> Fraction | None:
    """The share, None of nobody."""
    return Fraction(part, whole) if whole > 0 else None


@dataclass(frozen=True, slots=True)
class Counts:
    """The sums a rate is made of; adding two of them gives the sums of both, subtracting the rest.

    All are numbers of people, but for `kinds` and `reads`. People measured by sources of two kinds
    have no rate together, and no rate is set beside one of another kind: both are decided here.

    Attributes:
        staff: B, everybody on the staff list.
        exempt, excluded: Out of scope by job; away in this Period.
        in_scope: D = staff - exempt - excluded.
        provided: C, those in scope with a mailbox.
        unmeasured: U, those provided whose mailbox could not be measured.
        read, sent, regular: F2, F3, F4.
        kinds: Of the sources that measured mailboxes, of people not judged too.
        reads: Whether F2 is counted: not where regular use is a matter of sending alone.
    """

    staff: int = 0
    exempt: int = 0
    excluded: int = 0
    in_scope: int = 0
    provided: int = 0
    unmeasured: int = 0
    read: int = 0
    sent: int = 0
    regular: int = 0
    kinds: frozenset[str] = field(default=frozenset(), kw_only=True)
    reads: bool = field(default=True, kw_only=True)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of people, in the order above."""
        return tuple(getattr(self, name) for name in NUMBERS)

    def __add__(self, other: "Counts") -> "Counts":
        numbers, kinds = map(add, self.numbers, other.numbers), self.kinds | other.kinds
        return Counts(*numbers, kinds=kinds, reads=self.reads and other.reads)

    def __sub__(self, other: "Counts") -> "Counts":
        numbers = map(sub, self.numbers, other.numbers)
        return Counts(*numbers, kinds=self.kinds, reads=self.reads)

    @property
    def is_mixed(self) -> bool:
        """Whether those measured were measured by sources of several kinds: F2 to F4 are of each
        kind alone then, and there is no rate."""
        return len(self.kinds) > 1

    @property
    def tells_deeds(self) -> bool:
        """Whether F2 to F4 say what people did: not of several kinds of sources, nor where all who
        have a mailbox could not be measured. Then nothing is known, which is not 0."""
        return not self.is_mixed and (self.measured > 0 or self.provided == 0)

    @property
    def deeds(self) -> tuple[str, ...]:
        """The names of those of F2 to F4 that are counted."""
        return DEEDS if self.reads else DEEDS[1:]

    def is_like(self, other: "Counts") -> bool:
        """Whether its rate may stand beside that of the other: one kind measured all of both.

        Where nobody was measured, for want of mailboxes say, there is no kind to differ.
        """
        return len(self.kinds | other.kinds) < 2

    @property
    def is_coarse(self) -> bool:
        """Whether the rate may only be printed as "≥ 90 %" or "≤ 10 %"."""
        return False

    def coarsened(self) -> "Counts":
        """Without an exact rate where all or none of fewer than COARSE_BELOW people are regular."""
        if 0 < self.judged < COARSE_BELOW and self.regular in (0, self.judged):
            return Coarse(*self.numbers, kinds=self.kinds, reads=self.reads)
        return self

    def meets(self, target: Fraction) -> bool:
        """Whether R, printed exactly or not, reaches a target above 0; False without a rate."""
        return self.judged > 0 and not self.is_mixed and self.regular >= target * self.judged

    @property
    def judged(self) -> int:
        """D - U, the people R is a share of."""
        return self.in_scope - self.unmeasured

    @property
    def out_of_scope(self) -> int:
        """Those listed who are not in scope."""
        return self.exempt + self.excluded

    @property
    def measured(self) -> int:
        """C - U, the people whose mailboxes were measured."""
        return self.provided - self.unmeasured

    def is_few(self, least: int) -> bool:
        """Whether somebody, but fewer than `least`, is listed, in scope, judged or measured.

        Of ten people with one mailbox the sums are those of one person.
        """
        people = (self.staff, self.in_scope, self.judged, self.measured)
        return any(0 < number < least for number in people)

    def exempts_more_than(self, share: Fraction) -> bool:
        """Whether more than a share of everybody listed are exempt; of nobody they are not."""
        return self.exempt > share * self.staff

    @property
    def exempt_share(self) -> Fraction | None:
        """The exempt of everybody listed. 6 of 50: 6/50."""
        return share_of(self.exempt, self.staff)

    @property
    def provided_share(self) -> Fraction | None:
        """C / D. 45 provided of 50 in scope: 9/10."""
        return share_of(self.provided, self.in_scope)

    @property
    def regular_share(self) -> Fraction | None:
        """R = F4 / (D - U), the headline. 30 regular of 50 in scope, 2 unmeasured: 30/48."""
        return share_of(self.regular, self.judged) if self.tells_deeds else None

    def short_of(self, share: Fraction) -> int:
        """How many more regular users a share needs: the smallest n with (F4 + n)/(D - U) >= share.

        That is `ceil(share * (D - U)) - F4`, or 0. For 30 of 48 (62.5 %) 80 % needs 38.4, so 39:
        9 more. n never exceeds those not yet regular where the share is not above 1. 0 where
        there is no rate.
        """
        return 0 if self.is_mixed else max(ceil(share * self.judged) - self.regular, 0)

    @property
    def lower_bound(self) -> Fraction | None:
        """F4 / D: R if nobody unmeasured is regular. 30 of 50: 30/50."""
        return None if self.is_mixed else share_of(self.regular, self.in_scope)

    @property
    def upper_bound(self) -> Fraction | None:
        """(F4 + U) / D: R if everybody unmeasured is regular. 30 + 2 of 50: 32/50."""
        return None if self.is_mixed else share_of(self.regular + self.unmeasured, self.in_scope)

    @property
    def coverage(self) -> Fraction | None:
        """(C - U) / C. 45 provided, 2 unmeasured: 43/45. None where nobody is provided."""
        return share_of(self.measured, self.provided)


NUMBERS = tuple(name for name in Counts.__slots__ if name not in ("kinds", "reads"))
DEEDS = ("read", "sent", "regular")  # F2, F3, F4


@dataclass(frozen=True, slots=True)
class Coarse(Counts):
    """Sums that are added up as they are, but have no exact rate for their reader."""

    @property
    def is_coarse(self) -> bool:
        return True

    @property
    def regular_share(self) -> None:
        return None

    @property
    def lower_bound(self) -> None:
        return None

    @property
    def upper_bound(self) -> None:
        return None


@dataclass(frozen=True, slots=True)
class UnitUsage:
    """One unit's sums in one Period; its gaps are not known unless they were measured."""

    unit: Unit
    counts: Counts
    gaps: Gaps = HIDDEN_GAPS


@dataclass(frozen=True, slots=True)
class Measurement:
    """A Snapshot measured: one StaffUsage per roster entry, one UnitUsage per line of a ranking.

    Units stand in official order; `staff` in the order of the staff list; `unnamed` words from the
    most frequent on. `silence` is set where no mailbox of the whole staff list that was measured
    had any mail in the Period, which no month of work looks like, where a longer period has too
    few months, and where one is compared with that has another number of them. `is_outdated` is set
    where all people were removed, and their sums made by other rules than those asked for.
    `tells_uses` is unset where why people are not in regular use is not a `Use` of each: in a
    longer period, and where any activity is regular use.
    """

    staff: tuple[StaffUsage, ...]
    units: tuple[UnitUsage, ...]
    unnamed: tuple[UnnamedWord, ...] = ()
    silence: Silence | None = None
    is_outdated: bool = False
    tells_uses: bool = True

    @property
    def total(self) -> Counts:
        """Recomputed from sums, never a mean of rates."""
        return sum((usage.counts for usage in self.units), Counts())
