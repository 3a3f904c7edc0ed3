"""`mailaudit reconcile` of mailboxes and tracking logs: planted differences, and no others."""

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from collecting_builders import Workplace
from command_line import mailaudit
from test_reconcile import Mail, options

from mailaudit.demo.process import served

PEOPLE = [f"p{number}@one.test" for number in range(9)]
WORKBOOK = "reports/mailaudit-2026-05-it-reconciliation-logs.xlsx"


def a_month(chance: random.Random) -> list[Mail]:
    """Everybody writes to somebody on every day, so that no day and no mailbox is without mail."""
    return [
        (day, sender, chance.choice([one for one in PEOPLE if one != sender]))
        for day in range(1, 32)
        for sender in PEOPLE
    ]


def counted(mails: Sequence[Mail]) -> Counter[tuple[str, str, int]]:
    """How many mails of each mailbox, flow and day."""
    found: Counter[tuple[str, str, int]] = Counter()
    for day, sender, recipient in mails:
        found[sender, "sent", day] += 1
        found[recipient, "received", day] += 1
    return found


def expected(stored: Sequence[Mail], told: Sequence[Mail]) -> dict[str, list[int]]:
    """Of each mailbox that differs: sent and received that both, the store, the logs saw."""
    one, other = counted(stored), counted(told)
    lines = {}
    for box in PEOPLE:
        line = []
        for flow in ("sent", "received"):
            days = [(one[box, flow, day], other[box, flow, day]) for day in range(1, 32)]
            line += [
                sum(min(pair) for pair in days),
                sum(max(a - b, 0) for a, b in days),
                sum(max(b - a, 0) for a, b in days),
            ]
        if line[1] or line[2] or line[4] or line[5]:
            lines[box] = line
    return lines


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_planted_differences_between_mailboxes_and_logs_are_found(
    tmp_path: Path, seed: int
) -> None:
    """Mails that only the mailboxes have, mails that only the logs have; everything else agrees."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    mails = a_month(chance)
    chance.shuffle(mails)
    stored, told = mails[7:], mails[: len(mails) - 11]
    logs = tmp_path / "logs"
    witness = replace(options(tmp_path / "other", told, PEOPLE), tracking=logs)
    with (
        served(tmp_path / "other", witness) as other,
        served(tmp_path / "served", options(tmp_path / "served", stored, PEOPLE)) as place,
    ):
        assert other.logs_config_path is not None
        folders = re.search(
            r"\[servers\.folders\]\n(?:.*\n)*?(?=\n|\Z)|^folders = .*$",
            other.logs_config_path.read_text("utf-8"),
            flags=re.MULTILINE,
        )
        assert folders is not None
        work = Workplace.at(tmp_path / "work", place)
        file = work.folder / "mailaudit.toml"
        text = re.sub(r"\[delivery\].*", "", file.read_text("utf-8"), flags=re.DOTALL)
        keys = f'name = "logs"\nkind = "tracking"\n{folders[0]}'.replace("servers.", "witnesses.")
        file.write_text(f"{text}\n[[witnesses]]\n{keys}\n", "utf-8")
        assert work.run().code == 0
        ran = mailaudit("reconcile", "-p", "2026-05", "--with", "logs", cwd=work.folder)
    assert ran.code == 0, ran.err
    sheet = openpyxl.load_workbook(work.folder / WORKBOOK)["By mailbox"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert {str(row[1]): row[4:10] for row in rows if isinstance(row[0], int)} == expected(
        stored, told
    )
