"""Rules: every threshold that decides a published number. All come from the configuration."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from mailaudit.model.knowledge import Knowledge

SENT_AND_READ = "sent-and-read"  # mail sent on enough days, and enough of the mail received read
ANY_ACTIVITY = "any-activity"  # any mail sent or read: "có hoạt động trong kỳ"
SENT_ALONE = "sent"  # mail sent on enough days, whatever was read: every source can say it


@dataclass(frozen=True, slots=True)
class RegularUse:
    """What a definition of regular use looks at.

    Attributes:
        counts_days: On how many days of a month mail was sent; else one mail of the period is
            enough.
        counts_reading: Whether mail received is read. Where it does not, nothing that was read is
            in any figure: F2 is not known from every source.
    """

    counts_days: bool
    counts_reading: bool


DEFINITIONS: Mapping[str, RegularUse] = {
    SENT_AND_READ: RegularUse(counts_days=True, counts_reading=True),
    ANY_ACTIVITY: RegularUse(counts_days=False, counts_reading=True),
    SENT_ALONE: RegularUse(counts_days=True, counts_reading=False),
}


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade and the lowest share (0..1) that earns it. The last grade of a list starts at 0."""

    name: str
    from_share: Fraction


@dataclass(frozen=True, slots=True)
class Rules:
    """Thresholds of domain profile "EWS". Shares are 0..1 and exact.

    Attributes:
        regular: What makes use regular: one of DEFINITIONS. min_sent_days and
            min_regular_months_share decide those that count days only, the next three
            SENT_AND_READ only.
        regular_basis, target_basis: The documents that say so; printed.
        min_sent_days: Working days with a sent message that make use regular.
        min_read_share: Share of due received mail that must be read.
        read_grace_working_days: Mail younger than this at cut-off is not yet due.
        read_waived_below: With fewer due messages than this the read condition is waived.
        min_coverage: Below this coverage a unit is not ranked.
        min_in_scope: Units with fewer staff in scope are not ranked (privacy and noise).
        small_unit: Below this many staff in scope, one person's weight is printed.
        target: The share of regular users aimed at.
        grades: Best first.
        exempt_categories: Staff categories out of scope. All words here are lower case.
        in_scope_categories: Categories known to be in scope; one in neither list is in scope
            too, and reported.
        exempt_job_titles: Job titles out of scope, whatever the category.
        in_scope_job_titles: Job titles in scope, whatever the category.
        excluded_statuses: Statuses of those who are away.
        min_excluded_share: A dated one of them excludes when it covers at least this share of the
            Period's working days.
        joined_statuses: Statuses of those newly appointed, who begin on their first day.
        min_joined_working_days: With fewer working days in the Period they are excluded.
        left_statuses: Statuses of those gone for good, from their first day without work.
        in_scope_statuses: Statuses known to exclude nobody, as for categories.
        min_regular_months_share: Of the months of a longer period in which a person could be
            judged, the share in which use must be regular.
        min_months_share: Of the months that count in a longer period, the share that must be
            stored, final and sufficiently covered; with fewer nothing is ranked.
        max_exempt_share: Above this share of exempt staff a unit is flagged.
        max_witness_difference_share: Above this share of mails that only one of two sources saw,
            the report of the month says so.
        min_published: A unit with somebody, but fewer than this, listed, in scope, judged or
            measured has no rank, and no figures of its own for the public.
        coarse_extremes: Whether the public reads "≥ 90 %" or "≤ 10 %" where all or none of fewer
            than ten people are regular.
    """

    regular: str = SENT_AND_READ
    regular_basis: str = ""
    target_basis: str = ""
    min_sent_days: int = 4
    min_read_share: Fraction = Fraction(80, 100)
    read_grace_working_days: int = 3
    read_waived_below: int = 5
    min_coverage: Fraction = Fraction(95, 100)
    min_in_scope: int = 5
    small_unit: int = 10
    target: Fraction = Fraction(90, 100)
    grades: tuple[Grade, ...] = (
        Grade("Tốt", Fraction(90, 100)),
        Grade("Khá", Fraction(80, 100)),
        Grade("Trung bình", Fraction(60, 100)),
        Grade("Yếu", Fraction(0)),
    )
    exempt_categories: frozenset[str] = frozenset({"hợp đồng lao động"})
    in_scope_categories: frozenset[str] = frozenset({"cán bộ", "công chức", "viên chức"})
    exempt_job_titles: frozenset[str] = frozenset()
    in_scope_job_titles: frozenset[str] = frozenset()
    excluded_statuses: frozenset[str] = frozenset(
        {"thai sản", "ốm", "không lương", "đi học", "biệt phái"}
    )
    min_excluded_share: Fraction = Fraction(1, 2)
    joined_statuses: frozenset[str] = frozenset({"mới tuyển"})
    min_joined_working_days: int = 10
    left_statuses: frozenset[str] = frozenset({"nghỉ hưu", "thôi việc", "chuyển công tác"})
    in_scope_statuses: frozenset[str] = frozenset({"đang làm việc", "đang công tác"})
    max_exempt_share: Fraction = Fraction(10, 100)
    max_witness_difference_share: Fraction = Fraction(5, 100)
    min_regular_months_share: Fraction = Fraction(2, 3)
    min_months_share: Fraction = Fraction(2, 3)
    min_published: int = 5
    coarse_extremes: bool = False

    @property
    def counts_days(self) -> bool:
        """As in RegularUse."""
        return DEFINITIONS[self.regular].counts_days

    @property
    def counts_reading(self) -> bool:
        """As in RegularUse."""
        return DEFINITIONS[self.regular].counts_reading

    @property
    def needs(self) -> frozenset[Knowledge]:
        """What a source has to know of a mailbox, for its owner to be judged."""
        return frozenset({Knowledge.READ_FLAGS} if self.counts_reading else ())

    def is_sufficient(self, coverage: Fraction | None) -> bool:
        """Whether enough was measured to compare: coverage >= min_coverage.

        19 of 20 is enough for 95 %, 18 of 19 (94.7 %) is not. None, of nobody provided, is: there
        was nothing to measure, and everybody in scope counts as non-use.
        """
        return coverage is None or coverage >= self.min_coverage
