"""Real mail of a real institution, audited through the command line, against counts that another
program made from the raw data."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import mailaudit

from mailaudit.demo.options import Options, ServedAt
from mailaudit.demo.process import served
from shared import SHARED

DATA = SHARED / "data"
MONTHS = ("2026-05", "2026-06", "2026-08")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real mail traffic is not beside the project"),
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedAt]:
    with served(
        tmp_path_factory.mktemp("eu-core"),
        Options(traffic=DATA / "eu-core-traffic.csv.gz", people=DATA / "eu-core-people.csv"),
    ) as place:
        yield place


def rows_of(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["mailbox"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("month", MONTHS)
def test_audit_counts_what_really_happened(place: ServedAt, tmp_path: Path, month: str) -> None:
    """For all 816 mailboxes sent, received, read and sent days are exactly the expected ones."""
    config = ("--config", place.config_path, "--period", month)
    ran = mailaudit("collect", *config, cwd=tmp_path)
    assert ran.code == 0, ran.err
    ran = mailaudit("export", "activity", *config, "--out", "activity.csv", cwd=tmp_path)
    assert ran.code == 0, ran.err
    found = rows_of(tmp_path / "activity.csv")
    expected = rows_of(DATA / f"eu-core-expected-{month}.csv")
    assert len(expected) == 816
    assert found.keys() == expected.keys()
    for mailbox, row in expected.items():
        assert found[mailbox]["state"] == "measured"
        assert {key: found[mailbox][key] for key in row} == row
