"""Correction: what a unit objected to in a month's staff list, decided by somebody."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class CorrectionKind(StrEnum):
    """What of a person is wrong. Its value is what lists of corrections say, and what is stored."""

    STATUS = "trạng thái"
    CATEGORY = "loại"
    JOB_TITLE = "chức vụ"
    UNIT = "đơn vị"
    MAILBOX = "hộp thư"
    LEFT = "đã nghỉ"
    NOT_STAFF = "không thuộc danh sách"

    @property
    def about(self) -> str:
        """What two corrections of one person must not both set."""
        return CorrectionKind.STATUS if self is CorrectionKind.LEFT else self


@dataclass(frozen=True, slots=True)
class Correction:
    """One row of a list of corrections.

    Attributes:
        month: The month it is of, as a Period prints ("2026-10").
        person: The staff code or an address of whom it is about, as on the month's staff list; ""
            where the person was removed, and with it all that was written.
        value: What is right: a status, category, job title, unit code or address; "" for nobody's
            mailbox, and for those who are no staff.
        status_from, status_to: First and last day of a STATUS; first day without work where LEFT.
        reason: Why, as the unit wrote.
        document: What it rests on; may be empty.
        approved_by, approved_on: Who decided, and when.
        row: Where it stands in the list ("corrections.csv:2"), for messages.
    """

    month: str
    person: str
    kind: CorrectionKind
    value: str
    status_from: date | None
    status_to: date | None
    reason: str
    document: str
    approved_by: str
    approved_on: date
    row: str = ""


@dataclass(frozen=True, slots=True)
class AppliedCorrection:
    """A correction that an edition was made by.

    Attributes:
        edition: The first edition that has it; those after it keep it.
        fits: False where a later staff list has no place for it, so that it changed nothing there.
    """

    correction: Correction
    edition: int
    fits: bool = True


class Misfit(StrEnum):
    """Why a correction can't be made to a staff list."""

    UNKNOWN_PERSON = "no such person"
    UNKNOWN_UNIT = "no such unit"
    TAKEN_MAILBOX = "another person's mailbox"
    NO_CHANGE = "changes nothing"
