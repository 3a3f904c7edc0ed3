"""Who gets which mail, on the terminal."""

from types import SimpleNamespace
from typing import cast

import pytest

from mailaudit.cli import console
from mailaudit.cli.delivery_view import print_mails
from mailaudit.cli.mails import Mails
from mailaudit.delivery.plan import Recipient
from mailaudit.model.period import Period

STAFF = [Recipient(f"p{number:03d}@tinh.test", f"Người {number}") for number in range(480)]


@pytest.fixture(autouse=True)
def vietnamese(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the tests before spoke."""
    monkeypatch.setattr(console, "_chosen", "vi")


def lines(capsys: pytest.CaptureFixture[str], most: int | None) -> list[str]:
    """What is printed where the first person gets something else than all others."""
    mails = SimpleNamespace(
        recipients=STAFF,
        period=Period(2026, 10),
        what=lambda one: "report" if one is STAFF[0] else "reminder",
    )
    print_mails(cast("Mails", mails), [(one, None) for one in STAFF], most=most)
    return capsys.readouterr().out.splitlines()


def test_lines_that_say_the_same_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """The first of each kind are shown; what is said of one alone is never left out."""
    found = lines(capsys, 3)
    assert found == [
        "p000@tinh.test  report: chưa gửi",
        *(f"p00{number}@tinh.test  reminder: chưa gửi" for number in (1, 2, 3)),
        "… còn 476 người nữa: reminder: chưa gửi",
    ]


def test_pipe_gets_every_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(lines(capsys, None)) == len(STAFF)
