"""Progress: a bar for who watches, plain lines for a log."""

import pytest

from mailaudit.cli import progress as room
from mailaudit.cli.progress import progress


@pytest.mark.parametrize("is_watched", [True, False])
def test_no_time_is_left_of_what_is_done(
    is_watched: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Reports are written after it: "0:00 left" would stand there for minutes."""
    monkeypatch.setenv("MAILAUDIT_LANG", "en")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr(room, "is_terminal", lambda: is_watched)
    with progress("2026-10") as show:
        show(0, 20)
        show(20, 20)
    said = capsys.readouterr().err
    assert "20" in said and "/s" in said
    assert "left" not in said
