"""What a person reads of the rows that are stored about them."""

from datetime import UTC, datetime

from mailaudit.locale import language
from mailaudit.model.period import Period
from mailaudit.model.person import Person, PersonRecord, RecordKind
from mailaudit.report.disclosure import render_disclosure


def test_name_of_the_unit_of_a_head_is_not_called_a_persons() -> None:
    """Both are a column "name" in the store."""
    values = {"code": "SNV", "name": "Sở Nội vụ", "head_name": "Lê An"}
    head = PersonRecord(RecordKind.HEAD, Period(2026, 10), 1, None, values)
    staff = PersonRecord(RecordKind.STAFF, Period(2026, 10), 1, None, {"name": "Lê An"})
    person = Person(("an@x.vn",))
    made_at = datetime(2026, 11, 2, tzinfo=UTC)

    text = render_disclosure(person, [head, staff], "P", language("vi"), made_at=made_at)

    lines = [line.strip() for line in text.splitlines()]
    assert lines.count("Tên đơn vị: Sở Nội vụ") == 1
    assert lines.count("Họ và tên: Lê An") == 1
    assert "Họ và tên: Sở Nội vụ" not in lines
