"""A staff list corrected after its month was sealed: reported, and counted in the next edition."""

import re
from pathlib import Path

import pytest
from collecting_builders import AccessLog, Workplace, address, write_traffic
from command_line import mailaudit

from mailaudit.demo.options import Options
from mailaudit.demo.process import served

pytestmark = pytest.mark.slow

MAILBOXES = 12


def test_corrected_staff_list_is_reported_and_counted_in_a_new_edition(tmp_path: Path) -> None:
    """The sealed month keeps its list, and says so; the new edition asks for what is new."""
    log = tmp_path / "access.jsonl"
    files = write_traffic(tmp_path, MAILBOXES)
    with served(tmp_path, Options(**files, access_log=log)) as place:
        work = Workplace.at(tmp_path / "work", place)
        lines = files["people"].read_text("utf-8").splitlines(keepends=True)
        roster = list_of_its_own(work)
        roster.write_text("".join(lines[:-1]), "utf-8")
        assert work.run().code == 0
        assert "another staff list" not in work.run().err

        roster.write_text("".join([lines[0], *lines[2:]]), "utf-8")
        asked = AccessLog(log)
        ran = work.run()
        assert ran.code == 0
        assert "2026-05 was collected with another staff list" in ran.err
        assert "mailaudit collect --period 2026-05 --new-edition" in ran.err
        assert asked.asked() == []

        ran = work.run("--new-edition")
        assert (ran.code, ran.err.count("another staff list")) == (0, 0)
        assert "2026-05, edition 2: 11 of all 11 mailboxes measured" in ran.out
        assert set(asked.asked()) == {address(MAILBOXES - 1)}
    assert set(work.outcomes()) == {address(number) for number in range(1, MAILBOXES)}


def list_of_its_own(work: Workplace) -> Path:
    """A staff list beside the configuration, which names it from then on."""
    config = work.folder / "mailaudit.toml"
    text, found = re.subn(
        r"(\[roster\]\nfile = ).*", r'\1"roster.csv"', config.read_text(encoding="utf-8")
    )
    assert found == 1
    config.write_text(text, encoding="utf-8")
    return work.folder / "roster.csv"


def test_new_edition_and_retry_do_not_go_together(tmp_path: Path) -> None:
    """2, before anything is read."""
    ran = mailaudit("collect", "--new-edition", "--retry-unmeasured", cwd=tmp_path)
    assert ran.code == 2
    assert "do not go together" in ran.err
