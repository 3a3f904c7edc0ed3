"""Rules: every threshold that decides a published number. All come from the configuration."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade and the lowest share (0..1) that earns it. The last grade of a list starts at 0."""

    name: str
    from_share: Fraction


@dataclass(frozen=True, slots=True)
class Rules:
    """Thresholds of domain profile "EWS". Shares are 0..1 and exact.

    Attributes:
        min_sent_days: Working days with a sent message that make use regular.
        min_read_share: Share of due received mail that must be read.
        read_grace_working_days: Mail younger than this at cut-off is not yet due.
        read_waived_below: With fewer due messages than this the read condition is waived.
        min_coverage: Below this coverage a unit is not ranked.
        min_in_scope: Units with fewer staff in scope are not ranked (privacy and noise).
        small_unit: Below this many staff in scope, one person's weight is printed.
        target: The share of regular users aimed at.
        grades: Best first.
        exempt_categories: Staff categories out of scope, lower case.
        excluded_statuses: Statuses that exclude a person, lower case.
        min_excluded_share: A dated status excludes when it covers at least this share of the
            Period's working days.
        max_exempt_share: Above this share of exempt staff a unit is flagged.
    """

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
    excluded_statuses: frozenset[str] = frozenset(
        {"thai sản", "ốm", "không lương", "đi học", "biệt phái", "mới tuyển", "nghỉ hưu"}
    )
    min_excluded_share: Fraction = Fraction(1, 2)
    max_exempt_share: Fraction = Fraction(10, 100)
