"""What a reviewer and reports are told of a second source: nothing that few people did."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mailaudit.locale import language
from mailaudit.model.knowledge import EXCHANGE
from mailaudit.model.period import Period
from mailaudit.model.reconciliation import Reconciled, Reconciliation, Seen
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import SourceInfo
from mailaudit.model.usage import Counts
from mailaudit.report.sections.reconciliation_sentences import reviewer_sentences, witness_notices

ENGLISH = language("en")
MADE = Reconciled(
    period=Period(2026, 10),
    edition=1,
    digest="",
    name="logs",
    kind="tracking",
    made_at=datetime(2026, 11, 5, 1, tzinfo=UTC),
    mailboxes=700,
    differing=80,
    sent=Seen(900, 10, 10),
    received=Seen(900, 40, 40),
)


def a_reconciliation(made: Reconciled, regular: tuple[int, int], people: int) -> Reconciliation:
    source = SourceInfo("ews", "mail", "", "", knows=EXCHANGE)
    stored, witness = (
        Counts(people, in_scope=people, provided=people, regular=number) for number in regular
    )
    return Reconciliation(
        sums=made,
        asked=made.mailboxes,
        neither=0,
        stored=source,
        witness=source,
        by_definition=True,
        silent_days=(),
        mailboxes=(),
        by_one=(),
        units=(),
        total=(stored, witness),
    )


def told(made: Reconciled = MADE, regular: tuple[int, int] = (500, 503), people: int = 700) -> str:
    return " ".join(reviewer_sentences(a_reconciliation(made, regular, people), Rules(), ENGLISH))


FEW = replace(MADE, differing=4)
NOTHING = replace(MADE, differing=0, sent=Seen(900), received=Seen(900))


@pytest.mark.parametrize(
    ("made", "says", "never"),
    [
        (MADE, "94.7% of the mails were seen by both, 2.6% only by the source of", "fewer"),
        (MADE, "That is more than the 5% up to which", "The two agree"),
        (FEW, "They differ in fewer than 5 mailboxes, by more than 5% of the mails.", "94.7"),
        (replace(FEW, sent=Seen(9000)), "fewer than 5 mailboxes, by at most 5%", "99"),
        (NOTHING, "100.0% of the mails were seen by both", "fewer"),
        (NOTHING, "The two agree: up to 5%", "That is more"),
        (replace(MADE, mailboxes=3, differing=3), "of fewer than 5 mailboxes that both", "of 3 "),
        (replace(NOTHING, sent=Seen(), received=Seen()), "Neither of them saw any mail", "agree:"),
        (replace(NOTHING, mailboxes=0, sent=Seen(), received=Seen()),
            "No mailbox was measured by both", "The two agree"),
    ],
)  # fmt: skip
def test_reviewer_reads_shares_of_many_mailboxes_and_bounds_of_few(
    made: Reconciled, says: str, never: str
) -> None:
    found = told(made)
    assert says in found
    assert never not in found


def test_rate_moves_in_whole_points_of_at_least_five_people() -> None:
    """Else the rate beside the published one would tell who is regular by one source alone."""
    moved = "the rate of the whole would move by"
    assert f"{moved} a percentage point at most" in told()
    assert f"{moved} a percentage point at most" in told(regular=(500, 500))
    assert f"{moved} 3 percentage points at most" in told(regular=(500, 485))
    assert moved in told(people=500)
    assert moved not in told(people=499)


@pytest.mark.parametrize(
    ("made", "sees_everything", "says"),
    [
        (MADE, True, "The second source logs differs from the data of 2026-10: 5.3% of the mails"),
        (MADE, False, "A second source differs from the data of 2026-10: 5.3% of the mails were"),
        (FEW, False, "A second source differs from the data of 2026-10: more than 5% of the mails"),
        (replace(MADE, mailboxes=4, differing=4), False, "more than 5% of the mails were seen"),
        (NOTHING, True, ""),
    ],
)
def test_reports_say_that_a_second_source_differs(
    made: Reconciled, sees_everything: bool, says: str
) -> None:
    found = list(witness_notices([made], Rules(), ENGLISH, sees_everything=sees_everything))
    assert len(found) == bool(says)
    assert says in "".join(found)


def test_exactly_the_share_that_may_differ_is_not_said() -> None:
    """Of 100 mails 5: no more than 5 %."""
    made = replace(MADE, sent=Seen(95, 5, 0), received=Seen())
    assert not list(witness_notices([made], Rules(), ENGLISH, sees_everything=True))
    made = replace(MADE, sent=Seen(94, 6, 0), received=Seen())
    assert list(witness_notices([made], Rules(), ENGLISH, sees_everything=True))
