"""The description of a scheduled command, and when it starts next."""

from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
from job_builders import HOSTILE, a_job

from mailaudit.errors import ConfigurationError
from mailaudit.scheduling import Kind, key_of
from mailaudit.scheduling.job import read, require_plain


@pytest.mark.parametrize(
    ("changes", "now", "start"),
    [
        ({}, "2026-10-31T17:29:59+00:00", "2026-11-01T00:30:00+07:00"),
        ({}, "2026-10-31T17:30:00+00:00", "2026-12-01T00:30:00+07:00"),
        ({"day": 28}, "2026-02-28T00:00:00+07:00", "2026-02-28T00:30:00+07:00"),
        ({"day": 28}, "2026-02-28T01:00:00+07:00", "2026-03-28T00:30:00+07:00"),
        ({"day": 28}, "2026-12-31T01:00:00+07:00", "2027-01-28T00:30:00+07:00"),
        ({"kind": Kind.WEEKLY, "day": 6}, "2026-11-20T12:00:00+07:00", "2026-11-21T00:30:00+07:00"),
        ({"kind": Kind.WEEKLY, "day": 6}, "2026-11-21T00:30:00+07:00", "2026-11-28T00:30:00+07:00"),
        ({"kind": Kind.WEEKLY, "day": 1}, "2026-11-22T23:59:00+07:00", "2026-11-23T00:30:00+07:00"),
        # The clock goes from 01:59 to 03:00 there on that day.
        (
            {"timezone": "Europe/Berlin", "day": 28, "at": time(4)},
            "2027-03-28T00:00:00+00:00",
            "2027-03-28T04:00:00+02:00",
        ),
    ],
)
def test_next_start_is_the_first_after_now(changes: dict[str, Any], now: str, start: str) -> None:
    found = a_job(**changes).next_start(datetime.fromisoformat(now))
    assert found.isoformat() == start


def test_job_is_read_as_it_was_noted() -> None:
    """One line of ASCII, whatever is in it."""
    job = a_job(f"/srv/{HOSTILE}", kind=Kind.WEEKLY, day=7)
    noted = job.noted()
    assert noted.isascii() and noted.isprintable()
    assert read(noted) == job


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{}",
        a_job().noted()[:-1],
        a_job().noted().replace("monthly", "hourly"),
        a_job().noted().replace("00:30", "25:30"),
        a_job().noted().replace("Asia/Ho_Chi_Minh", "../etc/passwd"),
        a_job().noted().replace("Asia/Ho_Chi_Minh", "Nowhere"),
    ],
)
def test_note_that_was_changed_is_not_a_job(text: str) -> None:
    assert read(text) is None


def test_configurations_have_jobs_of_their_own(tmp_path: Path) -> None:
    """However a file is named on the command line it is the same; another one is another."""
    (tmp_path / "a").mkdir()
    one = tmp_path / "a" / "mailaudit.toml"
    assert key_of(one) == key_of(tmp_path / "a" / ".." / "a" / "mailaudit.toml")
    assert key_of(one) != key_of(tmp_path / "mailaudit.toml")
    # A link is a configuration of its own: what it names lies beside the link.
    one.touch()
    (tmp_path / "mailaudit.toml").symlink_to(one)
    assert key_of(one) != key_of(tmp_path / "mailaudit.toml")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert key_of(one) == key_of(tmp_path / "b" / "mailaudit.toml")


@pytest.mark.parametrize("name", ["a\nb", "a\rb", "a\x00b", "a\x1bb", "a\x7fb", "a\udcffb"])
def test_name_with_a_control_character_is_refused(name: str) -> None:
    """It would end a line of a unit or crontab, and begin another; and what is not Unicode."""
    with pytest.raises(ConfigurationError) as refused:
        require_plain(a_job(f"/srv/{name}"))
    escaped = name.encode("unicode_escape", errors="replace").decode()
    assert str(refused.value) == (
        f"/srv/{escaped}/mailaudit.toml can't be written into a schedule: its name has a control"
        " character. Rename the file or folder."
    )
    require_plain(a_job(f"/srv/{HOSTILE}"))


def test_day_is_in_every_month() -> None:
    """As far ahead as is looked: from each day of two years, for each day."""
    for day in (1, 28):
        job = replace(a_job(), day=day)
        for number in range(730):
            now = datetime.fromtimestamp(1_790_000_000 + number * 86400, UTC)
            assert job.next_start(now).day == day
