"""Fault files, and which requests of which mailboxes meet a fault."""

from pathlib import Path

import pytest

from mailaudit.demo.faults.file import FaultFileError, read_plan
from mailaudit.demo.faults.registry import KINDS
from mailaudit.demo.faults.rule import Parameters, Plan, Rule
from mailaudit.demo.options import Options
from mailaudit.demo.process import served
from mailaudit.errors import ConfigurationError

NOTHING = Parameters({})
PEOPLE = [f"p{number}@tinh.test" for number in range(2000)]


def hits(plan: Plan, mailboxes: list[str], operation: str = "FindItem") -> list[str]:
    """The mailboxes whose next request meets the fault "x", asked in this order."""
    found = []
    for number, mailbox in enumerate(mailboxes, 1):
        found += [mailbox for _ in plan.met(frozenset({"x"}), number, mailbox, operation)]
    return found


def a_plan(tmp_path: Path, text: str) -> Plan:
    path = tmp_path / "faults.toml"
    path.write_text(text, encoding="utf-8")
    return read_plan(path)


def test_share_picks_the_same_mailboxes_for_the_same_seed() -> None:
    """5 % of the mailboxes, the same ones each time; others for another seed or kind."""
    rule = Rule("x", NOTHING, share=0.05)
    first, again, other = (hits(Plan([rule], seed), PEOPLE) for seed in (1, 1, 2))
    assert first == again != other
    assert 60 <= len(first) <= 140
    assert set(first) != {p for p in PEOPLE if Rule("y", NOTHING, share=0.05).picks(1, p)}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule("x", NOTHING), [1, 2, 3, 4, 5, 6]),
        (Rule("x", NOTHING, first=2), [1, 2]),
        (Rule("x", NOTHING, every=3), [3, 6]),
        (Rule("x", NOTHING, at_most=4), [1, 2, 3, 4]),
        (Rule("x", NOTHING, at_request=5), [5]),
        (Rule("x", NOTHING, from_request=5), [5, 6]),
        (Rule("x", NOTHING, operation="FindFolder"), []),
        (Rule("x", NOTHING, mailboxes=frozenset({"b@tinh.test"})), []),
        (Rule("y", NOTHING), []),
    ],
)
def test_rule_says_on_which_requests(rule: Rule, expected: list[int]) -> None:
    """Six requests of one mailbox, and the numbers of those that meet the fault."""
    plan = Plan([rule], 0)
    met = [
        number
        for number in range(1, 7)
        if list(plan.met(frozenset({"x"}), number, "a@tinh.test", "FindItem"))
    ]
    assert met == expected


def test_second_rule_waits_for_the_first() -> None:
    """Two faults of a mailbox's first request come one after the other, none is lost."""
    plan = Plan([Rule("x", NOTHING, first=1), Rule("y", NOTHING, first=1)], 0)
    both = frozenset({"x", "y"})
    met = [next(plan.met(both, number, "a@tinh.test", ""), None) for number in (1, 2, 3)]
    assert [rule.kind if rule else None for rule in met] == ["x", "y", None]


def test_request_about_no_mailbox_meets_faults_of_the_server_only() -> None:
    """The login check opens no mailbox: what strikes mailboxes spares it."""
    assert hits(Plan([Rule("x", NOTHING)], 0), [""]) == []
    assert hits(Plan([Rule("x", NOTHING, from_request=1)], 0), [""]) == [""]


def test_fault_file_is_read(tmp_path: Path) -> None:
    """Addresses in any case, whole numbers for decimals, parameters over their defaults."""
    plan = a_plan(
        tmp_path,
        'seed = 3\n[[fault]]\nkind = "slow-drip"\nmailboxes = ["A@Tinh.test"]\nseconds = 5\n',
    )
    (rule,) = plan.met(frozenset({"slow-drip"}), 1, "a@tinh.test", "FindItem")
    assert (rule.parameters.number("seconds"), rule.parameters.count("pieces")) == (5.0, 60)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seed = [", "is not valid TOML at line 1"),
        ("sead = 1", "`seed`"),
        ("seed = 'x'", "`seed`"),
        ("[[fault]]\nkind = 'http-999'", "fault 1: kind = 'http-999'"),
        ("[[fault]]\nkind = 'huge'\n[[fault]]\nkind = 'huge'\nshare = 5", "fault 2: share = 5"),
        ("[[fault]]\nkind = 'huge'\nfirst = 0", "first = 0"),
        ("[[fault]]\nkind = 'huge'\nmailboxes = 'all'", "mailboxes = 'all'"),
        ("[[fault]]\nkind = 'huge'\noperation = 1", "operation = 1"),
        ("[[fault]]\nkind = 'huge'\nmegabytes = '1'", "megabytes = '1'"),
        ("[[fault]]\nkind = 'huge'\ngigabytes = 1", "gigabytes = 1"),
        ("[[fault]]\nkind = 'huge'\ngzip = 1", "gzip = 1"),
    ],
)
def test_fault_file_that_is_wrong_says_where(tmp_path: Path, text: str, message: str) -> None:
    """The message names the file, the fault by number, and the key."""
    with pytest.raises(FaultFileError) as caught:
        a_plan(tmp_path, text)
    assert message in str(caught.value)
    assert "faults.toml" in str(caught.value)


def test_missing_fault_file_stops_the_server(tmp_path: Path) -> None:
    """Whoever starts the server is warned, and no server without faults takes its place."""
    with (
        pytest.raises(ConfigurationError, match=r"none\.toml can.t be read"),
        served(tmp_path, Options(faults=tmp_path / "none.toml")),
    ):
        pass


def test_example_fault_file_is_one() -> None:
    """What the documentation says to copy is understood."""
    example = Path(__file__).parents[2] / "config" / "faults.example.toml"
    plan = read_plan(example)
    assert [r.kind for r in plan.met(frozenset({"http-503"}), 500, "", "")] == ["http-503"]


def test_every_kind_either_answers_or_upsets() -> None:
    """The registry holds all kinds, each with exactly one thing it does."""
    assert len(KINDS) >= 35
    for kind in KINDS.values():
        assert (kind.answering is None) != (kind.upsetting is None)
