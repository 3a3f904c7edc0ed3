"""Why an edition replaces another: what of a unit's people was corrected, and nothing more."""

from datetime import date

from mailaudit.delivery.corrections import corrected_people, people_by_subject
from mailaudit.model.correction import AppliedCorrection, Correction, CorrectionKind
from mailaudit.model.roster import Roster, Staff, Unit

UNITS = (Unit("A", "A", "G"), Unit("A1", "A1", "G", parent="A"), Unit("B", "B", "G"))
STAFF = tuple(
    Staff(f"k{n}", unit, f"p{n}@x.vn") for n, unit in enumerate(("A", "A1", "A1", "B", "B"))
)
ROSTER = Roster(("G",), UNITS, STAFF, "d")


def a_made(
    person: str, kind: CorrectionKind, value: str = "", *, edition: int = 2, fits: bool = True
) -> AppliedCorrection:
    day = date(2026, 11, 10)
    text = Correction("2026-10", person, kind, value, None, None, "Bị ốm nặng", "", "GĐ", day)
    return AppliedCorrection(text, edition, fits)


MADE = (
    a_made("k0", CorrectionKind.STATUS, "ốm"),
    a_made("k0", CorrectionKind.JOB_TITLE, "lái xe"),
    a_made("p1@x.vn", CorrectionKind.UNIT, "B"),
    a_made("k2", CorrectionKind.MAILBOX, "q@x.vn", edition=3),
    a_made("k3", CorrectionKind.LEFT),
    a_made("k4", CorrectionKind.NOT_STAFF, fits=False),
    a_made("", CorrectionKind.STATUS),
)


def test_a_head_reads_how_many_of_the_own_people_were_corrected_in_what() -> None:
    """A person once for each subject; of units below, too; a move, in both units."""
    found = tuple(corrected_people(ROSTER, MADE))
    scope = "who is listed and in scope"

    assert people_by_subject(found, ["A"], 1) == {scope: 1, "unit": 1, "mailbox": 1}
    assert people_by_subject(found, ["A"], 2) == {"mailbox": 1}
    assert people_by_subject(found, ["B"], 1) == {scope: 1, "unit": 1}
    assert people_by_subject(found, ["C"], 1) == {}
    assert people_by_subject(found, [], 1) == {}


def test_neither_reason_nor_status_is_in_it() -> None:
    """A head may not know why somebody is out of scope."""
    found = repr(tuple(corrected_people(ROSTER, MADE)))
    assert not any(text in found for text in ("ốm", "lái xe", "status", "trạng thái", "chức vụ"))
