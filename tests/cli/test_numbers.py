"""Numbers in messages are written as the terminal's language writes them."""

from datetime import datetime
from pathlib import Path

import pytest
from command_line import mailaudit
from stored_months import an_audit_of

from mailaudit.model.period import Period

MAY = Period(2026, 5)
AFTER_MAY = datetime(2026, 6, 5, 8, 0, tzinfo=MAY.tz)


@pytest.mark.slow
@pytest.mark.parametrize(("language", "number"), [("vi", "1.914"), ("en", "1,914")])
def test_numbers_of_mailboxes_have_their_separator(
    tmp_path: Path, language: str, number: str
) -> None:
    """In what an export wrote, and in a month that is complete."""
    an_audit_of(tmp_path, (MAY, AFTER_MAY), sizes={"SNV": 1914})
    month = ("--period", str(MAY), "--lang", language)
    exported = mailaudit("export", "activity", *month, "--out", "a.csv", cwd=tmp_path)
    assert f"{number} " in exported.out, exported.err
    collected = mailaudit("collect", *month, cwd=tmp_path)
    assert f" {number} " in collected.err
    assert f" {number} " in collected.out
    assert "1914" not in exported.out + collected.out + collected.err
