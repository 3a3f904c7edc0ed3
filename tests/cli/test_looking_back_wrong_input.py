"""Wrong input to history, compare and report --edition: one exact message, and its exit code."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import mailaudit
from looking_back import AUGUST, OCTOBER, PLANS, SEPTEMBER, an_audit_to_look_back_on

KNOWN = "Name one of its units: SNV, SNV-CC, SYT, STC, XA, XB, K1."
MEASURING = "Measuring 2 months …\n"
REPORTING = "2026-09: measuring, and writing the reports …\n"
USAGE_HISTORY = "Usage: mailaudit history [OPTIONS] [CODE]\nHelp: mailaudit history --help\n"
USAGE_COMPARE = (
    "Usage: mailaudit compare [OPTIONS] {PERIOD} {PERIOD}\nHelp: mailaudit compare --help\n"
)
USAGE_REPORT = "Usage: mailaudit report [OPTIONS]\nHelp: mailaudit report --help\n"


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """August, two editions of September, and October, which is not finished."""
    folder = tmp_path_factory.mktemp("months")
    an_audit_to_look_back_on(folder, *(plan for plan in PLANS if plan.month in (
        AUGUST, SEPTEMBER, OCTOBER)))  # fmt: skip
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (
            "history NOI",
            2,
            f"{MEASURING}Error: The unit list of 2026-09 has no unit NOI. {KNOWN}\n",
        ),
        (
            "history SNVCC",
            2,
            f"{MEASURING}Error: The unit list of 2026-09 has no unit SNVCC. Did you mean SNV-CC"
            " (Chi cục Văn thư), SNV (Sở Nội vụ)?\n",
        ),
        (
            "history XA1",
            2,
            f"{MEASURING}Error: The unit list of 2026-09 has no unit XA1. Did you mean XA"
            " (Xã Đông Tây)?\n",
        ),
        ("history SNV SYT", 2, f"Error: SYT is one argument too many.\n{USAGE_HISTORY}"),
        ("history --unit SNV", 2, f"Error: There is no option --unit.\n{USAGE_HISTORY}"),
        (
            "compare 2026-09 2026-09",
            2,
            "Error: 2026-09 is named twice. Name two different ones, as in mailaudit compare"
            " 2026-08 2026-09\n",
        ),
        ("compare 2026-09", 2, f"Error: PERIOD is missing.\n{USAGE_COMPARE}"),
        (
            "compare 2026-08 2026-09 2026-10",
            2,
            f"Error: 2026-10 is one argument too many.\n{USAGE_COMPARE}",
        ),
        (
            "compare 2026-07 2026-09",
            5,
            f"{MEASURING}Error: The store mailaudit.db has no snapshot of 2026-07. Collect it"
            " first: mailaudit collect --period 2026-07\n",
        ),
        (
            "compare 2026-09 2026-07",
            5,
            f"{MEASURING}Error: The store mailaudit.db has no snapshot of 2026-07. Collect it"
            " first: mailaudit collect --period 2026-07\n",
        ),
        (
            "compare 2026-09 2026-10",
            5,
            f"{MEASURING}Error: The collection of 2026-10 in mailaudit.db is not finished: 30 of"
            " 111 mailboxes. Go on with it: mailaudit collect --period 2026-10\n",
        ),
        (
            "compare 2026-08 2026-09 --audience head",
            2,
            "Error: --audience must be one of 'public', 'leader', 'it', not head.\n"
            f"{USAGE_COMPARE}",
        ),
        (
            "report --period 2026-09 --edition 3",
            5,
            f"{REPORTING}Error: The store mailaudit.db has no edition 3 of 2026-09. Complete"
            " editions: 1, 2.\n",
        ),
        (
            "report --period 2026-10 --edition 1",
            5,
            "2026-10: measuring, and writing the reports …\nError: The collection of edition 1 of"
            " 2026-10 in mailaudit.db is not finished: 30 of 111 mailboxes. Go on with its"
            " collection: mailaudit collect --period 2026-10\n",
        ),
        (
            "report --period 2026-07 --edition 1",
            5,
            "2026-07: measuring, and writing the reports …\nError: The store mailaudit.db has no"
            " snapshot of 2026-07. Collect it first: mailaudit collect --period 2026-07\n",
        ),
        (
            "report --period 2026-10 --edition 2",
            5,
            "2026-10: measuring, and writing the reports …\nError: The store mailaudit.db has no"
            " edition 2 of 2026-10. Go on with its collection: mailaudit collect --period"
            " 2026-10\n",
        ),
        (
            "report --period 2026-09 --edition 0",
            2,
            f"Error: --edition must be at least 1.\n{USAGE_REPORT}",
        ),
        (
            "report --period 2026-09 --edition new",
            2,
            f"Error: --edition must be a whole number.\n{USAGE_REPORT}",
        ),
        (
            "report --period 2026-09 --edition 1 --unit NOI",
            2,
            f"{REPORTING}Error: The unit list of 2026-09 has no unit NOI. {KNOWN}\n",
        ),
    ],
)
def test_wrong_input(months: Path, line: str, code: int, said: str) -> None:
    """Nothing on stdout, nothing written."""
    ran = mailaudit(*line.split(), "--lang", "en", cwd=months)
    assert (ran.code, ran.out, ran.err) == (code, "", said)
    assert not (months / "reports").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-9", "2026-9 is not a month. Write year and month as in 2026-09."),
        ("2026-13", "2026-13 is not a month. Write year and month as in 20"),
        ("09/2026", "09/2026 is not a month. Write year and month as in 2026-09."),
        ("2026Q3", "2026Q3 is not a period in the form used here. Write it as 2026-Q3."),
        ("2999-01", "2999-01 has not begun yet. The last month that is over is 20"),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_what_is_no_month_is_refused(months: Path, text: str, said: str, first: bool) -> None:
    """As the first month and as the second."""
    given = (text, "2026-08") if first else ("2026-08", text)
    ran = mailaudit("compare", *given, "--lang", "en", cwd=months)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"Error: {said}")


def test_history_without_a_finished_month(tmp_path: Path) -> None:
    """Neither without a store nor where a month was only begun; the month to collect is named."""
    an_audit_to_look_back_on(tmp_path, PLANS[-1])
    ran = mailaudit("history", "--lang", "en", cwd=tmp_path)
    said = (
        "Error: The store mailaudit.db has no month whose collection is finished. Collect one:"
        " mailaudit collect --period 2026-10\n"
    )
    assert (ran.code, ran.out, ran.err) == (5, "", said)
    (tmp_path / "mailaudit.db").unlink()
    ran = mailaudit("history", "--lang", "en", cwd=tmp_path)
    assert (ran.code, ran.out) == (5, "")
    assert ran.err.startswith("Error: The store mailaudit.db has no month whose collection is")
    assert not (tmp_path / "mailaudit.db").exists()


def test_messages_name_the_configuration(months: Path) -> None:
    """A command that a message names can be typed as it stands."""
    (months / "other.toml").write_text((months / "mailaudit.toml").read_text("utf-8"), "utf-8")
    ran = mailaudit(
        "compare", "2026-07", "2026-09", "--config", "other.toml", "--lang", "en", cwd=months
    )
    assert ran.err.endswith("mailaudit collect --config other.toml --period 2026-07\n")
